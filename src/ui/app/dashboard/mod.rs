//! The dashboard: a tile for each connection, or a line where tiles do not fit.

mod overview;
mod place;

use super::input::Edit;
use super::key::{Code, Key};
use super::keymap::{Binding, HELP_ONLY, edit};
use super::model::{Entry, Facts};
use super::screens::Action;
use super::workspace::Standing;
pub use overview::Charts;
pub use place::{Below, Grid, Place, grid, place, tile_lines};

use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::texts::{
    alerts_screen, connection, dashboard as texts, keys, preferences, rule_wizard, sweep, workspace_screen,
};

/// The dashboard's own state.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Dashboard {
    /// The tile in focus.
    pub focus: usize,
    /// The first row of tiles on the screen.
    pub top: usize,
    /// The connection that the focus was moved to; the focus stays on it when the order changes.
    pub focused: Option<ConnectionName>,
    /// The words that connections must hold to be shown.
    pub find: String,
    /// The field for these words, while it has the focus: the cursor's byte in `find`.
    pub search: Option<usize>,
    /// What all connections hold together, for the charts.
    pub charts: Charts,
}

impl Dashboard {
    /// Whether a line shows the filter.
    pub fn is_filtering(&self) -> bool {
        self.search.is_some() || !self.find.is_empty()
    }

    /// What a key types into the field for the filter.
    pub(super) fn typed_in(&self, key: Key) -> Option<Action> {
        self.search?;
        edit(key).map(|edit| Action::Dashboard(DashboardAction::EditFilter(edit)))
    }
}

/// What can be asked for on the dashboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DashboardAction {
    /// Open the connection in focus.
    Open,
    /// Put the cursor into an empty field for the filter.
    Filter,
    /// Edit the filter.
    EditFilter(Edit),
    /// Leave the field; the filter stays.
    LeaveFilter,
    /// Sign the connection in focus in again.
    SignIn,
    /// Test the connection in focus.
    Test,
    /// Start the wizard.
    New,
    /// Open the workspace that needs it most, or add the first one.
    Workspace,
    /// Add a workspace.
    NewWorkspace,
    /// Write an alert rule.
    NewAlertRule,
    /// Show the alerts of Azure.
    Alerts,
    /// Show the settings of the whole program.
    Preferences,
    /// Show in full what is wrong.
    ShowFault,
    /// Read the config file and all counts again.
    Reload,
    /// Sync the connection in focus.
    Sync,
    /// Sync the connection in focus, and compare everything stored with the product.
    Verify,
    /// Sync every connection.
    SyncAll,
    /// Stop the sync of the connection in focus.
    Stop,
    /// Move the focus by so many tiles; stops at either end.
    Move(isize),
    /// Move the focus by so many rows of tiles.
    MoveRow(isize),
    /// Move the focus to the next tile, from the last one to the first.
    Cycle(isize),
    /// Move the focus to the first or the last tile.
    First,
    /// Move the focus to the last tile.
    Last,
}

/// The keys of the dashboard.
pub fn bindings(facts: &Facts, screen: &Dashboard) -> Vec<Binding> {
    if screen.search.is_some() {
        return of_filter();
    }
    let place = place(facts, screen);
    let has_fault = fault_in(facts, &place).is_some();
    let Place { shown, focus, .. } = place;
    let (any, several) = (!shown.is_empty(), facts.entries().len() > 1);
    let entry = shown.get(focus);
    let sync = entry.map(|entry| &entry.sync);
    let running = sync.is_some_and(|sync| sync.task.is_some());
    let stopping = sync.is_some_and(|sync| sync.stopping);
    let ends = entry.is_some_and(|entry| entry.wants_sign_in(facts.now));
    let failed = facts.connections.fault().is_some();
    let has_source = !facts.alerts.sources().is_empty();
    let has_workspace = !facts.workspaces.entries().is_empty();
    let has_trouble = facts.workspaces.entries().iter().any(|entry| entry.standing() <= Standing::Warning);
    let has_none = facts.workspaces.list.value().is_some_and(Vec::is_empty);
    let workspace = if has_none { workspace_screen::key_add } else { workspace_screen::key_workspace };
    let bind = |keys: &[Key], action, label, priority| Binding::new(keys, Action::Dashboard(action), label, priority);
    let mut bindings = vec![
        bind(&[Key::new(Code::Enter)], DashboardAction::Open, keys::open, 1).when(any),
        bind(&[Key::char('n')], DashboardAction::New, keys::new, 2).when(!failed),
        bind(&[Key::char('s')], DashboardAction::Sync, keys::sync, 3).when(any && !running),
        bind(&[Key::char('x')], DashboardAction::Stop, texts::stop, 1).when(running && !stopping),
        bind(&[Key::char('S')], DashboardAction::SyncAll, texts::sync_all, 5).when(several),
        bind(&[Key::char('R')], DashboardAction::SignIn, connection::key_sign_in_again, 0).when(ends),
        bind(&[Key::char('/')], DashboardAction::Filter, texts::filter, 7).when(several),
        bind(&[Key::char('v')], DashboardAction::Verify, sweep::verify, 8).when(any && !running),
        bind(&[Key::char('w')], DashboardAction::Workspace, workspace, if has_trouble { 2 } else { 9 })
            .when(!failed && any),
        bind(&[Key::char('W')], DashboardAction::NewWorkspace, workspace_screen::key_add, HELP_ONLY)
            .when(!failed && has_workspace),
        bind(&[Key::char('N')], DashboardAction::NewAlertRule, rule_wizard::key_new, HELP_ONLY).when(!failed && any),
        bind(
            &[Key::char('a')],
            DashboardAction::Alerts,
            alerts_screen::key_alerts,
            match has_source {
                true if facts.alerts.want_attention(facts.now) => 2,
                true => 9,
                false => HELP_ONLY,
            },
        )
        .when(!failed),
        bind(&[Key::char(',')], DashboardAction::Preferences, preferences::key_preferences, HELP_ONLY),
        bind(&[Key::char('t')], DashboardAction::Test, connection::key_test, HELP_ONLY).when(any),
        bind(&[Key::char('i')], DashboardAction::ShowFault, keys::in_full, 4)
            .when(!facts.unlisted.is_empty() || has_fault),
        bind(&[Key::char('r')], DashboardAction::Reload, texts::reload, if failed { 3 } else { 85 }),
        Binding::new(&[Key::char('q')], Action::Quit, keys::quit, 6),
    ];
    if screen.is_filtering() {
        bindings.push(Binding::new(&[Key::new(Code::Esc)], Action::Back, texts::show_all, 1));
    }
    bindings.extend(moves(shown.len() > 1));
    bindings
}

/// What is wrong, of which the screen may have room for a part only: with the config file, else with the connection in focus, else
/// with the first one that is shown.
pub fn fault<'a>(facts: &'a Facts, screen: &Dashboard) -> Option<&'a Fault> {
    fault_in(facts, &place(facts, screen))
}

fn fault_in<'a>(facts: &'a Facts, Place { shown, focus, .. }: &Place<'a>) -> Option<&'a Fault> {
    let of_entry = |entry: &&'a Entry| entry.last_fault();
    let of_connections = || shown.get(*focus).and_then(of_entry).or_else(|| shown.iter().find_map(of_entry));
    facts.connections.fault().or_else(of_connections)
}

fn of_filter() -> Vec<Binding> {
    let bind = |keys: &[Key], action, label, priority| Binding::new(keys, Action::Dashboard(action), label, priority);
    vec![
        bind(&[Key::new(Code::Enter), Key::new(Code::Tab)], DashboardAction::LeaveFilter, texts::leave_filter, 1),
        Binding::new(&[Key::new(Code::Esc)], Action::Back, texts::show_all, 2),
        bind(&[Key::new(Code::Down)], DashboardAction::MoveRow(1), keys::down, 3),
        bind(&[Key::new(Code::Up)], DashboardAction::MoveRow(-1), keys::up, 4),
    ]
}

fn moves(several: bool) -> Vec<Binding> {
    let bind =
        |keys: &[Key], action, label| Binding::new(keys, Action::Dashboard(action), label, HELP_ONLY).when(several);
    vec![
        bind(&[Key::new(Code::Right), Key::char('l')], DashboardAction::Move(1), texts::right),
        bind(&[Key::new(Code::Left), Key::char('h')], DashboardAction::Move(-1), texts::left),
        bind(&[Key::new(Code::Down), Key::char('j')], DashboardAction::MoveRow(1), keys::down),
        bind(&[Key::new(Code::Up), Key::char('k')], DashboardAction::MoveRow(-1), keys::up),
        bind(&[Key::new(Code::Tab)], DashboardAction::Cycle(1), texts::next),
        bind(&[Key::new(Code::BackTab)], DashboardAction::Cycle(-1), texts::previous),
        bind(&[Key::new(Code::Home), Key::char('g')], DashboardAction::First, texts::first),
        bind(&[Key::new(Code::End), Key::char('G')], DashboardAction::Last, texts::last),
    ]
}
