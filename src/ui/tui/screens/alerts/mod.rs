//! The alerts of Azure: a line for each source, what somebody should know, and the table.

mod columns;
mod filter;
mod head;
mod one;
mod preview;
mod rules;
mod sources;
mod table;
#[cfg(test)]
mod tests;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};

use super::Draw;
use super::connection::filter::beside_table;
use crate::model::items::Total;
use crate::texts::{alerts_screen as texts, number};
use crate::ui::app::alerts::{AlertsScreen, head as lines};
use crate::ui::app::model::Model;
use crate::ui::app::table::Position;
use crate::ui::tui::theme::Theme;

impl Draw for AlertsScreen {
    fn draw(&self, frame: &mut Frame<'_>, area: Rect, model: &Model, theme: Theme) {
        let (sources, notes) = lines::lines(model);
        let rows = |count| Constraint::Length(u16::try_from(count).unwrap_or(u16::MAX));
        let parts = [rows(sources), rows(notes), Constraint::Length(1), Constraint::Fill(1)];
        let [sources, notes, filter_line, body] = Layout::vertical(parts).areas(area);
        head::draw_sources(frame, sources, model, theme);
        head::draw_notes(frame, notes, model, theme);
        filter::draw_line(frame, filter_line, model, self, theme);
        let (body, panel) = beside_table(body, self.panel.is_some());
        table::draw(frame, body, model, self, theme);
        if let Some(choices) = &self.panel {
            filter::draw_panel(frame, panel, model, choices, theme);
        }
    }

    fn header(&self, model: &Model) -> (String, String) {
        (texts::title(model.lang).to_owned(), place(model, self))
    }
}

/// Where the alert in focus stands among all that match.
fn place(model: &Model, screen: &AlertsScreen) -> String {
    let lang = model.lang;
    let of = match screen.table.total() {
        Some(Total::Exactly(0)) | None => return String::new(),
        Some(Total::Exactly(all)) => number::grouped(lang, all),
        Some(Total::AtLeast(some)) => texts::at_least(lang, &number::grouped(lang, some)),
    };
    match screen.table.position() {
        Position::Exactly(at) => texts::position(lang, &number::grouped(lang, at), &of),
        Position::About(at) => texts::position(lang, &format!("~{}", number::grouped(lang, at)), &of),
        Position::Unknown => of,
    }
}
