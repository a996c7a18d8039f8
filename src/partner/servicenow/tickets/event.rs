//! Events of Event Management by `POST /api/global/em/jsonv2` (ServiceNow docs, send-events-via-web-service). Alerts and
//! incidents are made of them by the instance's own rules.

use serde_json::{Value as Json, json};
use zeroize::Zeroizing;

use jiff::Timestamp;

use crate::model::fault::Fault;
use crate::model::ticket::{Ticket, TicketDraft, TicketKey, TicketKind, TicketState};
use crate::net::http::Method;
use crate::partner::servicenow::lookup::{self, Ask, text};
use crate::partner::servicenow::{ServiceNow, errors, query, session};
use crate::partner::written::cut;
use crate::partner::{Lookup, Written};

/// The source of our events.
pub const SOURCE: &str = "AzureMonitor";

const PATH: &str = "/api/global/em/jsonv2";
const CLEAR: &str = "0";
const TEXT: usize = 4000;

/// Critical, major, and so on by the severity in Azure, as ServiceNow's own integration has it.
pub fn severity(azure: Option<u8>) -> &'static str {
    match azure {
        Some(0) => "1",
        Some(1) => "2",
        Some(4) => "5",
        _ => "4",
    }
}

/// Sends the event of an alert that fired.
///
/// # Errors
/// The instance's refusal, or why no answer came.
pub async fn fire(partner: &ServiceNow, key: &TicketKey, draft: &TicketDraft) -> Result<Written, Fault> {
    let item = draft.item.clone().unwrap_or_default();
    let mut event = json!({
        "event_class": "Azure Monitor",
        "node": item.name,
        "resource": item.resource_id.unwrap_or_default(),
        "type": draft.rule.clone().unwrap_or_default(),
        "metric_name": draft.metric.clone().unwrap_or_default(),
        "severity": severity(draft.severity),
        "description": cut(&draft.description, TEXT),
        "additional_info": serde_json::to_string(&draft.fields).unwrap_or_default(),
        "resolution_state": "New",
    });
    if let Some(at) = draft.at {
        event["time_of_event"] = query::literal(at).into();
    }
    send(partner, key, event).await?;
    Ok(shown(key, severity(draft.severity)))
}

/// Sends the event that clears the alert.
///
/// # Errors
/// As [`fire`].
pub async fn clear(partner: &ServiceNow, key: &TicketKey, told: &str) -> Result<Written, Fault> {
    send(partner, key, json!({ "severity": CLEAR, "description": cut(told, TEXT), "resolution_state": "Closing" }))
        .await?;
    Ok(shown(key, CLEAR))
}

/// Sends the event of an alert that fired again.
///
/// # Errors
/// As [`fire`].
pub async fn again(partner: &ServiceNow, key: &TicketKey, told: &str) -> Result<Written, Fault> {
    let level = severity(None);
    send(partner, key, json!({ "severity": level, "description": cut(told, TEXT), "resolution_state": "New" })).await?;
    Ok(shown(key, level))
}

/// The newest event of a key, where this user may read events. Sending one again does no harm, so what cannot be read counts
/// as not there.
///
/// # Errors
/// Why the instance could not be asked.
pub async fn find(partner: &ServiceNow, key: &TicketKey) -> Result<Lookup, Fault> {
    let wanted = key.correlation();
    let query = format!("message_key={wanted}^source={SOURCE}^ORDERBYDESCsys_created_on");
    let fields = "sys_id,message_key,source,severity,sys_created_on";
    let rows = match lookup::rows(&partner.session, Ask { table: "em_event", query: &query, fields, limit: 10 }).await {
        Ok(found) => found.rows,
        Err(fault) if lookup::is_hidden(&fault) => return Ok(Lookup::Absent),
        Err(fault) => return Err(fault),
    };
    let newest = rows.iter().filter(|row| row["message_key"] == wanted.as_str());
    let newest =
        newest.max_by_key(|row| (text(row, "sys_created_on"), text(row, "severity").as_deref() == Some(CLEAR)));
    Ok(match newest {
        Some(row) => Lookup::There(Box::new(shown(key, row["severity"].as_str().unwrap_or_default()))),
        None => Lookup::Absent,
    })
}

async fn send(partner: &ServiceNow, key: &TicketKey, mut event: Json) -> Result<(), Fault> {
    event["source"] = SOURCE.into();
    event["message_key"] = key.correlation().into();
    let body = Zeroizing::new(json!({ "records": [event] }).to_string());
    let reply = session::write(&partner.session, Method::POST, PATH, Some(body)).await?;
    if !matches!(reply.status, 200 | 201) || !reply.is_json() {
        return Err(errors::fault_of(&reply, "em_event", Timestamp::now()));
    }
    let told: Json = serde_json::from_slice(&reply.body).unwrap_or_default();
    let result = told["result"].as_object();
    let says = result.into_iter().flatten().filter_map(|(_, text)| text.as_str());
    let count = |text: &str| text.split_whitespace().next().and_then(|number| number.parse::<u64>().ok());
    match says.filter_map(count).max() {
        Some(1..) => Ok(()),
        _ => {
            let detail = errors::short(&told.to_string());
            Err(Fault::NotApplied { what: "em_event".to_owned(), detail })
        }
    }
}

/// An event as a ticket: it has no number and no page of its own, and nobody edits it.
fn shown(key: &TicketKey, severity: &str) -> Written {
    let ticket = Ticket {
        kind: TicketKind::Event,
        id: key.correlation(),
        number: key.correlation(),
        state: if severity == CLEAR { TicketState::Resolved } else { TicketState::New },
        // The instance's rules change the alert, not the event.
        raw_state: String::new(),
        assigned_to: None,
        changed_by: None,
        made_by: None,
        changed_at: None,
        noted: None,
        url: None,
    };
    Written { ticket, findings: Vec::new() }
}
