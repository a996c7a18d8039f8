//! Rotating a connection's tokens: sign in again, prove, sync, and only then revoke the old ones. Cut at any step,
//! the old sign-in works or the new one does: the old tokens are kept until each was seen to be refused.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::administration::token_life;
use super::blocking::blocking;
use super::connections::record;
use super::leaving;
use super::services::Services;
use super::syncing;
use super::token_store::{Fresh, VaultTokens};
use crate::model::connection::{Connection, ConnectionName, Grant};
use crate::model::fault::{Fault, FormProblem};
use crate::model::form::{FieldId, FieldProblem};
use crate::model::leaving::{Leaving, Parting};
use crate::model::redactor;
use crate::model::rotation::{NewSecret, Rotated, RotationStep, Typed};
use crate::model::summary::Event;
use crate::partner::Partner;
use crate::partner::rotation::Rotation;
use crate::vault::{Left, Owner};

/// Rotates the tokens of a connection. `tell` hears of each step as it ends. A connection that is signed out is
/// signed in by it; one whose settings name another server, user or application than it was signed in for is signed in
/// there, and what it held of the other is revoked: which tokens those are is written down before the sign-in, and told
/// of however the rotation ends.
///
/// It ends with [`Fault::BadForm`] when a client secret is needed and none was typed, else with what stopped it before the
/// new sign-in was proven and synced with; no token of this sign-in was revoked then.
pub async fn rotate(
    services: &Services,
    name: &ConnectionName,
    typed: Typed,
    tell: impl FnMut(RotationStep) + Send,
) -> Parting<Rotated> {
    typed.password.iter().for_each(redactor::remember);
    let mut leaving = Leaving::default();
    let outcome = rotate_and_leave(services, name, typed, &mut leaving, tell).await;
    Parting { leaving, outcome }
}

async fn rotate_and_leave(
    services: &Services,
    name: &ConnectionName,
    typed: Typed,
    leaving: &mut Leaving,
    mut tell: impl FnMut(RotationStep) + Send,
) -> Result<Rotated, Fault> {
    let connection = services.connection(name.as_str()).await?;
    if typed.client_secret.is_none() && wants_client_secret(services, &connection).await? {
        return Err(missing(FieldId::ClientSecret));
    }
    let (token_store, partner) = signing_in(services, &connection, typed.client_secret).await?;
    let mut rotation = Rotation::begin(token_life(&*partner)?);
    if let Some(other) = held_of_another(services, &connection).await? {
        leaving::write_down(services, name, &other.held).await?;
    }
    let renewed = rotation.sign_in(Some(typed.password.unwrap_or_default())).await;
    // The new tokens may stand in the vault although something went wrong after that.
    *leaving = leaving::revoke(services, name, token_store.left()).await;
    let (renewed, noted) = (renewed?, leaving::note(services, name, leaving).await);
    tell(RotationStep::SignIn);
    noted?;
    let left = go_on(services, name, &mut rotation, tell).await?;
    let (revoked, leaving) = (rotation.revoked().len(), leaving.clone());
    ended(services, name, Rotated { renewed, revoked, left, leaving }).await
}

/// What the vault holds of another server, user or application that the connection was signed in for.
async fn held_of_another(services: &Services, connection: &Connection) -> Result<Option<Left>, Fault> {
    let (vault, owner) = (services.vault().await?.clone(), Owner::of(connection));
    blocking(move || match vault.held(&owner) {
        Err(Fault::IdentityChanged { .. }) => vault.left(&owner.name),
        held => held.map(|_| None),
    })
    .await
}

/// Puts a new client secret in the place of the stored one, once the product took it: by the refresh token that is held,
/// else by a new sign-in. Without a refresh token it takes the password where the sign-in needs one.
///
/// It ends with [`Fault::NotFound`] for a connection without a client secret, else with what kept the product from taking
/// it. The stored secret and the stored tokens then stand as they were.
pub async fn new_secret(
    services: &Services,
    name: &ConnectionName,
    typed: Typed,
    tell: impl FnMut(RotationStep) + Send,
) -> Parting<Rotated> {
    match with_client_secret(services, name).await {
        Ok(connection) if connection.grant == Grant::ClientCredentials || typed.password.is_some() => {
            rotate(services, name, typed, tell).await
        }
        Ok(connection) => by_refresh_token(services, &connection, typed, tell).await.into(),
        Err(fault) => Parting::from(Err(fault)),
    }
}

async fn with_client_secret(services: &Services, name: &ConnectionName) -> Result<Connection, Fault> {
    let connection = services.connection(name.as_str()).await?;
    match has_client_secret(services, &connection)? {
        true => Ok(connection),
        false => Err(Fault::NotFound { what: FieldId::ClientSecret.key().to_owned() }),
    }
}

async fn by_refresh_token(
    services: &Services,
    connection: &Connection,
    typed: Typed,
    mut tell: impl FnMut(RotationStep) + Send,
) -> Result<Rotated, Fault> {
    let name = &connection.name;
    let (_, partner) = signing_in(services, connection, typed.client_secret).await?;
    let mut rotation = Rotation::begin(token_life(&*partner)?);
    let renewed = rotation.refresh().await?;
    tell(RotationStep::SignIn);
    rotation.prove().await?;
    tell(RotationStep::Prove);
    if rotation.next() == Some(RotationStep::Sync) {
        // The proof was a call with the new tokens; what a sync may meet has nothing to do with the secret.
        rotation.synced()?;
    }
    let left = go_on(services, name, &mut rotation, tell).await?;
    let revoked = rotation.revoked().len();
    ended(services, name, Rotated { renewed, revoked, left, leaving: Leaving::default() }).await
}

/// Whether the connection has a client secret at all.
///
/// # Errors
/// For a partner that is not built.
pub fn has_client_secret(services: &Services, connection: &Connection) -> Result<bool, Fault> {
    let spec = services.spec(&connection.partner)?;
    Ok(spec.fields_for(connection.grant).any(|field| field.id == FieldId::ClientSecret))
}

/// Whether a sign-in needs a client secret that the vault does not have for it: there is none, or it belongs to another
/// server, user or application.
///
/// # Errors
/// When the vault cannot be read.
pub async fn wants_client_secret(services: &Services, connection: &Connection) -> Result<bool, Fault> {
    if !has_client_secret(services, connection)? {
        return Ok(false);
    }
    let (vault, owner) = (services.vault().await?.clone(), Owner::of(connection));
    blocking(move || match vault.held(&owner) {
        Err(Fault::IdentityChanged { .. }) => Ok(true),
        held => Ok(held?.and_then(|held| held.client_secret).is_none()),
    })
    .await
}

async fn signing_in(
    services: &Services,
    connection: &Connection,
    client_secret: Option<NewSecret>,
) -> Result<(Arc<VaultTokens>, Arc<dyn Partner>), Fault> {
    client_secret.iter().for_each(|new| redactor::remember(&new.secret));
    let token_store = services.token_store(connection, Some(Fresh::new(client_secret))).await?;
    let partner = services.signing_in(connection, token_store.clone()).await?;
    Ok((token_store, partner))
}

async fn ended(services: &Services, name: &ConnectionName, rotated: Rotated) -> Result<Rotated, Fault> {
    record(services, name, Event::Rotated { rotated: rotated.clone() }).await?;
    Ok(rotated)
}

fn missing(field: FieldId) -> Fault {
    let problem = FormProblem { field: Some(field), key: None, problem: FieldProblem::Missing, line: None };
    Fault::BadForm { problems: vec![problem] }
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
