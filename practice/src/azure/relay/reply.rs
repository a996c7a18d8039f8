//! The forms of its answers.

use axum::response::Response;
use serde_json::{Value, json};

use crate::core::reply::{with, with_type};

/// A reply in JSON.
pub(super) fn json(status: u16, body: &Value) -> Response {
    let response = with_type(status, "application/json; charset=utf-8", body.to_string());
    with(response, "x-ms-correlation-request-id", "0f0e0d0c-0000-4000-8000-00000000a2b3")
}

/// An error, as Azure Resource Manager words it.
pub(super) fn error(status: u16, code: &str, message: &str) -> Response {
    json(status, &json!({ "error": { "code": code, "message": message } }))
}

/// A page.
pub(super) fn html(status: u16) -> Response {
    let page =
        "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in to the network.</body></html>";
    with_type(status, "text/html; charset=utf-8", page)
}

/// The error for a resource that is not there.
pub(super) fn not_found(path: &str) -> Response {
    let help = "For more details please go to https://aka.ms/ARMResourceNotFoundFix";
    error(404, "ResourceNotFound", &format!("The Resource '{path}' was not found. {help}"))
}
