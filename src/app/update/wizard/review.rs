//! The review: everything once more, then saved.

use super::{first_sync, in_front};
use crate::app::effect::{Effect, Job, TaskId};
use crate::app::model::Model;
use crate::app::wizard::details::Details;
use crate::app::wizard::live_test::LiveTest;
use crate::app::wizard::step::WizardStep;
use crate::app::wizard::{FirstSync, Saving, Wizard};
use crate::model::fault::Fault;

/// Saves what was tested.
pub fn save(model: &mut Model) -> Vec<Effect> {
    let fit = |wizard: &&mut Wizard| wizard.test.passed() && !wizard.is_saving();
    let Some(form) = in_front(model).filter(fit).and_then(|wizard| wizard.test.subject.clone()) else {
        return Vec::new();
    };
    let (task, effect) = model.run(Job::SaveConnection(form));
    if let Some(wizard) = in_front(model) {
        wizard.saving = Saving::Running(task);
    }
    vec![effect]
}

/// Takes in whether it was saved. If so the draft goes, the secrets go, and the first sync begins.
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
            close(wizard);
            let keeping = wizard.keeping.is_some();
            let mut effects = first_sync::read_config(model);
            if !keeping {
                effects.push(model.run(Job::DropDraft).1);
            }
            effects
        }
    }
}

/// Drops everything that was typed, secrets above all.
fn close(wizard: &mut Wizard) {
    let name = wizard.test.subject.as_ref().map(|form| form.connection.name.clone());
    wizard.saving = Saving::Idle;
    wizard.details = Details::default();
    wizard.test = LiveTest::default();
    wizard.step = WizardStep::FirstSync;
    wizard.first_sync = name.map(|name| FirstSync { name, started: false });
}
