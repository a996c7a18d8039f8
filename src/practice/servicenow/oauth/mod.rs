//! Who may sign in, and the tokens they hold.

mod accounts;
mod grant;
mod tokens;

use serde::{Deserialize, Serialize};

pub(crate) use accounts::{Account, Accounts};
pub(crate) use grant::{Form, Grants, Refusal};
pub(crate) use tokens::{TokenBook, TokenKind};

/// Token lives and which grants are on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OAuthOptions {
    /// Life of an access token, in seconds.
    pub access_lifespan: i64,
    /// Life of a refresh token after the last password grant, in seconds.
    pub refresh_lifespan: i64,
    /// Whether the reply to a refresh grant repeats the refresh token.
    pub refresh_token_in_refresh_reply: bool,
    /// Whether the password grant is on.
    pub password_grant: bool,
    /// Whether the client-credentials grant is on.
    pub client_credentials: bool,
    /// So many wrong passwords lock the user.
    pub lock_after: u32,
}

impl Default for OAuthOptions {
    fn default() -> Self {
        Self {
            access_lifespan: 1800,
            refresh_lifespan: 7_776_000,
            refresh_token_in_refresh_reply: true,
            password_grant: true,
            client_credentials: false,
            lock_after: 3,
        }
    }
}

/// The state of a user; what is not named stays as it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UserState {
    /// `active`
    pub active: Option<bool>,
    /// `locked_out`
    pub locked_out: Option<bool>,
    /// `password_needs_reset`
    pub password_needs_reset: Option<bool>,
    /// Whether the user may use the REST API at all.
    pub api_access: Option<bool>,
}

/// Which tokens to make worthless.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Revoke {
    /// Every access token.
    Access,
    /// Every refresh token.
    Refresh,
    /// Every token.
    All,
}
