//! The web app's description of itself at `/swagger/docs/v1` (`App_Start/SwaggerConfig.cs` of Azure/SMOMSConnector), as
//! the operations it holds: Swagger 2.0, or OpenAPI 3 should the web app be renewed.

mod answer;
mod parameters;
mod pointer;

use serde_json::Value;

use super::names::{Role, normal};
use crate::model::clean::clean;
use crate::model::fault::Fault;

/// Where the description lies.
pub const PATH: &str = "/swagger/docs/v1";

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
    /// How the rows lie in the reply.
    pub shape: Shape,
    /// Whether the properties were seen in rows, which may lack what is empty, instead of described.
    pub seen: bool,
}

/// How rows lie in a reply.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shape {
    /// The property that holds them, where they come inside an object and its name is known.
    pub list: Option<String>,
    /// Whether they are the values of a dictionary.
    pub dictionary: bool,
}

/// Where a parameter is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the query.
    Query,
    /// As a property of the JSON body.
    Body,
    /// In the path, between braces.
    Path,
    /// In a header: nothing that we could fill.
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

    /// Whether it is this one.
    pub fn is_at(&self, verb: &str, path: &str) -> bool {
        self.verb == verb && self.path.eq_ignore_ascii_case(path)
    }

    /// Whether all that its path holds in braces are parameters that we know how to fill.
    pub fn fills_path(&self) -> bool {
        let known = |name: &str| {
            let mut places = self.parameters.iter().filter(|one| one.place == Place::Path);
            places.any(|one| one.name == name && one.role().is_some())
        };
        let mut parts = self.path.split('{');
        parts.next();
        parts.all(|part| part.split_once('}').is_some_and(|(name, _)| known(name)))
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
    read_of(body, &VERBS)
}

/// The same of the operations that may write.
///
/// # Errors
/// As [`read`].
pub fn read_writing(body: &[u8]) -> Result<Vec<Operation>, Fault> {
    read_of(body, &["post", "put", "patch"])
}

fn read_of(body: &[u8], wanted: &[&str]) -> Result<Vec<Operation>, Fault> {
    let strange = |detail: String| Fault::NotBound { what: PATH.to_owned(), detail };
    let document: Value = serde_json::from_slice(body).map_err(|error| strange(clean(&error.to_string(), false)))?;
    let paths = document["paths"].as_object().ok_or_else(|| strange("it has no paths".to_owned()))?;
    let base = base_of(&document);
    let mut operations = Vec::new();
    for (path, verbs) in paths.iter().filter_map(|(path, verbs)| Some((format!("{base}{path}"), verbs.as_object()?))) {
        let shared = &verbs.get("parameters").cloned().unwrap_or_default();
        operations.extend(verbs.iter().filter_map(|(verb, one)| {
            let one = operation_of(&document, &path, verb, shared, one)?;
            wanted.contains(&one.verb.as_str()).then_some(one)
        }));
    }
    Ok(operations)
}

/// What stands before each path: `basePath`, in OpenAPI 3 the path of the first server. Another host that it names is
/// not asked.
fn base_of(document: &Value) -> String {
    let server = document["servers"][0]["url"].as_str().unwrap_or_default();
    let of_server = server.split_once("://").map_or(server, |(_, rest)| rest.find('/').map_or("", |at| &rest[at..]));
    let base = document["basePath"].as_str().unwrap_or(of_server).trim_matches('/');
    if base.is_empty() { String::new() } else { format!("/{base}") }
}

/// The methods by which work items are read.
const VERBS: [&str; 2] = ["get", "post"];
const METHODS: [&str; 4] = ["get", "post", "put", "patch"];

fn operation_of(document: &Value, path: &str, verb: &str, shared: &Value, value: &Value) -> Option<Operation> {
    let verb = verb.to_ascii_lowercase();
    let fits = METHODS.contains(&verb.as_str()) && path.starts_with('/');
    fits.then(|| {
        let answer = answer::of(document, value);
        Operation {
            tag: text(&value["tags"][0]),
            path: clean(path, false),
            id: text(&value["operationId"]),
            about: format!("{} {}", text(&value["summary"]), text(&value["description"])),
            parameters: parameters::of(document, shared, value),
            properties: answer.properties,
            item: answer.item,
            is_list: answer.is_list,
            shape: answer.shape,
            seen: false,
            verb,
        }
    })
}

fn text(value: &Value) -> String {
    clean(value.as_str().unwrap_or_default(), false)
}
