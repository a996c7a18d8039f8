use axum::response::Response;
use rstest::rstest;
use serde_json::{Value as Json, json};

use super::*;
use crate::net::http::HttpConfig;
use crate::partner::testing::{Fake, Seen, html, json as reply, url};

fn oauth(server: &Fake) -> OAuth {
    OAuth {
        http: Arc::new(Http::new(&url(&server.url), &HttpConfig::default()).unwrap()),
        username: "azure.integration".into(),
        client_id: "client-1".into(),
        client_secret: Some(Secret::new("s&cret=+ é")),
        grant: crate::model::connection::Grant::Password,
    }
}

fn granted(seen: &Seen, grant: &Json) -> Response {
    if seen.path == TOKEN_PATH { reply(200, grant) } else { reply(403, &json!({"error": {"message": "no"}})) }
}

async fn by_password(answer: impl Fn(&Seen) -> Response + Send + Sync + Clone + 'static) -> Result<Tokens, Fault> {
    let server = Fake::start(answer).await;
    oauth(&server).password(&Secret::new("p&ss word%")).await
}

fn held() -> Tokens {
    let now = Timestamp::now();
    let sign_in =
        SignIn { lifespan_seconds: 100, lifespan_known: true, ..assumed(now - SignedDuration::from_secs(50)) };
    Tokens { access: Secret::new("old"), access_expires: now, refresh: Some(Secret::new("r1")), sign_in }
}

fn life_of(tokens: &Tokens) -> i64 {
    let left = tokens.access_expires.duration_since(Timestamp::now()).as_secs_f64();
    left.round() as i64
}

#[tokio::test]
async fn password_grant_sends_form_and_reads_remaining_life() {
    let grant = json!({"scope": "useraccount", "token_type": "Bearer", "expires_in": 1799, "refresh_token": "r", "access_token": "a"});
    let server = Fake::start(move |seen| granted(seen, &grant)).await;
    let tokens = oauth(&server).password(&Secret::new("p&ss word%")).await.unwrap();
    assert_eq!((tokens.access.expose(), tokens.refresh.unwrap().expose()), ("a", "r"));
    assert!(!tokens.sign_in.lifespan_known);
    assert_eq!(tokens.sign_in.lifespan_seconds, SignIn::ASSUMED_LIFESPAN_SECONDS);
    let seen = server.seen();
    let form: Vec<_> = seen[0].form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(
        form,
        [
            ("grant_type", "password"),
            ("username", "azure.integration"),
            ("password", "p&ss word%"),
            ("client_id", "client-1"),
            ("client_secret", "s&cret=+ é"),
        ]
    );
    assert!(seen[0].query.is_empty());
    assert_eq!(seen[1].path, "/api/now/table/oauth_entity");
}

#[rstest]
#[case(json!(1799), 1799)]
#[case(json!("1200"), 1200)]
#[case(json!("1200.0"), 1200)]
#[case(json!(3.9), 3)]
#[case(json!(0), 0)]
#[case(json!(-5), 0)]
#[case(json!(1e300), LONGEST_LIFE_SECONDS)]
#[case(json!("NaN"), DEFAULT_LIFE_SECONDS)]
#[case(json!(null), DEFAULT_LIFE_SECONDS)]
#[case(json!({}), DEFAULT_LIFE_SECONDS)]
fn the_life_comes_as_number_or_text(#[case] expires_in: Json, #[case] seconds: i64) {
    assert_eq!(life(&expires_in), seconds);
}

#[rstest]
#[case(json!({"access_token": "a2", "expires_in": "60"}), "r1")]
#[case(json!({"access_token": "a2", "expires_in": 60, "refresh_token": "r2"}), "r2")]
#[case(json!({"access_token": "a2", "expires_in": 60, "refresh_token": ""}), "r1")]
#[case(json!({"access_token": "a2", "expires_in": 60, "refresh_token": null}), "r1")]
#[tokio::test]
async fn refresh_keeps_sign_in_and_unreplaced_token(#[case] grant: Json, #[case] refresh: &str) {
    let server = Fake::start(move |seen| granted(seen, &grant)).await;
    let held = held();
    let tokens = oauth(&server).refresh(&held, &Secret::new("r1")).await.unwrap();
    assert_eq!(tokens.access.expose(), "a2");
    assert_eq!(tokens.refresh.as_ref().unwrap().expose(), refresh);
    assert_eq!(tokens.sign_in, held.sign_in);
    assert!((58..=60).contains(&life_of(&tokens)));
    let seen = server.seen().remove(0);
    assert_eq!((seen.get("grant_type"), seen.get("refresh_token")), (Some("refresh_token"), Some("r1")));
    assert_eq!(seen.get("password"), None);
}

#[rstest]
#[case(json!([{"client_id": "client-1", "refresh_token_lifespan": "8640000"}]), Some(8_640_000))]
#[case(json!([{"client_id": "client-1", "refresh_token_lifespan": "7,776,000"}]), Some(7_776_000))]
#[case(json!([{"client_id": "other", "refresh_token_lifespan": "5"}]), None)]
#[case(json!([{"client_id": "client-1", "refresh_token_lifespan": ""}]), None)]
#[case(json!([{"client_id": "client-1", "refresh_token_lifespan": "0"}]), None)]
#[case(json!([]), None)]
#[case(json!({}), None)]
#[tokio::test]
async fn the_lifespan_is_read_where_it_may_be(#[case] rows: Json, #[case] seconds: Option<i64>) {
    let tokens = by_password(move |seen| match seen.path.as_str() {
        TOKEN_PATH => reply(200, &json!({"access_token": "a"})),
        _ => reply(200, &json!({"result": rows})),
    })
    .await
    .unwrap();
    assert_eq!(tokens.sign_in.lifespan_known, seconds.is_some());
    assert_eq!(tokens.sign_in.lifespan_seconds, seconds.unwrap_or(SignIn::ASSUMED_LIFESPAN_SECONDS));
}

#[rstest]
#[case(401, json!({"error_description": "access_denied", "error": "server_error"}), "server_error: access_denied")]
#[case(400, json!({"error": "unauthorized_client", "error_description": "not configured"}), "unauthorized_client: not configured")]
#[case(400, json!({"error": "invalid_grant"}), "invalid_grant")]
#[case(200, json!({"error": "server_error", "error_description": "access_denied"}), "server_error: access_denied")]
#[case(401, json!({}), "")]
#[case(401, json!({"error": {"message": "User Not Authenticated", "detail": null}}), "User Not Authenticated")]
#[case(401, json!({"error": "the password p&ss word% is wrong"}), "")]
#[case(401, json!({"error": "x", "error_description": "secret s&cret=+ é"}), "")]
#[tokio::test]
async fn a_refusal_is_made_once_and_shows_no_secret(#[case] status: u16, #[case] body: Json, #[case] detail: &str) {
    let server = Fake::start(move |_| reply(status, &body)).await;
    let fault = oauth(&server).password(&Secret::new("p&ss word%")).await.unwrap_err();
    assert_eq!(fault, Fault::SignInRefused { host: "127.0.0.1".into(), detail: detail.into() });
    assert_eq!(server.paths(), [TOKEN_PATH]);
}

#[tokio::test]
async fn an_application_that_is_refused_speaks_of_no_password() {
    let refusal = json!({"error_description": "access_denied", "error": "server_error"});
    let server = Fake::start(move |_| reply(401, &refusal)).await;
    let oauth = OAuth { grant: Grant::ClientCredentials, ..oauth(&server) };
    let fault = oauth.client_credentials().await.unwrap_err();
    let detail = "server_error: access_denied".into();
    assert_eq!(fault, Fault::ApplicationRefused { host: "127.0.0.1".into(), detail });
    assert_eq!(server.paths(), [TOKEN_PATH]);
}

#[rstest]
#[case(200, "<title>Instance Hibernating page</title>", "hibernating")]
#[case(200, "<input type=\"password\">", "login-page")]
#[case(200, "<p>hello</p>", "not-json")]
#[case(401, "<p>no</p>", "sign-in-refused")]
#[case(503, "<title>Down</title>", "partner-error")]
#[case(429, "", "rate-limited")]
#[tokio::test]
async fn a_page_is_no_refusal(#[case] status: u16, #[case] body: &'static str, #[case] code: &str) {
    assert_eq!(by_password(move |_| html(status, body)).await.unwrap_err().code(), code);
}

#[rstest]
#[case(200, json!({"token_type": "Bearer"}), "malformed")]
#[case(200, json!({"access_token": ""}), "malformed")]
#[case(200, json!({"access_token": 5}), "malformed")]
#[case(200, json!({"access_token": "a b\n"}), "malformed")]
#[case(200, json!([]), "malformed")]
#[case(429, json!({"error": {"message": "Rate limit exceeded"}}), "rate-limited")]
#[case(500, json!({"error": {"message": "x"}}), "partner-error")]
#[tokio::test]
async fn other_answers_are_told_apart(#[case] status: u16, #[case] body: Json, #[case] code: &str) {
    assert_eq!(by_password(move |_| reply(status, &body)).await.unwrap_err().code(), code);
}

/// Answers the first token request with `first`, later ones with a grant.
fn lost_at_first(first: &'static str) -> impl Fn(&Seen) -> Response + Send + Sync + Clone + 'static {
    let asked = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    move |seen: &Seen| {
        let is_first = seen.path == TOKEN_PATH && asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0;
        if is_first {
            let kind = [("content-type", "application/json")];
            return axum::response::IntoResponse::into_response((kind, first));
        }
        granted(seen, &json!({"access_token": "a2", "refresh_token": "r2", "expires_in": 1800}))
    }
}

#[rstest]
#[case("")]
#[case("{}")]
#[case("{\"access_token\":\"\"}")]
#[case("{\"scope\":\"useraccount\",\"access_token\":\"a")]
#[tokio::test]
async fn e11_a_lost_token_reply_is_asked_for_again_at_once(#[case] first: &'static str) {
    let server = Fake::start(lost_at_first(first)).await;
    let tokens = oauth(&server).password(&Secret::new("p")).await.unwrap();
    assert_eq!(tokens.access.expose(), "a2");
    let server = Fake::start(lost_at_first(first)).await;
    let tokens = oauth(&server).refresh(&held(), &Secret::new("r1")).await.unwrap();
    assert_eq!((tokens.access.expose(), server.paths().len()), ("a2", 2));
}

#[tokio::test]
async fn e11_lost_token_reply_is_requested_twice_then_retryable() {
    let server = Fake::start(|seen: &Seen| match seen.path.as_str() {
        TOKEN_PATH => axum::response::IntoResponse::into_response(([("content-type", "application/json")], "{\"a")),
        _ => reply(403, &json!({})),
    })
    .await;
    let fault = oauth(&server).password(&Secret::new("p")).await.unwrap_err();
    assert_eq!((fault.code(), fault.retry()), ("connection-lost", crate::model::fault::Retry::Yes));
    assert_eq!(server.paths().len(), 2);
}
