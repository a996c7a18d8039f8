//! Faults of the authority that can be asked for.

use serde::{Deserialize, Serialize};

/// What goes wrong at the authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AuthorityFaultKind {
    /// The refusal with the AADSTS code `code`.
    Refuse,
    /// 429 with `Retry-After`.
    Throttled,
    /// 503 with AADSTS90033.
    Unavailable,
    /// 200 with the HTML of a sign-in page.
    LoginPage,
    /// 302 to another host.
    Redirect,
    /// 200 with JSON that holds no token.
    NoToken,
}

/// One fault of the token endpoints that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthorityFault {
    /// What goes wrong.
    pub fault: AuthorityFaultKind,
    /// `refuse`: the AADSTS code, one of [`CODES`](super::CODES).
    #[serde(default)]
    pub code: u32,
    /// How often; 0 until it is cleared.
    #[serde(default = "once")]
    pub times: u64,
    /// Only requests with this `grant_type`.
    #[serde(default)]
    pub grant: Option<String>,
    /// `throttled`: seconds of `Retry-After`.
    #[serde(default = "thirty")]
    pub retry_after: i64,
}

fn once() -> u64 {
    1
}

fn thirty() -> i64 {
    30
}

impl AuthorityFault {
    /// This fault, at the next token request.
    pub fn new(fault: AuthorityFaultKind) -> Self {
        Self { fault, code: 0, times: 1, grant: None, retry_after: 30 }
    }

    /// The refusal with this AADSTS code, at the next token request.
    pub fn refuse(code: u32) -> Self {
        Self { code, ..Self::new(AuthorityFaultKind::Refuse) }
    }

    /// So often; 0 until it is cleared.
    #[must_use]
    pub fn times(self, times: u64) -> Self {
        Self { times, ..self }
    }

    /// Only where this grant is asked for, such as `refresh_token`.
    #[must_use]
    pub fn on(self, grant: &str) -> Self {
        Self { grant: Some(grant.into()), ..self }
    }
}

/// The first of the pending faults that befalls a request with this grant; it is counted.
pub(super) fn take(pending: &mut Vec<AuthorityFault>, grant: &str) -> Option<AuthorityFault> {
    let place = pending.iter().position(|fault| fault.grant.as_deref().is_none_or(|on| on == grant))?;
    let fault = pending[place].clone();
    match fault.times {
        0 => {}
        1 => drop(pending.remove(place)),
        times => pending[place].times = times - 1,
    }
    Some(fault)
}
