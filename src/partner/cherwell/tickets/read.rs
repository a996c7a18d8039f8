//! Records as tickets: one by its id, or those that bear a key.

use serde_json::{Value as Json, json};

use super::Fields;
use crate::model::fault::Fault;
use crate::model::record;
use crate::model::ticket::{Ticket, TicketKey, TicketKind, TicketState, fields as named};
use crate::net::http::PAGE_LIMIT_BYTES;
use crate::partner::cherwell::Cherwell;
use crate::partner::cherwell::errors::{Envelope, short};
use crate::partner::cherwell::path::encode;
use crate::partner::written::{kept, marked_number};
use crate::partner::{Lookup, Written};

/// Records of one search.
const PAGE: usize = 50;

/// A record as it came.
pub struct Record(Json);

impl Record {
    /// The text of a field by its name.
    pub fn value(&self, name: &str) -> Option<&str> {
        let fields = self.0["fields"].as_array()?;
        let is_it = |field: &&Json| field["name"].as_str().is_some_and(|found| found.eq_ignore_ascii_case(name));
        fields.iter().find(is_it)?["value"].as_str()
    }

    /// Its `RecID`.
    pub fn id(&self) -> &str {
        self.0["busObRecId"].as_str().unwrap_or_default()
    }

    fn number(&self) -> String {
        short(self.0["busObPublicId"].as_str().unwrap_or_default())
    }
}

fn malformed_as(what: &str, detail: &str) -> Fault {
    Fault::Malformed { what: what.to_owned(), detail: detail.to_owned() }
}

/// A record by its id; `None` if there is none.
///
/// # Errors
/// Why it could not be read.
pub async fn one(partner: &Cherwell, fields: &Fields, id: &str) -> Result<Option<Record>, Fault> {
    let bound = &fields.object.bound;
    let path = format!("V1/getbusinessobject/busobid/{}/busobrecid/{}", encode(&bound.id), encode(id));
    match partner.get(&path, &bound.name, PAGE_LIMIT_BYTES).await {
        Ok(reply) => {
            let malformed = |_| Fault::Malformed { what: bound.name.clone(), detail: "no record".to_owned() };
            let record = Record(serde_json::from_slice(&reply.body).map_err(malformed)?);
            match record.id() {
                "" => Ok(None),
                found if found.eq_ignore_ascii_case(id) => Ok(Some(record)),
                _ => Err(malformed_as(&bound.name, "another record")),
            }
        }
        Err(Fault::NotFound { .. }) => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// The record that bears a key; of several the one with the smallest number.
///
/// # Errors
/// Why the system could not be asked.
pub async fn by_key(partner: &Cherwell, fields: &Fields, key: &TicketKey) -> Result<Lookup, Fault> {
    let (name, operator, value, wanted) = match &fields.key {
        Some(name) => (name.clone(), "eq", key.correlation(), key.correlation()),
        // Without the brackets, which a database may take for a set of characters.
        None => {
            let mark = key.marker();
            (fields.name_of(named::TITLE), "contains", mark.trim_matches(['[', ']']).to_owned(), mark)
        }
    };
    let bound = &fields.object.bound;
    let search = json!({
        "busObId": bound.id,
        "filters": [{ "fieldId": fields.id(&name), "operator": operator, "value": value }],
        "includeAllFields": true,
        "includeSchema": false,
        "pageNumber": 1,
        "pageSize": PAGE,
    });
    let culture = &fields.object.setup.dates.culture.name;
    let reply = partner.post("V1/getsearchresults", search.to_string(), culture, &bound.name, PAGE_LIMIT_BYTES).await?;
    if let Some(fault) = Envelope::read(&reply.body).fault(&bound.name) {
        return Err(fault);
    }
    let malformed = |detail: &str| malformed_as(&bound.name, detail);
    let mut told: Json = serde_json::from_slice(&reply.body).map_err(|_| malformed("no list of records"))?;
    let Some(Json::Array(all)) = told.get_mut("businessObjects").map(Json::take) else {
        return Err(malformed("no businessObjects"));
    };
    let total = told["totalRows"].as_u64().unwrap_or(0);
    if all.is_empty() && total > 0 {
        // A fault of the product: it counts records and gives none.
        return Err(Fault::Truncated { what: bound.name.clone() });
    }
    // A field that cannot be searched gives any records: ours may be among those that did not come.
    let whole = all.len() < PAGE && total <= all.len() as u64;
    let bears = |record: &Record| match &fields.key {
        Some(name) => record.value(name).is_some_and(|found| found == wanted),
        None => record.value(&name).is_some_and(|title| title.contains(&wanted)),
    };
    let mut records: Vec<_> = all.into_iter().map(Record).filter(bears).collect();
    records.sort_by_key(|record| (record.number().len(), record.number()));
    let Some(first) = records.first() else {
        let cut = || Fault::Truncated { what: bound.name.clone() };
        let why = if whole { fields.no_proof() } else { Some(cut()) };
        return Ok(why.map_or(Lookup::Absent, Lookup::CannotTell));
    };
    let others = records[1..].iter().map(|record| ticket(partner, fields, record)).collect();
    Ok(Lookup::There(Box::new(kept(ticket(partner, fields, first), others))))
}

/// A record as a ticket.
pub fn ticket(partner: &Cherwell, fields: &Fields, record: &Record) -> Written {
    let of = |name: &str| record.value(&fields.name_of(name)).map(short).filter(|text| !text.is_empty());
    let raw_state = of("state").unwrap_or_default();
    let (id, number) = (record.id().to_owned(), record.number());
    let address = |template: &String| {
        record::address(template, &partner.connection.server_url, &fields.object.bound.id, &id, &number)
    };
    let ticket = Ticket {
        kind: TicketKind::Incident,
        state: state(&raw_state),
        raw_state,
        assigned_to: of("assigned_to"),
        changed_by: of("updated_by"),
        made_by: of("created_by"),
        changed_at: None,
        noted: Some(marked_number(record.value(&fields.notes()).unwrap_or_default())),
        url: partner.spec.record.as_ref().map(address),
        number,
        id,
    };
    Written { ticket, findings: Vec::new() }
}

/// The states out of the box.
fn state(raw: &str) -> TicketState {
    match raw.to_lowercase().as_str() {
        "new" => TicketState::New,
        "assigned" | "in progress" | "pending" | "reopened" => TicketState::InProgress,
        "resolved" => TicketState::Resolved,
        "closed" => TicketState::Closed,
        _ => TicketState::Unknown,
    }
}
