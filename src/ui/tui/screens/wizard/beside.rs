//! What stands beside a step on a wide terminal: what else one would go back, or to another window, to look up.

use ratatui::layout::{Constraint, Layout, Rect};

use super::sheet::Sheet;
use super::{live_test, review};
use crate::model::lang::Lang;
use crate::model::partner::{PartnerSpec, Proof};
use crate::texts::wizard as texts;
use crate::ui::app::model::Model;
use crate::ui::app::wizard::Wizard;
use crate::ui::app::wizard::step::WizardStep;
use crate::ui::tui::theme::Role;

/// From so many columns on there is room for it.
const FROM: u16 = 150;
/// The empty columns between.
const BETWEEN: u16 = 3;

/// The step's place, and what is beside it.
pub fn split(place: Rect) -> (Rect, Option<Rect>) {
    if place.width < FROM {
        return (place, None);
    }
    let parts = [Constraint::Fill(3), Constraint::Length(BETWEEN), Constraint::Fill(2)];
    let [step, _, beside] = Layout::horizontal(parts).areas(place);
    (step, Some(beside))
}

/// Writes it: what is needed while choosing and filling in, what was filled in while it is tested, the test at the review.
pub fn write(model: &Model, screen: &Wizard, sheet: &mut Sheet) {
    let lang = model.lang;
    let spec = screen.spec.as_deref();
    match screen.step {
        WizardStep::Partner => {
            if let Some(spec) = model.catalogue.all().get(screen.partner_focus) {
                needed(lang, screen, spec, sheet);
            }
        }
        WizardStep::Prerequisites => spec.into_iter().for_each(|spec| asked(lang, screen, spec, sheet)),
        WizardStep::Details => spec.into_iter().for_each(|spec| needed(lang, screen, spec, sheet)),
        WizardStep::Test | WizardStep::Checklist | WizardStep::FirstSync => entered(lang, screen, sheet),
        WizardStep::Review => {
            sheet.heading(texts::step_test(lang));
            screen.test.steps.iter().for_each(|step| live_test::told(lang, step, sheet));
        }
    }
}

/// What was filled in, as the test has it.
pub fn entered(lang: Lang, screen: &Wizard, sheet: &mut Sheet) {
    if let (Some(form), Some(spec)) = (&screen.test.subject, &screen.spec) {
        sheet.heading(texts::step_details(lang));
        review::entered(lang, form, spec, sheet);
    }
}

fn needed(lang: Lang, screen: &Wizard, spec: &PartnerSpec, sheet: &mut Sheet) {
    sheet.heading(texts::step_prerequisites(lang));
    for item in &spec.prerequisites {
        sheet.gap();
        let mark = match item.proof {
            Proof::Tested => "◇",
            Proof::Confirmed if screen.confirmed.contains_key(&item.id) => "✓",
            Proof::Confirmed => "○",
        };
        sheet.bullet(Role::Normal, 1, mark, item.title.in_lang(lang));
        sheet.wrapped(Role::Dim, 3, item.how.in_lang(lang));
        item.links.iter().for_each(|link| sheet.wrapped(Role::Accent, 3, link));
    }
}

fn asked(lang: Lang, screen: &Wizard, spec: &PartnerSpec, sheet: &mut Sheet) {
    sheet.heading(texts::asked_next(lang));
    for field in spec.fields_for(screen.details.form.grant) {
        sheet.gap();
        sheet.bullet(Role::Normal, 1, "·", field.label.in_lang(lang));
        sheet.wrapped(Role::Dim, 3, field.help.in_lang(lang));
    }
}
