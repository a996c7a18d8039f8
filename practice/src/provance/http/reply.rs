//! Answers in the product's forms.

use axum::body::Body;
use axum::response::Response;
use serde_json::{Value, json};

use crate::core::reply;
pub(crate) use crate::core::reply::{half, reset, set, with};

const JSON: &str = "application/json; odata.metadata=minimal";

/// A page as a proxy or the platform shows it.
pub(crate) const DOWN: &str = "<!DOCTYPE html><html><head><title>503 Service Unavailable</title></head><body><h1>Service Unavailable</h1></body></html>";

/// A sign-in page.
pub(crate) const LOGIN: &str = "<!DOCTYPE html><html><head><title>Sign in to your account</title></head><body><form action=\"/common/login\" method=\"post\"><input name=\"loginfmt\"/></form></body></html>";

/// A body that says it is JSON.
pub(crate) fn text(status: u16, body: impl Into<Body>) -> Response {
    with_type(status, JSON, body)
}

/// JSON.
pub(crate) fn json(value: &Value) -> Response {
    text(200, value.to_string())
}

/// A page for people.
pub(crate) fn html(status: u16, page: &str) -> Response {
    with_type(status, "text/html; charset=utf-8", page.to_owned())
}

/// The product's error body.
pub(crate) fn error(status: u16, code: &str, message: &str) -> Response {
    text(status, json!({ "error": { "code": code, "message": message } }).to_string())
}

fn with_type(status: u16, kind: &'static str, body: impl Into<Body>) -> Response {
    with(reply::with_type(status, kind, body), "odata-version", "4.0")
}
