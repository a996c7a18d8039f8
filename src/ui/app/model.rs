//! The whole state of the program.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use jiff::Timestamp;

use super::alerts::KnownAlerts;
use super::dashboard::Dashboard;
use super::deploy::Deploy;
use super::effect::{Failure, TaskId};
use super::remote::Remote;
pub use super::screens::Screen;
use super::workspace::Workspaces;
use super::workspace_wizard::{self, WorkspaceWizard};
use crate::model::alert_source::SourceName;
use crate::model::charset::Charset;
use crate::model::check::StepId;
use crate::model::colours::Background;
use crate::model::connection::{Connection, ConnectionName};
use crate::model::fault::Fault;
use crate::model::form::FieldId;
use crate::model::form::Form;
use crate::model::lang::Lang;
use crate::model::partner::{Catalogue, Guide, PartnerSpec};
use crate::model::settings::Settings;
use crate::model::summary::Summary;
use crate::model::sweep::SweepRecord;
use crate::model::sync::{KindReport, Progress};
use crate::model::unlisted::Unlisted;
use crate::model::work_item::WorkItemKind;

/// The facts, and the screens that show them.
#[derive(Debug, Clone)]
pub struct Model {
    /// What every screen may know.
    pub facts: Facts,
    /// The screens, the one in front last. The first is the dashboard, which never closes.
    pub(super) stack: Vec<Opened>,
    last_screen: u64,
}

/// A screen of the stack.
#[derive(Debug, Clone)]
pub(super) struct Opened {
    /// Its identity.
    pub id: ScreenId,
    /// The screen that it was opened from; a box closes with it.
    pub owner: Option<ScreenId>,
    /// The screen.
    pub screen: Screen,
}

/// The identity of a screen in the stack, for as long as it is open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ScreenId(u64);

/// What the program knows, whatever screen is in front.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The language.
    pub lang: Lang,
    /// The language where the config file chooses none; `None` where the command line has chosen one.
    pub usual_lang: Option<Lang>,
    /// The time of the last tick.
    pub now: Timestamp,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// The partners.
    pub catalogue: Arc<Catalogue>,
    /// What to put before every command that a screen shows, such as `itsmc --home X`.
    pub program: String,
    /// Whether everything lives in a throw-away home.
    pub demo: bool,
    /// In a demo: the forms of the practice servers, so that the wizard can be walked without typing.
    pub practice: Vec<Form>,
    /// The settings of the config file.
    pub settings: Settings,
    /// The connections, in the order of the config file.
    pub connections: Remote<Vec<Entry>>,
    /// The workspaces of Log Analytics.
    pub workspaces: Workspaces,
    /// What is stored although the config file does not have it.
    pub unlisted: Vec<Unlisted>,
    /// The sources of alerts, and what the last passes brought.
    pub alerts: KnownAlerts,
    /// Connections whose stored rows changed while their counts were being read.
    pub recount: BTreeSet<ConnectionName>,
    /// The guided deployment as it was left, for when it is opened again.
    pub left_deploy: Option<Box<Deploy>>,
    /// The wizard of a workspace that was left before it was saved.
    pub left_workspace: Option<Box<WorkspaceWizard>>,
    /// In a demo: the form of the practice cloud.
    pub practice_workspace: Option<workspace_wizard::Form>,
    /// Whether the question for the vault's passphrase was left, and no key was pressed since.
    pub passphrase_declined: bool,
    /// One line that tells what just happened.
    pub notice: Option<Notice>,
    /// Whether the mouse is captured.
    pub mouse: bool,
    /// The terminal's background, once it has answered.
    pub background: Option<Background>,
    /// What the terminal shows, which decides how keys are named.
    pub charset: Charset,
    /// Whether the screen is to be drawn again.
    pub dirty: bool,
    /// The last task id given out.
    pub last_task: u64,
    /// Running tasks, and who asked for each.
    pub waiting: BTreeMap<TaskId, Waiting>,
}

/// A running task.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// Who gets its answer.
    pub asker: Asker,
    /// What it brings if it fails.
    pub failure: Failure,
}

/// Who asked for a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asker {
    /// A screen.
    Screen(ScreenId),
    /// The program.
    Program(Asked),
    /// Nobody waits for it.
    Nobody,
}

/// What a task of the whole program was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// The config file.
    Config,
    /// The workspaces.
    Workspaces,
    /// What is stored although the config file does not have it.
    Unlisted,
    /// The browser, for the address on a screen.
    Address,
    /// The sources of alerts and the rules.
    AlertStanding,
    /// A pass over a source of alerts.
    Poll(SourceName),
    /// What follows a pass: deciding, and writing tickets.
    AlertFollow,
    /// A sync of a connection.
    Sync(ConnectionName),
    /// The files that deploy a web app.
    Deployment,
    /// The counts of a connection.
    Summary(ConnectionName),
    /// The removal of a connection.
    Removal(ConnectionName),
    /// New tokens for a connection: it goes on when its screen is left, and its end concerns the dashboard too.
    Rotation(ConnectionName),
    /// The revocation of tokens of a connection, likewise.
    Revocation(ConnectionName),
}

/// One connection on the dashboard.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The connection.
    pub connection: Connection,
    /// Its counts.
    pub summary: Remote<Summary>,
    /// Its sync, as far as it runs now.
    pub sync: SyncState,
    /// When the schedule syncs it next; `None` when the schedule is off or a sync is running.
    pub next_sync: Option<Timestamp>,
}

/// A sync as the screens follow it.
#[derive(Debug, Clone, Default)]
pub struct SyncState {
    /// The running task, if one runs.
    pub task: Option<TaskId>,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// Whether it compares everything stored with the product, or the last one did.
    pub verifies: bool,
    /// Whether it was asked to stop, and has not ended yet.
    pub stopping: bool,
    /// Whether the connection is to be removed once it has ended.
    pub then_remove: bool,
    /// How far each kind is.
    pub progress: BTreeMap<WorkItemKind, Progress>,
    /// What the last one did, as long as the program is open.
    pub last: Option<Result<Arc<[KindReport]>, Fault>>,
}

/// One line that tells what just happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Notice {
    /// The config file cannot be used any more; what was read before stays in use.
    ConfigUnusable,
    /// The clipboard has it.
    Copied,
    /// The mouse was switched on or off.
    Mouse(bool),
    /// The browser was started with this address.
    Opened(String),
    /// There is no browser; the clipboard has this address.
    AddressCopied(String),
    /// So many rows were written to this file.
    Exported(u64, String),
    /// A connection was saved.
    Saved(ConnectionName),
    /// A connection was removed.
    Removed(ConnectionName),
    /// Everything stored of a connection was compared with the product; each kind with what was found.
    Verified(ConnectionName, Vec<(WorkItemKind, SweepRecord)>),
    /// The product of a connection cannot list what it holds, so nothing was compared.
    NotVerifiable(ConnectionName),
    /// A paste of so many characters was not taken, because a field takes fewer.
    PasteRefused(usize),
    /// Something is done; the words, in the language that is spoken.
    Said(String),
    /// Something went wrong.
    Fault(Fault),
}

impl Deref for Model {
    type Target = Facts;

    fn deref(&self) -> &Facts {
        &self.facts
    }
}

impl DerefMut for Model {
    fn deref_mut(&mut self) -> &mut Facts {
        &mut self.facts
    }
}

impl Model {
    /// The state at the start: nothing loaded, the dashboard in front.
    pub fn new(lang: Lang, now: Timestamp, size: (u16, u16), catalogue: Arc<Catalogue>) -> Self {
        let facts = Facts {
            lang,
            usual_lang: None,
            now,
            size,
            catalogue,
            program: "itsmc".to_owned(),
            demo: false,
            practice: Vec::new(),
            settings: Settings::default(),
            connections: Remote::Idle,
            workspaces: Workspaces::default(),
            unlisted: Vec::new(),
            alerts: KnownAlerts::default(),
            recount: BTreeSet::new(),
            left_deploy: None,
            left_workspace: None,
            practice_workspace: None,
            passphrase_declined: false,
            notice: None,
            mouse: false,
            background: None,
            charset: Charset::Utf8,
            dirty: true,
            last_task: 0,
            waiting: BTreeMap::new(),
        };
        let mut model = Self { facts, stack: Vec::new(), last_screen: 0 };
        model.push(None, Dashboard::default().into());
        model
    }

    /// The screen in front.
    pub fn front(&self) -> Option<&Screen> {
        self.stack.last().map(|opened| &opened.screen)
    }

    /// The screens, the one in front first.
    pub fn screens(&self) -> impl Iterator<Item = &Screen> {
        self.stack.iter().rev().map(|opened| &opened.screen)
    }

    /// What is drawn, from below: the last screen that fills the terminal, and the boxes over it.
    pub fn shown(&self) -> impl Iterator<Item = &Screen> {
        let whole = self.stack.iter().rposition(|opened| !opened.screen.behaviour().is_box()).unwrap_or_default();
        self.stack.iter().skip(whole).map(|opened| &opened.screen)
    }

    /// This screen, as long as it is open.
    pub fn screen(&self, id: ScreenId) -> Option<&Screen> {
        self.stack.iter().find(|opened| opened.id == id).map(|opened| &opened.screen)
    }

    /// The identity of the screen in front.
    pub fn front_id(&self) -> ScreenId {
        self.stack.last().map(|opened| opened.id).unwrap_or_default()
    }

    /// The same with other facts.
    pub fn with(mut self, change: impl FnOnce(&mut Facts)) -> Self {
        change(&mut self.facts);
        self
    }

    /// For tests: puts a screen over the dashboard, or another dashboard in its place.
    #[cfg(test)]
    pub fn show(&mut self, screen: impl Into<Screen>) {
        let screen = screen.into();
        self.stack.truncate(usize::from(!matches!(screen, Screen::Dashboard(_))));
        self.push(None, screen);
    }

    /// For tests: puts a box over the screen in front.
    #[cfg(test)]
    pub fn cover(mut self, with: impl Into<Screen>) -> Self {
        self.push(Some(self.front_id()), with.into());
        self
    }

    /// For tests: the question in front, if one is.
    #[cfg(test)]
    pub fn question(&self) -> Option<&super::boxes::Question> {
        match self.front() {
            Some(Screen::QuestionBox(asked)) => Some(&asked.question),
            _ => None,
        }
    }

    /// For tests: the screen in front, to be changed.
    #[cfg(test)]
    pub fn front_mut(&mut self) -> Option<&mut Screen> {
        self.stack.last_mut().map(|opened| &mut opened.screen)
    }

    /// Puts a screen in front.
    pub(super) fn push(&mut self, owner: Option<ScreenId>, screen: Screen) {
        self.insert(self.stack.len(), owner, screen);
    }

    /// Puts a screen into the stack, below those from `at` on.
    pub(super) fn insert(&mut self, at: usize, owner: Option<ScreenId>, screen: Screen) {
        self.last_screen += 1;
        let id = ScreenId(self.last_screen);
        self.stack.insert(at.min(self.stack.len()), Opened { id, owner, screen });
    }

    /// Where this screen stands in the stack.
    pub(super) fn place(&self, id: ScreenId) -> Option<usize> {
        self.stack.iter().position(|opened| opened.id == id)
    }
}

impl Facts {
    /// Whether an answer to this question still has to come.
    pub fn awaits(&self, asked: &Asked) -> bool {
        self.waiting.values().any(|waiting| matches!(&waiting.asker, Asker::Program(other) if other == asked))
    }

    /// The connections that are there, fresh or stale.
    pub fn entries(&self) -> &[Entry] {
        self.connections.value().map(Vec::as_slice).unwrap_or_default()
    }

    /// The entry of this connection.
    pub fn entry(&self, name: &ConnectionName) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.connection.name == *name)
    }

    /// The entry of this connection, to be changed.
    pub fn entry_mut(&mut self, name: &ConnectionName) -> Option<&mut Entry> {
        match &mut self.connections {
            Remote::Ready(entries, _) | Remote::Stale(entries, _, _) => {
                entries.iter_mut().find(|entry| entry.connection.name == *name)
            }
            Remote::Idle | Remote::Loading | Remote::Failed(_) => None,
        }
    }

    /// Every connection's name.
    pub fn names(&self) -> Vec<ConnectionName> {
        self.entries().iter().map(|entry| entry.connection.name.clone()).collect()
    }

    /// Every name that a new connection cannot have.
    pub fn taken(&self) -> Vec<ConnectionName> {
        taken(self.entries().iter())
    }

    /// Every name that this connection cannot be given.
    pub fn taken_by_others(&self, own: &ConnectionName) -> Vec<ConnectionName> {
        taken(self.entries().iter().filter(|entry| entry.connection.name != *own))
    }

    /// The name of a saved connection's product; empty where there is no such connection.
    pub fn product(&self, name: &ConnectionName) -> &str {
        let Some(entry) = self.entry(name) else { return "" };
        let id = &entry.connection.partner;
        self.catalogue.get(id).map_or(id.as_str(), |spec| spec.name.as_str())
    }

    /// Whether an admin of a saved connection's product can sign in here.
    pub fn admin_signs_in(&self, name: &ConnectionName) -> bool {
        let spec = self.entry(name).and_then(|entry| self.catalogue.get(&entry.connection.partner));
        spec.is_none_or(|spec| spec.admin_signs_in)
    }

    /// Whether a saved connection signs in with a client secret.
    pub fn has_client_secret(&self, name: &ConnectionName) -> bool {
        let Some(entry) = self.entry(name) else { return false };
        let spec = self.catalogue.get(&entry.connection.partner);
        let mut fields = spec.into_iter().flat_map(|spec| spec.fields_for(entry.connection.grant));
        fields.any(|field| field.id == FieldId::ClientSecret)
    }

    /// Whether work items of a saved connection can be shown in the product's own screens.
    pub fn has_records(&self, name: &ConnectionName) -> bool {
        let spec = self.entry(name).and_then(|entry| self.catalogue.get(&entry.connection.partner));
        spec.is_some_and(|spec| spec.record.is_some())
    }

    /// Whether the product of a saved connection has something that leads somewhere step by step.
    pub fn has_guide(&self, name: &ConnectionName, guide: Guide) -> bool {
        let spec = self.entry(name).and_then(|entry| self.catalogue.get(&entry.connection.partner));
        spec.is_some_and(|spec| spec.has_guide(guide))
    }

    /// The steps of a saved connection's live test, in order.
    pub fn test_steps(&self, name: &ConnectionName) -> Vec<StepId> {
        let spec = self.entry(name).and_then(|entry| self.catalogue.get(&entry.connection.partner));
        spec.map_or(StepId::ALL.as_slice(), PartnerSpec::test_steps).to_vec()
    }

    /// Whether a sync of any connection runs.
    pub fn is_syncing(&self) -> bool {
        self.entries().iter().any(|entry| entry.sync.task.is_some())
    }
}

fn taken<'a>(entries: impl Iterator<Item = &'a Entry>) -> Vec<ConnectionName> {
    let both = |entry: &'a Entry| [Some(entry.connection.name.clone()), entry.connection.known_as.clone()];
    entries.flat_map(both).flatten().collect()
}
