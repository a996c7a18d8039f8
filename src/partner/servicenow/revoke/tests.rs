use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};
use rstest::rstest;
use serde_json::json;

use super::*;
use crate::model::connection::Grant;
use crate::model::token::SignIn;
use crate::net::http::{Http, HttpConfig};
use crate::partner::testing::{Fake, Seen, json as reply, url};

/// Which way of asking an instance heeds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Heeds {
    Form,
    Address,
    Nothing,
}

/// An instance that says 200 to every order to revoke, and heeds it in one way or not at all. Each refresh gives
/// out `by-product`.
async fn instance(heeds: Heeds) -> Fake {
    let dead = Arc::new(Mutex::new(BTreeSet::<String>::new()));
    Fake::start(move |seen: &Seen| {
        let is_dead = |token: &str| dead.lock().unwrap().contains(token);
        match seen.path.as_str() {
            PATH => {
                let given = if heeds == Heeds::Form { &seen.form } else { &seen.query };
                if heeds != Heeds::Nothing {
                    dead.lock().unwrap().extend(given.iter().map(|(_, token)| token.clone()));
                }
                reply(200, &json!({}))
            }
            "/oauth_token.do" if seen.get("refresh_token").is_some_and(is_dead) => {
                reply(401, &json!({"error": "server_error", "error_description": "access_denied"}))
            }
            "/oauth_token.do" => reply(200, &json!({"access_token": "by-product", "expires_in": 1800})),
            _ if seen.bearer().is_some_and(is_dead) => {
                reply(401, &json!({"error": {"message": "User Not Authenticated"}}))
            }
            _ => reply(200, &json!({"result": []})),
        }
    })
    .await
}

fn oauth(server: &Fake) -> OAuth {
    let http = Arc::new(Http::new(&url(&server.url), &HttpConfig::default()).unwrap());
    OAuth { http, username: "u".into(), client_id: "c".into(), client_secret: None, grant: Grant::Password }
}

#[rstest]
#[case(TokenKind::Access)]
#[case(TokenKind::Refresh)]
#[tokio::test]
async fn a_form_that_is_heeded_keeps_the_token_out_of_the_address(#[case] kind: TokenKind) {
    let server = instance(Heeds::Form).await;
    revoke(&oauth(&server), kind, &Secret::new("old&+ token"), None).await.unwrap();
    assert_eq!(server.paths().iter().filter(|path| *path == PATH).count(), 1);
    assert!(server.seen().iter().all(|seen| seen.query.iter().all(|(_, value)| !value.contains("old"))));
    assert_eq!(server.seen()[0].form, [("token".to_owned(), "old&+ token".to_owned())]);
}

#[rstest]
#[case(TokenKind::Access)]
#[case(TokenKind::Refresh)]
#[tokio::test]
async fn where_the_form_has_no_effect_the_documented_address_is_used(#[case] kind: TokenKind) {
    let server = instance(Heeds::Address).await;
    revoke(&oauth(&server), kind, &Secret::new("old&+ token"), None).await.unwrap();
    let asked: Vec<_> = server.seen().into_iter().filter(|seen| seen.path == PATH).collect();
    assert_eq!(asked[1].query, [("token".to_owned(), "old&+ token".to_owned())]);
}

#[tokio::test]
async fn a_reply_of_success_without_effect_is_not_believed() {
    let server = instance(Heeds::Nothing).await;
    let fault = revoke(&oauth(&server), TokenKind::Access, &Secret::new("old"), None).await.unwrap_err();
    let what = Fingerprint::of(&Secret::new("old")).to_string();
    assert_eq!(fault, Fault::NotRevoked { kind: Some(TokenKind::Access), what });
}

#[rstest]
#[case(true)]
#[case(false)]
#[tokio::test]
async fn tokens_from_trying_old_refresh_token_are_revoked(#[case] in_use: bool) {
    let server = instance(Heeds::Address).await;
    let now = Timestamp::now();
    let used = Tokens {
        access: Secret::new(if in_use { "by-product" } else { "ours" }),
        access_expires: now + SignedDuration::from_secs(1800),
        refresh: None,
        sign_in: SignIn::without_end(now),
    };
    revoke(&oauth(&server), TokenKind::Refresh, &Secret::new("old"), Some(&used)).await.unwrap();
    let named: Vec<_> = server
        .seen()
        .iter()
        .filter(|seen| seen.path == PATH)
        .filter_map(|seen| seen.get("token").map(str::to_owned))
        .collect();
    assert_eq!(named.contains(&"by-product".to_owned()), !in_use, "{named:?}");
    assert!(!named.contains(&"ours".to_owned()));
}
