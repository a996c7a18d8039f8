//! What a refusal of the authority means.
//!
//! `{"error":"invalid_grant","error_description":"AADSTS50126: ...\r\nTrace ID: ...","error_codes":[50126],
//! "timestamp":"2020-04-07 20:52:51Z","trace_id":"..","correlation_id":".."}`. Microsoft asks to act on `error` alone,
//! since texts and codes change: a code that is known makes the fault plainer, and one that is not changes nothing.

use jiff::Timestamp;
use serde_json::Value;

use crate::model::clean::clean;
use crate::model::fault::Fault;
use crate::model::leaks::leaks;
use crate::model::secret::Secret;
use crate::net::http::Reply;

/// Codes that name what stands in the way of a sign-in, so that a new password or secret alone is no way round it, or
/// that tell which of the two is wrong.
const KNOWN: [u32; 27] = [
    50001, 50020, 50034, 50053, 50055, 50057, 50059, 50072, 50074, 50076, 50079, 50105, 50126, 50144, 53003, 65001,
    70003, 70011, 90002, 90014, 500011, 700016, 700025, 7000112, 7000215, 7000218, 7000222,
];

/// A loop that the authority broke off: it lets the client in again after some minutes.
const CLIENT_LOOP: u32 = 50196;

/// How long to wait where the authority does not say, in seconds.
const DEFAULT_WAIT_SECONDS: u64 = 60;

/// How long a text of the authority may become in a fault.
const TEXT_LIMIT: usize = 500;

/// The fault of a reply without a token. What one of `secrets` is echoed in is not repeated.
pub(super) fn fault_of(reply: &Reply, body: &[u8], secrets: &[&Secret], now: Timestamp) -> Fault {
    let host = reply.host.clone();
    if let Some(location) = reply.location() {
        return Fault::Redirected { host, location };
    }
    let body: Value = if reply.is_json() { serde_json::from_slice(body).unwrap_or_default() } else { Value::Null };
    let told = Told::read(&body, secrets);
    if reply.status == 429 || told.code == Some(CLIENT_LOOP) || told.error == "temporarily_unavailable" {
        let wait = reply.retry_after(now).unwrap_or(DEFAULT_WAIT_SECONDS).max(1);
        return Fault::RateLimited { retry_after_seconds: wait, limit: None, rule: told.named() };
    }
    if reply.status >= 500 || (told.error.is_empty() && reply.is_json()) {
        let (status, detail) = (reply.status, told.description.clone());
        return Fault::PartnerError { status, message: told.error.clone(), detail, transaction: told.correlation_id };
    }
    if told.error.is_empty() {
        return Fault::NotJson { host, status: reply.status, content_type: reply.content_type() };
    }
    told.into_fault(host)
}

/// What the authority told.
struct Told {
    error: String,
    code: Option<u32>,
    description: String,
    correlation_id: Option<String>,
}

impl Told {
    fn read(body: &Value, secrets: &[&Secret]) -> Self {
        let text = |name: &str| short(body[name].as_str().unwrap_or_default(), secrets);
        // The lines after the first hold the ids and the time once more.
        let whole = body["error_description"].as_str().unwrap_or_default();
        let first = whole.lines().next().unwrap_or_default().split(" Trace ID:").next().unwrap_or_default();
        let listed = body["error_codes"].get(0).and_then(Value::as_u64).and_then(|code| u32::try_from(code).ok());
        Self {
            error: text("error"),
            code: listed.or_else(|| in_text(first)),
            description: short(first, secrets),
            correlation_id: Some(text("correlation_id")).filter(|id| !id.is_empty()),
        }
    }

    /// The code and the correlation id, for a fault with no other place for them.
    fn named(&self) -> Option<String> {
        let code = self.code.map(|code| format!("AADSTS{code}"));
        let id = self.correlation_id.as_ref().map(|id| format!("correlation ID {id}"));
        let named: Vec<String> = code.into_iter().chain(id).collect();
        (!named.is_empty()).then(|| named.join(", "))
    }

    fn into_fault(self, host: String) -> Fault {
        let Self { error, code, description, correlation_id } = self;
        let known = code.is_some_and(|code| KNOWN.contains(&code));
        let detail = if description.is_empty() { error.clone() } else { description };
        // A refresh token that is taken no more, and what no code tells apart: the password or the secret is needed.
        if !known && matches!(error.as_str(), "invalid_grant" | "invalid_client") {
            let id = correlation_id.map(|id| format!(" (correlation ID {id})")).unwrap_or_default();
            return Fault::SignInRefused { host, detail: format!("{detail}{id}") };
        }
        let detail = if known { detail } else { format!("{error}: {detail}") };
        Fault::SignInImpossible { host, aadsts: code, detail, correlation_id }
    }
}

/// The number of `AADSTS50126: ...`.
fn in_text(text: &str) -> Option<u32> {
    let digits = text.split_once("AADSTS")?.1;
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse().ok()
}

fn short(text: &str, secrets: &[&Secret]) -> String {
    if secrets.iter().any(|secret| leaks(text, secret)) {
        return String::new();
    }
    let text = clean(text.trim(), false);
    match text.char_indices().nth(TEXT_LIMIT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
