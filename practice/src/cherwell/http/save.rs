//! Records made, changed and linked.

use axum::response::Response;
use serde_json::{Value, json};

use super::objects::{no_body, no_object};
use super::product::Call;
use super::reply;
use crate::cherwell::faults::FaultKind;
use crate::cherwell::objects::{Kind, RELATIONSHIPS};
use crate::cherwell::state::Written;
use crate::cherwell::table::Table;
use crate::core::faults::find;
use crate::core::rng::{hex, stable_id};
use crate::core::tickets::Change;

/// Why nothing was saved.
type Refused = Box<Response>;

/// What was saved: its `RecID` and public id.
type Saved = (String, String);

/// `savebusinessobject`: makes or changes a record.
pub(super) fn save(call: &Call<'_>) -> Response {
    let Ok(order) = serde_json::from_slice::<Value>(call.body) else { return no_body() };
    match save_one(call, &order) {
        Ok((rec_id, public_id)) => reply::value(200, &reply::fine(saved(&rec_id, &public_id))),
        Err(refused) => *refused,
    }
}

/// `saverelatedbusinessobject`: the same, and a link from its parent.
pub(super) fn save_related(call: &Call<'_>) -> Response {
    let Ok(order) = serde_json::from_slice::<Value>(call.body) else { return no_body() };
    let text = |name: &str| order[name].as_str().unwrap_or_default();
    let parent = match parent_of(call, text("parentBusObId"), text("parentBusObRecId"), text("parentBusObPublicId")) {
        Ok(parent) => parent,
        Err(refused) => return *refused,
    };
    let relationship = text("relationshipId");
    if !RELATIONSHIPS.iter().any(|(id, ..)| *id == relationship) {
        return reply::error(500, "GENERALFAILURE", &format!("Relationship {relationship} not found"));
    }
    match save_one(call, &order) {
        Ok((rec_id, public_id)) => {
            call.state.links().insert((parent.clone(), relationship.to_owned(), rec_id.clone()));
            let mut answer = saved(&rec_id, &public_id);
            answer["parentBusObId"] = order["parentBusObId"].clone();
            answer["parentBusObRecId"] = parent.into();
            answer["relationshipId"] = relationship.into();
            reply::value(200, &reply::fine(answer))
        }
        Err(refused) => *refused,
    }
}

fn parent_of(call: &Call<'_>, object: &str, rec_id: &str, public_id: &str) -> Result<String, Refused> {
    let tables = call.state.tables();
    let table = tables.iter().find(|table| table.object.id.eq_ignore_ascii_case(object));
    let table = table.ok_or_else(|| Box::new(no_object(object)))?;
    let place = if rec_id.is_empty() { table.find_public(public_id) } else { table.find(rec_id) };
    let missing = || Box::new(reply::error(500, "RECORDNOTFOUND", "Record not found"));
    place.map(|place| table.text(place, 0).to_owned()).ok_or_else(missing)
}

/// `linkrelatedbusinessobject`, which writes though it is a `GET`. A link that is there already is an error.
pub(super) fn link(call: &Call<'_>, segments: &[&str]) -> Response {
    let after = |name: &str| {
        let at = segments.iter().position(|segment| segment.eq_ignore_ascii_case(name));
        at.and_then(|at| segments.get(at + 1)).copied().unwrap_or_default()
    };
    let ends = [("parentbusobid", "parentbusobrecid"), ("busobid", "busobrecid")];
    for (object, record) in ends {
        if let Err(refused) = parent_of(call, after(object), after(record), "") {
            return *refused;
        }
    }
    let link =
        (after("parentbusobrecid").to_owned(), after("relationshipid").to_owned(), after("busobrecid").to_owned());
    if !RELATIONSHIPS.iter().any(|(id, ..)| *id == link.1) {
        return reply::error(500, "GENERALFAILURE", &format!("Relationship {} not found", link.1));
    }
    if call.state.links().insert(link) {
        return reply::value(200, &reply::fine(json!({})));
    }
    reply::error(500, "GENERALFAILURE", "DuplicateEntry: the objects are already related")
}

fn saved(rec_id: &str, public_id: &str) -> Value {
    json!({
        "busObPublicId": public_id, "busObRecId": rec_id, "cacheKey": null, "fieldValidationErrors": [],
        "notificationTriggers": [],
    })
}

fn save_one(call: &Call<'_>, order: &Value) -> Result<Saved, Refused> {
    let id = order["busObId"].as_str().unwrap_or_default();
    let mut fields: Vec<(String, String)> =
        order["fields"].as_array().into_iter().flatten().filter_map(dirty).collect();
    let now = call.state.now();
    let fresh = stable_id("saved", &call.state.rng().hex(32));
    let mut tables = call.state.tables_mut();
    let table = tables.iter_mut().find(|table| table.object.id.eq_ignore_ascii_case(id));
    let table = table.ok_or_else(|| Box::new(no_object(id)))?;
    if !call.state.permission(table.object.name).edit {
        return Err(Box::new(reply::error(500, "INSUFFICIENTRIGHTS", "You are not authorized to edit this object")));
    }
    let place = held(table, order)?;
    let sent = named(table, &fields);
    if let Some(refused) = invalid(call, table, place, &fields) {
        let held = place.map(|place| table.text(place, 0).to_owned()).unwrap_or_default();
        note(call, table.object.name, &held, place.is_none(), sent, false);
        return Err(refused);
    }
    if order["persist"].as_bool() == Some(false) {
        // Only cached: nothing is stored.
        let answer = json!({"cacheKey": "practice", "fieldValidationErrors": []});
        return Err(Box::new(reply::value(200, &reply::fine(answer))));
    }
    drop_fields(call, table, &mut fields);
    let inserted = place.is_none();
    let place = place.or_else(|| insert(table, fresh, now));
    let Some(place) = place else {
        return Err(Box::new(reply::error(500, "RECORDNOTFOUND", "Record not found")));
    };
    put(call, table, place, &fields);
    table.stamp(place, now);
    table.resettle(place);
    let saved = (table.text(place, 0).to_owned(), table.text(place, 1).to_owned());
    note(call, table.object.name, &saved.0, inserted, sent, true);
    Ok(saved)
}

/// The record that is to be changed; none for a new one.
fn held(table: &Table, order: &Value) -> Result<Option<u32>, Refused> {
    let given = |name: &str| order[name].as_str().filter(|id| !id.is_empty());
    let found = match (given("busObRecId"), given("busObPublicId")) {
        (Some(id), _) => table.find(id),
        (None, Some(id)) => table.find_public(id),
        (None, None) => return Ok(None),
    };
    let missing = || Box::new(reply::error(500, "RECORDNOTFOUND", "Record not found"));
    found.map(Some).ok_or_else(missing)
}

fn named(table: &Table, fields: &[(String, String)]) -> Vec<(String, String)> {
    let name = |id: &str| table.object.place_of_id(id).map_or(id, |place| table.object.fields[place].name).to_owned();
    fields.iter().map(|(id, value)| (name(id), value.clone())).collect()
}

/// What is wrong with the fields, told at HTTP 200.
fn invalid(call: &Call<'_>, table: &Table, place: Option<u32>, fields: &[(String, String)]) -> Option<Refused> {
    let wrong = |problem: &str, code: &str, id: &str| json!({"error": problem, "errorCode": code, "fieldId": id});
    let told = |errors: Vec<Value>| {
        let code = errors[0]["errorCode"].clone();
        let answer = json!({
            "fieldValidationErrors": errors, "errorCode": code, "errorMessage": "The record could not be saved.",
            "hasError": true, "busObRecId": null, "busObPublicId": null,
        });
        Some(Box::new(reply::value(200, &answer)))
    };
    if let Some(spec) = find(call.faults, FaultKind::FieldErrors) {
        return told(vec![wrong(&spec.message, "VALIDATIONFAILED", &spec.column)]);
    }
    let unknown = fields.iter().filter(|(id, _)| table.object.place_of_id(id).is_none());
    let unknown: Vec<Value> = unknown.map(|(id, _)| wrong("Field not found", "INVALIDFIELD", id)).collect();
    if !unknown.is_empty() {
        return told(unknown);
    }
    if table.object.name != "Incident" {
        return None;
    }
    let manners = call.state.manners();
    let value = |name: &str| {
        let field = table.object.place(name)?;
        let sent =
            fields.iter().find(|(id, _)| table.object.place_of_id(id) == Some(field)).map(|(_, value)| value.as_str());
        Some(sent.unwrap_or_else(|| place.map_or("", |place| table.text(place, field))).to_owned())
    };
    let status = value("Status").unwrap_or_default();
    let always = manners.required.iter().filter(|_| place.is_none());
    let needed = always.chain(manners.required_for.get(&status).into_iter().flatten());
    let missing = needed.filter(|name| value(name).is_some_and(|value| value.is_empty()));
    let errors: Vec<Value> = missing
        .map(|name| {
            let id = table.object.place(name).map(|field| table.object.fields[field].full.clone()).unwrap_or_default();
            wrong(&format!("{name} is a required field"), "REQUIREDFIELD", &id)
        })
        .collect();
    if errors.is_empty() { None } else { told(errors) }
}

fn drop_fields(call: &Call<'_>, table: &Table, fields: &mut Vec<(String, String)>) {
    let fault = find(call.faults, FaultKind::DroppedColumn).map(|spec| spec.column.clone());
    let dropped: Vec<String> = call.state.manners().dropped.iter().cloned().chain(fault).collect();
    let name = |id: &str| table.object.place_of_id(id).map_or("", |place| table.object.fields[place].name);
    fields.retain(|(id, _)| !dropped.iter().any(|dropped| dropped == name(id)));
}

fn put(call: &Call<'_>, table: &mut Table, place: u32, fields: &[(String, String)]) {
    for (id, value) in fields {
        let Some(field) = table.object.place_of_id(id) else { continue };
        let name = table.object.fields[field].name;
        let date = table.object.fields[field].kind == Kind::Date;
        let seconds = call.state.calendar.parse(value, call.culture).unwrap_or(0).to_string();
        table.set(place, &[(name, if date { &seconds } else { value })]);
    }
}

fn insert(table: &mut Table, id: [u8; 16], now: i64) -> Option<u32> {
    let mut cells = table.blank();
    cells[1] = table.pool.push(&(950_000 + table.len()).to_string());
    if let Some(created) = table.object.place("CreatedDateTime") {
        cells[created] = u32::try_from(now).unwrap_or(0);
    }
    table.load(id, cells);
    let place = table.find(&hex(&id))?;
    let first: &[(&str, &str)] = if table.object.name == "Incident" { &[("Status", "New")] } else { &[] };
    table.set(place, first);
    if table.object.place("IncidentType").is_some() {
        table.set(place, &[("IncidentType", "Incident")]);
    }
    Some(place)
}

fn note(call: &Call<'_>, object: &'static str, rec_id: &str, inserted: bool, sent: Vec<(String, String)>, done: bool) {
    let change = Change {
        at: call.state.now(),
        by: call.state.base.sign_in.username.clone(),
        verb: if inserted { "insert" } else { "update" }.to_owned(),
        fields: sent.into_iter().collect(),
        done,
    };
    call.state.written().push(Written { object, id: rec_id.to_owned(), change });
}

fn dirty(field: &Value) -> Option<(String, String)> {
    let id = field["fieldId"].as_str()?.to_owned();
    let value = field["value"].as_str()?.to_owned();
    (field["dirty"].as_bool() == Some(true)).then_some((id, value))
}
