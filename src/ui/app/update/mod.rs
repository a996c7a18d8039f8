//! How messages change the model. What every screen shares stands here; each screen has its own file or folder.

mod alerts;
mod config;
pub mod connection;
pub mod dashboard;
mod deploy;
mod general;
mod passphrase;
mod route;
mod sync;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
pub mod wizard;

use self::route::Run;
use super::effect::Effect;
use super::footer;
use super::key::{Code, Key};
use super::keymap;
use super::message::Message;
use super::model::{Model, Notice};
use super::screen::Step;
use super::screens::Action;
use crate::model::form::LONGEST;

/// What to do first.
pub fn start(model: &mut Model) -> Vec<Effect> {
    let mut run = Run::new(model);
    if run.model.settings.mouse {
        run.model.mouse = true;
        run.effects.push(Effect::Mouse(true));
    }
    run.program(config::load);
    run.effects
}

/// Takes in one message; the effects are to be done in order.
pub fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    model.dirty = true;
    let mut run = Run::new(model);
    match message {
        Message::Key(key) => {
            (run.model.notice, run.model.passphrase_declined) = (None, false);
            if let Some(action) = keymap::action(run.model, key) {
                act(&mut run, action);
            }
        }
        Message::Paste(text) => paste(&mut run, text.expose()),
        Message::Scroll(lines) => scroll(&mut run, lines),
        Message::Click(column, row) => click(&mut run, column, row),
        Message::ClickChoice { by, opens } => click_choice(&mut run, by, opens),
        Message::Resize(columns, rows) => {
            run.model.size = (columns, rows);
            run.everywhere(|screen, ctx| screen.resized(ctx));
        }
        Message::Background(background) => run.model.background = Some(background),
        Message::Tick(now) => run.program(|ctx| sync::tick(ctx, now)),
        Message::StoreChanged => run.program(config::stored),
        Message::ConfigChanged => run.program(config::load),
        Message::AlertRulesChanged => run.program(alerts::rules_changed),
        Message::Passphrase(question) => passphrase::asked(&mut run, question),
        Message::Event(task, event) => run.event(task, event),
        Message::Outcome(task, outcome) => run.outcome(task, outcome),
        Message::Terminate(code) => general::leave(&mut run, code),
        Message::Suspend => run.effects.push(Effect::Suspend),
        Message::Resume => run.effects.push(Effect::Resume),
    }
    run.effects
}

/// Does what was asked for: what every screen shares here, the rest by the screen in front.
fn act(run: &mut Run<'_>, action: Action) {
    match action {
        Action::Redraw => run.effects.push(Effect::Redraw),
        Action::Suspend => run.effects.push(Effect::Suspend),
        Action::Back => run.front(|screen, ctx| screen.back(ctx)),
        Action::Quit => general::quit(run, 0),
        Action::Interrupt => general::quit(run, 130),
        Action::Help => general::help(run),
        Action::Command => general::command(run),
        Action::Mouse => general::mouse(run),
        Action::OpenLink => general::open_link(run),
        action => run.front(|screen, ctx| screen.act(ctx, action)),
    }
}

/// For tests: does what was asked for, by whatever key.
#[cfg(test)]
pub(crate) fn ask_for(model: &mut Model, action: Action) -> Vec<Effect> {
    let mut run = Run::new(model);
    act(&mut run, action);
    run.effects
}

/// For tests: opens a screen from the one in front.
#[cfg(test)]
pub(crate) fn open(model: &mut Model, screen: impl Into<super::screens::Screen>) -> Vec<Effect> {
    let mut run = Run::new(model);
    run.front(|_, _| Step::open(screen));
    run.effects
}

/// For tests: tells every screen.
#[cfg(test)]
pub(crate) fn tell(model: &mut Model, news: &super::news::News) -> Vec<Effect> {
    let mut run = Run::new(model);
    run.spread(news);
    run.effects
}

/// Reads the config file again, after a screen changed it.
pub fn reload_config(ctx: &mut super::ctx::Ctx<'_>) {
    config::load(ctx);
}

/// Says what became of an address that was to be opened in the browser.
pub fn opened(ctx: &mut super::ctx::Ctx<'_>, answer: Result<Option<(String, bool)>, crate::model::fault::Fault>) {
    general::opened(ctx, answer);
}

/// Reads the sources of alerts and the rules again.
pub fn read_alerts(ctx: &mut super::ctx::Ctx<'_>) {
    alerts::read(ctx);
}

/// Forgets what the last pass over a source of alerts met, after its settings were changed.
pub fn forget_pass(ctx: &mut super::ctx::Ctx<'_>, name: &crate::model::alert_source::SourceName) {
    alerts::forget_pass(ctx, name);
}

/// Reads every source of alerts now.
pub fn poll_alerts(ctx: &mut super::ctx::Ctx<'_>) {
    alerts::poll_all(ctx);
}

/// Stops what is read, decided and written for alerts.
pub fn stop_alerts(ctx: &mut super::ctx::Ctx<'_>) {
    alerts::stop(ctx);
}

/// Has alerts that wait decided about, and writes their tickets.
pub fn follow_alerts(ctx: &mut super::ctx::Ctx<'_>) {
    alerts::follow(ctx);
}

/// When the model wants the next tick, for what changes by time alone; `None` when nothing does.
pub fn next_tick(model: &Model) -> Option<jiff::Timestamp> {
    let screens = model.screens().filter_map(|screen| screen.behaviour().next_tick(model));
    screens.chain(sync::next_tick(model)).chain(alerts::next_tick(model)).min()
}

/// Reads again how the workspaces stand, after a screen did something for one.
pub fn read_workspaces(ctx: &mut super::ctx::Ctx<'_>) {
    config::read_workspaces(ctx);
}

fn paste(run: &mut Run<'_>, text: &str) {
    let count = text.chars().count();
    if count > LONGEST {
        run.model.notice = Some(Notice::PasteRefused(count));
        return;
    }
    run.front(|screen, ctx| {
        screen.paste(ctx, text);
        Step::Stay
    });
}

/// A click on a key of the footer does what the key does; a click on a tab shows it.
fn click(run: &mut Run<'_>, column: u16, row: u16) {
    let had_notice = run.model.notice.take().is_some();
    let (columns, rows) = run.model.size;
    let action = if row + 1 == rows {
        let hints = footer::hints(run.model.lang, run.model.charset, &keymap::keymap(run.model), usize::from(columns));
        let clicked = hints.into_iter().find(|hint| hint.cells.contains(&usize::from(column)));
        clicked.filter(|_| !had_notice).map(|hint| hint.action)
    } else {
        let front = run.model.front().filter(|_| row == 1);
        front.and_then(|screen| screen.behaviour().clicked_tab(run.model, column))
    };
    action.into_iter().for_each(|action| act(run, action));
}

/// A click leads the focus there by the keys that move it, unless the screen has an action that does. What has the focus already
/// does what Enter does, where that opens or takes it, or else what space does, where that ticks or changes it.
fn click_choice(run: &mut Run<'_>, by: isize, opens: bool) {
    run.model.notice = None;
    if let Some(action) = run.model.front().and_then(|screen| screen.behaviour().clicked(by)) {
        return act(run, action);
    }
    let code = match by {
        0 if opens => Code::Enter,
        0 => Code::Char(' '),
        1.. => Code::Down,
        _ => Code::Up,
    };
    for _ in 0..by.unsigned_abs().max(1) {
        let bindings = keymap::keymap(run.model);
        let bound = bindings.into_iter().find(|binding| binding.enabled && binding.keys.contains(&Key::new(code)));
        bound.into_iter().for_each(|binding| act(run, binding.action));
    }
}

fn scroll(run: &mut Run<'_>, lines: i32) {
    run.front(|screen, ctx| {
        screen.scroll(ctx, lines);
        Step::Stay
    });
}
