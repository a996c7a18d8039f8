//! One sync of one connection, under its lock.

use tokio_util::sync::CancellationToken;

use super::services::{Services, blocking};
use crate::vault::LockFile;
use crate::model::connection::Connection;
use crate::model::fault::Fault;
use crate::model::sync::{KindReport, Progress};
use crate::sync::{self, SyncJob};

/// Syncs a connection by its name.
///
/// # Errors
/// When it could not begin: no such connection, no vault, or another itsmc syncs it. What goes wrong later stands
/// in the reports.
pub async fn sync(services: &Services, name: &str, full: bool, progress: impl Fn(Progress) + Send + Sync, cancel: CancellationToken) -> Result<Vec<KindReport>, Fault> {
    let connection = services.connection(name).await?;
    let _lock = lock(services, &connection).await?;
    let store = services.store().await?.clone();
    let partner = services.partner(&connection).await?;
    let job = SyncJob { partner, store, connection, full };
    Ok(sync::sync(job, progress, cancel).await)
}

async fn lock(services: &Services, connection: &Connection) -> Result<LockFile, Fault> {
    let path = services.home.sync_lock(&connection.name);
    blocking(move || LockFile::try_take(&path)).await
}
