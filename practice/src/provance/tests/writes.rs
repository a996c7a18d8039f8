//! Rows made and changed over the API.

use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use super::*;
use crate::core::rng::{guid, stable_hex};

const OWN: &str = "0f8fad5b-d9cb-569f-a165-70867728950e";

async fn send(practice: &Practice, method: Method, path: &str, headers: &[(&str, &str)], body: &Value) -> (u16, Value) {
    let url = format!("{}/api/data/v9.2/{path}", practice.server.url());
    let mut request = practice.client.request(method, url).bearer_auth(&practice.token);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let reply = request.header("content-type", "application/json").body(body.to_string()).send().await;
    let Ok(reply) = reply else { return (0, Value::Null) };
    let status = reply.status().as_u16();
    (status, serde_json::from_str(&reply.text().await.unwrap()).unwrap_or(Value::Null))
}

const CREATE: [(&str, &str); 1] = [("if-none-match", "*")];
const UPDATE: [(&str, &str); 1] = [("if-match", "*")];

fn case() -> Value {
    let account = guid(&stable_hex("account", "Contoso Retail"));
    json!({"title": "CPU above 90%", "customerid_account@odata.bind": format!("/accounts({account})")})
}

async fn with_cases() -> Practice {
    Practice::start(Options::still().layout(Layout::Case).rows(5)).await
}

#[tokio::test]
async fn row_is_made_once_by_an_id_of_the_clients_own() {
    let practice = with_cases().await;
    let path = format!("incidents({OWN})");
    assert_eq!(send(&practice, Method::PATCH, &path, &UPDATE, &json!({"title": "x"})).await.0, 404);
    assert_eq!(send(&practice, Method::PATCH, &path, &CREATE, &case()).await.0, 204);
    let (status, reply) = send(&practice, Method::PATCH, &path, &CREATE, &case()).await;
    assert_eq!((status, &reply["error"]["code"]), (412, &json!("")));
    assert_eq!(reply["error"]["message"], "A record with matching key values already exists.");
    assert_eq!(send(&practice, Method::PATCH, &path, &UPDATE, &json!({"description": "More"})).await.0, 204);
    let stale = [("if-match", "W/\"1\"")];
    assert_eq!(send(&practice, Method::PATCH, &path, &stale, &json!({"description": "x"})).await.0, 412);
    let ticket = practice.control().tickets().remove(0);
    assert_eq!((ticket.id.as_str(), ticket.fields["description"].as_str(), ticket.open), (OWN, "More", true));
    let history: Vec<_> = ticket.history.iter().map(|one| (one.verb.as_str(), one.done)).collect();
    let expected = [("update", false), ("insert", true), ("update", false), ("update", true), ("update", false)];
    assert_eq!(history, expected);
}

#[tokio::test]
async fn case_is_resolved_by_its_action_once_and_reopened() {
    let practice = with_cases().await;
    let path = format!("incidents({OWN})");
    send(&practice, Method::PATCH, &path, &CREATE, &case()).await;
    let (status, reply) = send(&practice, Method::PATCH, &path, &UPDATE, &json!({"statecode": 1})).await;
    assert_eq!((status, &reply["error"]["code"]), (400, &json!("0x80040203")));
    let close = json!({
        "IncidentResolution": {
            "@odata.type": "Microsoft.Dynamics.CRM.incidentresolution", "subject": "Resolved",
            "incidentid@odata.bind": format!("/incidents({OWN})"),
        },
        "Status": 5,
    });
    assert_eq!(send(&practice, Method::POST, "CloseIncident", &[], &close).await.0, 204);
    assert!(!practice.control().tickets()[0].open);
    let (status, reply) = send(&practice, Method::POST, "CloseIncident", &[], &close).await;
    assert_eq!((status, &reply["error"]["code"]), (400, &json!("0x800404cf")));
    let (status, _) = send(&practice, Method::PATCH, &path, &UPDATE, &json!({"statecode": 0, "statuscode": 5})).await;
    assert_eq!(status, 400, "the reason does not belong to the state");
    let reopened = json!({"statecode": 0, "statuscode": 1});
    assert_eq!(send(&practice, Method::PATCH, &path, &UPDATE, &reopened).await.0, 204);
    assert!(practice.control().tickets()[0].open);
}

#[rstest]
#[case(json!({"title": "x"}), "0x80040265")]
#[case(json!({"title": "x", "colour": "red"}), "0x80048d19")]
#[case(json!({"title": 5}), "0x80048d19")]
#[case(json!({"prioritycode": 77}), "0x80048d19")]
#[case(json!({"customerid_account@odata.bind": format!("/accounts({OWN})")}), "0x80040217")]
#[tokio::test]
async fn wrong_bodies_are_refused(#[case] body: Value, #[case] code: &str) {
    let practice = with_cases().await;
    let (status, reply) = send(&practice, Method::PATCH, &format!("incidents({OWN})"), &CREATE, &body).await;
    assert!(matches!(status, 400 | 404), "{reply}");
    assert_eq!(reply["error"]["code"], code);
    assert!(practice.control().tickets().is_empty());
}

#[rstest]
#[case(500)]
#[case(412)]
#[tokio::test]
async fn duplicates_are_found_where_the_client_asks_for_it(#[case] expected: u16) {
    let practice = with_cases().await;
    practice.control().change_manners(|manners| manners.duplicate_status = Some(expected));
    send(&practice, Method::POST, "incidents", &[], &case()).await;
    let asks = [("mscrm.suppressduplicatedetection", "false")];
    let (status, reply) = send(&practice, Method::POST, "incidents", &asks, &case()).await;
    assert_eq!((status, &reply["error"]["code"]), (expected, &json!("0x80040333")));
    assert_eq!(send(&practice, Method::POST, "incidents", &[], &case()).await.0, 204);
    assert_eq!(practice.control().integrity().doubled_keys.len(), 1);
}

#[tokio::test]
async fn tables_of_the_solution_and_notes_are_written_too() {
    let practice = Practice::start(Options::still().rows(5)).await;
    let path = format!("prov_incidents({OWN})");
    let represent = [("if-none-match", "*"), ("prefer", "return=representation")];
    let (status, row) = send(&practice, Method::PATCH, &path, &represent, &json!({"prov_title": "Disk"})).await;
    assert_eq!((status, &row["prov_title"]), (201, &json!("Disk")));
    let done = json!({"statecode": 1, "statuscode": 5});
    assert_eq!(send(&practice, Method::PATCH, &path, &UPDATE, &done).await.0, 204);
    assert_eq!(send(&practice, Method::POST, "CloseIncident", &[], &json!({})).await.0, 404);
    let note =
        json!({"notetext": "Fired again", "objectid_prov_incident@odata.bind": format!("/prov_incidents({OWN})")});
    assert_eq!(send(&practice, Method::PATCH, &format!("annotations({OWN})"), &CREATE, &note).await.0, 204);
    assert_eq!(send(&practice, Method::PATCH, &format!("annotations({OWN})"), &CREATE, &note).await.0, 412);
    send(&practice, Method::POST, "annotations", &[], &note).await;
    assert_eq!(practice.control().integrity().doubled_notes[0].times, 2);
    let list = format!("annotations?$filter=_objectid_value eq {OWN}");
    assert_eq!(send(&practice, Method::GET, &list, &[], &Value::Null).await.1["value"].as_array().unwrap().len(), 2);
    practice.control().change_manners(|manners| manners.may_write = false);
    assert_eq!(send(&practice, Method::PATCH, &path, &UPDATE, &done).await.0, 403);
}

#[rstest]
#[case(FaultKind::ReplyLost, 0)]
#[case(FaultKind::ErrorAfterCommit, 400)]
#[tokio::test]
async fn write_is_carried_out_and_its_answer_is_lost_or_false(#[case] fault: FaultKind, #[case] expected: u16) {
    let practice = with_cases().await;
    practice.control().fault(FaultSpec { status: 400, ..FaultSpec::new(fault) });
    let path = format!("incidents({OWN})");
    assert_eq!(send(&practice, Method::GET, &path, &[], &Value::Null).await.0, 404);
    assert_eq!(send(&practice, Method::PATCH, &path, &CREATE, &case()).await.0, expected);
    assert_eq!(send(&practice, Method::GET, &path, &[], &Value::Null).await.0, 200);
    practice.control().fault(FaultSpec { column: "description".into(), ..FaultSpec::new(FaultKind::DroppedColumn) });
    assert_eq!(send(&practice, Method::PATCH, &path, &UPDATE, &json!({"description": "x"})).await.0, 204);
    assert!(!practice.control().tickets()[0].fields.contains_key("description"));
    practice.control().fault(FaultSpec::new(FaultKind::RateLimited).on_writes());
    assert_eq!(send(&practice, Method::GET, &path, &[], &Value::Null).await.0, 200);
    assert_eq!(send(&practice, Method::PATCH, &path, &UPDATE, &json!({})).await.0, 429);
}

#[tokio::test]
async fn incident_refers_to_a_configuration_item_by_its_navigation_property() {
    let leeway = Leeway { refers_to_items: true, ..Leeway::default() };
    let practice = Practice::start(Options { leeway, ..Options::still().rows(5) }).await;
    let relations = practice.json("EntityDefinitions(LogicalName='prov_incident')/ManyToOneRelationships").await;
    let relation =
        relations["value"].as_array().unwrap().iter().find(|one| one["ReferencedEntity"] == "prov_configurationitem");
    let navigation = relation.unwrap()["ReferencingEntityNavigationPropertyName"].as_str().unwrap();
    assert_eq!(relation.unwrap()["ReferencingAttribute"], "prov_configurationitemid");
    let item = format!("prov_configurationitems({OWN})");
    let row = json!({"prov_name": "vm-1"});
    assert_eq!(send(&practice, Method::PATCH, &item, &CREATE, &row).await.0, 204);
    assert_eq!(send(&practice, Method::PATCH, &item, &CREATE, &row).await.0, 412);
    let found = practice.json("prov_configurationitems?$select=prov_name,statecode&$filter=prov_name eq 'VM-1'").await;
    assert_eq!((found["value"].as_array().unwrap().len(), &found["value"][0]["statecode"]), (1, &json!(0)));
    let incident = |name: &str, to: &str| json!({"prov_title": "CPU", format!("{name}@odata.bind"): format!("/{to}")});
    let made = |name: &str, to: &str, n: u8| {
        let body = incident(name, to);
        let (practice, path) = (&practice, format!("prov_incidents(0f8fad5b-d9cb-569f-a165-70867728950{n})"));
        async move { send(practice, Method::PATCH, &path, &CREATE, &body).await.0 }
    };
    assert_eq!(made(navigation, &item, 1).await, 204);
    assert_eq!(made("prov_configurationitemid", &item, 2).await, 400, "its name is told by its case");
    let missing = "prov_configurationitems(00000000-0000-4000-8000-000000000000)";
    assert_eq!(made(navigation, missing, 3).await, 404);
    let ticket = practice.control().tickets().remove(0);
    assert_eq!((ticket.fields["prov_configurationitemid"].as_str(), practice.control().tickets().len()), (OWN, 1));
}

#[tokio::test]
async fn privileges_of_the_user_are_told_and_hold() {
    let practice = Practice::start(Options::still().rows(5)).await;
    let table = practice.json("EntityDefinitions(LogicalName='prov_configurationitem')").await;
    let needed = table["Privileges"].as_array().unwrap().iter().find(|one| one["PrivilegeType"] == "Create").unwrap();
    let who = practice.json("WhoAmI").await["UserId"].as_str().unwrap().to_owned();
    let path = format!("systemusers({who})/Microsoft.Dynamics.CRM.RetrieveUserPrivileges()");
    let held = practice.json(&path).await["RolePrivileges"].clone();
    let has = |held: &Value| held.as_array().unwrap().iter().any(|one| one["PrivilegeId"] == needed["PrivilegeId"]);
    assert!(has(&held));
    practice.control().change_manners(|manners| manners.may_make_items = false);
    assert!(!has(&practice.json(&path).await["RolePrivileges"]));
    let item = format!("prov_configurationitems({OWN})");
    assert_eq!(send(&practice, Method::PATCH, &item, &CREATE, &json!({"prov_name": "vm-1"})).await.0, 403);
}
