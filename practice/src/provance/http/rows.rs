//! Rows of the tables that hold work items.

use std::convert::Infallible;

use axum::body::{Body, Bytes};
use axum::response::Response;
use futures_util::stream;
use serde_json::json;

use super::reply;
use crate::Visibility;
use crate::core::ResetSwitch;
use crate::core::faults::{find, has};
use crate::core::rng::{Rng, parse_hex};
use crate::provance::faults::{FaultKind, FaultSpec};
use crate::provance::metadata;
use crate::provance::odata::{Page, Query, QueryError, Settings};
use crate::provance::state::State;
use crate::provance::table::Table;

/// One request for rows.
pub(crate) struct RowRequest<'a> {
    /// The environment.
    pub(crate) state: &'a State,
    /// What stands behind the version in the path.
    pub(crate) set: &'a str,
    /// The whole path.
    pub(crate) path: &'a str,
    /// The query part of the address.
    pub(crate) query: &'a str,
    /// The `Prefer` header.
    pub(crate) prefer: &'a str,
    /// The connection, to be reset if a fault asks for it.
    pub(crate) switch: &'a ResetSwitch,
}

/// `GET {set}?...` and `GET {set}({id})?...`.
pub(crate) fn answer(request: &RowRequest<'_>) -> Response {
    let (set, id) = match request.set.split_once('(') {
        Some((set, id)) => (set, Some(id.trim_end_matches(')'))),
        None => (request.set, None),
    };
    let tables = request.state.tables();
    let Some(table) = tables.iter().find(|table| table.set == set) else {
        return if metadata::is_known_set(request.state, set) {
            reply::json(&json!({ "value": [] }))
        } else {
            no_segment(set)
        };
    };
    let visibility = request.state.visibility(&table.name);
    match (visibility, id) {
        (Visibility::Missing, _) => no_segment(set),
        (Visibility::Forbidden, _) => forbidden(&table.name),
        (_, Some(id)) => record(request, table, id),
        (_, None) => list(request, table, visibility == Visibility::Empty).unwrap_or_else(|error| refused(&error)),
    }
}

/// The refusal of a set that is not there.
pub(crate) fn no_segment(set: &str) -> Response {
    reply::error(404, "0x8006088a", &format!("Resource not found for the segment '{set}'."))
}

/// The refusal of a user without the right to read a table.
pub(crate) fn forbidden(table: &str) -> Response {
    let message = format!(
        "Principal user (Id=00000000-0000-0000-0000-000000000001, type=8, roleCount=1, privilegeCount=40, accessMode=0) is missing prvRead{table} privilege (Id=00000000-0000-0000-0000-000000000002) on OTC=10112 for entity '{table}'."
    );
    reply::error(403, "0x80040220", &message)
}

fn refused(error: &QueryError) -> Response {
    reply::error(error.status, error.code, &error.message)
}

fn record(request: &RowRequest<'_>, table: &Table, id: &str) -> Response {
    let place = parse_hex(&id.replace('-', "")).and_then(|id| table.find(&id));
    let Some(place) = place else {
        return reply::error(404, "0x80040217", &format!("{} With Id = {id} Does Not Exist", table.name));
    };
    if table.is_hidden(&table.row(place).id) {
        return forbidden(&table.name);
    }
    let query = match Query::parse(table, request.query) {
        Ok(query) => query,
        Err(error) => return refused(&error),
    };
    reply::text(200, query.one(table, &Settings::parse(request.prefer), table.row(place)))
}

fn list(request: &RowRequest<'_>, table: &Table, empty: bool) -> Result<Response, QueryError> {
    if let Some(filter) = counted(request.query).filter(|_| request.state.options.leeway.counts) {
        return count(request, table, &filter, empty);
    }
    let query = Query::parse(table, request.query)?;
    if query.count && !request.state.options.leeway.counts_beside_rows {
        return Err(QueryError::syntax("The query parameter $count is not supported"));
    }
    let faults = request.state.base.faults.take_of(request.path, true);
    if has(&faults, FaultKind::StaleLink) && request.query.contains("skiptoken=") {
        let message = "Paging cookie is not valid any more".to_owned();
        return Err(QueryError { status: 400, code: "0x80060892", message });
    }
    let query = if has(&faults, FaultKind::FilterIgnored) { query.without_times(table) } else { query };
    let settings = Settings::new(request.prefer, &request.state.options.leeway);
    let url = format!("{}{}", request.state.base.sign_in.url, request.path);
    let mut page = query.page(table, &settings, &url, empty);
    spoil(&mut page, table, &faults);
    let mut response = send(&page, &faults, request.switch);
    let formatted = if settings.formatted { ",odata.include-annotations=\"*\"" } else { "" };
    reply::set(&mut response, "preference-applied", &format!("odata.maxpagesize={}{formatted}", settings.page));
    Ok(response)
}

/// The filter of `$apply=filter(..)/aggregate($count as total)`.
fn counted(query: &str) -> Option<String> {
    let (_, apply) = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "$apply")?;
    let inner = apply.strip_suffix("/aggregate($count as total)")?;
    Some(inner.strip_prefix("filter(")?.strip_suffix(')')?.to_owned())
}

fn count(request: &RowRequest<'_>, table: &Table, filter: &str, empty: bool) -> Result<Response, QueryError> {
    let raw: String = url::form_urlencoded::Serializer::new(String::new()).append_pair("$filter", filter).finish();
    let query = Query::parse(table, &raw)?;
    let total = if empty { 0 } else { query.matching(table) };
    if total as u64 > request.state.options.count_limit {
        let message = "The maximum record limit is exceeded. Reduce the number of records.".to_owned();
        return Err(QueryError { status: 400, code: "0x8004e023", message });
    }
    Ok(reply::json(&json!({ "value": [{ "total": total }] })))
}

fn spoil(page: &mut Page, table: &Table, faults: &[FaultSpec]) {
    for spec in faults {
        match spec.fault {
            FaultKind::OutOfOrder => shuffle(&mut page.rows),
            FaultKind::ForeignLink => {
                page.next = page.next.take().map(|_| "https://evil.example/api/data/v9.2/x?$skiptoken=1".to_owned());
            }
            FaultKind::CircularLink => page.next = page.next.take().map(|_| page.own.clone()),
            FaultKind::FewerRows => {
                page.rows.truncate(page.rows.len() / 2);
                page.next = None;
            }
            FaultKind::ErrorBesideRows => page.error = true,
            FaultKind::UnreadableTime => {
                if let Some(row) = page.rows.first_mut() {
                    *row = row.replace("\"modifiedon\":\"", "\"modifiedon\":\"about ");
                }
            }
            FaultKind::WrongTypes => {
                if let Some(row) = page.rows.first_mut() {
                    row.insert_str(1, "\"unasked\":{\"a\":[1,true]},");
                    *row = row.replace("\"statuscode\":", "\"statuscode\":true,\"other\":");
                }
            }
            FaultKind::EscapeSequences => {
                let title = table.role(crate::provance::table::Role::Title);
                let name = title.map_or("", |place| &table.columns[place].shown_as);
                if let Some(row) = page.rows.first_mut() {
                    *row = row.replace(&format!("\"{name}\":\""), &format!("\"{name}\":\"\\u001b[31m\u{202e}"));
                }
            }
            FaultKind::SameId => {
                let id = table.role(crate::provance::table::Role::Id);
                let name = format!("\"{}\":\"", id.map_or("", |place| &table.columns[place].shown_as));
                let at = |row: &str| Some(row.split_once(&name)?.1.split('"').next()?.to_owned());
                if let [first, second, ..] = page.rows.as_mut_slice()
                    && let (Some(one), Some(other)) = (at(first), at(second))
                {
                    *second = second.replace(&other, &one);
                }
            }
            FaultKind::HiddenRow => {
                if let Some(row) = page.rows.first_mut() {
                    *row = row.replace("\"modifiedon\":", "\"modifiedon\":null,\"other\":");
                }
            }
            _ => {}
        }
    }
}

fn shuffle(rows: &mut [String]) {
    let mut rng = Rng::new(7);
    rows.reverse();
    for place in (1..rows.len()).rev() {
        rows.swap(place, usize::try_from(rng.below(place as u64)).unwrap_or(0));
    }
}

fn send(page: &Page, faults: &[FaultSpec], switch: &ResetSwitch) -> Response {
    let text = page.text();
    let huge = find(faults, FaultKind::HugeBody);
    if huge.is_some_and(|spec| spec.rows == 0 || page.rows.len() > spec.rows) {
        let part = Bytes::from(vec![b' '; 1 << 20]);
        let endless = stream::iter(std::iter::repeat_with(move || Ok::<_, Infallible>(part.clone())));
        return reply::text(200, Body::from_stream(endless));
    }
    if has(faults, FaultKind::Reset) {
        return reply::text(200, reply::reset(text, switch));
    }
    let cut = has(faults, FaultKind::Truncated);
    reply::text(200, if cut { reply::half(&text).to_owned() } else { text })
}
