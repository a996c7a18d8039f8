//! The form: fields, edits, paste, and the way on to the test.

use std::sync::Arc;

use crate::model::form::FieldId;
use crate::model::partner::{FieldSpec, PartnerSpec};
use crate::ui::app::ctx::Ctx;
use crate::ui::app::input::Edit;
use crate::ui::app::model::Facts;
use crate::ui::app::wizard::details::Details;
use crate::ui::app::wizard::live_test::LiveTest;
use crate::ui::app::wizard::step::WizardStep;
use crate::ui::app::wizard::{Opening, Wizard};

impl Wizard {
    /// To the next field or the one before; past either end it stays.
    pub(super) fn go_to_neighbour(&mut self, ctx: &mut Ctx<'_>, by: isize) {
        if let Some(field) = self.shown_form().and_then(|spec| self.details.neighbour(&spec, by)) {
            self.go_to_field(ctx, field);
        }
    }

    /// Leaves the field in focus for another: what is wrong with it shows, and the draft is kept.
    pub(super) fn go_to_field(&mut self, ctx: &mut Ctx<'_>, field: FieldId) {
        if let Some(spec) = self.shown_form() {
            self.details.leave(self.details.focus, &spec, &ctx.facts.taken());
            self.details.focus_on(field);
            self.details.revealed = false;
        }
        self.scrolled = 0;
        self.keep_in_turn(ctx);
    }

    /// Checks the whole form: on to the test, or to the first wrong field.
    pub(super) fn submit(&mut self, ctx: &mut Ctx<'_>) {
        let Some(spec) = self.shown_form() else { return };
        let taken = ctx.facts.taken();
        let Ok(valid) = self.details.form.validate(&spec, &taken) else {
            self.details.refuse(&spec, &taken);
            return self.keep_in_turn(ctx);
        };
        let valid = Arc::new(valid);
        if self.test.subject.as_ref() != Some(&valid) {
            self.forget_findings();
            self.test = LiveTest::of(valid, spec.test_steps());
        }
        self.go_to(ctx, WizardStep::Test);
    }

    /// Edits the field in focus.
    pub(super) fn edit(&mut self, facts: &Facts, edit: &Edit) {
        self.change(facts, |details, field, _| details.edit(field.input, edit));
    }

    /// Takes a paste into the field in focus.
    pub(super) fn paste_in_field(&mut self, facts: &Facts, text: &str) {
        self.change(facts, |details, field, _| details.paste(field.input, text));
    }

    /// Switches the choice in focus.
    pub(super) fn toggle_field(&mut self, facts: &Facts) {
        self.change(facts, Details::toggle);
    }

    /// Moves among the choices of the field in focus.
    pub(super) fn choose(&mut self, facts: &Facts, by: isize) {
        self.change(facts, |details, field, spec| details.choose(by, field, spec));
    }

    /// Shows or hides the secrets.
    pub(super) fn reveal(&mut self) {
        if self.shown_form().is_some() {
            self.details.revealed = !self.details.revealed;
        }
    }

    /// Changes the form. A test of what it was before proves nothing any more.
    fn change(&mut self, facts: &Facts, edit: impl FnOnce(&mut Details, &FieldSpec, &PartnerSpec) -> bool) {
        let Some(spec) = self.shown_form() else { return };
        let Some(field) = spec.field(self.details.focus) else { return };
        if edit(&mut self.details, field, &spec) {
            self.details.recheck(field.id, &spec, &facts.taken());
            self.forget_findings();
        }
    }

    /// The partner, while its form is in front.
    fn shown_form(&self) -> Option<Arc<PartnerSpec>> {
        let is_shown = self.opening == Opening::Done && self.step == WizardStep::Details;
        self.spec.clone().filter(|_| is_shown)
    }
}
