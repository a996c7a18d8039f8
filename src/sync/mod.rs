//! The sync engine: copies work items from a partner into the store, in bounded memory, across crashes and faults.
//!
//! A run of one kind has a *plan*: spans of change times ("slices"), each walked page by page in the order of
//! (changed, id) with a checkpoint of its own that is committed with its rows. The last slice is open-ended, so a
//! row that changes during the run moves there: it is seen again, never lost. A plan that was not finished is
//! continued by the next run. Only when every slice is done does the watermark move.

pub mod clock;
mod columns;
mod fetch;
mod kind_sync;
mod order;
mod oversize;
mod pass;
mod plan;
mod rate;
mod report;
mod retry;
mod slice;
mod sweep;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use jiff::SignedDuration;
use tokio_util::sync::CancellationToken;

use crate::model::connection::{Connection, ConnectionName};
use crate::model::fault::Fault;
use crate::model::finding::SyncFinding;
use crate::model::identity::Identity;
use crate::model::sync::{KindReport, Progress};
use crate::model::work_item::WorkItemKind;
use crate::partner::Partner;
use crate::store::Store;
use clock::Clock;
use rate::RateLimiter;

/// Receives the progress of each kind; called often, so a display should throttle.
pub type OnProgress = Arc<dyn Fn(Progress) + Send + Sync>;

/// The input of a sync.
#[derive(Clone)]
pub struct SyncJob {
    /// The connected product.
    pub partner: Arc<dyn Partner>,
    /// The store for the work items.
    pub store: Store,
    /// The connection.
    pub connection: Connection,
    /// Whether everything in scope is fetched again, instead of the changes only.
    pub full: bool,
    /// Findings from before the sync, to be reported with its own.
    pub noticed: Vec<SyncFinding>,
    /// Whether everything stored is compared with the product, due or not.
    pub verify: bool,
    /// Its settings.
    pub settings: SyncSettings,
}

/// The settings of a sync.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncSettings {
    /// Requests in flight at the same time, over all kinds.
    pub in_flight: usize,
    /// Rows asked for in one page.
    pub page_limit: u32,
    /// How far before the watermark an increment begins: rows may become visible after their change time, and change times
    /// are whole seconds.
    pub overlap: SignedDuration,
    /// How often one page is tried before its fault stops the sync.
    pub tries: u32,
    /// The wait before the second try; it doubles with each further one.
    pub backoff: Duration,
    /// The longest wait between two tries.
    pub longest_backoff: Duration,
    /// If the product asks for a longer wait than this, the sync ends instead.
    pub longest_wait: Duration,
    /// Whether due sweeps run automatically.
    pub sweeps: bool,
    /// The seed of the jitter.
    pub seed: u64,
}

impl Default for SyncSettings {
    fn default() -> Self {
        Self {
            in_flight: 4,
            page_limit: 1_000,
            overlap: SignedDuration::from_secs(180),
            tries: 5,
            backoff: Duration::from_secs(1),
            longest_backoff: Duration::from_secs(30),
            longest_wait: Duration::from_secs(90),
            sweeps: true,
            seed: 0x9e37_79b9_7f4a_7c15,
        }
    }
}

/// The state that all parts of one sync share.
struct Run {
    job: SyncJob,
    progress: OnProgress,
    cancel: CancellationToken,
    clock: Arc<dyn Clock>,
    limiter: RateLimiter,
}

impl Run {
    /// How far the product's clock is ahead of ours, if its replies told and the difference matters.
    fn clock_ahead(&self) -> Option<SignedDuration> {
        let ahead = self.job.partner.http()?.clock_ahead()?;
        (ahead.abs() > CLOCK_TOLERANCE).then_some(ahead)
    }

    /// Whether a reply has told the product's time.
    fn knows_clock(&self) -> bool {
        self.job.partner.http().is_none_or(|http| http.clock_ahead().is_some())
    }

    /// The product's current time, as far as it is known: change times are the product's.
    fn now(&self) -> jiff::Timestamp {
        let now = self.clock.now();
        self.clock_ahead().and_then(|ahead| now.checked_add(ahead).ok()).unwrap_or(now)
    }
}

/// A smaller difference of the clocks is ignored: replies take time, and their dates are whole seconds.
const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_secs(60);

/// Syncs every kind of the connection independently: a fault of one does not stop the others. Writes a line to the activity
/// log, and returns the report of each kind, in the connection's order. The search index follows in the background; a search
/// waits for it.
///
/// After `cancel` no request is started, pages already fetched are committed, and the reports carry [`Fault::Interrupted`].
pub async fn sync(
    job: SyncJob,
    progress: impl Fn(Progress) + Send + Sync + 'static,
    cancel: CancellationToken,
    clock: Arc<dyn Clock>,
) -> Vec<KindReport> {
    let limiter = RateLimiter::new(&job.settings, clock.clone());
    let started_at = clock.now();
    let run = Arc::new(Run { job, progress: Arc::new(progress), cancel, clock, limiter });
    let identified = identify(&run).await;
    let kinds = run.job.connection.work_items.iter();
    let mut reports = join_all(kinds.map(|kind| one_kind(&run, *kind, identified.clone().err()))).await;
    if let Err(fault) = close(&run, started_at, &reports).await {
        // The rows are stored, but the failure to write the log must be reported.
        for report in reports.iter_mut().filter(|report| report.fault.is_none()) {
            report.fault = Some(fault.clone());
        }
    }
    reports
}

/// Keeps the fault of a sync that could not begin, so that whoever looks at the connection is told. What is told of a connection that
/// is signed out is told by its sign-in.
pub async fn not_begun(store: &Store, connection: &ConnectionName, fault: &Fault, clock: &dyn Clock) {
    if fault.is_signed_out() || *fault == Fault::Interrupted {
        return;
    }
    if let Err(fault) = store.record(connection, report::not_begun(clock.now(), fault.clone())).await {
        tracing::warn!(code = fault.code(), "the fault of a sync that could not begin was not kept");
    }
}

/// Stores the connection's identity before anything is fetched.
async fn identify(run: &Run) -> Result<(), Fault> {
    let (job, now) = (&run.job, run.clock.now());
    job.store.take_identity(&job.connection.name, Identity::of(&job.connection), now).await.map(drop)
}

/// Syncs a kind, and sweeps it if a sweep is due.
async fn one_kind(run: &Arc<Run>, kind: WorkItemKind, stopped: Option<Fault>) -> KindReport {
    if let Some(fault) = stopped {
        return kind_sync::not_begun(run, kind, fault);
    }
    let mut report = kind_sync::sync_kind(run.clone(), kind).await;
    if report.complete {
        sweep::follow_up(run, &mut report).await;
    }
    report
}

async fn close(run: &Run, started_at: jiff::Timestamp, reports: &[KindReport]) -> Result<(), Fault> {
    let activity = report::activity(started_at, run.clock.now(), reports);
    run.job.store.record(&run.job.connection.name, activity).await?;
    let store = run.job.store.clone();
    tokio::spawn(async move {
        // The next search indexes them and reports the fault.
        if let Err(fault) = store.index().await {
            tracing::warn!(code = fault.code(), "new work items were not indexed");
        }
    });
    Ok(())
}
