//! The form: fields, edits, paste, and the way on to the test.

use std::sync::Arc;

use super::{in_front, keep_in_turn, steps};
use crate::model::form::FieldId;
use crate::model::partner::{FieldSpec, PartnerSpec};
use crate::ui::app::effect::Effect;
use crate::ui::app::input::Edit;
use crate::ui::app::model::Model;
use crate::ui::app::wizard::details::Details;
use crate::ui::app::wizard::live_test::LiveTest;
use crate::ui::app::wizard::step::WizardStep;
use crate::ui::app::wizard::{Opening, Wizard};

/// On to the next field; on the last one it stays.
pub fn next_field(model: &mut Model) -> Vec<Effect> {
    neighbour(model, 1).map(|field| go_to(model, field)).unwrap_or_default()
}

/// Back to the field before; on the first one it stays.
pub fn previous_field(model: &mut Model) -> Vec<Effect> {
    neighbour(model, -1).map(|field| go_to(model, field)).unwrap_or_default()
}

/// Leaves the field in focus for another: what is wrong with it shows, and the draft is kept.
pub fn go_to(model: &mut Model, field: FieldId) -> Vec<Effect> {
    let taken = model.names();
    if let Some((details, spec)) = form(model) {
        let left = details.focus;
        details.leave(left, &spec, &taken);
        details.focus_on(field);
        details.revealed = false;
    }
    if let Some(wizard) = in_front(model) {
        wizard.scrolled = 0;
    }
    keep_in_turn(model)
}

/// Checks the whole form: on to the test, or to the first wrong field.
pub fn submit(model: &mut Model) -> Vec<Effect> {
    let taken = model.names();
    let Some((details, spec)) = form(model) else {
        return Vec::new();
    };
    let Ok(valid) = details.form.validate(&spec, &taken) else {
        details.refuse(&spec, &taken);
        return keep_in_turn(model);
    };
    let valid = Arc::new(valid);
    if let Some(wizard) = in_front(model).filter(|wizard| wizard.test.subject.as_ref() != Some(&valid)) {
        wizard.forget_findings();
        wizard.test = LiveTest::of(valid, spec.test_steps());
    }
    steps::go_to(model, WizardStep::Test)
}

/// Edits the field in focus.
pub fn edit(model: &mut Model, edit: &Edit) -> Vec<Effect> {
    change(model, |details, field, _| details.edit(field.input, edit))
}

/// Takes a paste into the field in focus.
pub fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    change(model, |details, field, _| details.paste(field.input, text))
}

/// Switches the choice in focus.
pub fn toggle(model: &mut Model) -> Vec<Effect> {
    change(model, |details, field, spec| details.toggle(field, spec))
}

/// Moves among the choices of the field in focus.
pub fn choose(model: &mut Model, by: isize) -> Vec<Effect> {
    change(model, |details, field, spec| details.choose(by, field, spec))
}

/// Shows or hides the secrets.
pub fn reveal(model: &mut Model) -> Vec<Effect> {
    if let Some((details, _)) = form(model) {
        details.revealed = !details.revealed;
    }
    Vec::new()
}

/// Changes the form. A test of what it was before proves nothing any more.
fn change(model: &mut Model, edit: impl FnOnce(&mut Details, &FieldSpec, &PartnerSpec) -> bool) -> Vec<Effect> {
    let taken = model.names();
    let Some((details, spec)) = form(model) else {
        return Vec::new();
    };
    let Some(field) = spec.field(details.focus) else {
        return Vec::new();
    };
    if edit(details, field, &spec) {
        details.recheck(field.id, &spec, &taken);
        if let Some(wizard) = in_front(model) {
            wizard.forget_findings();
        }
    }
    Vec::new()
}

fn neighbour(model: &mut Model, by: isize) -> Option<FieldId> {
    form(model).and_then(|(details, spec)| details.neighbour(&spec, by))
}

/// The form, while it is in front.
fn form(model: &mut Model) -> Option<(&mut Details, Arc<PartnerSpec>)> {
    let in_form = |wizard: &&mut Wizard| wizard.opening == Opening::Done && wizard.step == WizardStep::Details;
    let wizard = in_front(model).filter(in_form)?;
    let spec = wizard.spec.clone()?;
    Some((&mut wizard.details, spec))
}
