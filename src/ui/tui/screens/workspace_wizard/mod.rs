//! The wizard of a workspace: the rail of steps, and the step in front.

mod form;
mod place;
mod review;
#[cfg(test)]
mod tests;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span, Text};

use super::Draw;
use super::wizard::sheet::Sheet;
use super::workspace::{field, plan, test_row};
use crate::model::lang::Lang;
use crate::texts::{wizard, workspace_wizard as texts};
use crate::ui::app::model::Model;
use crate::ui::app::workspace_wizard::{WizardStep, WorkspaceWizard};
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::widgets::text;

/// From this size on the rail stands beside the step; below it, it is one line.
const RAIL_FROM: (u16, u16) = (70, 14);

impl Draw for WorkspaceWizard {
    fn draw(&self, frame: &mut Frame<'_>, area: Rect, model: &Model, theme: Theme) {
        let place = below_rail(frame, area, model, self, theme);
        let mut sheet = Sheet::new(place, theme);
        match self.step {
            WizardStep::SignIn => form::write(model, self, &mut sheet),
            WizardStep::Place => place::write(model, self, &mut sheet),
            WizardStep::Plan => write_plan(model, self, &mut sheet),
            WizardStep::Test => write_test(model, self, &mut sheet),
            WizardStep::Connections => review::connections(model, self, &mut sheet),
            WizardStep::Review => review::write(model, self, &mut sheet),
        }
        sheet.draw(frame, place, self.top, theme);
        if let Some(typed) = self.plan.field.as_ref().filter(|_| self.step == WizardStep::Plan) {
            field::draw(frame, place, model, typed, theme);
        }
    }

    fn header(&self, model: &Model) -> (String, String) {
        let lang = model.lang;
        let title = match &self.workspace {
            Some(workspace) => texts::title_of(lang, workspace.name.as_str()),
            None => texts::title(lang).to_owned(),
        };
        (title, wizard::step_of(lang, self.step.number(), WizardStep::ALL.len()))
    }
}

fn write_plan(model: &Model, wizard: &WorkspaceWizard, sheet: &mut Sheet) {
    let lang = model.lang;
    let Some(workspace) = &wizard.workspace else { return };
    if let Some(fault) = &wizard.unseen
        && wizard.plan.shown.is_none()
    {
        sheet.bullet(Role::Warning, 1, "▲", texts::unseen(lang));
        sheet.wrapped(Role::Dim, 3, &crate::texts::fault::summary(lang, fault));
    }
    if !wizard.plan.is_busy() {
        let words = if wizard.plan.is_done() {
            texts::plan_enter(lang).to_owned()
        } else {
            texts::saved_so_far(lang, workspace.name.as_str())
        };
        sheet.wrapped(Role::Dim, 1, &words);
    }
    plan::write(model, &wizard.plan, workspace, sheet);
}

fn write_test(model: &Model, wizard: &WorkspaceWizard, sheet: &mut Sheet) {
    if wizard.is_set_up(model) {
        test_row::write(model, &wizard.test, true, sheet);
    } else {
        sheet.bullet(Role::Warning, 1, "○", texts::test_not_yet(model.lang));
    }
}

/// The title of a step.
fn title(lang: Lang, step: WizardStep) -> &'static str {
    match step {
        WizardStep::SignIn => texts::step_sign_in(lang),
        WizardStep::Place => texts::step_place(lang),
        WizardStep::Plan => texts::step_plan(lang),
        WizardStep::Test => texts::step_test(lang),
        WizardStep::Connections => texts::step_connections(lang),
        WizardStep::Review => texts::step_review(lang),
    }
}

/// Draws the rail; what remains is the step's.
fn below_rail(frame: &mut Frame<'_>, area: Rect, model: &Model, wizard: &WorkspaceWizard, theme: Theme) -> Rect {
    let lang = model.lang;
    if area.width < RAIL_FROM.0 || area.height < RAIL_FROM.1 {
        let [line, rest] = Layout::vertical([Constraint::Length(1), Constraint::Fill(1)]).areas(area);
        let place = wizard::place(lang, wizard.step.number(), WizardStep::ALL.len());
        let words = format!(" ● {place} {}", title(lang, wizard.step));
        frame.render_widget(Line::styled(words, theme.style(Role::Title)), line);
        return rest;
    }
    let widest = WizardStep::ALL.iter().map(|step| text::width(title(lang, *step))).max().unwrap_or_default();
    let width = u16::try_from(widest + 8).unwrap_or(u16::MAX);
    let [rail, rest] = Layout::horizontal([Constraint::Length(width), Constraint::Fill(1)]).areas(area);
    let entries = WizardStep::ALL.iter().map(|step| entry(model, wizard, *step, theme));
    frame.render_widget(Text::from_iter(entries), rail);
    rest
}

fn entry(model: &Model, wizard: &WorkspaceWizard, step: WizardStep, theme: Theme) -> Line<'static> {
    let is_done = match step {
        WizardStep::SignIn | WizardStep::Place => wizard.saved,
        WizardStep::Plan => wizard.plan.is_done(),
        WizardStep::Test => wizard.test.is_found(),
        WizardStep::Connections | WizardStep::Review => false,
    };
    let doubtful = match step {
        WizardStep::Plan => wizard.step > step && !wizard.is_set_up(model),
        WizardStep::Test => wizard.step > step || wizard.test.is_accepted(),
        _ => false,
    };
    let (symbol, role, words) = match step {
        _ if step == wizard.step => ("●", Role::Accent, Role::Title),
        _ if is_done || (step < wizard.step && !doubtful) => ("✓", Role::Ok, Role::Normal),
        _ if doubtful => ("▲", Role::Warning, Role::Normal),
        _ => (" ", Role::Dim, Role::Dim),
    };
    Line::from(vec![
        Span::styled(format!("  {symbol} "), theme.style(role)),
        Span::styled(format!("{} {}", step.number(), title(model.lang, step)), theme.style(words)),
    ])
}
