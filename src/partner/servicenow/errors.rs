//! What a reply that is no success means.
//!
//! ServiceNow reports errors as `{"error":{"message":M,"detail":D},"status":"failure"}`; either text may be
//! null. HTTP 200 proves nothing: a hibernating instance and a sign-in page come with 200 as well.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};

use super::html::{self, PageKind};
use crate::model::clean::clean;
use crate::model::fault::Fault;
use crate::model::redactor;
use crate::net::http::Reply;

/// How long a text of the instance may become in a fault.
const TEXT_LIMIT: usize = 500;

/// How long to wait where a rate limit does not say: the instance flushes its counters each 30 s.
const DEFAULT_WAIT_SECONDS: u64 = 60;

/// The error object of a reply; where a bare text came in its place, that is the message.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct ErrorBody {
    message: String,
    detail: String,
}

impl<'de> Deserialize<'de> for ErrorBody {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let [message, detail, plain] = texts(deserializer, ["message", "detail"])?;
        Ok(Self { message: if message.is_empty() { plain } else { message }, detail })
    }
}

/// Reads two named texts out of an object of any shape, or the one plain text that came in its place (last);
/// empty where there is none.
fn texts<'de, D: Deserializer<'de>>(deserializer: D, names: [&'static str; 2]) -> Result<[String; 3], D::Error> {
    let value = serde_json::Value::deserialize(deserializer)?;
    let text = |value: Option<&serde_json::Value>| match value {
        Some(serde_json::Value::String(text)) => text.clone(),
        Some(other @ (serde_json::Value::Number(_) | serde_json::Value::Bool(_))) => other.to_string(),
        _ => String::new(),
    };
    Ok([text(value.get(names[0])), text(value.get(names[1])), text(Some(&value))])
}

impl ErrorBody {
    /// What happened, in the instance's words, cleaned and cut.
    pub fn message(&self) -> String {
        short(&self.message)
    }

    /// More about it.
    pub fn detail(&self) -> String {
        short(&self.detail)
    }

    /// Whether the instance gave up on a transaction because it took too long.
    pub fn is_cancelled(&self) -> bool {
        [&self.message, &self.detail].iter().any(|text| says_cancelled(text))
    }

    fn both(&self) -> String {
        match (self.message(), self.detail()) {
            (message, detail) if detail.is_empty() => message,
            (message, detail) if message.is_empty() => detail,
            (message, detail) => format!("{message}: {detail}"),
        }
    }
}

/// Whether a text tells of a transaction that took too long.
pub fn says_cancelled(text: &str) -> bool {
    text.contains("ransaction cancelled") || text.contains("maximum execution time exceeded")
}

/// The reply if it is a success in JSON, else the fault. `what` names what was asked for, for the reader.
///
/// # Errors
/// The fault that the reply tells of.
pub fn check(reply: Reply, what: &str, now: Timestamp) -> Result<Reply, Fault> {
    if reply.status == 200 && reply.is_json() { Ok(reply) } else { Err(fault_of(&reply, what, now)) }
}

/// The fault that a reply tells of.
pub fn fault_of(reply: &Reply, what: &str, now: Timestamp) -> Fault {
    if let Some(location) = reply.location() {
        return html::redirected(&reply.host, location);
    }
    if reply.status == 429 {
        return rate_limited(reply, now);
    }
    let page = if reply.is_json() { PageKind::Other } else { html::kind(&reply.body) };
    match page {
        PageKind::Hibernating => Fault::Hibernating { host: reply.host.clone() },
        PageKind::Login if reply.status != 401 => Fault::LoginPage { host: reply.host.clone(), location: None },
        _ => by_status(reply, what),
    }
}

fn by_status(reply: &Reply, what: &str) -> Fault {
    let error = error_body(reply);
    let what = what.to_owned();
    match reply.status {
        400 if error.message.starts_with("Invalid table") => Fault::NoSuchTable { table: what },
        401 => Fault::NotAuthenticated { what, detail: error.both() },
        403 => Fault::Forbidden { what, detail: error.both() },
        404 if reply.is_json() => Fault::NotFound { what },
        500.. if error.is_cancelled() => Fault::PartnerTimedOut { what },
        504 => Fault::PartnerTimedOut { what },
        status if status < 500 && !reply.is_json() => {
            Fault::NotJson { host: reply.host.clone(), status, content_type: reply.content_type() }
        }
        status => {
            let transaction = reply.header("x-transaction-id").map(short);
            Fault::PartnerError { status, message: error.message(), detail: error.detail(), transaction }
        }
    }
}

/// The error of a JSON body; of a page its title.
fn error_body(reply: &Reply) -> ErrorBody {
    #[derive(Deserialize)]
    struct Body {
        error: ErrorBody,
    }
    if reply.is_json() {
        return serde_json::from_slice::<Body>(&reply.body).map(|body| body.error).unwrap_or_default();
    }
    ErrorBody { message: html::title(&reply.body).unwrap_or_default(), detail: String::new() }
}

fn rate_limited(reply: &Reply, now: Timestamp) -> Fault {
    let till_reset = || {
        let reset = i64::try_from(reply.number("x-ratelimit-reset")?).ok()?;
        u64::try_from(reset - now.as_second()).ok()
    };
    Fault::RateLimited {
        retry_after_seconds: reply.retry_after(now).or_else(till_reset).unwrap_or(DEFAULT_WAIT_SECONDS).max(1),
        limit: reply.number("x-ratelimit-limit"),
        rule: reply.header("x-ratelimit-rule").map(short),
    }
}

/// A text of the instance made fit to show: one line, cleaned, cut.
pub fn short(text: &str) -> String {
    // Before it is cut: half a secret would not be known.
    let text = redactor::redact_text(&clean(text.trim(), false)).into_owned();
    match text.char_indices().nth(TEXT_LIMIT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
#[path = "errors_tests.rs"]
mod tests;
