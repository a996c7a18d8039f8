//! The dashboard.

use crate::model::connection::ConnectionName;
use crate::ui::app::dashboard::{Dashboard, DashboardAction, grid};
use crate::ui::app::effect::{Effect, TaskId};
use crate::ui::app::message::Outcome;
use crate::ui::app::model::{Model, Screen};

/// Brings the dashboard to the front, with the focus on this connection.
pub fn open(model: &mut Model, name: &ConnectionName) {
    let focus = model.entries().iter().position(|entry| entry.connection.name == *name).unwrap_or_default();
    model.screen = Screen::Dashboard(Dashboard { focus, top: 0 });
    settle_focus(model);
}

/// Does what was asked for on the dashboard.
pub fn act(model: &mut Model, action: DashboardAction) -> Vec<Effect> {
    match action {
        DashboardAction::New => super::wizard::open(model),
        DashboardAction::Reload => super::config::load(model),
        DashboardAction::SyncAll => super::sync::start_all(model),
        DashboardAction::Open => on_focused(model, super::connection::open),
        DashboardAction::Find => on_focused(model, super::connection::open_search),
        DashboardAction::SignIn => on_focused(model, super::connection::open_sign_in),
        DashboardAction::Sync => on_focused(model, |model, name| super::sync::start(model, name, false)),
        DashboardAction::Verify => on_focused(model, super::sync::verify),
        DashboardAction::Stop => on_focused(model, super::sync::stop),
        moving => {
            move_focus(model, &moving);
            Vec::new()
        }
    }
}

/// The command that does what the screen does, without the program's name: after a verification of the connection in
/// focus, that one.
pub fn command(model: &Model, screen: &Dashboard) -> String {
    let entry = model.entries().get(screen.focus).filter(|entry| entry.sync.verifies);
    entry.map_or_else(|| "status".to_owned(), |entry| super::general::verify_command(&entry.connection.name))
}

fn on_focused(model: &mut Model, act: impl FnOnce(&mut Model, &ConnectionName) -> Vec<Effect>) -> Vec<Effect> {
    let Screen::Dashboard(screen) = &model.screen else {
        return Vec::new();
    };
    let name = model.entries().get(screen.focus).map(|entry| entry.connection.name.clone());
    name.map(|name| act(model, &name)).unwrap_or_default()
}

fn move_focus(model: &mut Model, moving: &DashboardAction) {
    let (count, columns) = (model.entries().len(), grid(model).columns);
    let Screen::Dashboard(screen) = &mut model.screen else {
        return;
    };
    let last = count.saturating_sub(1);
    let by = |step: isize| screen.focus.saturating_add_signed(step).min(last);
    screen.focus = match moving {
        DashboardAction::Move(step) => by(*step),
        DashboardAction::MoveRow(rows) => row_down(screen.focus, *rows, columns, last),
        DashboardAction::Cycle(step) if count > 0 => {
            screen.focus.saturating_add(count).saturating_add_signed(*step) % count
        }
        DashboardAction::First => 0,
        DashboardAction::Last => last,
        _ => screen.focus,
    };
    settle_focus(model);
}

/// The tile so many rows further: the same column, or the last tile of a last row that is shorter; where
/// there is no row, the focus stays.
fn row_down(focus: usize, rows: isize, columns: usize, last: usize) -> usize {
    let row = (focus / columns).checked_add_signed(rows).unwrap_or_default().min(last / columns);
    (row * columns + focus % columns).min(last)
}

/// Keeps the focus on a tile that exists, and on the screen.
pub fn settle_focus(model: &mut Model) {
    let (count, grid) = (model.entries().len(), grid(model));
    if let Screen::Dashboard(screen) = &mut model.screen {
        screen.focus = screen.focus.min(count.saturating_sub(1));
        let row = screen.focus / grid.columns;
        let lowest = (row + 1).saturating_sub(grid.visible);
        screen.top = screen.top.clamp(lowest, row).min(grid.rows.saturating_sub(grid.visible));
    }
}

/// Moves the focus with the mouse wheel.
pub fn scroll(model: &mut Model, lines: i32) -> Vec<Effect> {
    move_focus(model, &DashboardAction::MoveRow(lines.signum() as isize));
    Vec::new()
}

/// The terminal has a new size.
pub fn resized(model: &mut Model) -> Vec<Effect> {
    settle_focus(model);
    Vec::new()
}

/// The dashboard's own tasks concern the whole program and are taken in elsewhere.
pub fn settle(_model: &mut Model, _task: TaskId, _outcome: Outcome) -> Vec<Effect> {
    Vec::new()
}
