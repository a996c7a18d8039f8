//! Changing a connection's tokens for new ones, step by step, so that a cut at any step leaves a sign-in that works.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::fault::Fault;
use super::leaving::Leaving;
use super::secret::Secret;
use super::token::Tokens;

/// The secrets that someone typed for a sign-in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    /// The password, where the sign-in takes one.
    pub password: Option<Secret>,
    /// A client secret that takes the place of the stored one, once the product took it.
    pub client_secret: Option<NewSecret>,
}

/// A client secret that takes the place of the stored one, once it was proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSecret {
    /// The secret.
    pub secret: Secret,
    /// When it ends, where the admin said so. Microsoft Graph tells it (`passwordCredentials/endDateTime` of the
    /// application) only to who may read the tenant's applications, so no sign-in of a connection can look it up.
    pub expires: Option<Timestamp>,
}

/// The beginning of a day (UTC), written as `2027-06-30`; `None` for what is no day.
pub fn day(text: &str) -> Option<Timestamp> {
    let date: Date = text.parse().ok()?;
    Some(date.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

/// A step of a rotation, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RotationStep {
    /// Sign in with the password, and store the new tokens with the old ones beside them, all at once.
    SignIn,
    /// One call with the new token.
    Prove,
    /// One sync with the new token.
    Sync,
    /// Revoke each old token that is no longer in use, and see that it is refused.
    Revoke,
    /// One more call: revoking the old ones must not have taken the new one along.
    ProveAgain,
}

impl RotationStep {
    /// All steps, in order.
    pub const ALL: [Self; 5] = [Self::SignIn, Self::Prove, Self::Sync, Self::Revoke, Self::ProveAgain];

    /// The step that follows.
    pub fn next(self) -> Option<Self> {
        Self::ALL.into_iter().find(|step| *step > self)
    }

    /// The name in JSON, the same as serde's.
    pub fn id(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Prove => "prove",
            Self::Sync => "sync",
            Self::Revoke => "revoke",
            Self::ProveAgain => "prove_again",
        }
    }
}

/// What signing in again brought, against what was held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Renewed {
    /// Nothing was held before.
    First,
    /// The very tokens that were held, with a new end: nothing is to be revoked.
    Unchanged,
    /// The access token is another; the refresh token is the one that was held.
    AccessOnly,
    /// The access token is another, and there is no refresh token: the grant has none.
    AccessAlone,
    /// The refresh token is another; the access token is the one that was held.
    RefreshOnly,
    /// Both are others.
    Both,
}

impl Renewed {
    /// Compares the tokens by value.
    pub fn of(held: Option<&Tokens>, new: &Tokens) -> Self {
        let Some(held) = held else { return Self::First };
        match (held.access != new.access, held.refresh != new.refresh) {
            (false, false) => Self::Unchanged,
            (true, false) if new.refresh.is_none() => Self::AccessAlone,
            (true, false) => Self::AccessOnly,
            (false, true) => Self::RefreshOnly,
            (true, true) => Self::Both,
        }
    }
}

/// How a rotation ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rotated {
    /// What signing in again brought.
    pub renewed: Renewed,
    /// Replaced tokens that were seen to be refused.
    pub revoked: usize,
    /// Why some of them are still to be revoked, if any are; the new sign-in works all the same.
    pub left: Option<Fault>,
    /// What became of tokens of another server, user or application that the connection was signed in for before.
    #[serde(default, skip_serializing_if = "Leaving::is_empty")]
    pub leaving: Leaving,
}
