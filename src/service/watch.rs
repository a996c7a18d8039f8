//! Whether anybody stored something in the database, another process included.

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
