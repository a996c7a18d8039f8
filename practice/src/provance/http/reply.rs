//! Answers in the product's forms.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde_json::{Value, json};

const JSON: &str = "application/json; odata.metadata=minimal";

/// A page as a proxy or the platform shows it.
pub(crate) const DOWN: &str = "<!DOCTYPE html><html><head><title>503 Service Unavailable</title></head><body><h1>Service Unavailable</h1></body></html>";

/// A sign-in page.
pub(crate) const LOGIN: &str = "<!DOCTYPE html><html><head><title>Sign in to your account</title></head><body><form action=\"/common/login\" method=\"post\"><input name=\"loginfmt\"/></form></body></html>";

/// A body that says it is JSON.
pub(crate) fn text(status: u16, body: impl Into<Body>) -> Response {
    with_type(status, JSON, body.into())
}

/// JSON.
pub(crate) fn json(value: &Value) -> Response {
    text(200, value.to_string())
}

/// A page for people.
pub(crate) fn html(status: u16, page: &str) -> Response {
    with_type(status, "text/html; charset=utf-8", Body::from(page.to_owned()))
}

/// The product's error body.
pub(crate) fn error(status: u16, code: &str, message: &str) -> Response {
    text(status, json!({ "error": { "code": code, "message": message } }).to_string())
}

/// Sets a header; a value that cannot stand in one is left out.
pub(crate) fn set(response: &mut Response, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

fn with_type(status: u16, kind: &'static str, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert("odata-version", HeaderValue::from_static("4.0"));
    response
}
