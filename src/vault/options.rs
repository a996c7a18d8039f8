//! Where the vault's files are, and what the user said about its key.

use std::env;
use std::fmt;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::source::keyring::{MakeStore, platform_store};

/// The scrypt work factor of a passphrase-protected key: 2^16 rounds, about a quarter of a second.
const WORK: u8 = 16;
/// How long a change waits for another process's, which may be waiting for a slow sign-in.
const LOCK_LIMIT: Duration = Duration::from_secs(90);
const KEYRING_LIMIT: Duration = Duration::from_secs(5);
/// A desktop may show an unlock prompt, and a person has to type.
const KEYRING_LIMIT_WITH_PROMPT: Duration = Duration::from_secs(30);
const COMMAND_LIMIT: Duration = Duration::from_secs(60);

/// The vault's files, all in one folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VaultPaths {
    /// The sealed secrets.
    pub vault: PathBuf,
    /// The lock held across read, refresh and write.
    pub lock: PathBuf,
    /// The note of where the key is.
    pub hint: PathBuf,
    /// The key under a passphrase, where that place was chosen.
    pub wrapped_key: PathBuf,
}

impl VaultPaths {
    /// The usual names in this folder.
    pub fn in_dir(dir: &Path) -> Self {
        Self {
            vault: dir.join("vault.age"),
            lock: dir.join("vault.lock"),
            hint: dir.join("key-place.json"),
            wrapped_key: dir.join("key.age"),
        }
    }

    /// The folder.
    pub fn dir(&self) -> &Path {
        self.vault.parent().unwrap_or(Path::new("."))
    }

    /// The user name of this vault's keyring entry: each home has its own key.
    pub fn account(&self) -> String {
        let dir = std::path::absolute(self.dir()).unwrap_or_else(|_| self.dir().to_owned());
        format!("vault {}", super::path_text::text_of(&dir))
    }
}

/// What the user said about the key, and the limits.
#[derive(Clone)]
pub struct VaultOptions {
    /// `--key-file` or `ITSMC_KEY_FILE`. A file that does not exist is made on first use, since it was asked for
    /// by name.
    pub key_file: Option<PathBuf>,
    /// `itsmc-key` in `$CREDENTIALS_DIRECTORY`, where that variable is set.
    pub credential: Option<PathBuf>,
    /// `ITSMC_KEY_CMD`, run by the shell; it prints the key.
    pub key_command: Option<String>,
    /// `ITSMC_PASSPHRASE_FILE`; its first line is the passphrase.
    pub passphrase_file: Option<PathBuf>,
    /// The platform's keyring; `None` leaves it alone.
    pub keyring: Option<MakeStore>,
    /// How long the keyring may take to answer.
    pub keyring_limit: Duration,
    /// How long the key command may take.
    pub command_limit: Duration,
    /// How long to wait for another process that changes the vault.
    pub lock_limit: Duration,
    /// The scrypt work factor for a new passphrase-protected key.
    pub work: u8,
}

impl VaultOptions {
    /// The options of this process: `--key-file` if it was given, and the environment.
    pub fn from_env(key_file: Option<PathBuf>) -> Self {
        Self {
            key_file: key_file.or_else(|| path_from("ITSMC_KEY_FILE")),
            credential: path_from("CREDENTIALS_DIRECTORY").map(|dir| dir.join("itsmc-key")),
            key_command: env::var("ITSMC_KEY_CMD").ok().filter(|command| !command.trim().is_empty()),
            passphrase_file: path_from("ITSMC_PASSPHRASE_FILE"),
            keyring: Some(Arc::new(platform_store)),
            keyring_limit: if may_see_a_prompt() { KEYRING_LIMIT_WITH_PROMPT } else { KEYRING_LIMIT },
            ..Self::bare()
        }
    }

    /// Whether the key's place was named for this run.
    pub fn names_a_place(&self) -> bool {
        self.key_file.is_some() || self.credential.is_some() || self.key_command.is_some()
    }

    /// Options that look nowhere, neither in the environment nor in the keyring.
    pub fn bare() -> Self {
        Self {
            key_file: None,
            credential: None,
            key_command: None,
            passphrase_file: None,
            keyring: None,
            keyring_limit: KEYRING_LIMIT,
            command_limit: COMMAND_LIMIT,
            lock_limit: LOCK_LIMIT,
            work: WORK,
        }
    }

    /// Options for a temporary home: the key is in this file, created on first use, and no other place is searched.
    pub fn key_file_only(path: PathBuf) -> Self {
        Self { key_file: Some(path), ..Self::bare() }
    }
}

impl fmt::Debug for VaultOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The command may carry a password among its arguments.
        f.debug_struct("VaultOptions")
            .field("key_file", &self.key_file)
            .field("credential", &self.credential)
            .field("key_command", &self.key_command.is_some())
            .field("passphrase_file", &self.passphrase_file)
            .field("keyring", &self.keyring.is_some())
            .finish_non_exhaustive()
    }
}

fn path_from(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from)
}

fn may_see_a_prompt() -> bool {
    let has_display = cfg!(any(windows, target_os = "macos"))
        || env::var_os("DISPLAY").is_some()
        || env::var_os("WAYLAND_DISPLAY").is_some();
    has_display && std::io::stdin().is_terminal()
}
