//! The handle to a running web app: looking into it, changing its data, asking for faults.

use serde::Serialize;

use super::data::set_status;
use super::layout::Layout;
use super::manners::Manners;
use super::options::Setting;
use super::rows::{Item, display_id, guid, number_of};
use super::state::State;
use super::words;
use crate::PracticeError;
use crate::WorkItemKind;
use crate::azure::relay::Azure;
use crate::core::admin_api::long_text;
use crate::entra::Authority;

/// A work item as Service Manager has it, whatever the web app's cache still shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Its GUID.
    pub base_id: String,
    /// Its Id, such as `IR1234`.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The display name of its state.
    pub status: String,
    /// When it was made, in milliseconds since 1970.
    pub created: i64,
    /// When it was last changed, in milliseconds since 1970.
    pub modified: i64,
}

/// Looks into a web app and makes it misbehave.
pub type Control = crate::core::Control<State>;

impl Control {
    /// Azure around it: its hybrid connection, as Azure Resource Manager shows it.
    pub fn azure(&self) -> Azure {
        self.0.azure.clone()
    }

    /// The authority that gives out its tokens.
    pub fn authority(&self) -> Authority {
        self.0.authority.clone()
    }

    /// Lays the routes out otherwise, as another version of the web app might.
    pub fn set_layout(&self, layout: Layout) {
        self.0.setup().layout = layout;
    }

    /// Lets it write and count in another way.
    pub fn set_manners(&self, manners: Manners) {
        self.0.setup().manners = manners;
    }

    /// Takes settings away; none makes the web app whole again.
    pub fn set_missing(&self, missing: &[Setting]) {
        self.0.setup().missing = missing.to_vec();
    }

    /// Lets the web app work with another account, as `ida:Username` has it.
    pub fn set_account(&self, account: &str) {
        self.0.setup().account = account.to_owned();
    }

    /// Wants this `api-version`, or none.
    pub fn set_api_version(&self, version: Option<&str>) {
        self.0.setup().api_version = version.map(str::to_owned);
    }

    /// How long later changes stay hidden behind the cache.
    pub fn set_cache_seconds(&self, seconds: f64) {
        self.0.setup().cache_seconds = seconds;
    }

    /// Lets the cache run out: every change shows from now on.
    pub fn expire_cache(&self) {
        self.0.expire_cache();
    }

    /// The computers, by id and name, whatever the cache still shows.
    pub fn computers(&self) -> Vec<(String, String)> {
        self.0.computers().iter().map(|one| (one.id.clone(), one.name.clone())).collect()
    }

    /// Adds a computer, as another user would.
    pub fn add_computer(&self, name: &str) -> String {
        self.0.make_computer(name, "").id
    }

    /// All work items of a kind, by number.
    pub fn rows(&self, kind: WorkItemKind) -> Vec<Row> {
        let items = self.0.items();
        items.truths(kind).into_iter().map(|item| shown(kind, item)).collect()
    }

    /// How many work items of a kind the web app shows.
    pub fn count(&self, kind: WorkItemKind) -> usize {
        self.0.items().rows(kind).len()
    }

    /// Opens a work item now, and returns its Id.
    pub fn open(&self, kind: WorkItemKind, title: &str) -> String {
        display_id(kind, self.0.open(kind, Some(title)))
    }

    /// Gives a work item another title, now.
    ///
    /// # Errors
    /// There is no such work item.
    pub fn set_title(&self, kind: WorkItemKind, id: &str, title: &str) -> Result<(), PracticeError> {
        self.edit(kind, id, |item| item.title = title.to_owned())
    }

    /// Gives a work item a description of so many bytes, now.
    ///
    /// # Errors
    /// There is no such work item.
    pub fn enlarge(&self, kind: WorkItemKind, id: &str, bytes: usize) -> Result<(), PracticeError> {
        self.edit(kind, id, |item| item.description = long_text(bytes))
    }

    /// Brings a work item into the state with this place in its enumeration, now.
    ///
    /// # Errors
    /// There is no such work item.
    pub fn set_status(&self, kind: WorkItemKind, id: &str, status: u8) -> Result<(), PracticeError> {
        self.edit(kind, id, |item| set_status(item, status))
    }

    /// Gives a work item another time of change, in milliseconds since 1970.
    ///
    /// # Errors
    /// There is no such work item.
    pub fn set_modified(&self, kind: WorkItemKind, id: &str, modified: i64) -> Result<(), PracticeError> {
        self.edit(kind, id, |item| item.modified = modified)
    }

    /// Grooms a work item away.
    ///
    /// # Errors
    /// There is no such work item.
    pub fn remove(&self, kind: WorkItemKind, id: &str) -> Result<(), PracticeError> {
        let removed = number_of(kind, id).is_some_and(|number| self.0.remove(kind, number));
        if removed { Ok(()) } else { Err(no_such(id)) }
    }

    fn edit(&self, kind: WorkItemKind, id: &str, change: impl FnOnce(&mut Item)) -> Result<(), PracticeError> {
        let edited = number_of(kind, id).is_some_and(|number| self.0.edit(kind, number, change));
        if edited { Ok(()) } else { Err(no_such(id)) }
    }
}

fn no_such(id: &str) -> PracticeError {
    PracticeError::Order(format!("there is no work item {id}"))
}

fn shown(kind: WorkItemKind, item: &Item) -> Row {
    let states = match kind {
        WorkItemKind::Incident => words::INCIDENT_STATES,
        WorkItemKind::ChangeRequest => words::CHANGE_STATES,
    };
    Row {
        base_id: guid(kind, item.number),
        id: display_id(kind, item.number),
        title: item.title.clone(),
        status: states.get(usize::from(item.status)).map_or("", |(_, name)| name).to_owned(),
        created: item.created,
        modified: item.modified,
    }
}
