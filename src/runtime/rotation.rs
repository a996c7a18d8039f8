//! Rotating a connection's tokens: sign in again, prove, sync, and only then revoke the old ones. Cut at any step,
//! the old sign-in works or the new one does: the old tokens are kept until each was seen to be refused.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::administration::administration;
use super::connections::record;
use super::services::Services;
use super::syncing;
use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::model::rotation::{Renewed, Rotated, RotationStep};
use crate::model::secret::Secret;
use crate::model::summary::Event;
use crate::model::token::{Retired, Tokens};
use crate::partner::{Partner, TokenKeeper};
use crate::vault::live;

/// Rotates the tokens of a connection. `tell` hears of each step as it ends.
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
    let (partner, keeper) = (services.partner(&connection).await?, services.keeper(name).await?);
    let before = keeper.load().await?;
    let tokens = sign_in(&partner, &*keeper, password).await?;
    tell(RotationStep::SignIn);
    administration(&*partner)?.prove(&tokens.access).await?;
    tell(RotationStep::Prove);
    sync_once(services, name).await?;
    tell(RotationStep::Sync);
    let renewed = Renewed::of(before.as_ref(), &tokens);
    let (revoked, left) = revoke_retired(&*partner, &*keeper).await?;
    tell(RotationStep::Revoke);
    prove_again(&*partner, &*keeper).await?;
    tell(RotationStep::ProveAgain);
    let rotated = Rotated { renewed, revoked, left };
    record(services, name, Event::Rotated { rotated: rotated.clone() }).await?;
    Ok(rotated)
}

async fn sign_in(partner: &Arc<dyn Partner>, keeper: &dyn TokenKeeper, password: Secret) -> Result<Tokens, Fault> {
    let partner = partner.clone();
    keeper
        .rotate(Box::new(move |_| {
            Box::pin(async move {
                let again = administration(&*partner)?.sign_in_again(password);
                again.await
            })
        }))
        .await
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

/// Revokes each replaced token that is not in use; a pair is forgotten when all of it was seen to be refused.
async fn revoke_retired(partner: &dyn Partner, keeper: &dyn TokenKeeper) -> Result<(usize, Option<Fault>), Fault> {
    let (mut revoked, mut left) = (0, None);
    let in_use = keeper.load().await?;
    for retired in keeper.retired().await? {
        match revoke_one(partner, &retired, in_use.as_ref()).await {
            Ok(count) => {
                revoked += count;
                keeper.forget_retired(vec![retired]).await?;
            }
            Err(fault) => left = Some(fault),
        }
    }
    Ok((revoked, left))
}

async fn revoke_one(partner: &dyn Partner, retired: &Retired, in_use: Option<&Tokens>) -> Result<usize, Fault> {
    let tokens = retired.to_revoke(in_use);
    for (kind, token) in &tokens {
        administration(partner)?.revoke(*kind, token).await?;
    }
    Ok(tokens.len())
}

/// Revoking a refresh token may take an access token along: then the new refresh token gets another.
async fn prove_again(partner: &dyn Partner, keeper: &dyn TokenKeeper) -> Result<(), Fault> {
    let none = || Fault::SignedOut { connection: String::new() };
    let held = keeper.load().await?.ok_or_else(none)?;
    match administration(partner)?.prove(&held.access).await {
        Err(Fault::NotAuthenticated { .. }) => {
            partner.count(crate::model::work_item::WorkItemKind::Incident, recent()).await.map(drop)
        }
        outcome => outcome,
    }
}

/// A window that holds little: the call is what matters.
fn recent() -> crate::model::sync::Window {
    crate::model::sync::Window { from: jiff::Timestamp::now(), before: None }
}
