//! Copying the write-ahead log into the database on another thread, since the writer would have to wait for the disk.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use rusqlite::{Connection, OpenFlags};

use super::open;
use super::problem::Problem;

/// Rows between two copies: what a first sync writes in about a sixth of its time for 100,000 rows, and some 50 MiB of
/// log.
const ROWS: u64 = 16_000;

/// Copies the log from time to time. If that fails, the writer does it later.
#[derive(Debug)]
pub struct Checkpointer {
    path: PathBuf,
    rows: AtomicU64,
    busy: Arc<AtomicBool>,
}

impl Checkpointer {
    /// For the database at `path`.
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), rows: AtomicU64::new(0), busy: Arc::default() }
    }

    /// Called after each commit; copies on its own thread once enough rows were committed.
    pub fn committed(&self, rows: u64) {
        if self.rows.fetch_add(rows, Ordering::AcqRel) + rows < ROWS || self.busy.swap(true, Ordering::AcqRel) {
            return;
        }
        self.rows.store(0, Ordering::Release);
        let (path, busy) = (self.path.clone(), self.busy.clone());
        let work = move || {
            if let Err(problem) = copy(&path) {
                tracing::info!(code = problem.into_fault(&path).code(), "the log was not copied beside the writer");
            }
            busy.store(false, Ordering::Release);
        };
        if thread::Builder::new().name("store-checkpoint".to_owned()).spawn(work).is_err() {
            self.busy.store(false, Ordering::Release);
        }
    }
}

/// Copies the whole log and empties it. Waits a while for readers.
pub fn settle(db: &Connection) -> Result<(), Problem> {
    let busy: bool = db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if busy {
        tracing::info!("the log was not copied whole into the database: another reads it");
    }
    Ok(())
}

/// Copies as much as readers and writers permit, without waiting.
fn copy(path: &Path) -> Result<(), Problem> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags)?;
    open::keep_log(&db)?;
    db.pragma_update(None, "synchronous", "normal")?;
    Ok(db.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// How many rows of a table the database file alone holds, without its log.
    fn in_the_file(path: &Path) -> i64 {
        let alone = path.with_extension("alone");
        fs::copy(path, &alone).unwrap();
        let db = Connection::open(alone).unwrap();
        db.query_row("SELECT count(*) FROM change_counter", [], |row| row.get(0)).unwrap_or(0)
    }

    #[test]
    fn enough_rows_copy_the_log_beside_the_writer() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("items.db");
        let writer = open::open_writer(&path).unwrap();
        let before = in_the_file(&path);
        writer.execute("INSERT INTO change_counter VALUES (7)", []).unwrap();
        assert_eq!(in_the_file(&path), before, "the row is in the log alone");
        let checkpointer = Checkpointer::new(&path);
        checkpointer.committed(ROWS - 1);
        assert!(!checkpointer.busy.load(Ordering::Acquire));
        checkpointer.committed(1);
        while checkpointer.busy.load(Ordering::Acquire) {
            thread::yield_now();
        }
        assert_eq!(in_the_file(&path), 2);
        writer.execute("INSERT INTO change_counter VALUES (8)", []).unwrap();
    }

    #[test]
    fn a_database_that_is_gone_is_not_made_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("items.db");
        assert!(copy(&path).is_err());
        assert!(!path.exists());
    }
}
