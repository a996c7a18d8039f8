//! The query API of Log Analytics.
//!
//! `POST {host}/v1/workspaces/{id}/query` with `{"query":".."}`. A success is `{"tables":[{"columns":[..],"rows":[..]}]}`; a
//! part of a result is a 200 as well, with an `error` beside it, and an empty 200 or a 204 is no answer. No `timespan` is
//! sent: it would be intersected with what the query itself asks for. Source: azure-monitor-docs, logs/api.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use super::answer::{Told, common};
use super::ingestion::elsewhere;
use super::tokens::SharedTokens;
use crate::model::fault::{Fault, Service};
use crate::model::secret::Secret;
use crate::model::url::ServerUrl;
use crate::net::http::{Call, Http, HttpConfig, Method, PAGE_LIMIT_BYTES, Reply};

/// So many queries of one user run at the same time; further ones are queued or refused.
const AT_ONCE: usize = 5;

/// How long the server may take, in seconds; the longest that it allows is 600.
const SERVER_TIMEOUT: &str = "wait=60";

/// One workspace, to be queried.
pub struct LogQuery {
    http: Http,
    tokens: SharedTokens,
    workspace_id: String,
    called: String,
    places: Arc<Semaphore>,
}

/// The result of a query.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows {
    columns: Vec<String>,
    /// The rows, each with a value for each column.
    pub rows: Vec<Vec<Value>>,
}

impl Rows {
    /// The place of a column.
    ///
    /// # Errors
    /// [`Fault::Malformed`] where the result does not have it.
    pub fn column(&self, name: &str) -> Result<usize, Fault> {
        let found = self.columns.iter().position(|column| column == name);
        found.ok_or_else(|| malformed(&format!("the result has no column {name}")))
    }

    /// The only number of the only row.
    ///
    /// # Errors
    /// [`Fault::Malformed`] where it is something else.
    pub fn number(&self) -> Result<u64, Fault> {
        let number = self.rows.first().and_then(|row| row.first()).and_then(Value::as_u64);
        number.ok_or_else(|| malformed("the result is no number"))
    }
}

#[derive(Deserialize)]
struct Answer {
    tables: Option<Vec<Table>>,
    error: Option<Value>,
}

#[derive(Deserialize)]
struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<Value>>,
}

#[derive(Deserialize)]
struct Column {
    name: String,
}

impl LogQuery {
    /// The workspace with this id (its GUID), queried at `host`; `called` is its name, for faults.
    ///
    /// # Errors
    /// What keeps a client from being made.
    pub fn new(
        host: &ServerUrl,
        (workspace_id, called): (&str, &str),
        tokens: SharedTokens,
        config: &HttpConfig,
    ) -> Result<Self, Fault> {
        let (workspace_id, called) = (workspace_id.to_owned(), called.to_owned());
        Ok(Self {
            http: Http::new(host, config)?,
            tokens,
            workspace_id,
            called,
            places: Arc::new(Semaphore::new(AT_ONCE)),
        })
    }

    /// Runs a query over all that the workspace has, unless the query itself asks for less.
    ///
    /// # Errors
    /// [`Fault::PartialResult`], [`Fault::QueryForbidden`], [`Fault::QueryRefused`], [`Fault::AzureTokenRefused`],
    /// [`Fault::Malformed`] for an empty answer, and, of [`Service::LogQuery`], throttling and errors of the service.
    pub async fn run(&self, query: &str) -> Result<Rows, Fault> {
        let stopped = |_| Fault::Internal { what: "the places for queries are closed".to_owned() };
        let _place = self.places.acquire().await.map_err(stopped)?;
        let token = self.tokens.token(None).await?;
        let mut reply = self.post(query, &token).await?;
        if reply.status == 401 {
            let other = self.tokens.token(Some(token)).await?;
            reply = self.post(query, &other).await?;
        }
        match reply.status {
            200 => read(&reply),
            _ => Err(self.fault(&reply)),
        }
    }

    async fn post(&self, query: &str, token: &Secret) -> Result<Reply, Fault> {
        let call = Call {
            bearer: Some(token.clone()),
            headers: vec![("prefer", SERVER_TIMEOUT.to_owned())],
            body: Some(Zeroizing::new(json!({ "query": query }).to_string())),
            ..Call::new(Method::POST, format!("/v1/workspaces/{}/query", self.workspace_id))
        };
        self.http.send(call, PAGE_LIMIT_BYTES).await.map_err(|fault| elsewhere(fault, Service::LogQuery))
    }

    fn fault(&self, reply: &Reply) -> Fault {
        let told = Told::of(reply);
        match reply.status {
            204 => malformed("an empty answer"),
            400 if reply.is_json() => Fault::QueryRefused { error_code: told.code, detail: told.detail },
            // A token for another audience is refused as one without rights.
            403 if told.code.starts_with("InvalidAuthenticationToken") => {
                Fault::AzureTokenRefused { host: reply.host.clone(), detail: told.detail }
            }
            403 if reply.is_json() => Fault::QueryForbidden { workspace: self.called.clone(), detail: told.detail },
            _ => common(reply, &told, Service::LogQuery, reply.header("x-ms-request-id").unwrap_or_default()),
        }
    }
}

fn read(reply: &Reply) -> Result<Rows, Fault> {
    if reply.body.iter().all(u8::is_ascii_whitespace) {
        return Err(malformed("an empty answer"));
    }
    let answer: Answer = serde_json::from_slice(&reply.body).map_err(|error| match error.is_eof() {
        true => Fault::ConnectionLost { host: reply.host.clone(), detail: "the reply was cut off".to_owned() },
        false => malformed(&format!("line {}, column {}", error.line(), error.column())),
    })?;
    if let Some(error) = answer.error {
        let told = Told::of_error(&error);
        return Err(Fault::PartialResult { detail: told.detail });
    }
    let table = answer.tables.and_then(|mut tables| (!tables.is_empty()).then(|| tables.swap_remove(0)));
    let table = table.ok_or_else(|| malformed("an answer without a table"))?;
    let columns: Vec<_> = table.columns.into_iter().map(|column| column.name).collect();
    if table.rows.iter().any(|row| row.len() != columns.len()) {
        return Err(malformed("a row with another number of values than columns"));
    }
    Ok(Rows { columns, rows: table.rows })
}

fn malformed(detail: &str) -> Fault {
    Fault::Malformed { what: "Log Analytics query".to_owned(), detail: detail.to_owned() }
}

#[cfg(test)]
#[path = "query_tests.rs"]
mod tests;
