//! Reading a database that may not be written. This is decided once, before anything opens the file: whether SQLite can read
//! a log there depends on the side files that the writer left, and it fails in several ways otherwise.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::open::{PATIENCE, keep_log, look_over, with_suffix};
use super::problem::Problem;
use super::schema;
use crate::files;
use crate::model::fault::Fault;

/// How often a database is copied again because another process wrote it meanwhile.
const COPIES: u32 = 5;

/// Bytes of the log's header, which changes whenever the log restarts (SQLite docs, "WAL-mode File Format").
const LOG_HEADER: usize = 32;

/// Whether the database exists, and it or its folder is read-only. SQLite writes side files even to read.
pub fn is_all_there_is(path: &Path) -> bool {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    files::found_at(path).is_none() && path.exists() && !(may_write(path) && may_write(folder))
}

#[cfg(unix)]
fn may_write(path: &Path) -> bool {
    rustix::fs::access(path, rustix::fs::Access::WRITE_OK).is_ok()
}

#[cfg(not(unix))]
fn may_write(path: &Path) -> bool {
    // The read-only attribute of a folder does not say whether files may be created in it.
    fs::metadata(path).is_ok_and(|found| found.is_dir() || !found.permissions().readonly())
}

/// A way to open read-only connections to a database in a read-only place.
pub struct ReadOnly {
    path: PathBuf,
    /// A copy with its log, because a log with rows cannot be read in its place.
    copy: Option<tempfile::TempDir>,
}

impl ReadOnly {
    /// Finds the way.
    ///
    /// # Errors
    /// [`Fault::NotWritable`] for a database of an older version, which would have to be upgraded first; damage, a newer
    /// version, [`Fault::FileProblem`] where it cannot be copied.
    pub fn find(path: &Path) -> Result<Self, Fault> {
        let find = || -> Result<Self, Problem> {
            let way = if log_header(path)?.is_empty() {
                Self { path: path.to_owned(), copy: None }
            } else {
                Self::copied(path)?
            };
            let db = way.open()?;
            schema::check(&db)?;
            look_over(&db)?;
            Ok(way)
        };
        find().map_err(|problem| problem.into_fault(path))
    }

    /// A consistent copy of the database and its log: the log did not restart in between.
    fn copied(path: &Path) -> Result<Self, Problem> {
        let folder = tempfile::Builder::new().prefix("itsmc-").tempdir()?;
        let copy = folder.path().join(path.file_name().unwrap_or_default());
        // Only the contents: a copy that is read-only too could not be read with its log.
        let take = |from: &Path, to: &Path| io::copy(&mut fs::File::open(from)?, &mut fs::File::create(to)?);
        for _ in 0..COPIES {
            let before = log_header(path)?;
            take(path, &copy)?;
            take(&with_suffix(path, "-wal"), &with_suffix(&copy, "-wal"))?;
            if log_header(path)? == before && log_header(&copy)? == before {
                return Ok(Self { path: copy, copy: Some(folder) });
            }
        }
        Err(Problem::Fault(Box::new(Fault::Locked { path: path.display().to_string(), pid: None })))
    }

    /// A new connection.
    pub fn open(&self) -> Result<Connection, Problem> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
        let of_copy = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = match self.copy {
            Some(_) => Connection::open_with_flags(&self.path, of_copy)?,
            // Without a log nothing is missed, and SQLite need not create the side files.
            None => Connection::open_with_flags(immutable(&self.path), flags)?,
        };
        db.busy_timeout(PATIENCE)?;
        keep_log(&db)?;
        // Writes to a copy would be lost silently.
        db.pragma_update(None, "query_only", "on")?;
        Ok(db)
    }
}

/// The first bytes of the database's log; none where there is none, or an empty one.
fn log_header(path: &Path) -> io::Result<Vec<u8>> {
    let mut header = Vec::new();
    match fs::File::open(with_suffix(path, "-wal")) {
        Ok(log) => log.take(LOG_HEADER as u64).read_to_end(&mut header)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
        Err(error) => return Err(error),
    };
    Ok(header)
}

/// The URI that says nobody writes to the file.
fn immutable(path: &Path) -> String {
    let escaped = path.as_os_str().as_encoded_bytes().iter().map(|byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => char::from(*byte).to_string(),
        other => format!("%{other:02X}"),
    });
    format!("file:{}?immutable=1", escaped.collect::<String>())
}
