//! The review: everything once more, then saved. Saving signed out is the way past a sign-in that cannot work yet.

use crate::model::fault::Fault;
use crate::ui::app::boxes::Question;
use crate::ui::app::connection::Installation;
use crate::ui::app::ctx::Ctx;
use crate::ui::app::effect::{Job, TaskId};
use crate::ui::app::update::config;
use crate::ui::app::wizard::details::Details;
use crate::ui::app::wizard::live_test::LiveTest;
use crate::ui::app::wizard::step::WizardStep;
use crate::ui::app::wizard::{FirstSync, Saving, Wizard};

impl Wizard {
    /// Saves what was tested.
    pub(super) fn save(&mut self, ctx: &mut Ctx<'_>) {
        let fit = self.test.passed() && !self.is_saving();
        if let Some(form) = self.test.subject.clone().filter(|_| fit) {
            self.saving = Saving::Running(ctx.run(Job::SaveConnection(form)));
        }
    }

    /// Asks whether to save what was entered without signing in.
    pub(super) fn ask_to_save_signed_out(&mut self, ctx: &mut Ctx<'_>) {
        if let Some(name) = self.name().filter(|_| self.can_save_signed_out()) {
            ctx.question(Question::SaveSignedOut(name));
        }
    }

    /// Saves what was entered without signing in.
    pub(super) fn save_signed_out(&mut self, ctx: &mut Ctx<'_>) {
        if let Some(form) = self.test.subject.clone().filter(|_| self.can_save_signed_out()) {
            self.saving = Saving::Running(ctx.run(Job::SaveSignedOut(form)));
        }
    }

    /// Takes in whether it was saved. If so the draft goes, the secrets go, and the first sync begins; of a connection
    /// that is signed out the checklist is next.
    pub(super) fn saved(&mut self, ctx: &mut Ctx<'_>, task: TaskId, answer: Result<(), Fault>) {
        if self.saving != Saving::Running(task) {
            return;
        }
        if let Err(fault) = answer {
            self.saving = Saving::Failed(fault);
            return;
        }
        let confirmations = self.confirmations_to_keep();
        self.close_form();
        config::load(ctx);
        if self.keeping.is_none() {
            ctx.run(Job::DropDraft);
        }
        if let Some(job) = confirmations {
            ctx.run(job);
        }
        if self.step == WizardStep::Checklist {
            self.begin_checklist(ctx);
        }
    }

    /// Drops everything that was typed, secrets above all.
    fn close_form(&mut self) {
        let name = self.test.subject.as_ref().map(|form| form.connection.name.clone());
        // Only a connection without a sign-in is saved before the review.
        let signed_out = self.step != WizardStep::Review;
        self.saving = Saving::Idle;
        self.scrolled = 0;
        self.details = Details::default();
        self.test.forget_subject();
        if signed_out {
            self.step = WizardStep::Checklist;
            self.installation = Installation::default();
        } else {
            self.test = LiveTest::default();
            self.step = WizardStep::FirstSync;
        }
        self.first_sync = name.map(|name| FirstSync { name, started: false, signed_out });
    }
}
