//! What is done about a database that was damaged while it was in use.
//!
//! SQLite notices damage only where it reads. Who meets it leaves a mark beside the file; the next opening sets the file
//! aside, and takes over what a sync cannot bring again: confirmations, the activity log, when each sign-in was made.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::problem::Problem;

/// The mark beside the database at `path`.
fn mark_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".damage");
    PathBuf::from(name)
}

/// Leaves the mark. It grows with each time that damage was met.
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

/// Takes the mark away, once the damaged file is out of the way.
pub fn unmark(path: &Path) {
    let _ = fs::remove_file(mark_of(path));
}

/// Copies from the file that was set aside what no sync brings again, table by table and as far as it can be read.
pub fn salvage(db: &Connection, kept: &Path) -> Result<(), Problem> {
    let Some(kept) = kept.to_str() else { return Ok(()) };
    db.execute("ATTACH ?1 AS kept", [kept])?;
    for table in ["connection", "confirmation", "activity"] {
        if let Err(problem) = copy(db, table) {
            tracing::warn!(table, ?problem, "a table of the damaged database could not be read");
        }
    }
    // The rows are gone: no sync counts as done.
    db.execute("UPDATE connection SET last_sync = NULL, last_complete = NULL", [])?;
    Ok(db.execute_batch("DETACH kept")?)
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
