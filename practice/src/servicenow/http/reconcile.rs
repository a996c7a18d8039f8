//! The identification and reconciliation engine: configuration items made or changed without doubles, or only looked for.

use std::collections::HashSet;

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::params::Params;
use super::reply;
use super::write::{Writing, text};
use crate::core::faults::{find, has};
use crate::core::rng::{hex, parse_hex};
use crate::servicenow::faults::FaultKind;
use crate::servicenow::table::{Store, classes};

const ITEMS: &str = classes::ITEMS;

/// `POST /api/now/identifyreconcile`, and `…/query`, which changes nothing. What goes wrong is told with 200.
pub(super) fn answer(asked: &Writing<'_>, only_asks: bool) -> Response {
    let caller = asked.request.caller;
    if !["admin", "itil", "asset"].iter().any(|role| caller.has(role)) {
        return reply::error(403, "User Not Authorized", Some("Failed API level ACL Validation"));
    }
    let body: Option<Value> = serde_json::from_slice(asked.body).ok().filter(|_| asked.is_json());
    let Some(items) = body.as_ref().and_then(|body| body["items"].as_array()) else {
        return reply::error(400, "Exception while reading request", Some("The payload is not valid JSON"));
    };
    let params = Params::parse(asked.request.query);
    let source = params.get("sysparm_data_source").unwrap_or("").to_owned();
    let mut seen = HashSet::new();
    let told: Vec<Value> = items
        .iter()
        .map(|item| {
            Item::read(item).map_or_else(|error| error, |item| item.reconcile(asked, &source, only_asks, &mut seen))
        })
        .collect();
    reply::json(StatusCode::OK, json!({ "result": { "items": told, "relations": [] } }).to_string())
}

/// One item of a payload.
struct Item<'a> {
    class: &'a str,
    values: &'a Map<String, Value>,
    native_key: &'a str,
}

/// What the engine found.
enum Found {
    None,
    One(String),
    Many,
}

impl<'a> Item<'a> {
    fn read(item: &'a Value) -> Result<Self, Value> {
        let class = item["className"].as_str().unwrap_or_default();
        let Some(values) = item["values"].as_object() else {
            return Err(error("INVALID_INPUT_DATA", "The payload has an item without values"));
        };
        if !classes::is_class(class) {
            return Err(error("INVALID_INPUT_DATA", &format!("The class [{class}] is not a CMDB class")));
        }
        let native_key = item["sys_object_source_info"]["source_native_key"].as_str().unwrap_or_default();
        Ok(Self { class, values, native_key })
    }

    fn value(&self, name: &str) -> String {
        self.values.get(name).map(text).unwrap_or_default()
    }

    fn reconcile(&self, asked: &Writing<'_>, source: &str, only_asks: bool, seen: &mut HashSet<String>) -> Value {
        if let Some(refused) = self.refused(asked, source, seen) {
            return refused;
        }
        let state = asked.request.state;
        let (found, by) = self.identify(&state.data().store);
        let doubled = has(asked.faults, FaultKind::DoubledItem) && !only_asks;
        let (operation, id) = match found {
            Found::Many => return self.many(by),
            Found::One(id) if !doubled => (self.operation(&state.data().store, &id), id),
            _ => ("INSERT", if only_asks { String::new() } else { hex(&state.new_id()) }),
        };
        if !only_asks && operation != "NO_CHANGE" {
            self.write(asked, source, operation, &id);
        }
        let result = if operation == "INSERT" { "NO_MATCH" } else { "MATCHED" };
        json!({
            "className": self.class, "operation": operation,
            "sysId": if id.is_empty() { "Unknown" } else { &id },
            "identifierEntrySysId": "Unknown",
            "identificationAttempts": [attempt(by, result)],
            "errors": [], "errorCount": 0, "inputIndices": [0],
        })
    }

    /// What the engine does not even look for.
    fn refused(&self, asked: &Writing<'_>, source: &str, seen: &mut HashSet<String>) -> Option<Value> {
        let state = asked.request.state;
        if let Some(spec) = find(asked.faults, FaultKind::EngineError) {
            let code = if spec.code.is_empty() { "ABANDONED" } else { &spec.code };
            return Some(error(code, &spec.message));
        }
        if source.is_empty() && !state.manners().works_without_source {
            state.put_aside(self.class);
            return Some(error("ABANDONED", "The payload was saved as incomplete: it names no data source"));
        }
        let listed = [("name", ITEMS), ("element", "discovery_source"), ("value", source)];
        if !source.is_empty() && state.data().store.first("sys_choice", &listed).is_none() {
            return Some(error("INVALID_INPUT_DATA", &format!("The data source [{source}] is not a discovery source")));
        }
        if !classes::has_rule(self.class) && self.class != classes::VIRTUAL_MACHINE {
            return Some(error(
                "IDENTIFICATION_RULE_MISSING",
                &format!("Identification rule missing for [{}]", self.class),
            ));
        }
        if self.values.contains_key("name") && self.value("name").is_empty() {
            return Some(error("REQUIRED_ATTRIBUTE_EMPTY", "Missing or empty required attribute [name]"));
        }
        if self.value("name").is_empty() && self.value("serial_number").is_empty() && self.native_key.is_empty() {
            return Some(error(
                "MISSING_MATCHING_ATTRIBUTES",
                "In the payload no attribute matches an identifier entry",
            ));
        }
        let same = format!("{} {} {}", self.class, self.value("name"), self.native_key);
        let doubled = !seen.insert(same);
        doubled.then(|| error("DUPLICATE_PAYLOAD_RECORDS", "Found duplicate items in the payload"))
    }

    /// By the key of the source, then by serial number, then by name.
    fn identify(&self, store: &Store) -> (Found, &'static str) {
        let tries = [
            ("object_id", self.native_key.to_ascii_lowercase()),
            ("correlation_id", self.native_key.to_owned()),
            ("serial_number", self.value("serial_number")),
            ("name", self.value("name")),
        ];
        for (column, value) in tries {
            let rows = if value.is_empty() { Vec::new() } else { store.rows_with(ITEMS, &[(column, &value)]) };
            let live = |row: &u32| store.text(ITEMS, *row, "duplicate_of").is_empty();
            let rows: Vec<u32> = rows.into_iter().filter(live).collect();
            match rows.as_slice() {
                [] => {}
                [one] => return (Found::One(store.hex(ITEMS, *one)), column),
                _ => return (Found::Many, column),
            }
        }
        (Found::None, "name")
    }

    fn operation(&self, store: &Store, id: &str) -> &'static str {
        let row = parse_hex(id).and_then(|id| store.table(ITEMS)?.find(&id));
        let Some(row) = row else { return "INSERT" };
        let there = store.text(ITEMS, row, "sys_class_name");
        if there != self.class {
            return match () {
                () if classes::is_below(self.class, there) => "UPDATE_WITH_UPGRADE",
                () if classes::is_below(there, self.class) => "UPDATE_WITH_DOWNGRADE",
                () => "UPDATE_WITH_SWITCH",
            };
        }
        let known = |name: &str| store.table(ITEMS).is_some_and(|table| table.column(name).is_some());
        let same = self.values.iter().all(|(name, value)| !known(name) || store.text(ITEMS, row, name) == text(value));
        if same { "NO_CHANGE" } else { "UPDATE" }
    }

    fn write(&self, asked: &Writing<'_>, source: &str, operation: &str, id: &str) {
        let state = asked.request.state;
        let Some(id) = parse_hex(id) else { return };
        let mut fields: Vec<(String, String)> =
            self.values.iter().map(|(name, value)| (name.clone(), text(value))).collect();
        if let Some(spec) = find(asked.faults, FaultKind::DroppedColumn) {
            fields.retain(|(name, _)| *name != spec.column);
        }
        fields.push(("sys_class_name".into(), self.class.to_owned()));
        fields.push(("discovery_source".into(), source.to_owned()));
        if !self.native_key.is_empty() {
            fields.push(("correlation_id".into(), self.native_key.to_owned()));
        }
        let pairs: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        state.as_system(|writer| match writer.store.table(ITEMS).and_then(|table| table.find(&id)) {
            Some(row) if operation != "INSERT" => writer.update(ITEMS, row, &pairs),
            _ => writer.insert(ITEMS, id, &pairs).map(|_| ()),
        });
    }

    fn many(&self, by: &str) -> Value {
        let mut told = error("MULTI_MATCH", &format!("Found multiple items that match by [{by}]"));
        told["className"] = self.class.into();
        told["identificationAttempts"] = json!([attempt(by, "MULTI_MATCH")]);
        told
    }
}

fn attempt(by: &str, result: &str) -> Value {
    json!({ "identifierName": "Hardware Rule", "attributes": [by], "attemptResult": result, "searchOnTable": ITEMS })
}

fn error(code: &str, message: &str) -> Value {
    json!({
        "sysId": "Unknown", "identificationAttempts": [],
        "errors": [{ "error": code, "message": message }], "errorCount": 1, "inputIndices": [0],
    })
}
