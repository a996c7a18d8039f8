//! The live test: one job a step.

use crate::model::check::{Status, Step, StepId};
use crate::ui::app::ctx::Ctx;
use crate::ui::app::effect::{Job, TaskId, TestSubject};
use crate::ui::app::wizard::Wizard;
use crate::ui::app::wizard::step::WizardStep;

impl Wizard {
    /// Runs whatever was not run yet.
    pub(super) fn begin_test(&mut self, ctx: &mut Ctx<'_>) {
        if self.is_test_idle() {
            self.test.queue_rest();
        }
        self.run_next_step(ctx);
    }

    /// Runs the step in focus again; what it had held up follows if it passes.
    pub(super) fn test_again(&mut self, ctx: &mut Ctx<'_>) {
        if let Some(step) = self.test.focused().map(|step| step.id).filter(|_| self.is_test_idle()) {
            self.run_step(ctx, step);
        }
    }

    /// Runs every step again.
    pub(super) fn test_all_again(&mut self, ctx: &mut Ctx<'_>) {
        if self.is_test_idle() {
            self.test.queue_all();
        }
        self.run_next_step(ctx);
    }

    /// Goes to the field that the failed step in focus names.
    pub(super) fn go_to_failed_field(&mut self, ctx: &mut Ctx<'_>) {
        let failed = self.test.focused().filter(|step| step.status == Status::Failed).and_then(|step| step.field);
        if let Some(field) = failed.filter(|_| self.is_test_idle()) {
            self.go_to(ctx, WizardStep::Details);
            self.go_to_field(ctx, field);
        }
    }

    /// Takes in the end of a step, and goes on to the next. A late answer to a dead task is ignored.
    pub(super) fn step_ended(&mut self, ctx: &mut Ctx<'_>, task: TaskId, step: Step) {
        if self.step == WizardStep::Test && self.test.ended(task, step) {
            self.run_next_step(ctx);
        }
    }

    fn run_next_step(&mut self, ctx: &mut Ctx<'_>) {
        if self.step == WizardStep::Test
            && self.test.running.is_none()
            && let Some(step) = self.test.take_next()
        {
            self.run_step(ctx, step);
        }
    }

    fn run_step(&mut self, ctx: &mut Ctx<'_>, step: StepId) {
        if let Some(form) = self.test.subject.clone() {
            let task = ctx.run(Job::TestStep(TestSubject::Candidate(form), step));
            self.test.began(step, task);
        }
    }

    fn is_test_idle(&self) -> bool {
        self.step == WizardStep::Test && !self.test.is_running()
    }
}
