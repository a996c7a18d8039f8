//! What an entry of the dashboard tells of itself: its health, its last fault, how far its sync is.

use jiff::Timestamp;

use super::model::{Entry, SyncState};
use crate::model::fault::{Fault, Retry};
use crate::model::summary::Health;
use crate::model::sync::Progress;
use crate::model::work_item::WorkItemKind;

/// How far a whole sync is, over all kinds it has begun.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Overall {
    /// Rows fetched so far.
    pub fetched: u64,
    /// Rows to expect, when every kind it has begun knows.
    pub expected: Option<u64>,
    /// Until when it waits because the product said so.
    pub waiting_until: Option<Timestamp>,
    /// The attempt that follows a failed one, from 2; 1 when all goes well.
    pub attempt: u32,
    /// Rows a second since it began; `None` in its first second.
    pub rate: Option<f64>,
    /// Seconds it still takes at this rate; known only when every kind it will sync has begun.
    pub remaining_seconds: Option<u64>,
}

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
    /// what the store remembers.
    pub fn sync_fault(&self) -> Option<&Fault> {
        match &self.sync.last {
            Some(Err(fault)) => Some(fault),
            Some(Ok(reports)) => reports.iter().find_map(|report| report.fault.as_ref()),
            None => self.summary.value()?.last_sync.as_ref()?.fault.as_ref(),
        }
    }

    /// Whether the schedule waits for the admin: a refused sign-in is not tried again by itself.
    pub fn is_paused(&self) -> bool {
        matches!(self.sync_fault(), Some(Fault::SignInRefused { .. } | Fault::UserUnfit { .. }))
    }

    /// How far the running sync is; `None` when none runs.
    pub fn overall(&self, now: Timestamp) -> Option<Overall> {
        self.sync.task?;
        let all_begun = self.connection.work_items.iter().all(|kind| self.sync.progress.contains_key(kind));
        Some(self.sync.overall(now, all_begun))
    }

    /// What stands in the table under this kind, if anything was synced.
    pub fn counts(&self, kind: WorkItemKind) -> Option<&crate::model::summary::KindSummary> {
        self.summary.value()?.kinds.get(&kind)
    }
}

impl SyncState {
    fn overall(&self, now: Timestamp, all_begun: bool) -> Overall {
        let kinds = || self.progress.values();
        let fetched = kinds().map(|kind| kind.fetched).sum();
        let expected = expected(kinds());
        let rate = self.rate(now, fetched);
        Overall {
            fetched,
            expected,
            waiting_until: kinds().filter_map(|kind| kind.waiting_until).filter(|until| *until > now).max(),
            attempt: kinds().map(|kind| kind.attempt).max().unwrap_or(1),
            rate,
            remaining_seconds: expected
                .zip(rate)
                .filter(|_| all_begun)
                .and_then(|(all, rate)| left(all, fetched, rate)),
        }
    }

    fn rate(&self, now: Timestamp, fetched: u64) -> Option<f64> {
        let seconds = now.duration_since(self.started_at?).as_secs();
        (seconds > 0).then(|| fetched as f64 / seconds as f64)
    }
}

fn expected<'a>(mut kinds: impl Iterator<Item = &'a Progress>) -> Option<u64> {
    let first = kinds.next()?.expected?;
    kinds.try_fold(first, |sum, kind| Some(sum.saturating_add(kind.expected?)))
}

fn left(all: u64, fetched: u64, rate: f64) -> Option<u64> {
    (rate > 0.0).then(|| (all.saturating_sub(fetched) as f64 / rate).ceil() as u64)
}

fn weight(fault: &Fault) -> Health {
    match fault.retry() {
        Retry::No => Health::Failing,
        Retry::Yes | Retry::After(_) => Health::Warning,
    }
}
