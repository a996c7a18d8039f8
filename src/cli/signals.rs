//! SIGINT, SIGTERM and SIGHUP while a command runs: it is asked to end, and its exit code says why it did.

use std::future::Future;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::model::fault::Fault;

/// Exit code when the terminal was lost (SIGHUP).
const HUNG_UP: u8 = 129;
/// Exit code after Ctrl-C.
const INTERRUPTED: u8 = 130;
/// Exit code after SIGTERM.
const TERMINATED: u8 = 143;
/// How long a command may take to end in good order; a second signal ends it at once.
const GRACE: Duration = Duration::from_secs(8);

/// Runs a command that a signal may cancel.
///
/// # Errors
/// The command's own.
pub async fn cancelled_by<F: Future<Output = Result<u8, Fault>>>(
    command: impl FnOnce(CancellationToken) -> F,
) -> Result<u8, Fault> {
    let cancel = CancellationToken::new();
    let mut work = std::pin::pin!(command(cancel.clone()));
    let code = tokio::select! {
        outcome = &mut work => return outcome,
        code = signal() => code,
    };
    cancel.cancel();
    tokio::select! {
        outcome = &mut work => outcome.map(|_| code).or(Ok(code)),
        _ = signal() => Ok(code),
        () = tokio::time::sleep(GRACE) => Ok(code),
    }
}

#[cfg(unix)]
async fn signal() -> u8 {
    use tokio::signal::unix::{SignalKind, signal};
    let listen = |kind| signal(kind).ok();
    let (mut int, mut term, mut hup) =
        (listen(SignalKind::interrupt()), listen(SignalKind::terminate()), listen(SignalKind::hangup()));
    let wait = async |signal: &mut Option<tokio::signal::unix::Signal>| match signal {
        Some(signal) => signal.recv().await,
        None => std::future::pending().await,
    };
    tokio::select! {
        _ = wait(&mut int) => INTERRUPTED,
        _ = wait(&mut term) => TERMINATED,
        _ = wait(&mut hup) => HUNG_UP,
    }
}

#[cfg(not(unix))]
async fn signal() -> u8 {
    match tokio::signal::ctrl_c().await {
        Ok(()) => INTERRUPTED,
        Err(_) => std::future::pending().await,
    }
}
