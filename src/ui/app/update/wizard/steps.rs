//! From step to step, forth and back.

use super::{checklist, details, first_sync, in_front, keep_draft, keep_in_turn, live_test, opening, review};
use crate::model::fault::Fault;
use crate::model::form::{FieldId, Form};
use crate::model::partner::{PartnerSpec, Proof};
use crate::ui::app::effect::{Effect, Job};
use crate::ui::app::model::{Model, Notice, Screen};
use crate::ui::app::wizard::details::Details;
use crate::ui::app::wizard::step::WizardStep;
use crate::ui::app::wizard::{Opening, Saving, Wizard};

/// More lines than a step ever has; the screen stops earlier.
const LINES: usize = 60;

/// Does what the step is for, and goes on.
pub fn go_on(model: &mut Model) -> Vec<Effect> {
    let Some(wizard) = in_front(model) else {
        return Vec::new();
    };
    match (&wizard.opening, wizard.step) {
        (Opening::Loading(_), _) => Vec::new(),
        (Opening::Offer { .. }, _) => opening::choose(model),
        (Opening::Done, WizardStep::Partner) => choose_partner(model),
        (Opening::Done, WizardStep::Prerequisites) => match wizard.required_prerequisite() {
            Some(place) => {
                wizard.prerequisite_focus = place;
                Vec::new()
            }
            None => go_to(model, WizardStep::Details),
        },
        (Opening::Done, WizardStep::Details) => details::submit(model),
        (Opening::Done, WizardStep::Test) if wizard.test.passed() => go_to(model, WizardStep::Checklist),
        (Opening::Done, WizardStep::Test) => Vec::new(),
        (Opening::Done, WizardStep::Checklist) if wizard.is_saved() => first_sync::to_checklist(model),
        (Opening::Done, WizardStep::Checklist) => go_to(model, WizardStep::Review),
        (Opening::Done, WizardStep::Review) => review::save(model),
        (Opening::Done, WizardStep::FirstSync) => first_sync::finish(model),
    }
}

/// One step back: within the wizard, then to the dashboard. While the connection is being saved it stays.
pub fn back(model: &mut Model) -> Vec<Effect> {
    let Some(wizard) = in_front(model).filter(|wizard| !wizard.is_saving()) else {
        return Vec::new();
    };
    if checklist::close(wizard) {
        return Vec::new();
    }
    if wizard.is_saved() {
        return first_sync::finish(model);
    }
    let inside = wizard.opening == Opening::Done;
    match wizard.step.previous().filter(|_| inside) {
        Some(step) => go_to(model, step),
        None => leave(model),
    }
}

/// Brings a step to the front. What runs for the step that is left stops.
pub fn go_to(model: &mut Model, step: WizardStep) -> Vec<Effect> {
    let Some(wizard) = in_front(model) else {
        return Vec::new();
    };
    let running = wizard.stop();
    wizard.step = step;
    wizard.saving = Saving::Idle;
    wizard.scrolled = 0;
    wizard.details.revealed = false;
    wizard.installation.opened = None;
    let mut effects: Vec<_> = running.into_iter().map(Effect::Cancel).collect();
    effects.extend(keep_in_turn(model));
    if step == WizardStep::Test {
        effects.extend(live_test::begin(model));
    }
    if step == WizardStep::Checklist {
        effects.extend(checklist::begin(model));
    }
    effects
}

/// Leaves for the dashboard; what was typed is kept as a draft, secrets are gone.
pub fn leave(model: &mut Model) -> Vec<Effect> {
    let mut effects = keep_draft(model);
    effects.push(model.run(Job::ForgetCandidate).1);
    if let Some(wizard) = in_front(model) {
        effects.extend(wizard.stop().into_iter().map(Effect::Cancel));
        let dashboard = std::mem::take(&mut wizard.dashboard);
        model.screen = Screen::Dashboard(dashboard);
    }
    effects
}

/// The form of a partner: in a demo that of its practice server, else an empty one.
fn filled(spec: &PartnerSpec, practice: &[Form]) -> Details {
    let mut details = Details::new(spec);
    if let Some(practice) = practice.iter().find(|form| form.text(FieldId::Partner) == spec.id.as_str()) {
        details.form = practice.clone();
        details.focus_on(details.focus);
    }
    details
}

/// Scrolls the step in front.
pub fn scroll(model: &mut Model, by: isize) -> Vec<Effect> {
    if let Some(wizard) = in_front(model) {
        match wizard.step {
            WizardStep::Checklist => checklist::step(wizard, by),
            _ => wizard.scrolled = moved(wizard.scrolled, by, LINES),
        }
    }
    Vec::new()
}

/// Moves the focus of the list in front.
pub fn move_focus(model: &mut Model, by: isize) -> Vec<Effect> {
    let partners = model.catalogue.all().len();
    let Some(wizard) = in_front(model) else {
        return Vec::new();
    };
    match (&mut wizard.opening, wizard.step) {
        (Opening::Offer { start_over, .. }, _) => *start_over = by > 0,
        (_, WizardStep::Partner) => wizard.partner_focus = moved(wizard.partner_focus, by, partners),
        (_, WizardStep::Prerequisites) => {
            wizard.prerequisite_focus = moved(wizard.prerequisite_focus, by, wizard.prerequisites().len());
        }
        (_, WizardStep::Test) => wizard.test.move_focus(by),
        (_, WizardStep::Checklist) => checklist::step(wizard, by),
        (_, WizardStep::Review) => return scroll(model, by),
        (_, WizardStep::Details | WizardStep::FirstSync) => {}
    }
    wizard.scrolled = 0;
    Vec::new()
}

/// Ticks a prerequisite, or switches the field in focus.
pub fn toggle(model: &mut Model) -> Vec<Effect> {
    let now = model.now;
    let Some(wizard) = in_front(model) else {
        return Vec::new();
    };
    if wizard.step != WizardStep::Prerequisites {
        return details::toggle(model);
    }
    let focused = wizard.prerequisites().get(wizard.prerequisite_focus);
    let focused = focused.filter(|item| item.proof == Proof::Confirmed);
    let Some((id, same)) = focused.map(|item| (item.id.clone(), item.confirms.clone())) else {
        return Vec::new();
    };
    if wizard.confirmed.remove(&id).is_none() {
        wizard.confirmed.insert(id, now);
    }
    if let Some(same) = same {
        checklist::follow(wizard, &same);
    }
    keep_in_turn(model)
}

fn moved(focus: usize, by: isize, count: usize) -> usize {
    focus.saturating_add_signed(by).min(count.saturating_sub(1))
}

fn choose_partner(model: &mut Model) -> Vec<Effect> {
    let focus = in_front(model).map(|wizard| wizard.partner_focus).unwrap_or_default();
    let Some(listed) = model.catalogue.all().get(focus).map(|spec| spec.id.clone()) else {
        return Vec::new();
    };
    let Some(spec) = opening::ready(model, &listed) else {
        model.notice = Some(Notice::Fault(Fault::PartnerNotReady { partner: listed.to_string() }));
        return Vec::new();
    };
    let practice = model.practice.clone();
    if let Some(wizard) = in_front(model).filter(|wizard| wizard.spec.as_deref() != Some(&*spec)) {
        wizard.details = match wizard.spec {
            Some(_) if practice.is_empty() => std::mem::take(&mut wizard.details).moved_to(&spec),
            _ => filled(&spec, &practice),
        };
        wizard.forget_findings();
        wizard.spec = Some(spec);
    }
    go_to(model, WizardStep::Prerequisites)
}

impl Wizard {
    /// Whether the connection is saved, so that there is no way back into the form.
    pub fn is_saved(&self) -> bool {
        self.first_sync.is_some()
    }
}
