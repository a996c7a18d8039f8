//! The configuration item of a ticket: found by what Azure and ServiceNow both know of a resource, exactly one or none; a
//! missing computer is created by the identification engine where the connection permits it.

use serde_json::{Value as Json, json};
use zeroize::Zeroizing;

use jiff::Timestamp;

use crate::model::azure_id;
use crate::model::fault::Fault;
use crate::model::ticket::{ItemHint, TicketFinding};
use crate::net::http::Method;
use crate::partner::servicenow::lookup::{self, Ask, text};
use crate::partner::servicenow::{ServiceNow, errors, query, session};
use crate::partner::written::host;

/// A choice of `cmdb_ci.discovery_source`. Without one, what is sent lands among the incomplete payloads.
const DATA_SOURCE: &str = "Other Automated";
const PATH: &str = "/api/now/identifyreconcile";

/// The columns by which an item is known, with the value of each.
fn marks(hint: &ItemHint) -> Vec<(&'static str, String)> {
    let host = host(&hint.name).to_owned();
    let marks = [
        ("object_id", hint.resource_id.clone()),
        ("correlation_id", hint.resource_id.clone()),
        ("fqdn", hint.fqdn.clone().or_else(|| hint.name.contains('.').then(|| hint.name.clone()))),
        ("name", Some(host)),
        ("ip_address", hint.ip_address.clone()),
    ];
    marks.into_iter().filter_map(|(column, value)| Some((column, value.filter(|value| !value.is_empty())?))).collect()
}

/// The `sys_id` of the item, and what was noticed. A ticket is made without an item rather than not at all.
pub async fn of(partner: &ServiceNow, hint: &ItemHint) -> (Option<String>, Vec<TicketFinding>) {
    let name = hint.name.clone();
    match find(partner, hint).await {
        Ok(Found::One(id)) => (Some(id), Vec::new()),
        Ok(Found::Several(found)) => (None, vec![TicketFinding::ItemUnclear { name, found }]),
        Ok(Found::None) if partner.connection.create_configuration_items && hint.is_computer => {
            match create(partner, hint).await {
                Ok((id, true)) => (Some(id.clone()), vec![TicketFinding::ItemCreated { name, id }]),
                Ok((id, false)) => (Some(id), Vec::new()),
                // It may have been made nevertheless.
                Err(fault) => match find(partner, hint).await {
                    Ok(Found::One(id)) => (Some(id.clone()), vec![TicketFinding::ItemCreated { name, id }]),
                    _ => (None, vec![TicketFinding::ItemFailed { name, fault: Box::new(fault) }]),
                },
            }
        }
        Ok(Found::None) => (None, vec![TicketFinding::ItemUnknown { name }]),
        Err(fault) => (None, vec![TicketFinding::ItemFailed { name, fault: Box::new(fault) }]),
    }
}

enum Found {
    None,
    One(String),
    Several(Vec<String>),
}

async fn find(partner: &ServiceNow, hint: &ItemHint) -> Result<Found, Fault> {
    for (column, value) in marks(hint) {
        if query::safe(column, &value).is_err() {
            continue;
        }
        let condition = format!("{column}={value}^OR{column}={}", value.to_lowercase());
        let query = format!("{condition}^install_status!=7^duplicate_ofISEMPTY");
        let fields = format!("sys_id,name,install_status,duplicate_of,{column}");
        let rows =
            match lookup::rows(&partner.session, Ask { table: "cmdb_ci", query: &query, fields: &fields, limit: 20 })
                .await
            {
                Ok(found) => found.rows,
                Err(fault) if lookup::is_hidden(&fault) && column == "object_id" => continue,
                Err(fault) => return Err(fault),
            };
        match matching(&rows, column, &value).as_slice() {
            [] => {}
            [one] => return Ok(text(one, "sys_id").map_or(Found::None, Found::One)),
            several => {
                let named = |row: &&Json| text(row, "name").or_else(|| text(row, "sys_id"));
                return Ok(Found::Several(several.iter().filter_map(named).collect()));
            }
        }
    }
    Ok(Found::None)
}

/// The rows that have the value and are in use. The value is compared, since a column that a table does not have is ignored
/// in a query, and any rows come.
fn matching<'a>(rows: &'a [Json], column: &str, value: &str) -> Vec<&'a Json> {
    let has = |row: &&Json| match column {
        "object_id" | "correlation_id" => {
            row[column].as_str().is_some_and(|found| azure_id::same(found, value) && !found.is_empty())
        }
        _ => lookup::same(row, column, value),
    };
    let in_use = |row: &&Json| row["install_status"] != "7" && text(row, "duplicate_of").is_none();
    rows.iter().filter(has).filter(in_use).collect()
}

/// Creates the computer, and gives its id and whether it is new. The engine's own dry run is looked at first: it may know the
/// computer under another mark, or may want to change the class of another item.
async fn create(partner: &ServiceNow, hint: &ItemHint) -> Result<(String, bool), Fault> {
    let told = identify(partner, &format!("{PATH}/query"), hint).await?;
    match outcome(&told)? {
        (Operation::Insert, _) => {}
        (Operation::Known, Some(id)) => return Ok((id, false)),
        (Operation::Known, None) => return Err(refused("NO_CHANGE", "the engine names no item".to_owned())),
        (Operation::Reclass(what), _) => {
            return Err(refused(&what, "the engine would change the class of another item".to_owned()));
        }
    }
    let told = identify(partner, PATH, hint).await?;
    match outcome(&told)? {
        (Operation::Insert, Some(id)) => Ok((id, true)),
        (_, Some(id)) => Ok((id, false)),
        (_, None) => Err(refused("no sysId", errors::short(&told.to_string()))),
    }
}

fn refused(error_code: &str, detail: String) -> Fault {
    Fault::PartnerRefused { what: "identifyreconcile".to_owned(), error_code: error_code.to_owned(), detail }
}

async fn identify(partner: &ServiceNow, path: &str, hint: &ItemHint) -> Result<Json, Fault> {
    let path = format!("{path}?sysparm_data_source={}", query::encode(DATA_SOURCE));
    let body = Zeroizing::new(payload(hint).to_string());
    let reply = session::write(&partner.session, Method::POST, &path, Some(body)).await?;
    if !matches!(reply.status, 200 | 201) || !reply.is_json() {
        return Err(errors::fault_of(&reply, "identifyreconcile", Timestamp::now()));
    }
    Ok(serde_json::from_slice(&reply.body).unwrap_or_default())
}

fn payload(hint: &ItemHint) -> Json {
    let os = hint.os.as_deref().unwrap_or_default().to_lowercase();
    let class = match () {
        () if os.contains("windows") => "cmdb_ci_win_server",
        () if os.contains("linux") => "cmdb_ci_linux_server",
        () => "cmdb_ci_server",
    };
    let mut values = json!({ "name": host(&hint.name) });
    let further = [("fqdn", &hint.fqdn), ("ip_address", &hint.ip_address), ("correlation_id", &hint.resource_id)];
    for (column, value) in further {
        if let Some(value) = value {
            values[column] = value.as_str().into();
        }
    }
    let mut item = json!({ "className": class, "values": values });
    if let Some(id) = &hint.resource_id {
        item["sys_object_source_info"] = json!({ "source_name": DATA_SOURCE, "source_native_key": id });
    }
    json!({ "items": [item] })
}

#[derive(Debug, PartialEq, Eq)]
enum Operation {
    Insert,
    Known,
    Reclass(String),
}

/// What the engine did or would do. A success with errors in it is a failure.
fn outcome(told: &Json) -> Result<(Operation, Option<String>), Fault> {
    let item = &told["result"]["items"][0];
    let errors = item["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
    let counted = item["errorCount"].as_u64().unwrap_or(0) > 0;
    if counted || !errors.is_empty() {
        let error = errors.first().cloned().unwrap_or_default();
        let detail = errors::short(error["message"].as_str().unwrap_or_default());
        return Err(refused(error["error"].as_str().unwrap_or("errorCount"), detail));
    }
    let attempts = item["identificationAttempts"].as_array().map(Vec::as_slice).unwrap_or_default();
    if attempts.iter().any(|attempt| attempt["attemptResult"] == "MULTI_MATCH") {
        return Err(refused("MULTI_MATCH", "several items match".to_owned()));
    }
    let id = item["sysId"].as_str().filter(|id| id.len() == 32).map(str::to_owned);
    let operation = match item["operation"].as_str().unwrap_or_default() {
        "INSERT" => Operation::Insert,
        "NO_CHANGE" | "UPDATE" => Operation::Known,
        other => Operation::Reclass(other.to_owned()),
    };
    Ok((operation, id))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARM: &str = "/subscriptions/s/resourceGroups/Rg/providers/Microsoft.Compute/virtualMachines/vm1";

    #[test]
    fn complaint_20_an_item_is_known_by_its_value_and_not_by_any_row_that_came() {
        let rows = [
            json!({ "sys_id": "1", "name": "other", "install_status": "1", "duplicate_of": "" }),
            json!({ "sys_id": "2", "object_id": ARM.to_lowercase(), "install_status": "1", "duplicate_of": "" }),
            json!({ "sys_id": "3", "object_id": ARM, "install_status": "7", "duplicate_of": "" }),
            json!({ "sys_id": "4", "object_id": ARM, "install_status": "1", "duplicate_of": "2" }),
        ];
        let found = matching(&rows, "object_id", ARM);
        assert_eq!(found.iter().map(|row| row["sys_id"].as_str().unwrap()).collect::<Vec<_>>(), ["2"]);
    }

    #[test]
    fn marks_are_tried_from_the_surest_to_the_least() {
        let hint =
            ItemHint { name: "vm1.contoso.example".into(), resource_id: Some(ARM.into()), ..ItemHint::default() };
        let columns: Vec<_> = marks(&hint).into_iter().map(|(column, _)| column).collect();
        assert_eq!(columns, ["object_id", "correlation_id", "fqdn", "name"]);
        assert_eq!(marks(&hint)[3].1, "vm1");
    }

    #[test]
    fn what_the_engine_says_is_read_with_its_errors() {
        let told = |item: Json| json!({ "result": { "items": [item] } });
        let id = "a".repeat(32);
        let insert = told(json!({ "operation": "INSERT", "sysId": id, "errorCount": 0 }));
        assert_eq!(outcome(&insert).unwrap(), (Operation::Insert, Some(id)));
        let failed = json!({ "operation": "INSERT", "errorCount": 1,
            "errors": [{ "error": "MISSING_MATCHING_ATTRIBUTES", "message": "serial" }] });
        assert!(matches!(outcome(&told(failed)), Err(Fault::PartnerRefused { error_code, .. })
            if error_code == "MISSING_MATCHING_ATTRIBUTES"));
        let other = told(json!({ "operation": "UPDATE_WITH_DOWNGRADE", "sysId": "x" }));
        assert!(matches!(outcome(&other).unwrap().0, Operation::Reclass(_)));
        let several =
            json!({ "operation": "NO_CHANGE", "identificationAttempts": [{ "attemptResult": "MULTI_MATCH" }] });
        assert!(outcome(&told(several)).is_err());
    }

    #[test]
    fn the_class_follows_the_operating_system() {
        let hint = |os: &str| ItemHint { name: "vm1".into(), os: Some(os.into()), ..ItemHint::default() };
        assert_eq!(payload(&hint("Windows Server 2022"))["items"][0]["className"], "cmdb_ci_win_server");
        assert_eq!(payload(&hint("Linux"))["items"][0]["className"], "cmdb_ci_linux_server");
        assert_eq!(payload(&hint(""))["items"][0]["className"], "cmdb_ci_server");
    }
}
