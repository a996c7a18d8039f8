//! Errors of SQLite and of stored JSON, and the faults they become.

use std::path::Path;

use rusqlite::ErrorCode;

use crate::model::fault::Fault;
use crate::model::fields::NoFields;

/// Why something in the store failed, before it is known as a [`Fault`].
#[derive(Debug)]
pub enum Problem {
    /// SQLite said so.
    Sql(rusqlite::Error),
    /// A file operation failed.
    Io(std::io::Error),
    /// Stored data is not in the form that itsmc writes.
    Unreadable(String),
    /// The file has a newer schema.
    TooNew {
        /// Its version.
        found: i64,
    },
    /// Damage was found before and is still there.
    Damaged,
    /// The file has an older schema, and may not be written to be upgraded.
    Older,
    /// It is a fault already.
    Fault(Box<Fault>),
    /// A newer query replaced this one.
    Superseded,
    /// The request does not fit the stored state.
    Unexpected(&'static str),
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        Self::Fault(Box::new(fault))
    }
}

impl From<rusqlite::Error> for Problem {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<std::io::Error> for Problem {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<serde_json::Error> for Problem {
    fn from(error: serde_json::Error) -> Self {
        Self::Unreadable(error.to_string())
    }
}

impl From<NoFields> for Problem {
    fn from(error: NoFields) -> Self {
        Self::Unreadable(error.to_string())
    }
}

impl From<jiff::Error> for Problem {
    fn from(error: jiff::Error) -> Self {
        Self::Unreadable(error.to_string())
    }
}

impl Problem {
    /// Whether the file itself is not, or no longer, a database of ours.
    pub fn is_damage(&self) -> bool {
        let Self::Sql(error) = self else { return matches!(self, Self::Damaged) };
        matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
            || matches!(error, rusqlite::Error::SqlInputError { .. })
            || error.sqlite_error_code() == Some(ErrorCode::Unknown)
    }

    /// Whether it means that stored data is damaged.
    fn is_lasting_damage(&self) -> bool {
        match self {
            Self::Unreadable(_) | Self::Damaged => true,
            Self::Sql(error) => {
                matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
            }
            _ => false,
        }
    }

    /// Whether another process has locked the database; SQLite also says so of a file system without locks.
    pub fn is_busy(&self) -> bool {
        matches!(self, Self::Sql(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy))
    }

    /// The fault to show, for the database at `path`.
    pub fn into_fault(self, path: &Path) -> Fault {
        let shown = path.display().to_string();
        if self.is_lasting_damage() {
            super::damage::mark(path);
        }
        match self {
            Self::Damaged => Fault::DatabaseDamaged { path: shown, kept_as: None, reason: String::new() },
            Self::Io(error) => Fault::from_io(path, &error),
            Self::TooNew { found } => Fault::DatabaseTooNew { path: shown, found, known: super::schema::VERSION },
            Self::Older => Fault::NotWritable {
                path: shown,
                reason: "it is of an older itsmc and must be upgraded first".to_owned(),
            },
            Self::Fault(fault) => *fault,
            Self::Superseded => Fault::Interrupted,
            Self::Unreadable(reason) => Fault::DatabaseDamaged { path: shown, kept_as: None, reason },
            Self::Unexpected(what) => Fault::Internal { what: what.to_owned() },
            Self::Sql(error) => sql_fault(shown, &error),
        }
    }
}

fn sql_fault(path: String, error: &rusqlite::Error) -> Fault {
    let reason = error.to_string();
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => Fault::DiskFull { path },
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Fault::NotWritable { path, reason },
        Some(ErrorCode::CannotOpen) => cannot_open(path, reason),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            Fault::DatabaseDamaged { path, kept_as: None, reason }
        }
        Some(ErrorCode::OperationInterrupted) => Fault::Interrupted,
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Fault::Locked { path, pid: None },
        Some(ErrorCode::SystemIoFailure) => Fault::FileProblem { path, reason },
        _ => Fault::Internal { what: format!("database: {reason}") },
    }
}

/// Why the database cannot be opened. SQLite does not tell, but whoever tries it is told.
fn cannot_open(path: String, reason: String) -> Fault {
    // It opens up to four files: the database, its log, the index of that, and the folder.
    let room: std::io::Result<Vec<_>> = (0..2).map(|_| std::io::pipe()).collect();
    if let Err(error) = room {
        return Fault::from_io(Path::new(&path), &error);
    }
    match std::fs::OpenOptions::new().read(true).write(true).open(&path) {
        Err(error) => Fault::from_io(Path::new(&path), &error),
        // The folder may be the cause: SQLite makes further files there.
        Ok(_) => Fault::NotWritable { path, reason },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_that_cannot_be_opened_is_told_with_the_true_reason() {
        let folder = tempfile::tempdir().unwrap();
        let error = rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CANTOPEN), None);
        let fault = Problem::from(error).into_fault(folder.path());
        assert!(matches!(&fault, Fault::FileProblem { reason, .. } if reason.contains("folder")), "{fault:?}");
    }
}
