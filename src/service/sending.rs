//! Sending stored work items to the workspaces of Log Analytics: on request, after each sync, and how far each is.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::blocking::blocking;
use super::services::Services;
use super::workspaces::{self, provider_within};
use crate::azure::arm::Arm;
use crate::azure::ingestion::Ingestion;
use crate::azure::provider::{ForAudience, TokenProvider};
use crate::azure::query::LogQuery;
use crate::home::lock::WorkspaceLock;
use crate::model::cloud::Audience;
use crate::model::fault::{Fault, Service};
use crate::model::sending::{LogEvent, SendFinding, SendReport, WorkspaceStanding};
use crate::model::workspace::Workspace;
use crate::net::BoxFuture;
use crate::net::http::Timeouts;
use crate::sink::clock::{Clock, SystemClock};
use crate::sink::{
    Describe, Estimate, Feeding, OnProgress, RuleColumns, RuleSource, SinkJob, SinkSettings, columns_of, estimate, send,
};
use crate::store::{Sink, Store};

/// The version of Resource Manager's interface that shows a rule with its endpoints.
const RULE_API: &str = "2023-03-11";

/// How long a service is waited for after a sync, where a command waits to end: for a connection, and for an answer.
const BRIEFLY: Timeouts =
    Timeouts { connect: Duration::from_secs(4), idle: Duration::from_secs(5), total: Duration::from_secs(5) };

/// So many batches are on their way after a sync, so that a slow line brings the first one in time.
const BRIEFLY_IN_FLIGHT: usize = 2;

/// How long a failure may last where nobody waits.
pub const LONG: Duration = Duration::from_secs(10 * 60);

/// Reads the rule of a workspace.
struct RuleInAzure {
    provider: Arc<TokenProvider>,
    rule: String,
    /// How long it is waited for.
    within: Duration,
}

impl RuleSource for RuleInAzure {
    fn columns(&self) -> BoxFuture<'_, Result<Option<RuleColumns>, Fault>> {
        Box::pin(async move {
            let arm = Arm::of(self.provider.clone())?;
            let path = format!("{}?api-version={RULE_API}", self.rule);
            let silent = |_| {
                let host = self.provider.cloud.resource_manager.host();
                Fault::TimedOut { host, seconds: self.within.as_secs().max(1) }.at(Service::ResourceManager)
            };
            let rule: Option<Value> = tokio::time::timeout(self.within, arm.get(&path)).await.map_err(silent)??;
            Ok(rule.map(|rule| columns_of(&rule)))
        })
    }
}

/// What is to be sent on request, and how long a failure is waited for.
#[derive(Debug, Clone, Copy)]
pub struct How {
    /// How long a failure may last; `None` waits until it is cancelled.
    pub patience: Option<Duration>,
    /// Whether everything is sent again.
    pub full: bool,
}

/// Sends what changed to a workspace, by its name.
///
/// # Errors
/// When it could not begin: no such workspace, one that is not set up, no sign-in, or another itsmc sends to it. What goes
/// wrong later stands in the report.
pub async fn run(
    services: &Services,
    name: &str,
    how: How,
    progress: OnProgress,
    cancel: CancellationToken,
) -> Result<SendReport, Fault> {
    let workspace = workspaces::named(services, name).await?;
    let _lock = lock(services, &workspace).await?;
    let mut job = match job(services, workspace, how.patience, Timeouts::default()).await {
        Err(fault @ Fault::NotSetUp { .. }) => return Err(fault),
        Err(fault) => {
            note(services, name, fault.clone(), Timestamp::now()).await;
            return Err(fault);
        }
        Ok(job) => job,
    };
    job.settings.full = how.full;
    Ok(logged(job, progress, cancel, Arc::new(SystemClock)).await)
}

/// Sends, and adds what was done to the log of the workspace.
async fn logged(job: SinkJob, progress: OnProgress, cancel: CancellationToken, clock: Arc<dyn Clock>) -> SendReport {
    let (store, name) = (job.store.clone(), job.workspace.name.to_string());
    let report = send(job, progress, cancel, clock.clone()).await;
    if let Some(event) = LogEvent::of_run(&report) {
        note_in_log(&store, &name, clock.now(), event).await;
    }
    report
}

/// Adds a line to the log of a workspace. That it could not be kept stops nothing.
pub(super) async fn note_in_log(store: &Store, name: &str, at: Timestamp, event: LogEvent) {
    if let Err(fault) = store.change_sink(name, move |state| state.note(at, event)).await {
        tracing::warn!(code = fault.code(), workspace = name, "the log of the workspace was not kept");
    }
}

/// The same where nobody looks on, by any clock.
///
/// # Errors
/// As [`run`].
pub(super) async fn in_background(
    services: &Services,
    name: &str,
    patience: Duration,
    cancel: CancellationToken,
    clock: Arc<dyn Clock>,
) -> Result<SendReport, Fault> {
    let workspace = workspaces::named(services, name).await?;
    let _lock = lock(services, &workspace).await?;
    let job = job(services, workspace, Some(patience), Timeouts::default()).await?;
    Ok(logged(job, Arc::new(|_| {}), cancel, clock).await)
}

/// What sending after a sync came to.
pub enum Brief {
    /// It was tried.
    Sent(SendReport),
    /// Azure failed before and is left alone until then.
    LeftAlone(Fault, Timestamp),
}

/// Sends after a sync, where a command waits to end. It does not wait for a workspace that fails: the first failure ends it,
/// a service that says nothing for a few seconds has failed, and one that failed is left alone for a while.
///
/// # Errors
/// As [`run`].
pub async fn briefly(
    services: &Services,
    name: &str,
    progress: OnProgress,
    cancel: CancellationToken,
) -> Result<Brief, Fault> {
    let state = services.store().await?.sink_state(name).await?;
    if let (Some(until), Some(fault)) = (state.left_alone(Timestamp::now()), state.fault) {
        return Ok(Brief::LeftAlone(fault, until));
    }
    let workspace = workspaces::named(services, name).await?;
    let _lock = lock(services, &workspace).await?;
    let mut job = job(services, workspace, Some(Duration::ZERO), BRIEFLY).await?;
    job.settings.in_flight = BRIEFLY_IN_FLIGHT;
    Ok(Brief::Sent(logged(job, progress, cancel, Arc::new(SystemClock)).await))
}

/// The names of the workspaces that these connections feed and that are set up.
///
/// # Errors
/// The config file's own.
pub async fn fed_by(services: &Services, connections: &[String]) -> Result<Vec<String>, Fault> {
    let config = services.config().await?;
    let is_fed = |one: &Workspace| {
        config.feeding(&one.name).any(|feeding| connections.iter().any(|name| name == feeding.name.as_str()))
    };
    let fed = config.workspaces.iter().filter(|one| one.is_set_up() && is_fed(one));
    Ok(fed.map(|one| one.name.to_string()).collect())
}

/// Keeps the fault of a run that could not begin, so that `status` tells it.
pub async fn note(services: &Services, name: &str, fault: Fault, now: Timestamp) {
    tracing::warn!(code = fault.code(), workspace = name, "rows were not sent");
    let noted = async { services.store().await?.change_sink(name, move |state| state.ended(Some(&fault), now)).await };
    if let Err(fault) = noted.await {
        tracing::warn!(code = fault.code(), "the fault of a workspace was not kept");
    }
}

/// What sending to a workspace would send, or with `full` what sending everything would; nothing is sent, and Azure is not asked.
///
/// # Errors
/// [`Fault::NoSuchWorkspace`]; the store's own.
pub async fn dry_run(services: &Services, name: &str, full: bool) -> Result<Estimate, Fault> {
    let workspace = workspaces::named(services, name).await?;
    let feeding = feeding(services, &workspace).await?;
    let job = (feeding.as_slice(), workspace.values, workspace.name.as_str());
    let settings = SinkSettings { full, ..SinkSettings::default() };
    estimate(&services.store().await?, job, &settings, Timestamp::now()).await
}

/// How far each workspace is.
///
/// # Errors
/// When config or store cannot be read.
pub async fn standing(services: &Services) -> Result<Vec<WorkspaceStanding>, Fault> {
    let config = services.config().await?;
    if config.workspaces.is_empty() {
        return Ok(Vec::new());
    }
    let fed_by = |one: &Workspace| config.feeding(&one.name).map(|feeding| feeding.known_as().to_string()).collect();
    let asked = config.workspaces.iter().map(|one| (one.name.to_string(), fed_by(one))).collect();
    let sinks = services.store().await?.sinks(asked).await?;
    let one = |(workspace, sink): (&Workspace, Sink)| WorkspaceStanding {
        name: workspace.name.to_string(),
        set_up: workspace.is_set_up(),
        behind_rows: sink.lag.rows,
        behind_since: sink.lag.since,
        last_accepted: sink.state.last_accepted,
        last_verified: sink.state.verified,
        unverified_since: sink.state.unverified_since,
        verify_fault: sink.state.verify_fault,
        fault: sink.state.fault,
        failing_since: sink.state.failing_since,
        findings: sink.state.findings,
        log: sink.state.log,
    };
    let whole = |(workspace, mut sink): (&Workspace, Sink)| {
        let others = sink.state.other_values(&workspace.name, workspace.values);
        sink.state.findings.extend(others);
        one((workspace, sink))
    };
    Ok(config.workspaces.iter().zip(sinks).map(whole).collect())
}

/// The finding that a workspace has rows that show choices otherwise than its settings say, if it has.
///
/// # Errors
/// The store's own.
pub async fn other_values(services: &Services, workspace: &Workspace) -> Result<Option<SendFinding>, Fault> {
    let state = services.store().await?.sink_state(workspace.name.as_str()).await?;
    Ok(state.other_values(&workspace.name, workspace.values))
}

async fn feeding(services: &Services, workspace: &Workspace) -> Result<Vec<Feeding>, Fault> {
    let config = services.config().await?;
    let one = |one: &crate::model::connection::Connection| Feeding {
        connection: one.known_as().to_string(),
        partner: one.partner.to_string(),
    };
    Ok(config.feeding(&workspace.name).map(one).collect())
}

pub(super) async fn lock(services: &Services, workspace: &Workspace) -> Result<WorkspaceLock, Fault> {
    let (home, name) = (services.home.clone(), workspace.name.clone());
    blocking(move || WorkspaceLock::take(&home, &name)).await
}

/// What a run of a workspace needs, with these limits to how long Azure is waited for.
///
/// # Errors
/// [`Fault::NotSetUp`]; when nobody can sign in; the config file's and the store's own.
pub async fn job(
    services: &Services,
    workspace: Workspace,
    patience: Option<Duration>,
    timeouts: Timeouts,
) -> Result<SinkJob, Fault> {
    if !workspace.is_set_up() {
        return Err(Fault::NotSetUp { workspace: workspace.name.to_string() });
    }
    let feeding = feeding(services, &workspace).await?;
    let provider = provider_within(services, &workspace, None, timeouts).await?;
    let outside = || Fault::OutsideCloud { what: "endpoint".to_owned(), address: workspace.endpoint.clone() };
    let endpoint = provider.cloud.ingestion_at(&workspace.endpoint).ok_or_else(outside)?;
    let tokens = Arc::new(ForAudience::new(provider.clone(), Audience::Ingestion));
    let ingestion = Arc::new(Ingestion::new(&endpoint, &workspace.rule_id, tokens, &provider.config)?);
    let query = match workspace.workspace_id.is_empty() {
        true => None,
        false => {
            let tokens = Arc::new(ForAudience::new(provider.clone(), Audience::Query));
            let called = (workspace.workspace_id.as_str(), workspace.name.as_str());
            Some(Arc::new(LogQuery::new(&provider.cloud.query, called, tokens, &provider.config)?))
        }
    };
    // Rows are sent without it as well, so that it is not waited for as long as for an answer to them.
    let rule = Arc::new(RuleInAzure { provider, rule: workspace.rule.clone(), within: timeouts.total / 2 });
    let settings = SinkSettings { patience, ..SinkSettings::default() };
    let describe: Describe =
        services.describe.get().copied().unwrap_or(|fault| (fault.code().to_owned(), String::new()));
    let store = services.store().await?;
    Ok(SinkJob { workspace, feeding, store, ingestion, rule, query, describe, settings })
}
