use rstest::rstest;
use serde_json::json as body;

use super::*;
use crate::servicenow::{OAuthOptions, TokenColumn, TokenKind, TokenRecord, TokenSeed};

const USER: &str = "azure.integration";

async fn with(oauth: OAuthOptions) -> Practice {
    Practice::by_admin(Options { oauth, ..Options::still() }).await
}

async fn pair(practice: &Practice) -> (String, String) {
    let reply = json(practice.password_grant(&practice.server.sign_in().password).await).await;
    let text = |field: &str| reply[field].as_str().unwrap().to_owned();
    (text("access_token"), text("refresh_token"))
}

async fn refreshed(practice: &Practice, refresh: &str) -> StatusCode {
    practice.grant(&[("grant_type", "refresh_token"), ("refresh_token", refresh)]).await.status()
}

async fn revoke(practice: &Practice, token: &str) {
    let url = format!("{}/oauth_revoke_token.do", practice.server.url());
    practice.client.get(url).query(&[("token", token)]).send().await.unwrap();
}

fn issued(practice: &Practice, value: &str) -> TokenRecord {
    practice.control().issued().into_iter().find(|token| token.value == value).unwrap()
}

#[tokio::test]
async fn an_admin_lists_every_token_by_application_and_user() {
    let practice = with(OAuthOptions::default()).await;
    let (access, refresh) = pair(&practice).await;
    assert_eq!(practice.status_of("incident", &access).await, StatusCode::OK);
    revoke(&practice, &access).await;
    let client = &practice.server.sign_in().client_id;
    let query = format!("peer.client_id={client}^user.user_name={USER}^ORDERBYexpires");
    let rows = practice.rows("oauth_credential", &[("sysparm_query", &query)]).await;
    assert_eq!(texts(&rows, "type"), ["access_token", "refresh_token"], "revoked ones stay until they are cleaned");
    for row in &rows {
        assert_eq!((&row["sys_created_by"], &row["scopes"]), (&body!("guest"), &body!("useraccount")));
        assert_eq!(row["token"], "********");
        assert!(row["user"]["value"].is_string() && row["peer"]["link"].as_str().unwrap().contains("oauth_entity"));
    }
    assert!(rows[0]["last_access"] != "" && rows[1]["last_access"] == "");
    let text = format!("{rows:?}");
    assert!(!text.contains(&access) && !text.contains(&refresh), "a token is shown");
    practice.control().clean_tokens();
    assert_eq!(practice.rows("oauth_credential", &[("sysparm_query", &query)]).await.len(), 1);
    assert_eq!(practice.control().tokens().len(), 4, "what was issued is not forgotten");
}

#[rstest]
#[case(TokenColumn::Withheld, None)]
#[case(TokenColumn::Masked, Some(false))]
#[case(TokenColumn::Shown, Some(true))]
#[tokio::test]
async fn the_token_column_can_be_withheld_masked_or_shown(
    #[case] token_column: TokenColumn,
    #[case] shown: Option<bool>,
) {
    let practice = with(OAuthOptions { token_column, ..OAuthOptions::default() }).await;
    let row = practice.rows("oauth_credential", &[]).await.remove(0);
    let values = practice.control().tokens();
    let found = row.get("token").map(|token| values.contains(&token.as_str().unwrap().to_owned()));
    assert_eq!(found, shown);
}

#[rstest]
#[case(true)]
#[case(false)]
#[tokio::test]
async fn second_password_grant_returns_same_tokens_with_new_expiry(#[case] renew_access_token: bool) {
    let practice = with(OAuthOptions { renew_access_token, ..OAuthOptions::default() }).await;
    let first = pair(&practice).await;
    practice.control().age_tokens(600);
    let reply = json(practice.password_grant(&practice.server.sign_in().password).await).await;
    assert_eq!(
        (reply["access_token"].as_str(), reply["refresh_token"].as_str()),
        (Some(first.0.as_str()), Some(first.1.as_str()))
    );
    assert_eq!(reply["expires_in"].as_i64().unwrap() > 1_200, renew_access_token);
    let refresh = issued(&practice, &first.1);
    assert!(refresh.expires - refresh.created >= 7_776_000 + 600, "its expiry is renewed");
}

#[tokio::test]
async fn option_gives_new_refresh_token_beside_same_access_token() {
    let practice = with(OAuthOptions { new_refresh_token_each_time: true, ..OAuthOptions::default() }).await;
    let (first, second) = (pair(&practice).await, pair(&practice).await);
    assert_eq!(first.0, second.0);
    assert_ne!(first.1, second.1);
    for refresh in [&first.1, &second.1] {
        assert_eq!(refreshed(&practice, refresh).await, StatusCode::OK);
    }
}

#[rstest]
#[case(false, StatusCode::OK)]
#[case(true, StatusCode::UNAUTHORIZED)]
#[tokio::test]
async fn revoking_a_refresh_token_may_end_its_access_tokens(
    #[case] revoking_refresh_kills_access: bool,
    #[case] after: StatusCode,
) {
    let practice = with(OAuthOptions { revoking_refresh_kills_access, ..OAuthOptions::default() }).await;
    let (access, refresh) = pair(&practice).await;
    let reply = practice.grant(&[("grant_type", "refresh_token"), ("refresh_token", &refresh)]).await;
    let other = json(reply).await["access_token"].as_str().unwrap().to_owned();
    revoke(&practice, &refresh).await;
    assert_eq!(refreshed(&practice, &refresh).await, StatusCode::UNAUTHORIZED);
    for token in [&access, &other] {
        assert_eq!(practice.status_of("incident", token).await, after);
    }
}

#[rstest]
#[case(true, StatusCode::UNAUTHORIZED)]
#[case(false, StatusCode::OK)]
#[tokio::test]
async fn deleting_a_row_ends_its_token_and_no_other(#[case] deleting_kills_token: bool, #[case] after: StatusCode) {
    let practice = with(OAuthOptions { deleting_kills_token, ..OAuthOptions::default() }).await;
    let (access, refresh) = pair(&practice).await;
    let row = format!("oauth_credential/{}", issued(&practice, &access).sys_id);
    assert_eq!(practice.send("DELETE", &row, &Value::Null).await.status(), StatusCode::NO_CONTENT);
    assert_eq!(practice.status_of(&row, &practice.token).await, StatusCode::NOT_FOUND);
    assert_eq!(practice.status_of("incident", &access).await, after);
    assert_eq!(refreshed(&practice, &refresh).await, StatusCode::OK);
    assert_eq!(practice.send("DELETE", &row, &Value::Null).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_refresh_token_dies_of_age_whatever_it_was_used_for() {
    let practice = with(OAuthOptions::default()).await;
    let (_, refresh) = pair(&practice).await;
    practice.control().age_tokens(7_776_000 - 60);
    assert_eq!(refreshed(&practice, &refresh).await, StatusCode::OK);
    practice.control().age_tokens(61);
    assert_eq!(refreshed(&practice, &refresh).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn tokens_of_others_and_of_long_ago_can_be_planted() {
    let practice = with(OAuthOptions::default()).await;
    let control = practice.control();
    let old = TokenSeed { age: 80 * 86_400, left: 10 * 86_400, used: Some(3_600), ..TokenSeed::default() };
    let value = control.issue(&old).unwrap();
    let other =
        control.add_row("oauth_entity", &[("name", "Other"), ("client_id", "0ther"), ("active", "true")]).unwrap();
    let foreign = TokenSeed { application: other, kind: TokenKind::Access, ..TokenSeed::default() };
    control.issue(&foreign).unwrap();
    control.issue(&TokenSeed { user: "nobody".into(), ..TokenSeed::default() }).unwrap_err();
    assert_eq!(refreshed(&practice, &value).await, StatusCode::OK);
    let query = [("sysparm_query", "peer.client_id=0ther"), ("sysparm_display_value", "true")];
    let rows = practice.rows("oauth_credential", &query).await;
    assert_eq!((rows.len(), &rows[0]["peer"]["display_value"]), (1, &body!("Other")));
    assert!(!format!("{:?}", control.issued()).contains(&value));
}

#[tokio::test]
async fn the_orders_over_http_do_the_same() {
    let practice = with(OAuthOptions::default()).await;
    let url = |path: &str| format!("{}/practice{path}", practice.server.url());
    let orders = [
        ("/role", body!({"role": "itil", "state": "group"})),
        ("/role", body!({"user": "practice.admin", "role": "oauth_admin", "state": "direct"})),
        ("/app", body!({"installed": false})),
        ("/application", body!({"state": "inactive", "fields": {"refresh_token_lifespan": "3600"}})),
        ("/property", body!({"name": "glide.oauth.inbound.ropc.grant_type.disabled", "value": "true", "hidden": true})),
        ("/column", body!({"table": "sys_user", "column": "roles", "hidden": true})),
        ("/visibility", body!({"table": "sys_store_app", "visibility": "empty", "admin": true})),
        ("/tokens", body!({"kind": "access_token", "age": 60, "left": 60})),
        ("/age", body!({"seconds": 120})),
    ];
    for (path, order) in orders {
        let request =
            practice.client.post(url(path)).header("content-type", "application/json").body(order.to_string());
        let reply = request.send().await.unwrap();
        assert!(reply.status().is_success(), "{path}: {}", reply.text().await.unwrap());
    }
    let look = async |path: &str| json(practice.client.get(url(path)).send().await.unwrap()).await;
    let tokens = look("/tokens").await["tokens"].as_array().unwrap().clone();
    assert_eq!(tokens.iter().filter(|token| token["valid"] == false).count(), 1);
    let roles = look("/roles/azure.integration").await;
    assert!(roles["roles"].as_array().unwrap().iter().any(|role| role["granted_by"] == "Azure Operators"));
    assert_eq!(roles["password"], "hashed");
    let entry = practice.control().application().unwrap();
    assert_eq!((entry["active"].value.as_str(), entry["refresh_token_lifespan"].value.as_str()), ("false", "3600"));
    assert_eq!(look("/writes").await, body!({"writes": []}));
    practice.client.delete(url("/tokens")).send().await.unwrap();
    assert!(practice.control().issued().iter().any(|token| !token.listed));
}
