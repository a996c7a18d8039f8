//! One sync of a connection, and one run to a workspace, at a time, whichever process runs it.

use std::time::Duration;

use super::Home;
use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::model::workspace::WorkspaceName;
use crate::vault::{LockFile, disk};

/// A child process that is just being started holds a copy of every open file for a moment, locks included.
const PATIENCE: Duration = Duration::from_millis(500);

/// Held while a connection is synced, until it is dropped.
#[derive(Debug)]
pub struct SyncLock(LockFile);

impl SyncLock {
    /// Takes the lock, or says who holds it.
    ///
    /// # Errors
    /// [`Fault::Locked`] with the holder's process id where it can be read; trouble with the file.
    pub fn take(home: &Home, name: &ConnectionName) -> Result<Self, Fault> {
        let path = home.sync_lock(name);
        if let Some(folder) = path.parent() {
            disk::private_dir(folder)?;
        }
        LockFile::wait(&path, PATIENCE).map(Self)
    }

    /// Deletes the lock's file with the lock: only for a connection that is gone, since whoever waits for it holds another
    /// file then than who comes after.
    pub fn delete(self) {
        if let Err(error) = std::fs::remove_file(self.0.path()) {
            tracing::debug!(%error, "the lock of a removed connection stays");
        }
    }
}

/// Longer than any sign-in takes: whoever holds it is waiting for a product's answer.
const SIGN_IN_PATIENCE: Duration = Duration::from_secs(90);

/// Held while the tokens of a connection are renewed or replaced, until it is dropped. It is another than the sync's,
/// which is held while tokens are renewed.
#[derive(Debug)]
pub struct TokenLock(#[allow(dead_code, reason = "it is held, not used")] LockFile);

impl TokenLock {
    /// Waits for the lock. Blocks the thread.
    ///
    /// # Errors
    /// [`Fault::Locked`] when another holds it for too long; trouble with the file.
    pub fn take(home: &Home, name: &ConnectionName) -> Result<Self, Fault> {
        let path = home.token_lock(name);
        if let Some(folder) = path.parent() {
            disk::private_dir(folder)?;
        }
        LockFile::wait(&path, SIGN_IN_PATIENCE).map(Self)
    }
}

/// Held while rows are sent to a workspace, until it is dropped.
#[derive(Debug)]
pub struct WorkspaceLock(#[allow(dead_code, reason = "it is held, not used")] LockFile);

impl WorkspaceLock {
    /// Takes the lock, or says who holds it.
    ///
    /// # Errors
    /// [`Fault::Locked`] with the holder's process id where it can be read; trouble with the file.
    pub fn take(home: &Home, name: &WorkspaceName) -> Result<Self, Fault> {
        let path = home.workspace_lock(name);
        if let Some(folder) = path.parent() {
            disk::private_dir(folder)?;
        }
        LockFile::wait(&path, PATIENCE).map(Self)
    }
}

/// Held while alerts are decided about, until it is dropped: two that decide at once would both open a ticket.
#[derive(Debug)]
pub struct AlertsLock(#[allow(dead_code, reason = "it is held, not used")] LockFile);

impl AlertsLock {
    /// Takes the lock, or says who holds it.
    ///
    /// # Errors
    /// [`Fault::Locked`] with the holder's process id where it can be read; trouble with the file.
    pub fn take(home: &Home) -> Result<Self, Fault> {
        let path = home.alerts_lock();
        if let Some(folder) = path.parent() {
            disk::private_dir(folder)?;
        }
        LockFile::wait(&path, PATIENCE).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::home::testing::{connection, home};

    #[test]
    fn a_connection_is_synced_once_at_a_time() {
        let (_dir, home) = home();
        let (one, other) = (connection("one").name, connection("other").name);
        let lock = SyncLock::take(&home, &one).unwrap();
        let Err(Fault::Locked { path, pid }) = SyncLock::take(&home, &one) else { panic!("two hold it") };
        assert_eq!((path, pid), (home.sync_lock(&one).display().to_string(), Some(std::process::id())));
        SyncLock::take(&home, &other).unwrap();
        drop(lock);
        SyncLock::take(&home, &one).unwrap();
    }
}
