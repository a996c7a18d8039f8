//! What may be sent with an operation.

use serde_json::Value;

use super::pointer::{properties, resolve};
use super::{Parameter, Place, text};
use crate::model::clean::clean;

/// Headers that each call has anyway.
const OURS: [&str; 3] = ["authorization", "accept", "content-type"];

/// The parameters of an operation, with those that all operations of its path share.
pub fn of(document: &Value, shared: &Value, operation: &Value) -> Vec<Parameter> {
    let listed = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let own: Vec<_> = listed(&operation["parameters"]).iter().map(|one| resolve(document, one).clone()).collect();
    let same = |one: &Value, other: &Value| one["name"] == other["name"] && one["in"] == other["in"];
    let mut all: Vec<_> = listed(shared).iter().map(|one| resolve(document, one).clone()).collect();
    all.retain(|one| !own.iter().any(|other| same(one, other)));
    all.extend(own);
    let sent = all.iter().filter(|one| !is_ours(one)).flat_map(|one| each(document, one));
    sent.chain(in_request_body(document, operation)).collect()
}

fn is_ours(one: &Value) -> bool {
    let name = one["name"].as_str().unwrap_or_default();
    one["in"] == "header" && OURS.iter().any(|header| header.eq_ignore_ascii_case(name))
}

fn each(document: &Value, one: &Value) -> Vec<Parameter> {
    let required = one["required"] == true;
    let name = text(&one["name"]);
    match one["in"].as_str() {
        Some("body") => in_body(document, &one["schema"]),
        Some("query") => in_query(document, &name, one),
        Some("path") => vec![parameter(document, &name, one, Place::Path, required)],
        _ => vec![parameter(document, &name, one, Place::Elsewhere, required)],
    }
}

/// A value of the query, or an object whose properties are values of the query (`[FromUri]`).
fn in_query(document: &Value, name: &str, one: &Value) -> Vec<Parameter> {
    let schema = if one["schema"].is_object() { &one["schema"] } else { one };
    let inside = properties(document, schema);
    if !inside.is_empty() {
        let all = inside.into_iter().map(|(name, value)| (clean(name, false), resolve(document, value)));
        return all.map(|(name, value)| parameter(document, &name, value, Place::Query, false)).collect();
    }
    // Swashbuckle takes each property of such an object for required, since the object is; none of them is missed.
    let required = one["required"] == true && !name.contains('.');
    vec![parameter(document, name, one, Place::Query, required)]
}

/// The body as OpenAPI 3 describes it.
fn in_request_body(document: &Value, operation: &Value) -> Vec<Parameter> {
    let body = resolve(document, &operation["requestBody"]);
    in_body(document, &body["content"]["application/json"]["schema"])
}

fn in_body(document: &Value, schema: &Value) -> Vec<Parameter> {
    let listed = &resolve(document, schema)["required"];
    let required = |name: &str| listed.as_array().is_some_and(|all| all.iter().any(|one| one == name));
    let all = properties(document, schema).into_iter().map(|(name, value)| (clean(name, false), value));
    all.map(|(name, value)| parameter(document, &name, resolve(document, value), Place::Body, required(&name)))
        .collect()
}

fn parameter(document: &Value, name: &str, value: &Value, place: Place, required: bool) -> Parameter {
    // OpenAPI 3 says below `schema` what Swagger 2.0 says of the parameter itself.
    let value = if value["schema"].is_object() { resolve(document, &value["schema"]) } else { value };
    let choices = value["enum"].as_array().map(Vec::as_slice).unwrap_or_default();
    let default = match &value["default"] {
        Value::String(text) => Some(clean(text, false)),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    Parameter {
        name: name.to_owned(),
        place,
        required,
        maximum: value["maximum"].as_u64(),
        default,
        choices: choices.iter().map(text).filter(|choice| !choice.is_empty()).collect(),
    }
}
