//! The connections and their counts.

use crate::model::connection::{Connection, ConnectionName};
use crate::model::fault::Fault;
use crate::model::schedule::{self, LastSync};
use crate::model::settings::Settings;
use crate::model::summary::Summary;
use crate::ui::app::effect::{Effect, Job, TaskId};
use crate::ui::app::model::{Asked, Entry, Model, Notice, Screen, SyncState};
use crate::ui::app::remote::Remote;

/// Asks for the config file.
pub fn load(model: &mut Model) -> Vec<Effect> {
    model.connections.ask();
    model.ask(Asked::Config, Job::LoadConfig)
}

/// Takes in the config file: entries that were there keep what they show, syncs of those that are gone are
/// stopped, and all counts are asked for anew. An answer that a newer question has overtaken is ignored.
pub fn loaded(model: &mut Model, task: TaskId, answer: Result<(Settings, Vec<Connection>), Fault>) -> Vec<Effect> {
    if is_late(model, task, &Asked::Config) {
        return Vec::new();
    }
    let answer = answer.map(|(settings, connections)| {
        let same_schedule = settings.sync_every_minutes == model.settings.sync_every_minutes;
        model.settings = settings;
        connections.into_iter().map(|connection| entry(model, connection, same_schedule)).collect()
    });
    let (now, before) = (model.now, running(model));
    model.connections.settle(answer, now);
    let after = running(model);
    let mut effects: Vec<_> = before.into_iter().filter(|task| !after.contains(task)).map(Effect::Cancel).collect();
    effects.extend(leave_what_is_gone(model));
    effects.extend(model.names().into_iter().flat_map(|name| count(model, &name)).collect::<Vec<_>>());
    super::dashboard::settle_focus(model);
    effects
}

fn running(model: &Model) -> Vec<TaskId> {
    model.entries().iter().filter_map(|entry| entry.sync.task).collect()
}

fn entry(model: &Model, connection: Connection, same_schedule: bool) -> Entry {
    match model.entry(&connection.name) {
        Some(known) => {
            let next_sync = known.next_sync.filter(|_| same_schedule);
            Entry { connection, next_sync, ..known.clone() }
        }
        None => Entry { connection, summary: Remote::Loading, sync: SyncState::default(), next_sync: None },
    }
}

fn leave_what_is_gone(model: &mut Model) -> Vec<Effect> {
    let gone = |name: &ConnectionName| model.connections.value().is_some() && model.entry(name).is_none();
    match &model.screen {
        Screen::Connection(screen) if gone(&screen.name) => super::connection::leave(model),
        _ => Vec::new(),
    }
}

/// Asks for a connection's counts.
pub fn count(model: &mut Model, name: &ConnectionName) -> Vec<Effect> {
    model.ask(Asked::Summary(name.clone()), Job::LoadSummary(name.clone()))
}

/// Takes in counts, and from the first ones on knows when the schedule syncs next.
pub fn summary(
    model: &mut Model,
    task: TaskId,
    name: &ConnectionName,
    answer: Result<Box<Summary>, Fault>,
) -> Vec<Effect> {
    if is_late(model, task, &Asked::Summary(name.clone())) {
        return Vec::new();
    }
    let now = model.now;
    let is_removed = model.awaits(&Asked::Removal(name.clone()));
    let every = schedule::interval(&model.settings).filter(|_| !is_removed);
    if let Some(entry) = model.entry_mut(name) {
        entry.summary.settle(answer.map(|summary| *summary), now);
        if entry.next_sync.is_none() && entry.sync.task.is_none() && !entry.is_paused() {
            entry.next_sync = every.and_then(|every| schedule::first_due(last_sync(entry), every, now));
        }
    }
    super::sync::start_due(model)
}

fn last_sync(entry: &Entry) -> LastSync {
    match &entry.summary {
        Remote::Ready(summary, _) => {
            summary.last_sync.as_ref().map_or(LastSync::Never, |sync| LastSync::Ended(sync.ended_at))
        }
        _ => LastSync::Unknown,
    }
}

/// Removes a connection with everything it holds; a sync of it is stopped first, and its end awaited, or it
/// would store rows behind the removal's back.
pub fn remove(model: &mut Model, name: ConnectionName) -> Vec<Effect> {
    let Some(entry) = model.entry_mut(&name) else {
        return Vec::new();
    };
    entry.next_sync = None;
    if entry.sync.task.is_some() {
        entry.sync.then_remove = true;
        return super::sync::stop(model, &name);
    }
    model.ask(Asked::Removal(name.clone()), Job::RemoveConnection(name))
}

/// Takes in the end of a removal. What stands in the config file now is read anew, however it ended.
pub fn removed(model: &mut Model, name: ConnectionName, answer: Result<(), Fault>) -> Vec<Effect> {
    model.notice = Some(match answer {
        Ok(()) => Notice::Removed(name),
        Err(fault) => Notice::Fault(fault),
    });
    load(model)
}

/// An answer is late when a newer question for the same has been asked; the answered one is ticked off.
fn is_late(model: &mut Model, task: TaskId, asked: &Asked) -> bool {
    model.asked.remove(&task);
    model.asked.iter().any(|(newer, other)| *newer > task && other == asked)
}
