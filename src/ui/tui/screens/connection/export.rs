//! The box that asks where the rows of the table are written to.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::sheet;
use crate::model::export::Format;
use crate::texts::connection as texts;
use crate::ui::app::connection::{ConnectionScreen, Export};
use crate::ui::app::model::Model;
use crate::ui::app::update::connection::command;
use crate::ui::tui::screens::wizard::field;
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::view::put_cursor;
use crate::ui::tui::widgets::text;

/// Draws it.
pub fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    model: &Model,
    screen: &ConnectionScreen,
    export: &Export,
    theme: Theme,
) {
    let (lang, room) = (model.lang, sheet::room(area));
    let label = format!("{}: ", texts::export_file(lang));
    let labels = text::width(&label);
    let cursor = export.task.is_none().then_some(export.cursor);
    let place = room.saturating_sub(labels).max(1);
    let shown = field::or_ground(field::line(&export.path, cursor, place), place, theme);
    let mut lines = vec![Line::from([vec![Span::styled(label, theme.style(Role::Dim))], shown.spans].concat())];
    match export.format() {
        Some(Format::Csv) => lines.extend(sheet::wrapped(texts::export_csv(lang), room, Role::Dim, theme)),
        Some(Format::Json) => lines.extend(sheet::wrapped(texts::export_json(lang), room, Role::Dim, theme)),
        None => lines.extend(sheet::wrapped(&format!("▲ {}", texts::export_ends(lang)), room, Role::Warning, theme)),
    }
    if export.task.is_some() {
        lines.extend(sheet::wrapped(&format!("◌ {}", texts::export_runs(lang)), room, Role::Accent, theme));
    }
    lines.extend(export.fault.iter().flat_map(|fault| sheet::fault(model, fault, room, theme)));
    lines.push(Line::default());
    lines.extend(sheet::wrapped(texts::export_about(lang), room, Role::Normal, theme));
    lines.extend(sheet::wrapped(&format!("{} {}", model.program, command(screen)), room, Role::Accent, theme));
    let inner = sheet::draw(frame, area, model, texts::export_title(lang), lines, 0, theme);
    let column = shown.cursor.and_then(|column| u16::try_from(labels + column).ok());
    if let Some(column) = column {
        put_cursor(frame, Position::new(inner.x + column, inner.y));
    }
}
