//! Full-text search over number, title and description.
//!
//! New rows are not indexed one by one but in batches, which is several times cheaper: rows up to
//! `search_state.indexed_to` are in the index, later ones are not yet. Whoever searches has the rest indexed first.
//! The text of rows that wait is kept by the writer; where it is not (after a restart), it is read again.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::problem::Problem;

/// Rows indexed in one transaction: enough to be cheap, little enough not to hold up the writer.
const BATCH: i64 = 16_384;

/// So many bytes of text may wait.
const WAITING_BYTES: usize = 4 << 20;

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

/// The text of rows that are not in the index yet.
#[derive(Default)]
pub struct Waiting {
    texts: Vec<(i64, Arc<Text>)>,
    bytes: usize,
    /// Every row after this one is here; `None` if that is not sure.
    after: Option<i64>,
}

impl Waiting {
    /// What an open database starts with.
    pub fn begin(db: &Connection) -> Result<Self, Problem> {
        let after = if behind(db)? == 0 { Some(indexed_to(db)?) } else { None };
        Ok(Self { after, ..Self::default() })
    }

    /// Takes in the texts of rows that were committed.
    pub fn add(&mut self, texts: impl Iterator<Item = (i64, Arc<Text>)>) {
        if self.after.is_none() {
            return;
        }
        for (id, text) in texts {
            self.bytes += text.len();
            self.texts.push((id, text));
        }
        if self.bytes >= 2 * WAITING_BYTES {
            self.forget();
        }
    }

    /// Forgets what it holds: it is not what stands in the table any more.
    pub fn forget(&mut self) {
        *self = Self::default();
    }
}

impl Text {
    fn len(&self) -> usize {
        self.number.len() + self.title.len() + self.description.len()
    }
}

/// The last row that is in the index.
pub fn indexed_to(db: &Connection) -> Result<i64, Problem> {
    Ok(db.query_row("SELECT indexed_to FROM search_state", [], |row| row.get(0))?)
}

fn newest_row(db: &Connection) -> Result<i64, Problem> {
    Ok(db.query_row("SELECT coalesce(max(id), 0) FROM work_item", [], |row| row.get(0))?)
}

/// How many rows at the most are not in the index yet.
pub fn behind(db: &Connection) -> Result<i64, Problem> {
    Ok(newest_row(db)? - indexed_to(db)?)
}

/// Indexes what waits, if it is a full batch.
pub fn index_full_batch(db: &mut Connection, waiting: &mut Waiting) -> Result<(), Problem> {
    if waiting.bytes >= WAITING_BYTES || behind(db)? >= BATCH {
        index_batch(db, waiting)?;
    }
    Ok(())
}

/// Indexes the next batch of what waits. Returns whether there is more.
pub fn index_batch(db: &mut Connection, waiting: &mut Waiting) -> Result<bool, Problem> {
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let (from, newest) = (indexed_to(&tx)?, newest_row(&tx)?);
    if from >= newest {
        return Ok(false);
    }
    let held = std::mem::take(waiting);
    let to = if held.after == Some(from) {
        index_held(&tx, &held)?;
        newest
    } else {
        index_stored(&tx, from, newest.min(from + BATCH))?
    };
    tx.execute("UPDATE search_state SET indexed_to = ?1", [to])?;
    tx.commit()?;
    // From now on every new row's text can be held.
    waiting.after = (to == newest).then_some(to);
    Ok(to < newest)
}

fn index_held(db: &Connection, held: &Waiting) -> Result<(), Problem> {
    let mut insert = db.prepare(INSERT)?;
    for (id, text) in &held.texts {
        insert.execute(params![id, text.number, text.title, text.description])?;
    }
    Ok(())
}

fn index_stored(db: &Connection, from: i64, to: i64) -> Result<i64, Problem> {
    db.execute(
        "INSERT INTO work_item_search (rowid, number, title, description) \
         SELECT id, number, title, description FROM work_item_text WHERE id > ?1 AND id <= ?2",
        params![from, to],
    )?;
    Ok(to)
}

const INSERT: &str = "INSERT INTO work_item_search (rowid, number, title, description) VALUES (?1, ?2, ?3, ?4)";

/// Replaces the text of a row that is in the index.
pub fn replace(db: &Connection, id: i64, old: &Text, new: &Text) -> Result<(), Problem> {
    let delete = "INSERT INTO work_item_search (work_item_search, rowid, number, title, description) \
                  VALUES ('delete', ?1, ?2, ?3, ?4)";
    db.execute(delete, params![id, old.number, old.title, old.description])?;
    db.execute(INSERT, params![id, new.number, new.title, new.description])?;
    Ok(())
}

/// Empties the index; it is built again batch by batch.
pub fn clear(db: &Connection) -> Result<(), Problem> {
    db.execute("INSERT INTO work_item_search (work_item_search) VALUES ('delete-all')", [])?;
    db.execute("UPDATE search_state SET indexed_to = 0", [])?;
    Ok(())
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
