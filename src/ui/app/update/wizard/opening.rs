//! How the wizard opens: with the draft of an earlier time, if one was kept.

use std::sync::Arc;

use super::in_front;
use crate::model::draft::Draft;
use crate::model::fault::Fault;
use crate::model::partner::{PartnerId, PartnerSpec};
use crate::ui::app::dashboard::Dashboard;
use crate::ui::app::effect::{Effect, Job, TaskId};
use crate::ui::app::model::{Model, Notice, Overlay, Question, Screen};
use crate::ui::app::wizard::{Opening, Wizard};

/// Opens the wizard: a draft that is kept is asked for first.
pub fn open(model: &mut Model) -> Vec<Effect> {
    let (task, effect) = model.run(Job::LoadDraft);
    let dashboard = match &model.screen {
        Screen::Dashboard(dashboard) => dashboard.clone(),
        Screen::Connection(_) | Screen::Wizard(_) => Dashboard::default(),
    };
    let wizard = Wizard { opening: Opening::Loading(task), dashboard, ..Wizard::default() };
    model.screen = Screen::Wizard(Box::new(wizard));
    vec![effect]
}

/// Asks whether the draft may go.
pub fn ask_to_start_over(model: &mut Model) -> Vec<Effect> {
    model.overlay = Some(Overlay::Confirm(Question::StartOver));
    Vec::new()
}

/// Begins anew, without the draft.
pub fn start_over(model: &mut Model) -> Vec<Effect> {
    let Some(wizard) = in_front(model) else {
        return Vec::new();
    };
    let running = wizard.test.stop();
    *wizard = Wizard { dashboard: wizard.dashboard.clone(), ..Wizard::default() };
    let mut effects: Vec<_> = running.map(Effect::Cancel).into_iter().collect();
    effects.push(model.run(Job::DropDraft).1);
    effects
}

/// Takes in the draft: it is offered, its absence is silent, its damage is told.
pub fn opened(model: &mut Model, task: TaskId, answer: Result<Option<Draft>, Fault>) -> Vec<Effect> {
    let answer = answer.and_then(|draft| draft.map(|draft| usable(model, draft)).transpose());
    let Some(wizard) = in_front(model).filter(|wizard| wizard.opening == Opening::Loading(task)) else {
        return Vec::new();
    };
    match answer {
        Ok(None) => wizard.opening = Opening::Done,
        Ok(Some(draft)) => wizard.opening = Opening::Offer { draft: Box::new(draft), start_over: false },
        Err(fault) => {
            wizard.opening = Opening::Done;
            wizard.draft_fault = Some(fault.clone());
            model.notice = Some(Notice::Fault(fault));
        }
    }
    Vec::new()
}

/// Does what has the focus in the offer.
pub fn choose(model: &mut Model) -> Vec<Effect> {
    let offer = in_front(model).map(|wizard| std::mem::take(&mut wizard.opening));
    match offer {
        Some(Opening::Offer { draft, start_over: false }) => take_up(model, *draft),
        Some(Opening::Offer { draft, start_over }) => {
            if let Some(wizard) = in_front(model) {
                wizard.opening = Opening::Offer { draft, start_over };
            }
            ask_to_start_over(model)
        }
        _ => Vec::new(),
    }
}

fn take_up(model: &mut Model, draft: Draft) -> Vec<Effect> {
    let place = model.catalogue.all().iter().position(|spec| spec.id == draft.partner);
    let spec = ready(model, &draft.partner);
    if let (Some(wizard), Some(spec)) = (in_front(model), spec) {
        wizard.partner_focus = place.unwrap_or_default();
        wizard.take_up(draft, spec);
    }
    super::keep_in_turn(model)
}

fn usable(model: &Model, draft: Draft) -> Result<Draft, Fault> {
    match ready(model, &draft.partner) {
        Some(_) => Ok(draft),
        None => Err(Fault::PartnerNotReady { partner: draft.partner.to_string() }),
    }
}

/// The partner, if it can be connected to.
pub fn ready(model: &Model, id: &PartnerId) -> Option<Arc<PartnerSpec>> {
    model.catalogue.get(id).filter(|spec| spec.ready).cloned().map(Arc::new)
}
