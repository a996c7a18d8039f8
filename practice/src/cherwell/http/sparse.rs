//! Answers as another version might write them: what is empty is null, numbers and truth values are texts, lists begin
//! with somebody without a name, and strangers stand among the known members.

use axum::body::Body;
use axum::http::header;
use axum::response::Response;
use serde_json::{Value, json};

/// Rewrites an answer; what is no JSON stays as it is.
pub(super) async fn rewrite(response: Response) -> Response {
    edit(response, |answer| sparse(nameless(answer))).await
}

/// The same answer with members that begin with a capital.
pub(super) async fn with_capitals(response: Response) -> Response {
    edit(response, capitals).await
}

fn capitals(value: Value) -> Value {
    let capital = |name: String| {
        let mut letters = name.chars();
        letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
    };
    match value {
        Value::Array(list) => list.into_iter().map(capitals).collect(),
        Value::Object(members) => members.into_iter().map(|(name, value)| (capital(name), capitals(value))).collect(),
        other => other,
    }
}

async fn edit(response: Response, edit: impl FnOnce(Value) -> Value) -> Response {
    let (mut parts, body) = response.into_parts();
    let whole = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let Ok(answer) = serde_json::from_slice::<Value>(&whole) else {
        return Response::from_parts(parts, Body::from(whole));
    };
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(edit(answer).to_string()))
}

fn sparse(value: Value) -> Value {
    match value {
        Value::Bool(flag) => if flag { "True" } else { "False" }.into(),
        Value::Number(number) => number.to_string().into(),
        Value::String(text) if text.is_empty() => Value::Null,
        Value::Array(list) if list.is_empty() => Value::Null,
        Value::Array(list) => list.into_iter().map(sparse).collect(),
        Value::Object(members) => {
            let stranger = ("unheardOf".to_owned(), json!({"a": [1, true, null]}));
            std::iter::once(stranger).chain(members.into_iter().map(|(name, value)| (name, sparse(value)))).collect()
        }
        other => other,
    }
}

/// Puts somebody without a name before the fields of a schema, the objects of a list and the permissions.
fn nameless(answer: Value) -> Value {
    let before = |list: Vec<Value>| {
        let nobody = json!({"name": null, "fieldId": null, "busObId": null, "busObName": null});
        std::iter::once(nobody).chain(list).collect()
    };
    match answer {
        Value::Array(list) if !list.is_empty() => before(list),
        Value::Object(members) => members
            .into_iter()
            .map(|(name, value)| match value {
                Value::Array(list) if matches!(name.as_str(), "fieldDefinitions" | "businessObjectPermissions") => {
                    (name, before(list))
                }
                other => (name, other),
            })
            .collect(),
        other => other,
    }
}
