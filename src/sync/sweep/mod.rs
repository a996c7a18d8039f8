//! The sweep of one kind: everything in scope by id, change time and change counter, compared with the store.
//!
//! Rows that differ are fetched, rows that are gone are marked as removed. Memory: a page of marks, one bit for each stored
//! row, and at most [`MOST_DIFFERING`] differing ids; if more differ, everything is fetched again. Each part of the result is
//! one transaction, so a sweep may be killed at any moment: the next one begins from the start.

mod due;
mod found;

use std::sync::Arc;

use futures_util::future;
use jiff::{SignedDuration, Timestamp};

use super::kind_sync::{self, KindSync};
use super::rate::SMALLEST_PAGE;
use super::retry::{RetryDecision, RetryPolicy};
use super::{Run, SyncJob, columns, fetch};
use crate::model::fault::Fault;
use crate::model::finding::SyncFinding;
use crate::model::summary::{Activity, Event};
use crate::model::sweep::{Found, Gap, SweepCursor, SweepPage, SweepReason, SweepRecord, SweepRequest};
use crate::model::sync::{KindReport, PageRequest, Progress, Window};
use crate::model::work_item::{WorkItem, WorkItemKind};
use crate::partner::{BoxFuture, Sweep};
use crate::store::{Differs, Seen, Why};
use found::Finds;

pub use due::{Signs, gap_after};

/// If this many rows differ, everything is fetched again without counting the rest.
const MOST_DIFFERING: usize = 50_000;

/// Stored rows not shown by the product that are looked up at a time.
const PORTION: usize = 1_000;

/// At most this many rows of one second are read one by one to find a row that is too large to be read by its id.
const MOST_IN_A_SECOND: usize = 200;

const ONE_SECOND: SignedDuration = SignedDuration::from_secs(1);

/// Sweeps a kind that was just synced, if a sweep is due, and adds the result to the report.
pub async fn follow_up(run: &Arc<Run>, report: &mut KindReport) {
    let (job, kind) = (&run.job, report.kind);
    let Some(sweep) = job.partner.sweep() else {
        note_gap(run, report).await;
        return;
    };
    let reason = match job.store.sync_state(&job.connection.name, kind).await {
        Ok(_) if !job.settings.sweeps && !job.verify => None,
        Ok(state) => due::reason(&state, run.clock.now(), job.verify),
        Err(fault) => {
            report.sweep_fault = Some(fault);
            return;
        }
    };
    let Some(reason) = reason else {
        note_gap(run, report).await;
        return;
    };
    let sync = KindSync::new(run, kind);
    let outcome = Sweeping::new(run, &sync, sweep, reason).run().await;
    report.findings.extend(sync.odd_rows());
    if !report.findings.iter().any(|found| matches!(found, SyncFinding::HiddenColumn { .. })) {
        report.findings.extend(columns::finding(run, kind, &sync.sights.notes(false, false).hidden));
    }
    match outcome {
        Ok(record) => {
            report.hidden = record.hidden;
            report.sweep = Some(record);
        }
        Err(fault) => {
            if fault != Fault::Interrupted {
                failed(run, kind, &fault).await;
            }
            report.sweep_fault = Some(fault);
        }
    }
    note_gap(run, report).await;
}

/// Reads rows again whose text came damaged the last time: what damaged it may be gone. Those that come damaged again, or could not be
/// read, stay noted.
pub async fn read_again(run: &Arc<Run>, sync: &KindSync, ids: Vec<String>) {
    let Some(sweep) = run.job.partner.sweep() else { return };
    for part in ids.chunks(sweep.fetch_limit().max(1)) {
        let mut sweeping = Sweeping::new(run, sync, sweep, SweepReason::Full);
        let read = sweeping.read_again(part).await;
        (0..sweeping.record.requests).for_each(|_| sync.count_request());
        match read {
            Ok(tally) => sync.count_rows(tally),
            Err(fault) => {
                tracing::info!(code = fault.code(), "rows with damaged text could not be read again");
                sync.read_again(part.iter().cloned());
            }
        }
    }
}

/// Adds the finding that the rows are not verified, if a gap remains.
async fn note_gap(run: &Run, report: &mut KindReport) {
    let state = run.job.store.sync_state(&run.job.connection.name, report.kind).await;
    if let Some(gap) = state.ok().and_then(|state| state.gap) {
        report.hidden = report.hidden.max(gap.hidden);
        report.findings.push(gap.finding(report.kind));
    }
}

/// Remembers that a sweep is still needed.
async fn failed(run: &Run, kind: WorkItemKind, fault: &Fault) {
    let (store, name, now) = (&run.job.store, &run.job.connection.name, run.clock.now());
    let event = Event::SweepFailed { kind, fault: fault.clone() };
    let gap = match store.sync_state(name, kind).await {
        Ok(state) => state.gap,
        Err(_) => return,
    };
    let gap = gap.unwrap_or(Gap { since: now, reason: SweepReason::Failed, hidden: 0, unknown: 0 });
    let kept = async {
        store.set_gap(name, kind, gap).await?;
        store.record(name, Activity { at: now, event }).await
    };
    if let Err(fault) = kept.await {
        tracing::warn!(code = fault.code(), "that a sweep failed could not be noted");
    }
}

/// A sweep under way.
struct Sweeping<'r> {
    run: &'r Arc<Run>,
    kind: WorkItemKind,
    /// Checks the rows that are fetched by their ids, as in a sync.
    sync: &'r KindSync,
    sweep: &'r dyn Sweep,
    record: SweepRecord,
    /// Changes after this time are too new for the sync to have seen.
    known_to: Option<Timestamp>,
    seen: Seen,
    differing: Vec<Differs>,
    /// Whether too many rows differ to fetch them one by one.
    whole: bool,
}

impl<'r> Sweeping<'r> {
    fn new(run: &'r Arc<Run>, sync: &'r KindSync, sweep: &'r dyn Sweep, reason: SweepReason) -> Self {
        let (now, kind) = (run.clock.now(), sync.kind);
        let record = SweepRecord {
            started_at: now,
            ended_at: now,
            reason,
            checked: 0,
            missing: 0,
            changed: 0,
            removed: 0,
            restored: 0,
            hidden: 0,
            unknown: 0,
            requests: 0,
            bytes: 0,
        };
        let (seen, differing) = (Seen::default(), Vec::new());
        Self { run, kind, sync, sweep, record, known_to: None, seen, differing, whole: false }
    }

    async fn run(mut self) -> Result<SweepRecord, Fault> {
        let (store, name) = (&self.run.job.store, &self.run.job.connection.name);
        let state = store.sync_state(name, self.kind).await?;
        self.sync.sights.begin(store.feed_notes(name, self.kind).await?);
        self.known_to = state.watermark;
        let from = super::plan::scope_from(self.run.clock.now(), self.run.job.connection.sync_days);
        let window = Window { from: state.scope_from.map_or(from, |stored| stored.min(from)), before: None };
        self.read_marks(window).await?;
        // Before anything is fetched, since rows that the fetch adds have no mark yet.
        self.ask_for_unseen().await?;
        self.fetch_differing().await?;
        // Fetching everything may have noted a new gap, which counts.
        self.sync.sights.begin(store.feed_notes(name, self.kind).await?);
        store.set_feed_notes(name, self.kind, self.sync.sights.notes(false, false)).await?;
        self.end(state.gap).await
    }

    /// Reads all marks. The next page is fetched while one is compared with the store.
    async fn read_marks(&mut self, window: Window) -> Result<(), Fault> {
        let mut total = None;
        let mut after: Option<SweepCursor> = None;
        let mut page = self.asking().page(window, None).await;
        loop {
            let Page { answer, requests } = page;
            self.record.requests += requests;
            let SweepPage { marks, hidden, total: counted, bytes, rate, next } = answer?;
            total = total.or(counted);
            self.record.checked += marks.len() as u64;
            self.record.hidden += hidden;
            self.record.bytes += bytes;
            if let Some(rate) = rate {
                self.run.limiter.announce(rate);
            }
            self.tell(total);
            if next.is_none() {
                return self.compare(marks).await;
            }
            if next == after {
                // A product that keeps returning the same cursor would be asked forever.
                return Err(Fault::OutOfOrder { what: self.kind.id().to_owned() });
            }
            after.clone_from(&next);
            let asking = self.asking();
            let (compared, following) = future::join(self.compare(marks), asking.page(window, next)).await;
            compared?;
            page = following;
        }
    }

    fn asking(&self) -> Asking<'r> {
        Asking { run: self.run, kind: self.kind, sweep: self.sweep }
    }

    async fn compare(&mut self, marks: Vec<crate::model::sweep::Mark>) -> Result<(), Fault> {
        let (store, name) = (&self.run.job.store, &self.run.job.connection.name);
        let seen = std::mem::take(&mut self.seen);
        let (seen, differing) = store.compare(name, self.kind, marks, seen).await?;
        self.seen = seen;
        for row in &differing {
            if row.changed.is_some_and(|changed| self.known_to.is_some_and(|known| changed > known)) {
                continue;
            }
            match row.why {
                Why::Missing => self.record.missing += 1,
                Why::Changed => self.record.changed += 1,
                Why::Back => self.record.restored += 1,
            }
        }
        self.differing.extend(differing);
        if self.differing.len() > MOST_DIFFERING {
            self.whole = true;
        }
        if self.whole {
            // Rows without a change time are in no page of a sync.
            self.differing.retain(|row| row.changed.is_none());
        }
        Ok(())
    }

    /// Fetches the rows that differ, by id; or everything in scope if that takes fewer requests.
    async fn fetch_differing(&mut self) -> Result<(), Fault> {
        let by_id = self.differing.len() / self.sweep.fetch_limit().max(1);
        let all = self.record.checked as usize / self.run.job.settings.page_limit.max(1) as usize;
        if self.whole || by_id > 2 * all + 20 {
            self.fetch_everything().await?;
            self.differing.retain(|row| row.changed.is_none());
        }
        let differing = std::mem::take(&mut self.differing);
        for part in differing.chunks(self.sweep.fetch_limit().max(1)) {
            let rows: Vec<_> = part.iter().map(|row| (row.source_id.clone(), row.changed)).collect();
            let found = self.fetch(&rows).await?;
            let stamped = |id: &str| part.iter().any(|row| row.source_id == id && row.changed.is_some());
            let stored = |id: &str| part.iter().any(|row| row.source_id == id && row.why != Why::Missing);
            let finds = Finds::of(found, stamped, stored);
            self.keep(finds).await?;
        }
        Ok(())
    }

    async fn fetch_everything(&mut self) -> Result<(), Fault> {
        let job = SyncJob { full: true, ..self.run.job.clone() };
        let (progress, cancel, clock) = (self.run.progress.clone(), self.run.cancel.clone(), self.run.clock.clone());
        let limiter = super::rate::RateLimiter::new(&job.settings, clock.clone());
        let report = kind_sync::sync_kind(Arc::new(Run { job, progress, cancel, clock, limiter }), self.kind).await;
        self.record.requests += report.requests;
        self.record.bytes += report.bytes;
        report.fault.map_or(Ok(()), Err)
    }

    /// Reads stored rows that were not shown by their ids, to learn whether they are gone or hidden.
    async fn ask_for_unseen(&mut self) -> Result<(), Fault> {
        let (store, name) = (self.run.job.store.clone(), self.run.job.connection.name.clone());
        let mut after = 0;
        let mut hidden = 0;
        loop {
            let seen = std::mem::take(&mut self.seen);
            let (seen, rows) = store.unseen(&name, self.kind, seen, after, PORTION).await?;
            self.seen = seen;
            let Some((last, _)) = rows.last() else { break };
            after = *last;
            let rows: Vec<_> = rows.into_iter().map(|(_, id)| (id, None)).collect();
            for part in rows.chunks(self.sweep.fetch_limit().max(1)) {
                let finds = Finds::of(self.fetch(part).await?, |_| true, |_| true);
                hidden += finds.hidden();
                let tally = self.keep(finds).await?;
                self.record.changed += tally.updated - tally.restored;
            }
        }
        self.record.hidden = self.record.hidden.max(hidden);
        Ok(())
    }

    /// Reads rows by their ids, with the change time where it is known. Rows that are too large for one reply are read one by
    /// one.
    async fn fetch(&mut self, rows: &[(String, Option<Timestamp>)]) -> Result<Vec<(String, Found)>, Fault> {
        let asking = self.asking();
        let (mut found, mut open) = (Vec::with_capacity(rows.len()), vec![rows]);
        while let Some(part) = open.pop() {
            let ids: Vec<_> = part.iter().map(|(id, _)| id.clone()).collect();
            match (asking.patiently(&mut self.record.requests, || asking.sweep.fetch(asking.kind, &ids)).await, part) {
                (Err(Fault::TooLarge { .. }), [(id, changed)]) => {
                    let item = self.fetch_lean(id, *changed).await?;
                    // For a row that cannot be read even so, it is unknown whether the stored one is current.
                    self.record.unknown += u64::from(item.is_none());
                    found.extend(item.map(|item| (id.clone(), Found::Item(Box::new(item)))));
                }
                (Err(Fault::TooLarge { .. }), part) => {
                    let (one, other) = part.split_at(part.len() / 2);
                    open.extend([one, other]);
                }
                (outcome, _) => found.extend(outcome?),
            }
        }
        Ok(found)
    }

    /// Reads rows by their ids and keeps those that the product shows; of the others this says nothing.
    async fn read_again(&mut self, ids: &[String]) -> Result<crate::store::Tally, Fault> {
        let rows: Vec<_> = ids.iter().map(|id| (id.clone(), None)).collect();
        let mut found = self.fetch(&rows).await?;
        found.retain(|(_, one)| matches!(one, Found::Item(_)));
        self.keep(Finds::of(found, |_| true, |_| true)).await
    }

    /// Reads a row that is too large for one reply, as a sync does: among those that changed in the same second.
    async fn fetch_lean(&mut self, id: &str, changed: Option<Timestamp>) -> Result<Option<WorkItem>, Fault> {
        let second = changed.and_then(|at| Timestamp::from_second(at.as_second()).ok());
        let Some((from, before)) = second.and_then(|from| Some((from, from.checked_add(ONE_SECOND).ok()?))) else {
            return Ok(None);
        };
        let window = Window { from, before: Some(before) };
        let (partner, mut after) = (self.run.job.partner.clone(), None);
        for _ in 0..MOST_IN_A_SECOND {
            let request = PageRequest { kind: self.kind, window, after, offset: 0, limit: 1, count: false, lean: true };
            let mut page = match self.asking().patiently(&mut self.record.requests, || partner.page(&request)).await {
                Err(Fault::TooLarge { .. }) => return Ok(None),
                page => page?,
            };
            let Some(mut item) = page.items.pop() else { break };
            if item.source_id.eq_ignore_ascii_case(id) {
                let cut = std::mem::take(&mut page.notes.cut);
                self.sync.look_at(std::slice::from_mut(&mut item), cut, true, false);
                return Ok(Some(item));
            }
            after = Some(item.cursor());
        }
        Ok(None)
    }

    async fn keep(&mut self, mut finds: Finds) -> Result<crate::store::Tally, Fault> {
        self.sync.look_at(finds.items(), Vec::new(), true, true);
        finds.hidden_columns = columns::settle(self.run, self.sync, finds.items()).await?;
        let hidden = finds.hidden_columns.clone();
        self.sync.number(finds.items(), &hidden);
        self.record.unknown += finds.unknown();
        let connection = self.run.job.connection.name.clone();
        let part = finds.into_part(connection, self.kind, self.run.clock.now());
        let tally = self.run.job.store.commit_sweep(part).await?;
        self.record.removed += tally.removed;
        Ok(tally)
    }

    async fn end(mut self, before: Option<Gap>) -> Result<SweepRecord, Fault> {
        self.record.ended_at = self.run.clock.now();
        let (store, name) = (&self.run.job.store, &self.run.job.connection.name);
        let gap = due::gap_left(&self.record, before);
        store.finish_sweep(name, self.kind, self.record.clone(), gap).await?;
        let event = Event::Swept { kind: self.kind, record: self.record.clone() };
        store.record(name, Activity { at: self.record.ended_at, event }).await?;
        Ok(self.record)
    }

    fn tell(&self, total: Option<u64>) {
        let fetched = self.record.checked;
        let expected = total.map(|rows| rows.max(fetched));
        (self.run.progress)(Progress {
            kind: self.kind,
            fetched,
            expected,
            waiting_until: None,
            attempt: 1,
            retrying: None,
        });
    }
}

/// The requests of a sweep.
#[derive(Clone, Copy)]
struct Asking<'r> {
    run: &'r Arc<Run>,
    kind: WorkItemKind,
    sweep: &'r dyn Sweep,
}

/// The result of requesting a page of marks.
struct Page {
    answer: Result<SweepPage, Fault>,
    requests: u64,
}

impl Asking<'_> {
    async fn page(self, window: Window, after: Option<SweepCursor>) -> Page {
        let request = SweepRequest { kind: self.kind, window, after };
        let mut requests = 0;
        let answer = self.patiently(&mut requests, || self.sweep.marks(&request)).await;
        Page { answer, requests }
    }

    /// Makes a request within the rate limit, and repeats it as a sync does.
    async fn patiently<'a, T>(
        self,
        requests: &mut u64,
        ask: impl Fn() -> BoxFuture<'a, Result<T, Fault>>,
    ) -> Result<T, Fault> {
        let (run, mut policy) = (self.run, RetryPolicy::default());
        loop {
            let permit = fetch::unless(&run.cancel, run.limiter.permit(|_| {})).await?.ok_or(Fault::Interrupted)?;
            *requests += 1;
            let fault = match fetch::unless(&run.cancel, ask()).await? {
                Ok(answer) => return Ok(answer),
                // A second reply would be as large.
                Err(fault @ Fault::TooLarge { .. }) => return Err(fault),
                Err(fault) => fault,
            };
            drop(permit);
            let next = policy.after(&fault, SMALLEST_PAGE, &run.job.settings, run.limiter.jitter());
            tracing::info!(kind = self.kind.id(), code = fault.code(), ?next, "a part of a sweep did not come");
            match next {
                RetryDecision::Stop => return Err(fault),
                RetryDecision::Pause(wait) => run.limiter.pause(wait),
                RetryDecision::Retry { wait, .. } => fetch::unless(&run.cancel, run.clock.sleep(wait)).await?,
            }
        }
    }
}
