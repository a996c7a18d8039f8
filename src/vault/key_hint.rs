//! The place chosen for the key, remembered in a small file, so that the choice is never silently changed.

use serde::{Deserialize, Serialize};

use super::disk;
use super::key::{Key, KeySource};
use super::options::VaultPaths;
use crate::model::fault::Fault;

/// The remembered choice. Holds no secret: the recipient is the public half of the key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyHint {
    /// Where the key is.
    #[serde(flatten)]
    pub place: KeySource,
    /// Which key it is.
    pub recipient: String,
    /// Whether the entries of the vault are bound to identities; an entry without one is then not trusted.
    #[serde(default)]
    pub bound: bool,
}

impl KeyHint {
    /// The choice to remember.
    pub fn new(place: &KeySource, key: &Key) -> Self {
        Self { place: place.clone(), recipient: key.recipient(), bound: false }
    }

    /// The remembered choice; `None` if there is none or it cannot be read. The key is then searched for again, and only one
    /// that opens the vault is accepted.
    ///
    /// # Errors
    /// When the file is there and may not be read.
    pub fn load(paths: &VaultPaths) -> Result<Option<Self>, Fault> {
        let Some(bytes) = disk::read(&paths.hint)? else { return Ok(None) };
        let hint = serde_json::from_slice(&bytes);
        if let Err(error) = &hint {
            tracing::warn!(path = %paths.hint.display(), %error, "the note of the key's place cannot be read");
        }
        Ok(hint.ok())
    }

    /// Remembers the choice.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save(&self, paths: &VaultPaths) -> Result<(), Fault> {
        let json = serde_json::to_vec_pretty(self).map_err(|error| Fault::Internal { what: error.to_string() })?;
        disk::write_whole(&paths.hint, &json)
    }
}
