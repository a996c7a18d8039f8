//! The counters behind the tiles, moved by differences in the transaction that writes the rows.

use std::borrow::Cow;
use std::collections::HashMap;

use rusqlite::{Transaction, params};

use super::choices;
use super::problem::Problem;
use super::row::ItemRecord;
use crate::model::work_item::Value;

/// Removed, state, its label, priority, its label (no label is ''), open.
type Key<'r> = (bool, Cow<'r, str>, Cow<'r, str>, Cow<'r, str>, Cow<'r, str>, bool);

/// The changes of the counters by a page.
#[derive(Default)]
pub struct Deltas<'r> {
    counts: HashMap<Key<'r>, i64>,
    days: HashMap<i64, i64>,
    ends: HashMap<i64, i64>,
}

impl<'r> Deltas<'r> {
    /// Counts a written row that exists in the product.
    pub fn add(&mut self, row: &'r ItemRecord) {
        let (state, priority) = (&row.state, &row.priority);
        let key = (
            false,
            state.value.as_str().into(),
            label(state),
            priority.value.as_str().into(),
            label(priority),
            row.open,
        );
        *self.counts.entry(key).or_default() += 1;
        self.count_days(row, 1);
    }

    /// Counts a row on the days on which it was opened and resolved.
    fn count_days(&mut self, row: &ItemRecord, n: i64) {
        if let Some(day) = row.day() {
            *self.days.entry(day).or_default() += n;
        }
        if let Some(day) = row.end_day() {
            *self.ends.entry(day).or_default() += n;
        }
    }

    /// Subtracts a replaced row. Removed rows are counted separately, and on no day.
    pub fn subtract(&mut self, row: ItemRecord, removed: bool) {
        self.count(row, removed, -1);
    }

    /// Moves a row from the existing to the removed ones.
    pub fn remove(&mut self, row: ItemRecord) {
        self.count(row.clone(), false, -1);
        self.count(row, true, 1);
    }

    fn count(&mut self, row: ItemRecord, removed: bool, n: i64) {
        if !removed {
            self.count_days(&row, n);
        }
        *self.counts.entry(own_key(row, removed)).or_default() += n;
    }

    /// Counts a row that was written as removed.
    pub fn add_own(&mut self, row: ItemRecord) {
        self.count(row, false, 1);
    }

    /// Of several labels of one value that came together, the most frequent counts as the newest.
    fn note_labels(&self, tx: &Transaction<'_>, feed: i64) -> Result<(), Problem> {
        let mut came: Vec<_> = self.counts.iter().filter(|((removed, ..), n)| **n > 0 && !removed).collect();
        came.sort_unstable_by_key(|(_, n)| **n);
        let labels = came.iter().flat_map(|((_, state, state_label, priority, priority_label, _), _)| {
            [(choices::STATE, &**state, &**state_label), (choices::PRIORITY, &**priority, &**priority_label)]
        });
        choices::note(tx, feed, labels)
    }

    /// Writes the differences.
    pub fn apply(self, tx: &Transaction<'_>, feed: i64) -> Result<(), Problem> {
        self.note_labels(tx, feed)?;
        let mut count = tx.prepare(
            "INSERT INTO item_count VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO UPDATE SET n = n + excluded.n",
        )?;
        for ((removed, state, state_label, priority, priority_label, open), n) in
            self.counts.into_iter().filter(|(_, n)| *n != 0)
        {
            count.execute(params![feed, removed, state, state_label, priority, priority_label, open, n])?;
        }
        for (table, days) in [("item_day", self.days), ("item_end", self.ends)] {
            let sql = format!("INSERT INTO {table} VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET n = n + excluded.n");
            let mut day = tx.prepare(&sql)?;
            for (number, n) in days.into_iter().filter(|(_, n)| *n != 0) {
                day.execute(params![feed, number, n])?;
            }
            tx.execute(&format!("DELETE FROM {table} WHERE feed = ?1 AND n = 0"), [feed])?;
        }
        tx.execute("DELETE FROM item_count WHERE feed = ?1 AND n = 0", [feed])?;
        Ok(())
    }
}

fn own_key(row: ItemRecord, removed: bool) -> Key<'static> {
    let own = |label: Option<String>| Cow::Owned(label.unwrap_or_default());
    let (state, priority) = (row.state, row.priority);
    (removed, state.value.into(), own(state.label), priority.value.into(), own(priority.label), row.open)
}

fn label(value: &Value) -> Cow<'_, str> {
    value.label.as_deref().unwrap_or_default().into()
}
