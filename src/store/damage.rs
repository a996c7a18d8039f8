//! Recovery from a database that was damaged while it was in use.
//!
//! SQLite notices damage only where it reads. The process that meets it leaves a mark beside the file. The next opening sets
//! the file aside and copies what no sync can restore ([`COPIED`]). Each connection notes that its rows are missing until a full
//! sync is complete, and each source of alerts is read again from the beginning: what could not be copied of the last 30 days is
//! still in Azure.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use rusqlite::types::Value;
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, Transaction, params, params_from_iter};

use super::open::keep_log;
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

/// The tables with what can be read nowhere else, in an order in which each row finds what it refers to. Without what is known
/// of tickets, alerts that have one would get another.
pub(super) const COPIED: [&str; 11] = [
    "connection",
    "confirmation",
    "activity",
    "change_counter",
    "dropped",
    "ticket",
    "outbox",
    "alert",
    "alert_slot",
    "alert_source",
    "alert_history",
];

/// The tables that begin empty: work items and how far they are read come with a full sync, the search index with the work
/// items; workspaces are sent everything again, and ask for the send numbers that they have (`sink/numbers`).
#[cfg(test)]
pub(super) const REBUILT: [&str; 11] = [
    "feed",
    "slice",
    "work_item",
    "item_count",
    "item_day",
    "item_end",
    "choice",
    "work_item_search",
    "consumer",
    "sink",
    "change_time",
];

/// Copies from the damaged file what no sync can restore, table by table and row by row, as far as it can be read. The file will
/// be kept under the name `kept`. Returns the tables of which not all could be read.
pub fn salvage(db: &Connection, damaged: &Path, kept: &Path) -> Result<Vec<&'static str>, Problem> {
    // A connection of its own: with the damaged file attached, what was read before the damage could not be committed.
    let from =
        Connection::open_with_flags(damaged, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    keep_log(&from)?;
    let mut incomplete = Vec::new();
    for table in COPIED {
        match copy(&from, db, table) {
            Ok(true) => {}
            Ok(false) => incomplete.push(table),
            Err(problem) => {
                tracing::warn!(table, ?problem, "a table of the damaged database could not be read");
                incomplete.push(table);
            }
        }
    }
    // The rows are gone: no sync counts as done.
    let kept = kept.display().to_string();
    db.execute("UPDATE connection SET last_sync = NULL, last_complete = NULL, rebuilt = ?1", [kept])?;
    put_right(&from, db)?;
    if incomplete.contains(&"alert") {
        db.execute_batch(RECOUNT)?;
    }
    Ok(incomplete)
}

/// Alerts that were lost count for their tickets again when they come again.
const RECOUNT: &str = "
WITH counted AS MATERIALIZED (
    SELECT s.value AS id, count(*) AS n FROM alert a, json_each(a.slots) s WHERE a.handled = 'fired' GROUP BY s.value
)
UPDATE alert_slot SET slot =
    json_set(slot, '$.fired', coalesce((SELECT n FROM counted WHERE counted.id = alert_slot.id), 0));
";

/// Puts right what does not fit together where only a part could be read.
fn put_right(from: &Connection, db: &Connection) -> Result<(), Problem> {
    // Azure still lists what could not be copied of the last 30 days; `since` stays, so that nothing older gets a ticket.
    db.execute_batch(
        "UPDATE alert_source SET state = \
         json_remove(state, '$.watermark', '$.whole_at', '$.whole_watermark', '$.whole_pages');",
    )?;
    // A slot whose ticket is not known any more would take in alerts of which nobody hears.
    db.execute_batch(
        "DELETE FROM alert_slot WHERE slot ->> '$.draft' IS NULL AND id NOT IN (SELECT id FROM ticket \
         WHERE product_id IS NOT NULL UNION SELECT ticket FROM outbox WHERE operation ->> '$.do' = 'open');",
    )?;
    // Changes are counted on: those of the rows that come again follow what was dropped before, for every consumer.
    db.execute_batch(
        "UPDATE change_counter SET last = max((SELECT max(last) FROM change_counter), \
         (SELECT coalesce(max(change), 0) FROM dropped)); \
         DELETE FROM change_counter WHERE rowid < (SELECT max(rowid) FROM change_counter);",
    )?;
    for name in consumers(from).unwrap_or_default() {
        db.execute("INSERT OR IGNORE INTO consumer VALUES (?1, 0)", [name])?;
    }
    Ok(())
}

fn consumers(db: &Connection) -> Result<Vec<String>, Problem> {
    Ok(db.prepare("SELECT name FROM consumer")?.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
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

/// Copies the rows of a table, from its beginning up to the first that cannot be read, and from its end back to the last such
/// one. Whether all could be read. A row that refers to one which is lost is left out.
fn copy(from: &Connection, db: &Connection, table: &str) -> Result<bool, Problem> {
    let (ours, theirs) = (table_columns(db, table)?, table_columns(from, table)?);
    let shared: Vec<&str> = theirs.iter().map(|(name, _)| name.as_str()).collect();
    let shared: Vec<_> = ours.iter().map(|(name, _)| name.as_str()).filter(|name| shared.contains(name)).collect();
    let names = shared.join(", ");
    let order = match db.prepare(&format!("SELECT rowid FROM {table} LIMIT 1")) {
        Ok(_) => vec!["rowid"],
        Err(_) => ours.iter().filter(|(_, is_key)| *is_key).map(|(name, _)| name.as_str()).collect(),
    };
    let insert = format!("INSERT OR IGNORE INTO {table} ({names}) VALUES ({})", vec!["?"; shared.len()].join(", "));
    let rows = |order: String| Rows { from, table, select: format!("SELECT {names} FROM {table} ORDER BY {order}") };
    let problem = match rows(order.join(", ")).copy(db, &insert) {
        Ok(all) => return Ok(all),
        Err(problem) => problem,
    };
    tracing::warn!(table, ?problem, "rows of the damaged database could not be read");
    let back = order.iter().map(|name| format!("{name} DESC")).collect::<Vec<_>>().join(", ");
    let rest = rows(back).copy(db, &insert);
    tracing::debug!(table, ?rest, "read from the end back to the damage");
    Ok(false)
}

/// Rows of a table of the damaged database, in one order.
struct Rows<'a> {
    from: &'a Connection,
    table: &'a str,
    select: String,
}

impl Rows<'_> {
    /// Copies them as far as they can be read; whether each of them could be used.
    fn copy(&self, db: &Connection, insert: &str) -> Result<bool, Problem> {
        let tx = db.unchecked_transaction()?;
        let read = self.copy_in(&tx, insert);
        // What was read before the damage counts.
        tx.commit()?;
        read
    }

    fn copy_in(&self, tx: &Transaction<'_>, insert: &str) -> Result<bool, Problem> {
        let (mut select, mut insert) = (self.from.prepare(&self.select)?, tx.prepare(insert)?);
        let columns: Vec<String> = select.column_names().map(str::to_owned).collect();
        let mut all = true;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let values: Result<Vec<Value>, _> = (0..columns.len()).map(|place| row.get(place)).collect();
            let are_sound = |values: &Vec<Value>| columns.iter().zip(values).all(|one| is_sound(self.table, one));
            let Some(values) = values.ok().filter(are_sound) else {
                all = false;
                continue;
            };
            match insert.execute(params_from_iter(values)) {
                Ok(_) => {}
                Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => all = false,
                Err(error) => return Err(error.into()),
            }
        }
        Ok(all)
    }
}

/// Whether a value is JSON where the store reads it as such: one that is not would stop every later reading of its table.
fn is_sound(table: &str, (column, value): (&String, &Value)) -> bool {
    let is_json = match table {
        "alert" => matches!(column.as_str(), "alert" | "slots"),
        "alert_slot" => column == "slot",
        "alert_source" | "confirmation" => column == "state",
        "activity" => column == "event",
        "ticket" => matches!(column.as_str(), "key" | "shown" | "taken"),
        "outbox" => matches!(column.as_str(), "operation" | "fault" | "findings"),
        "connection" => matches!(column.as_str(), "sign_in" | "signed_in_as" | "signed_out" | "identity"),
        _ => false,
    };
    match value {
        Value::Text(text) if is_json => serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok(),
        _ => true,
    }
}

/// The columns of a table, each with whether it is part of the primary key.
fn table_columns(db: &Connection, table: &str) -> Result<Vec<(String, bool)>, Problem> {
    let mut select = db.prepare("SELECT name, pk FROM pragma_table_info(?1)")?;
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get::<_, i64>(1)? > 0));
    Ok(select.query_map([table], read)?.collect::<Result<_, _>>()?)
}
