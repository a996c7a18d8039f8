//! What every screen knows of alerts: their sources, when each is read next, and what the last pass brought.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::model::alert_run::Followed;
use crate::model::alert_source::{SourceName, SourceState};
use crate::model::alert_view::{AlertStanding, SourceStanding};
use crate::model::fault::Fault;
use crate::ui::app::effect::TaskId;
use crate::ui::app::remote::Remote;

/// All of it.
#[derive(Debug, Clone, Default)]
pub struct KnownAlerts {
    /// The sources and the rules.
    pub standing: Remote<AlertStanding>,
    /// Whether something was stored while they were being read.
    pub outdated: bool,
    /// When the rules are read again by themselves, because their file may be half written.
    pub rules_at: Option<Timestamp>,
    /// The passes of this program over each source.
    pub polls: BTreeMap<SourceName, Poll>,
    /// What follows a pass: deciding, and writing tickets.
    pub follow: Follow,
}

/// The passes over one source.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Poll {
    /// The one that goes on.
    pub task: Option<TaskId>,
    /// Whether it was asked to stop.
    pub stopping: bool,
    /// When the last one began.
    pub tried_at: Option<Timestamp>,
    /// Why the last one could not begin; what stopped it later stands with the source.
    pub fault: Option<Fault>,
}

/// What follows a pass.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Follow {
    /// The one that goes on.
    pub task: Option<TaskId>,
    /// Whether it was asked to stop.
    pub stopping: bool,
    /// Whether a pass ended meanwhile.
    pub again: bool,
    /// What the last one did.
    pub last: Option<Result<Followed, Fault>>,
}

impl KnownAlerts {
    /// The sources that are there, fresh or stale.
    pub fn sources(&self) -> &[SourceStanding] {
        self.standing.value().map(|standing| standing.sources.as_slice()).unwrap_or_default()
    }

    /// Whether alerts are missed, or fire without the ticket that they should have.
    pub fn want_attention(&self, now: Timestamp) -> bool {
        let Some(AlertStanding { sources, rules, counts, .. }) = self.standing.value() else { return false };
        let is_troubled = |source: &SourceStanding| {
            self.fault_of(source).is_some() || source.states().any(|(_, state)| !state.missing(now).is_empty())
        };
        let troubled_tickets =
            counts.refused + counts.unsure > 0 || !counts.lost.is_empty() || !counts.doubled.is_empty();
        sources.iter().any(is_troubled)
            || rules.fault.is_some()
            || rules.enabled == 0
            || counts.unwanted() > 0
            || troubled_tickets
    }

    /// The passes of this program over a source.
    pub fn poll(&self, name: &SourceName) -> Option<&Poll> {
        self.polls.get(name)
    }

    /// Whether a pass goes on.
    pub fn is_reading(&self) -> bool {
        self.polls.values().any(|poll| poll.task.is_some())
    }

    /// Whether a pass goes on, or what follows it.
    pub fn is_busy(&self) -> bool {
        self.follow.task.is_some() || self.is_reading()
    }

    /// Whether it was asked to stop.
    pub fn is_stopping(&self) -> bool {
        let polls = self.polls.values().filter(|poll| poll.task.is_some());
        let all = polls.map(|poll| poll.stopping).chain(self.follow.task.map(|_| self.follow.stopping));
        self.is_busy() && all.into_iter().all(|stopping| stopping)
    }

    /// What keeps a source from being read: what its last pass met, here or in another process. A wait that Azure asked for counts
    /// only where there is nothing else.
    pub fn fault_of<'a>(&'a self, source: &'a SourceStanding) -> Option<&'a Fault> {
        let own = self.poll(&source.settings.name).and_then(|poll| poll.fault.as_ref());
        let all = || source.states().map(|(_, state)| state);
        let read = own.or_else(|| all().find_map(SourceState::read_fault));
        read.or_else(|| all().find_map(|state| state.fault.as_ref()))
    }

    /// Whether a source waits for the admin: a refused sign-in is not tried again by itself.
    pub fn waits_for_admin(&self, source: &SourceStanding) -> bool {
        let is_over = |fault: &Fault| matches!(fault, Fault::SourceSignedOut { .. } | Fault::SourceWrong { .. });
        self.fault_of(source).is_some_and(is_over)
    }

    /// When a source is read next by itself; `None` while it is being read, or waits for the admin. What another process
    /// read counts as well.
    pub fn next(&self, source: &SourceStanding, now: Timestamp) -> Option<Timestamp> {
        let poll = self.poll(&source.settings.name).cloned().unwrap_or_default();
        let waits = self.waits_for_admin(source) && poll.tried_at.is_some();
        if poll.task.is_some() || waits {
            return None;
        }
        let every = SignedDuration::from_secs(i64::from(source.settings.every_seconds));
        // A time further off than that is of a clock that was set back since.
        let sane = |at: &Timestamp| at.duration_since(now) <= every;
        let last = poll.tried_at.filter(sane).max(source.read_at().filter(sane));
        let due = last.map_or(Some(now), |last| last.checked_add(every).ok())?;
        Some(source.not_before(now).map_or(due, |until| until.max(due)))
    }

    /// The sources that are due.
    pub fn due(&self, now: Timestamp) -> Vec<SourceName> {
        let is_due = |source: &&SourceStanding| self.next(source, now).is_some_and(|next| next <= now);
        self.sources().iter().filter(is_due).map(|source| source.settings.name.clone()).collect()
    }
}
