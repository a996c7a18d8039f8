//! How long to wait and how much to take.

use std::path::PathBuf;
use std::time::Duration;

use super::throttle::ThrottleGate;
use super::trace::TraceSink;
use crate::net::names::Names;

/// The most that one page of rows may hold, unpacked.
pub const PAGE_LIMIT_BYTES: u64 = 64 << 20;

/// The largest token reply or single record, in bytes.
pub const SMALL_LIMIT_BYTES: u64 = 1 << 20;

/// How long to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For a connection to open, TLS included.
    pub connect: Duration,
    /// For anything at all to arrive.
    pub idle: Duration,
    /// For the whole reply.
    pub total: Duration,
}

impl Default for Timeouts {
    /// Longer than ServiceNow's limit of 60 s for a REST transaction, so that its own error arrives.
    fn default() -> Self {
        Self { connect: Duration::from_secs(10), idle: Duration::from_secs(65), total: Duration::from_secs(75) }
    }
}

impl Timeouts {
    /// The usual ones; the time for a whole reply is this text in milliseconds, where it is one.
    pub fn with_total(total: Option<&str>) -> Self {
        let usual = Self::default();
        match total.and_then(|total| total.trim().parse().ok()).map(Duration::from_millis) {
            Some(total) => Self { total, idle: usual.idle.min(total), ..usual },
            None => usual,
        }
    }
}

/// How a client is set up.
#[derive(Debug, Clone, Default)]
pub struct HttpConfig {
    /// How long to wait.
    pub timeouts: Timeouts,
    /// A file with further CA certificates in PEM.
    pub ca_file: Option<PathBuf>,
    /// Receives each request and reply, without secrets and contents.
    pub trace: Option<TraceSink>,
    /// Waits that servers asked for.
    pub throttle: ThrottleGate,
    /// Who is asked for addresses.
    pub names: Names,
}
