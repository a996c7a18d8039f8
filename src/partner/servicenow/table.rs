//! Pages and counts of one table.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value as Json;

use super::session::Session;
use super::{decode, query};
use crate::model::fault::Fault;
use crate::model::sync::{Page, PageNotes, PageRequest, RateLimit, Window};
use crate::net::http::{PAGE_LIMIT_BYTES, Reply, SMALL_LIMIT_BYTES};
use crate::partner::mapping::Columns;

/// Fetches one page, decoded and verified.
///
/// # Errors
/// The fault that kept it from coming, or made it worthless as a whole.
pub async fn page(session: &Session, columns: &Columns, request: &PageRequest) -> Result<Page, Fault> {
    let path = query::page_path(columns, request)?;
    let reply = session.fetch(&path, columns.source(), PAGE_LIMIT_BYTES).await?;
    let decoded = decode::page(columns, &reply.body)?;
    decode::order::verify(columns.source(), request, &decoded.items)?;
    let came = decoded.items.len() as u64 + decoded.hidden;
    Ok(Page {
        // A count of fewer rows than came counts something else.
        total: reply.number("x-total-count").filter(|total| request.count && *total >= came),
        items: decoded.items,
        hidden: decoded.hidden,
        bytes: reply.body.len() as u64,
        rate: rate(&reply),
        notes: PageNotes { date: reply.date(), ..PageNotes::default() },
    })
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
