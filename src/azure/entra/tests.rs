//! Against the practice authority, and against replies that it would not give.

use axum::response::IntoResponse as _;
use jiff::Timestamp;
use reqwest::header::{HeaderMap, HeaderValue};
use rstest::rstest;
use serde_json::{Value, json};

use super::*;
use crate::model::fault::{Fault, Service};
use crate::model::form::FieldId;
use crate::model::secret::Secret;
use crate::net::http::HttpConfig;
use crate::net::testing::{self, Fake, html, url};

const API: &str = "https://org.crm4.dynamics.com";

#[rstest]
#[case("https://login.microsoftonline.com", true)]
#[case("https://login.microsoftonline.com/contoso.com/oauth2/authorize", true)]
#[case("https://LOGIN.microsoftonline.com:443/", true)]
#[case("https://login.microsoftonline.us", true)]
#[case("https://login.partner.microsoftonline.cn", true)]
#[case("https://login.windows.net/common", true)]
#[case::plain("http://login.microsoftonline.com", false)]
#[case::port("https://login.microsoftonline.com:8443", false)]
#[case::suffix("https://login.microsoftonline.com.evil.example", false)]
#[case::prefix("https://evil-login.microsoftonline.com", false)]
#[case::subdomain("https://a.login.windows.net", false)]
#[case::user("https://login.microsoftonline.com@evil.example", false)]
#[case::backslash("https://evil.example\\@login.microsoftonline.com", false)]
#[case::bare("login.microsoftonline.com", false)]
#[case::loopback("http://127.0.0.1:8080", false)]
#[case::tls_loopback("https://localhost", false)]
#[case::nothing("", false)]
#[case::script("javascript://login.microsoftonline.com", false)]
fn only_microsofts_hosts_get_secrets(#[case] authority: &str, #[case] allowed: bool) {
    let found = Authority::allowed(authority, &url(API));
    assert_eq!(found.is_some(), allowed, "{found:?}");
    let typed = Authority::typed(Some(authority), &url(API));
    assert_eq!(typed.err().map(|fault| fault.code()), (!allowed).then_some("bad-form"));
}

#[rstest]
#[case("http://127.0.0.1:8080", "http://127.0.0.1:9090", true)]
#[case("http://localhost:1/x", "http://127.0.0.1:9090", true)]
#[case("http://192.168.1.7", "http://127.0.0.1:9090", false)]
#[case("http://127.0.0.1:8080", "https://org.crm4.dynamics.com", false)]
#[case("https://login.microsoftonline.com", "http://127.0.0.1:9090", true)]
fn this_machine_is_an_authority_for_practice_only(#[case] authority: &str, #[case] product: &str, #[case] ok: bool) {
    assert_eq!(Authority::allowed(authority, &url(product)).is_some(), ok);
}

#[rstest]
#[case("contoso.onmicrosoft.com", true)]
#[case(" 7e4ce6d2-8b6c-4b3f-9a5e-000000000001 ", true)]
#[case("organizations", true)]
#[case("common", false)]
#[case("Consumers", false)]
#[case("", false)]
#[case("contoso.com/../evil", false)]
#[case("..", false)]
#[case("a?b", false)]
#[case("a%2fb", false)]
fn a_tenant_is_an_id_or_a_domain(#[case] named: &str, #[case] ok: bool) {
    assert_eq!(authority::tenant(named).ok(), ok.then(|| named.trim()));
}

fn challenge(values: &[&str]) -> Challenge {
    let mut headers = HeaderMap::new();
    for value in values {
        headers.append("www-authenticate", HeaderValue::from_str(value).unwrap());
    }
    Challenge::read(&headers)
}

const AUTHORIZE: &str = "https://login.microsoftonline.com/contoso.com/oauth2/authorize";

#[rstest]
#[case::dataverse(&format!("Bearer authorization_uri={AUTHORIZE}"), Some("contoso.com"), None)]
#[case::resource(&format!("Bearer authorization_uri={AUTHORIZE}, resource_id={API}/"), Some("contoso.com"), Some("https://org.crm4.dynamics.com/"))]
#[case::quoted(&format!("Bearer authorization_uri=\"{AUTHORIZE}\", resource_id=\"{API}\""), Some("contoso.com"), Some(API))]
#[case::spaces(&format!("Bearer authorization_uri={AUTHORIZE} resource_id={API}"), Some("contoso.com"), Some(API))]
#[case::other_keys(&format!("Bearer authorization=\"{AUTHORIZE}\", client_id=\"api://x\""), Some("contoso.com"), Some("api://x"))]
#[case::resource_key(&format!("bearer realm=\"\", authorization_uri=\"{AUTHORIZE}\", resource=\"{API}\""), Some("contoso.com"), Some(API))]
#[case::common("Bearer authorization_uri=https://login.windows.net/common/oauth2/authorize", None, None)]
#[case::v2("Bearer authorization_uri=https://login.microsoftonline.com/t1/oauth2/v2.0/authorize", Some("t1"), None)]
#[case::no_path("Bearer authorization_uri=https://login.microsoftonline.com/t1", Some("t1"), None)]
#[case::bare_host("Bearer authorization_uri=https://login.microsoftonline.com", None, None)]
#[case::plain("Bearer", None, None)]
#[case::after_negotiate(&format!("Negotiate, NTLM, Bearer authorization_uri={AUTHORIZE}"), Some("contoso.com"), None)]
fn a_challenge_is_read_in_all_its_forms(
    #[case] value: &str,
    #[case] tenant: Option<&str>,
    #[case] resource: Option<&str>,
) {
    let found = challenge(&[value]);
    assert!(found.bearer);
    assert_eq!((found.tenant().as_deref(), found.resource.as_deref()), (tenant, resource));
    let authority = found.authority(&url(API)).unwrap();
    assert_eq!(authority.is_some(), found.authorization_uri.is_some());
}

#[test]
fn challenges_in_separate_headers_and_claims_are_read() {
    let found = challenge(&[
        "Negotiate",
        "Basic realm=\"x\", authorization_uri=https://evil.example/t",
        "Bearer error=\"insufficient_claims\", claims=\"eyJhY2Nlc3M\\\"=\", authorization_uri=https://login.windows.net/t",
    ]);
    assert_eq!(found.error.as_deref(), Some("insufficient_claims"));
    assert_eq!(found.tenant().as_deref(), Some("t"));
    assert_eq!(challenge(&["Basic realm=\"x\""]), Challenge::default());
    assert_eq!(challenge(&[]), Challenge::default());
}

#[test]
fn an_authority_that_a_challenge_names_must_be_allowed() {
    let found = challenge(&["Bearer authorization_uri=https://login.evil.example/t/oauth2/authorize"]);
    let fault = found.authority(&url(API)).unwrap_err();
    let location = "https://login.evil.example/t/oauth2/authorize".to_owned();
    assert_eq!(fault, Fault::Redirected { host: "org.crm4.dynamics.com".into(), location });
}

#[rstest]
fn a_challenge_of_any_bytes_is_read_without_harm(
    #[values("", "=", ",,=,", "Bearer =", "Bearer a=\"", "Bearer a=\"\\", "Bearer a==b", "a b c", "é=ü")] text: &str,
) {
    let value = HeaderValue::from_bytes(text.as_bytes()).unwrap();
    let mut headers = HeaderMap::new();
    headers.insert("www-authenticate", value);
    let _ = Challenge::read(&headers);
}

fn entra(base: &str, secret: Option<&str>, audience: Audience) -> Entra {
    let authority = Authority::allowed(base, &url(base)).unwrap();
    let secret = secret.map(Secret::new);
    Entra::new(&authority, "contoso.com", "app-1", secret, audience, &HttpConfig::default()).unwrap()
}

fn granted(body: &Value) -> axum::response::Response {
    testing::json(200, body)
}

const PUNCTUATION: &str = "a+b/c&d=e%f?#~ \"'é";

fn v1() -> Audience {
    Audience::V1(API.to_owned())
}

fn v2(resource: &str) -> Audience {
    Audience::V2(resource.to_owned())
}

#[tokio::test]
async fn v1_endpoint_takes_resource_and_answers_in_texts() {
    let body =
        json!({"access_token": "A", "token_type": "Bearer", "expires_in": "3599", "expires_on": "1", "resource": API});
    let server = Fake::start(move |_| granted(&body)).await;
    let before = Timestamp::now();
    let tokens = entra(&server.url, Some(PUNCTUATION), v1()).client_credentials().await.unwrap();
    let life = tokens.access_expires.duration_since(before).as_secs();
    assert!((3599..3700).contains(&life), "{life}");
    assert_eq!((tokens.access.expose(), tokens.refresh, tokens.sign_in.ends()), ("A", None, None));
    let seen = server.seen().remove(0);
    assert_eq!(seen.path, "/contoso.com/oauth2/token");
    assert_eq!(seen.get("client_secret"), Some(PUNCTUATION));
    assert_eq!((seen.get("resource"), seen.get("scope")), (Some(API), None));
    assert_eq!(seen.get("grant_type"), Some("client_credentials"));
}

#[rstest]
#[case(API, "https://org.crm4.dynamics.com/.default")]
#[case("https://org.crm4.dynamics.com/", "https://org.crm4.dynamics.com//.default")]
#[tokio::test]
async fn v2_endpoint_takes_scope_and_answers_in_numbers(#[case] resource: &str, #[case] scope: &str) {
    let body = json!({"access_token": "A", "token_type": "Bearer", "expires_in": 4000, "refresh_token": "R"});
    let server = Fake::start(move |_| granted(&body)).await;
    let entra = entra(&server.url, None, v2(resource));
    let before = Timestamp::now();
    let tokens = entra.password("ines@contoso.com", &Secret::new("pass word+&")).await.unwrap();
    assert!((4000..4100).contains(&tokens.access_expires.duration_since(before).as_secs()));
    assert_eq!(tokens.refresh, Some(Secret::new("R")));
    assert_eq!(tokens.sign_in.days_left(Timestamp::now()), 89);
    let seen = server.seen().remove(0);
    assert_eq!(seen.path, "/contoso.com/oauth2/v2.0/token");
    assert_eq!(seen.get("scope"), Some(&*format!("{scope} offline_access")));
    assert_eq!((seen.get("password"), seen.get("username")), (Some("pass word+&"), Some("ines@contoso.com")));
    assert_eq!((seen.get("client_secret"), seen.get("resource")), (None, None));
}

#[tokio::test]
async fn password_without_refresh_token_ends_with_access_token() {
    let body = json!({"access_token": "A", "expires_in": 600});
    let server = Fake::start(move |_| granted(&body)).await;
    let tokens = entra(&server.url, None, v2(API)).password("u", &Secret::new("pa55-word")).await.unwrap();
    assert_eq!(tokens.refresh, None);
    assert_eq!(tokens.sign_in.lifespan_seconds, 600);
}

#[tokio::test]
async fn renewal_without_new_refresh_token_keeps_the_old_one() {
    let server = Fake::start(|seen| {
        let next = if seen.get("refresh_token") == Some("R1") { json!("R2") } else { Value::Null };
        granted(&json!({"access_token": "A", "expires_in": "60", "refresh_token": next}))
    })
    .await;
    let entra = entra(&server.url, None, v1());
    let first = entra.password("u", &Secret::new("pa55-word")).await.unwrap();
    let second = entra.refresh(&first, &Secret::new("R1")).await.unwrap();
    assert_eq!(second.refresh, Some(Secret::new("R2")));
    assert_eq!(second.sign_in.signed_in_at, first.sign_in.signed_in_at);
    let third = entra.refresh(&second, &Secret::new("R2")).await.unwrap();
    assert_eq!((third.refresh, third.sign_in), (Some(Secret::new("R2")), second.sign_in));
}

fn refusal(code: u32, error: &str) -> Value {
    json!({
        "error": error,
        "error_description": format!("AADSTS{code}: Said so.\r\nTrace ID: t-1\r\nCorrelation ID: c-1\r\nTimestamp: 2020-04-07 20:52:51Z"),
        "error_codes": [code], "timestamp": "2020-04-07 20:52:51Z", "trace_id": "t-1", "correlation_id": "c-1",
    })
}

fn impossible(code: u32, detail: &str) -> Fault {
    let (host, detail) = ("127.0.0.1".to_owned(), detail.to_owned());
    Fault::SignInImpossible { host, aadsts: Some(code), detail, correlation_id: Some("c-1".to_owned()) }
}

fn refused(detail: &str) -> Fault {
    let detail = format!("{detail} (correlation ID c-1)");
    Fault::SignInRefused { host: "127.0.0.1".to_owned(), detail }
}

fn limited(rule: &str) -> Fault {
    Fault::RateLimited { retry_after_seconds: 60, limit: None, rule: Some(rule.to_owned()) }
}

#[rstest]
#[case(50126, "invalid_grant", 400)]
#[case(50034, "invalid_grant", 400)]
#[case(50053, "invalid_grant", 400)]
#[case(50055, "invalid_grant", 400)]
#[case(50144, "invalid_grant", 400)]
#[case(50057, "invalid_grant", 400)]
#[case(50076, "invalid_grant", 400)]
#[case(50076, "interaction_required", 400)]
#[case(50079, "interaction_required", 400)]
#[case(50074, "interaction_required", 400)]
#[case(50072, "invalid_grant", 400)]
#[case(50105, "invalid_grant", 400)]
#[case(53003, "access_denied", 400)]
#[case(53003, "invalid_grant", 400)]
#[case(65001, "invalid_grant", 400)]
#[case(65001, "consent_required", 400)]
#[case(500_011, "invalid_resource", 400)]
#[case(50001, "invalid_resource", 400)]
#[case(700_016, "unauthorized_client", 400)]
#[case(7_000_215, "invalid_client", 401)]
#[case(7_000_215, "invalid_client", 400)]
#[case(7_000_222, "invalid_client", 401)]
#[case(7_000_218, "invalid_client", 401)]
#[case(90002, "invalid_request", 400)]
#[case(50059, "invalid_request", 400)]
#[tokio::test]
async fn a_known_code_names_what_stands_in_the_way(
    #[case] code: u32,
    #[case] error: &'static str,
    #[case] status: u16,
) {
    let server = Fake::start(move |_| testing::json(status, &refusal(code, error))).await;
    let fault = entra(&server.url, Some("5ecr3t~"), v2(API)).client_credentials().await.unwrap_err();
    assert_eq!(fault, impossible(code, &format!("AADSTS{code}: Said so.")));
    for lang in [crate::model::lang::Lang::En, crate::model::lang::Lang::Nl] {
        let cause = crate::texts::fault::cause(lang, &fault);
        assert!(cause.contains("c-1") && !cause.contains("Said so"), "no words for {code}: {cause}");
    }
}

#[rstest]
#[case::dead_refresh_token(400, refusal(700_082, "invalid_grant"), refused("AADSTS700082: Said so."))]
#[case::unknown_grant_code(400, refusal(1, "invalid_grant"), refused("AADSTS1: Said so."))]
#[case::unknown_client_code(401, refusal(2, "invalid_client"), refused("AADSTS2: Said so."))]
#[case::unknown_code(400, refusal(3, "invalid_scope"), impossible(3, "invalid_scope: AADSTS3: Said so."))]
#[case::interaction(400, refusal(4, "interaction_required"), impossible(4, "interaction_required: AADSTS4: Said so."))]
#[case::code_in_text(400, json!({"error": "invalid_grant", "error_description": "AADSTS50076: Said so. Trace ID: t", "correlation_id": "c-1"}), impossible(50076, "AADSTS50076: Said so."))]
#[case::loop_(400, refusal(50196, "invalid_grant"), limited("AADSTS50196, correlation ID c-1"))]
#[case::later(503, refusal(90033, "temporarily_unavailable"), limited("AADSTS90033, correlation ID c-1"))]
#[case::throttled(429, refusal(90055, "invalid_request"), limited("AADSTS90055, correlation ID c-1"))]
#[case::server(500, refusal(90, "server_error"), Fault::PartnerError { status: 500, message: "server_error".into(), detail: "AADSTS90: Said so.".into(), transaction: Some("c-1".into()) })]
#[case::bare(400, json!({"error": "invalid_grant"}), Fault::SignInRefused { host: "127.0.0.1".into(), detail: "invalid_grant".into() })]
#[case::error_with_200(200, refusal(50126, "invalid_grant"), impossible(50126, "AADSTS50126: Said so."))]
#[case::nothing(400, json!({}), Fault::PartnerError { status: 400, message: String::new(), detail: String::new(), transaction: None })]
#[case::no_token(200, json!({"token_type": "Bearer"}), Fault::Malformed { what: "oauth2/token".into(), detail: "no access token in the reply".into() })]
#[case::other_token(200, json!({"access_token": "a", "token_type": "mac"}), Fault::Malformed { what: "oauth2/token".into(), detail: "a token that is no bearer token".into() })]
#[case::unfit_token(200, json!({"access_token": "a b"}), Fault::Malformed { what: "oauth2/token".into(), detail: "an access token with characters that no header can carry".into() })]
#[case::no_object(200, json!([]), Fault::Malformed { what: "oauth2/token".into(), detail: "not what a token endpoint answers".into() })]
#[tokio::test]
async fn a_refusal_is_judged_by_its_error(#[case] status: u16, #[case] body: Value, #[case] expected: Fault) {
    let server = Fake::start(move |_| testing::json(status, &body)).await;
    let fault = entra(&server.url, None, v2(API)).password("u", &Secret::new("pa55-word")).await.unwrap_err();
    assert_eq!(fault, expected.at(Service::Entra));
}

#[tokio::test]
async fn a_page_and_a_redirect_are_no_answers_and_nothing_is_followed() {
    let server = Fake::start(|_| html(200, "<html>sign in</html>")).await;
    let fault = entra(&server.url, Some("5ecr3t~"), v1()).client_credentials().await.unwrap_err();
    let content_type = "text/html".to_owned();
    let page = Fault::NotJson { host: "127.0.0.1".into(), status: 200, content_type };
    assert_eq!(fault, page.at(Service::Entra));
    let server = Fake::start(|_| {
        (axum::http::StatusCode::TEMPORARY_REDIRECT, [("location", "https://evil.example/token")]).into_response()
    })
    .await;
    let fault = entra(&server.url, Some("5ecr3t~"), v1()).client_credentials().await.unwrap_err();
    let location = "https://evil.example/token".to_owned();
    let elsewhere = Fault::Redirected { host: "127.0.0.1".into(), location };
    assert_eq!(fault, elsewhere.at(Service::Entra));
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_secret_that_is_echoed_is_not_repeated() {
    let body =
        json!({"error": "invalid_grant", "error_description": "AADSTS50126: no hunter2 here", "correlation_id": "c-1"});
    let server = Fake::start(move |_| testing::json(400, &body)).await;
    let fault = entra(&server.url, None, v1()).password("u", &Secret::new("hunter2")).await.unwrap_err();
    assert_eq!(fault, impossible(50126, "invalid_grant"));
}

#[rstest]
#[case(json!({"access_token": "A"}), 3600)]
#[case(json!({"access_token": "A", "expires_in": "soon"}), 3600)]
#[case(json!({"access_token": "A", "expires_in": -5}), 0)]
#[case(json!({"access_token": "A", "expires_in": "99999999999"}), 90_000)]
#[tokio::test]
async fn a_life_that_is_not_told_or_not_believed_is_bounded(#[case] body: Value, #[case] life: i64) {
    let server = Fake::start(move |_| granted(&body)).await;
    let before = Timestamp::now();
    let tokens = entra(&server.url, Some("5ecr3t~"), v1()).client_credentials().await.unwrap();
    let came = tokens.access_expires.duration_since(before).as_secs();
    assert!((life..life + 60).contains(&came), "{came}");
}

#[tokio::test]
async fn a_tenant_is_looked_for_without_any_secret() {
    let server = Fake::start(|seen| match seen.path.as_str() {
        "/contoso.com/v2.0/.well-known/openid-configuration" => testing::json(200, &json!({"token_endpoint": "x"})),
        _ => testing::json(400, &refusal(90002, "invalid_request")),
    })
    .await;
    let found = entra(&server.url, Some("5ecr3t~"), v1());
    assert_eq!(found.find_tenant().await, Ok(()));
    let authority = Authority::allowed(&server.url, &url(&server.url)).unwrap();
    let other = Entra::new(&authority, "x.com", "app", None, v1(), &HttpConfig::default()).unwrap();
    assert_eq!(other.find_tenant().await, Err(impossible(90002, "AADSTS90002: Said so.")));
    assert!(server.seen().iter().all(|seen| seen.form.is_empty() && seen.headers.get("authorization").is_none()));
}

mod practice {
    use super::*;
    use itsmc_practice::entra as there;

    /// The client and the practice authority, made apart from each other, understand each other.
    #[tokio::test]
    async fn both_grants_pass_at_the_practice_authority() {
        let mut tenant = there::Tenant::practice("contoso");
        tenant.resources.push(there::Resource::new("r", API));
        tenant.applications.push(there::Application::confidential("app-1", PUNCTUATION, "id"));
        tenant.users.push(there::User::new("ines@contoso.practice.example", "o", "pass+word"));
        let (domain, listener) = (tenant.domain.clone(), tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap());
        let base = format!("http://{}", listener.local_addr().unwrap());
        let served = there::Authority::new(base.clone(), there::Directory { tenants: vec![tenant] });
        let router = served.router();
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let authority = Authority::allowed(&base, &url(&base)).unwrap();
        for audience in [v1(), v2(API)] {
            let secret = Some(Secret::new(PUNCTUATION));
            let client = Entra::new(&authority, &domain, "app-1", secret, audience, &HttpConfig::default()).unwrap();
            client.find_tenant().await.unwrap();
            assert!(client.client_credentials().await.unwrap().refresh.is_none());
            let name = "ines@contoso.practice.example";
            let tokens = client.password(name, &Secret::new("pass+word")).await.unwrap();
            let renewed = client.refresh(&tokens, tokens.refresh.as_ref().unwrap()).await.unwrap();
            assert_ne!(renewed.access, tokens.access);
            let fault = client.password(name, &Secret::new("wrong")).await.unwrap_err();
            assert!(matches!(fault, Fault::SignInImpossible { aadsts: Some(50126), .. }), "{fault:?}");
        }
        assert!(served.requests().iter().any(|request| request.endpoint == 2));
    }
}

#[tokio::test]
async fn b6_unreachable_authority_is_named_with_its_field() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let gone = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let entra = entra(&gone, Some("5ecr3t~"), v1());
    for fault in [entra.client_credentials().await.unwrap_err(), entra.find_tenant().await.unwrap_err()] {
        assert_eq!((fault.code(), fault.exit_code()), ("connection-refused", 6));
        assert_eq!(fault.field(Some(FieldId::ServerUrl)), Some(FieldId::Authority));
        for lang in [crate::model::lang::Lang::En, crate::model::lang::Lang::Nl] {
            assert!(crate::texts::fault::summary(lang, &fault).contains("Microsoft Entra"), "{fault:?}");
            assert!(crate::texts::fault::remedy(lang, &fault).contains("proxy"), "{fault:?}");
        }
    }
}

/// A server that answers the first request with this text as JSON, and each later one with a grant.
async fn lost_at_first(first: &'static str) -> Fake {
    let asked = std::sync::atomic::AtomicUsize::new(0);
    let asked = std::sync::Arc::new(asked);
    Fake::start(move |_| match asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst) {
        0 => ([("content-type", "application/json")], first).into_response(),
        _ => granted(&json!({"access_token": "a2", "token_type": "Bearer", "expires_in": 3599, "refresh_token": "r2"})),
    })
    .await
}

#[rstest]
#[case::empty("")]
#[case::no_token("{}")]
#[case::empty_token("{\"access_token\":\"\"}")]
#[case::cut("{\"token_type\":\"Bearer\",\"access_token\":\"a")]
#[tokio::test]
async fn e11_a_lost_token_reply_of_entra_is_asked_for_again_at_once(#[case] first: &'static str) {
    let server = lost_at_first(first).await;
    let tokens = entra(&server.url, Some("s"), v2(API)).client_credentials().await.unwrap();
    assert_eq!((tokens.access.expose(), server.paths().len()), ("a2", 2));
    let server = lost_at_first(first).await;
    let tokens = entra(&server.url, Some("s"), v1()).password("ada@contoso.com", &Secret::new("p")).await.unwrap();
    assert_eq!((tokens.access.expose(), server.paths().len()), ("a2", 2));
    let held = tokens;
    let server = lost_at_first(first).await;
    let tokens = entra(&server.url, Some("s"), v1()).refresh(&held, &Secret::new("r1")).await.unwrap();
    assert_eq!((tokens.access.expose(), server.paths().len()), ("a2", 2));
}

#[tokio::test]
async fn e11_lost_token_reply_of_entra_is_requested_twice() {
    let server = Fake::start(|_| ([("content-type", "application/json")], "{\"acc").into_response()).await;
    entra(&server.url, Some("s"), v2(API)).client_credentials().await.unwrap_err();
    assert_eq!(server.paths().len(), 2);
}
