//! Finding the key. What was asked for by name comes first, then the remembered place; only a vault that is new,
//! or whose note of the place is gone, has its key searched for. A place that fails is never quietly replaced by
//! another.

use serde::Serialize;

use super::ask::AskPassphrase;
use super::contents::Contents;
use super::disk;
use super::key::{Key, KeyPlace};
use super::marker::Marker;
use super::options::{VaultOptions, VaultPaths};
use super::place::keyring::Keyring;
use super::place::wrapped::Passphrase;
use super::place::{Miss, command, file, wrapped};
use super::sealed::NotOpened;
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
    pub place: KeyPlace,
    /// Why not; free of secrets.
    pub reason: String,
}

/// A key, and how it was found.
pub struct Found {
    pub key: Key,
    pub place: KeyPlace,
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
        let marker = Marker::load(self.paths)?;
        let named = named_place(self.options)?.map(|place| (place, Why::Named));
        let remembered = marker.as_ref().map(|marker| (marker.place.clone(), Why::Remembered));
        let Some((place, why)) = named.or(remembered) else { return self.search(sealed) };
        let key = self.fetch(&place).map_err(|miss| locked(self.paths, &place, miss))?;
        open_contents(self.paths, &key, marker.as_ref(), sealed).map_err(|fault| with_place(fault, &place))?;
        if marker.is_none() {
            Marker::new(&place, &key).save(self.paths)?;
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
        if let Some(marker) = Marker::load(self.paths)? {
            tracing::warn!(path = %self.paths.vault.display(), "the vault is gone; a new one is made");
            let key = self.fetch(&marker.place).map_err(|miss| locked(self.paths, &marker.place, miss))?;
            return Ok(self.found(key, marker.place, Why::Remembered));
        }
        for place in self.places() {
            match self.make(&place) {
                Ok(key) => return Ok(self.found(key, place, Why::FirstThatWorks)),
                Err(Miss::Fault(fault)) => return Err(fault),
                Err(miss) => self.note(place, &miss),
            }
        }
        Err(self.no_place())
    }

    fn first_use_named(mut self, place: KeyPlace) -> Result<Found, Fault> {
        match self.make(&place) {
            Ok(key) => Ok(self.found(key, place, Why::Named)),
            Err(Miss::Fault(fault)) => Err(fault),
            Err(miss) => {
                self.note(place, &miss);
                Err(self.no_place())
            }
        }
    }

    // Without a note of the place, only a key that opens this very vault is taken.
    fn search(mut self, sealed: &[u8]) -> Result<Found, Fault> {
        for place in self.places() {
            match self.fetch(&place) {
                Ok(key) if key.unseal(sealed).is_ok() => {
                    open_contents(self.paths, &key, None, sealed)?;
                    Marker::new(&place, &key).save(self.paths)?;
                    return Ok(self.found(key, place, Why::FirstThatWorks));
                }
                Ok(_) => self.note(place, &Miss::Failed("its key does not open this vault".into())),
                Err(Miss::Fault(fault)) => return Err(fault),
                Err(miss) => self.note(place, &miss),
            }
        }
        Err(Fault::VaultLocked { path: self.paths.vault.display().to_string(), reason: listed(&self.tried).join("; ") })
    }

    // The places that are looked at without being named, in their order.
    fn places(&self) -> [KeyPlace; 2] {
        [KeyPlace::Keyring { account: self.paths.account() }, KeyPlace::Passphrase]
    }

    /// Reads the key from a place.
    ///
    /// # Errors
    /// [`Miss`].
    pub fn fetch(&mut self, place: &KeyPlace) -> Result<Key, Miss> {
        let options = self.options;
        let unset = |variable: &str| Miss::Failed(format!("{variable} is not set"));
        match place {
            KeyPlace::KeyFile { path } => file::get(path),
            KeyPlace::Credential => {
                file::get(options.credential.as_deref().ok_or_else(|| unset("CREDENTIALS_DIRECTORY"))?)
            }
            KeyPlace::Command => command::get(
                options.key_command.as_deref().ok_or_else(|| unset("ITSMC_KEY_CMD"))?,
                options.command_limit,
            ),
            KeyPlace::Keyring { account } => from_keyring(&mut self.keyring()?, account),
            KeyPlace::Passphrase => wrapped::get(&self.paths.wrapped_key, self.passphrase()),
        }
    }

    // A key that is there already is taken: a first use may have been cut off after it was made.
    fn make(&mut self, place: &KeyPlace) -> Result<Key, Miss> {
        if let KeyPlace::Keyring { .. } = place {
            self.keyring()?.probe().map_err(Miss::Failed)?;
        }
        match self.fetch(place) {
            Err(Miss::Empty) => {
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
    /// [`Miss::Failed`] where the place cannot take one.
    pub fn put(&mut self, place: &KeyPlace, key: &Key) -> Result<(), Miss> {
        match place {
            KeyPlace::KeyFile { path } => Ok(file::put_new(path, key)?),
            KeyPlace::Credential | KeyPlace::Command => Err(Miss::Failed("itsmc cannot put a key there".into())),
            KeyPlace::Keyring { account } => self.keyring()?.set(account, &key.text()).map_err(Miss::Failed),
            KeyPlace::Passphrase => wrapped::put(&self.paths.wrapped_key, key, self.options.work, self.passphrase()),
        }
    }

    fn keyring(&self) -> Result<Keyring, Miss> {
        start_keyring(self.options).ok_or_else(|| Miss::Failed("it was not to be used".into()))
    }

    fn passphrase(&mut self) -> Passphrase<'_> {
        Passphrase { file: self.options.passphrase_file.as_deref(), ask: self.ask }
    }

    fn note(&mut self, place: KeyPlace, miss: &Miss) {
        let reason = miss.reason();
        tracing::info!(%place, reason, "no key from this place");
        self.tried.push(Tried { place, reason });
    }

    fn found(self, key: Key, place: KeyPlace, why: Why) -> Found {
        Found { key, place, why, tried: self.tried }
    }

    fn no_place(&self) -> Fault {
        Fault::NoKeyPlace { tried: listed(&self.tried) }
    }
}

/// The place that was asked for by name for this run. A credential counts where the service was given one.
///
/// # Errors
/// When the credentials folder may not be looked into.
pub fn named_place(options: &VaultOptions) -> Result<Option<KeyPlace>, Fault> {
    if let Some(path) = &options.key_file {
        return Ok(Some(KeyPlace::KeyFile { path: std::path::absolute(path).unwrap_or_else(|_| path.clone()) }));
    }
    if let Some(path) = &options.credential
        && disk::exists(path)?
    {
        return Ok(Some(KeyPlace::Credential));
    }
    Ok(options.key_command.is_some().then_some(KeyPlace::Command))
}

/// A handle on the keyring, where the options allow it.
pub fn start_keyring(options: &VaultOptions) -> Option<Keyring> {
    options.keyring.clone().map(|make| Keyring::start(make, options.keyring_limit))
}

/// Opens the vault with a key, and tells a wrong key from damage by the remembered public half.
///
/// # Errors
/// [`Fault::VaultLocked`], [`Fault::VaultDamaged`].
pub fn open_contents(paths: &VaultPaths, key: &Key, marker: Option<&Marker>, sealed: &[u8]) -> Result<Contents, Fault> {
    let path = paths.vault.display().to_string();
    let is_its_key = marker.is_some_and(|marker| marker.recipient == key.recipient());
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

fn from_keyring(keyring: &mut Keyring, account: &str) -> Result<Key, Miss> {
    let text = keyring.get(account).map_err(Miss::Failed)?.ok_or(Miss::Empty)?;
    Key::read(text.expose()).ok_or_else(|| Miss::Failed("its entry is no AGE-SECRET-KEY".into()))
}

fn locked(paths: &VaultPaths, place: &KeyPlace, miss: Miss) -> Fault {
    match miss {
        Miss::Fault(fault) => fault,
        miss => Fault::VaultLocked {
            path: paths.vault.display().to_string(),
            reason: format!("{place}: {}", miss.reason()),
        },
    }
}

fn with_place(fault: Fault, place: &KeyPlace) -> Fault {
    match fault {
        Fault::VaultLocked { path, reason } => Fault::VaultLocked { path, reason: format!("{place}: {reason}") },
        other => other,
    }
}

fn listed(tried: &[Tried]) -> Vec<String> {
    tried.iter().map(|tried| format!("{}: {}", tried.place, tried.reason)).collect()
}
