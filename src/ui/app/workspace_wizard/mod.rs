//! The wizard of a workspace: sign-in, place in Azure, plan, test row, the connections that feed it, review. The workspace is
//! saved as soon as its place is known; what comes after can be left and taken up again, and the whole can be repeated.

mod behaviour;
pub mod form;
pub mod keys;
pub mod place;
pub mod sign_in;

use std::collections::BTreeSet;

use super::effect::TaskId;
use super::input::Edit;
use super::model::Facts;
use super::workspace::{PlanPart, TestPart, WorkspaceEntry};
use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::model::workspace::{LOG_TABLE, TABLE, Values, Workspace, WorkspaceName};

pub use self::form::{Form, FormField, FormProblem, Subject};
pub use self::place::{Place, PlaceStage};
pub use self::sign_in::{SignInAction, SignInStep};

/// The wizard as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkspaceWizard {
    /// The step in front.
    pub step: WizardStep,
    /// The name and the sign-in.
    pub sign_in: SignInStep,
    /// The subscription and the workspace.
    pub place: Place,
    /// What is known of the workspace so far; once it is saved, its settings.
    pub workspace: Option<Workspace>,
    /// Whether it stands in the config file.
    pub saved: bool,
    /// Why it was saved without a look at Azure, if so.
    pub unseen: Option<Fault>,
    /// The plan.
    pub plan: PlanPart,
    /// The test row.
    pub test: TestPart,
    /// How it will be sent choices.
    pub values: Values,
    /// The connections that will feed it.
    pub feeds: BTreeSet<ConnectionName>,
    /// The connection in focus; after the last one comes the choice of values.
    pub feed_focus: usize,
    /// The task that saves which connections feed it.
    pub saving: Option<TaskId>,
    /// Why that failed.
    pub fault: Option<Fault>,
    /// Lines scrolled out at the top.
    pub top: usize,
}

/// A step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WizardStep {
    /// The name, and how itsmc signs in.
    SignIn,
    /// The subscription and the workspace.
    Place,
    /// What is missing in Azure.
    Plan,
    /// The test row.
    Test,
    /// The connections that feed it.
    Connections,
    /// All of it, before it begins.
    Review,
}

impl WizardStep {
    /// All, in order.
    pub const ALL: [Self; 6] = [Self::SignIn, Self::Place, Self::Plan, Self::Test, Self::Connections, Self::Review];

    /// Its number, from 1.
    pub fn number(self) -> usize {
        Self::ALL.iter().position(|step| *step == self).unwrap_or_default() + 1
    }

    fn turned(self, by: isize) -> Option<Self> {
        Self::ALL.get((self.number() - 1).checked_add_signed(by)?).copied()
    }
}

/// What can be asked for, beside what a plan and a test have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WorkspaceWizardAction {
    /// What the first step has.
    SignIn(SignInAction),
    /// Move by so many lines or entries.
    Move(isize),
    /// Scroll by so many lines.
    Scroll(isize),
    /// Edit the line in focus.
    Edit(Edit),
    /// Type the place instead of choosing it, or the reverse.
    TypePlace,
    /// Read the list again.
    Reload,
    /// Switch the connection in focus.
    Toggle,
    /// Go on.
    Continue,
}

impl Default for WorkspaceWizard {
    fn default() -> Self {
        Self {
            step: WizardStep::SignIn,
            sign_in: SignInStep::default(),
            place: Place::default(),
            workspace: None,
            saved: false,
            unseen: None,
            plan: PlanPart::default(),
            test: TestPart::default(),
            values: Values::default(),
            feeds: BTreeSet::new(),
            feed_focus: 0,
            saving: None,
            fault: None,
            top: 0,
        }
    }
}

impl WorkspaceWizard {
    /// The wizard of a new workspace: as it was left, or with what a practice server has, or empty.
    pub fn open(facts: &mut Facts) -> Self {
        match facts.left_workspace.take() {
            Some(left) => *left,
            None => Self { feeds: facts.names().into_iter().collect(), ..Self::practice(facts) },
        }
    }

    fn practice(facts: &Facts) -> Self {
        let Some(filled) = &facts.practice_workspace else { return Self::default() };
        Self { sign_in: SignInStep::new(filled.clone()), ..Self::default() }
    }

    /// The wizard of a saved workspace, to go on with it or to change it.
    pub fn of(entry: &WorkspaceEntry) -> Self {
        Self {
            sign_in: SignInStep::new(Form::of(&entry.settings)),
            place: Place::of(&entry.settings),
            workspace: Some(entry.settings.clone()),
            saved: true,
            values: entry.settings.values,
            feeds: entry.fed_by.iter().cloned().collect(),
            ..Self::default()
        }
    }

    /// The settings as far as they are known.
    pub fn settings(&self) -> Option<Workspace> {
        let form = &self.sign_in.form;
        let mut workspace = match &self.workspace {
            Some(workspace) => workspace.clone(),
            None => blank(WorkspaceName::parse(form.name.trim()).ok()?, form),
        };
        form.write(&mut workspace);
        self.place.write(&mut workspace);
        Some(workspace)
    }

    /// The saved workspace as it is now.
    pub fn entry<'a>(&self, facts: &'a Facts) -> Option<&'a WorkspaceEntry> {
        facts.workspaces.entry(&self.workspace.as_ref()?.name)
    }

    /// Whether rows can be sent to it.
    pub fn is_set_up(&self, facts: &Facts) -> bool {
        self.plan.shown.as_ref().is_some_and(|(shown, _)| shown.workspace.is_set_up())
            || self.entry(facts).is_some_and(|entry| entry.standing.set_up)
    }
}

fn blank(name: WorkspaceName, form: &Form) -> Workspace {
    Workspace {
        name,
        tenant: String::new(),
        sign_in: form.way,
        client_id: String::new(),
        token_file: String::new(),
        subscription: String::new(),
        resource_group: String::new(),
        workspace: String::new(),
        workspace_id: String::new(),
        location: String::new(),
        table: TABLE.to_owned(),
        log_table: LOG_TABLE.to_owned(),
        rule: String::new(),
        rule_id: String::new(),
        endpoint: String::new(),
        principal: String::new(),
        values: Values::default(),
    }
}
