//! What stands there before there are tiles.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::model::fault::Fault;
use crate::texts::{connection, dashboard as texts, fault as faults};
use crate::ui::app::model::Model;
use crate::ui::app::remedy::remedy;
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::widgets::text;

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
    let welcome = vec![Line::styled(texts::welcome(lang), theme.style(Role::Title))];
    let about = text::wrap(texts::about(lang), room).into_iter().map(Line::raw).collect::<Vec<_>>();
    let begin = choice("n", texts::begin(lang), room, theme);
    let demo = if model.demo { Vec::new() } else { choice("itsmc demo", texts::try_demo(lang), room, theme) };
    let airy = [&welcome, &about, &begin, &demo].map(|part| [part.clone(), vec![Line::default()]].concat()).concat();
    let lines = if airy.len() <= usize::from(place.height) + 2 { airy } else { [begin, demo, about].concat() };
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
    let styled = |words: &str, role| {
        let lines = text::wrap(words, room).into_iter();
        lines.map(|line| Line::styled(line, theme.style(role))).collect::<Vec<_>>()
    };
    let mut lines = styled(&format!("✗ {}", texts::config_failed(lang)), Role::Error);
    let then = styled(texts::press_reload(lang), Role::Normal);
    lines.extend(told(model, fault, (room, usize::from(place.height).saturating_sub(lines.len() + then.len())), theme));
    lines.extend(then);
    frame.render_widget(Paragraph::new(lines), place);
}

/// A fault in full: what happened, the likely cause, what to do. Where `room` (columns and lines) does not hold
/// all of it, the cause gives way.
pub fn told(model: &Model, fault: &Fault, room: (usize, usize), theme: Theme) -> Vec<Line<'static>> {
    let lang = model.lang;
    let labelled = |label: &str, words: String| {
        let lines = text::wrap(&format!("{label}: {words}"), room.0).into_iter();
        lines.map(Line::raw).collect::<Vec<_>>()
    };
    let summary = text::wrap(&faults::summary(lang, fault), room.0).into_iter();
    let summary = summary.map(|line| Line::styled(line, theme.style(Role::Title))).collect::<Vec<_>>();
    let cause = labelled(connection::cause(lang), faults::cause(lang, fault));
    let remedy = labelled(connection::remedy(lang), remedy(model, fault));
    let left = room.1.saturating_sub(summary.len() + remedy.len()).max(1);
    text::fit([summary, text::fit(cause, left, room.0), remedy].concat(), room.1, room.0)
}
