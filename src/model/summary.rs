//! What a tile shows of a connection: counts, trend, health; read from the store in milliseconds.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::checklist::ItemId;
use super::fault::{Fault, Retry};
use super::mend::Done;
use super::rotation::Rotated;
use super::sweep::{Gap, SweepRecord};
use super::token::{SignIn, Urgency};
use super::work_item::{Value, WorkItemKind};

/// The exit code of faults that come of a sign-in.
const SIGN_IN: u8 = 3;

/// How many days the sparkline spans.
pub const TREND_DAYS: usize = 14;

/// The stored work items of one connection, counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// By kind; a kind that was never synced is missing.
    pub kinds: BTreeMap<WorkItemKind, KindSummary>,
    /// The last sync run, whether or not it ended well.
    pub last_sync: Option<SyncRecord>,
    /// When the last complete sync ended.
    pub last_complete: Option<Timestamp>,
    /// The sign-in, as far as it is known without opening the vault.
    pub sign_in: Option<SignIn>,
}

/// The counts of one kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KindSummary {
    /// Every stored item that the product has.
    pub total: u64,
    /// Those still active.
    pub open: u64,
    /// Stored items that are gone from the product; in none of the other counts.
    pub removed: u64,
    /// The last sweep that came to its end.
    pub sweep: Option<SweepRecord>,
    /// What is not known of it, until a sweep has found out.
    pub gap: Option<Gap>,
    /// By state, most first.
    pub by_state: Vec<(Value, u64)>,
    /// By priority, in the order of its values.
    pub by_priority: Vec<(Value, u64)>,
    /// New items a day by the day they were opened (UTC), oldest first, [`TREND_DAYS`] of them, today last.
    pub trend: Vec<u64>,
}

/// One finished sync run of a connection, as the activity log keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncRecord {
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Timestamp,
    /// Work items that were new or changed.
    pub changed: u64,
    /// Whether everything there was to see was seen and stored.
    pub complete: bool,
    /// What stopped it, if something did.
    pub fault: Option<Fault>,
    /// When the first of the syncs ended that have failed in a row; set by the store.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failing_since: Option<Timestamp>,
}

impl SyncRecord {
    /// Notes since when syncs have been failing, by the one before this.
    pub fn after(mut self, before: Option<&Self>) -> Self {
        let earlier = before.filter(|before| before.fault.is_some());
        let since = earlier.map_or(self.ended_at, |before| before.failing_since.unwrap_or(before.ended_at));
        self.failing_since = self.fault.is_some().then_some(since);
        self
    }
}

/// The health of a connection, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// Something is wrong that does not pass by itself.
    Failing,
    /// It works, with a finding: incomplete, limited for now, or a sign-in that ends soon.
    Warning,
    /// Never synced yet.
    New,
    /// All is well.
    Healthy,
}

impl Health {
    /// The name in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Self::Failing => "failing",
            Self::Warning => "warning",
            Self::New => "new",
            Self::Healthy => "healthy",
        }
    }
}

impl Summary {
    /// What the last sync ended with, if it still stands: a sign-in that was refused then says nothing once there is
    /// a newer sign-in.
    pub fn standing_fault(&self) -> Option<&Fault> {
        let last = self.last_sync.as_ref()?;
        let renewed = self.sign_in.is_some_and(|sign_in| sign_in.signed_in_at > last.started_at);
        last.fault.as_ref().filter(|fault| !(renewed && fault.exit_code() == SIGN_IN))
    }

    /// What is not known, by kind.
    pub fn gaps(&self) -> impl Iterator<Item = (WorkItemKind, &Gap)> {
        self.kinds.iter().filter_map(|(kind, summary)| Some((*kind, summary.gap.as_ref()?)))
    }

    /// The health at `now`.
    pub fn health(&self, now: Timestamp) -> Health {
        let sign_in = match self.sign_in.map(|sign_in| sign_in.urgency(now)) {
            Some(Urgency::Over | Urgency::Error) => Health::Failing,
            Some(Urgency::Warning) => Health::Warning,
            Some(Urgency::None) | None => Health::Healthy,
        };
        let sync = match &self.last_sync {
            None => Health::New,
            Some(_) if self.standing_fault().is_some_and(|fault| fault.retry() == Retry::No) => Health::Failing,
            Some(SyncRecord { complete: false, .. } | SyncRecord { fault: Some(_), .. }) => Health::Warning,
            Some(_) => Health::Healthy,
        };
        let known = if self.gaps().next().is_some() { Health::Warning } else { Health::Healthy };
        sign_in.min(sync).min(known)
    }
}

/// One line of the activity log: a sync, a test, a change of the connection or its sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// When it ended.
    pub at: Timestamp,
    /// What was done.
    pub event: Event,
}

/// What the activity log tells of.
#[allow(missing_docs, reason = "the fields are named for what they hold")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A sync ended, one record for all kinds.
    Synced { record: SyncRecord, fetched: u64, inserted: u64, updated: u64, unchanged: u64, hidden: u64 },
    /// A sweep of one kind ended.
    Swept { kind: WorkItemKind, record: SweepRecord },
    /// A sweep of one kind was stopped.
    SweepFailed { kind: WorkItemKind, fault: Fault },
    /// The connection signs in as somebody else or to another server: what was stored before is not shown any more.
    IdentityChanged { parts: Vec<super::form::FieldId> },
    /// A live test ended.
    Tested { passed: bool, failed_step: Option<super::check::StepId> },
    /// The connection was added.
    Added,
    /// The connection was changed; the keys that changed.
    Edited { keys: Vec<String> },
    /// A password grant gave new tokens.
    SignedIn,
    /// An admin's sign-in changed something in the product: who, what, before, after.
    Mended { done: Box<Done> },
    /// The tokens were rotated.
    Rotated { rotated: Rotated },
    /// Tokens were revoked, by fingerprint or the id of their row; what kept others from it.
    TokensRevoked { revoked: Vec<String>, fault: Option<Fault> },
    /// The admin said of items of the checklist that they are so.
    Confirmed { items: Vec<ItemId> },
    /// The admin took back what was said of an item.
    Withdrawn { item: ItemId },
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + 60 * minute).unwrap()
    }

    fn signed_out() -> Fault {
        Fault::SignedOut { connection: "contoso".into() }
    }

    #[rstest]
    #[case(None, signed_out(), Health::Failing)]
    #[case(Some(5), signed_out(), Health::Failing)]
    #[case(Some(15), signed_out(), Health::Warning)]
    #[case(Some(15), Fault::NoSuchTable { table: "incident".into() }, Health::Failing)]
    fn a_newer_sign_in_ends_what_an_older_sync_said_of_it(
        #[case] signed_in: Option<i64>,
        #[case] fault: Fault,
        #[case] expected: Health,
    ) {
        let record = SyncRecord {
            started_at: at(10),
            ended_at: at(11),
            changed: 0,
            complete: false,
            fault: Some(fault),
            failing_since: None,
        };
        let sign_in = signed_in.map(|minute| SignIn {
            signed_in_at: at(minute),
            lifespan_seconds: SignIn::ASSUMED_LIFESPAN_SECONDS,
            lifespan_known: true,
        });
        let summary = Summary { last_sync: Some(record), sign_in, ..Summary::default() };
        assert_eq!(summary.health(at(20)), expected);
        assert_eq!(summary.standing_fault().is_some(), expected == Health::Failing);
    }
}
