//! What a workspace's screen does.

use jiff::Timestamp;

use super::{
    LINES, SignInPart, SignInStage, Tab, WorkspaceAction, WorkspaceEvent, WorkspaceJob, WorkspaceOutcome,
    WorkspaceScreen, keys, tabs,
};
use crate::model::fault::Fault;
use crate::model::workspace::Workspace;
use crate::texts::workspace_screen as texts;
use crate::ui::app::boxes::Question;
use crate::ui::app::ctx::Ctx;
use crate::ui::app::effect::{Effect, TaskId};
use crate::ui::app::key::Key;
use crate::ui::app::keymap::Binding;
use crate::ui::app::message::{Event, Outcome};
use crate::ui::app::model::{Facts, Notice};
use crate::ui::app::news::News;
use crate::ui::app::screen::{Behaviour, Step};
use crate::ui::app::screens::{Action, ScreenOutcome};
use crate::ui::app::shell::quoted;
use crate::ui::app::tab_line;
use crate::ui::app::update;
use crate::ui::app::workspace_wizard::WorkspaceWizard;

impl Behaviour for WorkspaceScreen {
    fn opened(&mut self, ctx: &mut Ctx<'_>) {
        if self.tab == Tab::Plan {
            self.plan(ctx);
        }
    }

    fn link(&self) -> Option<String> {
        let code = self.sign_in.as_ref().and_then(SignInPart::code);
        code.or_else(|| self.plan.code().filter(|_| self.tab == Tab::Plan)).map(|code| code.page.clone())
    }

    fn bindings(&self, facts: &Facts) -> Vec<Binding> {
        keys::bindings(facts, self)
    }

    fn typed(&self, key: Key) -> Option<Action> {
        keys::typed(self, key).map(Action::Workspace)
    }

    fn act(&mut self, ctx: &mut Ctx<'_>, action: Action) -> Step {
        match action {
            Action::Workspace(WorkspaceAction::Next) => return self.next(ctx),
            Action::Workspace(WorkspaceAction::Settings) => {
                let wizard = self.entry(ctx.facts).map(WorkspaceWizard::of);
                return wizard.map_or(Step::Stay, Step::open);
            }
            Action::Workspace(action) => self.act_on(ctx, action),
            _ => {}
        }
        Step::Stay
    }

    /// What is innermost closes first.
    fn back(&mut self, ctx: &mut Ctx<'_>) -> Step {
        if self.plan.field.take().is_some() {
            return Step::Stay;
        }
        if let Some(mut sign_in) = self.sign_in.take() {
            sign_in.leave(ctx);
            return Step::Stay;
        }
        self.leaving(ctx);
        Step::Back
    }

    fn confirmed(&mut self, ctx: &mut Ctx<'_>, question: Question) -> Step {
        match question {
            Question::ApplyPlan(..) => {
                self.plan.apply(ctx, &self.name);
                self.top = 0;
            }
            Question::SendAgain(_) => self.send(ctx, true),
            Question::RemoveWorkspace(name) => self.removing = Some(ctx.run(WorkspaceJob::Remove(name))),
            _ => {}
        }
        Step::Stay
    }

    fn on_event(&mut self, ctx: &mut Ctx<'_>, task: TaskId, event: Event) {
        let Event::Workspace(event) = event else { return };
        let now = ctx.facts.now;
        self.plan.on_event(task, &event, now);
        match event {
            WorkspaceEvent::Testing(told) => self.test.told(task, told, now),
            WorkspaceEvent::Sending(progress) if self.sending.is(task) => self.sending.progress = Some(progress),
            WorkspaceEvent::Code(prompt) => {
                self.sign_in.iter_mut().for_each(|sign_in| sign_in.told(task, prompt.clone()))
            }
            WorkspaceEvent::Sending(_) | WorkspaceEvent::Applying(_) => {}
        }
    }

    fn on_outcome(&mut self, ctx: &mut Ctx<'_>, task: TaskId, outcome: Outcome) -> Step {
        let Outcome::Screen(ScreenOutcome::Workspace(outcome)) = outcome else { return Step::Stay };
        let Some(workspace) = self.settings(ctx.facts) else { return Step::Stay };
        match self.plan.on_outcome(ctx, task, &workspace, outcome) {
            // It was of the plan.
            None => self.top = 0,
            Some(WorkspaceOutcome::Tested(answer)) => self.test.ended(task, answer),
            Some(WorkspaceOutcome::Sent(answer)) => {
                complain(ctx, &answer);
                self.sending.end(task, answer);
                update::read_workspaces(ctx);
            }
            Some(WorkspaceOutcome::Verified(answer)) => {
                complain(ctx, &answer);
                self.verifying.end(task, answer);
                update::read_workspaces(ctx);
            }
            Some(WorkspaceOutcome::SignedIn(answer)) => self.signed_in(ctx, task, answer),
            Some(WorkspaceOutcome::Removed(answer)) => return self.removed(ctx, answer),
            Some(_) => {}
        }
        Step::Stay
    }

    fn heard(&mut self, ctx: &mut Ctx<'_>, news: &News) -> Step {
        if matches!(news, News::Workspaces)
            && ctx.facts.workspaces.list.value().is_some()
            && self.entry(ctx.facts).is_none()
        {
            self.leaving(ctx);
            return Step::Back;
        }
        Step::Stay
    }

    fn paste(&mut self, _ctx: &mut Ctx<'_>, text: &str) {
        match (&mut self.plan.field, &mut self.sign_in) {
            (Some(field), _) => field.paste(text),
            (None, Some(sign_in)) => sign_in.paste(text),
            (None, None) => {}
        }
    }

    fn scroll(&mut self, _ctx: &mut Ctx<'_>, lines: i32) {
        self.top = self.top.saturating_add_signed(lines as isize).min(LINES);
    }

    fn clicked_tab(&self, facts: &Facts, column: u16) -> Option<Action> {
        let (name, room) = (|tab| tabs::name(facts.lang, tab), usize::from(facts.size.0));
        let by = tab_line::at(&Tab::ALL, name, self.tab, room, column.into());
        let is_covered = self.plan.field.is_some() || self.sign_in.is_some();
        by.filter(|_| !is_covered).map(|by| Action::Workspace(WorkspaceAction::TurnTab(by)))
    }

    fn command(&self, _facts: &Facts) -> String {
        let name = quoted(self.name.as_str());
        let ask = &self.plan.ask;
        let way = ask.sign_in.map(|way| format!(" --sign-in {}", way.id())).unwrap_or_default();
        let sender = ask.principal.as_ref().map(|id| format!(" --principal {}", quoted(id))).unwrap_or_default();
        let migrate: String = ask.migrate.iter().map(|table| format!(" --migrate {}", quoted(table))).collect();
        match self.tab {
            _ if self.sending.task.is_some() => format!("workspace send {name}"),
            Tab::State => format!("workspace show {name}"),
            Tab::Plan => {
                let verb = if self.plan.to_do() > 0 { "apply" } else { "plan" };
                format!("workspace {verb} {name}{way}{sender}{migrate}")
            }
            Tab::Test => format!("workspace test {name}"),
            Tab::Verification => format!("workspace verify {name}"),
            Tab::Faults | Tab::Log => "status".to_owned(),
        }
    }

    fn next_tick(&self, facts: &Facts) -> Option<Timestamp> {
        self.is_counting().then(|| Timestamp::from_second(facts.now.as_second() + 1).ok()).flatten()
    }

    /// What changes something is let finish.
    fn leaving(&mut self, ctx: &mut Ctx<'_>) {
        self.test.stop(ctx);
        self.plan.leave(ctx);
        self.sign_in.take().into_iter().for_each(|mut sign_in| sign_in.leave(ctx));
    }

    fn holds_secrets(&self) -> bool {
        self.sign_in.as_ref().is_some_and(|sign_in| !sign_in.secret.is_empty())
    }
}

/// Tells a fault that is told nowhere else on the screen: that another itsmc sends, or that nothing could begin.
fn complain<T>(ctx: &mut Ctx<'_>, answer: &Result<T, Fault>) {
    if let Err(fault) = answer
        && *fault != Fault::Interrupted
    {
        ctx.complain(fault.clone());
    }
}

impl WorkspaceScreen {
    fn settings(&self, facts: &Facts) -> Option<Workspace> {
        self.entry(facts).map(|entry| entry.settings.clone())
    }

    fn act_on(&mut self, ctx: &mut Ctx<'_>, action: WorkspaceAction) {
        use WorkspaceAction as Do;
        match action {
            Do::TurnTab(by) => self.show(self.tab.turned(by)),
            Do::Go(motion) => {
                let height = ctx.facts.size.1.saturating_sub(4).max(1);
                self.top = motion.from(self.top, height.into(), LINES);
            }
            Do::Reload => update::reload_config(ctx),
            Do::Send => self.send(ctx, false),
            Do::SendAgain => ctx.question(Question::SendAgain(self.name.clone())),
            Do::Verify => self.verify(ctx),
            Do::Stop => self.stop(ctx),
            Do::Test => {
                self.show(Tab::Test);
                self.test.start(ctx, &self.name);
            }
            Do::SignIn => self.sign_in(ctx),
            Do::EditSecret(edit) => self.sign_in.iter_mut().for_each(|sign_in| sign_in.edit(&edit)),
            Do::RevealSecret => self.sign_in.iter_mut().for_each(|sign_in| sign_in.revealed = !sign_in.revealed),
            Do::SubmitSecret => self.sign_in.iter_mut().for_each(|sign_in| sign_in.submit(ctx)),
            Do::CopyCode if self.sign_in.is_some() => {
                let code = self.sign_in.as_ref().and_then(SignInPart::code).map(|prompt| prompt.code.clone());
                code.into_iter().for_each(|code| ctx.copy(code));
            }
            // Another screen takes its place.
            Do::Next | Do::Settings => {}
            Do::Remove => ctx.question(Question::RemoveWorkspace(self.name.clone())),
            Do::Plan => self.plan(ctx),
            Do::Apply
            | Do::SetUpAs
            | Do::Export
            | Do::Migrate
            | Do::OtherTable
            | Do::Sender
            | Do::CopyCode
            | Do::EditField(_)
            | Do::SubmitField => {
                if let Some(workspace) = self.settings(ctx.facts) {
                    self.plan.act(ctx, &workspace, &action);
                }
            }
        }
    }

    fn show(&mut self, tab: Tab) {
        (self.tab, self.top) = (tab, 0);
    }

    fn plan(&mut self, ctx: &mut Ctx<'_>) {
        self.show(Tab::Plan);
        if let Some(workspace) = self.settings(ctx.facts) {
            self.plan.plan(ctx, &workspace);
        }
    }

    /// The next workspace, with the same tab in front.
    fn next(&mut self, ctx: &mut Ctx<'_>) -> Step {
        let all = ctx.facts.workspaces.by_urgency();
        let at = all.iter().position(|entry| entry.settings.name == self.name).unwrap_or_default();
        let next = all.get((at + 1) % all.len().max(1)).map(|entry| entry.settings.name.clone());
        let Some(name) = next.filter(|name| *name != self.name) else { return Step::Stay };
        self.leaving(ctx);
        Step::Become(Box::new(Self { tab: self.tab, ..Self::new(name) }.into()))
    }

    fn send(&mut self, ctx: &mut Ctx<'_>, full: bool) {
        if self.sending.task.is_none() && self.verifying.task.is_none() {
            let task = ctx.run(WorkspaceJob::Send { name: self.name.clone(), full });
            self.sending.begin(task, ctx.facts.now);
            self.show(Tab::State);
        }
    }

    fn verify(&mut self, ctx: &mut Ctx<'_>) {
        if self.sending.task.is_none() && self.verifying.task.is_none() {
            let task = ctx.run(WorkspaceJob::Verify(self.name.clone()));
            self.verifying.begin(task, ctx.facts.now);
            self.show(Tab::Verification);
        }
    }

    /// What was accepted stays so; the end is still waited for.
    fn stop(&mut self, ctx: &mut Ctx<'_>) {
        if self.tab == Tab::Test && self.test.task.is_some() {
            return self.test.stop(ctx);
        }
        if let Some((task, _)) = self.sending.task {
            self.sending.stopping = true;
            ctx.effect(Effect::Cancel(task));
        }
        if let Some((task, _)) = self.verifying.task {
            self.verifying.stopping = true;
            ctx.effect(Effect::Cancel(task));
        }
    }

    fn sign_in(&mut self, ctx: &mut Ctx<'_>) {
        if let Some(workspace) = self.settings(ctx.facts) {
            self.sign_in = SignInPart::of(ctx, workspace);
        }
    }

    fn signed_in(&mut self, ctx: &mut Ctx<'_>, task: TaskId, answer: Result<(), Fault>) {
        let Some(sign_in) = &mut self.sign_in else { return };
        if sign_in.ended(task, answer) && sign_in.stage == SignInStage::Done {
            self.sign_in = None;
            ctx.facts.notice = Some(Notice::Said(texts::signed_in(ctx.facts.lang, self.name.as_str())));
        }
    }

    fn removed(&mut self, ctx: &mut Ctx<'_>, answer: Result<(), Fault>) -> Step {
        self.removing = None;
        update::reload_config(ctx);
        match answer {
            Ok(()) => {
                ctx.facts.notice = Some(Notice::Said(texts::removed(ctx.facts.lang, self.name.as_str())));
                self.leaving(ctx);
                Step::Back
            }
            Err(fault) => {
                ctx.complain(fault);
                Step::Stay
            }
        }
    }
}
