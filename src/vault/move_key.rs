//! Moving the key from one place to another. The key stays the same; it is in its new place, read back and
//! remembered, before it leaves the old one.

use std::path::PathBuf;
use std::sync::PoisonError;

use super::ask::AskPassphrase;
use super::disk;
use super::find::{Finder, Why, start_keyring};
use super::key::KeySource;
use super::key_hint::KeyHint;
use super::lock_file::LockFile;
use super::source::KeySourceError;
use super::vault_file::{Inner, KeyUse, Vault};
use crate::model::fault::Fault;

/// Where the key shall go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyTarget {
    /// A new file. Anyone who can read it can open the vault.
    KeyFile(PathBuf),
    /// The platform's keyring.
    Keyring,
    /// `key.age` under a passphrase.
    Passphrase,
}

/// What became of a move.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Moved {
    /// Where the key was.
    pub from: KeySource,
    /// Where it is now.
    pub to: KeySource,
    /// Why the key is still in its old place too, if it is.
    pub left_behind: Option<String>,
}

impl Vault {
    /// Moves the key. Other processes that have the vault open go on working.
    ///
    /// # Errors
    /// [`Fault::KeyringUnavailable`]; [`Fault::BadUsage`] when no passphrase was given; trouble with a file, an
    /// existing one among them. The key is then where it was.
    pub fn move_key(&self, to: KeyTarget, ask: &mut dyn AskPassphrase) -> Result<Moved, Fault> {
        let inner = self.inner();
        let _lock = LockFile::wait(&inner.paths.lock, inner.options.lock_limit)?;
        // A place that was only named for this run is not cleared.
        let from = KeyHint::load(&inner.paths)?.map_or_else(|| self.key_source().place, |hint| hint.place);
        let to = place_of(inner, to);
        if from == to {
            return Ok(Moved { from, to, left_behind: None });
        }
        put_and_prove(inner, &to, ask)?;
        KeyHint::new(&to, &inner.key).save(&inner.paths)?;
        let key_use = KeyUse { place: to.clone(), why: Why::Remembered, tried: vec![] };
        *inner.key_use.lock().unwrap_or_else(PoisonError::into_inner) = key_use;
        let left_behind = take_away(inner, &from).err();
        Ok(Moved { from, to, left_behind })
    }
}

fn place_of(inner: &Inner, to: KeyTarget) -> KeySource {
    match to {
        KeyTarget::KeyFile(path) => KeySource::KeyFile { path: std::path::absolute(&path).unwrap_or(path) },
        KeyTarget::Keyring => KeySource::Keyring { account: inner.paths.account() },
        KeyTarget::Passphrase => KeySource::Passphrase,
    }
}

fn put_and_prove(inner: &Inner, to: &KeySource, ask: &mut dyn AskPassphrase) -> Result<(), Fault> {
    let mut finder = Finder::new(&inner.paths, &inner.options, ask);
    finder.put(to, &inner.key).map_err(|miss| not_put(to, miss))?;
    // The passphrase was entered twice; asking a third time would prove no more.
    if *to == KeySource::Passphrase {
        return Ok(());
    }
    let back = finder.fetch(to).map_err(|miss| not_put(to, miss))?;
    if back.recipient() == inner.key.recipient() {
        Ok(())
    } else {
        Err(not_put(to, KeySourceError::Failed("it gives back another key".into())))
    }
}

fn not_put(to: &KeySource, miss: KeySourceError) -> Fault {
    match (to, miss) {
        (_, KeySourceError::Fault(fault)) => fault,
        (KeySource::Keyring { .. }, miss) => Fault::KeyringUnavailable { reason: miss.reason() },
        (place, miss) => Fault::BadUsage { what: format!("{place}: {}", miss.reason()) },
    }
}

fn take_away(inner: &Inner, from: &KeySource) -> Result<(), String> {
    match from {
        KeySource::KeyFile { path } => disk::remove(path).map_err(|fault| format!("{}: {fault}", path.display())),
        KeySource::Passphrase => disk::remove(&inner.paths.wrapped_key).map_err(|fault| format!("key.age: {fault}")),
        KeySource::Keyring { account } => match start_keyring(&inner.options) {
            Some(mut keyring) => keyring.delete(account),
            None => Err("the keyring was not to be used".into()),
        },
        KeySource::Credential | KeySource::Command => Err(format!("{from} is not ours to change")),
    }
}
