//! Answers in the authority's forms.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde_json::{Value, json};

use super::refusal::Refusal;
use crate::rng::Rng;

const JSON: &str = "application/json; charset=utf-8";

/// Any body.
pub(super) fn body(status: u16, kind: &'static str, text: String) -> Response {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store, no-cache"));
    response
}

/// JSON.
pub(super) fn json(status: u16, value: &Value) -> Response {
    body(status, JSON, value.to_string())
}

/// A refusal with its trace and correlation ids. The time is not in RFC 3339.
pub(super) fn refused(refusal: &Refusal, now: i64) -> Response {
    let at = jiff::Timestamp::from_second(now).unwrap_or_default().strftime("%Y-%m-%d %H:%M:%SZ").to_string();
    let (trace, correlation) = (fresh_guid(), fresh_guid());
    let Refusal { code, text, .. } = refusal;
    let description =
        format!("AADSTS{code}: {text}\r\nTrace ID: {trace}\r\nCorrelation ID: {correlation}\r\nTimestamp: {at}");
    let mut value = json!({
        "error": refusal.error,
        "error_description": description,
        "error_codes": [code],
        "timestamp": at,
        "trace_id": trace,
        "correlation_id": correlation,
        "error_uri": format!("https://login.microsoftonline.com/error?code={code}"),
    });
    if let Some(suberror) = refusal.suberror {
        value["suberror"] = suberror.into();
    }
    json(refusal.status, &value)
}

fn fresh_guid() -> String {
    let hex = Rng::unforeseen().hex(32);
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}
