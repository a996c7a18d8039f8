//! What stands there before there are tiles.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::app::model::Model;
use crate::model::fault::Fault;
use crate::texts::{connection, dashboard as texts, fault as faults};
use crate::tui::theme::{Role, Theme};
use crate::tui::widgets::text;

/// The widest that prose is set.
const WIDEST: u16 = 72;

/// The area without its margin, no wider than prose reads well.
pub fn inset(area: Rect) -> Rect {
    let width = area.width.saturating_sub(4).min(WIDEST);
    let top = u16::from(area.height > 3);
    Rect { x: area.x + area.width.min(2), y: area.y + top, width, height: area.height.saturating_sub(top) }
}

/// No connection yet: what this is, and how to begin.
pub fn draw_welcome(frame: &mut Frame<'_>, area: Rect, model: &Model, theme: Theme) {
    let (lang, place) = (model.lang, inset(area));
    let room = usize::from(place.width);
    let mut lines = vec![Line::styled(texts::welcome(lang), theme.style(Role::Title)), Line::default()];
    lines.extend(text::wrap(texts::about(lang), room).into_iter().map(Line::raw));
    lines.push(Line::default());
    lines.extend(choice("n", texts::begin(lang), room, theme));
    if !model.demo {
        lines.push(Line::default());
        lines.extend(choice("itsmc demo", texts::try_demo(lang), room, theme));
    }
    frame.render_widget(Paragraph::new(lines), place);
}

fn choice(key: &str, words: &str, room: usize, theme: Theme) -> Vec<Line<'static>> {
    let indent = text::width(key) + 2;
    let wrapped = text::wrap(words, room.saturating_sub(indent).max(1));
    let line = |(at, words): (usize, String)| {
        let mark = if at == 0 { format!("{key}  ") } else { " ".repeat(indent) };
        Line::from(vec![Span::styled(mark, theme.style(Role::Accent)), Span::raw(words)])
    };
    wrapped.into_iter().enumerate().map(line).collect()
}

/// The config could not be read.
pub fn draw_failed(frame: &mut Frame<'_>, area: Rect, model: &Model, fault: &Fault, theme: Theme) {
    let (lang, place) = (model.lang, inset(area));
    let room = usize::from(place.width);
    let mut lines: Vec<Line<'_>> = text::wrap(&format!("✗ {}", texts::config_failed(lang)), room)
        .into_iter()
        .map(|line| Line::styled(line, theme.style(Role::Error)))
        .collect();
    lines.extend(told(model, fault, room, theme));
    lines.extend(text::wrap(texts::press_reload(lang), room).into_iter().map(Line::raw));
    frame.render_widget(Paragraph::new(lines), place);
}

/// A fault in full: what happened, the likely cause, what to do.
pub fn told(model: &Model, fault: &Fault, room: usize, theme: Theme) -> Vec<Line<'static>> {
    let lang = model.lang;
    let mut lines: Vec<Line<'static>> = text::wrap(&faults::summary(lang, fault), room)
        .into_iter()
        .map(|line| Line::styled(line, theme.style(Role::Title)))
        .collect();
    for (label, words) in
        [(connection::cause(lang), faults::cause(lang, fault)), (connection::remedy(lang), faults::remedy(lang, fault))]
    {
        let wrapped = text::wrap(&format!("{label}: {words}"), room);
        lines.extend(wrapped.into_iter().map(Line::raw));
    }
    lines
}
