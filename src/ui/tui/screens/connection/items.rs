//! The tab with the table of work items.

use jiff::{SignedDuration, Timestamp};
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Position, Rect};
use ratatui::text::{Line, Span};

use super::{detail, filter, hits, tell};
use crate::model::items::ItemRow;
use crate::model::lang::Lang;
use crate::model::priority;
use crate::texts::{connection as texts, dashboard, fault as faults, sweep, time};
use crate::ui::app::connection::{ConnectionScreen, pane_is_beside, pane_width};
use crate::ui::app::model::Model;
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::view;
use crate::ui::tui::widgets::text;

/// From so many columns on the table shows priorities and times.
const ROOM_FOR_TIME: usize = 56;
const ROOM_FOR_PRIORITY: usize = 74;

/// Draws the filter line, the table, and what is open beside or over it.
pub fn draw(frame: &mut Frame<'_>, area: Rect, model: &Model, screen: &ConnectionScreen, theme: Theme) {
    let [head, body] = Layout::vertical([Constraint::Length(1), Constraint::Fill(1)]).areas(area);
    draw_filter_line(frame, head, model, screen, theme);
    let (table, pane) = split(body, screen);
    if let Some(table) = table {
        draw_table(frame, table, model, screen, theme);
    }
    if let (Some(pane), Some(open)) = (pane, &screen.detail) {
        detail::draw(frame, pane, model, &screen.name, open, theme);
    }
    if let Some(panel) = &screen.panel {
        filter::draw(frame, body, model, panel, theme);
    }
}

/// The table beside the pane, or the pane in its place.
fn split(body: Rect, screen: &ConnectionScreen) -> (Option<Rect>, Option<Rect>) {
    if screen.detail.is_none() {
        return (Some(body), None);
    }
    if !pane_is_beside(body.width) {
        return (None, Some(body));
    }
    let pane = u16::try_from(pane_width(body.width) + 4).unwrap_or(body.width);
    let [table, pane] = Layout::horizontal([Constraint::Fill(1), Constraint::Length(pane)]).areas(body);
    (Some(table), Some(pane))
}

fn draw_filter_line(frame: &mut Frame<'_>, area: Rect, model: &Model, screen: &ConnectionScreen, theme: Theme) {
    let (state, role) = state_of_table(model, screen).unwrap_or((String::new(), Role::Normal));
    let state = text::clip(&state, usize::from(area.width).saturating_sub(2));
    let width = u16::try_from(text::width(&state)).unwrap_or(0);
    let right = Rect { x: area.right().saturating_sub(width + 1), width, ..area };
    let left = Rect { x: area.x + 1, width: area.width.saturating_sub(width + 3), ..area };
    match screen.search {
        Some(at) => draw_search(frame, left, model, (&screen.filter.find, at), theme),
        None => {
            let role = if screen.is_narrowed() { Role::Normal } else { Role::Dim };
            let words = text::clip(&filter::words(model, screen), usize::from(left.width));
            frame.render_widget(Line::styled(words, theme.style(role)), left);
        }
    }
    frame.render_widget(Line::styled(state, theme.style(role)), right);
}

/// The search field, scrolled so that its cursor shows.
fn draw_search(frame: &mut Frame<'_>, area: Rect, model: &Model, (find, at): (&str, usize), theme: Theme) {
    let room = usize::from(area.width).saturating_sub(3);
    let before = text::tail(find.get(..at).unwrap_or(find), room);
    let after = text::head(find.get(at..).unwrap_or_default(), room.saturating_sub(text::width(before)));
    let typed = match find {
        "" => Span::styled(text::clip(texts::search_hint(model.lang), room), theme.style(Role::Dim)),
        _ => Span::raw(format!("{before}{after}")),
    };
    frame.render_widget(Line::from(vec![Span::styled("/ ", theme.style(Role::Accent)), typed]), area);
    let cursor = u16::try_from(2 + text::width(before)).unwrap_or(u16::MAX);
    view::put_cursor(frame, Position { x: area.x.saturating_add(cursor), y: area.y });
}

/// What is the matter with the rows, if something is.
fn state_of_table(model: &Model, screen: &ConnectionScreen) -> Option<(String, Role)> {
    if let Some(fault) = screen.table.fault() {
        return Some((format!("✗ {} (r)", faults::summary(model.lang, fault)), Role::Error));
    }
    screen.table.is_outdated().then(|| (texts::searching(model.lang).to_owned(), Role::Accent))
}

/// How wide the columns are, measured over all rows held, so that they stand still while one scrolls; those
/// without room are left out.
struct Columns {
    number: usize,
    state: usize,
    priority: usize,
    updated: usize,
    title: usize,
}

impl Columns {
    fn of<'a>(rows: impl Iterator<Item = &'a ItemRow> + Clone, model: &Model, room: usize) -> Self {
        let widest = |of: &dyn Fn(&'a ItemRow) -> &'a str, least: usize, most: usize| {
            rows.clone().map(|row| text::width(of(row))).max().unwrap_or(0).clamp(least, most)
        };
        let narrow = room < ROOM_FOR_TIME;
        let number = widest(&|row| &row.number, 10, if narrow { 10 } else { 14 });
        let state = widest(&|row| state(row, model.lang), 6, if narrow { 11 } else { 16 });
        let priority = if room < ROOM_FOR_PRIORITY { 0 } else { widest(&|row| row.priority.shown(), 8, 16) };
        let updated = if narrow { 0 } else { widest_time(model) };
        let taken: usize =
            [number, state, priority, updated].into_iter().filter(|width| *width > 0).map(|width| width + 1).sum();
        Self { number, state, priority, updated, title: room.saturating_sub(taken + 1) }
    }

    fn line(&self, number: &str, state: &str, priority: &str, title: &str, updated: &str) -> [String; 5] {
        let cells = [
            (number, self.number),
            (state, self.state),
            (priority, self.priority),
            (title, self.title),
            (updated, self.updated),
        ];
        cells.map(|(words, width)| if width == 0 { String::new() } else { format!(" {}", text::pad(words, width)) })
    }
}

fn draw_table(frame: &mut Frame<'_>, area: Rect, model: &Model, screen: &ConnectionScreen, theme: Theme) {
    let lang = model.lang;
    let height = usize::from(area.height.saturating_sub(1));
    let shown = screen.table.rows().iter().enumerate().skip(screen.table.top()).take(height);
    let columns = Columns::of(screen.table.rows().iter(), model, usize::from(area.width));
    let heads = columns.line(
        texts::column_number(lang),
        texts::column_state(lang),
        texts::column_priority(lang),
        texts::column_title(lang),
        texts::column_updated(lang),
    );
    frame.render_widget(
        Line::styled(heads.concat(), theme.style(Role::Title)),
        Rect { height: area.height.min(1), ..area },
    );
    let body = Rect { y: area.y + area.height.min(1), height: area.height.saturating_sub(1), ..area };
    if screen.table.rows().is_empty() {
        return draw_nothing(frame, body, model, screen, theme);
    }
    for ((index, row), y) in shown.zip(body.top()..body.bottom()) {
        let place = Rect { y, height: 1, ..body };
        let role = role(screen, index, row);
        let line = row_line(&columns, row, model, (&screen.filter.find, role), theme).style(theme.style(role));
        frame.render_widget(line, place);
    }
}

fn role(screen: &ConnectionScreen, index: usize, row: &ItemRow) -> Role {
    if index == screen.table.cursor() && !screen.table.is_outdated() {
        Role::Focus
    } else if screen.table.is_outdated() || !row.open || row.removed_at.is_some() {
        Role::Dim
    } else {
        Role::Normal
    }
}

/// What stands in the column of states: of a removed item that it is removed.
fn state(row: &ItemRow, lang: Lang) -> &str {
    if row.removed_at.is_some() { sweep::removed_mark(lang) } else { row.state.shown() }
}

/// A row: what was searched for is marked, and the highest priority stands out unless the whole row has a role.
fn row_line(
    columns: &Columns,
    row: &ItemRow,
    model: &Model,
    (find, role): (&str, Role),
    theme: Theme,
) -> Line<'static> {
    let updated = updated(model, row.key.updated_at);
    let plain = |words: &str| crate::model::clean::clean(words, false);
    let [number, state, priority, title, updated] = columns.line(
        &plain(&row.number),
        &plain(state(row, model.lang)),
        &plain(row.priority.shown()),
        &plain(&row.title),
        &updated,
    );
    let urgent = role == Role::Normal && priority::is_most_urgent(&row.priority);
    let mut spans = hits::marked(&number, find);
    spans.push(Span::raw(state));
    spans.push(Span::styled(priority, theme.style(if urgent { Role::Warning } else { Role::Normal })));
    spans.extend(hits::marked(&title, find));
    spans.push(Span::raw(updated));
    Line::from(spans)
}

/// Cells of the widest time that [`updated`] tells.
fn widest_time(model: &Model) -> usize {
    let minutes = time::ago(model.lang, model.now - SignedDuration::from_mins(59), model.now);
    text::width(&minutes).max(text::width("28 Feb 2027"))
}

/// How long ago, for a week; then the day.
fn updated(model: &Model, at: Timestamp) -> String {
    if model.now.duration_since(at) < SignedDuration::from_hours(7 * 24) {
        time::ago(model.lang, at, model.now)
    } else {
        time::date(model.lang, at)
    }
}

fn draw_nothing(frame: &mut Frame<'_>, area: Rect, model: &Model, screen: &ConnectionScreen, theme: Theme) {
    let lang = model.lang;
    if let Some(fault) = screen.table.fault() {
        return tell(frame, area, &faults::remedy(lang, fault), Role::Normal, theme);
    }
    let syncing = model.entry(&screen.name).is_some_and(|entry| entry.sync.task.is_some());
    let (words, role) = match screen.table.is_loaded() {
        false => (texts::loading(lang), Role::Dim),
        true if screen.is_narrowed() => (texts::no_match(lang), Role::Normal),
        true if syncing => (dashboard::sync_begins(lang), Role::Dim),
        true => (texts::no_items(lang), Role::Normal),
    };
    tell(frame, area, words, role, theme);
}
