//! What every screen shares: back, quit, help, the command, questions.

use crate::model::connection::ConnectionName;
use crate::ui::app::connection::{ConnectionScreen, Tab};
use crate::ui::app::deploy::Deploy;
use crate::ui::app::effect::Effect;
use crate::ui::app::model::{Model, Notice, Overlay, Question, Screen};
use crate::ui::app::shell::quoted;

/// One step back: the overlay first, then the screen's own step, then to the dashboard.
pub fn back(model: &mut Model) -> Vec<Effect> {
    if model.overlay.take().is_some() || super::deploy::close(model) {
        return Vec::new();
    }
    match &model.screen {
        Screen::Dashboard(_) => Vec::new(),
        Screen::Connection(_) => super::connection::back(model),
        Screen::Wizard(_) => super::wizard::back(model),
    }
}

/// Leaves, and asks first only if something would be lost.
pub fn quit(model: &mut Model, code: u8) -> Vec<Effect> {
    if loses_something(model) && model.overlay != Some(Overlay::Confirm(Question::Quit(code))) {
        model.overlay = Some(Overlay::Confirm(Question::Quit(code)));
        return Vec::new();
    }
    leave(model, code)
}

/// Leaves without asking.
pub fn leave(model: &mut Model, code: u8) -> Vec<Effect> {
    let mut effects = super::wizard::keep_draft(model);
    effects.extend(super::connection::dispose(model));
    effects.push(Effect::Quit(code));
    effects
}

/// Typed secrets are the one thing that no draft keeps; a sync is taken up again where it stopped.
fn loses_something(model: &Model) -> bool {
    matches!(&model.screen, Screen::Wizard(wizard) if wizard.holds_secrets())
}

/// Shows all keys.
pub fn help(model: &mut Model) -> Vec<Effect> {
    model.overlay = Some(Overlay::Help(0));
    Vec::new()
}

/// Shows the screen's command and copies it.
pub fn command(model: &mut Model) -> Vec<Effect> {
    let arguments = match &model.screen {
        _ if model.deploy_in_front().is_some() => model.deploy_in_front().map(Deploy::command).unwrap_or_default(),
        Screen::Dashboard(screen) => super::dashboard::command(model, screen),
        // A verification is what the screen does while it runs; its line in the log is what it did.
        Screen::Connection(screen) if verifies(model, screen) => verify_command(&screen.name),
        Screen::Connection(screen) => super::connection::command(screen),
        Screen::Wizard(wizard) => super::wizard::command(wizard),
    };
    let command = format!("{} {arguments}", model.program);
    model.overlay = Some(Overlay::Command(command.clone()));
    model.notice = Some(Notice::Copied);
    vec![Effect::Copy(command)]
}

/// The command that compares everything stored of a connection with its product.
pub fn verify_command(name: &ConnectionName) -> String {
    format!("verify {}", quoted(name.as_str()))
}

fn verifies(model: &Model, screen: &ConnectionScreen) -> bool {
    let sync = model.entry(&screen.name).map(|entry| &entry.sync);
    sync.is_some_and(|sync| sync.verifies && (sync.task.is_some() || screen.tab == Tab::Activity))
}

/// Switches the mouse.
pub fn mouse(model: &mut Model) -> Vec<Effect> {
    model.mouse = !model.mouse;
    vec![Effect::Mouse(model.mouse)]
}

/// Scrolls the overlay.
pub fn scroll_overlay(model: &mut Model, lines: i16) -> Vec<Effect> {
    if let Some(Overlay::Help(top)) = &mut model.overlay {
        *top = top.saturating_add_signed(lines);
    }
    Vec::new()
}

/// Says yes to the question.
pub fn confirm(model: &mut Model) -> Vec<Effect> {
    match model.overlay.take() {
        Some(Overlay::Confirm(Question::Quit(code))) => leave(model, code),
        Some(Overlay::Confirm(Question::Remove(name))) => super::config::remove(model, name),
        Some(Overlay::Confirm(Question::SaveSignedOut(_))) => super::wizard::save_signed_out(model),
        Some(Overlay::Confirm(Question::LookOnRequest(item, _))) => super::connection::look_on_request(model, item),
        Some(Overlay::Confirm(Question::StartOver)) => super::wizard::start_over(model),
        overlay => {
            model.overlay = overlay;
            Vec::new()
        }
    }
}
