//! What a reply that is no success means.
//!
//! The web app reports errors as ASP.NET does: `{"Message":".."}` with the whole .NET stack in it, a `ModelState`
//! beside it where a value was not understood, and `{"error":{"code","message"}}` where the interface's version is
//! missing. Where the web app shows errors in full, what was thrown stands in `ExceptionType` and `ExceptionMessage`. What
//! comes from App Service before the web app (stopped, starting, its own sign-in) is HTML.

use jiff::Timestamp;
use serde_json::Value;

use crate::model::clean::clean;
use crate::model::fault::Fault;
use crate::model::redactor;
use crate::net::http::Reply;

/// The longest text in a fault.
const TEXT_LIMIT: usize = 300;

/// How long to wait if a rate limit does not say.
const DEFAULT_WAIT_SECONDS: u64 = 60;

/// Exceptions of Service Manager if the web app's account lacks a permission.
const NO_PERMISSION: &str = "UnauthorizedAccessEnterpriseManagementException";

/// Exceptions of Service Manager if a work item does not exist.
const NOT_THERE: &str = "ObjectNotFoundException";

/// Exceptions, in lower case, if Service Manager cannot be reached or refuses the web app's account.
const CUT_OFF: [&str; 18] = [
    "servicenotrunningexception",
    "serverdisconnectedexception",
    "data access service is either not running",
    "has been disconnected from the server",
    "endpointnotfoundexception",
    "could not connect to net.tcp",
    "serviceunavailable",
    "serveruninitializedexception",
    "communicationobjectfaultedexception",
    "communicationobjectabortedexception",
    "system.servicemodel.communicationexception",
    "socketexception",
    "no such host is known",
    "actively refused",
    "did not properly respond",
    "unauthorizedaccessmonitoringexception",
    "user name or password is incorrect",
    "unknown user name or bad password",
];

/// Inner exceptions are read only to this depth.
const DEEPEST: usize = 4;

/// The reply if it is a success in JSON, else the fault. `what` names the request for the reader.
///
/// # Errors
/// The fault that the reply tells of.
pub fn check(reply: Reply, what: &str) -> Result<Reply, Fault> {
    if reply.status == 200 && reply.is_json() { Ok(reply) } else { Err(fault_of(&reply, what, Timestamp::now())) }
}

/// The fault that a reply tells of.
pub fn fault_of(reply: &Reply, what: &str, now: Timestamp) -> Fault {
    let host = reply.host.clone();
    if let Some(fault) = reply.redirected() {
        return fault;
    }
    if reply.status == 429 {
        let wait = reply.retry_after(now).unwrap_or(DEFAULT_WAIT_SECONDS).max(1);
        return Fault::RateLimited { retry_after_seconds: wait, limit: None, rule: None };
    }
    if !reply.is_json() {
        return of_page(reply, host, what);
    }
    of_json(reply.status, &serde_json::from_slice(&reply.body).unwrap_or_default(), what)
}

fn of_page(reply: &Reply, host: String, what: &str) -> Fault {
    let heading = heading(&reply.body);
    match reply.status {
        // A proxy before the web app signs people in.
        200 if reply.asks_for_sign_in() => Fault::LoginPage { host, location: None },
        401 => Fault::NotAuthenticated { what: what.to_owned(), detail: heading },
        403 | 500.. => {
            Fault::PartnerError { status: reply.status, message: heading, detail: String::new(), transaction: None }
        }
        404 => Fault::NotBound { what: what.to_owned(), detail: format!("HTTP 404 {heading}").trim().to_owned() },
        status => Fault::NotJson { host, status, content_type: reply.content_type() },
    }
}

fn of_json(status: u16, body: &Value, what: &str) -> Fault {
    let what = what.to_owned();
    let message = message_of(body);
    match status {
        400 if body["error"]["code"].is_string() => {
            let (code, text) = (first_line(&body["error"]["code"]), first_line(&body["error"]["message"]));
            Fault::NotBound { what: "api-version".to_owned(), detail: format!("{code}: {text}") }
        }
        401 => Fault::NotAuthenticated { what, detail: message },
        403 => Fault::Forbidden { what, detail: message },
        404 | 405 => Fault::NotBound { what, detail: message },
        400 => Fault::ParameterRefused { what, detail: joined(&message, &model_state(body)) },
        _ if message.contains(NO_PERMISSION) => Fault::Forbidden { what, detail: message },
        500.. if is_cut_off(body) => Fault::ProductUnreachable { what, detail: message },
        status => Fault::PartnerError { status, message, detail: model_state(body), transaction: None },
    }
}

/// The exception if the reply has one, else the message.
fn message_of(body: &Value) -> String {
    let (kind, thrown) = (first_line(&body["ExceptionType"]), first_line(&body["ExceptionMessage"]));
    match (kind.is_empty(), thrown.is_empty()) {
        (false, false) => short(&format!("{kind}: {thrown}")),
        (true, true) => first_line(&body["Message"]),
        _ => joined(&kind, &thrown),
    }
}

fn joined(one: &str, other: &str) -> String {
    let parts: Vec<_> = [one, other].into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(" ")
}

/// Whether the web app was cut off from Service Manager, or not let in there. What was thrown inside counts as well.
fn is_cut_off(body: &Value) -> bool {
    let (mut part, mut text) = (body, String::new());
    for _ in 0..DEEPEST {
        for name in ["Message", "ExceptionType", "ExceptionMessage"] {
            text.push_str(part[name].as_str().unwrap_or_default());
            text.push('\n');
        }
        part = &part["InnerException"];
    }
    let text = text.to_ascii_lowercase();
    CUT_OFF.iter().any(|mark| text.contains(mark))
}

/// Whether Service Manager says that there is no such work item.
pub fn is_not_there(fault: &Fault) -> bool {
    matches!(fault, Fault::PartnerError { message, .. } if message.contains(NOT_THERE))
}

/// Whether it was Service Manager that refused, not the web app.
pub fn is_no_permission(fault: &Fault) -> bool {
    matches!(fault, Fault::Forbidden { detail, .. } if detail.contains(NO_PERMISSION))
}

/// The problems of a `ModelState`, in one line.
fn model_state(body: &Value) -> String {
    let Some(state) = body["ModelState"].as_object() else { return String::new() };
    let problems = state.iter().map(|(field, all)| {
        let all = all.as_array().map(Vec::as_slice).unwrap_or_default();
        format!("{}: {}", clean(field, false), all.iter().map(first_line).collect::<Vec<_>>().join(" "))
    });
    short(&problems.collect::<Vec<_>>().join("; "))
}

/// The first line of a text: the rest is the stack.
fn first_line(value: &Value) -> String {
    let text = value.as_str().unwrap_or_default();
    short(text.lines().next().unwrap_or_default())
}

/// A text for display: one line, cleaned, shortened.
pub fn short(text: &str) -> String {
    // Before it is shortened, since a part of a secret would not be recognised.
    let text = redactor::redact_text(&clean(text.trim(), false)).into_owned();
    match text.char_indices().nth(TEXT_LIMIT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// The first heading of a page, else its title.
fn heading(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(&body[..body.len().min(16 * 1024)]);
    let lower = text.to_ascii_lowercase();
    let between = |open: &str, close: &str| {
        let start = lower.find(open)?;
        let from = start + lower[start..].find('>')? + 1;
        let till = from + lower[from..].find(close)?;
        Some(short(&text[from..till])).filter(|heading| !heading.is_empty())
    };
    let found = ["h1", "h2", "title"].iter().find_map(|tag| between(&format!("<{tag}"), &format!("</{tag}")));
    found.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("<html><title>Sign in to your account</title>", true)]
    #[case("<form><input type=\"password\"></form>", true)]
    #[case("<html><h1>Welcome</h1>", false)]
    fn a_page_on_which_people_sign_in_is_named_although_it_is_a_success(#[case] page: &str, #[case] sign_in: bool) {
        let headers = [("content-type".parse().unwrap(), "text/html".parse().unwrap())].into_iter().collect();
        let body = page.as_bytes().to_vec().into();
        let reply = Reply { host: "h".into(), status: 200, headers, body, came: 0, room: None };
        let found = fault_of(&reply, "incidents", Timestamp::UNIX_EPOCH);
        assert_eq!(matches!(found, Fault::LoginPage { location: None, .. }), sign_in, "{found:?}");
    }
}
