//! One sync of one connection, under its lock.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::binding;
use super::services::{Services, blocking};
use crate::home::lock::SyncLock;
use crate::model::connection::Connection;
use crate::model::fault::Fault;
use crate::model::sync::{KindReport, Progress};
use crate::sync::clock::SystemClock;
use crate::sync::{self, SyncJob, SyncSettings};

/// Syncs a connection by its name.
///
/// # Errors
/// When it could not begin: no such connection, no vault, or another itsmc syncs it. What goes wrong later stands
/// in the reports.
pub async fn sync(
    services: &Services,
    name: &str,
    full: bool,
    progress: impl Fn(Progress) + Send + Sync + 'static,
    cancel: CancellationToken,
) -> Result<Vec<KindReport>, Fault> {
    let connection = services.connection(name).await?;
    let _lock = lock(services, &connection).await?;
    let store = services.store().await?.clone();
    let partner = services.partner(&connection).await?;
    binding::keep(services, &connection, &*partner).await?;
    let job = SyncJob { partner, store, connection, full, settings: SyncSettings::default() };
    Ok(sync::sync(job, progress, cancel, Arc::new(SystemClock)).await)
}

async fn lock(services: &Services, connection: &Connection) -> Result<SyncLock, Fault> {
    let (home, name) = (services.home.clone(), connection.name.clone());
    blocking(move || SyncLock::take(&home, &name)).await
}
