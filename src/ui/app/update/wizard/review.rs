//! The review: everything once more, then saved. Saving signed out is the way past a sign-in that cannot work yet.

use super::{checklist, first_sync, in_front};
use crate::model::fault::Fault;
use crate::ui::app::connection::Installation;
use crate::ui::app::effect::{Effect, Job, TaskId};
use crate::ui::app::model::{Model, Overlay, Question};
use crate::ui::app::wizard::details::Details;
use crate::ui::app::wizard::live_test::LiveTest;
use crate::ui::app::wizard::step::WizardStep;
use crate::ui::app::wizard::{FirstSync, Saving, Wizard};

/// Saves what was tested.
pub fn save(model: &mut Model) -> Vec<Effect> {
    let fit = |wizard: &&mut Wizard| wizard.test.passed() && !wizard.is_saving();
    let Some(form) = in_front(model).filter(fit).and_then(|wizard| wizard.test.subject.clone()) else {
        return Vec::new();
    };
    run(model, Job::SaveConnection(form))
}

/// Asks whether to save what was entered without signing in.
pub fn ask_to_save_signed_out(model: &mut Model) -> Vec<Effect> {
    let fit = in_front(model).filter(|wizard| wizard.can_save_signed_out());
    if let Some(name) = fit.and_then(|wizard| wizard.name()) {
        model.overlay = Some(Overlay::Confirm(Question::SaveSignedOut(name)));
    }
    Vec::new()
}

/// Saves what was entered without signing in.
pub fn save_signed_out(model: &mut Model) -> Vec<Effect> {
    let fit = |wizard: &&mut Wizard| wizard.can_save_signed_out();
    let Some(form) = in_front(model).filter(fit).and_then(|wizard| wizard.test.subject.clone()) else {
        return Vec::new();
    };
    run(model, Job::SaveSignedOut(form))
}

fn run(model: &mut Model, job: Job) -> Vec<Effect> {
    let (task, effect) = model.run(job);
    if let Some(wizard) = in_front(model) {
        wizard.saving = Saving::Running(task);
    }
    vec![effect]
}

/// Takes in whether it was saved. If so the draft goes, the secrets go, and the first sync begins; of a connection
/// that is signed out the checklist is next.
pub fn saved(model: &mut Model, task: TaskId, answer: Result<(), Fault>) -> Vec<Effect> {
    let Some(wizard) = in_front(model).filter(|wizard| wizard.saving == Saving::Running(task)) else {
        return Vec::new();
    };
    match answer {
        Err(fault) => {
            wizard.saving = Saving::Failed(fault);
            Vec::new()
        }
        Ok(()) => {
            let said = checklist::keep(wizard);
            close(wizard);
            let keeping = wizard.keeping.is_some();
            let mut effects = first_sync::read_config(model);
            if !keeping {
                effects.push(model.run(Job::DropDraft).1);
            }
            let kept = said.map(|job| model.run(job));
            effects.extend(kept.map(|(_, effect)| effect));
            effects.extend(checklist::begin(model));
            effects
        }
    }
}

/// Drops everything that was typed, secrets above all.
fn close(wizard: &mut Wizard) {
    let name = wizard.test.subject.as_ref().map(|form| form.connection.name.clone());
    // Only a connection without a sign-in is saved before the review.
    let signed_out = wizard.step != WizardStep::Review;
    wizard.saving = Saving::Idle;
    wizard.scrolled = 0;
    wizard.details = Details::default();
    wizard.test.forget_subject();
    if signed_out {
        wizard.step = WizardStep::Checklist;
        wizard.installation = Installation::default();
    } else {
        wizard.test = LiveTest::default();
        wizard.step = WizardStep::FirstSync;
    }
    wizard.first_sync = name.map(|name| FirstSync { name, started: false, signed_out });
}
