//! What the wizard of a source does.

use jiff::Timestamp;

use super::{
    AlertSourceAction as Do, AlertSourceJob, AlertSourceOutcome, AlertSourceWizard, SourceStep, SubscriptionTest, keys,
};
use crate::model::alert_source::{AlertSource, EVERY};
use crate::model::fault::Fault;
use crate::model::workspace::WorkspaceName;
use crate::model::workspace_run::Subscription;
use crate::texts::alert_source as texts;
use crate::ui::app::ctx::Ctx;
use crate::ui::app::effect::TaskId;
use crate::ui::app::input;
use crate::ui::app::key::Key;
use crate::ui::app::keymap::Binding;
use crate::ui::app::message::{Event, Outcome};
use crate::ui::app::model::{Facts, Notice};
use crate::ui::app::picker::Picker;
use crate::ui::app::remote::Remote;
use crate::ui::app::screen::{Behaviour, Step};
use crate::ui::app::screens::{Action, ScreenOutcome};
use crate::ui::app::shell::quoted;
use crate::ui::app::update;
use crate::ui::app::workspace::{SignInPart, WorkspaceEvent, WorkspaceJob, WorkspaceOutcome};

/// More lines than a step ever has; the screen stops earlier.
const LINES: usize = 4000;

impl Behaviour for AlertSourceWizard {
    fn opened(&mut self, ctx: &mut Ctx<'_>) {
        if self.saved.is_none() {
            ctx.run(AlertSourceJob::Names);
        }
    }

    fn link(&self) -> Option<String> {
        self.sign_in.running.as_ref().and_then(SignInPart::code).map(|code| code.page.clone())
    }

    fn bindings(&self, _facts: &Facts) -> Vec<Binding> {
        keys::bindings(self)
    }

    fn typed(&self, key: Key) -> Option<Action> {
        keys::typed(self, key)
    }

    fn act(&mut self, ctx: &mut Ctx<'_>, action: Action) -> Step {
        if let Action::AlertSource(action) = action {
            self.act_on(ctx, action);
        }
        Step::Stay
    }

    /// One step back; from the first one out of the wizard. A source that is edited is left from its review.
    fn back(&mut self, ctx: &mut Ctx<'_>) -> Step {
        if self.sign_in.stop(ctx) {
            return Step::Stay;
        }
        match (self.step.turned(-1), self.saved.is_some()) {
            (None, true) => self.go(ctx, SourceStep::Review),
            (Some(step), false) => self.go(ctx, step),
            (Some(step), true) if self.step != SourceStep::Review => self.go(ctx, step),
            _ => {
                self.leave(ctx);
                return Step::Back;
            }
        }
        Step::Stay
    }

    fn on_event(&mut self, _ctx: &mut Ctx<'_>, task: TaskId, event: Event) {
        if let Event::Workspace(WorkspaceEvent::Code(prompt)) = event {
            self.sign_in.told(task, &prompt);
        }
    }

    fn on_outcome(&mut self, ctx: &mut Ctx<'_>, task: TaskId, outcome: Outcome) -> Step {
        match outcome {
            Outcome::Screen(ScreenOutcome::Workspace(WorkspaceOutcome::SignedIn(answer))) => {
                self.signed_in(ctx, task, answer);
            }
            Outcome::Screen(ScreenOutcome::Workspace(WorkspaceOutcome::Subscriptions(answer))) => {
                self.subscriptions_came(ctx, task, answer);
            }
            Outcome::Screen(ScreenOutcome::AlertSource(outcome)) => return self.on_own(ctx, task, outcome),
            _ => {}
        }
        Step::Stay
    }

    fn paste(&mut self, _ctx: &mut Ctx<'_>, text: &str) {
        match self.step {
            SourceStep::SignIn => self.sign_in.form.paste(text),
            SourceStep::Subscriptions => self.subscriptions.paste(text),
            SourceStep::Test | SourceStep::Review => {}
        }
    }

    fn scroll(&mut self, _ctx: &mut Ctx<'_>, lines: i32) {
        self.top = self.top.saturating_add_signed(lines as isize).min(LINES);
    }

    /// The command that adds this source. It holds no secret.
    fn command(&self, _facts: &Facts) -> String {
        match (&self.saved, self.settings()) {
            (Some(saved), Some(source)) => edit_command(saved, &source),
            (_, Some(source)) => add_command(&source),
            (_, None) => "alert source add".to_owned(),
        }
    }

    fn next_tick(&self, facts: &Facts) -> Option<Timestamp> {
        self.sign_in.next_tick(facts)
    }

    fn holds_secrets(&self) -> bool {
        !self.sign_in.form.secret.is_empty()
    }

    fn leaving(&mut self, ctx: &mut Ctx<'_>) {
        self.leave(ctx);
    }
}

/// The command that adds a source with these settings.
fn add_command(source: &AlertSource) -> String {
    let given = [("tenant", &source.tenant), ("client-id", &source.client_id), ("token-file", &source.token_file)];
    let subscriptions = source.subscriptions.iter().map(|id| ("subscription", id));
    let given = given.into_iter().filter(|(_, value)| !value.is_empty()).chain(subscriptions);
    let given: String = given.map(|(flag, value)| format!(" --{flag} {}", quoted(value))).collect();
    let acknowledge = if source.acknowledge { " --acknowledge" } else { "" };
    let every =
        if source.every_seconds == EVERY { String::new() } else { format!(" --every {}", source.every_seconds) };
    let name = quoted(source.name.as_str());
    format!("alert source add {name} --sign-in {}{given}{every}{acknowledge}", source.sign_in.id())
}

/// The command that changes a source from `old` to `new`.
fn edit_command(old: &AlertSource, new: &AlertSource) -> String {
    let mut command = format!("alert source edit {}", quoted(old.name.as_str()));
    if old.sign_in != new.sign_in {
        command.push_str(&format!(" --sign-in {}", new.sign_in.id()));
    }
    let texts = [
        ("tenant", &old.tenant, &new.tenant),
        ("client-id", &old.client_id, &new.client_id),
        ("token-file", &old.token_file, &new.token_file),
    ];
    for (flag, _, value) in texts.into_iter().filter(|(_, before, now)| before != now) {
        command.push_str(&format!(" --{flag} {}", quoted(value)));
    }
    if old.subscriptions != new.subscriptions {
        new.subscriptions.iter().for_each(|id| command.push_str(&format!(" --subscription {}", quoted(id))));
    }
    if old.every_seconds != new.every_seconds {
        command.push_str(&format!(" --every {}", new.every_seconds));
    }
    match (old.acknowledge, new.acknowledge) {
        (false, true) => command.push_str(" --acknowledge"),
        (true, false) => command.push_str(" --no-acknowledge"),
        _ => {}
    }
    command
}

impl AlertSourceWizard {
    fn act_on(&mut self, ctx: &mut Ctx<'_>, action: Do) {
        match (action, self.step) {
            (Do::Continue, _) => self.go_on(ctx),
            (Do::Scroll(by), _) => self.top = self.top.saturating_add_signed(by).min(LINES),
            (Do::SignIn(action), _) => {
                self.sign_in.act(ctx, action);
                self.recall();
            }
            (Do::Move(by), _) => {
                let shown = self.subscriptions.picker.shown(&self.subscriptions.entries()).len();
                self.subscriptions.picker.move_by(by, shown);
            }
            (Do::Edit(edit), SourceStep::Review) => self.every.1 = input::apply(&mut self.every.0, self.every.1, &edit),
            (Do::Edit(edit), _) => self.subscriptions.edit(&edit),
            (Do::FromStart, _) => self.go(ctx, SourceStep::SignIn),
            (Do::TypeIds, _) => self.type_ids(ctx),
            (Do::Reload, _) => self.read_subscriptions(ctx),
            (Do::Toggle, _) => self.subscriptions.toggle(),
            (Do::ToggleAll, _) => self.toggle_all(),
            (Do::Test, _) => self.test(ctx),
            (Do::Acknowledge, _) => self.acknowledge = !self.acknowledge,
        }
    }

    fn type_ids(&mut self, ctx: &mut Ctx<'_>) {
        let subscriptions = &mut self.subscriptions;
        subscriptions.refused = false;
        if subscriptions.typing.take().is_some() {
            if subscriptions.list.value().is_none() {
                self.read_subscriptions(ctx);
            }
            return;
        }
        if subscriptions.typed.is_empty() {
            subscriptions.typed = subscriptions.ids().join(" ");
        }
        subscriptions.typing = Some(subscriptions.typed.len());
    }

    fn toggle_all(&mut self) {
        let entries = self.subscriptions.entries();
        let shown = self.subscriptions.picker.shown(&entries);
        let all: Vec<_> = shown.into_iter().map(|(_, entry)| super::Subscriptions::id_of(entry)).collect();
        // What the filter hides stays as it is.
        let chosen = &mut self.subscriptions.chosen;
        match all.iter().all(|id| chosen.contains(id)) {
            true => chosen.retain(|id| !all.contains(id)),
            false => chosen.extend(all),
        }
        self.subscriptions.refused = false;
    }

    fn go_on(&mut self, ctx: &mut Ctx<'_>) {
        match self.step {
            SourceStep::SignIn => self.submit_form(ctx),
            SourceStep::Subscriptions => {
                self.subscriptions.refused =
                    self.subscriptions.ids().is_empty() || self.subscriptions.wrong().is_some();
                if !self.subscriptions.refused {
                    self.go(ctx, SourceStep::Test);
                }
            }
            SourceStep::Test if self.is_readable() => self.go(ctx, SourceStep::Review),
            SourceStep::Test => {}
            SourceStep::Review => self.save(ctx),
        }
    }

    fn go(&mut self, ctx: &mut Ctx<'_>, step: SourceStep) {
        (self.step, self.top, self.fault) = (step, 0, None);
        match step {
            SourceStep::Subscriptions
                if self.subscriptions.list.value().is_none() && self.subscriptions.typing.is_none() =>
            {
                self.read_subscriptions(ctx);
            }
            SourceStep::Test => {
                let tested = self.tested.value().into_iter().flatten().map(|one| one.subscription.clone());
                if !self.is_readable() || tested.collect::<Vec<_>>() != self.subscriptions.ids() {
                    self.test(ctx);
                }
            }
            _ => {}
        }
    }

    fn submit_form(&mut self, ctx: &mut Ctx<'_>) {
        let account = self.account().map(|account| account.name);
        if self.kept_for.is_some() && self.kept_for != account {
            self.forget(ctx);
        }
        let taken: Vec<&WorkspaceName> = self.taken.iter().collect();
        if !self.sign_in.form.check(&taken) {
            return;
        }
        let Some(account) = self.account() else { return };
        (self.subscriptions.list, self.tested) = (Remote::Idle, Remote::Idle);
        let person = !self.sign_in.form.keeps_secret();
        if !self.sign_in.begin(ctx, account, person) {
            self.go(ctx, SourceStep::Subscriptions);
        }
    }

    /// Somebody is signed in, or was refused: then the form is in front again, with why.
    fn signed_in(&mut self, ctx: &mut Ctx<'_>, task: TaskId, answer: Result<(), Fault>) {
        if let Some(account) = self.sign_in.ended(task, answer) {
            self.kept_for = Some(account.name);
            self.go(ctx, SourceStep::Subscriptions);
        }
    }

    fn read_subscriptions(&mut self, ctx: &mut Ctx<'_>) {
        if let Some(account) = self.reader() {
            self.subscriptions.task.take().into_iter().for_each(|task| ctx.cancel(task));
            self.subscriptions.picker = Picker::default();
            self.subscriptions.list.ask();
            self.subscriptions.task = Some(ctx.run(WorkspaceJob::Subscriptions(Box::new(account))));
        }
    }

    /// Takes in the list. The only one there is, is chosen.
    fn subscriptions_came(&mut self, ctx: &Ctx<'_>, task: TaskId, answer: Result<Vec<Subscription>, Fault>) {
        if self.subscriptions.task != Some(task) {
            return;
        }
        self.subscriptions.task = None;
        self.subscriptions.list.settle(answer, ctx.facts.now);
        if let Some([one]) = self.subscriptions.list.value().map(Vec::as_slice) {
            self.subscriptions.chosen.insert(one.id.to_lowercase());
        }
    }

    fn test(&mut self, ctx: &mut Ctx<'_>) {
        if let Some(source) = self.settings() {
            self.testing.take().into_iter().for_each(|task| ctx.cancel(task));
            self.tested = Remote::Loading;
            let job = if self.tries() { AlertSourceJob::Try } else { AlertSourceJob::Test };
            self.testing = Some(ctx.run(job(Box::new(source))));
        }
    }

    fn on_own(&mut self, ctx: &mut Ctx<'_>, task: TaskId, outcome: AlertSourceOutcome) -> Step {
        match outcome {
            AlertSourceOutcome::Names(Ok(names)) => {
                self.taken = names.into_iter().filter_map(|name| WorkspaceName::try_from(name).ok()).collect();
            }
            // Saving says so too.
            AlertSourceOutcome::Names(Err(_)) => {}
            AlertSourceOutcome::Tested(answer) => self.tested_now(ctx, task, answer),
            AlertSourceOutcome::Saved(answer) => return self.was_saved(ctx, task, answer),
            // Neither is done here.
            AlertSourceOutcome::Removed(_) | AlertSourceOutcome::Dismissed(_) => {}
        }
        Step::Stay
    }

    fn tested_now(&mut self, ctx: &Ctx<'_>, task: TaskId, answer: Result<Vec<SubscriptionTest>, Fault>) {
        if self.testing == Some(task) {
            self.testing = None;
            self.tested.settle(answer, ctx.facts.now);
        }
    }

    fn save(&mut self, ctx: &mut Ctx<'_>) {
        let (None, Some(_), Some(source)) = (self.saving, self.every_seconds(), self.settings()) else { return };
        self.fault = None;
        let new = Box::new(source);
        let job = match self.saved.clone() {
            None => AlertSourceJob::Save(new),
            Some(old) => AlertSourceJob::Change { old, new, signed_in: self.tries() },
        };
        self.saving = Some(ctx.run(job));
    }

    fn was_saved(&mut self, ctx: &mut Ctx<'_>, task: TaskId, answer: Result<(), Fault>) -> Step {
        if self.saving != Some(task) {
            return Step::Stay;
        }
        self.saving = None;
        match answer {
            Err(fault) => {
                self.fault = Some(fault);
                Step::Stay
            }
            Ok(()) => {
                let name = self.sign_in.form.name.trim();
                ctx.facts.notice = Some(Notice::Said(texts::saved(ctx.facts.lang, name)));
                if let Some(saved) = &self.saved {
                    // What kept it from being read may be over.
                    update::forget_pass(ctx, &saved.name);
                }
                update::reload_config(ctx);
                update::read_alerts(ctx);
                Step::Back
            }
        }
    }

    /// Stops what need not be ended, and forgets the secret of a source that is not saved.
    fn leave(&mut self, ctx: &mut Ctx<'_>) {
        self.sign_in.leave(ctx);
        let tasks = [self.subscriptions.task.take(), self.testing.take()];
        tasks.into_iter().flatten().for_each(|task| ctx.cancel(task));
        if self.saving.is_none() {
            self.forget(ctx);
        }
    }

    /// Forgets the secret that was kept.
    fn forget(&mut self, ctx: &mut Ctx<'_>) {
        if let Some(name) = self.kept_for.take() {
            ctx.run(WorkspaceJob::Forget(name));
            self.sign_in.form.forget_kept();
        }
    }
}
