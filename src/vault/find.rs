//! Finding the key. What was asked for by name comes first, then the remembered place; only a vault that is new,
//! or whose note of the place is gone, has its key searched for. A place that fails is never quietly replaced by
//! another.

use serde::Serialize;

use super::ask::AskPassphrase;
use super::contents::Contents;
use super::disk;
use super::key::{Key, KeySource};
use super::key_hint::KeyHint;
use super::options::{VaultOptions, VaultPaths};
use super::sealed::NotOpened;
use super::source::keyring::Keyring;
use super::source::wrapped::Passphrase;
use super::source::{KeySourceError, command, file, wrapped};
use crate::model::fault::Fault;

/// Why the key is taken from where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The user named the place for this run.
    Named,
    /// It was chosen when the vault was made.
    Remembered,
    /// It was the first place that works.
    FirstThatWorks,
}

/// A place that was tried and not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tried {
    /// Which.
    #[serde(flatten)]
    pub place: KeySource,
    /// Why not; free of secrets.
    pub reason: String,
}

/// A key, and how it was found.
pub struct Found {
    pub key: Key,
    pub place: KeySource,
    pub why: Why,
    pub tried: Vec<Tried>,
}

/// One search.
pub struct Finder<'a> {
    paths: &'a VaultPaths,
    options: &'a VaultOptions,
    ask: &'a mut dyn AskPassphrase,
    tried: Vec<Tried>,
}

impl<'a> Finder<'a> {
    /// Nothing is checked yet.
    pub fn new(paths: &'a VaultPaths, options: &'a VaultOptions, ask: &'a mut dyn AskPassphrase) -> Self {
        Self { paths, options, ask, tried: Vec::new() }
    }

    /// The key of a vault that exists.
    ///
    /// # Errors
    /// [`Fault::VaultLocked`], [`Fault::VaultDamaged`], [`Fault::WrongPassphrase`].
    pub fn existing(mut self, sealed: &[u8]) -> Result<Found, Fault> {
        let hint = KeyHint::load(self.paths)?;
        let named = named_place(self.options)?.map(|place| (place, Why::Named));
        let remembered = hint.as_ref().map(|hint| (hint.place.clone(), Why::Remembered));
        let Some((place, why)) = named.or(remembered) else { return self.search(sealed) };
        let key = self.fetch(&place).map_err(|miss| locked(self.paths, &place, miss))?;
        open_contents(self.paths, &key, hint.as_ref(), sealed).map_err(|fault| with_place(fault, &place))?;
        if hint.is_none() {
            KeyHint::new(&place, &key).save(self.paths)?;
        }
        Ok(self.found(key, place, why))
    }

    /// A key for a new vault, put into its place.
    ///
    /// # Errors
    /// [`Fault::NoKeyPlace`] with all that was tried; [`Fault::VaultLocked`] when a place is remembered from a
    /// vault that is gone and gives no key.
    pub fn first_use(mut self) -> Result<Found, Fault> {
        if let Some(place) = named_place(self.options)? {
            return self.first_use_named(place);
        }
        if let Some(hint) = KeyHint::load(self.paths)? {
            tracing::warn!(path = %self.paths.vault.display(), "the vault is gone; a new one is made");
            let key = self.fetch(&hint.place).map_err(|miss| locked(self.paths, &hint.place, miss))?;
            return Ok(self.found(key, hint.place, Why::Remembered));
        }
        for place in self.places() {
            match self.make(&place) {
                Ok(key) => return Ok(self.found(key, place, Why::FirstThatWorks)),
                Err(KeySourceError::Fault(fault)) => return Err(fault),
                Err(miss) => self.note(place, &miss),
            }
        }
        Err(self.no_place())
    }

    fn first_use_named(mut self, place: KeySource) -> Result<Found, Fault> {
        match self.make(&place) {
            Ok(key) => Ok(self.found(key, place, Why::Named)),
            Err(KeySourceError::Fault(fault)) => Err(fault),
            Err(miss) => {
                self.note(place, &miss);
                Err(self.no_place())
            }
        }
    }

    // Without a remembered place, only a key that opens this vault is accepted.
    fn search(mut self, sealed: &[u8]) -> Result<Found, Fault> {
        for place in self.places() {
            match self.fetch(&place) {
                Ok(key) if key.unseal(sealed).is_ok() => {
                    open_contents(self.paths, &key, None, sealed)?;
                    KeyHint::new(&place, &key).save(self.paths)?;
                    return Ok(self.found(key, place, Why::FirstThatWorks));
                }
                Ok(_) => self.note(place, &KeySourceError::Failed("its key does not open this vault".into())),
                Err(KeySourceError::Fault(fault)) => return Err(fault),
                Err(miss) => self.note(place, &miss),
            }
        }
        Err(Fault::VaultLocked { path: self.paths.vault.display().to_string(), reason: listed(&self.tried).join("; ") })
    }

    // The places that are searched without being named, in order.
    fn places(&self) -> [KeySource; 2] {
        [KeySource::Keyring { account: self.paths.account() }, KeySource::Passphrase]
    }

    /// Reads the key from a place.
    ///
    /// # Errors
    /// [`KeySourceError`].
    pub fn fetch(&mut self, place: &KeySource) -> Result<Key, KeySourceError> {
        let options = self.options;
        let unset = |variable: &str| KeySourceError::Failed(format!("{variable} is not set"));
        match place {
            KeySource::KeyFile { path } => file::get(path),
            KeySource::Credential => {
                file::get(options.credential.as_deref().ok_or_else(|| unset("CREDENTIALS_DIRECTORY"))?)
            }
            KeySource::Command => command::get(
                options.key_command.as_deref().ok_or_else(|| unset("ITSMC_KEY_CMD"))?,
                options.command_limit,
            ),
            KeySource::Keyring { account } => from_keyring(&mut self.keyring()?, account),
            KeySource::Passphrase => wrapped::get(&self.paths.wrapped_key, self.passphrase()),
        }
    }

    // An existing key is used: a first use may have been cut off after creating it.
    fn make(&mut self, place: &KeySource) -> Result<Key, KeySourceError> {
        if let KeySource::Keyring { .. } = place {
            self.keyring()?.probe().map_err(KeySourceError::Failed)?;
        }
        match self.fetch(place) {
            Err(KeySourceError::Empty) => {
                let key = Key::generate();
                self.put(place, &key)?;
                Ok(key)
            }
            key_or_miss => key_or_miss,
        }
    }

    /// Puts a key into a place that has none yet.
    ///
    /// # Errors
    /// [`KeySourceError::Failed`] where the place cannot take one.
    pub fn put(&mut self, place: &KeySource, key: &Key) -> Result<(), KeySourceError> {
        match place {
            KeySource::KeyFile { path } => Ok(file::put_new(path, key)?),
            KeySource::Credential | KeySource::Command => {
                Err(KeySourceError::Failed("itsmc cannot put a key there".into()))
            }
            KeySource::Keyring { account } => self.keyring()?.set(account, &key.text()).map_err(KeySourceError::Failed),
            KeySource::Passphrase => wrapped::put(&self.paths.wrapped_key, key, self.options.work, self.passphrase()),
        }
    }

    fn keyring(&self) -> Result<Keyring, KeySourceError> {
        start_keyring(self.options).ok_or_else(|| KeySourceError::Failed("it was not to be used".into()))
    }

    fn passphrase(&mut self) -> Passphrase<'_> {
        Passphrase { file: self.options.passphrase_file.as_deref(), ask: self.ask }
    }

    fn note(&mut self, place: KeySource, miss: &KeySourceError) {
        let reason = miss.reason();
        tracing::info!(%place, reason, "no key from this place");
        self.tried.push(Tried { place, reason });
    }

    fn found(self, key: Key, place: KeySource, why: Why) -> Found {
        Found { key, place, why, tried: self.tried }
    }

    fn no_place(&self) -> Fault {
        Fault::NoKeyPlace { tried: listed(&self.tried) }
    }
}

/// The place that was named for this run; a credential counts as named if the service was given one.
///
/// # Errors
/// When the credentials folder may not be looked into.
pub fn named_place(options: &VaultOptions) -> Result<Option<KeySource>, Fault> {
    if let Some(path) = &options.key_file {
        return Ok(Some(KeySource::KeyFile { path: std::path::absolute(path).unwrap_or_else(|_| path.clone()) }));
    }
    if let Some(path) = &options.credential
        && disk::exists(path)?
    {
        return Ok(Some(KeySource::Credential));
    }
    Ok(options.key_command.is_some().then_some(KeySource::Command))
}

/// A handle on the keyring, where the options allow it.
pub fn start_keyring(options: &VaultOptions) -> Option<Keyring> {
    options.keyring.clone().map(|make| Keyring::start(make, options.keyring_limit))
}

/// Opens the vault with a key, and tells a wrong key from damage by the remembered public half.
///
/// # Errors
/// [`Fault::VaultLocked`], [`Fault::VaultDamaged`].
pub fn open_contents(paths: &VaultPaths, key: &Key, hint: Option<&KeyHint>, sealed: &[u8]) -> Result<Contents, Fault> {
    let path = paths.vault.display().to_string();
    let is_its_key = hint.is_some_and(|hint| hint.recipient == key.recipient());
    let json = key.unseal(sealed).map_err(|why| match why {
        NotOpened::WrongKey if !is_its_key => {
            Fault::VaultLocked { path: path.clone(), reason: "this key does not open it".into() }
        }
        NotOpened::WrongKey => {
            Fault::VaultDamaged { path: path.clone(), reason: "its own key does not open it".into() }
        }
        NotOpened::Damaged(reason) => Fault::VaultDamaged { path: path.clone(), reason },
    })?;
    Contents::from_json(&json).map_err(|reason| Fault::VaultDamaged { path, reason })
}

fn from_keyring(keyring: &mut Keyring, account: &str) -> Result<Key, KeySourceError> {
    let text = keyring.get(account).map_err(KeySourceError::Failed)?.ok_or(KeySourceError::Empty)?;
    Key::read(text.expose()).ok_or_else(|| KeySourceError::Failed("its entry is no AGE-SECRET-KEY".into()))
}

fn locked(paths: &VaultPaths, place: &KeySource, miss: KeySourceError) -> Fault {
    match miss {
        KeySourceError::Fault(fault) => fault,
        miss => Fault::VaultLocked {
            path: paths.vault.display().to_string(),
            reason: format!("{place}: {}", miss.reason()),
        },
    }
}

fn with_place(fault: Fault, place: &KeySource) -> Fault {
    match fault {
        Fault::VaultLocked { path, reason } => Fault::VaultLocked { path, reason: format!("{place}: {reason}") },
        other => other,
    }
}

fn listed(tried: &[Tried]) -> Vec<String> {
    tried.iter().map(|tried| format!("{}: {}", tried.place, tried.reason)).collect()
}
