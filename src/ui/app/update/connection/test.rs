//! The live test of a saved connection, one step after the other.

use crate::model::check::{Step, StepId};
use crate::ui::app::connection::{ConnectionAction, ConnectionScreen};
use crate::ui::app::ctx::Ctx;
use crate::ui::app::effect::{Job, TaskId, TestSubject};

impl ConnectionScreen {
    /// Runs the step in focus, or all, or stops.
    pub(super) fn act_on_test(&mut self, ctx: &mut Ctx<'_>, action: &ConnectionAction) {
        match action {
            ConnectionAction::StopTest => self.test.stop().into_iter().for_each(|task| ctx.cancel(task)),
            _ if self.test.is_running() => {}
            ConnectionAction::RunTest => {
                self.test.queue_all();
                self.run_next_step(ctx);
            }
            _ => {
                if let Some(step) = self.test.focused().map(|step| step.id) {
                    self.run_step(ctx, step);
                }
            }
        }
    }

    /// Takes in how a step ended, and runs the next.
    pub(super) fn step_ended(&mut self, ctx: &mut Ctx<'_>, task: TaskId, step: Step) {
        if self.test.ended(task, step) {
            self.run_next_step(ctx);
        }
    }

    fn run_next_step(&mut self, ctx: &mut Ctx<'_>) {
        if let Some(step) = self.test.take_next() {
            self.run_step(ctx, step);
        }
    }

    fn run_step(&mut self, ctx: &mut Ctx<'_>, step: StepId) {
        let task = ctx.run(Job::TestStep(TestSubject::Saved(self.name.clone()), step));
        self.test.began(step, task);
    }
}
