//! Work that blocks, off the async threads.

use crate::model::fault::Fault;

/// Runs what may block on a thread that may be blocked.
///
/// # Errors
/// The work's own, or [`Fault::Internal`] when it panicked.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Fault> + Send + 'static) -> Result<T, Fault> {
    match tokio::task::spawn_blocking(work).await {
        Ok(outcome) => outcome,
        Err(error) => Err(Fault::Internal { what: error.to_string() }),
    }
}
