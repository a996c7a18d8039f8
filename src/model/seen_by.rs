//! Whose rights a list was read with.

use serde::{Deserialize, Serialize};

/// The user as whom the checklist was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "seen_by", rename_all = "snake_case")]
pub enum SeenBy {
    /// The connection's own user.
    Integration,
    /// An admin who signed in for this session.
    Admin {
        /// Who.
        user_name: String,
    },
}
