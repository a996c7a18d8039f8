//! All secrets of all connections, in one `vault.age` (age format, so that `age -d` opens it), and the one small
//! key that opens it.
//!
//! The vault is written whole: to a temporary file beside it, flushed, renamed. Whoever changes it holds a lock
//! file across reading and writing, so that two processes never lose each other's tokens. The password of a
//! connection has no place in it.

mod ask;
mod contents;
pub mod disk;
pub mod doctor;
mod find;
mod key;
mod key_hint;
mod lock_file;
mod move_key;
mod options;
mod owner;
mod path_text;
mod sealed;
mod source;
#[cfg(test)]
pub mod testing;
mod unlocked;
mod vault_file;

pub use crate::model::redactor;
pub use ask::{AskPassphrase, NoAsk};
pub use find::{Tried, Why};
pub use key::KeySource;
pub use lock_file::LockFile;
pub use move_key::{KeyTarget, Moved};
pub use options::{VaultOptions, VaultPaths};
pub use owner::{Held, Left, Owner, Since, WorkspaceSecrets};
pub use source::keyring::{Keyring, MakeStore, platform_store};
pub use vault_file::{KeyUse, Made, Vault, VaultGuard};
