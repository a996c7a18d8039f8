//! The sync of one kind: its plan, its slices side by side, its report.

use std::collections::{BTreeSet, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::columns::Sights;
use super::oversize::{self, Named};
use super::rate::PageSize;
use super::sweep::Signs;
use super::{Run, pass, slice};
use crate::model::fault::Fault;
use crate::model::finding::SyncFinding;
use crate::model::sync::{KindReport, Page, Progress, Retrying};
use crate::model::work_item::{Cursor, WorkItem, WorkItemKind};
use crate::partner::totals::Totals;
use crate::store::{Slice, Tally};

/// Gateways that cap pages never cap them at fewer rows than this.
const SMALL_PAGE: usize = 100;

/// At most so many rows with damaged text are read again by their ids.
const MOST_READ_AGAIN: usize = 1_000;

/// One kind while it is being synced.
pub struct KindSync {
    /// Incidents or change requests.
    pub kind: WorkItemKind,
    /// How many rows to ask for.
    pub page_size: PageSize,
    /// Ends all slices of this kind.
    pub stop: CancellationToken,
    /// Whether the totals of pages can be trusted.
    pub totals: Arc<Totals>,
    /// Which columns this run has seen values of.
    pub sights: Sights,
    requests: AtomicU64,
    counts: Mutex<Counts>,
    odd: Mutex<Odd>,
    /// The newest stored row, until the product has shown it again.
    to_meet: Mutex<Option<Cursor>>,
    signs: Mutex<Signs>,
    /// The newest row that was stored before this run.
    newest: OnceLock<Cursor>,
}

/// Rows that are stored, yet not as they should be.
#[derive(Debug, Clone, Default)]
struct Odd {
    /// Too large.
    cut: Named,
    /// Not UTF-8.
    damaged: Named,
    damaged_ids: BTreeSet<String>,
    /// Without a number.
    nameless: Named,
}

#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    fetched: u64,
    /// Rows that came without readable columns.
    blank: u64,
    bytes: u64,
    tally: Tally,
    /// Rows that came and lie outside the window, and the latest change among them.
    outside: Option<(u64, Timestamp)>,
    expected: Option<u64>,
    /// Whether `expected` comes from the only slice instead of a count of the whole scope.
    follow: bool,
}

impl KindSync {
    /// Nothing of this kind has come yet.
    pub fn new(run: &Run, kind: WorkItemKind) -> Self {
        Self {
            kind,
            page_size: PageSize::new(run.job.settings.page_limit),
            stop: run.cancel.child_token(),
            totals: Arc::default(),
            sights: Sights::default(),
            requests: AtomicU64::new(0),
            counts: Mutex::default(),
            odd: Mutex::default(),
            to_meet: Mutex::default(),
            signs: Mutex::default(),
            newest: OnceLock::new(),
        }
    }

    /// Checks the texts of a page: cuts those that are too long to store, and notes damaged ones.
    pub fn look_over(&self, page: &mut Page, is_damaged: bool) {
        let cut = std::mem::take(&mut page.notes.cut);
        // Only a page this large can hold a text that is too long.
        let may_be_long = page.bytes == 0 || page.bytes as usize > oversize::LONGEST;
        self.look_at(&mut page.items, cut, may_be_long, is_damaged);
    }

    /// The same for rows outside a page; `cut` has the numbers of rows that were cut already.
    pub fn look_at(&self, items: &mut [WorkItem], mut cut: Vec<String>, may_be_long: bool, is_damaged: bool) {
        let mut damaged = Vec::new();
        for item in items {
            if may_be_long && oversize::cut(item) {
                cut.push(item.number.clone());
            }
            if is_damaged && oversize::is_damaged(item) {
                damaged.push((item.number.clone(), item.source_id.clone()));
            }
        }
        if cut.is_empty() && damaged.is_empty() {
            return;
        }
        let mut odd = self.odd();
        cut.iter().for_each(|number| odd.cut.add(number));
        damaged.iter().for_each(|(number, _)| odd.damaged.add(number));
        drop(odd);
        self.read_again(damaged.into_iter().map(|(_, id)| id));
    }

    /// Notes rows that the next sync reads again because their text came damaged.
    pub fn read_again(&self, ids: impl IntoIterator<Item = String>) {
        let ids = ids.into_iter();
        let mut odd = self.odd();
        ids.for_each(|id| {
            if odd.damaged_ids.len() < MOST_READ_AGAIN {
                odd.damaged_ids.insert(id);
            }
        });
    }

    /// The ids of these rows.
    pub fn damaged_ids(&self) -> BTreeSet<String> {
        self.odd().damaged_ids.clone()
    }

    /// Gives rows without a number their id in place of it, and notes them, unless the column is `hidden` in all rows, which is told
    /// already. What is stored of a hidden number stays.
    pub fn number(&self, items: &mut [WorkItem], hidden: &[Arc<str>]) {
        let is_told = hidden.iter().any(|name| &**name == "number");
        for item in items.iter_mut().filter(|item| item.number.is_empty()) {
            item.number.clone_from(&item.source_id);
            if !is_told {
                self.odd().nameless.add(&item.source_id);
            }
        }
    }

    fn odd(&self) -> MutexGuard<'_, Odd> {
        self.odd.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The findings of odd rows.
    pub fn odd_rows(&self) -> impl Iterator<Item = SyncFinding> {
        let Odd { cut, damaged, nameless, .. } = self.odd().clone();
        let cut = cut.finding(self.kind, |kind, rows, numbers| SyncFinding::CutRows { kind, rows, numbers });
        let damaged =
            damaged.finding(self.kind, |kind, rows, numbers| SyncFinding::DamagedText { kind, rows, numbers });
        let nameless = nameless.finding(self.kind, |kind, rows, ids| SyncFinding::NoNumber { kind, rows, ids });
        [cut, damaged, nameless].into_iter().flatten()
    }

    /// Rows that came so far.
    pub fn came(&self) -> u64 {
        self.counts().fetched
    }

    /// Whether rows came without readable columns.
    pub fn saw_blank(&self) -> bool {
        self.counts().blank > 0
    }

    /// Sets how many rows are expected.
    pub fn expect(&self, run: &Run, rows: u64) {
        self.counts().expected = Some(rows);
        self.tell(run, None, 1);
    }

    /// Sets whether `expected` comes from the only slice.
    pub fn follow(&self, only_one: bool) {
        self.counts().follow = only_one;
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a request that is about to be made.
    pub fn count_request(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    /// An increment begins no later than at the newest stored row, so the product must show that row again.
    pub fn expect_again(&self, newest: Option<Cursor>) {
        if let Some(newest) = &newest {
            self.newest.get_or_init(|| newest.clone());
        }
        *self.to_meet.lock().unwrap_or_else(PoisonError::into_inner) = newest;
    }

    /// Whether a small page ends with the newest stored row, so that nothing changed since the last sync. Its total then
    /// needs no proof by another request.
    pub fn brings_nothing_new(&self, page: &Page) -> bool {
        let is_newest = |last: &WorkItem| self.newest.get().is_some_and(|newest| *newest == last.cursor());
        page.items.len() < SMALL_PAGE && page.items.last().is_some_and(is_newest)
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

    /// Notes that the run before was cut off. It is no longer known which rows that run saw, so a sweep must check.
    pub fn note_resumed(&self) {
        self.signs.lock().unwrap_or_else(PoisonError::into_inner).resumed = true;
    }

    /// Notes that everything is fetched again although there are stored rows.
    pub fn note_full(&self) {
        self.signs.lock().unwrap_or_else(PoisonError::into_inner).full = true;
    }

    /// Signs of differences that only a sweep can find.
    pub fn signs(&self, hidden: u64) -> Signs {
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
            counts.blank += page.hidden;
            counts.bytes += page.bytes;
            if let Some((rows, newest)) = page.notes.outside {
                let (before, latest) = counts.outside.unwrap_or((0, newest));
                counts.outside = Some((before + rows, latest.max(newest)));
            }
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
        (run.progress)(Progress { waiting_until, attempt, ..self.progress() });
    }

    /// Tells that a request is made again, when and why.
    pub fn tell_retry(&self, run: &Run, attempt: u32, wait: Duration, fault: &Fault) {
        let now = run.clock.now();
        let at = SignedDuration::try_from(wait).ok().and_then(|wait| now.checked_add(wait).ok()).unwrap_or(now);
        let of = run.job.settings.tries.max(attempt);
        let retrying = Some(Box::new(Retrying { fault: fault.clone(), at, of }));
        (run.progress)(Progress { attempt, retrying, ..self.progress() });
    }

    fn progress(&self) -> Progress {
        let Counts { fetched, expected, .. } = *self.counts();
        let expected = expected.map(|rows| rows.max(fetched));
        Progress { kind: self.kind, fetched, expected, waiting_until: None, attempt: 1, retrying: None }
    }
}

/// Syncs one kind until it is complete or a fault stops it.
pub async fn sync_kind(run: Arc<Run>, kind: WorkItemKind) -> KindReport {
    let sync = Arc::new(KindSync::new(&run, kind));
    let started = run.clock.now();
    let outcome = pass::follow(&run, &sync).await;
    let mut findings = pass::close(&run, &sync, outcome.as_ref().is_ok_and(|passed| passed.whole)).await;
    let counts = *sync.counts();
    let mut report = KindReport {
        fetched: counts.fetched,
        inserted: counts.tally.inserted,
        updated: counts.tally.updated,
        unchanged: counts.tally.unchanged,
        requests: sync.requests.load(Ordering::Relaxed),
        bytes: counts.bytes,
        seconds: run.clock.now().duration_since(started).as_secs_f64(),
        ..blank(&run, kind)
    };
    match outcome {
        Ok(passed) => {
            (report.hidden, report.watermark) = (passed.hidden, Some(passed.watermark));
            findings.extend(outside(&run, kind, counts).await);
            report.complete = passed.incomplete.is_none();
            findings.extend(passed.incomplete);
        }
        Err(fault) => {
            let state = run.job.store.sync_state(&run.job.connection.name, kind).await.ok();
            report.watermark = state.as_ref().and_then(|state| state.watermark);
            report.hidden = state.and_then(|state| state.plan).as_ref().map_or(0, pass::hidden);
            report.fault = Some(fault);
        }
    }
    report.findings = findings;
    report
}

/// The finding that rows came and none of them lies in the scope, while nothing is stored: their dates may be wrong.
async fn outside(run: &Run, kind: WorkItemKind, counts: Counts) -> Option<SyncFinding> {
    let (rows, newest) = counts.outside.filter(|_| counts.fetched == 0)?;
    let state = run.job.store.sync_state(&run.job.connection.name, kind).await.ok()?;
    state.newest.is_none().then_some(SyncFinding::OutsideScope { kind, rows, newest })
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

/// How many slices are synced at the same time: more than requests in flight, since a slice waits while its page is
/// committed. Pages that wait together share a transaction, which then writes fewer database pages for each.
fn side_by_side(in_flight: usize) -> usize {
    (2 * in_flight).saturating_sub(1).max(1)
}

/// Syncs the slices, some at a time, oldest first. The first fault stops them all.
pub async fn sync_slices(run: &Arc<Run>, sync: &Arc<KindSync>, mut open: VecDeque<Slice>) -> Result<(), Fault> {
    let mut walking = JoinSet::new();
    let mut first_fault = None;
    loop {
        while walking.len() < side_by_side(run.job.settings.in_flight)
            && !sync.stop.is_cancelled()
            && let Some(slice) = open.pop_front()
        {
            walking.spawn(slice::sync_slice(run.clone(), sync.clone(), slice));
        }
        let Some(walked) = walking.join_next().await else { break };
        let walked = walked.unwrap_or_else(|error| Err(Fault::Internal { what: error.to_string() }));
        if let Err(fault) = walked {
            sync.stop.cancel();
            // The slices that this stops report that they were interrupted.
            first_fault.get_or_insert(fault);
        }
    }
    match first_fault {
        Some(fault) => Err(fault),
        None if !open.is_empty() => Err(Fault::Interrupted),
        None => Ok(()),
    }
}
