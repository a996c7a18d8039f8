//! A key in `key.age`, which a passphrase opens (`age -d key.age` does as well).

use std::path::Path;

use zeroize::Zeroizing;

use super::{KeySourceError, file};
use crate::files;
use crate::model::encoding::decode;
use crate::model::fault::Fault;
use crate::model::secret::Secret;
use crate::vault::ask::AskPassphrase;
use crate::vault::disk;
use crate::vault::key::Key;
use crate::vault::redactor;
use crate::vault::sealed::{self, NotOpened};

const ATTEMPTS: usize = 3;

/// Where the passphrase comes from: a file, or a person who can be asked.
pub struct Passphrase<'a> {
    /// The file whose first line it is.
    pub file: Option<&'a Path>,
    /// Asked where there is no file.
    pub ask: &'a mut dyn AskPassphrase,
}

/// Opens the key, asking up to three times.
///
/// # Errors
/// [`KeySourceError::Empty`] when there is no such file; [`Fault::WrongPassphrase`]; [`Fault::VaultDamaged`].
pub fn get(path: &Path, mut from: Passphrase<'_>) -> Result<Key, KeySourceError> {
    let wrapped = disk::read(path)?.ok_or(KeySourceError::Empty)?;
    for attempt in 0..ATTEMPTS {
        match sealed::unseal_with_passphrase(&from.existing(attempt > 0)?, &wrapped) {
            Ok(text) => return read(path, &text),
            Err(NotOpened::WrongKey) if from.file.is_none() => {}
            Err(NotOpened::WrongKey) => break,
            Err(NotOpened::Damaged(reason)) => return Err(damaged(path, reason)),
        }
    }
    Err(Fault::WrongPassphrase { path: path.display().to_string() }.into())
}

/// Asks for a new passphrase and writes the key under it. `work` is the scrypt work factor.
///
/// # Errors
/// [`KeySourceError::Failed`] if nobody can be asked; a fault of the file.
pub fn put(path: &Path, key: &Key, work: u8, mut from: Passphrase<'_>) -> Result<(), KeySourceError> {
    let passphrase = from.new_one()?;
    let wrapped = sealed::seal_with_passphrase(&passphrase, work, &file::text_of(key))
        .map_err(|error| KeySourceError::Failed(error.to_string()))?;
    Ok(disk::write_whole(path, &wrapped)?)
}

impl Passphrase<'_> {
    fn existing(&mut self, again: bool) -> Result<Secret, KeySourceError> {
        self.known(|ask| ask.passphrase(again))
    }

    fn new_one(&mut self) -> Result<Secret, KeySourceError> {
        self.known(|ask| ask.new_passphrase())
    }

    fn known(&mut self, ask: impl FnOnce(&mut dyn AskPassphrase) -> Option<Secret>) -> Result<Secret, KeySourceError> {
        let given = match self.file {
            Some(path) => first_line(path)?,
            None => {
                let given = ask(self.ask);
                given.ok_or_else(|| KeySourceError::Failed(not_given(self.ask.can_ask()).into()))?
            }
        };
        if given.is_empty() {
            return Err(KeySourceError::Failed("the passphrase is empty".into()));
        }
        redactor::remember(&given);
        Ok(given)
    }
}

fn not_given(asked: bool) -> &'static str {
    if asked { "no passphrase was entered" } else { "no passphrase was given, and nobody can be asked" }
}

fn first_line(path: &Path) -> Result<Secret, KeySourceError> {
    let missing = || KeySourceError::Failed(format!("the passphrase file {} does not exist", path.display()));
    let bytes = files::read_named(path, file::MOST_BYTES)?.ok_or_else(missing)?;
    let text = decode(&bytes)
        .map_err(|not_text| KeySourceError::Failed(format!("the passphrase file: {}", not_text.reason())))?;
    let text = Zeroizing::new(text);
    Ok(Secret::new(text.lines().next().unwrap_or_default()))
}

fn read(path: &Path, text: &[u8]) -> Result<Key, KeySourceError> {
    std::str::from_utf8(text).ok().and_then(Key::read).ok_or_else(|| damaged(path, "it holds no key".into()))
}

fn damaged(path: &Path, reason: String) -> KeySourceError {
    Fault::VaultDamaged { path: path.display().to_string(), reason }.into()
}
