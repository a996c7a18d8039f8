use serde_json::json as body;

use super::*;
use crate::servicenow::{RoleState, Setup};

async fn event(practice: &Practice, key: &str, severity: &str) -> (u16, Value) {
    let record = body!({
        "source": "AzureMonitor", "node": "web-prd-01", "message_key": key, "severity": severity,
        "description": "CPU above 90%", "resolution_state": if severity == "0" { "Closing" } else { "New" },
    });
    let request = practice.client.post(format!("{}/api/global/em/jsonv2", practice.server.url()));
    let request = request.bearer_auth(&practice.token).header("content-type", "application/json");
    let reply = request.body(body!({"records": [record]}).to_string()).send().await.unwrap();
    (reply.status().as_u16(), json(reply).await)
}

fn alerts(practice: &Practice) -> Vec<(String, String)> {
    let rows = practice.control().rows("em_alert");
    rows.iter().map(|row| (row["state"].value.clone(), row["event_count"].value.clone())).collect()
}

fn states(practice: &Practice) -> Vec<String> {
    let all = practice.control().rows("incident");
    let made = all.iter().filter(|row| row["sys_created_by"].value == "system");
    made.map(|row| row["state"].value.clone()).collect()
}

#[tokio::test]
async fn events_make_one_alert_by_key_and_a_clear_closes_it() {
    let practice = Practice::by_user(Options::still()).await;
    let (status, reply) = event(&practice, "azm:1", "1").await;
    assert_eq!((status, &reply["result"]["Default Bulk Endpoint"]), (200, &body!("1 events were inserted")));
    event(&practice, "azm:1", "2").await;
    event(&practice, "azm:2", "0").await;
    assert_eq!(alerts(&practice), [("Open".into(), "2".into())], "a clear of nothing makes no alert");
    event(&practice, "azm:1", "0").await;
    assert_eq!(alerts(&practice)[0].0, "Closed");
    assert_eq!(practice.control().count("em_event"), 4);
    assert!(states(&practice).is_empty());
}

#[tokio::test]
async fn alerts_make_incidents_where_the_instance_says_so() {
    let practice = Practice::by_user(Options::still()).await;
    practice.control().change_manners(|manners| manners.alerts_make_incidents = true);
    event(&practice, "azm:1", "1").await;
    assert_eq!(states(&practice), ["1"]);
    event(&practice, "azm:1", "0").await;
    assert_eq!(states(&practice), ["6"]);
    event(&practice, "azm:1", "1").await;
    assert_eq!((states(&practice), alerts(&practice)[0].0.as_str()), (vec!["2".to_owned()], "Reopen"));
    event(&practice, "azm:1", "0").await;
    practice.control().set_clock_shift(4_000);
    event(&practice, "azm:1", "1").await;
    assert_eq!((states(&practice).len(), alerts(&practice).len()), (2, 2), "after the interval it is another alert");
}

#[tokio::test]
async fn properties_say_what_a_clear_and_a_return_do() {
    let practice = Practice::by_user(Options::still()).await;
    practice.control().change_manners(|manners| manners.alerts_make_incidents = true);
    practice.control().set_property("evt_mgmt.alert_closes_incident", "nothing");
    practice.control().set_property("evt_mgmt.alert_reopens_incident", "new");
    for severity in ["1", "0"] {
        event(&practice, "azm:1", severity).await;
    }
    assert_eq!(states(&practice), ["1"]);
    event(&practice, "azm:1", "1").await;
    assert_eq!(states(&practice), ["1", "1"]);
}

#[tokio::test]
async fn row_of_em_event_is_an_event_too() {
    let practice = Practice::by_user(Options::still()).await;
    let sent = body!({"source": "x", "node": "n", "severity": "1", "message_key": "k"});
    assert_eq!(practice.send("POST", "em_event", &sent).await.status(), StatusCode::CREATED);
    assert_eq!(alerts(&practice).len(), 1);
}

#[tokio::test]
async fn without_event_management_or_its_role_there_are_no_events() {
    let setup = Setup { event_management: false, ..Setup::default() };
    let practice = Practice::by_user(Options { setup, ..Options::still() }).await;
    let (status, reply) = event(&practice, "k", "1").await;
    assert_eq!((status, &reply["error"]["message"]), (400, &body!("Requested URI does not represent any resource")));
    let practice = Practice::by_user(Options::still()).await;
    practice.control().set_role("azure.integration", "evt_mgmt_integration", RoleState::Missing).unwrap();
    assert_eq!(event(&practice, "k", "1").await.0, 403);
}
