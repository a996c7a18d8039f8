//! The tiles.

mod alerts;
mod charts;
mod days;
mod first;
mod impact;
mod list;
mod lost;
pub mod status;
mod strip;
mod tile;
mod workspaces;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Position, Rect};
use ratatui::text::{Line, Span};

use super::Draw;
use crate::model::fault::Fault;
use crate::model::summary::Health;
use crate::texts::{dashboard as texts, fault as faults};
use crate::ui::app::dashboard::{Dashboard, Grid, Place, place};
use crate::ui::app::model::{Entry, Model};
use crate::ui::app::remote::Remote;
use crate::ui::tui::clicks::{self, Choice};
use crate::ui::tui::over;
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::view;
use crate::ui::tui::widgets::text;

pub use self::first::told;
pub use self::status::{signed_out, sync_line, weight};
pub use self::tile::partner;

impl Draw for Dashboard {
    fn draw(&self, frame: &mut Frame<'_>, area: Rect, model: &Model, theme: Theme) {
        draw(frame, area, model, self, theme);
    }

    fn header(&self, model: &Model) -> (String, String) {
        header(model, self)
    }
}

/// Draws it into `area`; the header above and the footer below are drawn by [`crate::ui::tui::view`].
fn draw(frame: &mut Frame<'_>, area: Rect, model: &Model, screen: &Dashboard, theme: Theme) {
    match &model.connections {
        Remote::Idle | Remote::Loading => {
            frame.render_widget(
                Line::styled(texts::reading_config(model.lang), theme.style(Role::Dim)),
                first::inset(area),
            );
        }
        Remote::Failed(fault) => first::draw_failed(frame, area, model, fault, theme),
        Remote::Ready(entries, _) if entries.is_empty() => {
            let [line, rest] =
                Layout::vertical([Constraint::Length(u16::from(!model.unlisted.is_empty())), Constraint::Fill(1)])
                    .areas(area);
            lost::draw(frame, line, model, theme);
            first::draw_welcome(frame, rest, model, theme);
        }
        Remote::Ready(..) => draw_connections(frame, area, model, screen, theme),
        Remote::Stale(_, _, fault) => {
            draw_connections(frame, area, model, screen, theme);
            draw_banner(frame, area, model, fault, theme);
        }
    }
}

/// What the header says of this screen: its title, and how many connections are how.
fn header(model: &Model, _screen: &Dashboard) -> (String, String) {
    let title = "itsmc".to_owned();
    let count = model.entries().len();
    if count == 0 {
        return (title, String::new());
    }
    let all = texts::how_many(model.lang, count);
    let told = healths(model, 0);
    if told.is_empty() {
        return (title, all);
    }
    let room = usize::from(model.size.0).saturating_sub(text::width(&title) + 5);
    // What does not fit leaves out the healthy ones first: the others want something done.
    let fitting = [format!("{all}: {told}"), told].into_iter().find(|words| text::width(words) <= room);
    (title, fitting.unwrap_or_else(|| healths(model, 1)))
}

/// How many connections are how, without the first `left_out` of the counts; nothing of those whose counts are not there yet.
fn healths(model: &Model, left_out: usize) -> String {
    let lang = model.lang;
    let of = |wanted| model.entries().iter().filter(|entry| entry.health(model.now) == Some(wanted)).count();
    if of(Health::Healthy) == model.entries().len() {
        return texts::all_healthy(lang).to_owned();
    }
    let counts = [
        (Health::Healthy, texts::healthy as fn(_, _) -> _),
        (Health::SignedOut, texts::signed_out_count),
        (Health::Failing, texts::failing),
        (Health::Warning, texts::attention),
        (Health::New, texts::not_synced_count),
    ];
    let counts =
        counts.into_iter().skip(left_out).map(|(health, words)| (of(health), words)).filter(|(count, _)| *count > 0);
    counts.map(|(count, words)| words(lang, count)).collect::<Vec<String>>().join(", ")
}

fn draw_connections(frame: &mut Frame<'_>, area: Rect, model: &Model, screen: &Dashboard, theme: Theme) {
    let place = place(model, screen);
    let above = place.above.min(area.height);
    let of_workspaces = above.saturating_sub(place.lost + place.alerts);
    let parts = [place.lost, of_workspaces, place.alerts].map(Constraint::Length);
    let [lost, workspaces, alerts] = Layout::vertical(parts).areas(Rect { height: above, ..area });
    lost::draw(frame, lost, model, theme);
    if of_workspaces > 0 {
        workspaces::draw(frame, workspaces, model, theme);
    }
    alerts::draw(frame, alerts, model, theme);
    let area = Rect { y: area.y + above, height: area.height - above, ..area };
    let line = u16::from(screen.is_filtering()).min(area.height);
    if line > 0 {
        draw_filter(frame, Rect { height: 1, ..area }, model, screen, theme);
    }
    let area = Rect { y: area.y + line, height: area.height - line, ..area };
    if place.shown.is_empty() {
        let words = Line::styled(texts::no_connection_matches(model.lang), theme.style(Role::Dim));
        frame.render_widget(words, first::inset(area));
    } else if place.grid.is_list {
        draw_list(frame, area, model, screen, &place, theme);
    } else {
        draw_tiles(frame, area, model, screen, &place, theme);
    }
}

/// The words of the filter; with the cursor while they are being typed.
fn draw_filter(frame: &mut Frame<'_>, area: Rect, model: &Model, screen: &Dashboard, theme: Theme) {
    let room = usize::from(area.width).saturating_sub(4);
    let find = screen.find.as_str();
    let before = text::tail(screen.search.and_then(|at| find.get(..at)).unwrap_or(find), room);
    let after = screen.search.and_then(|at| find.get(at..)).unwrap_or_default();
    let after = text::head(after, room.saturating_sub(text::width(before)));
    let typed = match find {
        "" => Span::styled(text::clip(texts::filter_hint(model.lang), room), theme.style(Role::Dim)),
        _ => Span::raw(format!("{before}{after}")),
    };
    frame.render_widget(Line::from(vec![Span::styled(" / ", theme.style(Role::Accent)), typed]), area);
    if screen.search.is_some() {
        let cursor = u16::try_from(3 + text::width(before)).unwrap_or(u16::MAX);
        view::put_cursor(frame, Position { x: area.x.saturating_add(cursor), y: area.y });
    }
}

fn draw_tiles(frame: &mut Frame<'_>, area: Rect, model: &Model, screen: &Dashboard, place: &Place<'_>, theme: Theme) {
    let grid = place.grid;
    for (index, entry) in place.shown.iter().enumerate() {
        let (tile, focused) = (tile_area(area, grid, index), index == place.focus);
        tile::draw(frame, tile, model, entry, focused, theme);
        clicks::note(frame.buffer_mut(), tile, Choice::opened(focused), true);
    }
    let used = u16::try_from(grid.rows).unwrap_or(u16::MAX).saturating_mul(grid.tile_height);
    let below = Rect { y: area.y + used.min(area.height), height: area.height.saturating_sub(used), ..area };
    draw_below(frame, below, model, screen, place, theme);
}

/// The connector status, the charts, and the line about impacted computers.
fn draw_below(frame: &mut Frame<'_>, area: Rect, model: &Model, screen: &Dashboard, place: &Place<'_>, theme: Theme) {
    let below = [place.below.status, place.below.charts, place.below.lists, place.below.impact];
    let [status, charts, lists, impact] = Layout::vertical(below.map(Constraint::Length)).areas(area);
    if lists.height > 0 {
        charts::draw_lists(frame, lists, model, &screen.charts, theme);
    }
    if let Some(overview) = screen.charts.overview.value().filter(|_| impact.height > 0) {
        let words = impact::in_a_line(model.lang, overview, usize::from(area.width).saturating_sub(2));
        let words = words.map(|words| format!(" {words}")).unwrap_or_default();
        frame.render_widget(Line::styled(words, theme.style(Role::Dim)), impact);
    }
    let is_short = place.below.charts > 0 || place.grid.is_list;
    let focused = place.shown.get(place.focus).copied();
    strip::draw(frame, status, model, (&place.shown, focused, is_short), theme);
    if place.below.charts > 0 {
        charts::draw(frame, charts, model, &screen.charts, theme);
    }
}

/// The lowest that the tile of the connection in focus is drawn below the list.
const LOWEST_TILE: u16 = 5;

/// One line for each connection, and below, where there is room, the tile of the one in focus and the charts.
fn draw_list(frame: &mut Frame<'_>, area: Rect, model: &Model, screen: &Dashboard, place: &Place<'_>, theme: Theme) {
    list::draw(frame, area, model, place, theme);
    let used = u16::try_from(place.shown.len() + 1).unwrap_or(u16::MAX);
    let below = Rect { y: area.y + used.min(area.height), height: area.height.saturating_sub(used), ..area };
    let [tile, below] = Layout::vertical([Constraint::Length(place.below.tile), Constraint::Fill(1)]).areas(below);
    let focused: Option<&Entry> = place.shown.get(place.focus).copied();
    if let Some(entry) = focused.filter(|_| tile.height >= LOWEST_TILE) {
        tile::draw(frame, tile, model, entry, true, theme);
    }
    draw_below(frame, below, model, screen, place, theme);
}

fn tile_area(area: Rect, grid: Grid, nth: usize) -> Rect {
    let columns = u32::try_from(grid.columns).unwrap_or(1);
    let cells = Layout::horizontal(vec![Constraint::Ratio(1, columns); grid.columns]).split(area);
    let row = u16::try_from(nth / grid.columns).unwrap_or(u16::MAX).saturating_mul(grid.tile_height);
    let column = cells.get(nth % grid.columns).copied().unwrap_or(area);
    let place = Rect { y: area.y.saturating_add(row), height: grid.tile_height, ..column };
    place.intersection(area)
}

/// The most lines that the fault of the config takes.
const BANNER: usize = 3;

/// The config could not be read again: what is shown is from before. The line with the error is told, which is what to fix.
fn draw_banner(frame: &mut Frame<'_>, area: Rect, model: &Model, fault: &Fault, theme: Theme) {
    let cause = faults::cause(model.lang, fault);
    let next = texts::correct_and_press(model.lang);
    let whole = format!("{}. {cause} {next}", faults::summary(model.lang, fault));
    let short = match fault {
        Fault::ConfigDamaged { reason, .. } => texts::config_stale(model.lang, reason),
        _ => format!("{cause} {next}"),
    };
    let room = usize::from(area.width).saturating_sub(4).max(1);
    let most = BANNER.min(usize::from(area.height / 3)).max(1);
    // Where not all fits, what to fix comes before which file it is in.
    let [whole, short] = [whole, short].map(|words| text::wrap(&words.replace('\n', " "), room));
    let all = if whole.len() <= most { whole } else { short };
    let mut lines: Vec<String> = all.iter().take(most).cloned().collect();
    if all.len() > most
        && let Some(last) = lines.last_mut()
    {
        *last = text::clip(&format!("{last} {}", all.get(most).map_or("", String::as_str)), room);
    }
    let height = u16::try_from(lines.len()).unwrap_or(1).min(area.height);
    let place = Rect { y: area.bottom().saturating_sub(height), height, ..area };
    let line = |(nth, line): (usize, String)| {
        let mark = if nth == 0 { " ✗ " } else { "   " };
        Line::styled(format!("{mark}{line}"), theme.style(Role::Error))
    };
    let lines: Vec<_> = lines.into_iter().enumerate().map(line).collect();
    over::wipe(frame, place);
    frame.render_widget(ratatui::widgets::Paragraph::new(lines), place);
}

#[cfg(test)]
mod tests;
