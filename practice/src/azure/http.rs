//! Its endpoints.

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;

use super::fault::{AzureFault, AzureFaultKind};
use super::place::AzurePlace;
use super::reply;
use super::state::Azure;

/// Everything it answers to.
pub(super) fn router() -> Router<Azure> {
    Router::new()
        .route("/metadata/identity/oauth2/token", get(identity))
        .route("/subscriptions/{*rest}", get(resource))
        .route("/practice/azure", get(shown).put(put))
        .route("/practice/azure/faults", post(add_fault).delete(clear_faults))
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
    if query.resource != azure.inner().url {
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

async fn resource(State(azure): State<Azure>, headers: HeaderMap, uri: Uri, Query(query): Query<ArmQuery>) -> Response {
    let path = uri.path().to_owned();
    let mut inner = azure.inner();
    inner.requests.push(path.clone());
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let known = given.and_then(|given| given.strip_prefix("Bearer "));
    if !known.is_some_and(|token| inner.tokens.iter().any(|one| one == token)) {
        return reply::error(401, "InvalidAuthenticationToken", "The access token is invalid.");
    }
    let fault = inner.take_fault(&path);
    if let Some(response) = fault.and_then(|fault| faulty(fault, &path)) {
        return response;
    }
    let Some(version) = &query.api_version else {
        let message = "The api-version query parameter (?api-version=) is required for all requests.";
        return reply::error(400, "MissingApiVersionParameter", message);
    };
    let elsewhere = fault == Some(AzureFaultKind::LinkElsewhere);
    inner.answer(&path, version, query.skip.unwrap_or(0), elsewhere)
}

fn faulty(fault: AzureFaultKind, path: &str) -> Option<Response> {
    Some(match fault {
        AzureFaultKind::Forbidden => {
            let message = format!(
                "The client 'practice' with object id '0' does not have authorization to perform action \
                 'Microsoft.Relay/namespaces/hybridConnections/read' over scope '{path}' or the scope is invalid. If \
                 access was recently granted, please refresh your credentials."
            );
            reply::error(403, "AuthorizationFailed", &message)
        }
        AzureFaultKind::NotFound => reply::not_found(path),
        AzureFaultKind::Throttled => {
            let told = reply::error(429, "SubscriptionRequestsThrottled", "Number of requests exceeded the limit.");
            ([(header::RETRY_AFTER, "11")], told).into_response()
        }
        AzureFaultKind::Unavailable => reply::error(503, "ServerTimeout", "The request timed out."),
        AzureFaultKind::Html => reply::html(200),
        AzureFaultKind::HtmlNotFound => reply::html(404),
        AzureFaultKind::LinkElsewhere => return None,
    })
}

async fn shown(State(azure): State<Azure>) -> Response {
    Json(azure.place()).into_response()
}

async fn put(State(azure): State<Azure>, Json(place): Json<AzurePlace>) -> StatusCode {
    azure.change(|own| *own = place);
    StatusCode::NO_CONTENT
}

async fn add_fault(State(azure): State<Azure>, Json(fault): Json<AzureFault>) -> StatusCode {
    azure.fault(fault);
    StatusCode::NO_CONTENT
}

async fn clear_faults(State(azure): State<Azure>) -> StatusCode {
    azure.clear_faults();
    StatusCode::NO_CONTENT
}
