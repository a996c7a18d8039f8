use super::*;
use crate::servicenow::{OAuthOptions, Revoke, UserState, Visibility};

const REFUSED: &str = r#"{"error_description":"access_denied","error":"server_error"}"#;

async fn with(oauth: OAuthOptions) -> Practice {
    Practice::start(Options { rows: Some(5), oauth, ..Options::still() }).await
}

async fn tokens(practice: &Practice) -> Value {
    json(practice.password_grant(&practice.server.sign_in().password).await).await
}

async fn status_with(practice: &Practice, token: &str) -> StatusCode {
    let url = format!("{}/api/now/table/incident?sysparm_limit=1", practice.server.url());
    practice.client.get(url).bearer_auth(token).send().await.unwrap().status()
}

#[tokio::test]
async fn password_grant_gives_opaque_tokens_and_repeats_access_token() {
    let practice = Practice::small().await;
    let (one, other) = (tokens(&practice).await, tokens(&practice).await);
    assert_eq!(one["access_token"].as_str().unwrap().len(), 86);
    assert_eq!(one["token_type"], "Bearer");
    assert_eq!(one["scope"], "useraccount");
    assert_eq!(one["access_token"], other["access_token"]);
    assert_eq!(one["refresh_token"], other["refresh_token"]);
    assert!(other["expires_in"].as_i64().unwrap() <= 1800);
}

#[tokio::test]
async fn the_refresh_grant_gives_a_new_access_token() {
    let practice = Practice::small().await;
    let first = tokens(&practice).await;
    let refresh = first["refresh_token"].as_str().unwrap();
    let reply = json(practice.grant(&[("grant_type", "refresh_token"), ("refresh_token", refresh)]).await).await;
    assert_ne!(reply["access_token"], first["access_token"]);
    assert_eq!(reply["refresh_token"], first["refresh_token"]);
    assert_eq!(status_with(&practice, reply["access_token"].as_str().unwrap()).await, StatusCode::OK);
}

#[tokio::test]
async fn the_refresh_reply_can_come_without_a_refresh_token() {
    let practice = with(OAuthOptions { refresh_token_in_refresh_reply: false, ..OAuthOptions::default() }).await;
    let first = tokens(&practice).await;
    let refresh = first["refresh_token"].as_str().unwrap();
    let reply = json(practice.grant(&[("grant_type", "refresh_token"), ("refresh_token", refresh)]).await).await;
    assert!(reply.get("refresh_token").is_none());
}

#[tokio::test]
async fn refresh_token_lasts_longer_only_by_password_grant() {
    let practice = Practice::small().await;
    practice.control().set_visibility("oauth_credential", Visibility::Rows);
    let expiry = || {
        let rows = practice.control().rows("oauth_credential");
        let refresh = rows.iter().find(|row| row["type"].value == "refresh_token").unwrap();
        refresh["expires"].value.clone()
    };
    let before = expiry();
    let first = tokens(&practice).await;
    let renewed = expiry();
    assert!(renewed >= before);
    let refresh = first["refresh_token"].as_str().unwrap();
    practice.grant(&[("grant_type", "refresh_token"), ("refresh_token", refresh)]).await;
    assert_eq!(expiry(), renewed);
}

#[tokio::test]
async fn every_cause_of_refusal_looks_the_same() {
    let practice = Practice::small().await;
    let sign_in = practice.server.sign_in().clone();
    let good = [("username", sign_in.username.as_str()), ("password", sign_in.password.as_str())];
    let wrong_secret = [("client_id", sign_in.client_id.as_str()), ("client_secret", "no"), ("grant_type", "password")];
    let url = format!("{}/oauth_token.do", practice.server.url());
    let form: Vec<_> = wrong_secret.iter().chain(&good).collect();
    let replies = [
        practice.password_grant("wrong").await,
        practice.client.post(&url).form(&form).send().await.unwrap(),
        practice.grant(&[("grant_type", "refresh_token"), ("refresh_token", "unknown")]).await,
        practice.grant(&[("grant_type", "client_credentials")]).await,
        practice.grant(&[("grant_type", "surprise")]).await,
        practice.client.post(&url).header("content-type", "application/json").body("{}").send().await.unwrap(),
        practice.client.get(&url).send().await.unwrap(),
    ];
    for reply in replies {
        assert_eq!(reply.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(reply.text().await.unwrap(), REFUSED);
    }
}

#[tokio::test]
async fn parameters_in_the_url_are_refused() {
    let practice = Practice::small().await;
    let sign_in = practice.server.sign_in();
    let fields = [
        ("grant_type", "password"),
        ("client_id", &sign_in.client_id),
        ("client_secret", &sign_in.client_secret),
        ("username", &sign_in.username),
        ("password", &sign_in.password),
    ];
    let url = format!("{}/oauth_token.do", practice.server.url());
    let reply = practice.client.post(url).query(&fields).form(&fields).send().await.unwrap();
    assert_eq!(reply.status(), StatusCode::UNAUTHORIZED);
    let requests = format!("{:?}", practice.control().requests());
    assert!(!requests.contains(&sign_in.password) && !requests.contains(&sign_in.client_secret), "kept a secret");
}

#[tokio::test]
async fn wrong_passwords_lock_the_user() {
    let practice = Practice::small().await;
    for _ in 0..3 {
        practice.password_grant("wrong").await;
    }
    let reply = practice.password_grant(&practice.server.sign_in().password).await;
    assert_eq!(reply.status(), StatusCode::UNAUTHORIZED);
    let users = practice.control().rows("sys_user");
    let user = users.iter().find(|row| row["user_name"].value == "azure.integration").unwrap();
    assert_eq!(user["locked_out"].value, "true");
}

#[rstest::rstest]
#[case(UserState { active: Some(false), ..UserState::default() })]
#[case(UserState { locked_out: Some(true), ..UserState::default() })]
#[case(UserState { password_needs_reset: Some(true), ..UserState::default() })]
#[tokio::test]
async fn a_user_in_bad_order_gets_in_nowhere(#[case] state: UserState) {
    let practice = Practice::small().await;
    practice.control().set_user_state("azure.integration", state).unwrap();
    assert_eq!(practice.password_grant(&practice.server.sign_in().password).await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(status_with(&practice, &practice.token).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_user_without_api_access_is_not_authorized() {
    let practice = Practice::small().await;
    let state = UserState { api_access: Some(false), ..UserState::default() };
    practice.control().set_user_state("azure.integration", state).unwrap();
    let reply = practice.get("/api/now/table/incident", &[]).await;
    assert_eq!(reply.status(), StatusCode::FORBIDDEN);
    assert_eq!(json(reply).await["error"]["detail"], "Failed API level ACL Validation");
}

#[tokio::test]
async fn client_credentials_give_no_refresh_token() {
    let practice = with(OAuthOptions { client_credentials: true, ..OAuthOptions::default() }).await;
    let reply = json(practice.grant(&[("grant_type", "client_credentials")]).await).await;
    assert!(reply["access_token"].is_string() && reply.get("refresh_token").is_none());
}

#[rstest::rstest]
#[case(true)]
#[case(false)]
#[tokio::test]
async fn a_revoked_token_opens_nothing(#[case] by_get: bool) {
    let practice = Practice::small().await;
    assert_eq!(status_with(&practice, &practice.token).await, StatusCode::OK);
    let url = format!("{}/oauth_revoke_token.do", practice.server.url());
    let token = [("token", practice.token.as_str())];
    let request = if by_get { practice.client.get(url).query(&token) } else { practice.client.post(url).form(&token) };
    assert_eq!(request.send().await.unwrap().status(), StatusCode::OK);
    assert_eq!(status_with(&practice, &practice.token).await, StatusCode::UNAUTHORIZED);
    assert!(!format!("{:?}", practice.control().requests()).contains(&practice.token));
    assert_ne!(practice.sign_in().await, practice.token);
}

#[tokio::test]
async fn tokens_can_be_revoked_by_kind() {
    let practice = Practice::small().await;
    let refresh = tokens(&practice).await["refresh_token"].as_str().unwrap().to_owned();
    practice.control().revoke(Revoke::Access);
    assert_eq!(status_with(&practice, &practice.token).await, StatusCode::UNAUTHORIZED);
    let refreshed = [("grant_type", "refresh_token"), ("refresh_token", refresh.as_str())];
    assert_eq!(practice.grant(&refreshed).await.status(), StatusCode::OK);
    practice.control().revoke(Revoke::Refresh);
    assert_eq!(practice.grant(&refreshed).await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn expired_missing_and_basic_sign_ins_are_refused_alike() {
    let practice = with(OAuthOptions { access_lifespan: 0, ..OAuthOptions::default() }).await;
    let url = format!("{}/api/now/table/incident", practice.server.url());
    let bearer = practice.client.get(&url).bearer_auth(&practice.token);
    for request in [bearer, practice.client.get(&url)] {
        let reply = request.send().await.unwrap();
        assert_eq!(reply.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(header(&reply, "www-authenticate").unwrap(), "BASIC realm=\"Service-now\"");
        assert_eq!(json(reply).await["error"]["message"], "User Not Authenticated");
    }
    let basic = practice.client.get(&url).basic_auth("azure.integration", Some("x")).send().await.unwrap();
    assert_eq!(json(basic).await["error"]["message"], "User is not authenticated");
}
