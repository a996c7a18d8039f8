//! How a practice server answers the orders of a test or a demo, the same for every product.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::PracticeError;

/// What came of an order: 400 with the reason if it could not be followed.
pub(crate) fn told(result: Result<Value, PracticeError>) -> Response {
    match result {
        Ok(value) => Json(value).into_response(),
        Err(error) => (StatusCode::BAD_REQUEST, Json(json!({ "error": error.to_string() }))).into_response(),
    }
}
