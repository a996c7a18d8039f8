//! Replies, whatever the product.

use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use futures_util::{StreamExt, stream};

use super::ResetSwitch;

/// A reply of this status and type.
pub(crate) fn with_type(status: u16, kind: &'static str, body: impl Into<Body>) -> Response {
    let mut response = empty(status);
    *response.body_mut() = body.into();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

/// A reply without a body.
pub(crate) fn empty(status: u16) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response
}

/// Sets a header; a value that cannot stand in one is left out.
pub(crate) fn set(response: &mut Response, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// The reply with one more header.
pub(crate) fn with(mut response: Response, name: &'static str, value: &str) -> Response {
    set(&mut response, name, value);
    response
}

/// Half of these bytes; then the connection is reset.
pub(crate) fn reset(whole: impl Into<Bytes>, switch: &ResetSwitch) -> Body {
    let whole = whole.into();
    let half = whole.slice(..whole.len() / 2);
    let switch = switch.clone();
    let end = stream::once(async move {
        // Let the first half reach the client before the reset overtakes it.
        tokio::time::sleep(Duration::from_millis(50)).await;
        switch.pull();
        Err(io::Error::from(io::ErrorKind::ConnectionReset))
    });
    Body::from_stream(stream::iter([Ok(half)]).chain(end))
}

/// Half of a text, cut between characters.
pub(crate) fn half(text: &str) -> &str {
    let end = (0..=text.len() / 2).rev().find(|at| text.is_char_boundary(*at));
    &text[..end.unwrap_or(0)]
}
