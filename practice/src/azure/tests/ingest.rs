//! Ingestion.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use rstest::rstest;

use super::*;

/// A cloud that is set up, with the sender's token and the path of its stream.
struct Sender {
    cloud: Cloud,
    token: String,
    rule: Value,
}

impl Sender {
    async fn start() -> Self {
        let cloud = Cloud::start().await;
        let rule = cloud.set_up().await;
        let token = cloud.token_of(&Holder::Application(&client_id("sender")), INGESTION_AUDIENCE);
        Self { cloud, token, rule }
    }

    fn path(&self) -> String {
        let (endpoint, id) =
            (&self.rule["properties"]["endpoints"]["logsIngestion"], &self.rule["properties"]["immutableId"]);
        let (endpoint, id) = (endpoint.as_str().unwrap(), id.as_str().unwrap());
        format!("{endpoint}/dataCollectionRules/{id}/streams/Custom-ServiceDesk_CL?api-version=2023-01-01")
    }

    fn request(&self, path: &str) -> RequestBuilder {
        let request = self.cloud.request(Method::POST, path).bearer_auth(&self.token);
        request.header("content-type", "application/json")
    }

    async fn send_text(&self, body: String) -> Response {
        self.request(&self.path()).body(body).send().await.unwrap()
    }

    async fn send(&self, rows: &Value) -> u16 {
        self.send_text(rows.to_string()).await.status().as_u16()
    }

    fn rows(&self) -> Vec<Value> {
        self.cloud.control().rows(None, "ServiceDesk_CL").unwrap()
    }

    fn control(&self) -> Control {
        self.cloud.control()
    }
}

async fn code(response: Response) -> (u16, String) {
    let header = response.headers().get("x-ms-error-code").map(|value| value.to_str().unwrap().to_owned());
    let (status, body) = told(response).await;
    let code = body["error"]["code"].as_str().unwrap_or_default().to_owned();
    assert_eq!(header.unwrap_or_default(), code);
    (status, code)
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn rows_are_stored_as_the_table_has_them_and_the_answer_is_empty() {
    let sender = Sender::start().await;
    let soon = jiff::Timestamp::now().to_string();
    let row = json!({
        "TimeGenerated": soon, "ServiceDeskId_s": "INC1", "Title_s": "Ünïcode", "Priority_d": 2, "Send_l": 7,
        "Removed_b": false, "CreatedDate_t": "2020-02-03T04:05:06.1234567Z", "Unknown_s": "dropped",
    });
    let zipped = sender.request(&sender.path()).header("content-encoding", "gzip");
    let response =
        zipped.header("x-ms-client-request-id", "r1").body(gzip(&json!([row]).to_string())).send().await.unwrap();
    assert_eq!((response.status().as_u16(), response.bytes().await.unwrap().len()), (204, 0));
    let stored = &sender.rows()[0];
    assert_eq!(
        (&stored["Title_s"], &stored["Priority_d"], &stored["Send_l"]),
        (&json!("Ünïcode"), &json!(2.0), &json!(7))
    );
    assert_eq!(
        (&stored["CreatedDate_t"], &stored["Removed_b"]),
        (&json!("2020-02-03T04:05:06.1234567Z"), &json!(false))
    );
    assert!(stored.get("Unknown_s").is_none());
    let request = &sender.control().requests().into_iter().find(|one| one.role == Role::Ingestion).unwrap();
    assert_eq!((request.rows, &*request.client_request_id, &*request.encoding), (1, "r1", "gzip"));
    assert!(request.plain_bytes > 100 && request.caller.as_ref() == Some(&sender.cloud.server.sign_in().object_id));
}

#[tokio::test]
async fn the_same_body_twice_is_there_twice() {
    let sender = Sender::start().await;
    for _ in 0..2 {
        assert_eq!(sender.send(&json!([{ "ServiceDeskId_s": "INC1" }])).await, 204);
    }
    assert_eq!(sender.rows().len(), 2);
}

#[rstest]
#[case::object("{\"ServiceDeskId_s\":\"INC1\"}")]
#[case::no_json("INC1, INC2")]
#[case::cut("[{\"ServiceDeskId_s\":\"INC1\"}")]
#[case::empty("[]")]
#[case::nothing("")]
#[case::numbers("[1, 2]")]
#[tokio::test]
async fn what_is_no_list_of_rows_is_accepted_and_lost(#[case] body: &str) {
    let sender = Sender::start().await;
    assert_eq!(sender.send_text(body.to_owned()).await.status(), 204);
    assert!(sender.rows().is_empty());
}

#[tokio::test]
async fn values_are_cut_or_null_and_times_are_replaced() {
    let sender = Sender::start().await;
    let day = jiff::SignedDuration::from_hours(24);
    let now = jiff::Timestamp::now();
    let (old, ahead) = ((now - 3 * day).to_string(), (now + 2 * day).to_string());
    let fits = (now - day).to_string();
    let long = "é".repeat(40_000);
    let rows = json!([
        { "TimeGenerated": old, "Title_s": long, "Priority_d": "2", "Send_l": 1.5 },
        { "TimeGenerated": ahead, "Title_s": 5, "Removed_b": "true", "CreatedDate_t": "yesterday" },
        { "TimeGenerated": 1_732_860_000.5, "Title_s": null },
        { "TimeGenerated": fits },
    ]);
    assert_eq!(sender.send(&rows).await, 204);
    let stored = sender.rows();
    assert_eq!(stored[0]["Title_s"].as_str().unwrap().len(), 65_536);
    assert!(
        [&stored[0]["Priority_d"], &stored[0]["Send_l"], &stored[1]["Removed_b"], &stored[1]["CreatedDate_t"]]
            .iter()
            .all(|value| value.is_null())
    );
    assert_eq!((&stored[1]["Title_s"], &stored[2]["Title_s"]), (&json!(""), &json!("")));
    assert!(stored[..3].iter().all(|row| row["TimeGenerated"] == row["_received"]));
    assert!(stored[3]["TimeGenerated"].as_str().unwrap() < stored[3]["_received"].as_str().unwrap());
}

#[tokio::test]
async fn wrong_tokens_rules_streams_and_rights_are_refused_by_name() {
    let sender = Sender::start().await;
    let other = sender.cloud.token_of(&Holder::Application(&client_id("sender")), QUERY_AUDIENCE);
    let ask = async |token: &str, path: &str| {
        let request = sender.cloud.request(Method::POST, path).bearer_auth(token);
        code(request.header("content-type", "application/json").body("[]").send().await.unwrap()).await
    };
    let path = sender.path();
    assert_eq!(ask(&other, &path).await, (401, "InvalidAudience".to_owned()));
    assert_eq!(ask("other", &path).await.0, 401);
    assert_eq!(ask(&sender.token, &path.replace("dcr-", "dcr-0")).await, (404, "NotFound".to_owned()));
    assert_eq!(ask(&sender.token, &path.replace("ServiceDesk", "Other")).await, (400, "InvalidStream".to_owned()));
    assert_eq!(ask(&sender.token, &path.replace("2023-01-01", "2016-04-01")).await.0, 400);
    sender.control().unassign(&sender.cloud.server.sign_in().object_id, "Monitoring Metrics Publisher");
    assert_eq!(ask(&sender.token, &path).await, (403, "OperationFailed".to_owned()));
    let owner = sender.cloud.token_of(&Holder::User(ADMIN), INGESTION_AUDIENCE);
    assert_eq!(ask(&owner, &path).await.0, 403, "an owner has no data action");
}

#[tokio::test]
async fn a_role_is_known_half_an_hour_after_it_was_assigned() {
    let sender = Sender::start().await;
    let object_id = sender.cloud.server.sign_in().object_id.clone();
    sender.control().unassign(&object_id, "Monitoring Metrics Publisher");
    sender.control().change_manners(|manners| manners.role_seconds = 1800);
    let rule = sender.rule["id"].as_str().unwrap();
    let path = format!(
        "{rule}/providers/Microsoft.Authorization/roleAssignments/00000000-0000-4000-8000-000000000001?api-version=2022-04-01"
    );
    let role = "3913510d-42f4-4e42-8a64-420c390055eb";
    let body = json!({ "properties": {
        "roleDefinitionId": format!("/subscriptions/{}/providers/Microsoft.Authorization/roleDefinitions/{role}", sender.cloud.subscription()),
        "principalId": object_id, "principalType": "ServicePrincipal",
    } });
    assert_eq!(sender.cloud.put(&path, &body).await.0, 201);
    let (status, refused) = told(sender.send_text("[]".to_owned()).await).await;
    let message = refused["error"]["message"].as_str().unwrap();
    let id = sender.rule["properties"]["immutableId"].as_str().unwrap();
    let expected = format!(
        "The authentication token provided does not have access to ingest data for the data collection rule with \
         immutable Id '{id}' PipelineAccessResult: AccessGranted: False, IsRbacPresent: False, IsDcrDceBindingValid: , \
         DcrArmId: {rule}, Message: Required authorization action was not found for tenantId {} objectId {object_id} on \
         resourceId {rule} ConfigurationId: {id}..",
        sender.cloud.tenant()
    );
    assert_eq!((status, message), (403, &*expected));
    sender.control().advance(1800);
    assert_eq!(sender.send(&json!([])).await, 204);
}

#[tokio::test]
async fn a_changed_rule_takes_minutes_until_its_streams_are_known() {
    let sender = Sender::start().await;
    sender.control().change_manners(|manners| manners.rule_seconds = 240);
    let mut body = rule(&sender.cloud.workspace());
    let streams = &mut body["properties"]["streamDeclarations"];
    streams["Custom-ServiceDeskLog_CL"] = streams["Custom-ServiceDesk_CL"].clone();
    body["properties"]["dataFlows"][0] = json!({
        "streams": ["Custom-ServiceDesk_CL", "Custom-ServiceDeskLog_CL"], "destinations": ["la"],
        "outputStream": "Custom-ServiceDesk_CL",
    });
    assert_eq!(sender.cloud.put(&sender.cloud.rule_path(), &body).await.0, 200);
    let path = sender.path().replace("Custom-ServiceDesk_CL", "Custom-ServiceDeskLog_CL");
    let send = async || code(sender.request(&path).body("[{}]").send().await.unwrap()).await;
    assert_eq!(send().await, (400, "InvalidStream".to_owned()));
    assert_eq!(sender.send(&json!([{}])).await, 204, "the old stream goes on");
    sender.control().advance(240);
    assert_eq!(send().await.0, 204);
}

#[rstest]
#[case::both(Measure::Both, 413, 413)]
#[case::sent(Measure::Sent, 204, 413)]
#[case::plain(Measure::Plain, 413, 204)]
#[tokio::test]
async fn r1_a_batch_over_the_limit_is_refused_in_the_form_that_is_measured(
    #[case] measure: Measure,
    #[case] zipped_large: u16,
    #[case] sent_large: u16,
) {
    let sender = Sender::start().await;
    sender.control().change_manners(|manners| (manners.limit_bytes, manners.measure) = (600_000, measure));
    let body = json!([{ "Title_s": "x".repeat(700_000) }]).to_string();
    let zipped =
        sender.request(&sender.path()).header("content-encoding", "gzip").body(gzip(&body)).send().await.unwrap();
    assert_eq!(zipped.status().as_u16(), zipped_large);
    let stored = padded_gzip(650_000);
    let large = sender.request(&sender.path()).header("content-encoding", "gzip").body(stored).send().await.unwrap();
    assert_eq!(large.status().as_u16(), sent_large);
}

/// A small list in a large gzip body: members without content behind it.
fn padded_gzip(bytes: usize) -> Vec<u8> {
    let (mut body, nothing) = (gzip("[]"), gzip(""));
    while body.len() < bytes {
        body.extend_from_slice(&nothing);
    }
    body
}

#[tokio::test]
async fn r1_the_text_names_both_sizes() {
    let sender = Sender::start().await;
    let body = " ".repeat(1_068_792);
    let (status, told) = told(sender.send_text(body).await).await;
    let message = "Maximum allowed content length: 1048576 bytes (1 MB). Provided content length: 1068792 bytes.";
    assert_eq!((status, &told["error"]["message"]), (413, &json!(message)));
    assert_eq!(told["error"]["code"], "ContentLengthLimitExceeded");
}

#[tokio::test]
async fn r2_one_bad_row_has_the_whole_batch_refused() {
    let sender = Sender::start().await;
    let order = json!({ "refused": { "column": "ServiceDeskId_s", "value": "INC2" } });
    sender.cloud.order(Method::PATCH, "/manners", &order).await;
    let rows = json!([{ "ServiceDeskId_s": "INC1" }, { "ServiceDeskId_s": "INC2" }]);
    assert_eq!(sender.send(&rows).await, 400);
    assert_eq!(sender.send(&json!([{ "ServiceDeskId_s": "INC1" }])).await, 204);
    assert_eq!(sender.rows().len(), 1);
}

#[tokio::test]
async fn r3_ingestion_is_out_of_reach_until_the_clock_says_so() {
    let sender = Sender::start().await;
    sender.cloud.order(Method::POST, "/outage", &json!({ "seconds": 1800 })).await;
    for _ in 0..3 {
        sender.request(&sender.path()).body("[]").send().await.unwrap_err();
    }
    assert_eq!(sender.cloud.get("/subscriptions?api-version=2022-12-01").await.0, 200);
    sender.control().advance(1800);
    assert_eq!(sender.send(&json!([])).await, 204);
}

#[rstest]
#[case::cut(FaultKind::Cut, 2)]
#[case::reset(FaultKind::Reset, 1)]
#[tokio::test]
async fn r6_rows_are_stored_though_no_answer_comes(#[case] kind: FaultKind, #[case] stored: usize) {
    let sender = Sender::start().await;
    sender.control().fault(FaultSpec::new(kind));
    sender.request(&sender.path()).body("[{}]").send().await.unwrap_err();
    assert_eq!(sender.send(&json!([{}])).await, 204);
    assert_eq!(sender.rows().len(), stored);
}

#[tokio::test]
async fn r6_a_late_answer_comes_after_the_rows_are_stored() {
    let sender = Sender::start().await;
    sender.control().fault(FaultSpec { millis: 600_000, ..FaultSpec::new(FaultKind::Late) });
    let request = sender.request(&sender.path()).body("[{}]").timeout(std::time::Duration::from_millis(300));
    assert!(request.send().await.unwrap_err().is_timeout());
    assert_eq!(sender.rows().len(), 1);
}

#[tokio::test]
async fn r7_over_quota_everything_is_accepted_and_nothing_stored() {
    let sender = Sender::start().await;
    sender.control().quota(None, "OverQuota", 2400, 1.0).unwrap();
    assert_eq!(sender.send(&json!([{}])).await, 204);
    assert!(sender.rows().is_empty());
    sender.control().advance(2400);
    assert_eq!(sender.send(&json!([{}])).await, 204);
    assert_eq!(sender.rows().len(), 1);
}

#[rstest]
#[case(FaultKind::Throttled, 429, "TooManyRequests")]
#[case(FaultKind::ServerError, 500, "")]
#[case(FaultKind::Unavailable, 503, "ServiceUnavailable")]
#[case(FaultKind::Unauthorized, 401, "InvalidToken")]
#[case(FaultKind::Forbidden, 403, "OperationFailed")]
#[case(FaultKind::InvalidStream, 400, "InvalidStream")]
#[case(FaultKind::NotFound, 404, "NotFound")]
#[case(FaultKind::TooLarge, 413, "ContentLengthLimitExceeded")]
#[case(FaultKind::TimeoutExpired, 408, "TimeoutExpired")]
#[tokio::test]
async fn a_refusal_comes_on_request_and_stores_nothing(
    #[case] kind: FaultKind,
    #[case] status: u16,
    #[case] name: &str,
) {
    let sender = Sender::start().await;
    sender.control().fault(FaultSpec::new(kind));
    assert_eq!(code(sender.send_text("[{}]".to_owned()).await).await, (status, name.to_owned()));
    assert!(sender.rows().is_empty());
}

#[tokio::test]
async fn rows_are_lost_on_request_and_a_rule_takes_so_many_requests_a_minute() {
    let sender = Sender::start().await;
    sender.control().fault(FaultSpec { limit: 1, ..FaultSpec::new(FaultKind::LostRows) });
    assert_eq!(sender.send(&json!([{}, {}, {}])).await, 204);
    assert_eq!(sender.rows().len(), 2);
    // A minute of its own, so that the one before does not count.
    let left = 60 - sender.control().state()["now"].as_str().unwrap()[17..19].parse::<i64>().unwrap();
    sender.control().advance(left);
    sender.control().change_manners(|manners| manners.requests_per_minute = 2);
    for _ in 0..2 {
        assert_eq!(sender.send(&json!([])).await, 204);
    }
    let refused = sender.send_text("[]".to_owned()).await;
    let after: i64 = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert_eq!(refused.status(), 429);
    sender.control().advance(after);
    assert_eq!(sender.send(&json!([])).await, 204);
}

#[tokio::test]
async fn a_transformation_casts_what_a_stream_cannot_declare() {
    let sender = Sender::start().await;
    let order = json!({ "name": "Guid_CL", "columns": [["X_g", "guid"]] });
    sender.cloud.order(Method::POST, "/tables", &order).await;
    let mut body = rule(&sender.cloud.workspace());
    body["properties"]["streamDeclarations"] = json!({ "Custom-ServiceDesk_CL": { "columns": [
        { "name": "TimeGenerated", "type": "datetime" }, { "name": "X_g", "type": "string" },
    ] } });
    body["properties"]["dataFlows"][0]["outputStream"] = "Custom-Guid_CL".into();
    let (_, told) = sender.cloud.put(&sender.cloud.rule_path(), &body).await;
    let message = told["error"]["details"][0]["message"].as_str().unwrap();
    assert!(message.ends_with("X_g [produced:'String', output:'Guid']"), "{message}");
    body["properties"]["dataFlows"][0]["transformKql"] = "source | extend X_g = toguid(X_g)".into();
    assert_eq!(sender.cloud.put(&sender.cloud.rule_path(), &body).await.0, 200);
    let guid = "0F8FAD5B-D9CB-469F-A165-70867728950E";
    assert_eq!(sender.send(&json!([{ "X_g": guid }, { "X_g": "none" }])).await, 204);
    let stored = sender.control().rows(None, "Guid_CL").unwrap();
    assert_eq!((&stored[0]["X_g"], &stored[1]["X_g"]), (&json!(guid.to_lowercase()), &Value::Null));
    body["properties"]["dataFlows"][0]["transformKql"] = "source | parse X".into();
    let (_, told) = sender.cloud.put(&sender.cloud.rule_path(), &body).await;
    assert_eq!(told["error"]["details"][0]["code"], "InvalidTransformQuery");
}

#[tokio::test]
async fn a_rule_counts_calls_and_rows_by_the_minute() {
    let sender = Sender::start().await;
    sender.send(&json!([{}, {}])).await;
    sender.control().fault(FaultSpec { limit: 0, ..FaultSpec::new(FaultKind::LostRows) });
    sender.send(&json!([{}])).await;
    sender.control().change_manners(|manners| manners.metrics_seconds = 120);
    let names = "RowsReceived_Count,RowsDropped_Count,ApiCallReceived_Count,TransformationErrors_Count";
    let path = format!(
        "{}/providers/Microsoft.Insights/metrics?api-version=2023-10-01&metricnames={names}&interval=PT1H",
        sender.rule["id"].as_str().unwrap()
    );
    let (_, body) = sender.cloud.get(&path).await;
    assert_eq!(body["value"][0]["timeseries"], json!([]), "they are late");
    sender.control().advance(180);
    let total = async |nth: usize| {
        let (_, body) = sender.cloud.get(&path).await;
        let data = body["value"][nth]["timeseries"][0]["data"].clone();
        data.as_array().unwrap().iter().filter_map(|one| one["total"].as_f64()).sum::<f64>()
    };
    assert_eq!((total(0).await, total(1).await, total(2).await, total(3).await), (3.0, 1.0, 2.0, 0.0));
    let (_, by_stream) = sender.cloud.get(&format!("{path}&$filter=InputStreamId%20eq%20'*'")).await;
    let dimension = &by_stream["value"][0]["timeseries"][0]["metadatavalues"][0]["value"];
    assert_eq!(dimension, "Custom-ServiceDesk_CL");
    let (status, unknown) = sender.cloud.get(&path.replace("RowsReceived_Count", "Rows")).await;
    assert!(status == 400 && unknown["error"]["message"].as_str().unwrap().contains("Valid metrics: "));
}
