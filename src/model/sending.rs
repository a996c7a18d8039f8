//! Sending to a workspace as data: what is kept of it between runs, how far a run is, what it noticed, and its report.
//!
//! Three words with three meanings. *Sent*: a request with the row left. *Accepted*: the service answered 204. *Verified*:
//! a query found the row in the workspace.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::fault::{Fault, Retry};
use super::finding::NAMED;
use super::schedule::{LONGEST_PAUSE, SETTLED, VERIFIED_FOR};
use super::sent::SendBounds;
use super::work_item::WorkItemKind;
use super::workspace::{Values, WorkspaceName};

/// A workspace that failed is left alone by syncs for as long as it has been failing: at least and at most so long.
const LEFT_ALONE: (SignedDuration, SignedDuration) = (SignedDuration::from_mins(1), SignedDuration::from_hours(1));

/// What is kept of a workspace between runs, beside the number of the change up to which it is done.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SinkState {
    /// Workspace and tables in Azure that all of this is about; empty where it is not known yet.
    pub target: String,
    /// The connections that feed it, each with the change up to which its rows were accepted before a further connection
    /// made the run begin at the start again.
    pub fed: BTreeMap<String, i64>,
    /// Up to this change the rows of a connection were accepted before a run began that sends everything again.
    pub again: BTreeMap<String, i64>,
    /// How the newest rows show choices, where that is known.
    pub values: Option<Values>,
    /// Whether the workspace also has rows that show them otherwise.
    pub mixed_values: bool,
    /// The first send number that was not reserved yet.
    pub next_send: i64,
    /// Which numbers the rows have at least that were sent since the last verification without differences.
    pub bounds: SendBounds,
    /// Connections and kinds that are gone here, with all their work items, until a verification has found that the workspace
    /// shows none of them.
    pub gone: BTreeSet<(String, WorkItemKind)>,
    /// The last activity that was accepted for the log table, by id.
    pub log_done: i64,
    /// The newest time of an activity that was.
    pub log_at: Option<Timestamp>,
    /// When rows were last accepted.
    pub last_accepted: Option<Timestamp>,
    /// How many rows of work items were accepted, over all runs.
    pub accepted: u64,
    /// Since when rows are accepted that no verification has looked for.
    pub unverified_since: Option<Timestamp>,
    /// What stopped the last run, or stops the one that goes on.
    pub fault: Option<Fault>,
    /// Since when.
    pub failing_since: Option<Timestamp>,
    /// Until when syncs leave it alone, because a run failed in a way that may pass.
    pub left_alone_until: Option<Timestamp>,
    /// What the runs noticed that still stands.
    pub findings: Vec<SendFinding>,
    /// The last verification that came to its end.
    pub verified: Option<VerifyRecord>,
    /// When the last verification ended that could begin and was not interrupted, whatever it came to.
    pub verify_tried: Option<Timestamp>,
    /// What kept the last one from seeing everything, or from beginning.
    pub verify_fault: Option<Fault>,
    /// What was done lately, the newest first.
    pub log: Vec<LogEntry>,
}

/// So many lines of the log of a workspace are kept.
const LOG_LINES: usize = 60;

/// One line of the log of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogEntry {
    /// When it ended.
    pub at: Timestamp,
    /// What was done.
    pub event: LogEvent,
}

/// What the log of a workspace tells of.
#[allow(missing_docs, reason = "the fields are named for what they hold")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum LogEvent {
    /// A run sent rows, or was stopped by a fault.
    Sent { accepted: u64, removed: u64, refused: u64, bytes: u64, fault: Option<Fault> },
    /// A verification ended: how many work items were compared, how many differ, how many were sent again.
    Verified { checked: u64, differ: u64, resent: u64 },
    /// A verification did not see everything.
    NotVerified { fault: Fault },
}

impl LogEvent {
    /// What a run did; `None` where there is nothing to tell.
    pub fn of_run(report: &SendReport) -> Option<Self> {
        let SendReport { accepted, removed, refused, bytes, .. } = *report;
        let fault = report.fault.clone().filter(|fault| *fault != Fault::Interrupted);
        let tells = accepted + refused > 0 || fault.is_some();
        tells.then_some(Self::Sent { accepted, removed, refused, bytes, fault })
    }

    /// What a verification found; `None` for one that was stopped, and where there is nothing to verify yet.
    pub fn of_verification(outcome: &Result<VerifyRecord, Fault>) -> Option<Self> {
        match outcome {
            Ok(record) => {
                Some(Self::Verified { checked: record.checked, differ: record.differ(), resent: record.resent })
            }
            Err(Fault::Interrupted | Fault::NotSetUp { .. }) => None,
            Err(fault) => Some(Self::NotVerified { fault: fault.clone() }),
        }
    }
}

impl SinkState {
    /// Adds a line to the log. A failure that is the same as the newest line takes its place: an outage is one line.
    pub fn note(&mut self, at: Timestamp, event: LogEvent) {
        let failed = match &event {
            LogEvent::Sent { accepted: 0, fault: Some(_), .. } => true,
            LogEvent::NotVerified { .. } => true,
            LogEvent::Sent { .. } | LogEvent::Verified { .. } => false,
        };
        if failed && self.log.first().is_some_and(|newest| newest.event == event) {
            self.log.remove(0);
        }
        self.log.insert(0, LogEntry { at, event });
        self.log.truncate(LOG_LINES);
    }
}

impl SinkState {
    /// Notes that rows show choices like this from now on.
    pub fn write_values(&mut self, values: Values) {
        self.mixed_values |= self.shows_otherwise(values);
        self.values = Some(values);
    }

    /// Notes that everything is sent again from the start, of which rows were accepted up to the change `done`.
    pub fn begin_again(&mut self, done: i64, values: Values) {
        for (connection, upto) in &mut self.fed {
            let again = self.again.entry(connection.clone()).or_default();
            *again = done.max(*upto).max(*again);
            *upto = 0;
        }
        (self.values, self.mixed_values) = (Some(values), false);
    }

    /// The finding that the workspace has rows that show choices otherwise than the settings say, if it has.
    pub fn other_values(&self, workspace: &WorkspaceName, values: Values) -> Option<SendFinding> {
        let workspace = workspace.to_string();
        (self.mixed_values || self.shows_otherwise(values)).then_some(SendFinding::OtherValues { workspace, values })
    }

    /// How rows of the workspace may show choices: as the settings say, and as they said before.
    pub fn shown_values(&self, values: Values) -> Vec<Values> {
        let other = (self.mixed_values || self.shows_otherwise(values)).then(|| values.other());
        std::iter::once(values).chain(other).collect()
    }

    fn shows_otherwise(&self, values: Values) -> bool {
        self.values.is_some_and(|shown| shown != values)
    }

    /// Notes that rows were accepted. A clock that was set back makes them no younger.
    pub fn note_accepted(&mut self, rows: u64, now: Timestamp) {
        if rows > 0 {
            self.accepted += rows;
            self.unverified_since = Some(self.unverified_since.map_or(now, |since| since.min(now)));
        }
        self.last_accepted = Some(now);
    }

    /// Whether a verification is due: it was not tried for a day, and what was accepted is mostly there, so that nothing that is on
    /// its way has to be waited for. Where rows are accepted all the time, it is due a day after the first of them. A time in the
    /// future was noted under a wrong clock and counts as long ago.
    pub fn is_to_be_verified(&self, now: Timestamp) -> bool {
        let within = |at: Timestamp, span: SignedDuration| at <= now && now.duration_since(at) < span;
        let settled = self.last_accepted.is_some_and(|at| !within(at, SETTLED));
        let overdue = self.unverified_since.is_some_and(|at| !within(at, VERIFIED_FOR));
        (settled || overdue) && !self.verify_tried.is_some_and(|at| within(at, VERIFIED_FOR))
    }

    /// Notes how a run ended. What may pass is given time, so that the syncs of the meantime are not slowed down by it.
    pub fn ended(&mut self, fault: Option<&Fault>, now: Timestamp) {
        self.fault = fault.cloned();
        self.left_alone_until = None;
        let Some(fault) = fault else {
            self.failing_since = None;
            return;
        };
        let since = *self.failing_since.get_or_insert(now);
        let lasts = now.duration_since(since).clamp(LEFT_ALONE.0, LEFT_ALONE.1);
        let asked = match fault.retry() {
            Retry::No => return,
            Retry::Yes => SignedDuration::ZERO,
            Retry::After(seconds) => SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX)),
        };
        self.left_alone_until = now.checked_add(lasts.max(asked).min(LONGEST_PAUSE)).ok();
    }

    /// Until when a sync at `now` leaves it alone. A time that is too far ahead was noted under a wrong clock.
    pub fn left_alone(&self, now: Timestamp) -> Option<Timestamp> {
        self.left_alone_until.filter(|until| now < *until && until.duration_since(now) <= LONGEST_PAUSE)
    }
}

/// What a verification found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct VerifyRecord {
    /// When it ended.
    pub at: Timestamp,
    /// Work items that were compared.
    pub checked: u64,
    /// Those that the workspace does not have, or has as removed.
    pub missing: u64,
    /// Those of which the workspace has an older row.
    pub older: u64,
    /// Those whose newest row there has another state than here.
    pub other_state: u64,
    /// Work items that the workspace shows and that are gone here.
    pub surplus: u64,
    /// Rows that are there more than once; the function shows each work item once all the same.
    pub doubled: u64,
    /// Rows that were sent again, marked as such.
    pub resent: u64,
    /// Since when each verification has found differences; `None` where this one found none.
    pub differs_since: Option<Timestamp>,
    /// Numbers of some that are missing, older or in another state.
    pub numbers: Vec<String>,
    /// How many work items are in a state here and there, where that is not the same.
    pub states: Vec<StateCount>,
    /// What the rule itself counted since the verification before, where that could be read.
    pub rule: Option<RuleCounts>,
    /// Why not.
    pub rule_fault: Option<Box<Fault>>,
    /// Errors that the rule wrote since then; `None` where it writes none. That there are none proves nothing.
    pub rule_errors: Option<Vec<RuleError>>,
    /// The daily cap, where it could be read.
    pub cap: Option<Cap>,
}

impl VerifyRecord {
    /// Whether the workspace has everything as it is here. Rows that are there twice do no harm.
    pub fn is_clean(&self) -> bool {
        self.differ() == 0
    }

    /// Takes in what the verification before found.
    pub fn follow(&mut self, before: Option<&Self>) {
        let since = before.and_then(|before| before.differs_since).unwrap_or(self.at);
        self.differs_since = (!self.is_clean()).then_some(since);
    }

    /// Since when there are differences that sending again did not end, as far as this verification knows.
    pub fn stays_different(&self) -> Option<Timestamp> {
        self.differs_since.filter(|since| *since < self.at)
    }

    /// How many work items differ.
    pub fn differ(&self) -> u64 {
        self.missing + self.older + self.other_state + self.surplus
    }
}

/// How many work items are in a state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateCount {
    /// Incidents or change requests.
    pub kind: WorkItemKind,
    /// The state as it is shown.
    pub state: String,
    /// How many there are here.
    pub here: u64,
    /// How many there are in the workspace.
    pub there: u64,
}

/// What a data collection rule counted, by its own metrics.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RuleCounts {
    /// Since when.
    pub since: Timestamp,
    /// Requests that it received.
    pub requests: u64,
    /// Those that it did not answer with success.
    pub failed_requests: u64,
    /// Bytes that it received.
    pub bytes: u64,
    /// Rows that it received.
    pub received: u64,
    /// Rows that it dropped.
    pub dropped: u64,
    /// Errors of its transformation.
    pub errors: u64,
}

/// An error that a data collection rule wrote into `DCRLogErrors`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleError {
    /// What it says.
    pub message: String,
    /// The stream that the rows came by.
    pub stream: String,
    /// How often it was written.
    pub times: u64,
}

/// The daily cap of a workspace, as Resource Manager tells it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cap {
    /// `RespectQuota`, `ApproachingQuota`, `OverQuota` and the like.
    pub status: String,
    /// When the day of the cap begins again.
    pub resets_at: Option<Timestamp>,
}

impl Cap {
    /// Whether rows are accepted and not stored at this moment.
    pub fn is_over(&self, now: Timestamp) -> bool {
        let stops = matches!(self.status.as_str(), "OverQuota" | "ForceOff" | "SubscriptionSuspended");
        stops && (self.status != "OverQuota" || self.resets_at.is_none_or(|reset| now < reset))
    }
}

/// One thing that a run noticed although it went on.
#[allow(missing_docs, reason = "the fields are named for what they hold")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum SendFinding {
    /// Texts longer than the service keeps were cut.
    CutValues { rows: u64, numbers: Vec<String>, columns: Vec<String> },
    /// Values that do not fit the type of their column were left out.
    WrongType { rows: u64, numbers: Vec<String>, columns: Vec<String> },
    /// The service took the batch without these rows only.
    RefusedRows { rows: u64, numbers: Vec<String>, detail: String },
    /// The rule could not be read, so its columns were not compared with the rows.
    RuleNotRead { fault: Box<Fault> },
    /// All work items of a connection are gone here, and their rows could not be marked as removed.
    NotMarkedRemoved { connection: String, kind: WorkItemKind, fault: Box<Fault> },
    /// The rule takes no rows for the log table.
    LogNotTaken { fault: Box<Fault> },
    /// The workspace could not be asked for its greatest send number before the first row of this database was sent.
    SendNumbersUnchecked { fault: Box<Fault> },
    /// The workspace has rows that show choices otherwise than the settings say: these were changed after they were sent.
    OtherValues { workspace: String, values: Values },
}

impl SendFinding {
    /// The stable code in JSON, in kebab-case.
    pub fn code(&self) -> &'static str {
        match self {
            Self::CutValues { .. } => "cut-values",
            Self::WrongType { .. } => "wrong-type",
            Self::RefusedRows { .. } => "refused-rows",
            Self::RuleNotRead { .. } => "rule-not-read",
            Self::NotMarkedRemoved { .. } => "not-marked-removed",
            Self::LogNotTaken { .. } => "log-not-taken",
            Self::SendNumbersUnchecked { .. } => "send-numbers-unchecked",
            Self::OtherValues { .. } => "other-values",
        }
    }

    /// Takes in another finding of the same sort; whether it was one.
    fn takes_in(&mut self, other: &Self) -> bool {
        let join = |into: &mut Vec<String>, more: &[String], limit: usize| {
            for one in more {
                if into.len() < limit && !into.contains(one) {
                    into.push(one.clone());
                }
            }
        };
        match (self, other) {
            (Self::CutValues { rows, numbers, columns }, Self::CutValues { rows: more, numbers: n, columns: c })
            | (Self::WrongType { rows, numbers, columns }, Self::WrongType { rows: more, numbers: n, columns: c }) => {
                *rows += more;
                join(numbers, n, NAMED);
                join(columns, c, usize::MAX);
                true
            }
            (Self::RefusedRows { rows, numbers, .. }, Self::RefusedRows { rows: more, numbers: n, .. }) => {
                *rows += more;
                join(numbers, n, NAMED);
                true
            }
            (one, other) => one == other,
        }
    }
}

/// Adds a finding to others, together with those of its sort.
pub fn add_finding(all: &mut Vec<SendFinding>, found: SendFinding) {
    if !all.iter_mut().any(|one| one.takes_in(&found)) {
        all.push(found);
    }
}

/// How a workspace stands.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkspaceStanding {
    /// Its name.
    pub name: String,
    /// Whether rows can be sent to it.
    pub set_up: bool,
    /// Changed work items that were not accepted yet.
    pub behind_rows: u64,
    /// When the oldest of these changes was made, where that is known.
    pub behind_since: Option<Timestamp>,
    /// When rows were last accepted.
    pub last_accepted: Option<Timestamp>,
    /// The last verification that came to its end.
    pub last_verified: Option<VerifyRecord>,
    /// Since when rows are accepted that no verification has looked for.
    pub unverified_since: Option<Timestamp>,
    /// What kept the last verification from seeing everything, or from beginning.
    pub verify_fault: Option<Fault>,
    /// What stopped the last run.
    pub fault: Option<Fault>,
    /// Since when.
    pub failing_since: Option<Timestamp>,
    /// What the runs noticed that still stands.
    pub findings: Vec<SendFinding>,
    /// What was done lately, the newest first.
    pub log: Vec<LogEntry>,
}

/// A verification is made once a day. Rows that were accepted longer ago and that none has looked for may be anywhere.
const VERIFIED_WITHIN: SignedDuration = SignedDuration::from_hours(3 * 24);

impl WorkspaceStanding {
    /// How many seconds rows are accepted at `now` that no verification has looked for, where that is too long.
    pub fn unverified_seconds(&self, now: Timestamp) -> Option<u64> {
        let lasts = now.duration_since(self.unverified_since?);
        (lasts > VERIFIED_WITHIN).then(|| lasts.as_secs().unsigned_abs())
    }

    /// Whether the last verification found work items to differ and did not send all of them again, or did so in vain before.
    pub fn lacks_rows(&self) -> bool {
        let lacks = |record: &VerifyRecord| record.resent < record.differ() || record.stays_different().is_some();
        self.last_verified.as_ref().is_some_and(lacks)
    }

    /// How many seconds it is behind at `now`, where that is known.
    pub fn behind_seconds(&self, now: Timestamp) -> Option<u64> {
        let since = self.behind_since.filter(|_| self.behind_rows > 0)?;
        Some(u64::try_from(now.duration_since(since).as_secs()).unwrap_or(0))
    }
}

/// How far a run is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendProgress {
    /// Rows of work items that were accepted so far.
    pub accepted: u64,
    /// How many there are in all, as far as it is known.
    pub expected: u64,
    /// Why it waits, and until when, if it does.
    pub waiting: Option<(Fault, Timestamp)>,
}

/// What a run did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SendReport {
    /// The workspace.
    pub workspace: String,
    /// Rows of work items that left in a request, each counted once however often it was sent.
    pub sent: u64,
    /// Rows of work items that the service accepted.
    pub accepted: u64,
    /// Rows that the service refused.
    pub refused: u64,
    /// Of the accepted ones, those that say that a work item is removed.
    pub removed: u64,
    /// Rows of the log table that the service accepted.
    pub log_rows: u64,
    /// Bytes of the accepted rows, unpacked: what is paid for.
    pub bytes: u64,
    /// Requests to the ingestion endpoint.
    pub requests: u64,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// Whether everything there was to send was accepted.
    pub complete: bool,
    /// What stopped it, if something did.
    pub fault: Option<Fault>,
    /// What it noticed.
    pub findings: Vec<SendFinding>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_of_a_sort_are_one_and_name_a_few() {
        let mut all = Vec::new();
        for number in 0..9 {
            let numbers = vec![format!("INC{number}")];
            add_finding(&mut all, SendFinding::RefusedRows { rows: 1, numbers, detail: "d".into() });
        }
        let [SendFinding::RefusedRows { rows: 9, numbers, .. }] = all.as_slice() else { panic!("{all:?}") };
        assert_eq!(numbers.len(), NAMED);
        assert_eq!(serde_json::to_value(&all[0]).unwrap()["code"], all[0].code());
    }

    #[test]
    fn a_workspace_that_fails_is_left_alone_for_as_long_as_it_has_been_failing() {
        let at = |minutes: i64| Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes);
        let refused = Fault::ConnectionRefused { address: "h:443".into() };
        let mut state = SinkState::default();
        for (now, until) in [(0, 1), (1, 2), (3, 6), (100, 160)] {
            state.ended(Some(&refused), at(now));
            assert_eq!(state.left_alone(at(now)), Some(at(until)), "{now}");
            assert_eq!(state.left_alone(at(until)), None);
        }
        let throttled = Fault::RateLimited { retry_after_seconds: 7_200, limit: None, rule: None };
        state.ended(Some(&throttled), at(200));
        assert_eq!(state.left_alone(at(200)), Some(at(320)), "as long as Azure asks for");
        assert_eq!(state.left_alone(at(-100_000)), None, "the clock was wrong");
        let forbidden = Fault::SendForbidden { rule: "r".into(), object_id: None, detail: String::new() };
        state.ended(Some(&forbidden), at(320));
        assert_eq!((state.left_alone(at(320)), state.failing_since), (None, Some(at(0))), "somebody has to act");
        state.ended(None, at(330));
        assert_eq!(state, SinkState::default());
    }

    #[test]
    fn an_outage_is_one_line_of_the_log_and_the_log_has_an_end() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let failed = || LogEvent::NotVerified { fault: Fault::Interrupted };
        let mut state = SinkState::default();
        (0..3).for_each(|second| state.note(at(second), failed()));
        assert_eq!(state.log, [LogEntry { at: at(2), event: failed() }]);
        (0..99).for_each(|second| state.note(at(second), LogEvent::Verified { checked: 1, differ: 0, resent: 0 }));
        assert_eq!((state.log.len(), state.log[0].at), (LOG_LINES, at(98)));
    }

    #[test]
    fn a_state_of_an_older_program_is_read() {
        let state: SinkState = serde_json::from_str("{\"next_send\": 7}").unwrap();
        assert_eq!(state, SinkState { next_send: 7, ..SinkState::default() });
    }
}
