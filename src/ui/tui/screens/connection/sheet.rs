//! A box over a tab.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Paragraph};

use crate::model::fault::Fault;
use crate::texts::{connection as texts, fault as faults};
use crate::ui::app::model::Model;
use crate::ui::app::remedy::remedy;
use crate::ui::tui::screens::boxes::clear;
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::view;
use crate::ui::tui::widgets::{hints, text};

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
    let width = area.width.min(WIDEST);
    let height = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX).min(area.height);
    let place = Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 3, width, height };
    let rows = usize::from(height.saturating_sub(2));
    let top = top.min(lines.len().saturating_sub(rows));
    let title = text::clip(title, usize::from(width.saturating_sub(6)));
    let mut block = Block::bordered()
        .border_type(BorderType::Rounded)
        .border_style(theme.style(Role::Accent))
        .title(Span::styled(format!(" {title} "), theme.style(Role::Title)));
    if top + rows < lines.len() {
        block = block.title_bottom(hints::more(model).right_aligned());
    }
    let inner = block.inner(place);
    let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
    clear(frame, place);
    frame.render_widget(block, place);
    frame.render_widget(Paragraph::new(lines.into_iter().skip(top).collect::<Vec<_>>()), inner);
    view::put_cursor(frame, inner.as_position());
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
