//! Events over the JSON endpoint of Event Management.

use axum::http::{Method, StatusCode};
use axum::response::Response;
use serde_json::{Value, json};

use super::product::no_resource;
use super::reply;
use super::write::{Writing, text};
use crate::Visibility;
use crate::core::rng::hex;

const ROLE: &str = "evt_mgmt_integration";

/// `POST /api/global/em/jsonv2` with `records`: each becomes a row of `em_event`, which the reply does not name.
pub(super) fn receive(asked: &Writing<'_>) -> Response {
    let (state, caller) = (asked.request.state, asked.request.caller);
    if *asked.method != Method::POST || state.views().of(caller, "em_event") == Visibility::Missing {
        return no_resource();
    }
    if !caller.admin() && !caller.has(ROLE) {
        return reply::error(403, "User Not Authorized", Some("Failed API level ACL Validation"));
    }
    let body: Option<Value> = serde_json::from_slice(asked.body).ok();
    let Some(records) = body.as_ref().and_then(|body| body["records"].as_array()) else {
        return reply::error(400, "Exception while reading request", Some("The payload is not valid JSON"));
    };
    let mut inserted = 0;
    for record in records.iter().filter_map(Value::as_object) {
        let fields: Vec<(String, String)> = record.iter().map(|(name, value)| (name.clone(), text(value))).collect();
        let id = state.new_id();
        let pairs: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        state.as_system(|writer| writer.insert("em_event", id, &pairs));
        state.record_event(caller, &hex(&id), &fields);
        state.process_event(&fields);
        inserted += 1;
    }
    let told = json!({ "result": { "Default Bulk Endpoint": format!("{inserted} events were inserted") } });
    reply::json(StatusCode::OK, told.to_string())
}
