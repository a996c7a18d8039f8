//! A wait that a server asked for, as it is kept beyond the process.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The longest wait that is believed: a day.
pub const LONGEST_SECONDS: u64 = 86_400;

/// A wait (`Retry-After` of a 429 or 503).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wait {
    /// The server's URL.
    pub server: String,
    /// When it was asked for, by this machine's clock.
    pub asked_at: Timestamp,
    /// For how long, in seconds.
    pub seconds: u64,
    /// The status of the answer: 429 for too many requests, 503 for a server that is not available.
    pub status: u16,
    /// The product's name of the limit, where it gives one.
    pub rule: Option<String>,
}

/// The waits of a connection, and whose requests they count.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waits {
    /// The user that signs in; empty for an application.
    pub username: String,
    /// The client ID.
    pub client_id: String,
    /// The waits, one a server.
    pub waits: Vec<Wait>,
}

impl Wait {
    /// How many seconds are left. A clock that was set back does not make it longer.
    pub fn left(&self, now: Timestamp) -> u64 {
        let seconds = self.seconds.min(LONGEST_SECONDS);
        let gone = u64::try_from(now.duration_since(self.asked_at).as_secs()).unwrap_or(0);
        seconds.saturating_sub(gone)
    }
}
