//! How alerts become tickets, in numbers: what the dashboard tells of them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use super::alert::AlertKey;
use super::alert_plan::Verdict;

/// For how many days alerts are counted: as long as Azure keeps them.
pub const DAYS: i64 = super::alert_source::KEPT_DAYS;

/// How many of the alert rules that fired most are told.
pub const MOST: usize = 40;

/// Counts over the alerts of the last [`DAYS`] days, of all sources.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AlertCounts {
    /// Alerts that are fired now.
    pub fired: u64,
    /// Those of them that have no ticket, by the reason; without one where nothing is decided yet.
    pub without: BTreeMap<Option<Verdict>, u64>,
    /// Alerts of a form that is not known, which have no ticket for that reason.
    pub unknown: u64,
    /// Tickets of which the product refused something.
    pub refused: u64,
    /// Tickets of which nothing can prove what became of a write.
    pub unsure: u64,
    /// When the oldest of the fired alerts fired about which nothing is decided yet.
    pub undecided_since: Option<Timestamp>,
    /// Since when the oldest write to a product waits that is not at its end.
    pub waiting_since: Option<Timestamp>,
    /// Open tickets beside which the product has others with the same key, by their numbers; at most [`MOST`].
    pub doubled: Vec<String>,
    /// Tickets that are gone from their product although their alerts still fire.
    pub lost: Vec<LostTicket>,
    /// The alert rules of Azure that fired most, most first, at most [`MOST`].
    pub rules: Vec<RuleFirings>,
    /// How many rules fired beside those.
    pub more_rules: usize,
}

/// A ticket that is gone from its product although its alert still fires: somebody deleted it, or the product was restored from a
/// backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LostTicket {
    /// The alert.
    pub alert: AlertKey,
    /// The ticket's number.
    pub number: String,
    /// The connection.
    pub connection: String,
}

/// An alert rule of Azure that fired.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleFirings {
    /// Its name.
    pub name: String,
    /// How many alerts it raised.
    pub alerts: u64,
    /// How many tickets were opened for them.
    pub tickets: u64,
    /// How many of them an alert processing rule muted.
    pub muted: u64,
}

impl AlertCounts {
    /// Fired alerts without a ticket, whatever the reason.
    pub fn without_ticket(&self) -> u64 {
        self.without.values().sum()
    }

    /// Fired alerts without a ticket that nobody wanted to be without one.
    pub fn unwanted(&self) -> u64 {
        let unwanted = |reason: &Option<Verdict>| {
            matches!(reason, None | Some(Verdict::NoRule | Verdict::NoConnection | Verdict::UnknownShape))
        };
        self.without.iter().filter(|(reason, _)| unwanted(reason)).map(|(_, count)| count).sum()
    }

    /// Fired alerts that an alert processing rule mutes.
    pub fn muted(&self) -> u64 {
        self.without.get(&Some(Verdict::Suppressed)).copied().unwrap_or_default()
    }
}
