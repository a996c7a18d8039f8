use rstest::rstest;

use super::*;
use crate::servicenow::{ApplicationState, ApplicationUser, OAuthOptions, RateRule, RoleState, Setup, Visibility};

const USER: &str = "azure.integration";
const STAGING: &str = "x_mioms_microsoft_oms_incident";
const DENIED: &str = r#"{"error_description":"access_denied","error":"server_error"}"#;

fn with(setup: Setup) -> Options {
    Options { setup, ..Options::still() }
}

fn names(practice: &Practice) -> Vec<(String, bool)> {
    practice.control().roles(USER).into_iter().map(|role| (role.role, role.inherited)).collect()
}

#[tokio::test]
async fn bare_instance_has_no_user_no_roles_default_lifespan() {
    let practice = Practice::by_admin(Options::bare()).await;
    let control = practice.control();
    assert!(control.user(USER).is_none() && control.roles(USER).is_empty());
    assert_eq!(control.application().unwrap()["refresh_token_lifespan"].value, "8640000");
    assert_eq!(practice.status_of(STAGING, &practice.token).await, StatusCode::OK);
    assert_eq!(practice.status_of("em_event", &practice.token).await, StatusCode::BAD_REQUEST);
    assert_eq!(practice.sign_in_status().await, StatusCode::UNAUTHORIZED);
}

impl Practice {
    async fn sign_in_status(&self) -> StatusCode {
        self.password_grant(&self.server.sign_in().password).await.status()
    }
}

#[tokio::test]
async fn app_table_role_and_row_are_there_only_when_installed() {
    let practice = Practice::by_admin(with(Setup { app: false, ..Setup::default() })).await;
    let user = practice.sign_in().await;
    for token in [&user, &practice.token] {
        assert_eq!(practice.status_of(STAGING, token).await, StatusCode::BAD_REQUEST);
    }
    let role = [("sysparm_query", "name=x_mioms_microsoft.user")];
    assert!(practice.rows("sys_store_app", &[]).await.is_empty());
    assert!(practice.rows("sys_user_role", &role).await.is_empty());
    practice.control().set_app(true);
    assert_eq!(practice.rows("sys_store_app", &[]).await.len(), 1);
    assert_eq!(practice.rows("sys_user_role", &role).await.len(), 1);
    assert_eq!(practice.status_of(STAGING, &user).await, StatusCode::FORBIDDEN, "its role is still missing");
    practice.control().set_role(USER, "x_mioms_microsoft.user", RoleState::Direct).unwrap();
    assert_eq!(practice.status_of(STAGING, &user).await, StatusCode::OK);
}

#[rstest]
#[case(Visibility::Rows, 200, Some(1))]
#[case(Visibility::Empty, 200, Some(0))]
#[case(Visibility::Forbidden, 403, None)]
#[tokio::test]
async fn app_list_can_be_closed_to_user_not_to_admin(
    #[case] visibility: Visibility,
    #[case] status: u16,
    #[case] rows: Option<usize>,
) {
    let practice = Practice::by_user(with(Setup::default().showing("sys_store_app", visibility))).await;
    let reply = practice.get("/api/now/table/sys_store_app", &[]).await;
    assert_eq!(reply.status().as_u16(), status);
    let found = json(reply).await["result"].as_array().map(Vec::len);
    assert_eq!(found, rows);
    let admin = practice.token_of("practice.admin").await;
    assert_eq!(practice.status_of("sys_store_app", &admin).await, StatusCode::OK);
}

#[rstest]
#[case("personalize_choices")]
#[case("import_transformer")]
#[case("x_mioms_microsoft.user")]
#[case("itil")]
#[case("template_editor")]
#[case("view_changer")]
#[tokio::test]
async fn role_can_be_missing_direct_inherited_by_group_or_hidden(#[case] role: &str) {
    let practice =
        Practice::by_user(with(Setup::default().role("snc_platform_rest_api_access", RoleState::Direct))).await;
    let query =
        [("sysparm_query", format!("user.user_name={USER}^role.name={role}")), ("sysparm_fields", "inherited".into())];
    for (state, truth, seen) in [
        (RoleState::Missing, vec![], 0),
        (RoleState::Direct, vec![false], 1),
        (RoleState::Inherited, vec![true], 1),
        (RoleState::Group, vec![true], 1),
        (RoleState::Hidden, vec![false], 0),
    ] {
        practice.control().set_role(USER, role, state).unwrap();
        let held: Vec<_> = names(&practice).into_iter().filter(|(name, _)| name == role).map(|(_, how)| how).collect();
        assert_eq!(held, truth, "{role} {state:?}");
        let rows =
            json(practice.request("/api/now/table/sys_user_has_role", &[]).query(&query).send().await.unwrap()).await;
        assert_eq!(rows["result"].as_array().unwrap().len(), seen, "{role} {state:?}");
    }
}

#[tokio::test]
async fn what_is_said_of_a_role_wins_over_what_itil_brings() {
    let setup = Setup::default().role("template_editor", RoleState::Missing).role("cmdb_read", RoleState::Direct);
    let practice = Practice::by_user(with(setup)).await;
    let names = names(&practice);
    assert!(names.contains(&("view_changer".into(), true)) && names.contains(&("cmdb_read".into(), false)));
    assert!(!names.iter().any(|(name, _)| name == "template_editor"), "{names:?}");
}

#[tokio::test]
async fn a_role_through_a_group_names_the_group() {
    let practice = Practice::by_user(with(Setup::default().role("itil", RoleState::Group))).await;
    let roles = practice.control().roles(USER);
    let itil = roles.iter().find(|role| role.role == "itil").unwrap();
    assert_eq!((itil.granted_by.as_str(), itil.inherited), ("Azure Operators", true));
    assert_eq!(practice.rows("sys_user_grmember", &[("user.user_name", USER)]).await.len(), 1);
    assert_eq!(practice.rows("sys_group_has_role", &[("role.name", "itil")]).await.len(), 1);
}

#[rstest]
#[case(Visibility::Empty, 200)]
#[case(Visibility::Forbidden, 403)]
#[tokio::test]
async fn the_list_of_roles_can_be_closed(#[case] visibility: Visibility, #[case] status: u16) {
    let practice = Practice::by_user(with(Setup::default().showing("sys_user_has_role", visibility))).await;
    let reply = practice.get("/api/now/table/sys_user_has_role", &[]).await;
    assert_eq!(reply.status().as_u16(), status);
    assert!(json(reply).await["result"].as_array().is_none_or(Vec::is_empty));
}

#[tokio::test]
async fn without_itil_the_api_itself_is_closed() {
    let practice = Practice::by_user(with(Setup::default().role("itil", RoleState::Missing))).await;
    let reply = practice.get("/api/now/table/sys_user", &[]).await;
    assert_eq!(reply.status(), StatusCode::FORBIDDEN);
    assert_eq!(json(reply).await["error"]["detail"], "Failed API level ACL Validation");
}

#[tokio::test]
async fn an_integration_user_that_is_admin_sees_all() {
    let practice = Practice::by_user(with(Setup::default().role("admin", RoleState::Direct))).await;
    for table in ["oauth_entity", "oauth_credential", "sys_rate_limit_rules"] {
        assert_eq!(practice.status_of(table, &practice.token).await, StatusCode::OK, "{table}");
    }
}

#[tokio::test]
async fn event_management_has_its_table_and_roles_only_where_it_is() {
    let practice = Practice::by_user(Options::still()).await;
    assert_eq!(practice.status_of("em_event", &practice.token).await, StatusCode::OK);
    assert!(names(&practice).contains(&("evt_mgmt_operator".into(), false)));
    let without = Practice::by_user(with(Setup { event_management: false, ..Setup::default() })).await;
    assert_eq!(without.status_of("em_event", &without.token).await, StatusCode::BAD_REQUEST);
    assert!(!names(&without).iter().any(|(name, _)| name.starts_with("evt_mgmt")));
    assert!(without.rows("sys_user_role", &[("sysparm_query", "nameSTARTSWITHevt_mgmt")]).await.is_empty());
}

#[rstest]
#[case("com.snc.platform.security.oauth.is.active", "false")]
#[case("glide.oauth.inbound.ropc.grant_type.disabled", "true")]
#[tokio::test]
async fn switched_off_grant_is_refused_and_property_tells_it(#[case] name: &str, #[case] value: &str) {
    let practice = Practice::by_user(Options::still()).await;
    practice.control().set_property(name, value);
    let reply = practice.password_grant(&practice.server.sign_in().password).await;
    assert_eq!((reply.status(), reply.text().await.unwrap()), (StatusCode::UNAUTHORIZED, DENIED.into()));
    assert_eq!(texts(&practice.rows("sys_properties", &[("name", name)]).await, "value"), [value]);
    practice.control().hide_property(name, true).unwrap();
    assert!(practice.rows("sys_properties", &[("name", name)]).await.is_empty());
    let admin = practice.control().property(name);
    assert_eq!(admin.as_deref(), Some(value));
}

#[tokio::test]
async fn with_the_password_grant_off_a_refresh_token_still_works() {
    let practice = Practice::by_user(Options::still()).await;
    let reply = json(practice.password_grant(&practice.server.sign_in().password).await).await;
    practice.control().set_property("glide.oauth.inbound.ropc.grant_type.disabled", "true");
    let refresh = reply["refresh_token"].as_str().unwrap();
    let reply = practice.grant(&[("grant_type", "refresh_token"), ("refresh_token", refresh)]).await;
    assert_eq!(reply.status(), StatusCode::OK);
}

#[rstest]
#[case(ApplicationState::Inactive, 1)]
#[case(ApplicationState::Missing, 0)]
#[tokio::test]
async fn an_application_that_is_away_gives_no_tokens(#[case] state: ApplicationState, #[case] rows: usize) {
    let practice = Practice::by_admin(Options::still()).await;
    practice.control().set_application(state);
    let reply = practice.password_grant(&practice.server.sign_in().password).await;
    assert_eq!((reply.status(), reply.text().await.unwrap()), (StatusCode::UNAUTHORIZED, DENIED.into()));
    let entries = practice.rows("oauth_entity", &[]).await;
    assert_eq!(entries.len(), rows);
    assert!(entries.iter().all(|entry| entry["active"] == "false"));
    practice.control().set_application(ApplicationState::Active);
    assert_eq!(practice.sign_in_status().await, StatusCode::OK);
}

#[rstest]
#[case(8_640_000)]
#[case(7_776_000)]
#[case(3_600)]
#[tokio::test]
async fn the_lifespan_is_what_the_entry_says(#[case] seconds: i64) {
    let oauth = OAuthOptions { refresh_lifespan: seconds, ..OAuthOptions::default() };
    let practice = Practice::by_admin(Options { oauth, ..Options::still() }).await;
    let entry = practice.rows("oauth_entity", &[]).await.remove(0);
    assert_eq!(entry["refresh_token_lifespan"], seconds.to_string());
    let refresh = practice.control().issued().into_iter().max_by_key(|token| token.expires).unwrap();
    assert_eq!(refresh.expires - refresh.created, seconds);
}

#[tokio::test]
async fn a_lifespan_can_be_withheld() {
    let practice = Practice::by_user(with(Setup::default().showing("oauth_entity", Visibility::Rows))).await;
    let entry = practice.rows("oauth_entity", &[]).await.remove(0);
    assert_eq!(entry["refresh_token_lifespan"], "7776000");
    practice.control().hide_column("oauth_entity", "refresh_token_lifespan", true);
    let fields = [("sysparm_fields", "name,refresh_token_lifespan")];
    let entry = practice.rows("oauth_entity", &fields).await.remove(0);
    assert!(entry.get("refresh_token_lifespan").is_none() && entry["name"].is_string());
    practice.control().set_admin_visibility("oauth_entity", Visibility::Forbidden);
    let admin = practice.token_of("practice.admin").await;
    assert_eq!(practice.status_of("oauth_entity", &admin).await, StatusCode::FORBIDDEN);
}

#[rstest]
#[case("vancouver", ApplicationUser::Integration, StatusCode::OK, StatusCode::UNAUTHORIZED)]
#[case("washingtondc", ApplicationUser::Integration, StatusCode::OK, StatusCode::OK)]
#[case("australia", ApplicationUser::Integration, StatusCode::OK, StatusCode::OK)]
#[case("vancouver", ApplicationUser::Empty, StatusCode::OK, StatusCode::UNAUTHORIZED)]
#[case("zurich", ApplicationUser::Empty, StatusCode::BAD_REQUEST, StatusCode::UNAUTHORIZED)]
#[case("zurich", ApplicationUser::Dangling, StatusCode::BAD_REQUEST, StatusCode::UNAUTHORIZED)]
#[tokio::test]
async fn client_credentials_act_as_a_real_user_since_washington(
    #[case] release: &str,
    #[case] application_user: ApplicationUser,
    #[case] granted: StatusCode,
    #[case] called: StatusCode,
) {
    let oauth = OAuthOptions { client_credentials: true, ..OAuthOptions::default() };
    let setup = Setup { application_user, ..Setup::default() };
    let practice = Practice::by_user(Options { oauth, setup, release: release.into(), ..Options::still() }).await;
    let reply = practice.grant(&[("grant_type", "client_credentials")]).await;
    assert_eq!(reply.status(), granted);
    let reply = json(reply).await;
    if granted == StatusCode::BAD_REQUEST {
        assert_eq!(reply["error"], "unauthorized_client");
        let entry = practice.control().application().unwrap()["sys_id"].value.clone();
        assert!(
            reply["error_description"].as_str().unwrap().ends_with(&format!("is not configured for OAuth:{entry}"))
        );
    }
    assert!(reply.get("refresh_token").is_none());
    let token = reply["access_token"].as_str().unwrap_or("");
    assert_eq!(practice.status_of("incident", token).await, called);
}

#[tokio::test]
async fn client_credentials_are_refused_until_the_property_says_so() {
    let practice = Practice::by_user(Options::still()).await;
    let ask = async || practice.grant(&[("grant_type", "client_credentials")]).await.status();
    assert_eq!(ask().await, StatusCode::UNAUTHORIZED);
    practice.control().set_property("glide.oauth.inbound.client.credential.grant_type.enabled", "true");
    assert_eq!(ask().await, StatusCode::OK);
}

#[tokio::test]
async fn rate_limit_rules_are_for_those_who_may_read_them() {
    let rate_rule = Some(RateRule { per_hour: 100, resets_in: 60 });
    let practice = Practice::by_user(Options { rate_rule, ..Options::still() }).await;
    let reply = practice.get("/api/now/table/sys_rate_limit_rules", &[]).await;
    assert_eq!(reply.status(), StatusCode::FORBIDDEN);
    let named = header(&reply, "x-ratelimit-rule").unwrap();
    practice.control().set_visibility("sys_rate_limit_rules", Visibility::Rows);
    let rules = practice.rows("sys_rate_limit_rules", &[]).await;
    assert_eq!((texts(&rules, "sys_id"), texts(&rules, "request_limit_per_hour")), (vec![named], vec!["100".into()]));
    practice.control().set_rate_rule(None);
    assert!(practice.rows("sys_rate_limit_rules", &[]).await.is_empty());
}
