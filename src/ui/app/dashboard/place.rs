//! Which connections the dashboard shows, in what order, and where on the screen.

use super::Dashboard;
use crate::model::summary::Health;
use crate::model::work_item::WorkItemKind;
use crate::texts::{frame, partner};
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
    /// Lines above everything else: the workspaces, or how to add one, and the alerts.
    pub above: u16,
    /// How many of them, the first, are about what the config file lost.
    pub lost: u16,
    /// How many of them, the last, are about alerts.
    pub alerts: u16,
    /// How the lines below the tiles or the list are shared.
    pub below: Below,
}

/// The lines below the tiles or the list, from the top.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Below {
    /// Lines of the tile of the connection in focus, below a list.
    pub tile: u16,
    /// Lines of the connector status, below tiles or the one below a list.
    pub status: u16,
    /// Lines of the charts.
    pub charts: u16,
    /// Lines of the lists of impacted computers and of alert rules, where there are no charts.
    pub lists: u16,
    /// Lines about impacted computers, where there are neither charts nor lists.
    pub impact: u16,
}

/// Where everything is now. The focus stays on its connection when the order changes.
pub fn place<'a>(facts: &'a Facts, screen: &Dashboard) -> Place<'a> {
    let shown = shown(facts, &screen.find);
    let named = screen.focused.as_ref();
    let found = named.and_then(|name| shown.iter().position(|entry| entry.connection.name == *name));
    let focus = found.unwrap_or(screen.focus).min(shown.len().saturating_sub(1));
    let above = above(facts, shown.len(), screen.is_filtering());
    let whole = grid(facts, shown.len(), screen.is_filtering());
    let (grid, below) = [Some(whole), without_trends(facts, whole)]
        .into_iter()
        .flatten()
        .map(|grid| (grid, below(facts, screen, &shown, grid, focus, above)))
        .find(|(_, below)| below.charts > 0)
        .unwrap_or_else(|| (whole, below(facts, screen, &shown, whole, focus, above)));
    let row = focus / grid.columns;
    let lowest = (row + 1).saturating_sub(grid.visible);
    let top = screen.top.clamp(lowest, row).min(grid.rows.saturating_sub(grid.visible));
    let lost = lost_lines(facts).min(above);
    let alerts = alert_lines(facts).min(above - lost);
    Place { shown, grid, focus, top, above, lost, alerts, below }
}

/// The connections that hold every word of `find`, in their order.
fn shown<'a>(facts: &'a Facts, find: &str) -> Vec<&'a Entry> {
    let words: Vec<_> = find.split_whitespace().map(str::to_lowercase).collect();
    let mut shown: Vec<_> = facts.entries().iter().filter(|entry| holds(facts, entry, &words)).collect();
    shown.sort_by_key(|entry| urgency(entry.health(facts.now)));
    shown
}

/// The charts are drawn from so many columns and lines on.
const ROOM_FOR_CHARTS: (u16, u16) = (100, 8);
/// Lines for a fault in full: a gap, the name, and what to do.
const FULL_FAULT: u16 = 7;
/// Lines of a list of impacted computers at least: its heading, some of them, and a gap above.
const LEAST_LIST: u16 = 5;

/// Charts take what the connector status leaves. Where that is too little, connections without a fault share one line of
/// the status; where it is too little still, there are no charts.
fn below(facts: &Facts, screen: &Dashboard, shown: &[&Entry], grid: Grid, focus: usize, above: u16) -> Below {
    let line = 2 + above + u16::from(screen.is_filtering());
    let count = |number: usize| u16::try_from(number).unwrap_or(u16::MAX);
    let height = facts.size.1.saturating_sub(line);
    let fits = |rest: u16| facts.size.0 >= ROOM_FOR_CHARTS.0 && rest >= ROOM_FOR_CHARTS.1 && !shown.is_empty();
    let quiet = shown.iter().filter(|entry| entry.is_quiet(facts.now)).count();
    let in_focus = shown.get(focus).is_some_and(|entry| entry.last_fault().is_some());
    let told = if in_focus { FULL_FAULT } else { 0 };
    let whole = 1 + count(shown.len()) + told;
    let short = 1 + count(shown.len() - quiet) + u16::from(quiet > 0) + told;
    if grid.is_list {
        let height = height.saturating_sub(count(grid.rows.min(grid.visible) + 1));
        let lines = shown.get(focus).map_or(0, |entry| tile_lines(facts, entry, facts.size.0));
        let tile = (lines + 2).min(height).max(LOWEST_TILE);
        let rest = height.saturating_sub(tile);
        return match rest {
            _ if fits(rest) => Below { tile, charts: rest, ..Below::default() },
            // A heading and a line.
            0 | 1 => Below { tile: height, ..Below::default() },
            _ => Below { tile, ..without_charts(rest, short) },
        };
    }
    let height = height.saturating_sub(count(grid.rows).saturating_mul(grid.tile_height));
    let status = [whole, short].into_iter().find(|status| fits(height.saturating_sub(status + 1)));
    match status {
        Some(status) => Below { status: status + 1, charts: height - status - 1, ..Below::default() },
        None => without_charts(height, whole),
    }
}

/// So many lines for a status that takes so many, and for what else has room: a gap, and lists or a line.
fn without_charts(height: u16, status: u16) -> Below {
    match height.saturating_sub(status) {
        lists @ LEAST_LIST.. => Below { status: status + 1, lists: lists - 1, ..Below::default() },
        0 | 1 => Below { status: height, ..Below::default() },
        _ => Below { status: height - 1, impact: 1, ..Below::default() },
    }
}

/// The lines that the tile of a connection of so many columns has to show.
pub fn tile_lines(facts: &Facts, entry: &Entry, width: u16) -> u16 {
    let summary = entry.summary.value();
    let kinds = &entry.connection.work_items;
    let of_kind = |kind| if entry.counts(kind).is_some() { 3 + u16::from(width < room_for_trend(facts)) } else { 1 };
    let spec = facts.catalogue.get(&entry.connection.partner);
    let swept = |kind: &WorkItemKind| entry.counts(*kind).is_some_and(|counts| counts.sweep.is_some());
    // Besides these: its sync, and its sign-in.
    let others = [
        spec.is_some_and(|spec| partner::support(facts.lang, spec, facts.now).is_some()),
        summary.is_some_and(|summary| summary.client_secret_expires.is_some()),
        !kinds.is_empty() && kinds.iter().all(swept),
        entry.last_fault().is_some(),
        entry.has_finding(facts.now),
    ];
    2 + kinds.iter().map(|kind| of_kind(*kind)).sum::<u16>() + others.into_iter().map(u16::from).sum::<u16>()
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
    grid_below(facts, count, above(facts, count, is_filtering) + u16::from(is_filtering))
}

/// One line for this many lines of the screen, at most, tells of a workspace.
const LINES_A_WORKSPACE: u16 = 8;

/// Lines for what the config file lost, the workspaces and the alerts.
fn above(facts: &Facts, count: usize, is_filtering: bool) -> u16 {
    lost_lines(facts) + alert_lines(facts) + workspace_lines(facts, count, is_filtering)
}

/// Lines for what the config file lost: one where it did.
fn lost_lines(facts: &Facts) -> u16 {
    u16::from(!facts.unlisted.is_empty())
}

/// Lines for the alerts: one where there is a source.
fn alert_lines(facts: &Facts) -> u16 {
    u16::from(!facts.alerts.sources().is_empty())
}

/// Lines for the workspaces. The hint how to add one stands only where it takes no tile its place.
fn workspace_lines(facts: &Facts, count: usize, is_filtering: bool) -> u16 {
    let Some(workspaces) = facts.workspaces.list.value() else { return 0 };
    if !workspaces.is_empty() {
        let most = (facts.size.1 / LINES_A_WORKSPACE).max(1);
        return u16::try_from(workspaces.len()).unwrap_or(u16::MAX).min(most);
    }
    let line = u16::from(is_filtering) + lost_lines(facts) + alert_lines(facts);
    let (without, with) = (grid_below(facts, count, line), grid_below(facts, count, line + 1));
    let has_room = facts.size.1 >= ROOM_FOR_HINT && without.rows <= without.visible;
    u16::from(has_room && without.is_list == with.is_list && without.tile_height == with.tile_height)
}

/// The hint how to add a workspace stands on screens of so many lines.
const ROOM_FOR_HINT: u16 = 24;

fn grid_below(facts: &Facts, count: usize, above: u16) -> Grid {
    let (width, height) = (facts.size.0, facts.size.1.saturating_sub(2 + above));
    let columns = usize::from(width / TILE_WIDTH).clamp(1, MOST_COLUMNS).min(count.max(1));
    // As many rows as that takes, with the tiles evenly among them.
    let columns = count.div_ceil(count.div_ceil(columns).max(1)).max(1);
    let rows = count.div_ceil(columns);
    let (least, wanted) = tile_heights(facts, width / u16::try_from(columns).unwrap_or(1), height);
    // No line is left out while the screen has one.
    let each = height / u16::try_from(rows.max(1)).unwrap_or(u16::MAX);
    let tile_height = each.clamp(least, wanted);
    let visible = usize::from(height / tile_height).max(1);
    if rows <= visible {
        return Grid { is_list: false, columns, rows, tile_height, visible };
    }
    // One line for the headings of the list.
    let visible = usize::from(height.saturating_sub(1)).max(1);
    Grid { is_list: true, columns: 1, rows: count, tile_height: 1, visible }
}

/// The grid with tiles that leave out the trends of their kinds, which the charts below show as well; `None` where they have no
/// lines of their own.
fn without_trends(facts: &Facts, grid: Grid) -> Option<Grid> {
    let width = facts.size.0 / u16::try_from(grid.columns).unwrap_or(1).max(1);
    let tile_height = grid.tile_height.checked_sub(kinds(facts)).filter(|height| *height >= LOWEST_TILE)?;
    (!grid.is_list && width < room_for_trend(facts)).then_some(Grid { tile_height, ..grid })
}

/// The lowest that a tile gets.
const LOWEST_TILE: u16 = 5;

/// A tile of so many columns has the trend of a kind behind its counts.
fn room_for_trend(facts: &Facts) -> u16 {
    facts.lang.pick(78, 90)
}

/// The least height of the tiles, and that in which all of them are whole: the least has a frame, three lines a kind, or four
/// where its trend needs one, and three lines on sync, sign-in and fault; less where there is less to show, or the screen is lower.
fn tile_heights(facts: &Facts, width: u16, height: u16) -> (u16, u16) {
    let lines = facts.entries().iter().map(|entry| tile_lines(facts, entry, width)).max().unwrap_or(0);
    let wanted = (lines + 2).max(LOWEST_TILE);
    let least = (2 + (3 + u16::from(width < room_for_trend(facts))) * kinds(facts) + 3).min(wanted);
    (least.min(height).max(LOWEST_TILE), wanted)
}

/// How many kinds of work items a tile has at most.
fn kinds(facts: &Facts) -> u16 {
    let kinds = facts.entries().iter().map(|entry| entry.connection.work_items.len()).max().unwrap_or(1).max(1);
    u16::try_from(kinds).unwrap_or(1)
}
