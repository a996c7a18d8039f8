//! The Aggregate API: counts, by groups where asked.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use axum::response::Response;

use super::params::Params;
use super::reply;
use super::table::{admitted, query_of};
use crate::Visibility;
use crate::core::json_text::push_text;
use crate::core::rng::hex;
use crate::servicenow::calendar::raw;
use crate::servicenow::oauth::Account;
use crate::servicenow::state::State;
use crate::servicenow::table::{Cell, Matches, Query};

/// `GET /api/now/stats/{table}`. Its access rules are not those of rows: an `empty` table still counts.
pub(crate) fn stats(state: &State, caller: &Account, table: &str, params: &Params) -> Response {
    let visibility = match admitted(state, caller, table) {
        Ok(Visibility::Forbidden) => return reply::error(403, "Insufficient rights to query records", None),
        Ok(visibility) => visibility,
        Err(refusal) => return *refusal,
    };
    debug_assert_ne!(visibility, Visibility::Missing);
    let data = state.data();
    let name = table;
    let Some(table) = data.store.table(name) else { return reply::error(400, "Invalid table", None) };
    let matches = Matches { store: &data.store, table };
    let query = query_of(state, caller, (name, table), params);
    let counted = params.flag("sysparm_count");
    let group = params.get("sysparm_group_by").and_then(|field| Some((field, table.column(field)?)));
    let text = match group {
        Some((field, column)) if counted => grouped(&matches, &query, field, column),
        _ if counted => format!("{{\"result\":{{\"stats\":{{\"count\":\"{}\"}}}}}}", matches.count(&query)),
        _ => "{\"result\":{\"stats\":{}}}".into(),
    };
    reply::json(StatusCode::OK, text)
}

fn grouped(matches: &Matches<'_>, query: &Query, field: &str, column: usize) -> String {
    let mut groups: BTreeMap<String, usize> = BTreeMap::new();
    matches.each(query, |row| {
        let value = match matches.table.cell(row, column) {
            Cell::Text(value, _) => value.to_owned(),
            Cell::Time(0) => String::new(),
            Cell::Time(seconds) => raw(seconds),
            Cell::Id(id) => hex(id),
        };
        *groups.entry(value).or_default() += 1;
    });
    let mut text = String::from("{\"result\":[");
    for (place, (value, count)) in groups.iter().enumerate() {
        text.push_str(if place > 0 { "," } else { "" });
        text.push_str(&format!("{{\"stats\":{{\"count\":\"{count}\"}},\"groupby_fields\":[{{\"field\":"));
        push_text(&mut text, field);
        text.push_str(",\"value\":");
        push_text(&mut text, value);
        text.push_str("}]}");
    }
    text.push_str("]}");
    text
}
