//! OAuth tokens of a connection: what is held, since when, and till when.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::secret::Secret;
use super::token_kind::TokenKind;

/// What a sign-in gave us. Lives in the vault only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tokens {
    /// The bearer token of every call.
    pub access: Secret,
    /// When the access token ends.
    pub access_expires: Timestamp,
    /// The refresh token, where the grant gives one.
    pub refresh: Option<Secret>,
    /// When the sign-in ends, and on what that is based.
    pub sign_in: SignIn,
}

impl Tokens {
    /// Whether the access token is still good at `now`, with a minute to spare.
    pub fn access_is_good(&self, now: Timestamp) -> bool {
        self.access_expires > now + SignedDuration::from_secs(60)
    }

    /// Each token with its kind.
    pub fn each(&self) -> impl Iterator<Item = (TokenKind, &Secret)> {
        let refresh = self.refresh.iter().map(|token| (TokenKind::Refresh, token));
        std::iter::once((TokenKind::Access, &self.access)).chain(refresh)
    }

    /// Whether one of them has this value.
    pub fn holds(&self, value: &Secret) -> bool {
        self.each().any(|(_, token)| token == value)
    }
}

/// Tokens that were replaced and are kept until they are revoked. Lives in the vault only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retired {
    /// Both, though one of them may still be in use: compare before revoking.
    pub tokens: Tokens,
    /// When they were replaced.
    pub at: Timestamp,
}

impl Retired {
    /// What `new` replaces of `held`, if anything: tokens that live on under the same value are not replaced.
    pub fn of(held: Option<Tokens>, new: &Tokens, at: Timestamp) -> Option<Self> {
        let tokens = held.filter(|held| held.each().any(|(_, token)| !new.holds(token)))?;
        Some(Self { tokens, at })
    }

    /// Those of its tokens that are not in use any more.
    pub fn to_revoke<'a>(&'a self, in_use: Option<&Tokens>) -> Vec<(TokenKind, &'a Secret)> {
        self.tokens.each().filter(|(_, token)| in_use.is_none_or(|used| !used.holds(token))).collect()
    }
}

/// When a connection was signed in, and when that ends. Holds no secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    /// When the last password grant was made.
    pub signed_in_at: Timestamp,
    /// How long the refresh token lives from then on, in seconds.
    pub lifespan_seconds: i64,
    /// Whether the lifespan was read from the product; otherwise it is the documented default.
    pub lifespan_known: bool,
}

impl SignIn {
    /// ITSMC's documented lifespan of a ServiceNow refresh token: 90 days. Shorter than the product's
    /// own default of 100, so that a date computed from it errs on the safe side.
    pub const ASSUMED_LIFESPAN_SECONDS: i64 = 7_776_000;

    /// From so many days before the end it is a warning.
    pub const WARNING_DAYS: i64 = 14;

    /// From so many days before the end it is an error.
    pub const ERROR_DAYS: i64 = 3;

    /// The lifespan of a sign-in that has no end, by the client-credentials grant.
    pub const WITHOUT_END: i64 = i64::MAX;

    /// A sign-in without a refresh token and without an end.
    pub fn without_end(signed_in_at: Timestamp) -> Self {
        Self { signed_in_at, lifespan_seconds: Self::WITHOUT_END, lifespan_known: true }
    }

    /// A sign-in by a refresh token that lives on as long as it is used; how long it may rest is not told.
    pub fn while_used(signed_in_at: Timestamp) -> Self {
        Self { lifespan_known: false, ..Self::without_end(signed_in_at) }
    }

    /// When it ends, if it does.
    pub fn ends(&self) -> Option<Timestamp> {
        (self.lifespan_seconds != Self::WITHOUT_END).then(|| self.expires())
    }

    /// How near the end is.
    pub fn urgency(&self, now: Timestamp) -> Urgency {
        match self.ends() {
            None => Urgency::None,
            Some(end) if end <= now => Urgency::Over,
            Some(_) if self.days_left(now) < Self::ERROR_DAYS => Urgency::Error,
            Some(_) if self.days_left(now) < Self::WARNING_DAYS => Urgency::Warning,
            Some(_) => Urgency::None,
        }
    }

    /// When the refresh token dies, whatever the activity until then; the end of time for one [without
    /// end](Self::without_end).
    pub fn expires(&self) -> Timestamp {
        self.signed_in_at.checked_add(SignedDuration::from_secs(self.lifespan_seconds)).unwrap_or(Timestamp::MAX)
    }

    /// Whole days left at `now`; negative when it is over.
    pub fn days_left(&self, now: Timestamp) -> i64 {
        self.expires().duration_since(now).as_secs().div_euclid(86_400)
    }
}

/// How near the end of a sign-in is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// Far enough away, or there is none.
    None,
    /// Within 14 days.
    Warning,
    /// Within 3 days.
    Error,
    /// It is over.
    Over,
}

impl Urgency {
    /// How near an end is.
    pub fn of_end(end: Timestamp, now: Timestamp) -> Self {
        match end.duration_since(now).as_secs().div_euclid(86_400) {
            _ if end <= now => Self::Over,
            days if days < SignIn::ERROR_DAYS => Self::Error,
            days if days < SignIn::WARNING_DAYS => Self::Warning,
            _ => Self::None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn sign_in(days: i64) -> SignIn {
        SignIn { signed_in_at: at("2026-01-01T00:00:00Z"), lifespan_seconds: days * 86_400, lifespan_known: true }
    }

    #[rstest]
    #[case("2026-01-01T00:00:00Z", Urgency::None)]
    #[case("2026-03-18T00:00:00Z", Urgency::None)]
    #[case("2026-03-18T00:00:01Z", Urgency::Warning)]
    #[case("2026-03-29T00:00:00Z", Urgency::Warning)]
    #[case("2026-03-29T00:00:01Z", Urgency::Error)]
    #[case("2026-03-31T23:59:59Z", Urgency::Error)]
    #[case("2026-04-01T00:00:00Z", Urgency::Over)]
    fn the_end_is_announced_in_time(#[case] now: &str, #[case] expected: Urgency) {
        assert_eq!(sign_in(90).urgency(at(now)), expected);
    }

    #[test]
    fn a_sign_in_without_end_is_never_urgent() {
        let sign_in = SignIn::without_end(at("2026-01-01T00:00:00Z"));
        assert_eq!((sign_in.ends(), sign_in.urgency(at("2099-01-01T00:00:00Z"))), (None, Urgency::None));
        assert_eq!(sign_in.expires(), Timestamp::MAX);
    }
}
