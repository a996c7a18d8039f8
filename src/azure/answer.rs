//! What Azure Monitor's two interfaces for logs answer when they do not answer with a success.
//!
//! `{"error":{"code":"..","message":"..","innererror":{"code":"..","message":".."}}}`, or nothing at all.

use jiff::Timestamp;
use serde_json::Value;

use crate::model::clean::clean;
use crate::model::fault::{Fault, Service};
use crate::model::redactor;
use crate::net::http::Reply;

/// How long to wait where a 429 does not say, in seconds.
const DEFAULT_WAIT_SECONDS: u64 = 30;

/// How long a text of Azure may become in a fault, in characters.
const TEXT_LIMIT: usize = 500;

/// How deep errors are nested at the most.
const DEPTH: usize = 8;

/// What an error says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    /// Its code, empty where there is none.
    pub code: String,
    /// Its code and text with those of the errors inside it.
    pub detail: String,
}

impl Told {
    /// Reads the error of a reply; the header names its code where the body does not.
    pub fn of(reply: &Reply) -> Self {
        let body: Option<Value> = serde_json::from_slice(&reply.body).ok();
        let mut told = body.as_ref().and_then(|body| body.get("error")).map(Self::of_error).unwrap_or_default();
        if told.code.is_empty() {
            told.code = short(reply.header("x-ms-error-code").unwrap_or_default());
            if told.detail.is_empty() {
                told.detail.clone_from(&told.code);
            }
        }
        told
    }

    /// Reads an `error` object: the reason often stands in the innermost one only.
    pub fn of_error(error: &Value) -> Self {
        let text = |value: &Value, key: &str| short(value.get(key).and_then(Value::as_str).unwrap_or_default());
        let mut parts: Vec<String> = Vec::new();
        let mut next = Some(error);
        for _ in 0..DEPTH {
            let Some(error) = next else { break };
            let said = [text(error, "code"), text(error, "message")];
            let said = said.iter().filter(|said| !said.is_empty()).map(String::as_str).collect::<Vec<_>>().join(": ");
            if !said.is_empty() && !parts.contains(&said) {
                parts.push(said);
            }
            next = error.get("innererror").or_else(|| error.get("details").and_then(|details| details.get(0)));
        }
        Self { code: text(error, "code"), detail: short(&parts.join("; ")) }
    }

    /// Whether any part of it says this.
    pub fn says(&self, text: &str) -> bool {
        self.detail.contains(text)
    }
}

/// The faults that both interfaces have in common: throttling, trouble of the service's own, and what is no answer of
/// theirs.
pub(super) fn common(reply: &Reply, told: &Told, service: Service, request_id: &str) -> Fault {
    let status = reply.status;
    let fault = match status {
        300..=399 => {
            Fault::Redirected { host: reply.host.clone(), location: short(&reply.location().unwrap_or_default()) }
        }
        401 => {
            return Fault::AzureTokenRefused { host: reply.host.clone(), detail: told.detail.clone() };
        }
        429 => {
            let retry_after_seconds = wait(reply, Timestamp::now()).unwrap_or(DEFAULT_WAIT_SECONDS).max(1);
            Fault::RateLimited { retry_after_seconds, limit: None, rule: None }
        }
        503 => Fault::Unavailable { host: reply.host.clone(), retry_after_seconds: wait(reply, Timestamp::now()) },
        _ if told.code.is_empty() && !reply.is_json() && status < 500 => {
            Fault::NotJson { host: reply.host.clone(), status, content_type: reply.content_type() }
        }
        _ => Fault::PartnerError {
            status,
            message: told.code.clone(),
            detail: told.detail.clone(),
            transaction: Some(request_id.to_owned()),
        },
    };
    Fault::Elsewhere { service, fault: Box::new(fault) }
}

/// How long to wait, in seconds: some services of Azure say it in milliseconds.
fn wait(reply: &Reply, now: Timestamp) -> Option<u64> {
    let millis = || reply.number("retry-after-ms").or_else(|| reply.number("x-ms-retry-after-ms"));
    reply.retry_after(now).or_else(|| millis().map(|millis| millis.div_ceil(1_000)))
}

/// A text of Azure as a fault may hold it.
pub(super) fn short(text: &str) -> String {
    // Before it is cut: half a secret would not be known.
    let text = redactor::redact_text(&clean(text.trim(), false)).into_owned();
    match text.char_indices().nth(TEXT_LIMIT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_innermost_reason_is_told() {
        let error = json!({ "code": "PartialError", "message": "There were some errors.",
            "details": [{ "code": "EngineError", "message": "Something went wrong",
                "innererror": { "code": "-2133196797", "message": "E_QUERY_RESULT_SET_TOO_LARGE" } }] });
        let told = Told::of_error(&error);
        assert_eq!(told.code, "PartialError");
        assert!(told.says("E_QUERY_RESULT_SET_TOO_LARGE"), "{told:?}");
    }

    #[test]
    fn an_error_that_nests_without_an_end_is_read_to_a_depth() {
        let mut error = json!({ "code": "x" });
        for level in 0..200 {
            error = json!({ "code": format!("c{level}"), "innererror": error });
        }
        assert!(Told::of_error(&error).detail.len() < 200);
    }
}
