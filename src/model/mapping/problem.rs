//! What may be wrong with a mapping file, as data; `texts::mapping` puts it into words.

use serde::{Deserialize, Serialize};

use crate::model::work_item::WorkItemKind;

/// One problem of a mapping file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappingProblem {
    /// The line in the file, from 1; `None` for something that is not in it.
    pub line: Option<usize>,
    /// What is wrong.
    #[serde(flatten)]
    pub wrong: Wrong,
}

/// What is wrong.
#[allow(missing_docs, reason = "the fields are named for what they hold")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "problem", rename_all = "kebab-case")]
pub enum Wrong {
    /// It is no TOML.
    NotToml { detail: String },
    /// A key that means nothing here.
    UnknownKey { key: String, nearest: Option<String> },
    /// A value of another type than it must have, or none of the words it may be.
    NotA { key: String, expected: String },
    /// An attribute that work items do not have.
    UnknownAttribute { to: String, nearest: Option<String> },
    /// An attribute or kind that another line fills already.
    Repeated { to: String, first: Option<usize> },
    /// An attribute or key that must be there; `kind` is where.
    Missing { kind: Option<WorkItemKind>, to: String },
    /// The product has no such table, business object or route.
    NoSuchSource { name: String, nearest: Option<String> },
    /// The table has no such column.
    NoSuchColumn { name: String, source: String, nearest: Option<String> },
    /// A column whose values cannot fill the attribute.
    WrongType { from: String, to: String, found: String, expected: String },
    /// A column that is not the table's own id.
    NotTheId { from: String, id: String },
    /// A column that is not set by each change.
    NotTheChangeTime { from: String, changed: String },
}
