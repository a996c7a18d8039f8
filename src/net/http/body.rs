//! The body of a reply. Whether it is a text is found out once, as it arrives: pages of rows are megabytes.

use std::ops::Deref;

/// A body, unpacked.
#[derive(Clone, PartialEq, Eq)]
pub enum Body {
    /// A text in UTF-8.
    Text(String),
    /// Anything else; a text that was cut off in the middle of a character as well.
    Bytes(Vec<u8>),
}

impl Body {
    /// The body as a text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Bytes(_) => None,
        }
    }

    /// The bytes themselves.
    pub fn into_bytes(self) -> Vec<u8> {
        match self {
            Self::Text(text) => text.into_bytes(),
            Self::Bytes(bytes) => bytes,
        }
    }

    /// Makes it a text; invalid bytes become U+FFFD. Returns whether there were any. A body that ends in the middle of a character is
    /// truncated, not damaged, and stays as it is.
    pub(super) fn make_text(&mut self) -> bool {
        let Self::Bytes(bytes) = self else { return false };
        if std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none()) {
            return false;
        }
        *self = Self::Text(String::from_utf8_lossy(bytes).into_owned());
        true
    }
}

impl Default for Body {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        String::from_utf8(bytes).map_or_else(|error| Self::Bytes(error.into_bytes()), Self::Text)
    }
}

impl From<&[u8]> for Body {
    fn from(bytes: &[u8]) -> Self {
        bytes.to_vec().into()
    }
}

impl From<&str> for Body {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl Deref for Body {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Bytes(bytes) => bytes,
        }
    }
}
