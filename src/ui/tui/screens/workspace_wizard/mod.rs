//! The wizard of a workspace: the rail of steps, and the step in front.

pub mod form;
mod place;
mod review;
#[cfg(test)]
mod tests;

use ratatui::Frame;
use ratatui::layout::Rect;

use super::Draw;
use super::steps::{StepMark, below_rail};
use super::wizard::sheet::Sheet;
use super::workspace::{field, plan, test_row};
use crate::model::lang::Lang;
use crate::texts::{wizard, workspace_wizard as texts};
use crate::ui::app::model::Model;
use crate::ui::app::workspace_wizard::{WizardStep, WorkspaceWizard};
use crate::ui::tui::theme::{Role, Theme};

impl Draw for WorkspaceWizard {
    fn draw(&self, frame: &mut Frame<'_>, area: Rect, model: &Model, theme: Theme) {
        let steps = WizardStep::ALL.map(|step| (title(model.lang, step), mark(model, self, step)));
        let place = below_rail(frame, area, model.lang, &steps, theme);
        let write = |sheet: &mut Sheet| match self.step {
            WizardStep::SignIn => {
                let taken: Vec<_> = model.workspaces.entries().iter().map(|entry| &entry.settings.name).collect();
                form::write(model, &self.sign_in, &taken, sheet);
            }
            WizardStep::Place => place::write(model, self, sheet),
            WizardStep::Plan => write_plan(model, self, sheet),
            WizardStep::Test => write_test(model, self, sheet),
            WizardStep::Connections => review::connections(model, self, sheet),
            WizardStep::Review => review::write(model, self, sheet),
        };
        Sheet::explained(place, theme, write).draw(frame, place, self.top, theme);
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

/// How a step stands.
fn mark(model: &Model, wizard: &WorkspaceWizard, step: WizardStep) -> StepMark {
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
    match step {
        _ if step == wizard.step => StepMark::Front,
        _ if is_done || (step < wizard.step && !doubtful) => StepMark::Done,
        _ if doubtful => StepMark::Doubtful,
        _ => StepMark::Later,
    }
}
