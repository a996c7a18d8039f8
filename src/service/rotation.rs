//! Rotating a connection's tokens: sign in again, prove, sync, and only then revoke the old ones. Cut at any step,
//! the old sign-in works or the new one does: the old tokens are kept until each was seen to be refused.

use tokio_util::sync::CancellationToken;

use super::administration::token_life;
use super::connections::record;
use super::keeper::Fresh;
use super::services::Services;
use super::syncing;
use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::model::rotation::{Rotated, RotationStep};
use crate::model::secret::Secret;
use crate::model::summary::Event;
use crate::partner::rotation::Rotation;
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
    let connection = services.connection(name.as_str()).await?;
    let keeper = services.keeper(&connection, Some(Fresh::default())).await?;
    let partner = services.signing_in(&connection, keeper).await?;
    let mut rotation = Rotation::begin(token_life(&*partner)?);
    let renewed = rotation.sign_in(Some(password)).await?;
    tell(RotationStep::SignIn);
    let left = go_on(services, name, &mut rotation, tell).await?;
    let rotated = Rotated { renewed, revoked: rotation.revoked().len(), left };
    record(services, name, Event::Rotated { rotated: rotated.clone() }).await?;
    Ok(rotated)
}

/// The steps after the sign-in. What could not be revoked is returned: the new sign-in works all the same, and the
/// next rotation tries again.
async fn go_on(
    services: &Services,
    name: &ConnectionName,
    rotation: &mut Rotation<'_>,
    mut tell: impl FnMut(RotationStep) + Send,
) -> Result<Option<Fault>, Fault> {
    while let Some(step) = rotation.next() {
        match step {
            RotationStep::SignIn | RotationStep::Prove | RotationStep::ProveAgain => rotation.prove().await?,
            RotationStep::Sync => {
                sync_once(services, name).await?;
                rotation.synced()?;
            }
            RotationStep::Revoke => {
                if let Err(fault) = rotation.revoke().await {
                    return Ok(Some(fault));
                }
            }
        }
        tell(step);
    }
    Ok(None)
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
