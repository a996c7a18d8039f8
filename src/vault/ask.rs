//! How the passphrase of the key is asked for. The words come from whoever owns the screen.

use crate::model::secret::Secret;

/// Asks the user for the passphrase of the vault's key.
pub trait AskPassphrase: Send {
    /// The passphrase of the key there is; `again` when the last one was wrong. `None` when nobody can be asked
    /// or nothing was entered.
    fn passphrase(&mut self, again: bool) -> Option<Secret>;

    /// A passphrase for a new key, entered twice. `None` as above.
    fn new_passphrase(&mut self) -> Option<Secret>;
}

/// Nobody to ask: no terminal, or the screen is in use.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoAsk;

impl AskPassphrase for NoAsk {
    fn passphrase(&mut self, _: bool) -> Option<Secret> {
        None
    }

    fn new_passphrase(&mut self) -> Option<Secret> {
        None
    }
}

/// Asks on the controlling terminal, without echo. Not to be used while a screen is drawn there.
#[derive(Debug, Clone)]
pub struct TerminalAsk {
    /// Asks for the passphrase there is.
    pub enter: String,
    /// Said before asking once more.
    pub wrong: String,
    /// Asks for a new one.
    pub choose: String,
    /// Asks for the new one a second time.
    pub repeat: String,
    /// Said when the two differ.
    pub differ: String,
}

impl TerminalAsk {
    const ATTEMPTS: usize = 3;
}

impl AskPassphrase for TerminalAsk {
    fn passphrase(&mut self, again: bool) -> Option<Secret> {
        let prompt = if again { format!("{}\n{}", self.wrong, self.enter) } else { self.enter.clone() };
        read(&prompt)
    }

    fn new_passphrase(&mut self) -> Option<Secret> {
        let mut prompt = self.choose.clone();
        for _ in 0..Self::ATTEMPTS {
            let first = read(&prompt)?;
            if read(&self.repeat)? == first {
                return Some(first);
            }
            prompt = format!("{}\n{}", self.differ, self.choose);
        }
        None
    }
}

fn read(prompt: &str) -> Option<Secret> {
    rpassword::prompt_password(prompt).ok().map(Secret::new).filter(|secret| !secret.is_empty())
}
