use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::response::Response;
use jiff::SignedDuration;
use serde_json::json;

use super::*;
use crate::model::token::SignIn;
use crate::net::http::{Http, HttpConfig};
use crate::partner::TokenStore;
use crate::partner::servicenow::testing::Memory;
use crate::partner::testing::{Fake, Seen, json as reply, url};

fn session(server: &Fake, password: Option<&str>, token_store: &Arc<Memory>) -> Session {
    let oauth = OAuth {
        http: Arc::new(Http::new(&url(&server.url), &HttpConfig::default()).unwrap()),
        username: "u".into(),
        client_id: "c".into(),
        client_secret: None,
        grant: crate::model::connection::Grant::Password,
    };
    Session::new(oauth, "contoso".into(), password.map(Secret::new), Arc::clone(token_store) as Arc<dyn TokenStore>)
}

fn tokens(access: &str, seconds: i64, refresh: Option<&str>) -> Tokens {
    let now = Timestamp::now();
    let sign_in = SignIn { signed_in_at: now, lifespan_seconds: 9, lifespan_known: false };
    let access_expires = now + SignedDuration::from_secs(seconds);
    Tokens { access: Secret::new(access), access_expires, refresh: refresh.map(Secret::new), sign_in }
}

fn denied() -> Response {
    reply(401, &json!({"error": "server_error", "error_description": "access_denied"}))
}

/// An instance that gives out `new-1`, `new-2`… and takes the last one given, or `good` before.
async fn instance(refreshes: bool) -> Fake {
    let given = Arc::new(AtomicU64::new(0));
    Fake::start(move |seen: &Seen| {
        let last = match given.load(Ordering::SeqCst) {
            0 => "good".to_owned(),
            number => format!("new-{number}"),
        };
        match seen.path.as_str() {
            "/oauth_token.do" if seen.get("grant_type") == Some("refresh_token") && !refreshes => denied(),
            "/oauth_token.do" => {
                let number = given.fetch_add(1, Ordering::SeqCst) + 1;
                reply(200, &json!({"access_token": format!("new-{number}"), "expires_in": 1800}))
            }
            "/api/now/table/oauth_entity" => reply(200, &json!({"result": []})),
            _ if seen.bearer() == Some(&last) => reply(200, &json!({"result": []})),
            _ => reply(401, &json!({"error": {"message": "User Not Authenticated", "detail": null}})),
        }
    })
    .await
}

#[tokio::test]
async fn a_good_token_is_used_without_a_question() {
    let (server, token_store) = (instance(true).await, Memory::with(Some(tokens("good", 1800, Some("refresh-1")))));
    let session = session(&server, None, &token_store);
    for _ in 0..3 {
        session.fetch("/x", "x", 100).await.unwrap();
    }
    assert_eq!(server.paths(), ["/x", "/x", "/x"]);
}

#[tokio::test]
async fn a_token_that_is_over_is_renewed_first_and_kept() {
    let (server, token_store) = (instance(true).await, Memory::with(Some(tokens("good", 30, Some("refresh-1")))));
    session(&server, None, &token_store).fetch("/x", "x", 100).await.unwrap();
    assert_eq!(server.paths(), ["/oauth_token.do", "/x"]);
    let held = token_store.held().await.unwrap();
    assert_eq!((held.access.expose(), held.refresh.unwrap().expose()), ("new-1", "refresh-1"));
}

#[tokio::test]
async fn a_token_revoked_in_the_middle_is_renewed_once() {
    let (server, token_store) = (instance(true).await, Memory::with(Some(tokens("revoked", 1800, Some("refresh-1")))));
    session(&server, None, &token_store).fetch("/x", "x", 100).await.unwrap();
    assert_eq!(server.paths(), ["/x", "/oauth_token.do", "/x"]);
}

#[tokio::test]
async fn many_calls_refused_at_once_renew_once() {
    let (server, token_store) = (instance(true).await, Memory::with(Some(tokens("revoked", 1800, Some("refresh-1")))));
    let session = session(&server, None, &token_store);
    session.tokens().await.unwrap();
    let calls = (0..8).map(|_| session.fetch("/x", "x", 100));
    for done in futures_util::future::join_all(calls).await {
        done.unwrap();
    }
    assert_eq!(server.paths().iter().filter(|path| *path == "/oauth_token.do").count(), 1);
}

#[tokio::test]
async fn what_another_process_renewed_is_taken() {
    let (server, token_store) = (instance(true).await, Memory::with(Some(tokens("revoked", 1800, Some("refresh-1")))));
    let session = session(&server, None, &token_store);
    session.tokens().await.unwrap();
    token_store.replace(Some(tokens("good", 1800, Some("refresh-1")))).await;
    session.fetch("/x", "x", 100).await.unwrap();
    assert_eq!(server.paths(), ["/x", "/x"]);
}

#[tokio::test]
async fn a_user_who_stays_unauthenticated_is_not_asked_about_for_ever() {
    let server = Fake::start(|seen: &Seen| match seen.path.as_str() {
        "/oauth_token.do" => reply(200, &json!({"access_token": "new", "expires_in": 1800})),
        _ => reply(401, &json!({"error": {"message": "User Not Authenticated", "detail": "why"}})),
    })
    .await;
    let token_store = Memory::with(Some(tokens("old", 1800, Some("refresh-1"))));
    let fault = session(&server, None, &token_store).fetch("/x", "incident", 100).await.err();
    let detail = "User Not Authenticated: why".to_owned();
    assert_eq!(fault, Some(Fault::NotAuthenticated { what: "incident".into(), detail }));
    assert_eq!(server.paths(), ["/x", "/oauth_token.do", "/x"]);
}

#[tokio::test]
async fn without_a_sign_in_nothing_is_sent() {
    let server = instance(true).await;
    for held in [None, Some(tokens("over", -5, None))] {
        let token_store = Memory::with(held);
        let fault = session(&server, None, &token_store).fetch("/x", "x", 100).await.err();
        assert_eq!(fault, Some(Fault::SignedOut { connection: "contoso".into() }));
    }
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn a_refused_refresh_is_told_apart_and_leaves_the_tokens() {
    let (server, token_store) = (instance(false).await, Memory::with(Some(tokens("revoked", 1800, Some("refresh-1")))));
    let fault = session(&server, None, &token_store).fetch("/x", "x", 100).await.err();
    let detail = "server_error: access_denied".to_owned();
    assert_eq!(fault, Some(Fault::RefreshRefused { connection: "contoso".into(), detail }));
    assert_eq!(server.paths(), ["/x", "/oauth_token.do"]);
    assert_eq!(token_store.held().await.unwrap().access.expose(), "revoked");
}

#[tokio::test]
async fn the_password_helps_where_it_is_at_hand() {
    for held in [None, Some(tokens("revoked", -5, Some("refresh-1"))), Some(tokens("over", -5, None))] {
        let (server, token_store) = (instance(false).await, Memory::with(held));
        session(&server, Some("p"), &token_store).fetch("/x", "x", 100).await.unwrap();
        let grants = server.seen().iter().filter(|seen| seen.get("grant_type") == Some("password")).count();
        assert_eq!(grants, 1);
        assert_eq!(token_store.held().await.unwrap().access.expose(), "new-1");
    }
}

#[tokio::test]
async fn a_refused_sign_in_is_not_repeated() {
    let (server, token_store) = (Fake::start(|_: &Seen| denied()).await, Memory::with(None));
    let session = session(&server, Some("p"), &token_store);
    assert_eq!(session.sign_in().await.unwrap_err().code(), "sign-in-refused");
    assert_eq!(server.paths(), ["/oauth_token.do"]);
    assert_eq!(token_store.held().await, None);
}

#[tokio::test]
async fn a_token_with_little_life_left_is_used_up() {
    let server = Fake::start(|seen: &Seen| match seen.path.as_str() {
        "/oauth_token.do" => reply(200, &json!({"access_token": "same", "expires_in": 40})),
        _ => reply(200, &json!({"result": []})),
    })
    .await;
    let token_store = Memory::with(Some(tokens("same", 5, Some("refresh-1"))));
    let session = session(&server, None, &token_store);
    for _ in 0..3 {
        session.fetch("/x", "x", 100).await.unwrap();
    }
    assert_eq!(server.paths(), ["/oauth_token.do", "/x", "/x", "/x"]);
}
