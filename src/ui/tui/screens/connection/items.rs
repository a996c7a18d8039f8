//! The tab with the table of work items.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

use super::columns::{self, Columns};
use super::{detail, filter, hits, tell};
use crate::model::items::{ItemColumn, ItemRow};
use crate::model::priority;
use crate::texts::{connection as texts, dashboard, fault as faults};
use crate::ui::app::connection::{ConnectionScreen, pane_is_beside, pane_width};
use crate::ui::app::model::Model;
use crate::ui::app::remedy::remedy;
use crate::ui::tui::clicks::{self, Choice};
use crate::ui::tui::screens::dashboard as dashboard_screen;
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::widgets::{search, text};

/// Draws the filter line, the table, and what is open beside or over it.
pub fn draw(frame: &mut Frame<'_>, area: Rect, model: &Model, screen: &ConnectionScreen, theme: Theme) {
    let [head, body] = Layout::vertical([Constraint::Length(1), Constraint::Fill(1)]).areas(area);
    draw_filter_line(frame, head, model, screen, theme);
    let is_choosing = screen.panel.is_some() || screen.columns.is_some();
    let (body, panel) = filter::beside_table(body, is_choosing && screen.detail.is_none());
    let (table, pane) = split(body, screen);
    if let Some(table) = table {
        draw_table(frame, table, model, screen, theme);
    }
    if let (Some(pane), Some(open)) = (pane, &screen.detail) {
        detail::draw(frame, pane, model, &screen.name, open, theme);
    }
    if let Some(choices) = &screen.panel {
        filter::draw(frame, panel, model, choices, theme);
    }
    if let Some(open) = &screen.columns {
        columns::draw(frame, panel, model, (open.at, screen.filter.sort), theme);
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
    let state = state_of_table(model, screen).or_else(|| sync(model, screen, usize::from(area.width), theme));
    let (state, role) = state.unwrap_or((String::new(), Role::Normal));
    let state = text::shorten(&state, usize::from(area.width).saturating_sub(2));
    let width = u16::try_from(text::width(&state)).unwrap_or(0);
    let right = Rect { x: area.right().saturating_sub(width + 1), width, ..area };
    let left = Rect { x: area.x + 1, width: area.width.saturating_sub(width + 3), ..area };
    match screen.search {
        Some(at) => search::draw(frame, left, (&screen.filter.find, at), texts::search_hint(model.lang), theme),
        None => {
            let role = if screen.is_narrowed() { Role::Normal } else { Role::Dim };
            let words = text::clauses(&filter::words(model, screen), usize::from(left.width)).unwrap_or_default();
            frame.render_widget(Line::styled(words, theme.style(role)), left);
        }
    }
    frame.render_widget(Line::styled(state, theme.style(role)), right);
}

/// In a narrower line the sync has no room beside the tabs.
const ROOM_BESIDE_TABS: usize = 66;

/// The sync that runs, where it has no room beside the tabs.
fn sync(model: &Model, screen: &ConnectionScreen, width: usize, theme: Theme) -> Option<(String, Role)> {
    let entry = model.entry(&screen.name).filter(|entry| entry.sync.task.is_some() && width < ROOM_BESIDE_TABS)?;
    let words = dashboard_screen::sync_line(model, entry, width / 2, theme).to_string();
    let role = if words.starts_with('▲') { Role::Warning } else { Role::Accent };
    Some((words, role))
}

/// What is the matter with the rows, if something is.
fn state_of_table(model: &Model, screen: &ConnectionScreen) -> Option<(String, Role)> {
    if let Some(fault) = screen.table.fault() {
        return Some((format!("✗ {}", faults::summary(model.lang, fault)), Role::Error));
    }
    screen.table.is_outdated().then(|| (texts::searching(model.lang).to_owned(), Role::Accent))
}

fn draw_table(frame: &mut Frame<'_>, area: Rect, model: &Model, screen: &ConnectionScreen, theme: Theme) {
    let lang = model.lang;
    let height = usize::from(area.height.saturating_sub(1));
    let shown = screen.table.rows().iter().enumerate().skip(screen.table.top()).take(height);
    let sort = screen.filter.sort;
    // What stands beside the table does not touch it.
    let beside = usize::from(area.right() < frame.area().right());
    let width = usize::from(area.width).saturating_sub(beside);
    let of = |room: usize| Columns::of(screen.table.rows().iter(), model, sort, room);
    let mark = |columns: &Columns| if columns.hidden > 0 { format!("+{} ", columns.hidden) } else { String::new() };
    let mut columns = of(width);
    let room = width.saturating_sub(text::width(&mark(&columns)) + 2);
    if columns.hidden > 0 && text::width(columns.heads(lang, sort).trim_end()) > room {
        columns = of(room);
    }
    let heads = text::ends(columns.heads(lang, sort).trim_end(), &mark(&columns), width);
    frame.render_widget(Line::styled(heads, theme.style(Role::Title)), Rect { height: area.height.min(1), ..area });
    let body = Rect { y: area.y + area.height.min(1), height: area.height.saturating_sub(1), ..area };
    if screen.table.rows().is_empty() {
        return draw_nothing(frame, body, model, screen, theme);
    }
    for ((index, row), y) in shown.zip(body.top()..body.bottom()) {
        let place = Rect { y, height: 1, ..body };
        let role = role(screen, index, row);
        let line = row_line(&columns, row, model, (&screen.filter.find, role), theme).style(theme.style(role));
        frame.render_widget(line, place);
        clicks::note(frame.buffer_mut(), place, Choice::opened(index == screen.table.cursor()), true);
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

/// A row: what was searched for is marked, and the highest priority stands out unless the whole row has a role.
fn row_line(
    columns: &Columns,
    row: &ItemRow,
    model: &Model,
    (find, role): (&str, Role),
    theme: Theme,
) -> Line<'static> {
    let urgent = role == Role::Normal && priority::is_most_urgent(&row.priority);
    let mut spans = Vec::new();
    for (column, words) in columns.cells(model, row) {
        match column {
            ItemColumn::Number | ItemColumn::Title => spans.extend(hits::marked(&words, find)),
            ItemColumn::Priority if urgent => spans.push(Span::styled(words, theme.style(Role::Warning))),
            _ => spans.push(Span::raw(words)),
        }
    }
    Line::from(spans)
}

fn draw_nothing(frame: &mut Frame<'_>, area: Rect, model: &Model, screen: &ConnectionScreen, theme: Theme) {
    let lang = model.lang;
    if let Some(fault) = screen.table.fault() {
        return tell(frame, area, &remedy(model, fault), Role::Normal, theme);
    }
    let syncing = model.entry(&screen.name).is_some_and(|entry| entry.sync.task.is_some());
    let entry = model.entry(&screen.name);
    let complete = entry.and_then(|entry| entry.summary.value()?.last_complete.map(|_| entry.connection.sync_days));
    if let Some(days) = complete.filter(|_| screen.table.is_loaded() && !screen.is_narrowed() && !syncing) {
        let words = texts::no_items_in_scope(lang, days.into());
        return tell(frame, area, &words, Role::Normal, theme);
    }
    let (words, role) = match screen.table.is_loaded() {
        false => (texts::loading(lang), Role::Dim),
        true if screen.is_narrowed() && screen.search.is_some() => (texts::no_match_typing(lang), Role::Normal),
        true if screen.is_narrowed() => (texts::no_match(lang), Role::Normal),
        true if syncing => (dashboard::sync_begins(lang), Role::Dim),
        true => (texts::no_items(lang), Role::Normal),
    };
    tell(frame, area, words, role, theme);
}
