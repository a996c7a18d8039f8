//! Incidents made and changed over the web app.

use reqwest::Method;

use super::*;

impl Client {
    /// The status, 0 if the connection was cut, and the JSON.
    async fn send(&self, method: Method, path: &str, body: &Value) -> (u16, Value) {
        let request = client().request(method, format!("{}{path}", self.url)).bearer_auth(&self.token);
        let reply = request.header("content-type", "application/json").body(body.to_string()).send().await;
        let Ok(reply) = reply else { return (0, Value::Null) };
        let status = reply.status().as_u16();
        (status, serde_json::from_str(&reply.text().await.unwrap()).unwrap_or(Value::Null))
    }
}

async fn started(layout: Layout) -> (Server, Client) {
    let options = Options { layout, rows: Some(20), ..Options::still() };
    let server = Server::start(options).await.unwrap();
    let client = Client::signed_in(&server).await;
    (server, client)
}

fn incident() -> Value {
    json!({"Title": "CPU above 90% [azm-0f8fad5bd9cb]", "Impact": {"Name": "High"}, "Urgency": "Low", "Unknown": 5})
}

#[tokio::test]
async fn incident_is_made_changed_and_resolved() {
    let (server, client) = started(Layout::Tables).await;
    let (status, made) = client.send(Method::POST, "/api/Incidents", &incident()).await;
    assert_eq!((status, &made["Impact"]["Name"], &made["Status"]["Name"]), (200, &json!("High"), &json!("Active")));
    let path = format!("/api/Incidents/{}", made["Id"].as_str().unwrap());
    let (status, changed) = client.send(Method::PUT, &path, &json!({"Status": {"Name": "Resolved"}})).await;
    assert_eq!((status, &changed["Status"]["Name"], &changed["Title"]), (200, &json!("Resolved"), &made["Title"]));
    let (_, read) = client.send(Method::GET, &path, &Value::Null).await;
    assert_eq!(read["Status"]["Name"], "Resolved");
    let ticket = server.control().tickets().remove(0);
    assert_eq!((ticket.key.as_str(), ticket.open, ticket.history.len()), ("azm-0f8fad5bd9cb", false, 2));
    client.send(Method::POST, "/api/Incidents", &incident()).await;
    assert_eq!(server.control().integrity().doubled_keys.len(), 1);
}

#[tokio::test]
async fn wrong_bodies_are_exceptions_or_model_states() {
    let (server, client) = started(Layout::Tables).await;
    let (status, reply) = client.send(Method::POST, "/api/Incidents", &json!({"Description": "x"})).await;
    assert_eq!(status, 500);
    assert!(reply["Message"].as_str().unwrap().contains("DiscoveryDataInvalidNullPropertyValueException"));
    let (status, reply) = client.send(Method::POST, "/api/Incidents", &json!({"Title": "x", "Impact": "Huge"})).await;
    assert_eq!((status, reply["ModelState"].is_object()), (400, true));
    assert_eq!(client.send(Method::PUT, "/api/Incidents/IR999999", &json!({"Title": "x"})).await.0, 404);
    assert!(server.control().tickets().is_empty());
}

#[tokio::test]
async fn what_is_written_is_found_when_the_cache_has_run_out() {
    let (server, client) = started(Layout::Search).await;
    server.control().set_cache_seconds(600.0);
    let (status, made) = client.send(Method::POST, "/api/workitem/incident", &json!({"title": "Disk [azm-1]"})).await;
    assert_eq!((status, made["workItemId"].is_string()), (200, true));
    let search = json!({"workItemType": "Incident", "pageNumber": 1, "pageSize": 50, "searchText": "[AZM-1]"});
    let found = |reply: (u16, Value)| reply.1["items"].as_array().unwrap().len();
    assert_eq!(found(client.send(Method::POST, "/api/workitem/search", &search).await), 0);
    server.control().expire_cache();
    assert_eq!(found(client.send(Method::POST, "/api/workitem/search", &search).await), 1);
}

#[tokio::test]
async fn description_offers_what_there_is() {
    let (server, client) = started(Layout::Search).await;
    let described = async || client.send(Method::GET, "/swagger/docs/v1", &Value::Null).await.1;
    let document = described().await;
    assert!(document["paths"]["/api/workitem/{id}"]["put"].is_object());
    assert!(document["definitions"]["SearchCriteria"]["properties"]["searchText"].is_object());
    server.control().set_manners(Manners { no_updates: true, no_text_search: true, ..Manners::default() });
    let document = described().await;
    assert!(document["paths"]["/api/workitem/{id}"]["put"].is_null());
    assert!(document["paths"]["/api/workitem/incident"]["post"].is_object());
    assert!(document["definitions"]["SearchCriteria"]["properties"]["searchText"].is_null());
    server.control().set_manners(Manners { no_writing: true, ..Manners::default() });
    assert!(described().await["paths"]["/api/workitem/incident"].is_null());
    let refused = client.send(Method::POST, "/api/workitem/incident", &json!({"title": "x"})).await.0;
    assert!(matches!(refused, 404 | 405), "{refused}");
    for layout in [Layout::Listing, Layout::Bare] {
        server.control().set_layout(layout);
        assert_eq!(client.send(Method::POST, "/api/Incidents", &incident()).await.0, 404, "no way to write");
    }
}

#[rstest]
#[case(FaultKind::ReplyLost, 0)]
#[case(FaultKind::ErrorAfterCommit, 500)]
#[tokio::test]
async fn write_is_carried_out_and_its_answer_is_lost_or_false(#[case] fault: FaultKind, #[case] expected: u16) {
    let (server, client) = started(Layout::Tables).await;
    server.control().fault(FaultSpec::new(fault).after(1));
    assert_eq!(client.send(Method::POST, "/api/Incidents", &incident()).await.0, 200);
    assert_eq!(client.send(Method::GET, "/api/Incidents?top=1", &Value::Null).await.0, 200);
    assert_eq!(client.send(Method::POST, "/api/Incidents", &incident()).await.0, expected, "the second write");
    assert_eq!(server.control().tickets().len(), 2);
    server.control().fault(FaultSpec { column: "Impact".into(), ..FaultSpec::new(FaultKind::DroppedColumn) });
    let (_, made) = client.send(Method::POST, "/api/Incidents", &incident()).await;
    assert_eq!(made["Impact"]["Name"], "Medium");
    server.control().fault(FaultSpec::new(FaultKind::Throttled).on_writes());
    assert_eq!(client.send(Method::GET, "/api/Incidents?top=1", &Value::Null).await.0, 200);
    assert_eq!(client.send(Method::POST, "/api/Incidents", &incident()).await.0, 429);
}

#[tokio::test]
async fn computers_are_made_and_found_when_the_cache_has_run_out() {
    let (server, client) = started(Layout::Tables).await;
    let computer = json!({"DisplayName": "vm-1"});
    assert_eq!(client.send(Method::POST, "/api/Computers", &computer).await.0, 404);
    server.control().set_manners(Manners { computers: Computers::FoundAndMade, ..Manners::default() });
    server.control().set_cache_seconds(600.0);
    let document = client.send(Method::GET, "/swagger/docs/v1", &Value::Null).await.1;
    assert!(document["paths"]["/api/Computers"]["get"].is_object());
    for _ in 0..2 {
        assert_eq!(client.send(Method::POST, "/api/Computers", &computer).await.1["DisplayName"], "vm-1");
    }
    let found = async || client.send(Method::GET, "/api/Computers?name=VM-1", &Value::Null).await.1;
    assert_eq!(found().await, json!([]));
    server.control().expire_cache();
    assert_eq!(found().await.as_array().unwrap().len(), 2, "nothing keeps a name from being taken twice");
    assert_eq!(client.send(Method::POST, "/api/Computers", &json!({})).await.0, 500);
}
