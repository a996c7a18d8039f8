//! The names of business objects and their fields: customers rename them, so they are looked up at run time.
//!
//! A field's id comes as bare digits in some replies and as `BO:<object>,FI:<field>` in others.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value as Json;

use super::errors::{flag, short};
use crate::model::fault::Fault;
use crate::model::mapping::{Lines, MappingProblem, Wrong};
use crate::model::nearest::nearest;
use crate::model::partner::{Column as ColumnSpec, ValueType, WorkItemSpec};
use crate::model::work_item::WorkItemKind;
use crate::partner::mapping::{Columns, Target};

/// The type of an incident; the other type is a service request.
pub const INCIDENT_TYPE: &str = "Incident";
const TYPE_FIELD: &str = "IncidentType";
const ID_FIELD: &str = "RecID";
const CHANGE_FIELD: &str = "LastModifiedDateTime";

/// A field that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its id without that of its object, in lower case.
    pub bare: String,
    /// Its id with that of its object, as filters want it.
    pub full: String,
}

/// A business object as it is bound.
#[derive(Debug)]
pub struct Bound {
    /// Its name.
    pub name: String,
    /// Its id.
    pub id: String,
    /// The fields to ask for, each once.
    pub fields: Vec<Field>,
    /// Columns of the mapping that the object has no field for.
    pub missing: Vec<String>,
    /// Attributes whose fields existed when the connection was added and are gone now: their stored values are kept.
    pub gone: Vec<Arc<str>>,
    /// Every field of the object with its type.
    pub all_fields: Vec<(String, String)>,
    /// The field of each column, by its place among `fields`.
    of_column: Vec<Option<usize>>,
    by_id: HashMap<String, usize>,
    /// The change time.
    pub changed: usize,
    /// The field that tells incidents from service requests.
    pub incident_type: Option<usize>,
    /// The `RecID`, to make the order certain.
    pub rec_id: Option<usize>,
    /// When it was closed.
    pub closed: Option<usize>,
}

/// A business object in a list of such.
#[derive(Debug)]
pub struct Summary {
    /// Its id.
    pub bus_ob_id: String,
    /// Its name.
    pub name: String,
}

/// The same as it comes: lists may hold ones without a name.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    #[serde(default, alias = "BusObId")]
    bus_ob_id: Option<String>,
    #[serde(default, alias = "Name")]
    name: Option<String>,
}

impl Listed {
    fn named(self, name: &str) -> Option<Summary> {
        let summary = Summary { bus_ob_id: self.bus_ob_id?, name: self.name? };
        (summary.name.eq_ignore_ascii_case(name) && !summary.bus_ob_id.is_empty()).then_some(summary)
    }
}

/// The fields of a business object.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Schema {
    #[serde(alias = "FieldDefinitions")]
    field_definitions: Vec<Definition>,
}

impl Schema {
    /// Reads the reply about the object of this name.
    ///
    /// # Errors
    /// [`Fault::Malformed`] if it is no schema.
    pub fn read(name: &str, body: &[u8]) -> Result<Self, Fault> {
        let malformed = |_| Fault::Malformed { what: name.to_owned(), detail: "no schema in the reply".to_owned() };
        serde_json::from_slice(body).map_err(malformed)
    }

    /// Every field by its name, with its type.
    pub fn listed(&self) -> Vec<(String, String)> {
        let field = |field: &Definition| {
            let kind = field.kind.as_str().map(short).unwrap_or_default();
            field.name.as_deref().map(|name| (short(name), kind))
        };
        self.field_definitions.iter().filter_map(field).collect()
    }

    /// What is wrong with the admin's mapping of an object of this name: fields that it does not have, an id or a change
    /// time out of another field, and times out of fields that hold none.
    pub fn problems(&self, name: &str, spec: &WorkItemSpec, lines: &Lines) -> Vec<MappingProblem> {
        let named = |name: &str| self.field_definitions.iter().find(|field| field.named(name).is_some());
        let names = || self.field_definitions.iter().filter_map(|field| field.name.as_deref());
        let wrong = |(place, column): (usize, &ColumnSpec)| {
            let from = column.from.clone();
            let wrong = match (named(&from), column.to.as_str()) {
                (None, _) => {
                    let nearest = nearest(&from, names()).map(str::to_owned);
                    Some(Wrong::NoSuchColumn { name: from, source: name.to_owned(), nearest })
                }
                (Some(_), "id") if !from.eq_ignore_ascii_case(ID_FIELD) => {
                    Some(Wrong::NotTheId { from, id: ID_FIELD.to_owned() })
                }
                (Some(_), "updated_at")
                    if !from.eq_ignore_ascii_case(CHANGE_FIELD) && named(CHANGE_FIELD).is_some() =>
                {
                    Some(Wrong::NotTheChangeTime { from, changed: CHANGE_FIELD.to_owned() })
                }
                (Some(field), to) if column.holds == ValueType::Moment && field.is_date() == Some(false) => {
                    let found = field.kind.as_str().map(short).unwrap_or_default();
                    Some(Wrong::WrongType { from, to: to.to_owned(), found, expected: "DateTime".to_owned() })
                }
                _ => None,
            };
            wrong.map(|wrong| MappingProblem { line: lines.column(place), wrong })
        };
        spec.columns.iter().enumerate().filter_map(wrong).collect()
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Definition {
    #[serde(default, alias = "FieldId")]
    field_id: Option<String>,
    #[serde(default, alias = "Name")]
    name: Option<String>,
    /// Such as `Text` or `DateTime`.
    #[serde(default, rename = "type", alias = "Type")]
    kind: Json,
    #[serde(default, alias = "HasDate")]
    has_date: Json,
}

impl Definition {
    /// Whether it contains dates, if the schema says so.
    fn is_date(&self) -> Option<bool> {
        let by_type = self.kind.as_str().map(|kind| kind.to_ascii_lowercase().contains("date"));
        flag(&self.has_date).filter(|has| *has).or(by_type)
    }

    /// Its name and its id, if this is its name.
    fn named(&self, name: &str) -> Option<(&str, &str)> {
        let found = self.name.as_deref()?;
        found.eq_ignore_ascii_case(name).then_some((found, self.field_id.as_deref()?))
    }
}

impl Bound {
    /// Binds the columns of a mapping to the fields of a schema.
    ///
    /// # Errors
    /// [`Fault::NotBound`] if a required field is missing.
    pub fn new(columns: &Columns, object: &Summary, schema: &Schema) -> Result<Self, Fault> {
        let mut bound = Self {
            name: object.name.clone(),
            id: object.bus_ob_id.clone(),
            fields: Vec::new(),
            missing: Vec::new(),
            gone: Vec::new(),
            all_fields: schema.listed(),
            of_column: Vec::new(),
            by_id: HashMap::new(),
            changed: 0,
            incident_type: None,
            rec_id: None,
            closed: None,
        };
        for column in columns.all() {
            let place = bound.take(schema, &column.from);
            if place.is_none() && !bound.missing.iter().any(|name| **name == *column.from) {
                bound.missing.push(column.from.to_string());
            }
            bound.of_column.push(place);
            match (column.target, &*column.to) {
                (Target::UpdatedAt, _) => bound.changed = place.unwrap_or(0),
                (_, "closed_at") => bound.closed = place,
                _ => {}
            }
        }
        bound.need(columns)?;
        bound.rec_id = bound.take(schema, ID_FIELD);
        if columns.kind() == WorkItemKind::Incident {
            bound.incident_type = bound.take(schema, TYPE_FIELD);
        }
        Ok(bound)
    }

    /// The place of a field by its name, without regard to case; the field is requested from now on.
    fn take(&mut self, schema: &Schema, name: &str) -> Option<usize> {
        let (name, id) = schema.field_definitions.iter().find_map(|field| field.named(name))?;
        let bare = bare(id);
        if let Some(place) = self.by_id.get(&bare) {
            return Some(*place);
        }
        let full = format!("BO:{},FI:{bare}", self.id);
        self.fields.push(Field { name: name.to_owned(), bare: bare.clone(), full });
        self.by_id.insert(bare, self.fields.len() - 1);
        Some(self.fields.len() - 1)
    }

    /// Without these a record is no work item; the id and the number come with each record anyway.
    fn need(&self, columns: &Columns) -> Result<(), Fault> {
        let needed = [Target::Title, Target::State, Target::Open, Target::UpdatedAt];
        let lacking = columns.all().iter().zip(&self.of_column);
        let lacking = lacking.filter(|(column, place)| needed.contains(&column.target) && place.is_none());
        let lacking: Vec<_> = lacking.map(|(column, _)| format!("{}.{}", self.name, column.from)).collect();
        if lacking.is_empty() {
            return Ok(());
        }
        Err(Fault::NotBound { what: self.name.clone(), detail: lacking.join(", ") })
    }

    /// The place of a column's field, by the column's own place.
    pub fn field_of(&self, column: usize) -> Option<usize> {
        self.of_column.get(column).copied().flatten()
    }

    /// The place of a field by the id a record gives; `likely` is tried first, since records mostly come in one order.
    pub fn place(&self, id: &str, likely: usize) -> Option<usize> {
        let tail = tail(id);
        match self.fields.get(likely) {
            Some(field) if field.bare.eq_ignore_ascii_case(tail) => Some(likely),
            _ => self.by_id.get(&tail.to_ascii_lowercase()).copied(),
        }
    }

    /// Notes which of the columns that were bound when the connection was made have no field any more.
    pub fn compare(&mut self, kept: &WorkItemSpec, columns: &Columns) {
        let was = |to: &str| kept.columns.iter().any(|column| column.to == to);
        let gone =
            columns.all().iter().zip(&self.of_column).filter(|(column, place)| place.is_none() && was(&column.to));
        self.gone = gone.map(|(column, _)| Arc::clone(&column.to)).collect();
    }

    /// The binding for display.
    pub fn shown(&self, columns: &Columns) -> Vec<(String, String)> {
        let object = (columns.kind().id().to_owned(), short(&self.name));
        let renamed = columns.all().iter().zip(&self.of_column).filter_map(|(column, place)| {
            let field = &self.fields[(*place)?];
            (field.name != *column.from).then(|| (column.to.to_string(), short(&field.name)))
        });
        let missing = self.missing.iter().map(|name| (format!("{}.{name}", short(&self.name)), "-".to_owned()));
        std::iter::once(object).chain(renamed).chain(missing).collect()
    }
}

fn tail(id: &str) -> &str {
    id.rfind("FI:").map_or(id, |at| &id[at + 3..])
}

fn bare(id: &str) -> String {
    tail(id).trim().to_ascii_lowercase()
}

/// The names of all in a list of business objects, with nothing where it is none.
pub fn names(summaries: &[u8]) -> Vec<String> {
    let list: Vec<Listed> = serde_json::from_slice(summaries).unwrap_or_default();
    list.into_iter().filter_map(|listed| listed.name).map(|name| short(&name)).collect()
}

/// The business object of this name in a list of such.
///
/// # Errors
/// [`Fault::NoSuchObject`] if there is none, [`Fault::Malformed`] if it is no list.
pub fn find(name: &str, summaries: &[u8]) -> Result<Summary, Fault> {
    let malformed = |_| Fault::Malformed { what: name.to_owned(), detail: "no list of business objects".to_owned() };
    let list: Vec<Listed> = serde_json::from_slice(summaries).map_err(malformed)?;
    let missing = || Fault::NoSuchObject { object: name.to_owned() };
    list.into_iter().find_map(|listed| listed.named(name)).ok_or_else(missing)
}
