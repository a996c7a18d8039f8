//! The live test: one job a step.

use super::{details, in_front, steps};
use crate::model::check::{Status, Step, StepId};
use crate::model::fault::Fault;
use crate::ui::app::effect::{Effect, Job, TaskId, TestSubject};
use crate::ui::app::model::Model;
use crate::ui::app::wizard::step::WizardStep;
use crate::ui::app::wizard::{Wizard, live_test::LiveTest};

/// Runs whatever was not run yet.
pub fn begin(model: &mut Model) -> Vec<Effect> {
    if let Some(test) = idle(model) {
        test.queue_rest();
    }
    next(model)
}

/// Runs the step in focus again; what it had held up follows if it passes.
pub fn again(model: &mut Model) -> Vec<Effect> {
    let focused = idle(model).and_then(|test| test.focused().map(|step| step.id));
    focused.map(|step| run(model, step)).unwrap_or_default()
}

/// Runs every step again.
pub fn all_again(model: &mut Model) -> Vec<Effect> {
    if let Some(test) = idle(model) {
        test.queue_all();
    }
    next(model)
}

/// Goes to the field that the failed step in focus names.
pub fn go_to_field(model: &mut Model) -> Vec<Effect> {
    let failed = |test: &mut LiveTest| test.focused().filter(|step| step.status == Status::Failed)?.field;
    let Some(field) = idle(model).and_then(failed) else {
        return Vec::new();
    };
    let mut effects = steps::go_to(model, WizardStep::Details);
    effects.extend(details::go_to(model, field));
    effects
}

/// Takes in the end of a step, and goes on to the next. A late answer to a dead task is ignored.
pub fn ended(model: &mut Model, task: TaskId, step: Step) -> Vec<Effect> {
    let ours = tested(model).is_some_and(|test| test.ended(task, step));
    if ours { next(model) } else { Vec::new() }
}

/// Takes in that the task of a step itself failed.
pub fn broke(model: &mut Model, task: TaskId, fault: Fault) -> Vec<Effect> {
    let ours = tested(model).is_some_and(|test| test.broke(task, fault));
    if ours { next(model) } else { Vec::new() }
}

fn next(model: &mut Model) -> Vec<Effect> {
    let next = tested(model).filter(|test| test.running.is_none()).and_then(LiveTest::take_next);
    next.map(|step| run(model, step)).unwrap_or_default()
}

fn run(model: &mut Model, step: StepId) -> Vec<Effect> {
    let Some(form) = tested(model).and_then(|test| test.subject.clone()) else {
        return Vec::new();
    };
    let (task, effect) = model.run(Job::TestStep(TestSubject::Candidate(form), step));
    if let Some(test) = tested(model) {
        test.began(step, task);
    }
    vec![effect]
}

fn tested(model: &mut Model) -> Option<&mut LiveTest> {
    in_front(model).filter(|wizard: &&mut Wizard| wizard.step == WizardStep::Test).map(|wizard| &mut wizard.test)
}

fn idle(model: &mut Model) -> Option<&mut LiveTest> {
    tested(model).filter(|test| !test.is_running())
}
