//! What a workspace answers, and what is made of an answer that is not whole.

use super::*;
use crate::azure::arm::Arm;
use crate::model::secret::Secret;
use crate::sink::look::Look;
use crate::sink::removal;

/// A workspace that tells that there are so many rows, and shows these.
async fn there(counted: u64, columns: &'static [&'static str], rows: Json) -> (Fake, Look, Arc<LogQuery>) {
    let fake = Fake::start(move |seen| {
        let is_count = seen.json["query"].as_str().unwrap().contains("| count");
        let names = if is_count { vec!["Count"] } else { columns.to_vec() };
        let columns: Vec<_> = names.iter().map(|name| serde_json::json!({ "name": name })).collect();
        let rows = if is_count { serde_json::json!([[counted]]) } else { rows.clone() };
        reply(200, &serde_json::json!({ "tables": [{ "name": "PrimaryResult", "columns": columns, "rows": rows }] }))
    })
    .await;
    let query = LogQuery::new(&url(&fake.url), ("guid", "prod"), Tokens::shared(), &HttpConfig::default()).unwrap();
    let arm = Arm::new(&url(&fake.url), Secret::new("t0ken"), &HttpConfig::default()).unwrap();
    let query = Arc::new(query);
    (fake, Look::new(query.clone(), Arc::new(arm), workspace()), query)
}

const SEEN: &[&str] = &["ItsmcId", "Number", "Removed", "Modified", "ItsmcSend", "State", "Stored", "Sends"];

#[tokio::test]
async fn fewer_rows_than_were_counted_are_not_the_whole_answer() {
    let row = |id: &str, stored: u64| serde_json::json!([id, "INC1", false, null, 7, "New", stored, 1]);
    for (counted, whole) in [(3, true), (2, true), (4, false)] {
        let rows = serde_json::json!([row("a", 1), row("b", 2)]);
        let (_fake, look, _) = there(counted, SEEN, rows).await;
        let seen = look.rows("contoso", WorkItemKind::Incident).await;
        assert_eq!(seen.is_ok(), whole, "{counted}: {seen:?}");
        assert!(seen.err().is_none_or(|fault| fault.code() == "partial-result"));
    }
}

#[tokio::test]
async fn fewer_work_items_than_were_counted_are_not_all_that_are_shown() {
    let rows = serde_json::json!([["a", "INC1"]]);
    let (_fake, _, query) = there(2, &["ItsmcId", "ServiceDeskId_s"], rows).await;
    let shown = removal::shown(&query, "ServiceDesk_CL", ("contoso", WorkItemKind::Incident)).await;
    assert_eq!(shown.unwrap_err().code(), "partial-result");
}

#[tokio::test]
async fn a_metric_that_was_not_answered_is_not_zero() {
    let fake = Fake::start(|_| {
        let one = |name: &str| serde_json::json!({ "name": { "value": name }, "timeseries": [] });
        let names =
            ["ApiCallReceived_Count", "BytesReceived_Count", "RowsReceived_Count", "TransformationErrors_Count"];
        reply(200, &serde_json::json!({ "value": names.map(one) }))
    })
    .await;
    let query = LogQuery::new(&url(&fake.url), ("guid", "prod"), Tokens::shared(), &HttpConfig::default()).unwrap();
    let arm = Arm::new(&url(&fake.url), Secret::new("t0ken"), &HttpConfig::default()).unwrap();
    let look = Look::new(Arc::new(query), Arc::new(arm), workspace());
    let now = "2026-11-22T10:00:00Z".parse().unwrap();
    let fault = look.metrics(Timestamp::UNIX_EPOCH, now).await.unwrap_err();
    let told = serde_json::to_string(&fault).unwrap();
    assert!(fault.code() == "malformed" && told.contains("RowsDropped_Count"), "{told}");
}
