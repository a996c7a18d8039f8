//! The vault itself: opened once, read afresh each time, changed under a lock.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use super::ask::AskPassphrase;
use super::contents::{Contents, Exposed};
use super::disk;
use super::find::{Finder, Found, Tried, Why, open_contents};
use super::key::{Key, KeyPlace};
use super::live;
use super::lock_file::LockFile;
use super::marker::Marker;
use super::options::{VaultOptions, VaultPaths};
use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::model::secret::Secret;
use crate::model::token::{Retired, Tokens};

/// An open vault; a clone shares it. Its calls block on the disk and on the lock: in async code they belong in
/// `spawn_blocking`.
#[derive(Clone)]
pub struct Vault {
    inner: Arc<Inner>,
}

/// Where the key is and how that came about. Holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct KeyUse {
    /// The place.
    #[serde(flatten)]
    pub place: KeyPlace,
    /// Why this one.
    pub why: Why,
    /// What was tried before it.
    pub tried: Vec<Tried>,
}

pub(super) struct Inner {
    pub paths: VaultPaths,
    pub options: VaultOptions,
    pub key: Key,
    pub key_use: Mutex<KeyUse>,
}

impl Vault {
    /// Opens the vault: finds its key, and on first use makes key and vault. `ask` is used where the key is under
    /// a passphrase that is in no file.
    ///
    /// # Errors
    /// [`Fault::NoKeyPlace`] on first use; [`Fault::VaultLocked`], [`Fault::WrongPassphrase`] or
    /// [`Fault::VaultDamaged`] later; trouble with the disk.
    pub fn open(paths: VaultPaths, options: VaultOptions, mut ask: Box<dyn AskPassphrase>) -> Result<Self, Fault> {
        let finder = Finder::new(&paths, &options, ask.as_mut());
        let found = match disk::read(&paths.vault)? {
            Some(sealed) => finder.existing(&sealed)?,
            None => create(&paths, &options, finder)?,
        };
        let key_use = Mutex::new(KeyUse { place: found.place, why: found.why, tried: found.tried });
        Ok(Self { inner: Arc::new(Inner { paths, options, key: found.key, key_use }) })
    }

    /// Whether there is a vault already.
    ///
    /// # Errors
    /// When that cannot be known.
    pub fn exists(paths: &VaultPaths) -> Result<bool, Fault> {
        disk::exists(&paths.vault)
    }

    /// Whether opening it may ask for a passphrase: there is none yet, or its key is under one.
    ///
    /// # Errors
    /// When the vault's folder may not be read.
    pub fn may_ask(paths: &VaultPaths, options: &VaultOptions) -> Result<bool, Fault> {
        if options.names_a_place() || options.passphrase_file.is_some() {
            return Ok(false);
        }
        if !Self::exists(paths)? {
            return Ok(true);
        }
        let remembered = Marker::load(paths)?.map(|marker| marker.place);
        Ok(remembered.is_none_or(|place| matches!(place, KeyPlace::Passphrase)))
    }

    /// The client secret of a connection, as it stands in the file now.
    ///
    /// # Errors
    /// [`Fault::VaultDamaged`], [`Fault::VaultLocked`], trouble with the disk.
    pub fn client_secret(&self, name: &ConnectionName) -> Result<Option<Secret>, Fault> {
        Ok(self.inner.read()?.client_secret(name))
    }

    /// The tokens of a connection, as they stand in the file now.
    ///
    /// # Errors
    /// As [`client_secret`](Self::client_secret).
    pub fn tokens(&self, name: &ConnectionName) -> Result<Option<Tokens>, Fault> {
        Ok(self.inner.read()?.tokens(name))
    }

    /// The replaced tokens of a connection that are not revoked yet, oldest first.
    ///
    /// # Errors
    /// As [`client_secret`](Self::client_secret).
    pub fn retired(&self, name: &ConnectionName) -> Result<Vec<Retired>, Fault> {
        Ok(self.inner.read()?.retired(name))
    }

    /// The connections that have secrets.
    ///
    /// # Errors
    /// As [`client_secret`](Self::client_secret).
    pub fn names(&self) -> Result<Vec<ConnectionName>, Fault> {
        Ok(self.inner.read()?.names())
    }

    /// Keeps what is given; `None` leaves what is there.
    ///
    /// # Errors
    /// As [`lock`](Self::lock) and [`client_secret`](Self::client_secret); the old vault then stands.
    pub fn put(
        &self,
        name: &ConnectionName,
        client_secret: Option<Secret>,
        tokens: Option<Tokens>,
    ) -> Result<(), Fault> {
        self.lock()?.put(name, client_secret, tokens)
    }

    /// Forgets the tokens of a connection: it is then signed out.
    ///
    /// # Errors
    /// As [`put`](Self::put).
    pub fn remove_tokens(&self, name: &ConnectionName) -> Result<(), Fault> {
        self.lock()?.remove_tokens(name)
    }

    /// Forgets all secrets of a connection; whether there were any.
    ///
    /// # Errors
    /// As [`put`](Self::put).
    pub fn remove(&self, name: &ConnectionName) -> Result<bool, Fault> {
        self.lock()?.remove(name)
    }

    /// Takes the lock for reading, refreshing and writing as one step that no other process can cut into. Waits
    /// for whoever holds it. While the guard lives, use the guard and not the vault for changes.
    ///
    /// # Errors
    /// [`Fault::Locked`] when it is held for too long; trouble with the lock file.
    pub fn lock(&self) -> Result<VaultGuard, Fault> {
        let inner = self.inner.clone();
        let lock = LockFile::wait(&inner.paths.lock, inner.options.lock_limit)?;
        Ok(VaultGuard { inner, _lock: lock })
    }

    /// Where the key is, and why there.
    pub fn key_place(&self) -> KeyUse {
        self.inner.key_use.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The sealed file.
    pub fn path(&self) -> &Path {
        &self.inner.paths.vault
    }

    pub(super) fn inner(&self) -> &Inner {
        &self.inner
    }
}

/// The vault, locked against other processes until this is dropped.
pub struct VaultGuard {
    inner: Arc<Inner>,
    _lock: LockFile,
}

impl VaultGuard {
    /// The client secret of a connection.
    ///
    /// # Errors
    /// As [`Vault::client_secret`].
    pub fn client_secret(&self, name: &ConnectionName) -> Result<Option<Secret>, Fault> {
        Ok(self.inner.read()?.client_secret(name))
    }

    /// The tokens of a connection, which another process may have refreshed while we waited for the lock.
    ///
    /// # Errors
    /// As [`Vault::client_secret`].
    pub fn tokens(&self, name: &ConnectionName) -> Result<Option<Tokens>, Fault> {
        Ok(self.inner.read()?.tokens(name))
    }

    /// Keeps these tokens.
    ///
    /// # Errors
    /// As [`Vault::put`].
    pub fn put_tokens(&self, name: &ConnectionName, tokens: &Tokens) -> Result<(), Fault> {
        self.put(name, None, Some(tokens.clone()))
    }

    /// Keeps what is given; `None` leaves what is there.
    ///
    /// # Errors
    /// As [`Vault::put`].
    pub fn put(
        &self,
        name: &ConnectionName,
        client_secret: Option<Secret>,
        tokens: Option<Tokens>,
    ) -> Result<(), Fault> {
        let mut contents = self.inner.read()?;
        let entry = contents.entry(name);
        if let Some(secret) = client_secret {
            live::remember(&secret);
            entry.client_secret = Some(Exposed(secret));
        }
        if let Some(tokens) = tokens {
            live::remember_tokens(&tokens);
            entry.tokens = Some((&tokens).into());
        }
        self.inner.write(&contents)
    }

    /// Keeps these tokens, and what they replace beside them until it is revoked, in one write.
    ///
    /// # Errors
    /// As [`Vault::put`].
    pub fn rotate(&self, name: &ConnectionName, tokens: &Tokens, replaced: Option<&Retired>) -> Result<(), Fault> {
        let mut contents = self.inner.read()?;
        live::remember_tokens(tokens);
        let entry = contents.entry(name);
        entry.retired.extend(replaced.map(Into::into));
        entry.tokens = Some(tokens.into());
        self.inner.write(&contents)
    }

    /// Forgets replaced tokens, because they were revoked.
    ///
    /// # Errors
    /// As [`Vault::put`].
    pub fn forget_retired(&self, name: &ConnectionName, revoked: &[Retired]) -> Result<(), Fault> {
        let mut contents = self.inner.read()?;
        let left: Vec<_> = contents.retired(name).iter().filter(|one| !revoked.contains(one)).map(Into::into).collect();
        contents.entry(name).retired = left;
        self.inner.write(&contents)
    }

    /// Forgets the tokens of a connection.
    ///
    /// # Errors
    /// As [`Vault::put`].
    pub fn remove_tokens(&self, name: &ConnectionName) -> Result<(), Fault> {
        let mut contents = self.inner.read()?;
        if contents.tokens(name).is_none() {
            return Ok(());
        }
        contents.entry(name).tokens = None;
        self.inner.write(&contents)
    }

    /// Forgets all secrets of a connection; whether there were any.
    ///
    /// # Errors
    /// As [`Vault::put`].
    pub fn remove(&self, name: &ConnectionName) -> Result<bool, Fault> {
        let mut contents = self.inner.read()?;
        let was_there = contents.remove(name);
        if was_there {
            self.inner.write(&contents)?;
        }
        Ok(was_there)
    }
}

impl Inner {
    fn read(&self) -> Result<Contents, Fault> {
        let gone = || Fault::VaultDamaged {
            path: self.paths.vault.display().to_string(),
            reason: "it was removed while itsmc was running".into(),
        };
        let sealed = disk::read(&self.paths.vault)?.ok_or_else(gone)?;
        let marker = Marker::load(&self.paths)?;
        open_contents(&self.paths, &self.key, marker.as_ref(), &sealed)
    }

    // Only while the lock is held.
    fn write(&self, contents: &Contents) -> Result<(), Fault> {
        disk::sweep(&self.paths.vault);
        write(&self.paths, &self.key, contents)
    }
}

fn write(paths: &VaultPaths, key: &Key, contents: &Contents) -> Result<(), Fault> {
    let json = contents.to_json().map_err(|_| Fault::Internal { what: "the vault's contents".into() })?;
    let sealed = key.seal(&json).map_err(|error| Fault::from_io(&paths.vault, &error))?;
    disk::write_whole(&paths.vault, &sealed)
}

// The note of the key's place comes last: where it is, key and vault are.
fn create(paths: &VaultPaths, options: &VaultOptions, finder: Finder<'_>) -> Result<Found, Fault> {
    disk::private_dir(paths.dir())?;
    let _lock = LockFile::wait(&paths.lock, options.lock_limit)?;
    if let Some(sealed) = disk::read(&paths.vault)? {
        return finder.existing(&sealed);
    }
    let found = finder.first_use()?;
    write(paths, &found.key, &Contents::default())?;
    Marker::new(&found.place, &found.key).save(paths)?;
    Ok(found)
}

#[cfg(test)]
mod tests;
