//! What becomes of tokens that a connection leaves behind at the product.

use serde::{Deserialize, Serialize};

use super::fault::Fault;
use super::token_list::HeldToken;

/// What became of tokens that were left behind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leaving {
    /// How many were seen to be refused.
    pub revoked: usize,
    /// Those that live on at the product until they end.
    pub live: Vec<HeldToken>,
}

impl Leaving {
    /// Whether there is nothing to tell.
    pub fn is_empty(&self) -> bool {
        self.revoked == 0 && self.live.is_empty()
    }
}

/// How a change of a connection ended, and what became of the tokens that it replaced: those are left behind even where
/// the change was cut off after that.
#[derive(Debug, Clone, PartialEq)]
pub struct Parting {
    /// The tokens that were replaced.
    pub leaving: Leaving,
    /// What kept the change from being made whole.
    pub outcome: Result<(), Fault>,
}

/// A change that left nothing behind.
impl From<Result<(), Fault>> for Parting {
    fn from(outcome: Result<(), Fault>) -> Self {
        Self { leaving: Leaving::default(), outcome }
    }
}
