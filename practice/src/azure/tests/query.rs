//! The query API.

use rstest::rstest;

use super::*;

/// A workspace with five work items, asked by the administrator.
struct Asker {
    cloud: Cloud,
    token: String,
    guid: String,
}

fn items() -> Value {
    let item = |id: &str, kind: &str, priority: Value, created: &str, send: i64| {
        json!({
            "ServiceDeskId_s": id, "ServiceDeskWorkItemType_s": kind, "Title_s": format!("Title of {id}"),
            "Priority_d": priority, "CreatedDate_t": created, "Send_l": send, "Removed_b": false,
        })
    };
    json!([
        item("INC1", "Incident", json!(1), "2026-01-01T00:00:00Z", 1),
        item("INC2", "Incident", json!(3), "2026-01-02T10:00:00Z", 2),
        item("INC1", "Incident", json!(2), "2026-01-01T00:00:00Z", 3),
        item("CHG1", "ChangeRequest", json!(null), "2026-01-03T00:00:00Z", 4),
        item("", "Incident", json!(3), "2026-01-04T00:00:00Z", 5),
    ])
}

impl Asker {
    async fn start() -> Self {
        let cloud = Cloud::start().await;
        let mut columns: Vec<(&str, &str)> = COLUMNS.to_vec();
        columns.extend([("ServiceDeskWorkItemType_s", "string"), ("Extra", "dynamic")]);
        let order = json!({ "name": "ServiceDesk_CL", "columns": columns, "rows": items() });
        assert_eq!(cloud.order(Method::POST, "/tables", &order).await.0, 204);
        let token = cloud.token_of(&Holder::User(ADMIN), QUERY_AUDIENCE);
        let (_, workspace) = cloud.get(&format!("{}?api-version=2022-10-01", cloud.workspace())).await;
        let guid = workspace["properties"]["customerId"].as_str().unwrap().to_owned();
        Self { cloud, token, guid }
    }

    async fn post(&self, body: &Value) -> (u16, Value) {
        let path = format!("/v1/workspaces/{}/query", self.guid);
        told(self.cloud.ask_as(&self.token, Method::POST, &path, Some(body)).await).await
    }

    async fn ask(&self, kql: &str) -> (u16, Value) {
        self.post(&json!({ "query": kql })).await
    }

    /// The rows of the answer.
    async fn rows(&self, kql: &str) -> Value {
        let (status, body) = self.ask(kql).await;
        assert_eq!(status, 200, "{kql}: {body}");
        body["tables"][0]["rows"].clone()
    }
}

#[rstest]
#[case::equal("where ServiceDeskId_s == 'INC1' | project Send_l", json!([[1], [3]]))]
#[case::case_matters("where ServiceDeskId_s == 'inc1' | count", json!([[0]]))]
#[case::any_case("where ServiceDeskId_s =~ 'inc1' | count", json!([[2]]))]
#[case::unequal("where ServiceDeskId_s != 'INC1' | count", json!([[3]]))]
#[case::list("where ServiceDeskId_s in ('INC2', \"CHG1\") | project ServiceDeskId_s", json!([["INC2"], ["CHG1"]]))]
#[case::no_list("where ServiceDeskId_s !in ('INC2', 'CHG1', 'INC1') | count", json!([[1]]))]
#[case::greater("where Priority_d > 2 | project Send_l", json!([[2], [5]]))]
#[case::null_compares("where Priority_d < 100 | count", json!([[4]]))]
#[case::null_is_null("where isnull(Priority_d) | project Send_l", json!([[4]]))]
#[case::between("where Send_l between (2 .. 4) | count", json!([[3]]))]
#[case::times("where CreatedDate_t between (datetime(2026-01-02) .. datetime(2026-01-03T00:00:00Z)) | project Send_l", json!([[2], [4]]))]
#[case::empty("where isempty(ServiceDeskId_s) | project Send_l", json!([[5]]))]
#[case::starts("where ServiceDeskId_s startswith 'inc' | count", json!([[3]]))]
#[case::ago("where CreatedDate_t > ago(36500d) and TimeGenerated > ago(1h) | count", json!([[5]]))]
#[case::either("where Send_l == 1 or (Send_l > 3 and isnotempty(ServiceDeskId_s)) | project Send_l", json!([[1], [4]]))]
#[case::not("where not(ServiceDeskId_s has 'INC1') | count", json!([[3]]))]
#[case::bool("where Removed_b == false | count", json!([[5]]))]
#[case::extend("extend Twice = Send_l * 2 | where Twice == 4 | project Twice, Text = strcat(ServiceDeskId_s, '!')", json!([[4, "INC2!"]]))]
#[case::counts("summarize count() by ServiceDeskWorkItemType_s | order by count_ asc", json!([["ChangeRequest", 1], ["Incident", 4]]))]
#[case::by_day("summarize n = count() by Day = bin(CreatedDate_t, 1d) | order by Day asc | take 2", json!([["2026-01-01T00:00:00Z", 2], ["2026-01-02T00:00:00Z", 1]]))]
#[case::latest("summarize arg_max(Send_l, *) by ServiceDeskId_s | project ServiceDeskId_s, Send_l, Priority_d | order by Send_l asc", json!([["INC2", 2, 3.0], ["INC1", 3, 2.0], ["CHG1", 4, null], ["", 5, 3.0]]))]
#[case::tie("summarize arg_max(CreatedDate_t, *) by ServiceDeskId_s | where ServiceDeskId_s == 'INC1' | project Send_l", json!([[1]]))]
#[case::least_and_most("summarize min(Send_l), max(Send_l), sum(Send_l), dcount(ServiceDeskId_s), countif(Priority_d == 3)", json!([[1, 5, 15, 4, 2]]))]
#[case::distinct("distinct ServiceDeskWorkItemType_s", json!([["Incident"], ["ChangeRequest"]]))]
#[case::descending("order by Priority_d | project Send_l", json!([[2], [5], [3], [1], [4]]))]
#[case::top("top 2 by Send_l desc | project Send_l", json!([[5], [4]]))]
#[case::away("project Send_l, Title_s, Removed_b | project-away Title_s | take 1", json!([[1, false]]))]
#[case::iff("project X = iff(isnull(Priority_d), 'none', tostring(Priority_d)) | distinct X", json!([["1"], ["3"], ["2"], ["none"]]))]
#[tokio::test]
async fn a_query_gives_what_the_service_gives(#[case] rest: &str, #[case] rows: Value) {
    let asker = Asker::start().await;
    assert_eq!(asker.rows(&format!("ServiceDesk_CL | {rest}")).await, rows);
}

#[rstest]
#[case::union("union (ServiceDesk_CL | take 1), (ServiceDesk_CL | where Send_l > 4) | project Send_l", json!([[1], [5]]))]
#[case::piped_union("ServiceDesk_CL | take 1 | union ServiceDesk_CL | count", json!([[6]]))]
#[case::lets("let since = datetime(2026-01-03); let all = ServiceDesk_CL | where CreatedDate_t >= since; all | count", json!([[2]]))]
#[case::comment("// what there is\nServiceDesk_CL\n| count // rows\n", json!([[5]]))]
#[case::print("print 1 + 2, x = 'a'", json!([[3, "a"]]))]
#[case::dynamic("print toint(parse_json('{\"a\":[7]}').a[0])", json!([[7]]))]
#[case::drawn("ServiceDesk_CL | count | render piechart", json!([[5]]))]
#[tokio::test]
async fn a_query_may_have_other_beginnings(#[case] kql: &str, #[case] rows: Value) {
    let asker = Asker::start().await;
    assert_eq!(asker.rows(kql).await, rows);
}

#[rstest]
#[case::usual("", json!([["INC1", 1, 1], ["INC1", 1, 3], ["CHG1", 4, 4]]))]
#[case::inner("kind=inner", json!([["INC1", 1, 1], ["INC1", 1, 3], ["INC1", 3, 1], ["INC1", 3, 3], ["CHG1", 4, 4]]))]
#[case::left_outer("kind=leftouter", json!([["INC1", 1, 1], ["INC1", 1, 3], ["INC2", 2, null], ["INC1", 3, 1], ["INC1", 3, 3], ["CHG1", 4, 4], ["", 5, null]]))]
#[tokio::test]
async fn a_join_gives_the_rows_of_both_sides(#[case] kind: &str, #[case] rows: Value) {
    let asker = Asker::start().await;
    let right =
        "(ServiceDesk_CL | where ServiceDeskId_s in ('INC1', 'CHG1') | project Other = ServiceDeskId_s, Send_l)";
    let kql = format!(
        "ServiceDesk_CL | join {kind} {right} on $left.ServiceDeskId_s == $right.Other | project ServiceDeskId_s, Send_l, Send_l1"
    );
    assert_eq!(asker.rows(&kql).await, rows);
}

#[rstest]
#[case::semi("leftsemi", json!([[2]]))]
#[case::anti("leftanti", json!([[1], [3], [4], [5]]))]
#[tokio::test]
async fn a_join_may_give_the_rows_of_one_side(#[case] kind: &str, #[case] rows: Value) {
    let asker = Asker::start().await;
    let right = "(ServiceDesk_CL | where ServiceDeskId_s == 'INC2')";
    let kql = format!("ServiceDesk_CL | join kind={kind} {right} on ServiceDeskId_s | project Send_l");
    assert_eq!(asker.rows(&kql).await, rows);
}

#[tokio::test]
async fn rows_are_spread_over_slices_by_a_hash() {
    let asker = Asker::start().await;
    let mut all = 0;
    for slice in 0..3 {
        let rows = asker.rows(&format!("ServiceDesk_CL | where hash(ServiceDeskId_s, 3) == {slice} | count")).await;
        all += rows[0][0].as_i64().unwrap();
    }
    assert_eq!(all, 5);
}

#[tokio::test]
async fn names_in_brackets_may_have_blanks() {
    let asker = Asker::start().await;
    let kql = "ServiceDesk_CL | summarize [\"Work items\"] = count() by ['Kind of it'] = ServiceDeskWorkItemType_s \
               | top 1 by [\"Work items\"] desc";
    assert_eq!(asker.rows(kql).await, json!([["Incident", 4]]));
}

#[tokio::test]
async fn a_schema_has_the_columns_of_the_platform_too() {
    let asker = Asker::start().await;
    let (_, body) = asker.ask("ServiceDesk_CL | getschema | project ColumnName, ColumnType").await;
    let rows = body["tables"][0]["rows"].as_array().unwrap().clone();
    for row in [
        json!(["TenantId", "guid"]),
        json!(["Send_l", "long"]),
        json!(["Removed_b", "bool"]),
        json!(["Type", "string"]),
    ] {
        assert!(rows.contains(&row), "{row}");
    }
    assert!(!rows.iter().any(|row| row[0] == "$ingestion"));
    let (_, body) = asker.ask("ServiceDesk_CL | take 1 | project TimeGenerated, Extra, Removed_b").await;
    assert_eq!(body["tables"][0]["name"], "PrimaryResult");
    let types: Vec<&Value> = body["tables"][0]["columns"].as_array().unwrap().iter().map(|one| &one["type"]).collect();
    assert_eq!(types, ["datetime", "dynamic", "bool"]);
}

#[tokio::test]
async fn a_function_is_called_by_its_alias() {
    let asker = Asker::start().await;
    let path = format!("{}/savedSearches/x?api-version=2020-08-01", asker.cloud.workspace());
    let query = "ServiceDesk_CL | summarize arg_max(Send_l, *) by ServiceDeskId_s | where Removed_b != true";
    let body = json!({ "properties": {
        "category": "ITSM", "displayName": "Latest", "query": query, "functionAlias": "ServiceDesk",
    } });
    asker.cloud.put(&path, &body).await;
    for kql in ["ServiceDesk | count", "ServiceDesk() | count"] {
        assert_eq!(asker.rows(kql).await, json!([[4]]), "{kql}");
    }
}

#[tokio::test]
async fn rows_are_found_after_their_time_and_tell_it() {
    let asker = Asker::start().await;
    asker.cloud.set_up().await;
    asker.cloud.control().change_manners(|manners| (manners.visible_seconds, manners.first_rows_seconds) = (60, 300));
    let (_, rule) = asker.cloud.get(&asker.cloud.rule_path()).await;
    let id = rule["properties"]["immutableId"].as_str().unwrap();
    let path = format!("/dataCollectionRules/{id}/streams/Custom-ServiceDesk_CL?api-version=2023-01-01");
    let token = asker.cloud.token_of(&Holder::Application(&client_id("sender")), INGESTION_AUDIENCE);
    let sent = asker.cloud.ask_as(&token, Method::POST, &path, Some(&json!([{ "ServiceDeskId_s": "NEW" }]))).await;
    assert_eq!(sent.status(), 204);
    let new = "ServiceDesk_CL | where ServiceDeskId_s == 'NEW'";
    assert_eq!(asker.rows(new).await, json!([]));
    asker.cloud.control().advance(61);
    let since = format!("{new} | where ingestion_time() > ago(1m) | project ingestion_time() - _TimeReceived");
    assert_eq!(asker.rows(&since).await, json!([["00:01:00"]]));
}

#[tokio::test]
async fn r8_the_timespan_is_intersected_with_the_filter() {
    let asker = Asker::start().await;
    let count = async |timespan: &str| {
        let body = json!({ "query": "ServiceDesk_CL | where TimeGenerated > ago(30d) | count", "timespan": timespan });
        asker.post(&body).await.1["tables"][0]["rows"].clone()
    };
    assert_eq!(count("P1D").await, json!([[5]]));
    asker.cloud.control().advance(2 * 86_400);
    assert_eq!(count("PT12H").await, json!([[0]]));
    assert_eq!(count("2020-01-01T00:00:00Z/2100-01-01T00:00:00Z").await, json!([[5]]));
    let (status, _) = asker.post(&json!({ "query": "ServiceDesk_CL", "timespan": "yesterday" })).await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn r9_a_partial_result_is_answered_with_200() {
    let asker = Asker::start().await;
    asker.cloud.control().fault(FaultSpec::new(FaultKind::Partial));
    let (status, body) = asker.ask("ServiceDesk_CL").await;
    assert_eq!((status, &body["error"]["code"]), (200, &json!("PartialError")));
    assert_eq!(body["tables"][0]["rows"].as_array().unwrap().len(), 2);
    let reason = body["error"]["details"][0]["innererror"]["message"].as_str().unwrap();
    assert!(reason.contains("E_QUERY_RESULT_SET_TOO_LARGE"));
    asker.cloud.control().change_manners(|manners| manners.result_rows = 3);
    let (_, body) = asker.ask("ServiceDesk_CL").await;
    assert_eq!((body["tables"][0]["rows"].as_array().unwrap().len(), body["error"].is_object()), (3, true));
    assert!(asker.ask("ServiceDesk_CL | take 3").await.1.get("error").is_none());
}

#[rstest]
#[case::operator("ServiceDesk_CL | parse Title_s with *", "SyntaxError", "parse")]
#[case::join_kind("ServiceDesk_CL | join kind=outer (ServiceDesk_CL) on Send_l", "SyntaxError", "kind")]
#[case::join_key("ServiceDesk_CL | join (ServiceDesk_CL) on Other", "SemanticError", "Other")]
#[case::end("ServiceDesk_CL | where", "SyntaxError", "<EOF>")]
#[case::sign("ServiceDesk_CL | where # == 1", "SyntaxError", "#")]
#[case::text("ServiceDesk_CL | where Title_s == 'open", "SyntaxError", "'")]
#[case::table("Other_CL", "SemanticError", "Failed to resolve table or column expression named 'Other_CL'")]
#[case::column(
    "ServiceDesk_CL | where Other_s == ''",
    "SemanticError",
    "Failed to resolve column or scalar expression named 'Other_s'"
)]
#[case::function("ServiceDesk_CL | extend X = frob(1)", "SemanticError", "frob")]
#[case::types("ServiceDesk_CL | where Title_s == 5", "SemanticError", "Cannot compare values of types string and long")]
#[case::condition("ServiceDesk_CL | where Title_s", "SemanticError", "condition")]
#[case::rule_errors("DCRLogErrors", "SemanticError", "DCRLogErrors")]
#[tokio::test]
async fn what_is_not_understood_is_refused_by_name(#[case] kql: &str, #[case] code: &str, #[case] named: &str) {
    let asker = Asker::start().await;
    let (status, body) = asker.ask(kql).await;
    let inner = &body["error"]["innererror"];
    assert_eq!((status, &body["error"]["code"]), (400, &json!("BadArgumentError")), "{body}");
    assert_eq!(inner["code"], json!(code), "{body}");
    assert!(inner["innererror"]["message"].as_str().unwrap().contains(named), "{body}");
}

#[tokio::test]
async fn a_basic_table_is_not_for_this_api() {
    let asker = Asker::start().await;
    let order = json!({ "name": "Basic_CL", "plan": "Basic", "columns": [] });
    asker.cloud.order(Method::POST, "/tables", &order).await;
    let (_, body) = asker.ask("Basic_CL | count").await;
    assert_eq!(body["error"]["innererror"]["code"], "UnsupportedApiQueryValidationError");
}

#[tokio::test]
async fn whoever_has_no_right_or_another_audience_is_refused() {
    let asker = Asker::start().await;
    let path = format!("/v1/workspaces/{}/query", asker.guid);
    let body = json!({ "query": "ServiceDesk_CL" });
    let ask = async |token: &str| {
        let (status, body) = told(asker.cloud.ask_as(token, Method::POST, &path, Some(&body)).await).await;
        (status, body["error"]["code"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(ask(&asker.cloud.admin()).await, (403, "InvalidAuthenticationTokenAudience".to_owned()));
    assert_eq!(ask("other").await, (401, "AuthenticationFailed".to_owned()));
    let sender = asker.cloud.token_of(&Holder::Application(&client_id("sender")), QUERY_AUDIENCE);
    assert_eq!(ask(&sender).await, (403, "InsufficientAccessError".to_owned()));
    let object_id = &asker.cloud.server.sign_in().object_id;
    asker.cloud.control().assign(object_id, "Log Analytics Reader", &asker.cloud.workspace()).unwrap();
    assert_eq!(ask(&sender).await.0, 200);
    let other = path.replace(&asker.guid, &asker.cloud.tenant());
    let (status, _) = told(asker.cloud.ask_as(&asker.token, Method::POST, &other, Some(&body)).await).await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn success_without_rows_has_three_forms() {
    let asker = Asker::start().await;
    let path = format!("/v1/workspaces/{}/query", asker.guid);
    let response = asker.cloud.request(Method::POST, &path).bearer_auth(&asker.token).body("x").send().await.unwrap();
    assert_eq!((response.status().as_u16(), response.text().await.unwrap()), (200, String::new()));
    asker.cloud.control().fault(FaultSpec::new(FaultKind::EmptyBody));
    assert_eq!(asker.ask("ServiceDesk_CL").await, (200, Value::Null));
    asker.cloud.control().drop_table(None, "ServiceDesk_CL");
    assert_eq!(asker.ask("ServiceDesk_CL").await, (204, Value::Null));
}

#[tokio::test]
async fn queries_are_limited_in_half_a_minute() {
    let asker = Asker::start().await;
    asker.cloud.control().change_manners(|manners| manners.queries_per_30_seconds = 0);
    assert_eq!(asker.ask("ServiceDesk_CL").await.0, 429);
}

#[tokio::test]
async fn r7_the_quota_is_written_into_the_log_of_operations() {
    let asker = Asker::start().await;
    asker.cloud.control().quota(None, "OverQuota", 2400, 1.0).unwrap();
    let rows = asker.rows("_LogOperation | where Detail contains 'OverQuota' | count").await;
    assert_eq!(rows, json!([[1]]));
}

#[tokio::test]
async fn errors_of_a_rule_are_written_if_asked_for_and_muted_when_they_repeat() {
    let asker = Asker::start().await;
    let rule = asker.cloud.set_up().await;
    let (id, rule) = (rule["properties"]["immutableId"].as_str().unwrap(), rule["id"].as_str().unwrap());
    let setting =
        format!("{rule}/providers/Microsoft.Insights/diagnosticSettings/errors?api-version=2021-05-01-preview");
    let body = json!({ "properties": {
        "workspaceId": asker.cloud.workspace(), "logs": [{ "category": "LogErrors", "enabled": true }],
    } });
    assert_eq!(asker.cloud.put(&setting, &body).await.0, 200);
    let path = format!("/dataCollectionRules/{id}/streams/Custom-ServiceDesk_CL?api-version=2023-01-01");
    let token = asker.cloud.token_of(&Holder::Application(&client_id("sender")), INGESTION_AUDIENCE);
    for _ in 0..5 {
        assert_eq!(asker.cloud.ask_as(&token, Method::POST, &path, Some(&json!({}))).await.status(), 204);
    }
    let rows = asker.rows("DCRLogErrors | summarize count() by OperationName, InputStreamId").await;
    assert_eq!(rows, json!([["Ingestion", "Custom-ServiceDesk_CL", 3]]));
}
