//! A sweep as data: the ids, change times and change counters of everything in scope, compared with what is stored.
//!
//! A sync follows change times and so cannot see rows that were deleted, rows that were hidden while it passed them, or
//! rows that changed without a new change time. A sweep can.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::finding::SyncFinding;
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

/// Why a sweep runs, or why one is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SweepReason {
    /// Someone asked for it.
    Asked,
    /// There was none, or the last one is a day old.
    Daily,
    /// The product counts rows that it does not show.
    Hidden,
    /// The newest stored row is not there any more, or rows came older than they are stored: the product may have been
    /// restored or cloned.
    Restored,
    /// The connection signs in otherwise than before.
    Identity,
    /// A sync was cut off and taken up again.
    Resumed,
    /// Everything was fetched again.
    Full,
    /// The last sweep did not come to its end.
    Failed,
    /// The last sweep could not tell what became of some rows.
    Unknown,
}

impl SweepReason {
    /// The name in JSON, the same as serde's.
    pub fn id(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Daily => "daily",
            Self::Hidden => "hidden",
            Self::Restored => "restored",
            Self::Identity => "identity",
            Self::Resumed => "resumed",
            Self::Full => "full",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }
}

/// What a sweep of one kind found. Everything it could put right is put right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SweepRecord {
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Timestamp,
    /// Why it ran.
    pub reason: SweepReason,
    /// Rows that the product showed.
    pub checked: u64,
    /// Rows that were not stored, and were fetched.
    pub missing: u64,
    /// Rows that were stored otherwise, and were fetched.
    pub changed: u64,
    /// Rows that are gone from the product, and were marked as removed.
    pub removed: u64,
    /// Removed rows that are there again.
    pub restored: u64,
    /// Rows that the product counts but does not show this user.
    pub hidden: u64,
    /// Stored rows of which the product does not tell whether they are gone or hidden.
    pub unknown: u64,
    /// Requests made.
    pub requests: u64,
    /// Bytes received, unpacked.
    pub bytes: u64,
}

impl SweepRecord {
    /// Whether the store was equal to the product, as far as that can be told.
    pub fn is_clean(&self) -> bool {
        self.missing + self.changed + self.removed + self.restored + self.hidden + self.unknown == 0
    }

    /// Two sweeps of different kinds as one, as old as the older of them.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            started_at: self.started_at.min(other.started_at),
            ended_at: self.ended_at.min(other.ended_at),
            reason: self.reason,
            checked: self.checked + other.checked,
            missing: self.missing + other.missing,
            changed: self.changed + other.changed,
            removed: self.removed + other.removed,
            restored: self.restored + other.restored,
            hidden: self.hidden + other.hidden,
            unknown: self.unknown + other.unknown,
            requests: self.requests + other.requests,
            bytes: self.bytes + other.bytes,
        }
    }
}

/// What is not known of a kind: set with the sync that noticed it, taken away by a sweep that finds nothing left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// Since when.
    pub since: Timestamp,
    /// Why.
    pub reason: SweepReason,
    /// Rows that the product counts but does not show.
    pub hidden: u64,
    /// Stored rows that may be gone or hidden.
    pub unknown: u64,
}

impl Gap {
    /// The same as a finding, which status, tile and reports show.
    pub fn finding(&self, kind: WorkItemKind) -> SyncFinding {
        SyncFinding::NotVerified { kind, reason: self.reason, hidden: self.hidden, unknown: self.unknown }
    }
}

/// Why a stored row that a sweep did not see is still kept as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unseen {
    /// It exists, but this user may not see it.
    Hidden,
    /// The product does not tell whether it is gone or hidden.
    Unknown,
}

impl Unseen {
    /// The name in the database.
    pub fn id(self) -> &'static str {
        match self {
            Self::Hidden => "hidden",
            Self::Unknown => "unknown",
        }
    }
}
