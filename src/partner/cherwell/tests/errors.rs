//! Every reply that is no success, against the fault it is.

use axum::response::IntoResponse as _;
use rstest::rstest;
use serde_json::json;

use super::*;
use crate::model::fault::Retry;
use crate::partner::testing::{Fake, Seen, html, json as reply};

const NEVER: Retry = Retry::No;

fn envelope(code: &str, message: &str, name: &str) -> String {
    json!({"errorCode": code, "errorMessage": message, "hasError": true, "httpStatusCode": name}).to_string()
}

/// A server that gives tokens, and answers all else with this.
async fn answering(status: u16, kind: &'static str, body: String) -> (Fake, Cherwell) {
    let fake = Fake::start(move |seen: &Seen| {
        if seen.path.ends_with("/token") {
            let token = json!({"access_token": "access", "refresh_token": "refresh", "expires_in": 1199});
            return reply(200, &token);
        }
        let status = axum::http::StatusCode::from_u16(status).unwrap();
        (status, [("content-type", kind)], body.clone()).into_response()
    })
    .await;
    let partner = client(&fake.url, Some("p&ss=+"), &Arc::new(Memory::default()), &[]);
    (fake, partner)
}

const JSON: &str = "application/json; charset=utf-8";
const HTML: &str = "text/html";

fn what() -> String {
    "Incident".to_owned()
}

#[rstest]
#[case::no_record(500, JSON, envelope("RECORDNOTFOUND", "Record not found", "InternalServerError"),
    Fault::NotFound { what: what() }, NEVER)]
#[case::spelled_otherwise(500, JSON, envelope("RecordNotFound", "Record not found", "Continue"),
    Fault::NotFound { what: what() }, NEVER)]
#[case::no_search(500, JSON, envelope("SEARCHNOTFOUND", "The requested search was not found : ", ""),
    Fault::NotFound { what: what() }, NEVER)]
#[case::no_object(500, JSON,
    envelope("GENERALFAILURE", "Business object with X not found\r\nParameter name: BusObId", "InternalServerError"),
    Fault::NoSuchObject { object: what() }, NEVER)]
#[case::another_failure(500, JSON, envelope("GENERALFAILURE", "Object reference not set", "InternalServerError"),
    Fault::PartnerRefused { what: what(), error_code: "GENERALFAILURE".into(), detail: "Object reference not set".into() }, NEVER)]
#[case::no_rights(500, JSON, envelope("INSUFFICIENTRIGHTS", "You are not authorized to view this object", ""),
    Fault::Forbidden { what: what(), detail: "You are not authorized to view this object".into() }, NEVER)]
#[case::no_rights_as_such(403, JSON, envelope("INSUFFICIENTRIGHTS", "Insufficient rights to view personas", "Forbidden"),
    Fault::Forbidden { what: what(), detail: "Insufficient rights to view personas".into() }, NEVER)]
#[case::an_error_within_200(200, JSON, envelope("GENERALFAILURE", "no", "OK"),
    Fault::PartnerRefused { what: what(), error_code: "GENERALFAILURE".into(), detail: "no".into() }, NEVER)]
#[case::an_error_without_a_code(200, JSON, r#"{"hasError":true,"errorMessage":"no"}"#.to_owned(),
    Fault::PartnerRefused { what: what(), error_code: String::new(), detail: "no".into() }, NEVER)]
#[case::the_message_of_the_framework(403, JSON, r#"{"Message":"Not for you"}"#.to_owned(),
    Fault::Forbidden { what: what(), detail: "Not for you".into() }, NEVER)]
#[case::no_such_call(404, JSON, r#"{"Message":"No HTTP resource was found"}"#.to_owned(),
    Fault::NotFound { what: what() }, NEVER)]
#[case::a_page_of_iis(500, HTML, "<title>500 - Internal server error.</title>".to_owned(),
    Fault::PartnerError { status: 500, message: "500 - Internal server error.".into(), detail: String::new(), transaction: None }, Retry::Yes)]
#[case::down(503, HTML, "<title>Service Unavailable</title>".to_owned(),
    Fault::PartnerError { status: 503, message: "Service Unavailable".into(), detail: String::new(), transaction: None }, Retry::Yes)]
#[case::too_slow(504, HTML, String::new(), Fault::PartnerTimedOut { what: what() }, Retry::Yes)]
#[case::not_json(200, JSON, "<xml>".to_owned(),
    Fault::Malformed { what: what(), detail: "no list of business objects".into() }, NEVER)]
#[tokio::test]
async fn each_error_is_its_fault(
    #[case] status: u16,
    #[case] kind: &'static str,
    #[case] body: String,
    #[case] expected: Fault,
    #[case] retry: Retry,
) {
    let (fake, partner) = answering(status, kind, body).await;
    let fault = partner.bind(&setup(), WorkItemKind::Incident).await.err().unwrap();
    assert_eq!(fault, expected);
    assert_eq!(fault.retry(), retry);
    assert_eq!(fake.paths().len(), 2, "one token and one call: {:?}", fake.paths());
}

fn setup() -> Arc<super::super::Setup> {
    let culture = super::super::culture::Culture::named("en-US").unwrap();
    let dates = super::super::Dates { culture, zone: jiff::tz::TimeZone::UTC, zone_name: "UTC".into() };
    Arc::new(super::super::Setup { dates, quirks: super::super::PagingQuirks::new(true) })
}

#[rstest]
#[case::a_page(200, "<html>Cherwell</html>", Fault::NotJson { host: String::new(), status: 200, content_type: HTML.into() })]
#[case::nothing_there(404, "<html>404</html>", Fault::NotJson { host: String::new(), status: 404, content_type: HTML.into() })]
#[case::a_firewall(403, "<title>403 - Forbidden</title>", Fault::NotJson { host: String::new(), status: 403, content_type: HTML.into() })]
#[case::a_sign_in(200, "<input type=\"password\">", Fault::LoginPage { host: String::new(), location: None })]
#[tokio::test]
async fn a_page_instead_of_data_names_its_host(
    #[case] status: u16,
    #[case] body: &'static str,
    #[case] expected: Fault,
) {
    let (_fake, partner) = answering(status, HTML, body.to_owned()).await;
    let fault = partner.info().await.unwrap_err();
    let here = "127.0.0.1".to_owned();
    let expected = match expected {
        Fault::NotJson { status, content_type, .. } => Fault::NotJson { host: here, status, content_type },
        _ => Fault::LoginPage { host: here, location: None },
    };
    let without_port = match fault {
        Fault::NotJson { host, status, content_type } => {
            Fault::NotJson { host: host.split(':').next().unwrap().to_owned(), status, content_type }
        }
        Fault::LoginPage { host, location } => {
            Fault::LoginPage { host: host.split(':').next().unwrap().to_owned(), location }
        }
        other => other,
    };
    assert_eq!(without_port, expected);
}

#[tokio::test]
async fn a_refused_token_is_renewed_once_and_no_more() {
    let (fake, partner) = answering(401, JSON, r#"{"Message":"Authorization has been denied"}"#.to_owned()).await;
    let fault = partner.bind(&setup(), WorkItemKind::Incident).await.err().unwrap();
    let expected = Fault::NotAuthenticated { what: what(), detail: "Authorization has been denied".into() };
    assert_eq!(fault, expected);
    let tokens = fake.paths().iter().filter(|path| path.ends_with("/token")).count();
    assert_eq!((tokens, fake.paths().len()), (2, 4), "{:?}", fake.paths());
}

#[rstest]
#[case::refused(400, json!({"error": "invalid_grant", "error_description": "BADREQUEST"}), "invalid_grant: BADREQUEST")]
#[case::another_envelope(401, json!({"errorMessage": "no"}), "no")]
#[case::yet_another(403, json!({"Message": "denied"}), "denied")]
#[case::within_200(200, json!({"error": "invalid_grant"}), "invalid_grant")]
#[case::echoing(400, json!({"error": "wrong p&ss=+"}), "")]
#[tokio::test]
async fn a_refused_sign_in_is_not_tried_again(
    #[case] status: u16,
    #[case] body: serde_json::Value,
    #[case] detail: &str,
) {
    let fake = Fake::start(move |_: &Seen| reply(status, &body)).await;
    let partner = client(&fake.url, Some("p&ss=+"), &Arc::new(Memory::default()), &[]);
    let fault = partner.session.sign_in().await.unwrap_err();
    let Fault::SignInRefused { detail: found, .. } = &fault else { panic!("{fault:?}") };
    assert_eq!((found.as_str(), fault.retry()), (detail, NEVER));
    assert_eq!(fake.paths(), ["/CherwellAPI/token"]);
    let seen = fake.seen().remove(0);
    let sent = ["grant_type", "username", "password", "client_id", "auth_mode"].map(|name| seen.get(name).unwrap());
    assert_eq!(sent, ["password", "azure.integration", "p&ss=+", "client-1", "Internal"]);
}

#[rstest]
#[case(400, json!({"error": "invalid_client_id", "error_description": "Client_id is not registered."}))]
#[case(401, json!({"error": "invalid_client"}))]
#[case(400, json!({"Error": "x", "error": "unauthorized_client"}))]
#[tokio::test]
async fn c7_a_client_that_is_not_known_is_no_wrong_password(#[case] status: u16, #[case] body: serde_json::Value) {
    let fake = Fake::start(move |_: &Seen| reply(status, &body)).await;
    let partner = client(&fake.url, Some("secret"), &Arc::new(Memory::default()), &[]);
    let step = partner.run_step(crate::model::check::StepId::SignIn).await;
    let Some(Fault::ClientUnknown { client_id, .. }) = &step.fault else { panic!("{step:?}") };
    assert_eq!((client_id.as_str(), step.field), ("client-1", Some(FieldId::ClientId)));
    assert_eq!(fake.paths().len(), 1);
}

#[rstest]
#[case(503, Retry::Yes)]
#[case(500, Retry::Yes)]
#[tokio::test]
async fn a_token_endpoint_that_is_down_may_be_tried_again(#[case] status: u16, #[case] retry: Retry) {
    let fake = Fake::start(move |_: &Seen| html(status, "<title>down</title>")).await;
    let partner = client(&fake.url, Some("secret"), &Arc::new(Memory::default()), &[]);
    let fault = partner.session.sign_in().await.unwrap_err();
    assert_eq!(fault.retry(), retry);
}

#[rstest]
#[case(500, json!({"errorCode": "GENERALFAILURE", "errorMessage": "There are no licenses", "hasError": true}),
    "GENERALFAILURE: There are no licenses")]
#[case(500, json!({"Message": "p&ss=+ did not fit"}), "")]
#[case(408, json!({"Message": "Too slow"}), "Too slow")]
#[tokio::test]
async fn what_a_token_endpoint_says_beside_a_refusal_is_shown(
    #[case] status: u16,
    #[case] body: serde_json::Value,
    #[case] told: &str,
) {
    let fake = Fake::start(move |_: &Seen| reply(status, &body)).await;
    let partner = client(&fake.url, Some("p&ss=+"), &Arc::new(Memory::default()), &[]);
    let fault = partner.session.sign_in().await.unwrap_err();
    let message = told.to_owned();
    assert_eq!(fault, Fault::PartnerError { status, message, detail: String::new(), transaction: None });
}

#[tokio::test]
async fn a_token_endpoint_that_is_not_there_is_no_wrong_password() {
    let fake = Fake::start(|_: &Seen| reply(404, &json!({"Message": "No HTTP resource was found"}))).await;
    let partner = client(&fake.url, Some("p&ss=+"), &Arc::new(Memory::default()), &[]);
    assert_eq!(partner.session.sign_in().await.unwrap_err(), Fault::NotFound { what: "token".into() });
}

#[tokio::test]
async fn an_old_installation_and_a_domain_user_are_asked_as_they_want() {
    let fake = Fake::start(|_: &Seen| reply(400, &json!({"error": "invalid_grant"}))).await;
    let details = [(FieldId::ApiPath, "Trebuchet.WebApi/"), (FieldId::AuthMode, "Windows")];
    let token_store = Arc::new(Memory::default());
    let partner = client_of(&fake.url, "CONTOSO\\azure", "client-1", Some("secret"), &token_store, &details);
    assert!(partner.session.sign_in().await.is_err());
    let seen = fake.seen().remove(0);
    assert_eq!(seen.path, "/Trebuchet.WebApi/token");
    assert_eq!((seen.get("auth_mode"), seen.get("username")), (Some("Windows"), Some("CONTOSO\\azure")));
}
