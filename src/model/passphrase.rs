//! What is asked about the passphrase of the vault's key.

/// Which passphrase is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// One for a new key; it must be entered twice.
    New,
    /// The one of the key there is; `again` when the last one was wrong.
    Existing {
        /// Whether the last one was wrong.
        again: bool,
    },
}

/// One question to the user. Ids grow and are never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question {
    /// Which question an answer belongs to.
    pub id: u64,
    /// What is asked.
    pub wanted: Wanted,
}
