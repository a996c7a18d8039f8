//! What an operation answers with: an array, or an object that holds one.

use serde_json::Value;

use super::pointer::{decoded, properties, resolve};
use crate::model::clean::clean;

/// A list is looked for no deeper inside an answer.
const DEEPEST: usize = 2;

/// The rows of an answer.
#[derive(Default)]
pub struct Rows {
    /// The names of a row's properties.
    pub properties: Vec<String>,
    /// What a row is called.
    pub item: String,
    /// Whether many come.
    pub is_list: bool,
    /// The property that holds them.
    pub list: Option<String>,
}

/// What comes back with success. Of several lists the one with the richest rows counts: messages and links have few
/// properties, work items have many.
pub fn of(document: &Value, operation: &Value) -> Rows {
    let schema = schema_of(document, operation);
    let whole = resolve(document, schema);
    if whole["type"] == "array" {
        return rows_of(document, &whole["items"], true, None);
    }
    let wealth = |item: &Value| properties(document, item).len();
    let lists = (0..=DEEPEST).rev().filter_map(|depth| richest(document, schema, depth));
    // A single work item may have lists of its own; it has more properties than the rows of those.
    let list = lists.max_by_key(|(_, item)| wealth(item)).filter(|(_, item)| wealth(item) > wealth(schema));
    match list {
        Some((name, item)) => rows_of(document, item, true, Some(name)),
        None => rows_of(document, schema, false, None),
    }
}

/// The list with the richest rows, so many objects below this one.
fn richest<'a>(document: &'a Value, schema: &'a Value, depth: usize) -> Option<(&'a String, &'a Value)> {
    let inside = properties(document, schema);
    if depth > 0 {
        let found = inside.into_iter().filter_map(|(_, value)| richest(document, value, depth - 1));
        return found.max_by_key(|(_, item)| properties(document, item).len());
    }
    let lists = inside.into_iter().map(|(name, value)| (name, resolve(document, value)));
    let lists = lists.filter(|(_, value)| value["type"] == "array").map(|(name, value)| (name, &value["items"]));
    let rich = lists.filter(|(_, item)| !properties(document, item).is_empty());
    rich.max_by_key(|(_, item)| properties(document, item).len())
}

/// The schema of the reply with 200, or of whatever success is described by; in OpenAPI 3 that of its JSON.
fn schema_of<'a>(document: &'a Value, operation: &'a Value) -> &'a Value {
    let named = ["200", "2XX", "2xx", "default"].into_iter().map(|status| &operation["responses"][status]);
    let reply = resolve(document, named.into_iter().find(|reply| reply.is_object()).unwrap_or(&Value::Null));
    let json = reply["content"].as_object().into_iter().flatten();
    let content = json.filter(|(kind, _)| kind.contains("json")).map(|(_, content)| &content["schema"]).next();
    content.unwrap_or(&reply["schema"])
}

fn rows_of(document: &Value, item: &Value, is_list: bool, list: Option<&String>) -> Rows {
    let name = item["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()).unwrap_or_default();
    let names = properties(document, item).into_iter().map(|(name, _)| clean(name, false));
    Rows { properties: names.collect(), item: clean(&decoded(name), false), is_list, list: list.cloned() }
}
