//! The live test as it runs: one job a step, in order, and what a failure holds up.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::model::check::{Finding, Status, Step, StepId};
use crate::model::fault::Fault;
use crate::model::form::ValidForm;
use crate::model::work_item::WorkItemKind;
use crate::ui::app::effect::TaskId;

/// A live test of one form.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LiveTest {
    /// What is tested; `None` before the form was complete, and again once it was changed.
    pub subject: Option<Arc<ValidForm>>,
    /// Every step, in order.
    pub steps: Vec<Step>,
    /// The step that runs, and its task.
    pub running: Option<(StepId, TaskId)>,
    /// The step in focus.
    pub focus: usize,
    queue: VecDeque<StepId>,
    focus_was_moved: bool,
}

impl LiveTest {
    /// A test that has not begun.
    pub fn of(subject: Arc<ValidForm>, order: &[StepId]) -> Self {
        Self { subject: Some(subject), ..Self::untested(order) }
    }

    /// A test of a saved connection that has not begun.
    pub fn untested(order: &[StepId]) -> Self {
        Self { steps: order.iter().copied().map(Step::todo).collect(), ..Self::default() }
    }

    /// How this step stands.
    pub fn step(&self, id: StepId) -> Option<&Step> {
        self.steps.iter().find(|step| step.id == id)
    }

    /// The step in focus.
    pub fn focused(&self) -> Option<&Step> {
        self.steps.get(self.focus)
    }

    /// Whether a step runs or waits for its turn.
    pub fn is_running(&self) -> bool {
        self.running.is_some() || !self.queue.is_empty()
    }

    /// Whether it ended and nothing stands in the way of going on.
    pub fn passed(&self) -> bool {
        !self.steps.is_empty() && !self.is_running() && self.steps.iter().all(|step| step.status.lets_pass())
    }

    /// Whether a step failed.
    pub fn failed(&self) -> bool {
        self.steps.iter().any(|step| step.status == Status::Failed)
    }

    /// The steps that ended with a warning, or could not see.
    pub fn warnings(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(|step| matches!(step.status, Status::Warning | Status::Unknown))
    }

    /// Moves the focus.
    pub fn move_focus(&mut self, by: isize) {
        self.focus_was_moved = true;
        self.focus = self.focus.saturating_add_signed(by).min(self.steps.len().saturating_sub(1));
    }

    /// Lines up every step that was not run yet.
    pub fn queue_rest(&mut self) {
        self.focus_was_moved = false;
        self.queue = self.steps.iter().filter(|step| step.status == Status::Todo).map(|step| step.id).collect();
    }

    /// Forgets what was found and lines up every step.
    pub fn queue_all(&mut self) {
        self.steps = self.steps.iter().map(|step| Step::todo(step.id)).collect();
        self.queue_rest();
    }

    /// Takes the next step that can be run; those that cannot are settled with the reason.
    pub fn take_next(&mut self) -> Option<StepId> {
        while let Some(id) = self.queue.pop_front() {
            match self.pointless(id) {
                Some(step) => self.put(step),
                None => return Some(id),
            }
        }
        self.rest_focus();
        None
    }

    /// Notes that this step runs.
    pub fn began(&mut self, id: StepId, task: TaskId) {
        self.put(Step::todo(id));
        self.running = Some((id, task));
        if !self.focus_was_moved {
            self.focus = self.steps.iter().position(|step| step.id == id).unwrap_or_default();
        }
    }

    /// Takes in the end of the running step, if this is its task. What it had held up is lined up again.
    pub fn ended(&mut self, task: TaskId, step: Step) -> bool {
        if self.running != Some((step.id, task)) {
            return false;
        }
        self.running = None;
        if step.status != Status::Failed {
            self.free(step.id);
        }
        self.put(step);
        true
    }

    /// Takes in that the task itself failed.
    pub fn broke(&mut self, task: TaskId, fault: Fault) -> bool {
        match self.running {
            Some((id, running)) if running == task => self.ended(task, Step::failed(id, fault, None)),
            _ => false,
        }
    }

    /// Lets go of the form, secrets and all, and keeps what was found.
    pub fn forget_subject(&mut self) {
        self.subject = None;
    }

    /// Stops; what did not end counts as not run. Returns the task to be cancelled.
    pub fn stop(&mut self) -> Option<TaskId> {
        self.queue.clear();
        self.running.take().map(|(_, task)| task)
    }

    fn put(&mut self, step: Step) {
        if let Some(place) = self.steps.iter_mut().find(|place| place.id == step.id) {
            *place = step;
        }
    }

    fn pointless(&self, id: StepId) -> Option<Step> {
        if let Some(because) = self.held_up_by(id) {
            return Some(Step::not_run(id, because));
        }
        let kind = match id {
            StepId::Incident => WorkItemKind::Incident,
            StepId::ChangeRequest => WorkItemKind::ChangeRequest,
            _ => return None,
        };
        let selected = self.subject.as_ref().is_none_or(|form| form.connection.work_items.contains(&kind));
        (!selected).then(|| Step::found(id, Status::Skipped, Finding::NotSelected))
    }

    fn held_up_by(&self, id: StepId) -> Option<StepId> {
        let need = id.needs()?;
        match self.step(need) {
            Some(step) if step.status == Status::Failed => Some(need),
            _ => self.held_up_by(need),
        }
    }

    fn free(&mut self, because: StepId) {
        let held = Finding::NotRun { because };
        for step in self.steps.iter_mut().filter(|step| step.finding.as_ref() == Some(&held)) {
            *step = Step::todo(step.id);
            self.queue.push_back(step.id);
        }
    }

    /// The focus ends on what failed; where nothing did, on the top, where the whole is told.
    fn rest_focus(&mut self) {
        let failed = self.steps.iter().position(|step| step.status == Status::Failed);
        if !self.focus_was_moved {
            self.focus = failed.unwrap_or_default();
        }
    }
}
