//! What this machine offers as a secret store, and what is in use: for `itsmc doctor`. Free of secrets, changes
//! nothing but a canary in the keyring, and asks nobody.

use std::path::PathBuf;

use serde::Serialize;

use super::disk;
use super::find::{named_place, start_keyring};
use super::key::KeySource;
use super::key_hint::KeyHint;
use super::options::{VaultOptions, VaultPaths};
use super::path_text;
use super::source::{KeySourceError, command, file};
use crate::model::fault::Fault;

/// The facts about the secret store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StoreFacts {
    /// The vault's file.
    #[serde(serialize_with = "path_text::serialize")]
    pub vault: PathBuf,
    /// Whether it is there.
    pub exists: bool,
    /// The place that was named for this run.
    pub named: Option<KeySource>,
    /// The place that was chosen when the vault was made.
    pub remembered: Option<KeySource>,
    /// Every place, in the order of the search.
    pub places: Vec<PlaceFacts>,
}

/// The facts about one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlaceFacts {
    /// `key-file`, `credential`, `command`, `keyring` or `passphrase`.
    pub place: &'static str,
    /// Its state.
    pub state: PlaceState,
    /// More about it, where there is more to say.
    pub detail: Option<String>,
    /// Whether the vault's key is taken from here.
    pub in_use: bool,
}

/// The state of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceState {
    /// It works.
    Works,
    /// It does not work.
    Fails,
    /// Nothing was said about it, or nothing is there.
    NotSet,
    /// It works once the passphrase is given.
    NeedsPassphrase,
}

/// Looks at every place.
///
/// # Errors
/// When the vault's folder may not be read.
pub fn examine(paths: &VaultPaths, options: &VaultOptions) -> Result<StoreFacts, Fault> {
    let named = named_place(options)?;
    let remembered = KeyHint::load(paths)?.map(|hint| hint.place);
    let in_use = named.as_ref().or(remembered.as_ref()).map(KeySource::id);
    let key_file = options.key_file.clone().or_else(|| match &remembered {
        Some(KeySource::KeyFile { path }) => Some(path.clone()),
        _ => None,
    });
    let looks = [
        ("key-file", in_file(key_file.as_ref())),
        ("credential", in_file(options.credential.as_ref())),
        ("command", by_command(options)),
        ("keyring", in_keyring(options)),
        ("passphrase", under_passphrase(paths, options)?),
    ];
    let places =
        looks.map(|(place, (state, detail))| PlaceFacts { place, state, detail, in_use: in_use == Some(place) });
    Ok(StoreFacts {
        vault: paths.vault.clone(),
        exists: disk::exists(&paths.vault)?,
        named,
        remembered,
        places: places.into(),
    })
}

/// The files of a key or a passphrase that are used here and that other users may read.
pub fn open_key_files(paths: &VaultPaths, options: &VaultOptions) -> Vec<PathBuf> {
    let remembered = match KeyHint::load(paths) {
        Ok(Some(KeyHint { place: KeySource::KeyFile { path }, .. })) => Some(path),
        _ => None,
    };
    let key_file = options.key_file.clone().or(remembered.filter(|_| !options.names_a_place()));
    let wrapped = options.passphrase_file.is_some().then(|| paths.wrapped_key.clone());
    let used = [key_file, options.credential.clone(), options.passphrase_file.clone(), wrapped];
    used.into_iter().flatten().filter(|path| file::open_to_others(path) == Some(true)).collect()
}

type Look = (PlaceState, Option<String>);

fn in_file(path: Option<&PathBuf>) -> Look {
    let Some(path) = path else { return (PlaceState::NotSet, None) };
    let shown = path.display();
    match file::get(path) {
        Ok(_) if file::open_to_others(path) == Some(true) => {
            (PlaceState::Works, Some(format!("{shown}: others on this machine may read it")))
        }
        Ok(_) => (PlaceState::Works, Some(shown.to_string())),
        Err(KeySourceError::Empty) => (PlaceState::NotSet, Some(format!("{shown} does not exist"))),
        Err(miss) => (PlaceState::Fails, Some(format!("{shown}: {}", miss.reason()))),
    }
}

fn by_command(options: &VaultOptions) -> Look {
    match &options.key_command {
        None => (PlaceState::NotSet, None),
        Some(text) => stands(command::get(text, options.command_limit).map(|_| ()).map_err(|miss| miss.reason())),
    }
}

fn in_keyring(options: &VaultOptions) -> Look {
    match start_keyring(options) {
        None => (PlaceState::NotSet, None),
        Some(mut keyring) => stands(keyring.probe()),
    }
}

fn under_passphrase(paths: &VaultPaths, options: &VaultOptions) -> Result<Look, Fault> {
    let from = options.passphrase_file.as_ref().map(|path| format!("from {}", path.display()));
    let state = if disk::exists(&paths.wrapped_key)? { PlaceState::NeedsPassphrase } else { PlaceState::NotSet };
    Ok((state, from))
}

fn stands(outcome: Result<(), String>) -> Look {
    match outcome {
        Ok(()) => (PlaceState::Works, None),
        Err(reason) => (PlaceState::Fails, Some(reason)),
    }
}
