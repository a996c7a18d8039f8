//! The practice cloud over HTTP, asked by a plain client that knows nothing of ours.

mod alerts;
mod ingest;
mod manager;
mod orders;
mod query;

use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};

use super::*;
use crate::core::testing::client;
use crate::entra::Holder;

/// A running cloud and a plain client.
struct Cloud {
    server: Server,
    client: Client,
}

impl Cloud {
    async fn start() -> Self {
        Self { server: Server::start(Options::default()).await.unwrap(), client: client() }
    }

    fn control(&self) -> Control {
        self.server.control()
    }

    fn tenant(&self) -> String {
        self.server.sign_in().tenant.clone()
    }

    fn token_of(&self, holder: &Holder<'_>, audience: &str) -> String {
        self.control().entra().hand_out(&self.tenant(), holder, audience, 3599).unwrap().0
    }

    fn admin(&self) -> String {
        self.token_of(&Holder::User(ADMIN), MANAGER_AUDIENCE)
    }

    fn subscription(&self) -> String {
        self.server.sign_in().azure_subscription.clone()
    }

    /// The path of the first workspace.
    fn workspace(&self) -> String {
        self.control().workspace_id(None).unwrap()
    }

    fn group(&self) -> String {
        format!("/subscriptions/{}/resourceGroups/monitoring", self.subscription())
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.server.url()) };
        self.client.request(method, url)
    }

    /// As the administrator.
    async fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> Response {
        self.ask_as(&self.admin(), method, path, body).await
    }

    async fn ask_as(&self, token: &str, method: Method, path: &str, body: Option<&Value>) -> Response {
        let mut request = self.request(method, path).bearer_auth(token);
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        request.send().await.unwrap()
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        told(self.ask(Method::GET, path, None).await).await
    }

    async fn put(&self, path: &str, body: &Value) -> (u16, Value) {
        told(self.ask(Method::PUT, path, Some(body)).await).await
    }

    /// An order.
    async fn order(&self, method: Method, path: &str, body: &Value) -> (u16, Value) {
        let request = self.request(method, &format!("/practice{path}"));
        told(request.header("content-type", "application/json").body(body.to_string()).send().await.unwrap()).await
    }

    fn table_path(&self, table: &str) -> String {
        format!("{}/tables/{table}?api-version=2022-10-01", self.workspace())
    }

    fn rule_path(&self) -> String {
        format!("{}/providers/Microsoft.Insights/dataCollectionRules/itsmc?api-version=2023-03-11", self.group())
    }

    /// Makes the table and the rule with the sender's role: the rule as it was answered.
    async fn set_up(&self) -> Value {
        assert_eq!(self.put(&self.table_path("ServiceDesk_CL"), &table("ServiceDesk_CL")).await.0, 202);
        for _ in 0..2 {
            self.get(&self.table_path("ServiceDesk_CL")).await;
        }
        let (status, rule) = self.put(&self.rule_path(), &rule(&self.workspace())).await;
        assert_eq!(status, 200, "{rule}");
        let sender = &self.server.sign_in().object_id;
        self.control().assign(sender, "Monitoring Metrics Publisher", rule["id"].as_str().unwrap()).unwrap();
        rule
    }
}

async fn told(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::Null))
}

const COLUMNS: [(&str, &str); 7] = [
    ("TimeGenerated", "datetime"),
    ("ServiceDeskId_s", "string"),
    ("Title_s", "string"),
    ("Priority_d", "real"),
    ("Send_l", "long"),
    ("Removed_b", "boolean"),
    ("CreatedDate_t", "datetime"),
];

fn columns() -> Value {
    COLUMNS.iter().map(|(name, kind)| json!({ "name": name, "type": kind })).collect()
}

fn table(name: &str) -> Value {
    json!({ "properties": { "schema": { "name": name, "columns": columns() } } })
}

fn rule(workspace: &str) -> Value {
    json!({
        "location": "westeurope", "kind": "Direct",
        "properties": {
            "streamDeclarations": { "Custom-ServiceDesk_CL": { "columns": columns() } },
            "destinations": { "logAnalytics": [{ "workspaceResourceId": workspace, "name": "la" }] },
            "dataFlows": [{
                "streams": ["Custom-ServiceDesk_CL"], "destinations": ["la"], "transformKql": "source",
                "outputStream": "Custom-ServiceDesk_CL",
            }],
        },
    })
}
