//! Sends stored work items to a workspace of Log Analytics.
//!
//! A sink is a consumer of the store's change feed. It reads what changed after its own position, makes rows of it, and
//! sends them in batches, a few at a time. The position moves to the end of a batch when the service has accepted that one
//! and all before it. So a kill at any instant repeats some rows and leaves none out, and the send number in each row lets
//! a query keep the newest of each work item.

mod again;
mod batch;
mod cells;
pub mod clock;
mod deliver;
mod engine;
mod filler;
mod gate;
mod group;
mod log;
pub mod look;
mod numbers;
pub mod removal;
pub mod row;
mod rule;
mod source;
#[cfg(test)]
mod tests;
pub mod verify;

use std::sync::Arc;
use std::time::Duration;

use crate::azure::ingestion::Ingestion;
use crate::azure::query::LogQuery;
use crate::model::fault::Fault;
use crate::model::sending::SendProgress;
use crate::model::workspace::Workspace;
use crate::net::BoxFuture;
use crate::store::Store;

pub use engine::send;
pub use rule::{RuleColumns, columns_of};
pub use source::{Estimate, estimate};

/// The largest batch, in bytes of JSON before it is packed. The service's limit is 1 MB "both compressed and uncompressed"
/// (azure-monitor-docs, limits of custom logs); other clients count packed bytes. This is the one place that decides.
pub const BATCH_BYTES: usize = 990_000;

/// The longest value that the service keeps whole is 64 KB; some of it is left for how it counts.
pub const VALUE_BYTES: usize = 64_000;

/// Told how far a run is.
pub type OnProgress = Arc<dyn Fn(SendProgress) + Send + Sync>;

/// Puts a fault into words for the log table: what happened, and the cause.
pub type Describe = fn(&Fault) -> (String, String);

/// A connection that feeds the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feeding {
    /// Its name in the workspace, which stays when it is renamed; by this name the store gives its changes.
    pub connection: String,
    /// The product's id, such as `servicenow`.
    pub partner: String,
}

/// Reads what the rule takes.
pub trait RuleSource: Send + Sync {
    /// The columns that the rule declares for each of its streams; `None` where there is no such rule.
    ///
    /// # Errors
    /// When the rule cannot be read.
    fn columns(&self) -> BoxFuture<'_, Result<Option<RuleColumns>, Fault>>;
}

/// What a run needs.
#[derive(Clone)]
pub struct SinkJob {
    /// The workspace.
    pub workspace: Workspace,
    /// Whose work items go there.
    pub feeding: Vec<Feeding>,
    /// Where they are stored.
    pub store: Store,
    /// Where they are sent.
    pub ingestion: Arc<Ingestion>,
    /// Where the rule is read.
    pub rule: Arc<dyn RuleSource>,
    /// Where the workspace is queried, if it can be.
    pub query: Option<Arc<LogQuery>>,
    /// How faults are told in the log table.
    pub describe: Describe,
    /// How it goes about it.
    pub settings: SinkSettings,
}

/// How a run goes about its work.
#[derive(Debug, Clone)]
pub struct SinkSettings {
    /// Requests in flight at the same time.
    pub in_flight: usize,
    /// The largest batch, in bytes before it is packed.
    pub batch_bytes: usize,
    /// Changes that are read at a time at most: a full batch ends a portion.
    pub portion: usize,
    /// The wait after the first failure; it doubles with each further one.
    pub backoff: Duration,
    /// The longest wait that the service did not ask for.
    pub longest_backoff: Duration,
    /// How long a failure may last before the run ends with it; `None` waits until it is cancelled.
    pub patience: Option<Duration>,
    /// How long a verification may last before it ends with a fault; `None` waits until it is done.
    pub verify_limit: Option<Duration>,
    /// Whether everything is sent again, marked as such.
    pub full: bool,
}

impl Default for SinkSettings {
    fn default() -> Self {
        Self {
            in_flight: 4,
            batch_bytes: BATCH_BYTES,
            portion: 4_000,
            backoff: Duration::from_secs(1),
            longest_backoff: Duration::from_secs(60),
            patience: Some(Duration::from_secs(90)),
            verify_limit: None,
            full: false,
        }
    }
}
