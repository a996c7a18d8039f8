//! A key in a file: a named one, or a credential of a service.

use std::path::Path;

use zeroize::Zeroizing;

use super::KeySourceError;
use crate::files;
use crate::model::encoding::decode;
use crate::model::fault::Fault;
use crate::vault::disk;
use crate::vault::key::Key;

/// The largest key or passphrase file, in bytes.
pub const MOST_BYTES: u64 = 64 * 1024;

/// Reads the key.
///
/// # Errors
/// [`KeySourceError::Empty`] when there is no such file.
pub fn get(path: &Path) -> Result<Key, KeySourceError> {
    let bytes = files::read_named(path, MOST_BYTES)?.ok_or(KeySourceError::Empty)?;
    let text = decode(&bytes).ok().map(Zeroizing::new);
    text.and_then(|text| Key::read(&text))
        .ok_or_else(|| KeySourceError::Failed(format!("{} holds no AGE-SECRET-KEY", path.display())))
}

/// Writes the key into a new file of mode 0600.
///
/// # Errors
/// When a file is there already, or none can be written.
pub fn put_new(path: &Path, key: &Key) -> Result<(), Fault> {
    if let Some(dir) = path.parent().filter(|dir| !dir.as_os_str().is_empty()) {
        disk::private_dir(dir)?;
    }
    disk::write_new(path, &text_of(key))
}

/// The key as the text of an identity file.
pub fn text_of(key: &Key) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(format!("# public key: {}\n{}\n", key.recipient(), key.text().expose()).into_bytes())
}

/// Whether others than the owner may read the file; `None` where that is not known.
pub fn open_to_others(path: &Path) -> Option<bool> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::metadata(path).ok().map(|metadata| metadata.permissions().mode() & 0o077 != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        None
    }
}
