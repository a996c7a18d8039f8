//! The configuration item of a ticket: a record of one of the types of the group `ConfigurationItem`, found by its name, exactly
//! one or none, and linked. A missing computer is made by its type where the connection permits it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value as Json, json};
use tokio::sync::{Mutex, OnceCell};

use super::fields::{Fields, ITEM_LINK};
use super::save;
use crate::model::fault::Fault;
use crate::model::ticket::{ItemHint, NotMade, TicketFinding};
use crate::net::http::PAGE_LIMIT_BYTES;
use crate::partner::cherwell::Cherwell;
use crate::partner::cherwell::errors::{Envelope, short};
use crate::partner::cherwell::path::encode;
use crate::partner::written::{host, not_made};

/// The group whose types are those of configuration items.
const GROUP: &str = "ConfigurationItem";
/// The types of computers; a new one is made as the first that there is.
pub const COMPUTERS: [&str; 2] = ["ConfigServer", "ConfigComputer"];
/// The fields by which an item is known, the surest first.
const NAMES: [&str; 2] = ["HostName", "FriendlyName"];
/// Records of one search: more of one name are never one item.
const PAGE: usize = 10;

/// What is known of items; one ticket at a time looks for its item and makes it.
#[derive(Default)]
pub struct Items {
    types: OnceCell<Vec<Type>>,
    /// Names of items of which it is not known whether they were made: they are not made again.
    doubtful: Mutex<BTreeSet<String>>,
}

/// A type of items: a business object.
struct Type {
    id: String,
    name: String,
    /// The full ids of fields by their names.
    fields: BTreeMap<String, String>,
}

/// A record of a type.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Item {
    of: String,
    id: String,
    name: String,
}

/// Finds the item of a ticket or makes it, and links it; gives what was noticed. The ticket stays whatever comes of it.
pub async fn link(partner: &Cherwell, fields: &Fields, ticket: &str, hint: &ItemHint) -> Vec<TicketFinding> {
    let name = hint.name.clone();
    let failed = |fault| vec![TicketFinding::ItemFailed { name: name.clone(), fault: Box::new(fault) }];
    let (item, mut findings) = match of(partner, hint).await {
        Ok((Some(item), findings)) => (item, findings),
        Ok((None, findings)) => return findings,
        Err(fault) => return failed(fault),
    };
    // A second one is answered with an error that says so.
    let mut linked = linked(partner, fields, ticket, &item).await;
    if linked.is_err() {
        linked = self::linked(partner, fields, ticket, &item).await;
    }
    findings.extend(linked.err().map(failed).unwrap_or_default());
    findings
}

async fn of(partner: &Cherwell, hint: &ItemHint) -> Result<(Option<Item>, Vec<TicketFinding>), Fault> {
    let types = partner.items.types.get_or_try_init(|| read_types(partner)).await?;
    let mut doubtful = partner.items.doubtful.lock().await;
    let name = hint.name.clone();
    let found = find(partner, types, hint).await?;
    match found.as_slice() {
        [one] => return Ok((Some(one.clone()), Vec::new())),
        [] => {}
        several => {
            let found = several.iter().map(|item| item.name.clone()).collect();
            return Ok((None, vec![TicketFinding::ItemUnclear { name, found }]));
        }
    }
    let known = host(&name).to_lowercase();
    if !partner.connection.create_configuration_items || !hint.is_computer {
        return Ok((None, vec![TicketFinding::ItemUnknown { name }]));
    }
    if doubtful.contains(&known) {
        return Ok((None, vec![not_made(&name, NotMade::MayBeMade)]));
    }
    let computer = COMPUTERS.iter().find_map(|wanted| types.iter().find(|one| one.name.eq_ignore_ascii_case(wanted)));
    let none = || Fault::NotBound { what: GROUP.to_owned(), detail: COMPUTERS.join(", ") };
    let computer = computer.ok_or_else(none)?;
    let fault = match make(partner, computer, hint).await {
        Ok(id) => {
            let made = TicketFinding::ItemCreated { name: name.clone(), id: id.clone() };
            return Ok((Some(Item { of: computer.id.clone(), id, name }), vec![made]));
        }
        Err(fault) => fault,
    };
    // It may have been made nevertheless.
    match find(partner, types, hint).await?.as_slice() {
        [one] => {
            let made = TicketFinding::ItemCreated { name, id: one.id.clone() };
            Ok((Some(one.clone()), vec![made]))
        }
        _ => {
            doubtful.insert(known);
            Err(fault)
        }
    }
}

async fn read_types(partner: &Cherwell) -> Result<Vec<Type>, Fault> {
    let path = format!("V1/getbusinessobjectsummary/busobname/{GROUP}");
    let group: Json = read(&partner.get(&path, GROUP, PAGE_LIMIT_BYTES).await?.body, GROUP)?;
    let listed = group[0]["groupSummaries"].as_array().cloned().unwrap_or_default();
    let mut types = Vec::new();
    for one in listed {
        let (Some(id), Some(name)) = (one["busObId"].as_str(), one["name"].as_str()) else { continue };
        let path = format!("V1/getbusinessobjectschema/busobid/{}?includerelationships=false", encode(id));
        let schema: Json = read(&partner.get(&path, name, PAGE_LIMIT_BYTES).await?.body, name)?;
        let field = |field: &Json| {
            let (name, own) = (field["name"].as_str()?, field["fieldId"].as_str()?);
            let bare = own.rfind("FI:").map_or(own, |at| &own[at + 3..]);
            Some((name.to_owned(), format!("BO:{id},FI:{bare}")))
        };
        let fields = schema["fieldDefinitions"].as_array().into_iter().flatten().filter_map(field).collect();
        types.push(Type { id: id.to_owned(), name: name.to_owned(), fields });
    }
    if types.is_empty() {
        return Err(Fault::NotBound { what: GROUP.to_owned(), detail: "no types in the group".to_owned() });
    }
    Ok(types)
}

fn read(body: &[u8], what: &str) -> Result<Json, Fault> {
    let malformed = |_| Fault::Malformed { what: what.to_owned(), detail: "no JSON in the reply".to_owned() };
    serde_json::from_slice(body).map_err(malformed)
}

/// The items of this name, by the first field that gives any.
async fn find(partner: &Cherwell, types: &[Type], hint: &ItemHint) -> Result<Vec<Item>, Fault> {
    for name in NAMES {
        let mut found = Vec::new();
        for of in types {
            found.extend(search(partner, of, name, host(&hint.name)).await?);
        }
        if !found.is_empty() {
            return Ok(found);
        }
    }
    Ok(Vec::new())
}

async fn search(partner: &Cherwell, of: &Type, field: &str, wanted: &str) -> Result<Vec<Item>, Fault> {
    let Some(id) = of.fields.get(field).filter(|_| !wanted.is_empty()) else { return Ok(Vec::new()) };
    let order = json!({
        "busObId": of.id,
        "filters": [{ "fieldId": id, "operator": "eq", "value": wanted }],
        "includeAllFields": true,
        "includeSchema": false,
        "pageNumber": 1,
        "pageSize": PAGE,
    });
    let culture = &partner.ticket_fields().await?.object.setup.dates.culture.name;
    let reply = partner.post("V1/getsearchresults", order.to_string(), culture, &of.name, PAGE_LIMIT_BYTES).await?;
    if let Some(fault) = Envelope::read(&reply.body).fault(&of.name) {
        return Err(fault);
    }
    let told = read(&reply.body, &of.name)?;
    let rows = told["businessObjects"].as_array().map(Vec::as_slice).unwrap_or_default();
    let value = |row: &Json| {
        let fields = row["fields"].as_array()?;
        fields.iter().find(|one| one["name"] == field)?["value"].as_str().map(short)
    };
    // The value is compared, since a field that cannot be searched gives any records.
    let item = |row: &Json| {
        let (id, name) = (row["busObRecId"].as_str()?, value(row)?);
        let same = name.to_lowercase() == wanted.to_lowercase();
        same.then(|| Item { of: of.id.clone(), id: id.to_owned(), name })
    };
    let found: Vec<_> = rows.iter().filter_map(item).collect();
    let total = told["totalRows"].as_u64().unwrap_or(0);
    if found.is_empty() && (total > rows.len() as u64 || rows.len() >= PAGE) {
        return Err(Fault::Truncated { what: of.name.clone() });
    }
    Ok(found)
}

async fn make(partner: &Cherwell, of: &Type, hint: &ItemHint) -> Result<String, Fault> {
    let values = [
        ("HostName", Some(host(&hint.name))),
        ("FriendlyName", Some(hint.name.as_str())),
        ("IPAddress", hint.ip_address.as_deref()),
        ("OperatingSystem", hint.os.as_deref()),
        ("Description", hint.resource_id.as_deref()),
    ];
    let field = |(name, value): (&str, Option<&str>)| {
        Some(json!({ "dirty": true, "fieldId": of.fields.get(name)?, "name": name, "value": value? }))
    };
    let fields = values.into_iter().filter_map(field).collect();
    save::record(partner, (&of.id, &of.name), None, fields).await
}

/// Links an item to a ticket; it may be linked already.
async fn linked(partner: &Cherwell, fields: &Fields, ticket: &str, item: &Item) -> Result<(), Fault> {
    let what = ITEM_LINK;
    let lacking = || Fault::NotBound { what: fields.object.bound.name.clone(), detail: what.to_owned() };
    let relationship = fields.item_link.as_ref().ok_or_else(lacking)?;
    let path = format!(
        "V1/linkrelatedbusinessobject/parentbusobid/{}/parentbusobrecid/{}/relationshipid/{}/busobid/{}/busobrecid/{}",
        encode(&fields.object.bound.id),
        encode(ticket),
        encode(relationship),
        encode(&item.of),
        encode(&item.id),
    );
    match partner.get(&path, what, PAGE_LIMIT_BYTES).await {
        Err(Fault::PartnerRefused { detail, .. }) if detail.contains("DuplicateEntry") => Ok(()),
        linked => linked.map(drop),
    }
}
