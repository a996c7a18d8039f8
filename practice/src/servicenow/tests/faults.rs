use std::time::Duration;

use super::*;
use crate::servicenow::{FaultKind, FaultSpec};

const PATH: &str = "/api/now/table/incident";
const PAGE: [(&str, &str); 2] = [("sysparm_query", ORDER), ("sysparm_limit", "20")];

async fn befallen(kind: FaultKind) -> (Practice, Response) {
    let practice = Practice::small().await;
    practice.control().fault(FaultSpec::new(kind));
    let reply = practice.get(PATH, &PAGE).await;
    (practice, reply)
}

async fn recovered(practice: &Practice) -> Vec<Value> {
    let rows = practice.rows("incident", &PAGE).await;
    assert_eq!(rows.len(), 20);
    assert!(practice.control().faults().is_empty());
    rows
}

#[tokio::test]
async fn rate_limited_says_when_in_seconds_or_as_a_date() {
    let practice = Practice::small().await;
    practice.control().fault(FaultSpec { retry_after: 7, ..FaultSpec::new(FaultKind::RateLimited) });
    practice.control().fault(FaultSpec { http_date: true, ..FaultSpec::new(FaultKind::RateLimited) }.after(1));
    let (seconds, date) = (practice.get(PATH, &PAGE).await, practice.get(PATH, &PAGE).await);
    assert_eq!(seconds.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(header(&seconds, "retry-after").unwrap(), "7");
    assert!(header(&date, "retry-after").unwrap().ends_with(" GMT"));
    recovered(&practice).await;
}

#[tokio::test]
async fn truncated_is_two_hundred_and_no_json() {
    let (practice, reply) = befallen(FaultKind::Truncated).await;
    assert_eq!(reply.status(), StatusCode::OK);
    let text = reply.text().await.unwrap();
    assert!(text.contains(",}\"\"],\"error\":{") && text.ends_with("\"status\":\"failure\"}"), "{text}");
    assert!(serde_json::from_str::<Value>(&text).is_err());
    recovered(&practice).await;
}

#[tokio::test]
async fn result_and_error_is_valid_json_with_both() {
    let (practice, reply) = befallen(FaultKind::ResultAndError).await;
    let body = json(reply).await;
    assert!(body["result"].is_array() && body["error"]["message"].is_string());
    recovered(&practice).await;
}

#[rstest::rstest]
#[case(FaultKind::Hibernating, 200, "Your instance is hibernating")]
#[case(FaultKind::LoginPage, 200, "user_password")]
#[case(FaultKind::Unavailable, 503, "Service Unavailable")]
#[tokio::test]
async fn pages_for_people_come_instead_of_json(#[case] kind: FaultKind, #[case] status: u16, #[case] part: &str) {
    let (practice, reply) = befallen(kind).await;
    assert_eq!(reply.status().as_u16(), status);
    assert!(header(&reply, "content-type").unwrap().starts_with("text/html"));
    assert!(reply.text().await.unwrap().contains(part));
    recovered(&practice).await;
}

#[tokio::test]
async fn hibernation_befalls_the_token_endpoint_too() {
    let practice = Practice::small().await;
    practice.control().fault(FaultSpec::new(FaultKind::Hibernating));
    let reply = practice.password_grant(&practice.server.sign_in().password).await;
    assert_eq!(reply.status(), StatusCode::OK);
    assert!(reply.text().await.unwrap().contains("instance-hibernating-page"));
}

#[tokio::test]
async fn a_login_redirect_leads_to_a_login_page() {
    let (practice, reply) = befallen(FaultKind::LoginRedirect).await;
    assert_eq!(reply.status(), StatusCode::FOUND);
    let target = header(&reply, "location").unwrap();
    assert!(target.ends_with("/login_redirect.do"));
    let page = practice.client.get(target).send().await.unwrap();
    assert!(page.text().await.unwrap().contains("user_password"));
}

#[tokio::test]
async fn a_reset_cuts_the_body() {
    let (practice, reply) = befallen(FaultKind::Reset).await;
    assert_eq!(reply.status(), StatusCode::OK);
    assert!(reply.text().await.is_err());
    recovered(&practice).await;
}

#[tokio::test]
async fn a_stall_sends_some_and_then_nothing() {
    let (practice, mut reply) = befallen(FaultKind::Stall).await;
    assert!(!reply.chunk().await.unwrap().unwrap().is_empty());
    let rest = async move { while reply.chunk().await.unwrap().is_some() {} };
    assert!(tokio::time::timeout(Duration::from_millis(300), rest).await.is_err(), "it ended");
    recovered(&practice).await;
}

#[tokio::test]
async fn a_huge_body_does_not_end() {
    let (practice, mut reply) = befallen(FaultKind::HugeBody).await;
    let mut read = 0;
    while read < 20_000_000 {
        read += reply.chunk().await.unwrap().unwrap().len();
    }
    drop(reply);
    recovered(&practice).await;
}

#[tokio::test]
async fn out_of_order_has_the_same_rows_in_another_order() {
    let (practice, reply) = befallen(FaultKind::OutOfOrder).await;
    let mut shuffled = texts(json(reply).await["result"].as_array().unwrap(), "sys_id");
    let mut right = texts(&recovered(&practice).await, "sys_id");
    assert_ne!(shuffled, right);
    shuffled.sort();
    right.sort();
    assert_eq!(shuffled, right);
}

#[tokio::test]
async fn a_dropped_filter_brings_rows_below_the_bookmark() {
    let practice = Practice::small().await;
    let rows = practice.control().rows("incident");
    let query = format!("sys_updated_on>{}^{ORDER}", rows[100]["sys_updated_on"].value);
    practice.control().fault(FaultSpec::new(FaultKind::FilterIgnored));
    let wrong = practice.incidents(&query).await;
    assert_eq!(texts(&wrong, "sys_id")[0], rows[0]["sys_id"].value);
    assert!(practice.incidents(&query).await.len() <= 19);
}

#[tokio::test]
async fn an_empty_page_still_counts_what_is_left() {
    let (practice, reply) = befallen(FaultKind::EmptyPage).await;
    assert_eq!(header(&reply, "x-total-count").unwrap(), "120");
    assert_eq!(json(reply).await["result"], serde_json::json!([]));
    recovered(&practice).await;
}

#[tokio::test]
async fn hidden_rows_are_blank_or_missing() {
    let practice = Practice::small().await;
    practice.control().fault(FaultSpec { limit: 6, ..FaultSpec::new(FaultKind::HiddenRows) });
    let rows = practice.rows("incident", &PAGE).await;
    assert_eq!(rows.len(), 17);
    assert_eq!(rows.iter().filter(|row| **row == serde_json::json!({})).count(), 3);
}

#[tokio::test]
async fn a_big_limit_is_cancelled_and_a_small_one_works() {
    let practice = Practice::small().await;
    practice.control().fault(FaultSpec { limit: 50, ..FaultSpec::new(FaultKind::TransactionCancelled) }.times(0));
    let reply = practice.get(PATH, &[("sysparm_limit", "51")]).await;
    assert_eq!(reply.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert!(json(reply).await["error"]["message"].as_str().unwrap().starts_with("Transaction cancelled"));
    assert_eq!(practice.rows("incident", &[("sysparm_limit", "50")]).await.len(), 50);
}

#[tokio::test]
async fn a_token_is_revoked_in_the_middle_of_a_sync() {
    let practice = Practice::small().await;
    practice.control().fault(FaultSpec::new(FaultKind::TokenRevoked).after(1));
    let statuses = [practice.get(PATH, &PAGE).await.status(), practice.get(PATH, &PAGE).await.status()];
    assert_eq!(statuses, [StatusCode::OK, StatusCode::UNAUTHORIZED]);
    assert_ne!(practice.sign_in().await, practice.token);
}

#[tokio::test]
async fn the_refresh_token_can_die_while_the_access_token_lives() {
    let practice = Practice::small().await;
    let tokens = json(practice.password_grant(&practice.server.sign_in().password).await).await;
    practice.control().fault(FaultSpec::new(FaultKind::RefreshRevoked));
    assert_eq!(practice.get(PATH, &PAGE).await.status(), StatusCode::OK);
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let reply = practice.grant(&[("grant_type", "refresh_token"), ("refresh_token", refresh)]).await;
    assert_eq!(reply.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_title_can_hold_escape_sequences() {
    let (practice, reply) = befallen(FaultKind::EscapeSequences).await;
    let title = json(reply).await["result"][0]["short_description"].as_str().unwrap().to_owned();
    for hostile in ['\u{1b}', '\u{9b}', '\u{7}', '\u{202e}', '\u{2066}', '\u{0}'] {
        assert!(title.contains(hostile), "{hostile:?}");
    }
    assert!(!texts(&recovered(&practice).await, "short_description")[0].contains('\u{1b}'));
}

#[tokio::test]
async fn types_can_be_wrong() {
    let (practice, reply) = befallen(FaultKind::WrongTypes).await;
    let row = json(reply).await["result"][0].clone();
    assert!(row["state"].is_number() && row["active"].is_boolean() && row["short_description"].is_object());
    assert!(row["priority"].is_null() && row["caller_id"].is_array());
    recovered(&practice).await;
}

#[tokio::test]
async fn the_clock_can_be_off() {
    let practice = Practice::small().await;
    practice.control().fault(FaultSpec { seconds: -7200, ..FaultSpec::new(FaultKind::ClockSkew) });
    let dates = [practice.get(PATH, &PAGE).await, practice.get(PATH, &PAGE).await].map(|reply| header(&reply, "date"));
    let seconds = dates.map(|date| jiff::fmt::rfc2822::parse(&date.unwrap()).unwrap().timestamp().as_second());
    assert!((7195..7300).contains(&(seconds[1] - seconds[0])), "{seconds:?}");
}

#[tokio::test]
async fn json_can_be_no_json_and_rights_can_lack() {
    let (practice, reply) = befallen(FaultKind::NotJson).await;
    assert!(header(&reply, "content-type").unwrap().starts_with("application/json"));
    assert!(serde_json::from_str::<Value>(&reply.text().await.unwrap()).is_err());
    practice.control().fault(FaultSpec::new(FaultKind::Forbidden));
    assert_eq!(practice.get(PATH, &PAGE).await.status(), StatusCode::FORBIDDEN);
    recovered(&practice).await;
}

#[tokio::test]
async fn an_answer_can_be_slow() {
    let practice = Practice::small().await;
    practice.control().fault(FaultSpec { millis: 60_000, ..FaultSpec::new(FaultKind::Slow) });
    let slow = tokio::time::timeout(Duration::from_millis(300), practice.get(PATH, &PAGE)).await;
    assert!(slow.is_err());
    recovered(&practice).await;
}
