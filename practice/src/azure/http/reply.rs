//! The forms of its answers.

use axum::response::Response;
use serde_json::{Value, json};

use super::TokenProblem;
use crate::azure::options;
use crate::azure::record::{Note, Role};
use crate::azure::state::Control;
use crate::azure::value::time_text;
use crate::core::reply::{with, with_type};
use crate::core::rng::{Rng, guid};
use crate::entra::BearerProblem;

/// The page of a proxy.
pub(in crate::azure) const PAGE: &str =
    "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in to the network.</body></html>";

/// Why something is not done.
pub(in crate::azure) struct Refusal {
    status: u16,
    code: &'static str,
    message: String,
    details: Vec<Value>,
}

/// A refusal without details.
pub(in crate::azure) fn refuse(status: u16, code: &'static str, message: impl Into<String>) -> Refusal {
    Refusal { status, code, message: message.into(), details: Vec::new() }
}

impl Refusal {
    /// With details, each with a code, a message and a target.
    pub(in crate::azure) fn details(self, details: Vec<Value>) -> Self {
        Self { details, ..self }
    }

    /// The answer of Resource Manager.
    pub(in crate::azure) fn response(&self) -> Response {
        let Self { code, message, .. } = self;
        let mut body = json!({ "error": { "code": code, "message": message } });
        if !self.details.is_empty() {
            body["error"]["details"] = self.details.clone().into();
        }
        let response = json(self.status, &body);
        noted(response, |note| note.code = (*code).to_owned())
    }
}

/// The answer with a change of what is noted of it.
pub(in crate::azure) fn noted(mut response: Response, change: impl FnOnce(&mut Note)) -> Response {
    change(response.extensions_mut().get_or_insert_default::<Note>());
    response
}

/// A GUID that nobody can foresee.
pub(in crate::azure) fn fresh_guid() -> String {
    guid(&Rng::unforeseen().hex(32))
}

/// An answer in JSON.
pub(in crate::azure) fn json(status: u16, body: &Value) -> Response {
    let response = with_type(status, "application/json; charset=utf-8", body.to_string());
    with(response, "x-ms-request-id", &fresh_guid())
}

/// An error, as each role words it.
pub(in crate::azure) fn error(role: Role, status: u16, code: &str, message: &str) -> Response {
    let response = match role {
        Role::Query => {
            json(status, &json!({ "error": { "message": message, "code": code, "correlationId": fresh_guid() } }))
        }
        Role::Identity => json(status, &json!({ "error": code, "error_description": message })),
        Role::ResourceManager => json(status, &json!({ "error": { "code": code, "message": message } })),
        Role::Ingestion => {
            let told = json(status, &json!({ "error": { "code": code, "message": message } }));
            with(told, "x-ms-error-code", code)
        }
    };
    noted(response, |note| note.code = code.to_owned())
}

/// 413, with the text that Azure has for it.
pub(in crate::azure) fn too_large(most: usize, given: usize) -> Response {
    let megabytes = most / 1_048_576;
    let message = format!(
        "Maximum allowed content length: {most} bytes ({megabytes} MB). Provided content length: {given} bytes."
    );
    error(Role::Ingestion, 413, "ContentLengthLimitExceeded", &message)
}

/// What a bad token is answered with.
pub(in crate::azure) fn token(azure: &Control, role: Role, problem: &TokenProblem) -> Response {
    let (status, code, message) = match role {
        Role::Ingestion => ingestion_token(problem),
        Role::Query => query_token(problem),
        Role::ResourceManager | Role::Identity => manager_token(azure, problem),
    };
    let response = error(role, status, code, &message);
    if role == Role::Ingestion || status != 401 {
        return response;
    }
    let inner = azure.0.inner();
    let at = format!(
        "Bearer authorization_uri=\"{}/{}\", error=\"invalid_token\", error_description=\"{message}\"",
        inner.url, inner.tenant
    );
    with(response, "www-authenticate", &at)
}

type Told = (u16, &'static str, String);

fn ingestion_token(problem: &TokenProblem) -> Told {
    match problem {
        TokenProblem::Audience(audience) => {
            (401, "InvalidAudience", format!("The audience '{audience}' of the authentication token is not valid."))
        }
        TokenProblem::Bad(BearerProblem::Missing) => {
            (401, "MissingToken", "The request carries no authentication token.".to_owned())
        }
        TokenProblem::Bad(BearerProblem::Unknown) => {
            (401, "InvalidToken", "The authentication token is not valid.".to_owned())
        }
        TokenProblem::Bad(BearerProblem::Expired) => {
            (401, "ExpiredToken", "The authentication token has expired.".to_owned())
        }
    }
}

fn query_token(problem: &TokenProblem) -> Told {
    match problem {
        TokenProblem::Audience(_) => (
            403,
            "InvalidAuthenticationTokenAudience",
            format!(
                "The access token has been obtained from wrong audience or resource. It should exactly match \
                 (including forward slash) with one of the allowed audiences '{}'.",
                options::QUERY_AUDIENCE
            ),
        ),
        TokenProblem::Bad(_) => (401, "AuthenticationFailed", "Valid authentication was not provided".to_owned()),
    }
}

fn manager_token(azure: &Control, problem: &TokenProblem) -> Told {
    match problem {
        TokenProblem::Bad(BearerProblem::Missing) => {
            (401, "AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing.".to_owned())
        }
        TokenProblem::Bad(BearerProblem::Unknown) => {
            (401, "InvalidAuthenticationToken", "The access token is invalid.".to_owned())
        }
        TokenProblem::Bad(BearerProblem::Expired) => {
            let now = time_text(azure.0.base.clock.millis() * 10_000);
            (401, "ExpiredAuthenticationToken", format!("The access token has expired. Current UTC time: '{now}'."))
        }
        TokenProblem::Audience(audience) => (
            401,
            "InvalidAuthenticationTokenAudience",
            format!(
                "The access token has been obtained for wrong audience or resource '{audience}'. It should exactly \
                 match with one of the allowed audiences '{}/'.",
                options::MANAGER_AUDIENCE
            ),
        ),
    }
}
