use super::*;

async fn order(practice: &Practice, path: &str, body: &str) -> (StatusCode, Value) {
    let url = format!("{}/practice{path}", practice.server.url());
    let request = practice.client.post(url).header("content-type", "application/json").body(body.to_owned());
    let reply = request.send().await.unwrap();
    let (status, text) = (reply.status(), reply.text().await.unwrap());
    (status, serde_json::from_str(&text).unwrap_or(Value::Null))
}

async fn look(practice: &Practice, path: &str) -> Value {
    json(practice.client.get(format!("{}/practice{path}", practice.server.url())).send().await.unwrap()).await
}

#[tokio::test]
async fn faults_are_ordered_listed_and_cleared_over_http() {
    let practice = Practice::small().await;
    assert_eq!(order(&practice, "/faults", r#"{"fault":"unavailable","times":0}"#).await.0, StatusCode::OK);
    assert_eq!(practice.get("/api/now/table/incident", &[]).await.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(look(&practice, "/faults").await[0]["fault"], "unavailable");
    practice.client.delete(format!("{}/practice/faults", practice.server.url())).send().await.unwrap();
    assert_eq!(practice.get("/api/now/table/incident", &[]).await.status(), StatusCode::OK);
    assert!(order(&practice, "/faults", r#"{"fault":"unheard-of"}"#).await.0.is_client_error());
}

#[tokio::test]
async fn edits_show_in_the_api_and_come_last() {
    let practice = Practice::small().await;
    let before = practice.control().rows("incident");
    let (id, number) = (&before[0]["sys_id"].value, &before[0]["number"].value);
    let body =
        serde_json::json!({"table": "incident", "sys_id": id, "fields": {"state": "2", "short_description": "Edited"}});
    assert_eq!(order(&practice, "/edit", &body.to_string()).await.0, StatusCode::OK);
    let after = practice.control().rows("incident");
    let last = after.last().unwrap();
    assert_eq!((&last["number"].value, last["state"].display_value.as_deref()), (number, Some("In Progress")));
    let counts = [&before[0], last].map(|row| row["sys_mod_count"].value.parse::<u64>().unwrap());
    assert_eq!(counts[1], counts[0] + 1);
    let query = [("sysparm_query", format!("number={number}")), ("sysparm_display_value", "true".into())];
    let rows = json(practice.request("/api/now/table/incident", &[]).query(&query).send().await.unwrap()).await;
    assert_eq!(rows["result"][0]["short_description"], "Edited");
    let wrong = order(&practice, "/edit", r#"{"table":"incident","sys_id":"0","fields":{}}"#).await;
    assert_eq!(wrong.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn rows_are_added_and_hidden() {
    let practice = Practice::small().await;
    let added =
        order(&practice, "/add", r#"{"table":"incident","fields":{"number":"INC0777","state":"-100"}}"#).await.1;
    let id = added["sys_id"].as_str().unwrap();
    let row = practice.rows("incident", &[("number", "INC0777"), ("sysparm_display_value", "all")]).await.remove(0);
    assert_eq!(row["state"], serde_json::json!({"display_value": "-100", "value": "-100"}));
    let body = serde_json::json!({"table": "incident", "sys_id": id, "hidden": true});
    order(&practice, "/hide", &body.to_string()).await;
    assert!(practice.rows("incident", &[("number", "INC0777")]).await.is_empty());
    assert_eq!(practice.control().count("incident"), 121);
}

#[tokio::test]
async fn state_and_requests_can_be_looked_at() {
    let practice = Practice::small().await;
    practice.get("/api/now/table/incident", &[("sysparm_limit", "1")]).await;
    practice.get("/api/now/stats/change_request", &[("sysparm_count", "true")]).await;
    let state = look(&practice, "").await;
    assert_eq!(state["tables"]["incident"], 120);
    let requests = look(&practice, "/requests").await;
    assert_eq!(requests["by_table"], serde_json::json!({"incident": 1, "change_request": 1}));
    assert_eq!(requests["requests"][1]["query"], "sysparm_limit=1");
    assert_eq!(look(&practice, "/rows/change_request").await["rows"].as_array().unwrap().len(), 400);
}

#[tokio::test]
async fn users_tables_tokens_release_rate_and_clock_take_orders() {
    let practice = Practice::small().await;
    for (path, body) in [
        ("/visibility", r#"{"table":"incident","visibility":"forbidden"}"#),
        ("/release", r#"{"release":"tokyo"}"#),
        ("/rate", r#"{"per_hour":1000,"resets_in":60}"#),
        ("/clock", r#"{"shift":86400}"#),
    ] {
        assert_eq!(order(&practice, path, body).await.0, StatusCode::NO_CONTENT, "{path}");
    }
    let reply = practice.get("/api/now/table/incident", &[]).await;
    assert_eq!((reply.status(), header(&reply, "x-ratelimit-limit").unwrap()), (StatusCode::FORBIDDEN, "1000".into()));
    assert_eq!(order(&practice, "/user", r#"{"locked_out":true}"#).await.0, StatusCode::OK);
    assert_eq!(practice.get("/api/now/table/sys_user", &[]).await.status(), StatusCode::UNAUTHORIZED);
    order(&practice, "/user", r#"{"locked_out":false}"#).await;
    assert_eq!(practice.get("/api/now/table/sys_user", &[]).await.status(), StatusCode::OK);
    assert_eq!(order(&practice, "/revoke", r#"{"what":"all"}"#).await.0, StatusCode::NO_CONTENT);
    assert_eq!(practice.get("/api/now/table/sys_user", &[]).await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn relabelled_choice_shows_everywhere_without_new_stamp() {
    let practice = Practice::small().await;
    let before = practice.control().rows("incident");
    practice.control().keep_snapshot("before");
    let body = r#"{"table":"incident","column":"state","value":"2","label":"Busy"}"#;
    assert_eq!(order(&practice, "/choice", body).await.0, StatusCode::OK);
    practice.control().restore_snapshot("before").unwrap();
    let after = practice.control().rows("incident");
    let busy = after.iter().filter(|row| row["state"].value == "2");
    assert!(busy.clone().count() > 0 && busy.clone().all(|row| row["state"].display_value.as_deref() == Some("Busy")));
    let stamps = |rows: &[crate::servicenow::Truth]| {
        rows.iter().map(|row| row["sys_updated_on"].value.clone()).collect::<Vec<_>>()
    };
    assert_eq!(stamps(&before), stamps(&after));
    let fields = [("state", "2"), ("number", "INC0778")];
    practice.control().add_row("incident", &fields).unwrap();
    let row = practice.rows("incident", &[("number", "INC0778"), ("sysparm_display_value", "all")]).await.remove(0);
    assert_eq!(row["state"]["display_value"], "Busy");
    let query = [("sysparm_query", "name=incident^element=state^value=2")];
    assert_eq!(practice.rows("sys_choice", &query).await[0]["label"], "Busy");
    let wrong = r#"{"table":"incident","column":"number","value":"2","label":"Busy"}"#;
    assert_eq!(order(&practice, "/choice", wrong).await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_aggregate_api_alone_can_fail_as_json() {
    let practice = Practice::small().await;
    for (fault, status) in [("server-error", 500), ("bad-request", 400)] {
        order(&practice, "/faults", &format!(r#"{{"fault":"{fault}","path":"/stats/"}}"#)).await;
        let failed = practice.get("/api/now/stats/incident", &[("sysparm_count", "true")]).await;
        assert_eq!(failed.status(), status);
        assert_eq!(json(failed).await["status"], "failure");
    }
}
