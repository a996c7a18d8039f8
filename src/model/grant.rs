//! How a connection gets its tokens.

use serde::{Deserialize, Serialize};

/// How a connection gets its tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grant {
    /// By user name and password, and from then on by a refresh token that lives a fixed time.
    #[default]
    Password,
    /// By the application's own secret: no password, no refresh token, no end.
    ClientCredentials,
}

impl Grant {
    /// Every grant.
    pub const ALL: [Self; 2] = [Self::Password, Self::ClientCredentials];

    /// The name in the config file and in JSON, the same as serde's.
    pub fn id(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::ClientCredentials => "client_credentials",
        }
    }

    /// The grant with this [`id`](Self::id).
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|grant| grant.id() == id)
    }

    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
    pub(super) fn is_password(&self) -> bool {
        *self == Self::Password
    }
}
