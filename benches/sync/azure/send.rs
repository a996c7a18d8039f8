//! One run of the sink, as the program does it, in a process of its own.

use std::collections::BTreeMap;
use std::sync::Arc;

use itsmc::azure::ingestion::Ingestion;
use itsmc::azure::tokens::TokenSource;
use itsmc::model::fault::Fault;
use itsmc::model::log_analytics::{Column, LOG, WORK_ITEMS};
use itsmc::model::secret::Secret;
use itsmc::model::url::ServerUrl;
use itsmc::model::workspace::Workspace;
use itsmc::net::BoxFuture;
use itsmc::net::http::HttpConfig;
use itsmc::sink::clock::SystemClock;
use itsmc::sink::{self, Feeding, RuleColumns, RuleSource, SinkJob, SinkSettings};
use itsmc::store::Store;
use serde::Deserialize;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::super::part::{self, Outcome, text};

/// Where rows are sent.
#[derive(Deserialize)]
pub struct Target {
    /// The endpoint.
    pub url: String,
    /// The rule's immutable id.
    pub rule: String,
    /// The stream of work items.
    pub stream: String,
    /// A token that may send.
    pub token: String,
}

#[derive(Deserialize)]
struct Input {
    target: Target,
    db: String,
}

struct Given(String);

impl TokenSource for Given {
    fn token(&self, _refused: Option<Secret>) -> BoxFuture<'_, Result<Secret, Fault>> {
        Box::pin(async { Ok(Secret::new(&self.0)) })
    }
}

struct Whole;

impl RuleSource for Whole {
    fn columns(&self) -> BoxFuture<'_, Result<Option<RuleColumns>, Fault>> {
        let of = |all: &[Column]| all.iter().map(|one| (one.name.to_owned(), one.kind)).collect::<BTreeMap<_, _>>();
        let columns = [("Custom-ServiceDesk_CL", of(&WORK_ITEMS)), ("Custom-ServiceDeskLog_CL", of(&LOG))];
        let columns = columns.map(|(name, columns)| (name.to_owned(), columns)).into();
        Box::pin(async { Ok(Some(columns)) })
    }
}

/// Sends all work items of a database as to a new workspace; prints seconds, rows, bytes, requests and peak memory.
pub fn run() -> Outcome<()> {
    let Input { target, db } = part::input()?;
    part::runtime()?.block_on(async {
        let (job, store) = job(&target, &db).await?;
        let started = std::time::Instant::now();
        let report = sink::send(job, Arc::new(|_| {}), CancellationToken::new(), Arc::new(SystemClock)).await;
        let seconds = started.elapsed().as_secs_f64();
        if !report.complete {
            return Err(format!("{report:?}"));
        }
        drop(store);
        part::print(&json!({
            "seconds": seconds, "rows": report.accepted, "bytes": report.bytes, "requests": report.requests,
            "peak_mib": part::peak_mib(), "processor": part::processor_seconds(),
        }))
    })
}

/// A run to a workspace that nothing was sent to yet.
pub async fn job(target: &Target, db: &str) -> Outcome<(SinkJob, Store)> {
    let store = Store::open(db).map_err(text)?;
    store.forget_sink("bench").await.map_err(text)?;
    let url = ServerUrl::parse(&target.url, &[]).map_err(|_| "an address that cannot be used")?.0;
    let tokens = Arc::new(Given(target.token.clone()));
    let ingestion = Ingestion::new(&url, &target.rule, tokens, &HttpConfig::default()).map_err(text)?;
    let workspace: Workspace = serde_json::from_value(json!({
        "name": "bench", "sign_in": "managed-identity", "subscription": "s", "resource_group": "g", "workspace": "w",
    }))
    .map_err(text)?;
    let job = SinkJob {
        workspace,
        feeding: vec![Feeding { connection: "practice".into(), partner: "servicenow".into() }],
        store: store.clone(),
        ingestion: Arc::new(ingestion),
        rule: Arc::new(Whole),
        query: None,
        describe: |fault| (fault.code().to_owned(), String::new()),
        settings: SinkSettings::default(),
    };
    Ok((job, store))
}
