//! One workspace of Log Analytics: how far it is, its plan, its test, what a verification found, what is wrong, its log.

mod behaviour;
pub mod entry;
pub mod field;
pub mod jobs;
pub mod keys;
pub mod plan;
pub mod sign_in;
pub mod tabs;
pub mod test;
#[cfg(test)]
pub mod testing;

use jiff::Timestamp;

use super::effect::TaskId;
use super::input::Edit;
use super::model::Facts;
use super::motion::Motion;
use crate::model::fault::Fault;
use crate::model::sending::{SendProgress, SendReport, VerifyRecord};
use crate::model::workspace::WorkspaceName;

pub use self::entry::{Standing, WorkspaceEntry, Workspaces, Worst};
pub use self::field::{Field, Purpose};
pub use self::jobs::{WorkspaceEvent, WorkspaceJob, WorkspaceOutcome};
pub use self::plan::{PlanPart, PlanStage};
pub use self::sign_in::{SignInPart, SignInStage};
pub use self::test::TestPart;

/// The state of an open workspace.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkspaceScreen {
    /// Which workspace.
    pub name: WorkspaceName,
    /// What of it is in front.
    pub tab: Tab,
    /// Lines scrolled out of that at the top.
    pub top: usize,
    /// The plan.
    pub plan: PlanPart,
    /// The test row.
    pub test: TestPart,
    /// A run that sends rows.
    pub sending: Run<SendProgress, SendReport>,
    /// A verification.
    pub verifying: Run<(), VerifyRecord>,
    /// The form that signs in, while it is open.
    pub sign_in: Option<SignInPart>,
    /// The task that removes it.
    pub removing: Option<TaskId>,
}

/// A run as the screen follows it: how far it is, and how the last one ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Run<P, E> {
    /// The task, and when it began.
    pub task: Option<(TaskId, Timestamp)>,
    /// Whether it was asked to stop.
    pub stopping: bool,
    /// How far it is.
    pub progress: Option<P>,
    /// How the last one ended.
    pub last: Option<Result<Box<E>, Fault>>,
}

impl<P, E> Default for Run<P, E> {
    fn default() -> Self {
        Self { task: None, stopping: false, progress: None, last: None }
    }
}

impl<P, E> Run<P, E> {
    /// One begins.
    pub fn begin(&mut self, task: TaskId, now: Timestamp) {
        *self = Self { task: Some((task, now)), last: self.last.take(), ..Self::default() };
    }

    /// Whether this task is the one that runs.
    pub fn is(&self, task: TaskId) -> bool {
        self.task.is_some_and(|(running, _)| running == task)
    }

    /// Takes in its end; whether it was this one's.
    pub fn end(&mut self, task: TaskId, answer: Result<Box<E>, Fault>) -> bool {
        let is = self.is(task);
        if is {
            *self = Self { last: Some(answer), ..Self::default() };
        }
        is
    }
}

/// A part of the screen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tab {
    /// How far it is, and its settings.
    #[default]
    State,
    /// What is to be made in Azure.
    Plan,
    /// The test row.
    Test,
    /// What the last verification found.
    Verification,
    /// What is wrong, why, and what to do.
    Faults,
    /// What was done lately.
    Log,
}

impl Tab {
    /// Every tab, in order.
    pub const ALL: [Self; 6] = [Self::State, Self::Plan, Self::Test, Self::Verification, Self::Faults, Self::Log];

    /// The tab so many further on, around the end.
    pub fn turned(self, by: isize) -> Self {
        let all = Self::ALL.len();
        let at = Self::ALL.iter().position(|tab| *tab == self).unwrap_or_default();
        Self::ALL[(at + all).saturating_add_signed(by) % all]
    }
}

/// What can be asked for on a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WorkspaceAction {
    /// Go to the next or the previous tab.
    TurnTab(isize),
    /// Scroll.
    Go(Motion),
    /// Read again how far it is.
    Reload,
    /// Send what changed.
    Send,
    /// Send everything again, after a question.
    SendAgain,
    /// Stop sending or verifying.
    Stop,
    /// Compare it with what is stored here.
    Verify,
    /// Send a test row and look for it.
    Test,
    /// Plan what is missing.
    Plan,
    /// Make what the plan says, after a question.
    Apply,
    /// Plan with the next way to sign in.
    SetUpAs,
    /// Ask for the folder that the plan is written into.
    Export,
    /// Ask for the name of the classic table, to migrate it.
    Migrate,
    /// Ask for another table in place of the classic one.
    OtherTable,
    /// Ask for the object id of the sender.
    Sender,
    /// Edit the line that is being typed.
    EditField(Edit),
    /// Take what was typed.
    SubmitField,
    /// Sign in.
    SignIn,
    /// Edit the secret.
    EditSecret(Edit),
    /// Show or hide it.
    RevealSecret,
    /// Give it on.
    SubmitSecret,
    /// Copy the code of a sign-in.
    CopyCode,
    /// Remove it, after a question.
    Remove,
    /// Go to the next workspace.
    Next,
    /// Open the wizard for it: to go on with the set-up, or to change settings.
    Settings,
}

/// More lines than a tab ever has; the screen stops earlier.
const LINES: usize = 4000;

impl WorkspaceScreen {
    /// The screen as it opens.
    pub fn new(name: WorkspaceName) -> Self {
        Self {
            name,
            tab: Tab::default(),
            top: 0,
            plan: PlanPart::default(),
            test: TestPart::default(),
            sending: Run::default(),
            verifying: Run::default(),
            sign_in: None,
            removing: None,
        }
    }

    /// The same with its plan in front, which is made at once.
    pub fn planning(name: WorkspaceName) -> Self {
        Self { tab: Tab::Plan, ..Self::new(name) }
    }

    /// What is known of it.
    pub fn entry<'a>(&self, facts: &'a Facts) -> Option<&'a WorkspaceEntry> {
        facts.workspaces.entry(&self.name)
    }

    /// Whether something goes on here that changes with every second.
    pub fn is_counting(&self) -> bool {
        self.sending.task.is_some()
            || self.verifying.task.is_some()
            || self.test.task.is_some()
            || self.plan.is_busy()
            || self.sign_in.as_ref().is_some_and(SignInPart::is_busy)
    }
}
