//! Verifying a workspace: what it has, by the query API, against what is stored here.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::sending::{job, lock};
use super::services::Services;
use super::workspaces::{self, provider};
use crate::azure::arm::Arm;
use crate::azure::provider::TokenProvider;
use crate::azure::query::LogQuery;
use crate::model::fault::Fault;
use crate::model::log_analytics::{ID, REMOVED, SEND, TEST};
use crate::model::schedule;
use crate::model::sending::{Cap, VerifyRecord};
use crate::model::work_item::WorkItemKind;
use crate::net::BoxFuture;
use crate::net::http::Timeouts;
use crate::sink::clock::{Clock, SystemClock};
use crate::sink::removal::quoted;
use crate::sink::row::kind_name;
use crate::sink::verify::{Look, SeenRow, verify};

/// So many rows of a table are looked at with one query; an answer ends at 500,000 rows or 64 MB.
const SLICE: u64 = 100_000;

const WORKSPACE_API: &str = "2022-10-01";

/// Verifies a workspace by its name, and sends again what is missing there.
///
/// # Errors
/// When it could not begin, and what kept it from seeing everything.
pub async fn run(services: &Services, name: &str, cancel: CancellationToken) -> Result<VerifyRecord, Fault> {
    run_by(services, name, cancel, Arc::new(SystemClock)).await
}

async fn run_by(
    services: &Services,
    name: &str,
    cancel: CancellationToken,
    clock: Arc<dyn Clock>,
) -> Result<VerifyRecord, Fault> {
    let workspace = workspaces::named(services, name).await?;
    let _lock = lock(services, &workspace).await?;
    let (table, id) = (workspace.table.clone(), workspace.id());
    let called = workspace.name.to_string();
    let provider = provider(services, &workspace, None).await?;
    let job = job(services, workspace, Some(super::sending::LONG), Timeouts::default()).await?;
    let Some(query) = job.query.clone() else { return Err(Fault::NotSetUp { workspace: called }) };
    let (look, store) = (Arc::new(InAzure { query, table, provider, id }), job.store.clone());
    let outcome = verify(job, look, cancel, clock.clone()).await;
    let mut state = store.sink_state(&called).await?;
    state.verify_tried = Some(clock.now());
    state.verify_fault = outcome.as_ref().err().filter(|fault| **fault != Fault::Interrupted).cloned();
    store.keep_sink(&called, state, None).await?;
    outcome
}

/// Verifies a workspace where that was not tried for a day and nothing was accepted just now: what is on its way need not
/// be waited for.
///
/// # Errors
/// As [`run`].
pub async fn once_a_day(
    services: &Services,
    name: &str,
    cancel: CancellationToken,
    clock: Arc<dyn Clock>,
) -> Result<(), Fault> {
    let state = services.store().await?.sink_state(name).await?;
    if !schedule::verification_is_due(state.last_accepted, state.verify_tried, clock.now()) {
        return Ok(());
    }
    run_by(services, name, cancel, clock).await.map(drop)
}

/// The workspace, by its interfaces.
struct InAzure {
    query: Arc<LogQuery>,
    table: String,
    provider: Arc<TokenProvider>,
    id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Capping {
    data_ingestion_status: Option<String>,
    quota_next_reset_time: Option<Timestamp>,
}

impl Look for InAzure {
    fn rows<'a>(&'a self, connection: &'a str, kind: WorkItemKind) -> BoxFuture<'a, Result<Vec<SeenRow>, Fault>> {
        Box::pin(async move {
            let all = format!(
                "{} | where isempty({TEST}) and isnotempty({ID}) \
                 | where ServiceDeskConnectionName_s == {} and ServiceDeskWorkItemType_s == {}",
                self.table,
                quoted(connection),
                quoted(kind_name(kind)),
            );
            let count = self.query.run(&format!("{all} | count")).await?.number()?;
            let slices = count.div_ceil(SLICE).max(1);
            let mut rows = Vec::new();
            for slice in 0..slices {
                let part = if slices > 1 { format!(" | where hash({ID}, {slices}) == {slice}") } else { String::new() };
                rows.extend(self.slice(&format!("{all}{part}")).await?);
            }
            Ok(rows)
        })
    }

    fn cap(&self) -> BoxFuture<'_, Result<Cap, Fault>> {
        Box::pin(async move {
            let arm = Arm::of(self.provider.clone())?;
            let found: Option<Value> = arm.get(&format!("{}?api-version={WORKSPACE_API}", self.id)).await?;
            let capping = found.as_ref().and_then(|found| found.pointer("/properties/workspaceCapping")).cloned();
            let malformed = |_| Fault::Malformed { what: self.id.clone(), detail: "workspaceCapping".to_owned() };
            let capping: Option<Capping> = capping.map(serde_json::from_value).transpose().map_err(malformed)?;
            Ok(capping.map_or_else(Cap::default, |capping| Cap {
                status: capping.data_ingestion_status.unwrap_or_default(),
                resets_at: capping.quota_next_reset_time,
            }))
        })
    }
}

impl InAzure {
    async fn slice(&self, from: &str) -> Result<Vec<SeenRow>, Fault> {
        let query = format!(
            "{from} | summarize Copies = count(), Removed = take_any({REMOVED}), \
             Modified = take_any(LastModifiedDate_t), Number = take_any(ServiceDeskId_s) by {ID}, {SEND} \
             | summarize Stored = sum(Copies), Sends = count(), arg_max({SEND}, Removed, Modified, Number) by {ID}"
        );
        let found = self.query.run(&query).await?;
        let [id, number, removed, modified, stored, sends] =
            [ID, "Number", "Removed", "Modified", "Stored", "Sends"].map(|name| found.column(name));
        let (id, number, removed, modified, stored, sends) = (id?, number?, removed?, modified?, stored?, sends?);
        let count = |value: &Value| value.as_u64().unwrap_or(0);
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let row = |row: &Vec<Value>| SeenRow {
            id: text(&row[id]),
            number: text(&row[number]),
            removed: matches!(&row[removed], Value::Bool(true)) || row[removed] == 1,
            modified: row[modified].as_str().and_then(|at| at.parse().ok()),
            doubled: count(&row[stored]).saturating_sub(count(&row[sends])),
        };
        Ok(found.rows.iter().map(row).collect())
    }
}
