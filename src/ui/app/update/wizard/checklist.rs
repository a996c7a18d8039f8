//! The checklist as a step: of the form that was tested, or of the connection that was saved signed out.

use jiff::Timestamp;

use crate::model::checklist::{ChecklistItem, ItemId};
use crate::model::confirmation::{self, Basis, Confirmation};
use crate::ui::app::connection::Installation;
use crate::ui::app::ctx::Ctx;
use crate::ui::app::effect::Job;
use crate::ui::app::update::connection::checklist::saying;
use crate::ui::app::wizard::Wizard;
use crate::ui::app::wizard::step::WizardStep;

impl Wizard {
    /// Looks at it, unless that was done or the product has none.
    pub(super) fn begin_checklist(&mut self, ctx: &mut Ctx<'_>) {
        if self.installation.whole.value().is_none() {
            self.look(ctx);
        }
    }

    /// Looks at every item again; a look under way is given up.
    pub(super) fn look(&mut self, ctx: &mut Ctx<'_>) {
        let job = match &self.first_sync {
            Some(saved) => Some(Job::LoadChecklist(saved.name.clone())),
            None => self.test.subject.clone().map(Job::CheckCandidate),
        };
        if let Some(job) = job.filter(|_| self.step == WizardStep::Checklist && self.has_checklist()) {
            self.installation.look(ctx, job);
        }
    }

    /// Takes in an item, or the whole, with what the admin confirmed.
    pub(super) fn take_in(&mut self, take: impl FnOnce(&mut Installation)) {
        let said = said(self);
        take(&mut self.installation);
        said.iter().for_each(|one| self.installation.confirmed(one));
    }

    /// Confirms the item in focus, or takes that back. Of a connection that is not saved yet it is kept here until it
    /// is.
    pub(super) fn say(&mut self, ctx: &mut Ctx<'_>) {
        let Some(item) = self.installation.sayable().filter(|_| self.step == WizardStep::Checklist).cloned() else {
            return;
        };
        let now = ctx.facts.now;
        let Some(saved) = self.first_sync.as_ref().map(|saved| saved.name.clone()) else {
            return self.say_here(&item, now);
        };
        if item.is_confirmed() {
            self.unconfirm(&item.id);
        }
        self.installation.saying = Some(ctx.run(saying(&saved, &item, now)));
    }

    fn say_here(&mut self, item: &ChecklistItem, now: Timestamp) {
        let confirmed = item.is_confirmed();
        self.unconfirm(&item.id);
        if confirmed {
            return self.installation.change(&item.id, ChecklistItem::clear_confirmation);
        }
        let basis = with_form(self, &item.id, item.basis.clone());
        let said = Confirmation { item: item.id.clone(), at: now, basis };
        self.installation.confirmed(&said);
        self.said.push(said);
    }

    /// A prerequisite was ticked or unticked: the item of the checklist that says the same follows.
    pub(super) fn follow(&mut self, item: &ItemId) {
        match said(self).iter().find(|said| said.item == *item) {
            Some(said) => self.installation.confirmed(said),
            None => self.installation.change(item, ChecklistItem::clear_confirmation),
        }
    }

    /// What keeps the confirmations of the connection that was just saved.
    pub(super) fn confirmations_to_keep(&self) -> Option<Job> {
        let name = self.test.subject.as_ref()?.connection.name.clone();
        let seen = |said: Confirmation| {
            let items = self.installation.items();
            let basis = items.into_iter().find(|item| item.id == said.item).map(|item| item.basis.clone());
            Confirmation { basis: basis.unwrap_or_default().into_iter().chain(said.basis).collect(), ..said }
        };
        let said: Vec<_> = self.confirmations().into_iter().map(seen).collect();
        (!said.is_empty()).then_some(Job::Confirm { connection: name, said })
    }

    /// Closes the item that is shown whole; whether one was.
    pub(super) fn close_item(&mut self) -> bool {
        self.step == WizardStep::Checklist && self.installation.opened.take().is_some()
    }
}

/// What was said, with the form's part of what it rests on.
fn said(wizard: &Wizard) -> Vec<Confirmation> {
    let whole = |said: Confirmation| Confirmation { basis: with_form(wizard, &said.item, said.basis), ..said };
    wizard.confirmations().into_iter().map(whole).collect()
}

fn with_form(wizard: &Wizard, item: &ItemId, basis: Basis) -> Basis {
    let (form, spec) = (wizard.test.subject.as_ref(), wizard.spec.as_ref());
    let of_form = form.zip(spec).map(|(form, spec)| confirmation::basis_of(&form.connection, &spec.rests_on(item)));
    basis.into_iter().chain(of_form.unwrap_or_default()).collect()
}
