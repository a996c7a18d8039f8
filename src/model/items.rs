//! The table of stored work items as data: what is asked, and a window of rows out of a million.

use jiff::Timestamp;

use super::work_item::{Value, WorkItemKind};

/// Which work items are asked for. Everything that is set must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ItemFilter {
    /// Only this kind.
    pub kind: Option<WorkItemKind>,
    /// Only this state, by its value.
    pub state: Option<String>,
    /// Only this priority, by its value.
    pub priority: Option<String>,
    /// Only open ones, or only closed ones.
    pub open: Option<bool>,
    /// Only those that are gone from the product, or only those that it has.
    pub removed: Option<bool>,
    /// Words that number, title or description must have, each as a prefix; empty asks for none.
    pub find: String,
}

impl ItemFilter {
    /// Whether removed items are asked for: a removed one is neither open nor closed any more.
    pub fn removed(&self) -> Option<bool> {
        self.removed.or(self.open.map(|_| false))
    }
}

/// A row's place in the table: newest change first, then the higher row id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ItemKey {
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// The store's own row id.
    pub row_id: i64,
}

/// Where a window of rows begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seek {
    /// With the newest.
    First,
    /// So that the oldest is its last.
    Last,
    /// With the row after this one (older).
    After(ItemKey),
    /// So that it ends with the row before this one (newer).
    Before(ItemKey),
}

/// One row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemRow {
    /// Its place.
    pub key: ItemKey,
    /// The connection it belongs to.
    pub connection: String,
    /// Incident or change request.
    pub kind: WorkItemKind,
    /// The number people call it by.
    pub number: String,
    /// The short description.
    pub title: String,
    /// The state.
    pub state: Value,
    /// The priority.
    pub priority: Value,
    /// Whether it is still active, or was when it was last seen.
    pub open: bool,
    /// When it was found to be gone from the product.
    pub removed_at: Option<Timestamp>,
}

/// A window of rows, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemWindow {
    /// The rows.
    pub rows: Vec<ItemRow>,
    /// Whether nothing newer exists.
    pub at_start: bool,
    /// Whether nothing older exists.
    pub at_end: bool,
    /// How many rows match in all.
    pub total: Total,
}

/// How many rows match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Total {
    /// Just so many.
    Exactly(u64),
    /// So many were counted before counting was given up.
    AtLeast(u64),
}
