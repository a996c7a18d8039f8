//! The Table API, for writing: POST, PATCH, PUT and DELETE.

use axum::body::Bytes;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::Response;
use serde_json::Value;

use super::params::Params;
use super::reply;
use super::table::{TableRequest, admitted, no_record};
use crate::core::faults::find;
use crate::core::rng::{hex, parse_hex};
use crate::servicenow::access::Verb;
use crate::servicenow::faults::{FaultKind, FaultSpec};
use crate::servicenow::writes::{Order, Refused, write};

/// One request to change a row.
pub(crate) struct Writing<'a> {
    /// What it has in common with a request for rows.
    pub(crate) request: &'a TableRequest<'a>,
    /// How it came.
    pub(crate) method: &'a Method,
    /// Its headers.
    pub(crate) headers: &'a HeaderMap,
    /// Its body.
    pub(crate) body: &'a Bytes,
    /// The faults that befall it.
    pub(crate) faults: &'a [FaultSpec],
}

impl Writing<'_> {
    /// `POST /api/now/table/{table}`; `PATCH`, `PUT` and `DELETE /api/now/table/{table}/{sys_id}`.
    pub(crate) fn answer(&self, table: &str, sys_id: Option<&str>) -> Response {
        let Some(verb) = verb(self.method, sys_id.is_some()) else { return not_allowed() };
        if let Err(refusal) = admitted(self.request.state, self.request.caller, table) {
            return *refusal;
        }
        if verb != Verb::Delete && !self.is_json() {
            let detail = "Accept and Content-Type must be application/json";
            return reply::error(400, "Bad Request", Some(detail));
        }
        let Some(mut fields) = self.fields(verb) else {
            return reply::error(400, "Exception while reading request", Some("The payload is not valid JSON"));
        };
        if let Some(spec) = find(self.faults, FaultKind::DroppedColumn) {
            fields.retain(|(name, _)| *name != spec.column);
        }
        let id = sys_id.map(parse_hex);
        match id {
            Some(None) => no_record(),
            Some(Some(id)) => self.perform(verb, table, Some(id), &fields),
            None => self.perform(verb, table, None, &fields),
        }
    }

    fn perform(&self, verb: Verb, table: &str, id: Option<[u8; 16]>, fields: &[(String, String)]) -> Response {
        let by_display = Params::parse(self.request.query).flag("sysparm_input_display_value");
        let order = Order { verb, table, id, fields, by_display };
        match (write(self.request.state, self.request.caller, &order), verb) {
            (Err(Refused::NoRecord), _) => no_record(),
            (Err(Refused::Operation(detail)), _) => reply::error(403, "Operation Failed", Some(&detail)),
            (Err(Refused::Policy(status, detail)), _) => reply::error(status, "Operation Failed", Some(&detail)),
            (Ok(id), Verb::Insert) => {
                if table == "em_event" {
                    self.request.state.process_event(fields);
                }
                let mut response = self.request.written(StatusCode::CREATED, table, &id);
                let url = &self.request.state.base.sign_in.url;
                reply::set(&mut response, "location", &format!("{url}/api/now/table/{table}/{}", hex(&id)));
                response
            }
            (Ok(id), Verb::Update) => self.request.written(StatusCode::OK, table, &id),
            (Ok(_), Verb::Delete) => reply::empty(StatusCode::NO_CONTENT),
        }
    }

    /// Whether type and accepted type are JSON, as writes ask for.
    pub(crate) fn is_json(&self) -> bool {
        self.says(header::ACCEPT) && self.says(header::CONTENT_TYPE)
    }

    fn says(&self, name: header::HeaderName) -> bool {
        let value = self.headers.get(name).and_then(|value| value.to_str().ok());
        value.is_some_and(|value| value.contains("application/json"))
    }

    /// The columns of the first record with their values; none if the body is no record.
    pub(crate) fn fields(&self, verb: Verb) -> Option<Vec<(String, String)>> {
        if verb == Verb::Delete {
            return Some(Vec::new());
        }
        // Of an array only the first record counts.
        let record = match serde_json::from_slice(self.body).ok()? {
            Value::Array(records) => records.into_iter().next()?,
            other => other,
        };
        let Value::Object(record) = record else { return None };
        Some(record.into_iter().map(|(name, value)| (name, text(&value))).collect())
    }
}

/// The answer to a method that is not for this resource.
pub(crate) fn not_allowed() -> Response {
    reply::error(405, "Method not allowed", None)
}

fn verb(method: &Method, of_row: bool) -> Option<Verb> {
    match (method.as_str(), of_row) {
        ("POST", false) => Some(Verb::Insert),
        ("PATCH" | "PUT", true) => Some(Verb::Update),
        ("DELETE", true) => Some(Verb::Delete),
        _ => None,
    }
}

/// A value as the product stores it.
pub(crate) fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Object(pair) => pair.get("value").map(text).unwrap_or_default(),
        other => other.to_string(),
    }
}
