//! The line a sync leaves in the activity log.

use jiff::Timestamp;

use crate::model::fault::Fault;
use crate::model::finding::SyncFinding;
use crate::model::summary::{Activity, Event, SyncRecord};
use crate::model::sync::KindReport;

/// One record for all kinds. Of several faults it keeps one that does not pass without help.
pub fn activity(started_at: Timestamp, ended_at: Timestamp, reports: &[KindReport]) -> Activity {
    let sum = |count: fn(&KindReport) -> u64| reports.iter().map(count).sum();
    let faults = || reports.iter().filter_map(|report| report.fault.clone());
    let lasting = faults().find(|fault| fault.retry() == crate::model::fault::Retry::No);
    let record = SyncRecord {
        failing_since: None,
        findings: findings(reports),
        earlier_fault: None,
        started_at,
        ended_at,
        changed: sum(|report| report.inserted + report.updated),
        complete: reports.iter().all(|report| report.complete),
        fault: lasting.or_else(|| faults().find(|fault| *fault != Fault::Interrupted)).or_else(|| faults().next()),
    };
    let event = Event::Synced {
        record,
        fetched: sum(|report| report.fetched),
        inserted: sum(|report| report.inserted),
        updated: sum(|report| report.updated),
        unchanged: sum(|report| report.unchanged),
        hidden: sum(|report| report.hidden),
    };
    Activity { at: ended_at, event }
}

/// The record of a sync that could not begin.
pub fn not_begun(at: Timestamp, fault: Fault) -> Activity {
    let record = SyncRecord {
        failing_since: None,
        findings: Vec::new(),
        earlier_fault: None,
        started_at: at,
        ended_at: at,
        changed: 0,
        complete: false,
        fault: Some(fault),
    };
    let event = Event::Synced { record, fetched: 0, inserted: 0, updated: 0, unchanged: 0, hidden: 0 };
    Activity { at, event }
}

/// The findings of all kinds, each once.
fn findings(reports: &[KindReport]) -> Vec<SyncFinding> {
    let mut all: Vec<SyncFinding> = Vec::new();
    // `NotVerified` is stored with each kind until a sweep has verified it.
    let lasting = |found: &&SyncFinding| !matches!(found, SyncFinding::NotVerified { .. });
    for found in reports.iter().flat_map(|report| &report.findings).filter(lasting) {
        if !all.contains(found) {
            all.push(found.clone());
        }
    }
    all
}
