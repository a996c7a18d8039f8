//! The rows a search found, kept so that a window of them can be taken in the order of the table.

use rusqlite::{Connection, OptionalExtension};

use super::problem::Problem;
use super::window::{ASSIGNEE, GROUP};

/// Up to this many found rows are looked up and sorted; more are marked, and the table's index is scanned.
const FEW: usize = 2_000;

/// The columns that filters use, and those of the table's order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Which feed it belongs to.
    pub feed: i64,
    /// Unix seconds.
    pub updated_at: i64,
    /// The row id.
    pub id: i64,
    /// Whether it is active.
    pub open: bool,
    /// The state's value.
    pub state: String,
    /// The priority's value.
    pub priority: String,
    /// Whether it is gone from the product.
    pub removed: bool,
    /// When it was opened, in Unix seconds.
    pub opened_at: Option<i64>,
    /// The group it is assigned to; empty where there is none.
    pub group: String,
    /// Whom it is assigned to; empty where nobody is.
    pub assignee: String,
}

/// Found rows.
pub enum Found {
    /// Not many: newest change first.
    Few(Vec<Entry>),
    /// Many: a mark for each row id.
    Many(Marks),
}

/// A set of row ids.
#[derive(Default)]
pub struct Marks {
    bits: Vec<u64>,
    count: u64,
}

impl Marks {
    /// Marks a row.
    pub fn set(&mut self, id: i64) {
        let (word, bit) = place(id);
        if self.bits.len() <= word {
            self.bits.resize(word + 1, 0);
        }
        self.bits[word] |= bit;
        self.count += 1;
    }

    /// Whether the row was found.
    pub fn has(&self, id: i64) -> bool {
        let (word, bit) = place(id);
        self.bits.get(word).is_some_and(|bits| bits & bit != 0)
    }

    /// How many rows were found.
    pub fn count(&self) -> u64 {
        self.count
    }
}

fn place(id: i64) -> (usize, u64) {
    let id = id.unsigned_abs() as usize;
    (id / 64, 1 << (id % 64))
}

/// The most pieces that are searched for literally, and the longest one in bytes; SQLite's own limits are far higher.
const MOST_LITERALS: usize = 64;
const LONGEST_LITERAL: usize = 10_000;

/// Runs a search: rows that fit the full-text expression, where there is one, and have each literal somewhere in number,
/// title or description. Without an expression every row is read.
pub fn search(db: &Connection, expression: Option<&str>, literals: &[String]) -> Result<Found, Problem> {
    if literals.len() > MOST_LITERALS || literals.iter().any(|literal| literal.len() > LONGEST_LITERAL) {
        return Ok(Found::Few(Vec::new()));
    }
    let mut select = db.prepare(&statement(expression.is_some(), literals.len()))?;
    let patterns = literals.iter().map(|literal| pattern(literal));
    let values = expression.map(str::to_owned).into_iter().chain(patterns);
    let mut rows = select.query(rusqlite::params_from_iter(values))?;
    let mut ids = Vec::new();
    let mut marks = Marks::default();
    while let Some(row) = rows.next()? {
        let id = row.get(0)?;
        marks.set(id);
        if ids.len() <= FEW {
            ids.push(id);
        }
    }
    if ids.len() > FEW { Ok(Found::Many(marks)) } else { Ok(Found::Few(look_up(db, &ids)?)) }
}

fn statement(has_expression: bool, literals: usize) -> String {
    let matches = "SELECT rowid FROM work_item_search WHERE work_item_search MATCH ?1";
    if literals == 0 {
        return matches.to_owned();
    }
    let first = usize::from(has_expression) + 1;
    let literal = |n: usize| {
        let like = |column: &str| format!("{column} LIKE ?{n} ESCAPE '\\'");
        format!("({})", ["number", "title", "description"].map(like).join(" OR "))
    };
    let conditions = has_expression.then(|| format!("id IN ({matches})"));
    let conditions: Vec<_> = conditions.into_iter().chain((first..first + literals).map(literal)).collect();
    format!("SELECT id FROM work_item_text WHERE {}", conditions.join(" AND "))
}

/// The pattern of SQL's LIKE that has the literal anywhere. It takes no notice of case in ASCII.
fn pattern(literal: &str) -> String {
    let escaped = literal.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}

fn look_up(db: &Connection, ids: &[i64]) -> Result<Vec<Entry>, Problem> {
    let mut select = db.prepare(&format!(
        "SELECT feed, updated_at, id, open, state, priority, removed_at IS NOT NULL, opened_at, \
         coalesce({GROUP}, ''), coalesce({ASSIGNEE}, '') FROM work_item WHERE id = ?1",
    ))?;
    let mut entries = Vec::with_capacity(ids.len());
    for id in ids {
        entries.extend(select.query_row([id], entry).optional()?);
    }
    entries.sort_unstable_by_key(|entry| std::cmp::Reverse((entry.updated_at, entry.id)));
    Ok(entries)
}

fn entry(row: &rusqlite::Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        feed: row.get(0)?,
        updated_at: row.get(1)?,
        id: row.get(2)?,
        open: row.get(3)?,
        state: row.get(4)?,
        priority: row.get(5)?,
        removed: row.get(6)?,
        opened_at: row.get(7)?,
        group: row.get(8)?,
        assignee: row.get(9)?,
    })
}
