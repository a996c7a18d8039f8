//! Sending stored work items to the workspaces of Log Analytics: on request, after each sync, and how far each is.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::blocking::blocking;
use super::services::Services;
use super::verifying;
use super::workspaces::{self, provider};
use crate::azure::arm::Arm;
use crate::azure::ingestion::Ingestion;
use crate::azure::provider::{ForAudience, TokenProvider};
use crate::azure::query::LogQuery;
use crate::home::lock::WorkspaceLock;
use crate::model::cloud::Audience;
use crate::model::fault::Fault;
use crate::model::sending::{SendReport, WorkspaceStanding};
use crate::model::workspace::Workspace;
use crate::net::BoxFuture;
use crate::sink::clock::SystemClock;
use crate::sink::{
    Describe, Estimate, Feeding, OnProgress, RuleColumns, RuleSource, SinkJob, SinkSettings, columns_of, estimate, send,
};

/// The version of Resource Manager's interface that shows a rule with its endpoints.
const RULE_API: &str = "2023-03-11";

/// How long a failure may last after a sync, where somebody waits for the command to end.
pub const BRIEF: Duration = Duration::from_secs(20);

/// How long it may last where nobody waits.
pub const LONG: Duration = Duration::from_secs(10 * 60);

/// Reads the rule of a workspace.
struct RuleInAzure {
    provider: Arc<TokenProvider>,
    rule: String,
}

impl RuleSource for RuleInAzure {
    fn columns(&self) -> BoxFuture<'_, Result<Option<RuleColumns>, Fault>> {
        Box::pin(async move {
            let arm = Arm::of(self.provider.clone())?;
            let rule: Option<Value> = arm.get(&format!("{}?api-version={RULE_API}", self.rule)).await?;
            Ok(rule.map(|rule| columns_of(&rule)))
        })
    }
}

/// Sends what changed to a workspace, by its name.
///
/// # Errors
/// When it could not begin: no such workspace, one that is not set up, no sign-in, or another itsmc sends to it. What goes
/// wrong later stands in the report.
pub async fn run(
    services: &Services,
    name: &str,
    patience: Option<Duration>,
    progress: OnProgress,
    cancel: CancellationToken,
) -> Result<SendReport, Fault> {
    let workspace = workspaces::named(services, name).await?;
    let _lock = lock(services, &workspace).await?;
    let job = job(services, workspace, patience).await?;
    Ok(send(job, progress, cancel, Arc::new(SystemClock)).await)
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

/// Sends in the background what a sync has stored. Nobody waits for it; what goes wrong is kept with the workspace.
pub fn follow(services: Arc<Services>, connection: String) {
    tokio::spawn(async move {
        let Ok(names) = fed_by(&services, &[connection]).await else { return };
        for name in names {
            if let Err(fault) = verifying::once_a_day(&services, &name).await {
                tracing::warn!(code = fault.code(), workspace = name, "the workspace was not verified");
            }
            let sent = run(&services, &name, Some(LONG), Arc::new(|_| {}), CancellationToken::new()).await;
            match sent {
                // Whoever holds the lock sends these rows as well.
                Ok(_) | Err(Fault::Locked { .. }) => {}
                Err(fault) => note(&services, &name, fault).await,
            }
        }
    });
}

/// Keeps the fault of a run that could not begin, so that `status` tells it.
pub async fn note(services: &Services, name: &str, fault: Fault) {
    tracing::warn!(code = fault.code(), workspace = name, "rows were not sent");
    let noted = async {
        let store = services.store().await?;
        let mut state = store.sink_state(name).await?;
        state.failing_since = Some(state.failing_since.unwrap_or_else(Timestamp::now));
        state.fault = Some(fault);
        store.keep_sink(name, state, None).await
    };
    if let Err(fault) = noted.await {
        tracing::warn!(code = fault.code(), "the fault of a workspace was not kept");
    }
}

/// What sending to a workspace would send; nothing is sent, and Azure is not asked.
///
/// # Errors
/// [`Fault::NoSuchWorkspace`]; the store's own.
pub async fn dry_run(services: &Services, name: &str) -> Result<Estimate, Fault> {
    let workspace = workspaces::named(services, name).await?;
    let feeding = feeding(services, &workspace).await?;
    let job = (feeding.as_slice(), workspace.values, workspace.name.as_str());
    estimate(&services.store().await?, job, &SinkSettings::default(), Timestamp::now()).await
}

/// How far each workspace is.
///
/// # Errors
/// When config or store cannot be read.
pub async fn standing(services: &Services) -> Result<Vec<WorkspaceStanding>, Fault> {
    let config = services.config().await?;
    let mut all = Vec::new();
    if config.workspaces.is_empty() {
        return Ok(all);
    }
    let store = services.store().await?;
    for workspace in &config.workspaces {
        let name = workspace.name.as_str();
        let (state, done) = (store.sink_state(name).await?, store.sink_done(name).await?);
        let (mut rows, mut since) = (0, None::<Timestamp>);
        for connection in config.feeding(&workspace.name).map(|one| one.name.to_string()) {
            // Of a connection that was never sent everything is left.
            let after = state.fed.get(&connection).map_or(0, |sent| done.max(*sent));
            let lag = store.lag(vec![connection], after).await?;
            rows += lag.rows;
            since = match (since, lag.since) {
                (Some(one), Some(other)) => Some(one.min(other)),
                (one, other) => one.or(other),
            };
        }
        all.push(WorkspaceStanding {
            name: name.to_owned(),
            set_up: workspace.is_set_up(),
            behind_rows: rows,
            behind_since: since,
            last_accepted: state.last_accepted,
            last_verified: state.verified,
            verify_fault: state.verify_fault,
            fault: state.fault,
            failing_since: state.failing_since,
            findings: state.findings,
        });
    }
    Ok(all)
}

async fn feeding(services: &Services, workspace: &Workspace) -> Result<Vec<Feeding>, Fault> {
    let config = services.config().await?;
    let one = |one: &crate::model::connection::Connection| Feeding {
        connection: one.name.to_string(),
        partner: one.partner.to_string(),
    };
    Ok(config.feeding(&workspace.name).map(one).collect())
}

pub(super) async fn lock(services: &Services, workspace: &Workspace) -> Result<WorkspaceLock, Fault> {
    let (home, name) = (services.home.clone(), workspace.name.clone());
    blocking(move || WorkspaceLock::take(&home, &name)).await
}

pub(super) async fn job(
    services: &Services,
    workspace: Workspace,
    patience: Option<Duration>,
) -> Result<SinkJob, Fault> {
    if !workspace.is_set_up() {
        return Err(Fault::NotSetUp { workspace: workspace.name.to_string() });
    }
    let feeding = feeding(services, &workspace).await?;
    let provider = provider(services, &workspace, None).await?;
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
    let rule = Arc::new(RuleInAzure { provider, rule: workspace.rule.clone() });
    let settings = SinkSettings { patience, ..SinkSettings::default() };
    let describe: Describe =
        services.describe.get().copied().unwrap_or(|fault| (fault.code().to_owned(), String::new()));
    let store = services.store().await?;
    Ok(SinkJob { workspace, feeding, store, ingestion, rule, query, describe, settings })
}
