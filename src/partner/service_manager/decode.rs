//! Rows of the web app as work items.
//!
//! An enumeration of Service Manager comes as an object with a GUID and a display name, a user as one with an account
//! and a display name; which property is which is told by their names. A list comes bare, or in an object that holds
//! it, perhaps beside a total.

use serde_json::{Map, Value as Json};

use super::names::normal;
use crate::model::fault::Fault;
use crate::model::partner::Holds;
use crate::model::work_item::{Value, WorkItem, WorkItemKind};
use crate::partner::mapping::{Column, Columns, Target, work_item};

/// A page as it came.
#[derive(Debug, Default)]
pub struct Rows {
    /// Its work items, in the order in which they came.
    pub items: Vec<WorkItem>,
    /// Rows without an Id or a time of change.
    pub hidden: u64,
    /// How many rows match, where the reply tells.
    pub total: Option<u64>,
    /// Bytes of the body.
    pub bytes: u64,
}

impl Rows {
    /// How many rows came.
    pub fn came(&self) -> u64 {
        self.items.len() as u64 + self.hidden
    }
}

/// Display names of states in which a work item is over (`IncidentStatusEnum`, `ChangeStatusEnum`).
const OVER: [&str; 6] = ["resolved", "closed", "completed", "failed", "cancelled", "canceled"];

/// GUIDs of the same states, for a customer who translated their names. They are the same in every installation.
const OVER_IDS: [&str; 6] = [
    "2b8830b6-59f0-f574-9c2a-f4b4682f1681",
    "bd0ae7c4-3315-2eb3-7933-82dfc482dbaf",
    "68277330-a0d3-cfdd-298d-d5c31d1d126f",
    "f228d50b-2b5a-010f-b1a4-5c7d95703a9b",
    "85f00ead-2603-6c68-dfec-531c83bf900f",
    "877defb6-0d21-7d19-89d5-a1107d621270",
];

/// Reads a page.
///
/// # Errors
/// [`Fault::Truncated`] for JSON that ends too soon, [`Fault::Malformed`] for what is no list.
pub fn rows(columns: &Columns, body: &[u8]) -> Result<Rows, Fault> {
    let what = columns.source().to_owned();
    let document: Json = serde_json::from_slice(body).map_err(|error| {
        let what = what.clone();
        if error.is_eof() { Fault::Truncated { what } } else { Fault::Malformed { what, detail: error.to_string() } }
    })?;
    let (list, total) =
        list_of(&document).ok_or_else(|| Fault::Malformed { what, detail: "there is no list in it".to_owned() })?;
    let mut rows = Rows { total, bytes: body.len() as u64, ..Rows::default() };
    for row in list {
        match row.as_object().and_then(|row| item(columns, row)) {
            Some(item) => rows.items.push(item),
            None => rows.hidden += 1,
        }
    }
    Ok(rows)
}

fn list_of(document: &Json) -> Option<(&Vec<Json>, Option<u64>)> {
    if let Some(list) = document.as_array() {
        return Some((list, None));
    }
    let object = document.as_object()?;
    let list = object.values().find_map(Json::as_array)?;
    let counts = |name: &str| ["total", "totalcount", "totalrecords", "totalitems", "recordcount"].contains(&name);
    let total = object.iter().find(|(name, _)| counts(&normal(name))).and_then(|(_, value)| value.as_u64());
    Some((list, total))
}

fn item(columns: &Columns, row: &Map<String, Json>) -> Option<WorkItem> {
    let mut item = work_item(columns, |_, column| {
        let value = row.get(&*column.from)?;
        if column.target == Target::Open { Some(open(columns.kind(), value)) } else { Some(value_of(column, value)) }
    })?;
    // The moment a work item was made is when it was opened, where nothing else is told.
    if item.opened_at.is_none() {
        item.opened_at = item.field("created_at").and_then(|value| value.value.parse().ok());
    }
    Some(item)
}

/// Service Manager knows no flag for it: the state tells.
fn open(kind: WorkItemKind, value: &Json) -> Value {
    if let Some(flag) = value.as_bool() {
        return Value::plain(flag.to_string());
    }
    let state = choice(value);
    let over = OVER_IDS.contains(&state.value.to_ascii_lowercase().as_str())
        || OVER.contains(&normal(last_part(state.shown())).as_str());
    let _ = kind;
    Value::plain((!over).to_string())
}

/// `IncidentStatusEnum.Closed` without its enumeration.
fn last_part(text: &str) -> &str {
    text.rsplit('.').next().unwrap_or(text)
}

fn value_of(column: &Column, value: &Json) -> Value {
    match column.holds {
        Holds::Choice | Holds::Reference => choice(value),
        Holds::Moment => Value::plain(moment(value)),
        Holds::Text | Holds::Lines | Holds::Flag | Holds::Number => match value {
            Json::Object(_) => Value::plain(choice(value).shown().to_owned()),
            other => Value::plain(plain(other)),
        },
    }
}

/// A moment as RFC 3339: what has no zone is UTC, as Service Manager stores it.
fn moment(value: &Json) -> String {
    let text = value.as_str().unwrap_or_default();
    let has_zone = text.ends_with(['Z', 'z']) || text.rfind(['+', '-']).is_some_and(|place| place > 10);
    let zoned = if has_zone || text.is_empty() { text.to_owned() } else { format!("{text}Z") };
    match zoned.parse::<jiff::Timestamp>() {
        Ok(at) => at.to_string(),
        Err(_) => String::new(),
    }
}

fn plain(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Names of the property that holds the stored value, the likeliest first.
const STORED: [&str; 8] = ["id", "value", "guid", "enumid", "baseid", "username", "key", "name"];
/// Names of the property that holds what is shown, the likeliest first.
const SHOWN: [&str; 6] = ["displayname", "name", "text", "enumtext", "title", "label"];

/// Value and label of an enumeration or a user; a bare text or number is its own label.
fn choice(value: &Json) -> Value {
    let Some(object) = value.as_object() else { return Value::plain(plain(value)) };
    let by_name = |names: &[&str]| {
        let found = names.iter().find_map(|wanted| object.iter().find(|(name, _)| normal(name) == *wanted));
        found.map(|(_, value)| plain(value)).filter(|text| !text.is_empty())
    };
    match (by_name(&STORED), by_name(&SHOWN)) {
        (Some(stored), Some(shown)) => Value::labelled(stored, shown),
        (Some(one), None) | (None, Some(one)) => Value::plain(one),
        (None, None) => Value::plain(if object.is_empty() { String::new() } else { value.to_string() }),
    }
}
