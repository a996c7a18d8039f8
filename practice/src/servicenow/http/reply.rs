//! Answers in the product's forms.

use std::convert::Infallible;

use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use axum::response::Response;
use futures_util::stream;

use crate::core::json_text::push_text;
use crate::core::reply;
pub(crate) use crate::core::reply::{reset, set, with};

const JSON: &str = "application/json;charset=UTF-8";
const CHUNK: usize = 64 * 1024;

/// JSON, in chunks and without a length, as the product sends it.
pub(crate) fn json(status: StatusCode, text: String) -> Response {
    let bytes = Bytes::from(text);
    let starts = (0..bytes.len()).step_by(CHUNK);
    let chunks: Vec<_> = starts.map(|start| bytes.slice(start..bytes.len().min(start + CHUNK))).collect();
    let body = Body::from_stream(stream::iter(chunks.into_iter().map(Ok::<_, Infallible>)));
    with_type(status, JSON, body)
}

/// Any body that says it is JSON.
pub(crate) fn json_body(body: Body) -> Response {
    with_type(StatusCode::OK, JSON, body)
}

/// A page for people.
pub(crate) fn html(status: StatusCode, text: &str) -> Response {
    with_type(status, "text/html;charset=UTF-8", text.to_owned())
}

/// An answer without a body.
pub(crate) fn empty(status: StatusCode) -> Response {
    reply::empty(status.as_u16())
}

/// The product's error body.
pub(crate) fn error(status: u16, message: &str, detail: Option<&str>) -> Response {
    let mut text = String::from("{\"error\":{\"message\":");
    push_text(&mut text, message);
    text.push_str(",\"detail\":");
    match detail {
        Some(detail) => push_text(&mut text, detail),
        None => text.push_str("null"),
    }
    text.push_str("},\"status\":\"failure\"}");
    json(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), text)
}

fn with_type(status: StatusCode, kind: &'static str, body: impl Into<Body>) -> Response {
    reply::with_type(status.as_u16(), kind, body)
}
