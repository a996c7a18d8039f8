//! Groups and persons by name. A reference is written as a `sys_id`: by display value the instance would also read dates
//! in the user's zone, and a bad text is kept, cut to 32 characters, without an error.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use serde_json::Value as Json;

use crate::model::fault::Fault;
use crate::model::ticket::{Reference, TicketFinding};
use crate::partner::servicenow::lookup::{self, Ask, text};
use crate::partner::servicenow::{ServiceNow, query};

/// What was found, by column and name.
#[derive(Default)]
pub struct References(Mutex<HashMap<(String, String), String>>);

/// The `sys_id` of what a column refers to, or the finding that there is none or more than one.
///
/// # Errors
/// Why the instance could not be asked.
pub async fn resolve(
    partner: &ServiceNow,
    column: &str,
    wanted: &Reference,
) -> Result<Result<String, TicketFinding>, Fault> {
    if let Some(id) = &wanted.id {
        return Ok(Ok(id.clone()));
    }
    let place = (column.to_owned(), wanted.name.clone());
    let known = partner.references.0.lock().unwrap_or_else(PoisonError::into_inner).get(&place).cloned();
    if let Some(id) = known {
        return Ok(Ok(id));
    }
    let unknown =
        |found: u64| TicketFinding::ReferenceUnknown { field: column.into(), name: wanted.name.clone(), found };
    if query::safe(column, &wanted.name).is_err() {
        return Ok(Err(unknown(0)));
    }
    let (table, by): (_, &[&str]) = match column {
        "assignment_group" => ("sys_user_group", &["name"]),
        _ => ("sys_user", &["user_name", "email", "name"]),
    };
    for field in by {
        let found = with(partner, table, field, &wanted.name).await?;
        match found.as_slice() {
            [] => {}
            [one] => {
                let Some(id) = text(one, "sys_id") else { continue };
                let mut known = partner.references.0.lock().unwrap_or_else(PoisonError::into_inner);
                known.insert(place, id.clone());
                return Ok(Ok(id));
            }
            several => return Ok(Err(unknown(several.len() as u64))),
        }
    }
    Ok(Err(unknown(0)))
}

/// The active rows whose field has this value; the value is compared, since a field that is hidden is ignored in a query.
async fn with(partner: &ServiceNow, table: &str, field: &str, value: &str) -> Result<Vec<Json>, Fault> {
    let (query, fields) = (format!("{field}={value}^active=true"), format!("sys_id,{field},active"));
    match lookup::rows(&partner.session, Ask { table, query: &query, fields: &fields, limit: 10 }).await {
        Ok(found) => Ok(found.rows.into_iter().filter(|row| lookup::same(row, field, value)).collect()),
        Err(fault) if lookup::is_hidden(&fault) => Ok(Vec::new()),
        Err(fault) => Err(fault),
    }
}
