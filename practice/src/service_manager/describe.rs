//! The web app's description of itself: Swagger 2.0, as Swashbuckle writes it.

use serde_json::{Map, Value, json};

use super::layout::{Layout, Names};
use super::manners::{Computers, Manners};

/// The document of `/swagger/docs/v1`.
pub(super) fn document(layout: Layout, host: &str, api_version: bool, manners: &Manners) -> Value {
    let (mut paths, mut definitions) = match layout {
        Layout::Tables => (tables(), definitions(layout.names(), ["Incident", "ChangeRequest"])),
        Layout::Search => (search(), search_definitions(layout.names())),
        Layout::Listing => (listing(), definitions(layout.names(), ["IncidentListItem", "ChangeListItem"])),
        Layout::Since => (since(), definitions(layout.names(), ["Incident", "ChangeRequest"])),
        Layout::Untyped => (untyped(), json!({})),
        Layout::Dictionary => (dictionary(), definitions(layout.names(), ["IncidentListItem", "ChangeListItem"])),
        Layout::Bare => (bare(), definitions(layout.names(), ["Incident", "ChangeRequest"])),
        Layout::Unbindable => {
            (json!({ "/api/values": { "get": operation("Values", "Values_Get", vec![], any()) } }), json!({}))
        }
    };
    computers(&mut paths, &mut definitions, manners.computers);
    offer(&mut paths, &mut definitions, manners);
    common(&mut paths);
    if api_version {
        want_version(&mut paths);
    }
    json!({
        "swagger": "2.0",
        "info": { "version": "v1", "title": "smoc" },
        "host": host,
        "schemes": ["http"],
        "paths": paths,
        "definitions": definitions,
    })
}

/// The routes for computers.
fn computers(paths: &mut Value, definitions: &mut Value, routes: Computers) {
    if routes == Computers::None {
        return;
    }
    let body = json!({ "name": "computer", "in": "body", "required": true, "schema": reference("Computer") });
    let make = operation("Computers", "Computers_Post", vec![body], reference("Computer"));
    let find = operation("Computers", "Computers_Get", vec![query("name", "string")], array_of("Computer"));
    paths["/api/Computers"] = match routes {
        Computers::FoundAndMade => json!({ "get": find, "post": make }),
        _ => json!({ "post": make }),
    };
    let text = || json!({ "type": "string" });
    definitions["Computer"] = json!({ "type": "object",
        "properties": { "BaseId": text(), "DisplayName": text(), "Description": text() } });
    let item = json!({ "type": "string" });
    if let Some(properties) = definitions["Incident"]["properties"].as_object_mut() {
        properties.insert("AffectedConfigItems".into(), item);
    }
}

/// Takes out what this web app does not offer.
fn offer(paths: &mut Value, definitions: &mut Value, manners: &Manners) {
    for (path, operations) in paths.as_object_mut().into_iter().flatten() {
        let Some(operations) = operations.as_object_mut() else { continue };
        if manners.no_updates || manners.no_writing {
            operations.remove("put");
        }
        if manners.no_writing && !path.ends_with("/search") {
            operations.remove("post");
        }
    }
    if let Some(paths) = paths.as_object_mut() {
        paths.retain(|_, operations| operations.as_object().is_none_or(|operations| !operations.is_empty()));
    }
    let criteria = definitions.get_mut("SearchCriteria").and_then(|criteria| criteria["properties"].as_object_mut());
    if let Some(criteria) = criteria.filter(|_| manners.no_text_search) {
        criteria.remove("searchText");
    }
}

fn any() -> Value {
    json!({ "type": "object" })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/definitions/{name}") })
}

fn array_of(name: &str) -> Value {
    json!({ "type": "array", "items": reference(name) })
}

fn query(name: &str, kind: &str) -> Value {
    match kind {
        "date" => json!({ "name": name, "in": "query", "required": false, "type": "string", "format": "date-time" }),
        "size" => {
            json!({ "name": name, "in": "query", "required": false, "type": "integer", "format": "int32", "maximum": 1000 })
        }
        _ => json!({ "name": name, "in": "query", "required": false, "type": kind }),
    }
}

fn in_path(name: &str) -> Value {
    json!({ "name": name, "in": "path", "required": true, "type": "string" })
}

fn operation(tag: &str, id: &str, parameters: Vec<Value>, answer: Value) -> Value {
    json!({
        "tags": [tag],
        "operationId": id,
        "consumes": [],
        "produces": ["application/json", "text/json"],
        "parameters": parameters,
        "responses": { "200": { "description": "OK", "schema": answer } },
        "deprecated": false,
    })
}

fn summed_up(mut operation: Value, summary: &str) -> Value {
    operation["summary"] = json!(summary);
    operation
}

fn tables() -> Value {
    let list = |tag: &str, item: &str| {
        let parameters = vec![query("modifiedSince", "date"), query("skip", "integer"), query("top", "size")];
        let list = operation(tag, &format!("{tag}_Get"), parameters, array_of(item));
        summed_up(list, "Work items that were changed since then, ordered by LastModified")
    };
    let one = |tag: &str, item: &str| operation(tag, &format!("{tag}_GetById"), vec![in_path("id")], reference(item));
    let create = |tag: &str, item: &str| {
        let body = json!({ "name": "item", "in": "body", "required": true, "schema": reference(item) });
        operation(tag, &format!("{tag}_Post"), vec![body], reference(item))
    };
    let update = |tag: &str, item: &str| {
        let body = json!({ "name": "item", "in": "body", "required": true, "schema": reference(item) });
        operation(tag, &format!("{tag}_Put"), vec![in_path("id"), body], reference(item))
    };
    json!({
        "/api/Incidents": { "get": list("Incidents", "Incident"), "post": create("Incidents", "Incident") },
        "/api/Incidents/{id}": { "get": one("Incidents", "Incident"), "put": update("Incidents", "Incident") },
        "/api/ChangeRequests": { "get": list("ChangeRequests", "ChangeRequest") },
        "/api/ChangeRequests/{id}": { "get": one("ChangeRequests", "ChangeRequest") },
    })
}

fn search() -> Value {
    let body =
        |schema: &str| json!({ "name": "criteria", "in": "body", "required": true, "schema": reference(schema) });
    json!({
        "/api/workitem/search": {
            "post": operation("WorkItem", "WorkItem_Search", vec![body("SearchCriteria")], reference("WorkItemPage")),
        },
        "/api/workitem/incident": {
            "post": operation("WorkItem", "WorkItem_CreateIncident", vec![body("WorkItemModel")], reference("WorkItemModel")),
        },
        "/api/workitem/{id}": {
            "get": operation("WorkItem", "WorkItem_Get", vec![in_path("id")], reference("WorkItemModel")),
            "put": operation("WorkItem", "WorkItem_Update", vec![in_path("id"), body("WorkItemModel")], reference("WorkItemModel")),
        },
    })
}

fn listing() -> Value {
    let list = |id: &str, item: &str| {
        let parameters = vec![query("pageNumber", "integer"), query("pageSize", "size")];
        operation("SmWorkItems", id, parameters, array_of(item))
    };
    json!({
        "/api/v1/Incident/List": { "get": list("SmWorkItems_ListIncidents", "IncidentListItem") },
        "/api/v1/Change/List": { "get": list("SmWorkItems_ListChanges", "ChangeListItem") },
    })
}

/// As Swashbuckle describes an object that is taken from the query: each of its properties is required, since the
/// object is.
fn since() -> Value {
    let list = |tag: &str, id: &str, item: &str| {
        let required = |name: &str, kind: &str| {
            let mut one = query(&format!("filter.{name}"), kind);
            one["required"] = json!(true);
            one
        };
        let parameters = [
            ("lastModifiedSince", "date"),
            ("pageNumber", "integer"),
            ("pageSize", "integer"),
            ("assignedTo", "string"),
        ];
        operation(tag, id, parameters.map(|(name, kind)| required(name, kind)).to_vec(), array_of(item))
    };
    json!({
        "/api/Incident/GetIncidents": { "get": list("Incident", "Incident_GetIncidents", "Incident") },
        "/api/ChangeRequest/GetChangeRequests": { "get": list("ChangeRequest", "ChangeRequest_GetChangeRequests", "ChangeRequest") },
    })
}

fn untyped() -> Value {
    let list = |id: &str| {
        let parameters = vec![query("modifiedSince", "date"), query("skip", "integer"), query("top", "integer")];
        operation("WorkItems", id, parameters, any())
    };
    json!({
        "/api/incident": { "get": list("WorkItems_GetIncident") },
        "/api/changerequest": { "get": list("WorkItems_GetChange") },
    })
}

fn dictionary() -> Value {
    let list = |id: &str, item: &str| {
        let rows = json!({ "type": "object", "additionalProperties": reference(item) });
        operation("Maps", id, vec![query("page", "integer"), query("pageSize", "size")], rows)
    };
    json!({
        "/api/incidents/map": { "get": list("Maps_Incidents", "IncidentListItem") },
        "/api/changes/map": { "get": list("Maps_Changes", "ChangeListItem") },
    })
}

fn bare() -> Value {
    let list = |id: &str, item: &str| operation("Lists", id, vec![], array_of(item));
    json!({
        "/api/incidents/all": { "get": list("Lists_Incidents", "Incident") },
        "/api/changerequests/all": { "get": list("Lists_ChangeRequests", "ChangeRequest") },
    })
}

/// What every layout has besides: it must not be taken for work items.
fn common(paths: &mut Value) {
    let template = json!({ "type": "array", "items": { "type": "object", "properties": {
        "Id": { "type": "string" }, "Title": { "type": "string" }, "ProjectionType": { "type": "string" } } } });
    paths["/api/IncidentTemplates"] = json!({ "get": operation("Templates", "Templates_Get", vec![], template) });
    paths["/api/configtest"] = json!({ "post": operation("ConfigTest", "ConfigTest_Post", vec![], any()) });
}

fn want_version(paths: &mut Value) {
    let Some(paths) = paths.as_object_mut() else { return };
    let verbs = paths.values_mut().filter_map(Value::as_object_mut).flat_map(Map::values_mut);
    for parameters in verbs.filter_map(|operation| operation["parameters"].as_array_mut()) {
        parameters.push(
            json!({ "name": "api-version", "in": "query", "required": true, "type": "string", "default": "1.0" }),
        );
    }
}

fn properties(names: &Names, extra: &[(&str, Value)]) -> Map<String, Value> {
    let text = || json!({ "type": "string" });
    let date = || json!({ "type": "string", "format": "date-time" });
    let texts = [names.base_id, names.id, names.title, names.description].map(|name| (name, text()));
    let dates = [names.created, names.modified].map(|name| (name, date()));
    let pairs = [
        (names.status, "EnumValue"),
        (names.impact, "EnumValue"),
        (names.assigned_to, "UserRef"),
        (names.created_by, "UserRef"),
    ];
    let pairs = pairs.map(|(name, of)| (name, reference(of)));
    let all = texts.into_iter().chain(dates).chain(pairs).chain(extra.iter().cloned());
    all.map(|(name, value)| (name.to_owned(), value)).collect()
}

fn incident_extra(names: &Names) -> Vec<(&'static str, Value)> {
    let date = json!({ "type": "string", "format": "date-time" });
    vec![
        (names.priority, json!({ "type": "integer", "format": "int32" })),
        (names.urgency, reference("EnumValue")),
        (names.category, reference("EnumValue")),
        (names.source, reference("EnumValue")),
        (names.affected, reference("UserRef")),
        (names.resolved, date.clone()),
        (names.closed, date),
    ]
}

fn change_extra(names: &Names) -> Vec<(&'static str, Value)> {
    let date = json!({ "type": "string", "format": "date-time" });
    vec![
        (names.priority, reference("EnumValue")),
        (names.risk, reference("EnumValue")),
        (names.planned_start, date.clone()),
        (names.planned_end, date),
    ]
}

fn shared(names: &Names) -> Map<String, Value> {
    let text = || json!({ "type": "string" });
    let mut map = Map::new();
    let pair = |first: &str, second: &str| {
        let of = [(first.to_owned(), text()), (second.to_owned(), text())].into_iter().collect::<Map<_, _>>();
        json!({ "type": "object", "properties": of })
    };
    map.insert("EnumValue".into(), pair(names.enum_id, names.enum_name));
    map.insert("UserRef".into(), pair(names.user_id, names.user_name));
    map
}

fn object(properties: Map<String, Value>) -> Value {
    json!({ "type": "object", "properties": properties })
}

fn definitions(names: &Names, [incident, change]: [&str; 2]) -> Value {
    let mut all = shared(names);
    all.insert(incident.into(), object(properties(names, &incident_extra(names))));
    all.insert(change.into(), object(properties(names, &change_extra(names))));
    Value::Object(all)
}

fn search_definitions(names: &Names) -> Value {
    let mut all = shared(names);
    let extra = [incident_extra(names), change_extra(names)].concat();
    all.insert("WorkItemModel".into(), object(properties(names, &extra)));
    all.insert(
        "WorkItemPage".into(),
        json!({ "type": "object", "properties": {
        "errors": { "type": "array", "items": { "type": "string" } },
        "totalCount": { "type": "integer", "format": "int32" }, "items": array_of("WorkItemModel") } }),
    );
    let date = json!({ "type": "string", "format": "date-time" });
    all.insert(
        "SearchCriteria".into(),
        json!({ "type": "object", "properties": {
        "workItemType": { "type": "string", "enum": ["Incident", "ChangeRequest"] },
        "pageNumber": { "type": "integer", "format": "int32" },
        "pageSize": { "type": "integer", "format": "int32", "maximum": 1000 },
        "startDate": date.clone(), "endDate": date,
        "searchText": { "type": "string" },
    } }),
    );
    Value::Object(all)
}
