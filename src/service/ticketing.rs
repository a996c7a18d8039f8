//! Carries out what is in the outbox: tickets are opened, noted, resolved and reopened in the product, each exactly once.

mod carry;
mod items;
mod judge;
mod look;
mod recover;
mod seen;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::StreamExt as _;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use tokio_util::sync::CancellationToken;

use super::connections;
use super::services::Services;
use crate::model::connection::ConnectionName;
use crate::model::fault::{Fault, Retry};
use crate::model::ticket::{Operation, OutboxState, TicketFinding, TicketKey, TicketKind};
use crate::partner::Partner;
use crate::store::{NewOperation, Store};
use carry::{Carrier, Step};
use items::Doubts;

/// Operations that are read from the outbox at once.
const PORTION: usize = 200;
/// Operations that a report names.
const NAMED: usize = 100;

/// How operations are carried out.
#[derive(Debug, Clone, Copy)]
pub struct TicketSettings {
    /// How many tickets are written to at the same time.
    pub parallel: usize,
    /// How long a run waits for operations that can go on only later. What is left stays in the outbox.
    pub patience: Duration,
    /// How long a product may take to carry out a request whose reply was lost. ServiceNow ends a transaction after 60 s.
    pub settling: SignedDuration,
    /// How late a product that caches its lists may show a change.
    pub list_cache: SignedDuration,
    /// The wait after the first failure of an operation; it doubles with each further one.
    pub pause: SignedDuration,
}

impl Default for TicketSettings {
    fn default() -> Self {
        Self {
            parallel: 4,
            patience: Duration::from_secs(20),
            settling: SignedDuration::from_secs(65),
            list_cache: SignedDuration::from_mins(15),
            pause: SignedDuration::from_secs(1),
        }
    }
}

/// What became of one operation in a run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OperationReport {
    /// Its number in the outbox.
    pub id: i64,
    /// The id of the ticket's key.
    pub ticket: String,
    /// The ticket's number in the product, where it has one.
    pub number: Option<String>,
    /// What was to be done: `open`, `note`, `update`, `resolve` or `reopen`.
    pub operation: &'static str,
    /// How far it is.
    pub state: OutboxState,
    /// Why it is not done.
    pub fault: Option<Fault>,
    /// What was noticed.
    pub findings: Vec<TicketFinding>,
}

/// What a run did for a connection.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct TicketReport {
    /// The connection.
    pub connection: String,
    /// Tickets that were opened.
    pub opened: u64,
    /// Operations that the product shows now.
    pub confirmed: u64,
    /// Operations that the product refused.
    pub refused: u64,
    /// Operations of which nothing can prove what became.
    pub unsure: u64,
    /// Operations that are still to be carried out.
    pub waiting: u64,
    /// What stopped the run.
    pub fault: Option<Fault>,
    /// The operations that were refused, are unsure or came with findings; at most some.
    pub operations: Vec<OperationReport>,
}

impl TicketReport {
    /// Whether everything was done and nothing was noticed that somebody has to do something about.
    pub fn is_clean(&self) -> bool {
        let noticed = self.operations.iter().flat_map(|one| &one.findings).any(|found| !found.is_notice());
        self.refused + self.unsure + self.waiting == 0 && self.fault.is_none() && !noticed
    }

    fn add(&mut self, done: OperationReport) {
        match done.state {
            OutboxState::Confirmed => {
                self.confirmed += 1;
                let is_left = matches!(done.findings[..], [TicketFinding::Closed { .. }])
                    || done.findings.contains(&TicketFinding::Recovered);
                self.opened += u64::from(done.operation == "open" && !is_left);
            }
            OutboxState::Refused => self.refused += 1,
            OutboxState::Unsure => self.unsure += 1,
            OutboxState::Prepared | OutboxState::Sent => return,
        }
        let is_told = done.state != OutboxState::Confirmed || !done.findings.is_empty();
        if is_told && self.operations.len() < NAMED {
            self.operations.push(done);
        }
    }
}

/// What is needed to carry operations out.
pub struct TicketJob {
    /// Where the outbox is.
    pub store: Store,
    /// The product.
    pub partner: Arc<dyn Partner>,
    /// Whose outbox.
    pub connection: ConnectionName,
    /// The connection's server, as the keys of its tickets have it.
    pub instance: String,
    /// How.
    pub settings: TicketSettings,
}

/// The operations of a decision as they are stored.
pub fn stored(planned: Vec<(TicketKey, Operation)>) -> Vec<NewOperation> {
    let kind = |operation: &Operation| match operation {
        Operation::Open { draft } => draft.kind,
        Operation::Recover { kind, .. } => *kind,
        _ => TicketKind::default(),
    };
    planned.into_iter().map(|(key, operation)| NewOperation { key, kind: kind(&operation), operation }).collect()
}

/// Carries out what is in the outbox of a connection, under the lock of its tickets: a sync may be at work. A change of the
/// connection within this program ends the run, and what was not written stays in the outbox.
///
/// # Errors
/// When it could not begin: no such connection, no vault, another itsmc at work, or a product into which nothing is written.
/// What goes wrong later stands in the report.
pub async fn run(
    services: &Services,
    name: &str,
    settings: TicketSettings,
    cancel: CancellationToken,
) -> Result<TicketReport, Fault> {
    let whose = services.connection(name).await?.name;
    let _lock = connections::ticket_lock(services, &whose).await?;
    // Its own: the runs of other connections go on.
    let cancel = cancel.child_token();
    let _beside = services.giving_way.begin(&whose, cancel.clone());
    // What was changed while the lock was waited for counts.
    let connection = services.connection(name).await?;
    let (store, partner) = (services.store().await?, services.partner(&connection).await?);
    let set = services.config().await?.settings;
    let seconds = |seconds: u32| SignedDuration::from_secs(i64::from(seconds));
    let (settling, list_cache) = (seconds(set.lost_reply_wait_seconds), seconds(set.list_cache_wait_seconds));
    let settings = TicketSettings { settling, list_cache, ..settings };
    let instance = TicketKey::instance_of(&connection);
    carry_out(TicketJob { store, partner, connection: connection.name, instance, settings }, cancel).await
}

/// Carries out what is in every outbox, connection by connection at the same time, and looks after tickets of alerts that still
/// fire. Nothing is told of a connection where nothing was to be written.
///
/// # Errors
/// When the outbox or the config file cannot be read. Each connection's own trouble stands in its report.
pub async fn run_all(
    services: &Services,
    settings: TicketSettings,
    cancel: CancellationToken,
) -> Result<Vec<TicketReport>, Fault> {
    let store = services.store().await?;
    let names = store.outbox_connections().await?;
    let mut looks = store.connections_to_look(Timestamp::now()).await?;
    looks.retain(|name| !names.contains(name));
    let run = |name: String| {
        let cancel = cancel.clone();
        async move { reported(run(services, &name, settings, cancel).await, name) }
    };
    let looking = futures_util::future::join_all(looks.into_iter().map(run));
    let (written, _) = tokio::join!(futures_util::future::join_all(names.into_iter().map(run)), looking);
    Ok(written)
}

fn reported(report: Result<TicketReport, Fault>, connection: String) -> TicketReport {
    report.unwrap_or_else(|fault| TicketReport { connection, fault: Some(fault), ..TicketReport::default() })
}

/// Carries out what is in the outbox of a connection. The caller holds its lock.
///
/// # Errors
/// [`Fault::PartnerNotReady`] for a product into which nothing is written; the store's own.
pub async fn carry_out(job: TicketJob, cancel: CancellationToken) -> Result<TicketReport, Fault> {
    let TicketJob { store, partner, connection, instance, settings } = job;
    let not_ready = || Fault::PartnerNotReady { partner: connection.to_string() };
    let tickets = partner.tickets().ok_or_else(not_ready)?;
    store.outbox_after_clock(&connection, Timestamp::now()).await?;
    let doubts = Doubts::read(&store, &connection, tickets, settings).await?;
    let carrier = Carrier::new(&store, partner.as_ref(), tickets, settings, instance, doubts);
    let mut run = Run::new(&connection, settings);
    while run.report.fault.is_none() && !cancel.is_cancelled() {
        let due = store.outbox_due(&connection, Timestamp::now(), PORTION).await?;
        let next = if due.is_empty() { store.outbox_next(&connection).await? } else { run.free };
        match next {
            // Further requests would meet the same.
            Some(next) if next > Timestamp::now() => {
                if next > run.until || !wait_for(next, &cancel).await {
                    break;
                }
                continue;
            }
            None if due.is_empty() => break,
            _ => {}
        }
        let blocked = AtomicBool::new(false);
        let each = due.into_iter().take_while(|_| !blocked.load(Ordering::Relaxed)).map(|entry| carrier.one(entry));
        let mut steps = futures_util::stream::iter(each).buffer_unordered(settings.parallel);
        // Dropped where it is cancelled: what may have left is looked up the next time.
        while let Some(Some(step)) = cancel.run_until_cancelled(steps.next()).await {
            if run.take(step?) {
                blocked.store(true, Ordering::Relaxed);
            }
        }
    }
    if run.report.fault.is_none() && !cancel.is_cancelled() {
        cancel.run_until_cancelled(carrier.look_after(&connection)).await.unwrap_or(Ok(()))?;
    }
    run.report.waiting = store.outbox_waiting(&connection).await?;
    Ok(run.ended())
}

/// How far a run is.
struct Run {
    report: TicketReport,
    until: Timestamp,
    /// Nothing is sent before, because the product cannot be used now.
    free: Option<Timestamp>,
    /// How often in a row that was so.
    failures: u32,
    /// Why operations were put off.
    last: Option<Fault>,
}

impl Run {
    fn new(connection: &ConnectionName, settings: TicketSettings) -> Self {
        let report = TicketReport { connection: connection.to_string(), ..TicketReport::default() };
        let until = Timestamp::now().saturating_add(signed(settings.patience)).unwrap_or(Timestamp::MAX);
        Self { report, until, free: None, failures: 0, last: None }
    }

    /// Notes what came of an operation; whether no other is begun for now.
    fn take(&mut self, step: Step) -> bool {
        match step {
            Step::Done(done) => {
                (self.failures, self.last) = (0, None);
                self.report.add(done);
                false
            }
            Step::Later(fault) => {
                self.last = fault.or(self.last.take());
                false
            }
            Step::Blocked(fault) => {
                if self.free.is_none_or(|free| free <= Timestamp::now()) {
                    self.failures += 1;
                    let wait = match fault.retry() {
                        Retry::After(seconds) => carry::asked(seconds),
                        _ => SignedDuration::from_secs(1 << self.failures.min(6)),
                    };
                    self.free = Timestamp::now().saturating_add(wait).ok();
                }
                self.last = Some(fault);
                true
            }
            Step::Stopped(fault) => {
                self.report.fault = Some(fault);
                true
            }
        }
    }

    /// The report. What waits does so for a reason.
    fn ended(self) -> TicketReport {
        let Self { mut report, last, .. } = self;
        if report.waiting > 0 {
            report.fault = report.fault.or(last);
        }
        report
    }
}

fn signed(duration: Duration) -> SignedDuration {
    SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX)
}

/// Waits for a moment; `false` where it was cancelled before.
async fn wait_for(moment: Timestamp, cancel: &CancellationToken) -> bool {
    let left = Duration::try_from(moment.duration_since(Timestamp::now())).unwrap_or_default();
    // The outbox keeps whole seconds.
    let left = left + Duration::from_millis(5);
    cancel.run_until_cancelled(tokio::time::sleep(left)).await.is_some()
}
