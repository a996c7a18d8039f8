//! SIGINT, SIGTERM and SIGHUP while a command runs: it is asked to end, and its exit code says why it did.

use std::future::Future;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Once;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use zeroize::Zeroizing;

use super::prompt;
use crate::model::fault::Fault;

/// Exit code when the terminal was lost (SIGHUP).
const HUNG_UP: u8 = 129;
/// Exit code after Ctrl-C.
const INTERRUPTED: u8 = 130;
/// Exit code after SIGTERM.
const TERMINATED: u8 = 143;
/// How long a command may take to end in good order; a second signal ends it at once.
const GRACE: Duration = Duration::from_secs(8);

/// The exit code of the signal that came; 0 as long as none did.
static RECEIVED: AtomicU8 = AtomicU8::new(0);

/// The exit code that the signal asks for which came while a question or a command was running.
pub fn received() -> Option<u8> {
    Some(RECEIVED.load(Ordering::Acquire)).filter(|code| *code != 0)
}

/// Runs a command that a signal may cancel.
///
/// # Errors
/// The command's own.
pub async fn cancelled_by<F: Future<Output = Result<u8, Fault>>>(
    command: impl FnOnce(CancellationToken) -> F,
) -> Result<u8, Fault> {
    listen();
    let cancel = CancellationToken::new();
    let mut work = std::pin::pin!(command(cancel.clone()));
    let code = tokio::select! {
        outcome = &mut work => return outcome,
        code = signal() => code,
    };
    cancel.cancel();
    tokio::select! {
        outcome = &mut work => outcome.map(|_| code).map_err(|_| Fault::Interrupted),
        _ = signal() => Err(Fault::Interrupted),
        () = tokio::time::sleep(GRACE) => Err(Fault::Interrupted),
    }
}

/// From now on a signal is noted and wakes whoever waits for the terminal or stdin, even while it blocks a thread.
pub fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        tokio::spawn(async {
            let code = signal().await;
            RECEIVED.store(code, Ordering::Release);
            wake::up();
        });
    });
}

/// Reads stdin to its end, or `limit` bytes of it, unless a signal comes before.
///
/// # Errors
/// [`Fault::Interrupted`] after a signal; trouble with stdin.
pub fn read_stdin(limit: u64, bytes: &mut Vec<u8>) -> Result<(), Fault> {
    let told = |error: io::Error| Fault::from_io(Path::new("stdin"), &error);
    let mut piece = Zeroizing::new([0; 8192]);
    while (bytes.len() as u64) < limit {
        if !wait_readable(&io::stdin()).map_err(told)? {
            return Err(prompt::left());
        }
        let room = usize::try_from(limit - bytes.len() as u64).unwrap_or(usize::MAX).min(piece.len());
        match io::stdin().lock().read(&mut piece[..room]) {
            Ok(0) => break,
            Ok(count) => bytes.extend_from_slice(&piece[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(told(error)),
        }
    }
    Ok(())
}

/// Waits until something can be read, or its end was reached. `false` when a signal came.
///
/// # Errors
/// When the system cannot wait for it.
#[cfg(unix)]
pub fn wait_readable(source: &impl std::os::fd::AsFd) -> io::Result<bool> {
    use rustix::event::{PollFd, PollFlags, poll};
    loop {
        if received().is_some() {
            return Ok(false);
        }
        let mut waited = vec![PollFd::new(source, PollFlags::IN)];
        if let Some(end) = wake::end() {
            waited.push(PollFd::new(end, PollFlags::IN));
        }
        match poll(&mut waited, None) {
            Err(error) if error == rustix::io::Errno::INTR => {}
            polled => {
                polled?;
                return Ok(received().is_none());
            }
        }
    }
}

/// Reading waits by itself here.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn wait_readable<S>(_: &S) -> io::Result<bool> {
    Ok(received().is_none())
}

/// A byte that wakes whoever polls.
#[cfg(unix)]
mod wake {
    use std::io::Write;
    use std::os::unix::net::UnixStream;
    use std::sync::OnceLock;

    static PAIR: OnceLock<Option<(UnixStream, UnixStream)>> = OnceLock::new();

    fn pair() -> Option<&'static (UnixStream, UnixStream)> {
        PAIR.get_or_init(|| UnixStream::pair().ok()).as_ref()
    }

    pub(super) fn up() {
        if let Some((_, writer)) = pair() {
            // Whoever polls next sees the noted signal anyway.
            let _ = (&*writer).write_all(&[1]);
        }
    }

    pub(super) fn end() -> Option<&'static UnixStream> {
        pair().map(|(reader, _)| reader)
    }
}

#[cfg(not(unix))]
mod wake {
    pub(super) fn up() {}
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
