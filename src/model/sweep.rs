//! A sweep as data: the ids, change times and change counters of everything in scope, compared with what is stored.
//!
//! A sync follows change times and so cannot see rows that were deleted, rows that were hidden while it passed them, or
//! rows that changed without a new change time. A sweep can.

use jiff::Timestamp;

use super::sync::{RateLimit, Window};
use super::work_item::{WorkItem, WorkItemKind};

/// What a sweep reads of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The product's own immutable id, spelled as in [`WorkItem::source_id`].
    pub source_id: String,
    /// Its change time; `None` where the row has none or it cannot be read.
    pub changed: Option<Timestamp>,
    /// How often it was changed, where the product counts (ServiceNow: `sys_mod_count`, Dataverse: `versionnumber`).
    pub changes: Option<i64>,
}

/// Where a sweep goes on. The text is the partner's own: an id, a page number or a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SweepCursor(pub String);

/// One page of a sweep to be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SweepRequest {
    /// Incident or change request.
    pub kind: WorkItemKind,
    /// The span of change times. Rows without a change time belong to every window.
    pub window: Window,
    /// The cursor of the page before; `None` for the first page.
    pub after: Option<SweepCursor>,
}

/// One page of a sweep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SweepPage {
    /// The rows this user may see, in any order, each at most once in a page.
    pub marks: Vec<Mark>,
    /// Rows the product counted but did not show.
    pub hidden: u64,
    /// How many rows the product counts in the whole window, hidden ones included, where it tells.
    pub total: Option<u64>,
    /// Bytes of the body, unpacked.
    pub bytes: u64,
    /// What the product says of its rate limit, if it does.
    pub rate: Option<RateLimit>,
    /// Where to go on; `None` when this was the last page.
    pub next: Option<SweepCursor>,
}

/// What became of a row that was asked for by its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// It is there, and this is how it is now.
    Item(Box<WorkItem>),
    /// The product says that it does not exist (any more).
    Gone,
    /// It exists, but this user may not see it.
    Hidden,
    /// The product's answer does not tell whether it is gone or hidden.
    Unknown,
}
