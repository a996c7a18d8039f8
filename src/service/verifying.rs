//! Verifying a workspace: what it has, by the query API, against what is stored here.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::sending::{job, lock};
use super::services::Services;
use super::workspaces::{self, provider};
use crate::azure::arm::Arm;
use crate::model::fault::Fault;
use crate::model::sending::{LogEvent, SinkState, VerifyRecord};
use crate::model::workspace::Workspace;
use crate::net::http::Timeouts;
use crate::sink::SinkJob;
use crate::sink::clock::{Clock, SystemClock};
use crate::sink::look::Look;
use crate::sink::verify::verify;

/// How long a command that waits to end waits for a verification.
pub const BRIEFLY: Duration = Duration::from_secs(60);

/// Verifies a workspace by its name, and sends again what is missing there.
///
/// # Errors
/// When it could not begin, and what kept it from seeing everything.
pub async fn run(services: &Services, name: &str, cancel: CancellationToken) -> Result<VerifyRecord, Fault> {
    run_by(services, name, None, cancel, Arc::new(SystemClock)).await
}

/// The same by any clock, and within this time if one is given. What kept it from seeing everything, or from beginning, is kept with
/// the workspace; one that could not begin does not count as tried. One that was interrupted leaves nothing behind.
///
/// # Errors
/// As [`run`].
pub async fn run_by(
    services: &Services,
    name: &str,
    within: Option<Duration>,
    cancel: CancellationToken,
    clock: Arc<dyn Clock>,
) -> Result<VerifyRecord, Fault> {
    let workspace = workspaces::named(services, name).await?;
    let _lock = lock(services, &workspace).await?;
    let called = workspace.name.to_string();
    let (outcome, tried) = match prepared(services, workspace, within).await {
        Ok((job, look)) => (verify(job, look, cancel, clock.clone()).await, true),
        Err(fault) => (Err(fault), false),
    };
    let Some(event) = LogEvent::of_verification(&outcome) else { return outcome };
    let (now, fault) = (clock.now(), outcome.as_ref().err().cloned());
    let change = move |state: &mut SinkState| {
        state.verify_tried = if tried { Some(now) } else { state.verify_tried };
        state.verify_fault = fault;
        state.note(now, event);
    };
    let kept = async { services.store().await?.change_sink(&called, change).await }.await;
    outcome.and_then(|record| kept.map(|()| record))
}

/// What a verification needs.
async fn prepared(
    services: &Services,
    workspace: Workspace,
    within: Option<Duration>,
) -> Result<(SinkJob, Look), Fault> {
    let arm = Arc::new(Arm::of(provider(services, &workspace, None).await?)?);
    let mut job = job(services, workspace, Some(super::sending::LONG), Timeouts::default()).await?;
    job.settings.verify_limit = within;
    let Some(query) = job.query.clone() else {
        return Err(Fault::NotSetUp { workspace: job.workspace.name.to_string() });
    };
    let look = Look::new(query, arm, job.workspace.clone());
    Ok((job, look))
}

/// Verifies a workspace where that was not tried for a day and nothing was accepted just now: what is on its way need not
/// be waited for. `within` is for whoever waits to end: then a workspace that failed when rows were last sent to it is not asked.
///
/// # Errors
/// As [`run`].
pub async fn once_a_day(
    services: &Services,
    name: &str,
    within: Option<Duration>,
    cancel: CancellationToken,
    clock: Arc<dyn Clock>,
) -> Result<Option<VerifyRecord>, Fault> {
    let state = services.store().await?.sink_state(name).await?;
    if !state.is_to_be_verified(clock.now()) || (within.is_some() && state.fault.is_some()) {
        return Ok(None);
    }
    run_by(services, name, within, cancel, clock).await.map(Some)
}
