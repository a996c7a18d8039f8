//! The instance over HTTP, asked by a plain client that knows nothing of ours.

mod engine;
mod events;
mod faults;
mod live;
mod log;
mod oauth;
mod orders;
mod setup;
mod table;
mod tickets;
mod tokens;
mod write_faults;
mod writes;

use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde_json::Value;

use super::{Control, Options, Server};
use crate::core::testing::client;

const ORDER: &str = "ORDERBYsys_updated_on^ORDERBYsys_id";

/// A running instance, and a client that has signed in.
struct Practice {
    server: Server,
    client: Client,
    token: String,
}

impl Practice {
    async fn start(options: Options) -> Self {
        let server = Server::start(options).await.unwrap();
        let mut practice = Self { server, client: client(), token: String::new() };
        practice.token = practice.sign_in().await;
        practice
    }

    /// A small instance, asked by its admin.
    async fn by_admin(options: Options) -> Self {
        let server = Server::start(Options { rows: Some(5), ..options }).await.unwrap();
        let mut practice = Self { server, client: client(), token: String::new() };
        practice.token = practice.token_of("practice.admin").await;
        practice
    }

    /// A small instance, asked by its integration user.
    async fn by_user(options: Options) -> Self {
        Self::start(Options { rows: Some(5), ..options }).await
    }

    async fn small() -> Self {
        Self::start(Options { rows: Some(120), ..Options::still() }).await
    }

    fn control(&self) -> Control {
        self.server.control()
    }

    async fn sign_in(&self) -> String {
        let reply = self.password_grant(&self.server.sign_in().password).await;
        assert_eq!(reply.status(), StatusCode::OK);
        json(reply).await["access_token"].as_str().unwrap().to_owned()
    }

    async fn token_of(&self, user: &str) -> String {
        let reply = self.grant_for(user, &self.server.sign_in().password).await;
        json(reply).await["access_token"].as_str().unwrap().to_owned()
    }

    async fn grant_for(&self, user: &str, password: &str) -> Response {
        self.grant(&[("grant_type", "password"), ("username", user), ("password", password)]).await
    }

    async fn send(&self, method: &str, path: &str, body: &Value) -> Response {
        let url = format!("{}/api/now/table/{path}", self.server.url());
        let request = self.client.request(method.parse().unwrap(), url).bearer_auth(&self.token);
        let request = request.header("accept", "application/json").header("content-type", "application/json");
        request.body(body.to_string()).send().await.unwrap()
    }

    async fn status_of(&self, path: &str, token: &str) -> StatusCode {
        let url = format!("{}/api/now/table/{path}", self.server.url());
        self.client.get(url).bearer_auth(token).send().await.unwrap().status()
    }

    async fn password_grant(&self, password: &str) -> Response {
        let user = self.server.sign_in().username.clone();
        self.grant(&[("grant_type", "password"), ("username", &user), ("password", password)]).await
    }

    async fn grant(&self, fields: &[(&str, &str)]) -> Response {
        let sign_in = self.server.sign_in();
        let client = [("client_id", sign_in.client_id.as_str()), ("client_secret", sign_in.client_secret.as_str())];
        let form: Vec<_> = fields.iter().copied().chain(client).collect();
        self.client.post(format!("{}/oauth_token.do", self.server.url())).form(&form).send().await.unwrap()
    }

    fn request(&self, path: &str, query: &[(&str, &str)]) -> RequestBuilder {
        self.client.get(format!("{}{path}", self.server.url())).query(query).bearer_auth(&self.token)
    }

    async fn get(&self, path: &str, query: &[(&str, &str)]) -> Response {
        self.request(path, query).send().await.unwrap()
    }

    async fn rows(&self, table: &str, query: &[(&str, &str)]) -> Vec<Value> {
        let response = self.get(&format!("/api/now/table/{table}"), query).await;
        assert_eq!(response.status(), StatusCode::OK);
        json(response).await["result"].as_array().unwrap().clone()
    }

    async fn incidents(&self, query: &str) -> Vec<Value> {
        self.rows("incident", &[("sysparm_query", query)]).await
    }
}

async fn json(response: Response) -> Value {
    serde_json::from_str(&response.text().await.unwrap()).unwrap()
}

fn header(response: &Response, name: &str) -> Option<String> {
    response.headers().get(name).map(|value| value.to_str().unwrap().to_owned())
}

fn texts(rows: &[Value], field: &str) -> Vec<String> {
    rows.iter().map(|row| row[field].as_str().unwrap().to_owned()).collect()
}

/// The row of an answer to a write or to a request for one record.
async fn result(response: Response) -> Value {
    json(response).await["result"].clone()
}
