//! The change feed: every insert or update of a work item gets the next number of a counter of the whole store, and each
//! consumer keeps how far it is. Numbers are taken under the write lock, so that they follow the order of commits.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::problem::Problem;
use super::row::ItemRecord;
use crate::model::work_item::{WorkItem, WorkItemKind};

/// One changed work item, as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The number of its last change.
    pub change: i64,
    /// The connection it belongs to.
    pub connection: String,
    /// When it was found to be gone from the product, in Unix seconds.
    pub removed_at: Option<i64>,
    /// The work item.
    pub item: WorkItem,
}

/// Numbers taken in one transaction. What was taken must be [kept](Self::keep) before the commit.
pub struct Numbers(i64);

impl Numbers {
    /// Begins where the counter stands; the transaction must hold the write lock.
    pub fn new(tx: &Transaction<'_>) -> Result<Self, Problem> {
        Ok(Self(last(tx)?))
    }

    /// The number that [`take`](Self::take) would give.
    pub fn next(&self) -> i64 {
        self.0 + 1
    }

    /// Takes the next number.
    pub fn take(&mut self) -> i64 {
        self.0 += 1;
        self.0
    }

    /// Moves the counter to the last number taken.
    pub fn keep(self, tx: &Transaction<'_>) -> Result<(), Problem> {
        tx.execute("UPDATE change_counter SET last = ?1", [self.0])?;
        Ok(())
    }
}

/// The number of the last change of all.
pub fn last(db: &Connection) -> Result<i64, Problem> {
    Ok(db.query_row("SELECT last FROM change_counter", [], |row| row.get(0))?)
}

/// Up to which change a consumer is done; 0 for one that is new.
pub fn done(db: &Connection, consumer: &str) -> Result<i64, Problem> {
    let sql = "SELECT done FROM consumer WHERE name = ?1";
    Ok(db.query_row(sql, [consumer], |row| row.get(0)).optional()?.unwrap_or(0))
}

/// Notes up to which change a consumer is done.
pub fn set_done(db: &Connection, consumer: &str, done: i64) -> Result<(), Problem> {
    let sql = "INSERT INTO consumer VALUES (?1, ?2) ON CONFLICT DO UPDATE SET done = excluded.done";
    db.execute(sql, params![consumer, done])?;
    Ok(())
}

/// At most `limit` work items that changed after `after`, in the order of their last changes; those of removed
/// connections left out.
pub fn after(db: &Connection, after: i64, limit: usize) -> Result<Vec<Changed>, Problem> {
    let sql = format!(
        "SELECT w.change, c.name, f.kind, w.removed_at, {} FROM work_item w JOIN feed f ON f.id = w.feed \
         JOIN connection c ON c.id = f.connection WHERE w.change > ?1 AND c.name IS NOT NULL ORDER BY w.change LIMIT ?2",
        ItemRecord::columns("w.")
    );
    let mut select = db.prepare(&sql)?;
    let mut rows = select.query(params![after, limit as i64])?;
    let mut changed = Vec::new();
    while let Some(row) = rows.next()? {
        let kind: String = row.get(2)?;
        let kind = WorkItemKind::from_id(&kind).ok_or_else(|| Problem::Unreadable(format!("a kind '{kind}'")))?;
        let item = ItemRecord::read(row, 4)?.into_item(kind)?;
        changed.push(Changed { change: row.get(0)?, connection: row.get(1)?, removed_at: row.get(3)?, item });
    }
    Ok(changed)
}
