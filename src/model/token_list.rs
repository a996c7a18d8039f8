//! A connection's tokens as they may be shown: what we hold and what the instance lists. Holds no value of any.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::fault::Fault;
use super::secret::Secret;
use super::seen_by::SeenBy;
use super::token::Tokens;
pub use super::token_kind::TokenKind;

/// Enough of a token's SHA-256 to tell two apart; nothing of the token can be had from it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// The first eight hexadecimal digits.
    pub fn of(token: &Secret) -> Self {
        let digest = Sha256::digest(token.expose().as_bytes());
        Self(digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect())
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A token that we hold, without its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldToken {
    /// What it is for.
    pub kind: TokenKind,
    /// Which one.
    pub fingerprint: Fingerprint,
    /// When it was issued or its life was last begun again, where that is known.
    pub issued: Option<Timestamp>,
    /// When it ends, if it does.
    pub expires: Option<Timestamp>,
    /// Whether that was told by the product; otherwise it is computed from the documented default.
    pub expiry_known: bool,
    /// Since when it is kept only to be revoked.
    pub retired_at: Option<Timestamp>,
}

/// Whether a token of the instance is one that we hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ours {
    /// Its value or its unmistakable data are those of one we live on.
    Yes,
    /// It cannot be one that we live on.
    No,
    /// What the instance shows of it does not tell.
    Unknown,
}

/// Why a token should be revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stale {
    /// It was replaced in a rotation and is not revoked yet.
    Retired,
    /// It is of this application and user, older than our last sign-in, and not ours.
    BeforeSignIn,
    /// It is of this application and user and not ours.
    NotOurs,
    /// It is past its time; the instance will clean it up by itself.
    Expired,
}

/// A token as the instance lists it, for our application and user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstanceToken {
    /// The row's id there.
    pub id: String,
    /// What it is for.
    pub kind: TokenKind,
    /// Whose it is.
    pub user_name: String,
    /// Which one, where the instance shows its value.
    pub fingerprint: Option<Fingerprint>,
    /// When it was issued.
    pub created: Option<Timestamp>,
    /// When it ends.
    pub expires: Option<Timestamp>,
    /// When it was last used.
    pub last_used: Option<Timestamp>,
    /// Whether we hold it.
    pub ours: Ours,
    /// Why it should be revoked, if it should.
    pub stale: Option<Stale>,
}

/// What the instance lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "instance", rename_all = "snake_case")]
pub enum InstanceTokens {
    /// The tokens it showed, those that need something done first.
    Seen {
        /// The rows.
        tokens: Vec<InstanceToken>,
    },
    /// The product lists none to anybody.
    NotListed,
    /// We may not look, or the answer proves nothing.
    CannotSee {
        /// What it said, if it said something.
        fault: Option<Fault>,
    },
}

/// The tokens of a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenList {
    /// What we hold, retired ones included.
    pub held: Vec<HeldToken>,
    /// What the instance lists.
    #[serde(flatten)]
    pub instance: InstanceTokens,
    /// With whose eyes.
    #[serde(flatten)]
    pub seen_by: SeenBy,
    /// When.
    pub at: Timestamp,
}

impl TokenList {
    /// What kept the product's own list from being read, other than a missing right. Which of its tokens are stale is
    /// unknown then.
    pub fn unread(&self) -> Option<&Fault> {
        match &self.instance {
            InstanceTokens::CannotSee { fault: None | Some(Fault::Forbidden { .. }) } => None,
            InstanceTokens::CannotSee { fault } => fault.as_ref(),
            InstanceTokens::Seen { .. } | InstanceTokens::NotListed => None,
        }
    }

    /// Whether this user may not see the product's list; another may.
    pub fn is_hidden(&self) -> bool {
        matches!(self.instance, InstanceTokens::CannotSee { .. }) && self.unread().is_none()
    }

    /// The instance's tokens that should be revoked.
    pub fn stale(&self) -> impl Iterator<Item = &InstanceToken> {
        self.listed().iter().filter(|token| token.stale.is_some())
    }
}

/// What needs doing comes first: stale ones by how much they matter, then by their end.
pub fn sort(tokens: &mut [InstanceToken]) {
    tokens.sort_by_key(|token| {
        let rank = token.stale.map_or(4, |stale| stale as u8);
        (rank, token.expires.unwrap_or(Timestamp::MAX), token.kind, token.id.clone())
    });
}

impl Tokens {
    /// The tokens as they may be shown. `retired_at` tells since when they are kept only to be revoked.
    pub fn shown(&self, retired_at: Option<Timestamp>) -> Vec<HeldToken> {
        let held = |(kind, token)| {
            let (issued, expires, known) = match kind {
                TokenKind::Refresh => {
                    (Some(self.sign_in.signed_in_at), self.sign_in.ends(), self.sign_in.lifespan_known)
                }
                _ => (None, Some(self.access_expires), true),
            };
            HeldToken { kind, fingerprint: Fingerprint::of(token), issued, expires, expiry_known: known, retired_at }
        };
        self.each().map(held).collect()
    }
}

/// A token to be revoked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum TokenChoice {
    /// One that we hold, by its fingerprint.
    Held(Fingerprint),
    /// One that the instance lists, by the id of its row; needs an admin who is signed in.
    Listed(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_fingerprint_tells_apart_and_shows_nothing() {
        let print = |text: &str| Fingerprint::of(&Secret::new(text)).to_string();
        assert_eq!(print("abc"), "ba7816bf");
        assert_ne!(print("abd"), print("abc"));
    }

    #[test]
    fn what_needs_doing_comes_first() {
        let token = |id: &str, stale, expires: &str| InstanceToken {
            id: id.into(),
            kind: TokenKind::Refresh,
            user_name: "u".into(),
            fingerprint: None,
            created: None,
            expires: Some(at(expires)),
            last_used: None,
            ours: Ours::Unknown,
            stale,
        };
        let (early, late) = ("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z");
        let mut tokens = [
            token("fine late", None, late),
            token("fine early", None, early),
            token("expired", Some(Stale::Expired), early),
            token("not ours", Some(Stale::NotOurs), early),
            token("retired", Some(Stale::Retired), late),
        ];
        sort(&mut tokens);
        let order: Vec<_> = tokens.iter().map(|token| token.id.as_str()).collect();
        assert_eq!(order, ["retired", "not ours", "expired", "fine early", "fine late"]);
    }
}
