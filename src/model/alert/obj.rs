//! A JSON object that is read leniently: documents and samples of Azure disagree on letter case, on text or number, and
//! on what may be null. What cannot be read is as if it were not there; nothing here fails.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::value::RawValue;

use crate::model::clean::clean;

/// The longest text that is kept of one field, in characters. The whole alert is kept as it came all the same.
const LONGEST: usize = 8_000;

/// The members of an object by their names in small letters; of those that differ by case the last one counts.
pub(super) struct Obj<'a>(BTreeMap<String, &'a RawValue>);

impl<'a> Obj<'a> {
    /// The object, if it is one.
    pub(super) fn read(json: &'a str) -> Option<Self> {
        let members: BTreeMap<String, &'a RawValue> = serde_json::from_str(json).ok()?;
        Some(Self(members.into_iter().map(|(name, value)| (name.to_lowercase(), value)).collect()))
    }

    /// An empty one.
    pub(super) fn empty() -> Self {
        Self(BTreeMap::new())
    }

    /// The JSON of a member that is there and not null.
    pub(super) fn raw(&self, name: &str) -> Option<&'a str> {
        self.0.get(name).map(|value| value.get()).filter(|json| *json != "null")
    }

    /// Whether the member is there, be it null.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// A member as an object.
    pub(super) fn obj(&self, name: &str) -> Option<Self> {
        Self::read(self.raw(name)?)
    }

    /// A member as an object; an empty one where it is none.
    pub(super) fn obj_or_empty(&self, name: &str) -> Self {
        self.obj(name).unwrap_or_else(Self::empty)
    }

    /// A text, number or flag as text without what could steer a terminal; empty where there is none.
    pub(super) fn text(&self, name: &str) -> String {
        self.raw(name).map(plain).unwrap_or_default()
    }

    /// The first of the members that has a text.
    pub(super) fn first(&self, names: &[&str]) -> String {
        names.iter().map(|name| self.text(name)).find(|text| !text.is_empty()).unwrap_or_default()
    }

    /// The elements of a list as JSON; one value is a list of one.
    pub(super) fn list(&self, name: &str) -> Vec<&'a str> {
        let Some(json) = self.raw(name) else { return Vec::new() };
        match serde_json::from_str::<Vec<&'a RawValue>>(json) {
            Ok(all) => all.into_iter().map(RawValue::get).collect(),
            Err(_) => vec![json],
        }
    }

    /// The texts of a list that are not empty, each once.
    pub(super) fn texts(&self, name: &str) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for text in self.list(name).into_iter().map(plain).filter(|text| !text.is_empty()) {
            if !all.contains(&text) {
                all.push(text);
            }
        }
        all
    }

    /// The elements of a list that are objects.
    pub(super) fn objs(&self, name: &str) -> Vec<Self> {
        self.list(name).into_iter().filter_map(Self::read).collect()
    }

    /// A flag; `None` where there is none.
    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        match self.text(name).to_ascii_lowercase().as_str() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// A time; one without a zone is in UTC.
    pub(super) fn time(&self, name: &str) -> Option<Timestamp> {
        time(&self.text(name))
    }

    /// Every member as text, by its name as it is written here (in small letters where `names` are not needed).
    pub(super) fn map(json: Option<&str>) -> BTreeMap<String, String> {
        let read = json.and_then(|json| serde_json::from_str::<BTreeMap<String, &RawValue>>(json).ok());
        let told = |(name, value): (String, &RawValue)| (cut(&clean(&name, false)), plain(value.get()));
        read.unwrap_or_default().into_iter().map(told).collect()
    }
}

/// A JSON value as plain text: objects and lists are texts in JSON, null is empty.
pub(super) fn plain(json: &str) -> String {
    let json = json.trim();
    match serde_json::from_str::<String>(json) {
        Ok(text) => cut(clean(&text, true).trim()),
        Err(_) if json == "null" => String::new(),
        Err(_) => cut(clean(json, true).trim()),
    }
}

/// 2000-01-01: no alert is older. What is was never set, such as the least moment that .NET knows.
const FIRST: i64 = 946_684_800;

/// Reads a time as Azure writes it.
pub(super) fn time(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let without_zone = || text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    let at = text.parse::<Timestamp>().ok().or_else(without_zone);
    at.filter(|at| at.as_second() >= FIRST)
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
