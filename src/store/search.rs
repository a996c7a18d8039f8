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

/// Whether the index is needed to search for it.
pub fn has_words(find: &str) -> bool {
    find.split_whitespace().any(|piece| !is_literal(piece))
}

/// What someone typed, taken apart: words for the index, and pieces that are looked for as they stand.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Words with blanks between them.
    pub words: String,
    /// Pieces that must stand somewhere in number, title or description.
    pub literals: Vec<String>,
}

impl Wanted {
    /// Takes it apart at the blanks.
    pub fn of(find: &str) -> Self {
        let (literals, words): (Vec<_>, Vec<_>) = find.split_whitespace().partition(|piece| is_literal(piece));
        Self { words: words.join(" "), literals: literals.into_iter().map(str::to_owned).collect() }
    }
}

/// Whether the index cannot find this piece. It knows words by the blanks and signs around them: it has none for signs
/// and emoji, and takes a whole sentence for one word in a script that sets no blanks.
fn is_literal(piece: &str) -> bool {
    !piece.contains(char::is_alphanumeric) || piece.contains(sets_no_blanks)
}

/// Whether words of this character's script stand together: Thai, Lao, Tibetan, Burmese, Khmer and their neighbours,
/// Chinese, Japanese, and Korean, whose compounds and endings do.
fn sets_no_blanks(c: char) -> bool {
    matches!(c,
        '\u{0E00}'..='\u{109F}'
        | '\u{1100}'..='\u{11FF}'
        | '\u{1780}'..='\u{17FF}'
        | '\u{1950}'..='\u{1AAF}'
        | '\u{1B00}'..='\u{1B7F}'
        | '\u{2E80}'..='\u{A4CF}'
        | '\u{A960}'..='\u{AA7F}'
        | '\u{AC00}'..='\u{D7FF}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{FF66}'..='\u{FFDC}'
        | '\u{1B000}'..='\u{1B16F}'
        | '\u{20000}'..='\u{323AF}')
}

/// Takes what someone typed apart as the index does: with its own tokenizer, in a table of its own in memory.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e10_pieces_that_the_index_does_not_know_are_taken_literally() {
        let wanted = Wanted::of("  mail 障害 😀 db-01 เครื่อง -- サーバA ");
        assert_eq!(wanted.words, "mail db-01");
        assert_eq!(wanted.literals, ["障害", "😀", "เครื่อง", "--", "サーバA"]);
        assert_eq!(Wanted::of(" \t "), Wanted::default());
        assert!(has_words("mail 障害") && !has_words("障害 😀") && !has_words(""));
    }
}
