//! Which groups and people stored work items are assigned to: read from the table's index alone, one row after the other.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::feeds::Feed;
use super::problem::Problem;
use super::window::{ASSIGNEE, GROUP};
use crate::model::items::Assigned;

/// Those of these feeds.
pub fn of(db: &Connection, feeds: &[Feed]) -> Result<Assigned, Problem> {
    let (mut groups, mut assignees) = (Names::default(), Names::default());
    let mut select = db.prepare(&format!(
        "SELECT {GROUP}, {ASSIGNEE} FROM work_item INDEXED BY work_item_changed WHERE feed = ?1 AND removed_at IS NULL"
    ))?;
    for feed in feeds {
        let mut rows = select.query([feed.id])?;
        while let Some(row) = rows.next()? {
            groups.add(row.get_ref(0)?.as_str_or_null().ok().flatten());
            assignees.add(row.get_ref(1)?.as_str_or_null().ok().flatten());
        }
    }
    Ok(Assigned { groups: groups.sorted(), assignees: assignees.sorted() })
}

/// Counts by name.
#[derive(Default)]
struct Names(BTreeMap<String, u64>);

impl Names {
    fn add(&mut self, name: Option<&str>) {
        let name = name.unwrap_or_default();
        match self.0.get_mut(name) {
            Some(count) => *count += 1,
            None => _ = self.0.insert(name.to_owned(), 1),
        }
    }

    /// As people look a name up.
    fn sorted(self) -> Vec<(String, u64)> {
        let mut all: Vec<_> = self.0.into_iter().collect();
        all.sort_by_cached_key(|(name, _)| name.to_lowercase());
        all
    }
}
