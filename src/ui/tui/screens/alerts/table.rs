//! The table of alerts, and what stands in its place while there is nothing in it.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::columns::{Column, Columns};
use crate::model::alert::Condition;
use crate::model::alert_view::AlertRow;
use crate::texts::{alerts_screen as texts, connection, fault as faults};
use crate::ui::app::alerts::AlertsScreen;
use crate::ui::app::model::Model;
use crate::ui::tui::clicks::{self, Choice};
use crate::ui::tui::screens::wizard::sheet::Sheet;
use crate::ui::tui::theme::{Role, Theme};

/// Draws it.
pub fn draw(frame: &mut Frame<'_>, area: Rect, model: &Model, screen: &AlertsScreen, theme: Theme) {
    let rows = screen.table.rows();
    if rows.is_empty() {
        return draw_nothing(frame, area, model, screen, theme);
    }
    let (room, height) = (usize::from(area.width), usize::from(area.height.saturating_sub(1)));
    let columns = Columns::of(rows.iter(), model.lang, model.now, room);
    let heads = columns.heads_line(model.lang, room);
    frame.render_widget(Line::styled(heads, theme.style(Role::Title)), Rect { height: area.height.min(1), ..area });
    let body = Rect { y: area.y + area.height.min(1), height: area.height.saturating_sub(1), ..area };
    let shown = rows.iter().enumerate().skip(screen.table.top()).take(height);
    for ((index, row), y) in shown.zip(body.top()..body.bottom()) {
        let role = role(screen, index, row);
        let line = row_line(&columns, row, model, role, theme).style(theme.style(role));
        let place = Rect { y, height: 1, ..body };
        frame.render_widget(line, place);
        clicks::note(frame.buffer_mut(), place, Choice::opened(index == screen.table.cursor()), true);
    }
}

fn role(screen: &AlertsScreen, index: usize, row: &AlertRow) -> Role {
    if index == screen.table.cursor() && !screen.table.is_outdated() {
        Role::Focus
    } else if screen.table.is_outdated() || row.condition == Condition::Resolved {
        Role::Dim
    } else {
        Role::Normal
    }
}

/// A row; the mark of an alert that stands, or whose end cannot be seen, stands out unless the whole row has a role.
fn row_line(columns: &Columns, row: &AlertRow, model: &Model, role: Role, theme: Theme) -> Line<'static> {
    let mut spans = vec![Span::raw(" ")];
    for (column, words) in columns.cells(model.lang, model.now, row) {
        let marked = match column {
            Column::State if row.condition == Condition::Fired => Some(Role::Warning),
            Column::Severity if row.severity.is_some_and(|severity| severity.number() == 0) => Some(Role::Error),
            _ => None,
        };
        match marked.filter(|_| role == Role::Normal) {
            Some(marked) => spans.push(Span::styled(words, theme.style(marked))),
            None => spans.push(Span::raw(words)),
        }
    }
    Line::from(spans)
}

fn draw_nothing(frame: &mut Frame<'_>, area: Rect, model: &Model, screen: &AlertsScreen, theme: Theme) {
    let lang = model.lang;
    let mut sheet = Sheet::new(area, theme);
    sheet.gap();
    if let Some(fault) = screen.table.fault() {
        sheet.fault_here(model, fault, 1);
    } else if !screen.table.is_loaded() {
        sheet.wrapped(Role::Dim, 1, connection::loading(lang));
    } else if !screen.query.is_empty() {
        sheet.wrapped(Role::Normal, 1, texts::no_match(lang));
    } else if model.alerts.standing.value().is_some() && model.alerts.sources().is_empty() {
        sheet.wrapped(Role::Normal, 1, texts::no_source(lang));
        sheet.bullet(Role::Normal, 1, "→", texts::no_source_next(lang));
        sheet.bullet(Role::Normal, 1, "→", texts::no_source_file(lang));
    } else {
        sheet.wrapped(Role::Normal, 1, texts::nothing_yet(lang));
        sheet.wrapped(Role::Dim, 1, texts::nothing_yet_rights(lang));
    }
    sheet.draw(frame, area, 0, theme);
}

/// What is the matter with the rows, if something is.
pub fn state(model: &Model, screen: &AlertsScreen) -> Option<(String, Role)> {
    if let Some(fault) = screen.table.fault() {
        return Some((format!("✗ {}", faults::summary(model.lang, fault)), Role::Error));
    }
    if screen.table.is_outdated() {
        return Some((connection::searching(model.lang).to_owned(), Role::Accent));
    }
    let works = model.alerts.follow.task.is_some();
    works.then(|| (format!("◌ {}", texts::working(model.lang)), Role::Accent))
}
