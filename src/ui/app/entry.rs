//! What an entry of the dashboard tells of itself: its health, its last fault, how far its sync is.

use jiff::Timestamp;

use super::model::Entry;
use crate::model::fault::{Fault, Retry};
use crate::model::schedule;
use crate::model::summary::Health;
use crate::model::sync::{KindReport, Progress};
use crate::model::token::Urgency;
use crate::model::work_item::WorkItemKind;

impl Entry {
    /// The health at `now`: what the store knows, and how the last sync of this run ended. `None` while the
    /// counts are not there yet.
    pub fn health(&self, now: Timestamp) -> Option<Health> {
        let stored = match (self.summary.value(), self.summary.fault()) {
            (Some(summary), None) => summary.health(now),
            (Some(summary), Some(_)) => summary.health(now).min(Health::Failing),
            (None, Some(_)) => Health::Failing,
            (None, None) => return None,
        };
        Some(stored.min(self.sync_fault().map_or(Health::Healthy, weight)))
    }

    /// What last went wrong: in reading its counts, else in its last sync; `None` once a later sync ended well.
    pub fn last_fault(&self) -> Option<&Fault> {
        self.summary.fault().or_else(|| self.sync_fault())
    }

    /// What the last sync ended with, if it did not end well. What this run of the program saw is newer than
    /// what the store remembers. One that the user stopped says nothing: what was wrong before still is.
    pub fn sync_fault(&self) -> Option<&Fault> {
        let stopped = |fault: &&Fault| **fault == Fault::Interrupted;
        let seen = match &self.sync.last {
            Some(Err(fault)) => Some(Some(fault)),
            Some(Ok(reports)) => Some(reports.iter().find_map(|report| report.fault.as_ref())),
            None => None,
        };
        match seen {
            Some(fault) if !fault.as_ref().is_some_and(stopped) => fault,
            _ => self.summary.value()?.standing_fault(),
        }
    }

    /// Whether the schedule waits for the admin: a refused sign-in is not tried again by itself.
    pub fn is_paused(&self) -> bool {
        schedule::waits_for_admin(self.is_signed_out(), self.sync_fault())
    }

    /// Whether the password is needed before anything can be asked of the product again.
    pub fn is_signed_out(&self) -> bool {
        let stored = self.summary.value().is_some_and(|summary| summary.signed_out.is_some());
        stored || self.sync_fault().is_some_and(Fault::is_signed_out)
    }

    /// Whether the password is needed now, or will be within days.
    pub fn wants_sign_in(&self, now: Timestamp) -> bool {
        let sign_in = self.summary.value().and_then(|summary| summary.sign_in);
        self.is_signed_out() || sign_in.is_some_and(|sign_in| sign_in.urgency(now) != Urgency::None)
    }

    /// Whether the client secret ends soon, is over, or is what the product refused.
    pub fn wants_new_secret(&self, now: Timestamp) -> bool {
        let urgency = self.summary.value().map(|summary| summary.client_secret_urgency(now));
        urgency.is_some_and(|urgency| urgency != Urgency::None) || self.is_secret_refused()
    }

    /// Whether its secrets belong to another server, user or application than its settings name now.
    pub fn is_of_another_identity(&self) -> bool {
        let signed_out = self.summary.value().and_then(|summary| summary.signed_out.as_ref());
        let mut faults = [signed_out, self.sync_fault()].into_iter().flatten();
        faults.any(|fault| matches!(fault, Fault::IdentityChanged { .. }))
    }

    /// Whether the connection is signed out because the product does not take its client secret.
    pub fn is_secret_refused(&self) -> bool {
        let signed_out = self.summary.value().and_then(|summary| summary.signed_out.as_ref());
        [signed_out, self.sync_fault()].into_iter().flatten().any(Fault::is_about_client_secret)
    }

    /// How far the running sync is, over all kinds it has begun, in one; `None` when none runs or none has begun.
    pub fn progress(&self) -> Option<Progress> {
        self.sync.task?;
        let mut kinds = self.sync.progress.values().cloned();
        let first = kinds.next()?;
        Some(kinds.fold(first, together))
    }

    /// The one kind that its running sync has begun, of several: progress is then of this kind only.
    pub fn only_begun(&self) -> Option<WorkItemKind> {
        let mut begun = self.sync.progress.keys();
        begun.next().copied().filter(|_| begun.next().is_none() && self.connection.work_items.len() > 1)
    }

    /// Whether there is nothing to tell but that all is well.
    pub fn is_quiet(&self, now: Timestamp) -> bool {
        self.health(now) == Some(Health::Healthy) && self.last_fault().is_none() && self.hidden_rows() == 0
    }

    fn reports(&self) -> &[KindReport] {
        match &self.sync.last {
            Some(Ok(reports)) => reports,
            _ => &[],
        }
    }

    /// Rows of the last sync that this user may not see.
    pub fn hidden_rows(&self) -> u64 {
        self.reports().iter().map(|report| report.hidden).sum()
    }

    /// Whether the last sync left rows out, other than by being stopped.
    pub fn is_incomplete(&self) -> bool {
        let stored = self.summary.value().and_then(|summary| summary.last_sync.as_ref());
        let cut_short = |report: &KindReport| !report.complete && report.fault != Some(Fault::Interrupted);
        self.reports().iter().any(cut_short) || stored.is_some_and(|record| !record.complete && !record.was_stopped())
    }

    /// Whether the last sync noticed or left out something that its fault does not tell.
    pub fn has_finding(&self, now: Timestamp) -> bool {
        let notices = self.summary.value().is_some_and(|summary| !summary.standing_findings(now).is_empty());
        let left_out = self.hidden_rows() > 0 || self.is_incomplete();
        notices || (left_out && self.last_fault().is_none())
    }

    /// What stands in the table under this kind, if anything was synced.
    pub fn counts(&self, kind: WorkItemKind) -> Option<&crate::model::summary::KindSummary> {
        self.summary.value()?.kinds.get(&kind)
    }
}

fn together(one: Progress, other: Progress) -> Progress {
    Progress {
        kind: other.kind,
        fetched: one.fetched.saturating_add(other.fetched),
        expected: one.expected.zip(other.expected).map(|(one, other)| one.saturating_add(other)),
        waiting_until: one.waiting_until.max(other.waiting_until),
        attempt: one.attempt.max(other.attempt),
        retrying: if other.attempt > one.attempt { other.retrying } else { one.retrying.or(other.retrying) },
    }
}

fn weight(fault: &Fault) -> Health {
    if fault.is_signed_out() {
        return Health::SignedOut;
    }
    match fault.retry() {
        Retry::No => Health::Failing,
        Retry::Yes | Retry::After(_) => Health::Warning,
    }
}
