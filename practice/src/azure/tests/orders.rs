//! Orders, faults, and the machine's identity.

use rstest::rstest;

use super::*;

const PATH: &str = "/subscriptions?api-version=2022-12-01";

#[rstest]
#[case(FaultKind::Throttled, 429)]
#[case(FaultKind::Unavailable, 503)]
#[case(FaultKind::ServerError, 500)]
#[case(FaultKind::Unauthorized, 401)]
#[case(FaultKind::Forbidden, 403)]
#[case(FaultKind::Html, 200)]
#[case(FaultKind::NotJson, 200)]
#[case(FaultKind::EmptyObject, 200)]
#[case(FaultKind::Redirect, 307)]
#[tokio::test]
async fn a_fault_befalls_one_answer(#[case] kind: FaultKind, #[case] status: u16) {
    let cloud = Cloud::start().await;
    cloud.control().fault(FaultSpec::new(kind));
    let response = cloud.ask(Method::GET, PATH, None).await;
    assert_eq!(response.status().as_u16(), status);
    assert_eq!(response.headers().contains_key("retry-after"), kind == FaultKind::Throttled);
    assert_eq!(cloud.get(PATH).await.0, 200);
}

#[tokio::test]
async fn retry_after_is_a_date_on_request() {
    let cloud = Cloud::start().await;
    cloud.control().fault(FaultSpec { http_date: true, ..FaultSpec::new(FaultKind::Throttled) });
    let response = cloud.ask(Method::GET, PATH, None).await;
    assert!(response.headers()["retry-after"].to_str().unwrap().ends_with(" GMT"));
}

#[tokio::test]
async fn a_cut_answer_is_done_nevertheless_and_a_reset_one_is_not() {
    let cloud = Cloud::start().await;
    cloud.control().change_manners(|manners| manners.tables_at_once = true);
    for (kind, status) in [(FaultKind::Reset, 404), (FaultKind::Cut, 200)] {
        cloud.control().fault(FaultSpec::new(kind));
        let path = cloud.table_path("X_CL");
        let request = cloud.request(Method::PUT, &path).bearer_auth(cloud.admin());
        let failed = request.body(table("X_CL").to_string()).send().await.unwrap_err();
        assert!(failed.is_request(), "{failed:?}");
        assert_eq!(cloud.get(&path).await.0, status, "{kind:?}");
    }
}

#[tokio::test]
async fn the_machine_has_an_identity_whose_token_stays_the_same() {
    let cloud = Cloud::start().await;
    let path = format!("/metadata/identity/oauth2/token?api-version=2018-02-01&resource={MANAGER_AUDIENCE}");
    assert_eq!(told(cloud.request(Method::GET, &path).send().await.unwrap()).await.0, 400);
    let get = async |path: &str| {
        told(cloud.request(Method::GET, path).header("metadata", "true").send().await.unwrap()).await
    };
    let (status, body) = get(&path).await;
    assert_eq!((status, &body["token_type"]), (200, &json!("Bearer")));
    assert!(body["expires_on"].as_str().unwrap().parse::<i64>().is_ok());
    assert_eq!(get(&path).await.1["access_token"], body["access_token"]);
    assert_eq!(get(&path.replace("management", "nothing")).await.1["error"], "invalid_resource");
    assert_eq!(cloud.order(Method::POST, "/identity", &json!({ "there": false })).await.0, 204);
    assert_eq!(get(&path).await.0, 400);
}

#[tokio::test]
async fn requests_are_noted_with_their_counts_and_without_secrets() {
    let cloud = Cloud::start().await;
    cloud.get(PATH).await;
    cloud.get(PATH).await;
    let (_, log) = cloud.order(Method::GET, "/requests", &json!({})).await;
    assert_eq!(log["counts"], json!({ "resource-manager GET 200": 2 }));
    assert_eq!(log["requests"][0]["caller"].as_str().unwrap().len(), 36);
    let token = cloud.admin();
    assert!(!log.to_string().contains(&token));
}

#[tokio::test]
async fn manners_are_changed_one_by_one() {
    let cloud = Cloud::start().await;
    let (status, body) =
        cloud.order(Method::PATCH, "/manners", &json!({ "role_seconds": 1800, "measure": "sent" })).await;
    assert_eq!((status, &body["role_seconds"], &body["page_size"]), (200, &json!(1800), &json!(100)));
    assert_eq!(cloud.order(Method::PATCH, "/manners", &json!({ "no_such": 1 })).await.0, 400);
}

#[tokio::test]
async fn a_rule_is_changed_behind_everybodys_back() {
    let cloud = Cloud::start().await;
    cloud.set_up().await;
    let fewer = json!({ "streamDeclarations": { "Custom-ServiceDesk_CL": null } });
    assert_eq!(cloud.order(Method::PATCH, "/rules/itsmc", &fewer).await.0, 204);
    assert_eq!(cloud.get(&cloud.rule_path()).await.1["properties"]["streamDeclarations"], json!({}));
}

#[tokio::test]
async fn its_first_line_tells_where_each_role_is_played() {
    let cloud = Cloud::start().await;
    let line: Value = serde_json::from_str(&cloud.server.sign_in().line()).unwrap();
    assert_eq!(line["cloud"]["ingestion_audience"], INGESTION_AUDIENCE);
    assert_eq!((&line["workspace"], &line["partner"]), (&json!("contoso-logs"), &json!("azure")));
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", line["client_id"].as_str().unwrap()),
        ("client_secret", line["client_secret"].as_str().unwrap()),
        ("scope", &format!("{INGESTION_AUDIENCE}//.default")),
    ];
    let path = format!("/{}/oauth2/v2.0/token", line["tenant"].as_str().unwrap());
    let (status, body) = told(cloud.request(Method::POST, &path).form(&form).send().await.unwrap()).await;
    assert_eq!((status, body["access_token"].is_string()), (200, true));
}
