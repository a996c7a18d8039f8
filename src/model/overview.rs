//! What all connections hold together: the numbers behind the charts of the dashboard.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::work_item::{Value, WorkItemKind};

/// How many days the chart of new and resolved items spans.
pub const DAYS: usize = 30;

/// How many of the oldest open items are read, and how many of the groups and configuration items with the most.
pub const MOST: usize = 40;

/// How many open items of a configuration item are named.
pub const NAMED: usize = 6;

/// The bands of age of open items: younger than so many days. The last band has no end.
pub const BANDS: [i64; 4] = [1, 7, 30, 90];

/// Counts over the work items of all connections that their products have.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overview {
    /// New and resolved items a day (UTC), oldest first, [`DAYS`] of them, today last.
    pub days: Vec<Day>,
    /// New items a day by their kind, over the same days.
    pub created: BTreeMap<WorkItemKind, Vec<u64>>,
    /// Open items by age: a count for each of [`BANDS`], then one for those that are older.
    pub ages: [u64; BANDS.len() + 1],
    /// Open items that the product has no opening time of.
    pub undated: u64,
    /// The open items that were opened first, oldest first, at most [`MOST`].
    pub oldest: Vec<OldItem>,
    /// Open items by assignment group.
    pub groups: Ranking,
    /// Open items by configuration item.
    pub computers: Ranking,
    /// The numbers of the newest open items of each of those configuration items, at most [`NAMED`], the newest first.
    pub computer_items: BTreeMap<String, Vec<String>>,
}

/// One day of the chart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Day {
    /// Items that were opened on it.
    pub opened: u64,
    /// Items that were resolved on it, or closed where the product notes only that.
    pub resolved: u64,
}

/// An open item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OldItem {
    /// The connection it belongs to.
    pub connection: String,
    /// Incident or change request.
    pub kind: WorkItemKind,
    /// The number people call it by.
    pub number: String,
    /// The short description.
    pub title: String,
    /// The priority.
    pub priority: Value,
    /// When it was opened.
    pub opened_at: Timestamp,
}

/// Names with their counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ranking {
    /// Those with the most, at most [`MOST`], most first.
    pub most: Vec<(String, u64)>,
    /// How many names there are beside those.
    pub more: usize,
    /// Items without such a name.
    pub without: u64,
}

impl Overview {
    /// How many items are open.
    pub fn open(&self) -> u64 {
        self.ages.iter().sum::<u64>() + self.undated
    }
}
