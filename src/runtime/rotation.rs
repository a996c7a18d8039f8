//! Rotating a connection's tokens: sign in again, prove, sync, and only then revoke the old ones. Cut at any step,
//! the old sign-in works or the new one does: the old tokens are kept until each was seen to be refused.

use tokio_util::sync::CancellationToken;

use super::administration::{administration, partner};
use super::connections::record;
use super::services::Services;
use super::syncing;
use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::model::rotation::{Rotated, RotationStep};
use crate::model::secret::Secret;
use crate::model::summary::Event;
use crate::partner::administration::Administration;
use crate::vault::live;

/// Rotates the tokens of a connection. `tell` hears of each step as it ends. A connection that is signed out is
/// signed in by it.
///
/// # Errors
/// What stopped it before the new sign-in was proven and synced with; nothing was revoked then.
pub async fn rotate(
    services: &Services,
    name: &ConnectionName,
    password: Secret,
    mut tell: impl FnMut(RotationStep) + Send,
) -> Result<Rotated, Fault> {
    live::remember(&password);
    let partner = partner(services, name).await?;
    let administration = administration(&*partner)?;
    let renewed = administration.sign_in_again(password).await?;
    tell(RotationStep::SignIn);
    prove(administration).await?;
    tell(RotationStep::Prove);
    sync_once(services, name).await?;
    tell(RotationStep::Sync);
    let (revoked, left) = match administration.revoke_retired().await {
        Ok(revoked) => (revoked.len(), None),
        Err(fault) => (0, Some(fault)),
    };
    tell(RotationStep::Revoke);
    administration.prove().await?;
    tell(RotationStep::ProveAgain);
    let rotated = Rotated { renewed, revoked, left };
    record(services, name, Event::Rotated { rotated: rotated.clone() }).await?;
    Ok(rotated)
}

/// New tokens that do not work make room for the ones before them, which may.
async fn prove(administration: &dyn Administration) -> Result<(), Fault> {
    let Err(fault) = administration.prove().await else { return Ok(()) };
    if fault.exit_code() == 3 {
        administration.restore().await?;
    }
    Err(fault)
}

/// One sync with the new token; a limit or a hidden row is the sync's own matter, not the sign-in's.
async fn sync_once(services: &Services, name: &ConnectionName) -> Result<(), Fault> {
    let reports = syncing::sync(services, name.as_str(), false, |_| {}, CancellationToken::new()).await?;
    let of_sign_in = |fault: &Fault| fault.exit_code() == 3;
    match reports.into_iter().filter_map(|report| report.fault).find(of_sign_in) {
        Some(fault) => Err(fault),
        None => Ok(()),
    }
}
