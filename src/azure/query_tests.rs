use axum::response::{IntoResponse, Response};
use rstest::rstest;

use super::*;
use crate::azure::testing::Tokens;
use crate::model::fault::Retry;
use crate::net::testing::{Fake, html, json as reply, url};

async fn asked(answer: impl Fn() -> Response + Send + Sync + Clone + 'static) -> (Fake, Result<Rows, Fault>) {
    let fake = Fake::start(move |_| answer()).await;
    let query = LogQuery::new(&url(&fake.url), ("guid-1", "contoso-logs"), Tokens::shared(), &HttpConfig::default());
    let outcome = query.unwrap().run("ServiceDesk_CL | count").await;
    (fake, outcome)
}

fn table(error: Option<Value>) -> Value {
    let columns = json!([{ "name": "Kind", "type": "string" }, { "name": "n", "type": "long" }]);
    let mut answer = json!({ "tables": [{ "name": "PrimaryResult", "columns": columns, "rows": [["Incident", 7]] }] });
    if let Some(error) = error {
        answer["error"] = error;
    }
    answer
}

#[tokio::test]
async fn a_result_has_its_columns_and_rows() {
    let (fake, outcome) = asked(|| reply(200, &table(None))).await;
    let rows = outcome.unwrap();
    assert_eq!((rows.column("n"), rows.rows[0][1].as_u64()), (Ok(1), Some(7)));
    assert!(rows.column("x").is_err() && rows.number().is_err());
    let seen = &fake.seen()[0];
    assert_eq!((seen.path.as_str(), seen.bearer()), ("/v1/workspaces/guid-1/query", Some("t0ken-0")));
}

#[tokio::test]
async fn report_9_a_part_of_a_result_is_no_result() {
    let error = json!({ "code": "PartialError", "message": "There were some errors when processing your query.",
        "innererror": { "code": "-2133196797", "message": "E_QUERY_RESULT_SET_TOO_LARGE" } });
    let (_, outcome) = asked(move || reply(200, &table(Some(error.clone())))).await;
    let Err(Fault::PartialResult { detail }) = outcome else { panic!("{outcome:?}") };
    assert!(detail.contains("E_QUERY_RESULT_SET_TOO_LARGE"), "{detail}");
}

#[tokio::test]
async fn an_empty_answer_does_not_say_that_there_are_no_rows() {
    let (_, empty) = asked(|| axum::http::StatusCode::OK.into_response()).await;
    let (_, none) = asked(|| axum::http::StatusCode::NO_CONTENT.into_response()).await;
    let (_, bare) = asked(|| reply(200, &json!({ "tables": [] }))).await;
    for outcome in [empty, none, bare] {
        assert_eq!(outcome.unwrap_err().code(), "malformed");
    }
}

#[rstest]
#[case(400, "BadArgumentError", "query-refused", Retry::No)]
#[case(401, "AuthenticationFailed", "azure-token-refused", Retry::No)]
#[case(403, "InsufficientAccessError", "query-forbidden", Retry::No)]
#[case(403, "InvalidAuthenticationTokenAudience", "azure-token-refused", Retry::No)]
#[case(404, "PathNotFoundError", "partner-error", Retry::No)]
#[case(429, "TooManyRequests", "rate-limited", Retry::After(30))]
#[case(504, "GatewayTimeout", "partner-error", Retry::Yes)]
#[tokio::test]
async fn each_error_is_its_own_fault(
    #[case] status: u16,
    #[case] code: &'static str,
    #[case] fault: &str,
    #[case] retry: Retry,
) {
    let (fake, outcome) = asked(move || reply(status, &json!({ "error": { "code": code, "message": "m" } }))).await;
    let got = outcome.unwrap_err();
    assert_eq!((got.code(), got.retry()), (fault, retry), "{got:?}");
    assert_eq!(fake.seen().len(), if status == 401 { 2 } else { 1 });
}

#[tokio::test]
async fn what_is_not_the_service_says_nothing_about_the_workspace() {
    let (_, outcome) = asked(|| html(403, "<h1>blocked</h1>")).await;
    assert_eq!(outcome.unwrap_err().code(), "not-json");
    let (_, cut) = asked(|| ([("content-type", "application/json")], "{\"tables\":[{\"col").into_response()).await;
    assert_eq!(cut.unwrap_err().code(), "connection-lost");
}
