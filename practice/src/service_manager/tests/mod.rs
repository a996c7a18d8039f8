mod writes;

use std::time::Instant;

use rstest::rstest;
use serde_json::{Value, json};

use super::*;
use crate::WorkItemKind;
use crate::core::testing::client;

struct Client {
    url: String,
    token: String,
}

impl Client {
    async fn new(server: &Server, resource: &str, client_id: &str) -> Self {
        let to = server.sign_in();
        let form = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([
                ("grant_type", "client_credentials"),
                ("client_id", client_id),
                ("client_secret", &to.client_secret),
                ("resource", resource),
            ])
            .finish();
        let url = format!("{}/{}/oauth2/token", to.authority, to.tenant);
        let request = client().post(url).header("content-type", "application/x-www-form-urlencoded").body(form);
        let reply: Value = serde_json::from_str(&request.send().await.unwrap().text().await.unwrap()).unwrap();
        Self { url: server.url(), token: reply["access_token"].as_str().unwrap_or_default().to_owned() }
    }

    async fn signed_in(server: &Server) -> Self {
        Self::new(server, &server.url(), &server.sign_in().client_id).await
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        self.ask(client().get(format!("{}{path}", self.url))).await
    }

    async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        let request = client().post(format!("{}{path}", self.url)).header("content-type", "application/json");
        self.ask(request.body(body.to_string())).await
    }

    async fn ask(&self, request: reqwest::RequestBuilder) -> (u16, Value) {
        let reply = request.bearer_auth(&self.token).send().await.unwrap();
        let status = reply.status().as_u16();
        let text = reply.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }
}

async fn start(options: Options) -> Server {
    Server::start(options).await.unwrap()
}

#[tokio::test]
async fn token_audience_and_client_must_match_byte_for_byte() {
    let server = start(Options::still()).await;
    let client = Client::signed_in(&server).await;
    assert_eq!(client.get("/api/Incidents?top=1").await.0, 200);
    let slash = Client::new(&server, &format!("{}/", server.url()), &server.sign_in().client_id).await;
    assert_eq!(slash.get("/api/Incidents").await.0, 401);
    let nobody = Client { url: server.url(), token: "x".into() };
    assert_eq!(nobody.get("/api/Incidents").await.0, 401);
    let elsewhere = start(Options { whitelisted: Some("another".into()), ..Options::still() }).await;
    assert_eq!(Client::signed_in(&elsewhere).await.get("/api/Incidents").await.0, 403);
}

#[tokio::test]
async fn a_token_of_the_second_form_does_not_come_in() {
    use crate::entra::TokenVersion;
    let server = start(Options::still()).await;
    let tenant = server.sign_in().tenant.clone();
    server.control().authority().change(&tenant, |tenant| tenant.resources[0].accepts = TokenVersion::V2).unwrap();
    assert_eq!(Client::signed_in(&server).await.get("/api/Incidents").await.0, 401);
}

#[tokio::test]
async fn table_page_is_by_last_change_and_has_200_rows() {
    let server = start(Options::still()).await;
    let client = Client::signed_in(&server).await;
    let (_, rows) = client.get("/api/Incidents").await;
    let rows = rows.as_array().unwrap().clone();
    assert_eq!(rows.len(), 200);
    let times: Vec<_> = rows.iter().map(|row| row["LastModified"].as_str().unwrap().to_owned()).collect();
    assert!(times.is_sorted());
    let (_, next) = client.get(&format!("/api/Incidents?modifiedSince={}&skip=1&top=3", times[0])).await;
    assert_eq!(next[0]["Id"], rows[1]["Id"]);
    assert!(rows[0]["Status"]["Id"].as_str().unwrap().len() == 36);
}

#[tokio::test]
async fn the_search_has_other_names_a_total_and_another_order() {
    let server = start(Options { layout: Layout::Search, ..Options::still() }).await;
    let client = Client::signed_in(&server).await;
    let ask =
        json!({ "workItemType": "Incident", "pageNumber": 2, "pageSize": 50, "startDate": "2020-01-01T00:00:00.000Z" });
    let (status, page) = client.post("/api/workitem/search", ask).await;
    assert_eq!((status, page["items"].as_array().unwrap().len()), (200, 50));
    assert_eq!(page["totalCount"], 3_000);
    let times: Vec<_> =
        page["items"].as_array().unwrap().iter().map(|row| row["lastModifiedDate"].to_string()).collect();
    assert!(!times.is_sorted());
    let (status, refusal) =
        client.post("/api/workitem/search", json!({ "workItemType": "Incident", "pageSize": 0 })).await;
    assert_eq!((status, &refusal["Message"]), (400, &json!("The request is invalid.")));
    assert!(refusal["ModelState"]["criteria.pageSize"].is_array());
}

#[rstest]
#[case(Layout::Tables, "/api/Incidents", "get")]
#[case(Layout::Search, "/api/workitem/search", "post")]
#[case(Layout::Listing, "/api/v1/Incident/List", "get")]
#[case(Layout::Unbindable, "/api/values", "get")]
#[tokio::test]
async fn each_layout_describes_its_own_routes(#[case] layout: Layout, #[case] path: &str, #[case] verb: &str) {
    let server = start(Options { layout, ..Options::still() }).await;
    let client = Client { url: server.url(), token: String::new() };
    let (status, document) = client.get("/swagger/docs/v1").await;
    assert_eq!((status, &document["swagger"]), (200, &json!("2.0")));
    assert!(document["paths"][path][verb]["tags"].is_array(), "{document}");
}

#[tokio::test]
async fn a_change_stays_behind_the_cache_for_a_while() {
    let server = start(Options::still()).await;
    let (control, client) = (server.control(), Client::signed_in(&server).await);
    control.set_cache_seconds(1e9);
    let id = control.open(WorkItemKind::Incident, "fresh");
    let since =
        format!("/api/Incidents?modifiedSince={}", jiff::Timestamp::now() - jiff::SignedDuration::from_secs(60));
    assert_eq!(client.get(&since).await.1, json!([]));
    assert_eq!(control.rows(WorkItemKind::Incident).last().unwrap().id, id);
    control.expire_cache();
    assert_eq!(client.get(&since).await.1[0]["Title"], "fresh");
}

#[tokio::test]
async fn home_page_shows_settings_or_names_missing_ones() {
    let server = start(Options::still()).await;
    let client = Client { url: server.url(), token: String::new() };
    let whole = client.get("/").await.1;
    assert!(whole.as_str().unwrap().contains(&format!("<td>ida:Audience</td><td>{}</td>", server.url())));
    server.control().set_missing(&[Setting::Audience]);
    let callout = client.get("/").await.1;
    assert!(callout.as_str().unwrap().contains("<li>ida:Audience</li>"));
    let (_, test) = client.post("/api/configtest", json!({})).await;
    assert_eq!(test["result"][0]["status"], false);
}

#[tokio::test]
async fn the_version_is_wanted_where_it_is_set() {
    let server = start(Options { api_version: Some("1.0".into()), ..Options::still() }).await;
    let client = Client::signed_in(&server).await;
    assert_eq!(client.get("/api/Incidents").await.1["error"]["code"], "ApiVersionUnspecified");
    assert_eq!(client.get("/api/Incidents?api-version=9").await.1["error"]["code"], "UnsupportedApiVersion");
    assert_eq!(client.get("/api/Incidents?api-version=1.0").await.0, 200);
}

#[rstest]
#[case(FaultKind::Unauthorized, 401)]
#[case(FaultKind::Forbidden, 403)]
#[case(FaultKind::ServerError, 500)]
#[case(FaultKind::Stopped, 403)]
#[case(FaultKind::Unavailable, 503)]
#[case(FaultKind::LoginRedirect, 302)]
#[tokio::test]
async fn a_fault_comes_once(#[case] fault: FaultKind, #[case] status: u16) {
    let server = start(Options::still()).await;
    let client = Client::signed_in(&server).await;
    server.control().fault(FaultSpec::new(fault));
    assert_eq!(client.get("/api/Incidents").await.0, status);
    assert_eq!(client.get("/api/Incidents").await.0, 200);
}

#[tokio::test]
async fn orders_come_over_http_as_well() {
    let server = start(Options::still()).await;
    let client = Client { url: server.url(), token: String::new() };
    let (_, opened) = client.post("/practice/open", json!({ "kind": "change_request", "title": "over http" })).await;
    let order = json!({ "kind": "change_request", "id": opened["id"], "status": 3 });
    assert_eq!(client.post("/practice/edit", order).await.0, 200);
    let rows = client.get("/practice/rows/change_request").await.1;
    let row = rows["rows"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&row["title"], &row["status"]), (&json!("over http"), &json!("Closed")));
}

#[tokio::test]
async fn a_hundred_thousand_rows_are_made_and_served() {
    let begun = Instant::now();
    let server = start(Options { rows: Some(100_000), ..Options::still() }).await;
    let client = Client::signed_in(&server).await;
    assert_eq!(client.get("/api/Incidents?top=1000").await.1.as_array().unwrap().len(), 1_000);
    println!("made and served in {:?}", begun.elapsed());
}
