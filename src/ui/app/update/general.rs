//! What every screen shares: quit, help, the command.

use super::route::Run;
use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::ui::app::boxes::{BoxText, CommandBox, Question, QuestionBox, TextBox};
use crate::ui::app::ctx::Ctx;
use crate::ui::app::effect::{Effect, Job};
use crate::ui::app::model::{Asked, Notice};
use crate::ui::app::screens::Screen;
use crate::ui::app::shell::quoted;

/// Leaves, and asks first only if something would be lost: a typed secret, which no draft keeps.
pub fn quit(run: &mut Run<'_>, code: u8) {
    let question = QuestionBox::new(Question::Quit(code));
    let is_asked = matches!(run.model.front(), Some(Screen::QuestionBox(asked)) if **asked == question);
    if is_asked || !run.model.screens().any(|screen| screen.behaviour().holds_secrets()) {
        return leave(run, code);
    }
    run.model.stack.retain(|opened| !is_about_quitting(&opened.screen));
    run.model.push(None, question.into());
}

fn is_about_quitting(screen: &Screen) -> bool {
    matches!(screen, Screen::QuestionBox(asked) if matches!(asked.question, Question::Quit(_)))
}

/// Leaves without asking.
pub fn leave(run: &mut Run<'_>, code: u8) {
    run.everywhere(|screen, ctx| screen.leaving(ctx));
    run.effects.push(Effect::Quit(code));
}

/// Shows all keys of the screen in front.
pub fn help(run: &mut Run<'_>) {
    let of = run.model.front_id();
    run.model.push(Some(of), TextBox::new(BoxText::Keys(of)).into());
}

/// Shows the command of the screen in front, and copies it.
pub fn command(run: &mut Run<'_>) {
    let Some(screen) = run.model.front().map(Screen::behaviour) else { return };
    let command = format!("{} {}", run.model.program, screen.command(run.model));
    run.model.push(Some(run.model.front_id()), CommandBox { command: command.clone() }.into());
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
    run.model.notice = Some(Notice::Mouse(run.model.mouse));
    run.effects.push(Effect::Mouse(run.model.mouse));
}

/// Opens the address that stands on the screen in front.
pub fn open_link(run: &mut Run<'_>) {
    if let Some(address) = run.model.front().and_then(|screen| screen.behaviour().link()) {
        run.program(|ctx| _ = ctx.ask(Asked::Address, Job::OpenAddress(address)));
    }
}

/// Says what became of an address that was to be opened in the browser; where there is none, the clipboard gets it.
pub fn opened(ctx: &mut Ctx<'_>, answer: Result<Option<(String, bool)>, Fault>) {
    match answer {
        Ok(Some((address, true))) => ctx.facts.notice = Some(Notice::Opened(address)),
        Ok(Some((address, false))) => {
            ctx.copy(address.clone());
            ctx.facts.notice = Some(Notice::AddressCopied(address));
        }
        Ok(None) => {}
        Err(fault) => ctx.complain(fault),
    }
}
