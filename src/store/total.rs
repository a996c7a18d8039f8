//! How many rows match: exact if the counters can tell, otherwise counted up to a limit.

use rusqlite::params_from_iter;

use super::found::Found;
use super::problem::Problem;
use super::window::{Condition, Query, Way};
use crate::model::items::{ItemFilter, Total};

/// At most this many rows are counted one by one.
const PATIENCE: usize = 10_000;

/// How many rows match.
pub fn of(query: &Query<'_>) -> Result<Total, Problem> {
    match query.found {
        None if query.filter.is_counted() => Ok(Total::Exactly(counted(query)?)),
        None => Ok(Total::Exactly(one_by_one(query)?)),
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

/// Reads the index of the table, where the counters do not have what is asked.
fn one_by_one(query: &Query<'_>) -> Result<u64, Problem> {
    let mut total = 0;
    for feed in query.feeds {
        let Condition { sql, values } = Condition::of(query.filter, feed);
        let sql = format!("SELECT count(*) FROM work_item INDEXED BY work_item_changed WHERE {sql}");
        let count: i64 = query.db.prepare(&sql)?.query_row(params_from_iter(values), |row| row.get(0))?;
        total += count.unsigned_abs();
    }
    Ok(total)
}

/// Whether nothing but the search narrows the rows, and perhaps their kinds.
fn covers_all(query: &Query<'_>) -> Result<bool, Problem> {
    let rest = ItemFilter { find: String::new(), kinds: Vec::new(), ..query.filter.clone() };
    if !rest.is_empty() {
        return Ok(false);
    }
    let feeds: i64 = query.db.query_row("SELECT count(*) FROM feed", [], |row| row.get(0))?;
    Ok(feeds as usize == query.feeds.len())
}
