//! What a ticket refers to: the team that owns it, the customer whom it is for, its configuration item.

use serde_json::Value as Json;

use super::body::Body;
use super::item;
use crate::model::azure_id;
use crate::model::fault::Fault;
use crate::model::ticket::{Reference, TicketDraft, TicketFinding};
use crate::net::http::PAGE_LIMIT_BYTES;
use crate::partner::provance::bind::Bound;
use crate::partner::provance::{Provance, query};

/// Where a reference is looked for: the table's set, its id, its name, and the navigation property that refers to it.
pub(super) struct Place {
    pub(super) set: &'static str,
    id: &'static str,
    pub(super) name: &'static str,
    navigation: &'static str,
}

pub(super) const TEAM: Place = Place { set: "teams", id: "teamid", name: "name", navigation: "ownerid" };
pub(super) const ACCOUNT: Place =
    Place { set: "accounts", id: "accountid", name: "name", navigation: "customerid_account" };
pub(super) const CONTACT: Place =
    Place { set: "contacts", id: "contactid", name: "fullname", navigation: "customerid_contact" };

/// Sets what a draft refers to, and gives what was noticed.
///
/// # Errors
/// Why the environment could not be asked.
pub async fn references(
    partner: &Provance,
    bound: &Bound,
    draft: &TicketDraft,
    body: &mut Body,
) -> Result<Vec<TicketFinding>, Fault> {
    let mut findings = Vec::new();
    if let Some(group) = &draft.group {
        findings.extend(set(partner, "ownerid", group, &[TEAM], body).await?);
    }
    if let Some(caller) = &draft.caller {
        findings.extend(set(partner, "customerid", caller, &[ACCOUNT, CONTACT], body).await?);
    }
    if let Some(hint) = &draft.item {
        findings.extend(item::set(partner, bound, hint, body).await?);
    }
    Ok(findings)
}

async fn set(
    partner: &Provance,
    field: &str,
    wanted: &Reference,
    places: &[Place],
    body: &mut Body,
) -> Result<Option<TicketFinding>, Fault> {
    if let (Some(id), Some(place)) = (&wanted.id, places.first()) {
        body.bind(place.navigation, place.set, id);
        return Ok(None);
    }
    for place in places {
        match ids(partner, place, &wanted.name).await?.as_slice() {
            [] => {}
            [one] => {
                body.bind(place.navigation, place.set, one);
                return Ok(None);
            }
            several => return Ok(Some(unknown(field, wanted, several.len() as u64))),
        }
    }
    Ok(Some(unknown(field, wanted, 0)))
}

fn unknown(field: &str, wanted: &Reference, found: u64) -> TicketFinding {
    TicketFinding::ReferenceUnknown { field: field.to_owned(), name: wanted.name.clone(), found }
}

async fn ids(partner: &Provance, place: &Place, name: &str) -> Result<Vec<String>, Fault> {
    let filter = query::encode(&format!("{} eq '{}'", place.name, name.replace('\'', "''")));
    let path = format!("{}{}?$select={},{}&$filter={filter}&$top=2", query::API, place.set, place.id, place.name);
    let reply = match partner.fetch(&path, place.set, None, PAGE_LIMIT_BYTES).await {
        Err(fault) if super::errors::is_refused(&fault) => return Ok(Vec::new()),
        reply => reply?,
    };
    let told: Json = serde_json::from_slice(&reply.body).unwrap_or_default();
    let rows = told["value"].as_array().map(Vec::as_slice).unwrap_or_default();
    let same = |row: &&Json| row[place.name].as_str().is_some_and(|found| found.eq_ignore_ascii_case(name));
    let id = |row: &Json| row[place.id].as_str().filter(|id| azure_id::is_guid(id)).map(str::to_owned);
    Ok(rows.iter().filter(same).filter_map(id).collect())
}
