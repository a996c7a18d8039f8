//! Syncs: by hand, on schedule, their progress and their end.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::model::schedule;
use crate::model::sync::{KindReport, Progress};
use crate::ui::app::effect::{Effect, Job, TaskId};
use crate::ui::app::model::{Asked, Entry, Model, Notice, SyncState};

/// While a sync runs, counts and rows on the screen are read anew no more often than this.
const REFRESH_EVERY: SignedDuration = SignedDuration::from_secs(2);

/// Starts a sync of this connection, unless one runs already or it is being removed.
pub fn start(model: &mut Model, name: &ConnectionName, full: bool) -> Vec<Effect> {
    begin(model, name, Job::Sync { connection: name.clone(), full })
}

/// Starts a sync of this connection that compares everything stored with the product, under the same conditions.
pub fn verify(model: &mut Model, name: &ConnectionName) -> Vec<Effect> {
    begin(model, name, Job::Verify(name.clone()))
}

fn begin(model: &mut Model, name: &ConnectionName, job: Job) -> Vec<Effect> {
    let is_removed = model.awaits(&Asked::Removal(name.clone()));
    if is_removed || model.entry(name).is_none_or(|entry| entry.sync.task.is_some()) {
        return Vec::new();
    }
    let verifies = matches!(job, Job::Verify(_));
    let (task, effect) = model.run(job);
    let now = model.now;
    if let Some(entry) = model.entry_mut(name) {
        let last = entry.sync.last.take();
        entry.sync = SyncState { task: Some(task), started_at: Some(now), verifies, last, ..SyncState::default() };
        entry.next_sync = None;
    }
    vec![effect]
}

/// Starts a sync of every connection.
pub fn start_all(model: &mut Model) -> Vec<Effect> {
    model.names().iter().flat_map(|name| start(model, name, false)).collect()
}

/// Asks the running sync of this connection to stop. It still commits what it has and tells so; until then it
/// counts as running, so that no other one begins beside it.
pub fn stop(model: &mut Model, name: &ConnectionName) -> Vec<Effect> {
    let sync = model.entry_mut(name).map(|entry| &mut entry.sync).filter(|sync| !sync.stopping);
    let task = sync.and_then(|sync| {
        sync.stopping = sync.task.is_some();
        sync.task
    });
    task.map(Effect::Cancel).into_iter().collect()
}

/// Time goes on. Where the clock was set back, the schedule goes back with it.
pub fn tick(model: &mut Model, now: Timestamp) -> Vec<Effect> {
    let before = std::mem::replace(&mut model.now, now);
    for entry in model.connections.value_mut().into_iter().flatten() {
        entry.next_sync = schedule::with_clock(entry.next_sync, before, now);
        entry.sync.started_at = schedule::with_clock(entry.sync.started_at, before, now);
    }
    start_due(model)
}

/// Starts whatever the schedule says is due.
pub fn start_due(model: &mut Model) -> Vec<Effect> {
    let planned = model.entries().iter().map(|entry| (&entry.connection.name, entry.next_sync));
    let due = schedule::due(planned, model.now);
    due.iter().flat_map(|name| start(model, name, false)).collect()
}

/// Takes in how far a sync is; now and then the counts and rows on the screen are read anew.
pub fn progress(model: &mut Model, task: TaskId, progress: Progress) -> Vec<Effect> {
    let now = model.now;
    let Some(entry) = running(model, task) else {
        return Vec::new();
    };
    entry.sync.progress.insert(progress.kind, progress);
    let name = entry.connection.name.clone();
    if model.awaits(&Asked::Summary(name.clone())) || !is_old(model, &name, now) {
        return Vec::new();
    }
    let mut effects = super::config::count(model, &name);
    effects.extend(super::connection::stored_more(model, &name));
    effects
}

fn is_old(model: &Model, name: &ConnectionName, now: Timestamp) -> bool {
    use crate::ui::app::remote::Remote;
    match model.entry(name).map(|entry| &entry.summary) {
        // Counts that could not be read are not asked for again and again.
        Some(Remote::Ready(_, since)) => now.duration_since(*since).abs() >= REFRESH_EVERY,
        _ => false,
    }
}

/// Takes in the end of a sync: counts are asked for anew, and the schedule goes on, not before the product
/// said it may, and not at all after a refused sign-in.
pub fn ended(model: &mut Model, task: TaskId, answer: Result<Arc<[KindReport]>, Fault>) -> Vec<Effect> {
    let (now, every) = (model.now, schedule::interval(&model.settings));
    let Some(entry) = running(model, task) else {
        return Vec::new();
    };
    let name = entry.connection.name.clone();
    let next = every.and_then(|every| schedule::next_due(answer.as_ref().map(|reports| &**reports), every, now));
    let SyncState { then_remove, verifies, .. } = entry.sync;
    let notice = if verifies { verified(&name, &answer) } else { None };
    entry.sync = SyncState { verifies, last: Some(answer), ..SyncState::default() };
    entry.next_sync = next.filter(|_| !entry.is_paused());
    if then_remove {
        return super::config::remove(model, name);
    }
    if notice.is_some() {
        model.notice = notice;
    }
    let mut effects = super::config::count(model, &name);
    effects.extend(super::connection::synced(model, &name));
    effects.extend(super::wizard::synced(model, &name));
    effects
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
pub fn next_tick(model: &Model) -> Option<Timestamp> {
    let entries = model.entries();
    let due = entries.iter().filter_map(|entry| entry.next_sync).min();
    let step = if model.is_syncing() {
        1
    } else if has_just_synced(model) {
        10
    } else {
        60
    };
    let seconds = model.now.as_second();
    let shown =
        (!entries.is_empty()).then(|| Timestamp::from_second(seconds - seconds.rem_euclid(step) + step).ok()).flatten();
    [due, shown].into_iter().flatten().min()
}

fn has_just_synced(model: &Model) -> bool {
    let ended = |entry: &Entry| Some(entry.summary.value()?.last_sync.as_ref()?.ended_at);
    let minute = SignedDuration::ZERO..SignedDuration::from_mins(1);
    model.entries().iter().filter_map(ended).any(|ended| minute.contains(&model.now.duration_since(ended)))
}

/// Whether this task is a sync.
pub fn is_sync(model: &Model, task: TaskId) -> bool {
    model.entries().iter().any(|entry| entry.sync.task == Some(task))
}

fn running(model: &mut Model, task: TaskId) -> Option<&mut Entry> {
    let name = model.entries().iter().find(|entry| entry.sync.task == Some(task))?.connection.name.clone();
    model.entry_mut(&name)
}
