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
    /// Tokens of which none is revoked yet.
    pub fn of(live: Vec<HeldToken>) -> Self {
        Self { revoked: 0, live }
    }

    /// Whether there is nothing to tell.
    pub fn is_empty(&self) -> bool {
        self.revoked == 0 && self.live.is_empty()
    }
}

/// How a change of a connection ended, and what became of the tokens that it replaced: those are left behind even where
/// the change was cut off after that.
#[derive(Debug, Clone, PartialEq)]
pub struct Parting<T = ()> {
    /// The tokens that were replaced.
    pub leaving: Leaving,
    /// What came of the change, or what kept it from being made whole.
    pub outcome: Result<T, Fault>,
}

/// A change that left nothing behind.
impl<T> From<Result<T, Fault>> for Parting<T> {
    fn from(outcome: Result<T, Fault>) -> Self {
        Self { leaving: Leaving::default(), outcome }
    }
}
