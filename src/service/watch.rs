//! Whether anybody changed the database, the config file or the alert rules, another process included.

use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::services::Services;
use crate::home::Home;
use crate::model::fault::Fault;
use crate::store::Store;

/// The state of the database at one moment.
pub struct StoreMark {
    store: Store,
    version: i64,
}

impl StoreMark {
    /// The state now, as the database itself tells it.
    ///
    /// # Errors
    /// What keeps the database from being opened or asked.
    pub async fn now(services: &Services) -> Result<Self, Fault> {
        let store = services.store().await?;
        let version = store.version().await?;
        Ok(Self { store, version })
    }

    /// Whether something was stored between two moments, or the file was replaced.
    pub fn differs(&self, other: &Self) -> bool {
        self.version != other.version || !self.store.is_same(&other.store)
    }
}

/// What others may write while the program is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// The database.
    Store,
    /// The config file.
    Config,
    /// The alert rules.
    AlertRules,
}

impl Written {
    /// The files that are written with it. A commit always grows or rewrites the database's log.
    fn files(self, home: &Home) -> Vec<PathBuf> {
        match self {
            Self::Store => Store::files(&home.database()),
            Self::Config => vec![home.config_file()],
            Self::AlertRules => vec![home.alert_rules()],
        }
    }
}

/// What the file system tells of a file; `None` where there is none.
type Stamp = Option<(u64, u64, SystemTime)>;

/// Looks whether something was written, at the cost of one `stat` for each file.
#[derive(Debug)]
pub struct Watch {
    files: Vec<PathBuf>,
    last: Vec<Stamp>,
    rested: bool,
}

/// What a look told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Nothing was written since the last look.
    Rests,
    /// Something was written between the last look and the one before: a second write in that moment may bear the same time.
    Settled,
    /// Something was written since the last look.
    Written,
}

impl Watch {
    /// Begins now: what is read after this is watched without a gap.
    pub fn begin(home: &Home, what: Written) -> Self {
        let files = what.files(home);
        let last = stamps(&files);
        Self { files, last, rested: true }
    }

    /// Looks.
    pub fn look(&mut self) -> Look {
        let now = stamps(&self.files);
        let rests = now == self.last;
        self.last = now;
        match (std::mem::replace(&mut self.rested, rests), rests) {
            (_, false) => Look::Written,
            (false, true) => Look::Settled,
            (true, true) => Look::Rests,
        }
    }
}

/// Whether the times of files tell of every write. Windows notes the time of a write when the file is closed, and a database stays open.
pub const TELLS_WRITES: bool = cfg!(unix);

fn stamps(files: &[PathBuf]) -> Vec<Stamp> {
    files.iter().map(|file| stamp(file)).collect()
}

fn stamp(file: &Path) -> Stamp {
    let found = fs::metadata(file).ok()?;
    Some((number(&found), found.len(), found.modified().ok()?))
}

/// The file's own number, so that another file in its place is told apart.
#[cfg(unix)]
fn number(found: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(found)
}

#[cfg(not(unix))]
fn number(_: &Metadata) -> u64 {
    0
}

#[cfg(test)]
#[path = "watch/tests.rs"]
mod tests;
