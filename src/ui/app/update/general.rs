//! What every screen shares: back, quit, help, the command, questions.

use super::route::Run;
use crate::model::connection::ConnectionName;
use crate::ui::app::effect::Effect;
use crate::ui::app::model::{Model, Notice, Overlay, Question, Screen};
use crate::ui::app::shell::quoted;

/// One step back: the overlay first, then the step of the screen in front.
pub fn back(run: &mut Run<'_>) {
    if run.model.overlay.take().is_none() {
        run.front(|screen, ctx| screen.back(ctx));
    }
}

/// Leaves, and asks first only if something would be lost: a typed secret, which no draft keeps.
pub fn quit(run: &mut Run<'_>, code: u8) {
    let asked = Some(Overlay::Confirm(Question::Quit(code)));
    let loses_something = run.model.screens().map(Screen::behaviour).any(|screen| screen.holds_secrets());
    if loses_something && run.model.overlay != asked {
        run.model.overlay = asked;
    } else {
        leave(run, code);
    }
}

/// Leaves without asking.
pub fn leave(run: &mut Run<'_>, code: u8) {
    run.everywhere(|screen, ctx| screen.leaving(ctx));
    run.effects.push(Effect::Quit(code));
}

/// Shows all keys.
pub fn help(run: &mut Run<'_>) {
    run.model.overlay = Some(Overlay::Help(0));
}

/// Shows the screen's command and copies it.
pub fn command(run: &mut Run<'_>) {
    let Some(screen) = run.model.front().map(Screen::behaviour) else { return };
    let command = format!("{} {}", run.model.program, screen.command(run.model));
    run.model.overlay = Some(Overlay::Command(command.clone()));
    run.model.notice = Some(Notice::Copied);
    run.effects.push(Effect::Copy(command));
}

/// The command that verifies a connection, without the program's name.
pub fn verify_command(name: &ConnectionName) -> String {
    format!("verify {}", quoted(name.as_str()))
}

/// Switches the mouse on or off.
pub fn mouse(run: &mut Run<'_>) {
    run.model.mouse = !run.model.mouse;
    run.effects.push(Effect::Mouse(run.model.mouse));
}

/// Scrolls the overlay.
pub fn scroll_overlay(model: &mut Model, lines: i16) {
    if let Some(Overlay::Help(top)) = &mut model.overlay {
        *top = top.saturating_add_signed(lines);
    }
}

/// Says yes to the question.
pub fn confirm(run: &mut Run<'_>) {
    match run.model.overlay.take() {
        Some(Overlay::Confirm(Question::Quit(code))) => leave(run, code),
        Some(Overlay::Confirm(Question::Remove(name))) => run.program(|ctx| super::config::remove(ctx, name)),
        Some(Overlay::Confirm(question)) => run.front(|screen, ctx| screen.confirmed(ctx, question)),
        overlay => run.model.overlay = overlay,
    }
}
