//! Syncs: by hand, on schedule, their progress and their end.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::app::effect::{Effect, Job, TaskId};
use crate::app::model::{Entry, Model, SyncState};
use crate::model::connection::ConnectionName;
use crate::model::fault::{Fault, Retry};
use crate::model::sync::{KindReport, Progress};

/// The schedule's interval; `None` when it is switched off.
pub fn interval(model: &Model) -> Option<SignedDuration> {
    match model.settings.sync_every_minutes {
        0 => None,
        minutes => Some(SignedDuration::from_mins(i64::from(minutes))),
    }
}

/// Starts a sync of this connection, unless one runs already.
pub fn start(model: &mut Model, name: &ConnectionName, full: bool) -> Vec<Effect> {
    if model.entry(name).is_none_or(|entry| entry.sync.task.is_some()) {
        return Vec::new();
    }
    let (task, effect) = model.run(Job::Sync { connection: name.clone(), full });
    let now = model.now;
    if let Some(entry) = model.entry_mut(name) {
        let last = entry.sync.last.take();
        entry.sync = SyncState { task: Some(task), started_at: Some(now), last, ..SyncState::default() };
        entry.next_sync = None;
    }
    vec![effect]
}

/// Starts whatever the schedule says is due.
pub fn start_due(model: &mut Model) -> Vec<Effect> {
    let now = model.now;
    let is_due = |entry: &&Entry| entry.next_sync.is_some_and(|at| at <= now);
    let due: Vec<_> = model.entries().iter().filter(is_due).map(|entry| entry.connection.name.clone()).collect();
    due.iter().flat_map(|name| start(model, name, false)).collect()
}

/// Takes in how far a sync is.
pub fn progress(model: &mut Model, task: TaskId, progress: Progress) -> Vec<Effect> {
    if let Some(entry) = running(model, task) {
        entry.sync.progress.insert(progress.kind, progress);
    }
    Vec::new()
}

/// Takes in the end of a sync: counts are asked for anew, and the schedule goes on, not before the product
/// said it may.
pub fn ended(model: &mut Model, task: TaskId, answer: Result<Arc<[KindReport]>, Fault>) -> Vec<Effect> {
    let (now, every) = (model.now, interval(model));
    let Some(entry) = running(model, task) else {
        return Vec::new();
    };
    let name = entry.connection.name.clone();
    let pause = every.map(|every| every.max(told_to_wait(&answer)));
    entry.sync = SyncState { last: Some(answer), ..SyncState::default() };
    entry.next_sync = pause.and_then(|pause| now.checked_add(pause).ok());
    let mut effects = vec![model.run(Job::LoadSummary(name.clone())).1];
    effects.extend(super::connection::synced(model, &name));
    effects.extend(super::wizard::synced(model, &name));
    effects
}

/// When the screens next change by time alone: the schedule, a countdown, or the next whole minute.
pub fn next_tick(model: &Model) -> Option<Timestamp> {
    let entries = model.entries();
    let due = entries.iter().filter_map(|entry| entry.next_sync).min();
    let step = if model.is_syncing() { 1 } else { 60 };
    let seconds = model.now.as_second();
    let shown =
        (!entries.is_empty()).then(|| Timestamp::from_second(seconds - seconds.rem_euclid(step) + step).ok()).flatten();
    [due, shown].into_iter().flatten().min()
}

fn told_to_wait(answer: &Result<Arc<[KindReport]>, Fault>) -> SignedDuration {
    let of = |fault: &Fault| match fault.retry() {
        Retry::After(seconds) => SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX)),
        Retry::No | Retry::Yes => SignedDuration::ZERO,
    };
    match answer {
        Err(fault) => of(fault),
        Ok(reports) => {
            reports.iter().filter_map(|report| report.fault.as_ref()).map(of).max().unwrap_or(SignedDuration::ZERO)
        }
    }
}

fn running(model: &mut Model, task: TaskId) -> Option<&mut Entry> {
    let name = model.entries().iter().find(|entry| entry.sync.task == Some(task))?.connection.name.clone();
    model.entry_mut(&name)
}
