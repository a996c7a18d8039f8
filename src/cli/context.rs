//! What every command has at hand.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::output::Output;
use crate::service::services::Services;

/// The services and the way to speak.
pub struct Context {
    /// The places of the home, and what works on them.
    pub services: Arc<Services>,
    /// How results and faults are told.
    pub output: Output,
    /// Cancelled by a signal.
    pub cancel: CancellationToken,
}
