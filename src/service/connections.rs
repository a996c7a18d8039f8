//! Saving, changing and removing connections: vault, config file and store, in an order that a crash may cut.

use jiff::Timestamp;

use super::binding;
use super::blocking::blocking;
use super::leaving;
use super::services::Services;
use super::unlisted;
use crate::home::lock::{ChangeLock, SyncLock, TicketLock};
use crate::home::{binding as kept, config, mapping, waits};
use crate::model::check::{Status, StepId};
use crate::model::connection::{Connection, ConnectionName};
use crate::model::fault::Fault;
use crate::model::form::ValidForm;
use crate::model::identity::Identity;
use crate::model::leaving::Parting;
use crate::model::summary::{Activity, Event, SignedIn};
use crate::model::token::Tokens;
use crate::model::unlisted::Unlisted;
use crate::vault::{Held, Left, Owner};

/// Saves a new connection with the tokens that its test obtained; signs in first if none were. The config file does not
/// list it where signing in is refused or something cannot be written.
pub async fn save(services: &Services, form: &ValidForm) -> Parting {
    let mut left = None;
    let outcome = save_signed_in(services, form, &mut left).await;
    parted(services, &form.connection.name, left, outcome).await
}

async fn save_signed_in(services: &Services, form: &ValidForm, left: &mut Option<Left>) -> Result<(), Fault> {
    check_free(services, form).await?;
    let tokens = sign_in(services, form).await?;
    let _lock = lock(services, &form.connection.name).await?;
    keep_secrets(services, form, tokens, left).await?;
    forget_binding(services, &form.connection.name).await?;
    binding::keep(services, &form.connection, &*services.candidate(form).await?).await?;
    list(services, form).await?;
    services.candidate_tokens.take();
    record(services, &form.connection.name, Event::SignedIn).await
}

/// What was kept under this name was another connection's.
async fn forget_binding(services: &Services, name: &ConnectionName) -> Result<(), Fault> {
    let (home, name) = (services.home.clone(), name.clone());
    blocking(move || kept::remove(&home, &name)).await
}

/// Saves a new connection without signing in: its user may be yet to be made. It is signed out until its tokens
/// are rotated, and holds nothing of a connection that had its name before. The config file does not list it where
/// something cannot be written.
pub async fn save_signed_out(services: &Services, form: &ValidForm) -> Parting {
    let mut left = None;
    let outcome = save_alone(services, form, &mut left).await;
    parted(services, &form.connection.name, left, outcome).await
}

async fn save_alone(services: &Services, form: &ValidForm, left: &mut Option<Left>) -> Result<(), Fault> {
    check_free(services, form).await?;
    let _lock = lock(services, &form.connection.name).await?;
    let (vault, owner) = (services.vault().await?.clone(), Owner::of(&form.connection));
    let held = Held { client_secret: form.client_secret.clone(), ..Held::default() };
    write_down(services, &form.connection.name).await?;
    *left = blocking(move || vault.replace(&owner, held)).await?;
    forget_binding(services, &form.connection.name).await?;
    list(services, form).await?;
    services.candidate_tokens.take();
    let out = Fault::SignedOut { connection: form.connection.name.to_string() };
    services.store().await?.signed_out(&form.connection.name, out).await
}

/// Takes the lock that whoever changes a connection holds.
///
/// # Errors
/// [`Fault::Locked`] while another changes it, syncs it or writes its tickets.
pub async fn lock(services: &Services, name: &ConnectionName) -> Result<ChangeLock, Fault> {
    services.giving_way.ask(name);
    let (home, name) = (services.home.clone(), name.clone());
    blocking(move || ChangeLock::take(&home, &name)).await
}

/// Takes the lock that whoever syncs a connection holds.
///
/// # Errors
/// [`Fault::Locked`] while another syncs or changes it.
pub async fn sync_lock(services: &Services, name: &ConnectionName) -> Result<SyncLock, Fault> {
    let (home, name) = (services.home.clone(), name.clone());
    blocking(move || SyncLock::take(&home, &name)).await
}

/// Takes the lock that whoever writes a connection's tickets holds.
///
/// # Errors
/// [`Fault::Locked`] while another writes them or changes the connection.
pub async fn ticket_lock(services: &Services, name: &ConnectionName) -> Result<TicketLock, Fault> {
    let (home, name) = (services.home.clone(), name.clone());
    blocking(move || TicketLock::take(&home, &name)).await
}

async fn check_free(services: &Services, form: &ValidForm) -> Result<(), Fault> {
    services.config().await?.check_free(&form.connection.name, None)
}

async fn list(services: &Services, form: &ValidForm) -> Result<(), Fault> {
    let (home, new) = (services.home.clone(), form.connection.clone());
    blocking(move || config::add(&home, &new)).await?;
    record(services, &form.connection.name, Event::Added).await
}

/// Replaces a connection's settings; with secrets in the form it signs in with them, and the tokens that it had before
/// are revoked. It ends with [`Fault::Locked`] while the connection is being synced, else as [`save`].
pub async fn replace(services: &Services, form: &ValidForm, keys: Vec<String>) -> Parting {
    let mut left = None;
    let outcome = write(services, form, keys, &mut left).await;
    parted(services, &form.connection.name, left, outcome).await
}

/// Writes settings and secrets; `left` gets what was there before, however it ends.
async fn write(services: &Services, form: &ValidForm, keys: Vec<String>, left: &mut Option<Left>) -> Result<(), Fault> {
    let _lock = lock(services, &form.connection.name).await?;
    // It may have been removed meanwhile.
    services.connection(form.connection.name.as_str()).await?;
    if form.password.is_some() || form.client_secret.is_some() {
        let tokens = sign_in(services, form).await?;
        keep_secrets(services, form, tokens, left).await?;
        services.candidate_tokens.take();
        record(services, &form.connection.name, Event::SignedIn).await?;
    }
    let (home, changed) = (services.home.clone(), form.connection.clone());
    blocking(move || config::replace(&home, &changed)).await?;
    record(services, &form.connection.name, Event::Edited { keys }).await
}

/// Whether changed settings need a new sign-in: the secrets that are kept belong to another identity. Settings that are
/// set back to what they were when it was signed in need none.
///
/// # Errors
/// When the vault cannot be read.
pub async fn needs_sign_in(services: &Services, old: &Connection, new: &Connection) -> Result<bool, Fault> {
    if Identity::of(old) == Identity::of(new) {
        return Ok(false);
    }
    let (vault, owner) = (services.vault().await?.clone(), Owner::of(new));
    blocking(move || match vault.held(&owner) {
        Err(Fault::IdentityChanged { .. }) => Ok(true),
        held => Ok(held?.is_none()),
    })
    .await
}

/// Revokes what a change of a connection that stays left behind, and notes what became of it.
async fn parted(services: &Services, name: &ConnectionName, left: Option<Left>, outcome: Result<(), Fault>) -> Parting {
    let leaving = leaving::revoke(services, name, left).await;
    if let Err(fault) = leaving::note(services, name, &leaving).await {
        tracing::warn!(code = fault.code(), "what became of replaced tokens could not be noted");
    }
    Parting { leaving, outcome }
}

/// The connection of this name, so that it can be removed: one that the config file lost as well.
///
/// # Errors
/// [`Fault::NoSuchConnection`]; as [`unlisted::all`].
pub async fn removable(services: &Services, name: &str) -> Result<ConnectionName, Fault> {
    match services.connection(name).await {
        Err(fault @ Fault::NoSuchConnection { .. }) => {
            let lost = ConnectionName::listed(name).map_err(|_| fault.clone())?;
            if unlisted::has(services, &Unlisted::Connection(lost.clone())).await? { Ok(lost) } else { Err(fault) }
        }
        found => found.map(|connection| connection.name),
    }
}

/// Removes a connection: its secrets first, its listing last, so that a cut leaves something to remove again. Its tokens
/// are then revoked at the product, as far as that goes. It ends with [`Fault::Locked`] while another process syncs it.
pub async fn remove(services: &Services, name: &ConnectionName) -> Parting {
    let mut left = None;
    let outcome = take_out(services, name, &mut left).await;
    Parting { leaving: leaving::revoke(services, name, left).await, outcome }
}

/// Takes a connection out of vault, store and config file; `left` gets what the vault had, however it ends.
async fn take_out(services: &Services, name: &ConnectionName, left: &mut Option<Left>) -> Result<(), Fault> {
    // A sync of another process would store rows behind the removal's back.
    let lock = lock(services, name).await?;
    // Where its rows cannot be removed it keeps its secrets.
    let store = services.store().await?;
    let (vault, gone) = (services.vault().await?.clone(), name.clone());
    *left = blocking(move || vault.remove(&gone)).await?;
    store.remove(name).await?;
    let (home, gone) = (services.home.clone(), name.clone());
    blocking(move || {
        mapping::remove(&home, &gone)?;
        kept::remove(&home, &gone)?;
        waits::remove(&home, &gone)?;
        match config::remove(&home, &gone) {
            // Its listing was lost before.
            Err(Fault::NoSuchConnection { .. }) => Ok(()),
            removed => removed,
        }
    })
    .await?;
    lock.delete();
    Ok(())
}

async fn sign_in(services: &Services, form: &ValidForm) -> Result<Tokens, Fault> {
    let token_store = services.candidate_tokens.token_store(form)?;
    if let Some(tokens) = token_store.tokens().await {
        return Ok(tokens);
    }
    let step = services.candidate(form).await?.run_step(StepId::SignIn).await;
    if let (Status::Failed, Some(fault)) = (step.status, step.fault) {
        return Err(fault);
    }
    let none = || Fault::SignedOut { connection: form.connection.name.to_string() };
    token_store.tokens().await.ok_or_else(none)
}

/// Keeps the secrets of a form in the place of whatever the vault has under its name; `left` gets that.
async fn keep_secrets(
    services: &Services,
    form: &ValidForm,
    tokens: Tokens,
    left: &mut Option<Left>,
) -> Result<(), Fault> {
    let (vault, owner) = (services.vault().await?.clone(), Owner::of(&form.connection));
    let (sign_in, identity) = (tokens.sign_in, owner.identity.clone());
    let held = Held { client_secret: form.client_secret.clone(), tokens: Some(tokens), ..Held::default() };
    write_down(services, &form.connection.name).await?;
    *left = blocking(move || vault.replace(&owner, held)).await?;
    let same = left.as_ref().zip(form.client_secret.as_ref());
    let client_secret_expires = same.and_then(|(left, secret)| left.held.end_of(secret));
    let signed_in = SignedIn { sign_in, identity, client_secret_expires };
    services.store().await?.signed_in(&form.connection.name, signed_in).await
}

/// Writes down which tokens are about to be replaced, if the name has any.
async fn write_down(services: &Services, name: &ConnectionName) -> Result<(), Fault> {
    let (vault, whose) = (services.vault().await?.clone(), name.clone());
    match blocking(move || vault.left(&whose)).await? {
        Some(left) => leaving::write_down(services, name, &left.held).await,
        None => Ok(()),
    }
}

/// Writes an entry of the activity log.
///
/// # Errors
/// The store's own.
pub async fn record(services: &Services, name: &ConnectionName, event: Event) -> Result<(), Fault> {
    services.store().await?.record(name, Activity { at: Timestamp::now(), event }).await
}
