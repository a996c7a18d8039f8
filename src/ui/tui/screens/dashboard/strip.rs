//! The strip under the tiles: what each connection last did.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::{status, told};
use crate::model::fault::Fault;
use crate::texts::{dashboard as texts, fault as faults, frame as frame_texts};
use crate::ui::app::model::{Entry, Model};
use crate::ui::app::remedy::remedy;
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::widgets::text;

/// The connections, the one in focus, and whether those without a fault share one line where they do not fit.
type Shown<'a> = (&'a [&'a Entry], Option<&'a Entry>, bool);

/// The cells of a text in a line at most.
const WIDEST_TEXT: usize = 118;

/// Draws it, if there is room for its heading and a line; below it, if there is more, the fault of the
/// connection in focus in full.
pub fn draw(frame: &mut Frame<'_>, area: Rect, model: &Model, (all, focused, is_short): Shown<'_>, theme: Theme) {
    if area.height < 2 {
        return;
    }
    let room = usize::from(area.width).saturating_sub(2);
    let fits = usize::from(area.height) - 1;
    let is_short = is_short && all.len() > fits;
    let shown: Vec<_> = all.iter().copied().filter(|entry| !is_short || !entry.is_quiet(model.now)).collect();
    let quiet = all.len() - shown.len();
    let widest = shown.iter().map(|entry| text::width(entry.connection.name.as_str())).max().unwrap_or(0).min(room / 3);
    let heading = heading(model, all.len(), if quiet > 0 { all.len() } else { fits });
    let mut lines = vec![Line::styled(format!(" {heading}"), theme.style(Role::Title))];
    let rest = usize::from(area.height).saturating_sub(shown.len().min(fits) + usize::from(quiet > 0) + 3);
    let told_in_full = focused.filter(|entry| entry.last_fault().is_some() && rest > 2);
    let is_told = |entry: &&&Entry| told_in_full.is_some_and(|told| told.connection.name == entry.connection.name);
    lines.extend(
        shown.iter().take(fits).filter(|entry| !is_told(entry)).map(|entry| line(model, entry, widest, room, theme)),
    );
    if quiet > 0 {
        let words = format!(" ✓ {}: {}", texts::how_many(model.lang, quiet), texts::no_fault(model.lang));
        lines.push(Line::styled(words, theme.style(Role::Ok)));
    }
    if let Some((entry, fault)) = told_in_full.and_then(|entry| Some((entry, entry.last_fault()?))) {
        lines.extend(in_full(model, entry, fault, (room, rest), theme));
    }
    frame.render_widget(Paragraph::new(lines), area);
}

/// A gap, the connection's name, and its fault.
fn in_full(
    model: &Model,
    entry: &Entry,
    fault: &Fault,
    (room, rest): (usize, usize),
    theme: Theme,
) -> Vec<Line<'static>> {
    let name = format!(" {}", text::clip(entry.connection.name.as_str(), room));
    // Where a line that the eye follows does not hold it, the whole line does.
    let holds = |room: usize| self::told(model, fault, (room, usize::MAX), theme).len() <= rest;
    let narrow = room.min(WIDEST_TEXT);
    let room = if holds(narrow) { narrow } else { room };
    let told = told(model, fault, (room, rest), theme).into_iter();
    let told = told.map(|line| Line::from([vec![Span::raw(" ")], line.spans.clone()].concat()).style(line.style));
    [Line::default(), Line::styled(name, theme.style(Role::Title))].into_iter().chain(told).collect()
}

/// What the strip is, and how many of how many it has room for.
fn heading(model: &Model, all: usize, fits: usize) -> String {
    let heading = texts::connector_status(model.lang);
    match all > fits {
        true => format!("{heading} ({})", frame_texts::of(model.lang, &fits.to_string(), &all.to_string())),
        false => heading.to_owned(),
    }
}

fn line(model: &Model, entry: &Entry, widest: usize, room: usize, theme: Theme) -> Line<'static> {
    let name = format!(" {}  ", text::pad(entry.connection.name.as_str(), widest));
    let rest = room.saturating_sub(text::width(&name));
    let (words, role) = newest(model, entry, rest.min(WIDEST_TEXT - 2));
    Line::from(vec![Span::raw(name), Span::styled(text::shorten(&words, rest), theme.style(role))])
}

/// What it last did; what to do about a fault too, where that fits whole.
fn newest(model: &Model, entry: &Entry, room: usize) -> (String, Role) {
    if let Some(fault) = entry.last_fault() {
        let (mark, role) = status::weight(fault);
        let summary = format!("{mark} {}", faults::summary(model.lang, fault));
        let whole = format!("{summary}. {}", remedy(model, fault));
        return (if text::width(&whole) <= room { whole } else { summary }, role);
    }
    if let Some(found) = status::found(model, entry) {
        return (found, Role::Warning);
    }
    if let Some(ending) = status::ending(model, entry, room) {
        return ending;
    }
    match entry.summary.value().is_some_and(|summary| summary.last_sync.is_some()) {
        true => (format!("✓ {}", texts::no_fault(model.lang)), Role::Ok),
        false => (format!("○ {}", texts::never_synced(model.lang)), Role::Dim),
    }
}
