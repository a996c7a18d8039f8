//! Storing one page of work items, together with the checkpoint that says how far it reaches.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Statement, Transaction, TransactionBehavior, params};

use super::counters::Deltas;
use super::plan::{self, SliceCheckpoint};
use super::problem::Problem;
use super::row::ItemRecord;
use super::search::{self, Text, Waiting};
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
    /// How far the slice is once they are stored.
    pub checkpoint: SliceCheckpoint,
}

/// What a commit did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Rows that were not there before.
    pub inserted: u64,
    /// Rows that differed and were replaced.
    pub updated: u64,
    /// Rows that were there already, as they are or newer.
    pub unchanged: u64,
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.inserted += other.inserted;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
    }
}

/// A page whose rows are ready to be written; made outside of the writer's thread.
pub struct Prepared {
    connection: ConnectionName,
    kind: WorkItemKind,
    rows: Vec<ItemRecord>,
    texts: Vec<Arc<Text>>,
    checkpoint: SliceCheckpoint,
}

impl Prepared {
    /// Turns the work items into rows.
    pub fn new(page: PageCommit) -> Result<Self, Problem> {
        let mut rows = Vec::with_capacity(page.items.len());
        let mut texts = Vec::with_capacity(page.items.len());
        for item in page.items {
            let (row, text) = ItemRecord::new(item)?;
            rows.push(row);
            texts.push(Arc::new(text));
        }
        Ok(Self { connection: page.connection, kind: page.kind, rows, texts, checkpoint: page.checkpoint })
    }
}

/// Writes pages in one transaction: rows, counters, search index where it must change, and each page's
/// checkpoint. The more pages wait, the cheaper each is: they change the same pages of the indexes. Should one
/// of them fail, each is written alone.
pub fn commit(db: &mut Connection, waiting: &mut Waiting, pages: Vec<Prepared>) -> Vec<Result<Tally, Problem>> {
    match together(db, waiting, pages.iter().collect()) {
        Ok(tallies) => tallies.into_iter().map(Ok).collect(),
        Err(problem) if pages.len() == 1 => vec![Err(problem)],
        Err(_) => pages.iter().map(|page| together(db, waiting, vec![page]).map(|tallies| tallies[0])).collect(),
    }
}

fn together(db: &mut Connection, waiting: &mut Waiting, pages: Vec<&Prepared>) -> Result<Vec<Tally>, Problem> {
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let written = pages.iter().map(|page| write(&tx, page)).collect::<Result<Vec<_>, _>>()?;
    tx.commit()?;
    for (page, written) in pages.into_iter().zip(&written) {
        if written.overtaken {
            waiting.forget();
        }
        waiting.add(written.new.iter().filter_map(|(id, place)| Some((*id, page.texts.get(*place)?.clone()))));
    }
    Ok(written.into_iter().map(|written| written.tally).collect())
}

fn write(tx: &Transaction<'_>, page: &Prepared) -> Result<Written, Problem> {
    let feed = plan::feed_id(tx, &page.connection, page.kind)?;
    let mut deltas = Deltas::default();
    let written = write_rows(tx, feed, page, &mut deltas)?;
    deltas.apply(tx, feed)?;
    plan::move_checkpoint(tx, feed, &page.checkpoint)?;
    Ok(written)
}

/// What was written.
#[derive(Default)]
struct Written {
    tally: Tally,
    /// Row ids of new rows, and their places in the page.
    new: Vec<(i64, usize)>,
    /// Whether a row changed whose text waits to be indexed.
    overtaken: bool,
}

fn write_rows<'r>(
    tx: &Transaction<'_>,
    feed: i64,
    page: &'r Prepared,
    deltas: &mut Deltas<'r>,
) -> Result<Written, Problem> {
    let mut written = Written::default();
    let mut insert = Insert::prepare(tx)?;
    let mut replace = Replace::prepare(tx)?;
    for (place, row) in page.rows.iter().enumerate() {
        if insert.run(feed, row)? {
            deltas.add(row);
            written.new.push((tx.last_insert_rowid(), place));
            written.tally.inserted += 1;
        } else if let Some((id, old)) = replace.run(feed, row)? {
            written.overtaken |= replace.text(tx, id, &old, page.texts.get(place).map(Arc::as_ref))?;
            deltas.add(row);
            deltas.subtract(old);
            written.tally.updated += 1;
        } else {
            written.tally.unchanged += 1;
        }
    }
    Ok(written)
}

struct Insert<'c>(Statement<'c>);

impl<'c> Insert<'c> {
    fn prepare(tx: &'c Transaction<'_>) -> Result<Self, Problem> {
        let sql = format!(
            "INSERT INTO work_item (feed, {}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) \
             ON CONFLICT (feed, source_id) DO NOTHING",
            ItemRecord::COLUMNS
        );
        Ok(Self(tx.prepare(&sql)?))
    }

    /// Whether the row was new.
    fn run(&mut self, feed: i64, row: &ItemRecord) -> Result<bool, Problem> {
        let changed = self.0.execute(params![
            feed,
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
            row.fields
        ])?;
        Ok(changed == 1)
    }
}

/// Replaces a stored row where the new one differs and is not older.
struct Replace<'c> {
    select: Statement<'c>,
    update: Statement<'c>,
    indexed_to: i64,
}

impl<'c> Replace<'c> {
    fn prepare(tx: &'c Transaction<'_>) -> Result<Self, Problem> {
        let select = format!("SELECT id, {} FROM work_item WHERE feed = ?1 AND source_id = ?2", ItemRecord::COLUMNS);
        let update = "UPDATE work_item SET number = ?2, title = ?3, state = ?4, state_label = ?5, priority = ?6, \
                      priority_label = ?7, open = ?8, opened_at = ?9, updated_at = ?10, fields = ?11 WHERE id = ?1";
        Ok(Self { select: tx.prepare(&select)?, update: tx.prepare(update)?, indexed_to: search::indexed_to(tx)? })
    }

    /// The row's id and how it was, if it was replaced.
    fn run(&mut self, feed: i64, new: &ItemRecord) -> Result<Option<(i64, ItemRecord)>, Problem> {
        let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, ItemRecord::read(row, 1)?));
        let found = self.select.query_row(params![feed, new.source_id], read).optional()?;
        let (id, old) = found.ok_or(Problem::Unexpected("a row that is there cannot be found"))?;
        if new.updated_at < old.updated_at || *new == old {
            return Ok(None);
        }
        self.write(id, new)?;
        Ok(Some((id, old)))
    }

    /// Brings the index along where the text changed. Returns whether that text was still waiting.
    fn text(&self, tx: &Transaction<'_>, id: i64, old: &ItemRecord, new: Option<&Text>) -> Result<bool, Problem> {
        let (old, Some(new)) = (old.text()?, new) else { return Ok(false) };
        if old == *new {
            return Ok(false);
        }
        if id <= self.indexed_to {
            search::replace(tx, id, &old, new)?;
        }
        Ok(id > self.indexed_to)
    }

    fn write(&mut self, id: i64, row: &ItemRecord) -> Result<(), Problem> {
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
            row.fields
        ])?;
        Ok(())
    }
}
