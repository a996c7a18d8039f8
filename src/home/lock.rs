//! One sync of a connection, and one run to a workspace, at a time, whichever process runs it.

use std::path::Path;
use std::time::Duration;

use super::Home;
use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::model::workspace::WorkspaceName;
use crate::vault::{LockFile, disk};

/// A child process that is just being started holds a copy of every open file for a moment, locks included.
const PATIENCE: Duration = Duration::from_millis(500);

/// A lock of this file, waited for so long; its folder is made.
fn held(path: &Path, patience: Duration) -> Result<LockFile, Fault> {
    if let Some(folder) = path.parent() {
        disk::private_dir(folder)?;
    }
    LockFile::wait(path, patience)
}

/// Held while a connection is synced, until it is dropped.
#[derive(Debug)]
pub struct SyncLock(LockFile);

impl SyncLock {
    /// Takes the lock, or says who holds it.
    ///
    /// # Errors
    /// [`Fault::Locked`] with the holder's process id where it can be read; trouble with the file.
    pub fn take(home: &Home, name: &ConnectionName) -> Result<Self, Fault> {
        held(&home.sync_lock(name), PATIENCE).map(Self)
    }
}

/// Held while tickets of a connection are written, until it is dropped. It is another than the sync's: a ticket does not wait
/// for a long sync. Both renew tokens under the lock of the tokens.
#[derive(Debug)]
pub struct TicketLock(LockFile);

impl TicketLock {
    /// Takes the lock, or says who holds it.
    ///
    /// # Errors
    /// [`Fault::Locked`] with the holder's process id where it can be read; trouble with the file.
    pub fn take(home: &Home, name: &ConnectionName) -> Result<Self, Fault> {
        held(&home.ticket_lock(name), PATIENCE).map(Self)
    }
}

/// Held while a connection is changed or removed, until it is dropped: nobody syncs it or writes its tickets meanwhile.
#[derive(Debug)]
pub struct ChangeLock(SyncLock, TicketLock);

impl ChangeLock {
    /// Takes the lock, or says who holds it.
    ///
    /// # Errors
    /// As [`SyncLock::take`].
    pub fn take(home: &Home, name: &ConnectionName) -> Result<Self, Fault> {
        Ok(Self(SyncLock::take(home, name)?, TicketLock::take(home, name)?))
    }

    /// Deletes the lock's files with the lock: only for a connection that is gone, since whoever waits for it holds another
    /// file then than who comes after.
    pub fn delete(self) {
        for path in [self.0.0.path(), self.1.0.path()] {
            if let Err(error) = std::fs::remove_file(path) {
                tracing::debug!(%error, "the lock of a removed connection stays");
            }
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
        held(&home.token_lock(name), SIGN_IN_PATIENCE).map(Self)
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
        held(&home.workspace_lock(name), PATIENCE).map(Self)
    }
}

/// Longer than a renaming takes, which asks no server anything.
const RENAMING_PATIENCE: Duration = Duration::from_secs(10);

/// Held while a connection is renamed, or while a renaming that was cut off is finished, until it is dropped.
#[derive(Debug)]
pub struct RenamingLock(#[allow(dead_code, reason = "it is held, not used")] LockFile);

impl RenamingLock {
    /// Waits for the lock. Blocks the thread.
    ///
    /// # Errors
    /// [`Fault::Locked`] when another holds it for too long; trouble with the file.
    pub fn take(home: &Home) -> Result<Self, Fault> {
        held(&home.renaming_lock(), RENAMING_PATIENCE).map(Self)
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
        held(&home.alerts_lock(), PATIENCE).map(Self)
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

    #[test]
    fn tickets_are_written_during_a_sync_and_a_change_waits_for_both() {
        let (_dir, home) = home();
        let one = connection("one").name;
        let syncing = SyncLock::take(&home, &one).unwrap();
        let writing = TicketLock::take(&home, &one).unwrap();
        assert!(matches!(TicketLock::take(&home, &one), Err(Fault::Locked { .. })));
        drop(syncing);
        let Err(Fault::Locked { path, .. }) = ChangeLock::take(&home, &one) else { panic!("it is changed meanwhile") };
        assert_eq!(path, home.ticket_lock(&one).display().to_string());
        drop(writing);
        let changing = ChangeLock::take(&home, &one).unwrap();
        assert!(SyncLock::take(&home, &one).is_err() && TicketLock::take(&home, &one).is_err());
        changing.delete();
        assert!(!home.sync_lock(&one).exists() && !home.ticket_lock(&one).exists());
    }
}
