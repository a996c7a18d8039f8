//! The tokens the instance has issued.

use super::Revoke;
use crate::core::rng::{Rng, stable_id};

/// What a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenKind {
    /// Opens the API.
    #[serde(rename = "access_token")]
    Access,
    /// Gets new access tokens.
    #[serde(rename = "refresh_token")]
    Refresh,
}

/// One issued token.
#[derive(Clone)]
pub(crate) struct Token {
    /// Its text.
    pub(crate) value: String,
    /// What it is for.
    pub(crate) kind: TokenKind,
    /// The `sys_id` of the user whose it is.
    pub(crate) user: String,
    /// The `sys_id` of the application it was issued to.
    pub(crate) peer: String,
    /// From when on it is worthless.
    pub(crate) expires: i64,
    /// When it was issued.
    pub(crate) created: i64,
    /// When it was last used; 0 is never.
    pub(crate) last_used: i64,
    /// The refresh token an access token came with or from.
    pub(crate) parent: Option<String>,
    /// Whether it still has a row in `oauth_credential`.
    pub(crate) listed: bool,
}

impl Token {
    /// The id of its row in `oauth_credential`.
    pub(crate) fn row_id(&self) -> [u8; 16] {
        stable_id("oauth_credential", &self.value)
    }
}

/// Whose token, of which kind, for how long.
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'a> {
    /// What it is for.
    pub(crate) kind: TokenKind,
    /// The `sys_id` of the user.
    pub(crate) user: &'a str,
    /// The `sys_id` of the application.
    pub(crate) peer: &'a str,
    /// Seconds since 1970.
    pub(crate) now: i64,
    /// Its life in seconds.
    pub(crate) life: i64,
}

/// Every token that has been issued since the start.
pub(crate) struct TokenBook {
    tokens: Vec<Token>,
    rng: Rng,
}

impl TokenBook {
    /// An empty book.
    pub(crate) fn new() -> Self {
        Self { tokens: Vec::new(), rng: Rng::unforeseen() }
    }

    /// The user's valid token of this kind, or a new one.
    pub(crate) fn current_or_new(&mut self, wanted: Wanted<'_>) -> &mut Token {
        let valid = |token: &Token| {
            (token.kind, token.user.as_str(), token.peer.as_str()) == (wanted.kind, wanted.user, wanted.peer)
                && token.expires > wanted.now
        };
        match self.tokens.iter().rposition(valid) {
            Some(place) => &mut self.tokens[place],
            None => self.issue(wanted),
        }
    }

    /// A new token.
    pub(crate) fn issue(&mut self, wanted: Wanted<'_>) -> &mut Token {
        let Wanted { kind, user, peer, now, life } = wanted;
        self.tokens.push(Token {
            value: self.rng.token(86),
            kind,
            user: user.into(),
            peer: peer.into(),
            expires: now + life,
            created: now,
            last_used: 0,
            parent: None,
            listed: true,
        });
        let last = self.tokens.len() - 1;
        &mut self.tokens[last]
    }

    /// Says which refresh token an access token came with, if that is not known yet.
    pub(crate) fn adopt(&mut self, access: &str, refresh: &str) {
        if let Some(token) = self.tokens.iter_mut().find(|token| token.value == access) {
            token.parent.get_or_insert_with(|| refresh.to_owned());
        }
    }

    /// The valid token of this kind and value; notes the use.
    pub(crate) fn used(&mut self, kind: TokenKind, value: &str, now: i64) -> Option<&Token> {
        let valid = |token: &&mut Token| token.kind == kind && token.value == value && token.expires > now;
        let token = self.tokens.iter_mut().rev().find(valid)?;
        token.last_used = now;
        Some(token)
    }

    /// Marks one token as expired, and where told the access tokens that came from it; whether it was known.
    pub(crate) fn expire(&mut self, value: &str, now: i64, with_children: bool) -> bool {
        let meant = |token: &Token| token.value == value;
        let child = |token: &Token| with_children && token.parent.as_deref() == Some(value);
        let known = self.tokens.iter().any(meant);
        let ended = self.tokens.iter_mut().filter(|token| meant(token) || child(token));
        ended.for_each(|token| token.expires = token.expires.min(now));
        known
    }

    /// Marks all tokens of a kind as expired.
    pub(crate) fn revoke(&mut self, which: Revoke, now: i64) {
        let meant = |token: &&mut Token| match which {
            Revoke::Access => token.kind == TokenKind::Access,
            Revoke::Refresh => token.kind == TokenKind::Refresh,
            Revoke::All => true,
        };
        self.tokens.iter_mut().filter(meant).for_each(|token| token.expires = token.expires.min(now));
    }

    /// Takes a token's row out of the list; the token's value, if it had one.
    pub(crate) fn unlist(&mut self, row_id: &[u8; 16]) -> Option<String> {
        let token = self.tokens.iter_mut().find(|token| token.listed && token.row_id() == *row_id)?;
        token.listed = false;
        Some(token.value.clone())
    }

    /// Takes the rows of all expired tokens out of the list, as the nightly job does.
    pub(crate) fn clean(&mut self, now: i64) {
        self.tokens.iter_mut().filter(|token| token.expires <= now).for_each(|token| token.listed = false);
    }

    /// Makes every token so many seconds older.
    pub(crate) fn age(&mut self, seconds: i64) {
        for token in &mut self.tokens {
            token.created -= seconds;
            token.expires -= seconds;
            token.last_used = if token.last_used == 0 { 0 } else { token.last_used - seconds };
        }
    }

    /// Every token that was ever issued.
    pub(crate) fn all(&self) -> &[Token] {
        &self.tokens
    }
}
