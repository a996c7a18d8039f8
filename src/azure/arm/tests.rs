use super::*;
use crate::net::testing::{Fake, html, json, url};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use rstest::rstest;
use serde_json::{Value, json};

async fn arm(answer: impl Fn(&str) -> Response + Send + Sync + Clone + 'static) -> (Fake, Arm) {
    let fake = Fake::start(move |seen| answer(&seen.path)).await;
    let arm = Arm::new(&url(&fake.url), Secret::new("t0ken"), &HttpConfig::default()).unwrap();
    (fake, arm)
}

fn told(status: u16, code: &str) -> Response {
    json(status, &json!({ "error": { "code": code, "message": format!("{code} it is.") } }))
}

async fn answered(answer: impl Fn() -> Response + Send + Sync + Clone + 'static) -> Result<Option<Value>, Fault> {
    let (fake, arm) = arm(move |_| answer()).await;
    let got = arm.get("/subscriptions/s?api-version=1").await;
    assert_eq!(fake.seen()[0].bearer(), Some("t0ken"));
    got
}

#[tokio::test]
async fn what_azure_says_is_not_there_is_not_there() {
    for code in ["ResourceNotFound", "ResourceGroupNotFound", "SubscriptionNotFound"] {
        assert_eq!(answered(move || told(404, code)).await, Ok(None), "{code}");
    }
}

#[rstest]
#[case(401, "InvalidAuthenticationToken", "not-authenticated")]
#[case(403, "AuthorizationFailed", "azure-forbidden")]
#[case(429, "SubscriptionRequestsThrottled", "rate-limited")]
#[case(409, "Conflict", "partner-error")]
#[case(503, "ServerTimeout", "partner-error")]
#[tokio::test]
async fn each_error_is_its_own_fault(#[case] status: u16, #[case] code: &'static str, #[case] fault: &str) {
    let got = answered(move || told(status, code)).await.unwrap_err();
    assert_eq!(got.code(), fault);
    assert!(format!("{got:?}").contains(code), "{got:?}");
}

#[tokio::test]
async fn what_is_not_azures_answer_says_nothing() {
    let missing = answered(|| html(404, "<h1>Not found</h1>")).await.unwrap_err();
    assert_eq!(missing.code(), "not-json", "{missing:?}");
    let page = answered(|| html(200, "<html>sign in</html>")).await.unwrap_err();
    assert_eq!(page.code(), "not-json", "{page:?}");
    let bare = answered(|| json(404, &json!({ "message": "no route" }))).await.unwrap_err();
    assert_eq!(bare.code(), "partner-error", "{bare:?}");
    let cut = answered(|| ([("content-type", "application/json")], "{\"id\":\"s3cret").into_response()).await;
    let cut = cut.unwrap_err();
    assert!(cut.code() == "malformed" && !format!("{cut:?}").contains("s3cret"), "{cut:?}");
}

#[tokio::test]
async fn an_error_with_status_200_is_no_resource() {
    let refused = answered(|| told(200, "ResourceNotFound")).await.unwrap_err();
    let Fault::PartnerError { status: 200, message, .. } = inner(&refused) else { panic!("{refused:?}") };
    assert_eq!(message, "ResourceNotFound");
    let odd = answered(|| json(200, &json!({ "error": "no route" }))).await.unwrap_err();
    assert_eq!(odd.code(), "partner-error", "{odd:?}");
    // A resource may tell of its last error, and an operation of its end.
    for error in [json!(null), json!({ "code": "Conflict", "message": "x" })] {
        let resource = json!({ "id": "/s", "properties": {}, "error": error });
        let expected = resource.clone();
        assert_eq!(answered(move || json(200, &resource)).await, Ok(Some(expected)));
    }
}

#[tokio::test]
async fn an_answer_with_nothing_in_it_is_no_resource() {
    for nothing in ["{}", " { } ", "[]", "null", ""] {
        let got = answered(move || ([("content-type", "application/json")], nothing).into_response()).await;
        assert_eq!(got.unwrap_err().code(), "malformed", "{nothing}");
    }
}

fn inner(fault: &Fault) -> &Fault {
    if let Fault::Elsewhere { fault, .. } = fault { fault } else { fault }
}

#[tokio::test]
async fn a_throttled_request_says_for_how_long() {
    let throttled = || ([("retry-after", "17")], told(429, "TooManyRequests")).into_response();
    let got = answered(throttled).await.unwrap_err();
    assert_eq!(got.retry(), crate::model::fault::Retry::After(17));
}

#[tokio::test]
async fn a_list_is_followed_to_its_end_on_its_own_server() {
    let fake = Fake::start(|seen| {
        let base = format!("http://{}", seen.headers["host"].to_str().unwrap());
        let page = match seen.get("page") {
            None => json!({ "value": ["a"], "nextLink": format!("{base}/list?page=2") }),
            Some("2") => json!({ "value": ["b", "c"], "nextLink": "" }),
            Some(_) => json!({ "value": ["x"], "nextLink": "https://elsewhere.example/list" }),
        };
        json(200, &page)
    })
    .await;
    let arm = Arm::new(&url(&fake.url), Secret::new("t0ken"), &HttpConfig::default()).unwrap();
    assert_eq!(arm.list::<String>("/list").await.unwrap(), ["a", "b", "c"]);
    let fault = arm.list::<String>("/list?page=3").await.unwrap_err();
    assert!(matches!(fault, Fault::Redirected { .. }), "{fault:?}");
    assert_eq!(fake.paths().len(), 3);
}

#[tokio::test]
async fn a_list_without_an_end_is_given_up() {
    let fake = Fake::start(|seen| {
        let base = format!("http://{}", seen.headers["host"].to_str().unwrap());
        json(200, &json!({ "value": ["a"], "nextLink": format!("{base}/list") }))
    })
    .await;
    let arm = Arm::new(&url(&fake.url), Secret::new("t0ken"), &HttpConfig::default()).unwrap();
    assert!(matches!(arm.list::<String>("/list").await, Err(Fault::Malformed { .. })));
    assert_eq!(fake.paths().len(), PAGES);
}

#[tokio::test]
async fn a_link_of_another_host_that_begins_alike_is_elsewhere() {
    let (_, arm) = arm(|_| told(404, "x")).await;
    for link in ["9/list", ".evil.example/list", "@evil.example/list"] {
        let link = format!("{}{link}", arm.http.base());
        assert!(matches!(arm.own(&link), Err(Fault::Redirected { .. })), "{link}");
    }
}

mod changes {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::azure::arm::change::Change;
    use crate::net::http::Method;
    use crate::net::testing::Seen;

    fn base(seen: &Seen) -> String {
        format!("http://{}", seen.headers["host"].to_str().unwrap())
    }

    /// A server whose operation answers these statuses, one after the other.
    async fn operating(header: &'static str, answers: Vec<Value>) -> (Fake, Arm) {
        let asked = Arc::new(AtomicUsize::new(0));
        let fake = Fake::start(move |seen| match seen.path.as_str() {
            "/tables/a" => {
                ([(header, format!("{}/operations/1?api-version=1", base(seen)))], StatusCode::ACCEPTED).into_response()
            }
            _ => {
                let turn = asked.fetch_add(1, Ordering::SeqCst);
                json(200, &answers[turn.min(answers.len() - 1)])
            }
        })
        .await;
        let arm = Arm::new(&url(&fake.url), Secret::new("t0ken"), &HttpConfig::default()).unwrap();
        (fake, arm)
    }

    fn put() -> Change {
        Change { method: Method::PUT, path: "/tables/a?api-version=1".to_owned(), body: Some(json!({ "a": 1 })) }
    }

    #[tokio::test]
    async fn an_operation_is_asked_about_until_it_has_ended() {
        let (fake, arm) = operating(
            "azure-asyncoperation",
            vec![json!({ "status": "InProgress" }), json!({ "status": "Updating" }), json!({ "status": "Succeeded" })],
        )
        .await;
        assert_eq!(arm.change(&put()).await, Ok(None));
        assert_eq!(fake.paths().len(), 4);
        assert!(fake.seen().iter().all(|seen| seen.bearer() == Some("t0ken")));
    }

    #[tokio::test]
    async fn s10_an_operation_that_failed_with_status_200_is_a_failure() {
        let failed = json!({ "status": "Failed", "error": {
            "code": "SchemaUpdateFatalError", "message": "TimeGenerated is missing.",
            "details": [{ "code": "x", "message": "Or no datetime." }],
        }});
        let (_, arm) = operating("azure-asyncoperation", vec![failed]).await;
        let fault = arm.change(&put()).await.unwrap_err();
        let Fault::OperationFailed { what, error_code, detail } = fault else { panic!("{fault:?}") };
        assert_eq!((what.as_str(), error_code.as_str()), ("/tables/a", "SchemaUpdateFatalError"));
        assert_eq!(detail, "TimeGenerated is missing. Or no datetime.");
    }

    #[tokio::test]
    async fn an_operation_by_its_location_ends_with_its_result() {
        let (fake, arm) = operating("location", vec![json!({ "id": "x" })]).await;
        assert_eq!(arm.change(&put()).await, Ok(None));
        assert_eq!(fake.paths().len(), 2);
    }

    #[tokio::test]
    async fn an_operation_elsewhere_is_not_asked_about() {
        let fake = Fake::start(|_| {
            ([("azure-asyncoperation", "https://elsewhere.example/op")], StatusCode::ACCEPTED).into_response()
        })
        .await;
        let arm = Arm::new(&url(&fake.url), Secret::new("t0ken"), &HttpConfig::default()).unwrap();
        let fault = arm.change(&put()).await.unwrap_err();
        assert_eq!((fault.code(), fake.paths().len()), ("redirected", 1));
    }

    #[tokio::test]
    async fn a_resource_that_is_still_made_is_waited_for() {
        let asked = Arc::new(AtomicUsize::new(0));
        let fake = Fake::start(move |_| {
            let state = if asked.fetch_add(1, Ordering::SeqCst) < 2 { "Updating" } else { "Succeeded" };
            json(200, &json!({ "properties": { "provisioningState": state } }))
        })
        .await;
        let arm = Arm::new(&url(&fake.url), Secret::new("t0ken"), &HttpConfig::default()).unwrap();
        let made = arm.change(&put()).await.unwrap().unwrap();
        assert_eq!(made["properties"]["provisioningState"], "Succeeded");
        assert_eq!(fake.paths().len(), 3);
    }

    #[tokio::test]
    async fn a_refused_change_tells_every_cause() {
        let fake = Fake::start(|_| {
            json(
                400,
                &json!({ "error": { "code": "InvalidPayload", "message": "Data collection rule is invalid",
                "details": [{ "code": "InvalidOutputTable", "message": "Table x is not available." }] } }),
            )
        })
        .await;
        let arm = Arm::new(&url(&fake.url), Secret::new("t0ken"), &HttpConfig::default()).unwrap();
        let fault = arm.change(&put()).await.unwrap_err();
        let told = serde_json::to_string(&fault).unwrap();
        assert!(told.contains("InvalidPayload") && told.contains("InvalidOutputTable: Table x"), "{told}");
        let gone = Fake::start(|_| told_(404, "ParentResourceNotFound")).await;
        let arm = Arm::new(&url(&gone.url), Secret::new("t0ken"), &HttpConfig::default()).unwrap();
        assert_eq!(arm.change(&put()).await.unwrap_err().code(), "partner-error");
    }

    fn told_(status: u16, code: &str) -> Response {
        super::told(status, code)
    }
}

#[tokio::test]
async fn a_part_of_a_list_is_no_list() {
    for rest in ["gone", "error"] {
        let fake = Fake::start(move |seen| {
            let base = format!("http://{}", seen.headers["host"].to_str().unwrap());
            match (seen.get("page"), rest) {
                (None, _) => json(200, &json!({ "value": ["a"], "nextLink": format!("{base}/list?page=2") })),
                (_, "gone") => told(404, "NotFound"),
                _ => json(200, &json!({ "value": ["b"], "error": { "code": "PartialError", "message": "x" } })),
            }
        })
        .await;
        let arm = Arm::new(&url(&fake.url), Secret::new("t0ken"), &HttpConfig::default()).unwrap();
        let listed = arm.list::<String>("/list").await;
        assert!(matches!(listed, Err(Fault::Malformed { .. })), "{rest}: {listed:?}");
    }
}
