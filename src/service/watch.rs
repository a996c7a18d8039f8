//! Whether anybody changed the database, the config file or the alert rules, another process included.

use std::time::SystemTime;

use super::blocking::blocking;
use super::services::Services;
use crate::model::fault::Fault;
use crate::store::Store;

/// The state of the database at one moment.
pub struct StoreMark {
    store: Store,
    version: i64,
}

impl StoreMark {
    /// The state now. It costs some microseconds and no disk access.
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

/// A file that an admin may write while the program is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// The config file.
    Config,
    /// The alert rules.
    AlertRules,
}

/// Such a file at one moment: when it was written and how many bytes it has; `None` where there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileMark(Option<(SystemTime, u64)>);

impl FileMark {
    /// The file as it is now.
    pub async fn now(services: &Services, file: Written) -> Self {
        let path = match file {
            Written::Config => services.home.config_file(),
            Written::AlertRules => services.home.alert_rules(),
        };
        let told = move || {
            let file = std::fs::metadata(path).ok();
            Ok(Self(file.and_then(|file| Some((file.modified().ok()?, file.len())))))
        };
        blocking(told).await.unwrap_or(Self(None))
    }
}
