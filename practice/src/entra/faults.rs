//! Faults of the authority that can be asked for.

use serde::{Deserialize, Serialize};

use crate::core::faults::Kind;

/// One fault that is asked for.
pub type FaultSpec = crate::core::FaultSpec<FaultKind>;

/// What goes wrong at the authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// The refusal with the AADSTS code `code`.
    Refuse,
    /// 429 with `Retry-After`.
    Throttled,
    /// 503 with AADSTS90033.
    Unavailable,
    /// `slow_down`: whoever waits for a person with a device code asks too often.
    SlowDown,
    /// 200 with the HTML of a sign-in page.
    LoginPage,
    /// 302 to another host.
    Redirect,
    /// 200 with JSON that holds no token.
    NoToken,
}

impl Kind for FaultKind {}

impl FaultSpec {
    /// The refusal with this AADSTS code, one of [`CODES`](super::CODES), at the next token request.
    pub fn refuse(code: u32) -> Self {
        Self { code: code.to_string(), ..Self::new(FaultKind::Refuse) }
    }
}
