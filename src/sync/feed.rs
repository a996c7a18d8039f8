//! The sync of one kind: its plan, its slices walked side by side, its report.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::pace::PageSize;
use super::sweep::{self, Signs};
use super::{Run, chain, fetch, plan};
use crate::model::fault::{Fault, Retry};
use crate::model::sync::{KindReport, Page, Progress, Window};
use crate::model::work_item::{Cursor, WorkItem, WorkItemKind};
use crate::store::{Plan, Slice, SyncState, Tally};

/// One kind while it is being synced.
pub struct Feed {
    /// Incidents or change requests.
    pub kind: WorkItemKind,
    /// How many rows to ask for.
    pub page_size: PageSize,
    /// Ends all slices of this kind.
    pub stop: CancellationToken,
    requests: AtomicU64,
    counts: Mutex<Counts>,
    /// The newest stored row, until it was met again.
    to_meet: Mutex<Option<Cursor>>,
    signs: Mutex<Signs>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    fetched: u64,
    bytes: u64,
    tally: Tally,
    expected: Option<u64>,
    /// Whether `expected` is what the only slice tells, not a count of the whole scope.
    follow: bool,
}

impl Feed {
    fn new(run: &Run, kind: WorkItemKind) -> Self {
        Self {
            kind,
            page_size: PageSize::new(run.job.settings.page_limit),
            stop: run.cancel.child_token(),
            requests: AtomicU64::new(0),
            counts: Mutex::default(),
            to_meet: Mutex::default(),
            signs: Mutex::default(),
        }
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a request that is about to be made.
    pub fn count_request(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    /// An increment begins no later than at the newest stored row, so it must meet it again, or newer.
    fn expect_again(&self, newest: Option<Cursor>) {
        *self.to_meet.lock().unwrap_or_else(PoisonError::into_inner) = newest;
    }

    fn meet(&self, page: &Page) {
        let mut to_meet = self.to_meet.lock().unwrap_or_else(PoisonError::into_inner);
        let met = |newest: &Cursor| {
            let same = |item: &WorkItem| {
                item.source_id == newest.source_id && item.updated_at.as_second() >= newest.updated_at.as_second()
            };
            page.items.iter().any(same)
        };
        if to_meet.as_ref().is_some_and(met) {
            *to_meet = None;
        }
    }

    /// What was noticed that only a sweep can clear up.
    fn signs(&self, hidden: u64) -> Signs {
        let signs = *self.signs.lock().unwrap_or_else(PoisonError::into_inner);
        let unmet = self.to_meet.lock().unwrap_or_else(PoisonError::into_inner).is_some();
        Signs { hidden, restored: unmet || self.counts().tally.older > 0, ..signs }
    }

    /// Counts a page that came.
    pub fn count_page(&self, run: &Run, page: &Page, remaining: Option<u64>) {
        self.meet(page);
        {
            let mut counts = self.counts();
            counts.fetched += page.items.len() as u64;
            counts.bytes += page.bytes;
            if counts.follow {
                counts.expected = remaining.map(|rest| counts.fetched + rest);
            }
        }
        self.tell(run, None, 1);
    }

    /// Counts rows that were committed.
    pub fn count_rows(&self, tally: Tally) {
        self.counts().tally += tally;
    }

    /// Tells how far it is.
    pub fn tell(&self, run: &Run, waiting_until: Option<Timestamp>, attempt: u32) {
        let Counts { fetched, expected, .. } = *self.counts();
        let expected = expected.map(|rows| rows.max(fetched));
        (run.progress)(Progress { kind: self.kind, fetched, expected, waiting_until, attempt });
    }
}

/// Syncs one kind to its end or to its fault.
pub async fn sync_kind(run: Arc<Run>, kind: WorkItemKind) -> KindReport {
    let feed = Arc::new(Feed::new(&run, kind));
    let started = run.clock.now();
    let fault = follow_plan(&run, &feed).await.err();
    let state = run.job.store.sync_state(&run.job.connection.name, kind).await;
    let counts = *feed.counts();
    let mut report = KindReport {
        fetched: counts.fetched,
        inserted: counts.tally.inserted,
        updated: counts.tally.updated,
        unchanged: counts.tally.unchanged,
        requests: feed.requests.load(Ordering::Relaxed),
        bytes: counts.bytes,
        seconds: run.clock.now().duration_since(started).as_secs_f64(),
        ..blank(&run, kind)
    };
    match (state, fault) {
        (Ok(state), None) => finish(&run, &feed, state, &mut report).await,
        (state, fault) => {
            let state = state.ok();
            report.watermark = state.as_ref().and_then(|state| state.watermark);
            report.hidden = state.and_then(|state| state.plan).as_ref().map_or(0, hidden);
            report.fault = fault;
        }
    }
    let noticed = run.job.partner.findings();
    report.findings.extend(noticed.into_iter().filter(|found| found.kind().is_none_or(|about| about == kind)));
    report
}

/// The report of a kind that was not begun.
pub fn not_begun(run: &Run, kind: WorkItemKind, fault: Fault) -> KindReport {
    KindReport { fault: Some(fault), ..blank(run, kind) }
}

fn blank(run: &Run, kind: WorkItemKind) -> KindReport {
    KindReport {
        connection: run.job.connection.name.to_string(),
        kind,
        fetched: 0,
        inserted: 0,
        updated: 0,
        unchanged: 0,
        hidden: 0,
        requests: 0,
        bytes: 0,
        seconds: 0.0,
        complete: false,
        watermark: None,
        findings: Vec::new(),
        fault: None,
        sweep: None,
        sweep_fault: None,
    }
}

/// Closes the plan: the watermark moves, and with it goes what is not known of what lies before it.
async fn finish(run: &Run, feed: &Feed, state: SyncState, report: &mut KindReport) {
    let Some(plan) = state.plan else {
        report.fault = Some(Fault::Internal { what: "the plan of the sync is gone".to_owned() });
        return;
    };
    report.hidden = hidden(&plan);
    let now = run.clock.now();
    let watermark = plan::watermark(state.watermark, &plan, now);
    let swept = run.job.partner.sweep().is_some();
    let gap = sweep::gap_after(state.gap, feed.signs(report.hidden), state.watermark.is_none(), swept, now);
    match run.job.store.finish_plan(&run.job.connection.name, feed.kind, watermark, gap).await {
        Ok(()) => {
            report.watermark = Some(watermark);
            report.complete = true;
        }
        Err(fault) => report.fault = Some(fault),
    }
}

fn hidden(plan: &Plan) -> u64 {
    plan.slices.iter().map(|slice| slice.checkpoint.hidden).sum()
}

async fn follow_plan(run: &Arc<Run>, feed: &Arc<Feed>) -> Result<(), Fault> {
    let plan = take_up(run, feed).await?;
    let open: VecDeque<Slice> = plan.slices.into_iter().filter(|slice| !slice.checkpoint.done).collect();
    feed.counts().follow = open.len() == 1;
    walk_all(run, feed, open).await
}

/// The plan that was not finished, or a new one.
async fn take_up(run: &Run, feed: &Feed) -> Result<Plan, Fault> {
    let (job, now) = (&run.job, run.clock.now());
    let state = job.store.sync_state(&job.connection.name, feed.kind).await?;
    let from = plan::scope_from(now, job.connection.sync_days);
    let (plan, anew) = match state {
        SyncState { plan: Some(plan), watermark, .. } if !job.full => {
            // What the run before has met is not known any more, so a sweep looks.
            feed.signs.lock().unwrap_or_else(PoisonError::into_inner).resumed = watermark.is_some();
            return Ok(plan);
        }
        SyncState { watermark: Some(watermark), .. } if !job.full => {
            feed.expect_again(state.newest.clone());
            let overlap = job.settings.overlap.max(job.partner.overlap());
            (plan::increment(watermark, from, &state, now, overlap), false)
        }
        state => {
            feed.signs.lock().unwrap_or_else(PoisonError::into_inner).full = state.newest.is_some();
            (plan::whole(from, now, expect(run, feed, from).await?, &job.settings), true)
        }
    };
    job.store.begin_plan(&job.connection.name, feed.kind, plan.clone(), anew).await?;
    Ok(plan)
}

/// How many rows the scope holds, for the slices and the progress bar. That it cannot be counted stops nothing,
/// unless nothing else would work either.
async fn expect(run: &Run, feed: &Feed, from: Timestamp) -> Result<Option<u64>, Fault> {
    feed.count_request();
    let window = Window { from, before: None };
    let counted = fetch::unless(&feed.stop, run.job.partner.count(feed.kind, window)).await?;
    match counted {
        Ok(rows) => {
            feed.counts().expected = Some(rows);
            feed.tell(run, None, 1);
            Ok(Some(rows))
        }
        Err(fault) if fault.retry() == Retry::No && fault.exit_code() == 3 => Err(fault),
        Err(fault) => {
            tracing::info!(kind = feed.kind.id(), code = fault.code(), "the scope could not be counted");
            Ok(None)
        }
    }
}

/// How many slices are walked at the same time. More than requests may be in flight, since a slice waits while its page
/// is committed: the more pages wait together, the less each changes of the database.
fn side_by_side(in_flight: usize) -> usize {
    (2 * in_flight).saturating_sub(1).max(1)
}

/// Walks the slices, some at a time, oldest first. The first fault stops them all.
async fn walk_all(run: &Arc<Run>, feed: &Arc<Feed>, mut open: VecDeque<Slice>) -> Result<(), Fault> {
    let mut walking = JoinSet::new();
    let mut first_fault = None;
    loop {
        while walking.len() < side_by_side(run.job.settings.in_flight)
            && !feed.stop.is_cancelled()
            && let Some(slice) = open.pop_front()
        {
            walking.spawn(chain::walk_slice(run.clone(), feed.clone(), slice));
        }
        let Some(walked) = walking.join_next().await else { break };
        let walked = walked.unwrap_or_else(|error| Err(Fault::Internal { what: error.to_string() }));
        if let Err(fault) = walked {
            feed.stop.cancel();
            // Those that were stopped because of it say they were interrupted.
            first_fault.get_or_insert(fault);
        }
    }
    match first_fault {
        Some(fault) => Err(fault),
        None if !open.is_empty() => Err(Fault::Interrupted),
        None => Ok(()),
    }
}
