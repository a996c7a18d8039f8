//! Its endpoints.

use axum::extract::{Query, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use axum::routing::{MethodFilter, get};
use serde::Deserialize;
use serde_json::json;

use super::faults::FaultKind;
use super::place::AzurePlace;
use super::reply;
use super::state::{self, Azure};
use crate::core::RequestRecord;
use crate::core::admin_api::{self, Routes, with_body};
use crate::core::reply::with;

/// Everything it answers to.
pub(super) fn routes() -> Routes<state::State> {
    let put = |azure: &Azure, place: AzurePlace| azure.change(|own| *own = place);
    admin_api::common("/practice/azure")
        .route("/practice/azure", with_body(MethodFilter::PUT, put))
        .route("/metadata/identity/oauth2/token", get(identity))
        .route("/subscriptions/{*rest}", get(resource))
}

#[derive(Deserialize)]
struct IdentityQuery {
    #[serde(rename = "api-version", default)]
    api_version: String,
    #[serde(default)]
    resource: String,
}

async fn identity(State(azure): State<Azure>, headers: HeaderMap, Query(query): Query<IdentityQuery>) -> Response {
    let refused =
        |error: &str, description: &str| reply::json(400, &json!({ "error": error, "error_description": description }));
    if headers.get("metadata").is_none_or(|value| value != "true") {
        return refused("bad_request_102", "Required metadata header not specified");
    }
    if query.api_version.is_empty() || query.resource.is_empty() {
        return refused("bad_request_101", "Required audience parameter not specified");
    }
    if !azure.place().identity {
        return refused("invalid_request", "Identity not found");
    }
    if query.resource != azure.0.inner().url {
        return refused("invalid_resource", "AADSTS500011: The resource principal was not found in the tenant.");
    }
    let now = jiff::Timestamp::now().as_second();
    reply::json(
        200,
        &json!({
            "access_token": azure.token(), "client_id": "5e29463d-0000-4000-8000-000000000001", "expires_in": "86399",
            "expires_on": (now + 86_399).to_string(), "ext_expires_in": "86399", "not_before": (now - 300).to_string(),
            "resource": query.resource, "token_type": "Bearer",
        }),
    )
}

#[derive(Deserialize)]
struct ArmQuery {
    #[serde(rename = "api-version")]
    api_version: Option<String>,
    #[serde(rename = "$skiptoken")]
    skip: Option<usize>,
}

async fn resource(State(azure): State<Azure>, parts: Parts, Query(query): Query<ArmQuery>) -> Response {
    let response = answer(&azure, &parts, &query);
    azure.0.base.requests.add(RequestRecord::new(&parts, response.status().as_u16()));
    response
}

fn answer(azure: &Azure, parts: &Parts, query: &ArmQuery) -> Response {
    let (path, inner) = (parts.uri.path(), azure.0.inner());
    let given = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let known = given.and_then(|given| given.strip_prefix("Bearer "));
    if !known.is_some_and(|token| inner.tokens.iter().any(|one| one == token)) {
        return reply::error(401, "InvalidAuthenticationToken", "The access token is invalid.");
    }
    let fault = azure.0.base.faults.take_first(path).map(|spec| spec.fault);
    if let Some(response) = fault.and_then(|fault| faulty(fault, path)) {
        return response;
    }
    let Some(version) = &query.api_version else {
        let message = "The api-version query parameter (?api-version=) is required for all requests.";
        return reply::error(400, "MissingApiVersionParameter", message);
    };
    let elsewhere = fault == Some(FaultKind::LinkElsewhere);
    inner.answer(path, version, query.skip.unwrap_or(0), elsewhere)
}

fn faulty(fault: FaultKind, path: &str) -> Option<Response> {
    Some(match fault {
        FaultKind::Forbidden => {
            let message = format!(
                "The client 'practice' with object id '0' does not have authorization to perform action \
                 'Microsoft.Relay/namespaces/hybridConnections/read' over scope '{path}' or the scope is invalid. If \
                 access was recently granted, please refresh your credentials."
            );
            reply::error(403, "AuthorizationFailed", &message)
        }
        FaultKind::NotFound => reply::not_found(path),
        FaultKind::Throttled => {
            let told = reply::error(429, "SubscriptionRequestsThrottled", "Number of requests exceeded the limit.");
            with(told, "retry-after", "11")
        }
        FaultKind::Unavailable => reply::error(503, "ServerTimeout", "The request timed out."),
        FaultKind::Html => reply::html(200),
        FaultKind::HtmlNotFound => reply::html(404),
        FaultKind::LinkElsewhere => return None,
    })
}
