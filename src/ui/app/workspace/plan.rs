//! The plan of a workspace as a screen follows it: shown, then applied or exported. Nothing is applied unseen.

use jiff::{SignedDuration, Timestamp};

use crate::model::azure_plan::{Block, Step, StepId};
use crate::model::fault::Fault;
use crate::model::secret::Secret;
use crate::model::workspace::{AzureSignIn, Workspace, WorkspaceName};
use crate::model::workspace_run::{ApplyEnd, Applying, Ask, CodePrompt, PlanShown};
use crate::ui::app::boxes::Question;
use crate::ui::app::ctx::Ctx;
use crate::ui::app::effect::TaskId;
use crate::ui::app::update;
use crate::ui::app::workspace::{Field, Purpose, WorkspaceAction, WorkspaceEvent, WorkspaceJob, WorkspaceOutcome};

/// The plan, and what is done with it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PlanPart {
    /// How it is asked for.
    pub ask: Ask,
    /// The plan as it is shown, and since when.
    pub shown: Option<(Box<PlanShown>, Timestamp)>,
    /// What goes on, or went wrong.
    pub stage: PlanStage,
    /// The steps that were made since it was first asked for.
    pub made: Vec<StepId>,
    /// The files of the last export.
    pub files: Vec<String>,
    /// The line that is being typed for it, while it is open.
    pub field: Option<Field>,
}

/// What goes on with a plan, or went wrong.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum PlanStage {
    /// Nothing.
    #[default]
    Idle,
    /// A code waits to be typed, to sign in for the set-up.
    Code(TaskId, Option<CodePrompt>),
    /// Azure is looked at.
    Planning(TaskId),
    /// The plan is applied.
    Applying(TaskId, Progress),
    /// It is written as files.
    Exporting(TaskId),
    /// It could not be made, applied or written; the step that failed, where one did.
    Failed(Option<Box<Step>>, Fault),
    /// What is there had changed since the plan was shown, so nothing was made: it is shown as it is now.
    Changed,
}

/// How far a plan is applied.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// The step that is being made: which, its number from 1, and of how many.
    pub doing: Option<(StepId, usize, usize)>,
    /// Those that are done.
    pub done: Vec<StepId>,
    /// Azure does not know a new table everywhere: seconds until the next try, seconds left in all, and when that was told.
    pub waits: Option<(u64, u64, Timestamp)>,
}

impl Progress {
    /// Takes in what was told.
    pub fn told(&mut self, told: Applying, now: Timestamp) {
        match told {
            Applying::Begins(step, at, of) => (self.doing, self.waits) = (Some((step, at, of)), None),
            Applying::Done(step) => {
                self.done.push(step);
                self.waits = None;
            }
            Applying::Waits(_, next, left) => self.waits = Some((next, left, now)),
        }
    }

    /// Seconds until the next try, and how many are left in all.
    pub fn left(&self, now: Timestamp) -> Option<(u64, u64)> {
        let (next, left, since) = self.waits?;
        let gone = now.duration_since(since).max(SignedDuration::ZERO).as_secs().unsigned_abs();
        Some((next.saturating_sub(gone), left.saturating_sub(gone)))
    }
}

impl PlanPart {
    /// Whether something goes on.
    pub fn is_busy(&self) -> bool {
        use PlanStage::{Applying, Code, Exporting, Planning};
        matches!(self.stage, Code(..) | Planning(_) | Applying(..) | Exporting(_))
    }

    /// Whether it is being applied: that is let finish.
    pub fn is_applying(&self) -> bool {
        matches!(self.stage, PlanStage::Applying(..))
    }

    /// Whether everything is as it should be, by the plan that is shown.
    pub fn is_done(&self) -> bool {
        self.shown.as_ref().is_some_and(|(shown, _)| shown.plan.is_done())
    }

    /// How many steps are to be made, by the plan that is shown.
    pub fn to_do(&self) -> usize {
        self.shown.as_ref().map_or(0, |(shown, _)| shown.plan.to_do().count())
    }

    /// The first classic table that keeps the plan from being made.
    pub fn classic(&self) -> Option<&str> {
        let (shown, _) = self.shown.as_ref()?;
        shown.plan.blocked().find_map(|step| match &step.blocked {
            Some(Block::Classic { table }) => Some(table.as_str()),
            _ => None,
        })
    }

    /// Whether the plan does not know who will send rows.
    pub fn lacks_sender(&self) -> bool {
        let is = |step: &Step| step.blocked == Some(Block::NoPrincipal);
        self.shown.as_ref().is_some_and(|(shown, _)| shown.plan.blocked().any(is))
    }

    /// The code that waits to be typed.
    pub fn code(&self) -> Option<&CodePrompt> {
        match &self.stage {
            PlanStage::Code(_, prompt) => prompt.as_ref(),
            _ => None,
        }
    }

    /// Does what was asked for of the plan, or of the line that is typed for it.
    pub fn act(&mut self, ctx: &mut Ctx<'_>, workspace: &Workspace, action: &WorkspaceAction) {
        use WorkspaceAction as Do;
        let classic = self.classic().map(str::to_owned);
        match (action, classic) {
            (Do::Plan, _) => self.plan(ctx, workspace),
            (Do::Apply, _) if self.to_do() > 0 => {
                ctx.question(Question::ApplyPlan(workspace.name.clone(), self.to_do()));
            }
            (Do::SetUpAs, _) => {
                self.turn_way(workspace.sign_in);
                self.plan(ctx, workspace);
            }
            (Do::Export, _) => self.field = Some(Field::new(Purpose::Folder)),
            (Do::Sender, _) => self.field = Some(Field::new(Purpose::Sender)),
            (Do::Migrate, Some(table)) => self.field = Some(Field::new(Purpose::Migrate(table))),
            (Do::OtherTable, Some(table)) => self.field = Some(Field::new(Purpose::OtherTable(table))),
            (Do::EditField(edit), _) => self.field.iter_mut().for_each(|field| field.edit(edit)),
            (Do::SubmitField, _) => self.submit_field(ctx, workspace),
            (Do::CopyCode, _) => {
                let code = self.code().map(|prompt| prompt.code.clone());
                code.into_iter().for_each(|code| ctx.copy(code));
            }
            _ => {}
        }
    }

    fn submit_field(&mut self, ctx: &mut Ctx<'_>, workspace: &Workspace) {
        let Some(mut field) = self.field.take() else { return };
        let Some(value) = field.value() else {
            field.refused = true;
            self.field = Some(field);
            return;
        };
        let name = &workspace.name;
        match field.purpose {
            Purpose::Migrate(table) => self.ask.migrate.push(table),
            Purpose::Sender => self.ask.principal = Some(value),
            Purpose::Folder => return self.export(ctx, name, value),
            Purpose::OtherTable(classic) => {
                ctx.run(WorkspaceJob::OtherTable { name: name.clone(), classic, other: value });
                return;
            }
        }
        self.plan(ctx, workspace);
    }

    /// Takes in what a task of its own tells.
    pub fn on_event(&mut self, task: TaskId, event: &WorkspaceEvent, now: Timestamp) {
        match event {
            WorkspaceEvent::Applying(told) => self.told(task, *told, now),
            WorkspaceEvent::Code(prompt) => self.code_came(task, prompt.clone()),
            WorkspaceEvent::Testing(_) | WorkspaceEvent::Sending(_) => {}
        }
    }

    /// Takes in what a task of its own ended with; gives back what is none of its own.
    pub fn on_outcome(
        &mut self,
        ctx: &mut Ctx<'_>,
        task: TaskId,
        workspace: &Workspace,
        outcome: WorkspaceOutcome,
    ) -> Option<WorkspaceOutcome> {
        let now = ctx.facts.now;
        match outcome {
            WorkspaceOutcome::Planned(answer) => self.planned(task, answer, now),
            WorkspaceOutcome::Exported(answer) => self.exported(task, answer),
            WorkspaceOutcome::SetUpSignedIn(answer) => self.signed_in(ctx, task, workspace, answer),
            WorkspaceOutcome::Applied(end) => {
                self.applied(task, end, now);
                update::reload_config(ctx);
            }
            WorkspaceOutcome::OtherTable(Ok(())) => {
                update::reload_config(ctx);
                self.plan(ctx, workspace);
            }
            WorkspaceOutcome::OtherTable(Err(fault)) => ctx.complain(fault),
            other => return Some(other),
        }
        None
    }

    /// The next way to sign in for the set-up: the workspace's own, the Azure CLI, a code.
    pub fn turn_way(&mut self, own: AzureSignIn) {
        let ways = [None, Some(AzureSignIn::Cli), Some(AzureSignIn::DeviceCode)];
        let ways: Vec<_> = ways.into_iter().filter(|way| *way != Some(own)).collect();
        let at = ways.iter().position(|way| *way == self.ask.sign_in).unwrap_or_default();
        (self.ask.sign_in, self.ask.refresh) = (ways[(at + 1) % ways.len()], None);
    }

    /// Looks at Azure and plans; asks somebody to sign in first where the set-up is to be made with a code.
    pub fn plan(&mut self, ctx: &mut Ctx<'_>, workspace: &Workspace) {
        if self.is_busy() {
            return;
        }
        let by_code = self.ask.sign_in == Some(AzureSignIn::DeviceCode) && workspace.sign_in != AzureSignIn::DeviceCode;
        let name = workspace.name.clone();
        self.stage = if by_code && self.ask.refresh.is_none() {
            PlanStage::Code(ctx.run(WorkspaceJob::SetUpByCode(name)), None)
        } else {
            PlanStage::Planning(ctx.run(WorkspaceJob::Plan { name, ask: Box::new(self.ask.clone()) }))
        };
    }

    /// Makes what the plan that is shown says.
    pub fn apply(&mut self, ctx: &mut Ctx<'_>, name: &WorkspaceName) {
        if self.is_busy() || self.to_do() == 0 {
            return;
        }
        if let Some((shown, _)) = &self.shown {
            let shown = Box::new(shown.plan.clone());
            let job = WorkspaceJob::Apply { name: name.clone(), ask: Box::new(self.ask.clone()), shown };
            self.stage = PlanStage::Applying(ctx.run(job), Progress::default());
        }
    }

    /// Writes it into a folder.
    pub fn export(&mut self, ctx: &mut Ctx<'_>, name: &WorkspaceName, folder: String) {
        if !self.is_busy() {
            let (ask, lang) = (Box::new(self.ask.clone()), ctx.facts.lang);
            let job = WorkspaceJob::Export { name: name.clone(), ask, folder, lang };
            self.stage = PlanStage::Exporting(ctx.run(job));
        }
    }

    /// Whether this task is one of its own.
    pub fn is(&self, task: TaskId) -> bool {
        match &self.stage {
            PlanStage::Code(running, _)
            | PlanStage::Planning(running)
            | PlanStage::Applying(running, _)
            | PlanStage::Exporting(running) => *running == task,
            PlanStage::Idle | PlanStage::Failed(..) | PlanStage::Changed => false,
        }
    }

    /// Takes in the code.
    pub fn code_came(&mut self, task: TaskId, prompt: CodePrompt) {
        if let PlanStage::Code(running, shown) = &mut self.stage
            && *running == task
        {
            *shown = Some(prompt);
        }
    }

    /// Takes in how far it is applied.
    pub fn told(&mut self, task: TaskId, told: Applying, now: Timestamp) {
        if let PlanStage::Applying(running, progress) = &mut self.stage
            && *running == task
        {
            progress.told(told, now);
        }
    }

    /// Somebody signed in for the set-up, or did not.
    pub fn signed_in(
        &mut self,
        ctx: &mut Ctx<'_>,
        task: TaskId,
        workspace: &Workspace,
        answer: Result<Option<Secret>, Fault>,
    ) {
        if !self.is(task) {
            return;
        }
        match answer {
            Ok(refresh) => {
                (self.ask.refresh, self.stage) = (refresh, PlanStage::Idle);
                // Without a token to renew there is nobody to plan as.
                if self.ask.refresh.is_some() {
                    self.plan(ctx, workspace);
                }
            }
            Err(fault) => self.stage = PlanStage::Failed(None, fault),
        }
    }

    /// Takes in the plan.
    pub fn planned(&mut self, task: TaskId, answer: Result<Box<PlanShown>, Fault>, now: Timestamp) {
        if !self.is(task) {
            return;
        }
        match answer {
            Ok(shown) => (self.shown, self.stage) = (Some((shown, now)), PlanStage::Idle),
            Err(fault) => self.stage = PlanStage::Failed(None, fault),
        }
    }

    /// Takes in how applying it ended. A plan of which a step failed is no longer as it was shown.
    pub fn applied(&mut self, task: TaskId, end: ApplyEnd, now: Timestamp) {
        let PlanStage::Applying(running, progress) = &mut self.stage else { return };
        if *running != task {
            return;
        }
        let done = std::mem::take(&mut progress.done);
        match end {
            ApplyEnd::Changed(shown) => (self.shown, self.stage) = (Some((shown, now)), PlanStage::Changed),
            ApplyEnd::Made(made, left) => {
                self.made.extend(made);
                (self.shown, self.stage) = (Some((left, now)), PlanStage::Idle);
            }
            ApplyEnd::Failed(step, fault) => {
                self.made.extend(done);
                (self.shown, self.stage) = (None, PlanStage::Failed(step, fault));
            }
        }
    }

    /// Takes in whether the files were written.
    pub fn exported(&mut self, task: TaskId, answer: Result<Vec<String>, Fault>) {
        if !self.is(task) {
            return;
        }
        match answer {
            Ok(files) => (self.files, self.stage) = (files, PlanStage::Idle),
            Err(fault) => self.stage = PlanStage::Failed(None, fault),
        }
    }

    /// It is left: what does not change anything in Azure is not waited for any more.
    pub fn leave(&mut self, ctx: &mut Ctx<'_>) {
        if let PlanStage::Code(task, _) | PlanStage::Planning(task) = self.stage {
            ctx.cancel(task);
            self.stage = PlanStage::Idle;
        }
    }
}
