//! From step to step, forth and back.

use super::opening;
use crate::model::fault::Fault;
use crate::model::form::FieldId;
use crate::model::partner::{PartnerSpec, Proof};
use crate::ui::app::connection::Start;
use crate::ui::app::ctx::Ctx;
use crate::ui::app::effect::Job;
use crate::ui::app::model::Facts;
use crate::ui::app::screen::Step;
use crate::ui::app::wizard::details::Details;
use crate::ui::app::wizard::step::WizardStep;
use crate::ui::app::wizard::{Opening, Saving, Wizard};

/// More lines than a step ever has; the screen stops earlier.
const LINES: usize = 60;

impl Wizard {
    /// Does what the step is for, and goes on.
    pub(super) fn go_on(&mut self, ctx: &mut Ctx<'_>) -> Step {
        match (&self.opening, self.step) {
            (Opening::Loading(_), _) => {}
            (Opening::Offer { .. }, _) => self.choose_in_offer(ctx),
            (Opening::Done, WizardStep::Partner) => self.choose_partner(ctx),
            (Opening::Done, WizardStep::Prerequisites) => self.go_to(ctx, WizardStep::Details),
            (Opening::Done, WizardStep::Details) => self.submit(ctx),
            (Opening::Done, WizardStep::Test) if self.test.passed() => self.go_to(ctx, WizardStep::Checklist),
            (Opening::Done, WizardStep::Test) => {}
            (Opening::Done, WizardStep::Checklist) if self.is_saved() => {
                return self.open_checklist(ctx, Start::Checklist);
            }
            (Opening::Done, WizardStep::Checklist) => self.go_to(ctx, WizardStep::Review),
            (Opening::Done, WizardStep::Review) => self.save(ctx),
            (Opening::Done, WizardStep::FirstSync) => return self.finish(ctx),
        }
        Step::Stay
    }

    /// One step back: within the wizard, then to the dashboard. While the connection is being saved it stays.
    pub(super) fn step_back(&mut self, ctx: &mut Ctx<'_>) -> Step {
        if self.is_saving() || self.close_item() {
            return Step::Stay;
        }
        if self.is_saved() {
            return self.finish(ctx);
        }
        let inside = self.opening == Opening::Done;
        match self.step.previous().filter(|_| inside) {
            Some(step) => self.go_to(ctx, step),
            None => return self.leave(ctx),
        }
        Step::Stay
    }

    /// Brings a step to the front. What runs for the step that is left stops.
    pub(super) fn go_to(&mut self, ctx: &mut Ctx<'_>, step: WizardStep) {
        self.stop().into_iter().for_each(|task| ctx.cancel(task));
        self.step = step;
        self.saving = Saving::Idle;
        self.scrolled = 0;
        self.details.revealed = false;
        self.installation.opened = None;
        self.keep_in_turn(ctx);
        match step {
            WizardStep::Test => self.begin_test(ctx),
            WizardStep::Checklist => self.begin_checklist(ctx),
            _ => {}
        }
    }

    /// Leaves for the dashboard; what was typed is kept as a draft, secrets are gone.
    fn leave(&mut self, ctx: &mut Ctx<'_>) -> Step {
        self.keep_draft(ctx);
        ctx.run(Job::ForgetCandidate);
        self.stop().into_iter().for_each(|task| ctx.cancel(task));
        Step::Back
    }

    /// Scrolls the step in front.
    pub(super) fn scroll_step(&mut self, by: isize) {
        match self.step {
            WizardStep::Checklist => self.installation.step(by),
            _ => self.scrolled = moved(self.scrolled, by, LINES),
        }
    }

    /// Moves the focus of the list in front.
    pub(super) fn move_focus(&mut self, facts: &Facts, by: isize) {
        match (&mut self.opening, self.step) {
            (Opening::Offer { start_over, .. }, _) => *start_over = by > 0,
            (_, WizardStep::Partner) => {
                self.partner_focus = moved(self.partner_focus, by, facts.catalogue.all().len());
            }
            (_, WizardStep::Prerequisites) => {
                self.links_opened = 0;
                self.prerequisite_focus = moved(self.prerequisite_focus, by, self.prerequisites().len());
            }
            (_, WizardStep::Test) => self.test.move_focus(by),
            (_, WizardStep::Checklist) => self.installation.step(by),
            (_, WizardStep::Review) => return self.scroll_step(by),
            (_, WizardStep::Details | WizardStep::FirstSync) => {}
        }
        self.scrolled = 0;
    }

    /// Ticks a prerequisite, or switches the field in focus.
    pub(super) fn toggle(&mut self, ctx: &mut Ctx<'_>) {
        if self.step != WizardStep::Prerequisites {
            return self.toggle_field(ctx.facts);
        }
        let focused = self.prerequisites().get(self.prerequisite_focus);
        let focused = focused.filter(|item| item.proof == Proof::Confirmed);
        let Some((id, same)) = focused.map(|item| (item.id.clone(), item.confirms.clone())) else { return };
        if self.confirmed.remove(&id).is_none() {
            self.confirmed.insert(id, ctx.facts.now);
        }
        if let Some(same) = same {
            self.follow(&same);
        }
        self.keep_in_turn(ctx);
    }

    fn choose_partner(&mut self, ctx: &mut Ctx<'_>) {
        let Some(listed) = ctx.facts.catalogue.all().get(self.partner_focus).map(|spec| spec.id.clone()) else {
            return;
        };
        let Some(spec) = opening::ready(ctx.facts, &listed) else {
            return ctx.complain(Fault::PartnerNotReady { partner: listed.to_string() });
        };
        if self.spec.as_deref() != Some(&*spec) {
            self.details = match self.spec {
                Some(_) if ctx.facts.practice.is_empty() => std::mem::take(&mut self.details).moved_to(&spec),
                _ => filled(&spec, ctx.facts),
            };
            self.forget_findings();
            self.spec = Some(spec);
        }
        self.go_to(ctx, WizardStep::Prerequisites);
    }

    /// Whether the connection is saved, so that there is no way back into the form.
    pub fn is_saved(&self) -> bool {
        self.first_sync.is_some()
    }
}

/// The form of a partner: in a demo that of its practice server, under a name that is free, else an empty one.
fn filled(spec: &PartnerSpec, facts: &Facts) -> Details {
    let mut details = Details::new(spec);
    if let Some(practice) = facts.practice.iter().find(|form| form.text(FieldId::Partner) == spec.id.as_str()) {
        details.form = practice.clone();
        let name = free_name(facts, practice.text(FieldId::Name));
        details.form.texts.insert(FieldId::Name, name);
        details.focus_on(details.focus);
    }
    details
}

/// The name, with a number behind it where a connection has it already.
fn free_name(facts: &Facts, name: &str) -> String {
    let is_taken = |name: &str| facts.taken().iter().any(|taken| taken.as_str().eq_ignore_ascii_case(name));
    let numbered = (2..).map(|number| format!("{name}-{number}"));
    let mut names = std::iter::once(name.to_owned()).chain(numbered);
    names.find(|name| !is_taken(name)).unwrap_or_default()
}

fn moved(focus: usize, by: isize, count: usize) -> usize {
    focus.saturating_add_signed(by).min(count.saturating_sub(1))
}
