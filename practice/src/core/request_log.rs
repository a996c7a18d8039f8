//! What has been asked of a server.

use std::sync::Mutex;

use axum::http::request::Parts;
use serde::Serialize;

use super::lock;

/// Requests kept.
const MOST: usize = 200_000;

/// One request, without its secrets. What a product does not note is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RequestRecord {
    /// `GET` and so on.
    pub method: String,
    /// The path as it was sent.
    pub path: String,
    /// The query as it was sent; secrets are cut out.
    pub query: String,
    /// The user or application whose token it carried, if that was good.
    pub user: Option<String>,
    /// The status of the answer.
    pub status: u16,
    /// Whether it carried a cookie.
    pub cookie: bool,
    /// Provance: the `Prefer` header.
    pub prefer: String,
    /// Provance: whether it came while the service protection had asked for silence.
    pub too_early: bool,
    /// Cherwell: the body of a search.
    pub search: String,
    /// Service Manager: how many work items the answer holds.
    pub rows: usize,
}

impl RequestRecord {
    /// A request and the status of its answer.
    pub(crate) fn new(parts: &Parts, status: u16) -> Self {
        Self {
            method: parts.method.to_string(),
            path: parts.uri.path().to_owned(),
            query: redact(parts.uri.query().unwrap_or("")),
            status,
            cookie: parts.headers.contains_key("cookie"),
            ..Self::default()
        }
    }

    /// ServiceNow: the table that was asked, if it was one.
    pub fn table(&self) -> Option<&str> {
        let (_, rest) = self.path.split_once("/table/").or_else(|| self.path.split_once("/stats/"))?;
        rest.split('/').next()
    }
}

/// A query without what must not be kept.
fn redact(query: &str) -> String {
    let secret = ["token=", "password=", "client_secret=", "refresh_token="];
    let keep = |part: &str| match secret.iter().find(|name| part.starts_with(**name)) {
        Some(name) => format!("{name}[cut]"),
        None => part.to_owned(),
    };
    query.split('&').map(keep).collect::<Vec<_>>().join("&")
}

/// The requests so far, in their order.
pub(crate) struct RequestLog<R>(Mutex<Vec<R>>);

impl<R> Default for RequestLog<R> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<R: Clone> RequestLog<R> {
    /// Notes a request.
    pub(crate) fn add(&self, record: R) {
        let mut records = lock(&self.0);
        if records.len() < MOST {
            records.push(record);
        }
    }

    /// Forgets all.
    pub(crate) fn clear(&self) {
        lock(&self.0).clear();
    }

    /// What was asked so far.
    pub(crate) fn all(&self) -> Vec<R> {
        lock(&self.0).clone()
    }

    /// How many requests there were.
    pub(crate) fn len(&self) -> usize {
        lock(&self.0).len()
    }
}
