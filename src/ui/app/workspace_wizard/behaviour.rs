//! What the wizard does.

use jiff::Timestamp;

use super::{PlaceStage, WizardStep, WorkspaceWizard, WorkspaceWizardAction as Do, keys};
use crate::model::fault::Fault;
use crate::model::workspace::{Values, Workspace, WorkspaceName};
use crate::model::workspace_run::{Found, Subscription};
use crate::texts::workspace_wizard as texts;
use crate::ui::app::boxes::Question;
use crate::ui::app::ctx::Ctx;
use crate::ui::app::effect::TaskId;
use crate::ui::app::key::Key;
use crate::ui::app::keymap::Binding;
use crate::ui::app::message::{Event, Outcome};
use crate::ui::app::model::{Facts, Notice};
use crate::ui::app::remote::Remote;
use crate::ui::app::screen::{Behaviour, Step};
use crate::ui::app::screens::{Action, ScreenOutcome};
use crate::ui::app::shell::quoted;
use crate::ui::app::update;
use crate::ui::app::workspace::{
    SignInPart, WorkspaceAction, WorkspaceEvent, WorkspaceJob, WorkspaceOutcome, WorkspaceScreen,
};

/// More lines than a step ever has; the screen stops earlier.
const LINES: usize = 4000;

impl Behaviour for WorkspaceWizard {
    fn link(&self) -> Option<String> {
        let code = self.sign_in.running.as_ref().and_then(SignInPart::code);
        code.or_else(|| self.plan.code()).map(|code| code.page.clone())
    }

    fn bindings(&self, facts: &Facts) -> Vec<Binding> {
        keys::bindings(facts, self)
    }

    fn typed(&self, key: Key) -> Option<Action> {
        keys::typed(self, key)
    }

    fn act(&mut self, ctx: &mut Ctx<'_>, action: Action) -> Step {
        match action {
            Action::WorkspaceWizard(action) => self.act_on(ctx, action),
            Action::Workspace(action) => self.act_on_parts(ctx, &action),
            _ => {}
        }
        Step::Stay
    }

    /// One step back; from the first one out of the wizard. What was typed is kept, but for a secret.
    fn back(&mut self, ctx: &mut Ctx<'_>) -> Step {
        if self.plan.field.take().is_some() {
            return Step::Stay;
        }
        if self.sign_in.stop(ctx) {
            return Step::Stay;
        }
        match (self.step, self.place.stage) {
            (WizardStep::SignIn, _) => {
                self.leave(ctx);
                return Step::Back;
            }
            (WizardStep::Place, PlaceStage::Adding(_)) => {}
            (WizardStep::Place, PlaceStage::Workspaces) => self.place.show(PlaceStage::Subscriptions),
            (step, _) => self.go(ctx, step.turned(-1).unwrap_or(step)),
        }
        Step::Stay
    }

    fn confirmed(&mut self, ctx: &mut Ctx<'_>, question: Question) -> Step {
        if let (Question::ApplyPlan(..), Some(workspace)) = (question, &self.workspace) {
            self.plan.apply(ctx, &workspace.name);
            self.top = 0;
        }
        Step::Stay
    }

    fn on_event(&mut self, ctx: &mut Ctx<'_>, task: TaskId, event: Event) {
        let Event::Workspace(event) = event else { return };
        let now = ctx.facts.now;
        self.plan.on_event(task, &event, now);
        match event {
            WorkspaceEvent::Testing(told) => self.test.told(task, told, now),
            WorkspaceEvent::Code(prompt) => self.sign_in.told(task, &prompt),
            WorkspaceEvent::Applying(_) | WorkspaceEvent::Sending(_) => {}
        }
    }

    fn on_outcome(&mut self, ctx: &mut Ctx<'_>, task: TaskId, outcome: Outcome) -> Step {
        let Outcome::Screen(ScreenOutcome::Workspace(outcome)) = outcome else { return Step::Stay };
        let outcome = match self.workspace.clone() {
            Some(workspace) => self.plan.on_outcome(ctx, task, &workspace, outcome),
            None => Some(outcome),
        };
        match outcome {
            None => self.top = 0,
            Some(WorkspaceOutcome::SignedIn(answer)) => self.signed_in(ctx, task, answer),
            Some(WorkspaceOutcome::Subscriptions(answer)) => self.subscriptions_came(ctx, task, answer),
            Some(WorkspaceOutcome::Workspaces(answer)) => self.workspaces_came(ctx, task, answer),
            Some(WorkspaceOutcome::Added(answer)) => self.added(ctx, task, answer),
            Some(WorkspaceOutcome::Tested(answer)) => self.test.ended(task, answer),
            Some(WorkspaceOutcome::Fed(answer)) => return self.fed(ctx, task, answer),
            Some(_) => {}
        }
        Step::Stay
    }

    fn paste(&mut self, _ctx: &mut Ctx<'_>, text: &str) {
        match (self.step, &mut self.plan.field) {
            (WizardStep::SignIn, _) => self.sign_in.form.paste(text),
            (WizardStep::Place, _) => self.place.paste(text),
            (WizardStep::Plan, Some(field)) => field.paste(text),
            _ => {}
        }
    }

    fn scroll(&mut self, _ctx: &mut Ctx<'_>, lines: i32) {
        self.top = self.top.saturating_add_signed(lines as isize).min(LINES);
    }

    /// The command that does what the step does. It holds no secret.
    fn command(&self, _facts: &Facts) -> String {
        let Some(workspace) = self.settings() else { return "workspace add".to_owned() };
        let name = quoted(workspace.name.as_str());
        match self.step {
            WizardStep::Plan if self.plan.to_do() > 0 => format!("workspace apply {name}"),
            WizardStep::Plan => format!("workspace plan {name}"),
            WizardStep::Test => format!("workspace test {name}"),
            _ => {
                let workspace = Workspace { values: self.values, ..workspace };
                add_command(&workspace, &self.feeds.iter().map(|name| name.as_str()).collect::<Vec<_>>())
            }
        }
    }

    fn next_tick(&self, facts: &Facts) -> Option<Timestamp> {
        let counts = self.test.task.is_some() || self.plan.is_busy() || self.sign_in.is_busy();
        counts.then(|| Timestamp::from_second(facts.now.as_second() + 1).ok()).flatten()
    }

    fn holds_secrets(&self) -> bool {
        !self.sign_in.form.secret.is_empty()
    }

    fn leaving(&mut self, ctx: &mut Ctx<'_>) {
        self.leave(ctx);
    }
}

/// The command that adds a workspace with these settings.
fn add_command(workspace: &Workspace, feeds: &[&str]) -> String {
    let given = [
        ("tenant", &workspace.tenant),
        ("client-id", &workspace.client_id),
        ("token-file", &workspace.token_file),
        ("subscription", &workspace.subscription),
        ("resource-group", &workspace.resource_group),
        ("workspace", &workspace.workspace),
    ];
    let given = given.into_iter().filter(|(_, value)| !value.is_empty());
    let given: String = given.map(|(flag, value)| format!(" --{flag} {}", quoted(value))).collect();
    let feeds: String = feeds.iter().map(|name| format!(" --connection {}", quoted(name))).collect();
    let (name, way) = (quoted(workspace.name.as_str()), workspace.sign_in.id());
    let values = match workspace.values {
        Values::Labels => String::new(),
        values => format!(" --values {}", values.id()),
    };
    format!("workspace add {name} --sign-in {way}{given}{values}{feeds}")
}

impl WorkspaceWizard {
    fn act_on(&mut self, ctx: &mut Ctx<'_>, action: Do) {
        match (action, self.step) {
            (Do::Continue, _) => self.go_on(ctx),
            (Do::Scroll(by), _) => self.top = self.top.saturating_add_signed(by).min(LINES),
            (Do::SignIn(action), _) => self.sign_in.act(ctx, action),
            (Do::Move(by), WizardStep::Place) => self.place.move_by(by),
            (Do::Move(by), _) => {
                let last = ctx.facts.names().len();
                self.feed_focus = self.feed_focus.saturating_add_signed(by).min(last);
            }
            (Do::Edit(edit), WizardStep::Place) => self.place.edit(&edit),
            (Do::TypePlace, _) if self.place.is_list() => self.place.show(PlaceStage::Typed),
            (Do::TypePlace, _) => {
                self.place.show(PlaceStage::Subscriptions);
                if self.place.subscriptions.value().is_none() {
                    self.read_subscriptions(ctx);
                }
            }
            (Do::Reload, _) if self.place.stage == PlaceStage::Workspaces => self.read_workspaces(ctx),
            (Do::Reload, _) => self.read_subscriptions(ctx),
            (Do::Toggle, _) => match ctx.facts.names().get(self.feed_focus).cloned() {
                Some(name) if self.feeds.remove(&name) => {}
                Some(name) => drop(self.feeds.insert(name)),
                None => self.values = self.values.other(),
            },
            (Do::Edit(_), _) => {}
        }
    }

    /// Keys that the screen of a workspace has as well.
    fn act_on_parts(&mut self, ctx: &mut Ctx<'_>, action: &WorkspaceAction) {
        let Some(workspace) = self.workspace.clone() else { return };
        match action {
            WorkspaceAction::Test => self.test.start(ctx, &workspace.name),
            WorkspaceAction::Stop => self.test.stop(ctx),
            action => self.plan.act(ctx, &workspace, action),
        }
    }

    fn go_on(&mut self, ctx: &mut Ctx<'_>) {
        match self.step {
            WizardStep::SignIn => self.submit_form(ctx),
            WizardStep::Place => self.choose(ctx),
            WizardStep::Plan | WizardStep::Test | WizardStep::Connections => {
                self.go(ctx, self.step.turned(1).unwrap_or(self.step));
            }
            WizardStep::Review => self.save(ctx),
        }
    }

    fn go(&mut self, ctx: &mut Ctx<'_>, step: WizardStep) {
        (self.step, self.top, self.fault) = (step, 0, None);
        match step {
            WizardStep::Place if self.place.subscriptions.value().is_none() => self.read_subscriptions(ctx),
            WizardStep::Plan if self.plan.shown.is_none() => {
                if let Some(workspace) = self.workspace.clone() {
                    self.plan.plan(ctx, &workspace);
                }
            }
            _ => {}
        }
    }

    fn submit_form(&mut self, ctx: &mut Ctx<'_>) {
        let form = &mut self.sign_in.form;
        let taken: Vec<&WorkspaceName> = match form.is_named {
            true => Vec::new(),
            false => ctx.facts.workspaces.entries().iter().map(|entry| &entry.settings.name).collect(),
        };
        if !form.check(&taken) {
            return;
        }
        let person = !form.keeps_secret() || !self.saved;
        let Some(workspace) = self.settings() else { return };
        self.place.subscriptions = Remote::Idle;
        if !self.sign_in.begin(ctx, workspace, person) {
            self.go(ctx, WizardStep::Place);
        }
    }

    /// Somebody is signed in, or was refused: then the form is in front again, with why.
    fn signed_in(&mut self, ctx: &mut Ctx<'_>, task: TaskId, answer: Result<(), Fault>) {
        if self.sign_in.ended(task, answer).is_some() {
            self.go(ctx, WizardStep::Place);
        }
    }

    fn read_subscriptions(&mut self, ctx: &mut Ctx<'_>) {
        if let Some(workspace) = self.settings() {
            self.place.show(PlaceStage::Subscriptions);
            self.place.subscriptions.ask();
            self.read(ctx, WorkspaceJob::Subscriptions(Box::new(workspace)));
        }
    }

    fn read_workspaces(&mut self, ctx: &mut Ctx<'_>) {
        if let Some(workspace) = self.settings() {
            self.place.show(PlaceStage::Workspaces);
            self.place.workspaces = Remote::Loading;
            self.read(ctx, WorkspaceJob::Workspaces(Box::new(workspace)));
        }
    }

    fn read(&mut self, ctx: &mut Ctx<'_>, job: WorkspaceJob) {
        self.place.task.take().into_iter().for_each(|task| ctx.cancel(task));
        self.place.task = Some(ctx.run(job));
    }

    /// Takes in the list; the subscription that was chosen before has the focus.
    fn subscriptions_came(&mut self, ctx: &Ctx<'_>, task: TaskId, answer: Result<Vec<Subscription>, Fault>) {
        if self.place.task != Some(task) {
            return;
        }
        self.place.task = None;
        self.place.subscriptions.settle(answer, ctx.facts.now);
        let chosen = &self.place.typed[0];
        let all = self.place.subscriptions.value().into_iter().flatten();
        self.place.picker.focus = all.take_while(|one| !one.id.eq_ignore_ascii_case(chosen)).count();
        self.place.move_by(0);
    }

    fn workspaces_came(&mut self, ctx: &Ctx<'_>, task: TaskId, answer: Result<Vec<Found>, Fault>) {
        if self.place.task != Some(task) {
            return;
        }
        self.place.task = None;
        self.place.workspaces.settle(answer, ctx.facts.now);
        let chosen = &self.place.typed[2];
        let all = self.place.workspaces.value().into_iter().flatten();
        self.place.picker.focus = all.take_while(|one| !one.name.eq_ignore_ascii_case(chosen)).count();
        self.place.move_by(0);
    }

    /// Takes the entry in focus, or what was typed.
    fn choose(&mut self, ctx: &mut Ctx<'_>) {
        let focused = self.place.shown().get(self.place.picker.focus).copied();
        match (self.place.stage, focused) {
            (PlaceStage::Subscriptions, Some(nth)) => {
                let id = self.place.subscriptions.value().and_then(|all| all.get(nth)).map(|one| one.id.clone());
                if let Some(id) = id {
                    self.place.typed[0] = id;
                    self.read_workspaces(ctx);
                }
            }
            (PlaceStage::Workspaces, Some(nth)) => {
                let found = self.place.workspaces.value().and_then(|all| all.get(nth)).cloned();
                if let Some(found) = found {
                    (self.place.typed[1], self.place.typed[2]) = (found.group, found.name);
                    self.add(ctx);
                }
            }
            (PlaceStage::Typed, _) => match (0..self.place.typed.len()).find(|line| !self.place.fits(*line)) {
                Some(line) => {
                    self.place.line = (line, self.place.typed[line].len());
                    self.place.refused = true;
                }
                None => self.add(ctx),
            },
            _ => {}
        }
    }

    fn add(&mut self, ctx: &mut Ctx<'_>) {
        if let Some(workspace) = self.settings() {
            self.place.fault = None;
            self.place.stage = PlaceStage::Adding(ctx.run(WorkspaceJob::Add(Box::new(workspace))));
        }
    }

    /// The workspace is saved: what comes now can be left and taken up again.
    fn added(&mut self, ctx: &mut Ctx<'_>, task: TaskId, answer: Result<Option<Fault>, Fault>) {
        if self.place.stage != PlaceStage::Adding(task) {
            return;
        }
        match answer {
            Ok(unseen) => {
                let changed = self.workspace.as_ref().map(Workspace::id) != self.settings().as_ref().map(Workspace::id);
                self.workspace = self.settings();
                (self.saved, self.unseen, self.sign_in.form.is_named) = (true, unseen, true);
                if changed {
                    (self.plan, self.test) = Default::default();
                }
                self.place.show(PlaceStage::Subscriptions);
                update::reload_config(ctx);
                self.go(ctx, WizardStep::Plan);
            }
            Err(fault) => {
                self.place.show(PlaceStage::Typed);
                self.place.fault = Some(fault);
            }
        }
    }

    fn save(&mut self, ctx: &mut Ctx<'_>) {
        if let (None, Some(workspace)) = (self.saving, &self.workspace) {
            let fed_by = ctx.facts.names().into_iter().filter(|name| self.feeds.contains(name)).collect();
            self.fault = None;
            self.saving =
                Some(ctx.run(WorkspaceJob::Feed { name: workspace.name.clone(), fed_by, values: self.values }));
        }
    }

    /// All is saved: the screen of the workspace takes the wizard's place.
    fn fed(&mut self, ctx: &mut Ctx<'_>, task: TaskId, answer: Result<(), Fault>) -> Step {
        if self.saving != Some(task) {
            return Step::Stay;
        }
        self.saving = None;
        match (answer, &self.workspace) {
            (Err(fault), _) => {
                self.fault = Some(fault);
                Step::Stay
            }
            (Ok(()), None) => Step::Back,
            (Ok(()), Some(workspace)) => {
                let name = workspace.name.clone();
                ctx.facts.notice = Some(Notice::Said(texts::saved(ctx.facts.lang, name.as_str())));
                update::reload_config(ctx);
                Step::Become(Box::new(WorkspaceScreen::new(name).into()))
            }
        }
    }

    /// Stops what need not be ended. What was typed is kept for the next time, but for secrets; a secret that was kept for a
    /// workspace that is not saved is forgotten.
    fn leave(&mut self, ctx: &mut Ctx<'_>) {
        self.test.stop(ctx);
        self.plan.leave(ctx);
        self.sign_in.leave(ctx);
        self.place.task.take().into_iter().for_each(|task| ctx.cancel(task));
        if !self.saved {
            let form = &mut self.sign_in.form;
            if let Ok(name) = WorkspaceName::parse(form.name.trim())
                && form.keeps_secret()
            {
                ctx.run(WorkspaceJob::Forget(name));
                form.forget_kept();
            }
            let left = Self { step: WizardStep::SignIn, ..self.clone() };
            ctx.facts.left_workspace = Some(Box::new(left));
        }
    }
}
