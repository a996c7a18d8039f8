//! The identity of the file at a path, so that an open store notices when the file was replaced.

use std::fs::{self, Metadata};
use std::path::Path;
use std::time::SystemTime;

use super::open::with_suffix;

/// A file as it stood at a moment.
#[derive(Debug, PartialEq, Eq)]
pub struct Standing {
    /// Which file it is; `None` where there is none.
    file: Option<(u64, u64)>,
    /// Its state and that of its log, where what is read does not follow them.
    contents: Vec<Option<(u64, SystemTime)>>,
}

/// How the database at `path` stands. One that is read without locks, or from a copy, stands otherwise as soon as it or its
/// log is written.
pub fn of(path: &Path, by_contents: bool) -> Standing {
    let state = |path: &Path| {
        let found = fs::metadata(path).ok()?;
        Some((found.len(), found.modified().ok()?))
    };
    let contents = if by_contents { vec![state(path), state(&with_suffix(path, "-wal"))] } else { Vec::new() };
    Standing { file: fs::metadata(path).ok().as_ref().map(identity), contents }
}

#[cfg(unix)]
fn identity(found: &Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt;
    (found.dev(), found.ino())
}

/// Elsewhere a file that is open keeps its name, so that none can take its place.
#[cfg(not(unix))]
fn identity(_: &Metadata) -> (u64, u64) {
    (0, 0)
}
