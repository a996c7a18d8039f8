//! How many rows match: exact if the counters can tell, otherwise counted up to a limit.

use rusqlite::params;

use super::found::Found;
use super::problem::Problem;
use super::window::{Query, Way};
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
    let mut select = query.db.prepare(
        "SELECT coalesce(sum(n), 0) FROM item_count WHERE feed = ?1 AND (?2 IS NULL OR open = ?2) \
         AND (?3 IS NULL OR state = ?3) AND (?4 IS NULL OR priority = ?4) \
         AND (?5 IS NULL OR removed = ?5)",
    )?;
    let filter = query.filter;
    let mut total = 0;
    for feed in query.feeds {
        let args = params![feed.id, filter.open, filter.state, filter.priority, filter.removed()];
        total += select.query_row(args, |row| row.get::<_, i64>(0))?.unsigned_abs();
    }
    Ok(total)
}

/// Whether nothing but the search narrows the rows.
fn covers_all(query: &Query<'_>) -> Result<bool, Problem> {
    let filter = query.filter;
    if filter.removed().is_some() || filter.open.is_some() || filter.state.is_some() || filter.priority.is_some() {
        return Ok(false);
    }
    let feeds: i64 = query.db.query_row("SELECT count(*) FROM feed", [], |row| row.get(0))?;
    Ok(feeds as usize == query.feeds.len())
}
