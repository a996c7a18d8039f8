//! How the wizard opens: with the draft of an earlier time, if one was kept.

use std::sync::Arc;

use crate::model::draft::Draft;
use crate::model::fault::Fault;
use crate::model::partner::{PartnerId, PartnerSpec};
use crate::ui::app::boxes::Question;
use crate::ui::app::ctx::Ctx;
use crate::ui::app::effect::{Job, TaskId};
use crate::ui::app::model::Facts;
use crate::ui::app::wizard::{Opening, Wizard};

impl Wizard {
    /// Begins again, without the draft.
    pub(super) fn start_over(&mut self, ctx: &mut Ctx<'_>) {
        self.test.stop().into_iter().for_each(|task| ctx.cancel(task));
        *self = Self::default();
        ctx.run(Job::DropDraft);
    }

    /// Takes in the draft: it is offered, its absence is silent, its damage is told.
    pub(super) fn draft_came(&mut self, ctx: &mut Ctx<'_>, task: TaskId, answer: Result<Option<Draft>, Fault>) {
        if self.opening != Opening::Loading(task) {
            return;
        }
        match answer.and_then(|draft| draft.map(|draft| usable(ctx.facts, draft)).transpose()) {
            Ok(None) => self.opening = Opening::Done,
            Ok(Some(draft)) => self.opening = Opening::Offer { draft: Box::new(draft), start_over: false },
            Err(fault) => {
                self.opening = Opening::Done;
                self.draft_fault = Some(fault.clone());
                ctx.complain(fault);
            }
        }
    }

    /// Does what has the focus in the offer.
    pub(super) fn choose_in_offer(&mut self, ctx: &mut Ctx<'_>) {
        match std::mem::take(&mut self.opening) {
            Opening::Offer { draft, start_over: false } => self.take_up_draft(ctx, *draft),
            offer => {
                self.opening = offer;
                ctx.question(Question::StartOver);
            }
        }
    }

    fn take_up_draft(&mut self, ctx: &mut Ctx<'_>, draft: Draft) {
        if let Some(spec) = ready(ctx.facts, &draft.partner) {
            let place = ctx.facts.catalogue.all().iter().position(|spec| spec.id == draft.partner);
            self.partner_focus = place.unwrap_or_default();
            self.take_up(draft, spec);
        }
        self.keep_in_turn(ctx);
    }
}

fn usable(facts: &Facts, draft: Draft) -> Result<Draft, Fault> {
    match ready(facts, &draft.partner) {
        Some(_) => Ok(draft),
        None => Err(Fault::PartnerNotReady { partner: draft.partner.to_string() }),
    }
}

/// The partner, if it can be connected to.
pub fn ready(facts: &Facts, id: &PartnerId) -> Option<Arc<PartnerSpec>> {
    facts.catalogue.get(id).filter(|spec| spec.ready).cloned().map(Arc::new)
}
