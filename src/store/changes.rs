//! The change feed: every insert or update of a work item gets the next number of a counter of the whole store, and each
//! consumer stores its position. Numbers are taken under the write lock, so they follow the order of commits. When all rows
//! of a kind are dropped, because their connection was removed or has another identity, they get one entry together.

use std::ops::ControlFlow;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::problem::Problem;
use super::search;
use super::sink;
use crate::model::connection::ConnectionName;
use crate::model::fields::NoFields;
use crate::model::item_ref::ItemRef;
use crate::model::work_item::WorkItemKind;

/// The name of a connection `c` to consumers: what they have of it stays under this name when it is renamed.
pub(super) const KNOWN_AS: &str = "coalesce(c.known_as, c.name)";

/// One entry of the feed, where the database has it.
#[derive(Debug)]
pub struct Changed<'r> {
    /// Its number.
    pub change: i64,
    /// The connection it belongs to, by the name that consumers know.
    pub connection: &'r str,
    /// What changed.
    pub what: What<'r>,
}

/// What changed.
#[derive(Debug)]
pub enum What<'r> {
    /// A work item, as it is now.
    Item {
        /// The work item, with state and priority under their newest labels.
        item: ItemRef<'r>,
        /// When it was found to be gone from the product, in Unix seconds.
        removed_at: Option<i64>,
    },
    /// Every work item of this kind that the connection had before this entry is dropped: the connection was removed, or has
    /// another identity now. The store keeps nothing of them, so a consumer must delete or mark everything it received.
    Dropped {
        /// Incidents or change requests.
        kind: WorkItemKind,
    },
}

/// What was read of the feed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Portion {
    /// The number of the last entry that was given out.
    pub last: Option<i64>,
    /// Whether no entry is left after it.
    pub ended: bool,
}

/// Takes one entry; after [`ControlFlow::Break`] no further one is given out.
pub type Take<T> = fn(&mut T, Changed<'_>) -> Result<ControlFlow<()>, NoFields>;

/// Numbers taken in one transaction. They must be [kept](Self::keep) before the commit.
pub struct Numbers(i64);

impl Numbers {
    /// Begins at the counter's value; the transaction must hold the write lock.
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
        let before = last(tx)?;
        if self.0 > before {
            tx.execute("UPDATE change_counter SET last = ?1", [self.0])?;
            sink::note_time(tx, before + 1, Timestamp::now().as_second())?;
        }
        Ok(())
    }
}

/// The number of the last change of all.
pub fn last(db: &Connection) -> Result<i64, Problem> {
    Ok(db.query_row("SELECT last FROM change_counter", [], |row| row.get(0))?)
}

/// The last change that a consumer has handled; 0 for a new one.
pub fn done(db: &Connection, consumer: &str) -> Result<i64, Problem> {
    let sql = "SELECT done FROM consumer WHERE name = ?1";
    Ok(db.query_row(sql, [consumer], |row| row.get(0)).optional()?.unwrap_or(0))
}

/// Stores the last change that a consumer has handled.
pub fn set_done(db: &Connection, consumer: &str, done: i64) -> Result<(), Problem> {
    let sql = "INSERT INTO consumer VALUES (?1, ?2) ON CONFLICT DO UPDATE SET done = excluded.done";
    db.execute(sql, params![consumer, done])?;
    // An entry that every consumer has handled is deleted: a new consumer never received the dropped rows.
    let known = "DELETE FROM dropped WHERE change <= (SELECT min(done) FROM consumer WHERE name <> ?1)";
    db.execute(known, [search::CONSUMER])?;
    sink::forget_times(db)
}

/// That all work items of a kind were dropped.
pub(super) struct Dropped {
    pub(super) change: i64,
    pub(super) connection: String,
    pub(super) kind: WorkItemKind,
}

/// What was dropped after a change, in that order.
pub(super) fn dropped_after(db: &Connection, after: i64) -> Result<Vec<Dropped>, Problem> {
    let sql = "SELECT change, connection, kind FROM dropped WHERE change > ?1 ORDER BY change";
    let mut select = db.prepare(sql)?;
    let mut rows = select.query([after])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let kind = kind_of(&row.get::<_, String>(2)?)?;
        all.push(Dropped { change: row.get(0)?, connection: row.get(1)?, kind });
    }
    Ok(all)
}

pub(super) fn kind_of(id: &str) -> Result<WorkItemKind, Problem> {
    WorkItemKind::from_id(id).ok_or_else(|| Problem::Unreadable(format!("a kind '{id}'")))
}

/// Adds the entries that all work items of a connection are dropped, for existing consumers. Called while the connection
/// still has its name. The search index is cleared with the rows.
pub fn drop_all(tx: &Transaction<'_>, connection: &ConnectionName) -> Result<(), Problem> {
    let others = "SELECT EXISTS (SELECT 1 FROM consumer WHERE name <> ?1)";
    if !tx.query_row(others, [search::CONSUMER], |row| row.get::<_, bool>(0))? {
        return Ok(());
    }
    let kinds: Vec<(String, String)> = {
        let of =
            format!("SELECT {KNOWN_AS}, f.kind FROM feed f JOIN connection c ON c.id = f.connection WHERE c.name = ?1");
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        tx.prepare(&of)?.query_map([connection.as_str()], read)?.collect::<Result<_, _>>()?
    };
    let mut numbers = Numbers::new(tx)?;
    for (known_as, kind) in kinds {
        tx.execute("INSERT INTO dropped VALUES (?1, ?2, ?3)", params![numbers.take(), known_as, kind])?;
    }
    numbers.keep(tx)
}
