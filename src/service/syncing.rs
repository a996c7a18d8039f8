//! One sync of one connection, under its lock.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::binding;
use super::connections;
use super::services::Services;
use super::signed_in;
use crate::model::fault::Fault;
use crate::model::finding::SyncFinding;
use crate::model::sync::{KindReport, Progress};
use crate::store::Store;
use crate::sync::clock::SystemClock;
use crate::sync::{self, SyncJob, SyncSettings};

/// Sets the wait before a failed request is made again, in milliseconds; it doubles with each further try. For tests and for a
/// network where a second is too short.
const RETRY_WAIT: &str = "ITSMC_RETRY_WAIT_MS";

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
    let _lock = connections::sync_lock(services, &whose).await?;
    // What was changed while the lock was waited for counts.
    let connection = services.connection(name).await?;
    let store = open_store(services).await?;
    store.know_as(&connection.name, connection.known_as.as_ref()).await?;
    let lost_with = store.lost_with(&connection.name).await?;
    let noticed = lost_with.map(|kept_as| SyncFinding::Rebuilt { kept_as }).into_iter().collect();
    let begun = async {
        let partner = services.partner(&connection).await?;
        binding::keep(services, &connection, &*partner).await?;
        Ok::<_, Fault>(partner)
    };
    let partner = match begun.await {
        Ok(partner) => partner,
        Err(fault) => {
            sync::not_begun(&store, &connection.name, &fault, &SystemClock).await;
            return Err(fault);
        }
    };
    let (How { full, verify }, settings) = (how, settings(std::env::var(RETRY_WAIT).ok().as_deref()));
    let whose = connection.clone();
    let job = SyncJob { partner, store: store.clone(), connection, full, verify, noticed, settings };
    let reports = sync::sync(job, progress, cancel, Arc::new(SystemClock)).await;
    if reports.iter().any(|report| report.fault.is_none()) {
        signed_in::note(services, &whose).await;
    }
    if let Err(fault) = store.settle().await {
        // The rows are stored, if only in the log beside the database.
        tracing::warn!(code = fault.code(), "the database's log was not emptied after a sync");
    }
    Ok(reports)
}

/// How it is synced: as usual, but for a first wait between two tries that was set in milliseconds. Waits that the product asks for
/// are not shortened by it.
fn settings(retry_wait: Option<&str>) -> SyncSettings {
    let usual = SyncSettings::default();
    match retry_wait.and_then(|wait| wait.trim().parse().ok()).map(Duration::from_millis) {
        Some(backoff) => SyncSettings { backoff, ..usual },
        None => usual,
    }
}

/// The store. A damaged one is set aside by its opening, and a new one is filled: that is what a sync is for.
async fn open_store(services: &Services) -> Result<Store, Fault> {
    match services.store().await {
        Err(Fault::DatabaseDamaged { kept_as: Some(_), .. }) => services.store().await,
        store => store,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(None, 1_000)]
    #[case(Some(""), 1_000)]
    #[case(Some("soon"), 1_000)]
    #[case(Some("5"), 5)]
    #[case(Some("3000"), 3_000)]
    fn the_first_wait_between_two_tries_can_be_set(#[case] given: Option<&str>, #[case] expected: u64) {
        let settings = settings(given);
        assert_eq!(settings.backoff, Duration::from_millis(expected));
        assert_eq!(SyncSettings { backoff: Duration::from_secs(1), ..settings }, SyncSettings::default());
    }
}
