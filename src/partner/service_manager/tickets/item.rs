//! The configuration item of a ticket, where the web app's description names operations that find and make computers.
//!
//! The web app takes no id of ours, and its lists are cached: an item that was made is not shown at once. So one client keeps
//! in mind what it made, and whoever begins anew waits until the lists have been renewed (`service/ticketing/items`).

use std::collections::BTreeMap;

use serde_json::Value as Json;
use tokio::sync::Mutex;

use super::routes::{ITEM_NAME, ItemRoutes, Values, is_item_name};
use super::send;
use crate::model::fault::Fault;
use crate::model::ticket::{ItemHint, NotMade, TicketFinding};
use crate::model::work_item::WorkItemKind;
use crate::net::http::PAGE_LIMIT_BYTES;
use crate::partner::service_manager::names::{normal, synonyms};
use crate::partner::service_manager::{ServiceManager, errors};
use crate::partner::written::{host, not_made};

/// `app:DefaultWIGETPageSize` of the web app: a list that is as long may be cut.
const PAGE: usize = 200;

/// What this client made, by the item's name; `None` where it is not known whether it was.
#[derive(Default)]
pub struct Items(Mutex<BTreeMap<String, Option<String>>>);

/// Finds the item of a ticket or makes it; gives what was noticed. The ticket is there, and names it in any case.
pub async fn made(partner: &ServiceManager, hint: &ItemHint) -> Vec<TicketFinding> {
    if !partner.connection.create_configuration_items || !hint.is_computer {
        return Vec::new();
    }
    let failed = |fault| vec![TicketFinding::ItemFailed { name: hint.name.clone(), fault: Box::new(fault) }];
    match partner.ticket_routes().await.map(|routes| &routes.items) {
        Ok(Some(Ok(routes))) => found_or_made(partner, routes, hint).await.unwrap_or_else(failed),
        Ok(Some(Err(why))) => vec![not_made(&hint.name, why.clone())],
        Ok(None) => Vec::new(),
        Err(fault) => failed(fault),
    }
}

async fn found_or_made(
    partner: &ServiceManager,
    routes: &ItemRoutes,
    hint: &ItemHint,
) -> Result<Vec<TicketFinding>, Fault> {
    let (name, known) = (hint.name.clone(), host(&hint.name).to_lowercase());
    let mut made = partner.items.0.lock().await;
    let found = find(partner, routes, hint).await?;
    match (found.as_slice(), made.get(&known)) {
        ([_], _) | ([], Some(Some(_))) => return Ok(Vec::new()),
        ([], Some(None)) => return Ok(vec![not_made(&name, NotMade::MayBeMade)]),
        ([], None) => {}
        (several, _) => {
            let found = several.iter().map(|(_, name)| name.clone()).collect();
            return Ok(vec![TicketFinding::ItemUnclear { name, found }]);
        }
    }
    let mut values = Values::default();
    values.set(ITEM_NAME, host(&hint.name));
    hint.resource_id.iter().for_each(|id| values.set("description", id));
    let sent = send(partner, &routes.make, None, &values).await;
    let told = match &sent {
        Ok(reply) => serde_json::from_slice(reply).ok().and_then(|reply: Json| id(&reply)),
        Err(_) => None,
    };
    let id = match told {
        Some(id) => Some(id),
        // It may have been made nevertheless.
        None => find(partner, routes, hint).await.unwrap_or_default().pop().map(|(id, _)| id),
    };
    match (id, sent) {
        (Some(id), _) => {
            made.insert(known, Some(id.clone()));
            Ok(vec![TicketFinding::ItemCreated { name, id }])
        }
        // Taken without a word about it.
        (None, Ok(_)) => {
            made.insert(known, Some(String::new()));
            Ok(vec![TicketFinding::ItemCreated { name, id: String::new() }])
        }
        (None, Err(fault)) => {
            made.insert(known, None);
            Ok(vec![TicketFinding::ItemFailed { name, fault: Box::new(fault) }])
        }
    }
}

/// The computers of this name: the id and the name of each.
async fn find(partner: &ServiceManager, routes: &ItemRoutes, hint: &ItemHint) -> Result<Vec<(String, String)>, Fault> {
    let mut values = Values::default();
    values.set(ITEM_NAME, host(&hint.name));
    let path = partner.source(WorkItemKind::Incident).await?.0.versioned(routes.find.call(None, &values).0);
    let what = routes.find.shown();
    let reply = errors::check(partner.session.get(&path, PAGE_LIMIT_BYTES).await?, &what)?;
    let malformed = || Fault::Malformed { what: what.clone(), detail: "no list in the reply".to_owned() };
    let told: Json = serde_json::from_slice(&reply.body).map_err(|_| malformed())?;
    let rows = rows(&told).ok_or_else(malformed)?;
    let wanted = [Some(host(&hint.name)), Some(hint.name.as_str()), hint.fqdn.as_deref()];
    let is_it = |name: &String| wanted.iter().flatten().any(|wanted| name.eq_ignore_ascii_case(wanted));
    let found: Vec<_> = rows.iter().filter_map(|row| Some((id(row)?, names(row).find(|name| is_it(name))?))).collect();
    // A list that does not obey the name may be cut off before the item.
    let fits = |row: &&Json| names(row).any(|name| name.to_lowercase().contains(&host(&hint.name).to_lowercase()));
    if found.is_empty() && (rows.len() >= PAGE || !rows.iter().all(|row| fits(&row))) {
        return Err(Fault::Truncated { what });
    }
    Ok(found)
}

/// The rows of a list: bare, in an object that holds them, or as the values of a dictionary.
fn rows(told: &Json) -> Option<Vec<Json>> {
    match told {
        Json::Array(rows) => Some(rows.clone()),
        Json::Null => Some(Vec::new()),
        Json::Object(object) => {
            let inside = object.values().find_map(Json::as_array).cloned();
            let all_rows = || object.values().all(Json::is_object).then(|| object.values().cloned().collect());
            inside.or_else(all_rows)
        }
        _ => None,
    }
}

fn id(row: &Json) -> Option<String> {
    let named = |wanted: &str| row.as_object()?.iter().find(|(key, _)| normal(key) == wanted)?.1.as_str();
    let names = synonyms("id").iter().copied().chain(["id"]);
    names.filter_map(named).find(|id| !id.is_empty()).map(str::to_owned)
}

fn names(row: &Json) -> impl Iterator<Item = String> + '_ {
    let properties = row.as_object().into_iter().flatten();
    properties.filter(|(key, _)| is_item_name(&normal(key))).filter_map(|(_, value)| value.as_str().map(str::to_owned))
}
