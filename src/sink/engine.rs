//! One run: sends what changed since the last one, then the activity log.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::batch::Batch;
use super::clock::Clock;
use super::deliver::{Delivered, Delivery};
use super::filler::Step;
use super::rule::Streamed;
use super::source::{Next, Source};
use super::verify::unless;
use super::{OnProgress, SinkJob, log, removal};
use crate::model::fault::Fault;
use crate::model::log_analytics::{LOG, WORK_ITEMS};
use crate::model::sending::{SendFinding, SendProgress, SendReport, SinkState, add_finding};
use crate::model::work_item::WorkItemKind;
use crate::model::workspace::Workspace;
use crate::store::Pending;

/// Findings about rows of earlier runs, which the next run does not make again.
const SENT_BEFORE: [&str; 2] = ["refused-rows", "not-marked-removed"];

/// Activities that are sent at a time.
const ACTIVITIES: usize = 200;

/// Sends what changed since the last run. Where nothing did, nothing is asked of Azure.
///
/// The caller holds the workspace's lock, so that no row is sent by two programs. When `cancel` is cancelled, nothing new is
/// begun and the report carries [`Fault::Interrupted`]; what was accepted stays accepted.
pub async fn send(job: SinkJob, progress: OnProgress, cancel: CancellationToken, clock: Arc<dyn Clock>) -> SendReport {
    let started_at = clock.now();
    let delivery = Arc::new(Delivery::new(job.clone(), clock.clone(), cancel));
    let mut report = SendReport {
        workspace: job.workspace.name.to_string(),
        sent: 0,
        accepted: 0,
        refused: 0,
        removed: 0,
        log_rows: 0,
        bytes: 0,
        requests: 0,
        seconds: 0.0,
        complete: false,
        fault: None,
        findings: Vec::new(),
    };
    // What is kept of the workspace is written whole, so that nothing may be written before it was read.
    let state = match job.store.sink_state(&report.workspace).await {
        Ok(state) => state,
        Err(fault) => {
            note_unread(&job, fault.clone(), started_at).await;
            report.fault = Some(fault);
            return report;
        }
    };
    let kept = state.clone();
    let mut run = Run { job, clock, delivery, progress, state, kept, done: 0, moving: None, expected: 0, report };
    let outcome = run.all().await;
    run.close(outcome, started_at).await
}

/// Keeps the fault of a run that could not read what is kept of its workspace, where that can be changed by now.
async fn note_unread(job: &SinkJob, fault: Fault, now: Timestamp) {
    let name = job.workspace.name.to_string();
    if let Err(fault) = job.store.change_sink(&name, move |state| state.ended(Some(&fault), now)).await {
        tracing::warn!(code = fault.code(), workspace = name, "the fault of a workspace was not kept");
    }
}

struct Run {
    job: SinkJob,
    clock: Arc<dyn Clock>,
    delivery: Arc<Delivery>,
    progress: OnProgress,
    /// What is kept of the workspace, as it is now.
    state: SinkState,
    /// The same as it is stored.
    kept: SinkState,
    done: i64,
    /// The position that is being stored.
    moving: Option<Pending<()>>,
    expected: u64,
    report: SendReport,
}

/// A batch that was delivered, or not.
struct Ended {
    sequence: u64,
    batch: Arc<Batch>,
    outcome: Result<Delivered, Fault>,
}

/// How far batches are done without a gap.
#[derive(Default)]
struct InOrder {
    next: u64,
    waiting: BTreeMap<u64, i64>,
}

impl InOrder {
    /// Notes that a batch is done; the change up to which all is, if that is further than before.
    fn done(&mut self, sequence: u64, upto: i64) -> Option<i64> {
        self.waiting.insert(sequence, upto);
        let mut moved = None;
        while let Some(upto) = self.waiting.remove(&self.next) {
            self.next += 1;
            moved = Some(upto);
        }
        moved
    }
}

impl Run {
    fn workspace(&self) -> &Workspace {
        &self.job.workspace
    }

    fn connections(&self) -> Vec<String> {
        let feeding = self.job.feeding.iter().map(|one| one.connection.clone());
        let all: std::collections::BTreeSet<_> = self.state.fed.keys().cloned().chain(feeding).collect();
        all.into_iter().collect()
    }

    async fn all(&mut self) -> Result<(), Fault> {
        let (store, name) = (self.job.store.clone(), self.workspace().name.to_string());
        self.done = store.sink_done(&name).await?;
        self.take_in_target().await?;
        self.take_in_connections().await?;
        if self.job.settings.full {
            self.begin_again().await?;
        }
        // Before the changes are looked at: what is stored in between is for the next run.
        let last = store.last_change().await?;
        let changed = store.has_changes(self.connections(), self.done).await?;
        let logged = self.activities().await?.iter().any(|(_, _, activity)| log::has_row(&activity.event));
        if !changed {
            self.moved(last).await?;
        }
        if !changed && !logged {
            return Ok(());
        }
        let (items, log) = self.streams().await?;
        if changed {
            self.state.write_values(self.job.workspace.values);
            self.items(&items).await?;
        }
        match log {
            Some(log) => self.log(&log).await,
            None => Ok(()),
        }
    }

    /// What was sent to another workspace or table is not there: the config file may have been edited by hand.
    async fn take_in_target(&mut self) -> Result<(), Fault> {
        let Workspace { table, log_table, .. } = self.workspace();
        let target = format!("{} {table} {log_table}", self.workspace().id().to_lowercase());
        if self.state.target == target {
            return Ok(());
        }
        if self.state.target.is_empty() {
            self.state.target = target;
            return Ok(());
        }
        let SinkState { next_send, log, .. } = std::mem::take(&mut self.state);
        self.state = SinkState { target, next_send, log, ..SinkState::default() };
        self.done = 0;
        self.keep(Some(0)).await
    }

    /// A connection that newly feeds the workspace has rows before the position: the run begins at the start, and passes
    /// over what the others have sent.
    async fn take_in_connections(&mut self) -> Result<(), Fault> {
        let fed = &self.state.fed;
        let new: Vec<_> = self
            .job
            .feeding
            .iter()
            .map(|one| &one.connection)
            .filter(|name| !fed.contains_key(*name))
            .cloned()
            .collect();
        if new.is_empty() {
            return Ok(());
        }
        for upto in self.state.fed.values_mut() {
            *upto = self.done.max(*upto);
        }
        self.state.fed.extend(new.into_iter().map(|name| (name, 0)));
        self.done = 0;
        self.keep(Some(0)).await
    }

    /// Everything is sent again: the position goes back to the start, and what was accepted before is marked as sent again.
    async fn begin_again(&mut self) -> Result<(), Fault> {
        self.state.begin_again(self.done, self.job.workspace.values);
        self.done = 0;
        self.keep(Some(0)).await
    }

    /// What the rule takes of both tables; `None` for the log table where the rule does not take it.
    async fn streams(&mut self) -> Result<(Streamed, Option<Streamed>), Fault> {
        self.state.findings.retain(|found| SENT_BEFORE.contains(&found.code()));
        let workspace = self.workspace().clone();
        let rule = self.job.ingestion.rule().to_owned();
        let declared = match unless(&self.delivery.cancel, self.job.rule.columns()).await {
            Ok(Some(declared)) => declared,
            Ok(None) => return Err(Fault::RuleNotFound { rule, detail: String::new() }),
            Err(Fault::Interrupted) => return Err(Fault::Interrupted),
            Err(fault) => {
                // Whoever sends needs no right to read the rule.
                self.found(SendFinding::RuleNotRead { fault: Box::new(fault) });
                return Ok((Streamed::all(&WORK_ITEMS), Some(Streamed::all(&LOG))));
            }
        };
        let items = Streamed::declared(&rule, &Workspace::stream(&workspace.table), &declared, &WORK_ITEMS)?;
        let log = match Streamed::declared(&rule, &Workspace::stream(&workspace.log_table), &declared, &LOG) {
            Ok(log) => Some(log),
            Err(fault) => {
                self.found(SendFinding::LogNotTaken { fault: Box::new(fault) });
                None
            }
        };
        Ok((items, log))
    }

    async fn items(&mut self, streamed: &Streamed) -> Result<(), Fault> {
        self.expected = self.behind().await?;
        (self.progress)(SendProgress { accepted: 0, expected: self.expected, waiting: None });
        let mut source = Source::new(self.job.clone(), self.clock.clone(), streamed, (&self.state, self.done)).await?;
        let mut tasks: JoinSet<Ended> = JoinSet::new();
        let (mut order, mut sequence) = (InOrder::default(), 0);
        let (mut held, mut failed): (Option<Next>, Option<Fault>) = (None, None);
        let delivery = self.delivery.clone();
        loop {
            while held.is_none() && failed.is_none() && tasks.len() < self.job.settings.in_flight.max(1) {
                match source.next(&mut self.state).await {
                    Ok(Next::Step(Step::Batch(batch))) => {
                        self.start(&mut tasks, sequence, batch);
                        sequence += 1;
                    }
                    Ok(step) => held = Some(step),
                    Err(fault) => failed = Some(fault),
                }
                source.findings().into_iter().for_each(|found| self.found(found));
            }
            if tasks.is_empty() {
                match (failed, held.take()) {
                    (Some(fault), _) => return Err(fault),
                    (None, Some(Next::Step(Step::Dropped { connection, kind, change }))) => {
                        self.mark_removed(&mut source, &connection, kind).await?;
                        self.moved(change).await?;
                        failed = None;
                        continue;
                    }
                    (None, Some(Next::End { upto })) => {
                        self.forget_gone();
                        self.state.again.clear();
                        return self.moved(upto).await;
                    }
                    (None, _) => return Ok(()),
                }
            }
            tokio::select! {
                Some(joined) = tasks.join_next() => {
                    let ended = joined.map_err(|_| Fault::Internal { what: "sending a batch has failed".to_owned() });
                    let outcome = match ended {
                        Ok(ended) => self.ended(ended, &mut order, &mut source).await,
                        Err(fault) => Err(fault),
                    };
                    failed = failed.or(outcome.err());
                }
                () = delivery.gate.changed.notified() => self.tell_waiting().await?,
            }
        }
    }

    fn start(&mut self, tasks: &mut JoinSet<Ended>, sequence: u64, batch: Batch) {
        let (delivery, stream) = (self.delivery.clone(), Workspace::stream(&self.workspace().table));
        self.report.sent += batch.len() as u64;
        let batch = Arc::new(batch);
        tasks.spawn(async move {
            let outcome = delivery.deliver(&stream, &batch).await;
            Ended { sequence, batch, outcome }
        });
    }

    /// Takes note of what became of a batch; one that was delivered is filled again.
    async fn ended(&mut self, ended: Ended, order: &mut InOrder, source: &mut Source) -> Result<(), Fault> {
        let Ended { sequence, batch, outcome } = ended;
        self.accepted(&outcome?, &batch);
        let upto = order.done(sequence, batch.upto);
        Arc::into_inner(batch).into_iter().for_each(|batch| source.take_back(batch));
        match upto {
            Some(upto) => self.moved(upto).await,
            None => Ok(()),
        }
    }

    fn accepted(&mut self, delivered: &Delivered, batch: &Batch) {
        self.report.accepted += delivered.accepted;
        self.report.refused += batch.len() as u64 - delivered.accepted;
        self.report.removed += batch.removed;
        self.report.bytes += delivered.bytes;
        delivered.refused.iter().for_each(|found| self.found(found.clone()));
        self.state.note_accepted(delivered.accepted, self.clock.now());
        let (accepted, expected) = (self.report.accepted, self.expected.max(self.report.accepted));
        (self.progress)(SendProgress { accepted, expected, waiting: self.delivery.gate.waiting() });
    }

    /// Rows of work items that are gone with their connection. Where the workspace cannot be asked, that is said, and a
    /// verification does it later.
    async fn mark_removed(&mut self, source: &mut Source, connection: &str, kind: WorkItemKind) -> Result<(), Fault> {
        let workspace = self.workspace().clone();
        self.state.gone.insert((connection.to_owned(), kind));
        let shown = match self.job.query.clone() {
            Some(query) => {
                unless(&self.delivery.cancel, removal::shown(&query, &workspace.table, (connection, kind))).await
            }
            None => {
                let (workspace, detail) = (workspace.name.to_string(), "workspace_id".to_owned());
                Err(Fault::QueryForbidden { workspace, detail })
            }
        };
        let batches = match shown {
            Ok(items) => source.removed_rows((connection, kind), items, &mut self.state).await?,
            Err(Fault::Interrupted) => return Err(Fault::Interrupted),
            Err(fault) => {
                let (connection, fault) = (connection.to_owned(), Box::new(fault));
                self.found(SendFinding::NotMarkedRemoved { connection, kind, fault });
                return Ok(());
            }
        };
        for batch in batches {
            self.report.sent += batch.len() as u64;
            let batch = Arc::new(batch);
            let delivered = self.delivery.deliver(&Workspace::stream(&workspace.table), &batch).await?;
            self.accepted(&delivered, &batch);
        }
        Ok(())
    }

    /// What no longer feeds the workspace is forgotten once its removal was taken in.
    fn forget_gone(&mut self) {
        let feeding = &self.job.feeding;
        self.state.fed.retain(|name, _| feeding.iter().any(|one| one.connection == *name));
    }

    async fn activities(&self) -> Result<crate::store::Activities, Fault> {
        let after = (self.state.log_done, self.state.log_at);
        self.job.store.activities_after(self.connections(), after, ACTIVITIES).await
    }

    async fn log(&mut self, streamed: &Streamed) -> Result<(), Fault> {
        let stream = Workspace::stream(&self.workspace().log_table);
        loop {
            let activities = self.activities().await?;
            let (Some((newest, _, _)), now) = (activities.last(), self.clock.now().to_string()) else { return Ok(()) };
            let mut batch = Batch::default();
            for (_, connection, activity) in activities.iter().filter(|(_, _, one)| log::has_row(&one.event)) {
                let partner = self.job.feeding.iter().find(|one| one.connection == *connection);
                let whose = (connection.as_str(), partner.map_or("", |one| one.partner.as_str()), activity);
                batch.push(connection, |out| log::write(out, streamed, whose, (self.job.describe, &now)));
            }
            if batch.len() > 0 {
                let delivered = self.delivery.deliver(&stream, &Arc::new(batch)).await?;
                self.report.log_rows += delivered.accepted;
                delivered.refused.into_iter().for_each(|found| self.found(found));
            }
            self.state.log_done = self.state.log_done.max(*newest);
            self.state.log_at = activities.iter().map(|(_, _, one)| one.at).max().max(self.state.log_at);
            self.keep(None).await?;
            if activities.len() < ACTIVITIES {
                return Ok(());
            }
        }
    }

    fn found(&mut self, found: SendFinding) {
        add_finding(&mut self.state.findings, found.clone());
        add_finding(&mut self.report.findings, found);
    }

    /// Shows why it waits; an outage is one fault, however often it is met.
    async fn tell_waiting(&mut self) -> Result<(), Fault> {
        let waiting = self.delivery.gate.waiting();
        let (accepted, expected) = (self.report.accepted, self.expected);
        let fault = waiting.as_ref().map(|(fault, _)| fault.clone());
        (self.progress)(SendProgress { accepted, expected, waiting });
        let same = fault.as_ref().map(Fault::code) == self.state.fault.as_ref().map(Fault::code);
        if same {
            return Ok(());
        }
        self.state.failing_since = fault.as_ref().map(|_| self.state.failing_since.unwrap_or(self.clock.now()));
        self.state.fault = fault;
        self.keep(None).await
    }

    /// Moves the position, together with what was noticed on the way there. It is stored while rows go on being sent.
    async fn moved(&mut self, upto: i64) -> Result<(), Fault> {
        if upto <= self.done {
            return Ok(());
        }
        self.done = upto;
        let noticed = self.state.findings != self.kept.findings;
        if noticed {
            return self.keep(Some(upto)).await;
        }
        self.stored().await?;
        self.moving = Some(self.job.store.begin_sink_done(self.workspace().name.as_str(), upto).await?);
        Ok(())
    }

    /// Waits until the position is stored.
    async fn stored(&mut self) -> Result<(), Fault> {
        match self.moving.take() {
            Some(moving) => moving.outcome().await,
            None => Ok(()),
        }
    }

    async fn keep(&mut self, done: Option<i64>) -> Result<(), Fault> {
        self.kept = self.state.clone();
        self.job.store.keep_sink(self.job.workspace.name.as_str(), self.state.clone(), done).await
    }

    /// How many rows are to be sent.
    async fn behind(&self) -> Result<u64, Fault> {
        let sent = self.state.fed.iter().map(|(connection, upto)| (connection.clone(), self.done.max(*upto))).collect();
        Ok(self.job.store.behind(sent).await?.rows)
    }

    async fn close(mut self, outcome: Result<(), Fault>, started_at: Timestamp) -> SendReport {
        let fault = outcome.and(self.stored().await).err();
        let now = self.clock.now();
        if fault != Some(Fault::Interrupted) {
            self.state.ended(fault.as_ref(), now);
        }
        self.report.fault = fault;
        if self.state != self.kept
            && let Err(fault) = self.keep(None).await
        {
            self.report.fault.get_or_insert(fault);
        }
        let Workspace { name, values, .. } = &self.job.workspace;
        self.report.findings.extend(self.state.other_values(name, *values));
        self.report.complete = self.report.fault.is_none();
        self.report.requests = self.job.ingestion.requests();
        self.report.seconds = now.duration_since(started_at).as_secs_f64();
        self.report
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_position_moves_over_batches_that_end_out_of_order_without_a_gap() {
        let mut order = InOrder::default();
        assert_eq!(order.done(1, 20), None);
        assert_eq!(order.done(2, 30), None);
        assert_eq!(order.done(0, 10), Some(30));
        assert_eq!(order.done(3, 40), Some(40));
    }
}
