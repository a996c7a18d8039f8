use std::collections::BTreeMap;

use rstest::rstest;
use serde_json::json as body;

use super::*;
use crate::servicenow::{PasswordState, RoleState, Setup, Verb};

const WORD: &str = "practice-word-1";

fn id_of(practice: &Practice, table: &str, column: &str, value: &str) -> String {
    let rows = practice.control().rows(table);
    let row = rows.iter().find(|row| row[column].value == value);
    row.unwrap_or_else(|| panic!("no {column}={value} in {table}"))["sys_id"].value.clone()
}

async fn make_user(practice: &Practice, more: &Value) -> Value {
    let mut user = body!({
        "user_name": "azure.integration", "first_name": "Azure", "last_name": "Integration",
        "web_service_access_only": true, "password_needs_reset": false,
    });
    user.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let reply = practice.send("POST", "sys_user", &user).await;
    assert_eq!(reply.status(), StatusCode::CREATED);
    result(reply).await
}

#[tokio::test]
async fn a_post_answers_with_the_row_and_where_it_is() {
    let practice = Practice::by_admin(Options::still()).await;
    let sent = body!({"short_description": "Disk full", "urgency": 1, "impact": "2", "colour": "red"});
    let reply = practice.send("POST", "incident?sysparm_exclude_reference_link=true", &sent).await;
    assert_eq!(reply.status(), StatusCode::CREATED);
    let location = header(&reply, "location").unwrap();
    let row = result(reply).await;
    let id = row["sys_id"].as_str().unwrap();
    assert_eq!(location, format!("{}/api/now/table/incident/{id}", practice.server.url()));
    assert_eq!((&row["urgency"], &row["priority"], &row["state"]), (&body!("1"), &body!("2"), &body!("1")));
    assert_eq!(row["number"], "INC0010006");
    assert_eq!((&row["sys_created_by"], &row["sys_mod_count"]), (&body!("practice.admin"), &body!("0")));
    assert!(row.get("colour").is_none(), "an unknown column is dropped");
    assert_eq!(
        result(practice.get(&format!("/api/now/table/incident/{id}"), &[]).await).await["number"],
        row["number"]
    );
}

#[rstest]
#[case("PATCH")]
#[case("PUT")]
#[tokio::test]
async fn a_change_keeps_what_it_does_not_name(#[case] method: &str) {
    let practice = Practice::by_admin(Options::still()).await;
    let before = practice.control().rows("incident").remove(0);
    let (id, number) = (&before["sys_id"].value, &before["number"].value);
    let sent = body!({"short_description": "Changed", "sys_created_by": "nobody", "sys_mod_count": "99"});
    let reply = practice.send(method, &format!("incident/{id}"), &sent).await;
    assert_eq!(reply.status(), StatusCode::OK);
    let row = result(reply).await;
    assert_eq!((&row["short_description"], &row["number"]), (&body!("Changed"), &body!(number)));
    assert_eq!(row["sys_created_by"], before["sys_created_by"].value.as_str(), "system columns are not writable");
    let count = before["sys_mod_count"].value.parse::<u64>().unwrap() + 1;
    assert_eq!((&row["sys_mod_count"], &row["sys_updated_by"]), (&body!(count.to_string()), &body!("practice.admin")));
}

#[tokio::test]
async fn a_deleted_row_is_gone() {
    let practice = Practice::by_admin(Options::still()).await;
    let id = practice.control().rows("incident")[2]["sys_id"].value.clone();
    let reply = practice.send("DELETE", &format!("incident/{id}"), &Value::Null).await;
    assert_eq!((reply.status(), reply.text().await.unwrap()), (StatusCode::NO_CONTENT, String::new()));
    assert_eq!(practice.status_of(&format!("incident/{id}"), &practice.token).await, StatusCode::NOT_FOUND);
    assert_eq!(practice.rows("incident", &[("sysparm_query", ORDER)]).await.len(), 4);
    assert_eq!(practice.control().count("incident"), 4);
    assert_eq!(practice.send("DELETE", &format!("incident/{id}"), &Value::Null).await.status(), StatusCode::NOT_FOUND);
}

#[rstest]
#[case("text/plain", "application/json", "{}")]
#[case("application/json", "*/*", "{}")]
#[case("application/json", "application/json", "{no json")]
#[case("application/json", "application/json", "\"text\"")]
#[tokio::test]
async fn what_is_not_json_both_ways_is_a_bad_request(#[case] kind: &str, #[case] accept: &str, #[case] body: &str) {
    let practice = Practice::by_admin(Options::still()).await;
    let url = format!("{}/api/now/table/incident", practice.server.url());
    let request = practice.client.post(url).bearer_auth(&practice.token);
    let request = request.header("content-type", kind).header("accept", accept).body(body.to_owned());
    assert_eq!(request.send().await.unwrap().status(), StatusCode::BAD_REQUEST);
    assert_eq!(practice.control().count("incident"), 5);
}

#[rstest]
#[case("POST", "sys_user", "Insert")]
#[case("POST", "sys_user_has_role", "Insert")]
#[case("PATCH", "sys_user", "Update")]
#[case("PATCH", "oauth_entity", "Update")]
#[case("DELETE", "sys_user_has_role", "Delete")]
#[case("DELETE", "oauth_credential", "Delete")]
#[case("DELETE", "incident", "Delete")]
#[tokio::test]
async fn the_integration_user_is_stopped_by_the_access_rules(
    #[case] method: &str,
    #[case] table: &str,
    #[case] word: &str,
) {
    let practice = Practice::by_user(Options::still()).await;
    let before = practice.control().rows(table);
    let id = &before[0]["sys_id"].value;
    let path = if method == "POST" { table.to_owned() } else { format!("{table}/{id}") };
    let reply = practice.send(method, &path, &body!({"active": "false"})).await;
    assert_eq!(reply.status(), StatusCode::FORBIDDEN);
    let error = json(reply).await["error"].clone();
    assert_eq!(error["message"], "Operation Failed");
    assert_eq!(error["detail"], format!("ACL Exception {word} Failed due to security constraints"));
    assert_eq!(practice.control().count(table), before.len());
    let writes = practice.control().writes();
    assert_eq!((writes.len(), writes[0].done, writes[0].user.as_str()), (1, false, "azure.integration"));
}

#[tokio::test]
async fn integration_user_opens_incidents_only_with_itil() {
    let practice = Practice::by_user(Options::still()).await;
    let sent = body!({"short_description": "Opened", "correlation_id": "x"});
    assert_eq!(practice.send("POST", "incident", &sent).await.status(), StatusCode::CREATED);
    practice.control().set_role("azure.integration", "snc_platform_rest_api_access", RoleState::Direct).unwrap();
    practice.control().set_role("azure.integration", "itil", RoleState::Missing).unwrap();
    assert_eq!(practice.send("POST", "incident", &sent).await.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn long_texts_are_cut_and_notes_go_into_the_journal() {
    let practice = Practice::by_user(Options::still()).await;
    let sent = body!({"short_description": "x".repeat(200), "work_notes": "Seen", "correlation_id": "c-1"});
    let row = result(practice.send("POST", "incident", &sent).await).await;
    assert_eq!((row["short_description"].as_str().unwrap().len(), &row["work_notes"]), (160, &body!("")));
    let notes = practice.control().rows("sys_journal_field");
    assert_eq!(notes[0]["value"].value, "Seen");
    assert_eq!(notes[0]["element_id"].value, row["sys_id"].as_str().unwrap());
}

#[rstest]
#[case("", StatusCode::UNAUTHORIZED, PasswordState::Unhashed)]
#[case("?sysparm_input_display_value=false", StatusCode::UNAUTHORIZED, PasswordState::Unhashed)]
#[case("?sysparm_input_display_value=true", StatusCode::OK, PasswordState::Hashed)]
#[tokio::test]
async fn a_password_is_good_only_if_it_came_as_a_display_value(
    #[case] query: &str,
    #[case] status: StatusCode,
    #[case] state: PasswordState,
) {
    let practice = Practice::by_admin(Options::bare()).await;
    assert_eq!(practice.grant_for("azure.integration", WORD).await.status(), StatusCode::UNAUTHORIZED);
    let id = make_user(&practice, &body!({})).await["sys_id"].as_str().unwrap().to_owned();
    assert_eq!(practice.control().password_state("azure.integration"), Some(PasswordState::None));
    let reply = practice.send("PATCH", &format!("sys_user/{id}{query}"), &body!({"user_password": WORD})).await;
    assert_eq!(reply.status(), StatusCode::OK);
    assert!(!reply.text().await.unwrap().contains(WORD));
    assert_eq!(practice.grant_for("azure.integration", WORD).await.status(), status);
    assert_eq!(practice.control().password_state("azure.integration"), Some(state));
    assert!(!format!("{:?}", practice.control().writes()).contains(WORD));
}

#[rstest]
#[case(body!({"password_needs_reset": true}))]
#[case(body!({"active": false}))]
#[case(body!({"locked_out": "true"}))]
#[tokio::test]
async fn a_new_user_in_bad_order_gets_no_token(#[case] more: Value) {
    let practice = Practice::by_admin(Options::bare()).await;
    let id = make_user(&practice, &more).await["sys_id"].as_str().unwrap().to_owned();
    let path = format!("sys_user/{id}?sysparm_input_display_value=true");
    practice.send("PATCH", &path, &body!({"user_password": WORD})).await;
    assert_eq!(practice.grant_for("azure.integration", WORD).await.status(), StatusCode::UNAUTHORIZED);
    let mended = body!({"password_needs_reset": "false", "active": "true", "locked_out": "false"});
    practice.send("PATCH", &path, &mended).await;
    assert_eq!(practice.grant_for("azure.integration", WORD).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_password_that_must_be_changed_has_to_be_ruled_out() {
    let practice = Practice::by_admin(Options::bare()).await;
    let user = result(practice.send("POST", "sys_user", &body!({"user_name": "b", "first_name": "B"})).await).await;
    assert_eq!((&user["password_needs_reset"], &user["active"]), (&body!("true"), &body!("true")));
    assert_eq!((&user["locked_out"], &user["name"]), (&body!("false"), &body!("B")));
}

#[tokio::test]
async fn a_user_name_is_taken_only_once() {
    let practice = Practice::by_admin(Options::still()).await;
    let reply = practice.send("POST", "sys_user", &body!({"user_name": "Azure.Integration"})).await;
    assert_eq!(reply.status(), StatusCode::FORBIDDEN);
    assert!(json(reply).await["error"]["detail"].as_str().unwrap().starts_with("Unique Key violation"));
}

#[tokio::test]
async fn itil_brings_inherited_roles_and_takes_them_away_again() {
    let practice =
        Practice::by_admin(Options { setup: Setup { roles: BTreeMap::new(), ..Setup::default() }, ..Options::still() })
            .await;
    let held = || {
        let roles = practice.control().roles("azure.integration");
        roles.into_iter().map(|role| (role.role, role.inherited)).collect::<Vec<_>>()
    };
    assert!(held().is_empty());
    let user = id_of(&practice, "sys_user", "user_name", "azure.integration");
    let itil = id_of(&practice, "sys_user_role", "name", "itil");
    let reply = practice.send("POST", "sys_user_has_role", &body!({"user": user, "role": itil})).await;
    assert_eq!(reply.status(), StatusCode::CREATED);
    let row = result(reply).await;
    assert_eq!((&row["state"], &row["inherited"]), (&body!("active"), &body!("false")));
    assert!(held().contains(&("itil".into(), false)));
    for role in ["template_editor", "view_changer", "snc_platform_rest_api_access", "sn_incident_write"] {
        assert!(held().contains(&(role.into(), true)), "{role} in {:?}", held());
    }
    let given = practice.control().roles("azure.integration").remove(0);
    assert_eq!((given.by.as_str(), given.included_in.as_str()), ("practice.admin", "itil"));
    practice.send("DELETE", &format!("sys_user_has_role/{}", row["sys_id"].as_str().unwrap()), &Value::Null).await;
    assert!(held().is_empty(), "{:?}", held());
}

#[tokio::test]
async fn a_role_granted_twice_stands_there_twice() {
    let practice = Practice::by_admin(Options::still()).await;
    let user = id_of(&practice, "sys_user", "user_name", "azure.integration");
    let itil = id_of(&practice, "sys_user_role", "name", "itil");
    practice.send("POST", "sys_user_has_role", &body!({"user": user, "role": itil})).await;
    let roles = practice.control().roles("azure.integration");
    let count = |name: &str| roles.iter().filter(|role| role.role == name).count();
    assert_eq!((count("itil"), count("template_editor")), (2, 1));
}

#[tokio::test]
async fn a_new_lifespan_counts_from_the_next_password_grant() {
    let practice = Practice::by_admin(Options::bare()).await;
    let entity = practice.control().application().unwrap();
    assert_eq!(entity["refresh_token_lifespan"].value, "8640000");
    let path = format!("oauth_entity/{}", entity["sys_id"].value);
    let reply = practice.send("PATCH", &path, &body!({"refresh_token_lifespan": "7776000"})).await;
    assert_eq!(result(reply).await["refresh_token_lifespan"], "7776000");
    let left = || {
        let token = practice
            .control()
            .issued()
            .into_iter()
            .find(|token| !token.value.is_empty() && token.expires - token.created > 1_800);
        token.map(|token| token.expires - token.created).unwrap()
    };
    assert!(left() >= 8_640_000);
    practice.token_of("practice.admin").await;
    assert!((7_776_000..8_640_000).contains(&left()));
}

#[tokio::test]
async fn apps_and_tokens_are_not_made_by_writing_rows() {
    let practice = Practice::by_admin(Options::still()).await;
    for table in ["sys_store_app", "oauth_credential"] {
        assert_eq!(practice.send("POST", table, &body!({})).await.status(), StatusCode::FORBIDDEN, "{table}");
    }
    assert_eq!(practice.send("POST", "x_unknown", &body!({})).await.status(), StatusCode::BAD_REQUEST);
    assert_eq!(practice.send("PATCH", "incident", &body!({})).await.status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn it_is_known_who_did_what() {
    let practice = Practice::by_admin(Options::bare()).await;
    let id = make_user(&practice, &body!({})).await["sys_id"].as_str().unwrap().to_owned();
    let writes = practice.control().writes();
    assert_eq!((writes[0].verb, writes[0].table.as_str(), writes[0].done), (Verb::Insert, "sys_user", true));
    assert_eq!((writes[0].sys_id.as_str(), writes[0].fields["user_name"].as_str()), (id.as_str(), "azure.integration"));
    let requests = practice.control().requests();
    assert_eq!(requests.last().unwrap().user.as_deref(), Some("practice.admin"));
}

#[tokio::test]
async fn a_bare_instance_can_be_brought_to_completion_over_the_api() {
    let practice = Practice::by_admin(Options::bare()).await;
    let id = make_user(&practice, &body!({})).await["sys_id"].as_str().unwrap().to_owned();
    practice
        .send("PATCH", &format!("sys_user/{id}?sysparm_input_display_value=true"), &body!({"user_password": WORD}))
        .await;
    let token =
        json(practice.grant_for("azure.integration", WORD).await).await["access_token"].as_str().unwrap().to_owned();
    assert_eq!(practice.status_of("incident", &token).await, StatusCode::FORBIDDEN, "no role, no API");
    for role in ["itil", "personalize_choices", "import_transformer", "x_mioms_microsoft.user"] {
        let role = id_of(&practice, "sys_user_role", "name", role);
        let sent = body!({"user": id, "role": role});
        assert_eq!(practice.send("POST", "sys_user_has_role", &sent).await.status(), StatusCode::CREATED);
    }
    assert_eq!(practice.status_of("incident", &token).await, StatusCode::OK);
    assert_eq!(practice.status_of("x_mioms_microsoft_oms_incident", &token).await, StatusCode::OK);
}
