//! Which connections the dashboard shows, in what order, and where on the screen.

use super::Dashboard;
use crate::model::summary::Health;
use crate::texts::frame;
use crate::ui::app::model::{Entry, Facts};

/// The narrowest a tile gets where there is room for a second column.
const TILE_WIDTH: u16 = 45;
/// More columns than this make tiles hard to find again.
const MOST_COLUMNS: usize = 3;

/// How connections lie on the screen: a grid of equal tiles, or one line for each where the tiles do not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grid {
    /// Whether each connection has one line.
    pub is_list: bool,
    /// Tiles side by side.
    pub columns: usize,
    /// Rows of tiles in all.
    pub rows: usize,
    /// Lines of one tile, its frame included.
    pub tile_height: u16,
    /// Rows that fit on the screen, at least one.
    pub visible: usize,
}

/// What is shown where.
#[derive(Debug, Clone)]
pub struct Place<'a> {
    /// The connections: those that fail first, then those that need attention, then the others as the config file has
    /// them.
    pub shown: Vec<&'a Entry>,
    /// How they lie.
    pub grid: Grid,
    /// Which of them has the focus.
    pub focus: usize,
    /// The first row on the screen.
    pub top: usize,
}

/// Where everything is now. The focus stays on its connection when the order changes.
pub fn place<'a>(facts: &'a Facts, screen: &Dashboard) -> Place<'a> {
    let shown = shown(facts, &screen.find);
    let grid = grid(facts, shown.len(), screen.is_filtering());
    let named = screen.focused.as_ref();
    let found = named.and_then(|name| shown.iter().position(|entry| entry.connection.name == *name));
    let focus = found.unwrap_or(screen.focus).min(shown.len().saturating_sub(1));
    let row = focus / grid.columns;
    let lowest = (row + 1).saturating_sub(grid.visible);
    let top = screen.top.clamp(lowest, row).min(grid.rows.saturating_sub(grid.visible));
    Place { shown, grid, focus, top }
}

/// The connections that hold every word of `find`, in their order.
fn shown<'a>(facts: &'a Facts, find: &str) -> Vec<&'a Entry> {
    let words: Vec<_> = find.split_whitespace().map(str::to_lowercase).collect();
    let mut shown: Vec<_> = facts.entries().iter().filter(|entry| holds(facts, entry, &words)).collect();
    shown.sort_by_key(|entry| urgency(entry.health(facts.now)));
    shown
}

fn holds(facts: &Facts, entry: &Entry, words: &[String]) -> bool {
    let health = entry.health(facts.now).map_or("", |health| frame::health(facts.lang, health));
    let name = &entry.connection.name;
    let all = format!("{name} {} {} {health}", facts.product(name), entry.connection.server_url).to_lowercase();
    words.iter().all(|word| all.contains(word))
}

fn urgency(health: Option<Health>) -> u8 {
    match health {
        Some(Health::SignedOut | Health::Failing) => 0,
        Some(Health::Warning) => 1,
        Some(Health::New | Health::Healthy) | None => 2,
    }
}

/// The grid for so many connections, with a line above it for the filter or without.
pub fn grid(facts: &Facts, count: usize, is_filtering: bool) -> Grid {
    let (width, height) = (facts.size.0, facts.size.1.saturating_sub(2 + u16::from(is_filtering)));
    let columns = usize::from(width / TILE_WIDTH).clamp(1, MOST_COLUMNS).min(count.max(1));
    let tile_height = tile_height(facts, width / u16::try_from(columns).unwrap_or(1), height);
    let visible = usize::from(height / tile_height).max(1);
    let rows = count.div_ceil(columns);
    if rows <= visible {
        return Grid { is_list: false, columns, rows, tile_height, visible };
    }
    // One line for the headings of the list.
    let visible = usize::from(height.saturating_sub(1)).max(1);
    Grid { is_list: true, columns: 1, rows: count, tile_height: 1, visible }
}

/// A tile of so many columns has the trend of a kind behind its counts.
const ROOM_FOR_TREND: u16 = 78;

/// Frame, three lines a kind, or four where its trend needs one, and three lines on sync, sign-in and fault; less where
/// the screen is lower.
fn tile_height(facts: &Facts, width: u16, height: u16) -> u16 {
    let kinds = facts.entries().iter().map(|entry| entry.connection.work_items.len()).max().unwrap_or(1).max(1);
    let kinds = u16::try_from(kinds).unwrap_or(1);
    (2 + (3 + u16::from(width < ROOM_FOR_TREND)) * kinds + 3).min(height).max(5)
}
