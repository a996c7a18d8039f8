//! Values for shell completion: read at once and without a lock; empty if the database cannot be read that way.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, params};

use super::window::{ASSIGNEE, GROUP};
use crate::model::work_item::WorkItemKind;

/// How long to wait for another process that has locked the database.
const LIMIT: Duration = Duration::from_millis(100);

/// What is completed.
#[derive(Debug, Clone, Copy)]
pub enum Wanted<'a> {
    /// The labels of states, of one kind or of all.
    States(Option<WorkItemKind>),
    /// The labels of priorities.
    Priorities,
    /// The groups that work items are assigned to.
    Groups,
    /// The people that work items are assigned to.
    Assignees,
    /// The numbers of at most `most` work items that begin with `beginning`, newest change first.
    Numbers {
        /// The beginning of the number.
        beginning: &'a str,
        /// The most that are given.
        most: usize,
    },
}

/// The stored values, of one connection or of all.
pub fn values(database: &Path, connection: Option<&str>, wanted: Wanted<'_>) -> Vec<String> {
    read(database, connection, wanted).unwrap_or_default()
}

fn read(database: &Path, connection: Option<&str>, wanted: Wanted<'_>) -> rusqlite::Result<Vec<String>> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(database, flags)?;
    db.busy_timeout(LIMIT)?;
    let of = "f.connection = c.id AND (?1 IS NULL OR c.name = ?1) AND c.name IS NOT NULL";
    let counted = |field: &str| {
        format!(
            "SELECT DISTINCT coalesce((SELECT label FROM choice WHERE feed = i.feed AND field = '{field}' \
             AND value = i.{field}), nullif(i.{field}_label, ''), i.{field}) AS shown \
             FROM item_count i, feed f, connection c WHERE i.feed = f.id AND {of} AND i.n > 0 \
             AND (?2 IS NULL OR f.kind = ?2) ORDER BY shown"
        )
    };
    let text = |row: &rusqlite::Row<'_>| row.get::<_, String>(0);
    match wanted {
        Wanted::States(kind) => {
            let values = params![connection, kind.map(WorkItemKind::id)];
            db.prepare(&counted("state"))?.query_map(values, text)?.collect()
        }
        Wanted::Priorities => {
            db.prepare(&counted("priority"))?.query_map(params![connection, None::<&str>], text)?.collect()
        }
        Wanted::Groups => names(&db, GROUP, connection),
        Wanted::Assignees => names(&db, ASSIGNEE, connection),
        Wanted::Numbers { beginning, most } => {
            let query = format!(
                "SELECT w.number FROM work_item w, feed f, connection c WHERE w.feed = f.id AND {of} \
                 AND substr(w.number, 1, length(?2)) = ?2 COLLATE NOCASE ORDER BY w.updated_at DESC LIMIT ?3"
            );
            let most = i64::try_from(most).unwrap_or(i64::MAX);
            db.prepare(&query)?.query_map(params![connection, beginning, most], text)?.collect()
        }
    }
}

/// The names that an expression over the table's index has, each once.
fn names(db: &Connection, expression: &str, connection: Option<&str>) -> rusqlite::Result<Vec<String>> {
    let query = format!(
        "SELECT {expression} FROM feed f JOIN connection c ON f.connection = c.id \
         CROSS JOIN work_item INDEXED BY work_item_changed ON feed = f.id AND removed_at IS NULL \
         WHERE c.name IS NOT NULL AND (?1 IS NULL OR c.name = ?1)"
    );
    let mut select = db.prepare(&query)?;
    let mut rows = select.query([connection])?;
    let mut all = BTreeSet::new();
    while let Some(row) = rows.next()? {
        if let Some(name) = row.get_ref(0)?.as_str_or_null()?.filter(|name| !name.is_empty() && !all.contains(*name)) {
            all.insert(name.to_owned());
        }
    }
    Ok(all.into_iter().collect())
}
