//! Answers in the product's forms.

use axum::body::Body;
use axum::response::Response;
use serde_json::{Value, json};

use crate::core::reply::with_type;
pub(crate) use crate::core::reply::{empty, reset, set};

const JSON: &str = "application/json; charset=utf-8";

/// JSON.
pub(crate) fn text(status: u16, text: String) -> Response {
    with_type(status, JSON, text)
}

/// JSON of a value.
pub(crate) fn value(status: u16, value: &Value) -> Response {
    text(status, value.to_string())
}

/// A page for people.
pub(crate) fn html(status: u16, text: &str) -> Response {
    with_type(status, "text/html", text.to_owned())
}

/// Any body that says it is JSON.
pub(crate) fn body(body: Body) -> Response {
    with_type(200, JSON, body)
}

/// The product's error envelope. `httpStatusCode` is the name of the status.
pub(crate) fn error(status: u16, code: &str, message: &str) -> Response {
    let name = match status {
        403 => "Forbidden",
        404 => "NotFound",
        500 => "InternalServerError",
        _ => "OK",
    };
    value(status, &json!({"errorCode": code, "errorMessage": message, "hasError": true, "httpStatusCode": name}))
}

/// The members of the envelope of an answer without an error.
pub(crate) fn fine(mut answer: Value) -> Value {
    if let Some(members) = answer.as_object_mut() {
        members.insert("errorCode".into(), Value::Null);
        members.insert("errorMessage".into(), Value::Null);
        members.insert("hasError".into(), false.into());
        members.insert("httpStatusCode".into(), "OK".into());
    }
    answer
}
