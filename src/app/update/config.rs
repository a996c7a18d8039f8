//! The connections and their counts.

use crate::app::effect::{Effect, Job};
use crate::app::model::{Entry, Model, SyncState};
use crate::app::remote::Remote;
use crate::model::connection::{Connection, ConnectionName};
use crate::model::fault::Fault;
use crate::model::settings::Settings;
use crate::model::summary::Summary;

/// Asks for the config file.
pub fn load(model: &mut Model) -> Vec<Effect> {
    model.connections.ask();
    vec![model.run(Job::LoadConfig).1]
}

/// Takes in the config file: entries that were there keep what they show; all counts are asked for anew.
pub fn loaded(model: &mut Model, answer: Result<(Settings, Vec<Connection>), Fault>) -> Vec<Effect> {
    let answer = answer.map(|(settings, connections)| {
        model.settings = settings;
        connections.into_iter().map(|connection| entry(model, connection)).collect()
    });
    let now = model.now;
    model.connections.settle(answer, now);
    let names = model.names();
    names.into_iter().map(|name| model.run(Job::LoadSummary(name)).1).collect()
}

fn entry(model: &Model, connection: Connection) -> Entry {
    match model.entry(&connection.name) {
        Some(known) => Entry { connection, ..known.clone() },
        None => Entry { connection, summary: Remote::Loading, sync: SyncState::default(), next_sync: None },
    }
}

/// Takes in counts, and from the first ones on knows when the schedule syncs next.
pub fn summary(model: &mut Model, name: &ConnectionName, answer: Result<Box<Summary>, Fault>) -> Vec<Effect> {
    let now = model.now;
    let every = super::sync::interval(model);
    if let Some(entry) = model.entry_mut(name) {
        entry.summary.settle(answer.map(|summary| *summary), now);
        if entry.next_sync.is_none() && entry.sync.task.is_none() {
            let last = entry.summary.value().and_then(|summary| summary.last_sync.as_ref()).map(|sync| sync.ended_at);
            entry.next_sync =
                every.map(|every| last.map_or(now, |last| last.saturating_add(every).unwrap_or(now).max(now)));
        }
    }
    super::sync::start_due(model)
}
