//! Full-text search over number, title and description: the first consumer of the store's changes.
//!
//! Rows are indexed in batches after a sync instead of one by one, which is several times cheaper and makes the sync faster.
//! A row is in the index exactly if its change number is not above the consumer's. A search first indexes the rest.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::changes;
use super::problem::Problem;

/// Rows indexed in one transaction: enough to be cheap, few enough not to delay the writer.
const BATCH: i64 = 16_384;

/// The searched columns of a row.
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

/// At most how many changes are not in the index yet.
pub fn behind(db: &Connection) -> Result<i64, Problem> {
    Ok(changes::last(db)? - indexed_to(db)?)
}

/// Indexes the next batch of waiting rows. Returns whether there are more.
pub fn index_batch(db: &mut Connection) -> Result<bool, Problem> {
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let (from, last) = (indexed_to(&tx)?, changes::last(&tx)?);
    if from >= last {
        return Ok(false);
    }
    let end = "SELECT change FROM work_item WHERE change > ?1 ORDER BY change LIMIT 1 OFFSET ?2";
    let to = tx.query_row(end, params![from, BATCH - 1], |row| row.get(0)).optional()?.unwrap_or(last);
    // In the order of rows: the index flushes its memory whenever a row id is below the one before.
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

/// Removes an indexed row from the index before it gets another change number: FTS5 needs exactly the text it was given.
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

/// The parts of a search text: words for the index, and pieces that are searched for literally.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Words with blanks between them.
    pub words: String,
    /// Pieces that must occur in number, title or description.
    pub literals: Vec<String>,
}

impl Wanted {
    /// Splits the text at blanks.
    pub fn of(find: &str) -> Self {
        let (literals, words): (Vec<_>, Vec<_>) = find.split_whitespace().partition(|piece| is_literal(piece));
        Self { words: words.join(" "), literals: literals.into_iter().map(str::to_owned).collect() }
    }
}

/// Whether the index cannot find this piece. It splits words at blanks and punctuation: symbols and emoji are no words, and
/// in scripts without blanks a whole sentence is one word.
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

/// Splits a search text as the index does: with the same tokenizer, in a table in memory.
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

/// The row with exactly this number in one of the feeds.
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
