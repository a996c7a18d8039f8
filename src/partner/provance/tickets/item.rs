//! The configuration item of a ticket: a row of the environment's table of configuration items, found by its name, exactly one
//! or none, and referred to by the ticket. A missing computer is made under a GUID of its name where the connection permits
//! it, so it is made once however often and however late that is done.
//!
//! The table is not public. It is the one to which the ticket's column refers; where that column holds a text, it is
//! Provance's table of that name.

use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::body::Body;
use super::{accepted, call, get, not_there};
use crate::model::azure_id::{self, guid_of};
use crate::model::fault::Fault;
use crate::model::ticket::{ItemHint, NotMade, TicketFinding};
use crate::net::http::{Method, PAGE_LIMIT_BYTES, SMALL_LIMIT_BYTES};
use crate::partner::provance::bind::Bound;
use crate::partner::provance::describe::{self, Table};
use crate::partner::provance::{Provance, query, synonyms};
use crate::partner::written::{cut, host, not_made};

/// What a ticket's column for its item is called among the attributes of a work item.
const COLUMN: &str = "configuration_item";
/// Rows of one search: more of one name are never one item.
const PAGE: usize = 10;
/// The state of a row that is in use.
const ACTIVE: i64 = 0;

/// The table of configuration items.
#[derive(Debug, Clone)]
pub struct Items {
    /// The table.
    pub table: Table,
    /// The navigation property by which a ticket refers to one; `None` where the ticket holds its name as a text.
    navigation: Option<String>,
    /// The column for a description.
    description: Option<String>,
    /// Whether its rows have a state.
    has_state: bool,
}

/// A row of it.
struct Item {
    id: String,
    name: String,
    active: bool,
}

/// Finds the item of a ticket or makes it, and refers to it; gives what was noticed. A ticket is made without an item rather
/// than not at all.
///
/// # Errors
/// What the ticket itself would meet as well.
pub async fn set(
    partner: &Provance,
    bound: &Bound,
    hint: &ItemHint,
    body: &mut Body,
) -> Result<Vec<TicketFinding>, Fault> {
    let kind = body.kind_of(COLUMN).map(str::to_owned);
    let is_text = kind.as_deref().is_some_and(|kind| matches!(kind, "String" | "Memo"));
    let makes = partner.connection.create_configuration_items && hint.is_computer;
    // The name stands in the ticket already.
    if is_text && !makes {
        return Ok(Vec::new());
    }
    let name = hint.name.clone();
    let lacking = |why| if makes { not_made(&name, why) } else { TicketFinding::ItemUnknown { name: name.clone() } };
    if kind.is_none() {
        return Ok(vec![lacking(NotMade::NoColumn)]);
    }
    let items = match of(partner, bound).await {
        Ok(Ok(items)) => items,
        Ok(Err(why)) => return Ok(vec![lacking(why.clone())]),
        Err(fault) => return failed(hint, fault),
    };
    match found_or_made(partner, items, hint, makes).await {
        Ok((id, findings)) => {
            if let (Some(id), Some(navigation)) = (id, &items.navigation) {
                body.bind(navigation, &items.table.set, &id);
            }
            Ok(findings)
        }
        Err(fault) => failed(hint, fault),
    }
}

fn failed(hint: &ItemHint, fault: Fault) -> Result<Vec<TicketFinding>, Fault> {
    if fault.blocks_every_request() || fault.needs_sign_in() {
        return Err(fault);
    }
    Ok(vec![TicketFinding::ItemFailed { name: hint.name.clone(), fault: Box::new(fault) }])
}

async fn found_or_made(
    partner: &Provance,
    items: &Items,
    hint: &ItemHint,
    makes: bool,
) -> Result<(Option<String>, Vec<TicketFinding>), Fault> {
    let name = hint.name.clone();
    match find(partner, items, hint).await?.as_slice() {
        [one] => return Ok((Some(one.id.clone()), Vec::new())),
        [] if !makes => return Ok((None, vec![TicketFinding::ItemUnknown { name }])),
        [] => {}
        several => {
            let found = several.iter().map(|item| item.name.clone()).collect();
            return Ok((None, vec![TicketFinding::ItemUnclear { name, found }]));
        }
    }
    let made = match make(partner, items, hint).await {
        Ok(item) => item,
        // It may have been made nevertheless; and a second request under the same GUID does no harm.
        Err(_) => match shown(partner, items, hint).await? {
            Some(item) => item,
            None => make(partner, items, hint).await?,
        },
    };
    if !made.active {
        return Ok((None, vec![not_made(&name, NotMade::Inactive)]));
    }
    Ok((Some(made.id.clone()), vec![TicketFinding::ItemCreated { name, id: made.id }]))
}

/// The table of configuration items, or why there is none.
///
/// # Errors
/// Why the environment's description could not be read.
pub async fn of<'a>(partner: &'a Provance, bound: &Bound) -> Result<&'a Result<Items, NotMade>, Fault> {
    partner.items.get_or_try_init(|| look(partner, bound)).await
}

async fn look(partner: &Provance, bound: &Bound) -> Result<Result<Items, NotMade>, Fault> {
    let column = bound.spec.columns.iter().find(|column| column.to == COLUMN).map(|column| column.from.clone());
    let Some(column) = column else { return Ok(Err(NotMade::NoColumn)) };
    let tables = partner.binding().await?.tables();
    let relations = relations(partner, &bound.spec.source, &column).await?;
    let (table, navigation) = match relations.as_slice() {
        [one] => {
            let table = tables.iter().find(|table| table.name == one.referenced_entity);
            (table, Some(one.referencing_entity_navigation_property_name.clone()))
        }
        [] => {
            let prefixes = describe::prefixes(partner, tables).await?;
            let named: Vec<_> =
                tables.iter().filter(|table| synonyms::is_item_table(table, &prefixes.certain)).collect();
            match named.as_slice() {
                [] => (None, None),
                [one] => (Some(*one), None),
                several => return Ok(Err(many(several.iter().map(|table| table.name.clone())))),
            }
        }
        several => return Ok(Err(many(several.iter().map(|one| one.referenced_entity.clone())))),
    };
    let Some(table) = table.filter(|table| describe::is_plain(&table.id) && describe::is_plain(&table.title)) else {
        return Ok(Err(NotMade::NoTable));
    };
    let attributes = describe::attributes(partner, &table.name).await?;
    let description = attributes.iter().find(|one| {
        matches!(one.kind.as_str(), "Memo" | "String") && one.name != table.title && one.name.ends_with("description")
    });
    Ok(Ok(Items {
        description: description.map(|one| one.name.clone()),
        has_state: attributes.iter().any(|one| one.name == "statecode"),
        table: table.clone(),
        navigation,
    }))
}

fn many(names: impl Iterator<Item = String>) -> NotMade {
    NotMade::SeveralTables { names: names.collect() }
}

/// To which table a lookup refers, and by which navigation property (`EntityDefinitions`, `ManyToOneRelationships`).
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Relation {
    #[serde(default)]
    referencing_attribute: String,
    #[serde(default)]
    referenced_entity: String,
    #[serde(default)]
    referencing_entity_navigation_property_name: String,
}

async fn relations(partner: &Provance, table: &str, column: &str) -> Result<Vec<Relation>, Fault> {
    let path = format!(
        "EntityDefinitions(LogicalName=%27{table}%27)/ManyToOneRelationships\
         ?$select=ReferencingAttribute,ReferencedEntity,ReferencingEntityNavigationPropertyName"
    );
    let mut all: Vec<Relation> = describe::list(partner, &path, table).await?;
    all.retain(|one| {
        one.referencing_attribute == column && describe::is_plain(&one.referencing_entity_navigation_property_name)
    });
    Ok(all)
}

/// The rows in use that bear the name of the host, or its full name.
async fn find(partner: &Provance, items: &Items, hint: &ItemHint) -> Result<Vec<Item>, Fault> {
    let Table { set, id, title, .. } = &items.table;
    let mut wanted = vec![host(&hint.name)];
    wanted.extend([hint.name.as_str()].into_iter().chain(hint.fqdn.as_deref()));
    wanted.dedup();
    let conditions: Vec<_> = wanted.iter().map(|name| format!("{title} eq '{}'", name.replace('\'', "''"))).collect();
    let filter = query::encode(&conditions.join(" or "));
    let state = if items.has_state { ",statecode" } else { "" };
    let path = format!("{}{set}?$select={id},{title}{state}&$filter={filter}&$top={PAGE}", query::API);
    let reply = partner.fetch(&path, set, None, PAGE_LIMIT_BYTES).await?;
    let malformed = |detail: &str| Fault::Malformed { what: set.clone(), detail: detail.to_owned() };
    let told: Json = serde_json::from_slice(&reply.body).map_err(|_| malformed("no list of rows"))?;
    let rows = told["value"].as_array().ok_or_else(|| malformed("no list of rows"))?;
    let all: Vec<_> = rows.iter().filter_map(|row| item(items, row)).collect();
    // A condition that is not obeyed gives any rows.
    let same = |item: &Item| item.active && wanted.iter().any(|name| item.name.eq_ignore_ascii_case(name));
    let count = all.len();
    let found: Vec<_> = all.into_iter().filter(same).collect();
    if found.is_empty() && count >= PAGE {
        return Err(Fault::Truncated { what: set.clone() });
    }
    Ok(found)
}

fn item(items: &Items, row: &Json) -> Option<Item> {
    let id = row[&items.table.id].as_str().filter(|id| azure_id::is_guid(id))?.to_owned();
    let name = row[&items.table.title].as_str()?.to_owned();
    Some(Item { id, name, active: !items.has_state || row["statecode"].as_i64() == Some(ACTIVE) })
}

/// The GUID of an item: the same for whoever makes it in this environment.
fn guid(partner: &Provance, items: &Items, hint: &ItemHint) -> String {
    let server = partner.connection.server_url.as_str().trim_end_matches('/').to_lowercase();
    guid_of(&format!("itsmc/1|item|{}:{server}|{}|{}", server.len(), items.table.name, host(&hint.name).to_lowercase()))
}

/// Makes an item, or finds that it was made before.
async fn make(partner: &Provance, items: &Items, hint: &ItemHint) -> Result<Item, Fault> {
    let Table { set, title, .. } = &items.table;
    let mut row = json!({ title.as_str(): host(&hint.name) });
    if let (Some(column), Some(resource)) = (&items.description, &hint.resource_id) {
        row[column.as_str()] = cut(resource, 1_000).into();
    }
    let own = guid(partner, items, hint);
    let call = call(Method::PATCH, &format!("{set}({own})"), Some(("if-none-match", "*")), &row);
    let reply = partner.session.send(call, SMALL_LIMIT_BYTES).await?;
    let refused = if reply.status == 412 { Some(reply) } else { accepted(reply, set).map(|_| None)? };
    shown(partner, items, hint).await?.ok_or_else(|| not_there(refused, set, own))
}

/// The item under the GUID of this name, if it is there.
async fn shown(partner: &Provance, items: &Items, hint: &ItemHint) -> Result<Option<Item>, Fault> {
    let Table { set, id, title, .. } = &items.table;
    let own = guid(partner, items, hint);
    let state = if items.has_state { ",statecode" } else { "" };
    let row = get(partner, &format!("{}{set}({own})?$select={id},{title}{state}", query::API), set).await?;
    let is_it = |item: &Item| item.id.eq_ignore_ascii_case(&own) && item.name.eq_ignore_ascii_case(host(&hint.name));
    Ok(row.and_then(|row| item(items, &Json::Object(row))).filter(is_it))
}
