//! The meaning of error replies.
//!
//! The envelope is `errorCode`, `errorMessage`, `hasError`, `httpStatusCode`; the last is a name and not to be
//! trusted. Errors of the business come as HTTP 500, so the code counts before the status, and codes are spelled in
//! more than one way. IIS and proxies answer in HTML.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value as Json;

use crate::model::clean::clean;
use crate::model::fault::Fault;
use crate::model::redactor;
use crate::net::http::Reply;

/// The longest text of the system in a fault.
const TEXT_LIMIT: usize = 500;

/// How long to wait if a rate limit (of a proxy; the product has none) does not say.
const DEFAULT_WAIT_SECONDS: u64 = 60;

/// How far into a page to look.
const LOOK_BYTES: usize = 64 << 10;

/// The error members of a body. Each may be missing, null or of another type.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Envelope {
    #[serde(alias = "ErrorCode")]
    error_code: Json,
    #[serde(alias = "ErrorMessage")]
    error_message: Json,
    #[serde(alias = "HasError")]
    has_error: Json,
    /// Of the web framework under the API.
    #[serde(rename = "Message")]
    message: Json,
    /// Of the token endpoint.
    error: Json,
    #[serde(rename = "error_description")]
    description: Json,
}

impl Envelope {
    /// Reads a body; what is no object has no envelope.
    pub fn read(body: &[u8]) -> Self {
        serde_json::from_slice(body).unwrap_or_default()
    }

    /// The code, if there is an error.
    pub fn code(&self) -> Option<String> {
        let code = [&self.error_code, &self.error].into_iter().find_map(text);
        code.or_else(|| (flag(&self.has_error) == Some(true)).then(String::new))
    }

    /// The message.
    pub fn message(&self) -> String {
        [&self.error_message, &self.description, &self.message].into_iter().find_map(text).unwrap_or_default()
    }

    /// The fault, if there is one. `what` names the request for the reader.
    pub fn fault(&self, what: &str) -> Option<Fault> {
        let (code, detail, what) = (self.code()?, self.message(), what.to_owned());
        let lower = detail.to_ascii_lowercase();
        Some(match code.to_ascii_uppercase().as_str() {
            "RECORDNOTFOUND" | "SEARCHNOTFOUND" => Fault::NotFound { what },
            "INSUFFICIENTRIGHTS" => Fault::Forbidden { what, detail },
            "GENERALFAILURE" if lower.starts_with("business object") && lower.contains("not found") => {
                Fault::NoSuchTable { table: what }
            }
            _ => Fault::PartnerRefused { what, error_code: code, detail },
        })
    }
}

/// A boolean, which may come as a text.
pub fn flag(value: &Json) -> Option<bool> {
    match value {
        Json::Bool(flag) => Some(*flag),
        Json::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Json::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

fn text(value: &Json) -> Option<String> {
    value.as_str().map(short).filter(|text| !text.is_empty())
}

/// The reply if it is a success in JSON, else the fault.
///
/// # Errors
/// The fault of an error reply. Errors in a body with status 200 are found by the reader of the body.
pub fn check(reply: Reply, what: &str) -> Result<Reply, Fault> {
    if reply.status == 200 && reply.is_json() { Ok(reply) } else { Err(fault_of(&reply, what, Timestamp::now())) }
}

/// The fault that a reply tells of.
pub fn fault_of(reply: &Reply, what: &str, now: Timestamp) -> Fault {
    if let Some(fault) = reply.redirected() {
        return fault;
    }
    if reply.status == 429 {
        let wait = reply.retry_after(now).unwrap_or(DEFAULT_WAIT_SECONDS).max(1);
        return Fault::RateLimited { retry_after_seconds: wait, limit: None, rule: None };
    }
    let envelope = if reply.is_json() { Envelope::read(&reply.body) } else { Envelope::default() };
    if reply.status == 401 {
        return Fault::NotAuthenticated { what: what.to_owned(), detail: envelope.message() };
    }
    envelope.fault(what).unwrap_or_else(|| by_status(reply, what, &envelope))
}

fn by_status(reply: &Reply, what: &str, envelope: &Envelope) -> Fault {
    let (host, what) = (reply.host.clone(), what.to_owned());
    match reply.status {
        // A page comes from a firewall or a gateway.
        403 if reply.content_type() != "text/html" => Fault::Forbidden { what, detail: envelope.message() },
        404 if reply.is_json() => Fault::NotFound { what },
        504 => Fault::PartnerTimedOut { what },
        status if status >= 500 || reply.is_json() => {
            let message = title(&reply.body).unwrap_or_else(|| envelope.message());
            Fault::PartnerError { status, message, detail: String::new(), transaction: None }
        }
        200 if reply.asks_for_sign_in() => Fault::LoginPage { host, location: None },
        status => Fault::NotJson { host, status, content_type: reply.content_type() },
    }
}

/// A page's title.
fn title(body: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(&body[..body.len().min(LOOK_BYTES)]).into_owned();
    let lower = text.to_ascii_lowercase();
    let from = lower.find("<title>")? + "<title>".len();
    let to = from + lower.get(from..)?.find("</title>")?;
    text.get(from..to).map(short).filter(|title| !title.is_empty())
}

/// A text of the system for display: one line, cleaned, shortened.
pub fn short(text: &str) -> String {
    // Before it is shortened, since a part of a secret would not be recognised.
    let text = redactor::redact_text(&clean(text.trim(), false)).into_owned();
    match text.char_indices().nth(TEXT_LIMIT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
