//! The newest label of each state and priority. A product may relabel a choice; rows that were not fetched since keep the
//! old label, but their value is the same, and they count together.

use std::collections::BTreeMap;

use rusqlite::{Connection, Transaction, params};

use super::problem::Problem;
use crate::model::item_ref::ChoiceRef;
use crate::model::work_item::Value;

/// The newest labels of one feed's states and priorities, by value.
#[derive(Debug, Default)]
pub struct Labels {
    states: BTreeMap<String, String>,
    priorities: BTreeMap<String, String>,
}

impl Labels {
    /// Reads those of a feed.
    pub fn of(db: &Connection, feed: i64) -> Result<Self, Problem> {
        let mut labels = Self::default();
        let mut select = db.prepare("SELECT field, value, label FROM choice WHERE feed = ?1")?;
        let mut rows = select.query([feed])?;
        while let Some(row) = rows.next()? {
            let of = if row.get::<_, String>(0)? == STATE { &mut labels.states } else { &mut labels.priorities };
            of.insert(row.get(1)?, row.get(2)?);
        }
        Ok(labels)
    }

    /// A state under its newest label.
    pub fn state(&self, state: Value) -> Value {
        self.state_ref((&state).into()).into()
    }

    /// A priority under its newest label.
    pub fn priority(&self, priority: Value) -> Value {
        self.priority_ref((&priority).into()).into()
    }

    /// Like [`state`](Self::state), without copies.
    pub fn state_ref<'a>(&'a self, state: ChoiceRef<'a>) -> ChoiceRef<'a> {
        relabelled(&self.states, state)
    }

    /// Like [`priority`](Self::priority), without copies.
    pub fn priority_ref<'a>(&'a self, priority: ChoiceRef<'a>) -> ChoiceRef<'a> {
        relabelled(&self.priorities, priority)
    }
}

fn relabelled<'a>(labels: &'a BTreeMap<String, String>, choice: ChoiceRef<'a>) -> ChoiceRef<'a> {
    match labels.get(choice.value) {
        Some(label) => ChoiceRef { label: (!label.is_empty() && label != choice.value).then_some(label), ..choice },
        None => choice,
    }
}

/// The names of the two fields.
pub const STATE: &str = "state";
/// See [`STATE`].
pub const PRIORITY: &str = "priority";

/// Stores the labels of rows that just came.
pub fn note<'a>(
    tx: &Transaction<'_>,
    feed: i64,
    labels: impl Iterator<Item = (&'static str, &'a str, &'a str)>,
) -> Result<(), Problem> {
    let mut upsert = tx.prepare(
        "INSERT INTO choice VALUES (?1, ?2, ?3, ?4) \
         ON CONFLICT DO UPDATE SET label = excluded.label WHERE label <> excluded.label",
    )?;
    // A value without a label is its own label, even if it had another one before.
    let mut reset = tx.prepare("UPDATE choice SET label = value WHERE feed = ?1 AND field = ?2 AND value = ?3")?;
    for (field, value, label) in labels.filter(|(_, value, _)| !value.is_empty()) {
        if label.is_empty() {
            reset.execute(params![feed, field, value])?;
        } else {
            upsert.execute(params![feed, field, value, label])?;
        }
    }
    Ok(())
}
