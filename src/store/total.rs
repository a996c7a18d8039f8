//! How many rows match: exact if the counters can tell, otherwise counted up to a limit.

use rusqlite::params_from_iter;

use super::found::Found;
use super::problem::Problem;
use super::window::{Condition, Query, Way};
use crate::model::items::Total;

/// At most this many rows are counted one by one.
const PATIENCE: usize = 10_000;

/// How many rows match.
pub fn of(query: &Query<'_>) -> Result<Total, Problem> {
    match query.found {
        None => Ok(Total::Exactly(counted(query)?)),
        Some(Found::Few(entries)) => {
            Ok(Total::Exactly(entries.iter().filter(|entry| query.admits(entry)).count() as u64))
        }
        Some(Found::Many(marks)) if covers_all(query)? => Ok(Total::Exactly(marks.count())),
        Some(Found::Many(_)) => {
            let some = query.walk(Way::Older, None, PATIENCE)?.len();
            Ok(if some < PATIENCE { Total::Exactly(some as u64) } else { Total::AtLeast(some as u64) })
        }
    }
}

fn counted(query: &Query<'_>) -> Result<u64, Problem> {
    let mut total = 0;
    for feed in query.feeds {
        let condition = Condition::of(query.filter, feed);
        // The counters have a column of their own for what is marked as removed.
        let sql = condition.sql.replace("(removed_at IS NOT NULL)", "removed");
        let mut select = query.db.prepare(&format!("SELECT coalesce(sum(n), 0) FROM item_count WHERE {sql}"))?;
        let values = params_from_iter(condition.values);
        total += select.query_row(values, |row| row.get::<_, i64>(0))?.unsigned_abs();
    }
    Ok(total)
}

/// Whether nothing but the search narrows the rows.
fn covers_all(query: &Query<'_>) -> Result<bool, Problem> {
    let filter = query.filter;
    if filter.removed().is_some() || filter.open.is_some() || !filter.states.is_empty() || !filter.priorities.is_empty()
    {
        return Ok(false);
    }
    let feeds: i64 = query.db.query_row("SELECT count(*) FROM feed", [], |row| row.get(0))?;
    Ok(feeds as usize == query.feeds.len())
}
