//! What the program wants done, as values; `ui::perform` does it.

use std::fmt;
use std::sync::Arc;

use super::message::Outcome;
use super::screens::ScreenJob;
use crate::model::alert_source::SourceName;
use crate::model::check::{Step, StepId};
use crate::model::checklist::ItemId;
use crate::model::confirmation::Confirmation;
use crate::model::connection::ConnectionName;
use crate::model::deploy::Order;
use crate::model::draft::Draft;
use crate::model::export::Target;
use crate::model::fault::Fault;
use crate::model::fix::Fix;
use crate::model::form::ValidForm;
use crate::model::items::{ItemFilter, Seek};
use crate::model::rotation::Typed;
use crate::model::secret::Secret;
use crate::model::token_list::TokenChoice;
use crate::model::work_item::WorkItemKind;

/// A running job. Ids grow and are never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskId(pub u64);

/// One thing to be done outside.
#[allow(clippy::large_enum_variant, reason = "nearly all are jobs, and each lives only until it is performed")]
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Start a job; its outcomes bear the id.
    Run(TaskId, Job),
    /// Stop a job; whatever it still brings is ignored, but for the end of a sync: it tells what was stored.
    Cancel(TaskId),
    /// Put a text on the clipboard, through the terminal.
    Copy(String),
    /// Switch mouse capture.
    Mouse(bool),
    /// Stop like any job does on Ctrl-Z.
    Suspend,
    /// Take the terminal again after having been stopped, and draw everything again.
    Resume,
    /// Draw everything again, over what something else wrote on the terminal.
    Redraw,
    /// Answer a question for the passphrase; `None` leaves it.
    Answer(u64, Option<Secret>),
    /// Leave, with this exit code.
    Quit(u8),
}

/// A job for the runtime.
#[allow(missing_docs, reason = "the fields are named for what they hold")]
#[derive(Debug, Clone, PartialEq)]
pub enum Job {
    /// Read the config file.
    LoadConfig,
    /// Read the workspaces, and how each stands.
    LoadWorkspaces,
    /// Read what is stored although the config file does not have it.
    LoadUnlisted,
    /// Read the sources of alerts, how far each was read, and the rules.
    LoadAlertStanding,
    /// Read what is new from a source of alerts.
    PollAlerts(SourceName),
    /// Decide about the alerts that wait, and carry out the outbox of tickets.
    FollowAlerts,
    /// Read the wizard's draft.
    LoadDraft,
    /// Keep the wizard's draft.
    SaveDraft(Draft),
    /// Throw the wizard's draft away.
    DropDraft,
    /// Forget the tokens that the test of a form obtained; the form was given up.
    ForgetCandidate,
    /// Count a connection's work items.
    LoadSummary(ConnectionName),
    /// Count what all connections hold together, for the charts of the dashboard.
    LoadOverview,
    /// Read a window of the item table.
    LoadItems { connection: ConnectionName, filter: ItemFilter, seek: Seek, limit: usize },
    /// Count whom a connection's work items are assigned to.
    LoadAssigned(ConnectionName),
    /// Read one work item whole.
    LoadItem { row_id: i64 },
    /// Show a work item in the browser, in the product's own screens.
    OpenRecord { connection: ConnectionName, kind: WorkItemKind, id: String, number: String },
    /// Show this address in the browser.
    OpenAddress(String),
    /// Write the matching work items to a file.
    Export { connection: ConnectionName, filter: ItemFilter, target: Target },
    /// Read the newest entries of a connection's activity log.
    LoadActivities(ConnectionName),
    /// Run one step of the live test.
    TestStep(TestSubject, StepId),
    /// Save a new or changed connection; tokens that its test obtained come along.
    SaveConnection(Arc<ValidForm>),
    /// Save a new connection without signing in: its user may be yet to be made.
    SaveSignedOut(Arc<ValidForm>),
    /// Look at the checklist of a form that is not saved yet, with the integration user's eyes. Brings
    /// [`Event::ChecklistItem`](super::message::Event::ChecklistItem) as it goes.
    CheckCandidate(Arc<ValidForm>),
    /// Remove a connection, its work items and its secrets.
    RemoveConnection(ConnectionName),
    /// Look at a connection's checklist: with the admin's eyes while one is signed in, else with the integration
    /// user's. Brings [`Event::ChecklistItem`](super::message::Event::ChecklistItem) as it goes.
    LoadChecklist(ConnectionName),
    /// Look at an item that is looked at only when somebody asks for it.
    LookOnRequest { connection: ConnectionName, item: ItemId },
    /// Keep what the admin said of items of the checklist; `state` of each is what its item itself saw.
    Confirm { connection: ConnectionName, said: Vec<Confirmation> },
    /// Let go of what the admin said of an item.
    Withdraw { connection: ConnectionName, item: ItemId },
    /// Sign an admin in for this session; the tokens stay in memory.
    AdminSignIn { connection: ConnectionName, user_name: String, password: Secret },
    /// End the admin's session.
    AdminSignOut(ConnectionName),
    /// Tell the exact changes that a fix would make.
    PreviewFix { connection: ConnectionName, fix: Fix },
    /// Make them, with the password of a user to be made.
    ApplyFix { connection: ConnectionName, fix: Fix, password: Option<Secret> },
    /// List the tokens: with the admin's eyes while one is signed in.
    LoadTokens(ConnectionName),
    /// Rotate the tokens. Brings [`Event::Rotating`](super::message::Event::Rotating) as it goes.
    Rotate { connection: ConnectionName, typed: Typed },
    /// Put a new client secret in the place of the stored one. Brings what [`Job::Rotate`] brings.
    NewSecret { connection: ConnectionName, typed: Typed },
    /// Revoke tokens, one by one.
    RevokeTokens { connection: ConnectionName, tokens: Vec<TokenChoice> },
    /// Write the files that deploy a web app.
    WriteDeployment(Box<Order>),
    /// Sync a connection: what changed, or everything in the scope again.
    Sync { connection: ConnectionName, full: bool },
    /// Sync what changed of a connection, and compare everything stored with the product.
    Verify(ConnectionName),
    /// A job that one screen alone has.
    Screen(ScreenJob),
}

/// The jobs of a screen that no other has, in its own file.
pub trait OwnJob {
    /// What they end with.
    type Outcome;

    /// What this one brings if it fails.
    fn failure(&self) -> fn(Fault) -> Self::Outcome;

    /// Whether it is let finish, as it keeps or changes something.
    fn ends_by_itself(&self) -> bool {
        false
    }
}

/// What a job brings if it fails: the error of its own outcome.
#[derive(Clone)]
pub struct Failure(Arc<dyn Fn(Fault) -> Outcome + Send + Sync>);

impl Failure {
    /// This, made of the fault.
    pub fn new(outcome: impl Fn(Fault) -> Outcome + Send + Sync + 'static) -> Self {
        Self(Arc::new(outcome))
    }

    /// The outcome of a job that failed so.
    pub fn with(&self, fault: Fault) -> Outcome {
        (self.0)(fault)
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Failure")
    }
}

impl Job {
    /// What it brings if it fails.
    pub fn failure(&self) -> Failure {
        let failed: fn(Fault) -> Outcome = match self {
            Self::LoadSummary(name) => {
                let name = name.clone();
                return Failure::new(move |fault| Outcome::Summary(name.clone(), Err(fault)));
            }
            Self::TestStep(_, step) => {
                let step = *step;
                return Failure::new(move |fault| Outcome::Step(Box::new(Step::failed(step, fault, None))));
            }
            Self::Screen(job) => return job.failure(),
            Self::LoadConfig => |fault| Outcome::Config(Err(fault)),
            Self::LoadWorkspaces => |fault| Outcome::Workspaces(Err(fault)),
            Self::LoadUnlisted => |fault| Outcome::Unlisted(Err(fault)),
            Self::LoadAlertStanding => |fault| Outcome::AlertStanding(Err(fault)),
            Self::PollAlerts(_) => |fault| Outcome::Polled(Err(fault)),
            Self::FollowAlerts => |fault| Outcome::AlertsFollowed(Err(fault)),
            Self::LoadDraft => |fault| Outcome::Draft(Err(fault)),
            Self::LoadOverview => |fault| Outcome::Overview(Err(fault)),
            Self::LoadItems { .. } => |fault| Outcome::Items(Err(fault)),
            Self::LoadAssigned(_) => |fault| Outcome::Assigned(Err(fault)),
            Self::LoadItem { .. } => |fault| Outcome::Item(Err(fault)),
            Self::OpenRecord { .. } | Self::OpenAddress(_) => |fault| Outcome::Opened(Err(fault)),
            Self::Export { .. } => |fault| Outcome::Exported(Err(fault)),
            Self::LoadActivities(_) => |fault| Outcome::Activities(Err(fault)),
            Self::SaveConnection(_) | Self::SaveSignedOut(_) | Self::RemoveConnection(_) => {
                |fault| Outcome::Saved(Err(fault))
            }
            Self::CheckCandidate(_) | Self::LoadChecklist(_) => |fault| Outcome::Checklist(Err(fault)),
            Self::LookOnRequest { .. } => |fault| Outcome::OnRequest(Err(fault)),
            Self::Confirm { .. } => |fault| Outcome::Confirmed(Err(fault)),
            Self::Withdraw { .. } => |fault| Outcome::Withdrawn(Err(fault)),
            Self::AdminSignIn { .. } => |fault| Outcome::AdminSignedIn(Err(fault)),
            Self::PreviewFix { .. } => |fault| Outcome::Preview(Err(fault)),
            Self::ApplyFix { .. } => |fault| Outcome::Fixed(Err(fault)),
            Self::LoadTokens(_) => |fault| Outcome::Tokens(Err(fault)),
            Self::Rotate { .. } | Self::NewSecret { .. } => |fault| Outcome::Rotated(Err(fault)),
            Self::WriteDeployment(_) => |fault| Outcome::Deployment(Err(fault)),
            Self::Sync { .. } | Self::Verify(_) => |fault| Outcome::Synced(Err(fault)),
            Self::SaveDraft(_)
            | Self::DropDraft
            | Self::ForgetCandidate
            | Self::AdminSignOut(_)
            | Self::RevokeTokens { .. } => Outcome::Failed,
        };
        Failure::new(failed)
    }
}

/// What a live test is run against.
#[derive(Debug, Clone, PartialEq)]
pub enum TestSubject {
    /// A form that is not saved yet, with its secrets.
    Candidate(Arc<ValidForm>),
    /// A saved connection.
    Saved(ConnectionName),
}

/// Does jobs, somewhere else. What they bring goes as [`Message::Outcome`](super::message::Message::Outcome) into
/// the queue that the performer was made with.
pub trait Perform {
    /// Starts a job; returns at once. A job that panics brings
    /// [`Outcome::Failed`].
    fn perform(&self, task: TaskId, job: Job);

    /// Stops a job, if it still runs; returns at once. Jobs that keep something ([`Job::SaveDraft`],
    /// [`Job::SaveConnection`]) are let finish, also after the program's end was asked for.
    fn cancel(&self, task: TaskId);

    /// Hands an answer to whoever asked for the passphrase; returns at once.
    fn answer(&self, question: u64, typed: Option<Secret>);
}
