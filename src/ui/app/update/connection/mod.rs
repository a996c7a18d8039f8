//! One connection.

mod admin;
pub mod checklist;
mod detail;
mod filter;
mod items;
mod log;
mod mend;
mod test;
mod tokens;

use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::ui::app::connection::{ConnectionAction, ConnectionScreen, Sheet, Tab};
use crate::ui::app::effect::{Effect, TaskId};
use crate::ui::app::message::Outcome;
use crate::ui::app::model::{Model, Overlay, Question, Screen};

pub use self::admin::dispose;
pub use self::checklist::{look_on_request, saw};
pub use self::filter::command;
pub use self::tokens::{revoked, rotated, rotating};

/// Opens a connection.
pub fn open(model: &mut Model, name: &ConnectionName) -> Vec<Effect> {
    let steps = model.test_steps(name);
    model.screen = Screen::Connection(Box::new(ConnectionScreen::new(name.clone(), &steps)));
    items::read_first(model)
}

/// Opens a connection with the cursor in its search field.
pub fn open_search(model: &mut Model, name: &ConnectionName) -> Vec<Effect> {
    let effects = open(model, name);
    if let Some(screen) = screen_mut(model) {
        screen.search = Some(0);
    }
    effects
}

/// Opens a connection at its tokens, with the password field open.
pub fn open_sign_in(model: &mut Model, name: &ConnectionName) -> Vec<Effect> {
    let mut effects = open(model, name);
    effects.extend(tokens::sign_in_again(model));
    effects
}

/// Opens a connection at its checklist.
pub fn open_checklist(model: &mut Model, name: &ConnectionName) -> Vec<Effect> {
    let mut effects = open(model, name);
    effects.extend(show_tab(model, Tab::Checklist));
    effects
}

/// Opens the form for an admin's sign-in over the connection in front.
pub fn ask_for_admin(model: &mut Model) -> Vec<Effect> {
    act(model, ConnectionAction::AdminSignIn)
}

/// A paste into the field that has the focus.
pub fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    if admin::paste(model, text) { Vec::new() } else { filter::paste(model, text) }
}

/// Back to the dashboard; everything this screen waits for is cancelled, but for changes under way, and an
/// admin's session ends.
pub fn leave(model: &mut Model) -> Vec<Effect> {
    let Some(screen) = screen_mut(model) else {
        return Vec::new();
    };
    let tasks = screen.table.abandon().into_iter();
    let tasks = tasks.chain(screen.detail.take().and_then(|detail| detail.task));
    let tasks = tasks.chain(screen.log.task.take()).chain(screen.test.stop());
    let tasks = tasks.chain(screen.installation.task.take()).chain(screen.tokens.task.take());
    let tasks = tasks.chain(screen.installation.requesting.take().map(|(task, _)| task));
    let tasks = tasks.chain(screen.installation.mending.take().and_then(|mending| mending.abandonable()));
    let mut effects: Vec<_> = tasks.map(Effect::Cancel).collect();
    let name = screen.name.clone();
    effects.extend(dispose(model));
    super::dashboard::open(model, &name);
    effects
}

/// Does what was asked for on a connection.
pub fn act(model: &mut Model, action: ConnectionAction) -> Vec<Effect> {
    use ConnectionAction as Do;
    match action {
        Do::Sync => on_connection(model, |model, name| super::sync::start(model, name, false)),
        Do::Verify => on_connection(model, super::sync::verify),
        Do::StopSync => on_connection(model, super::sync::stop),
        Do::Remove => on_connection(model, ask_to_remove),
        Do::Reload => reload(model),
        Do::TurnTab(by) => front(model).map(|tab| show_tab(model, tab.turned(by))).unwrap_or_default(),
        Do::ShowTab(tab) => show_tab(model, tab),
        Do::Move(_) | Do::Page(_) | Do::First | Do::Last => move_within(model, &action),
        Do::OpenDetail if front(model) == Some(Tab::Checklist) => checklist::open(model),
        Do::OpenDetail => detail::open(model),
        Do::MoveDetail(rows) => detail::turn(model, rows),
        Do::Search | Do::EditSearch(_) | Do::LeaveSearch => filter::search(model, action),
        Do::OpenFilter | Do::ToggleChoice | Do::ApplyFilter | Do::ClearChoices | Do::ClearFilter => {
            filter::act(model, action)
        }
        Do::RunStep | Do::RunTest | Do::StopTest => test::act(model, &action),
        Do::AdminSignIn | Do::AdminSignOut | Do::SubmitPrompt => admin::act(model, &action),
        Do::EditPrompt(_) | Do::TurnPrompt(_) | Do::RevealPrompt => admin::act(model, &action),
        Do::CopyRequest => checklist::copy_request(model),
        Do::Say => checklist::say(model),
        Do::LookOnRequest => checklist::ask_to_look(model),
        Do::Mend => mend::offer(model, false),
        Do::MendAll => mend::offer(model, true),
        Do::GoOn if front(model) == Some(Tab::Checklist) => mend::go_on(model),
        Do::SignInAgain | Do::NewSecret => tokens::act(model, &action),
        Do::Mark | Do::Revoke | Do::RevokeStale | Do::GoOn => tokens::act(model, &action),
    }
}

/// One step back: what is innermost is closed first.
pub fn back(model: &mut Model) -> Vec<Effect> {
    if let Some(effects) = back_from_sheet(model) {
        return effects;
    }
    let Some(screen) = screen_mut(model).filter(|screen| screen.tab == Tab::Items) else {
        return leave(model);
    };
    if screen.panel.take().is_some() || screen.search.take().is_some() {
        return Vec::new();
    }
    if screen.detail.is_some() {
        return detail::close(model);
    }
    if !screen.filter.find.is_empty() {
        return filter::clear_search(model);
    }
    leave(model)
}

fn back_from_sheet(model: &mut Model) -> Option<Vec<Effect>> {
    match screen(model).and_then(ConnectionScreen::sheet)? {
        Sheet::Prompt(_) => admin::cancel(model),
        Sheet::Mending(_) => Some(mend::close(model)),
        Sheet::Item(..) => {
            checklist::close(model);
            Some(Vec::new())
        }
        Sheet::Tokens(_) => {
            tokens::close(model);
            Some(Vec::new())
        }
    }
}

/// The mouse wheel.
pub fn scroll(model: &mut Model, lines: i32) -> Vec<Effect> {
    act(model, ConnectionAction::Move(lines as isize))
}

/// The terminal has a new size.
pub fn resized(model: &mut Model) -> Vec<Effect> {
    detail::fit(model);
    items::fit(model)
}

/// A running sync of this connection stored more: rows are read anew, unless that is under way.
pub fn stored_more(model: &mut Model, name: &ConnectionName) -> Vec<Effect> {
    if is_in_front(model, name) { items::refresh(model, false) } else { Vec::new() }
}

/// A sync of this connection ended: everything on the screen is read anew, in its place.
pub fn synced(model: &mut Model, name: &ConnectionName) -> Vec<Effect> {
    if !is_in_front(model, name) {
        return Vec::new();
    }
    let mut effects = items::refresh(model, true);
    effects.extend(detail::reload(model));
    effects.extend(log::refresh(model));
    effects
}

/// Takes in what a task of this screen brought; what is no longer waited for is ignored.
pub fn settle(model: &mut Model, task: TaskId, outcome: Outcome) -> Vec<Effect> {
    match outcome {
        Outcome::Items(answer) => items::answer(model, task, answer),
        Outcome::Item(answer) => detail::answer(model, task, answer),
        Outcome::Activities(answer) => log::answer(model, task, answer),
        Outcome::Step(step) => test::ended(model, task, Ok(*step)),
        Outcome::AdminSignedIn(answer) => admin::signed_in(model, task, answer),
        Outcome::Mended(answer) => mend::mended(model, task, answer),
        Outcome::Confirmed(_) | Outcome::Withdrawn(_) | Outcome::OnRequest(_) => {
            checklist::answered(model, task, outcome)
        }
        Outcome::Failed(fault) => failed(model, task, &fault),
        outcome => {
            shown(model, task, outcome);
            Vec::new()
        }
    }
}

/// Takes in what is only shown.
fn shown(model: &mut Model, task: TaskId, outcome: Outcome) {
    match outcome {
        Outcome::Preview(answer) => mend::previewed(model, task, answer),
        Outcome::Tokens(answer) => tokens::answer(model, task, answer),
        Outcome::Checklist(answer) => checklist::ended(model, task, answer),
        _ => {}
    }
}

/// Takes in that a task itself failed; only that which waits for it takes it.
fn failed(model: &mut Model, task: TaskId, fault: &Fault) -> Vec<Effect> {
    let mut effects = items::answer(model, task, Err(fault.clone()));
    effects.extend(detail::answer(model, task, Err(fault.clone())));
    effects.extend(log::answer(model, task, Err(fault.clone())));
    effects.extend(test::ended(model, task, Err(fault.clone())));
    effects.extend(admin::signed_in(model, task, Err(fault.clone())));
    effects.extend(mend::mended(model, task, Err(fault.clone())));
    mend::previewed(model, task, Err(fault.clone()));
    checklist::ended(model, task, Err(fault.clone()));
    checklist::broke(model, task, fault);
    tokens::answer(model, task, Err(fault.clone()));
    effects
}

fn screen(model: &Model) -> Option<&ConnectionScreen> {
    match &model.screen {
        Screen::Connection(screen) => Some(screen),
        Screen::Dashboard(_) | Screen::Wizard(_) => None,
    }
}

fn screen_mut(model: &mut Model) -> Option<&mut ConnectionScreen> {
    match &mut model.screen {
        Screen::Connection(screen) => Some(screen),
        Screen::Dashboard(_) | Screen::Wizard(_) => None,
    }
}

fn front(model: &Model) -> Option<Tab> {
    screen(model).map(|screen| screen.tab)
}

fn is_in_front(model: &Model, name: &ConnectionName) -> bool {
    screen(model).is_some_and(|screen| screen.name == *name)
}

fn on_connection(model: &mut Model, act: impl FnOnce(&mut Model, &ConnectionName) -> Vec<Effect>) -> Vec<Effect> {
    let name = screen(model).map(|screen| screen.name.clone());
    name.map(|name| act(model, &name)).unwrap_or_default()
}

fn ask_to_remove(model: &mut Model, name: &ConnectionName) -> Vec<Effect> {
    model.overlay = Some(Overlay::Confirm(Question::Remove(name.clone())));
    Vec::new()
}

fn reload(model: &mut Model) -> Vec<Effect> {
    let mut effects = on_connection(model, super::config::count);
    match front(model) {
        Some(Tab::Items) => {
            effects.extend(items::refresh(model, true));
            effects.extend(detail::reload(model));
        }
        Some(Tab::Activity) => effects.extend(log::read(model)),
        Some(Tab::Checklist) => effects.extend(checklist::look(model)),
        Some(Tab::Tokens) => effects.extend(tokens::read(model)),
        Some(Tab::Test) | None => {}
    }
    effects
}

fn show_tab(model: &mut Model, tab: Tab) -> Vec<Effect> {
    if let Some(screen) = screen_mut(model) {
        screen.tab = tab;
    }
    match tab {
        Tab::Activity => log::read(model),
        Tab::Checklist => checklist::look_once(model),
        Tab::Tokens => tokens::read_once(model),
        Tab::Items | Tab::Test => Vec::new(),
    }
}

fn move_within(model: &mut Model, moving: &ConnectionAction) -> Vec<Effect> {
    let Some(screen) = screen_mut(model) else {
        return Vec::new();
    };
    match screen.tab {
        Tab::Activity => log::step(model, moving),
        Tab::Test => screen.test.move_focus(far(moving)),
        Tab::Checklist if screen.installation.mending.is_some() => mend::scroll(model, moving),
        Tab::Checklist => checklist::step(model, moving),
        Tab::Tokens if screen.tokens.sheet.is_some() => tokens::scroll(model, moving),
        Tab::Tokens => tokens::step(model, moving),
        Tab::Items if screen.panel.is_some() => filter::step(screen, far(moving)),
        Tab::Items if screen.detail.is_some() => detail::scroll(model, moving),
        Tab::Items => return items::step(model, moving),
    }
    Vec::new()
}

/// How far a move goes in a short list, where a screen is ten lines.
fn far(moving: &ConnectionAction) -> isize {
    match moving {
        ConnectionAction::Move(lines) => *lines,
        ConnectionAction::Page(screens) => screens.saturating_mul(10),
        ConnectionAction::First => isize::MIN,
        ConnectionAction::Last => isize::MAX,
        _ => 0,
    }
}
