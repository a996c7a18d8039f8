//! Servers that are something other than the product, at each product's first steps.

use axum::response::{IntoResponse as _, Response};
use rstest::rstest;

use crate::model::check::{Status, Step, StepId};
use crate::model::fault::Fault;
use crate::model::form::FieldId;
use crate::net::http::{Http, HttpConfig};
use crate::net::testing::{Fake, html, json, url};

use super::{Marks, judged};

const MARKS: [&Marks; 4] = [
    &crate::partner::servicenow::MARKS,
    &crate::partner::provance::MARKS,
    &crate::partner::service_manager::MARKS,
    &crate::partner::cherwell::MARKS,
];

fn page(status: u16, body: &'static str) -> Response {
    let mut page = html(status, body);
    page.headers_mut().insert("server", "SimpleHTTP/0.6 Python/3.12".parse().unwrap());
    page
}

fn other_api(status: u16) -> Response {
    json(status, &serde_json::json!({"message": "Not Found", "ok": false}))
}

async fn judge(marks: &Marks, answer: fn() -> Response, fault: Fault) -> Step {
    let fake = Fake::start(move |_| answer()).await;
    let http = Http::new(&url(&fake.url), &HttpConfig::default()).unwrap();
    judged(marks, &http, "/", Step::failed(StepId::SignIn, fault, Some(FieldId::Password))).await
}

#[rstest]
#[case::html_501(|| page(501, "<TITLE lang=x>Error response</TITLE>"), 501, Some("Error response"))]
#[case::html_405(|| page(405, "<h1>no</h1>"), 405, None)]
#[case::html_404(|| page(404, "<title>404</title>"), 404, Some("404"))]
#[case::html_200(|| page(200, "<title>Welcome to nginx!</title>"), 200, Some("Welcome to nginx!"))]
#[case::json_200(|| other_api(200), 200, None)]
#[case::json_404(|| other_api(404), 404, None)]
#[case::captive_portal(|| page(511, "<title>Hotel Wi-Fi</title><input type=\"password\">"), 511, Some("Hotel Wi-Fi"))]
#[case::jira(|| page(200, "<title>Log in - Jira</title>"), 200, Some("Log in - Jira"))]
#[case::nothing(|| ().into_response(), 200, None)]
#[tokio::test]
async fn a9_what_is_not_the_product_is_told_with_what_came(
    #[case] answer: fn() -> Response,
    #[case] came: u16,
    #[case] titled: Option<&str>,
) {
    for marks in MARKS {
        let step = judge(marks, answer, Fault::Malformed { what: "token".into(), detail: "no token".into() }).await;
        let Some(Fault::NotTheProduct { product, status, title, .. }) = step.fault else { panic!("{:?}", step.fault) };
        assert_eq!((product.as_str(), status, title.as_deref()), (marks.product, came, titled));
        assert_eq!((step.status, step.field), (Status::Failed, Some(FieldId::ServerUrl)));
    }
}

#[rstest]
#[case::overloaded(|| page(503, "busy"))]
#[case::gateway(|| page(403, "<title>Blocked</title>"))]
#[case::challenge(|| page(401, "who are you?"))]
#[tokio::test]
async fn a9_what_may_stand_before_the_product_proves_nothing(#[case] answer: fn() -> Response) {
    let fault = Fault::Malformed { what: "token".into(), detail: "no token".into() };
    for marks in MARKS {
        assert_eq!(judge(marks, answer, fault.clone()).await.fault, Some(fault.clone()));
    }
}

#[tokio::test]
async fn a9_a_refused_password_is_no_sign_of_another_product() {
    let fault = Fault::SignInRefused { host: "h".into(), detail: "access_denied".into() };
    for marks in MARKS {
        assert_eq!(judge(marks, || page(404, ""), fault.clone()).await.fault, Some(fault.clone()));
    }
}
