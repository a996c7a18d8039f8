//! A record of requests and replies to give to someone else: the shape of each body, never its contents.

mod query;
mod shape;

use std::sync::Arc;

use reqwest::header::{HeaderMap, HeaderName};
use serde_json::{Value, json};

use super::Reply;
use crate::model::clean::clean;
use crate::model::fault::Fault;

/// Takes the lines of a trace, each one JSON object.
#[derive(Clone)]
pub struct TraceSink(Arc<dyn Fn(String) + Send + Sync>);

impl TraceSink {
    /// One that hands each line to `take`.
    pub fn new(take: impl Fn(String) + Send + Sync + 'static) -> Self {
        Self(Arc::new(take))
    }
}

impl std::fmt::Debug for TraceSink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TraceSink")
    }
}

/// Headers of a reply that describe the interface, not its users.
const TOLD: [&str; 17] = [
    "content-type",
    "content-length",
    "content-encoding",
    "date",
    "retry-after",
    "x-total-count",
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
    "x-ratelimit-rule",
    "x-ms-ratelimit-burst-remaining-xrm-requests",
    "x-ms-ratelimit-time-remaining-xrm-requests",
    "odata-version",
    "preference-applied",
    "api-supported-versions",
    "server",
    "www-authenticate",
];

/// What is asked, before it is sent.
pub struct Asked {
    method: String,
    target: String,
    headers: Vec<String>,
    body: Value,
}

impl Asked {
    /// Of a request as it will be sent.
    pub fn of(request: &reqwest::Request) -> Self {
        let names = request.headers().keys().map(HeaderName::to_string).collect();
        let body = request.body().and_then(reqwest::Body::as_bytes).unwrap_or_default();
        let form = request.headers().get("content-type").is_some_and(|kind| kind.as_bytes().ends_with(b"urlencoded"));
        let target = query::target(request.url().path(), request.url().query());
        let body = if form { shape::form(body) } else { shape::of(body) };
        Self { method: request.method().to_string(), target, headers: names, body }
    }
}

/// Hands on one exchange.
pub fn tell(sink: &TraceSink, host: &str, asked: Asked, answered: &Result<Reply, Fault>, millis: u128) {
    let answer = match answered {
        Ok(reply) => json!({
            "status": reply.status,
            "headers": headers(&reply.headers),
            "bytes": reply.body.len(),
            "body": if reply.is_json() { shape::of(&reply.body) } else { shape::of_page(&reply.body) },
        }),
        Err(fault) => json!({ "fault": fault.code() }),
    };
    let line = json!({
        "host": host,
        "method": asked.method,
        "target": asked.target,
        "header_names": asked.headers,
        "body": asked.body,
        "answer": answer,
        "millis": u64::try_from(millis).unwrap_or(u64::MAX),
    });
    (sink.0)(line.to_string());
}

fn headers(all: &HeaderMap) -> Value {
    let told = TOLD.into_iter().filter_map(|name| Some((name, all.get(name)?.to_str().ok()?)));
    told.map(|(name, value)| (name.to_owned(), Value::from(clean(&query::header(value), false))))
        .collect::<serde_json::Map<_, _>>()
        .into()
}
