//! The live test of a saved connection, step by step.

use std::collections::VecDeque;

use crate::app::effect::TaskId;
use crate::model::check::{Status, Step, StepId};
use crate::model::fault::Fault;

/// The steps in the order they run.
pub const STEPS: [StepId; 10] = [
    StepId::NameLookup,
    StepId::Connection,
    StepId::Tls,
    StepId::SignIn,
    StepId::Clock,
    StepId::User,
    StepId::Release,
    StepId::Incident,
    StepId::ChangeRequest,
    StepId::Scope,
];

/// Without these, nothing after them can work.
const GROUND: [StepId; 4] = [StepId::NameLookup, StepId::Connection, StepId::Tls, StepId::SignIn];

/// The state of the test.
#[derive(Debug, Clone, PartialEq)]
pub struct LiveTest {
    /// Every step as it last ended.
    pub steps: Vec<Step>,
    /// The step in focus.
    pub cursor: usize,
    /// The step that runs, with its task.
    pub running: Option<(TaskId, StepId)>,
    /// The steps that wait for their turn.
    pub queue: VecDeque<StepId>,
}

impl Default for LiveTest {
    fn default() -> Self {
        Self { steps: STEPS.map(Step::todo).to_vec(), cursor: 0, running: None, queue: VecDeque::new() }
    }
}

impl LiveTest {
    /// Moves the focus by so many steps.
    pub fn move_by(&mut self, steps: isize) {
        self.cursor = self.cursor.saturating_add_signed(steps).min(self.steps.len().saturating_sub(1));
    }

    /// Lines up every step anew.
    pub fn line_up_all(&mut self) {
        self.steps = STEPS.map(Step::todo).to_vec();
        self.queue = STEPS.into();
    }

    /// Lines up the step in focus.
    pub fn line_up_focused(&mut self) {
        if let Some(step) = self.steps.get_mut(self.cursor) {
            *step = Step::todo(step.id);
            self.queue = [step.id].into();
        }
    }

    /// The next step to run, if none runs.
    pub fn take_next(&mut self) -> Option<StepId> {
        if self.running.is_some() { None } else { self.queue.pop_front() }
    }

    /// Whether a step runs or waits.
    pub fn is_busy(&self) -> bool {
        self.running.is_some() || !self.queue.is_empty()
    }

    /// Stops; the task to be cancelled. The step that ran is again not looked at yet.
    pub fn stop(&mut self) -> Option<TaskId> {
        self.queue.clear();
        self.running.take().map(|(task, _)| task)
    }

    /// Takes in how a step ended; `false` if it is not awaited.
    pub fn ended(&mut self, task: TaskId, outcome: Result<Step, Fault>) -> bool {
        let Some((_, id)) = self.running.take_if(|(running, _)| *running == task) else {
            return false;
        };
        let step = outcome.unwrap_or_else(|fault| Step::failed(id, fault, None));
        if step.status == Status::Failed && GROUND.contains(&step.id) {
            let pointless: Vec<_> = self.queue.drain(..).collect();
            pointless.into_iter().for_each(|later| self.put(Step::not_run(later, step.id)));
        }
        self.put(step);
        true
    }

    fn put(&mut self, step: Step) {
        if let Some(place) = self.steps.iter_mut().find(|place| place.id == step.id) {
            *place = step;
        }
    }
}
