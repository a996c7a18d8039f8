//! Incidents through the staging table of Microsoft's app, as the old connector made them. Its columns are not public: they
//! are read from the dictionary.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value as Json;
use zeroize::Zeroizing;

use super::record;
use crate::model::fault::Fault;
use crate::model::ticket::{TicketKey, TicketKind};
use crate::net::http::Method;
use crate::partner::servicenow::lookup::{self, Ask, text};
use crate::partner::servicenow::{ServiceNow, errors, session};
use crate::partner::{Lookup, TicketAt, Written};

const TABLE: &str = "x_mioms_microsoft_oms_incident";

/// Names of columns that may mean the same as a column of `incident`.
const ALIASES: [(&str, &[&str]); 6] = [
    ("short_description", &["shortdescription", "title"]),
    ("description", &["description", "notes"]),
    ("correlation_id", &["correlationid"]),
    ("assignment_group", &["assignmentgroup", "group"]),
    ("caller_id", &["callerid", "caller", "contact"]),
    ("cmdb_ci", &["cmdbci", "configurationitem", "ci", "computer"]),
];

/// Puts a row into the staging table, and reads the incident that its transform made.
///
/// # Errors
/// [`Fault::NotBound`] where the table has no column for our key, without which a double could not be noticed;
/// [`Fault::PartnerRefused`] where the transform failed, which the instance answers with success.
pub async fn insert(
    partner: &ServiceNow,
    key: &TicketKey,
    wanted: &BTreeMap<String, String>,
) -> Result<Written, Fault> {
    let columns = columns(partner).await?;
    let sent = staged(wanted, &columns);
    if !wanted.keys().any(|name| name == "correlation_id" && place(name, &columns).is_some()) {
        return Err(Fault::NotBound { what: TABLE.to_owned(), detail: "correlation_id".to_owned() });
    }
    let body = serde_json::to_string(&sent).map_err(|error| Fault::Internal { what: error.to_string() })?;
    let path = format!("/api/now/import/{TABLE}");
    let reply = session::write(&partner.session, Method::POST, &path, Some(Zeroizing::new(body))).await?;
    if !matches!(reply.status, 200 | 201) || !reply.is_json() {
        return Err(errors::fault_of(&reply, TABLE, Timestamp::now()));
    }
    let told: Json = serde_json::from_slice(&reply.body).unwrap_or_default();
    let id = made(&told)?;
    let at = TicketAt { key, kind: TicketKind::Incident, id: Some(&id) };
    match record::find(partner, at).await.map_err(Fault::after_write)? {
        Lookup::There(written) => Ok(*written),
        _ => Err(Fault::NotApplied { what: TABLE.to_owned(), detail: id }),
    }
}

/// The incident that the transform made. Every row is looked at: the reply is a success even if a transform failed.
fn made(told: &Json) -> Result<String, Fault> {
    let refused = |error_code: &str, detail: String| Fault::PartnerRefused {
        what: TABLE.to_owned(),
        error_code: error_code.to_owned(),
        detail: errors::short(&detail),
    };
    let rows = told["result"].as_array().map(Vec::as_slice).unwrap_or_default();
    if rows.is_empty() {
        return Err(refused("no transform", "no transform map ran".to_owned()));
    }
    for row in rows {
        let status = row["status"].as_str().unwrap_or_default();
        match (status, text(row, "sys_id")) {
            ("inserted" | "updated", Some(id)) if row["table"] == "incident" => return Ok(id),
            ("inserted" | "updated", _) => {}
            (status, _) => {
                let detail = [&row["error_message"], &row["status_message"]].into_iter().filter_map(Json::as_str);
                return Err(refused(status, detail.collect::<Vec<_>>().join(" ")));
            }
        }
    }
    Err(refused("no incident", "the transform made no incident".to_owned()))
}

async fn columns(partner: &ServiceNow) -> Result<Vec<String>, Fault> {
    let (query, fields) = (format!("name={TABLE}^elementISNOTEMPTY"), "name,element");
    let ask = Ask { table: "sys_dictionary", query: &query, fields, limit: 500 };
    let rows = lookup::rows(&partner.session, ask).await?.rows;
    Ok(rows.iter().filter(|row| row["name"] == TABLE).filter_map(|row| text(row, "element")).collect())
}

/// The values by the staging table's columns; what has none is left out, and comes out as dropped.
fn staged(wanted: &BTreeMap<String, String>, columns: &[String]) -> BTreeMap<String, String> {
    let pair = |(name, value): (&String, &String)| Some((place(name, columns)?.to_owned(), value.clone()));
    wanted.iter().filter_map(pair).collect()
}

/// The column for a column of `incident`.
fn place<'a>(name: &str, columns: &'a [String]) -> Option<&'a str> {
    let bare = |text: &str| text.trim_start_matches("u_").replace('_', "").to_lowercase();
    let own = bare(name);
    let others = ALIASES.iter().find(|(known, _)| *known == name).map(|(_, others)| *others).unwrap_or_default();
    let fits = |wanted: &str| columns.iter().find(|column| bare(column) == wanted);
    fits(&own).or_else(|| others.iter().find_map(|other| fits(other))).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn columns_are_found_by_what_they_mean() {
        let columns: Vec<String> = ["u_title", "description", "u_correlation_id", "u_impact"].map(str::to_owned).into();
        assert_eq!(place("short_description", &columns), Some("u_title"));
        assert_eq!(place("correlation_id", &columns), Some("u_correlation_id"));
        assert_eq!(place("impact", &columns), Some("u_impact"));
        assert_eq!(place("cmdb_ci", &columns), None);
    }

    #[test]
    fn a_transform_that_failed_is_no_success() {
        let row =
            |status: &str| json!({ "table": "incident", "sys_id": "a1", "status": status, "error_message": "no" });
        assert_eq!(made(&json!({ "result": [row("inserted")] })).unwrap(), "a1");
        for status in ["error", "ignored", "skipped"] {
            let fault = made(&json!({ "result": [row("inserted")["x"].clone(), row(status)] }));
            assert!(fault.is_err(), "{status}");
        }
        assert_eq!(made(&json!({ "result": [] })).unwrap_err().code(), "partner-refused");
    }
}
