//! The work items of one kind, and their order by last change.

use std::collections::BTreeSet;

use crate::WorkItemKind;
use crate::core::rng::stable_guid;

/// One work item. Times are milliseconds since 1970, 0 where there is none; enumerations are places in their list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) number: u32,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) status: u8,
    pub(super) priority: u8,
    pub(super) urgency: u8,
    pub(super) impact: u8,
    pub(super) category: u8,
    pub(super) source: u8,
    pub(super) assigned_to: u8,
    pub(super) created_by: u8,
    pub(super) affected: u8,
    pub(super) created: i64,
    pub(super) modified: i64,
    pub(super) resolved: i64,
    pub(super) closed: i64,
}

/// The Id that people call a work item by, such as `IR1234`.
pub(super) fn display_id(kind: WorkItemKind, number: u32) -> String {
    let prefix = match kind {
        WorkItemKind::Incident => "IR",
        WorkItemKind::ChangeRequest => "CR",
    };
    format!("{prefix}{number}")
}

/// The number in such an Id.
pub(super) fn number_of(kind: WorkItemKind, id: &str) -> Option<u32> {
    id.strip_prefix(display_id(kind, 0).trim_end_matches('0'))?.parse().ok()
}

/// The GUID of a work item.
pub(super) fn guid(kind: WorkItemKind, number: u32) -> String {
    stable_guid(kind.id(), &number.to_string())
}

/// All work items of one kind. Their numbers begin with `first`.
#[derive(Debug)]
pub(super) struct Rows {
    first: u32,
    items: Vec<Option<Item>>,
    by_change: BTreeSet<(i64, u32)>,
}

impl Rows {
    pub(super) fn new(first: u32, items: Vec<Item>) -> Self {
        let by_change = items.iter().map(|item| (item.modified, item.number)).collect();
        Self { first, items: items.into_iter().map(Some).collect(), by_change }
    }

    pub(super) fn len(&self) -> usize {
        self.by_change.len()
    }

    pub(super) fn next_number(&self) -> u32 {
        self.first + u32::try_from(self.items.len()).unwrap_or(u32::MAX - self.first)
    }

    fn place(&self, number: u32) -> Option<usize> {
        usize::try_from(number.checked_sub(self.first)?).ok()
    }

    pub(super) fn get(&self, number: u32) -> Option<&Item> {
        self.items.get(self.place(number)?)?.as_ref()
    }

    /// Puts a work item in its place, new or changed.
    pub(super) fn put(&mut self, item: Item) {
        let Some(place) = self.place(item.number) else { return };
        if place >= self.items.len() {
            self.items.resize(place + 1, None);
        }
        if let Some(before) = &self.items[place] {
            self.by_change.remove(&(before.modified, before.number));
        }
        self.by_change.insert((item.modified, item.number));
        self.items[place] = Some(item);
    }

    /// Takes a work item away, as grooming does; whether it was there.
    pub(super) fn remove(&mut self, number: u32) -> bool {
        let taken = self.place(number).and_then(|place| self.items.get_mut(place)).and_then(Option::take);
        taken.map(|item| self.by_change.remove(&(item.modified, item.number))).is_some()
    }

    /// By number.
    pub(super) fn all(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().flatten()
    }

    /// By last change, from `from` to `till`, both inclusive.
    pub(super) fn changed(&self, from: i64, till: i64) -> impl Iterator<Item = &Item> {
        let range =
            if from <= till { (from, 0)..=(till, u32::MAX) } else { (i64::MAX, u32::MAX)..=(i64::MAX, u32::MAX) };
        self.by_change.range(range).filter_map(|(_, number)| self.get(*number))
    }
}
