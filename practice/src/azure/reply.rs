//! The forms of its answers.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// A reply in JSON.
pub(super) fn json(status: u16, body: &Value) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json; charset=utf-8"),
        (header::HeaderName::from_static("x-ms-correlation-request-id"), "0f0e0d0c-0000-4000-8000-00000000a2b3"),
    ];
    (StatusCode::from_u16(status).unwrap_or_default(), headers, body.to_string()).into_response()
}

/// An error, as Azure Resource Manager words it.
pub(super) fn error(status: u16, code: &str, message: &str) -> Response {
    json(status, &json!({ "error": { "code": code, "message": message } }))
}

/// A page.
pub(super) fn html(status: u16) -> Response {
    let page =
        "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in to the network.</body></html>";
    let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    (StatusCode::from_u16(status).unwrap_or_default(), kind, page).into_response()
}

/// The error for a resource that is not there.
pub(super) fn not_found(path: &str) -> Response {
    let help = "For more details please go to https://aka.ms/ARMResourceNotFoundFix";
    error(404, "ResourceNotFound", &format!("The Resource '{path}' was not found. {help}"))
}
