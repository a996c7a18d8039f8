//! Storing one page of work items together with its checkpoint.

use std::ops::RangeInclusive;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Statement, Transaction, TransactionBehavior, params};

use super::changes::Numbers;
use super::counters::Deltas;
use super::notes;
use super::plan::{self, SliceCheckpoint};
use super::problem::Problem;
use super::row::ItemRecord;
use super::search;
use crate::model::connection::ConnectionName;
use crate::model::work_item::{WorkItem, WorkItemKind};

/// One page of work items and the checkpoint that goes with it.
#[derive(Debug, Clone)]
pub struct PageCommit {
    /// The connection they came through.
    pub connection: ConnectionName,
    /// Incidents or change requests.
    pub kind: WorkItemKind,
    /// The rows; they may have been stored before.
    pub items: Vec<WorkItem>,
    /// Attributes that the product does not show in any row.
    pub hidden_columns: Vec<Arc<str>>,
    /// The slice's position once they are stored.
    pub checkpoint: SliceCheckpoint,
}

/// What a commit did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Rows that were not there before.
    pub inserted: u64,
    /// Rows that differed and were replaced.
    pub updated: u64,
    /// Rows that were stored already, equal or newer.
    pub unchanged: u64,
    /// The unchanged rows that came with an older change time than is stored.
    pub older: u64,
    /// The updated rows that had been marked as removed.
    pub restored: u64,
    /// Rows that were marked as removed.
    pub removed: u64,
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.inserted += other.inserted;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        self.older += other.older;
        self.restored += other.restored;
        self.removed += other.removed;
    }
}

/// A page whose rows are ready to be written; made outside of the writer's thread.
pub struct Prepared {
    connection: ConnectionName,
    kind: WorkItemKind,
    rows: Vec<ItemRecord>,
    checkpoint: SliceCheckpoint,
    hidden_columns: Vec<Arc<str>>,
}

impl Prepared {
    /// Turns the work items into rows.
    pub fn new(page: PageCommit) -> Self {
        Self {
            hidden_columns: page.hidden_columns,
            connection: page.connection,
            kind: page.kind,
            rows: page.items.into_iter().map(ItemRecord::new).collect(),
            checkpoint: page.checkpoint,
        }
    }

    /// How many rows it has.
    pub fn rows(&self) -> u64 {
        self.rows.len() as u64
    }
}

/// A page that was committed.
pub struct Stored {
    /// What the commit did.
    pub tally: Tally,
    /// Returned, so that the task that made its many small texts frees them, and not the writer.
    _page: Prepared,
}

impl Stored {
    /// Pairs a page with its tally.
    pub(super) fn new(tally: Tally, page: Prepared) -> Self {
        Self { tally, _page: page }
    }
}

/// Writes pages in one transaction: rows, counters, search index where it must change, and each page's
/// checkpoint. The more pages wait, the cheaper each is: they change the same pages of the indexes. Should one
/// of them fail, each is written alone.
pub fn commit(db: &mut Connection, pages: &[Prepared]) -> Vec<Result<Tally, Problem>> {
    match together(db, pages) {
        Ok(tallies) => tallies.into_iter().map(Ok).collect(),
        Err(problem) if pages.len() == 1 => vec![Err(problem)],
        Err(_) => pages.iter().map(|page| alone(db, page)).collect(),
    }
}

fn together(db: &mut Connection, pages: &[Prepared]) -> Result<Vec<Tally>, Problem> {
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let tallies = pages.iter().map(|page| write(&tx, page)).collect::<Result<_, _>>()?;
    tx.commit()?;
    Ok(tallies)
}

fn alone(db: &mut Connection, page: &Prepared) -> Result<Tally, Problem> {
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let tally = write(&tx, page)?;
    tx.commit()?;
    Ok(tally)
}

fn write(tx: &Transaction<'_>, page: &Prepared) -> Result<Tally, Problem> {
    let feed = plan::feed_id(tx, &page.connection, page.kind)?;
    let tally = write_rows(tx, feed, &page.rows, kept_in_a_sync(tx, feed)?)?;
    notes::add_hidden(tx, feed, &page.hidden_columns)?;
    plan::move_checkpoint(tx, feed, &page.checkpoint)?;
    Ok(tally)
}

/// Change times of stored rows that an older one does not replace.
pub type Kept = RangeInclusive<i64>;

/// How far the product's clock may be ahead of ours.
const SLACK_SECONDS: i64 = 900;

/// A full run overwrites rows stored before it even with older change times: these may have been read in a wrong time zone,
/// or set back in the product. Only newer rows that this same run has stored stay.
fn kept_in_a_sync(tx: &Transaction<'_>, feed: i64) -> Result<Kept, Problem> {
    let now = jiff::Timestamp::now().as_second();
    Ok(match plan::whole_since(tx, feed)? {
        Some(planned) => planned..=now.saturating_add(SLACK_SECONDS).max(planned),
        None => i64::MIN..=i64::MAX,
    })
}

/// Writes rows and moves the counters behind the tiles.
pub fn write_rows(tx: &Transaction<'_>, feed: i64, rows: &[ItemRecord], kept: Kept) -> Result<Tally, Problem> {
    let mut tally = Tally::default();
    let mut deltas = Deltas::default();
    let mut numbers = Numbers::new(tx)?;
    let mut insert = Insert::prepare(tx)?;
    let mut replace = Replace::prepare(tx, kept)?;
    for row in rows {
        if insert.run(feed, row, &mut numbers)? {
            deltas.add(row);
            tally.inserted += 1;
            continue;
        }
        match replace.run(tx, feed, row, &mut numbers)? {
            Written::Unchanged => tally.unchanged += 1,
            Written::Older => {
                tally.unchanged += 1;
                tally.older += 1;
            }
            Written::Replaced { old, removed, kept } => {
                match kept {
                    Some(kept) => deltas.add_own(*kept),
                    None => deltas.add(row),
                }
                deltas.subtract(old, removed);
                tally.updated += 1;
                tally.restored += u64::from(removed);
            }
        }
    }
    deltas.apply(tx, feed)?;
    numbers.keep(tx)?;
    Ok(tally)
}

struct Insert<'c>(Statement<'c>);

impl<'c> Insert<'c> {
    fn prepare(tx: &'c Transaction<'_>) -> Result<Self, Problem> {
        let sql = format!(
            "INSERT INTO work_item (feed, change, {}) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15) \
             ON CONFLICT (feed, source_id) DO NOTHING",
            ItemRecord::columns("")
        );
        Ok(Self(tx.prepare(&sql)?))
    }

    /// Whether the row was new.
    fn run(&mut self, feed: i64, row: &ItemRecord, numbers: &mut Numbers) -> Result<bool, Problem> {
        let changed = self.0.execute(params![
            feed,
            numbers.next(),
            row.source_id,
            row.number,
            row.title,
            row.state.value,
            row.state.label,
            row.priority.value,
            row.priority.label,
            row.open,
            row.opened_at,
            row.updated_at,
            row.stamped,
            row.changes,
            row.fields
        ])?;
        if changed == 1 {
            numbers.take();
        }
        Ok(changed == 1)
    }
}

/// The result of writing a row that was stored already.
#[allow(clippy::large_enum_variant, reason = "one exists at a time")]
enum Written {
    /// It is as it was.
    Unchanged,
    /// It stays, since the one that came is older.
    Older,
    /// It was replaced.
    Replaced {
        /// How it was.
        old: ItemRecord,
        /// Whether it was marked as removed.
        removed: bool,
        /// The row as stored now, if it differs from the one that came because hidden values were kept.
        kept: Option<Box<ItemRecord>>,
    },
}

/// Replaces a stored row where the new one differs and is not older. A row that was removed, or not seen by a sweep,
/// is there again, however old.
struct Replace<'c> {
    kept: Kept,
    select: Statement<'c>,
    update: Statement<'c>,
    indexed_to: i64,
}

/// A stored row with its marks.
struct Standing {
    id: i64,
    change: i64,
    removed: bool,
    unseen: bool,
    old: ItemRecord,
}

impl Standing {
    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            change: row.get(1)?,
            removed: row.get(2)?,
            unseen: row.get(3)?,
            old: ItemRecord::read(row, 4)?,
        })
    }
}

/// Selects a [`Standing`] by feed and source id.
fn select_standing() -> String {
    format!(
        "SELECT id, change, removed_at IS NOT NULL, unseen IS NOT NULL, {} \
         FROM work_item WHERE feed = ?1 AND source_id = ?2",
        ItemRecord::columns("")
    )
}

impl<'c> Replace<'c> {
    fn prepare(tx: &'c Transaction<'_>, kept: Kept) -> Result<Self, Problem> {
        let update = "UPDATE work_item SET number = ?2, title = ?3, state = ?4, state_label = ?5, priority = ?6, \
                      priority_label = ?7, open = ?8, opened_at = ?9, updated_at = ?10, stamped = ?11, changes = ?12, \
                      fields = ?13, change = ?14, removed_at = NULL, unseen = NULL WHERE id = ?1";
        let indexed_to = search::indexed_to(tx)?;
        Ok(Self { kept, select: tx.prepare(&select_standing())?, update: tx.prepare(update)?, indexed_to })
    }

    fn run(
        &mut self,
        tx: &Transaction<'_>,
        feed: i64,
        new: &ItemRecord,
        numbers: &mut Numbers,
    ) -> Result<Written, Problem> {
        let found = self.select.query_row(params![feed, new.source_id], Standing::read).optional()?;
        let Standing { id, change, removed, unseen, old } =
            found.ok_or(Problem::Unexpected("a row that is there cannot be found"))?;
        // A hidden value is unknown, not empty.
        let kept = if new.hidden.is_empty() { None } else { Some(Box::new(new.keeping(&old)?)) };
        let new = kept.as_deref().unwrap_or(new);
        if !removed && !unseen {
            if new.updated_at < old.updated_at && old.stamped && self.kept.contains(&old.updated_at) {
                return Ok(Written::Older);
            }
            if new.says_the_same(&old) {
                return Ok(Written::Unchanged);
            }
        }
        if change <= self.indexed_to {
            search::take_out(tx, id, &old.text()?)?;
        }
        self.write(id, new, numbers.take())?;
        Ok(Written::Replaced { old, removed, kept })
    }

    fn write(&mut self, id: i64, row: &ItemRecord, change: i64) -> Result<(), Problem> {
        self.update.execute(params![
            id,
            row.number,
            row.title,
            row.state.value,
            row.state.label,
            row.priority.value,
            row.priority.label,
            row.open,
            row.opened_at,
            row.updated_at,
            row.stamped,
            row.changes,
            row.fields,
            change
        ])?;
        Ok(())
    }
}

/// Marks stored rows as removed; returns how many were not marked before.
pub fn remove_rows(tx: &Transaction<'_>, feed: i64, ids: &[String], at: i64) -> Result<u64, Problem> {
    let mut select = tx.prepare(&select_standing())?;
    let mut update = tx.prepare("UPDATE work_item SET removed_at = ?2, unseen = NULL, change = ?3 WHERE id = ?1")?;
    let (mut deltas, mut numbers) = (Deltas::default(), Numbers::new(tx)?);
    let indexed_to = search::indexed_to(tx)?;
    let mut removed = 0;
    for id in ids {
        let found = select.query_row(params![feed, id], Standing::read).optional()?;
        let Some(row) = found.filter(|row| !row.removed) else { continue };
        if row.change <= indexed_to {
            search::take_out(tx, row.id, &row.old.text()?)?;
        }
        update.execute(params![row.id, at, numbers.take()])?;
        deltas.remove(row.old);
        removed += 1;
    }
    deltas.apply(tx, feed)?;
    numbers.keep(tx)?;
    Ok(removed)
}
