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
use crate::net::http::Timeouts;
use crate::sink::clock::{Clock, SystemClock};
use crate::sink::look::Look;
use crate::sink::verify::verify;

/// How long a command that waits to end waits for a verification.
const BRIEFLY: Duration = Duration::from_secs(60);

/// Verifies a workspace by its name, and sends again what is missing there.
///
/// # Errors
/// When it could not begin, and what kept it from seeing everything.
pub async fn run(services: &Services, name: &str, cancel: CancellationToken) -> Result<VerifyRecord, Fault> {
    run_by(services, name, cancel, Arc::new(SystemClock)).await
}

/// The same by any clock.
///
/// # Errors
/// As [`run`].
pub async fn run_by(
    services: &Services,
    name: &str,
    cancel: CancellationToken,
    clock: Arc<dyn Clock>,
) -> Result<VerifyRecord, Fault> {
    let workspace = workspaces::named(services, name).await?;
    let _lock = lock(services, &workspace).await?;
    let called = workspace.name.to_string();
    let arm = Arc::new(Arm::of(provider(services, &workspace, None).await?)?);
    let job = job(services, workspace, Some(super::sending::LONG), Timeouts::default()).await?;
    let Some(query) = job.query.clone() else { return Err(Fault::NotSetUp { workspace: called }) };
    let (look, store) = (Look::new(query, arm, job.workspace.clone()), job.store.clone());
    let outcome = verify(job, look, cancel, clock.clone()).await;
    let (now, event) = (clock.now(), LogEvent::of_verification(&outcome));
    let fault = outcome.as_ref().err().filter(|fault| **fault != Fault::Interrupted).cloned();
    let change = move |state: &mut SinkState| {
        (state.verify_tried, state.verify_fault) = (Some(now), fault);
        event.into_iter().for_each(|event| state.note(now, event));
    };
    store.change_sink(&called, change).await?;
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
) -> Result<Option<VerifyRecord>, Fault> {
    let state = services.store().await?.sink_state(name).await?;
    if !state.is_to_be_verified(clock.now()) {
        return Ok(None);
    }
    run_by(services, name, cancel, clock).await.map(Some)
}

/// The same after a sync, where a command waits to end: not of a workspace that failed when rows were last sent to it, and for
/// a minute at most.
///
/// # Errors
/// As [`run`].
pub async fn briefly(
    services: &Services,
    name: &str,
    cancel: &CancellationToken,
) -> Result<Option<VerifyRecord>, Fault> {
    if services.store().await?.sink_state(name).await?.fault.is_some() {
        return Ok(None);
    }
    let limited = cancel.child_token();
    let run = once_a_day(services, name, limited.clone(), Arc::new(SystemClock));
    tokio::pin!(run);
    tokio::select! {
        outcome = &mut run => outcome,
        () = tokio::time::sleep(BRIEFLY) => {
            limited.cancel();
            run.await
        }
    }
}
