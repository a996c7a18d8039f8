//! Rows of `incident` and `em_alert`: made, changed, read, and looked for.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value as Json;
use zeroize::Zeroizing;

use crate::model::fault::Fault;
use crate::model::record;
use crate::model::ticket::{Ticket, TicketFinding, TicketKey, TicketKind, TicketState};
use crate::net::http::{Method, SMALL_LIMIT_BYTES};
use crate::partner::servicenow::lookup::{self, Ask, text};
use crate::partner::servicenow::{ServiceNow, errors, query, session};
use crate::partner::written::{dropped, kept, marked_number, note_mark};
use crate::partner::{Lookup, TicketAt, Written};

/// What is read of a ticket.
const COLUMNS: &str = "sys_id,number,state,assigned_to,sys_updated_by,sys_updated_on,sys_created_by,sys_created_on,\
                       correlation_id,correlation_display,message_key";

/// So many rows with one key are looked at.
const MOST_ALIKE: u32 = 10;

/// Columns whose content is not given back.
const JOURNALS: [&str; 3] = ["work_notes", "comments", "comments_and_work_notes"];

/// The table of a kind.
pub fn table(kind: TicketKind) -> &'static str {
    match kind {
        TicketKind::Incident => "incident",
        TicketKind::Event => "em_event",
        TicketKind::Alert => "em_alert",
    }
}

/// The column with the key of ours.
fn key_column(kind: TicketKind) -> &'static str {
    if kind == TicketKind::Incident { "correlation_id" } else { "message_key" }
}

/// Makes a row under the id of the key, and compares what came back.
///
/// # Errors
/// The instance's refusal, or why no answer came.
pub async fn insert(
    partner: &ServiceNow,
    key: &TicketKey,
    kind: TicketKind,
    mut sent: BTreeMap<String, String>,
) -> Result<Written, Fault> {
    if kind == TicketKind::Incident {
        sent.insert("correlation_id".to_owned(), key.correlation());
        sent.insert("correlation_display".to_owned(), note_mark(0));
    }
    let own = key.id();
    let mut body = sent.clone();
    body.insert("sys_id".to_owned(), own.clone());
    let path = format!("/api/now/table/{}?{}", table(kind), shown(&sent));
    let row = write(partner, Method::POST, &path, &body, table(kind)).await?;
    let mut written = read(partner, kind, &row)?;
    if !written.ticket.id.eq_ignore_ascii_case(&own) {
        let got = written.ticket.id.clone();
        written.findings.push(TicketFinding::OwnIdIgnored { sent: own, got });
    }
    written.findings.extend(compared(&sent, &row));
    Ok(written)
}

/// Changes columns of a row, and compares what came back.
///
/// # Errors
/// As [`insert`]; [`Fault::NotFound`] without an id.
pub async fn change(partner: &ServiceNow, at: TicketAt<'_>, sent: BTreeMap<String, String>) -> Result<Written, Fault> {
    let id = at.id.ok_or_else(|| Fault::NotFound { what: at.key.correlation() })?;
    let path = format!("/api/now/table/{}/{}?{}", table(at.kind), query::encode(id), shown(&sent));
    let row = write(partner, Method::PATCH, &path, &sent, table(at.kind)).await?;
    let mut written = the(read(partner, at.kind, &row)?, id)?;
    written.findings.extend(compared(&sent, &row));
    Ok(written)
}

/// The same if the row is in this state now: a rule of the instance may have kept it in another.
///
/// # Errors
/// [`Fault::NotApplied`].
pub fn in_state(written: Written, state: &str) -> Result<Written, Fault> {
    if written.ticket.raw_state == state {
        return Ok(written);
    }
    let detail = format!("state {} instead of {state}", written.ticket.raw_state);
    Err(Fault::NotApplied { what: format!("incident {}", written.ticket.number), detail })
}

/// Looks for a row by its id; where it may have another one, by the key.
///
/// # Errors
/// Why the instance could not be asked.
pub async fn find(partner: &ServiceNow, at: TicketAt<'_>) -> Result<Lookup, Fault> {
    let own = at.key.id();
    let id = at.id.unwrap_or(&own);
    let path = format!("/api/now/table/{}/{}?{}", table(at.kind), query::encode(id), shown(&BTreeMap::new()));
    let reply = partner.session.get(&path, SMALL_LIMIT_BYTES).await?;
    if reply.status == 404 && reply.is_json() {
        return if at.id.is_some() { Ok(Lookup::Absent) } else { by_key(partner, at).await };
    }
    let reply = errors::check(reply, table(at.kind), Timestamp::now())?;
    let row = result(&reply.body, table(at.kind))?;
    Ok(Lookup::There(Box::new(the(read(partner, at.kind, &row)?, id)?)))
}

/// The row if it is the one that was asked for.
fn the(written: Written, id: &str) -> Result<Written, Fault> {
    if written.ticket.id.eq_ignore_ascii_case(id) {
        return Ok(written);
    }
    Err(Fault::Malformed { what: table(written.ticket.kind).to_owned(), detail: "another row in the reply".to_owned() })
}

/// Looks for rows with the key. The value of each is compared, since the instance ignores what it does not understand of a
/// query. Of several the oldest is the ticket.
async fn by_key(partner: &ServiceNow, at: TicketAt<'_>) -> Result<Lookup, Fault> {
    let (column, wanted) = (key_column(at.kind), at.key.correlation());
    let query = format!("{column}={wanted}^ORDERBYsys_created_on");
    let ask = Ask { table: table(at.kind), query: &query, fields: COLUMNS, limit: MOST_ALIKE };
    let found = lookup::rows(&partner.session, ask).await?;
    let whole = !found.some_hidden() && found.rows.len() < MOST_ALIKE as usize;
    let mut rows = found.rows;
    rows.retain(|row| row[column].as_str() == Some(&wanted));
    rows.sort_by_key(|row| (text(row, "sys_created_on"), text(row, "sys_id")));
    let Some(first) = rows.first() else {
        // A row of ours may be hidden, or among those that did not come.
        let cut = || Fault::Truncated { what: table(at.kind).to_owned() };
        return Ok(if whole { Lookup::Absent } else { Lookup::CannotTell(cut()) });
    };
    let others = rows[1..].iter().map(|row| read(partner, at.kind, row)).collect::<Result<_, _>>()?;
    Ok(Lookup::There(Box::new(kept(read(partner, at.kind, first)?, others))))
}

/// What is asked of a row beside what was written into it.
fn shown(sent: &BTreeMap<String, String>) -> String {
    let further = sent.keys().filter(|name| !COLUMNS.split(',').any(|known| known == *name));
    let all: Vec<_> = COLUMNS.split(',').chain(further.map(String::as_str)).collect();
    format!("sysparm_exclude_reference_link=true&sysparm_fields={}", query::encode(&all.join(",")))
}

/// Sends a row and gives what the instance shows of it afterwards.
async fn write(
    partner: &ServiceNow,
    method: Method,
    path: &str,
    body: &BTreeMap<String, String>,
    what: &str,
) -> Result<Json, Fault> {
    let body = serde_json::to_string(body).map_err(|error| Fault::Internal { what: error.to_string() })?;
    let reply = session::write(&partner.session, method, path, Some(Zeroizing::new(body))).await?;
    match reply.status {
        200 | 201 if reply.is_json() => result(&reply.body, what),
        _ => Err(errors::fault_of(&reply, what, Timestamp::now())),
    }
}

/// The row of a reply. One that bears an error beside it is no success.
fn result(body: &[u8], what: &str) -> Result<Json, Fault> {
    let malformed = |detail: String| Fault::Malformed { what: what.to_owned(), detail };
    let mut body: Json = serde_json::from_slice(body).map_err(|error| malformed(error.to_string()))?;
    if !body["error"].is_null() {
        return Err(Fault::Truncated { what: what.to_owned() });
    }
    let row = body.get_mut("result").map(Json::take).unwrap_or_default();
    if row.is_object() { Ok(row) } else { Err(malformed("no row in the reply".to_owned())) }
}

/// The fields that the instance did not keep.
fn compared(sent: &BTreeMap<String, String>, row: &Json) -> Option<TicketFinding> {
    let visible = sent.iter().filter(|(name, _)| !JOURNALS.contains(&name.as_str()));
    let visible = visible.map(|(name, value)| (name.clone(), value.clone())).collect();
    dropped(&visible, |name| row[name].as_str().map(str::to_owned))
}

/// A row as a ticket.
fn read(partner: &ServiceNow, kind: TicketKind, row: &Json) -> Result<Written, Fault> {
    let what = table(kind);
    let id = text(row, "sys_id").ok_or_else(|| Fault::Malformed { what: what.into(), detail: "no sys_id".into() })?;
    let raw_state = text(row, "state").unwrap_or_default();
    let address = |record: &String| record::address(record, &partner.connection.server_url, what, &id, "");
    let ticket = Ticket {
        kind,
        number: text(row, "number").unwrap_or_default(),
        state: if kind == TicketKind::Incident { incident_state(&raw_state) } else { alert_state(&raw_state) },
        raw_state,
        assigned_to: text(row, "assigned_to"),
        changed_by: text(row, "sys_updated_by"),
        made_by: text(row, "sys_created_by"),
        changed_at: text(row, "sys_updated_on").and_then(|at| format!("{}Z", at.replacen(' ', "T", 1)).parse().ok()),
        noted: Some(marked_number(row["correlation_display"].as_str().unwrap_or_default())),
        url: partner.spec.record.as_ref().map(address),
        id,
    };
    Ok(Written { ticket, findings: Vec::new() })
}

/// The states of an incident since Helsinki (KB0564465).
fn incident_state(raw: &str) -> TicketState {
    match raw {
        "1" => TicketState::New,
        "2" | "3" | "4" | "5" => TicketState::InProgress,
        "6" => TicketState::Resolved,
        "7" => TicketState::Closed,
        "8" => TicketState::Cancelled,
        _ => TicketState::Unknown,
    }
}

fn alert_state(raw: &str) -> TicketState {
    match raw {
        "Open" | "Reopen" => TicketState::New,
        "Flapping" => TicketState::InProgress,
        // An alert is closed by the alert's end, and can be opened again.
        "Closed" | "Closing" => TicketState::Resolved,
        _ => TicketState::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_those_of_the_product() {
        let all = ["1", "2", "3", "6", "7", "8", "42", ""].map(incident_state);
        use TicketState::{Cancelled, Closed, InProgress, New, Resolved, Unknown};
        assert_eq!(all, [New, InProgress, InProgress, Resolved, Closed, Cancelled, Unknown, Unknown]);
    }

    #[test]
    fn a_reply_of_any_other_shape_is_a_fault_and_no_panic() {
        for body in ["[]", "[{}]", "\"text\"", "5", "true", "null", "{}", r#"{"result":null}"#, r#"{"result":[]}"#] {
            assert!(matches!(result(body.as_bytes(), "incident"), Err(Fault::Malformed { .. })), "{body}");
        }
    }

    #[test]
    fn notes_are_not_compared_because_they_come_back_empty() {
        let sent =
            [("work_notes", "x"), ("state", "6"), ("foo", "y")].map(|(n, v)| (n.to_owned(), v.to_owned())).into();
        let row = serde_json::json!({ "work_notes": "", "state": "6" });
        assert_eq!(compared(&sent, &row), Some(TicketFinding::DroppedFields { fields: vec!["foo".into()] }));
    }
}
