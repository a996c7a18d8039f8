//! Writes to a product as data. Each is stored before it is sent; after a crash it is looked up before it is sent again.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{TicketDraft, TicketFinding, TicketKey, TicketKind};
use crate::model::fault::Fault;

/// One write.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub enum Operation {
    /// Make the ticket.
    Open {
        /// What it is to hold.
        draft: Box<TicketDraft>,
    },
    /// Add a note.
    Note {
        /// Its number on this ticket, from 1; the store gives it when the operation is kept.
        #[serde(default)]
        number: u32,
        /// The text.
        text: String,
        /// Whether it tells of an alert that fires. Where the ticket was closed meanwhile, such a note opens its successor.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        fires: bool,
    },
    /// Change fields of ours.
    Update {
        /// The fields by the product's own names, or the names in [`fields`].
        fields: BTreeMap<String, String>,
    },
    /// Resolve the ticket.
    Resolve {
        /// What is written as the reason.
        text: String,
        /// The close code, where the rule names one; else that of the connection.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<String>,
    },
    /// Open a resolved ticket again. A closed one cannot be reopened and gets a successor.
    Reopen {
        /// Why.
        text: String,
    },
    /// Find the ticket that an earlier database made, and do this to it. Where there is none, nothing is done.
    Recover {
        /// Incident, event or alert.
        kind: TicketKind,
        /// What is done to it.
        then: Box<Operation>,
    },
}

/// The names in [`Operation::Update`] that mean the same for every product.
pub mod fields {
    /// The one line.
    pub const TITLE: &str = "title";
    /// The whole text.
    pub const DESCRIPTION: &str = "description";
    /// The impact, 1 to 3.
    pub const IMPACT: &str = "impact";
    /// The urgency, 1 to 3.
    pub const URGENCY: &str = "urgency";
}

impl Operation {
    /// Its name in JSON and the database.
    pub fn id(&self) -> &'static str {
        match self {
            Self::Open { .. } => "open",
            Self::Note { .. } => "note",
            Self::Update { .. } => "update",
            Self::Resolve { .. } => "resolve",
            Self::Reopen { .. } => "reopen",
            Self::Recover { .. } => "recover",
        }
    }

    /// Whether a human's ticket is spared from it; such a ticket gets a note.
    pub fn changes(&self) -> bool {
        matches!(self, Self::Update { .. } | Self::Resolve { .. } | Self::Reopen { .. })
    }
}

/// How far an operation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutboxState {
    /// Stored, nothing sent.
    Prepared,
    /// A request left, and nothing proves yet what became of it.
    Sent,
    /// The product shows the change.
    Confirmed,
    /// The product refused it, and would again.
    Refused,
    /// A request left, and nothing can prove what became of it: a human decides.
    Unsure,
}

impl OutboxState {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Prepared, Self::Sent, Self::Confirmed, Self::Refused, Self::Unsure];

    /// The name in JSON and the database.
    pub fn id(self) -> &'static str {
        match self {
            Self::Prepared => "prepared",
            Self::Sent => "sent",
            Self::Confirmed => "confirmed",
            Self::Refused => "refused",
            Self::Unsure => "unsure",
        }
    }

    /// The state with this [`id`](Self::id).
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.id() == id)
    }

    /// Whether nothing more is done about it without a human.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Confirmed | Self::Refused | Self::Unsure)
    }
}

/// One row of the outbox.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutboxEntry {
    /// Its number; operations on one ticket are carried out in this order.
    pub id: i64,
    /// The ticket.
    pub key: TicketKey,
    /// What is to be done.
    pub operation: Operation,
    /// How far it is.
    pub state: OutboxState,
    /// How often a request left for it.
    pub attempts: u32,
    /// Why it is not done, where it is not.
    pub fault: Option<Fault>,
    /// What was noticed.
    pub findings: Vec<TicketFinding>,
    /// When it was stored.
    pub prepared_at: Timestamp,
    /// When its last request left.
    pub sent_at: Option<Timestamp>,
    /// When it came to its end.
    pub ended_at: Option<Timestamp>,
    /// Nothing is sent for it before.
    pub not_before: Option<Timestamp>,
}
