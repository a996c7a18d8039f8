//! Business objects: what they are, and their records.

use axum::response::Response;
use serde_json::{Value, json};

use super::product::Call;
use super::reply;
use crate::cherwell::faults::FaultKind;
use crate::cherwell::objects::{Field, ITEM_GROUP, Kind, Object, RELATIONSHIPS};
use crate::cherwell::search::{self, Search, Writer};
use crate::cherwell::table::Table;
use crate::core::rng::{hex, stable_id};

/// What a business object of this name is: a list, empty for an unknown name.
pub(super) fn summary(call: &Call<'_>, name: &str) -> Response {
    let tables = call.state.tables();
    let options = &call.state.options;
    let found = tables.iter().find(|table| options.shown_name(table.object.name).eq_ignore_ascii_case(name));
    let list: Vec<Value> = found.iter().map(|table| summary_of(call, &table.object)).collect();
    if name.eq_ignore_ascii_case(ITEM_GROUP) {
        return reply::value(200, &json!([group(call, &tables)]));
    }
    reply::value(200, &Value::Array(list))
}

/// The group of all configuration items: its types are objects of their own.
fn group(call: &Call<'_>, tables: &[Table]) -> Value {
    let types = tables.iter().filter(|table| table.object.name.starts_with("Config"));
    let types: Vec<Value> = types.map(|table| summary_of(call, &table.object)).collect();
    json!({
        "busObId": hex(&stable_id("object", ITEM_GROUP)), "name": ITEM_GROUP, "displayName": "Configuration Item",
        "firstRecIdField": "", "recIdFields": "", "states": "", "stateFieldId": null,
        "group": true, "lookup": false, "major": true, "supporting": false, "groupSummaries": types,
    })
}

/// Every business object of a type; here all are major ones.
pub(super) fn summaries(call: &Call<'_>, kind: &str) -> Response {
    let tables = call.state.tables();
    let listed = kind.eq_ignore_ascii_case("all") || kind.eq_ignore_ascii_case("major");
    let own = tables.iter().filter(|table| listed && !table.object.states.is_empty());
    let list: Vec<Value> = own.map(|table| summary_of(call, &table.object)).collect();
    reply::value(200, &Value::Array(list))
}

fn summary_of(call: &Call<'_>, object: &Object) -> Value {
    json!({
        "busObId": object.id,
        "name": call.state.options.shown_name(object.name),
        "displayName": object.display_name,
        "firstRecIdField": object.fields[0].bare,
        "recIdFields": object.fields[0].bare,
        "states": object.states,
        "stateFieldId": object.place("Status").map(|place| object.fields[place].bare.clone()),
        "group": false, "lookup": false, "major": true, "supporting": false, "groupSummaries": [],
    })
}

/// The fields of a business object.
pub(super) fn schema(call: &Call<'_>, id: &str) -> Response {
    with_table(call, id, |table| {
        let object = &table.object;
        let field = |field: &Field| {
            let kind = match field.kind {
                Kind::Text => "Text",
                Kind::Date => "DateTime",
                Kind::Number => "Number",
                Kind::Flag => "Logical",
            };
            json!({
                "fieldId": field.id(call.state.options.schema_ids),
                "name": field.name,
                "displayName": field.display_name(),
                "type": kind,
                "hasDate": field.kind == Kind::Date,
                "hasTime": field.kind == Kind::Date,
                "required": field.required,
                "readOnly": false, "calculated": false, "validated": false, "maximumSize": "255",
            })
        };
        let fields: Vec<Value> = object.fields.iter().map(field).collect();
        let answer = json!({
            "busObId": object.id, "name": call.state.options.shown_name(object.name), "fieldDefinitions": fields, "relationships": relationships(call, object),
            "gridDefinitions": [], "states": object.states,
        });
        reply::value(200, &reply::fine(answer))
    })
}

/// The relationships of an incident, where they are asked for.
fn relationships(call: &Call<'_>, object: &Object) -> Vec<Value> {
    let asked = call.query.get("includerelationships").is_some_and(|value| value.eq_ignore_ascii_case("true"));
    if !asked || object.name != "Incident" {
        return Vec::new();
    }
    let told = |(id, name, target): &(&str, &str, &str)| {
        let target = hex(&stable_id("object", target));
        json!({
            "relationshipId": id, "displayName": name, "description": "", "target": target, "cardinality": "OneToMany",
            "fieldDefinitions": [],
        })
    };
    RELATIONSHIPS.iter().map(told).collect()
}

/// The fields of a new record.
pub(super) fn template(call: &Call<'_>) -> Response {
    let Ok(order) = serde_json::from_slice::<Value>(call.body) else { return no_body() };
    with_table(call, order["busObId"].as_str().unwrap_or_default(), |table| {
        let wanted = |field: &&Field| {
            let all = order["includeAll"].as_bool().unwrap_or(false);
            all || (field.required && order["includeRequired"].as_bool().unwrap_or(false))
        };
        let field = |field: &Field| {
            json!({
                "dirty": false, "displayName": field.display_name(), "fieldId": field.id(call.state.options.schema_ids),
                "fullFieldId": field.full, "html": null, "name": field.name, "value": "",
            })
        };
        let fields: Vec<Value> = table.object.fields.iter().filter(wanted).map(field).collect();
        reply::value(200, &reply::fine(json!({"fields": fields})))
    })
}

/// A page of records.
pub(super) fn search(call: &Call<'_>) -> Response {
    let Ok(search) = serde_json::from_slice::<Search>(call.body) else { return no_body() };
    let mut reply = None;
    if let Some(spec) = call.faults.iter().find(|spec| matches!(spec.fault, FaultKind::Shift | FaultKind::Delete)) {
        shift(call, &search, spec.fault == FaultKind::Delete);
    }
    let response = with_table(call, &search.bus_ob_id, |table| {
        if !call.state.permission(table.object.name).view {
            return reply::error(500, "INSUFFICIENTRIGHTS", "You are not authorized to view this object");
        }
        match search.run(call.state, table, call.culture, call.faults) {
            Ok(found) => {
                reply = Some(search::render(call.state, table, &found, call.culture, call.faults));
                reply::empty(200)
            }
            Err((code, message)) => reply::error(500, code, &message),
        }
    });
    reply.map_or(response, |text| reply::text(200, text))
}

/// Somebody changes or deletes the first record that the search finds.
fn shift(call: &Call<'_>, search: &Search, delete: bool) {
    let now = call.state.now();
    let mut tables = call.state.tables_mut();
    let Some(table) = tables.iter_mut().find(|table| table.object.id == search.bus_ob_id) else { return };
    let first = search.on_first_page().run(call.state, table, call.culture, &[]).ok();
    let first = first.and_then(|found| found.page.first().copied()).filter(|_| delete);
    let other = || search.run(call.state, table, call.culture, &[]).ok().and_then(|found| found.page.first().copied());
    let first = first.or_else(other).or_else(|| table.order().first().copied());
    match first {
        Some(place) if delete => table.remove(place),
        Some(place) => {
            table.stamp(place, now);
            table.resettle(place);
        }
        None => {}
    }
}

/// One record.
pub(super) fn record(call: &Call<'_>, id: &str, by: &str, value: &str) -> Response {
    with_table(call, id, |table| {
        let found = match by {
            "busobrecid" => table.find(value),
            _ => table.find_public(value),
        };
        let Some(place) = found else { return reply::error(500, "RECORDNOTFOUND", "Record not found") };
        if table.is_hidden(place) || !call.state.permission(table.object.name).view {
            return reply::error(403, "INSUFFICIENTRIGHTS", "You are not authorized to view this object");
        }
        let fields: Vec<usize> = (0..table.object.fields.len()).collect();
        let mut out = String::new();
        Writer::new(call.state, table, &fields, call.culture).record(&mut out, place);
        reply::text(200, out)
    })
}

fn with_table(call: &Call<'_>, id: &str, answer: impl FnOnce(&Table) -> Response) -> Response {
    let tables = call.state.tables();
    match tables.iter().find(|table| table.object.id.eq_ignore_ascii_case(id)) {
        Some(table) => answer(table),
        None => no_object(id),
    }
}

/// The refusal of an object that is not there.
pub(super) fn no_object(id: &str) -> Response {
    reply::error(500, "GENERALFAILURE", &format!("Business object with {id} not found\r\nParameter name: BusObId"))
}

/// The refusal of a request without a body.
pub(super) fn no_body() -> Response {
    reply::error(500, "GENERALFAILURE", "Value cannot be null.\r\nParameter name: dataRequest")
}
