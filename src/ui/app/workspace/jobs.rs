//! What runs for a workspace, and what it brings.

use crate::model::azure_plan::Plan;
use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::model::secret::Secret;
use crate::model::sending::{SendProgress, SendReport, VerifyRecord};
use crate::model::workspace::{Values, Workspace, WorkspaceName};
use crate::model::workspace_run::{
    ApplyEnd, Applying, Ask, CodePrompt, Delays, Found, PlanShown, Subscription, Testing,
};
use crate::ui::app::effect::OwnJob;

/// What runs.
#[allow(missing_docs, reason = "the fields are named for what they hold")]
#[derive(Debug, Clone, PartialEq)]
pub enum WorkspaceJob {
    /// Plan what is missing in Azure.
    Plan { name: WorkspaceName, ask: Box<Ask> },
    /// Make what this plan says, if that is still what is to be made. Brings [`WorkspaceEvent::Applying`] as it goes.
    Apply { name: WorkspaceName, ask: Box<Ask>, shown: Box<Plan> },
    /// Write the plan as Bicep into a folder.
    Export { name: WorkspaceName, ask: Box<Ask>, folder: String, lang: Lang },
    /// Send a test row and look for it. Brings [`WorkspaceEvent::Testing`] as it goes.
    Test(WorkspaceName),
    /// Send what changed, or everything again. Brings [`WorkspaceEvent::Sending`] as it goes.
    Send { name: WorkspaceName, full: bool },
    /// Compare it with what is stored here, and send again what is missing.
    Verify(WorkspaceName),
    /// Keep a client secret, once Entra has taken it.
    KeepSecret { workspace: Box<Workspace>, secret: Secret },
    /// Sign in with a code, and keep that. Brings [`WorkspaceEvent::Code`].
    SignInByCode(Box<Workspace>),
    /// Sign in with a code for the set-up alone. Brings [`WorkspaceEvent::Code`].
    SetUpByCode(WorkspaceName),
    /// Remove it from itsmc.
    Remove(WorkspaceName),
    /// Take another table in the place of a classic one.
    OtherTable { name: WorkspaceName, classic: String, other: String },
    /// Have these connections feed it, and no others; their choices are sent like this.
    Feed { name: WorkspaceName, fed_by: Vec<ConnectionName>, values: Values },
    /// Forget the secret of a workspace that was not saved.
    Forget(WorkspaceName),
    /// List the subscriptions that its sign-in may see.
    Subscriptions(Box<Workspace>),
    /// List the workspaces of its subscription.
    Workspaces(Box<Workspace>),
    /// Look for it in Azure, and save it.
    Add(Box<Workspace>),
}

/// What they tell while they go on.
#[derive(Debug, Clone, PartialEq)]
pub enum WorkspaceEvent {
    /// A plan is applied.
    Applying(Applying),
    /// A test goes on.
    Testing(Testing),
    /// Rows are sent.
    Sending(SendProgress),
    /// A code is to be typed.
    Code(CodePrompt),
}

/// What they end with.
#[derive(Debug, Clone)]
pub enum WorkspaceOutcome {
    /// The plan.
    Planned(Result<Box<PlanShown>, Fault>),
    /// The plan was applied as far as that went.
    Applied(ApplyEnd),
    /// The files of an export.
    Exported(Result<Vec<String>, Fault>),
    /// The delays of a test.
    Tested(Result<Delays, Fault>),
    /// Rows were sent; `Err` when it could not begin.
    Sent(Result<Box<SendReport>, Fault>),
    /// It was verified.
    Verified(Result<Box<VerifyRecord>, Fault>),
    /// Somebody is signed in for it.
    SignedIn(Result<(), Fault>),
    /// Somebody is signed in for the set-up: the refresh token.
    SetUpSignedIn(Result<Option<Secret>, Fault>),
    /// It was removed.
    Removed(Result<(), Fault>),
    /// Another table is set.
    OtherTable(Result<(), Fault>),
    /// The connections that feed it are set.
    Fed(Result<(), Fault>),
    /// What nobody waits for is done.
    Done,
    /// The subscriptions.
    Subscriptions(Result<Vec<Subscription>, Fault>),
    /// The workspaces of a subscription.
    Workspaces(Result<Vec<Found>, Fault>),
    /// It was saved; why it could not be looked for in Azure, if so.
    Added(Result<Option<Fault>, Fault>),
}

impl OwnJob for WorkspaceJob {
    type Outcome = WorkspaceOutcome;

    fn failure(&self) -> fn(Fault) -> WorkspaceOutcome {
        match self {
            Self::Plan { .. } => |fault| WorkspaceOutcome::Planned(Err(fault)),
            Self::Apply { .. } => |fault| WorkspaceOutcome::Applied(ApplyEnd::Failed(None, fault)),
            Self::Export { .. } => |fault| WorkspaceOutcome::Exported(Err(fault)),
            Self::Test(_) => |fault| WorkspaceOutcome::Tested(Err(fault)),
            Self::Send { .. } => |fault| WorkspaceOutcome::Sent(Err(fault)),
            Self::Verify(_) => |fault| WorkspaceOutcome::Verified(Err(fault)),
            Self::KeepSecret { .. } | Self::SignInByCode(_) => |fault| WorkspaceOutcome::SignedIn(Err(fault)),
            Self::SetUpByCode(_) => |fault| WorkspaceOutcome::SetUpSignedIn(Err(fault)),
            Self::Remove(_) => |fault| WorkspaceOutcome::Removed(Err(fault)),
            Self::OtherTable { .. } => |fault| WorkspaceOutcome::OtherTable(Err(fault)),
            Self::Feed { .. } => |fault| WorkspaceOutcome::Fed(Err(fault)),
            Self::Forget(_) => |_| WorkspaceOutcome::Done,
            Self::Subscriptions(_) => |fault| WorkspaceOutcome::Subscriptions(Err(fault)),
            Self::Workspaces(_) => |fault| WorkspaceOutcome::Workspaces(Err(fault)),
            Self::Add(_) => |fault| WorkspaceOutcome::Added(Err(fault)),
        }
    }

    /// Sending and verifying end by themselves when they are cancelled.
    fn ends_by_itself(&self) -> bool {
        matches!(
            self,
            Self::Apply { .. }
                | Self::Export { .. }
                | Self::Send { .. }
                | Self::Verify(_)
                | Self::KeepSecret { .. }
                | Self::Remove(_)
                | Self::OtherTable { .. }
                | Self::Feed { .. }
                | Self::Forget(_)
                | Self::Add(_)
        )
    }
}
