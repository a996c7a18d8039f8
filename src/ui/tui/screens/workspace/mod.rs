//! One workspace of Log Analytics: tabs with how far it is, its plan, its test row, its verification, its faults, its log.

pub mod faults;
pub mod field;
mod log;
pub mod plan;
pub mod sign_in;
mod state;
pub mod test_row;
mod verification;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

use super::Draw;
use super::wizard::sheet::Sheet;
use crate::model::lang::Lang;
use crate::texts::{connection, frame as frame_texts, workspace, workspace_screen as texts};
use crate::ui::app::model::Model;
use crate::ui::app::remote::Remote;
use crate::ui::app::workspace::{Standing, Tab, WorkspaceEntry, WorkspaceScreen, tabs};
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::widgets::{tab_line, text};

impl Draw for WorkspaceScreen {
    fn draw(&self, frame: &mut Frame<'_>, area: Rect, model: &Model, theme: Theme) {
        let [line, body] = Layout::vertical([Constraint::Length(1), Constraint::Fill(1)]).areas(area);
        draw_tabs(frame, line, model, self, theme);
        match (self.entry(model), &model.workspaces.list) {
            (Some(entry), _) => draw_tab(frame, body, model, self, entry, theme),
            (None, Remote::Failed(fault)) => {
                let mut sheet = Sheet::new(body, theme);
                sheet.fault_here(model, fault, 1);
                sheet.draw(frame, body, self.top, theme);
            }
            (None, _) => {
                let words = format!(" {}", connection::loading(model.lang));
                frame.render_widget(Line::styled(words, theme.style(Role::Dim)), body);
            }
        }
        if let Some(sign_in) = &self.sign_in {
            sign_in::draw_box(frame, body, model, sign_in, theme);
        }
        if let Some(field) = &self.plan.field {
            field::draw(frame, body, model, field, theme);
        }
    }

    fn header(&self, model: &Model) -> (String, String) {
        let Some(entry) = self.entry(model) else { return (self.name.to_string(), String::new()) };
        let standing = entry.standing();
        let title = format!("{} {} {}", self.name, symbol(standing).0, standing_word(model.lang, standing));
        (title, texts::log_analytics(model.lang).to_owned())
    }
}

fn draw_tab(
    frame: &mut Frame<'_>,
    area: Rect,
    model: &Model,
    screen: &WorkspaceScreen,
    entry: &WorkspaceEntry,
    theme: Theme,
) {
    let mut sheet = Sheet::new(area, theme);
    match screen.tab {
        Tab::State => state::write(model, screen, entry, &mut sheet),
        Tab::Plan => plan::write(model, &screen.plan, &entry.settings, &mut sheet),
        Tab::Test => test_row::write(model, &screen.test, entry.standing.set_up, &mut sheet),
        Tab::Verification => verification::write(model, screen, entry, &mut sheet),
        Tab::Faults => faults::write(model, screen, entry, &mut sheet),
        Tab::Log => log::write(model, entry, &mut sheet),
    }
    sheet.draw(frame, area, screen.top, theme);
}

/// The mark of a standing.
pub fn symbol(standing: Standing) -> (&'static str, Role) {
    match standing {
        Standing::Failing => ("✗", Role::Error),
        Standing::Warning => ("▲", Role::Warning),
        Standing::NotSetUp | Standing::New => ("○", Role::Dim),
        Standing::Healthy => ("●", Role::Ok),
    }
}

fn standing_word(lang: Lang, standing: Standing) -> &'static str {
    use crate::model::summary::Health;
    match standing {
        Standing::Failing => frame_texts::health(lang, Health::Failing),
        Standing::Warning => frame_texts::health(lang, Health::Warning),
        Standing::NotSetUp => texts::not_set_up_short(lang),
        Standing::New => crate::texts::sending::never_accepted(lang),
        Standing::Healthy => workspace::set_up(lang),
    }
}

fn draw_tabs(frame: &mut Frame<'_>, area: Rect, model: &Model, screen: &WorkspaceScreen, theme: Theme) {
    let name = |tab| tabs::name(model.lang, tab);
    frame.render_widget(tab_line::line(&Tab::ALL, name, screen.tab, usize::from(area.width), theme), area);
}

/// The columns of labels, with the gap to their values.
pub const LABELS: usize = 16;
/// From so many cells on a value of several lines stands beside its label.
const ROOM_BESIDE: usize = 50;
/// Cells between a label and its value at least.
const GAP: usize = 2;

/// A line of a label and its value; what does not fit stands below.
pub fn labelled(sheet: &mut Sheet, label: &str, value: &str, role: Role) {
    let style = sheet.theme.style(Role::Dim);
    let labels = LABELS.max(text::width(label) + GAP);
    let label = Span::styled(format!(" {}", text::pad(label, labels)), style);
    let of_value = sheet.theme.style(role);
    let beside = sheet.room.saturating_sub(labels + 1);
    let longest = value.split_whitespace().map(text::width).max().unwrap_or(0);
    // A word that would be broken beside the label is whole below it.
    if text::width(value) > beside && (sheet.room < ROOM_BESIDE || longest > beside) {
        sheet.push(Line::from(label));
        return sheet.wrapped(role, 3, value);
    }
    let room = text::measure(value, labels + 1, sheet.room).saturating_sub(labels + 1);
    let mut start = label;
    for line in text::wrap(value, room) {
        let next = Span::raw(" ".repeat(labels + 1));
        sheet.push(Line::from(vec![std::mem::replace(&mut start, next), Span::styled(line, of_value)]));
    }
}

#[cfg(test)]
mod tests;
