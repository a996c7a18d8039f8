//! The whole state of the program.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::connection::ConnectionScreen;
use super::dashboard::Dashboard;
use super::deploy::Deploy;
use super::effect::{Effect, Job, TaskId};
use super::passphrase::PassphraseDialog;
use super::remote::Remote;
use super::wizard::Wizard;
use crate::model::check::StepId;
use crate::model::checklist::ItemId;
use crate::model::connection::{Connection, ConnectionName};
use crate::model::fault::Fault;
use crate::model::form::FieldId;
use crate::model::form::Form;
use crate::model::lang::{Bilingual, Lang};
use crate::model::partner::{Catalogue, Guide, PartnerSpec};
use crate::model::settings::Settings;
use crate::model::summary::Summary;
use crate::model::sweep::SweepRecord;
use crate::model::sync::{KindReport, Progress};
use crate::model::work_item::WorkItemKind;

/// Everything the screens show and the keys change.
#[derive(Debug, Clone)]
pub struct Model {
    /// The language.
    pub lang: Lang,
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
    /// What fills the terminal.
    pub screen: Screen,
    /// The guided step that writes what deploys a web app: over the screen while it is open.
    pub deploy: Option<Box<Deploy>>,
    /// The question for the passphrase of the vault's key, over the screen until it is answered.
    pub passphrase: Option<PassphraseDialog>,
    /// Whether that question was left, and no key was pressed since.
    pub passphrase_declined: bool,
    /// What lies over it.
    pub overlay: Option<Overlay>,
    /// One line that tells what just happened.
    pub notice: Option<Notice>,
    /// Whether the mouse is captured.
    pub mouse: bool,
    /// Whether the screen is to be drawn again.
    pub dirty: bool,
    /// The last task id given out.
    pub last_task: u64,
    /// Running tasks whose answers concern the whole program, whatever screen is in front.
    pub asked: BTreeMap<TaskId, Asked>,
}

/// What a task of the whole program was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// The config file.
    Config,
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

/// What fills the terminal.
#[derive(Debug, Clone)]
pub enum Screen {
    /// The tiles.
    Dashboard(Dashboard),
    /// One connection.
    Connection(Box<ConnectionScreen>),
    /// The set-up wizard.
    Wizard(Box<Wizard>),
}

/// What lies over the screen and takes the keys first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Overlay {
    /// All keys of the screen below; scrolled by so many lines.
    Help(u16),
    /// The command that does what the screen does.
    Command(String),
    /// A question before something is lost or cannot be undone.
    Confirm(Question),
}

/// A question that Enter says yes to and Esc no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// Leave the program although something runs or would be lost; the exit code.
    Quit(u8),
    /// Remove a connection with everything it holds.
    Remove(ConnectionName),
    /// Save the wizard's connection without signing in.
    SaveSignedOut(ConnectionName),
    /// Start the wizard anew although a draft is kept.
    StartOver,
    /// Look at an item that is looked at only on request; the words say what is sent to whom.
    LookOnRequest(ItemId, Bilingual),
}

/// One line that tells what just happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Notice {
    /// The clipboard has it.
    Copied,
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
    /// Something went wrong.
    Fault(Fault),
}

impl Model {
    /// The state at the start: nothing loaded, the dashboard in front.
    pub fn new(lang: Lang, now: Timestamp, size: (u16, u16), catalogue: Arc<Catalogue>) -> Self {
        Self {
            lang,
            now,
            size,
            catalogue,
            program: "itsmc".to_owned(),
            demo: false,
            practice: Vec::new(),
            settings: Settings::default(),
            connections: Remote::Idle,
            screen: Screen::Dashboard(Dashboard::default()),
            deploy: None,
            passphrase: None,
            passphrase_declined: false,
            overlay: None,
            notice: None,
            mouse: false,
            dirty: true,
            last_task: 0,
            asked: BTreeMap::new(),
        }
    }

    /// Gives out a task whose answer concerns the whole program; one that asks for the same is cancelled.
    pub fn ask(&mut self, asked: Asked, job: Job) -> Vec<Effect> {
        let older: Vec<_> = self.asked.iter().filter(|(_, other)| **other == asked).map(|(task, _)| *task).collect();
        let mut effects: Vec<_> = older.iter().map(|task| Effect::Cancel(*task)).collect();
        older.iter().for_each(|task| drop(self.asked.remove(task)));
        let (task, effect) = self.run(job);
        self.asked.insert(task, asked);
        effects.push(effect);
        effects
    }

    /// Whether an answer to this question still has to come.
    pub fn awaits(&self, asked: &Asked) -> bool {
        self.asked.values().any(|other| other == asked)
    }

    /// Gives out a task id and the effect that starts its job.
    pub fn run(&mut self, job: Job) -> (TaskId, Effect) {
        self.last_task += 1;
        let task = TaskId(self.last_task);
        (task, Effect::Run(task, job))
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

    /// The guided step, while it is in front.
    pub fn deploy_in_front(&self) -> Option<&Deploy> {
        self.deploy.as_deref().filter(|deploy| deploy.open)
    }

    /// Whether a sync of any connection runs.
    pub fn is_syncing(&self) -> bool {
        self.entries().iter().any(|entry| entry.sync.task.is_some())
    }
}
