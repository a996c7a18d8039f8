//! Requests that change rows: `POST`, `PATCH`, `DELETE`, and the action `CloseIncident`.

use axum::body::Bytes;
use axum::http::request::Parts;
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::reply;
use super::rows::{forbidden, no_segment};
use crate::Visibility;
use crate::core::faults::find;
use crate::core::reply::empty;
use crate::core::rng::{guid, hex, parse_hex, stable_id};
use crate::provance::faults::{FaultKind, FaultSpec};
use crate::provance::odata::{Query, Settings};
use crate::provance::people::USERS;
use crate::provance::state::State;
use crate::provance::writes::{Annotation, Condition, Order, Refused, gone, linked, tag};

/// One request to change something.
pub(super) struct Writing<'a> {
    pub(super) state: &'a State,
    pub(super) parts: &'a Parts,
    pub(super) body: &'a Bytes,
    pub(super) faults: &'a [FaultSpec],
    /// The place of the user.
    pub(super) user: usize,
    /// What stands behind the version in the path.
    pub(super) set: &'a str,
}

impl Writing<'_> {
    /// The answer to a request that is no `GET`.
    pub(super) fn answer(&self) -> Response {
        self.perform().unwrap_or_else(|refused| reply::error(refused.status, refused.code, &refused.message))
    }

    fn perform(&self) -> Result<Response, Refused> {
        let method = self.parts.method.as_str();
        let (set, id) = match self.set.split_once('(') {
            Some((set, id)) => (set, Some(id.trim_end_matches(')'))),
            None => (self.set, None),
        };
        let id = match id {
            Some(id) => Some(parse_hex(&id.replace('-', "").to_ascii_lowercase()).ok_or_else(bad_id)?),
            None => None,
        };
        match (method, set, id) {
            ("POST", "CloseIncident", None) => self.close_incident(),
            ("POST", "annotations", None) => self.annotate(fresh_id(self.state)),
            ("PATCH", "annotations", Some(id)) => self.annotate(id),
            ("POST", _, None) => self.write(set, None),
            ("PATCH", _, Some(id)) => self.write(set, Some(id)),
            ("DELETE", _, Some(id)) => self.delete(set, id),
            _ => Ok(reply::error(405, "0x8006088b", "The requested resource does not support this method.")),
        }
    }

    fn header(&self, name: &str) -> &str {
        self.parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
    }

    fn fields(&self) -> Result<Map<String, Value>, Refused> {
        match serde_json::from_slice(self.body) {
            Ok(Value::Object(fields)) => Ok(fields),
            _ => Err(crate::provance::writes::refused(
                400,
                "0x80048d19",
                "Error identified in Payload provided by the user.",
            )),
        }
    }

    fn condition(&self) -> Condition {
        match (self.header("if-none-match"), self.header("if-match")) {
            ("*", _) => Condition::Absent,
            (_, "*") => Condition::Present,
            (_, "") => Condition::None,
            (_, tag) => Condition::Version(tag.to_owned()),
        }
    }

    fn place(&self, set: &str) -> Result<usize, Box<Response>> {
        let tables = self.state.tables();
        let place = tables.iter().position(|table| table.set == set).ok_or_else(|| Box::new(no_segment(set)))?;
        match self.state.visibility(&tables[place].name) {
            Visibility::Missing => Err(Box::new(no_segment(set))),
            Visibility::Forbidden => Err(Box::new(forbidden(&tables[place].name))),
            _ => Ok(place),
        }
    }

    fn write(&self, set: &str, id: Option<[u8; 16]>) -> Result<Response, Refused> {
        let place = match self.place(set) {
            Ok(place) => place,
            Err(response) => return Ok(*response),
        };
        let body = self.fields()?;
        let named = self.state.tables()[place].id_name().to_owned();
        let own = body.get(&named).and_then(Value::as_str).and_then(|id| parse_hex(&id.replace('-', "")));
        let condition = if id.is_some() { self.condition() } else { Condition::Absent };
        let id = id.or(own).unwrap_or_else(|| fresh_id(self.state));
        let dropped = find(self.faults, FaultKind::DroppedColumn).map(|spec| spec.column.clone());
        let order = Order {
            table: place,
            id,
            condition,
            body: &body,
            user: self.user,
            detects_duplicates: self.header("mscrm.suppressduplicatedetection").eq_ignore_ascii_case("false"),
            dropped: dropped.into_iter().collect(),
        };
        let new = self.state.write(&order)?;
        Ok(self.written(place, &id, new))
    }

    /// 204 with the row's address, or the row where the client prefers it.
    fn written(&self, place: usize, id: &[u8; 16], new: bool) -> Response {
        let tables = self.state.tables();
        let table = &tables[place];
        let url = &self.state.base.sign_in.url;
        let address = format!("{url}/api/data/v9.2/{}({})", table.set, guid(&hex(id)));
        let prefer = self.header("prefer");
        let row = table.find(id).filter(|_| prefer.contains("return=representation"));
        let Some(row) = row else {
            return reply::with(reply::with(empty(204), "odata-version", "4.0"), "odata-entityid", &address);
        };
        let query = Query::parse(table, self.parts.uri.query().unwrap_or(""));
        let text = query.map(|query| query.one(table, &Settings::parse(prefer), table.row(row))).unwrap_or_default();
        let response = reply::text(if new { 201 } else { 200 }, text);
        reply::with(reply::with(response, "odata-entityid", &address), "etag", &tag(table, row))
    }

    fn delete(&self, set: &str, id: [u8; 16]) -> Result<Response, Refused> {
        let place = match self.place(set) {
            Ok(place) => place,
            Err(response) => return Ok(*response),
        };
        let mut tables = self.state.tables_mut();
        let table = &mut tables[place];
        let row = table.find(&id).ok_or_else(|| gone(table, &id))?;
        table.remove(row);
        Ok(empty(204))
    }

    fn close_incident(&self) -> Result<Response, Refused> {
        let place = self.state.tables().iter().position(|table| table.name == "incident");
        let Some(place) = place else { return Ok(no_segment("CloseIncident")) };
        let body = self.fields()?;
        let link =
            body.get("IncidentResolution").and_then(|one| one["incidentid@odata.bind"].as_str()).unwrap_or_default();
        let (_, id) = linked(link).ok_or_else(bad_id)?;
        let status = body.get("Status").and_then(Value::as_i64).unwrap_or(-1);
        // -1 lets the product choose.
        let status = if status < 0 { 5 } else { status };
        let order = Order {
            table: place,
            id,
            condition: Condition::Present,
            body: &body,
            user: self.user,
            detects_duplicates: false,
            dropped: Vec::new(),
        };
        self.state.close_incident(&order, status)?;
        Ok(empty(204))
    }

    /// A note on a row.
    fn annotate(&self, id: [u8; 16]) -> Result<Response, Refused> {
        let body = self.fields()?;
        let link = body.iter().find(|(name, _)| name.starts_with("objectid_") && name.ends_with("@odata.bind"));
        let (set, of) = link.and_then(|(_, link)| linked(link.as_str()?)).ok_or_else(bad_id)?;
        let there = self.state.tables().iter().any(|table| table.set == set && table.find(&of).is_some());
        if !there {
            return Err(crate::provance::writes::refused(
                404,
                "0x80040217",
                "The record that the note is on does not exist",
            ));
        }
        let mut notes = self.state.annotations();
        if notes.iter().any(|note| note.id == id) {
            let message = "A record with matching key values already exists.";
            return Err(crate::provance::writes::refused(412, "", message));
        }
        let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
        let text = [text("subject"), text("notetext")].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>();
        notes.push(Annotation { id, of, by: self.user, text: text.join("\n") });
        let address = format!("{}/api/data/v9.2/annotations({})", self.state.base.sign_in.url, guid(&hex(&id)));
        Ok(reply::with(empty(204), "odata-entityid", &address))
    }
}

/// `GET annotations` and `GET annotations({id})`: those of the row whose id stands in the filter.
pub(super) fn annotations(state: &State, set: &str, query: &str) -> Response {
    let notes = state.annotations();
    let told = |note: &Annotation| {
        json!({
            "annotationid": guid(&hex(&note.id)), "_objectid_value": guid(&hex(&note.of)), "notetext": note.text,
            "_createdby_value": guid(&hex(&stable_id("systemuser", USERS[note.by]))),
        })
    };
    if let Some((_, id)) = linked(set) {
        let found = notes.iter().find(|note| note.id == id).map(told);
        return found.map_or_else(
            || reply::error(404, "0x80040217", "annotation With Id = Does Not Exist"),
            |note| reply::json(&note),
        );
    }
    let wanted = query.replace('-', "").to_ascii_lowercase();
    let of_row = |note: &&Annotation| !wanted.contains("objectid") || wanted.contains(&hex(&note.of));
    reply::json(&json!({ "value": notes.iter().filter(of_row).map(told).collect::<Vec<_>>() }))
}

fn fresh_id(state: &State) -> [u8; 16] {
    stable_id("made", &format!("{} {}", state.base.sign_in.password, state.written().len() + state.annotations().len()))
}

fn bad_id() -> Refused {
    crate::provance::writes::refused(400, "0x80060888", "Error in query syntax: the id is no GUID.")
}
