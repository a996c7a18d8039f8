//! Asks for the passphrase of the key. The front end supplies the words.

use crate::model::secret::Secret;

/// Asks the user for the passphrase of the vault's key.
pub trait AskPassphrase: Send {
    /// The passphrase of the key there is; `again` when the last one was wrong. `None` when nobody can be asked
    /// or nothing was entered.
    fn passphrase(&mut self, again: bool) -> Option<Secret>;

    /// A passphrase for a new key, entered twice. `None` as above.
    fn new_passphrase(&mut self) -> Option<Secret>;

    /// Whether there is someone to ask: tells a question that was left from one that could not be asked.
    fn can_ask(&self) -> bool {
        true
    }
}

/// No one to ask: no terminal, or the screen is in use.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoAsk;

impl AskPassphrase for NoAsk {
    fn passphrase(&mut self, _: bool) -> Option<Secret> {
        None
    }

    fn new_passphrase(&mut self) -> Option<Secret> {
        None
    }

    fn can_ask(&self) -> bool {
        false
    }
}
