//! What a tile shows of a connection: counts, trend, health; read from the store in milliseconds.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::connection::Connection;
use super::fault::{Fault, Retry};
use super::finding::SyncFinding;
use super::fix::Done;
use super::identity::Identity;
use super::item_id::ItemId;
use super::leaving::Leaving;
use super::rotation::Rotated;
use super::sweep::{Gap, SweepRecord};
use super::token::{SignIn, Urgency};
use super::work_item::{Value, WorkItemKind};

/// The exit code of faults that come of a sign-in.
const SIGN_IN: u8 = 3;

/// A sync that is dated further ahead than this is dated wrongly.
pub const CLOCK_SLACK: SignedDuration = SignedDuration::from_secs(120);

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
    /// As whom it is signed in, where that is known.
    pub signed_in_as: Option<Identity>,
    /// Why it is signed out, if it is.
    pub signed_out: Option<Fault>,
    /// When its client secret ends, where the admin said so.
    pub client_secret_expires: Option<Timestamp>,
    /// What the stored rows themselves tell, beside the findings of the last sync.
    pub findings: Vec<SyncFinding>,
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
    /// By priority, the most urgent first (see [`super::priority`]).
    pub by_priority: Vec<(Value, u64)>,
    /// The open ones by state, most first.
    pub open_by_state: Vec<(Value, u64)>,
    /// The open ones by priority, likewise.
    pub open_by_priority: Vec<(Value, u64)>,
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
    /// What it noticed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<SyncFinding>,
    /// What still stands of the sync before, when this one was stopped by the user; set by the store.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earlier_fault: Option<Fault>,
}

impl SyncRecord {
    /// Whether the user or the system stopped it, which says nothing about the connection.
    pub fn was_stopped(&self) -> bool {
        self.fault == Some(Fault::Interrupted)
    }

    /// What was wrong when it ended: its fault, or, of one that was stopped, what was wrong before it.
    pub fn standing_fault(&self) -> Option<&Fault> {
        if self.was_stopped() { self.earlier_fault.as_ref() } else { self.fault.as_ref() }
    }

    /// Notes since when syncs have been failing, by the one before this. One that was stopped proves nothing: what
    /// stood before it still stands.
    pub fn after(mut self, before: Option<&Self>) -> Self {
        if self.was_stopped() {
            self.earlier_fault = before.and_then(Self::standing_fault).cloned();
            self.failing_since = before.and_then(|before| before.failing_since);
            if let Some(before) = before.filter(|_| self.findings.is_empty()) {
                self.findings.clone_from(&before.findings);
            }
            return self;
        }
        let earlier = before.filter(|before| before.standing_fault().is_some());
        let since = earlier.map_or(self.ended_at, |before| before.failing_since.unwrap_or(before.ended_at));
        self.failing_since = self.fault.is_some().then_some(since);
        self
    }
}

/// The health of a connection, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// It can do nothing until someone signs in.
    SignedOut,
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
            Self::SignedOut => "signed_out",
            Self::Failing => "failing",
            Self::Warning => "warning",
            Self::New => "new",
            Self::Healthy => "healthy",
        }
    }
}

/// What is noted of a sign-in outside the vault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// When it was made, and when it ends.
    pub sign_in: SignIn,
    /// As whom.
    pub identity: Identity,
    /// When the client secret ends, where the admin said so.
    pub client_secret_expires: Option<Timestamp>,
}

impl Summary {
    /// The same, seen beside the connection's settings: one that was signed in as another is signed out.
    pub fn beside(mut self, connection: &Connection) -> Self {
        let now = Identity::of(connection);
        if let Some(was) = self.signed_in_as.as_ref().filter(|was| **was != now) {
            self.signed_out = Some(was.changed_to(&now, &connection.name));
        }
        self
    }

    /// How near the end of the client secret is.
    pub fn client_secret_urgency(&self, now: Timestamp) -> Urgency {
        self.client_secret_expires.map_or(Urgency::None, |end| Urgency::of_end(end, now))
    }

    /// What the last sync ended with, if it still stands: a sign-in that was refused then says nothing once there is
    /// a newer sign-in.
    pub fn standing_fault(&self) -> Option<&Fault> {
        if self.signed_out.is_some() {
            return self.signed_out.as_ref();
        }
        let last = self.last_sync.as_ref()?;
        let renewed = self.sign_in.is_some_and(|sign_in| sign_in.signed_in_at > last.started_at);
        last.standing_fault().filter(|fault| !(renewed && fault.exit_code() == SIGN_IN))
    }

    /// Everything that was noticed and still stands at `now`: by the last sync, of the stored rows, and of the clock.
    pub fn standing_findings(&self, now: Timestamp) -> Vec<SyncFinding> {
        let last = self.last_sync.as_ref();
        let mut all = last.map(|last| last.findings.clone()).unwrap_or_default();
        let gaps = self.kinds.iter().filter_map(|(kind, counts)| Some(counts.gap.as_ref()?.finding(*kind)));
        all.extend(gaps);
        let said = |found: &SyncFinding| all.iter().any(|other| other.says_as_much_as(found));
        let more: Vec<_> = self.findings.iter().filter(|found| !said(found)).cloned().collect();
        all.extend(more);
        let ahead = |at: &Timestamp| at.duration_since(now) > CLOCK_SLACK;
        let ended = self.last_complete.into_iter().chain(last.map(|last| last.ended_at)).max();
        all.extend(ended.filter(ahead).map(|at| SyncFinding::SyncedInFuture { at }));
        all
    }

    /// The health at `now`.
    pub fn health(&self, now: Timestamp) -> Health {
        if self.standing_fault().is_some_and(Fault::is_signed_out) {
            return Health::SignedOut;
        }
        let sign_in = self.sign_in.map_or(Urgency::None, |sign_in| sign_in.urgency(now));
        let sign_in = match sign_in.max(self.client_secret_urgency(now)) {
            Urgency::Over | Urgency::Error => Health::Failing,
            Urgency::Warning => Health::Warning,
            Urgency::None => Health::Healthy,
        };
        let sync = match &self.last_sync {
            None => Health::New,
            Some(_) if self.standing_fault().is_some_and(|fault| fault.retry() == Retry::No) => Health::Failing,
            Some(_) if self.standing_fault().is_some() || !self.standing_findings(now).is_empty() => Health::Warning,
            // One that was stopped, or whose fault a newer sign-in has answered, leaves things as they were.
            Some(last) if last.was_stopped() || last.standing_fault().is_some() => match self.last_complete {
                Some(_) => Health::Healthy,
                None => Health::New,
            },
            Some(SyncRecord { complete: false, .. } | SyncRecord { fault: Some(_), .. }) => Health::Warning,
            Some(_) => Health::Healthy,
        };
        sign_in.min(sync)
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
#[allow(clippy::large_enum_variant, reason = "few exist at a time, and the largest is the usual one")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A sync ended, one record for all kinds.
    Synced { record: SyncRecord, fetched: u64, inserted: u64, updated: u64, unchanged: u64, hidden: u64 },
    /// A sweep of one kind ended.
    Swept { kind: WorkItemKind, record: SweepRecord },
    /// A sweep of one kind was stopped.
    SweepFailed { kind: WorkItemKind, fault: Fault },
    /// The connection signs in as someone else or to another server: what was stored before is not shown any more.
    IdentityChanged { parts: Vec<super::form::FieldId> },
    /// A live test ended.
    Tested { passed: bool, failed_step: Option<super::check::StepId> },
    /// The connection was added.
    Added,
    /// The connection was changed; the keys that changed.
    Edited { keys: Vec<String> },
    /// The connection was renamed.
    Renamed { from: String, to: String },
    /// A password grant gave new tokens.
    SignedIn,
    /// An admin's sign-in changed something in the product: who, what, before, after.
    Fixed { done: Box<Done> },
    /// The tokens were rotated.
    Rotated { rotated: Rotated },
    /// Tokens were revoked, by fingerprint or the id of their row; what kept others from it.
    TokensRevoked { revoked: Vec<String>, fault: Option<Fault> },
    /// Tokens of another sign-in are replaced: written before the first step that can fail, when all of them are valid, and after
    /// they were revoked, with those that were not.
    LeftBehind { leaving: Leaving },
    /// The admin confirmed checklist items.
    Confirmed { items: Vec<ItemId> },
    /// The admin withdrew the confirmation of an item.
    Withdrawn { item: ItemId },
}

impl Event {
    /// What went wrong, where something did.
    pub fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Synced { record, .. } => record.fault.as_ref(),
            Self::SweepFailed { fault, .. } => Some(fault),
            Self::TokensRevoked { fault, .. } => fault.as_ref(),
            _ => None,
        }
    }
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

    fn ended(minute: i64, fault: Option<Fault>) -> SyncRecord {
        SyncRecord {
            started_at: at(minute - 1),
            ended_at: at(minute),
            changed: 0,
            complete: fault.is_none(),
            fault,
            failing_since: None,
            findings: Vec::new(),
            earlier_fault: None,
        }
    }

    #[rstest]
    #[case::after_a_good_one(None, Health::Healthy)]
    #[case::after_a_failed_one(Some(signed_out()), Health::SignedOut)]
    fn a20_a_stopped_sync_leaves_the_state_as_it_was(#[case] before: Option<Fault>, #[case] expected: Health) {
        let first = ended(10, before.clone()).after(None);
        let stopped = ended(20, Some(Fault::Interrupted)).after(Some(&first));
        assert_eq!(stopped.failing_since, before.as_ref().map(|_| at(10)));
        let stopped_again = ended(25, Some(Fault::Interrupted)).after(Some(&stopped));
        for last in [stopped, stopped_again.clone()] {
            let summary = Summary { last_sync: Some(last), last_complete: Some(at(10)), ..Summary::default() };
            assert_eq!(summary.health(at(30)), expected);
            assert_eq!(summary.standing_fault(), before.as_ref());
        }
        let later = ended(40, Some(signed_out())).after(Some(&stopped_again));
        let since = if before.is_some() { at(10) } else { at(40) };
        assert_eq!(later.failing_since, Some(since), "a stop is not the beginning of a failure");
    }

    #[test]
    fn d8_a_sync_dated_in_the_future_is_a_finding() {
        let summary = Summary { last_sync: Some(ended(60, None)), last_complete: Some(at(60)), ..Summary::default() };
        assert_eq!(summary.standing_findings(at(60)), []);
        assert_eq!(summary.standing_findings(at(57)), [SyncFinding::SyncedInFuture { at: at(60) }]);
        assert_eq!(summary.health(at(57)), Health::Warning);
    }

    #[rstest]
    #[case(None, None, signed_out(), Health::SignedOut)]
    #[case(Some(5), None, signed_out(), Health::SignedOut)]
    #[case::never_complete(Some(15), None, signed_out(), Health::New)]
    #[case::complete_before(Some(15), Some(3), signed_out(), Health::Healthy)]
    #[case(Some(15), Some(3), Fault::NoSuchTable { table: "incident".into() }, Health::Failing)]
    fn a_newer_sign_in_ends_what_an_older_sync_said_of_it(
        #[case] signed_in: Option<i64>,
        #[case] complete: Option<i64>,
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
            findings: Vec::new(),
            earlier_fault: None,
        };
        let sign_in = signed_in.map(|minute| SignIn {
            signed_in_at: at(minute),
            lifespan_seconds: SignIn::ASSUMED_LIFESPAN_SECONDS,
            lifespan_known: true,
        });
        let summary =
            Summary { last_sync: Some(record), last_complete: complete.map(at), sign_in, ..Summary::default() };
        assert_eq!(summary.health(at(20)), expected);
        assert_eq!(summary.standing_fault().is_some(), expected <= Health::Failing);
    }
}
