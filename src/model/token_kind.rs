//! Kinds of tokens.

use serde::{Deserialize, Serialize};

/// What a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenKind {
    /// Opens the interface for a short time.
    Access,
    /// Gets new access tokens.
    Refresh,
    /// Another kind, such as an authorization code.
    Other,
}
