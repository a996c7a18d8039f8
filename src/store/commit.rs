//! Storing one page of work items, together with the checkpoint that says how far it reaches.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Statement, Transaction, TransactionBehavior, params};

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
    checkpoint: SliceCheckpoint,
    /// Attributes that are hidden in each of the rows.
    hidden: Vec<Arc<str>>,
}

impl Prepared {
    /// Turns the work items into rows.
    pub fn new(page: PageCommit) -> Result<Self, Problem> {
        let rows = page.items.into_iter().map(ItemRecord::new).collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            hidden: everywhere(&rows),
            connection: page.connection,
            kind: page.kind,
            rows,
            checkpoint: page.checkpoint,
        })
    }

    /// How many rows it has.
    pub fn rows(&self) -> u64 {
        self.rows.len() as u64
    }
}

/// The attributes that are hidden in each of the rows.
fn everywhere(rows: &[ItemRecord]) -> Vec<Arc<str>> {
    let Some(first) = rows.first() else { return Vec::new() };
    let in_all = |name: &&Arc<str>| rows.iter().all(|row| row.hidden.contains(name));
    first.hidden.iter().filter(in_all).cloned().collect()
}

/// A page that was committed.
pub struct Stored {
    /// What the commit did.
    pub tally: Tally,
    /// Given back, so that its many small texts are freed by whoever made them and not by the writer.
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
    let mut deltas = Deltas::default();
    let tally = write_rows(tx, feed, &page.rows, &mut deltas)?;
    deltas.apply(tx, feed)?;
    notes::add_hidden(tx, feed, &page.hidden)?;
    plan::move_checkpoint(tx, feed, &page.checkpoint)?;
    Ok(tally)
}

fn write_rows<'r>(
    tx: &Transaction<'_>,
    feed: i64,
    rows: &'r [ItemRecord],
    deltas: &mut Deltas<'r>,
) -> Result<Tally, Problem> {
    let mut tally = Tally::default();
    let mut insert = Insert::prepare(tx)?;
    let mut replace = Replace::prepare(tx, feed)?;
    for row in rows {
        if insert.run(feed, row)? {
            deltas.add(row);
            tally.inserted += 1;
        } else if let Some((old, kept)) = replace.run(tx, feed, row)? {
            match kept {
                Some(kept) => deltas.add_own(kept),
                None => deltas.add(row),
            }
            deltas.subtract(old);
            tally.updated += 1;
        } else {
            tally.unchanged += 1;
        }
    }
    Ok(tally)
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

/// So far the product's clock may be ahead of ours.
const SLACK_SECONDS: i64 = 900;

/// Replaces a stored row where the new one differs and is not older.
///
/// A run that fetches everything anew believes the product of what was stored before it: change times may have been
/// read in a wrong time zone, or set back there. Only what this very run has stored of changes meanwhile stays.
struct Replace<'c> {
    /// Change times of rows that an older one does not replace.
    kept: std::ops::RangeInclusive<i64>,
    select: Statement<'c>,
    update: Statement<'c>,
    indexed_to: i64,
}

impl<'c> Replace<'c> {
    fn prepare(tx: &'c Transaction<'_>, feed: i64) -> Result<Self, Problem> {
        let now = jiff::Timestamp::now().as_second();
        let kept = match plan::whole_since(tx, feed)? {
            Some(planned) => planned..=now.saturating_add(SLACK_SECONDS).max(planned),
            None => i64::MIN..=i64::MAX,
        };
        let select = format!("SELECT id, {} FROM work_item WHERE feed = ?1 AND source_id = ?2", ItemRecord::COLUMNS);
        let update = "UPDATE work_item SET number = ?2, title = ?3, state = ?4, state_label = ?5, priority = ?6, \
                      priority_label = ?7, open = ?8, opened_at = ?9, updated_at = ?10, fields = ?11 WHERE id = ?1";
        let indexed_to = search::indexed_to(tx)?;
        Ok(Self { kept, select: tx.prepare(&select)?, update: tx.prepare(update)?, indexed_to })
    }

    /// The row as it was, if it was replaced; and as it is now, if that is not just `new`.
    fn run(
        &mut self,
        tx: &Transaction<'_>,
        feed: i64,
        new: &ItemRecord,
    ) -> Result<Option<(ItemRecord, Option<ItemRecord>)>, Problem> {
        let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, ItemRecord::read(row, 1)?));
        let found = self.select.query_row(params![feed, new.source_id], read).optional()?;
        let (id, old) = found.ok_or(Problem::Unexpected("a row that is there cannot be found"))?;
        // What the product does not show is unknown, not empty.
        let kept = if new.hidden.is_empty() { None } else { Some(new.keeping(&old)?) };
        let new = kept.as_ref().unwrap_or(new);
        let is_older = new.updated_at < old.updated_at && self.kept.contains(&old.updated_at);
        if is_older || *new == old {
            return Ok(None);
        }
        self.write(id, new)?;
        if id <= self.indexed_to {
            search::replace(tx, id, &old.text()?, &new.text()?)?;
        }
        Ok(Some((old, kept)))
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
