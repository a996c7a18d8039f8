//! The ITSM products: one folder each behind one [`Partner`] trait, over one shared HTTP client.

pub mod administration;
pub mod cherwell;
mod foreign;
pub mod live_test;
pub mod mapping;
pub mod provance;
pub mod rotation;
pub mod service_manager;
pub mod servicenow;
pub mod session;
#[cfg(test)]
mod testing;

pub use crate::net::Later;
pub use administration::{AdminSession, Administration, ChecklistEvent, Checks, Tell, TokenLife};

use std::sync::Arc;

use jiff::SignedDuration;

use crate::model::check::{Step, StepId};
use crate::model::connection::Connection;
use crate::model::fault::Fault;
use crate::model::finding::SyncFinding;
use crate::model::mapping::{Drift, MappingFile};
use crate::model::partner::PartnerSpec;
use crate::model::secret::Secret;
use crate::model::sweep::{Found, SweepPage, SweepRequest};
use crate::model::sync::{Page, PageRequest, Window};
use crate::model::token::{Retired, Tokens};
use crate::model::work_item::WorkItemKind;
use crate::net::http::quiet::Quiet;
use crate::net::http::{Http, HttpConfig, TraceSink};

/// One connected instance of a product. Calls are independent: several may run at once.
pub trait Partner: Send + Sync {
    /// The steps of its live test, in order.
    fn test_steps(&self) -> Vec<StepId>;

    /// Runs one step; it never fails as a call, its outcome is the step's. Stateless towards the others, so
    /// that a step can be run again alone.
    fn run_step(&self, step: StepId) -> Later<'_, Step>;

    /// How many rows a window of change times holds, for previews and progress.
    fn count(&self, kind: WorkItemKind, window: Window) -> Later<'_, Result<u64, Fault>>;

    /// One page of rows in the order of (changed, id), verified to be in that order and inside the window.
    fn page<'a>(&'a self, request: &'a PageRequest) -> Later<'a, Result<Page, Fault>>;

    /// Whether [`count`](Self::count) counts to the row what a sync of the same window brings, hidden rows included. Then
    /// the two are compared, and a sync that brought less says so.
    fn counts_exactly(&self) -> bool {
        false
    }

    /// The product's own name of the column that fills an attribute, where that is known without asking.
    fn column(&self, _kind: WorkItemKind, _attribute: &str) -> Option<String> {
        None
    }

    /// How many requests were made through it so far.
    fn requests(&self) -> u64;

    /// The client of the product's own interface: what its replies tell beside their bodies, such as the product's time.
    fn http(&self) -> Option<&Http> {
        None
    }

    /// What was noticed beside rows since the connection was opened, such as a binding that drifted. Asked at the end of
    /// a sync; what is told there stands in its report, in `status` and in the tile.
    fn findings(&self) -> Vec<SyncFinding> {
        Vec::new()
    }

    /// Whether this user may see values of an attribute: asks for rows in which the product says that it is not empty.
    /// `None` where that cannot be told, or no row has a value. Asked when stored values would be emptied, and at each sync
    /// for attributes that are noted as hidden.
    fn shows<'a>(&'a self, _kind: WorkItemKind, _attribute: &'a str) -> Later<'a, Result<Option<bool>, Fault>> {
        Box::pin(async { Ok(None) })
    }

    /// How long a change may stay hidden after it was made: an increment begins at least so much earlier.
    fn overlap(&self) -> SignedDuration {
        SignedDuration::ZERO
    }

    /// Its checklist, where the product has one.
    fn checks(&self) -> Option<&dyn Checks> {
        None
    }

    /// Its tokens, where a sign-in gives some.
    fn token_life(&self) -> Option<&dyn TokenLife> {
        None
    }

    /// How everything in scope is swept, where the product's interface allows it.
    fn sweep(&self) -> Option<&dyn Sweep> {
        None
    }

    /// How it is bound to the product now, as a mapping file that the admin may correct; `None` for a product whose
    /// tables and columns are known beforehand.
    ///
    /// Fails with what kept the product's own description from being read.
    fn mapping_file(&self) -> Later<'_, Result<Option<String>, Fault>> {
        Box::pin(async { Ok(None) })
    }

    /// How it is bound to the product now, to be kept with the connection: what is kept comes back in [`Access::kept`] and is
    /// bound again as it was. Kinds that the admin's own mapping names are left out, and so are those that cannot be bound.
    /// `None` for a product whose tables and columns are known beforehand.
    ///
    /// Fails with what kept the product's own description from being read.
    fn binding(&self) -> Later<'_, Result<Option<MappingFile>, Fault>> {
        Box::pin(async { Ok(None) })
    }

    /// How the product's description differs now from what is kept.
    ///
    /// Fails with what kept the description from being read.
    fn drift(&self) -> Later<'_, Result<Vec<Drift>, Fault>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    /// What an admin of the product can do, where this program can do it.
    fn administration(&self) -> Option<&dyn Administration> {
        None
    }
}

/// How a product is swept: everything in scope by id, and single rows by id.
///
/// Optional: a product whose interface offers no way to list ids or to read one row has none, and says so.
pub trait Sweep: Send + Sync {
    /// One page of ids, change times and change counters, as large as the product allows and with as few columns.
    ///
    /// Fails with what the product answered. A page that does not say for sure whether it is the last one is a fault.
    fn marks<'a>(&'a self, request: &'a SweepRequest) -> Later<'a, Result<SweepPage, Fault>>;

    /// Reads rows by their ids, at most [`Self::fetch_limit`] at once, wherever their change times lie. Every id comes
    /// back once, with what became of it.
    fn fetch<'a>(&'a self, kind: WorkItemKind, ids: &'a [String]) -> Later<'a, Result<Vec<(String, Found)>, Fault>>;

    /// How many ids one call of [`Self::fetch`] takes.
    fn fetch_limit(&self) -> usize;
}

/// Makes new tokens from the held ones; called with the keeper's lock held.
pub type Renewal = Box<dyn FnOnce(Option<Tokens>) -> Later<'static, Result<Tokens, Fault>> + Send>;

/// Where a connection's tokens are kept. Several processes may share one place.
pub trait TokenKeeper: Send + Sync {
    /// The tokens held now.
    fn load(&self) -> Later<'_, Result<Option<Tokens>, Fault>>;

    /// Reads the held tokens, lets `renewal` make new ones (or return the held ones, if another process has
    /// renewed them meanwhile), and stores the outcome, all under one lock.
    fn renew(&self, renewal: Renewal) -> Later<'_, Result<Tokens, Fault>>;

    /// As [`renew`](Self::renew), and keeps the tokens that are replaced beside the new ones, in the same write,
    /// until [`forget_retired`](Self::forget_retired).
    /// A keeper that has no place for them refuses before anything is asked for.
    fn rotate(&self, _: Renewal) -> Later<'_, Result<Tokens, Fault>> {
        Box::pin(async { Err(Fault::Internal { what: "this keeper has no place for replaced tokens".to_owned() }) })
    }

    /// The replaced tokens that are not revoked yet, oldest first.
    fn retired(&self) -> Later<'_, Result<Vec<Retired>, Fault>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    /// Forgets these, because they were seen to be refused.
    fn forget_retired(&self, _: Vec<Retired>) -> Later<'_, Result<(), Fault>> {
        Box::pin(async { Ok(()) })
    }
}

/// What is needed to talk to an instance.
pub struct Access {
    /// The connection.
    pub connection: Connection,
    /// Its partner's asset.
    pub spec: PartnerSpec,
    /// The password, only while signing in.
    pub password: Option<Secret>,
    /// The client secret.
    pub client_secret: Option<Secret>,
    /// Where its tokens are kept.
    pub keeper: Arc<dyn TokenKeeper>,
    /// A file with further CA certificates in PEM.
    pub ca_file: Option<std::path::PathBuf>,
    /// The admin's own mapping, where one was written.
    pub mapping: Option<MappingFile>,
    /// How it was bound when it was connected, where that is kept for this server.
    pub kept: Option<MappingFile>,
    /// Where each exchange with the product is told, if anywhere.
    pub trace: Option<TraceSink>,
    /// Waits that servers asked for.
    pub quiet: Quiet,
}

impl Access {
    /// How its HTTP clients are set up.
    pub fn http_config(&self) -> HttpConfig {
        HttpConfig {
            ca_file: self.ca_file.clone(),
            trace: self.trace.clone(),
            quiet: self.quiet.clone(),
            ..HttpConfig::default()
        }
    }
}

/// What makes the client of a partner.
pub type Connect = fn(Access) -> Result<Arc<dyn Partner>, Fault>;

/// The partners that are part of the binary, by the ids of their assets.
pub const BUILT_IN: [(&str, Connect); 4] = [
    ("servicenow", servicenow::connect),
    ("service-manager", service_manager::connect),
    ("provance", provance::connect),
    ("cherwell", cherwell::connect),
];

/// The partner that an access is for, among `known`.
///
/// # Errors
/// [`Fault::PartnerNotReady`] for one that is not known, and what keeps its client from being made.
pub fn connect(known: &[(&'static str, Connect)], access: Access) -> Result<Arc<dyn Partner>, Fault> {
    match known.iter().find(|(id, _)| *id == access.spec.id.as_str()) {
        Some((_, make)) => make(access),
        None => Err(Fault::PartnerNotReady { partner: access.spec.name }),
    }
}
