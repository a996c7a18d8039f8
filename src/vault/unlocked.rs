//! Asking for a passphrase without the lock: a person may take a long time, and other processes must not wait.

use super::ask::AskPassphrase;
use super::disk;
use super::lock_file::LockFile;
use super::options::{VaultOptions, VaultPaths};
use crate::model::fault::Fault;
use crate::model::secret::Secret;

/// The vault's lock, released while someone is asked.
pub struct UnlockedAsk<'a> {
    paths: &'a VaultPaths,
    options: &'a VaultOptions,
    ask: &'a mut dyn AskPassphrase,
    lock: Option<LockFile>,
    /// The fault if the vault changed meanwhile, so that the answer is of no use.
    pub meanwhile: Option<Meanwhile>,
}

/// What happened while the lock was free.
#[derive(Debug)]
pub enum Meanwhile {
    /// Another process made the vault.
    Made,
    /// The lock could not be taken again.
    Failed(Fault),
}

impl<'a> UnlockedAsk<'a> {
    /// Takes the lock.
    ///
    /// # Errors
    /// As [`LockFile::wait`].
    pub fn new(
        paths: &'a VaultPaths,
        options: &'a VaultOptions,
        ask: &'a mut dyn AskPassphrase,
    ) -> Result<Self, Fault> {
        let lock = Some(LockFile::wait(&paths.lock, options.lock_limit)?);
        Ok(Self { paths, options, ask, lock, meanwhile: None })
    }

    fn asked(&mut self, ask: impl FnOnce(&mut dyn AskPassphrase) -> Option<Secret>) -> Option<Secret> {
        drop(self.lock.take());
        let typed = ask(&mut *self.ask);
        self.meanwhile = match self.locked_again() {
            Ok(true) => Some(Meanwhile::Made),
            Ok(false) => None,
            Err(fault) => Some(Meanwhile::Failed(fault)),
        };
        typed.filter(|_| self.meanwhile.is_none())
    }

    /// Whether there is a vault now.
    fn locked_again(&mut self) -> Result<bool, Fault> {
        self.lock = Some(LockFile::wait(&self.paths.lock, self.options.lock_limit)?);
        disk::exists(&self.paths.vault)
    }
}

impl AskPassphrase for UnlockedAsk<'_> {
    fn passphrase(&mut self, again: bool) -> Option<Secret> {
        self.asked(|ask| ask.passphrase(again))
    }

    fn new_passphrase(&mut self) -> Option<Secret> {
        self.asked(|ask| ask.new_passphrase())
    }

    fn can_ask(&self) -> bool {
        self.ask.can_ask()
    }
}
