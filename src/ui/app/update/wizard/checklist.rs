//! The checklist as a step: of the form that was tested, or of the connection that was saved signed out.

use jiff::Timestamp;

use super::{first_sync, in_front};
use crate::model::checklist::{Checklist, ChecklistItem, ItemId};
use crate::model::confirmation::{self, Confirmation, State};
use crate::model::fault::Fault;
use crate::ui::app::connection::Installation;
use crate::ui::app::effect::{Effect, Job, TaskId};
use crate::ui::app::message::Outcome;
use crate::ui::app::model::{Model, Notice};
use crate::ui::app::update::connection::checklist as connection_checklist;
use crate::ui::app::wizard::Wizard;
use crate::ui::app::wizard::step::WizardStep;

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

/// Takes in an item, with what the admin said.
pub fn saw(model: &mut Model, task: TaskId, item: ChecklistItem) {
    take_in(model, |tab, _| tab.saw(task, item));
}

/// Takes in the whole, likewise.
pub fn ended(model: &mut Model, task: TaskId, answer: Result<Box<Checklist>, Fault>) {
    take_in(model, |tab, now| tab.ended(task, answer, now));
}

fn take_in(model: &mut Model, take: impl FnOnce(&mut Installation, Timestamp)) {
    let now = model.now;
    let Some(wizard) = shown(model) else {
        return;
    };
    let said = said(wizard);
    take(&mut wizard.installation, now);
    said.iter().for_each(|one| wizard.installation.confirmed(one));
}

/// What was said, with the form's part of what it rests on.
fn said(wizard: &Wizard) -> Vec<Confirmation> {
    let whole = |said: Confirmation| Confirmation { state: with_form(wizard, &said.item, said.state), ..said };
    wizard.confirmations().into_iter().map(whole).collect()
}

fn with_form(wizard: &Wizard, item: &ItemId, state: State) -> State {
    let (form, spec) = (wizard.test.subject.as_ref(), wizard.spec.as_ref());
    let of_form = form.zip(spec).map(|(form, spec)| confirmation::state_of(&form.connection, &spec.rests_on(item)));
    state.into_iter().chain(of_form.unwrap_or_default()).collect()
}

/// Says of the item in focus that it is so, or takes that back. Of a connection that is not saved yet it is kept here
/// until it is.
pub fn say(model: &mut Model) -> Vec<Effect> {
    let now = model.now;
    let Some(wizard) = shown(model) else {
        return Vec::new();
    };
    let Some(item) = wizard.installation.sayable().cloned() else {
        return Vec::new();
    };
    let Some(saved) = wizard.first_sync.as_ref().map(|saved| saved.name.clone()) else {
        say_here(wizard, &item, now);
        return Vec::new();
    };
    if item.is_confirmed() {
        wizard.unsay(&item.id);
    }
    let (task, effect) = model.run(connection_checklist::saying(&saved, &item, now));
    if let Some(wizard) = shown(model) {
        wizard.installation.saying = Some(task);
    }
    vec![effect]
}

fn say_here(wizard: &mut Wizard, item: &ChecklistItem, now: Timestamp) {
    let confirmed = item.is_confirmed();
    wizard.unsay(&item.id);
    if confirmed {
        return wizard.installation.change(&item.id, ChecklistItem::let_go);
    }
    let said = Confirmation { item: item.id.clone(), at: now, state: with_form(wizard, &item.id, item.state.clone()) };
    wizard.installation.confirmed(&said);
    wizard.said.push(said);
}

/// Takes in that what was said of a saved connection was kept or let go.
pub fn answered(model: &mut Model, task: TaskId, outcome: Outcome) {
    if let Some(wizard) = shown(model) {
        // What failed is said wherever it is taken in.
        let _ = connection_checklist::take(&mut wizard.installation, task, outcome);
    }
}

/// A prerequisite was ticked or unticked: the item of the checklist that says the same follows.
pub fn follow(wizard: &mut Wizard, item: &ItemId) {
    match said(wizard).iter().find(|said| said.item == *item) {
        Some(said) => wizard.installation.confirmed(said),
        None => wizard.installation.change(item, ChecklistItem::let_go),
    }
}

/// Keeps what was said of the connection that was just saved.
pub fn keep(wizard: &Wizard) -> Option<Job> {
    let name = wizard.test.subject.as_ref()?.connection.name.clone();
    let seen = |said: Confirmation| {
        let items = wizard.installation.items();
        let state = items.into_iter().find(|item| item.id == said.item).map(|item| item.state.clone());
        Confirmation { state: state.unwrap_or_default().into_iter().chain(said.state).collect(), ..said }
    };
    let said: Vec<_> = wizard.confirmations().into_iter().map(seen).collect();
    (!said.is_empty()).then_some(Job::Confirm { connection: name, said })
}

/// Takes in that the task itself failed.
pub fn broke(model: &mut Model, task: TaskId, fault: Fault) {
    ended(model, task, Err(fault));
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
    effects.extend(crate::ui::app::update::connection::ask_for_admin(model));
    effects
}

fn shown(model: &mut Model) -> Option<&mut Wizard> {
    in_front(model).filter(|wizard| wizard.step == WizardStep::Checklist)
}
