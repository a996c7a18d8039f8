//! The fields of the business object of incidents, by their names.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value as Json;

use crate::model::fault::Fault;
use crate::model::ticket::{TicketKey, fields as named};
use crate::model::work_item::WorkItemKind;
use crate::net::http::PAGE_LIMIT_BYTES;
use crate::partner::cherwell::path::encode;
use crate::partner::cherwell::{BoundObject, Cherwell};
use crate::partner::written::{line, marked};

/// The length of a title where the schema does not tell it.
const TITLE: usize = 100;

/// The relationship of an incident to its configuration items, as out of the box.
pub const ITEM_LINK: &str = "Incident Links Configuration Items";

/// What a mapping calls the field for notes.
const NOTES: &str = "work_notes";

/// The longest key of ours.
const KEY: f64 = 50.0;
/// The shortest title that has a place for a mark and for words beside it.
const SHORTEST: usize = 40;

/// What is needed to write records.
pub struct Fields {
    /// The business object, bound for reading.
    pub(in crate::partner::cherwell) object: BoundObject,
    /// The field for our key, where the admin's mapping names one.
    pub key: Option<String>,
    /// The full ids of fields by their names in lower case.
    ids: BTreeMap<String, String>,
    /// What each attribute of a work item is called.
    names: BTreeMap<String, String>,
    states: Vec<String>,
    /// The relationship to configuration items, where there is one of the usual name.
    pub(super) item_link: Option<String>,
    title_length: usize,
    /// Whether a title came back without its mark: some rule of the system writes titles anew.
    loses_marks: AtomicBool,
}

impl Fields {
    /// The field's name for an attribute of a work item; the name itself where it is none.
    pub fn name_of(&self, name: &str) -> String {
        self.names.get(name).map_or(name, String::as_str).to_owned()
    }

    /// The field that notes are written to: the one that the admin's mapping names for them, which nobody else writes, else
    /// the description.
    pub fn notes(&self) -> String {
        self.names.get(NOTES).cloned().unwrap_or_else(|| self.name_of(named::DESCRIPTION))
    }

    /// The full id of a field.
    pub fn id(&self, name: &str) -> Option<&str> {
        self.ids.get(&name.to_lowercase()).map(String::as_str)
    }

    /// Whether there is such a field.
    pub fn has(&self, name: &str) -> bool {
        self.id(name).is_some()
    }

    /// Whether the object has this state; `true` where its states are not listed.
    pub fn has_state(&self, state: &str) -> bool {
        self.states.is_empty() || self.states.iter().any(|known| known.eq_ignore_ascii_case(state))
    }

    /// The title of a ticket, with its mark where no field holds the key.
    pub fn title(&self, text: &str, key: &TicketKey) -> String {
        match self.key {
            Some(_) => line(text, self.title_length),
            None => marked(&key.marker(), text, self.title_length),
        }
    }

    /// Notes how the title of a new ticket came back.
    pub fn came_back(&self, sent: &str, shown: &str) {
        let mark = sent.split_once(' ').map_or(sent, |(mark, _)| mark);
        if self.key.is_none() && !shown.contains(mark) {
            self.loses_marks.store(true, Ordering::Relaxed);
        }
    }

    /// Why a mark that is not found proves nothing, where it does not.
    pub fn no_proof(&self) -> Option<Fault> {
        let lost = self.key.is_none() && self.loses_marks.load(Ordering::Relaxed);
        lost.then(|| self.unmarkable("titles come back without their mark"))
    }

    /// The fault where titles have no place for a mark, with what helps.
    fn unmarkable(&self, why: &str) -> Fault {
        let name = self.name_of("title");
        let detail = format!("{name}: {why}; map a field of {KEY} characters for correlation_id");
        Fault::NotBound { what: self.object.bound.name.clone(), detail }
    }
}

/// Reads the schema.
///
/// # Errors
/// Why it could not be read.
pub async fn read(partner: &Cherwell) -> Result<Fields, Fault> {
    let object = partner.object(WorkItemKind::Incident).await?;
    let (id, name) = (object.bound.id.clone(), object.bound.name.clone());
    let path = format!("V1/getbusinessobjectschema/busobid/{}?includerelationships=true", encode(&id));
    let reply = partner.get(&path, &name, PAGE_LIMIT_BYTES).await?;
    let malformed = |_| Fault::Malformed { what: name.clone(), detail: "no schema in the reply".to_owned() };
    let schema: Json = serde_json::from_slice(&reply.body).map_err(malformed)?;
    let names: BTreeMap<_, _> =
        object.columns.all().iter().map(|column| (column.to.to_string(), column.from.to_string())).collect();
    let key = names.get("correlation_id").cloned();
    let title = names.get("title").cloned().unwrap_or_default();
    let (states, item_link) = (states(&schema), item_link(&schema));
    let (ids, title_length, loses_marks) = (BTreeMap::new(), TITLE, AtomicBool::new(false));
    let mut fields = Fields { object, key, ids, names, states, item_link, title_length, loses_marks };
    let mut key_length = None;
    for field in schema["fieldDefinitions"].as_array().into_iter().flatten() {
        let (Some(name), Some(field_id)) = (field["name"].as_str(), field["fieldId"].as_str()) else { continue };
        let bare = field_id.rfind("FI:").map_or(field_id, |at| &field_id[at + 3..]);
        fields.ids.insert(name.to_lowercase(), format!("BO:{id},FI:{bare}"));
        let size = field["maximumSize"].as_f64().or_else(|| field["maximumSize"].as_str()?.parse().ok());
        if fields.key.as_ref().is_some_and(|key| name.eq_ignore_ascii_case(key)) {
            key_length = size;
        }
        let length = size.filter(|size| *size >= 1.0);
        if let Some(length) = length.filter(|_| name.eq_ignore_ascii_case(&title)) {
            fields.title_length = length.min(255.0) as usize;
        }
    }
    if let Some(key) = &fields.key {
        if !fields.has(key) {
            return Err(Fault::NotBound { what: name, detail: key.clone() });
        }
        // A key that is cut off is never found again.
        if let Some(length) = key_length.filter(|length| *length > 0.0 && *length < KEY) {
            let detail = format!("{key} holds {length} characters, a key has up to {KEY}");
            return Err(Fault::NotBound { what: name, detail });
        }
    }
    let notes = fields.notes();
    if !fields.has(&notes) {
        return Err(Fault::NotBound { what: name, detail: notes });
    }
    if fields.key.is_none() && fields.title_length < SHORTEST {
        return Err(fields.unmarkable(&format!("it holds {} characters", fields.title_length)));
    }
    Ok(fields)
}

/// The id of the relationship to configuration items.
fn item_link(schema: &Json) -> Option<String> {
    let all = schema["relationships"].as_array()?;
    let is_it = |one: &&Json| one["displayName"].as_str().is_some_and(|name| name.eq_ignore_ascii_case(ITEM_LINK));
    all.iter().find(is_it)?["relationshipId"].as_str().map(str::to_owned)
}

fn states(schema: &Json) -> Vec<String> {
    let listed = schema["states"].as_str().unwrap_or_default();
    listed.split(',').map(|state| state.trim().to_owned()).filter(|state| !state.is_empty()).collect()
}
