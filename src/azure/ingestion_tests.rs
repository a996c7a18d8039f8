use std::io::Read as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::response::{IntoResponse, Response};
use rstest::rstest;
use serde_json::{Value, json};

use super::*;
use crate::azure::testing::Tokens;
use crate::model::fault::Retry;
use crate::net::testing::{Fake, html, json as reply, raw, url};

const RULE: &str = "dcr-00000000000000000000000000000001";
const STREAM: &str = "Custom-ServiceDesk_CL";

/// What Azure said to a service principal without the role (azure-sdk-for-net, report 37173).
const FORBIDDEN: &str = "The authentication token provided does not have access to ingest data for the data collection rule \
with immutable Id 'dcr-1' PipelineAccessResult: AccessGranted: False, IsRbacPresent: False, IsDcrDceBindingValid: , Message: \
Required authorization action was not found for tenantId 11111111-2222-3333-4444-555555555555 objectId \
00000000-0000-0000-0000-000000000007 on resourceId /subscriptions/s ConfigurationId: x.";

fn told(status: u16, code: &str, message: &str) -> Response {
    reply(status, &json!({ "error": { "code": code, "message": message } }))
}

async fn sent(answer: impl Fn() -> Response + Send + Sync + Clone + 'static) -> (Fake, Result<(), Fault>) {
    let fake = Fake::start(move |_| answer()).await;
    let outcome = send_to(&fake.url).await;
    (fake, outcome)
}

async fn send_to(server: &str) -> Result<(), Fault> {
    let ingestion = Ingestion::new(&url(server), RULE, Tokens::shared(), &HttpConfig::default()).unwrap();
    ingestion.send(STREAM, &Packed::new(b"[{\"a\":1}]"), "00000000-0000-0000-0000-00000000000a").await
}

#[tokio::test]
async fn rows_are_packed_and_named_and_204_is_accepted() {
    let (fake, outcome) = sent(|| axum::http::StatusCode::NO_CONTENT.into_response()).await;
    assert_eq!(outcome, Ok(()));
    let seen = &fake.seen()[0];
    assert_eq!(seen.path, format!("/dataCollectionRules/{RULE}/streams/{STREAM}"));
    assert_eq!((seen.get("api-version"), seen.bearer()), (Some("2023-01-01"), Some("t0ken-0")));
    for (name, value) in [("content-encoding", "gzip"), ("content-type", "application/json")] {
        assert_eq!(seen.headers[name], value);
    }
    assert_eq!(seen.headers["x-ms-client-request-id"], "00000000-0000-0000-0000-00000000000a");
}

#[test]
fn packed_rows_are_the_rows() {
    let rows = json!([{ "ServiceDeskId_s": "INC0010001" }, { "Title_s": "é".repeat(5000) }]).to_string();
    let packed = Packed::new(rows.as_bytes());
    let mut text = String::new();
    flate2::read::GzDecoder::new(packed.gzip.as_ref()).read_to_string(&mut text).unwrap();
    assert_eq!((text.as_str(), packed.bytes), (rows.as_str(), rows.len() as u64));
    assert!(packed.gzip.len() < rows.len() / 4);
}

#[rstest]
#[case::malformed(400, "InvalidRequest", "malformed JSON", "rows-refused", Retry::No)]
#[case::stream(400, "InvalidStream", "The stream X was not configured", "stream-unknown", Retry::Yes)]
#[case::role(403, "OperationFailed", FORBIDDEN, "send-forbidden", Retry::No)]
#[case::rule(404, "NotFound", "Data collection rule with immutable Id not found.", "rule-not-found", Retry::No)]
#[case::large(413, "ContentLengthLimitExceeded", "Maximum allowed content length", "batch-too-large", Retry::No)]
#[case::cut(408, "TimeoutExpired", "ReadyBody_ClientConnectionAbort", "batch-too-large", Retry::No)]
#[case::throttled(429, "TooManyRequests", "", "rate-limited", Retry::After(30))]
#[case::unavailable(503, "ServiceUnavailable", "", "unavailable", Retry::Yes)]
#[case::broken(500, "InternalServerError", "", "partner-error", Retry::Yes)]
#[tokio::test]
async fn each_error_is_its_own_fault(
    #[case] status: u16,
    #[case] code: &'static str,
    #[case] message: &'static str,
    #[case] fault: &str,
    #[case] retry: Retry,
) {
    let (fake, outcome) = sent(move || told(status, code, message)).await;
    let got = outcome.unwrap_err();
    assert_eq!((got.code(), got.retry()), (fault, retry), "{got:?}");
    assert_eq!(fake.seen().len(), 1, "only a token that is refused is sent again");
}

#[tokio::test]
async fn a_missing_role_names_who_lacks_it() {
    let (_, outcome) = sent(|| told(403, "OperationFailed", FORBIDDEN)).await;
    let Err(Fault::SendForbidden { object_id, rule, .. }) = outcome else { panic!("{outcome:?}") };
    assert_eq!(object_id.as_deref(), Some("00000000-0000-0000-0000-000000000007"));
    assert_eq!(rule, RULE);
}

#[tokio::test]
async fn an_error_without_a_body_is_an_error_all_the_same() {
    let (_, outcome) = sent(|| axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response()).await;
    assert_eq!(outcome.unwrap_err().code(), "partner-error");
    let named = || (axum::http::StatusCode::BAD_REQUEST, [("x-ms-error-code", "InvalidStream")]).into_response();
    assert_eq!(sent(named).await.1.unwrap_err().code(), "stream-unknown");
}

#[rstest]
#[case("retry-after", "17", 17)]
#[case("retry-after-ms", "1500", 2)]
#[case("x-ms-retry-after-ms", "90000", 90)]
#[tokio::test]
async fn a_throttled_request_says_for_how_long(
    #[case] name: &'static str,
    #[case] value: &'static str,
    #[case] wait: u64,
) {
    let answer = move || ([(name, value)], told(429, "TooManyRequests", "")).into_response();
    assert_eq!(sent(answer).await.1.unwrap_err().retry(), Retry::After(wait));
}

#[tokio::test]
async fn a_retry_after_with_a_date_is_understood() {
    let later = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(40);
    let later = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&later).unwrap();
    let (_, outcome) = sent(move || ([("retry-after", later.clone())], told(429, "x", "")).into_response()).await;
    let Retry::After(seconds) = outcome.unwrap_err().retry() else { panic!("no wait") };
    assert!((30..=41).contains(&seconds), "{seconds}");
}

#[tokio::test]
async fn a_refused_token_is_replaced_once() {
    let tries = AtomicUsize::new(0);
    let tries: &'static AtomicUsize = Box::leak(Box::new(tries));
    let (fake, outcome) = sent(move || match tries.fetch_add(1, Ordering::SeqCst) {
        0 => told(401, "InvalidToken", "expired"),
        _ => axum::http::StatusCode::NO_CONTENT.into_response(),
    })
    .await;
    assert_eq!(outcome, Ok(()));
    let bearers: Vec<_> = fake.seen().iter().map(|seen| seen.bearer().unwrap().to_owned()).collect();
    assert_eq!(bearers, ["t0ken-0", "t0ken-1"]);
    let (fake, outcome) = sent(|| told(401, "InvalidAudience", "wrong audience t0ken-1")).await;
    let fault = outcome.unwrap_err();
    assert_eq!((fault.code(), fault.exit_code(), fake.seen().len()), ("azure-token-refused", 3, 2));
    assert!(!format!("{fault:?}").contains("t0ken"), "{fault:?}");
}

#[tokio::test]
async fn a_token_never_follows_a_redirect() {
    let elsewhere: &'static Mutex<Option<Fake>> = Box::leak(Box::new(Mutex::new(None)));
    let other = Fake::start(|_| axum::http::StatusCode::NO_CONTENT).await;
    let target = format!("{}/x", other.url);
    *elsewhere.lock().unwrap() = Some(other);
    let (_, outcome) =
        sent(move || (axum::http::StatusCode::TEMPORARY_REDIRECT, [("location", target.clone())]).into_response())
            .await;
    assert_eq!(outcome.unwrap_err().code(), "redirected");
    assert!(elsewhere.lock().unwrap().as_ref().unwrap().seen().is_empty());
}

#[tokio::test]
async fn only_204_is_acceptance() {
    for answer in [html(200, "<html>sign in to the network</html>"), reply(200, &Value::Null), html(404, "nginx")] {
        let once: &'static Mutex<Option<Response>> = Box::leak(Box::new(Mutex::new(Some(answer))));
        let (_, outcome) = sent(|| once.lock().unwrap().take().unwrap()).await;
        assert_eq!(outcome.unwrap_err().code(), "not-json");
    }
}

#[tokio::test]
async fn a_cut_reply_is_no_acceptance() {
    let server = raw(b"HTTP/1.1 2", false).await;
    let fault = send_to(&server).await.unwrap_err();
    assert_eq!((fault.code(), fault.retry()), ("connection-lost", Retry::Yes));
    assert!(matches!(fault, Fault::Elsewhere { service: Service::Ingestion, .. }), "{fault:?}");
}
