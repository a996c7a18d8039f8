//! One operation: checked against what the product shows of the ticket, noted as sent, sent, and ended.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

use super::items::Doubts;
use super::judge::{Certainty, certainty};
use super::{OperationReport, TicketSettings};
use crate::model::fault::{Fault, Retry};
use crate::model::schedule;
use crate::model::ticket::{
    Operation, OutboxEntry, OutboxState, Subject, Taken, Ticket, TicketFinding, TicketKey, TicketKind, TicketRecord,
    TicketState,
};
use crate::partner::{Lookup, Partner, Repeat, TicketAt, Tickets, Written};
use crate::store::{NewOperation, Outcome, Store};

/// How long an operation is tried that the product answers with errors of its own.
pub(super) const GIVE_UP: SignedDuration = SignedDuration::from_hours(24);
/// The longest text of a ticket: the shortest limit of the four products is 4,000.
const LONGEST_TEXT: usize = 3_900;
/// The longest wait between two tries.
pub(super) const LONGEST_PAUSE: SignedDuration = SignedDuration::from_mins(15);

/// What came of one operation.
pub enum Step {
    /// It is at its end.
    Done(OperationReport),
    /// It goes on later, because of this fault where there was one.
    Later(Option<Fault>),
    /// It goes on later, and others would meet the same now.
    Blocked(Fault),
    /// Nothing can be sent in this run, whatever it is.
    Stopped(Fault),
}

/// Carries operations of one connection out.
pub struct Carrier<'a> {
    pub store: &'a Store,
    pub partner: &'a dyn Partner,
    pub tickets: &'a dyn Tickets,
    pub settings: TicketSettings,
    /// Items that earlier runs may have asked for.
    doubts: Doubts,
    /// The server of the connection, as keys have it: a ticket of another one is not there.
    pub instance: String,
    /// When requests of this run left, by a clock that nobody sets.
    left: Mutex<BTreeMap<i64, Instant>>,
}

/// What is done about an operation once the ticket was seen.
pub(super) enum Next {
    /// It is sent as it is.
    Send,
    /// It ends without being sent.
    End(Outcome),
    /// It becomes another one, which is carried out in its place.
    Become(Outcome),
}

impl<'a> Carrier<'a> {
    /// One that has sent nothing yet.
    pub fn new(
        store: &'a Store,
        partner: &'a dyn Partner,
        tickets: &'a dyn Tickets,
        settings: TicketSettings,
        instance: String,
        doubts: Doubts,
    ) -> Self {
        Self { store, partner, tickets, settings, instance, doubts, left: Mutex::default() }
    }
}

impl Carrier<'_> {
    /// Carries one operation as far as it goes now.
    ///
    /// # Errors
    /// The store's own.
    pub async fn one(&self, entry: OutboxEntry) -> Result<Step, Fault> {
        let gone = || Fault::Internal { what: format!("the ticket of operation {} is not stored", entry.id) };
        let record = self.store.ticket(&entry.key.id()).await?.ok_or_else(gone)?;
        if !entry.key.is_at(&self.instance) {
            return self.left_behind(&entry, record.ticket).await;
        }
        if let Some(until) = self.doubts.until(&entry, Timestamp::now()) {
            let (fault, not_before) = (entry.fault.clone(), Some(until));
            let outcome = Outcome { fault: fault.clone(), not_before, ..Outcome::of(entry.state) };
            self.store.outbox_ended(entry.id, outcome, Timestamp::now()).await?;
            return Ok(Step::Later(fault));
        }
        if entry.state == OutboxState::Sent {
            let taken = matches!(entry.fault, Some(Fault::NotReadBack { .. }));
            let known = if taken { Certainty::Taken } else { Certainty::Maybe };
            return self.after(&entry, &record, known, None).await;
        }
        match &entry.operation {
            Operation::Open { draft } if self.may_be_there(&entry, draft) => {
                return self.recover_or_open(&entry, &record).await;
            }
            Operation::Open { .. } => return self.send(&entry, &record, None).await,
            Operation::Recover { then, .. } => return self.recover(&entry, &record, then).await,
            _ => {}
        }
        let Some(before) = record.ticket.clone() else {
            let fault = Fault::NotFound { what: entry.key.correlation() };
            return self.end(&entry, Outcome { fault: Some(fault), ..Outcome::of(OutboxState::Refused) }).await;
        };
        let at = TicketAt { key: &entry.key, kind: record.kind, id: Some(&before.id) };
        // Nobody edits an event, and not everybody may read one.
        if record.kind == TicketKind::Event {
            return self.send(&entry, &record, Some(&before)).await;
        }
        let now = match self.tickets.find(at).await {
            // What shows less than we know is older.
            Ok(Lookup::There(found)) if self.is_stale(&record, &found.ticket) => Some(before.clone()),
            Ok(Lookup::There(found)) => Some(found.ticket),
            Ok(Lookup::Absent) if self.may_lag(&record) => Some(before.clone()),
            Ok(Lookup::Absent) => None,
            Ok(Lookup::CannotTell(_)) => Some(before.clone()),
            Err(fault) => return self.put_off(&entry, fault, OutboxState::Prepared).await,
        };
        let Some(now) = now else {
            return self.close(&entry, Ticket { state: TicketState::Gone, ..before }).await;
        };
        self.seen(&entry, &record, (&before, now)).await
    }

    /// Goes on with an operation whose ticket was seen.
    async fn seen(
        &self,
        entry: &OutboxEntry,
        record: &TicketRecord,
        (before, now): (&Ticket, Ticket),
    ) -> Result<Step, Fault> {
        // A request of ours whose reply was lost may be carried out late: that is no human's doing.
        if entry.attempts > 0 && now.state != before.state && done(&entry.operation, now.state) {
            let findings = vec![TicketFinding::FoundAfterLoss];
            return self.end(entry, confirmed(Written { ticket: now, findings })).await;
        }
        let taken = record.taken.clone().or_else(|| now.taken_since(before));
        if now.state.needs_successor() {
            return self.close(entry, now).await;
        }
        if let Some(instead) = renumbered(entry, &now) {
            let outcome = Outcome { instead: Some(instead), ticket: Some(now), taken, ..Outcome::of(entry.state) };
            self.store.outbox_ended(entry.id, outcome, Timestamp::now()).await?;
            return Ok(Step::Later(None));
        }
        match next(&entry.operation, &now, taken.as_ref()) {
            Next::End(outcome) => self.end(entry, outcome).await,
            Next::Become(outcome) => {
                self.store.outbox_ended(entry.id, outcome, Timestamp::now()).await?;
                Ok(Step::Later(None))
            }
            Next::Send => {
                if let Some(taken) = taken.filter(|taken| record.taken.as_ref() != Some(taken)) {
                    let outcome = Outcome { taken: Some(taken), ..Outcome::of(OutboxState::Prepared) };
                    self.store.outbox_ended(entry.id, outcome, Timestamp::now()).await?;
                }
                self.send(entry, record, Some(&now)).await
            }
        }
    }

    /// Ends an operation on a ticket that takes no change any more. The ticket that took its place gets the operation; where
    /// there is none, an alert that fires opens one.
    async fn close(&self, entry: &OutboxEntry, now: Ticket) -> Result<Step, Fault> {
        let follow = self.follow(entry).await?;
        self.end(entry, Outcome { follow, ..closed(now) }).await
    }

    /// Ends an operation on a ticket of another server: here its id may be that of anybody's record. A ticket that was not
    /// opened yet is opened here.
    async fn left_behind(&self, entry: &OutboxEntry, before: Option<Ticket>) -> Result<Step, Fault> {
        let follow = match &entry.operation {
            Operation::Open { draft } => {
                let (key, kind) = (self.successor(&entry.key), draft.kind);
                Some(NewOperation { key, kind, operation: entry.operation.clone() })
            }
            _ => self.follow(entry).await?,
        };
        let ticket = before.map(|before| Ticket { state: TicketState::Gone, ..before });
        let findings = vec![TicketFinding::Closed { state: TicketState::Gone }];
        self.end(entry, Outcome { findings, ticket, follow, ..Outcome::of(OutboxState::Confirmed) }).await
    }

    /// The key of the ticket that takes the place of one.
    fn successor(&self, key: &TicketKey) -> TicketKey {
        match key.is_at(&self.instance) {
            true => key.replacement(),
            false => TicketKey { instance: self.instance.clone(), ..key.clone() },
        }
    }

    async fn follow(&self, entry: &OutboxEntry) -> Result<Option<NewOperation>, Fault> {
        let key = self.successor(&entry.key);
        let opens = |one: &OutboxEntry| match &one.operation {
            Operation::Open { draft } => Some(draft.clone()),
            _ => None,
        };
        let there = self.store.operations_of(&key.id()).await?;
        let is_open = |one: &OutboxEntry| (one.state != OutboxState::Refused).then(|| opens(one)).flatten();
        if let Some(draft) = there.iter().find_map(is_open) {
            let operation = entry.operation.clone();
            return Ok(Some(NewOperation { key, kind: draft.kind, operation }));
        }
        if let Operation::Open { draft } = &entry.operation {
            return Ok(Some(NewOperation { key, kind: draft.kind, operation: entry.operation.clone() }));
        }
        let (Operation::Reopen { text } | Operation::Note { text, fires: true, .. }) = &entry.operation else {
            return Ok(None);
        };
        let first = self.store.operations_of(&entry.key.id()).await?.iter().find_map(opens);
        let Some(mut draft) = first else { return Ok(None) };
        draft.description = format!("{text}\n\n{}", draft.description).chars().take(LONGEST_TEXT).collect();
        Ok(Some(NewOperation { key, kind: draft.kind, operation: Operation::Open { draft } }))
    }

    pub(super) async fn send(
        &self,
        entry: &OutboxEntry,
        record: &TicketRecord,
        now: Option<&Ticket>,
    ) -> Result<Step, Fault> {
        self.store.outbox_sent(entry.id, Timestamp::now()).await?;
        self.left.lock().unwrap_or_else(PoisonError::into_inner).insert(entry.id, Instant::now());
        let at = TicketAt { key: &entry.key, kind: record.kind, id: now.map(|ticket| ticket.id.as_str()) };
        let written = match &entry.operation {
            Operation::Open { draft } => self.tickets.open(&entry.key, draft).await,
            Operation::Note { number, text, .. } => self.tickets.note(at, *number, text).await,
            Operation::Update { fields } => self.tickets.update(at, fields).await,
            Operation::Resolve { text, code } => self.tickets.resolve(at, text, code.as_deref()).await,
            Operation::Reopen { text } => self.tickets.reopen(at, text).await,
            // It is never sent: what it does to a ticket takes its place.
            Operation::Recover { .. } => Err(Fault::Internal { what: "a search was to be sent".to_owned() }),
        };
        match written {
            Ok(written) => self.done_with(entry, written).await,
            Err(fault) => {
                let entry =
                    OutboxEntry { attempts: entry.attempts + 1, sent_at: Some(Timestamp::now()), ..entry.clone() };
                self.after(&entry, record, certainty(&fault), Some(fault)).await
            }
        }
    }

    /// Ends an operation that the product shows; of a ticket that was opened first what belongs to it is done.
    async fn done_with(&self, entry: &OutboxEntry, written: Written) -> Result<Step, Fault> {
        let Operation::Open { draft } = &entry.operation else { return self.end(entry, confirmed(written)).await };
        if self.tickets.doubles_items() && draft.item.as_ref().is_some_and(|item| item.is_computer) {
            // The request for the item leaves now, and not when that for the ticket did.
            self.store.outbox_sent(entry.id, Timestamp::now()).await?;
        }
        match self.tickets.complete(written, draft).await {
            Ok(whole) => self.end(entry, confirmed(whole)).await,
            Err(fault) => self.put_off(entry, fault.after_write(), OutboxState::Sent).await,
        }
    }

    /// Goes on after a write whose outcome is open, or that a crash left so.
    async fn after(
        &self,
        entry: &OutboxEntry,
        record: &TicketRecord,
        known: Certainty,
        fault: Option<Fault>,
    ) -> Result<Step, Fault> {
        if let (Certainty::NotSent, Some(fault)) = (known, fault.clone()) {
            return self.put_off(entry, fault, OutboxState::Prepared).await;
        }
        match self.look(entry, record).await {
            Ok(Lookup::There(found)) if is_of_the_past(entry, &found.ticket) => self.taken_up(entry, *found).await,
            Ok(Lookup::There(found)) => {
                let mut found = *found;
                if known != Certainty::Taken {
                    found.findings.push(TicketFinding::FoundAfterLoss);
                }
                self.done_with(entry, found).await
            }
            Ok(Lookup::Absent) if known == Certainty::Refused => self.refused(entry, fault).await,
            Ok(Lookup::CannotTell(_)) if known == Certainty::Refused => self.refused(entry, fault).await,
            // Sent again it could be there twice as soon as the product shows it.
            Ok(Lookup::Absent) if known == Certainty::Taken && !self.is_harmless(entry) => {
                let fault = fault.or_else(|| entry.fault.clone());
                self.end(entry, Outcome { fault, ..Outcome::of(OutboxState::Unsure) }).await
            }
            Ok(Lookup::Absent) => self.again(entry, fault).await,
            Ok(Lookup::CannotTell(why)) => {
                let outcome = Outcome { fault: Some(why), ..Outcome::of(OutboxState::Unsure) };
                self.end(entry, outcome).await
            }
            Err(fault) if known == Certainty::Taken => {
                self.put_off(entry, fault.after_write(), OutboxState::Sent).await
            }
            Err(fault) => self.put_off(entry, fault, OutboxState::Sent).await,
        }
    }

    /// Goes on with an older ticket in the place of one that was to be opened: a resolved one is opened again, another one gets a
    /// successor.
    pub(super) async fn taken_up(&self, entry: &OutboxEntry, found: Written) -> Result<Step, Fault> {
        match &entry.operation {
            Operation::Open { draft } if found.ticket.state == TicketState::Resolved => {
                let operation = Operation::Reopen { text: draft.title.clone() };
                let follow = Some(NewOperation { key: entry.key.clone(), kind: draft.kind, operation });
                self.end(entry, Outcome { follow, ..confirmed(found) }).await
            }
            _ => self.close(entry, found.ticket).await,
        }
    }

    async fn refused(&self, entry: &OutboxEntry, fault: Option<Fault>) -> Result<Step, Fault> {
        self.end(entry, Outcome { fault, ..Outcome::of(OutboxState::Refused) }).await
    }

    /// The product does not show what was sent: it is sent again, once the first request can no longer be carried out.
    async fn again(&self, entry: &OutboxEntry, fault: Option<Fault>) -> Result<Step, Fault> {
        let settled = match self.tickets.repeat(&entry.operation) {
            Repeat::Harmless => None,
            Repeat::WhenSettled => Some(self.settings.settling.saturating_add(self.lag())),
        };
        let now = Timestamp::now();
        let left = self.left.lock().unwrap_or_else(PoisonError::into_inner).get(&entry.id).map(Instant::elapsed);
        let free = settled.zip(entry.sent_at).map(|(wait, sent)| free_at(sent, left, wait, now));
        if let Some(free) = free.filter(|free| *free > now) {
            let outcome = Outcome { fault: fault.clone(), not_before: Some(free), ..Outcome::of(OutboxState::Sent) };
            self.store.outbox_ended(entry.id, outcome, now).await?;
            return Ok(Step::Later(fault));
        }
        let gives_up = matches!(fault, Some(Fault::PartnerError { .. } | Fault::PartnerRefused { .. }))
            && now.duration_since(entry.prepared_at) > GIVE_UP;
        if gives_up {
            return self.refused(entry, fault).await;
        }
        let pause = if fault.is_some() { self.pause(entry) } else { SignedDuration::ZERO };
        let not_before = now.saturating_add(pause).ok();
        let outcome = Outcome { fault: fault.clone(), not_before, ..Outcome::of(OutboxState::Prepared) };
        self.store.outbox_ended(entry.id, outcome, now).await?;
        Ok(Step::Later(fault))
    }

    fn is_harmless(&self, entry: &OutboxEntry) -> bool {
        matches!(self.tickets.repeat(&entry.operation), Repeat::Harmless)
    }

    /// How late the product may show a change.
    fn lag(&self) -> SignedDuration {
        if self.tickets.lags() { self.settings.list_cache } else { SignedDuration::ZERO }
    }

    /// Whether the product may not show our last change of a ticket yet.
    fn may_lag(&self, record: &TicketRecord) -> bool {
        let shown = record.seen_at.map(|seen| seen.saturating_add(self.lag()).unwrap_or(Timestamp::MAX));
        self.tickets.lags() && shown.is_some_and(|shown| shown > Timestamp::now())
    }

    /// Whether what the product shows of a ticket is older than our last change of it.
    pub(super) fn is_stale(&self, record: &TicketRecord, found: &Ticket) -> bool {
        let left = record.ticket.as_ref().and_then(|left| left.changed_at);
        self.may_lag(record) && left.zip(found.changed_at).is_none_or(|(left, found)| found < left)
    }

    /// The wait after this many tries.
    fn pause(&self, entry: &OutboxEntry) -> SignedDuration {
        let doubled = self.settings.pause.checked_mul(1 << entry.attempts.saturating_sub(1).min(12));
        doubled.unwrap_or(LONGEST_PAUSE).min(LONGEST_PAUSE)
    }

    /// Leaves an operation for later. A fault that every request would meet stops the run.
    pub(super) async fn put_off(&self, entry: &OutboxEntry, fault: Fault, state: OutboxState) -> Result<Step, Fault> {
        let wait = match fault.retry() {
            Retry::After(seconds) => asked(seconds),
            _ => self.pause(entry),
        };
        let now = Timestamp::now();
        // A token that was revoked meanwhile is replaced at the next try, so a refused one only makes the run wait.
        let stops = fault.is_signed_out() || matches!(fault, Fault::NoTrustRoots { .. } | Fault::ProxyFailed { .. });
        let not_before = if stops { None } else { now.saturating_add(wait).ok() };
        let told = fault.clone();
        let outcome = Outcome { fault: Some(fault), not_before, ..Outcome::of(state) };
        self.store.outbox_ended(entry.id, outcome, now).await?;
        Ok(match () {
            () if stops => Step::Stopped(told),
            () if told.blocks_every_request() => Step::Blocked(told),
            () => Step::Later(Some(told)),
        })
    }

    pub(super) async fn end(&self, entry: &OutboxEntry, outcome: Outcome) -> Result<Step, Fault> {
        let report = reported(entry, &outcome);
        self.store.outbox_ended(entry.id, outcome, Timestamp::now()).await?;
        Ok(Step::Done(report))
    }
}

/// What is told of an operation that came to this end.
pub(super) fn reported(entry: &OutboxEntry, outcome: &Outcome) -> OperationReport {
    let number = outcome.ticket.as_ref().map(|ticket| ticket.number.clone());
    OperationReport {
        id: entry.id,
        ticket: entry.key.id(),
        number: number.filter(|number| !number.is_empty()),
        operation: entry.operation.id(),
        state: outcome.state,
        fault: outcome.fault.clone(),
        findings: outcome.findings.clone(),
    }
}

/// How long a product may ask to be left alone.
pub(super) fn asked(seconds: u64) -> SignedDuration {
    SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX)).min(schedule::LONGEST_PAUSE)
}

/// How far the clocks of a product and of this machine may differ.
pub(super) const CLOCKS: SignedDuration = SignedDuration::from_mins(10);

/// Whether what was found in the place of a ticket that was to be opened is one from before: a group has the same key whenever it
/// fires, and a database that was restored from a backup does not know how often it did.
pub(super) fn is_of_the_past(entry: &OutboxEntry, found: &Ticket) -> bool {
    let is_group = matches!(entry.key.subject, Subject::Group(_));
    let before = found.changed_at.is_some_and(|at| entry.prepared_at.duration_since(at) > CLOCKS);
    let opens = matches!(entry.operation, Operation::Open { .. });
    opens && is_group && before && (found.state == TicketState::Resolved || found.state.needs_successor())
}

fn confirmed(written: Written) -> Outcome {
    let Written { ticket, findings } = written;
    Outcome { ticket: Some(ticket), findings, ..Outcome::of(OutboxState::Confirmed) }
}

/// The end of an operation on a ticket that takes no change any more.
fn closed(ticket: Ticket) -> Outcome {
    let findings = vec![TicketFinding::Closed { state: ticket.state }];
    Outcome { findings, ticket: Some(ticket), ..Outcome::of(OutboxState::Confirmed) }
}

/// A note under another number, where the product has one of this number that this operation did not send: an earlier database
/// did.
fn renumbered(entry: &OutboxEntry, now: &Ticket) -> Option<Operation> {
    let Operation::Note { number, text, fires } = &entry.operation else { return None };
    let is_used = entry.attempts == 0 && now.noted.is_some_and(|noted| noted >= *number);
    is_used.then(|| Operation::Note { number: 0, text: text.clone(), fires: *fires })
}

/// When a wait is over that began with a request at `sent`, which left so long ago by a clock that nobody sets, where that is
/// known: the clock of the day may have been set ahead meanwhile.
pub(super) fn free_at(sent: Timestamp, left: Option<Duration>, wait: SignedDuration, now: Timestamp) -> Timestamp {
    let by_day = sent.saturating_add(wait).unwrap_or(Timestamp::MAX);
    let passed = left.map(|left| SignedDuration::try_from(left).unwrap_or(SignedDuration::MAX));
    let still = passed.map_or(SignedDuration::ZERO, |passed| wait.saturating_sub(passed));
    if still.is_positive() { by_day.max(now.saturating_add(still).unwrap_or(Timestamp::MAX)) } else { by_day }
}

/// Whether a ticket in this state is as an operation was to leave it.
pub(super) fn done(operation: &Operation, state: TicketState) -> bool {
    match operation {
        Operation::Resolve { .. } => matches!(state, TicketState::Resolved | TicketState::Closed),
        Operation::Reopen { .. } => state.is_open(),
        _ => false,
    }
}

/// What is done about an operation, by what the product shows of the ticket and whether a human has taken it.
pub(super) fn next(operation: &Operation, now: &Ticket, taken: Option<&Taken>) -> Next {
    let fires = matches!(operation, Operation::Reopen { .. });
    let becomes_note = |text: &str, findings| {
        let instead = Operation::Note { number: 0, text: text.to_owned(), fires };
        let taken = taken.cloned();
        Next::Become(Outcome { instead: Some(instead), findings, taken, ..Outcome::of(OutboxState::Prepared) })
    };
    let left =
        || taken.map(|taken| TicketFinding::LeftToHuman { taken: taken.clone() }).into_iter().collect::<Vec<_>>();
    match operation {
        Operation::Resolve { .. } if now.state == TicketState::Resolved => {
            Next::End(Outcome { taken: taken.cloned(), ..Outcome::of(OutboxState::Confirmed) })
        }
        Operation::Resolve { text, .. } if taken.is_some() => becomes_note(text, left()),
        // An alert that fires again on a ticket that is open tells so; a resolved one is opened whoever resolved it.
        Operation::Reopen { text } if now.state.is_open() => becomes_note(text, left()),
        Operation::Update { fields } if taken.is_some() => {
            let lines: Vec<_> = fields.iter().map(|(name, value)| format!("{name}: {value}")).collect();
            becomes_note(&lines.join("\n"), left())
        }
        _ => Next::Send,
    }
}
