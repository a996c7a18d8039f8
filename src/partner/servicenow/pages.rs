//! Pages and counts of one table.

mod lean;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value as Json;

use super::rows::Decoded;
use super::session::Session;
use super::{query, rows};
use crate::model::fault::Fault;
use crate::model::sync::{Page, PageNotes, PageRequest, RateLimit, Window, take_once};
use crate::net::http::{PAGE_LIMIT_BYTES, Reply, SMALL_LIMIT_BYTES};
use crate::partner::mapping::{Columns, tell_items_apart};

/// Fetches one page, decoded and verified.
///
/// # Errors
/// Why the page did not come or cannot be used.
pub async fn page(session: &Session, columns: &Columns, request: &PageRequest) -> Result<Page, Fault> {
    if request.lean {
        return lean::page(session, columns, request).await;
    }
    let path = query::page_path(columns, request)?;
    let reply = session.fetch(&path, columns.source(), PAGE_LIMIT_BYTES).await?;
    let decoded = rows::page(columns, &reply.body)?;
    read(columns, request, &reply, decoded)
}

/// A verified page from its reply and the decoded rows.
fn read(columns: &Columns, request: &PageRequest, reply: &Reply, mut decoded: Decoded) -> Result<Page, Fault> {
    tell_items_apart(columns, &decoded.items)?;
    take_once(&mut decoded.items);
    rows::order::verify(columns.source(), request, &decoded.items)?;
    let came = decoded.items.len() as u64 + decoded.hidden;
    Ok(Page {
        // A total below the rows that came counts something else.
        total: reply.number("x-total-count").filter(|total| request.count && *total >= came),
        items: decoded.items,
        hidden: decoded.hidden,
        bytes: reply.came,
        rate: rate(reply),
        notes: PageNotes { date: reply.date(), unproven: true, ..PageNotes::default() },
    })
}

/// Whether this user sees values of a column: reads the newest rows with a value. `None` if there are none.
///
/// # Errors
/// Why no rows came.
pub async fn shows(session: &Session, columns: &Columns, attribute: &str) -> Result<Option<bool>, Fault> {
    let Some(column) = columns.all().iter().find(|column| &*column.to == attribute) else { return Ok(None) };
    let order = format!("{}ISNOTEMPTY^ORDERBYDESC{}", column.from, columns.updated_at());
    let fields = format!("{},{}", columns.id(), column.from);
    let path =
        query::list(columns.source(), &order, &fields, ROWS_TO_SHOW, false) + "&sysparm_exclude_reference_link=true";
    let reply = session.fetch(&path, columns.source(), PAGE_LIMIT_BYTES).await?;
    let rows = serde_json::from_slice::<Rows>(&reply.body).map_err(|_| no_rows(columns))?.result;
    let has_value = |row: &Json| match &row[&*column.from] {
        Json::String(text) => !text.is_empty(),
        Json::Null => false,
        _ => true,
    };
    Ok((!rows.is_empty()).then(|| rows.iter().any(has_value)))
}

/// This many rows prove that a column is shown or hidden.
const ROWS_TO_SHOW: u32 = 10;

#[derive(Deserialize)]
struct Rows {
    result: Vec<Json>,
}

fn no_rows(columns: &Columns) -> Fault {
    Fault::Malformed { what: columns.source().to_owned(), detail: "no list of rows".to_owned() }
}

/// What a reply says of the rate limit.
pub fn rate(reply: &Reply) -> Option<RateLimit> {
    let resets_at = i64::try_from(reply.number("x-ratelimit-reset")?).ok()?;
    let resets_at = Timestamp::from_second(resets_at).ok()?;
    Some(RateLimit { limit: reply.number("x-ratelimit-limit")?, resets_at })
}

/// Counts the rows of a window (aggregate interface). Its rights differ from those of the rows.
///
/// # Errors
/// The fault that kept the count from coming.
pub async fn count(session: &Session, columns: &Columns, window: Window) -> Result<u64, Fault> {
    count_of(session, columns.source(), &query::window(columns, window)).await
}

/// Counts the rows that an encoded query matches (aggregate interface).
///
/// # Errors
/// The fault that kept the count from coming.
pub async fn count_of(session: &Session, table: &str, text: &str) -> Result<u64, Fault> {
    let reply = session.fetch(&query::count_path(table, text), table, SMALL_LIMIT_BYTES).await?;
    read_count(&reply.body)
        .ok_or_else(|| Fault::Malformed { what: table.to_owned(), detail: "no count in the reply".to_owned() })
}

/// `result.stats.count`, a text; a grouped reply is a list of such, to be summed up.
fn read_count(body: &[u8]) -> Option<u64> {
    #[derive(Deserialize)]
    struct Body {
        result: Json,
    }
    let one = |group: &Json| match &group["stats"]["count"] {
        Json::String(text) => text.trim().parse().ok(),
        number => number.as_u64(),
    };
    match serde_json::from_slice::<Body>(body).ok()?.result {
        Json::Array(groups) => groups.iter().map(one).sum(),
        group => one(&group),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(r#"{"result":{"stats":{"count":"42"}}}"#, Some(42))]
    #[case(r#"{"result":{"stats":{"count":42}}}"#, Some(42))]
    #[case(r#"{"result":[{"stats":{"count":"40"}},{"stats":{"count":"2"},"groupby_fields":[]}]}"#, Some(42))]
    #[case(r#"{"result":[]}"#, Some(0))]
    #[case(r#"{"result":{"stats":{}}}"#, None)]
    #[case(r#"{"result":{"stats":{"count":"many"}}}"#, None)]
    #[case(r#"{"result":[{"stats":{"count":"40"}},{}]}"#, None)]
    #[case("{}", None)]
    #[case("no", None)]
    fn a_count_is_read_in_either_form(#[case] body: &str, #[case] expected: Option<u64>) {
        assert_eq!(read_count(body.as_bytes()), expected);
    }
}
