//! What syncs have learned about a feed: which columns had values, which are hidden, whether totals are wrong.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde::{Deserialize, Serialize};

use super::plan;
use super::problem::Problem;
use super::row::ItemRecord;
use crate::model::connection::ConnectionName;
use crate::model::sweep::Unseen;
use crate::model::work_item::WorkItemKind;

/// The notes about a feed; JSON in the database.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FeedNotes {
    /// Attributes that had a value in some row.
    pub seen: BTreeSet<String>,
    /// Attributes that the product does not show now.
    pub hidden: BTreeSet<String>,
    /// Whether rows contradicted the totals that come with pages.
    pub totals_lie: bool,
    /// The ids of rows whose text came damaged when they were read last.
    pub damaged: BTreeSet<String>,
    /// When a page that ended with the newest stored row was last proved to be the last one.
    pub proved: Option<Timestamp>,
}

/// The notes of a feed; empty ones where it was never synced.
pub fn read(db: &Connection, connection: &ConnectionName, kind: WorkItemKind) -> Result<FeedNotes, Problem> {
    let Some(feed) = plan::find_feed(db, connection, kind)? else { return Ok(FeedNotes::default()) };
    of_feed(db, feed)
}

/// The notes of a feed by its id. Unreadable notes count as none: a sync makes them again.
pub fn of_feed(db: &Connection, feed: i64) -> Result<FeedNotes, Problem> {
    let sql = "SELECT notes FROM feed WHERE id = ?1";
    let json: Option<String> = db.query_row(sql, [feed], |row| row.get(0)).optional()?.flatten();
    Ok(json.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default())
}

/// Stores the notes of a feed if they differ. If everything was read again because columns are shown again, the next sweep
/// must fetch the rows without a change time, which are in no page.
pub fn write(
    tx: &Transaction<'_>,
    connection: &ConnectionName,
    kind: WorkItemKind,
    notes: &FeedNotes,
) -> Result<(), Problem> {
    let Some(feed) = plan::find_feed(tx, connection, kind)? else { return Ok(()) };
    if !of_feed(tx, feed)?.hidden.is_subset(&notes.hidden) {
        tx.execute(
            "UPDATE work_item SET unseen = ?2 WHERE feed = ?1 AND NOT stamped AND unseen IS NULL AND removed_at IS NULL",
            params![feed, Unseen::Unknown.id()],
        )?;
    }
    tx.execute(
        "UPDATE feed SET notes = ?2 WHERE id = ?1 AND notes IS NOT ?2",
        params![feed, serde_json::to_string(notes)?],
    )?;
    Ok(())
}

/// Stores that attributes are hidden, in the transaction that stores the rows without them.
pub fn add_hidden(tx: &Transaction<'_>, feed: i64, hidden: &[Arc<str>]) -> Result<(), Problem> {
    if hidden.is_empty() {
        return Ok(());
    }
    let mut notes = of_feed(tx, feed)?;
    let before = notes.hidden.len();
    notes.hidden.extend(hidden.iter().map(ToString::to_string));
    if notes.hidden.len() > before {
        tx.execute("UPDATE feed SET notes = ?2 WHERE id = ?1", params![feed, serde_json::to_string(&notes)?])?;
    }
    Ok(())
}

/// Which of the attributes have a stored value in rows with these ids, and in how many.
pub fn with_values(
    db: &Connection,
    (connection, kind): (&ConnectionName, WorkItemKind),
    ids: &[String],
    attributes: &[String],
) -> Result<Vec<(String, usize)>, Problem> {
    let Some(feed) = plan::find_feed(db, connection, kind)? else { return Ok(Vec::new()) };
    let sql = format!("SELECT {} FROM work_item WHERE feed = ?1 AND source_id = ?2", ItemRecord::columns(""));
    let mut select = db.prepare(&sql)?;
    let mut counts = vec![0_usize; attributes.len()];
    for id in ids.iter().collect::<HashSet<_>>() {
        let Some(stored) = select.query_row(params![feed, id], |row| ItemRecord::read(row, 0)).optional()? else {
            continue;
        };
        for (name, count) in attributes.iter().zip(&mut counts) {
            *count += usize::from(stored.has_value(name)?);
        }
    }
    Ok(attributes.iter().cloned().zip(counts).filter(|(_, count)| *count > 0).collect())
}
