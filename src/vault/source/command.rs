//! A key that a command prints, as `pass show itsmc` does.

use std::io::Read;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use super::KeySourceError;
use crate::vault::key::Key;

const MOST_BYTES: u64 = 64 * 1024;
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// Runs the command by the shell and reads the key from its output.
///
/// # Errors
/// [`KeySourceError::Failed`]: it does not start, fails, takes too long, or prints no key. Neither the command nor what it
/// printed is in the reason.
pub fn get(command: &str, limit: Duration) -> Result<Key, KeySourceError> {
    let mut child = shell(command)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| failed(format!("it does not start: {error}")))?;
    let output = child.stdout.take().map(read_aside);
    let success = wait(&mut child, limit)?;
    // A child of the command may keep the pipe open long after the command ended.
    let text = output.and_then(|output| output.recv_timeout(limit).ok()).unwrap_or_default();
    if !success.success() {
        return Err(failed(format!("it failed ({success})")));
    }
    std::str::from_utf8(&text).ok().and_then(Key::read).ok_or_else(|| failed("it printed no AGE-SECRET-KEY".into()))
}

fn failed(reason: String) -> KeySourceError {
    KeySourceError::Failed(reason)
}

fn read_aside(stdout: ChildStdout) -> Receiver<Zeroizing<Vec<u8>>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut text = Zeroizing::new(Vec::with_capacity(4096));
        if let Err(error) = stdout.take(MOST_BYTES).read_to_end(&mut text) {
            tracing::debug!(%error, "the key command's output broke off");
        }
        // After the limit nobody receives this any more.
        let _ = sender.send(text);
    });
    receiver
}

fn wait(child: &mut Child, limit: Duration) -> Result<std::process::ExitStatus, KeySourceError> {
    let since = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) if since.elapsed() < limit => thread::sleep(LOOK_AGAIN),
            Ok(None) => return Err(stop(child, format!("no answer within {} s", limit.as_secs()))),
            Err(error) => return Err(stop(child, error.to_string())),
        }
    }
}

fn stop(child: &mut Child, reason: String) -> KeySourceError {
    if let Err(error) = child.kill().and_then(|()| child.wait()) {
        tracing::debug!(%error, "the key command could not be stopped");
    }
    failed(reason)
}

#[cfg(unix)]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", command]);
    shell
}

#[cfg(windows)]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("cmd");
    shell.args(["/C", command]);
    shell
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_what_it_prints() {
        let key = Key::generate();
        let command = format!("echo '# a comment'; echo {}", key.text().expose());
        assert_eq!(get(&command, Duration::from_secs(30)).unwrap().recipient(), key.recipient());
    }

    #[test]
    fn a_command_that_does_not_help_is_said_without_its_words() {
        for (command, reason) in
            [("echo planted; exit 3", "it failed (exit status: 3)"), ("echo planted", "it printed no AGE-SECRET-KEY")]
        {
            assert_eq!(get(command, Duration::from_secs(30)).unwrap_err(), KeySourceError::Failed(reason.into()));
        }
    }

    #[test]
    fn a_command_that_hangs_is_stopped() {
        let Err(KeySourceError::Failed(reason)) = get("exec sleep 1000", Duration::ZERO) else {
            panic!("it gave a key")
        };
        assert_eq!(reason, "no answer within 0 s");
    }
}
