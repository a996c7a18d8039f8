//! OAuth tokens of a connection: what is held, since when, and till when.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::secret::Secret;

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

    /// When the refresh token dies, whatever the activity until then.
    pub fn expires(&self) -> Timestamp {
        self.signed_in_at.checked_add(SignedDuration::from_secs(self.lifespan_seconds)).unwrap_or(Timestamp::MAX)
    }

    /// Whole days left at `now`; negative when it is over.
    pub fn days_left(&self, now: Timestamp) -> i64 {
        self.expires().duration_since(now).as_secs().div_euclid(86_400)
    }
}
