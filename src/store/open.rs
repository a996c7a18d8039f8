//! Opening the database file: its rights, its settings, and what is done when it is damaged.

use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::damage;
use super::problem::Problem;
use super::schema;
use crate::files;
use crate::model::fault::{Fault, FileKind};

/// Bytes in a page of the database. Several work items fit in one; with SQLite's own 4,096 there are a fifth
/// more to write.
const PAGE_BYTES: i64 = 8_192;

/// Pages of the write-ahead log after which the writer itself copies it into the database: 128 MiB. Mostly that was
/// done beside it by then. New rows change pages all over the index of ids, and each is copied once for all changes
/// until then.
const CHECKPOINT_PAGES: i64 = 16_384;

/// Memory for pages of the database, in KiB: new rows land all over the index of ids.
const CACHE_KIB: i64 = 12_288;

/// How long another that has the database is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// Opens the database for writing, and makes it where there is none.
///
/// # Errors
/// [`Fault::DatabaseDamaged`] after the file was moved aside, so that the next opening starts anew;
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
        Ok(db)
    };
    open().map_err(|problem| problem.into_fault(path))
}

/// A way to read a database in a place where nothing may be written, as often as it is asked.
pub struct ReadOnly {
    path: PathBuf,
    /// A copy with its log, where the log holds rows and cannot be read in its place.
    copy: Option<tempfile::TempDir>,
}

impl ReadOnly {
    /// Finds the way.
    ///
    /// # Errors
    /// [`Fault::FileProblem`] where there is no database, [`Fault::NotWritable`] for one of an older version, which
    /// would have to be upgraded first; damage, a newer version.
    pub fn find(path: &Path) -> Result<Self, Fault> {
        let in_place = Self { path: path.to_owned(), copy: None };
        // A log is never read in its place: SQLite wants to write the index beside it, and says so now or only later.
        let found = if in_place.has_log() {
            Self::copied(path).map_err(Problem::Io)
        } else {
            match in_place.check() {
                Err(problem) if problem.is_unopened() => Self::copied(path).map_err(Problem::Io),
                Err(problem) => Err(problem),
                Ok(()) => return Ok(in_place),
            }
        };
        let checked = found.and_then(|copy| copy.check().map(|()| copy));
        checked.map_err(|problem| problem.into_fault(path))
    }

    fn has_log(&self) -> bool {
        fs::metadata(with_suffix(&self.path, "-wal")).is_ok_and(|log| log.len() > 0)
    }

    fn check(&self) -> Result<(), Problem> {
        let db = self.open()?;
        schema::check(&db)?;
        look_over(&db)
    }

    fn copied(path: &Path) -> std::io::Result<Self> {
        let folder = tempfile::Builder::new().prefix("itsmc-").tempdir()?;
        let name = path.file_name().unwrap_or_default();
        // By contents alone: a copy that may not be written either could not be read with its log.
        let take = |from: &Path, to: &Path| std::io::copy(&mut fs::File::open(from)?, &mut fs::File::create(to)?);
        take(path, &folder.path().join(name))?;
        let (log, copy) = (with_suffix(path, "-wal"), with_suffix(&folder.path().join(name), "-wal"));
        if log.exists() {
            take(&log, &copy)?;
        }
        Ok(Self { path: folder.path().join(name), copy: Some(folder) })
    }

    /// A new connection.
    pub fn open(&self) -> Result<Connection, Problem> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
        let of_copy = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = match self.copy {
            Some(_) => Connection::open_with_flags(&self.path, of_copy)?,
            // Without a log nothing is missed, and SQLite need not make the files that it reads a log with.
            None => Connection::open_with_flags(immutable(&self.path), flags)?,
        };
        db.busy_timeout(PATIENCE)?;
        // What is written to a copy would be lost without a word.
        db.pragma_update(None, "query_only", "on")?;
        Ok(db)
    }
}

/// The URI that says nobody writes to the file.
fn immutable(path: &Path) -> String {
    let escaped = path.as_os_str().as_encoded_bytes().iter().map(|byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => char::from(*byte).to_string(),
        other => format!("%{other:02X}"),
    });
    format!("file:{}?immutable=1", escaped.collect::<String>())
}

/// Whether locks work beside the database. SQLite says "busy" for a file system without locks as well; a file that
/// nobody else knows is never busy.
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
    // SQLite tells a file that may not be written in several ways, one of them as a failed locking protocol.
    if problem.is_unopened() && fs::metadata(path).is_ok() && !may_write(path) {
        return Fault::NotWritable { path: path.display().to_string(), reason: "it may only be read".to_owned() };
    }
    problem.into_fault(path)
}

#[cfg(unix)]
fn may_write(path: &Path) -> bool {
    rustix::fs::access(path, rustix::fs::Access::WRITE_OK).is_ok()
}

#[cfg(not(unix))]
fn may_write(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|file| !file.permissions().readonly())
}

fn try_open(path: &Path) -> Result<Connection, Problem> {
    check_file(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut db = Connection::open_with_flags(path, flags)?;
    db.busy_timeout(PATIENCE)?;
    db.pragma_update(None, "page_size", PAGE_BYTES)?;
    write_ahead(&db)?;
    // What is deleted is overwritten, so that nothing of a removed connection stays in the file.
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
    look_over(&db)?;
    Ok(db)
}

/// Sets the journal to a write-ahead log. Of all that SQLite does here this alone does not wait for another that has
/// the database, such as one that is being closed.
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

/// Reads a little of every table: cheap, and enough to notice a file that was cut off or overwritten. A whole
/// check takes seconds at a million rows and is not for every start.
fn look_over(db: &Connection) -> Result<(), Problem> {
    for table in ["connection", "feed", "slice", "item_count", "item_day", "consumer", "activity"] {
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

/// Makes the file where there is none, and lets only its owner read it. SQLite gives its own side files the
/// same rights, and opens no symbolic link in their place.
fn check_file(path: &Path) -> Result<(), Problem> {
    for side in ["-wal", "-shm", "-journal"] {
        let side = with_suffix(path, side);
        if let Some(kind) = files::found_at(&side) {
            return Err(Problem::Fault(Box::new(files::not_a_file(&side, kind))));
        }
    }
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    let file = files::open(path, &mut options).map_err(|fault| Problem::Fault(Box::new(fault)))?;
    if files::is_hard_linked(&file) {
        // SQLite's log goes by the name: by another name the file would be read without it.
        return Err(Problem::Fault(Box::new(files::not_a_file(path, FileKind::HardLink))));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if file.metadata()?.permissions().mode() & 0o077 != 0 {
            file.set_permissions(fs::Permissions::from_mode(0o600))?;
        }
    }
    Ok(())
}

/// Moves the damaged file and its side files to the first free `.damaged-N` name.
fn set_aside(path: &Path, problem: Problem) -> Fault {
    let reason = match problem {
        Problem::Sql(error) => error.to_string(),
        Problem::Damaged => "damage was met while it was read".to_owned(),
        other => format!("{other:?}"),
    };
    let kept = (1..).map(|n| with_suffix(path, &format!(".damaged-{n}"))).find(|kept| !kept.exists());
    let kept_as = kept.filter(|kept| fs::rename(path, kept).is_ok());
    if let Some(kept) = &kept_as {
        for side in ["-wal", "-shm"] {
            let from = with_suffix(path, side);
            if from.exists() && fs::rename(&from, with_suffix(kept, side)).is_err() {
                tracing::warn!(file = %from.display(), "could not be kept beside the damaged database");
            }
        }
    }
    if let Some(kept) = &kept_as {
        damage::unmark(path);
        let rebuilt = try_open(path).and_then(|db| damage::salvage(&db, kept));
        if let Err(problem) = rebuilt {
            tracing::warn!(?problem, "nothing could be taken over from the damaged database");
        }
    }
    Fault::DatabaseDamaged {
        path: path.display().to_string(),
        kept_as: kept_as.map(|kept| kept.display().to_string()),
        reason,
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
