//! What an operation answers with: an array, or an object that holds one.

use serde_json::Value;

use super::Shape;
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
    /// How they lie in the reply.
    pub shape: Shape,
}

/// What comes back with success. Of several lists the one with the richest rows counts: messages and links have few
/// properties, work items have many.
pub fn of(document: &Value, operation: &Value) -> Rows {
    let schema = schema_of(document, operation);
    let whole = resolve(document, schema);
    if let Some((item, dictionary)) = entries(whole) {
        return rows_of(document, item, true, Shape { list: None, dictionary });
    }
    let wealth = |item: &Value| properties(document, item).len();
    let lists = (0..=DEEPEST).rev().filter_map(|depth| richest(document, schema, depth));
    // A single work item may have lists of its own; it has more properties than the rows of those.
    let list = lists.max_by_key(|(_, item, _)| wealth(item)).filter(|(_, item, _)| wealth(item) > wealth(schema));
    match list {
        Some((name, item, dictionary)) => rows_of(document, item, true, Shape { list: Some(name.clone()), dictionary }),
        None => rows_of(document, schema, false, Shape::default()),
    }
}

/// What the entries of an array or of a dictionary are, and whether it is a dictionary.
fn entries(schema: &Value) -> Option<(&Value, bool)> {
    let named = &schema["additionalProperties"];
    if schema["type"] == "array" {
        Some((&schema["items"], false))
    } else {
        (named.is_object() && !schema["properties"].is_object()).then_some((named, true))
    }
}

/// The list with the richest rows, so many objects below this one.
fn richest<'a>(document: &'a Value, schema: &'a Value, depth: usize) -> Option<(&'a String, &'a Value, bool)> {
    let inside = properties(document, schema);
    if depth > 0 {
        let found = inside.into_iter().filter_map(|(_, value)| richest(document, value, depth - 1));
        return found.max_by_key(|(_, item, _)| properties(document, item).len());
    }
    let lists = inside.into_iter().filter_map(|(name, value)| {
        let (item, dictionary) = entries(resolve(document, value))?;
        Some((name, item, dictionary))
    });
    let rich = lists.filter(|(_, item, _)| !properties(document, item).is_empty());
    rich.max_by_key(|(_, item, _)| properties(document, item).len())
}

/// The schema of the reply with 200, or of whatever success is described by; in OpenAPI 3 that of its JSON.
fn schema_of<'a>(document: &'a Value, operation: &'a Value) -> &'a Value {
    let named = ["200", "2XX", "2xx", "default"].into_iter().map(|status| &operation["responses"][status]);
    let reply = resolve(document, named.into_iter().find(|reply| reply.is_object()).unwrap_or(&Value::Null));
    let json = reply["content"].as_object().into_iter().flatten();
    let content = json.filter(|(kind, _)| kind.contains("json")).map(|(_, content)| &content["schema"]).next();
    content.unwrap_or(&reply["schema"])
}

fn rows_of(document: &Value, item: &Value, is_list: bool, shape: Shape) -> Rows {
    let name = item["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()).unwrap_or_default();
    let names = properties(document, item).into_iter().map(|(name, _)| clean(name, false));
    Rows { properties: names.collect(), item: clean(&decoded(name), false), is_list, shape }
}
