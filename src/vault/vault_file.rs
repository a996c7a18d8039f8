//! The vault itself: opened once, read again for each access, changed under a lock.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use super::ask::AskPassphrase;
use super::contents::{Contents, Entry, Exposed};
use super::disk;
use super::find::{Finder, Found, Tried, Why, open_contents};
use super::key::{Key, KeySource};
use super::key_hint::KeyHint;
use super::lock_file::LockFile;
use super::options::{VaultOptions, VaultPaths};
use super::owner::{Held, Left, Owner, Since, WorkspaceSecrets};
use super::redactor;
use super::unlocked::{Meanwhile, UnlockedAsk};
use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::model::rotation::NewSecret;
use crate::model::secret::Secret;
use crate::model::token::{Retired, Tokens};
use crate::model::workspace::{WorkspaceIdentity, WorkspaceName};

/// An open vault; a clone shares it. Its calls block on the disk and on the lock: in async code they belong in
/// `spawn_blocking`.
#[derive(Clone)]
pub struct Vault {
    inner: Arc<Inner>,
}

/// Where the key is, and why it is used from there. Contains no secret.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct KeyUse {
    /// The place.
    #[serde(flatten)]
    pub place: KeySource,
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

/// The secrets of a connection, or why they are not opened, and the state of the entry they were read from.
pub type View = (Result<Option<Held>, Fault>, Option<Since>);

impl Vault {
    /// Opens the vault: finds its key, and on first use creates key and vault. `ask` is used if the key is under
    /// a passphrase that is in no file.
    ///
    /// # Errors
    /// [`Fault::NoKeyPlace`] on first use; [`Fault::VaultLocked`], [`Fault::WrongPassphrase`] or
    /// [`Fault::VaultDamaged`] later; trouble with the disk.
    pub fn open(paths: VaultPaths, options: VaultOptions, mut ask: Box<dyn AskPassphrase>) -> Result<Self, Fault> {
        let found = match disk::read(&paths.vault)? {
            Some(sealed) => Finder::new(&paths, &options, ask.as_mut()).existing(&sealed)?,
            None => create(&paths, &options, ask.as_mut())?,
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

    /// The secrets of a connection as they are in the file now; `None` if there are none.
    ///
    /// # Errors
    /// [`Fault::IdentityChanged`] if they belong to another server, user or application than the settings name now;
    /// [`Fault::VaultDamaged`], [`Fault::VaultLocked`], trouble with the disk.
    pub fn held(&self, owner: &Owner) -> Result<Option<Held>, Fault> {
        self.inner.read()?.held(owner)
    }

    /// The secrets of a connection whatever their identity, for revoking them there.
    ///
    /// # Errors
    /// As [`held`](Self::held).
    pub fn left(&self, name: &ConnectionName) -> Result<Option<Left>, Fault> {
        Ok(self.inner.read()?.left(name))
    }

    /// The tokens of every other connection: none of them may be revoked.
    ///
    /// # Errors
    /// As [`held`](Self::held).
    pub fn tokens_of_others(&self, name: &ConnectionName) -> Result<Vec<Secret>, Fault> {
        Ok(self.inner.read()?.tokens_of_others(name))
    }

    /// The secrets of a connection with the state of its entry; secrets of another identity are not opened.
    ///
    /// # Errors
    /// As [`held`](Self::held).
    pub fn view(&self, owner: &Owner) -> Result<View, Fault> {
        let contents = self.inner.read()?;
        Ok((contents.held(owner), contents.since(&owner.name)))
    }

    /// Binds the entries of a vault of the first format to the current identities of their connections: in one write, and
    /// only once for each home, so that an older vault that is restored later is not trusted.
    ///
    /// # Errors
    /// As [`lock`](Self::lock) and [`held`](Self::held), and those of `owners`.
    pub fn bind(&self, owners: impl FnOnce() -> Result<Vec<Owner>, Fault>) -> Result<(), Fault> {
        let is_bound = KeyHint::load(&self.inner.paths)?.is_some_and(|hint| hint.bound);
        if is_bound && !self.inner.read()?.is_unbound() {
            return Ok(());
        }
        let guard = self.lock()?;
        let mut contents = guard.inner.read()?;
        if contents.is_unbound() {
            let owners = if is_bound { Vec::new() } else { owners()? };
            contents.bind(&owners, Timestamp::now());
            guard.inner.write(&contents)?;
        }
        match KeyHint::load(&self.inner.paths)? {
            Some(hint) if !hint.bound => KeyHint { bound: true, ..hint }.save(&self.inner.paths),
            _ => Ok(()),
        }
    }

    /// The connections that have secrets.
    ///
    /// # Errors
    /// As [`held`](Self::held).
    pub fn names(&self) -> Result<Vec<ConnectionName>, Fault> {
        Ok(self.inner.read()?.names())
    }

    /// Replaces all secrets of the connection: nothing of an older sign-in stays. What there
    /// was is handed back, to be revoked.
    ///
    /// # Errors
    /// As [`lock`](Self::lock) and [`held`](Self::held); the old vault is then kept.
    pub fn replace(&self, owner: &Owner, held: Held) -> Result<Option<Left>, Fault> {
        self.lock()?.replace(owner, held)
    }

    /// Deletes all secrets of a connection, and returns them to be revoked.
    ///
    /// # Errors
    /// As [`replace`](Self::replace).
    pub fn remove(&self, name: &ConnectionName) -> Result<Option<Left>, Fault> {
        self.lock()?.remove(name)
    }

    /// Gives all secrets of a connection to another name, in one write; what that name has already stays as it is, and nothing
    /// is given then.
    ///
    /// # Errors
    /// As [`replace`](Self::replace).
    pub fn rename(&self, from: &ConnectionName, to: &ConnectionName) -> Result<(), Fault> {
        let guard = self.lock()?;
        let mut contents = guard.inner.read()?;
        if contents.rename(from, to) { guard.inner.write(&contents) } else { Ok(()) }
    }

    /// The secrets of a workspace, if they belong to the sign-in that it has now; `None` when there are none.
    ///
    /// # Errors
    /// As [`held`](Self::held).
    pub fn workspace(
        &self,
        name: &WorkspaceName,
        identity: &WorkspaceIdentity,
    ) -> Result<Option<WorkspaceSecrets>, Fault> {
        Ok(self.inner.read()?.workspace(name, identity))
    }

    /// Puts the secrets of a workspace in the place of whatever it had.
    ///
    /// # Errors
    /// As [`replace`](Self::replace).
    pub fn replace_workspace(
        &self,
        name: &WorkspaceName,
        identity: &WorkspaceIdentity,
        held: WorkspaceSecrets,
    ) -> Result<(), Fault> {
        let guard = self.lock()?;
        let mut contents = guard.inner.read()?;
        contents.replace_workspace(name, identity, held);
        guard.inner.write(&contents)
    }

    /// Forgets the secrets of a workspace.
    ///
    /// # Errors
    /// As [`replace`](Self::replace).
    pub fn remove_workspace(&self, name: &WorkspaceName) -> Result<(), Fault> {
        let guard = self.lock()?;
        let mut contents = guard.inner.read()?;
        if contents.remove_workspace(name) { guard.inner.write(&contents) } else { Ok(()) }
    }

    /// Takes the lock, for reading and writing as one step; do not hold it during network requests. Waits for its holder. While
    /// the guard lives, use the guard and not the vault for changes.
    ///
    /// # Errors
    /// [`Fault::Locked`] when it is held for too long; trouble with the lock file.
    pub fn lock(&self) -> Result<VaultGuard, Fault> {
        let inner = self.inner.clone();
        let lock = LockFile::wait(&inner.paths.lock, inner.options.lock_limit)?;
        Ok(VaultGuard { inner, _lock: lock })
    }

    /// Where the key is, and why there.
    pub fn key_source(&self) -> KeyUse {
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
    /// Replaces all secrets of the connection; returns the old ones.
    ///
    /// # Errors
    /// As [`Vault::replace`].
    pub fn replace(&self, owner: &Owner, mut held: Held) -> Result<Option<Left>, Fault> {
        let mut contents = self.inner.read()?;
        let left = contents.left(&owner.name);
        // The same client secret still ends when the admin said.
        let known = left.as_ref().zip(held.client_secret.as_ref()).and_then(|(left, secret)| left.held.end_of(secret));
        held.client_secret_expires = held.client_secret_expires.or(known);
        contents.replace(&owner.name, entry(owner, held));
        self.inner.write(&contents).map(|()| left)
    }

    /// Stores tokens that were renewed from the entry as it was `seen`, with the replaced ones if given, and with a new client
    /// secret, all in one write.
    ///
    /// # Errors
    /// [`Fault::NoSuchConnection`] if the entry was removed meanwhile; [`Fault::IdentityChanged`] if it has another identity
    /// now; [`Fault::SignedOut`] if it was replaced or signed out meanwhile. As [`Vault::replace`].
    pub fn keep(&self, owner: &Owner, seen: Since, made: &Made<'_>) -> Result<(), Fault> {
        let mut contents = self.inner.read()?;
        let held = contents.held(owner)?;
        let known = made.client_secret.and_then(|new| held?.end_of(&new.secret));
        let gone = || Fault::NoSuchConnection { name: owner.name.to_string() };
        let is_seen = contents.since(&owner.name).ok_or_else(gone)? == seen;
        let entry = contents.entry(&owner.name).filter(|_| is_seen);
        let entry = entry.ok_or_else(|| Fault::SignedOut { connection: owner.name.to_string() })?;
        redactor::remember_tokens(made.tokens);
        entry.retired.extend(made.replaced.map(Into::into));
        entry.tokens = Some(made.tokens.into());
        if let Some(new) = made.client_secret {
            redactor::remember(&new.secret);
            entry.client_secret = Some(Exposed(new.secret.clone()));
            entry.client_secret_expires = new.expires.or(known);
        }
        self.inner.write(&contents)
    }

    /// Stores the tokens of a sign-in with typed secrets, for a connection without an entry or with one of another identity;
    /// returns the old entry.
    ///
    /// # Errors
    /// [`Fault::SignedOut`] when the entry is no longer the one that was `seen`. As [`Vault::replace`].
    pub fn take_over(&self, owner: &Owner, seen: Option<Since>, made: &Made<'_>) -> Result<Option<Left>, Fault> {
        if self.inner.read()?.since(&owner.name) != seen {
            return Err(Fault::SignedOut { connection: owner.name.to_string() });
        }
        let held = Held {
            client_secret: made.client_secret.map(|new| new.secret.clone()),
            client_secret_expires: made.client_secret.and_then(|new| new.expires),
            tokens: Some(made.tokens.clone()),
            retired: Vec::new(),
        };
        self.replace(owner, held)
    }

    /// Deletes replaced tokens, because they were revoked.
    ///
    /// # Errors
    /// As [`Vault::replace`].
    pub fn forget_retired(&self, owner: &Owner, revoked: &[Retired]) -> Result<(), Fault> {
        let mut contents = self.inner.read()?;
        let Some(held) = contents.held(owner)? else { return Ok(()) };
        if let Some(entry) = contents.entry(&owner.name) {
            entry.retired = held.retired.iter().filter(|one| !revoked.contains(one)).map(Into::into).collect();
        }
        self.inner.write(&contents)
    }

    /// Deletes the tokens of a connection: it is then signed out, also for a renewal in progress.
    ///
    /// # Errors
    /// As [`Vault::replace`].
    pub fn sign_out(&self, owner: &Owner) -> Result<(), Fault> {
        let mut contents = self.inner.read()?;
        if contents.held(owner)?.is_none_or(|held| held.tokens.is_none()) {
            return Ok(());
        }
        if let Some(entry) = contents.entry(&owner.name) {
            (entry.tokens, entry.since) = (None, Some(Timestamp::now()));
        }
        self.inner.write(&contents)
    }

    /// Deletes all secrets of a connection, and returns them to be revoked.
    ///
    /// # Errors
    /// As [`Vault::replace`].
    pub fn remove(&self, name: &ConnectionName) -> Result<Option<Left>, Fault> {
        let mut contents = self.inner.read()?;
        let left = contents.left(name);
        if contents.remove(name) {
            self.inner.write(&contents)?;
        }
        Ok(left)
    }
}

/// What a sign-in or a renewal made.
#[derive(Debug, Clone, Copy)]
pub struct Made<'a> {
    /// The tokens.
    pub tokens: &'a Tokens,
    /// What they replace and is to be revoked.
    pub replaced: Option<&'a Retired>,
    /// The new client secret that these tokens prove, if there is one.
    pub client_secret: Option<&'a NewSecret>,
}

fn entry(owner: &Owner, held: Held) -> Entry {
    held.client_secret.iter().for_each(redactor::remember);
    held.tokens.iter().for_each(redactor::remember_tokens);
    Entry {
        identity: Some(owner.identity.clone()),
        since: Some(Timestamp::now()),
        client_secret: held.client_secret.map(Exposed),
        client_secret_expires: held.client_secret_expires,
        tokens: held.tokens.as_ref().map(Into::into),
        retired: held.retired.iter().map(Into::into).collect(),
    }
}

impl Inner {
    fn read(&self) -> Result<Contents, Fault> {
        let gone = || Fault::VaultDamaged {
            path: self.paths.vault.display().to_string(),
            reason: "it was removed while itsmc was running".into(),
        };
        let sealed = disk::read(&self.paths.vault)?.ok_or_else(gone)?;
        let hint = KeyHint::load(&self.paths)?;
        open_contents(&self.paths, &self.key, hint.as_ref(), &sealed)
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

// The note of the key's place is written last, so where it exists, key and vault exist.
fn create(paths: &VaultPaths, options: &VaultOptions, ask: &mut dyn AskPassphrase) -> Result<Found, Fault> {
    disk::private_dir(paths.dir())?;
    let mut unlocked = UnlockedAsk::new(paths, options, &mut *ask)?;
    if disk::read(&paths.vault)?.is_none() {
        let found = Finder::new(paths, options, &mut unlocked).first_use();
        match unlocked.meanwhile.take() {
            None => {
                let found = found?;
                write(paths, &found.key, &Contents::default())?;
                KeyHint::new(&found.place, &found.key).save(paths)?;
                return Ok(found);
            }
            Some(Meanwhile::Failed(fault)) => return Err(fault),
            Some(Meanwhile::Made) => {}
        }
    }
    drop(unlocked);
    let gone = || Fault::VaultLocked { path: paths.vault.display().to_string(), reason: "it was just removed".into() };
    let sealed = disk::read(&paths.vault)?.ok_or_else(gone)?;
    Finder::new(paths, options, ask).existing(&sealed)
}

#[cfg(test)]
mod tests;
