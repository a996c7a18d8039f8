//! One sync of one connection, under its lock.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::binding;
use super::connections;
use super::services::Services;
use crate::model::fault::Fault;
use crate::model::finding::SyncFinding;
use crate::model::sync::{KindReport, Progress};
use crate::store::Store;
use crate::sync::clock::SystemClock;
use crate::sync::{self, SyncJob, SyncSettings};

/// How much of a connection is synced.
#[derive(Debug, Clone, Copy, Default)]
pub struct How {
    /// Everything in scope again, not only what changed.
    pub full: bool,
    /// And everything stored compared with the product.
    pub verify: bool,
}

/// Syncs a connection by its name; `full` fetches everything in scope again.
///
/// # Errors
/// As [`run`].
pub async fn sync(
    services: &Services,
    name: &str,
    full: bool,
    progress: impl Fn(Progress) + Send + Sync + 'static,
    cancel: CancellationToken,
) -> Result<Vec<KindReport>, Fault> {
    run(services, name, How { full, verify: false }, progress, cancel).await
}

/// Syncs a connection by its name.
///
/// # Errors
/// When it could not begin: no such connection, no vault, or another itsmc syncs it. What goes wrong later stands
/// in the reports.
pub async fn run(
    services: &Services,
    name: &str,
    how: How,
    progress: impl Fn(Progress) + Send + Sync + 'static,
    cancel: CancellationToken,
) -> Result<Vec<KindReport>, Fault> {
    let whose = services.connection(name).await?.name;
    let _lock = connections::lock(services, &whose).await?;
    // What was changed while the lock was waited for counts.
    let connection = services.connection(name).await?;
    let store = open_store(services).await?;
    let lost_with = store.lost_with(&connection.name).await?;
    let noticed = lost_with.map(|kept_as| SyncFinding::Rebuilt { kept_as }).into_iter().collect();
    let partner = services.partner(&connection).await?;
    binding::keep(services, &connection, &*partner).await?;
    let (How { full, verify }, settings) = (how, SyncSettings::default());
    let job = SyncJob { partner, store: store.clone(), connection, full, verify, noticed, settings };
    let reports = sync::sync(job, progress, cancel, Arc::new(SystemClock)).await;
    if let Err(fault) = store.settle().await {
        // The rows are stored, if only in the log beside the database.
        tracing::warn!(code = fault.code(), "the database's log was not emptied after a sync");
    }
    Ok(reports)
}

/// The store. A damaged one is set aside by its opening, and a new one is filled: that is what a sync is for.
async fn open_store(services: &Services) -> Result<Store, Fault> {
    match services.store().await {
        Err(Fault::DatabaseDamaged { kept_as: Some(_), .. }) => services.store().await,
        store => store,
    }
}
