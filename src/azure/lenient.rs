//! Values as Azure may write them: null for what is not there, numbers and flags as texts.

use std::str::FromStr;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// What null stands for is the default.
pub(crate) fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(from: D) -> Result<T, D::Error> {
    Option::<T>::deserialize(from).map(Option::unwrap_or_default)
}

/// A number or a flag, perhaps as a text; `None` for what is neither.
pub(crate) fn plain<'de, D: Deserializer<'de>, T: FromStr>(from: D) -> Result<Option<T>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::String(text) => text.trim().to_ascii_lowercase().parse().ok(),
        value @ (Value::Number(_) | Value::Bool(_)) => value.to_string().parse().ok(),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    })
}
