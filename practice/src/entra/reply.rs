//! Answers in the authority's forms.

use axum::response::Response;
use serde_json::{Value, json};

use super::refusal::Refusal;
use crate::core::reply::{with, with_type};
use crate::core::rng::{Rng, guid};

const JSON: &str = "application/json; charset=utf-8";

/// Any body.
pub(super) fn body(status: u16, kind: &'static str, text: String) -> Response {
    with(with_type(status, kind, text), "cache-control", "no-store, no-cache")
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
    guid(&Rng::unforeseen().hex(32))
}
