//! The meaning of error replies: `{"error":{"code":"0x80040265","message":".."}}`, or a page.

use jiff::Timestamp;
use serde_json::Value as Json;

use crate::model::clean::clean;
use crate::model::fault::Fault;
use crate::model::redactor;
use crate::net::http::Reply;

/// The longest text of the product in a fault.
const TEXT_LIMIT: usize = 500;

/// How long to wait if a refusal does not say, in seconds: the limits cover five minutes.
const DEFAULT_WAIT_SECONDS: u64 = 300;

/// There is no such table.
const NO_SEGMENT: &str = "0x8006088a";

/// More rows match than can be counted at once.
pub const COUNT_LIMIT: &str = "0x8004e023";

/// The caller is no user of this environment, or the token is of another tenant.
pub const NOT_A_MEMBER: &str = "0x80072560";

/// The user, or the environment, is switched off.
const DISABLED: [&str; 3] = ["0x80040225", "0x80041d1f", "0x8004a104"];

/// The user lacks a privilege.
const PRIVILEGE: [&str; 2] = ["0x80040220", "0x80048306"];

/// The user has no security role at all; a rule of the environment blocks the caller.
const OTHERS: [&str; 2] = ["0x80042f09", "0x80095ffc"];

/// Whether a code says that the user is switched off.
pub fn is_disabled(code: &str) -> bool {
    DISABLED.iter().any(|known| known.eq_ignore_ascii_case(code))
}

/// Whether a code says that the user may not read this.
pub fn is_privilege(code: &str) -> bool {
    PRIVILEGE.iter().any(|known| known.eq_ignore_ascii_case(code))
}

/// Whether the cause of a refusal with this code is known.
fn is_known(code: &str) -> bool {
    code.eq_ignore_ascii_case(NOT_A_MEMBER)
        || is_disabled(code)
        || is_privilege(code)
        || OTHERS.iter().any(|known| known.eq_ignore_ascii_case(code))
}

/// Whether the user may not read this, or it does not exist; the reply does not tell which.
pub fn is_refused(fault: &Fault) -> bool {
    match fault {
        Fault::Forbidden { .. } | Fault::NoSuchTable { .. } | Fault::PartnerError { status: 404, .. } => true,
        Fault::EnvironmentRefused { error_code, .. } => is_privilege(error_code),
        _ => false,
    }
}

struct Told {
    code: String,
    message: String,
}

/// The reply if it is a success in JSON, else the fault. `what` names the request.
///
/// # Errors
/// The fault that the reply tells of.
pub fn check(reply: Reply, what: &str) -> Result<Reply, Fault> {
    if reply.status == 200 && reply.is_json() { Ok(reply) } else { Err(fault_of(&reply, what)) }
}

fn fault_of(reply: &Reply, what: &str) -> Fault {
    let host = reply.host.clone();
    if let Some(fault) = reply.redirected() {
        return fault;
    }
    let told = told(reply);
    let code = told.code.to_ascii_lowercase();
    let detail = match (told.code.as_str(), told.message.as_str()) {
        ("", message) => message.to_owned(),
        (code, "") => code.to_owned(),
        (code, message) => format!("{code}: {message}"),
    };
    let named = what.to_owned();
    match reply.status {
        200 if reply.asks_for_sign_in() => Fault::LoginPage { host, location: None },
        400..=403 if is_known(&code) => {
            Fault::EnvironmentRefused { what: named, error_code: told.code, detail: told.message }
        }
        401 => Fault::NotAuthenticated { what: named, detail },
        // A page is of a firewall or a gateway.
        403 if reply.content_type() != "text/html" => Fault::Forbidden { what: named, detail },
        404 if code == NO_SEGMENT => Fault::NoSuchTable { table: named },
        408 | 504 => Fault::PartnerTimedOut { what: named },
        503 => Fault::Unavailable { host, retry_after_seconds: reply.retry_after(Timestamp::now()) },
        429 => Fault::RateLimited {
            retry_after_seconds: reply.retry_after(Timestamp::now()).unwrap_or(DEFAULT_WAIT_SECONDS).max(1),
            limit: None,
            rule: Some(told.code).filter(|code| !code.is_empty()),
        },
        status if status < 500 && !reply.is_json() => {
            Fault::NotJson { host, status, content_type: reply.content_type() }
        }
        status => {
            let transaction = reply.header("x-ms-service-request-id").map(short);
            Fault::PartnerError { status, message: told.message, detail: told.code, transaction }
        }
    }
}

/// What the body tells; each part may be missing, null or a number.
fn told(reply: &Reply) -> Told {
    let body: Json = if reply.is_json() { serde_json::from_slice(&reply.body).unwrap_or_default() } else { Json::Null };
    let text = |name: &str| match &body["error"][name] {
        Json::String(text) => short(text),
        // The same code as a signed number.
        Json::Number(number) => match number.as_i64().map(i32::try_from) {
            Some(Ok(code)) if code < 0 => format!("0x{:08x}", code.cast_unsigned()),
            _ => number.to_string(),
        },
        _ => String::new(),
    };
    Told { code: text("code"), message: text("message") }
}

/// A text of the product for display: one line, cleaned, shortened.
pub fn short(text: &str) -> String {
    // Before it is shortened, since a part of a secret would not be recognised.
    let text = redactor::redact_text(&clean(text.trim(), false)).into_owned();
    match text.char_indices().nth(TEXT_LIMIT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
