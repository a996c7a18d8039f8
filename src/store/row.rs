//! A work item as a row: times in Unix seconds, the further attributes as one JSON object.

use std::sync::{Arc, LazyLock};

use jiff::Timestamp;
use memchr::memmem::Finder;
use rusqlite::Row;

use super::problem::Problem;
use super::search::Text;
use crate::model::fields::{Attributes, Field, Fields};
use crate::model::work_item::{CHANGES, Value, WorkItem, WorkItemKind};

/// The attribute that is searched in addition to number and title.
const DESCRIPTION: &str = "description";

/// The columns of a work item, as they are written and compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemRecord {
    /// The product's id.
    pub source_id: String,
    /// The number.
    pub number: String,
    /// The title.
    pub title: String,
    /// The state.
    pub state: Value,
    /// The priority.
    pub priority: Value,
    /// Whether it is active.
    pub open: bool,
    /// When it was opened, in Unix seconds.
    pub opened_at: Option<i64>,
    /// When it was last changed, in Unix seconds.
    pub updated_at: i64,
    /// Whether the product has a change time for it; otherwise `updated_at` is a substitute.
    pub stamped: bool,
    /// The product's own change counter, where it is read.
    pub changes: Option<i64>,
    /// The further attributes: `{"name": "value", "other": ["value", "label"]}`, in the mapping's order.
    pub fields: String,
    /// Attributes that the product did not show; never read from the database.
    pub hidden: Vec<Arc<str>>,
    /// What [`end_day`](Self::end_day) is, where it was looked for already, outside of the writer's thread.
    pub(super) known_end: Option<Option<i64>>,
}

impl ItemRecord {
    /// The columns of a work item.
    pub fn new(item: WorkItem) -> Self {
        let fields = item.fields.into_json();
        Self {
            known_end: Some(end_day(&fields)),
            changes: CHANGE_COUNT.value(&fields).and_then(|count| count.trim().parse().ok()),
            fields,
            hidden: item.hidden,
            stamped: true,
            source_id: item.source_id,
            number: item.number,
            title: item.title,
            state: item.state,
            priority: item.priority,
            open: item.open,
            opened_at: item.opened_at.map(Timestamp::as_second),
            updated_at: item.updated_at.as_second(),
        }
    }

    /// The day it was opened, counted from 1970-01-01 in UTC.
    pub fn day(&self) -> Option<i64> {
        self.opened_at.map(|second| second.div_euclid(86_400))
    }

    /// The day it was resolved, or closed where the product notes only that, counted from 1970-01-01 in UTC.
    pub fn end_day(&self) -> Option<i64> {
        self.known_end.unwrap_or_else(|| end_day(&self.fields))
    }

    /// This row with its hidden values taken from the stored one.
    pub fn keeping(&self, old: &Self) -> Result<Self, Problem> {
        let mut kept = Self { hidden: Vec::new(), known_end: None, ..self.clone() };
        let mut fields = None;
        for name in &self.hidden {
            match &**name {
                "number" => kept.number.clone_from(&old.number),
                "title" => kept.title.clone_from(&old.title),
                "state" => kept.state.clone_from(&old.state),
                "priority" => kept.priority.clone_from(&old.priority),
                "open" => kept.open = old.open,
                "opened_at" => kept.opened_at = old.opened_at,
                name => {
                    let fields = match &mut fields {
                        Some(fields) => fields,
                        None => fields.insert(Attributes::read(self.fields.clone())?),
                    };
                    fields.retain(|known| !known.is(name));
                    old.attribute(name)?.iter().for_each(|stored| fields.add(stored));
                }
            }
        }
        if let Some(fields) = fields {
            kept.fields = fields.into_json();
        }
        Ok(kept)
    }

    /// Whether an attribute has a value; a boolean always has.
    pub fn has_value(&self, name: &str) -> Result<bool, Problem> {
        Ok(match name {
            "number" => !self.number.is_empty(),
            "title" => !self.title.is_empty(),
            "state" => !self.state.is_empty(),
            "priority" => !self.priority.is_empty(),
            "open" => true,
            "opened_at" => self.opened_at.is_some(),
            name => self.attribute(name)?.is_some_and(|field| !field.value.inner().is_empty()),
        })
    }

    /// One of the further attributes; all of them are looked at.
    fn attribute(&self, name: &str) -> Result<Option<Field<'_>>, Problem> {
        let mut found = None;
        for field in Fields::of(&self.fields).iter() {
            let field = field?;
            if found.is_none() && field.is(name) {
                found = Some(field);
            }
        }
        Ok(found)
    }

    /// What is searched of it.
    pub fn text(&self) -> Result<Text, Problem> {
        let description = self.attribute(DESCRIPTION)?.map(|field| field.value.text().into_owned());
        let description = description.unwrap_or_default();
        Ok(Text { number: self.number.clone(), title: self.title.clone(), description })
    }

    /// Whether both are equal; a counter that was not read is not compared.
    pub fn says_the_same(&self, stored: &Self) -> bool {
        let changes = if self.changes.is_none() { None } else { stored.changes };
        let Self { source_id, number, title, state, priority, open, opened_at, updated_at, stamped, fields, .. } = self;
        *source_id == stored.source_id
            && *number == stored.number
            && *title == stored.title
            && *state == stored.state
            && *priority == stored.priority
            && *open == stored.open
            && *opened_at == stored.opened_at
            && *updated_at == stored.updated_at
            && *stamped == stored.stamped
            && *fields == stored.fields
            && self.changes == changes
    }

    /// The columns [`ItemRecord::read`] wants, in its order.
    pub const COLUMNS: [&str; 13] = [
        "source_id",
        "number",
        "title",
        "state",
        "state_label",
        "priority",
        "priority_label",
        "open",
        "opened_at",
        "updated_at",
        "stamped",
        "changes",
        "fields",
    ];

    /// [`Self::COLUMNS`] as SQL, each after `prefix`.
    pub fn columns(prefix: &str) -> String {
        Self::COLUMNS.map(|column| format!("{prefix}{column}")).join(", ")
    }

    /// Reads [`Self::COLUMNS`], beginning with column `first`.
    pub fn read(row: &Row<'_>, first: usize) -> rusqlite::Result<Self> {
        Ok(Self {
            source_id: row.get(first)?,
            number: row.get(first + 1)?,
            title: row.get(first + 2)?,
            state: Value { value: row.get(first + 3)?, label: row.get(first + 4)? },
            priority: Value { value: row.get(first + 5)?, label: row.get(first + 6)? },
            open: row.get(first + 7)?,
            opened_at: row.get(first + 8)?,
            updated_at: row.get(first + 9)?,
            stamped: row.get(first + 10)?,
            changes: row.get(first + 11)?,
            fields: row.get(first + 12)?,
            hidden: Vec::new(),
            known_end: None,
        })
    }

    /// The work item it came from.
    pub fn into_item(self, kind: WorkItemKind) -> Result<WorkItem, Problem> {
        Ok(WorkItem {
            kind,
            fields: Attributes::read(self.fields)?,
            hidden: Vec::new(),
            source_id: self.source_id,
            number: self.number,
            title: self.title,
            state: self.state,
            priority: self.priority,
            open: self.open,
            opened_at: self.opened_at.map(Timestamp::from_second).transpose()?,
            updated_at: Timestamp::from_second(self.updated_at)?,
        })
    }
}

/// The product's own change counter.
static CHANGE_COUNT: LazyLock<Plain> = LazyLock::new(|| Plain::named(CHANGES));
/// When a work item ended; the first one that is there counts.
static ENDS: LazyLock<[Plain; 2]> = LazyLock::new(|| ["resolved_at", "closed_at"].map(Plain::named));

fn end_day(fields: &str) -> Option<i64> {
    let ended: Timestamp =
        ENDS.iter().find_map(|end| end.value(fields).filter(|text| !text.is_empty()))?.parse().ok()?;
    Some(ended.as_second().div_euclid(86_400))
}

/// An attribute whose value needs no escapes. It is found without reading the others: inside of a text a quote has a backslash
/// before it, so what looks like a name is one.
struct Plain(Finder<'static>);

impl Plain {
    fn named(name: &str) -> Self {
        Self(Finder::new(&format!("\"{name}\":")).into_owned())
    }

    fn value<'f>(&self, fields: &'f str) -> Option<&'f str> {
        let rest = fields.get(self.0.find(fields.as_bytes())? + self.0.needle().len()..)?;
        let text = rest.strip_prefix('[').unwrap_or(rest).strip_prefix('"')?;
        text.split_once('"').map(|(value, _)| value)
    }
}
