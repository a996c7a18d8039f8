//! The dashboard: a tile for each connection.

use super::action::Action;
use super::key::{Code, Key};
use super::keymap::Binding;
use super::model::Model;
use crate::texts::keys;

/// The dashboard's own state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dashboard {
    /// The tile in focus.
    pub focus: usize,
}

/// What can be asked for on the dashboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DashboardAction {
    /// Open the connection in focus.
    Open,
    /// Start the wizard.
    New,
    /// Sync the connection in focus.
    Sync,
    /// Move the focus by so many tiles.
    Move(isize),
}

/// The keys of the dashboard.
pub fn bindings(model: &Model, _screen: &Dashboard) -> Vec<Binding> {
    let any = !model.entries().is_empty();
    let to = Action::Dashboard;
    vec![
        Binding::new(&[Key::new(Code::Enter)], to(DashboardAction::Open), keys::open, 1).when(any),
        Binding::new(&[Key::char('n')], to(DashboardAction::New), keys::new, 2),
        Binding::new(&[Key::char('s')], to(DashboardAction::Sync), keys::sync, 3).when(any),
        Binding::new(&[Key::char('q')], Action::Quit, keys::quit, 70),
    ]
}

/// The dashboard has no text field.
pub fn typed(_screen: &Dashboard, _key: Key) -> Option<DashboardAction> {
    None
}
