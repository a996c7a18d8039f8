use serde_json::json as body;

use super::*;
use crate::core::estate::MACHINES;
use crate::servicenow::{FaultKind, FaultSpec};

async fn post(practice: &Practice, path: &str, body: &Value) -> (u16, Value) {
    let request = practice.client.post(format!("{}{path}", practice.server.url())).bearer_auth(&practice.token);
    let request = request.header("accept", "application/json").header("content-type", "application/json");
    let reply = request.body(body.to_string()).send().await.unwrap();
    (reply.status().as_u16(), json(reply).await)
}

const ENGINE: &str = "/api/now/identifyreconcile?sysparm_data_source=ITSMC";
const DRY_RUN: &str = "/api/now/identifyreconcile/query?sysparm_data_source=ITSMC";

/// What the engine says of one item.
async fn engine(practice: &Practice, path: &str, class: &str, values: Value) -> Value {
    let sent = body!({"items": [{"className": class, "values": values}]});
    let (status, reply) = post(practice, path, &sent).await;
    assert_eq!(status, 200, "{reply}");
    reply["result"]["items"][0].clone()
}

#[tokio::test]
async fn items_are_found_by_what_azure_and_dns_call_them() {
    let practice = Practice::by_user(Options::still()).await;
    let id = MACHINES[0].arm_id().to_lowercase();
    for query in
        [format!("object_id={id}"), "fqdn=web-prd-01.contoso.practice.example".into(), "name=web-prd-01".into()]
    {
        let rows = practice.rows("cmdb_ci", &[("sysparm_query", &query)]).await;
        assert_eq!(texts(&rows, "name"), ["web-prd-01"], "{query}");
    }
    assert_eq!(practice.rows("cmdb_ci", &[("sysparm_query", "name=nas-12")]).await.len(), 2, "a name is not unique");
    let windows = practice.rows("cmdb_ci_win_server", &[]).await;
    assert!(windows.iter().all(|row| row["sys_class_name"] == "cmdb_ci_win_server") && windows.len() == 3);
    let all = practice.rows("cmdb_ci", &[]).await.len();
    assert!(practice.rows("cmdb_ci_hardware", &[]).await.len() < all);
}

#[tokio::test]
async fn object_id_may_be_unknown_to_a_class_and_filters_nothing_then() {
    let practice = Practice::by_user(Options::still()).await;
    practice.control().change_manners(|manners| manners.object_id_everywhere = false);
    let all = practice.rows("cmdb_ci", &[]).await.len();
    assert_eq!(practice.rows("cmdb_ci", &[("sysparm_query", "object_id=none")]).await.len(), all);
    assert!(practice.rows("cmdb_ci_vm_instance", &[("sysparm_query", "object_id=none")]).await.is_empty());
}

#[tokio::test]
async fn itil_reads_items_and_does_not_write_them() {
    let practice = Practice::by_user(Options::still()).await;
    let reply = practice.send("POST", "cmdb_ci_server", &body!({"name": "new-1"})).await;
    assert_eq!(reply.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn engine_makes_an_item_once_and_its_dry_run_makes_none() {
    let practice = Practice::by_user(Options::still()).await;
    let values = || body!({"name": "app-77", "fqdn": "app-77.contoso.practice.example"});
    let count = practice.control().count("cmdb_ci");
    let asked = engine(&practice, DRY_RUN, "cmdb_ci_linux_server", values()).await;
    assert_eq!((&asked["operation"], &asked["sysId"]), (&body!("INSERT"), &body!("Unknown")));
    assert_eq!(practice.control().count("cmdb_ci"), count);
    let made = engine(&practice, ENGINE, "cmdb_ci_linux_server", values()).await;
    assert_eq!((&made["operation"], &made["errorCount"]), (&body!("INSERT"), &body!(0)));
    let again = engine(&practice, ENGINE, "cmdb_ci_linux_server", values()).await;
    assert_eq!((&again["operation"], &again["sysId"]), (&body!("NO_CHANGE"), &made["sysId"]));
    assert_eq!(practice.control().count("cmdb_ci"), count + 1);
}

#[tokio::test]
async fn engine_would_change_the_class_of_an_item() {
    let practice = Practice::by_user(Options::still()).await;
    for (class, operation) in [
        ("cmdb_ci_win_server", "UPDATE_WITH_SWITCH"),
        ("cmdb_ci_server", "UPDATE_WITH_DOWNGRADE"),
        ("cmdb_ci_linux_server", "NO_CHANGE"),
    ] {
        let asked = engine(&practice, DRY_RUN, class, body!({"name": "web-prd-01"})).await;
        assert_eq!(asked["operation"], operation, "{class}");
    }
    let asked = engine(&practice, DRY_RUN, "cmdb_ci_win_server", body!({"name": "nas-11"})).await;
    assert_eq!(asked["operation"], "UPDATE_WITH_UPGRADE");
}

#[tokio::test]
async fn engine_tells_what_is_wrong_with_200() {
    let practice = Practice::by_user(Options::still()).await;
    let cases = [
        ("cmdb_ci_unheard_of", body!({"name": "x"}), "INVALID_INPUT_DATA"),
        ("cmdb_ci_service", body!({"name": "x"}), "IDENTIFICATION_RULE_MISSING"),
        ("cmdb_ci_server", body!({"name": ""}), "REQUIRED_ATTRIBUTE_EMPTY"),
        ("cmdb_ci_server", body!({"ip_address": "10.0.0.1"}), "MISSING_MATCHING_ATTRIBUTES"),
        ("cmdb_ci_server", body!({"name": "nas-12"}), "MULTI_MATCH"),
    ];
    for (class, values, code) in cases {
        let told = engine(&practice, DRY_RUN, class, values).await;
        assert_eq!((&told["errors"][0]["error"], &told["errorCount"]), (&body!(code), &body!(1)), "{told}");
    }
    let twice = body!({"className": "cmdb_ci_server", "values": {"name": "twin"}});
    let (_, reply) = post(&practice, ENGINE, &body!({"items": [twice, twice]})).await;
    assert_eq!(reply["result"]["items"][1]["errors"][0]["error"], "DUPLICATE_PAYLOAD_RECORDS");
    let (_, reply) = post(&practice, "/api/now/identifyreconcile", &body!({"items": [twice]})).await;
    assert_eq!(reply["result"]["items"][0]["errors"][0]["error"], "ABANDONED");
    assert_eq!(practice.control().incomplete_payloads(), ["cmdb_ci_server"]);
    let (_, reply) =
        post(&practice, "/api/now/identifyreconcile?sysparm_data_source=Nobody", &body!({"items": [twice]})).await;
    assert_eq!(reply["result"]["items"][0]["errors"][0]["error"], "INVALID_INPUT_DATA");
}

#[tokio::test]
async fn engine_can_be_made_to_double_an_item_or_to_fail() {
    let practice = Practice::by_user(Options::still()).await;
    practice.control().fault(FaultSpec::new(FaultKind::DoubledItem));
    let made = engine(&practice, ENGINE, "cmdb_ci_linux_server", body!({"name": "web-prd-01"})).await;
    assert_eq!(made["operation"], "INSERT");
    assert_eq!(practice.rows("cmdb_ci", &[("sysparm_query", "name=web-prd-01")]).await.len(), 2);
    practice.control().fault(FaultSpec::new(FaultKind::EngineError));
    engine(&practice, DRY_RUN, "cmdb_ci_server", body!({"name": "y"})).await;
    let told = engine(&practice, ENGINE, "cmdb_ci_server", body!({"name": "y"})).await;
    assert_eq!(told["errors"][0]["error"], "ABANDONED", "a dry run is no write");
}

#[tokio::test]
async fn import_set_coalesces_and_doubles_where_it_misses() {
    let practice = Practice::by_user(Options::still()).await;
    let import = "/api/now/import/x_mioms_microsoft_oms_incident";
    let sent = body!({"short_description": "Disk full", "correlation_id": "azm:1", "sys_id": "a".repeat(32)});
    let (status, reply) = post(&practice, import, &sent).await;
    assert_eq!((status, &reply["result"][0]["status"]), (201, &body!("inserted")), "{reply}");
    assert_ne!(reply["result"][0]["sys_id"], "a".repeat(32), "an id of one's own is not honoured");
    let first = reply["result"][0]["sys_id"].clone();
    let (_, reply) = post(&practice, import, &sent).await;
    assert_eq!((&reply["result"][0]["status"], &reply["result"][0]["sys_id"]), (&body!("updated"), &first));
    practice.control().fault(FaultSpec::new(FaultKind::CoalesceMissed));
    post(&practice, import, &sent).await;
    assert_eq!(practice.control().integrity().doubled_keys.len(), 1);
    practice.control().fault(FaultSpec::new(FaultKind::TransformError));
    let (status, reply) = post(&practice, import, &sent).await;
    assert_eq!((status, &reply["result"][0]["error_message"]), (201, &body!("Target record not found")));
    practice.control().change_manners(|manners| manners.transform_map = false);
    assert_eq!(post(&practice, import, &sent).await.1["result"], body!([]));
}

#[tokio::test]
async fn templates_codes_and_columns_are_listed() {
    let practice = Practice::by_user(Options::still()).await;
    let templates = practice.rows("sys_template", &[("sysparm_query", "table=incident^active=true")]).await;
    assert_eq!(templates.len(), 5);
    let codes = [("sysparm_query", "name=incident^element=close_code^inactive=false")];
    assert_eq!(practice.rows("sys_choice", &codes).await.len(), 10);
    let columns = [("sysparm_query", "name=x_mioms_microsoft_oms_incident^element=correlation_id")];
    assert_eq!(practice.rows("sys_dictionary", &columns).await[0]["max_length"], "100");
}
