//! The key of the vault, an X25519 identity of 74 characters as text, and the places where it can be kept.

use std::fmt;
use std::io;
use std::path::PathBuf;

use age::secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::path_text;
use super::redactor;
use super::sealed::{self, NotOpened};
use crate::model::secret::Secret;

/// The vault's key.
#[derive(Clone)]
pub struct Key(age::x25519::Identity);

impl Key {
    /// A new random key.
    pub fn generate() -> Self {
        Self(age::x25519::Identity::generate()).remembered()
    }

    /// Finds the key in the text of an identity file, as `age-keygen` writes it: comment lines and the key.
    /// `None` when no line is a key.
    pub fn read(text: &str) -> Option<Self> {
        let line = text.lines().map(str::trim).find(|line| line.starts_with("AGE-SECRET-KEY-1"))?;
        line.parse().ok().map(|identity| Self(identity).remembered())
    }

    /// The key as text, for the place that keeps it.
    pub fn text(&self) -> Secret {
        Secret::new(self.0.to_string().expose_secret())
    }

    /// The public half, which seals but does not open; no secret.
    pub fn recipient(&self) -> String {
        self.0.to_public().to_string()
    }

    /// Seals a vault.
    ///
    /// # Errors
    /// Practically none.
    pub fn seal(&self, plain: &[u8]) -> io::Result<Vec<u8>> {
        sealed::seal(&self.0.to_public(), plain)
    }

    /// Opens a vault.
    ///
    /// # Errors
    /// [`NotOpened`].
    pub fn unseal(&self, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, NotOpened> {
        sealed::unseal(&self.0, sealed)
    }

    fn remembered(self) -> Self {
        redactor::remember(&self.text());
        self
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[key]")
    }
}

/// Where the vault's key is. Holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "place", rename_all = "kebab-case")]
pub enum KeySource {
    /// A file that was asked for by name.
    KeyFile {
        /// The file.
        #[serde(with = "path_text")]
        path: PathBuf,
    },
    /// A credential that systemd or Kubernetes hands to the service: `itsmc-key` in `$CREDENTIALS_DIRECTORY`.
    Credential,
    /// What the command in `ITSMC_KEY_CMD` prints.
    Command,
    /// An entry of the platform's keyring.
    Keyring {
        /// The entry's user name.
        account: String,
    },
    /// `key.age`, which a passphrase opens.
    Passphrase,
}

impl KeySource {
    /// The stable name in JSON and in texts.
    pub fn id(&self) -> &'static str {
        match self {
            Self::KeyFile { .. } => "key-file",
            Self::Credential => "credential",
            Self::Command => "command",
            Self::Keyring { .. } => "keyring",
            Self::Passphrase => "passphrase",
        }
    }
}

impl fmt::Display for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KeyFile { path } => write!(f, "key file {}", path.display()),
            Self::Credential => f.write_str("$CREDENTIALS_DIRECTORY/itsmc-key"),
            Self::Command => f.write_str("ITSMC_KEY_CMD"),
            Self::Keyring { .. } => f.write_str("keyring"),
            Self::Passphrase => f.write_str("passphrase"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_among_comments() {
        let key = Key::generate();
        let text = format!("# created: today\n# public key: {}\n{}\n", key.recipient(), key.text().expose());
        assert_eq!(Key::read(&text).unwrap().recipient(), key.recipient());
        assert!(Key::read("# nothing\nAGE-SECRET-KEY-1NONSENSE\n").is_none());
    }

    #[test]
    fn a_key_is_never_printed() {
        let key = Key::generate();
        assert_eq!(format!("{key:?}"), "[key]");
        let line = format!("x {} y", key.text().expose());
        assert_eq!(redactor::redact(line.as_bytes()).as_ref(), b"x [secret] y");
    }

    #[test]
    fn only_the_right_key_opens_and_damage_is_told_apart() {
        let (key, other) = (Key::generate(), Key::generate());
        let mut sealed = key.seal(b"{}").unwrap();
        assert_eq!(key.unseal(&sealed).unwrap().as_slice(), b"{}");
        assert_eq!(other.unseal(&sealed).unwrap_err(), NotOpened::WrongKey);
        let last = sealed.len() - 1;
        sealed[last] ^= 1;
        assert!(matches!(key.unseal(&sealed), Err(NotOpened::Damaged(_))));
        assert!(matches!(key.unseal(b""), Err(NotOpened::Damaged(_))));
    }
}
