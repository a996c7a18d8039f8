//! What is done about each alert: pure decisions out of the alerts, the rules, and the tickets that there are.
//!
//! The [`Planner`] is given one alert after the other, in the order of time, and tells what to do and why. Every alert gets
//! a [`Verdict`]; what a verdict does to tickets are [`Operation`]s, which `service::ticketing` carries out. What the planner
//! must remember of a ticket is its [`Slot`], which is stored together with the verdicts.

mod fold;
mod planner;
mod preview;
mod slot;
mod storm;
#[cfg(test)]
pub(crate) mod tests;

use serde::{Deserialize, Serialize};

use super::alert::Condition;
use super::ticket::{Operation, TicketKey};

pub use fold::{Fold, Folded};
pub use planner::Planner;
pub use preview::{
    Preview, Previewed, RuleCount, RuleFold, RulePreview, SwitchSeen, in_order, preview, preview_rule, switched_on,
};
pub use slot::{KEPT_DAYS, Slot};

/// What is known of an alert beside what Azure tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// Up to which condition it was dealt with.
    pub handled: Condition,
    /// The slots of the tickets that it is in.
    pub slots: Vec<String>,
    /// Whether an admin said that it gets no ticket.
    pub ignored: bool,
    /// Whether it fired before its source was added: then it was somebody else's.
    pub before_start: bool,
}

/// What is done about an alert, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// A ticket is opened.
    Opened,
    /// A ticket is opened and resolved: the alert was over before it was first seen.
    OpenedAndResolved,
    /// The ticket of its series or group is open: it gets a note.
    Noted,
    /// The ticket of its series or group is open and has had its notes: the next one counts it.
    Counted,
    /// The resolved ticket of its series is opened again.
    Reopened,
    /// The rule's budget is used up: the alert is in the umbrella ticket.
    Umbrella,
    /// The ticket is resolved.
    Resolved,
    /// The ticket gets a note that the alert is over.
    NotedOver,
    /// The ticket stays as it is: the rule wants nothing done when an alert is over.
    LeftOpen,
    /// The ticket stays open: other alerts in it are still fired.
    OthersFire,
    /// The ticket stays open until the flapping series keeps quiet.
    Flapping,
    /// Its ticket is closed or gone already.
    TicketClosed,
    /// Nothing new.
    Unchanged,
    /// No rule matches.
    NoRule,
    /// The rule gives alerts of its severity no ticket.
    NoTicketForSeverity,
    /// An alert processing rule muted it.
    Suppressed,
    /// It comes from a test button.
    Test,
    /// It has no shape that is known.
    UnknownShape,
    /// An admin said so.
    Ignored,
    /// It fired before its source was added.
    BeforeStart,
    /// It was over before it was first seen.
    AlreadyOver,
    /// It is over, and it had no ticket.
    NoTicket,
    /// The rule's connection does not exist.
    NoConnection,
}

impl Verdict {
    /// All of them.
    pub const ALL: [Self; 23] = [
        Self::Opened,
        Self::OpenedAndResolved,
        Self::Noted,
        Self::Counted,
        Self::Reopened,
        Self::Umbrella,
        Self::Resolved,
        Self::NotedOver,
        Self::LeftOpen,
        Self::OthersFire,
        Self::Flapping,
        Self::TicketClosed,
        Self::Unchanged,
        Self::NoRule,
        Self::NoTicketForSeverity,
        Self::Suppressed,
        Self::Test,
        Self::UnknownShape,
        Self::Ignored,
        Self::BeforeStart,
        Self::AlreadyOver,
        Self::NoTicket,
        Self::NoConnection,
    ];

    /// The name in JSON and in the database.
    pub fn id(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::OpenedAndResolved => "opened-and-resolved",
            Self::Noted => "noted",
            Self::Counted => "counted",
            Self::Reopened => "reopened",
            Self::Umbrella => "umbrella",
            Self::Resolved => "resolved",
            Self::NotedOver => "noted-over",
            Self::LeftOpen => "left-open",
            Self::OthersFire => "others-fire",
            Self::Flapping => "flapping",
            Self::TicketClosed => "ticket-closed",
            Self::Unchanged => "unchanged",
            Self::NoRule => "no-rule",
            Self::NoTicketForSeverity => "no-ticket-for-severity",
            Self::Suppressed => "suppressed",
            Self::Test => "test",
            Self::UnknownShape => "unknown-shape",
            Self::Ignored => "ignored",
            Self::BeforeStart => "before-start",
            Self::AlreadyOver => "already-over",
            Self::NoTicket => "no-ticket",
            Self::NoConnection => "no-connection",
        }
    }

    /// The one with this [`id`](Self::id).
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.id() == id)
    }

    /// Whether the alert has a ticket by it.
    pub fn has_ticket(self) -> bool {
        matches!(
            self,
            Self::Opened
                | Self::OpenedAndResolved
                | Self::Noted
                | Self::Counted
                | Self::Reopened
                | Self::Umbrella
                | Self::Resolved
                | Self::NotedOver
                | Self::LeftOpen
                | Self::OthersFire
                | Self::Flapping
                | Self::TicketClosed
        )
    }
}

/// A write that is to be carried out, and on which ticket.
pub type Planned = (TicketKey, Operation);

/// What is done about one alert.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// In one word.
    pub verdict: Verdict,
    /// The rule that decided.
    pub rule: Option<String>,
    /// The slots of the tickets that it is in from now on.
    pub slots: Vec<String>,
    /// What is written.
    pub operations: Vec<Planned>,
}

impl Decision {
    fn nothing(verdict: Verdict, rule: Option<&str>) -> Self {
        Self { verdict, rule: rule.map(str::to_owned), slots: Vec::new(), operations: Vec::new() }
    }
}
