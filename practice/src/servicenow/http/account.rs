//! Who is asking.

use axum::http::{HeaderMap, header};
use axum::response::Response;

use super::reply;
use crate::servicenow::oauth::Account;
use crate::servicenow::state::State;

/// The user whose access token the request carries, or the refusal: a wrong, expired, revoked or missing token all
/// look alike, and Basic is refused in newer words.
pub(crate) fn of(state: &State, headers: &HeaderMap) -> Result<Account, Box<Response>> {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or("");
    if given.starts_with("Basic ") {
        return Err(Box::new(refusal("User is not authenticated")));
    }
    let caller = given.strip_prefix("Bearer ").and_then(|token| state.caller(token));
    let caller = caller.ok_or_else(|| Box::new(refusal("User Not Authenticated")))?;
    if caller.api_access {
        return Ok(caller);
    }
    Err(Box::new(reply::error(403, "User Not Authorized", Some("Failed API level ACL Validation"))))
}

fn refusal(message: &str) -> Response {
    let mut response = reply::error(401, message, Some("Required to provide Auth information"));
    reply::set(&mut response, "www-authenticate", "BASIC realm=\"Service-now\"");
    response
}
