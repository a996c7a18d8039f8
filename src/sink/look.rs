//! What the workspace and its rule say: the rows by the query API, the metrics of the rule and the daily cap by Resource
//! Manager, and the errors of the rule where they are written.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::Value;

use super::removal::quoted;
use super::row::kind_name;
use crate::azure::arm::Arm;
use crate::azure::query::LogQuery;
use crate::model::fault::Fault;
use crate::model::log_analytics::{ID, REMOVED, SEND, TEST, state_column};
use crate::model::sending::{Cap, RuleCounts, RuleError};
use crate::model::work_item::WorkItemKind;
use crate::model::workspace::Workspace;

/// So many rows of a table are looked at with one query; an answer ends at 500,000 rows or 64 MB.
const SLICE: u64 = 100_000;

const WORKSPACE_API: &str = "2022-10-01";
const METRICS_API: &str = "2023-10-01";

/// The metrics of a rule (azure-monitor-docs, data-collection/data-collection-monitor.md).
const METRICS: &str =
    "ApiCallReceived_Count,BytesReceived_Count,RowsReceived_Count,RowsDropped_Count,TransformationErrors_Count";

/// Metrics are read of no longer a time than this.
const LONGEST: SignedDuration = SignedDuration::from_hours(7 * 24);

/// For a longer time than this, one value for each hour is enough.
const BY_MINUTE: SignedDuration = SignedDuration::from_hours(6);

/// So many errors of the rule are named.
const ERRORS: usize = 5;

/// What the workspace has of one work item, by its newest row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenRow {
    /// The product's id.
    pub id: String,
    /// The number.
    pub number: String,
    /// Whether it says that it is removed.
    pub removed: bool,
    /// When it says that it was last changed.
    pub modified: Option<Timestamp>,
    /// Its send number.
    pub send: i64,
    /// The state that it shows.
    pub state: String,
    /// How many rows of the work item there are.
    pub stored: u64,
    /// Rows of the work item that are there more than once under one send number.
    pub doubled: u64,
}

/// Looks into one workspace.
#[derive(Clone)]
pub struct Look {
    query: Arc<LogQuery>,
    arm: Arc<Arm>,
    workspace: Workspace,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Capping {
    data_ingestion_status: Option<String>,
    quota_next_reset_time: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Metrics {
    value: Vec<Metric>,
}

#[derive(Deserialize)]
struct Metric {
    name: Named,
    timeseries: Vec<Series>,
}

#[derive(Deserialize)]
struct Series {
    #[serde(default)]
    metadatavalues: Vec<Dimension>,
    data: Vec<Point>,
}

#[derive(Deserialize)]
struct Dimension {
    name: Named,
    value: String,
}

#[derive(Deserialize)]
struct Named {
    value: String,
}

#[derive(Deserialize)]
struct Point {
    total: Option<f64>,
}

impl Series {
    fn total(&self) -> u64 {
        self.data.iter().filter_map(|point| point.total).sum::<f64>().round() as u64
    }

    /// Whether these are requests that were not answered with success.
    fn failed(&self) -> bool {
        let code = self.metadatavalues.iter().find(|one| one.name.value.eq_ignore_ascii_case("ResponseCode"));
        code.is_some_and(|code| !code.value.starts_with('2'))
    }
}

/// The fault of an answer that has fewer rows than were counted: the rest is not missing there.
pub(super) fn cut_off(there: u64, counted: u64) -> Fault {
    Fault::PartialResult { detail: format!("{there} of {counted} rows") }
}

/// A time as both interfaces read it.
fn whole(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

impl Look {
    /// Into this workspace.
    pub(crate) fn new(query: Arc<LogQuery>, arm: Arc<Arm>, workspace: Workspace) -> Self {
        Self { query, arm, workspace }
    }

    /// What the workspace has of a connection and kind, each work item once.
    ///
    /// # Errors
    /// Whatever is not the whole answer.
    pub async fn rows(&self, connection: &str, kind: WorkItemKind) -> Result<Vec<SeenRow>, Fault> {
        let all = format!(
            "{} | where isempty({TEST}) and isnotempty({ID}) \
             | where ServiceDeskConnectionName_s == {} and ServiceDeskWorkItemType_s == {}",
            self.workspace.table,
            quoted(connection),
            quoted(kind_name(kind)),
        );
        let count = self.query.run(&format!("{all} | count")).await?.number()?;
        let slices = count.div_ceil(SLICE).max(1);
        let mut rows = Vec::new();
        for slice in 0..slices {
            let part = if slices > 1 { format!(" | where hash({ID}, {slices}) == {slice}") } else { String::new() };
            rows.extend(self.slice(&format!("{all}{part}"), kind).await?);
        }
        // Rows may have come since they were counted, but none can have gone.
        let there: u64 = rows.iter().map(|row| row.stored).sum();
        if there < count {
            return Err(cut_off(there, count));
        }
        Ok(rows)
    }

    async fn slice(&self, from: &str, kind: WorkItemKind) -> Result<Vec<SeenRow>, Fault> {
        let state = state_column(kind);
        let query = format!(
            "{from} | summarize Copies = count(), Removed = take_any({REMOVED}), Modified = take_any(LastModifiedDate_t), \
             Number = take_any(ServiceDeskId_s), State = take_any(tostring({state})) by {ID}, {SEND} \
             | summarize Stored = sum(Copies), Sends = count(), arg_max({SEND}, Removed, Modified, Number, State) by {ID}"
        );
        let found = self.query.run(&query).await?;
        let places =
            [ID, "Number", "Removed", "Modified", SEND, "State", "Stored", "Sends"].map(|name| found.column(name));
        let [id, number, removed, modified, send, state, stored, sends] = places;
        let (id, number, removed, modified) = (id?, number?, removed?, modified?);
        let (send, state, stored, sends) = (send?, state?, stored?, sends?);
        let count = |value: &Value| value.as_u64().unwrap_or(0);
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let row = |row: &Vec<Value>| SeenRow {
            id: text(&row[id]),
            number: text(&row[number]),
            removed: matches!(&row[removed], Value::Bool(true)) || row[removed] == 1,
            modified: row[modified].as_str().and_then(|at| at.parse().ok()),
            send: row[send].as_i64().unwrap_or(0),
            state: text(&row[state]),
            stored: count(&row[stored]),
            doubled: count(&row[stored]).saturating_sub(count(&row[sends])),
        };
        Ok(found.rows.iter().map(row).collect())
    }

    /// Whether the workspace stores rows now: its daily cap.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn cap(&self) -> Result<Cap, Fault> {
        let id = self.workspace.id();
        let found: Option<Value> = self.arm.get(&format!("{id}?api-version={WORKSPACE_API}")).await?;
        let capping = found.as_ref().and_then(|found| found.pointer("/properties/workspaceCapping")).cloned();
        let malformed = |_| Fault::Malformed { what: id.clone(), detail: "workspaceCapping".to_owned() };
        let capping: Option<Capping> = capping.map(serde_json::from_value).transpose().map_err(malformed)?;
        Ok(capping.map_or_else(Cap::default, |capping| Cap {
            status: capping.data_ingestion_status.unwrap_or_default(),
            resets_at: capping.quota_next_reset_time,
        }))
    }

    /// What the rule itself counted since a moment. Its metrics are some minutes late.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn metrics(&self, since: Timestamp, now: Timestamp) -> Result<RuleCounts, Fault> {
        let span = now.duration_since(since).clamp(SignedDuration::from_mins(1), LONGEST);
        let from = now.saturating_sub(span).unwrap_or(since);
        let interval = if span > BY_MINUTE { "PT1H" } else { "PT1M" };
        let path = |names: &str, filter: &str| {
            format!(
                "{}/providers/Microsoft.Insights/metrics?metricnames={names}&interval={interval}&timespan={}/{}\
                 &api-version={METRICS_API}{filter}",
                self.workspace.rule,
                whole(from),
                whole(now)
            )
        };
        let absent = || Fault::NotFound { what: self.workspace.rule.clone() };
        let all: Metrics = self.arm.get(&path(METRICS, "")).await?.ok_or_else(absent)?;
        let codes = path("ApiCallReceived_Count", "&$filter=ResponseCode%20eq%20'*'");
        let by_code: Metrics = self.arm.get(&codes).await?.ok_or_else(absent)?;
        // A metric that is not among the answer was not 0.
        let of = |name: &str| {
            let metric = all.value.iter().find(|metric| metric.name.value == name);
            let metric = metric
                .ok_or_else(|| Fault::Malformed { what: self.workspace.rule.clone(), detail: name.to_owned() })?;
            Ok::<_, Fault>(metric.timeseries.iter().map(Series::total).sum::<u64>())
        };
        let failed = by_code.value.iter().flat_map(|metric| &metric.timeseries).filter(|series| series.failed());
        Ok(RuleCounts {
            since: from,
            requests: of("ApiCallReceived_Count")?,
            failed_requests: failed.map(Series::total).sum(),
            bytes: of("BytesReceived_Count")?,
            received: of("RowsReceived_Count")?,
            dropped: of("RowsDropped_Count")?,
            errors: of("TransformationErrors_Count")?,
        })
    }

    /// What the rule wrote of its errors since a moment, the most frequent first; `None` where it writes none or where they
    /// cannot be read. That there are none proves nothing: Azure leaves some out and mutes what repeats.
    pub async fn rule_errors(&self, since: Timestamp) -> Option<Vec<RuleError>> {
        let query = format!(
            "DCRLogErrors | where TimeGenerated >= datetime({}) and _ResourceId =~ {} \
             | summarize Times = count() by Message, InputStreamId | top {ERRORS} by Times desc",
            whole(since),
            quoted(&self.workspace.rule),
        );
        let found = self.query.run(&query).await.ok()?;
        let (message, stream) = (found.column("Message").ok()?, found.column("InputStreamId").ok()?);
        let times = found.column("Times").ok()?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let error = |row: &Vec<Value>| RuleError {
            message: text(&row[message]),
            stream: text(&row[stream]),
            times: row[times].as_u64().unwrap_or(0),
        };
        Some(found.rows.iter().map(error).collect())
    }

    /// The greatest send number that the workspace has; 0 where it has no row of ours.
    ///
    /// # Errors
    /// Whatever is not the whole answer.
    pub async fn greatest_send(query: &LogQuery, table: &str) -> Result<i64, Fault> {
        let found = query.run(&format!("{table} | summarize Greatest = max({SEND})")).await?;
        let place = found.column("Greatest")?;
        Ok(found.rows.first().and_then(|row| row.get(place)).and_then(Value::as_i64).unwrap_or(0))
    }
}
