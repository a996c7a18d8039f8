//! What is asked of a workspace's set-up, and what its runs tell while they go on: a plan that is applied, a test, a sign-in
//! with a code.

use jiff::Timestamp;

use super::azure_plan::{Plan, Step, StepId};
use super::fault::Fault;
use super::secret::Secret;
use super::workspace::{AzureSignIn, Workspace};

/// How a plan is asked for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ask {
    /// Another way to sign in than the one that rows are sent with.
    pub sign_in: Option<AzureSignIn>,
    /// The object id of the identity that sends rows, where it is not to be read from its token.
    pub principal: Option<String>,
    /// The classic tables that may be migrated.
    pub migrate: Vec<String>,
    /// What a person brought who signed in with a code for this run alone.
    pub refresh: Option<Secret>,
}

/// What is told while a plan is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applying {
    /// A step begins: its number from 1, of how many.
    Begins(StepId, usize, usize),
    /// A step has ended well.
    Done(StepId),
    /// Azure does not know a new table everywhere yet: the next try comes in so many seconds, and so many are left.
    Waits(StepId, u64, u64),
}

/// What is told while a workspace is tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Testing {
    /// The sign-in may not send yet: the next try comes in so many seconds, and so many are left.
    WaitsForRights(u64, u64),
    /// The rights are there; a row is sent.
    MaySend,
    /// The row was accepted.
    Accepted,
    /// The row cannot be found yet: the next look comes in so many seconds, and so many are left.
    WaitsForRow(u64, u64),
}

/// What a test found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delays {
    /// How long it took until rows were accepted, in seconds.
    pub rights_seconds: u64,
    /// How long it took from there until the row was found, in seconds; `None` where the sign-in may not query.
    pub row_seconds: Option<u64>,
    /// The mark of the row.
    pub mark: String,
}

/// What a person has to do who signs in with a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodePrompt {
    /// The page.
    pub page: String,
    /// The code to type there.
    pub code: String,
    /// Until when.
    pub until: Timestamp,
}

/// A plan as it is shown before it is applied.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanShown {
    /// The workspace with what Azure told of it.
    pub workspace: Workspace,
    /// Its steps.
    pub plan: Plan,
}

/// How applying a plan ended.
#[derive(Debug, Clone, PartialEq)]
pub enum ApplyEnd {
    /// What is there has changed since the plan was shown, so nothing was made: the plan as it is now.
    Changed(Box<PlanShown>),
    /// These steps were made; the plan that is left.
    Made(Vec<StepId>, Box<PlanShown>),
    /// A step failed, where it is known; those before it are made.
    Failed(Option<Box<Step>>, Fault),
}

/// A subscription that a sign-in may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Its ID.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// A workspace that a sign-in may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its name.
    pub name: String,
    /// Its resource group.
    pub group: String,
    /// Its region.
    pub location: String,
}
