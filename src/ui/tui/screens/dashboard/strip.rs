//! The strip under the tiles: what each connection last did.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::{status, told};
use crate::texts::{dashboard as texts, fault as faults, frame as frame_texts};
use crate::ui::app::model::{Entry, Model};
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::widgets::text;

/// Draws it, if there is room for its heading and a line; below it, if there is more, the fault of the
/// connection in focus in full.
pub fn draw(frame: &mut Frame<'_>, area: Rect, model: &Model, shown: &[&Entry], focused: Option<&Entry>, theme: Theme) {
    if area.height < 2 {
        return;
    }
    let room = usize::from(area.width).saturating_sub(2);
    let widest = shown.iter().map(|entry| text::width(entry.connection.name.as_str())).max().unwrap_or(0).min(room / 3);
    let fits = usize::from(area.height) - 1;
    let mut lines = vec![Line::styled(format!(" {}", heading(model, shown.len(), fits)), theme.style(Role::Title))];
    let rest = usize::from(area.height).saturating_sub(shown.len().min(fits) + 3);
    let told_in_full = focused.filter(|entry| entry.last_fault().is_some() && rest > 2);
    let is_told = |entry: &&&Entry| told_in_full.is_some_and(|told| told.connection.name == entry.connection.name);
    lines.extend(
        shown.iter().take(fits).filter(|entry| !is_told(entry)).map(|entry| line(model, entry, widest, room, theme)),
    );
    if let Some((entry, fault)) = told_in_full.and_then(|entry| Some((entry, entry.last_fault()?))) {
        let told = told(model, fault, (room, rest), theme).into_iter();
        lines.push(Line::default());
        lines.push(Line::styled(
            format!(" {}", text::clip(entry.connection.name.as_str(), room)),
            theme.style(Role::Title),
        ));
        lines
            .extend(told.map(|line| Line::from([vec![Span::raw(" ")], line.spans.clone()].concat()).style(line.style)));
    }
    frame.render_widget(Paragraph::new(lines), area);
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
    let (words, role) = newest(model, entry);
    Line::from(vec![Span::raw(name), Span::styled(text::clip(&words, rest), theme.style(role))])
}

fn newest(model: &Model, entry: &Entry) -> (String, Role) {
    if let Some(fault) = entry.last_fault() {
        let (mark, role) = status::weight(fault);
        let words = format!("{mark} {}. {}", faults::summary(model.lang, fault), faults::remedy(model.lang, fault));
        return (words, role);
    }
    if let Some(found) = status::found(model, entry) {
        return (found, Role::Warning);
    }
    match entry.summary.value().is_some_and(|summary| summary.last_sync.is_some()) {
        true => (format!("✓ {}", texts::no_fault(model.lang)), Role::Ok),
        false => (format!("○ {}", texts::never_synced(model.lang)), Role::Dim),
    }
}
