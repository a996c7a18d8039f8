//! Paths as JSON, which is UTF-8 and a path need not be. One that is not is written byte by byte, percent-encoded behind
//! a mark that no path begins with, and read back as it was.

use std::path::{Path, PathBuf};

use serde::{Deserialize as _, Deserializer, Serializer};

const MARK: &str = "bytes:///";

/// Writes a path.
///
/// # Errors
/// The serializer's own.
pub fn serialize<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&text_of(path))
}

/// Reads a path.
///
/// # Errors
/// The deserializer's own.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PathBuf, D::Error> {
    String::deserialize(deserializer).map(|text| path_of(&text))
}

/// The path as text that can be read back.
pub fn text_of(path: &Path) -> String {
    match path.to_str() {
        Some(text) => text.to_owned(),
        None => {
            let bytes = path.as_os_str().as_encoded_bytes().iter();
            let encoded: String = bytes
                .map(|byte| match byte {
                    b'/' | b'.' | b'-' | b'_' => char::from(*byte).to_string(),
                    _ if byte.is_ascii_alphanumeric() => char::from(*byte).to_string(),
                    _ => format!("%{byte:02X}"),
                })
                .collect();
            format!("{MARK}{encoded}")
        }
    }
}

#[cfg(unix)]
fn path_of(text: &str) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    let Some(encoded) = text.strip_prefix(MARK) else { return PathBuf::from(text) };
    let (mut bytes, mut rest) = (Vec::new(), encoded.as_bytes());
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).filter(|_| *first == b'%').and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    PathBuf::from(std::ffi::OsString::from_vec(bytes))
}

#[cfg(not(unix))]
fn path_of(text: &str) -> PathBuf {
    PathBuf::from(text)
}

#[cfg(all(test, unix))]
mod tests {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    use super::*;

    #[test]
    fn e5_a_path_that_is_no_utf_8_comes_back_as_it_was() {
        for bytes in [b"/home/ada/key".as_slice(), b"/h\xff/k%e9 y", "/höme/日本".as_bytes(), b"\xff"] {
            let path = Path::new(OsStr::from_bytes(bytes));
            assert_eq!(path_of(&text_of(path)), path);
        }
        assert_eq!(text_of(Path::new("/home/ada/key")), "/home/ada/key");
    }
}
