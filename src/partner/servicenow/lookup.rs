//! Reads a few rows of a table as plain values, with the evidence.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value as Json;
use zeroize::Zeroizing;

use super::errors::short;
use super::query;
use super::session::Session;
use crate::model::checklist::{Answer, Evidence};
use crate::model::fault::Fault;
use crate::net::http::SMALL_LIMIT_BYTES;

/// A query. Its values must be [safe](query::safe).
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// The table.
    pub table: &'a str,
    /// The encoded query.
    pub query: &'a str,
    /// The columns, joined by commas.
    pub fields: &'a str,
    /// How many rows at the most.
    pub limit: u32,
}

/// The rows that came.
#[derive(Debug, Default)]
pub struct Rows {
    /// The rows, each an object of texts.
    pub rows: Vec<Json>,
    /// How many rows match, hidden ones included, if the product says so.
    pub total: Option<u64>,
    /// When the product says that it answered.
    pub date: Option<Timestamp>,
    /// Requests an hour by the rule that matches this user and table, if one does; and the rule.
    pub rate: Option<(u64, Option<String>)>,
}

impl Rows {
    /// Whether rows that match were kept from us.
    pub fn some_hidden(&self) -> bool {
        self.total.is_some_and(|total| total > self.rows.len() as u64)
    }
}

/// Looks up rows.
///
/// # Errors
/// As [`Session::fetch`](crate::partner::session::Session::fetch), and [`Fault::Malformed`] if no list came.
pub async fn rows(session: &Session, ask: Ask<'_>) -> Result<Rows, Fault> {
    #[derive(Deserialize)]
    struct Body {
        result: Vec<Json>,
    }
    let reply = session.fetch(&path(ask), ask.table, SMALL_LIMIT_BYTES).await?;
    let malformed = |_| Fault::Malformed { what: ask.table.to_owned(), detail: "no list of rows".to_owned() };
    let rate = reply.number("x-ratelimit-limit").map(|limit| (limit, reply.header("x-ratelimit-rule").map(short)));
    let (total, date) = (reply.number("x-total-count"), reply.date());
    // Rows of some tables hold secrets.
    let body = Zeroizing::new(reply.body.into_bytes());
    let rows = serde_json::from_slice::<Body>(&body).map_err(malformed)?.result;
    Ok(Rows { rows, total, date, rate })
}

/// The same, noted as evidence.
pub async fn noted(session: &Session, ask: Ask<'_>, evidence: &mut Vec<Evidence>) -> Result<Rows, Fault> {
    let found = rows(session, ask).await;
    let answered = match &found {
        Ok(rows) => Answer::Rows { rows: rows.rows.len() as u64 },
        Err(fault) => Answer::Failed { fault: fault.clone() },
    };
    evidence.push(Evidence { asked: asked(ask), answered, at: Timestamp::now() });
    found
}

fn path(ask: Ask<'_>) -> String {
    query::list(ask.table, ask.query, ask.fields, ask.limit, true) + "&sysparm_exclude_reference_link=true"
}

/// A question as people read it.
fn asked(ask: Ask<'_>) -> String {
    let table = ask.table;
    let query = if ask.query.is_empty() { String::new() } else { format!("?sysparm_query={}", ask.query) };
    short(&format!("GET /api/now/table/{table}{query}"))
}

/// A value of a row as text, cleaned; `None` where it is absent or empty, which may mean hidden.
pub fn text(row: &Json, column: &str) -> Option<String> {
    row[column].as_str().map(short).filter(|text| !text.is_empty())
}

/// A value of a row that is true or false; `None` where it is neither, which may mean hidden.
pub fn flag(row: &Json, column: &str) -> Option<bool> {
    match row[column].as_str()? {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

/// Whether a value of a row is this text, without regard to case: the product's database compares so.
pub fn same(row: &Json, column: &str, wanted: &str) -> bool {
    row[column].as_str().is_some_and(|found| found.to_lowercase() == wanted.to_lowercase())
}

/// Whether a fault only means that this user may not read.
pub fn is_hidden(fault: &Fault) -> bool {
    matches!(fault, Fault::Forbidden { .. } | Fault::NotFound { .. })
}
