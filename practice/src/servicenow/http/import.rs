//! Import sets: rows of the staging table, and what the transform map makes of them.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::reply;
use super::table::admitted;
use super::write::Writing;
use crate::core::faults::{find, has};
use crate::core::rng::{hex, parse_hex};
use crate::servicenow::access::{STAGING, Verb};
use crate::servicenow::faults::FaultKind;
use crate::servicenow::oauth::Account;
use crate::servicenow::writes::{Order, Refused, write};

const MAP: &str = "OMS Incident";
const INCIDENTS: &str = "incident";

/// `POST /api/now/import/{staging}`: 201 whatever comes of the transform, which each row of the result tells.
pub(super) fn receive(asked: &Writing<'_>, staging: &str) -> Response {
    let (state, caller) = (asked.request.state, asked.request.caller);
    if let Err(refusal) = admitted(state, caller, staging) {
        return *refusal;
    }
    if staging != STAGING {
        return reply::error(400, &format!("Invalid staging table {staging}"), None);
    }
    if !caller.admin() && !caller.has("import_transformer") && !caller.has("import_set_loader") {
        return reply::error(403, "User Not Authorized", Some("Failed API level ACL Validation"));
    }
    let fields = asked.is_json().then(|| asked.fields(Verb::Insert)).flatten();
    let Some(mut fields) = fields else {
        return reply::error(400, "Exception while reading request", Some("The payload is not valid JSON"));
    };
    // An id of the client's own is not honoured here.
    fields.retain(|(name, _)| !name.starts_with("sys_"));
    if let Some(spec) = find(asked.faults, FaultKind::DroppedColumn) {
        fields.retain(|(name, _)| *name != spec.column);
    }
    let sets = state.data().store.table(STAGING).map_or(0, |table| table.order().len());
    let pairs: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    state.as_system(|writer| writer.insert(STAGING, state.new_id(), &pairs));
    let known: Vec<(String, String)> = {
        let data = state.data();
        let table = data.store.table(STAGING);
        fields.into_iter().filter(|(name, _)| table.is_some_and(|table| table.column(name).is_some())).collect()
    };
    // Without a map nothing runs, and nothing is said of it.
    let transforms = state.manners().transform_map;
    let rows: Vec<Value> = transforms.then(|| transform(asked, &known)).into_iter().collect();
    told(staging, sets, &rows)
}

fn told(staging: &str, sets: usize, rows: &[Value]) -> Response {
    let set = format!("ISET{:07}", 10_001 + sets);
    let told = json!({ "import_set": set, "staging_table": staging, "result": rows });
    reply::json(StatusCode::CREATED, told.to_string())
}

/// Makes an incident of a row, or changes the one that the map coalesces on. Maps run with the rights of the system.
fn transform(asked: &Writing<'_>, fields: &[(String, String)]) -> Value {
    let (state, caller) = (asked.request.state, asked.request.caller);
    if let Some(spec) = find(asked.faults, FaultKind::TransformError) {
        return failed(&spec.message);
    }
    let mapper = Account { name: caller.name.clone(), sys_id: caller.sys_id.clone(), ..Account::system() };
    let key = state.manners().coalesce.clone();
    let value = fields.iter().find(|(name, value)| *name == key && !value.is_empty()).map(|(_, value)| value.as_str());
    let there = value.filter(|_| !has(asked.faults, FaultKind::CoalesceMissed)).and_then(|value| {
        let data = state.data();
        data.store.first(INCIDENTS, &[(&key, value)]).map(|row| data.store.hex(INCIDENTS, row))
    });
    let (verb, status) = if there.is_some() { (Verb::Update, "updated") } else { (Verb::Insert, "inserted") };
    let id = there.as_deref().and_then(parse_hex);
    let order = Order { verb, table: INCIDENTS, id, fields, by_display: true };
    match write(state, &mapper, &order) {
        Ok(id) => {
            let id = hex(&id);
            let number = state.data().store.name_of(INCIDENTS, &id).unwrap_or_default();
            json!({
                "transform_map": MAP, "table": INCIDENTS, "display_name": "number", "display_value": number,
                "record_link": format!("{}/api/now/table/{INCIDENTS}/{id}", state.base.sign_in.url),
                "status": status, "sys_id": id,
            })
        }
        Err(Refused::Operation(detail) | Refused::Policy(_, detail)) => failed(&detail),
        Err(Refused::NoRecord) => failed("Target record not found"),
    }
}

fn failed(message: &str) -> Value {
    let message = if message.is_empty() { "Target record not found" } else { message };
    json!({ "transform_map": MAP, "status": "error", "error_message": message, "status_message": "Row transform ignored" })
}
