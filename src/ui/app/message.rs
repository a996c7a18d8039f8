//! What reaches the program: keys, time, and what its effects brought.

use std::sync::Arc;

use jiff::Timestamp;

use super::effect::TaskId;
use super::key::Key;
use super::screens::ScreenOutcome;
use super::workspace::{WorkspaceEntry, WorkspaceEvent};
use crate::model::alert_run::{Followed, Polled};
use crate::model::alert_view::{AlertStanding, PreviewProgress};
use crate::model::check::Step;
use crate::model::checklist::{Checklist, ChecklistItem, ItemId};
use crate::model::colours::Background;
use crate::model::confirmation::Confirmation;
use crate::model::connection::{Connection, ConnectionName};
use crate::model::deploy::Written;
use crate::model::draft::Draft;
use crate::model::fault::Fault;
use crate::model::fix::{Change, Done};
use crate::model::items::{Assigned, ItemWindow};
use crate::model::leaving::Leaving;
use crate::model::overview::Overview;
use crate::model::passphrase::Question;
use crate::model::rotation::{Rotated, RotationStep};
use crate::model::secret::Secret;
use crate::model::settings::Settings;
use crate::model::summary::{Activity, Summary};
use crate::model::sync::{KindReport, Progress};
use crate::model::token_list::TokenChoice;
use crate::model::token_list::TokenList;
use crate::model::unlisted::Unlisted;
use crate::model::work_item::WorkItem;

/// One entry of the one ordered queue.
#[derive(Debug, Clone)]
pub enum Message {
    /// A key was pressed.
    Key(Key),
    /// Text was pasted, as one event. It may be a password, so it is wiped after use and never told.
    Paste(Secret),
    /// The mouse wheel moved: so many lines, negative is up.
    Scroll(i32),
    /// The mouse was clicked in this column and row.
    Click(u16, u16),
    /// A choice of the list or form in front was clicked, so many before or after the one in focus; `opens` says whether Enter
    /// opens or takes what has the focus.
    ClickChoice {
        /// How far it is from the one in focus.
        by: isize,
        /// Whether Enter is about it.
        opens: bool,
    },
    /// The terminal has a new size: columns, rows.
    Resize(u16, u16),
    /// The terminal told its background.
    Background(Background),
    /// Time went on.
    Tick(Timestamp),
    /// Somebody stored something, perhaps another process.
    StoreChanged,
    /// Somebody wrote the config file, perhaps another process or an editor.
    ConfigChanged,
    /// Somebody wrote the alert rules, perhaps another process or an editor.
    AlertRulesChanged,
    /// A task tells how far it is; it goes on.
    Event(TaskId, Event),
    /// A task ended.
    Outcome(TaskId, Outcome),
    /// The passphrase of the vault's key is asked for.
    Passphrase(Question),
    /// The system asks us to end; the exit code to end with.
    Terminate(u8),
    /// The system asks us to stop for a while.
    Suspend,
    /// We were stopped, and go on.
    Resume,
}

/// What a task tells while it goes on.
#[derive(Debug, Clone)]
pub enum Event {
    /// One item of a checklist was looked at.
    ChecklistItem(Box<ChecklistItem>),
    /// A rotation ended one of its steps.
    Rotating(RotationStep),
    /// A sync went on.
    Progress(Progress),
    /// Tokens of a connection were replaced or given up; some of them live on at the product.
    LeftBehind(ConnectionName, Leaving),
    /// Something goes on for a workspace.
    Workspace(WorkspaceEvent),
    /// A preview of alert rules goes on.
    Preview(PreviewProgress),
}

/// What a task ended with: it brings nothing after it.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// The config file.
    Config(Result<(Settings, Vec<Connection>), Fault>),
    /// The workspaces, and how each stands.
    Workspaces(Result<Vec<WorkspaceEntry>, Fault>),
    /// What is stored although the config file does not have it was read.
    Unlisted(Result<Vec<Unlisted>, Fault>),
    /// The sources of alerts and the rules.
    AlertStanding(Result<Box<AlertStanding>, Fault>),
    /// A pass over a source of alerts ended.
    Polled(Result<Polled, Fault>),
    /// What waited was decided about, and written to the products.
    AlertsFollowed(Result<Box<Followed>, Fault>),
    /// A draft of the wizard, if one is kept.
    Draft(Result<Option<Draft>, Fault>),
    /// A summary.
    Summary(ConnectionName, Result<Box<Summary>, Fault>),
    /// What all connections hold together.
    Overview(Result<Box<Overview>, Fault>),
    /// A window of the item table.
    Items(Result<ItemWindow, Fault>),
    /// Whom work items are assigned to.
    Assigned(Result<Box<Assigned>, Fault>),
    /// One work item.
    Item(Result<Option<Box<WorkItem>>, Fault>),
    /// The browser was started with this address, or there is none.
    Opened(Result<Option<(String, bool)>, Fault>),
    /// So many rows were written to a file.
    Exported(Result<u64, Fault>),
    /// The activity log.
    Activities(Result<Vec<Activity>, Fault>),
    /// One step of a live test ended.
    Step(Box<Step>),
    /// A checklist was looked at.
    Checklist(Result<Box<Checklist>, Fault>),
    /// An item was looked at on request, or could not be.
    OnRequest(Result<Box<ChecklistItem>, Fault>),
    /// What the admin said was kept, with all that it rests on.
    Confirmed(Result<Vec<Confirmation>, Fault>),
    /// What the admin said of an item was let go.
    Withdrawn(Result<ItemId, Fault>),
    /// An admin is signed in, or was refused.
    AdminSignedIn(Result<(), Fault>),
    /// What a fix would change.
    Preview(Result<Vec<Change>, Fault>),
    /// A fix was made and looked at again.
    Fixed(Result<Box<Done>, Fault>),
    /// The tokens of a connection.
    Tokens(Result<Box<TokenList>, Fault>),
    /// A rotation ended: how many tokens were revoked, or that the product gave the same ones again.
    Rotated(Result<Rotated, Fault>),
    /// Each token that was to be revoked, and whether it was seen to be refused.
    Revoked(Vec<(TokenChoice, Result<(), Fault>)>),
    /// The files that deploy a web app were written, or none was.
    Deployment(Result<Box<Written>, Fault>),
    /// A connection was saved or removed.
    Saved(Result<(), Fault>),
    /// A sync ended; `Err` when it could not begin.
    Synced(Result<Arc<[KindReport]>, Fault>),
    /// A job that one screen alone has ended.
    Screen(ScreenOutcome),
    /// The task itself failed (a panic, caught).
    Failed(Fault),
    /// Done, with nothing to tell.
    Done,
}
