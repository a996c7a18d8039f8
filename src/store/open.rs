//! Opening the database file: its rights, its settings, and the recovery from damage.

use std::cell::Cell;
use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::checkpoint;
use super::damage;
use super::problem::Problem;
use super::schema;
use crate::files;
use crate::model::fault::{Fault, FileKind};

/// Bytes in a page of the database. Several work items fit in one; with SQLite's default of 4,096 a fifth more is written.
const PAGE_BYTES: i64 = 8_192;

/// Pages of the write-ahead log after which the writer itself copies it into the database: 128 MiB. Mostly that was
/// done beside it by then. New rows change pages all over the index of ids, and each is copied once for all changes
/// until then.
const CHECKPOINT_PAGES: i64 = 16_384;

/// Memory for pages of the database, in KiB: new rows land all over the index of ids.
const CACHE_KIB: i64 = 12_288;

/// How long to wait for another process that has locked the database.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

thread_local! {
    /// Since when this thread has waited for the database.
    static WAITING: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// Waits a little for the writer that has the database; whether to try again. SQLite's own waits grow to 100 ms, so that a
/// writer with many small transactions can keep another one out for seconds.
fn wait_for_turn(tries: i32) -> bool {
    let begun = WAITING.get().filter(|_| tries > 0).unwrap_or_else(Instant::now);
    WAITING.set(Some(begun));
    thread::sleep(Duration::from_millis(1 + u64::from(tries.unsigned_abs() % 3)));
    begun.elapsed() < PATIENCE
}

/// Opens the database for writing; creates it if there is none.
///
/// # Errors
/// [`Fault::DatabaseDamaged`] after the file was moved aside, so that the next opening starts with a new file;
/// [`Fault::DatabaseTooNew`], [`Fault::DiskFull`], [`Fault::NotWritable`], [`Fault::FileProblem`].
pub fn open_writer(path: &Path) -> Result<Connection, Fault> {
    try_open(path).map_err(
        |problem| {
            if problem.is_damage() { set_aside(path, problem) } else { unopened(path, problem) }
        },
    )
}

/// Opens the database for reading only.
pub fn open_reader(path: &Path) -> Result<Connection, Fault> {
    let open = || -> Result<Connection, Problem> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = Connection::open_with_flags(path, flags)?;
        db.busy_timeout(PATIENCE)?;
        keep_log(&db)?;
        Ok(db)
    };
    open().map_err(|problem| problem.into_fault(path))
}

/// Keeps the log when this connection is the last one closed. SQLite would delete it by name, and after a damaged database
/// was set aside, that name belongs to the next database's log.
pub fn keep_log(db: &Connection) -> Result<(), Problem> {
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    Ok(())
}

/// Whether locks work in the database's folder. SQLite also says "busy" for a file system without locks; a new file that no
/// other process knows is never busy.
fn has_locks(path: &Path) -> bool {
    let folder = path.parent().unwrap_or(Path::new("."));
    let Ok(probe) = tempfile::Builder::new().prefix(".itsmc-lock-").tempfile_in(folder) else { return true };
    let busy = Connection::open(probe.path()).and_then(|db| db.execute_batch("BEGIN EXCLUSIVE; ROLLBACK;"));
    !matches!(busy, Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy))
}

/// The fault of a database that could not be opened.
fn unopened(path: &Path, problem: Problem) -> Fault {
    if problem.is_busy() && !has_locks(path) {
        let reason = "SQLite could not lock a file of its own beside it".to_owned();
        return Fault::NoLocks { path: path.display().to_string(), reason };
    }
    problem.into_fault(path)
}

fn try_open(path: &Path) -> Result<Connection, Problem> {
    put_rebuilt(path);
    create(path)
}

/// Opens the database; creates it if there is none.
fn create(path: &Path) -> Result<Connection, Problem> {
    check_file(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut db = Connection::open_with_flags(path, flags)?;
    db.busy_handler(Some(wait_for_turn))?;
    keep_log(&db)?;
    db.pragma_update(None, "page_size", PAGE_BYTES)?;
    write_ahead(&db)?;
    // Deleted content is overwritten, so that nothing of a removed connection stays in the file.
    db.pragma_update(None, "secure_delete", "on")?;
    db.pragma_update(None, "synchronous", "normal")?;
    db.pragma_update(None, "foreign_keys", "on")?;
    db.pragma_update(None, "cache_size", -CACHE_KIB)?;
    db.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    db.pragma_update(None, "journal_size_limit", 64 << 20)?;
    if damage::is_marked(path, &db) {
        return Err(Problem::Damaged);
    }
    schema::migrate(&mut db)?;
    forget_statistics(&db)?;
    look_over(&db)?;
    Ok(db)
}

/// Removes the statistics that an older itsmc had SQLite make. With them it may choose other plans than those that were measured:
/// the rows for a workspace were then sorted anew for each portion.
fn forget_statistics(db: &Connection) -> Result<(), Problem> {
    let mut select = db.prepare("SELECT name FROM sqlite_schema WHERE name GLOB 'sqlite_stat[1-4]'")?;
    let tables: Vec<String> = select.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for table in tables {
        db.execute_batch(&format!("DROP TABLE IF EXISTS {table};"))?;
    }
    Ok(())
}

/// Sets the journal to a write-ahead log. This statement alone does not wait for another process that has locked the
/// database, such as one that is closing it.
fn write_ahead(db: &Connection) -> Result<(), Problem> {
    let begun = Instant::now();
    loop {
        match db.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(())) {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && begun.elapsed() < PATIENCE => {
                thread::sleep(Duration::from_millis(10));
            }
            outcome => return Ok(outcome?),
        }
    }
}

/// Reads a little of every table: cheap, and enough to notice a truncated or overwritten file. SQLite's full check takes
/// seconds at a million rows, too long for every start.
pub(super) fn look_over(db: &Connection) -> Result<(), Problem> {
    for table in ["connection", "feed", "slice", "item_count", "item_day", "item_end", "consumer", "activity", "outbox"]
    {
        let mut rows = db.prepare(&format!("SELECT * FROM {table} LIMIT 100"))?;
        let mut rows = rows.query([])?;
        while rows.next()?.is_some() {}
    }
    let newest = "SELECT max(id) FROM work_item UNION ALL SELECT count(*) FROM (SELECT 1 FROM work_item LIMIT 100)";
    let mut newest = db.prepare(newest)?;
    let mut rows = newest.query([])?;
    while rows.next()?.is_some() {}
    Ok(())
}

/// Creates the file if there is none, readable by its owner only. SQLite gives its side files the same rights, and opens no
/// symbolic link in their place.
fn check_file(path: &Path) -> Result<(), Problem> {
    for side in ["-wal", "-shm", "-journal"] {
        let side = with_suffix(path, side);
        if let Some(kind) = files::found_at(&side) {
            return Err(files::not_a_file(&side, kind).into());
        }
    }
    let metadata = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return make_file(path),
        Err(error) => return Err(error.into()),
    };
    // Without opening it: closing a file drops the locks that SQLite has on it in this process.
    if let Some(kind) = files::found_at(path) {
        return Err(files::not_a_file(path, kind).into());
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, PermissionsExt};
        if metadata.nlink() > 1 {
            // SQLite finds the log by the file's name: under another name it would read the file without the log.
            return Err(files::not_a_file(path, FileKind::HardLink).into());
        }
        if metadata.mode() & 0o077 != 0 {
            fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
        }
    }
    #[cfg(not(unix))]
    let _ = metadata;
    Ok(())
}

fn make_file(path: &Path) -> Result<(), Problem> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    Ok(files::open(path, &mut options).map(drop)?)
}

/// Moves the damaged file and its side files to the first free `.damaged-N` name, and replaces it by a new one with
/// everything that could be read. The new one is complete before the old one is moved, so a kill in between loses nothing.
fn set_aside(path: &Path, problem: Problem) -> Fault {
    let reason = match problem {
        Problem::Sql(error) => error.to_string(),
        Problem::Damaged => "damage was met while it was read".to_owned(),
        other => format!("{other:?}"),
    };
    let kept = (1..).map(|n| with_suffix(path, &format!(".damaged-{n}"))).find(|kept| !kept.exists());
    let rebuilt = kept.as_ref().map(|kept| rebuild(path, kept));
    let lost = match rebuilt {
        Some(Ok(lost)) => lost,
        Some(Err(problem)) => {
            tracing::warn!(?problem, "nothing could be taken over from the damaged database");
            discard(&with_suffix(path, REBUILT));
            damage::COPIED.to_vec()
        }
        None => Vec::new(),
    };
    let reason = if lost.is_empty() { reason } else { format!("{reason}; not readable: {}", lost.join(", ")) };
    let kept_as = kept.filter(|kept| fs::rename(path, kept).is_ok());
    if let Some(kept) = &kept_as {
        for side in ["-wal", "-shm"] {
            let from = with_suffix(path, side);
            if from.exists() && fs::rename(&from, with_suffix(kept, side)).is_err() {
                tracing::warn!(file = %from.display(), "could not be kept beside the damaged database");
            }
        }
        damage::unmark(path);
        put_rebuilt(path);
    }
    Fault::DatabaseDamaged {
        path: path.display().to_string(),
        kept_as: kept_as.map(|kept| kept.display().to_string()),
        reason,
    }
}

/// Where the next database is made while the damaged one is still in its place.
const REBUILT: &str = ".rebuilt";

/// Makes the next database, with what can be read of the damaged one; the tables of which not all could be.
fn rebuild(path: &Path, kept: &Path) -> Result<Vec<&'static str>, Problem> {
    let next = with_suffix(path, REBUILT);
    discard(&next);
    let db = create(&next)?;
    let lost = damage::salvage(&db, path, kept)?;
    checkpoint::settle(&db)?;
    Ok(lost)
}

/// Moves the next database to the place of one that was set aside by this process, or by one that was killed then.
fn put_rebuilt(path: &Path) {
    let next = with_suffix(path, REBUILT);
    if path.exists() || !next.exists() {
        return;
    }
    if let Err(error) = fs::rename(&next, path) {
        tracing::warn!(%error, "what was taken over from the damaged database could not be put in its place");
    }
    discard(&next);
}

/// Deletes a database and its side files.
fn discard(path: &Path) {
    for side in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(with_suffix(path, side));
    }
}

pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
