//! Orders about tokens, and what shows the effect.

use serde::{Deserialize, Serialize};

use super::Control;
use crate::PracticeError;
use crate::core::rng::{hex, stable_hex};
use crate::servicenow::oauth::{Revoke, TokenKind, Wanted};
use crate::servicenow::state::machine_now;

/// One token the instance has issued, as only the instance knows it.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct TokenRecord {
    /// The token itself.
    pub value: String,
    /// What it is for.
    pub kind: TokenKind,
    /// The `sys_id` of the user.
    pub user: String,
    /// The `sys_id` of its row in `oauth_credential`.
    pub sys_id: String,
    /// When it was issued, in seconds since 1970.
    pub created: i64,
    /// From when on it is worthless, in seconds since 1970.
    pub expires: i64,
    /// When it was last used, in seconds since 1970; 0 is never.
    pub last_used: i64,
    /// Whether it is good now.
    pub valid: bool,
    /// Whether it has a row in `oauth_credential`.
    pub listed: bool,
}

impl std::fmt::Debug for TokenRecord {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { kind, sys_id, created, expires, valid, listed, .. } = self;
        write!(out, "{kind:?} {sys_id} created {created} expires {expires} valid {valid} listed {listed}")
    }
}

/// A token to issue as if it had been asked for some time ago.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TokenSeed {
    /// What it is for.
    pub kind: TokenKind,
    /// `user_name` of whose it is; empty is the integration user.
    pub user: String,
    /// The `sys_id` of another application; empty is the one of the sign-in details.
    pub application: String,
    /// So many seconds ago it was issued.
    pub age: i64,
    /// So many seconds from now on it is good; negative is expired.
    pub left: i64,
    /// So many seconds ago it was used; none is never.
    pub used: Option<i64>,
}

impl Default for TokenSeed {
    fn default() -> Self {
        Self {
            kind: TokenKind::Refresh,
            user: String::new(),
            application: String::new(),
            age: 86_400,
            left: 86_400,
            used: None,
        }
    }
}

impl Control {
    /// The value of every token that was ever issued, for a test that looks where they must not stand.
    pub fn tokens(&self) -> Vec<String> {
        self.0.auth().tokens.all().iter().map(|token| token.value.clone()).collect()
    }

    /// Every token that was ever issued, in the order of their issue.
    pub fn issued(&self) -> Vec<TokenRecord> {
        let now = machine_now();
        let auth = self.0.auth();
        let record = |token: &crate::servicenow::oauth::Token| TokenRecord {
            value: token.value.clone(),
            kind: token.kind,
            user: token.user.clone(),
            sys_id: hex(&token.row_id()),
            created: token.created,
            expires: token.expires,
            last_used: token.last_used,
            valid: token.expires > now,
            listed: token.listed,
        };
        auth.tokens.all().iter().map(record).collect()
    }

    /// Issues a token as if it had been asked for some time ago, and returns it.
    ///
    /// # Errors
    /// There is no such user.
    pub fn issue(&self, seed: &TokenSeed) -> Result<String, PracticeError> {
        let name = if seed.user.is_empty() { &self.0.base.sign_in.username } else { &seed.user };
        let user = self.user_id(name)?;
        let application = self.application().and_then(|row| Some(row.get("sys_id")?.value.clone()));
        let own = || application.unwrap_or_else(|| stable_hex("oauth_entity", "gone"));
        let peer = if seed.application.is_empty() { own() } else { seed.application.clone() };
        let now = machine_now();
        let mut auth = self.0.auth();
        let wanted = Wanted { kind: seed.kind, user: &user, peer: &peer, now, life: seed.left };
        let token = auth.tokens.issue(wanted);
        token.created = now - seed.age;
        token.last_used = seed.used.map_or(0, |ago| now - ago);
        Ok(token.value.clone())
    }

    /// Makes tokens worthless.
    pub fn revoke(&self, which: Revoke) {
        self.0.revoke(which);
    }

    /// Makes every token so many seconds older, as if that time had passed.
    pub fn age_tokens(&self, seconds: i64) {
        self.0.auth().tokens.age(seconds);
    }

    /// Takes the rows of expired tokens out of `oauth_credential`, as the nightly job does.
    pub fn clean_tokens(&self) {
        self.0.auth().tokens.clean(machine_now());
    }
}
