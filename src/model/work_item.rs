//! A work item: one incident or change request, in one shape whatever the product.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::fields::Attributes;

/// What may be synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkItemKind {
    /// An incident.
    Incident,
    /// A change request.
    ChangeRequest,
}

impl WorkItemKind {
    /// Every kind, in the order of screens and reports.
    pub const ALL: [Self; 2] = [Self::Incident, Self::ChangeRequest];

    /// The name in config, commands, JSON and the database.
    pub fn id(self) -> &'static str {
        match self {
            Self::Incident => "incident",
            Self::ChangeRequest => "change_request",
        }
    }

    /// The kind with this [`id`](Self::id).
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.id() == id)
    }
}

/// A choice, reference or plain value: what the product stores, and how it shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Value {
    /// The stored value: a choice's value, a reference's id, an RFC 3339 time in UTC, or the text itself.
    pub value: String,
    /// What to show for it, where that differs from `value`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

impl Value {
    /// A value that is shown as it is.
    pub fn plain(value: impl Into<String>) -> Self {
        Self { value: value.into(), label: None }
    }

    /// A value with its label.
    pub fn labelled(value: impl Into<String>, label: impl Into<String>) -> Self {
        let (value, label) = (value.into(), label.into());
        let label = (!label.is_empty() && label != value).then_some(label);
        Self { value, label }
    }

    /// What a screen shows: the label, else the value.
    pub fn shown(&self) -> &str {
        self.label.as_deref().unwrap_or(&self.value)
    }

    /// Whether the product holds nothing here.
    pub fn is_empty(&self) -> bool {
        self.value.is_empty()
    }
}

/// The attribute that holds the product's own change counter (ServiceNow: `sys_mod_count`).
pub const CHANGES: &str = "update_count";

/// One work item as it was read from a product. Text in it is already cleaned (see [`super::clean`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkItem {
    /// Incident or change request.
    pub kind: WorkItemKind,
    /// The product's own immutable id (ServiceNow: `sys_id`).
    pub source_id: String,
    /// The number people call it by, such as `INC0010001`.
    pub number: String,
    /// The short description.
    pub title: String,
    /// The state, with values that no list knows kept as they came.
    pub state: Value,
    /// The priority.
    pub priority: Value,
    /// Whether the product still counts it as active.
    pub open: bool,
    /// When it was opened.
    pub opened_at: Option<Timestamp>,
    /// When the product last changed it: the sync's order.
    pub updated_at: Timestamp,
    /// Every other attribute that was asked for, under the names of the partner's mapping, in its order;
    /// empty ones left out.
    pub fields: Attributes,
    /// The attributes (by the mapping's names) that the product did not show in this row: they are unknown, not empty,
    /// and what is stored of them is kept. Not stored itself.
    pub hidden: Vec<Arc<str>>,
}

impl WorkItem {
    /// The attribute with this name in the partner's mapping.
    pub fn field(&self, name: &str) -> Option<Value> {
        self.fields.get(name).map(|field| field.value())
    }

    /// Its place in the sync's order.
    pub fn cursor(&self) -> Cursor {
        Cursor { updated_at: self.updated_at, source_id: self.source_id.clone() }
    }
}

/// A place in the sync's order: changed at, then id. Paging asks for what comes after it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Cursor {
    /// When the last row seen was changed.
    pub updated_at: Timestamp,
    /// The last row's id, to break ties within one second.
    pub source_id: String,
}
