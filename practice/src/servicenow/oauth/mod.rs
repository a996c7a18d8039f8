//! Who may sign in, and the tokens they hold.

mod accounts;
mod grant;
mod tokens;

use serde::{Deserialize, Serialize};

pub use accounts::PasswordState;
pub(crate) use accounts::{Account, Secrets, user_named};
pub(crate) use grant::{CLIENT_CREDENTIALS, Form, Grants, OAUTH_ACTIVE, PASSWORD_DISABLED, Refusal};
pub use tokens::TokenKind;
pub(crate) use tokens::{Token, TokenBook, Wanted};

/// Token lives and which grants are on at the start, and oddities. Lives and switches stand in `oauth_entity` and
/// `sys_properties` and are what they say there, whoever changes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OAuthOptions {
    /// Life of an access token, in seconds.
    pub access_lifespan: i64,
    /// Life of a refresh token after the last password grant, in seconds; the product's default is 8,640,000.
    pub refresh_lifespan: i64,
    /// Whether the reply to a refresh grant repeats the refresh token.
    pub refresh_token_in_refresh_reply: bool,
    /// Whether the password grant is on.
    pub password_grant: bool,
    /// Whether the client-credentials grant is on.
    pub client_credentials: bool,
    /// So many wrong passwords lock the user.
    pub lock_after: u32,
    /// Whether a password grant that returns the valid access token renews its expiry; otherwise it comes with what
    /// is left of its life. The product's documents say both.
    pub renew_access_token: bool,
    /// Whether a password grant makes a new refresh token though the user has a valid one.
    pub new_refresh_token_each_time: bool,
    /// Whether revoking a refresh token also revokes the access tokens that came with it or from it.
    pub revoking_refresh_kills_access: bool,
    /// Whether deleting a row of `oauth_credential` makes its token worthless.
    pub deleting_kills_token: bool,
    /// What `oauth_credential.token` shows.
    pub token_column: TokenColumn,
}

/// What `oauth_credential.token` shows, even to admins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TokenColumn {
    /// There is no such column.
    Withheld,
    /// Eight asterisks.
    Masked,
    /// The token itself.
    Shown,
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
            renew_access_token: true,
            new_refresh_token_each_time: false,
            revoking_refresh_kills_access: false,
            deleting_kills_token: true,
            token_column: TokenColumn::Masked,
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
