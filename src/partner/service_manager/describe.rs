//! The web app's description of itself, Swagger 2.0 at `/swagger/docs/v1` (`App_Start/SwaggerConfig.cs` of
//! Azure/SMOMSConnector), as the operations it holds.

use serde_json::{Map, Value};

use super::names::{Role, normal};
use crate::model::clean::clean;
use crate::model::fault::Fault;

/// Where the description lies.
pub const PATH: &str = "/swagger/docs/v1";

/// References are followed no deeper: a description may refer to itself.
const DEEPEST: usize = 8;

/// One operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// Its first tag: the controller.
    pub tag: String,
    /// The method, in lower case.
    pub verb: String,
    /// The path, with a slash at its beginning.
    pub path: String,
    /// `operationId`.
    pub id: String,
    /// Summary and description.
    pub about: String,
    /// What may be sent with it.
    pub parameters: Vec<Parameter>,
    /// The names of the properties of one of the rows that come back; empty if the description does not say.
    pub properties: Vec<String>,
    /// What a row is called.
    pub item: String,
    /// Whether many rows come back.
    pub is_list: bool,
}

/// Where a parameter is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the query.
    Query,
    /// As a property of the JSON body.
    Body,
    /// In the path or a header: nothing that we could fill.
    Elsewhere,
}

/// One parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Where it is sent.
    pub place: Place,
    /// Whether it must be sent.
    pub required: bool,
    /// The largest value.
    pub maximum: Option<u64>,
    /// What is sent where nothing else is said.
    pub default: Option<String>,
    /// The values it may have; empty if the description does not say.
    pub choices: Vec<String>,
}

impl Parameter {
    /// What it is for, if its name tells.
    pub fn role(&self) -> Option<Role> {
        Role::of(&self.name)
    }
}

impl Operation {
    /// The parameter for something.
    pub fn parameter(&self, role: Role) -> Option<&Parameter> {
        let fits = |parameter: &&Parameter| parameter.place != Place::Elsewhere && parameter.role() == Some(role);
        self.parameters.iter().find(fits)
    }

    /// All its words in one, to look for `incident` in.
    pub fn words(&self) -> String {
        [&self.tag, &self.path, &self.id, &self.item].map(|text| normal(text)).join(" ")
    }

    /// Verb and path, to be shown.
    pub fn shown(&self) -> String {
        format!("{} {}", self.verb.to_ascii_uppercase(), self.path)
    }
}

/// Reads a description.
///
/// # Errors
/// [`Fault::NotBound`] for what is no description of routes.
pub fn read(body: &[u8]) -> Result<Vec<Operation>, Fault> {
    let strange = |detail: String| Fault::NotBound { what: PATH.to_owned(), detail };
    let document: Value = serde_json::from_slice(body).map_err(|error| strange(clean(&error.to_string(), false)))?;
    let paths = document["paths"].as_object().ok_or_else(|| strange("it has no paths".to_owned()))?;
    let base = document["basePath"].as_str().unwrap_or("").trim_end_matches('/');
    let mut operations = Vec::new();
    for (path, verbs) in paths.iter().filter_map(|(path, verbs)| Some((format!("{base}{path}"), verbs.as_object()?))) {
        operations.extend(verbs.iter().filter_map(|(verb, one)| operation_of(&document, &path, verb, one)));
    }
    Ok(operations)
}

const VERBS: [&str; 2] = ["get", "post"];

fn operation_of(document: &Value, path: &str, verb: &str, value: &Value) -> Option<Operation> {
    let verb = verb.to_ascii_lowercase();
    let fits = VERBS.contains(&verb.as_str()) && path.starts_with('/');
    fits.then(|| {
        let answer = answer_of(document, value);
        Operation {
            tag: text(&value["tags"][0]),
            path: clean(path, false),
            id: text(&value["operationId"]),
            about: format!("{} {}", text(&value["summary"]), text(&value["description"])),
            parameters: parameters_of(document, value),
            properties: answer.properties,
            item: answer.item,
            is_list: answer.is_list,
            verb,
        }
    })
}

fn text(value: &Value) -> String {
    clean(value.as_str().unwrap_or_default(), false)
}

fn resolve<'a>(document: &'a Value, mut value: &'a Value) -> &'a Value {
    for _ in 0..DEEPEST {
        let Some(reference) = value["$ref"].as_str() else { return value };
        let target = reference.strip_prefix('#').and_then(|pointer| document.pointer(pointer));
        value = target.unwrap_or(&Value::Null);
    }
    &Value::Null
}

fn parameters_of(document: &Value, operation: &Value) -> Vec<Parameter> {
    let all = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
    let each = all.iter().map(|one| resolve(document, one));
    each.flat_map(|one| match one["in"].as_str() {
        Some("body") => body_parameters(document, one),
        Some("query") => vec![parameter(&text(&one["name"]), one, Place::Query, one["required"] == true)],
        _ => vec![parameter(&text(&one["name"]), one, Place::Elsewhere, one["required"] == true)],
    })
    .collect()
}

fn body_parameters(document: &Value, body: &Value) -> Vec<Parameter> {
    let schema = resolve(document, &body["schema"]);
    let required = |name: &str| schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one == name));
    let properties = properties(schema).map(|(name, value)| (clean(name, false), value));
    properties.map(|(name, value)| parameter(&name, resolve(document, value), Place::Body, required(&name))).collect()
}

fn parameter(name: &str, value: &Value, place: Place, required: bool) -> Parameter {
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

fn properties(schema: &Value) -> impl Iterator<Item = (&String, &Value)> {
    schema["properties"].as_object().into_iter().flat_map(Map::iter)
}

#[derive(Default)]
struct Rows {
    properties: Vec<String>,
    item: String,
    is_list: bool,
}

/// What comes back with 200: an array, or an object that holds one.
fn answer_of(document: &Value, operation: &Value) -> Rows {
    let schema = &operation["responses"]["200"]["schema"];
    let whole = resolve(document, schema);
    if whole["type"] == "array" {
        return rows_of(document, &whole["items"], true);
    }
    let inner = properties(whole).map(|(_, value)| resolve(document, value)).find(|value| value["type"] == "array");
    match inner {
        Some(array) if !properties(resolve(document, &array["items"])).count().eq(&0) => {
            rows_of(document, &array["items"], true)
        }
        _ => rows_of(document, schema, false),
    }
}

fn rows_of(document: &Value, item: &Value, is_list: bool) -> Rows {
    let name = item["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()).unwrap_or_default();
    let names = properties(resolve(document, item)).map(|(name, _)| clean(name, false));
    Rows { properties: names.collect(), item: clean(name, false), is_list }
}
