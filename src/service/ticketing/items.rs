//! Configuration items that an earlier run may have asked for, of products where asking again could make them twice.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::TicketSettings;
use super::judge::{Certainty, certainty};
use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::model::ticket::{NotMade, Operation, OutboxEntry, OutboxState, TicketFinding};
use crate::partner::Tickets;
use crate::partner::written::host;
use crate::store::Store;

/// Until when a ticket about such an item waits, by the item's name: by then the earlier request was carried out or never
/// will be, and the product shows the item.
#[derive(Debug, Default)]
pub struct Doubts(BTreeMap<String, Timestamp>);

impl Doubts {
    /// Those of what earlier runs left open.
    ///
    /// # Errors
    /// The store's own.
    pub async fn read(
        store: &Store,
        connection: &ConnectionName,
        tickets: &dyn Tickets,
        settings: TicketSettings,
    ) -> Result<Self, Fault> {
        if !tickets.doubles_items() {
            return Ok(Self::default());
        }
        let lag = if tickets.lags() { settings.list_cache } else { SignedDuration::ZERO };
        // What is carried out at the last moment is shown only then.
        let (wait, now) = (settings.settling.saturating_add(lag), Timestamp::now());
        let since = now.saturating_sub(wait).unwrap_or(Timestamp::MIN);
        let mut all = BTreeMap::new();
        for entry in store.opened_since(connection, since).await? {
            let Some(name) = item(&entry).filter(|_| is_open(&entry, tickets.lags())) else { continue };
            // A clock that was set back makes no wait longer.
            let sent = entry.sent_at.unwrap_or(now).min(now);
            let free = sent.saturating_add(wait).unwrap_or(Timestamp::MAX);
            let last = all.entry(name).or_insert(free);
            *last = free.max(*last);
        }
        Ok(Self(all))
    }

    /// When a ticket can be gone on with whose item may be made by an earlier request, if that is later than now.
    pub fn until(&self, entry: &OutboxEntry, now: Timestamp) -> Option<Timestamp> {
        let until = self.0.get(&item(entry)?).copied();
        until.filter(|until| *until > now)
    }
}

/// The computer that a ticket to be opened is about.
fn item(entry: &OutboxEntry) -> Option<String> {
    let Operation::Open { draft } = &entry.operation else { return None };
    let hint = draft.item.as_ref().filter(|hint| hint.is_computer)?;
    Some(host(&hint.name).to_lowercase())
}

/// Whether the product may still make the item of a ticket, or may not show it yet.
fn is_open(entry: &OutboxEntry, lags: bool) -> bool {
    let made = |found: &TicketFinding| match found {
        TicketFinding::ItemFailed { fault, .. } => certainty(fault) != Certainty::Refused,
        TicketFinding::ItemNotMade { why, .. } => *why == NotMade::MayBeMade,
        TicketFinding::ItemCreated { .. } => lags,
        _ => false,
    };
    entry.state == OutboxState::Sent || entry.findings.iter().any(made)
}
