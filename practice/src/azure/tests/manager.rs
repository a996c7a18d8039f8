//! Resource Manager.

use rstest::rstest;

use super::*;

#[tokio::test]
async fn lists_show_what_one_may_see_page_by_page() {
    let cloud = Cloud::start().await;
    cloud.control().change_manners(|manners| (manners.page_size, manners.empty_last_link) = (1, true));
    let mut path = "/subscriptions?api-version=2022-12-01".to_owned();
    let mut names = Vec::new();
    loop {
        let (status, body) = cloud.get(&path).await;
        assert_eq!(status, 200);
        names.push(body["value"][0]["displayName"].as_str().unwrap().to_owned());
        match body["nextLink"].as_str() {
            Some("") => break,
            link => path = link.unwrap().to_owned(),
        }
    }
    assert_eq!(names, ["Contoso Production", "Contoso Shared Services", "Contoso Sandbox"]);
    cloud.control().change_manners(|manners| manners.page_size = 100);
    let reader = cloud.token_of(&Holder::User(READER), MANAGER_AUDIENCE);
    let (_, body) = told(cloud.ask_as(&reader, Method::GET, "/subscriptions?api-version=2022-12-01", None).await).await;
    assert_eq!(body["value"].as_array().unwrap().len(), 1);
    let sender = cloud.token_of(&Holder::Application(&client_id("sender")), MANAGER_AUDIENCE);
    let path = format!("/subscriptions/{}/providers/Microsoft.OperationalInsights/workspaces", cloud.subscription());
    let (status, body) =
        told(cloud.ask_as(&sender, Method::GET, &format!("{path}?api-version=2022-10-01"), None).await).await;
    assert_eq!((status, &body["value"]), (200, &json!([])));
}

#[tokio::test]
async fn a_link_may_lead_elsewhere_on_request() {
    let cloud = Cloud::start().await;
    cloud.control().fault(FaultSpec::new(FaultKind::LinkElsewhere));
    let (_, body) = cloud.get("/subscriptions?api-version=2022-12-01").await;
    assert!(body["nextLink"].as_str().unwrap().starts_with("https://management.elsewhere.example:443/"));
}

#[tokio::test]
async fn a_link_may_lead_to_its_own_page_on_request() {
    let cloud = Cloud::start().await;
    cloud.control().fault(FaultSpec::new(FaultKind::LinkLoop).times(2));
    let (_, first) = cloud.get("/subscriptions?api-version=2022-12-01").await;
    let link = first["nextLink"].as_str().unwrap();
    let (_, second) = cloud.get(&link[link.find("/subscriptions").unwrap()..]).await;
    assert_eq!(first, second);
}

#[tokio::test]
async fn a_workspace_tells_its_quota_and_when_it_is_reset() {
    let cloud = Cloud::start().await;
    let path = format!("{}?api-version=2023-09-01", cloud.workspace());
    let (_, body) = cloud.get(&path).await;
    assert_eq!(body["properties"]["workspaceCapping"]["dailyQuotaGb"], json!(-1.0));
    assert_eq!(body["properties"]["customerId"].as_str().unwrap().len(), 36);
    let order = json!({ "status": "OverQuota", "resets_in": 2400, "daily_gb": 1.0 });
    assert_eq!(cloud.order(Method::POST, "/quota", &order).await.0, 204);
    let status = async || {
        let (_, body) = cloud.get(&path).await;
        body["properties"]["workspaceCapping"]["dataIngestionStatus"].as_str().unwrap().to_owned()
    };
    assert_eq!(status().await, "OverQuota");
    cloud.control().advance(2400);
    assert_eq!(status().await, "RespectQuota");
}

#[tokio::test]
async fn a_table_is_made_by_an_operation_that_is_polled() {
    let cloud = Cloud::start().await;
    let response = cloud.ask(Method::PUT, &cloud.table_path("ServiceDesk_CL"), Some(&table("ServiceDesk_CL"))).await;
    let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    let (operation, location) = (header("azure-asyncoperation").unwrap(), header("location").unwrap());
    assert_eq!((response.status().as_u16(), header("retry-after")), (202, None));
    assert!(response.text().await.unwrap().is_empty());
    assert_eq!(cloud.get(&operation).await.1["status"], "InProgress");
    let (status, body) = cloud.get(&operation).await;
    assert_eq!((status, &body["status"]), (200, &json!("Succeeded")));
    let (status, body) = cloud.get(&location).await;
    assert_eq!((status, &body["properties"]["schema"]["tableSubType"]), (200, &json!("DataCollectionRuleBased")));
    let (_, same) = cloud.get(&cloud.table_path("servicedesk_cl")).await;
    assert_eq!(same, body);
    let gone = cloud.ask(Method::DELETE, &cloud.table_path("ServiceDesk_CL"), None).await;
    assert_eq!(gone.status(), 202);
    cloud.get(&cloud.table_path("ServiceDesk_CL")).await;
    assert_eq!(cloud.get(&cloud.table_path("ServiceDesk_CL")).await.0, 404);
}

#[tokio::test]
async fn r10_an_operation_that_failed_is_answered_with_200() {
    let cloud = Cloud::start().await;
    let without =
        json!({ "properties": { "schema": { "name": "X_CL", "columns": [{ "name": "A_s", "type": "string" }] } } });
    for body in [without, table("X_CL")] {
        let response = cloud.ask(Method::PUT, &cloud.table_path("X_CL"), Some(&body)).await;
        let operation = response.headers()["azure-asyncoperation"].to_str().unwrap().to_owned();
        cloud.get(&operation).await;
        let (status, body) = cloud.get(&operation).await;
        assert_eq!(
            (status, &body["status"], &body["error"]["code"]),
            (200, &json!("Failed"), &json!("SchemaUpdateFatalError"))
        );
        assert_eq!(cloud.get(&cloud.table_path("X_CL")).await.0, 404);
        cloud.control().fault(FaultSpec::new(FaultKind::OperationFailed));
    }
}

#[rstest]
#[case::suffix("X", json!({"name":"X","columns":[]}))]
#[case::schema_name("X_CL", json!({"name":"Y_CL","columns":[]}))]
#[case::reserved("X_CL", json!({"name":"X_CL","columns":[{"name":"Title","type":"string"}]}))]
#[case::underscore("X_CL", json!({"name":"X_CL","columns":[{"name":"_A","type":"string"}]}))]
#[case::long_name("X_CL", json!({"name":"X_CL","columns":[{"name":"A".repeat(46),"type":"string"}]}))]
#[case::kind("X_CL", json!({"name":"X_CL","columns":[{"name":"A_s","type":"text"}]}))]
#[case::twice("X_CL", json!({"name":"X_CL","columns":[{"name":"A_s","type":"string"},{"name":"A_s","type":"string"}]}))]
#[tokio::test]
async fn a_bad_schema_is_refused_at_once(#[case] name: &str, #[case] schema: Value) {
    let cloud = Cloud::start().await;
    let (status, body) = cloud.put(&cloud.table_path(name), &json!({ "properties": { "schema": schema } })).await;
    assert_eq!((status, &body["error"]["code"]), (400, &json!("InvalidParameter")), "{body}");
}

#[tokio::test]
async fn columns_are_added_and_never_change_their_type() {
    let cloud = Cloud::start().await;
    cloud.set_up().await;
    cloud.control().change_manners(|manners| manners.tables_at_once = true);
    let mut wider = table("ServiceDesk_CL");
    let columns = wider["properties"]["schema"]["columns"].as_array_mut().unwrap();
    columns.push(json!({ "name": "Computer", "type": "string" }));
    let (status, body) = cloud.put(&cloud.table_path("ServiceDesk_CL"), &wider).await;
    assert_eq!((status, body["properties"]["schema"]["columns"].as_array().unwrap().len()), (200, 8));
    wider["properties"]["schema"]["columns"][1]["type"] = "long".into();
    let (status, body) = cloud.put(&cloud.table_path("ServiceDesk_CL"), &wider).await;
    assert!(status == 400 && body["error"]["message"].as_str().unwrap().contains("can't reuse a column name"));
}

#[tokio::test]
async fn a_classic_table_is_migrated_before_anything_else() {
    let cloud = Cloud::start().await;
    let order =
        json!({ "name": "ServiceDesk_CL", "classic": true, "columns": COLUMNS, "rows": [{ "Title_s": "old" }] });
    assert_eq!(cloud.order(Method::POST, "/tables", &order).await.0, 204);
    let kind =
        async || cloud.get(&cloud.table_path("ServiceDesk_CL")).await.1["properties"]["schema"]["tableSubType"].clone();
    assert_eq!(kind().await, "Classic");
    assert_eq!(cloud.put(&cloud.table_path("ServiceDesk_CL"), &table("ServiceDesk_CL")).await.0, 400);
    let (status, body) = cloud.put(&cloud.rule_path(), &rule(&cloud.workspace())).await;
    assert_eq!((status, &body["error"]["details"][0]["code"]), (400, &json!("InvalidOutputTable")));
    let migrate = format!("{}/tables/ServiceDesk_CL/migrate?api-version=2021-12-01-preview", cloud.workspace());
    for _ in 0..2 {
        assert_eq!(cloud.ask(Method::POST, &migrate, None).await.status(), 200);
    }
    assert_eq!(kind().await, "DataCollectionRuleBased");
    assert_eq!(cloud.put(&cloud.rule_path(), &rule(&cloud.workspace())).await.0, 200);
    assert_eq!(cloud.control().rows(None, "ServiceDesk_CL").unwrap()[0]["Title_s"], "old");
}

#[tokio::test]
async fn a_rule_comes_back_with_its_id_and_endpoint() {
    let cloud = Cloud::start().await;
    let told = cloud.set_up().await;
    let id = told["properties"]["immutableId"].as_str().unwrap();
    assert!(id.starts_with("dcr-") && id.len() == 36);
    assert_eq!(told["properties"]["endpoints"]["logsIngestion"], json!(cloud.server.url()));
    let again = cloud.put(&cloud.rule_path(), &rule(&cloud.workspace())).await.1;
    assert_eq!(again["properties"]["immutableId"], json!(id));
    let older = cloud.rule_path().replace("2023-03-11", "2022-06-01");
    assert_eq!(cloud.get(&older).await.1["properties"].get("endpoints"), None);
    cloud.control().fault(FaultSpec::new(FaultKind::EndpointElsewhere));
    let (_, elsewhere) = cloud.get(&cloud.rule_path()).await;
    assert_eq!(elsewhere["properties"]["endpoints"]["logsIngestion"], "https://practice.elsewhere.example");
}

#[rstest]
#[case::stream("streamDeclarations", json!({"ServiceDesk_CL":{"columns":columns()}}), "InvalidStream")]
#[case::guid("streamDeclarations", json!({"Custom-ServiceDesk_CL":{"columns":[{"name":"X_g","type":"guid"}]}}), "InvalidStream")]
#[case::set_by_platform("streamDeclarations", json!({"Custom-ServiceDesk_CL":{"columns":[{"name":"MG","type":"string"}]}}), "InvalidStream")]
#[case::no_time("streamDeclarations", json!({"Custom-ServiceDesk_CL":{"columns":[{"name":"Title_s","type":"string"}]}}), "InvalidTransformOutput")]
#[case::output("dataFlows", json!([{"streams":["Custom-ServiceDesk_CL"],"destinations":["la"],"outputStream":"ServiceDesk_CL"}]), "InvalidOutputTable")]
#[case::table("dataFlows", json!([{"streams":["Custom-ServiceDesk_CL"],"destinations":["la"],"outputStream":"Custom-Other_CL"}]), "InvalidOutputTable")]
#[case::destination("dataFlows", json!([{"streams":["Custom-ServiceDesk_CL"],"destinations":["x"],"outputStream":"Custom-ServiceDesk_CL"}]), "InvalidDestination")]
#[case::two("dataFlows", json!([{"streams":["Custom-ServiceDesk_CL","Custom-ServiceDesk_CL"],"destinations":["la"],"transformKql":"source","outputStream":"Custom-ServiceDesk_CL"}]), "InvalidDataFlow")]
#[case::workspace("destinations", json!({"logAnalytics":[{"name":"la","workspaceResourceId":"/x"}]}), "InvalidDestination")]
#[tokio::test]
async fn a_bad_rule_is_refused_with_details(#[case] part: &str, #[case] value: Value, #[case] code: &str) {
    let cloud = Cloud::start().await;
    cloud.set_up().await;
    let mut body = rule(&cloud.workspace());
    body["properties"][part] = value;
    let (status, told) = cloud.put(&cloud.rule_path(), &body).await;
    assert_eq!((status, &told["error"]["code"]), (400, &json!("InvalidPayload")));
    assert_eq!(told["error"]["message"], "Data collection rule is invalid");
    let codes: Vec<&Value> = told["error"]["details"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
    assert!(codes.contains(&&json!(code)), "{told}");
}

#[tokio::test]
async fn a_rule_of_another_region_or_type_is_refused() {
    let cloud = Cloud::start().await;
    cloud.set_up().await;
    let mut body = rule(&cloud.workspace());
    body["location"] = "northeurope".into();
    assert_eq!(cloud.put(&cloud.rule_path(), &body).await.0, 400);
    body["location"] = "West Europe".into();
    assert_eq!(cloud.put(&cloud.rule_path(), &body).await.0, 200);
    body["properties"]["streamDeclarations"]["Custom-ServiceDesk_CL"]["columns"][4]["type"] = "string".into();
    let (_, told) = cloud.put(&cloud.rule_path(), &body).await;
    let detail = &told["error"]["details"][0];
    assert_eq!(detail["code"], "InvalidTransformOutput");
    assert!(detail["message"].as_str().unwrap().ends_with("Send_l [produced:'String', output:'Long']"), "{detail}");
}

#[tokio::test]
async fn r11_a_new_table_takes_a_minute_until_rules_know_it() {
    let cloud = Cloud::start().await;
    cloud.control().change_manners(|manners| (manners.table_seconds, manners.tables_at_once) = (60, true));
    cloud.put(&cloud.table_path("ServiceDesk_CL"), &table("ServiceDesk_CL")).await;
    let (status, body) = cloud.put(&cloud.rule_path(), &rule(&cloud.workspace())).await;
    let message = "Table for output stream 'Custom-ServiceDesk_CL' is not available for destination 'la'.";
    assert_eq!((status, &body["error"]["details"][0]["message"]), (400, &json!(message)));
    cloud.control().advance(60);
    assert_eq!(cloud.put(&cloud.rule_path(), &rule(&cloud.workspace())).await.0, 200);
}

#[tokio::test]
async fn r14_a_rule_comes_back_in_another_form_on_request() {
    let cloud = Cloud::start().await;
    cloud.set_up().await;
    cloud.control().change_manners(|manners| (manners.other_case, manners.columns_reversed) = (true, true));
    let (_, told) = cloud.get(&cloud.rule_path()).await;
    let properties = &told["properties"];
    let destination = &properties["destinations"]["logAnalytics"][0];
    assert_eq!(destination["workspaceResourceId"], json!(cloud.workspace().to_lowercase()));
    assert!(destination["workspaceId"].is_string() && properties["provisioningState"] == "Succeeded");
    let first = &properties["streamDeclarations"]["Custom-ServiceDesk_CL"]["columns"][0]["name"];
    assert_eq!(first, "CreatedDate_t");
}

fn publisher(cloud: &Cloud, principal: &str) -> Value {
    let role = "3913510d-42f4-4e42-8a64-420c390055eb";
    let definition =
        format!("/subscriptions/{}/providers/Microsoft.Authorization/roleDefinitions/{role}", cloud.subscription());
    json!({ "properties": {
        "roleDefinitionId": definition, "principalId": principal, "principalType": "ServicePrincipal",
    } })
}

fn assignment(scope: &str, name: u8) -> String {
    format!(
        "{scope}/providers/Microsoft.Authorization/roleAssignments/00000000-0000-4000-8000-{name:012}?api-version=2022-04-01"
    )
}

#[tokio::test]
async fn a_role_is_assigned_once_and_only_to_somebody_who_is_there() {
    let cloud = Cloud::start().await;
    let (scope, sender) = (cloud.workspace(), cloud.server.sign_in().object_id.clone());
    let body = publisher(&cloud, &sender);
    assert_eq!(cloud.put(&assignment(&scope, 1), &body).await.0, 201);
    assert_eq!(cloud.put(&assignment(&scope, 1), &body).await.0, 200);
    let (status, told) = cloud.put(&assignment(&scope, 2), &body).await;
    assert_eq!((status, &told["error"]["code"]), (409, &json!("RoleAssignmentExists")));
    let (status, told) = cloud.put(&assignment(&scope, 3), &publisher(&cloud, &cloud.tenant())).await;
    assert_eq!((status, &told["error"]["code"]), (400, &json!("PrincipalNotFound")));
    let list = format!(
        "{scope}/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01&$filter=principalId%20eq%20'{sender}'"
    );
    let (_, told) = cloud.get(&list).await;
    assert_eq!(told["value"][0]["properties"]["principalId"], json!(sender));
    let (_, kept) = cloud.order(Method::GET, "/roles", &json!({})).await;
    assert!(kept["assignments"].as_array().unwrap().iter().any(|one| one["principal"] == json!(sender)));
}

#[tokio::test]
async fn whoever_has_no_right_is_refused_by_name() {
    let cloud = Cloud::start().await;
    let shared = cloud.control().workspace_id(Some("shared-logs")).unwrap();
    let sender = cloud.server.sign_in().object_id.clone();
    let (status, told_as_admin) = cloud.put(&assignment(&shared, 1), &publisher(&cloud, &sender)).await;
    let message = told_as_admin["error"]["message"].as_str().unwrap();
    assert_eq!((status, &told_as_admin["error"]["code"]), (403, &json!("AuthorizationFailed")));
    assert!(message.starts_with(&format!("The client '{ADMIN}' with object id '")), "{message}");
    assert!(message.contains("'Microsoft.Authorization/roleAssignments/write' over scope"));
    let permissions = format!("{shared}/providers/Microsoft.Authorization/permissions?api-version=2022-04-01");
    let (_, body) = cloud.get(&permissions).await;
    assert!(body["value"][0]["notActions"].as_array().unwrap().contains(&json!("Microsoft.Authorization/*/Write")));
    let reader = cloud.token_of(&Holder::User(READER), MANAGER_AUDIENCE);
    let put = cloud.ask_as(&reader, Method::PUT, &cloud.table_path("X_CL"), Some(&table("X_CL"))).await;
    assert_eq!(put.status(), 403);
}

#[tokio::test]
async fn a_saved_search_with_an_alias_is_kept_as_it_was_sent() {
    let cloud = Cloud::start().await;
    let path = |name: &str| format!("{}/savedSearches/{name}?api-version=2020-08-01", cloud.workspace());
    let body = json!({ "properties": {
        "category": "ITSM", "displayName": "ServiceDesk", "query": "ServiceDesk_CL", "functionAlias": "ServiceDesk",
    } });
    assert_eq!(cloud.put(&path("one"), &body).await.0, 200);
    assert_eq!(cloud.put(&path("one"), &body).await.0, 200);
    assert_eq!(cloud.put(&path("two"), &body).await.0, 409);
    assert_eq!(cloud.get(&path("ONE")).await.1["properties"]["functionAlias"], "ServiceDesk");
    let list = format!("{}/savedSearches?api-version=2020-08-01", cloud.workspace());
    assert_eq!(cloud.get(&list).await.1["value"].as_array().unwrap().len(), 1);
    assert_eq!(cloud.ask(Method::DELETE, &path("one"), None).await.status(), 200);
    assert_eq!(cloud.get(&path("one")).await.0, 404);
}

#[tokio::test]
async fn a_workbook_has_a_guid_and_a_name_of_its_own() {
    let cloud = Cloud::start().await;
    let path =
        |name: &str| format!("{}/providers/Microsoft.Insights/workbooks/{name}?api-version=2023-06-01", cloud.group());
    let (one, two) = ("00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002");
    let mut body = json!({ "location": "westeurope", "kind": "shared", "properties": {
        "displayName": "Service desk", "serializedData": "{}", "category": "workbook", "sourceId": cloud.workspace(),
    } });
    assert_eq!(cloud.put(&path("service-desk"), &body).await.0, 400);
    assert_eq!(cloud.put(&path(one), &body).await.0, 201);
    assert_eq!(cloud.put(&path(one), &body).await.0, 200);
    assert_eq!(cloud.put(&path(two), &body).await.0, 409);
    assert_eq!(cloud.get(&path(one)).await.1["properties"].get("serializedData"), None);
    let (_, whole) = cloud.get(&format!("{}&canFetchContent=true", path(one))).await;
    assert_eq!(whole["properties"]["serializedData"], "{}");
    body["properties"]["serializedData"] = "not json".into();
    assert_eq!(cloud.put(&path(one), &body).await.0, 400);
}

#[rstest]
#[case("/subscriptions", 400, "MissingApiVersionParameter")]
#[case("/subscriptions?api-version=1999-01-01", 400, "InvalidApiVersionParameter")]
#[case(
    "/subscriptions/00000000-0000-4000-8000-000000000009/resourceGroups?api-version=2021-04-01",
    404,
    "SubscriptionNotFound"
)]
#[tokio::test]
async fn errors_are_worded_as_azure_words_them(#[case] path: &str, #[case] status: u16, #[case] code: &str) {
    let cloud = Cloud::start().await;
    let (came, body) = cloud.get(path).await;
    assert_eq!((came, body["error"]["code"].as_str()), (status, Some(code)));
}

#[tokio::test]
async fn a_token_of_another_audience_or_none_is_refused() {
    let cloud = Cloud::start().await;
    let path = "/subscriptions?api-version=2022-12-01";
    let other = cloud.token_of(&Holder::User(ADMIN), INGESTION_AUDIENCE);
    let (status, body) = told(cloud.ask_as(&other, Method::GET, path, None).await).await;
    assert_eq!((status, &body["error"]["code"]), (401, &json!("InvalidAuthenticationTokenAudience")));
    let response = cloud.request(Method::GET, path).send().await.unwrap();
    assert!(response.headers()["www-authenticate"].to_str().unwrap().contains("authorization_uri"));
    assert_eq!(told(response).await.1["error"]["code"], "AuthenticationFailed");
    let admin = cloud.admin();
    cloud.control().entra().set_clock_shift(3600);
    let (_, body) = told(cloud.ask_as(&admin, Method::GET, path, None).await).await;
    assert_eq!(body["error"]["code"], "ExpiredAuthenticationToken");
}
