//! A row as a ticket.

use serde_json::{Map, Value as Json};

use super::get;
use crate::model::fault::Fault;
use crate::model::record;
use crate::model::ticket::{Ticket, TicketKind, TicketState};
use crate::partner::Written;
use crate::partner::provance::bind::Bound;
use crate::partner::provance::errors::short;
use crate::partner::provance::{Provance, query};

/// Reads one row, with these columns beside those of a ticket.
///
/// # Errors
/// Why it could not be read; a row that is not there is no error.
pub async fn row(
    partner: &Provance,
    bound: &Bound,
    id: &str,
    further: &[String],
) -> Result<Option<Map<String, Json>>, Fault> {
    let mut all: Vec<&str> = bound.select.split(',').collect();
    for column in ["statecode", "statuscode", "_modifiedby_value", "_createdby_value", "_ownerid_value"] {
        if !all.contains(&column) {
            all.push(column);
        }
    }
    all.extend(further.iter().map(String::as_str).filter(|name| !bound.select.split(',').any(|known| known == *name)));
    all.dedup();
    let path = format!("{}{}({id})?$select={}", query::API, bound.set, query::encode(&all.join(",")));
    let row = get(partner, &path, &bound.spec.source).await?;
    let is_it = |row: &Map<String, Json>| {
        row.get(bound.columns.id()).and_then(Json::as_str).is_some_and(|found| found.eq_ignore_ascii_case(id))
    };
    match row {
        Some(row) if !is_it(&row) => {
            Err(Fault::Malformed { what: bound.spec.source.clone(), detail: "another row in the reply".to_owned() })
        }
        row => Ok(row),
    }
}

/// The row as a ticket.
pub fn ticket(partner: &Provance, bound: &Bound, row: &Map<String, Json>) -> Written {
    let text = |name: &str| match row.get(name) {
        Some(Json::String(text)) => Some(short(text)).filter(|text| !text.is_empty()),
        Some(Json::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let of = |to: &str| {
        let column = bound.columns.all().iter().find(|column| *column.to == *to)?;
        text(&column.from)
    };
    let id = text(bound.columns.id()).unwrap_or_default();
    let number = of("number").unwrap_or_default();
    let state = text("statecode");
    let address =
        |template: &String| record::address(template, &partner.connection.server_url, &bound.spec.source, &id, &number);
    let ticket = Ticket {
        kind: TicketKind::Incident,
        state: match state.as_deref() {
            // A new row has the first of the states of its table.
            Some("0") if text("statuscode").is_none_or(|code| code == "1") => TicketState::New,
            Some("0") => TicketState::InProgress,
            Some("1") => TicketState::Resolved,
            Some("2") => TicketState::Cancelled,
            _ => TicketState::Unknown,
        },
        raw_state: [state, text("statuscode")].into_iter().flatten().collect::<Vec<_>>().join("/"),
        assigned_to: text("_ownerid_value"),
        changed_by: text("_modifiedby_value"),
        made_by: text("_createdby_value"),
        changed_at: text(bound.columns.updated_at()).and_then(|at| at.parse().ok()),
        noted: None,
        url: partner.spec.record.as_ref().map(address),
        number,
        id,
    };
    Written { ticket, findings: Vec::new() }
}
