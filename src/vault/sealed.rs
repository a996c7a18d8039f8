//! Sealing and opening in the age format (<https://age-encryption.org/v1>): X25519 for the vault, scrypt for a key
//! that a passphrase protects.

use std::io::{self, Read, Write};
use std::iter;

use age::{DecryptError, Decryptor, EncryptError, Encryptor, Identity, Recipient};
use zeroize::Zeroizing;

use crate::model::secret::Secret;

/// The most work (2^n scrypt rounds) taken to open a passphrase-protected key: seconds, not hours.
const MOST_WORK: u8 = 20;

/// Why something sealed could not be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotOpened {
    /// The key or passphrase does not fit, or the header that says so is damaged.
    WrongKey,
    /// It is no whole age file; the text says in what way and holds none of its contents.
    Damaged(String),
}

/// Seals to one recipient.
///
/// # Errors
/// Practically none: it writes to memory.
pub fn seal(recipient: &dyn Recipient, plain: &[u8]) -> io::Result<Vec<u8>> {
    let encryptor = Encryptor::with_recipients(iter::once(recipient)).map_err(to_io)?;
    let mut sealed = Vec::with_capacity(plain.len() + 512);
    let mut writer = encryptor.wrap_output(&mut sealed)?;
    writer.write_all(plain)?;
    writer.finish()?;
    Ok(sealed)
}

/// Opens what was sealed, into memory that is wiped.
///
/// # Errors
/// [`NotOpened`].
pub fn unseal(identity: &dyn Identity, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, NotOpened> {
    let decryptor = Decryptor::new_buffered(sealed).map_err(not_opened)?;
    let mut reader = decryptor.decrypt(iter::once(identity)).map_err(not_opened)?;
    // Large enough from the start, so that growing leaves no copies behind.
    let mut plain = Zeroizing::new(Vec::with_capacity(sealed.len()));
    reader.read_to_end(&mut plain).map_err(|error| NotOpened::Damaged(error.to_string()))?;
    Ok(plain)
}

/// Seals with a passphrase; `work` is the scrypt work factor, 2^work rounds.
///
/// # Errors
/// Practically none: it writes to memory.
pub fn seal_with_passphrase(passphrase: &Secret, work: u8, plain: &[u8]) -> io::Result<Vec<u8>> {
    let mut recipient = age::scrypt::Recipient::new(passphrase.expose().into());
    recipient.set_work_factor(work.clamp(1, MOST_WORK));
    seal(&recipient, plain)
}

/// Opens what a passphrase sealed.
///
/// # Errors
/// [`NotOpened`].
pub fn unseal_with_passphrase(passphrase: &Secret, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, NotOpened> {
    let mut identity = age::scrypt::Identity::new(passphrase.expose().into());
    identity.set_max_work_factor(MOST_WORK);
    unseal(&identity, sealed)
}

fn to_io(error: EncryptError) -> io::Error {
    match error {
        EncryptError::Io(error) => error,
        other => io::Error::other(other.to_string()),
    }
}

fn not_opened(error: DecryptError) -> NotOpened {
    match error {
        DecryptError::NoMatchingKeys | DecryptError::DecryptionFailed | DecryptError::KeyDecryptionFailed => {
            NotOpened::WrongKey
        }
        other => NotOpened::Damaged(other.to_string()),
    }
}
