//! Whether a connection is signed in: decided here, for status, tiles, doctor and lists alike.
//!
//! The database notes what a sign-in or a refusal told. Where it notes nothing (it was rebuilt, or the connection was written into the
//! config file by hand), the vault's entry is the proof: it holds something to sign in with for this identity, or it does not.

use jiff::Timestamp;

use super::blocking::blocking;
use super::services::Services;
use crate::model::connection::{Connection, Grant};
use crate::model::fault::Fault;
use crate::model::summary::{SignedIn, Summary};
use crate::vault::{Held, Owner, Vault};

/// What is stored of a connection, seen beside its settings and, where that is needed, beside its entry of the vault. Nobody is asked
/// for a passphrase: where the vault does not open without one, what the database notes is all that is known.
pub async fn beside(services: &Services, connection: &Connection, stored: Summary) -> Summary {
    let mut summary = stored.beside(connection);
    let out = Fault::SignedOut { connection: connection.name.to_string() };
    if services.handles.vault_is_missing() {
        summary.signed_out.get_or_insert(out);
        return summary;
    }
    if summary.signed_out.is_some() || summary.sign_in.is_some() {
        return summary;
    }
    let Some(vault) = services.handles.vault_unasked().await else { return summary };
    match held(vault, connection).await {
        Ok(Some(held)) if can_sign_in(&held, connection.grant, Timestamp::now()) => {
            if let Some(signed_in) = signed_in(&held, connection) {
                (summary.sign_in, summary.client_secret_expires) =
                    (Some(signed_in.sign_in), signed_in.client_secret_expires);
                keep(services, connection, signed_in).await;
            }
        }
        Ok(_) => summary.signed_out = Some(out),
        Err(changed @ Fault::IdentityChanged { .. }) => summary.signed_out = Some(changed),
        Err(fault) => tracing::info!(code = fault.code(), "whether a connection is signed in is not known"),
    }
    summary
}

/// Notes that the product took the sign-in of the vault, where the database notes nothing or that it is signed out: it may have been
/// rebuilt, or restored from a time when that was so.
pub async fn note(services: &Services, connection: &Connection) {
    let noted = async { services.store().await?.summary(&connection.name, Timestamp::now()).await };
    let is_noted = noted.await.is_ok_and(|summary| summary.sign_in.is_some() && summary.signed_out.is_none());
    let vault = services.vault().await.ok().filter(|_| !is_noted);
    let Some(vault) = vault.cloned() else { return };
    if let Ok(Some(held)) = held(vault, connection).await
        && let Some(signed_in) = signed_in(&held, connection)
    {
        keep(services, connection, signed_in).await;
    }
}

async fn held(vault: Vault, connection: &Connection) -> Result<Option<Held>, Fault> {
    let owner = Owner::of(connection);
    blocking(move || vault.held(&owner)).await
}

/// Whether this is enough to ask the product for something without a person: a token, or the secret of an application that signs in by
/// itself.
fn can_sign_in(held: &Held, grant: Grant, now: Timestamp) -> bool {
    let by_token = held.tokens.as_ref().is_some_and(|tokens| tokens.refresh.is_some() || tokens.access_is_good(now));
    by_token || (grant == Grant::ClientCredentials && held.client_secret.is_some())
}

fn signed_in(held: &Held, connection: &Connection) -> Option<SignedIn> {
    let sign_in = held.tokens.as_ref()?.sign_in;
    let (identity, client_secret_expires) = (Owner::of(connection).identity, held.client_secret_expires);
    Some(SignedIn { sign_in, identity, client_secret_expires })
}

/// A home that may only be read keeps nothing.
async fn keep(services: &Services, connection: &Connection, signed_in: SignedIn) {
    let kept = async { services.store().await?.signed_in(&connection.name, signed_in).await };
    if let Err(fault) = kept.await {
        tracing::info!(code = fault.code(), "the sign-in of the vault was not noted in the database");
    }
}
