//! The first sync of the connection that was just saved.

use super::in_front;
use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::ui::app::effect::Effect;
use crate::ui::app::model::Model;
use crate::ui::app::update::{config, connection, dashboard, sync};
use crate::ui::app::wizard::{FirstSync, Wizard};

/// Reads the config anew, for the connection that was saved into it.
pub fn read_config(model: &mut Model) -> Vec<Effect> {
    config::load(model)
}

/// The config was read: if the saved connection is in it, its first sync starts.
pub fn configured(model: &mut Model) -> Vec<Effect> {
    let Some(waiting) = waiting(model).filter(|first| model.entry(&first.name).is_some()) else {
        return Vec::new();
    };
    if waiting.signed_out {
        stand_signed_out(model, &waiting.name);
        return Vec::new();
    }
    if let Some(first_sync) = in_front(model).and_then(|wizard| wizard.first_sync.as_mut()) {
        first_sync.started = true;
    }
    sync::start(model, &waiting.name, false)
}

/// Shows a connection as signed out, before a sync finds that out.
fn stand_signed_out(model: &mut Model, name: &ConnectionName) {
    if let Some(entry) = model.entry_mut(name) {
        entry.sync.last = Some(Err(Fault::SignedOut { connection: name.to_string() }));
        entry.next_sync = None;
    }
}

/// Tries again what failed: reading the config, or the sync.
pub fn again(model: &mut Model) -> Vec<Effect> {
    match in_front(model).and_then(|wizard| wizard.first_sync.clone()) {
        Some(first_sync) if first_sync.started => sync::start(model, &first_sync.name, false),
        Some(_) => read_config(model),
        None => Vec::new(),
    }
}

/// To the dashboard, the new connection in focus. The sync goes on.
pub fn finish(model: &mut Model) -> Vec<Effect> {
    let mut effects = super::drop_late_draft(model);
    effects.extend(stop(model));
    if let Some(name) = in_front(model).and_then(|wizard| wizard.name()) {
        dashboard::open(model, &name);
    }
    effects
}

/// To the saved connection's checklist, which shows what the product still lacks. The sync goes on.
pub fn to_checklist(model: &mut Model) -> Vec<Effect> {
    let mut effects = super::drop_late_draft(model);
    effects.extend(stop(model));
    if let Some(name) = in_front(model).and_then(|wizard| wizard.name()) {
        effects.extend(connection::open_checklist(model, &name));
    }
    effects
}

fn stop(model: &mut Model) -> Vec<Effect> {
    in_front(model).map(Wizard::stop).unwrap_or_default().into_iter().map(Effect::Cancel).collect()
}

fn waiting(model: &mut Model) -> Option<FirstSync> {
    in_front(model)?.first_sync.clone().filter(|first_sync| !first_sync.started)
}

impl Wizard {
    /// Whether the first sync, or what comes before it, ended in a way that can be tried again.
    pub fn can_sync_again(&self, model: &Model) -> bool {
        let Some(first_sync) = self.first_sync.as_ref().filter(|saved| !saved.signed_out) else {
            return false;
        };
        match model.entry(&first_sync.name) {
            None => model.connections.fault().is_some() || model.connections.value().is_some(),
            Some(entry) => entry.sync.task.is_none() && has_fault(entry.sync.last.as_ref()),
        }
    }
}

type Last<'a> = Option<&'a Result<std::sync::Arc<[crate::model::sync::KindReport]>, crate::model::fault::Fault>>;

fn has_fault(last: Last<'_>) -> bool {
    match last {
        Some(Ok(reports)) => reports.iter().any(|report| report.fault.is_some() || !report.complete),
        Some(Err(_)) => true,
        None => false,
    }
}
