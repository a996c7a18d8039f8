//! A value that must never be seen: it cannot be serialized, prints as `[secret]`, and is wiped on drop.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

/// A password, client secret or token. Read it with [`Secret::expose`] only where it is used.
#[derive(Clone, Default, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Secret(String);

impl Secret {
    /// Takes ownership of the text; the caller should not keep another copy.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The value itself, for the one place that sends or encrypts it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether nothing was given.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many characters a screen may say it holds.
    pub fn chars(&self) -> usize {
        self.0.chars().count()
    }

    /// Edits the value in place, for an input field; the old buffer is wiped if it moves.
    pub fn edit(&mut self, change: impl FnOnce(&mut String)) {
        let mut text = String::with_capacity(self.0.len() + 64);
        text.push_str(&self.0);
        change(&mut text);
        self.0.zeroize();
        self.0 = text;
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_never_prints_itself() {
        let secret = Secret::new("hunter2");
        assert_eq!(format!("{secret} {secret:?}"), "[secret] [secret]");
    }

    #[test]
    fn it_can_be_edited_in_place() {
        let mut secret = Secret::new("abc");
        secret.edit(|text| text.push('d'));
        assert_eq!(secret.expose(), "abcd");
        assert_eq!(secret.chars(), 4);
    }
}
