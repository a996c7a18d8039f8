//! The two kinds of work items.

use serde::{Deserialize, Serialize};

/// A kind of work item that the products hold.
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
