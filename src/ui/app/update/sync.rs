//! Syncs: by hand, on schedule, their progress and their end.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::model::schedule;
use crate::model::sync::{KindReport, Progress};
use crate::ui::app::ctx::Ctx;
use crate::ui::app::effect::{Effect, Job, TaskId};
use crate::ui::app::model::{Asked, Entry, Facts, Notice, SyncState};
use crate::ui::app::news::News;

/// While a sync runs, counts and rows on the screen are read again no more often than this.
const REFRESH_EVERY: SignedDuration = SignedDuration::from_secs(2);

/// Starts a sync of this connection, unless one runs already or it is being removed.
pub fn start(ctx: &mut Ctx<'_>, name: &ConnectionName, full: bool) {
    begin(ctx, name, Job::Sync { connection: name.clone(), full });
}

/// Starts a sync of this connection that compares everything stored with the product, under the same conditions.
pub fn verify(ctx: &mut Ctx<'_>, name: &ConnectionName) {
    begin(ctx, name, Job::Verify(name.clone()));
}

fn begin(ctx: &mut Ctx<'_>, name: &ConnectionName, job: Job) {
    let is_removed = ctx.facts.awaits(&Asked::Removal(name.clone()));
    if is_removed || ctx.facts.entry(name).is_none_or(|entry| entry.sync.task.is_some()) {
        return;
    }
    let verifies = matches!(job, Job::Verify(_));
    let task = ctx.ask(Asked::Sync(name.clone()), job);
    let now = ctx.facts.now;
    if let Some(entry) = ctx.facts.entry_mut(name) {
        let last = entry.sync.last.take();
        entry.sync = SyncState { task: Some(task), started_at: Some(now), verifies, last, ..SyncState::default() };
        entry.next_sync = None;
    }
}

/// Starts a sync of every connection.
pub fn start_all(ctx: &mut Ctx<'_>) {
    ctx.facts.names().iter().for_each(|name| start(ctx, name, false));
}

/// Asks the running sync of this connection to stop. It still commits what it has and tells so; until then it
/// counts as running, so that no other one begins beside it.
pub fn stop(ctx: &mut Ctx<'_>, name: &ConnectionName) {
    let Some(sync) = ctx.facts.entry_mut(name).map(|entry| &mut entry.sync).filter(|sync| !sync.stopping) else {
        return;
    };
    sync.stopping = sync.task.is_some();
    if let Some(task) = sync.task {
        // Its end is still waited for.
        ctx.effect(Effect::Cancel(task));
    }
}

/// Time goes on. Where the clock was set back, the schedule goes back with it.
pub fn tick(ctx: &mut Ctx<'_>, now: Timestamp) {
    let before = std::mem::replace(&mut ctx.facts.now, now);
    for entry in ctx.facts.connections.value_mut().into_iter().flatten() {
        entry.next_sync = schedule::with_clock(entry.next_sync, before, now);
        entry.sync.started_at = schedule::with_clock(entry.sync.started_at, before, now);
    }
    start_due(ctx);
    super::alerts::start_due(ctx);
}

/// Starts whatever the schedule says is due.
pub fn start_due(ctx: &mut Ctx<'_>) {
    let planned = ctx.facts.entries().iter().map(|entry| (&entry.connection.name, entry.next_sync));
    let due = schedule::due(planned, ctx.facts.now);
    due.iter().for_each(|name| start(ctx, name, false));
}

/// Takes in how far a sync is; now and then the counts and rows on the screen are read again.
pub fn progress(ctx: &mut Ctx<'_>, task: TaskId, progress: Progress) {
    let now = ctx.facts.now;
    let Some(entry) = running(ctx.facts, task) else {
        return;
    };
    entry.sync.progress.insert(progress.kind, progress);
    let name = entry.connection.name.clone();
    if ctx.facts.awaits(&Asked::Summary(name.clone())) || !is_old(ctx.facts, &name, now) {
        return;
    }
    super::config::count(ctx, &name);
    ctx.tell(News::StoredMore(name));
}

fn is_old(facts: &Facts, name: &ConnectionName, now: Timestamp) -> bool {
    use crate::ui::app::remote::Remote;
    match facts.entry(name).map(|entry| &entry.summary) {
        // Counts that could not be read are not asked for again and again.
        Some(Remote::Ready(_, since)) => now.duration_since(*since).abs() >= REFRESH_EVERY,
        _ => false,
    }
}

/// Takes in the end of a sync: counts are asked for again, and the schedule goes on, not before the product
/// said it may, and not at all after a refused sign-in.
pub fn ended(ctx: &mut Ctx<'_>, task: TaskId, answer: Result<Arc<[KindReport]>, Fault>) {
    let (now, every) = (ctx.facts.now, schedule::interval(&ctx.facts.settings));
    let Some(entry) = running(ctx.facts, task) else {
        return;
    };
    let name = entry.connection.name.clone();
    let next = every.and_then(|every| schedule::next_due(answer.as_ref().map(|reports| &**reports), every, now));
    let SyncState { then_remove, verifies, .. } = entry.sync;
    let notice = if verifies { verified(&name, &answer) } else { None };
    entry.sync = SyncState { verifies, last: Some(answer), ..SyncState::default() };
    entry.next_sync = next.filter(|_| !entry.is_paused());
    if then_remove {
        return super::config::remove(ctx, name);
    }
    if notice.is_some() {
        ctx.facts.notice = notice;
    }
    super::config::count(ctx, &name);
    super::config::read_workspaces(ctx);
    ctx.tell(News::Synced(name));
}

/// What there is to tell of a verification that ended: what it found, or why a kind could not be verified.
fn verified(name: &ConnectionName, answer: &Result<Arc<[KindReport]>, Fault>) -> Option<Notice> {
    let reports = match answer {
        Ok(reports) => reports,
        Err(Fault::Interrupted) => return None,
        Err(fault) => return Some(Notice::Fault(fault.clone())),
    };
    let fault = reports.iter().find_map(|report| report.fault.as_ref().or(report.sweep_fault.as_ref()));
    match fault {
        Some(Fault::Interrupted) => return None,
        Some(fault) => return Some(Notice::Fault(fault.clone())),
        None => {}
    }
    let found: Vec<_> = reports.iter().filter_map(|report| Some((report.kind, report.sweep.clone()?))).collect();
    if found.is_empty() {
        Some(Notice::NotVerifiable(name.clone()))
    } else {
        Some(Notice::Verified(name.clone(), found))
    }
}

/// When the screens next change by time alone: the schedule, a countdown, what is told in seconds while a sync
/// is less than a minute old, or the next whole minute.
pub fn next_tick(facts: &Facts) -> Option<Timestamp> {
    let entries = facts.entries();
    let due = entries.iter().filter_map(|entry| entry.next_sync).min();
    let syncs = if facts.is_syncing() {
        1
    } else if has_just_synced(facts) {
        10
    } else {
        60
    };
    let step = facts.workspaces.ticks(facts.now).map_or(syncs, |seconds| seconds.min(syncs));
    let seconds = facts.now.as_second();
    let shown =
        (!entries.is_empty()).then(|| Timestamp::from_second(seconds - seconds.rem_euclid(step) + step).ok()).flatten();
    [due, shown].into_iter().flatten().min()
}

fn has_just_synced(facts: &Facts) -> bool {
    let ended = |entry: &Entry| Some(entry.summary.value()?.last_sync.as_ref()?.ended_at);
    let minute = SignedDuration::ZERO..SignedDuration::from_mins(1);
    facts.entries().iter().filter_map(ended).any(|ended| minute.contains(&facts.now.duration_since(ended)))
}

fn running(facts: &mut Facts, task: TaskId) -> Option<&mut Entry> {
    facts.connections.value_mut()?.iter_mut().find(|entry| entry.sync.task == Some(task))
}
