//! The set-up wizard: the rail of steps, and the step in front.

mod beside;
mod checklist;
mod details;
pub mod field;
mod first_sync;
mod live_test;
mod offer;
mod partner;
mod prerequisites;
#[cfg(test)]
mod product_tests;
mod rail;
mod review;
pub mod sheet;
#[cfg(test)]
mod tests;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};

pub use self::details::form;
pub use self::live_test::step_row;
use self::sheet::Sheet;
use super::Draw;
use crate::texts::wizard as texts;
use crate::ui::app::model::Model;
use crate::ui::app::wizard::step::WizardStep;
use crate::ui::app::wizard::{Opening, Wizard};
use crate::ui::tui::theme::Theme;

/// From this size on the rail stands beside the step; below it, it is one line.
const RAIL_FROM: (u16, u16) = (70, 14);

impl Draw for Wizard {
    fn draw(&self, frame: &mut Frame<'_>, area: Rect, model: &Model, theme: Theme) {
        draw(frame, area, model, self, theme);
    }

    fn header(&self, model: &Model) -> (String, String) {
        header(model, self)
    }
}

/// Draws it into `area`; the header above and the footer below are drawn by [`crate::ui::tui::view`].
fn draw(frame: &mut Frame<'_>, area: Rect, model: &Model, screen: &Wizard, theme: Theme) {
    let place = if screen.opening == Opening::Done { below_rail(frame, area, model, screen, theme) } else { area };
    let (place, beside) = if screen.opening == Opening::Done { beside::split(place) } else { (place, None) };
    if let Some(beside) = beside {
        let mut sheet = Sheet::new(beside, theme);
        beside::write(model, screen, &mut sheet);
        sheet.draw(frame, beside, 0, theme);
    }
    if screen.opening == Opening::Done && screen.step == WizardStep::Checklist {
        return checklist::draw(frame, place, model, screen, theme);
    }
    let write = |sheet: &mut Sheet| {
        write(model, screen, sheet);
        // What was tested stands below, where it has room there alone.
        if screen.opening == Opening::Done && screen.step == WizardStep::Test && sheet.tells(false) && beside.is_none()
        {
            beside::entered(model.lang, screen, sheet);
        }
    };
    Sheet::explained(place, theme, write).draw(frame, place, screen.scrolled, theme);
}

/// What the header says of this screen: its title, and its place or state at the right.
fn header(model: &Model, screen: &Wizard) -> (String, String) {
    let title = match &screen.spec {
        Some(spec) => format!("{} · {}", texts::title(model.lang), spec.name),
        None => texts::title(model.lang).to_owned(),
    };
    let place = match screen.opening {
        Opening::Done => texts::step_of(model.lang, screen.step.number(), WizardStep::RAIL.len()),
        Opening::Loading(_) | Opening::Offer { .. } => String::new(),
    };
    (title, place)
}

/// Draws the rail; what remains is the step's.
fn below_rail(frame: &mut Frame<'_>, area: Rect, model: &Model, screen: &Wizard, theme: Theme) -> Rect {
    if area.width < RAIL_FROM.0 || area.height < RAIL_FROM.1 {
        let [line, rest] = Layout::vertical([Constraint::Length(1), Constraint::Fill(1)]).areas(area);
        frame.render_widget(rail::line(model.lang, screen, theme), line);
        return rest;
    }
    let [rail, rest] =
        Layout::horizontal([Constraint::Length(rail::width(model.lang)), Constraint::Fill(1)]).areas(area);
    frame.render_widget(rail::column(model, screen, theme), rail);
    rest
}

fn write(model: &Model, screen: &Wizard, sheet: &mut Sheet) {
    match (&screen.opening, screen.step) {
        (Opening::Loading(_), _) => offer::looking(model, sheet),
        (Opening::Offer { draft, start_over }, _) => offer::write(model, draft, *start_over, sheet),
        (Opening::Done, WizardStep::Partner) => partner::write(model, screen, sheet),
        (Opening::Done, WizardStep::Prerequisites) => prerequisites::write(model, screen, sheet),
        (Opening::Done, WizardStep::Details) => details::write(model, screen, sheet),
        (Opening::Done, WizardStep::Test) => live_test::write(model, screen, sheet),
        // It draws itself, as the connection's tab does.
        (Opening::Done, WizardStep::Checklist) => {}
        (Opening::Done, WizardStep::Review) => review::write(model, screen, sheet),
        (Opening::Done, WizardStep::FirstSync) => first_sync::write(model, screen, sheet),
    }
}
