//! Which operations of the description write incidents, and what goes where.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use serde_json::{Map, Value as Json};

use crate::model::fault::Fault;
use crate::model::ticket::NotMade;
use crate::model::work_item::WorkItemKind;
use crate::net::encode::encode;
use crate::net::http::Method;
use crate::partner::service_manager::ServiceManager;
use crate::partner::service_manager::bind;
use crate::partner::service_manager::describe::{self, Operation, Parameter, Place};
use crate::partner::service_manager::names::{self, Role, normal, synonyms};

/// Names of a parameter with the id of a work item, in normal form.
const IDS: [&str; 7] = ["id", "baseid", "workitemid", "incidentid", "guid", "objectguid", "workitembaseid"];
/// Words in the names of operations that write no incident.
const OTHERS: [&str; 9] = ["search", "query", "list", "find", "template", "config", "delete", "remove", "relationship"];
/// Words in the names of operations about configuration items, and names of a parameter or property with the name of one.
const ITEM_WORDS: [&str; 3] = ["configurationitem", "configitem", "computer"];
const ITEM_NAMES: [&str; 6] =
    ["name", "displayname", "computername", "hostname", "principalname", "netbioscomputername"];
/// What the name of an item is called among the values.
pub const ITEM_NAME: &str = "item_name";
const NOTES: [&str; 5] = ["comment", "note", "actionlog", "analystcomment", "text"];

/// What is to be written, by the names of attributes of a work item or by the web app's own.
#[derive(Debug, Default)]
pub struct Values(BTreeMap<String, String>);

impl Values {
    /// Sets one.
    pub fn set(&mut self, name: &str, value: &str) {
        self.0.insert(name.to_owned(), value.to_owned());
    }

    /// The name and value for a parameter.
    fn of(&self, parameter: &Parameter) -> Option<(&str, &str)> {
        let wanted = normal(parameter.name.rsplit('.').next().unwrap_or(&parameter.name));
        let fits = |name: &str| {
            normal(name) == wanted
                || synonyms(name).contains(&wanted.as_str())
                || (name == "note" && NOTES.contains(&wanted.as_str()))
                || (name == "template" && wanted.starts_with("template"))
                || (name == ITEM_NAME && is_item_name(&wanted))
        };
        self.0.iter().find(|(name, _)| fits(name)).map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// Whether a parameter or property of this name, in normal form, holds the name of a configuration item.
pub fn is_item_name(normal: &str) -> bool {
    ITEM_NAMES.contains(&normal)
}

/// One operation that writes, or finds a configuration item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route(Operation);

impl Route {
    /// Verb and path.
    pub fn shown(&self) -> String {
        self.0.shown()
    }

    /// The method.
    pub fn method(&self) -> Method {
        match self.0.verb.as_str() {
            "get" => Method::GET,
            "put" => Method::PUT,
            "patch" => Method::PATCH,
            _ => Method::POST,
        }
    }

    /// The values that have no place.
    pub fn without_place(&self, values: &Values) -> Vec<String> {
        let taken: Vec<_> = self.0.parameters.iter().filter_map(|one| values.of(one)).map(|(name, _)| name).collect();
        values.0.keys().filter(|name| !taken.contains(&name.as_str())).cloned().collect()
    }

    /// Path and body of a call.
    pub fn call(&self, id: Option<&str>, values: &Values) -> (String, Json) {
        let (mut path, mut query, mut body) = (self.0.path.clone(), Vec::new(), Map::new());
        for one in &self.0.parameters {
            let is_id = IDS.contains(&normal(&one.name).as_str());
            let value = match one.role() {
                Some(Role::Kind) => Some(kind_of(one)),
                Some(Role::ApiVersion) => one.default.clone().or_else(|| one.choices.first().cloned()),
                _ if is_id && id.is_some() => id.map(str::to_owned),
                _ => values.of(one).map(|(_, value)| chosen(one, value)).or_else(|| one.default.clone()),
            };
            let Some(value) = value else { continue };
            match one.place {
                Place::Path => path = path.replace(&format!("{{{}}}", one.name), &encode(&value)),
                Place::Query => query.push(format!("{}={}", encode(&one.name), encode(&value))),
                Place::Body => drop(body.insert(one.name.clone(), value.into())),
                Place::Elsewhere => {}
            }
        }
        if !query.is_empty() {
            path = format!("{path}?{}", query.join("&"));
        }
        (path, Json::Object(body))
    }

    /// What it wants and nobody can fill.
    fn strange(&self, fills: &[&str], with_id: bool) -> Option<&str> {
        let mut all = Values::default();
        fills.iter().for_each(|name| all.set(name, "x"));
        let known = |one: &&Parameter| {
            matches!(one.role(), Some(Role::Kind | Role::ApiVersion))
                || one.default.is_some()
                || (with_id && IDS.contains(&normal(&one.name).as_str()))
                || all.of(one).is_some()
        };
        let needed = |one: &&Parameter| one.required || one.place == Place::Path;
        self.0.parameters.iter().filter(needed).find(|one| !known(one)).map(|one| one.name.as_str())
    }

    fn has(&self, name: &str) -> bool {
        let mut one = Values::default();
        one.set(name, "x");
        self.0.parameters.iter().any(|parameter| one.of(parameter).is_some())
    }

    fn takes_id(&self) -> bool {
        self.0.parameters.iter().any(|one| {
            IDS.contains(&normal(&one.name).as_str())
                && (one.place == Place::Path || one.required || self.0.verb != "post")
        })
    }
}

/// The value as the description spells it.
fn chosen(parameter: &Parameter, value: &str) -> String {
    let alike = |choice: &&String| normal(choice.rsplit('.').next().unwrap_or(choice)).ends_with(&normal(value));
    parameter.choices.iter().find(alike).cloned().unwrap_or_else(|| value.to_owned())
}

fn kind_of(parameter: &Parameter) -> String {
    let named = parameter.choices.iter().find(|one| names::speaks_of(&normal(one), WorkItemKind::Incident));
    named.cloned().unwrap_or_else(|| names::kind_value(WorkItemKind::Incident).to_owned())
}

/// The operations that write incidents.
#[derive(Debug, Default)]
pub struct Routes {
    /// Makes one.
    pub create: Option<Route>,
    /// Changes one.
    pub update: Option<Route>,
    /// Resolves one, where that is an operation of its own.
    pub resolve: Option<Route>,
    /// Adds a comment.
    pub note: Option<Route>,
    /// Why there is none that makes one.
    pub why_no_create: String,
    /// Whether a title came back without its mark.
    pub loses_marks: AtomicBool,
    /// The operations for configuration items, or why they cannot be made.
    pub items: Option<Result<ItemRoutes, NotMade>>,
}

/// The operations by which computers are found and made.
#[derive(Debug)]
pub struct ItemRoutes {
    /// Finds them by their name.
    pub find: Route,
    /// Makes one.
    pub make: Route,
}

const CREATE: [&str; 9] = [
    "title",
    "description",
    "impact",
    "urgency",
    "assignment_group",
    "caller",
    "configuration_item",
    "template",
    "note",
];

/// Reads the description for operations that write.
///
/// # Errors
/// Why it could not be read.
pub async fn read(partner: &ServiceManager) -> Result<Routes, Fault> {
    let description = partner.read_description().await?;
    let writing = describe::read_writing(&description)?;
    let items = Some(items(&describe::read(&description)?, &writing));
    Ok(Routes { items, ..of(&writing) })
}

/// The operations for configuration items. Without one that finds an item nothing is made: it could be there already.
fn items(reading: &[Operation], writing: &[Operation]) -> Result<ItemRoutes, NotMade> {
    let words = |one: &Operation| format!("{} {}", normal(&one.path), normal(&one.id));
    let beside = ["incident", "changerequest", "servicerequest", "template", "relationship", "delete", "remove"];
    let about = |one: &&Operation| {
        let words = words(one);
        ITEM_WORDS.iter().any(|word| words.contains(word)) && !beside.iter().any(|word| words.contains(word))
    };
    let by_name = |one: &Route| one.has(ITEM_NAME) && one.strange(&[ITEM_NAME, "description"], false).is_none();
    let changes = |one: &Route| ["search", "query", "find", "update"].iter().any(|word| words(&one.0).contains(word));
    let makes = writing.iter().filter(about).filter(|one| one.verb == "post").cloned().map(Route);
    let makes: Vec<_> = makes.filter(|one| by_name(one) && !one.takes_id() && !changes(one)).collect();
    let finds = reading.iter().filter(about).filter(|one| one.verb == "get" && one.is_list).cloned().map(Route);
    let finds: Vec<_> = finds.filter(by_name).collect();
    let alike = |all: &[Route]| all.iter().map(Route::shown).collect::<Vec<_>>().join(", ");
    match (makes.as_slice(), finds.as_slice()) {
        ([], _) => Err(NotMade::NoOperation { detail: "-".to_owned() }),
        ([_, _, ..], _) => Err(NotMade::NoOperation { detail: alike(&makes) }),
        ([_], []) => Err(NotMade::NoSearch),
        ([_], [_, _, ..]) => Err(NotMade::NoOperation { detail: alike(&finds) }),
        ([make], [find]) => Ok(ItemRoutes { find: find.clone(), make: make.clone() }),
    }
}

fn of(operations: &[Operation]) -> Routes {
    let about: Vec<Route> = operations.iter().filter(|one| writes_incidents(one)).cloned().map(Route).collect();
    let words = |route: &Route| format!("{} {}", normal(&route.0.path), normal(&route.0.id));
    let notes = |route: &Route| ["comment", "note", "actionlog"].iter().any(|word| words(route).contains(word));
    let resolves = |route: &Route| words(route).contains("resolve");
    let creating: Vec<_> =
        about.iter().filter(|one| one.0.verb == "post" && one.has("title") && !one.takes_id() && !notes(one)).collect();
    let able: Vec<_> = creating.iter().filter(|one| one.strange(&CREATE, false).is_none()).collect();
    let why_no_create = match (creating.as_slice(), able.as_slice()) {
        (_, [_]) => String::new(),
        ([], _) => "no operation of the description makes one".to_owned(),
        (_, []) => creating
            .iter()
            .filter_map(|one| Some(format!("{} wants '{}'", one.shown(), one.strange(&CREATE, false)?)))
            .collect::<Vec<_>>()
            .join("; "),
        (_, several) => {
            format!("{} look alike", several.iter().map(|one| one.shown()).collect::<Vec<_>>().join(" and "))
        }
    };
    let create = (able.len() == 1).then(|| (**able[0]).clone());
    let shared: Vec<Route> = operations.iter().filter(|one| writes_work_items(one)).cloned().map(Route).collect();
    // A route of all work items changes an incident by its id as well as one of incidents.
    let of_incidents = about.iter().any(|one| one.takes_id() && one.has("state"));
    let by_id = || about.iter().chain(shared.iter().filter(|_| !of_incidents)).filter(|one| one.takes_id());
    let only = |mut found: Vec<&Route>| if found.len() == 1 { found.pop().cloned() } else { None };
    let updates = by_id().filter(|one| one.has("state") && !notes(one) && !resolves(one));
    let update = only(
        updates.filter(|one| one.strange(&["state", "title", "description", "close_notes"], true).is_none()).collect(),
    );
    let resolve = by_id().filter(|one| resolves(one) && !notes(one));
    let resolve = only(resolve.filter(|one| one.strange(&["state", "close_notes", "note"], true).is_none()).collect());
    let note = by_id().filter(|one| notes(one) && one.has("note"));
    let note = only(note.filter(|one| one.strange(&["note"], true).is_none()).collect());
    Routes { create, update, resolve, note, why_no_create, ..Routes::default() }
}

/// Whether an operation is one of work items of whatever kind.
fn writes_work_items(operation: &Operation) -> bool {
    let own = format!("{} {}", normal(&operation.path), normal(&operation.id));
    let others = ["change", "servicerequest", "problem", "release", "activity"];
    own.contains("workitem")
        && !writes_incidents(operation)
        && !OTHERS.iter().chain(&others).any(|word| own.contains(word))
        && operation.verb != "get"
}

fn writes_incidents(operation: &Operation) -> bool {
    let words = operation.words();
    let own = format!("{} {}", normal(&operation.path), normal(&operation.id));
    let takes_kind = operation.parameter(Role::Kind).is_some();
    (names::speaks_of(&words, WorkItemKind::Incident) || takes_kind)
        && !OTHERS.iter().any(|word| own.contains(word))
        && operation.verb != "get"
        && bind::can_be_asked(&Operation { verb: "get".to_owned(), parameters: Vec::new(), ..operation.clone() })
            .is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn described(paths: Json) -> Vec<Operation> {
        describe::read_writing(json!({ "swagger": "2.0", "paths": paths }).to_string().as_bytes()).unwrap()
    }

    fn body(names: &[&str]) -> Json {
        let properties: Map<String, Json> =
            names.iter().map(|name| ((*name).to_owned(), json!({ "type": "string" }))).collect();
        json!([{ "in": "body", "name": "value", "required": true, "schema": { "type": "object", "properties": properties } }])
    }

    fn with_id(names: &[&str]) -> Json {
        let mut all = body(names);
        all.as_array_mut().unwrap().push(json!({ "in": "path", "name": "id", "required": true, "type": "string" }));
        all
    }

    fn usual() -> Vec<Operation> {
        described(json!({
            "/api/Incidents": {
                "get": { "operationId": "Incidents_Get", "tags": ["Incidents"] },
                "post": { "operationId": "Incidents_Post", "tags": ["Incidents"],
                    "parameters": body(&["Title", "Description", "Impact", "Urgency"]) },
            },
            "/api/Incidents/search": { "post": { "operationId": "Incidents_Search", "parameters": body(&["Title"]) } },
            "/api/Incidents/{id}": { "put": { "operationId": "Incidents_Put", "tags": ["Incidents"],
                "parameters": with_id(&["Title", "Status", "ResolutionDescription"]) } },
            "/api/Incidents/{id}/comments": { "post": { "operationId": "Incidents_Comment", "tags": ["Incidents"],
                "parameters": with_id(&["Comment"]) } },
            "/api/ChangeRequests": { "post": { "operationId": "ChangeRequests_Post", "parameters": body(&["Title"]) } },
        }))
    }

    #[test]
    fn what_the_description_offers_is_found_and_filled() {
        let routes = of(&usual());
        let create = routes.create.unwrap();
        assert_eq!(create.shown(), "POST /api/Incidents");
        let mut values = Values::default();
        [("title", "CPU"), ("impact", "High"), ("u_own", "x")].iter().for_each(|(name, value)| values.set(name, value));
        assert_eq!(create.call(None, &values), ("/api/Incidents".into(), json!({ "Title": "CPU", "Impact": "High" })));
        assert_eq!(create.without_place(&values), ["u_own"]);
        let mut values = Values::default();
        values.set("state", "Resolved");
        values.set("close_notes", "over");
        let (path, sent) = routes.update.unwrap().call(Some("a b"), &values);
        assert_eq!(
            (path.as_str(), sent),
            ("/api/Incidents/a%20b", json!({ "Status": "Resolved", "ResolutionDescription": "over" }))
        );
        assert_eq!(routes.note.unwrap().shown(), "POST /api/Incidents/{id}/comments");
    }

    #[test]
    fn a_route_of_all_work_items_changes_an_incident_where_there_is_none_of_incidents() {
        let put = || {
            json!({ "operationId": "WorkItem_Update", "tags": ["WorkItem"],
            "parameters": with_id(&["Title", "Status"]) })
        };
        let mut paths = json!({
            "/api/workitem/incident": { "post": { "operationId": "WorkItem_CreateIncident", "parameters": body(&["Title"]) } },
            "/api/workitem/{id}": { "put": put() },
            "/api/changerequests/{id}": { "put": put() },
        });
        let shown = |paths: &Json| of(&described(paths.clone())).update.map(|route| route.shown());
        assert_eq!(shown(&paths).as_deref(), Some("PUT /api/workitem/{id}"));
        paths["/api/incidents/{id}"] = json!({ "put": put() });
        assert_eq!(shown(&paths).as_deref(), Some("PUT /api/incidents/{id}"));
    }

    /// Which operations make and find configuration items, or why none do.
    fn item_routes(paths: Json) -> Result<[String; 2], NotMade> {
        let document = json!({ "swagger": "2.0", "paths": paths }).to_string();
        let (reading, writing) = (describe::read(document.as_bytes()), describe::read_writing(document.as_bytes()));
        items(&reading.unwrap(), &writing.unwrap()).map(|found| [found.find.shown(), found.make.shown()])
    }

    #[test]
    fn configuration_items_are_made_only_where_they_can_be_found() {
        let rows = json!({ "200": { "schema": { "type": "array", "items": { "type": "object",
            "properties": { "BaseId": { "type": "string" }, "DisplayName": { "type": "string" } } } } } });
        let find = json!({ "operationId": "Computers_Find", "responses": rows,
            "parameters": [{ "in": "query", "name": "name", "type": "string" }] });
        let make = json!({ "operationId": "Computers_Post", "parameters": body(&["DisplayName", "Description"]) });
        let both = item_routes(json!({ "/api/Computers": { "get": find, "post": make } }));
        assert_eq!(both, Ok(["GET /api/Computers".to_owned(), "POST /api/Computers".to_owned()]));
        assert_eq!(item_routes(json!({ "/api/Computers": { "post": make } })), Err(NotMade::NoSearch));
        let none = || Err(NotMade::NoOperation { detail: "-".into() });
        assert_eq!(item_routes(json!({ "/api/Computers": { "get": find } })), none());
        // What else has computers in it is no way to make one.
        let other =
            json!({ "/api/Incidents/{id}/computers": { "post": make }, "/api/ComputerTemplates": { "post": make } });
        assert_eq!(item_routes(other), none());
        let mut strange = make.clone();
        strange["parameters"] = body(&["DisplayName", "OwnedBy"]);
        strange["parameters"][0]["schema"]["required"] = json!(["OwnedBy"]);
        assert_eq!(item_routes(json!({ "/api/Computers": { "get": find, "post": strange } })), none());
        let twice = json!({ "/api/Computers": { "get": find, "post": make }, "/api/ConfigItems": { "post": make } });
        assert!(
            matches!(item_routes(twice), Err(NotMade::NoOperation { detail }) if detail.contains("/api/ConfigItems"))
        );
    }

    #[test]
    fn without_a_route_the_reason_is_named() {
        assert_eq!(of(&[]).why_no_create, "no operation of the description makes one");
        let mut twice = usual();
        let again = Operation {
            path: "/api/Incident".into(),
            ..twice.iter().find(|one| one.path == "/api/Incidents").unwrap().clone()
        };
        twice.push(again);
        let routes = of(&twice);
        assert!(routes.create.is_none() && routes.why_no_create.contains("look alike"), "{}", routes.why_no_create);
        let mut parameters = body(&["Title", "Secret"]);
        parameters[0]["schema"]["required"] = json!(["Secret"]);
        let strange = described(
            json!({ "/api/Incidents": { "post": { "operationId": "Incidents_Post", "parameters": parameters } } }),
        );
        assert_eq!(of(&strange).why_no_create, "POST /api/Incidents wants 'Secret'");
    }
}
