use rstest::rstest;
use serde_json::json as body;

use super::*;
use crate::servicenow::{BusinessRule, Mandatory, RoleState, SameSysId};

pub(super) const OWN_ID: &str = "aaaabbbbccccddddeeeeffff00001111";

/// An instance, and an incident that its integration user has opened.
async fn with_incident() -> (Practice, String) {
    let practice = Practice::by_user(Options::still()).await;
    let sent = body!({"sys_id": OWN_ID, "short_description": "Disk full", "correlation_id": "azm:1", "impact": "1"});
    let reply = practice.send("POST", "incident", &sent).await;
    assert_eq!(reply.status(), StatusCode::CREATED);
    let row = result(reply).await;
    assert_eq!((&row["sys_id"], &row["correlation_id"]), (&body!(OWN_ID), &body!("azm:1")));
    (practice, format!("incident/{OWN_ID}"))
}

async fn change(practice: &Practice, path: &str, fields: &Value) -> (u16, Value) {
    let reply = practice.send("PATCH", path, fields).await;
    (reply.status().as_u16(), json(reply).await)
}

fn detail(reply: &Value) -> &str {
    reply["error"]["detail"].as_str().unwrap_or_default()
}

#[rstest]
#[case("", "azure.integration", true)]
#[case("false", "azure.integration", true)]
#[case("true", "azure.integration", false)]
#[case("true", "practice.admin", true)]
#[tokio::test]
async fn own_sys_id_is_kept_unless_the_property_leaves_it_to_admins(
    #[case] property: &str,
    #[case] user: &str,
    #[case] kept: bool,
) {
    let mut practice = Practice::by_user(Options::still()).await;
    practice.token = practice.token_of(user).await;
    if !property.is_empty() {
        practice.control().set_property("glide.rest.table_api.admin_only_sys_fields", property);
    }
    let sent = body!({"sys_id": OWN_ID.to_uppercase(), "sys_created_on": "2026-01-02 03:04:05"});
    let row = result(practice.send("POST", "incident", &sent).await).await;
    assert_eq!((row["sys_id"] == OWN_ID, row["sys_created_on"] == "2026-01-02 03:04:05"), (kept, kept), "{row}");
    let status = practice.status_of(&format!("incident/{OWN_ID}"), &practice.token).await;
    assert_eq!(status, if kept { StatusCode::OK } else { StatusCode::NOT_FOUND });
}

#[tokio::test]
async fn second_post_with_a_sys_id_is_refused_or_makes_a_double() {
    let (practice, _) = with_incident().await;
    let sent = body!({"sys_id": OWN_ID, "correlation_id": "azm:1"});
    let reply = practice.send("POST", "incident", &sent).await;
    assert_eq!(reply.status(), StatusCode::FORBIDDEN);
    assert!(detail(&json(reply).await).starts_with("Unique Key violation"));
    assert!(practice.control().integrity().is_sound());
    practice.control().change_manners(|manners| manners.same_sys_id = SameSysId::Another);
    let row = result(practice.send("POST", "incident", &sent).await).await;
    assert_ne!(row["sys_id"], OWN_ID);
    let found = practice.incidents("correlation_id=azm:1^ORDERBYsys_created_on").await;
    assert_eq!(found.len(), 2);
    let integrity = practice.control().integrity();
    assert_eq!((integrity.doubled_keys[0].key.as_str(), integrity.doubled_keys[0].numbers.len()), ("azm:1", 2));
}

#[tokio::test]
async fn incident_lives_from_new_to_closed_and_stays_closed() {
    let (practice, path) = with_incident().await;
    let (status, reply) = change(&practice, &path, &body!({"state": "6"})).await;
    assert_eq!(status, 403);
    assert_eq!(
        detail(&reply),
        "Data Policy Exception:\r\n The following fields are mandatory: Close code, Close notes"
    );
    let closing = body!({"state": "6", "close_code": "Solution provided", "close_notes": "Done"});
    let (status, reply) = change(&practice, &path, &closing).await;
    assert_eq!((status, &reply["result"]["state"]), (200, &body!("6")));
    assert_eq!(reply["result"]["resolved_by"]["value"], reply["result"]["opened_by"]["value"]);
    assert_ne!(reply["result"]["resolved_at"], "");
    let (_, reply) = change(&practice, &path, &body!({"state": "2"})).await;
    assert_eq!((&reply["result"]["reopen_count"], &reply["result"]["resolved_at"]), (&body!("1"), &body!("")));
    let (status, reply) = change(&practice, &path, &body!({"state": "7"})).await;
    assert_eq!((status, detail(&reply)), (403, "ACL Exception Update Failed due to security constraints"));
    practice.control().act_as("abel.tuter", OWN_ID, &[("state", "Closed")]).unwrap();
    for sent in [body!({"state": "2"}), body!({"work_notes": "Late"})] {
        let (status, reply) = change(&practice, &path, &sent).await;
        assert_eq!((status, detail(&reply)), (403, "ACL Exception Update Failed due to security constraints"));
    }
    assert!(practice.control().act_as("abel.tuter", OWN_ID, &[("state", "New")]).is_err());
}

#[tokio::test]
async fn closing_needs_a_role_of_its_own() {
    let (practice, path) = with_incident().await;
    practice.control().set_role("azure.integration", "itil_admin", RoleState::Direct).unwrap();
    assert_eq!(change(&practice, &path, &body!({"state": "7"})).await.0, 200);
}

#[rstest]
#[case(403)]
#[case(400)]
#[tokio::test]
async fn data_policy_asks_for_columns(#[case] status: u16) {
    let practice = Practice::by_user(Options::still()).await;
    let policy = Mandatory { table: "incident".into(), columns: vec!["caller_id".into()], when: [].into() };
    practice.control().change_manners(|manners| {
        (manners.mandatory, manners.policy_status) = (vec![policy], status);
    });
    let reply = practice.send("POST", "incident", &body!({"short_description": "x"})).await;
    assert_eq!(reply.status().as_u16(), status);
    assert!(detail(&json(reply).await).ends_with("mandatory: Caller id"));
    let sent = body!({"short_description": "x", "caller_id": "Abel Tuter"});
    let reply = practice.send("POST", "incident?sysparm_input_display_value=true", &sent).await;
    assert_eq!(reply.status(), StatusCode::CREATED);
}

#[tokio::test]
async fn business_rules_abort_drop_and_set() {
    let (practice, path) = with_incident().await;
    let rules = body!([
        {"name": "No weekends", "table": "incident", "on": ["insert"], "abort": true},
        {"name": "Known codes", "table": "incident", "only": {"close_code": ["Duplicate"]}},
        {"name": "Route", "table": "incident", "when": {"urgency": "1"}, "drop": ["impact"], "set": {"category": "network"}},
    ]);
    let rules: Vec<BusinessRule> = serde_json::from_value(rules).unwrap();
    practice.control().change_manners(|manners| manners.business_rules = rules);
    let reply = practice.send("POST", "incident", &body!({})).await;
    assert_eq!(reply.status(), StatusCode::FORBIDDEN);
    let reply = json(reply).await;
    assert!(detail(&reply).contains("'incident' was aborted by Business Rule 'No weekends^"), "{reply}");
    let wrong = body!({"state": "6", "close_code": "Solution provided", "close_notes": "x"});
    assert_eq!(change(&practice, &path, &wrong).await.0, 403);
    let (_, reply) = change(&practice, &path, &body!({"urgency": "1", "impact": "3", "category": "software"})).await;
    assert_eq!((&reply["result"]["impact"], &reply["result"]["category"]), (&body!("1"), &body!("network")));
}

#[tokio::test]
async fn notes_are_appended_and_a_repeat_doubles_them() {
    let (practice, path) = with_incident().await;
    for _ in 0..2 {
        change(&practice, &path, &body!({"work_notes": "Fired again", "correlation_display": "Azure Monitor #2"}))
            .await;
    }
    let ticket = practice.control().tickets().remove(0);
    assert_eq!((ticket.notes.len(), ticket.notes[0].by.as_str()), (2, "azure.integration"));
    assert_eq!(practice.control().integrity().doubled_notes[0].times, 2);
}

#[tokio::test]
async fn tickets_tell_who_did_what() {
    let (practice, path) = with_incident().await;
    change(&practice, &path, &body!({"state": "7"})).await;
    practice
        .control()
        .act_as("beth.anglin", OWN_ID, &[("assigned_to", "Beth Anglin"), ("state", "In Progress")])
        .unwrap();
    let ticket = practice.control().tickets().remove(0);
    assert_eq!((ticket.key.as_str(), ticket.open, ticket.state.as_str()), ("azm:1", true, "2"));
    let history: Vec<_> = ticket.history.iter().map(|one| (one.verb.as_str(), one.by.as_str(), one.done)).collect();
    let mine = "azure.integration";
    assert_eq!(history, [("insert", mine, true), ("update", mine, false), ("update", "beth.anglin", true)]);
    assert_eq!(ticket.fields["sys_updated_by"], "beth.anglin");
}

#[tokio::test]
async fn times_given_as_displayed_are_in_the_callers_zone() {
    let practice = Practice::by_user(Options::still()).await;
    let sent = body!({"opened_at": "01-07-2026 12:00:00", "state": "In Progress", "assignment_group": "Network"});
    let reply = practice.send("POST", "incident?sysparm_input_display_value=true", &sent).await;
    let row = result(reply).await;
    assert_eq!((&row["opened_at"], &row["state"]), (&body!("2026-07-01 10:00:00"), &body!("2")));
    assert_eq!(row["assignment_group"]["value"], crate::core::rng::stable_hex("sys_user_group", "Network"));
}
