use super::*;
use crate::servicenow::{RateRule, Visibility};

async fn one(practice: &Practice, display: &str, without_links: &str) -> Value {
    let fields = "number,state,caller_id,opened_at,contact_type,sys_id,sla_due,closed_at,comments";
    let query = [
        ("sysparm_query", "number=INC0010001"),
        ("sysparm_fields", fields),
        ("sysparm_display_value", display),
        ("sysparm_exclude_reference_link", without_links),
    ];
    practice.rows("incident", &query).await.remove(0)
}

#[tokio::test]
async fn values_come_as_strings_and_references_as_links() {
    let practice = Practice::small().await;
    let row = one(&practice, "false", "false").await;
    assert!(row["state"].is_string() && row["sys_id"].as_str().unwrap().len() == 32);
    assert_eq!(row["opened_at"].as_str().unwrap().len(), "2026-01-01 00:00:00".len());
    let (link, value) = (row["caller_id"]["link"].as_str().unwrap(), row["caller_id"]["value"].as_str().unwrap());
    assert_eq!(link, format!("{}/api/now/table/sys_user/{value}", practice.server.url()));
    assert_eq!(one(&practice, "false", "true").await["caller_id"], value);
}

#[tokio::test]
async fn display_values_are_the_callers() {
    let practice = Practice::small().await;
    let shown = one(&practice, "true", "true").await;
    let both = one(&practice, "all", "true").await;
    assert_eq!(both["caller_id"]["display_value"], shown["caller_id"]);
    assert!(both["caller_id"].get("link").is_none());
    assert_eq!(both["sla_due"]["display_value"], "UNKNOWN");
    let (raw, local) = (both["opened_at"]["value"].as_str().unwrap(), shown["opened_at"].as_str().unwrap());
    assert_ne!(raw, local);
    assert_eq!(local.as_bytes()[2], b'-', "day first: {local}");
}

#[tokio::test]
async fn empty_choice_displays_null_and_empty_reference_nothing() {
    let practice = Practice::small().await;
    let id = practice.incidents(ORDER).await[0]["sys_id"].as_str().unwrap().to_owned();
    practice.control().edit_row("incident", &id, &[("contact_type", ""), ("cmdb_ci", "")]).unwrap();
    let query = [("sysparm_display_value", "all"), ("sysparm_fields", "contact_type,cmdb_ci")];
    let row = json(practice.get(&format!("/api/now/table/incident/{id}"), &query).await).await["result"].clone();
    assert_eq!(row["contact_type"], serde_json::json!({"display_value": null, "value": ""}));
    assert_eq!(row["cmdb_ci"], serde_json::json!({"display_value": "", "value": ""}));
    let raw = json(practice.get(&format!("/api/now/table/incident/{id}"), &[]).await).await["result"].clone();
    assert_eq!(raw["cmdb_ci"], "");
}

#[tokio::test]
async fn keyset_pages_give_every_row_once() {
    let practice = Practice::start(Options { rows: Some(700), ..Options::still() }).await;
    let mut seen: Vec<(String, String)> = Vec::new();
    loop {
        let query = match seen.last() {
            None => format!("sys_updated_on>=2020-01-01 00:00:00^{ORDER}"),
            Some((stamp, id)) => format!(
                "sys_updated_on>=2020-01-01 00:00:00^sys_updated_on>{stamp}^NQsys_updated_on>=2020-01-01 00:00:00^sys_updated_on={stamp}^sys_id>{id}^{ORDER}"
            ),
        };
        let query =
            [("sysparm_query", query.as_str()), ("sysparm_limit", "50"), ("sysparm_fields", "sys_id,sys_updated_on")];
        let rows = practice.rows("incident", &query).await;
        if rows.is_empty() {
            break;
        }
        seen.extend(texts(&rows, "sys_updated_on").into_iter().zip(texts(&rows, "sys_id")));
    }
    let truth = practice.control().rows("incident");
    let truth: Vec<_> =
        truth.iter().map(|row| (row["sys_updated_on"].value.clone(), row["sys_id"].value.clone())).collect();
    assert_eq!(seen, truth);
}

#[tokio::test]
async fn an_invalid_part_is_left_out_and_more_rows_come() {
    let practice = Practice::small().await;
    assert_eq!(practice.incidents("colour=red").await.len(), 120);
    assert_eq!(practice.incidents("sys_updated_on>=nonsense^number=INC0010001").await.len(), 1);
    assert_eq!(practice.rows("incident", &[("sysparm_querry", "number=INC0010001")]).await.len(), 120);
    assert_eq!(practice.rows("incident", &[("query", "number=INC0010001")]).await.len(), 120);
    assert_eq!(practice.rows("incident", &[("number", "INC0010001")]).await.len(), 1);
    let both = [("number", "INC0010001"), ("sysparm_query", "number=INC0010002")];
    assert_eq!(texts(&practice.rows("incident", &both).await, "number"), ["INC0010002"]);
}

#[tokio::test]
async fn invalid_query_returns_nothing_by_property() {
    let options = Options { rows: Some(5), invalid_query_returns_no_rows: true, ..Options::still() };
    let practice = Practice::start(options).await;
    assert!(practice.incidents("colour=red").await.is_empty());
    assert_eq!(practice.incidents("number=INC0010001").await.len(), 1);
}

#[rstest::rstest]
#[case("stateIN1,2,3", |row: &Value| ["1", "2", "3"].contains(&row["state"].as_str().unwrap()))]
#[case("state=1^ORstate=2^active=true", |row: &Value| ["1", "2"].contains(&row["state"].as_str().unwrap()))]
#[case("stateNOT IN6,7", |row: &Value| !["6", "7"].contains(&row["state"].as_str().unwrap()))]
#[case("priority<=2", |row: &Value| ["1", "2"].contains(&row["priority"].as_str().unwrap()))]
#[case("numberSTARTSWITHINC001000", |row: &Value| row["number"].as_str().unwrap().starts_with("INC001000"))]
#[case("short_descriptionLIKEVPN", |row: &Value| row["short_description"].as_str().unwrap().contains("VPN"))]
#[case("assigned_toISEMPTY", |row: &Value| row["assigned_to"] == "")]
#[case("closed_atISNOTEMPTY", |row: &Value| row["closed_at"] != "")]
#[case("state!=7", |row: &Value| row["state"] != "7")]
#[tokio::test]
async fn conditions_keep_exactly_the_rows_they_name(#[case] query: &str, #[case] holds: fn(&Value) -> bool) {
    let practice = Practice::small().await;
    let (found, all) = (practice.incidents(query).await, practice.incidents("").await);
    assert!(found.iter().all(holds), "{query}");
    assert_eq!(found.len(), all.iter().filter(|row| holds(row)).count(), "{query}");
    assert!(!found.is_empty() && found.len() < all.len(), "{query} decides nothing");
}

#[tokio::test]
async fn dots_lead_to_the_row_behind() {
    let practice = Practice::small().await;
    let query = [("sysparm_fields", "number,caller_id.user_name,caller_id.name"), ("sysparm_limit", "1")];
    let row = practice.rows("incident", &query).await.remove(0);
    let user = row["caller_id.user_name"].as_str().unwrap().to_owned();
    let query = format!("caller_id.user_name={user}");
    assert!(!practice.incidents(&query).await.is_empty());
    let me = practice.rows("sys_user", &[("sysparm_query", "sys_id=javascript:gs.getUserID()")]).await;
    assert_eq!(texts(&me, "user_name"), ["azure.integration"]);
}

#[tokio::test]
async fn counts_and_links_stand_in_the_headers() {
    let practice = Practice::small().await;
    let path = "/api/now/table/incident";
    let reply = practice.get(path, &[("sysparm_limit", "50")]).await;
    assert_eq!(header(&reply, "x-total-count").unwrap(), "120");
    let link = header(&reply, "link").unwrap();
    assert!(
        link.contains("sysparm_offset=50>;rel=\"next\"") && link.contains("sysparm_offset=-1>;rel=\"prev\""),
        "{link}"
    );
    let quiet = [("sysparm_no_count", "true")];
    assert_eq!(header(&practice.get(path, &quiet).await, "x-total-count"), None);
    let no_links = [("sysparm_suppress_pagination_header", "true")];
    let reply = practice.get(path, &no_links).await;
    assert_eq!((header(&reply, "link"), header(&reply, "x-total-count").unwrap()), (None, "120".into()));
}

#[tokio::test]
async fn hidden_rows_leave_a_page_short_though_they_count() {
    let practice = Practice::small().await;
    for row in practice.control().rows("incident").iter().take(10) {
        practice.control().hide_row("incident", &row["sys_id"].value, true).unwrap();
    }
    let page = [("sysparm_query", ORDER), ("sysparm_limit", "10")];
    let reply = practice.get("/api/now/table/incident", &page).await;
    assert_eq!(header(&reply, "x-total-count").unwrap(), "120");
    assert_eq!(json(reply).await["result"], serde_json::json!([]));
    let next = [("sysparm_query", ORDER), ("sysparm_limit", "10"), ("sysparm_offset", "10")];
    assert_eq!(practice.rows("incident", &next).await.len(), 10);
}

#[tokio::test]
async fn the_transport_looks_like_the_products() {
    let practice = Practice::small().await;
    let reply = practice.get("/api/now/table/incident", &[("sysparm_limit", "1")]).await;
    assert_eq!(header(&reply, "content-type").unwrap(), "application/json;charset=UTF-8");
    assert_eq!(header(&reply, "server").unwrap(), "ServiceNow");
    assert_eq!(header(&reply, "transfer-encoding").unwrap(), "chunked");
    assert!(header(&reply, "set-cookie").unwrap().starts_with("JSESSIONID="));
    assert!(header(&reply, "x-transaction-id").is_some() && header(&reply, "date").unwrap().ends_with(" GMT"));
    assert_eq!(header(&reply, "x-ratelimit-limit"), None);
    practice.request("/api/now/table/incident", &[]).header("cookie", "JSESSIONID=1").send().await.unwrap();
    assert_eq!(practice.control().requests().iter().filter(|request| request.cookie).count(), 1);
}

#[rstest::rstest]
#[case("/api/now/table/x_unknown", 400, "Invalid table x_unknown")]
#[case("/api/now/table/incident/0123456789abcdef0123456789abcdef", 404, "No Record found")]
#[case("/api/now/v1/table/incident?number=INC9999999", 404, "No Record found")]
#[case("/api/sn_chg_rest/change", 400, "Requested URI does not represent any resource")]
#[case("/api/now/table/oauth_entity", 403, "Insufficient rights to query records")]
#[case("/api/now/table/incident?sysparm_offset=-1", 400, "Invalid sysparm_offset")]
#[tokio::test]
async fn errors_have_the_products_shape(#[case] path: &str, #[case] status: u16, #[case] message: &str) {
    let practice = Practice::small().await;
    let reply = practice.get(path, &[]).await;
    assert_eq!(reply.status().as_u16(), status);
    let body = json(reply).await;
    assert_eq!((body["error"]["message"].as_str(), body["status"].as_str()), (Some(message), Some("failure")));
}

#[tokio::test]
async fn the_versions_differ_only_where_nothing_is_found() {
    let practice = Practice::small().await;
    for version in ["", "v1/", "v2/"] {
        let path = format!("/api/now/{version}table/incident");
        assert_eq!(practice.get(&path, &[("sysparm_limit", "3")]).await.status(), StatusCode::OK);
    }
    let none = [("number", "INC9999999")];
    assert_eq!(json(practice.get("/api/now/v2/table/incident", &none).await).await["result"], serde_json::json!([]));
}

#[tokio::test]
async fn a_table_can_be_open_empty_closed_or_missing() {
    let practice = Practice::small().await;
    let mut statuses = Vec::new();
    let path = "/api/now/table/x_mioms_microsoft_oms_incident";
    for visibility in [Visibility::Rows, Visibility::Empty, Visibility::Forbidden, Visibility::Missing] {
        practice.control().set_visibility("x_mioms_microsoft_oms_incident", visibility);
        statuses.push(practice.get(path, &[]).await.status().as_u16());
    }
    assert_eq!(statuses, [200, 200, 403, 400]);
    practice.control().set_visibility("sys_properties", Visibility::Empty);
    assert!(practice.rows("sys_properties", &[]).await.is_empty());
}

#[tokio::test]
async fn the_release_stands_in_the_properties() {
    let practice = Practice::small().await;
    practice.control().set_release("washingtondc");
    let query = [("sysparm_query", "nameINglide.buildtag,glide.buildname"), ("sysparm_fields", "name,value")];
    let rows = practice.rows("sys_properties", &query).await;
    assert!(texts(&rows, "value").iter().any(|value| value.starts_with("glide-washingtondc-07-01-2025__patch2")));
    assert!(texts(&rows, "value").contains(&"Washingtondc".to_owned()));
}

#[tokio::test]
async fn choices_roles_and_the_app_are_there() {
    let practice = Practice::small().await;
    let query = [("sysparm_query", "name=incident^element=state^inactive=false^language=en^ORDERBYsequence")];
    let states = practice.rows("sys_choice", &query).await;
    assert_eq!(texts(&states, "label"), ["New", "In Progress", "On Hold", "Resolved", "Closed", "Canceled"]);
    let query =
        [("sysparm_query", "user.user_name=azure.integration^state=active"), ("sysparm_fields", "role.name,inherited")];
    assert!(texts(&practice.rows("sys_user_has_role", &query).await, "role.name").contains(&"itil".to_owned()));
    assert_eq!(practice.rows("sys_store_app", &[("scope", "x_mioms_microsoft")]).await.len(), 1);
}

#[tokio::test]
async fn aggregates_are_strings_and_count_what_the_query_finds() {
    let practice = Practice::small().await;
    let path = "/api/now/stats/incident";
    let count = json(practice.get(path, &[("sysparm_count", "true")]).await).await;
    assert_eq!(count["result"]["stats"]["count"], "120");
    let groups = json(practice.get(path, &[("sysparm_count", "true"), ("sysparm_group_by", "state")]).await).await;
    let groups = groups["result"].as_array().unwrap();
    let sum: u64 = groups.iter().map(|group| group["stats"]["count"].as_str().unwrap().parse::<u64>().unwrap()).sum();
    assert_eq!(sum, 120);
    assert_eq!(groups[0]["groupby_fields"][0]["field"], "state");
}

#[tokio::test]
async fn too_long_a_url_is_refused() {
    let practice = Practice::small().await;
    let query = "number=INC0010001^OR".repeat(600);
    let reply = practice.get("/api/now/table/incident", &[("sysparm_query", query.as_str())]).await;
    assert_eq!(reply.status(), StatusCode::URI_TOO_LONG);
}

#[tokio::test]
async fn a_rate_rule_announces_itself_and_then_bites() {
    let practice = Practice::small().await;
    practice.control().set_rate_rule(Some(RateRule { per_hour: 1, resets_in: 120 }));
    let path = "/api/now/table/incident";
    let first = practice.get(path, &[]).await;
    assert_eq!((first.status(), header(&first, "x-ratelimit-limit").unwrap()), (StatusCode::OK, "1".into()));
    let second = practice.get(path, &[]).await;
    assert_eq!(second.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!((1..=120).contains(&header(&second, "retry-after").unwrap().parse::<i64>().unwrap()));
    assert_eq!(json(second).await["error"]["message"], "Rate limit exceeded");
}
