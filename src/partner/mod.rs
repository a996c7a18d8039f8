//! The ITSM products: one folder each behind one [`Partner`] trait. [`registry`] lists them.

pub mod api;
pub mod checklist;
pub mod cherwell;
pub mod foreign;
pub mod live_test;
pub mod mapping;
pub mod pager;
pub mod provance;
pub mod registry;
pub mod rotation;
pub mod service_manager;
pub mod servicenow;
pub mod session;
#[cfg(test)]
pub(crate) mod testing;
pub mod totals;
pub mod written;

pub use crate::net::BoxFuture;
pub use crate::net::room::Held;
pub use api::{
    AdminSession, Administration, ChecklistEvent, Checks, Lookup, OnProgress, Partner, Renewal, Repeat, Sweep,
    TicketAt, Tickets, TokenLife, TokenStore, Written,
};

use std::sync::Arc;

use crate::model::connection::Connection;
use crate::model::mapping::MappingFile;
use crate::model::partner::PartnerSpec;
use crate::model::secret::Secret;
use crate::net::http::throttle::ThrottleGate;
use crate::net::http::{HttpConfig, Timeouts, TraceSink};

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
    pub token_store: Arc<dyn TokenStore>,
    /// A file with further CA certificates in PEM.
    pub ca_file: Option<std::path::PathBuf>,
    /// The admin's own mapping, where one was written.
    pub mapping: Option<MappingFile>,
    /// The binding stored when the connection was added, if it is for this server.
    pub kept: Option<MappingFile>,
    /// Where each exchange with the product is told, if anywhere.
    pub trace: Option<TraceSink>,
    /// Waits that servers asked for.
    pub throttle: ThrottleGate,
}

/// Sets how long a product may take to answer, in milliseconds.
const TIMEOUT: &str = "ITSMC_REQUEST_TIMEOUT_MS";

impl Access {
    /// How its HTTP clients are set up.
    pub fn http_config(&self) -> HttpConfig {
        HttpConfig {
            ca_file: self.ca_file.clone(),
            trace: self.trace.clone(),
            throttle: self.throttle.clone(),
            timeouts: Timeouts::with_total(std::env::var(TIMEOUT).ok().as_deref()),
            ..HttpConfig::default()
        }
    }
}
