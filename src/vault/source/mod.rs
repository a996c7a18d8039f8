//! The places where the vault's key can be, each with its own errors.

pub mod command;
pub mod file;
pub mod keyring;
pub mod wrapped;

use crate::model::fault::Fault;

/// Why a place did not give a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeySourceError {
    /// The place works, but holds no key.
    Empty,
    /// The place does not work.
    Failed(String),
    /// Something to tell the user as it is.
    Fault(Fault),
}

impl KeySourceError {
    /// The reason in a few words, free of secrets.
    pub fn reason(&self) -> String {
        match self {
            Self::Empty => "it holds no key".into(),
            Self::Failed(reason) => reason.clone(),
            Self::Fault(fault) => fault.code().into(),
        }
    }
}

impl From<Fault> for KeySourceError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}
