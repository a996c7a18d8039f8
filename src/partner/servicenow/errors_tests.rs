use reqwest::header::HeaderMap;
use rstest::rstest;

use super::*;

const NOW: &str = "2026-11-22T10:00:00Z";

fn reply(status: u16, content_type: &str, body: &str, headers: &[(&'static str, &str)]) -> Reply {
    let mut map = HeaderMap::new();
    map.insert("content-type", content_type.parse().unwrap());
    for (name, value) in headers {
        map.insert(*name, value.parse().unwrap());
    }
    Reply { host: "h".into(), status, headers: map, body: body.into(), came: 0, room: None }
}

fn fault(status: u16, content_type: &str, body: &str, headers: &[(&'static str, &str)]) -> Fault {
    let reply = reply(status, content_type, body, headers);
    let Err(fault) = check(reply, "incident", NOW.parse().unwrap()) else { panic!("taken for a success") };
    fault
}

fn json(status: u16, message: &str, detail: Option<&str>) -> Fault {
    let body = serde_json::json!({"status": "failure", "error": {"detail": detail, "message": message}});
    fault(status, "application/json;charset=UTF-8", &body.to_string(), &[("x-transaction-id", "t1")])
}

#[rstest]
#[case(400, "Invalid table x", None, "no-such-table")]
#[case(400, "Invalid table x", Some("Table x does not exist"), "no-such-table")]
#[case(400, "Requested URI does not represent any resource", None, "partner-error")]
#[case(401, "User Not Authenticated", Some("Required to provide Auth information"), "not-authenticated")]
#[case(401, "User is not authenticated", None, "not-authenticated")]
#[case(403, "Operation Failed", Some("ACL Exception Update Failed due to security constraints"), "forbidden")]
#[case(
    403,
    "Insufficient rights to query records",
    Some("Field(s) present in the query do not have permission to be read"),
    "forbidden"
)]
#[case(403, "User Not Authorized", Some("Failed API level ACL Validation"), "forbidden")]
#[case(404, "No Record found", Some("Record doesn't exist or ACL restricts the record retrieval"), "not-found")]
#[case(405, "Method not supported", None, "partner-error")]
#[case(406, "Not acceptable", None, "partner-error")]
#[case(415, "Unsupported media type", None, "partner-error")]
#[case(429, "Rate limit exceeded", Some("Rate limit of 7 requests per hour for Table API exceeded"), "rate-limited")]
#[case(
    500,
    "Transaction cancelled: maximum execution time exceeded",
    Some("Check logs for error trace."),
    "partner-timed-out"
)]
#[case(500, "Something", None, "partner-error")]
fn each_error_of_the_product_is_told_apart(
    #[case] status: u16,
    #[case] message: &str,
    #[case] detail: Option<&str>,
    #[case] code: &str,
) {
    assert_eq!(json(status, message, detail).code(), code);
}

#[rstest]
#[case(200, "<title>Instance Hibernating page</title>", "hibernating")]
#[case(503, "<div class=\"instance-hibernating-page\">", "hibernating")]
#[case(200, "<form action=\"login.do\"><input id=\"user_password\" type=\"password\"></form>", "login-page")]
#[case(200, "<p>hello</p>", "not-json")]
#[case(404, "<p>nothing here</p>", "not-json")]
#[case(401, "<p>no</p>", "not-authenticated")]
#[case(403, "<p>no</p>", "forbidden")]
#[case(502, "", "partner-error")]
#[case(503, "<title>Down for maintenance</title>", "partner-error")]
#[case(504, "", "partner-timed-out")]
#[case(429, "", "rate-limited")]
fn pages_are_told_apart(#[case] status: u16, #[case] body: &str, #[case] code: &str) {
    assert_eq!(fault(status, "text/html", body, &[]).code(), code);
}

#[rstest]
#[case("/login_redirect.do?sysparm_stack=no", "login-page")]
#[case("https://h/navpage.do", "login-page")]
#[case("https://idp.example/adfs/ls?SAMLRequest=x", "login-page")]
#[case("https://developer.servicenow.com/dev.do", "hibernating")]
#[case("https://elsewhere.example/x", "redirected")]
fn redirects_are_looked_at_and_not_followed(#[case] location: &str, #[case] code: &str) {
    assert_eq!(fault(302, "text/html", "", &[("location", location)]).code(), code);
}

#[rstest]
#[case(&[("retry-after", "17")], 17)]
#[case(&[("retry-after", "Sun, 22 Nov 2026 10:05:00 GMT")], 300)]
#[case(&[("x-ratelimit-reset", "1795341660")], 60)]
#[case(&[], 60)]
#[case(&[("retry-after", "0")], 1)]
fn a_rate_limit_says_how_long(#[case] headers: &[(&'static str, &str)], #[case] seconds: u64) {
    let now: Timestamp = NOW.parse().unwrap();
    assert_eq!(now.as_second() + 60, 1_795_341_660);
    let mut headers = headers.to_vec();
    headers.extend([("x-ratelimit-limit", "500"), ("x-ratelimit-rule", "abc")]);
    let expected = Fault::RateLimited { retry_after_seconds: seconds, limit: Some(500), rule: Some("abc".to_owned()) };
    assert_eq!(fault(429, "application/json", "{}", &headers), expected);
}

#[test]
fn the_transaction_is_kept_for_support() {
    let Fault::PartnerError { status, message, detail, transaction } = json(500, "No\u{1b}[2J", Some("why")) else {
        panic!()
    };
    assert_eq!((status, message.as_str(), detail.as_str()), (500, "No[2J", "why"));
    assert_eq!(transaction.as_deref(), Some("t1"));
}

#[rstest]
#[case("{}")]
#[case("[]")]
#[case("{\"error\":\"text\"}")]
#[case("{\"error\":{\"message\":5,\"detail\":[1]}}")]
#[case("{\"error\":{\"message\":null}}")]
#[case("not json")]
fn an_error_without_its_shape_is_an_error_still(#[case] body: &str) {
    assert_eq!(fault(500, "application/json", body, &[]).code(), "partner-error");
    assert_eq!(fault(403, "application/json", body, &[]).code(), "forbidden");
}

#[test]
fn long_texts_are_cut() {
    assert_eq!(short(&"é".repeat(900)).chars().count(), TEXT_LIMIT + 1);
}
