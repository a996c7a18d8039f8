//! A box over a tab.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Borders, Paragraph};

use crate::model::fault::Fault;
use crate::texts::{connection as texts, fault as faults};
use crate::ui::app::model::Model;
use crate::ui::app::remedy::remedy;
use crate::ui::tui::over::Over;
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::widgets::text;

const WIDEST: u16 = 84;

/// Cells for text in a box over `area`.
pub fn room(area: Rect) -> usize {
    usize::from(area.width.min(WIDEST).saturating_sub(4)).max(1)
}

/// Draws a box with as many of its lines, from `top` on, as fit; where they stand.
pub fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    model: &Model,
    title: &str,
    lines: Vec<Line<'static>>,
    top: usize,
    theme: Theme,
) -> Rect {
    let over = Over { title, widest: WIDEST, lines: lines.len(), top, borders: Borders::ALL };
    let (inner, top) = over.open(frame, area, model, theme);
    frame.render_widget(Paragraph::new(lines.into_iter().skip(top).collect::<Vec<_>>()), inner);
    inner
}

/// A text in lines.
pub fn wrapped(words: &str, room: usize, role: Role, theme: Theme) -> Vec<Line<'static>> {
    text::wrap(words, room).into_iter().map(|line| Line::styled(line, theme.style(role))).collect()
}

/// What went wrong and what to do.
pub fn fault(model: &Model, fault: &Fault, room: usize, theme: Theme) -> Vec<Line<'static>> {
    [summary(model, fault, room, theme), next(model, fault, room, theme)].concat()
}

/// The same with why, where nothing else on the screen tells it.
pub fn fault_with_cause(model: &Model, fault: &Fault, room: usize, theme: Theme) -> Vec<Line<'static>> {
    let cause = format!("{}: {}", texts::cause(model.lang), faults::cause(model.lang, fault));
    let cause = wrapped(&cause, room, Role::Normal, theme);
    [summary(model, fault, room, theme), cause, next(model, fault, room, theme)].concat()
}

fn summary(model: &Model, fault: &Fault, room: usize, theme: Theme) -> Vec<Line<'static>> {
    wrapped(&format!("✗ {}.", faults::summary(model.lang, fault)), room, Role::Error, theme)
}

fn next(model: &Model, fault: &Fault, room: usize, theme: Theme) -> Vec<Line<'static>> {
    let told = format!("{}: {}", texts::remedy(model.lang), remedy(model, fault));
    wrapped(&told, room, Role::Normal, theme)
}
