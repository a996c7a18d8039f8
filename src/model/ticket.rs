//! Tickets as data: what they are for, what they hold, what is written to a product, and what the product shows.

mod draft;
mod item;
mod key;
mod listing;
mod operation;

pub use draft::{ItemHint, Reference, TicketDraft, TicketKind, Way};
pub use item::NotMade;
pub use key::{MARK, Subject, TicketKey};
pub use listing::{Listed, ListedEntry, Listing};
pub use operation::{Operation, OutboxEntry, OutboxState, fields};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Where a ticket stands, in one scale for all products.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TicketState {
    /// Nobody has begun.
    New,
    /// Somebody is at it, or it waits.
    InProgress,
    /// Resolved; it can be reopened.
    Resolved,
    /// Closed; most products reopen it no more.
    Closed,
    /// Cancelled.
    Cancelled,
    /// Deleted, or hidden from this user.
    Gone,
    /// The product's state has no place in this scale.
    Unknown,
}

impl TicketState {
    /// Every state.
    pub const ALL: [Self; 7] =
        [Self::New, Self::InProgress, Self::Resolved, Self::Closed, Self::Cancelled, Self::Gone, Self::Unknown];

    /// The name in JSON and the database.
    pub fn id(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::InProgress => "in-progress",
            Self::Resolved => "resolved",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
            Self::Gone => "gone",
            Self::Unknown => "unknown",
        }
    }

    /// The state with this [`id`](Self::id).
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.id() == id)
    }

    /// Whether work on it is still to be done.
    pub fn is_open(self) -> bool {
        matches!(self, Self::New | Self::InProgress | Self::Unknown)
    }

    /// Whether a new firing needs a new ticket, because this one takes no change any more.
    pub fn needs_successor(self) -> bool {
        matches!(self, Self::Closed | Self::Cancelled | Self::Gone)
    }
}

/// A ticket as the product shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// Incident, event or alert.
    pub kind: TicketKind,
    /// The product's own id.
    pub id: String,
    /// The number people call it by; empty where the product gives none.
    pub number: String,
    /// Where it stands.
    pub state: TicketState,
    /// The state as the product stores it.
    pub raw_state: String,
    /// Who has it, if somebody has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assigned_to: Option<String>,
    /// Who changed it last, by the product's account, where it tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_by: Option<String>,
    /// Who made it, by the product's account, where it tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_by: Option<String>,
    /// When it was changed last, where the product tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_at: Option<Timestamp>,
    /// The number of the last note of ours on it, where the product can hold one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub noted: Option<u32>,
    /// Its page in the product, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// How a human has taken a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum Taken {
    /// It was assigned to somebody.
    Assigned {
        /// To whom.
        to: String,
    },
    /// Its state is another one than we left.
    StateChanged {
        /// The state it has now, as the product stores it.
        to: String,
    },
    /// Another user than ours changed it last.
    Edited {
        /// The user's account.
        user: String,
    },
}

/// Accounts of the products themselves: jobs and rules that change records.
const SYSTEMS: [&str; 3] = ["system", "guest", "workflow"];

fn is_system(user: &str) -> bool {
    SYSTEMS.iter().any(|system| user.eq_ignore_ascii_case(system))
}

impl Ticket {
    /// Whether a human has taken it since we left it as in `before`, which is what the product showed after our last
    /// change. What the product's own rules do at that change, such as assigning it, is part of `before`.
    pub fn taken_since(&self, before: &Self) -> Option<Taken> {
        if let Some(to) = self.assigned_to.as_ref().filter(|_| self.assigned_to != before.assigned_to) {
            return Some(Taken::Assigned { to: to.clone() });
        }
        if self.raw_state != before.raw_state {
            return Some(Taken::StateChanged { to: self.raw_state.clone() });
        }
        let user = self.changed_by.as_ref().filter(|user| before.changed_by.as_ref() != Some(*user))?;
        (before.changed_by.is_some() && !is_system(user)).then(|| Taken::Edited { user: user.clone() })
    }

    /// Whether a human may have taken it, where nobody knows any more how we left it: what is not as at the beginning counts as a
    /// human's doing.
    pub fn taken_unless_new(&self) -> Option<Taken> {
        if let Some(to) = self.assigned_to.as_ref().filter(|_| self.assigned_to != self.made_by) {
            return Some(Taken::Assigned { to: to.clone() });
        }
        if self.state != TicketState::New {
            return Some(Taken::StateChanged { to: self.raw_state.clone() });
        }
        let user = self.changed_by.as_ref().filter(|user| self.made_by.as_ref() != Some(*user) && !is_system(user))?;
        Some(Taken::Edited { user: user.clone() })
    }
}

/// A ticket that we made, as it is stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TicketRecord {
    /// What it is for.
    pub key: TicketKey,
    /// Incident, event or alert.
    pub kind: TicketKind,
    /// What the product showed after our last change; `None` until it was seen there.
    pub ticket: Option<Ticket>,
    /// How many notes of ours were stored for it, sent or not.
    pub notes: u32,
    /// How a human has taken it.
    pub taken: Option<Taken>,
    /// When it was first stored.
    pub made_at: Timestamp,
    /// When the product last showed it.
    pub seen_at: Option<Timestamp>,
}

/// One thing that was noticed about a ticket although it went on. `texts::ticket` puts each into words.
#[allow(missing_docs, reason = "the fields are named for what they hold")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum TicketFinding {
    /// The product did not keep these fields, although it took the change.
    DroppedFields { fields: Vec<String> },
    /// The product gave the record another id than the one it was sent.
    OwnIdIgnored { sent: String, got: String },
    /// Several records bear our key: the older one is used.
    Doubled {
        kept: String,
        others: Vec<String>,
        /// The pages of the others in the product, in the same order; none where the product has none.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        links: Vec<String>,
    },
    /// No record, or several, of this name in the product; the field was left out.
    ReferenceUnknown { field: String, name: String, found: u64 },
    /// No configuration item was found, and none may be created.
    ItemUnknown { name: String },
    /// Several configuration items may be meant: none was set.
    ItemUnclear { name: String, found: Vec<String> },
    /// A configuration item could not be looked up or created; the ticket was made without it.
    ItemFailed { name: String, fault: Box<crate::model::fault::Fault> },
    /// A configuration item was to be created, and was not; the ticket was made without it.
    ItemNotMade { name: String, why: NotMade },
    /// A configuration item was created.
    ItemCreated { name: String, id: String },
    /// A human has taken the ticket, so it got a note and was left as it is.
    LeftToHuman { taken: Taken },
    /// The template has parts that cannot be applied from outside.
    TemplateParts { template: String, left_out: Vec<String> },
    /// The ticket is closed or gone and takes no change.
    Closed { state: TicketState },
    /// A lost reply was made good: the record was there.
    FoundAfterLoss,
    /// The ticket was there before anything was sent: an earlier database made it.
    Recovered,
    /// The product has no such operation.
    NotOffered { operation: String },
}

impl TicketFinding {
    /// Whether it only tells what was done, and nobody has to do anything about it.
    pub fn is_notice(&self) -> bool {
        matches!(self, Self::FoundAfterLoss | Self::Recovered | Self::ItemCreated { .. } | Self::LeftToHuman { .. })
    }

    /// The stable code in JSON, in kebab-case.
    pub fn code(&self) -> &'static str {
        match self {
            Self::DroppedFields { .. } => "dropped-fields",
            Self::OwnIdIgnored { .. } => "own-id-ignored",
            Self::Doubled { .. } => "doubled",
            Self::ReferenceUnknown { .. } => "reference-unknown",
            Self::ItemUnknown { .. } => "item-unknown",
            Self::ItemUnclear { .. } => "item-unclear",
            Self::ItemFailed { .. } => "item-failed",
            Self::ItemNotMade { .. } => "item-not-made",
            Self::ItemCreated { .. } => "item-created",
            Self::LeftToHuman { .. } => "left-to-human",
            Self::TemplateParts { .. } => "template-parts",
            Self::Closed { .. } => "closed",
            Self::FoundAfterLoss => "found-after-loss",
            Self::Recovered => "recovered",
            Self::NotOffered { .. } => "not-offered",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left() -> Ticket {
        Ticket {
            kind: TicketKind::Incident,
            id: "1".into(),
            number: "INC1".into(),
            state: TicketState::New,
            raw_state: "1".into(),
            assigned_to: Some("by rule".into()),
            changed_by: Some("azure.integration".into()),
            made_by: Some("azure.integration".into()),
            changed_at: None,
            noted: Some(0),
            url: None,
        }
    }

    #[test]
    fn a_ticket_as_we_left_it_is_ours() {
        assert_eq!(left().taken_since(&left()), None);
        let by_job = Ticket { changed_by: Some("system".into()), ..left() };
        assert_eq!(by_job.taken_since(&left()), None);
        let unassigned = Ticket { assigned_to: None, ..left() };
        assert_eq!(unassigned.taken_since(&left()), None);
    }

    #[test]
    fn a_human_takes_a_ticket_by_assignment_state_or_edit() {
        let assigned = Ticket { assigned_to: Some("Beth".into()), ..left() };
        assert_eq!(assigned.taken_since(&left()), Some(Taken::Assigned { to: "Beth".into() }));
        let begun = Ticket { raw_state: "2".into(), state: TicketState::InProgress, ..left() };
        assert_eq!(begun.taken_since(&left()), Some(Taken::StateChanged { to: "2".into() }));
        let edited = Ticket { changed_by: Some("beth".into()), ..left() };
        assert_eq!(edited.taken_since(&left()), Some(Taken::Edited { user: "beth".into() }));
    }

    #[test]
    fn a_ticket_of_an_earlier_database_is_ours_only_as_it_was_made() {
        let made = Ticket { assigned_to: None, ..left() };
        assert_eq!(made.taken_unless_new(), None);
        let owned = Ticket { assigned_to: made.made_by.clone(), ..made.clone() };
        assert_eq!(owned.taken_unless_new(), None, "who makes it owns it");
        let others = [
            left(),
            Ticket { state: TicketState::InProgress, ..made.clone() },
            Ticket { state: TicketState::Unknown, ..made.clone() },
            Ticket { changed_by: Some("beth".into()), ..made.clone() },
            Ticket { made_by: None, ..made.clone() },
        ];
        for other in others {
            assert!(other.taken_unless_new().is_some(), "{other:?}");
        }
        let silent = Ticket { changed_by: None, made_by: None, ..made };
        assert_eq!(silent.taken_unless_new(), None, "a product that tells of nobody");
    }

    #[test]
    fn codes_and_ids_are_those_in_json() {
        let finding = TicketFinding::Closed { state: TicketState::Closed };
        assert_eq!(serde_json::to_value(&finding).unwrap()["code"], finding.code());
        assert_eq!(serde_json::to_value(TicketFinding::FoundAfterLoss).unwrap()["code"], "found-after-loss");
        for state in TicketState::ALL {
            assert_eq!(serde_json::to_value(state).unwrap(), state.id());
            assert_eq!(TicketState::from_id(state.id()), Some(state));
        }
        for state in OutboxState::ALL {
            assert_eq!(serde_json::to_value(state).unwrap(), state.id());
            assert_eq!(OutboxState::from_id(state.id()), Some(state));
        }
        for kind in TicketKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.id());
            assert_eq!(TicketKind::from_id(kind.id()), Some(kind));
        }
    }
}
