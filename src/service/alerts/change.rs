//! Changing a source: nothing is saved before all that it reads from now on could be read.

use jiff::Timestamp;

use super::{api_of, check_source, forget_secret, of_source};
use crate::home::config;
use crate::model::alert_source::{AlertSource, SourceState};
use crate::model::fault::Fault;
use crate::model::workspace::{AzureSignIn, WorkspaceName};
use crate::service::blocking::blocking;
use crate::service::services::Services;
use crate::service::workspaces;
use crate::vault::Vault;

/// Changes a source from `old` to `new`. With `signed_in` a sign-in was kept under [`AlertSource::tried_account`], and takes the
/// place of the one that the source has. Alerts of a subscription that is new to the source get no tickets if they fired before.
///
/// # Errors
/// [`Fault::SourceWrong`]; [`Fault::NoSuchSource`]; the refusal of a sign-in or of a subscription. Nothing is saved then.
pub async fn change(services: &Services, old: &AlertSource, new: &AlertSource, signed_in: bool) -> Result<(), Fault> {
    check_source(new)?;
    let states = read(services, old, new, signed_in).await?;
    let store = services.store().await?;
    for state in states {
        store.take_alerts(Vec::new(), new.name.as_str(), None, Some(state), Timestamp::now()).await?;
    }
    let (home, from, to) = (services.home.clone(), old.clone(), new.clone());
    blocking(move || config::change_alert_source(&home, &from, &to)).await?;
    if signed_in {
        take_over(services, new).await?;
    } else if keeps_secret(old) && !keeps_secret(new) {
        forget_secret(services, new).await?;
    }
    let gone = old.subscriptions.iter().filter(|id| !new.subscriptions.contains(id)).cloned().collect();
    store.forget_subscriptions(new.name.as_str(), gone).await
}

/// Reads a first page of each subscription that is new, or of all with another sign-in; the states that the new ones begin with.
async fn read(
    services: &Services,
    old: &AlertSource,
    new: &AlertSource,
    signed_in: bool,
) -> Result<Vec<(String, SourceState)>, Fault> {
    let is_other = signed_in || new.signs_in_otherwise(old);
    let is_new = |id: &String| !old.subscriptions.contains(id);
    let wanted: Vec<_> = new.subscriptions.iter().filter(|id| is_other || is_new(id)).cloned().collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let account = if signed_in { new.tried_account() } else { new.account() };
    let api = api_of(services, new, &account).await?;
    let mut states = Vec::new();
    for id in wanted {
        let since = api
            .first(&id)
            .await
            .map_err(|fault| of_source(fault, new.name.as_str()))?
            .answered_at
            .unwrap_or_else(Timestamp::now);
        if is_new(&id) {
            states.push((id, SourceState { since: Some(since), ..SourceState::default() }));
        }
    }
    Ok(states)
}

fn keeps_secret(source: &AlertSource) -> bool {
    matches!(source.sign_in, AzureSignIn::ServicePrincipal | AzureSignIn::DeviceCode)
}

/// Puts the sign-in that was tried in the place of the one that the source had.
async fn take_over(services: &Services, source: &AlertSource) -> Result<(), Fault> {
    let (from, to) = (source.tried_account(), source.account());
    if keeps_secret(source) {
        let identity = workspaces::identity_of(services, &from).await?;
        let (vault, from) = (services.vault().await?.clone(), from.name);
        let moved = move || match vault.workspace(&from, &identity)? {
            Some(held) => vault.replace_workspace(&to.name, &identity, held),
            None => Ok(()),
        };
        blocking(moved).await?;
    } else {
        forget_secret(services, source).await?;
    }
    forget_tried(services, source).await
}

/// Forgets a sign-in that was tried for a change that is not saved.
///
/// # Errors
/// The vault's own.
pub async fn forget_tried(services: &Services, source: &AlertSource) -> Result<(), Fault> {
    forget(services, source.tried_account().name).await
}

/// Forgets the secret of an account.
///
/// # Errors
/// The vault's own.
pub(super) async fn forget(services: &Services, account: WorkspaceName) -> Result<(), Fault> {
    if Vault::exists(&services.home.vault_paths())? {
        let vault = services.vault().await?.clone();
        blocking(move || vault.remove_workspace(&account)).await?;
    }
    Ok(())
}
