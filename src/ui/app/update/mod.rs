//! How messages change the model. One file a screen; what every screen shares stands here.

mod config;
pub mod connection;
pub mod dashboard;
mod deploy;
mod general;
mod passphrase;
mod sync;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
pub mod wizard;

use super::action::Action;
use super::deploy::DeployAction;
use super::effect::{Effect, TaskId};
use super::keymap;
use super::message::{Event, Message, Outcome};
use super::model::{Asked, Model, Notice, Screen};
use crate::model::connection::Connection;
use crate::model::fault::Fault;
use crate::model::form::LONGEST;
use crate::model::settings::Settings;

/// What to do first.
pub fn start(model: &mut Model) -> Vec<Effect> {
    config::load(model)
}

/// Takes in one message; the effects are to be done in order.
pub fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    model.dirty = true;
    match message {
        Message::Key(key) => {
            (model.notice, model.passphrase_declined) = (None, false);
            keymap::action(model, key).map(|action| act(model, action)).unwrap_or_default()
        }
        Message::Paste(text) => paste(model, text.expose()),
        Message::Scroll(lines) => scroll(model, lines),
        Message::Resize(columns, rows) => {
            model.size = (columns, rows);
            resized(model)
        }
        Message::Tick(now) => sync::tick(model, now),
        Message::Passphrase(question) => passphrase::asked(model, question),
        Message::Event(task, event) => happened(model, task, event),
        Message::Outcome(task, outcome) => settle(model, task, outcome),
        Message::Terminate(code) => general::leave(model, code),
        Message::Suspend => vec![Effect::Suspend],
        Message::Resume => vec![Effect::Resume],
    }
}

/// Does what was asked for.
pub fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Dashboard(action) => dashboard::act(model, action),
        Action::Connection(action) => connection::act(model, action),
        Action::Wizard(action) => wizard::act(model, action),
        Action::OpenDeploy => deploy::open(model),
        Action::Deploy(action) => deploy::act(model, action),
        Action::Passphrase(action) => passphrase::act(model, action),
        Action::Redraw => vec![Effect::Redraw],
        Action::Back => general::back(model),
        Action::Quit => general::quit(model, 0),
        Action::Interrupt => general::quit(model, 130),
        Action::Suspend => vec![Effect::Suspend],
        Action::Help => general::help(model),
        Action::Command => general::command(model),
        Action::Mouse => general::mouse(model),
        Action::Confirm => general::confirm(model),
        Action::ScrollOverlay(lines) => general::scroll_overlay(model, lines),
    }
}

/// When the model wants the next tick, for what changes by time alone; `None` when nothing does.
pub fn next_tick(model: &Model) -> Option<jiff::Timestamp> {
    sync::next_tick(model)
}

fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    if model.overlay.is_some() {
        return Vec::new();
    }
    let count = text.chars().count();
    if count > LONGEST {
        model.notice = Some(Notice::PasteRefused(count));
        return Vec::new();
    }
    if let Some(dialog) = &mut model.passphrase {
        dialog.paste(text);
        return Vec::new();
    }
    if deploy::paste(model, text) {
        return Vec::new();
    }
    match &model.screen {
        Screen::Dashboard(_) => Vec::new(),
        Screen::Connection(_) => connection::paste(model, text),
        Screen::Wizard(_) => wizard::paste(model, text),
    }
}

fn scroll(model: &mut Model, lines: i32) -> Vec<Effect> {
    if model.overlay.is_some() {
        return general::scroll_overlay(model, i16::try_from(lines).unwrap_or_default());
    }
    if model.passphrase.is_some() {
        return Vec::new();
    }
    if model.deploy_in_front().is_some() {
        return deploy::act(model, DeployAction::Scroll(lines as isize));
    }
    match &model.screen {
        Screen::Dashboard(_) => dashboard::scroll(model, lines),
        Screen::Connection(_) => connection::scroll(model, lines),
        Screen::Wizard(_) => Vec::new(),
    }
}

fn resized(model: &mut Model) -> Vec<Effect> {
    match &model.screen {
        Screen::Dashboard(_) => dashboard::resized(model),
        Screen::Connection(_) => connection::resized(model),
        Screen::Wizard(_) => Vec::new(),
    }
}

/// Takes in what a task tells while it goes on.
fn happened(model: &mut Model, task: TaskId, event: Event) -> Vec<Effect> {
    match event {
        Event::Progress(progress) => return sync::progress(model, task, progress),
        Event::Rotating(step) => connection::rotating(model, task, step),
        Event::ChecklistItem(item) => match &model.screen {
            Screen::Dashboard(_) => {}
            Screen::Connection(_) => connection::saw(model, task, *item),
            Screen::Wizard(_) => wizard::saw(model, task, *item),
        },
    }
    Vec::new()
}

/// Outcomes that belong to the whole program are taken in here, the others by the screen in front; what a
/// screen no longer waits for it ignores.
fn settle(model: &mut Model, task: TaskId, outcome: Outcome) -> Vec<Effect> {
    if let Outcome::Confirmed(Err(fault)) | Outcome::Withdrawn(Err(fault)) = &outcome {
        // Whoever said it may have left the screen since.
        model.notice = Some(Notice::Fault(fault.clone()));
    }
    match outcome {
        Outcome::Config(answer) => configured(model, task, answer),
        Outcome::Summary(name, answer) => config::summary(model, task, &name, answer),
        Outcome::Synced(answer) => sync::ended(model, task, answer),
        Outcome::Failed(fault) if sync::is_sync(model, task) => sync::ended(model, task, Err(fault)),
        Outcome::Failed(fault) if model.asked.contains_key(&task) => asked_failed(model, task, fault),
        Outcome::Saved(answer) if model.asked.contains_key(&task) => asked_saved(model, task, answer),
        Outcome::Deployment(answer) => {
            deploy::written(model, task, answer);
            Vec::new()
        }
        Outcome::Failed(fault) if deploy::awaits(model, task) => {
            deploy::written(model, task, Err(fault));
            Vec::new()
        }
        Outcome::Rotated(answer) => match model.asked.remove(&task) {
            Some(Asked::Rotation(name)) => connection::rotated(model, &name, answer),
            _ => Vec::new(),
        },
        Outcome::Revoked(outcomes) => match model.asked.remove(&task) {
            Some(Asked::Revocation(name)) => connection::revoked(model, &name, Ok(outcomes)),
            _ => Vec::new(),
        },
        outcome => match &model.screen {
            Screen::Dashboard(_) => dashboard::settle(model, task, outcome),
            Screen::Connection(_) => connection::settle(model, task, outcome),
            Screen::Wizard(_) => wizard::settle(model, task, outcome),
        },
    }
}

fn configured(model: &mut Model, task: TaskId, answer: Result<(Settings, Vec<Connection>), Fault>) -> Vec<Effect> {
    let mut effects = config::loaded(model, task, answer);
    effects.extend(wizard::configured(model));
    effects
}

fn asked_failed(model: &mut Model, task: TaskId, fault: Fault) -> Vec<Effect> {
    match model.asked.get(&task).cloned() {
        Some(Asked::Config) => configured(model, task, Err(fault)),
        Some(Asked::Summary(name)) => config::summary(model, task, &name, Err(fault)),
        Some(Asked::Removal(_)) => asked_saved(model, task, Err(fault)),
        Some(Asked::Rotation(name)) => {
            model.asked.remove(&task);
            connection::rotated(model, &name, Err(fault))
        }
        Some(Asked::Revocation(name)) => {
            model.asked.remove(&task);
            connection::revoked(model, &name, Err(fault))
        }
        None => Vec::new(),
    }
}

fn asked_saved(model: &mut Model, task: TaskId, answer: Result<(), Fault>) -> Vec<Effect> {
    match model.asked.remove(&task) {
        Some(Asked::Removal(name)) => config::removed(model, name, answer),
        _ => Vec::new(),
    }
}
