//! The checklist as a step: of the form that was tested, or of the connection that was saved signed out.

use super::{first_sync, in_front};
use crate::app::effect::{Effect, Job, TaskId};
use crate::app::message::Outcome;
use crate::app::model::{Model, Notice};
use crate::app::wizard::Wizard;
use crate::app::wizard::step::WizardStep;
use crate::model::checklist::Checklist;
use crate::model::fault::Fault;

/// Looks at it, unless that was done or the product has none.
pub fn begin(model: &mut Model) -> Vec<Effect> {
    let is_new = shown(model).is_some_and(|wizard| wizard.installation.whole.value().is_none());
    if is_new { look(model) } else { Vec::new() }
}

/// Looks at every item again; a look under way is given up.
pub fn look(model: &mut Model) -> Vec<Effect> {
    let Some(job) = shown(model).filter(|wizard| wizard.has_checklist()).and_then(|wizard| job(wizard)) else {
        return Vec::new();
    };
    let (task, effect) = model.run(job);
    let older = shown(model).and_then(|wizard| wizard.installation.began(task));
    older.map(Effect::Cancel).into_iter().chain([effect]).collect()
}

fn job(wizard: &Wizard) -> Option<Job> {
    match &wizard.first_sync {
        Some(saved) => Some(Job::LoadChecklist(saved.name.clone())),
        None => wizard.test.subject.clone().map(Job::CheckCandidate),
    }
}

/// Takes in an item, or the whole.
pub fn settle(model: &mut Model, task: TaskId, outcome: Outcome) {
    let now = model.now;
    let Some(tab) = shown(model).map(|wizard| &mut wizard.installation) else {
        return;
    };
    match outcome {
        Outcome::ChecklistItem(item) => tab.saw(task, *item),
        Outcome::Checklist(answer) => tab.ended(task, answer, now),
        _ => {}
    }
}

/// Takes in that the task itself failed.
pub fn broke(model: &mut Model, task: TaskId, fault: Fault) {
    settle(model, task, Outcome::Checklist(Err::<Box<Checklist>, _>(fault)));
}

/// Moves in the list, or in the item that is shown whole.
pub fn step(wizard: &mut Wizard, by: isize) {
    wizard.installation.step(by);
}

/// Shows the item in focus whole.
pub fn open(model: &mut Model) -> Vec<Effect> {
    if let Some(wizard) = shown(model) {
        wizard.installation.open();
    }
    Vec::new()
}

/// Closes the item that is shown whole; whether one was.
pub fn close(wizard: &mut Wizard) -> bool {
    wizard.step == WizardStep::Checklist && wizard.installation.opened.take().is_some()
}

/// Copies what the product's admin is to be asked.
pub fn copy_request(model: &mut Model) -> Vec<Effect> {
    let lang = model.lang;
    let Some(text) = shown(model).and_then(|wizard| wizard.installation.letter(lang)) else {
        return Vec::new();
    };
    model.notice = Some(Notice::Copied);
    vec![Effect::Copy(text)]
}

/// To the saved connection's checklist, with the form for an admin's sign-in open.
pub fn sign_in(model: &mut Model) -> Vec<Effect> {
    let mut effects = first_sync::to_checklist(model);
    effects.extend(crate::app::update::connection::ask_for_admin(model));
    effects
}

fn shown(model: &mut Model) -> Option<&mut Wizard> {
    in_front(model).filter(|wizard| wizard.step == WizardStep::Checklist)
}
