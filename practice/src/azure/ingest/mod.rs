//! The Logs Ingestion API.

use std::sync::Arc;

use serde_json::Value;

use super::table::Column;
use super::value::{Cell, Kind, parse_time};

/// The columns that a transformation makes of these.
///
/// # Errors
/// What is wrong with the transformation.
pub(super) fn transformed(columns: Vec<Column>, transform: &str) -> Result<Vec<Column>, String> {
    if transform.trim() == "source" { Ok(columns) } else { Err(format!("Query '{transform}' is not supported.")) }
}

/// The longest text that a column takes, in bytes; the rest is cut off.
const LONGEST: usize = 65_536;

/// A value of this type; `None` if it is of another one.
pub(super) fn convert(kind: Kind, value: &Value) -> Option<Cell> {
    match (kind, value) {
        (_, Value::Null) => Some(Cell::none(kind)),
        (Kind::Text, Value::String(text)) => Some(Cell::text(cut(text))),
        (Kind::Time, Value::String(text)) => parse_time(text).map(Cell::Time),
        (Kind::Guid, Value::String(text)) => is_guid(text).then(|| Cell::text(&text.to_ascii_lowercase())),
        (Kind::Bool, Value::Bool(yes)) => Some(Cell::Bool(*yes)),
        (Kind::Int, Value::Number(number)) => {
            number.as_i64().filter(|number| i32::try_from(*number).is_ok()).map(Cell::Long)
        }
        (Kind::Long, Value::Number(number)) => number.as_i64().map(Cell::Long),
        (Kind::Real, Value::Number(number)) => number.as_f64().map(Cell::Real),
        (Kind::Dynamic, value) => Some(Cell::Dynamic(Arc::new(value.clone()))),
        _ => None,
    }
}

fn cut(text: &str) -> &str {
    let end = (0..=LONGEST.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
    &text[..end.unwrap_or(0)]
}

fn is_guid(text: &str) -> bool {
    text.len() == 36 && text.bytes().filter(u8::is_ascii_hexdigit).count() == 32
}
