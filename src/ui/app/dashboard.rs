//! The dashboard: a tile for each connection.

use super::action::Action;
use super::key::{Code, Key};
use super::keymap::{Binding, HELP_ONLY};
use super::model::Facts;
use crate::texts::{connection, dashboard as texts, keys, sweep};

/// The dashboard's own state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dashboard {
    /// The tile in focus.
    pub focus: usize,
    /// The first row of tiles on the screen.
    pub top: usize,
}

/// What can be asked for on the dashboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DashboardAction {
    /// Open the connection in focus.
    Open,
    /// Open the connection in focus and search in it.
    Find,
    /// Sign the connection in focus in again.
    SignIn,
    /// Start the wizard.
    New,
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

/// The narrowest a tile gets where there is room for a second column.
const TILE_WIDTH: u16 = 45;
/// More columns than this make tiles hard to find again.
const MOST_COLUMNS: usize = 3;

/// How tiles lie on the screen: a grid of equal tiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grid {
    /// Tiles side by side.
    pub columns: usize,
    /// Rows of tiles in all.
    pub rows: usize,
    /// Lines of one tile, its frame included.
    pub tile_height: u16,
    /// Rows of tiles that fit on the screen, at least one.
    pub visible: usize,
}

/// The grid for the tiles on the screen.
pub fn grid(facts: &Facts) -> Grid {
    let count = facts.entries().len();
    let (width, height) = (facts.size.0, facts.size.1.saturating_sub(2));
    let columns = usize::from(width / TILE_WIDTH).clamp(1, MOST_COLUMNS).min(count.max(1));
    let tile_height = tile_height(facts, height);
    let visible = usize::from(height / tile_height).max(1);
    Grid { columns, rows: count.div_ceil(columns), tile_height, visible }
}

/// Frame, three lines a kind, and three lines on sync, sign-in and fault; less where the screen is lower.
fn tile_height(facts: &Facts, height: u16) -> u16 {
    let kinds = facts.entries().iter().map(|entry| entry.connection.work_items.len()).max().unwrap_or(1).max(1);
    let kinds = u16::try_from(kinds).unwrap_or(1);
    (2 + 3 * kinds + 3).min(height).max(5)
}

/// The keys of the dashboard.
pub fn bindings(facts: &Facts, screen: &Dashboard) -> Vec<Binding> {
    let any = !facts.entries().is_empty();
    let several = facts.entries().len() > 1;
    let sync = facts.entries().get(screen.focus).map(|entry| &entry.sync);
    let running = sync.is_some_and(|sync| sync.task.is_some());
    let stopping = sync.is_some_and(|sync| sync.stopping);
    let ends = facts.entries().get(screen.focus).is_some_and(|entry| entry.wants_sign_in(facts.now));
    let failed = facts.connections.fault().is_some();
    let bind = |keys: &[Key], action, label, priority| Binding::new(keys, Action::Dashboard(action), label, priority);
    let mut bindings = vec![
        bind(&[Key::new(Code::Enter)], DashboardAction::Open, keys::open, 1).when(any),
        bind(&[Key::char('n')], DashboardAction::New, keys::new, 2).when(!failed),
        bind(&[Key::char('s')], DashboardAction::Sync, keys::sync, 3).when(any && !running),
        bind(&[Key::char('x')], DashboardAction::Stop, texts::stop, 4).when(running && !stopping),
        bind(&[Key::char('S')], DashboardAction::SyncAll, texts::sync_all, 5).when(several),
        bind(&[Key::char('R')], DashboardAction::SignIn, connection::key_sign_in_again, 0).when(ends),
        bind(&[Key::char('/')], DashboardAction::Find, texts::find, 6).when(any),
        bind(&[Key::char('v')], DashboardAction::Verify, sweep::verify, 8).when(any && !running),
        bind(&[Key::char('r')], DashboardAction::Reload, texts::reload, if failed { 7 } else { 85 }),
        Binding::new(&[Key::char('q')], Action::Quit, keys::quit, 70),
    ];
    bindings.extend(moves(several));
    bindings
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
