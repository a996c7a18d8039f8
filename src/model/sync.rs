//! A sync as data: what is asked of a partner, what comes back, how far it is, and the report.

use std::collections::HashSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::fault::Fault;
use super::finding::SyncFinding;
use super::sweep::SweepRecord;
use super::work_item::{Cursor, WorkItem, WorkItemKind};

/// A span of change times: from (inclusive) to before (exclusive; `None` is open-ended).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// The earliest change time.
    pub from: Timestamp,
    /// The first change time that is no longer in it.
    pub before: Option<Timestamp>,
}

/// How far a slice was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SlicePosition {
    /// The last row stored.
    pub after: Option<Cursor>,
    /// Rows to pass over after it, all of them hidden.
    pub offset: u64,
    /// Rows of the slice that are hidden from this user.
    pub hidden: u64,
    /// Whether it was read to its end.
    pub done: bool,
}

/// One page to be fetched: rows of `window` that come after `after`, in the order of (changed, id).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    /// Incident or change request.
    pub kind: WorkItemKind,
    /// The span of change times.
    pub window: Window,
    /// The last row seen, if any.
    pub after: Option<Cursor>,
    /// Rows to pass over, where rows hidden from us fill whole pages.
    pub offset: u64,
    /// How many rows at the most.
    pub limit: u32,
    /// Whether to ask how many rows match.
    pub count: bool,
    /// Whether a single row was too large to come: its long texts are to be left out, or fetched one by one.
    pub lean: bool,
}

/// One page as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its work items, in order.
    pub items: Vec<WorkItem>,
    /// Rows that came without the columns we need: hidden from us.
    pub hidden: u64,
    /// How many rows match from `after` on, hidden ones included, where it was asked and told.
    pub total: Option<u64>,
    /// Bytes of the body, unpacked.
    pub bytes: u64,
    /// What the product says of its rate limit, if it does.
    pub rate: Option<RateLimit>,
    /// What else was seen of the page.
    pub notes: PageNotes,
}

/// What is seen of a page beside its rows; a partner fills in what its interface tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageNotes {
    /// The product's own time when it answered (the `Date` header).
    pub date: Option<Timestamp>,
    /// Rows that came again on this page, the same in every part; each is kept once.
    pub repeated: u64,
    /// Whether the total may be no more than the page's own length, as some instances behind a gateway tell it.
    pub unproven: bool,
    /// Numbers of rows of which texts were left out because they were too large.
    pub cut: Vec<String>,
    /// Rows that came although they lie outside the window, where none came that lies inside: how many, and the latest change among
    /// them.
    pub outside: Option<(u64, Timestamp)>,
}

/// Keeps each row of a page once: some servers give every row twice. Rows that differ in their change time are different.
/// Returns how many were taken out.
pub fn take_once(items: &mut Vec<WorkItem>) -> u64 {
    let before = items.len();
    // Pages mostly come in this very order, and then no row comes twice.
    let place = |item: &WorkItem| (item.updated_at, item.source_id.clone());
    let follows = |one: &WorkItem, next: &WorkItem| {
        (one.updated_at, one.source_id.as_str()) < (next.updated_at, next.source_id.as_str())
    };
    if !items.is_sorted_by(follows) {
        let mut seen = HashSet::with_capacity(before);
        items.retain(|item| seen.insert(place(item)));
    }
    (before - items.len()) as u64
}

/// A rate limit that the product announces before it bites.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// Requests an hour.
    pub limit: u64,
    /// When the count begins again.
    pub resets_at: Timestamp,
}

/// How far the sync of one kind is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Which kind.
    pub kind: WorkItemKind,
    /// Rows fetched so far.
    pub fetched: u64,
    /// Rows to expect, once known.
    pub expected: Option<u64>,
    /// Until when it waits because the product said so.
    pub waiting_until: Option<Timestamp>,
    /// The attempt that follows a failed one, from 2; 1 when all goes well.
    pub attempt: u32,
    /// Why there is another attempt, from when it was decided until the product answers.
    pub retrying: Option<Box<Retrying>>,
}

/// Why a request is made again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retrying {
    /// What kept the last attempt from its answer.
    pub fault: Fault,
    /// When it is made again.
    pub at: Timestamp,
    /// So many attempts are made at most.
    pub of: u32,
}

/// What the sync of one kind did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KindReport {
    /// The connection's name.
    pub connection: String,
    /// Which kind.
    pub kind: WorkItemKind,
    /// Rows received.
    pub fetched: u64,
    /// Rows that were new to the store.
    pub inserted: u64,
    /// Rows that were changed in the store.
    pub updated: u64,
    /// Rows that the store had already.
    pub unchanged: u64,
    /// Rows the product counted but did not show us.
    pub hidden: u64,
    /// Requests made.
    pub requests: u64,
    /// Bytes received.
    pub bytes: u64,
    /// How long it took.
    pub seconds: f64,
    /// Whether everything there was to see is stored.
    pub complete: bool,
    /// Everything changed up to here is stored.
    pub watermark: Option<Timestamp>,
    /// What it noticed; none of it stopped it.
    #[serde(default)]
    pub findings: Vec<SyncFinding>,
    /// What stopped it, if something did.
    pub fault: Option<Fault>,
    /// The sweep that followed, if one was due and came to its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sweep: Option<SweepRecord>,
    /// What stopped the sweep.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sweep_fault: Option<Fault>,
}
