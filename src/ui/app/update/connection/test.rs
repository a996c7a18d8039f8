//! The live test of a saved connection, one step after the other.

use super::screen_mut;
use crate::model::check::{Step, StepId};
use crate::model::fault::Fault;
use crate::ui::app::connection::ConnectionAction;
use crate::ui::app::effect::{Effect, Job, TaskId, TestSubject};
use crate::ui::app::model::Model;

/// Runs the step in focus, or all, or stops.
pub fn act(model: &mut Model, action: &ConnectionAction) -> Vec<Effect> {
    let Some(test) = screen_mut(model).map(|screen| &mut screen.test) else {
        return Vec::new();
    };
    match action {
        ConnectionAction::StopTest => test.stop().map(Effect::Cancel).into_iter().collect(),
        _ if test.is_running() => Vec::new(),
        ConnectionAction::RunTest => {
            test.queue_all();
            run_next(model)
        }
        _ => test.focused().map(|step| step.id).map(|step| run(model, step)).unwrap_or_default(),
    }
}

/// Takes in how a step ended, and runs the next.
pub fn ended(model: &mut Model, task: TaskId, outcome: Result<Step, Fault>) -> Vec<Effect> {
    let taken = screen_mut(model).is_some_and(|screen| match outcome {
        Ok(step) => screen.test.ended(task, step),
        Err(fault) => screen.test.broke(task, fault),
    });
    if taken { run_next(model) } else { Vec::new() }
}

fn run_next(model: &mut Model) -> Vec<Effect> {
    let next = screen_mut(model).and_then(|screen| screen.test.take_next());
    next.map(|step| run(model, step)).unwrap_or_default()
}

fn run(model: &mut Model, step: StepId) -> Vec<Effect> {
    let Some(name) = screen_mut(model).map(|screen| screen.name.clone()) else {
        return Vec::new();
    };
    let (task, effect) = model.run(Job::TestStep(TestSubject::Saved(name), step));
    if let Some(screen) = screen_mut(model) {
        screen.test.began(step, task);
    }
    vec![effect]
}
