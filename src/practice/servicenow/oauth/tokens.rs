//! The tokens the instance has issued.

use super::Revoke;
use crate::practice::servicenow::rng::Rng;

/// What a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// Opens the API.
    Access,
    /// Gets new access tokens.
    Refresh,
}

/// One issued token.
#[derive(Clone)]
pub(crate) struct Token {
    /// Its text.
    pub(crate) value: String,
    /// What it is for.
    pub(crate) kind: TokenKind,
    /// Whose it is.
    pub(crate) user: String,
    /// From when on it is worthless.
    pub(crate) expires: i64,
    /// When it was issued.
    pub(crate) created: i64,
    /// When it was last used; 0 is never.
    pub(crate) last_used: i64,
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
    pub(crate) fn current_or_new(&mut self, kind: TokenKind, user: &str, now: i64, life: i64) -> &mut Token {
        let valid = |token: &Token| token.kind == kind && token.user == user && token.expires > now;
        match self.tokens.iter().rposition(valid) {
            Some(place) => &mut self.tokens[place],
            None => self.issue(kind, user, now, life),
        }
    }

    /// A new token.
    pub(crate) fn issue(&mut self, kind: TokenKind, user: &str, now: i64, life: i64) -> &mut Token {
        let value = self.rng.token(86);
        self.tokens.push(Token { value, kind, user: user.into(), expires: now + life, created: now, last_used: 0 });
        let last = self.tokens.len() - 1;
        &mut self.tokens[last]
    }

    /// Whose valid token of this kind it is; notes the use.
    pub(crate) fn owner(&mut self, kind: TokenKind, value: &str, now: i64) -> Option<String> {
        let valid = |token: &&mut Token| token.kind == kind && token.value == value && token.expires > now;
        let token = self.tokens.iter_mut().rev().find(valid)?;
        token.last_used = now;
        Some(token.user.clone())
    }

    /// Marks one token as expired; whether it was known.
    pub(crate) fn expire(&mut self, value: &str, now: i64) -> bool {
        let token = self.tokens.iter_mut().find(|token| token.value == value);
        token.map(|token| token.expires = token.expires.min(now)).is_some()
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

    /// The value of every token that was ever issued.
    pub(crate) fn values(&self) -> Vec<String> {
        self.tokens.iter().map(|token| token.value.clone()).collect()
    }

    /// Every token that is still valid.
    pub(crate) fn valid(&self, now: i64) -> impl Iterator<Item = &Token> {
        self.tokens.iter().filter(move |token| token.expires > now)
    }
}
