//! `savebusinessobject`: a new record, or fields of one that is there. A success may hold errors of single fields.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::{Fields, read};
use crate::model::fault::Fault;
use crate::model::ticket::{TicketFinding, fields as named};
use crate::net::http::SMALL_LIMIT_BYTES;
use crate::partner::cherwell::Cherwell;
use crate::partner::cherwell::errors::{Envelope, short};
use crate::partner::written::dropped;
use crate::partner::{TicketAt, Written};

/// Makes a record, and reads it back.
///
/// # Errors
/// The system's refusal, or why no answer came.
pub async fn new(partner: &Cherwell, fields: &Fields, values: BTreeMap<String, String>) -> Result<Written, Fault> {
    let id = save(partner, fields, None, &values).await?;
    read_back(partner, fields, &id, &values).await
}

/// Changes fields of a record, and reads it back.
///
/// # Errors
/// As [`new`].
pub async fn changed(
    partner: &Cherwell,
    fields: &Fields,
    at: TicketAt<'_>,
    values: BTreeMap<String, String>,
) -> Result<Written, Fault> {
    let id = at.id.ok_or_else(|| Fault::NotFound { what: at.key.correlation() })?;
    save(partner, fields, Some(id), &values).await?;
    read_back(partner, fields, id, &values).await
}

async fn save(
    partner: &Cherwell,
    fields: &Fields,
    id: Option<&str>,
    values: &BTreeMap<String, String>,
) -> Result<String, Fault> {
    let field = |(name, value): (&String, &String)| {
        Some(json!({ "dirty": true, "fieldId": fields.id(name)?, "name": name, "value": value }))
    };
    let bound = &fields.object.bound;
    record(partner, (&bound.id, &bound.name), id, values.iter().filter_map(field).collect()).await
}

/// Saves fields of a record of an object, which has this id and name, and gives the record's id.
///
/// # Errors
/// As [`new`].
pub async fn record(
    partner: &Cherwell,
    (object, name): (&str, &str),
    id: Option<&str>,
    fields: Vec<Json>,
) -> Result<String, Fault> {
    let mut order = json!({
        "busObId": object,
        "fields": fields,
        // Without it a record may only be cached.
        "persist": true,
    });
    if let Some(id) = id {
        order["busObRecId"] = id.into();
    }
    let culture = &partner.ticket_fields().await?.object.setup.dates.culture.name;
    let reply = partner.post("V1/savebusinessobject", order.to_string(), culture, name, SMALL_LIMIT_BYTES).await?;
    if let Some(fault) = Envelope::read(&reply.body).fault(name) {
        return Err(fault);
    }
    let told: Json = serde_json::from_slice(&reply.body).unwrap_or_default();
    let wrong: Vec<_> = told["fieldValidationErrors"].as_array().into_iter().flatten().collect();
    if let Some(first) = wrong.first() {
        let error_code = short(first["errorCode"].as_str().unwrap_or("fieldValidationErrors"));
        let texts: Vec<_> = wrong.iter().filter_map(|error| error["error"].as_str()).collect();
        return Err(Fault::PartnerRefused { what: name.to_owned(), error_code, detail: short(&texts.join("; ")) });
    }
    match told["busObRecId"].as_str().filter(|id| !id.is_empty()) {
        Some(saved) if id.is_some_and(|id| !id.eq_ignore_ascii_case(saved)) => {
            Err(Fault::Malformed { what: name.to_owned(), detail: "another record in the reply".to_owned() })
        }
        Some(saved) => Ok(saved.to_owned()),
        None => Err(Fault::Malformed { what: name.to_owned(), detail: "no busObRecId in the reply".to_owned() }),
    }
}

async fn read_back(
    partner: &Cherwell,
    fields: &Fields,
    id: &str,
    values: &BTreeMap<String, String>,
) -> Result<Written, Fault> {
    let record = read::one(partner, fields, id).await.map_err(Fault::after_write)?;
    let lost = || Fault::NotApplied { what: fields.object.bound.name.clone(), detail: id.to_owned() };
    let record = record.ok_or_else(lost)?;
    let mut written = read::ticket(partner, fields, &record);
    let title = fields.name_of(named::TITLE);
    if let Some(sent) = values.get(&title) {
        fields.came_back(sent, record.value(&title).unwrap_or_default());
    }
    // A field that the object does not have was not even sent.
    let finding: Option<TicketFinding> = dropped(values, |name| record.value(name).map(str::to_owned));
    written.findings.extend(finding);
    Ok(written)
}
