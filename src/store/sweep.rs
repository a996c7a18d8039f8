//! The store's side of a sweep: which rows differ from the marks, which stored rows were not shown, and one transaction for
//! each part of the result. Memory: one page of marks, and one bit for each stored row.

use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::commit::{self, Tally};
use super::found::Marks;
use super::problem::Problem;
use super::row::ItemRecord;
use super::{notes, plan};
use crate::model::connection::ConnectionName;
use crate::model::sweep::{Gap, Mark, SweepRecord, Unseen};
use crate::model::work_item::{WorkItem, WorkItemKind};

/// The stored rows that the product has shown in a sweep.
#[derive(Default)]
pub struct Seen(Marks);

/// A row that differs from the stored one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Differs {
    /// The product's id.
    pub source_id: String,
    /// How it differs.
    pub why: Why,
    /// The product's change time, where it has one.
    pub changed: Option<Timestamp>,
}

/// How a row differs from the stored one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It is not stored.
    Missing,
    /// It was changed.
    Changed,
    /// It was marked as removed, or the sweep before did not see it.
    Back,
}

/// A part of a sweep's result.
#[derive(Debug, Clone)]
pub struct SweepPart {
    /// The connection.
    pub connection: ConnectionName,
    /// Incidents or change requests.
    pub kind: WorkItemKind,
    /// Current rows, each with whether the product has a change time for it.
    pub items: Vec<(WorkItem, bool)>,
    /// Ids of rows that are gone.
    pub gone: Vec<String>,
    /// Ids of stored rows that were not seen, and why they are kept.
    pub unseen: Vec<(String, Unseen)>,
    /// Attributes that the product does not show in any row.
    pub hidden_columns: Vec<Arc<str>>,
    /// When this was found.
    pub at: Timestamp,
}

struct Stored {
    id: i64,
    updated_at: i64,
    stamped: bool,
    changes: Option<i64>,
    absent: bool,
}

impl Stored {
    /// Whether the mark differs from the stored row. A counter that either side lacks is not compared.
    fn differs(&self, mark: &Mark) -> bool {
        let counted = matches!((self.changes, mark.changes), (Some(stored), Some(now)) if stored != now);
        counted
            || match mark.changed {
                Some(changed) => !self.stamped || changed.as_second() != self.updated_at,
                None => self.stamped,
            }
    }
}

/// The marks that differ from the stored rows.
pub fn compare(
    db: &Connection,
    connection: &ConnectionName,
    kind: WorkItemKind,
    marks: &[Mark],
    seen: &mut Seen,
) -> Result<Vec<Differs>, Problem> {
    let feed = plan::feed_id(db, connection, kind)?;
    let mut select = db.prepare(
        "SELECT id, updated_at, stamped, changes, removed_at IS NOT NULL OR unseen IS NOT NULL \
         FROM work_item WHERE feed = ?1 AND source_id = ?2",
    )?;
    let mut differing = Vec::new();
    for mark in marks {
        let read = |row: &rusqlite::Row<'_>| {
            let (id, updated_at, stamped) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(Stored { id, updated_at, stamped, changes: row.get(3)?, absent: row.get(4)? })
        };
        let why = match select.query_row(params![feed, mark.source_id], read).optional()? {
            None => Why::Missing,
            Some(stored) => {
                seen.0.set(stored.id);
                match stored {
                    stored if stored.absent => Why::Back,
                    stored if stored.differs(mark) => Why::Changed,
                    _ => continue,
                }
            }
        };
        differing.push(Differs { source_id: mark.source_id.clone(), why, changed: mark.changed });
    }
    Ok(differing)
}

/// Stored rows that were not shown and are not marked as removed, in the order of row ids.
pub fn unseen(
    db: &Connection,
    connection: &ConnectionName,
    kind: WorkItemKind,
    seen: &Seen,
    after: i64,
    limit: usize,
) -> Result<Vec<(i64, String)>, Problem> {
    let feed = plan::feed_id(db, connection, kind)?;
    let mut select = db.prepare(
        "SELECT id FROM work_item INDEXED BY work_item_changed WHERE feed = ?1 AND removed_at IS NULL AND id > ?2",
    )?;
    let mut rows = select.query(params![feed, after])?;
    let mut ids: Vec<i64> = Vec::new();
    while let Some(row) = rows.next()? {
        let id = row.get(0)?;
        if !seen.0.has(id) {
            ids.push(id);
        }
    }
    ids.sort_unstable();
    ids.truncate(limit);
    let mut select = db.prepare("SELECT source_id FROM work_item WHERE id = ?1")?;
    ids.into_iter().map(|id| Ok((id, select.query_row([id], |row| row.get(0))?))).collect()
}

/// Stores a part of the result. Nothing else writes this kind's rows meanwhile, so the rows that came are the newest,
/// however old their change times are.
pub fn commit(tx: &Transaction<'_>, part: SweepPart) -> Result<Tally, Problem> {
    let feed = plan::feed_id(tx, &part.connection, part.kind)?;
    let row = |(item, stamped)| ItemRecord { stamped, ..ItemRecord::new(item) };
    let rows: Vec<_> = part.items.into_iter().map(row).collect();
    #[allow(clippy::reversed_empty_ranges, reason = "no stored row is kept")]
    let mut tally = commit::write_rows(tx, feed, &rows, 1..=0)?;
    notes::add_hidden(tx, feed, &part.hidden_columns)?;
    tally.removed = commit::remove_rows(tx, feed, &part.gone, part.at.as_second())?;
    let mut update =
        tx.prepare("UPDATE work_item SET unseen = ?3 WHERE feed = ?1 AND source_id = ?2 AND removed_at IS NULL")?;
    for (id, why) in &part.unseen {
        update.execute(params![feed, id, why.id()])?;
    }
    Ok(tally)
}

/// Stores the record of a sweep.
pub fn finish(
    tx: &Transaction<'_>,
    connection: &ConnectionName,
    kind: WorkItemKind,
    record: &SweepRecord,
    gap: Option<&Gap>,
) -> Result<(), Problem> {
    let feed = plan::feed_id(tx, connection, kind)?;
    tx.execute("UPDATE feed SET sweep = ?2 WHERE id = ?1", params![feed, serde_json::to_string(record)?])?;
    plan::set_gap(tx, feed, gap)
}
