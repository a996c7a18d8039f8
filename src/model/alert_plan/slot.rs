//! What is remembered of one ticket, so that the next alert of its series or group finds it.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::model::alert_rules::{AlertRule, OnResolved};
use crate::model::ticket::{Subject, TicketDraft, TicketKey, TicketKind, TicketState};

/// How many firings are remembered: no rule counts more of them.
const FIRINGS: usize = 16;

/// How many lines an umbrella ticket or its next note lists.
pub(super) const LISTED: usize = 50;

const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// By so much the clock of this machine may go back without anything being made of it.
const SLEW: SignedDuration = SignedDuration::from_mins(1);

/// After so many days without a firing no end of an alert can be seen any more: Azure keeps alerts for 30.
const UNSEEN_DAYS: i64 = 31;

/// After so many days without a firing an open ticket is forgotten, as the alerts in it are by then.
pub const KEPT_DAYS: i64 = 400;

/// One ticket, as the planner remembers it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Slot {
    /// The ticket.
    pub key: TicketKey,
    /// What it is.
    #[serde(default)]
    pub kind: TicketKind,
    /// The rule that opened it.
    pub rule: String,
    /// By what later alerts find it: its series, event, rule or storm.
    pub place: String,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Where it stands, as we left it or as the product shows it.
    pub state: TicketState,
    /// How many of its alerts are fired.
    pub fired: u32,
    /// How many alerts came to it in all.
    pub total: u32,
    /// When it was resolved.
    #[serde(default)]
    pub resolved_at: Option<Timestamp>,
    /// When its alerts fired last, for flapping.
    #[serde(default)]
    pub firings: Vec<Timestamp>,
    /// When it got notes in the last hour.
    #[serde(default)]
    pub noted: Vec<Timestamp>,
    /// How many alerts no note has told yet.
    #[serde(default)]
    pub untold: u32,
    /// A flapping series that is over: when it is resolved if it keeps quiet.
    #[serde(default)]
    pub quiet_at: Option<Timestamp>,
    /// Lines for the next note of an umbrella ticket.
    #[serde(default)]
    pub lines: Vec<String>,
    /// An umbrella ticket that is not opened yet, without its text.
    #[serde(default)]
    pub draft: Option<Box<TicketDraft>>,
    /// Whether an umbrella ticket was told that all of its alerts are over.
    #[serde(default)]
    pub told_over: bool,
    /// Whether it is an umbrella ticket.
    #[serde(default)]
    pub umbrella: bool,
    /// What its rule did when an alert is over, for the time when the rule is gone.
    #[serde(default)]
    pub on_resolved: OnResolved,
    /// The close code of its rule, likewise.
    #[serde(default)]
    pub close_code: String,
    /// The outage that it is about, by its tracking id.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub event: String,
    /// It is about an outage whose context could not be read: which one is not known yet.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unclear: bool,
}

impl Slot {
    pub(super) fn new(key: TicketKey, rule: &AlertRule, place: &str, now: Timestamp) -> Self {
        Self {
            key,
            kind: rule.kind,
            rule: rule.name.clone(),
            place: place.to_owned(),
            opened_at: now,
            state: TicketState::New,
            fired: 0,
            total: 0,
            resolved_at: None,
            firings: Vec::new(),
            noted: Vec::new(),
            untold: 0,
            quiet_at: None,
            lines: Vec::new(),
            draft: None,
            told_over: false,
            umbrella: false,
            on_resolved: rule.on_resolved,
            close_code: rule.close_code.clone(),
            event: String::new(),
            unclear: false,
        }
    }

    /// The outage that it is about; empty where it is about none, or it is not known which.
    pub(super) fn outage(&self) -> &str {
        match &self.key.subject {
            Subject::Group(event) if self.event.is_empty() && self.place.starts_with("event|") => event,
            _ => &self.event,
        }
    }

    /// Notes which outage it is about, once that is known; without one, that it will not be known any more.
    pub fn learns(&mut self, event: &str) {
        (self.event, self.unclear) = (event.to_owned(), false);
    }

    /// The id under which it is stored.
    pub fn id(&self) -> String {
        self.key.id()
    }

    /// Notes that an alert fired.
    pub(super) fn fires(&mut self, now: Timestamp) {
        self.fired += 1;
        self.total += 1;
        (self.quiet_at, self.told_over) = (None, false);
        self.firings.push(now);
        if self.firings.len() > FIRINGS {
            self.firings.remove(0);
        }
    }

    /// How many alerts fired within this time.
    pub(super) fn firings_within(&self, minutes: u32, now: Timestamp) -> usize {
        let from = now.saturating_sub(SignedDuration::from_mins(i64::from(minutes))).unwrap_or(Timestamp::MIN);
        self.firings.iter().filter(|at| **at > from).count()
    }

    /// Whether it may get a note now; if so, this counts as one.
    pub(super) fn may_note(&mut self, per_hour: u32, now: Timestamp) -> bool {
        self.noted.retain(|at| now.duration_since(*at) < HOUR);
        let may = self.noted.len() < usize::try_from(per_hour).unwrap_or(usize::MAX);
        if may {
            self.noted.push(now);
        }
        may
    }

    /// Whether its series may be opened again: it was resolved not longer ago than that.
    pub(super) fn may_reopen(&self, minutes: u32, now: Timestamp) -> bool {
        let window = SignedDuration::from_mins(i64::from(minutes));
        let is_resolved = self.state == TicketState::Resolved;
        is_resolved && minutes > 0 && self.resolved_at.is_some_and(|at| now.duration_since(at) <= window)
    }

    /// Takes over what the product shows. `now` stands in for the time at which a person resolved it.
    pub fn seen(&mut self, state: TicketState, now: Timestamp) {
        if state == TicketState::Resolved && self.state != TicketState::Resolved {
            self.resolved_at = self.resolved_at.or(Some(now));
        }
        if state.is_open() {
            self.resolved_at = None;
        }
        self.state = state;
    }

    /// Puts right what was noted under a clock that was ahead: budgets, windows and waits would last until it has caught up. A
    /// flapping series keeps quiet for `flapping_minutes`. Whether anything was wrong.
    pub fn after_clock(&mut self, flapping_minutes: u32, now: Timestamp) -> bool {
        let ahead = |at: &Timestamp, by: SignedDuration| at.duration_since(now) > by.saturating_add(SLEW);
        let quiet = SignedDuration::from_mins(i64::from(flapping_minutes));
        let mut wrong = false;
        let times = std::iter::once(&mut self.opened_at).chain(&mut self.resolved_at);
        for at in times.chain(&mut self.firings).chain(&mut self.noted).filter(|at| ahead(at, SignedDuration::ZERO)) {
            (*at, wrong) = (now, true);
        }
        if let Some(at) = self.quiet_at.as_mut().filter(|at| ahead(at, quiet)) {
            (*at, wrong) = (now.saturating_add(quiet).unwrap_or(now), true);
        }
        wrong
    }

    /// Whether no later alert can come to it: it may be forgotten. `reopen` is how long resolved tickets are opened again.
    /// `replaced` where the next alert of its series or group comes to a later ticket. A ticket whose alert never ends takes in its
    /// series until nothing fired for [`KEPT_DAYS`].
    pub fn is_past(&self, replaced: bool, reopen_minutes: u32, now: Timestamp) -> bool {
        let window = SignedDuration::from_mins(i64::from(reopen_minutes));
        let old = |at: Timestamp| now.duration_since(at) > window;
        let last = self.firings.last().copied().unwrap_or(self.opened_at);
        let quiet = |days: i64| now.duration_since(last) > SignedDuration::from_hours(24 * days);
        let unseen = quiet(UNSEEN_DAYS);
        if (replaced && unseen && self.quiet_at.is_none()) || quiet(KEPT_DAYS) {
            return old(self.opened_at);
        }
        !self.state.is_open() && (self.fired == 0 || unseen) && old(self.resolved_at.unwrap_or(self.opened_at))
    }
}
