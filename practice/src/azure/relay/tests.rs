//! Practice Azure over HTTP, asked by a plain client that knows nothing of ours.

use reqwest::Response;
use rstest::rstest;
use serde_json::{Value, json};

use super::*;
use crate::core::testing::client;

const HYBRID: &str = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/itsm/providers/Microsoft.Relay\
                      /namespaces/smoc1sbn/hybridConnections";

async fn start() -> Server {
    Server::start(AzurePlace::default()).await.unwrap()
}

async fn get(server: &Server, path: &str) -> Response {
    let request = client().get(format!("{}{path}", server.url()));
    request.bearer_auth(server.control().token()).send().await.unwrap()
}

async fn body(response: Response) -> Value {
    serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()
}

async fn told(response: Response) -> (u16, Value) {
    (response.status().as_u16(), body(response).await)
}

#[tokio::test]
async fn a_hybrid_connection_is_told_as_azure_tells_it() {
    let server = start().await;
    let (status, body) = told(get(&server, &format!("{HYBRID}/SCSM?api-version=2024-01-01")).await).await;
    assert_eq!((status, &body["name"], &body["properties"]["listenerCount"]), (200, &json!("scsm"), &json!(1)));
    assert_eq!(body["properties"]["userMetadata"], r#"[{"key":"endpoint","value":"scsm.corp.local:5724"}]"#);
    server.stop().await;
}

#[tokio::test]
async fn a_list_comes_page_by_page() {
    let server = start().await;
    let mut path = format!("{HYBRID}?api-version=2024-01-01");
    let mut names = Vec::new();
    loop {
        let (_, body) = told(get(&server, &path).await).await;
        names.push(body["value"][0]["name"].as_str().unwrap().to_owned());
        let Some(next) = body["nextLink"].as_str() else { break };
        path = next.strip_prefix(&server.url()).unwrap().to_owned();
    }
    assert_eq!(names, ["oracle", "fileserver", "scsm"]);
    server.stop().await;
}

#[rstest]
#[case("/x?api-version=2024-01-01", 404, "ResourceNotFound")]
#[case("", 400, "MissingApiVersionParameter")]
#[case("?api-version=1999-01-01", 400, "InvalidApiVersionParameter")]
#[tokio::test]
async fn errors_are_worded_as_azure_words_them(#[case] rest: &str, #[case] status: u16, #[case] code: &str) {
    let server = start().await;
    let (got, body) = told(get(&server, &format!("{HYBRID}{rest}")).await).await;
    assert_eq!((got, body["error"]["code"].as_str()), (status, Some(code)));
    server.stop().await;
}

#[tokio::test]
async fn a_token_that_it_did_not_give_is_refused() {
    let server = start().await;
    let client = client();
    let request = client.get(format!("{}{HYBRID}?api-version=2024-01-01", server.url())).bearer_auth("other");
    let (status, body) = told(request.send().await.unwrap()).await;
    assert_eq!((status, body["error"]["code"].as_str()), (401, Some("InvalidAuthenticationToken")));
    server.stop().await;
}

#[tokio::test]
async fn a_fault_befalls_so_many_answers() {
    let server = start().await;
    server.control().fault(FaultSpec::new(FaultKind::Throttled).on("/hybridconnections"));
    let path = format!("{HYBRID}?api-version=2024-01-01");
    let first = get(&server, &path).await;
    assert_eq!((first.status().as_u16(), first.headers()["retry-after"].to_str().unwrap()), (429, "11"));
    assert_eq!(get(&server, &path).await.status(), 200);
    server.stop().await;
}

#[tokio::test]
async fn it_is_changed_by_orders_over_http() {
    let server = start().await;
    let client = client();
    let place = format!("{}/practice/azure", server.url());
    let mut changed = body(client.get(&place).send().await.unwrap()).await;
    changed["listeners"] = json!(2);
    let put = client.put(&place).header("content-type", "application/json").body(changed.to_string());
    assert_eq!(put.send().await.unwrap().status(), 204);
    assert_eq!(server.control().place().listeners, Some(2));
    server.stop().await;
}
