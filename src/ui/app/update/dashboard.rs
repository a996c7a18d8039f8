//! The dashboard.

use super::{config, general, sync};
use crate::model::connection::ConnectionName;
use crate::ui::app::action::Action;
use crate::ui::app::connection::{ConnectionScreen, Start};
use crate::ui::app::ctx::Ctx;
use crate::ui::app::dashboard::{self, Dashboard, DashboardAction, grid};
use crate::ui::app::keymap::Binding;
use crate::ui::app::model::{Facts, Screen};
use crate::ui::app::news::News;
use crate::ui::app::screen::{Behaviour, Step};

impl Behaviour for Dashboard {
    fn bindings(&self, facts: &Facts) -> Vec<Binding> {
        dashboard::bindings(facts, self)
    }

    fn act(&mut self, ctx: &mut Ctx<'_>, action: Action) -> Step {
        let Action::Dashboard(action) = action else { return Step::Stay };
        let focused = ctx.facts.entries().get(self.focus).map(|entry| entry.connection.name.clone());
        match (action, focused) {
            (DashboardAction::New, _) => return Step::Open(Box::new(Screen::Wizard(Box::default()))),
            (DashboardAction::Reload, _) => config::load(ctx),
            (DashboardAction::SyncAll, _) => sync::start_all(ctx),
            (DashboardAction::Open, Some(name)) => return open(ctx.facts, name, Start::Items),
            (DashboardAction::Find, Some(name)) => return open(ctx.facts, name, Start::Search),
            (DashboardAction::SignIn, Some(name)) => return open(ctx.facts, name, Start::SignIn),
            (DashboardAction::Sync, Some(name)) => sync::start(ctx, &name, false),
            (DashboardAction::Verify, Some(name)) => sync::verify(ctx, &name),
            (DashboardAction::Stop, Some(name)) => sync::stop(ctx, &name),
            (moving, _) => self.move_focus(ctx.facts, &moving),
        }
        Step::Stay
    }

    fn back(&mut self, _ctx: &mut Ctx<'_>) -> Step {
        Step::Stay
    }

    fn heard(&mut self, ctx: &mut Ctx<'_>, news: &News) -> Step {
        if let News::Left(name) = news {
            let focus = ctx.facts.entries().iter().position(|entry| entry.connection.name == *name);
            *self = Self { focus: focus.unwrap_or_default(), top: 0 };
        }
        self.settle_focus(ctx.facts);
        Step::Stay
    }

    fn scroll(&mut self, ctx: &mut Ctx<'_>, lines: i32) {
        self.move_focus(ctx.facts, &DashboardAction::MoveRow(lines.signum() as isize));
    }

    fn resized(&mut self, ctx: &mut Ctx<'_>) {
        self.settle_focus(ctx.facts);
    }

    /// After a verification of the connection in focus, that one.
    fn command(&self, facts: &Facts) -> String {
        let entry = facts.entries().get(self.focus).filter(|entry| entry.sync.verifies);
        entry.map_or_else(|| "status".to_owned(), |entry| general::verify_command(&entry.connection.name))
    }
}

fn open(facts: &Facts, name: ConnectionName, start: Start) -> Step {
    let steps = facts.test_steps(&name);
    let screen = ConnectionScreen { start, ..ConnectionScreen::new(name, &steps) };
    Step::Open(Box::new(Screen::Connection(Box::new(screen))))
}

impl Dashboard {
    fn move_focus(&mut self, facts: &Facts, moving: &DashboardAction) {
        let (count, columns) = (facts.entries().len(), grid(facts).columns);
        let last = count.saturating_sub(1);
        let by = |step: isize| self.focus.saturating_add_signed(step).min(last);
        self.focus = match moving {
            DashboardAction::Move(step) => by(*step),
            DashboardAction::MoveRow(rows) => row_down(self.focus, *rows, columns, last),
            DashboardAction::Cycle(step) if count > 0 => {
                self.focus.saturating_add(count).saturating_add_signed(*step) % count
            }
            DashboardAction::First => 0,
            DashboardAction::Last => last,
            _ => self.focus,
        };
        self.settle_focus(facts);
    }

    /// Keeps the focus on a tile that exists, and on the screen.
    fn settle_focus(&mut self, facts: &Facts) {
        let (count, grid) = (facts.entries().len(), grid(facts));
        self.focus = self.focus.min(count.saturating_sub(1));
        let row = self.focus / grid.columns;
        let lowest = (row + 1).saturating_sub(grid.visible);
        self.top = self.top.clamp(lowest, row).min(grid.rows.saturating_sub(grid.visible));
    }
}

/// The tile so many rows further: the same column, or the last tile of a last row that is shorter; where
/// there is no row, the focus stays.
fn row_down(focus: usize, rows: isize, columns: usize, last: usize) -> usize {
    let row = (focus / columns).checked_add_signed(rows).unwrap_or_default().min(last / columns);
    (row * columns + focus % columns).min(last)
}
