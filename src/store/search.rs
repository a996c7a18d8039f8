//! Full-text search over number, title and description: the first consumer of the store's changes.
//!
//! Rows are not indexed as they come but in batches after a sync, which is several times cheaper and lets the rows
//! come sooner. A row is in the index exactly when its change number is not above the consumer's. Whoever searches has
//! the rest indexed first.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::changes;
use super::problem::Problem;

/// Rows indexed in one transaction: enough to be cheap, little enough not to hold up the writer.
const BATCH: i64 = 16_384;

/// What is searched of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The number.
    pub number: String,
    /// The title.
    pub title: String,
    /// The description.
    pub description: String,
}

/// The index's name among the consumers.
pub const CONSUMER: &str = "search";

/// The last change that is in the index.
pub fn indexed_to(db: &Connection) -> Result<i64, Problem> {
    changes::done(db, CONSUMER)
}

/// How many changes at the most are not in the index yet.
pub fn behind(db: &Connection) -> Result<i64, Problem> {
    Ok(changes::last(db)? - indexed_to(db)?)
}

/// Indexes the next batch of what waits. Returns whether there is more.
pub fn index_batch(db: &mut Connection) -> Result<bool, Problem> {
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let (from, last) = (indexed_to(&tx)?, changes::last(&tx)?);
    if from >= last {
        return Ok(false);
    }
    let end = "SELECT change FROM work_item WHERE change > ?1 ORDER BY change LIMIT 1 OFFSET ?2";
    let to = tx.query_row(end, params![from, BATCH - 1], |row| row.get(0)).optional()?.unwrap_or(last);
    // In the order of rows: the index writes what it holds in memory whenever a row id is below the one before.
    tx.execute(
        "INSERT INTO work_item_search (rowid, number, title, description) \
         SELECT t.id, t.number, t.title, t.description FROM work_item w JOIN work_item_text t ON t.id = w.id \
         WHERE w.change > ?1 AND w.change <= ?2 ORDER BY w.id",
        params![from, to],
    )?;
    changes::set_done(&tx, CONSUMER, to)?;
    tx.commit()?;
    Ok(to < last)
}

/// Takes a row out of the index that is in it, before it gets another change number: the index needs the very text that
/// it was given.
pub fn take_out(db: &Connection, id: i64, old: &Text) -> Result<(), Problem> {
    let delete = "INSERT INTO work_item_search (work_item_search, rowid, number, title, description) \
                  VALUES ('delete', ?1, ?2, ?3, ?4)";
    db.execute(delete, params![id, old.number, old.title, old.description])?;
    Ok(())
}

/// Empties the index; it is built again batch by batch.
pub fn clear(db: &Connection) -> Result<(), Problem> {
    db.execute("INSERT INTO work_item_search (work_item_search) VALUES ('delete-all')", [])?;
    changes::set_done(db, CONSUMER, 0)
}

/// Whether there is anything in it to search for.
pub fn has_words(find: &str) -> bool {
    find.contains(char::is_alphanumeric)
}

/// Takes what somebody typed apart as the index does: with its own tokenizer, in a table of its own in memory.
pub struct Words(Connection);

impl Words {
    /// Makes the table.
    pub fn new() -> Result<Self, Problem> {
        let db = Connection::open_in_memory()?;
        db.execute_batch(
            "CREATE VIRTUAL TABLE typed USING fts5 (words); CREATE VIRTUAL TABLE word USING fts5vocab (typed, row);",
        )?;
        Ok(Self(db))
    }

    /// The FTS5 expression for it: every word, each as a prefix. `None` if there is no word in it.
    pub fn expression(&self, find: &str) -> Result<Option<String>, Problem> {
        self.0.execute("DELETE FROM typed", [])?;
        self.0.execute("INSERT INTO typed VALUES (?1)", [find])?;
        let mut select = self.0.prepare("SELECT term FROM word")?;
        let words = select.query_map([], |row| row.get::<_, String>(0))?;
        let words = words.map(|word| word.map(|word| format!("\"{word}\"*"))).collect::<Result<Vec<_>, _>>()?;
        Ok((!words.is_empty()).then(|| words.join(" AND ")))
    }
}

/// The row of one of the feeds that bears exactly this number.
pub fn by_number(db: &Connection, feeds: &[i64], number: &str) -> Result<Option<i64>, Problem> {
    let Some(expression) = Words::new()?.expression(number)? else { return Ok(None) };
    let sql = "SELECT w.id FROM work_item_search s JOIN work_item w ON w.id = s.rowid \
               WHERE s.work_item_search MATCH ?1 AND w.number = ?2 AND w.feed = ?3 LIMIT 1";
    let mut select = db.prepare(sql)?;
    for feed in feeds {
        if let Some(id) = select.query_row(params![expression, number, feed], |row| row.get(0)).optional()? {
            return Ok(Some(id));
        }
    }
    Ok(None)
}
