//! The dashboard.

use super::{config, general, sync};
use crate::model::connection::ConnectionName;
use crate::ui::app::alerts::AlertsScreen;
use crate::ui::app::boxes::{BoxText, TextBox};
use crate::ui::app::connection::{ConnectionScreen, Start};
use crate::ui::app::ctx::Ctx;
use crate::ui::app::dashboard::{self, Dashboard, DashboardAction, place};
use crate::ui::app::effect::TaskId;
use crate::ui::app::input;
use crate::ui::app::key::Key;
use crate::ui::app::keymap::Binding;
use crate::ui::app::message::Outcome;
use crate::ui::app::model::Facts;
use crate::ui::app::news::News;
use crate::ui::app::preferences::Preferences;
use crate::ui::app::rule_wizard::RuleWizard;
use crate::ui::app::screen::{Behaviour, Step};
use crate::ui::app::screens::Action;
use crate::ui::app::wizard::Wizard;
use crate::ui::app::workspace::WorkspaceScreen;
use crate::ui::app::workspace_wizard::WorkspaceWizard;

impl Behaviour for Dashboard {
    fn bindings(&self, facts: &Facts) -> Vec<Binding> {
        dashboard::bindings(facts, self)
    }

    fn typed(&self, key: Key) -> Option<Action> {
        self.typed_in(key)
    }

    fn act(&mut self, ctx: &mut Ctx<'_>, action: Action) -> Step {
        let Action::Dashboard(action) = action else { return Step::Stay };
        let focused = self.focused_name(ctx.facts);
        match (action, focused) {
            (DashboardAction::New, _) => return Step::open(Wizard::default()),
            (DashboardAction::Workspace, _) => {
                let worst = ctx.facts.workspaces.by_urgency().first().map(|entry| entry.settings.name.clone());
                return match worst {
                    Some(name) => Step::open(WorkspaceScreen::new(name)),
                    None => Step::open(WorkspaceWizard::open(ctx.facts)),
                };
            }
            (DashboardAction::NewWorkspace, _) => return Step::open(WorkspaceWizard::open(ctx.facts)),
            (DashboardAction::NewAlertRule, _) => return Step::open(RuleWizard::default()),
            (DashboardAction::Alerts, _) => return Step::open(AlertsScreen::default()),
            (DashboardAction::Preferences, _) => return Step::open(Preferences::of(ctx.facts)),
            (DashboardAction::ShowFault, _) if !ctx.facts.unlisted.is_empty() => {
                return Step::open(TextBox::new(BoxText::Unlisted(ctx.facts.unlisted.clone())));
            }
            (DashboardAction::ShowFault, _) => {
                let fault = dashboard::fault(ctx.facts, self).cloned();
                return fault.map_or(Step::Stay, |fault| Step::open(TextBox::new(BoxText::Fault(fault))));
            }
            (DashboardAction::Reload, _) => config::load(ctx),
            (DashboardAction::SyncAll, _) => sync::start_all(ctx),
            (DashboardAction::Open, Some(name)) => return open(ctx.facts, name, Start::Items),
            (DashboardAction::SignIn, Some(name)) => return open(ctx.facts, name, Start::SignIn),
            (DashboardAction::Test, Some(name)) => return open(ctx.facts, name, Start::Test),
            (DashboardAction::Sync, Some(name)) => sync::start(ctx, &name, false),
            (DashboardAction::Verify, Some(name)) => sync::verify(ctx, &name),
            (DashboardAction::Stop, Some(name)) => sync::stop(ctx, &name),
            (DashboardAction::Filter, _) => (self.find, self.search) = (String::new(), Some(0)),
            (DashboardAction::EditFilter(edit), _) => self.type_in(|find, at| input::apply(find, at, &edit)),
            (DashboardAction::LeaveFilter, _) => self.search = None,
            (
                moving @ (DashboardAction::Move(_)
                | DashboardAction::MoveRow(_)
                | DashboardAction::Cycle(_)
                | DashboardAction::First
                | DashboardAction::Last),
                _,
            ) => self.move_focus(ctx.facts, &moving),
            (_, None) => {}
        }
        self.settle_focus(ctx.facts);
        Step::Stay
    }

    /// Shows all connections again.
    fn back(&mut self, ctx: &mut Ctx<'_>) -> Step {
        (self.find, self.search) = (String::new(), None);
        self.settle_focus(ctx.facts);
        Step::Stay
    }

    fn paste(&mut self, ctx: &mut Ctx<'_>, text: &str) {
        self.type_in(|find, at| input::paste(find, at, text).0);
        self.settle_focus(ctx.facts);
    }

    fn heard(&mut self, ctx: &mut Ctx<'_>, news: &News) -> Step {
        if let News::Left(name) = news {
            *self = Self { focused: Some(name.clone()), ..std::mem::take(self) };
        }
        if let News::Renamed(from, to) = news
            && self.focused.as_ref() == Some(from)
        {
            self.focused = Some(to.clone());
        }
        self.settle_focus(ctx.facts);
        if matches!(news, News::Configured | News::StoredMore(_) | News::Synced(_)) {
            self.outdate_charts(ctx);
        }
        Step::Stay
    }

    fn uncovered(&mut self, ctx: &mut Ctx<'_>) {
        self.follow_charts(ctx);
    }

    fn on_outcome(&mut self, ctx: &mut Ctx<'_>, task: TaskId, outcome: Outcome) -> Step {
        if let Outcome::Overview(answer) = outcome {
            self.charts_came(ctx, task, answer);
        }
        Step::Stay
    }

    fn scroll(&mut self, ctx: &mut Ctx<'_>, lines: i32) {
        self.move_focus(ctx.facts, &DashboardAction::MoveRow(lines.signum() as isize));
    }

    fn clicked(&self, by: isize) -> Option<Action> {
        Some(Action::Dashboard(if by == 0 { DashboardAction::Open } else { DashboardAction::Move(by) }))
    }

    fn resized(&mut self, ctx: &mut Ctx<'_>) {
        self.settle_focus(ctx.facts);
        self.follow_charts(ctx);
    }

    /// After a verification of the connection in focus, that one.
    fn command(&self, facts: &Facts) -> String {
        let name = self.focused_name(facts);
        let entry = name.and_then(|name| facts.entry(&name)).filter(|entry| entry.sync.verifies);
        entry.map_or_else(|| "status".to_owned(), |entry| general::verify_command(&entry.connection.name))
    }
}

fn open(facts: &Facts, name: ConnectionName, start: Start) -> Step {
    let steps = facts.test_steps(&name);
    let screen = ConnectionScreen { start, ..ConnectionScreen::new(name, &steps) };
    Step::open(screen)
}

impl Dashboard {
    fn focused_name(&self, facts: &Facts) -> Option<ConnectionName> {
        let place = place(facts, self);
        place.shown.get(place.focus).map(|entry| entry.connection.name.clone())
    }

    fn type_in(&mut self, edit: impl FnOnce(&mut String, usize) -> usize) {
        if let Some(at) = self.search {
            self.search = Some(edit(&mut self.find, at));
        }
    }

    fn move_focus(&mut self, facts: &Facts, moving: &DashboardAction) {
        let now = place(facts, self);
        let (count, columns, focus) = (now.shown.len(), now.grid.columns, now.focus);
        let last = count.saturating_sub(1);
        let by = |step: isize| focus.saturating_add_signed(step).min(last);
        let moved = match moving {
            DashboardAction::Move(step) => by(*step),
            DashboardAction::MoveRow(rows) => row_down(focus, *rows, columns, last),
            DashboardAction::Cycle(step) if count > 0 => {
                focus.saturating_add(count).saturating_add_signed(*step) % count
            }
            DashboardAction::First => 0,
            DashboardAction::Last => last,
            _ => focus,
        };
        self.focused = now.shown.get(moved).map(|entry| entry.connection.name.clone());
        self.settle_focus(facts);
    }

    /// Keeps the focus on a tile that exists, and on the screen.
    fn settle_focus(&mut self, facts: &Facts) {
        let now = place(facts, self);
        (self.focus, self.top) = (now.focus, now.top);
    }
}

/// The tile so many rows further: the same column, or the last tile of a last row that is shorter; where
/// there is no row, the focus stays.
fn row_down(focus: usize, rows: isize, columns: usize, last: usize) -> usize {
    let row = (focus / columns).checked_add_signed(rows).unwrap_or_default().min(last / columns);
    (row * columns + focus % columns).min(last)
}
