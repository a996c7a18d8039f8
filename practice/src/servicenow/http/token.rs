//! The token endpoints.

use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::Response;

use super::reply;
use crate::servicenow::oauth::{Form, Refusal};
use crate::servicenow::state::State;

/// `/oauth_token.do`: a form in the body, and only there.
pub(crate) fn token(state: &State, method: &Method, query: &str, headers: &HeaderMap, body: &[u8]) -> Response {
    let form_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let is_form = form_type.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    if method != Method::POST || !is_form || !query.is_empty() {
        return denied();
    }
    let form: Form = url::form_urlencoded::parse(body).into_owned().collect();
    match state.grant(&form) {
        Ok(text) => reply::json(StatusCode::OK, text),
        Err(Refusal::Denied) => denied(),
        Err(Refusal::NoUser(application)) => no_user(&application),
    }
}

/// `/oauth_revoke_token.do`: GET or POST, needs no authentication, says nothing about whether it knew the token.
pub(crate) fn revoke(state: &State, query: &str, body: &[u8]) -> Response {
    let pairs = url::form_urlencoded::parse(query.as_bytes()).chain(url::form_urlencoded::parse(body));
    for (_, token) in pairs.filter(|(key, _)| key == "token") {
        state.expire_token(&token);
    }
    reply::empty(StatusCode::OK)
}

fn denied() -> Response {
    let text = "{\"error_description\":\"access_denied\",\"error\":\"server_error\"}";
    reply::json(StatusCode::UNAUTHORIZED, text.to_owned())
}

fn no_user(application: &str) -> Response {
    let text = format!(
        "{{\"error\":\"unauthorized_client\",\"error_description\":\"The integration user is not configured for OAuth:{application}\"}}"
    );
    reply::json(StatusCode::BAD_REQUEST, text)
}
