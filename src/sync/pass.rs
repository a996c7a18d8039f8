//! One pass: its plan, its slices, and the comparison of the rows received with the count.

use std::collections::VecDeque;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::kind_sync::{self, KindSync};
use super::{Run, columns, fetch, plan, sweep};
use crate::model::fault::{Fault, Retry};
use crate::model::finding::SyncFinding;
use crate::model::summary::CLOCK_SLACK;
use crate::model::sync::Window;
use crate::store::{FeedNotes, Plan, Slice, SyncState};

/// A watermark further in the future than this was written with a wrong clock.
const FUTURE: SignedDuration = SignedDuration::from_mins(15);

/// A pass that reached its end.
pub struct Passed {
    /// Whether it read the whole scope.
    pub whole: bool,
    /// Rows that were counted but not shown.
    pub hidden: u64,
    /// Everything changed up to here is stored.
    pub watermark: Timestamp,
    /// Whether it continued a run whose newest slice was complete already.
    was_done: bool,
    /// The finding that fewer rows came than were counted.
    pub incomplete: Option<SyncFinding>,
}

/// A plan and its circumstances.
struct Taken {
    plan: Plan,
    /// Whether it is new and reads the whole scope.
    whole: bool,
    /// The exact number of rows in its scope, counted just now.
    counted: Option<u64>,
    /// Whether it continues a run whose last slice was complete already.
    was_done: bool,
    /// Whether it was made by this machine's clock, before the product's time was known.
    by_our_clock: bool,
}

/// Fetches the changes, or everything. If hidden columns are visible again, everything is fetched once more, since rows
/// stored in the meantime lack them.
///
/// # Errors
/// What stopped it.
pub async fn follow(run: &Arc<Run>, sync: &Arc<KindSync>) -> Result<Passed, Fault> {
    let notes = run.job.store.feed_notes(&run.job.connection.name, sync.kind).await?;
    if notes.totals_lie {
        sync.totals.lied();
    }
    let damaged = notes.damaged.iter().cloned().collect();
    sync.sights.begin(notes);
    sweep::read_again(run, sync, damaged).await;
    columns::ask_again(run, sync).await?;
    let mut passed = pass(run, sync, run.job.full).await?;
    if passed.was_done {
        // The run before was cut off after its last page, so nothing newer was requested yet.
        passed = pass(run, sync, false).await?;
    }
    if passed.whole || sync.sights.recovered().is_empty() {
        return Ok(passed);
    }
    tracing::info!(kind = sync.kind.id(), "columns are shown again: everything is fetched once more");
    pass(run, sync, true).await
}

/// Stores what this run learned about columns and totals. Returns the findings for the admin.
pub async fn close(run: &Run, sync: &KindSync, whole: bool) -> Vec<SyncFinding> {
    let notes = FeedNotes { damaged: sync.damaged_ids(), ..sync.sights.notes(whole, sync.totals.lie()) };
    let mut findings = run.job.noticed.clone();
    findings.extend(columns::finding(run, sync.kind, &notes.hidden));
    if let Err(fault) = run.job.store.set_feed_notes(&run.job.connection.name, sync.kind, notes).await {
        tracing::warn!(code = fault.code(), "what was seen of the columns was not noted");
    }
    findings.extend(sync.odd_rows());
    let differs = run.clock_ahead().filter(|ahead| ahead.abs() > CLOCK_SLACK);
    findings.extend(differs.map(|ahead| SyncFinding::ClockDiffers { seconds: ahead.as_secs() }));
    let noticed = run.job.partner.findings();
    findings.extend(noticed.into_iter().filter(|found| found.kind().is_none_or(|about| about == sync.kind)));
    findings
}

/// The rows of a plan that stayed hidden.
pub fn hidden(plan: &Plan) -> u64 {
    plan.slices.iter().map(|slice| slice.checkpoint.hidden).sum()
}

async fn pass(run: &Arc<Run>, sync: &Arc<KindSync>, full: bool) -> Result<Passed, Fault> {
    let taken = take_up(run, sync, full).await?;
    if taken.counted.is_some() {
        sync.totals.will_be_checked();
    }
    let mut before = sync.came();
    walk(run, sync, &taken.plan).await?;
    let mut hidden = hidden_now(run, sync).await?;
    if taken.counted.is_some_and(|counted| sync.came() - before + hidden < counted) && sync.totals.relied_unproven() {
        // The totals were the pages' own lengths. From now on only an empty page ends a slice.
        sync.totals.lied();
        before = sync.came();
        run.job.store.begin_plan(&run.job.connection.name, sync.kind, taken.plan.clone(), true).await?;
        walk(run, sync, &taken.plan).await?;
        hidden = hidden_now(run, sync).await?;
    }
    let came = sync.came() - before;
    if let Some(counted) = taken.counted.filter(|_| came == 0 || sync.totals.lie()) {
        hidden = hidden.min(counted.saturating_sub(came));
    }
    // Hidden rows are reported as such; then the two counts need not be equal.
    let incomplete = if hidden > 0 || sync.saw_blank() { None } else { compare(run, sync, &taken, came).await? };
    if taken.counted.is_some_and(|counted| came >= counted) {
        sync.sights.prove(run.now());
    }
    let watermark = finish(run, sync, &taken, hidden).await?;
    Ok(Passed { whole: taken.whole, hidden, watermark, was_done: taken.was_done, incomplete })
}

async fn walk(run: &Arc<Run>, sync: &Arc<KindSync>, plan: &Plan) -> Result<(), Fault> {
    let open: VecDeque<Slice> = plan.slices.iter().filter(|slice| !slice.checkpoint.done).cloned().collect();
    sync.follow(open.len() == 1);
    kind_sync::sync_slices(run, sync, open).await
}

async fn hidden_now(run: &Run, sync: &KindSync) -> Result<u64, Fault> {
    let state = run.job.store.sync_state(&run.job.connection.name, sync.kind).await?;
    Ok(state.plan.as_ref().map_or(0, hidden))
}

/// Compares the rows received with the count at the start. Rows may have been deleted since, so they are counted again
/// before a difference is reported.
async fn compare(run: &Run, sync: &KindSync, taken: &Taken, came: u64) -> Result<Option<SyncFinding>, Fault> {
    let Some(counted) = taken.counted.filter(|counted| came < *counted) else { return Ok(None) };
    sync.count_request();
    let window = Window { from: taken.plan.from, before: None };
    let again = fetch::unless(&sync.stop, run.job.partner.count(sync.kind, window)).await?;
    let counted = again.unwrap_or(counted).min(counted);
    Ok((came < counted).then_some(SyncFinding::Incomplete { kind: sync.kind, counted, came }))
}

/// Closes the plan: stores the new watermark together with the gap.
async fn finish(run: &Run, sync: &KindSync, taken: &Taken, hidden: u64) -> Result<Timestamp, Fault> {
    let (store, name) = (&run.job.store, &run.job.connection.name);
    let state = store.sync_state(name, sync.kind).await?;
    let gone = || Fault::Internal { what: "the plan of the sync is gone".to_owned() };
    let mut plan = state.plan.ok_or_else(gone)?;
    if let Some(ahead) = run.clock_ahead().filter(|_| taken.by_our_clock) {
        plan.planned_at = plan.planned_at.checked_add(ahead).unwrap_or(plan.planned_at);
    }
    plan.planned_at = plan.planned_at.min(run.now());
    let watermark = plan::watermark(state.watermark, &plan, run.now());
    let swept = run.job.partner.sweep().is_some();
    let gap = sweep::gap_after(state.gap, sync.signs(hidden), state.watermark.is_none(), swept, run.now());
    store.finish_plan(name, sync.kind, watermark, gap).await?;
    Ok(watermark)
}

/// The unfinished plan, or a new one.
async fn take_up(run: &Run, sync: &KindSync, full: bool) -> Result<Taken, Fault> {
    let (job, name) = (&run.job, &run.job.connection.name);
    let state = job.store.sync_state(name, sync.kind).await?;
    if !full && !run.knows_clock() && is_odd(run, &state) {
        // Any reply tells the product's time.
        expect(run, sync, plan::scope_from(run.now(), job.connection.sync_days)).await?;
    }
    let by_our_clock = !run.knows_clock();
    let late = |at: Timestamp| at.duration_since(run.now()) > FUTURE;
    let (plan, counted, whole) = match state {
        SyncState { plan: Some(plan), watermark, .. } if !full && !late(plan.planned_at) => {
            if watermark.is_some() {
                sync.note_resumed();
            }
            let newest = |slice: &&Slice| slice.window.before.is_none();
            let was_done = plan.slices.iter().filter(newest).all(|slice| slice.checkpoint.done);
            return Ok(Taken { plan, whole: false, counted: None, was_done, by_our_clock: false });
        }
        SyncState { watermark: Some(watermark), .. } if !full && !late(watermark) => {
            sync.expect_again(state.newest.clone());
            let (now, overlap) = (run.now(), job.settings.overlap.max(job.partner.overlap()));
            let from = plan::scope_from(now, job.connection.sync_days);
            (plan::increment(watermark, from, &state, now, overlap), None, false)
        }
        state => {
            if state.newest.is_some() {
                sync.note_full();
            }
            let (from, rows) = count_scope(run, sync).await?;
            (plan::whole(from, run.now(), rows, &job.settings), rows.filter(|_| job.partner.counts_exactly()), true)
        }
    };
    job.store.begin_plan(name, sync.kind, plan.clone(), whole).await?;
    Ok(Taken { plan, whole, counted, was_done: false, by_our_clock })
}

/// Whether the stored times suggest that this machine's clock is wrong: they are in the future, or the scope seems to begin
/// much earlier than the stored one. The product's time then decides.
fn is_odd(run: &Run, state: &SyncState) -> bool {
    let (now, days) = (run.now(), run.job.connection.sync_days);
    let planned = state.plan.as_ref().map(|plan| plan.planned_at);
    let ahead = state.watermark.into_iter().chain(planned).any(|at| at.duration_since(now) > FUTURE);
    ahead || state.scope_from.is_some_and(|stored| plan::extends(stored, plan::scope_from(now, days)))
}

/// Where the scope begins by the product's time, and how many rows it holds.
async fn count_scope(run: &Run, sync: &KindSync) -> Result<(Timestamp, Option<u64>), Fault> {
    let from = || plan::scope_from(run.now(), run.job.connection.sync_days);
    let first = from();
    let rows = expect(run, sync, first).await?;
    // The reply told the product's time. If it differs from ours, the wrong span was counted.
    if from().duration_since(first).abs() <= SignedDuration::from_mins(1) {
        return Ok((first, rows));
    }
    let from = from();
    Ok((from, expect(run, sync, from).await?))
}

/// How many rows the scope holds, for the slices and the progress bar. The sync goes on without a count, unless the fault
/// would stop it anyway.
async fn expect(run: &Run, sync: &KindSync, from: Timestamp) -> Result<Option<u64>, Fault> {
    sync.count_request();
    let window = Window { from, before: None };
    let counted = fetch::unless(&sync.stop, run.job.partner.count(sync.kind, window)).await?;
    match counted {
        Ok(rows) => {
            sync.expect(run, rows);
            Ok(Some(rows))
        }
        Err(fault) if fault.retry() == Retry::No && fault.exit_code() == 3 => Err(fault),
        Err(fault) => {
            tracing::info!(kind = sync.kind.id(), code = fault.code(), "the scope could not be counted");
            Ok(None)
        }
    }
}
