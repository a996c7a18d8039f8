//! The live test of a saved connection, one step after the other.

use super::screen_mut;
use crate::app::connection::ConnectionAction;
use crate::app::effect::{Effect, Job, TaskId, TestSubject};
use crate::app::model::Model;
use crate::model::check::Step;
use crate::model::fault::Fault;

/// Runs a step, or all, or stops.
pub fn act(model: &mut Model, action: &ConnectionAction) -> Vec<Effect> {
    let Some(test) = screen_mut(model).map(|screen| &mut screen.test) else {
        return Vec::new();
    };
    match action {
        ConnectionAction::StopTest => return test.stop().map(Effect::Cancel).into_iter().collect(),
        ConnectionAction::RunTest if !test.is_busy() => test.line_up_all(),
        ConnectionAction::RunStep if !test.is_busy() => test.line_up_focused(),
        _ => {}
    }
    run_next(model)
}

/// Takes in how a step ended, and runs the next.
pub fn ended(model: &mut Model, task: TaskId, outcome: Result<Step, Fault>) -> Vec<Effect> {
    let taken = screen_mut(model).is_some_and(|screen| screen.test.ended(task, outcome));
    if taken { run_next(model) } else { Vec::new() }
}

fn run_next(model: &mut Model) -> Vec<Effect> {
    let next = screen_mut(model).and_then(|screen| Some((screen.name.clone(), screen.test.take_next()?)));
    let Some((name, step)) = next else {
        return Vec::new();
    };
    let (task, effect) = model.run(Job::TestStep(TestSubject::Saved(name), step));
    if let Some(screen) = screen_mut(model) {
        screen.test.running = Some((task, step));
    }
    vec![effect]
}
