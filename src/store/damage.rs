//! Recovery from a database that was damaged while it was in use.
//!
//! SQLite notices damage only where it reads. The process that meets it leaves a mark beside the file. The next opening sets
//! the file aside and copies what no sync can restore: confirmations, the activity log, tickets, when each sign-in was made. Each
//! connection notes that its rows are missing until a full sync is complete.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::plan::connection_id;
use super::problem::Problem;
use crate::model::connection::ConnectionName;

/// The mark beside the database at `path`.
pub(super) fn mark_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".damage");
    PathBuf::from(name)
}

/// Leaves the mark. It grows each time damage is met.
pub fn mark(path: &Path) {
    let written =
        OpenOptions::new().append(true).create(true).open(mark_of(path)).and_then(|mut file| file.write_all(b"!"));
    if let Err(error) = written {
        tracing::warn!(%error, "the damage of the database could not be noted");
    }
}

/// Written over a mark once SQLite's own check found nothing.
const CHECKED: &str = "checked ";

/// Whether the database has to be set aside: damage was met, and SQLite's own check finds it too, or it was met again
/// although the check found none.
pub fn is_marked(path: &Path, db: &Connection) -> bool {
    let Ok(mark) = fs::read_to_string(mark_of(path)) else { return false };
    match mark.as_str() {
        CHECKED => false,
        "!" => {
            let check = db.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
            let sound = check.is_ok_and(|told| told == "ok");
            if sound && let Err(error) = fs::write(mark_of(path), CHECKED) {
                tracing::warn!(%error, "that the database was checked could not be noted");
            }
            !sound
        }
        _ => true,
    }
}

/// Whether damage was met that no opening has checked yet.
pub fn is_met(path: &Path) -> bool {
    fs::read_to_string(mark_of(path)).is_ok_and(|mark| mark != CHECKED)
}

/// Removes the mark after the damaged file was set aside.
pub fn unmark(path: &Path) {
    let _ = fs::remove_file(mark_of(path));
}

/// Copies from the damaged file what no sync can restore, table by table, as far as it can be read. The file will be kept
/// under the name `kept`.
pub fn salvage(db: &Connection, damaged: &Path, kept: &Path) -> Result<(), Problem> {
    let Some(damaged) = damaged.to_str() else { return Ok(()) };
    db.execute("ATTACH ?1 AS kept", [damaged])?;
    for table in ["connection", "confirmation", "activity", "ticket", "outbox"] {
        if let Err(problem) = copy(db, table) {
            tracing::warn!(table, ?problem, "a table of the damaged database could not be read");
        }
    }
    // The rows are gone: no sync counts as done.
    let kept = kept.display().to_string();
    db.execute("UPDATE connection SET last_sync = NULL, last_complete = NULL, rebuilt = ?1", [kept])?;
    Ok(db.execute_batch("DETACH kept")?)
}

/// Notes which connections lost their rows with a damaged database, in case the database itself could not tell.
pub fn note(tx: &Transaction<'_>, connections: &[ConnectionName], kept: &str) -> Result<(), Problem> {
    for name in connections {
        let id = connection_id(tx, name)?;
        tx.execute("UPDATE connection SET rebuilt = ?2 WHERE id = ?1 AND last_complete IS NULL", params![id, kept])?;
    }
    Ok(())
}

/// The name under which the damaged database with the connection's rows was kept, until they are all restored.
pub fn lost_with(db: &Connection, connection: &ConnectionName) -> Result<Option<String>, Problem> {
    let sql = "SELECT rebuilt FROM connection WHERE name = ?1";
    Ok(db.query_row(sql, [connection.as_str()], |row| row.get(0)).optional()?.flatten())
}

fn copy(db: &Connection, table: &str) -> Result<(), Problem> {
    let (ours, theirs) = (table_columns(db, "main", table)?, table_columns(db, "kept", table)?);
    let shared: Vec<_> = ours.into_iter().filter(|name| theirs.contains(name)).collect();
    let names = shared.join(", ");
    db.execute(&format!("INSERT OR IGNORE INTO main.{table} ({names}) SELECT {names} FROM kept.{table}"), [])?;
    Ok(())
}

fn table_columns(db: &Connection, schema: &str, table: &str) -> Result<Vec<String>, Problem> {
    let mut select = db.prepare("SELECT name FROM pragma_table_info(?1, ?2)")?;
    Ok(select.query_map([table, schema], |row| row.get(0))?.collect::<Result<_, _>>()?)
}
