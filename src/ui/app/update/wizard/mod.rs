//! The wizard: how keys and answers change it.

mod checklist;
mod details;
mod first_sync;
mod live_test;
mod opening;
mod review;
mod steps;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

use super::connection::item_command;
use super::{deploy, general};
use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::ui::app::boxes::Question;
use crate::ui::app::connection::Start;
use crate::ui::app::ctx::Ctx;
use crate::ui::app::deploy::learned;
use crate::ui::app::effect::{Job, TaskId};
use crate::ui::app::key::Key;
use crate::ui::app::keymap::Binding;
use crate::ui::app::message::{Event, Outcome};
use crate::ui::app::model::Facts;
use crate::ui::app::news::News;
use crate::ui::app::screen::{Behaviour, Step};
use crate::ui::app::screens::Action;
use crate::ui::app::wizard::step::WizardStep;
use crate::ui::app::wizard::{self, Opening, Wizard, WizardAction};

impl Behaviour for Wizard {
    /// A draft that is kept is asked for first.
    fn opened(&mut self, ctx: &mut Ctx<'_>) {
        self.opening = Opening::Loading(ctx.run(Job::LoadDraft));
    }

    fn link(&self) -> Option<String> {
        self.installation.link().filter(|_| self.opening == Opening::Done && self.step == WizardStep::Checklist)
    }

    fn links(&self) -> Vec<String> {
        if self.opening != Opening::Done || self.step != WizardStep::Prerequisites {
            return self.link().into_iter().collect();
        }
        let focused = self.prerequisites().get(self.prerequisite_focus);
        focused.map(|item| item.links.iter().map(ToString::to_string).collect()).unwrap_or_default()
    }

    fn bindings(&self, facts: &Facts) -> Vec<Binding> {
        wizard::bindings(facts, self)
    }

    fn typed(&self, key: Key) -> Option<Action> {
        wizard::typed(self, key).map(Action::Wizard)
    }

    fn act(&mut self, ctx: &mut Ctx<'_>, action: Action) -> Step {
        match action {
            Action::Wizard(WizardAction::Continue) => self.go_on(ctx),
            Action::Wizard(WizardAction::Checklist) => self.open_checklist(ctx, Start::Checklist),
            Action::Wizard(WizardAction::AdminSignIn) => self.open_checklist(ctx, Start::Admin),
            Action::Wizard(WizardAction::OpenDeploy) => deploy::open(ctx, None, Some(&self.details.form)),
            Action::Wizard(action) => {
                self.act_on(ctx, action);
                Step::Stay
            }
            _ => Step::Stay,
        }
    }

    /// Never loses input.
    fn back(&mut self, ctx: &mut Ctx<'_>) -> Step {
        self.step_back(ctx)
    }

    fn confirmed(&mut self, ctx: &mut Ctx<'_>, question: Question) -> Step {
        match question {
            Question::SaveSignedOut(_) => self.save_signed_out(ctx),
            Question::StartOver => self.start_over(ctx),
            _ => {}
        }
        Step::Stay
    }

    fn on_event(&mut self, _ctx: &mut Ctx<'_>, task: TaskId, event: Event) {
        if let Event::ChecklistItem(item) = event {
            self.take_in(|tab| tab.saw(task, *item));
        }
    }

    fn on_outcome(&mut self, ctx: &mut Ctx<'_>, task: TaskId, outcome: Outcome) -> Step {
        match outcome {
            Outcome::Draft(answer) => self.draft_came(ctx, task, answer),
            Outcome::Opened(answer) => general::opened(ctx, answer),
            Outcome::Step(step) => self.step_ended(ctx, task, *step),
            Outcome::Saved(answer) => self.saved(ctx, task, answer),
            Outcome::Done => self.draft_kept(ctx, task),
            Outcome::Failed(fault) => self.draft_not_kept(ctx, task, fault),
            Outcome::Checklist(answer) => {
                let now = ctx.facts.now;
                self.take_in(|tab| tab.ended(task, answer, now));
            }
            // A confirmation that could not be kept is said wherever its answer comes.
            outcome => drop(self.installation.take(task, outcome)),
        }
        Step::Stay
    }

    fn heard(&mut self, ctx: &mut Ctx<'_>, news: &News) -> Step {
        match news {
            News::Configured => self.configured(ctx),
            News::Written(_, Ok(written)) => self.learn(learned(written)),
            _ => {}
        }
        Step::Stay
    }

    /// As one event: it never submits.
    fn paste(&mut self, ctx: &mut Ctx<'_>, text: &str) {
        self.paste_in_field(ctx.facts, text);
    }

    fn command(&self, facts: &Facts) -> String {
        command(&facts.program, self)
    }

    fn leaving(&mut self, ctx: &mut Ctx<'_>) {
        self.keep_draft(ctx);
    }

    fn holds_secrets(&self) -> bool {
        self.first_sync.is_none() && self.details.holds_secrets()
    }
}

impl Wizard {
    fn act_on(&mut self, ctx: &mut Ctx<'_>, action: WizardAction) {
        match action {
            WizardAction::Move(by) => self.move_focus(ctx.facts, by),
            WizardAction::Scroll(by) => self.scroll_step(by),
            WizardAction::Toggle => self.toggle(ctx),
            WizardAction::NextField => self.go_to_neighbour(ctx, 1),
            WizardAction::PreviousField => self.go_to_neighbour(ctx, -1),
            WizardAction::Choice(by) => self.choose(ctx.facts, by),
            WizardAction::Edit(edit) => self.edit(ctx.facts, &edit),
            WizardAction::Reveal => self.reveal(),
            WizardAction::Retest => self.test_again(ctx),
            WizardAction::RetestAll => self.test_all_again(ctx),
            WizardAction::GoToField => self.go_to_failed_field(ctx),
            WizardAction::StartOver => ctx.question(Question::StartOver),
            WizardAction::SyncAgain => self.sync_again(ctx),
            WizardAction::SaveSignedOut => self.ask_to_save_signed_out(ctx),
            WizardAction::LookAgain => self.look(ctx),
            WizardAction::ToggleConfirmation => self.say(ctx),
            WizardAction::OpenLink => self.open_link(ctx),
            WizardAction::OpenItem if self.step == WizardStep::Checklist => self.installation.open(),
            WizardAction::CopyRequest if self.step == WizardStep::Checklist => {
                let letter = self.installation.letter(ctx.facts.lang);
                letter.into_iter().for_each(|text| ctx.copy(text));
            }
            _ => {}
        }
    }

    /// Opens the next link of the prerequisite in focus.
    fn open_link(&mut self, ctx: &mut Ctx<'_>) {
        let links =
            self.prerequisites().get(self.prerequisite_focus).map(|item| item.links.clone()).unwrap_or_default();
        if let Some(address) = links.get(self.links_opened % links.len().max(1)) {
            ctx.run(Job::OpenAddress(address.to_string()));
            self.links_opened += 1;
        }
    }

    /// Keeps the draft now, or once the one before it is kept.
    fn keep_in_turn(&mut self, ctx: &mut Ctx<'_>) {
        if self.keeping.is_none() {
            self.keep_draft(ctx);
        }
    }

    /// Keeps the draft, when there is something new to keep.
    fn keep_draft(&mut self, ctx: &mut Ctx<'_>) {
        if let Some(draft) = self.draft().filter(|draft| self.kept.as_ref() != Some(draft)) {
            self.keeping = Some(ctx.run(Job::SaveDraft(draft.clone())));
            self.kept = Some(draft);
        }
    }

    /// The draft was kept: whatever changed meanwhile is next; a connection that was saved needs none any more.
    fn draft_kept(&mut self, ctx: &mut Ctx<'_>, task: TaskId) {
        if self.keeping != Some(task) {
            return;
        }
        if self.is_saved() {
            return self.drop_late_draft(ctx);
        }
        self.keeping = None;
        self.keep_draft(ctx);
    }

    /// Drops the draft of a saved connection that was still being kept when it was saved.
    fn drop_late_draft(&mut self, ctx: &mut Ctx<'_>) {
        if self.is_saved() && self.keeping.take().is_some() {
            ctx.run(Job::DropDraft);
        }
    }

    /// The draft could not be kept: said, and tried again with the next occasion.
    fn draft_not_kept(&mut self, ctx: &mut Ctx<'_>, task: TaskId, fault: Fault) {
        if self.keeping != Some(task) {
            return;
        }
        if self.is_saved() {
            return self.drop_late_draft(ctx);
        }
        (self.kept, self.keeping) = (None, None);
        ctx.complain(fault);
    }

    /// Fills in what is empty in the form: files that deploy a web app were written for it.
    fn learn(&mut self, learned: [(crate::model::form::FieldId, String); 6]) {
        let Some(spec) = self.spec.clone().filter(|_| !self.is_saved()) else { return };
        for (field, text) in learned {
            if spec.field(field).is_some() && self.details.form.text(field).is_empty() {
                self.details.form.texts.insert(field, text);
            }
        }
        self.details.focus_on(self.details.focus);
    }
}

/// The command that does what this step does, without the program's name before it. It never holds a secret.
pub fn command(program: &str, wizard: &Wizard) -> String {
    let name = wizard.name();
    let partner = wizard.spec.as_ref().map_or("servicenow", |spec| spec.id.as_str());
    let file = name.as_ref().map_or(partner, ConnectionName::as_str);
    let name = name.as_ref().map_or("NAME", ConnectionName::as_str);
    match wizard.step {
        WizardStep::Partner | WizardStep::Prerequisites => format!("connection template {partner} > {file}.toml"),
        // The test of a form that is not saved yet: `connection test` knows saved connections only.
        WizardStep::Details | WizardStep::Test | WizardStep::Review => format!("connection add --file {file}.toml"),
        // The checklist of a connection is read once that is saved.
        WizardStep::Checklist if !wizard.is_saved() => {
            format!("connection add --file {file}.toml && {program} checklist {name}")
        }
        WizardStep::Checklist => match (wizard.installation.focused(), wizard.installation.opened) {
            (Some(item), Some(_)) => item_command(item, name),
            _ => format!("checklist {name}"),
        },
        WizardStep::FirstSync => format!("sync {name}"),
    }
}
