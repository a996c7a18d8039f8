//! The checklist, its fixes, and the tokens of a connection; an admin's session lives here, in memory only.

use std::sync::Arc;

use super::blocking::blocking;
use super::confirmations::Confirmations;
use super::connections::record;
use super::services::Services;
use crate::model::checklist::{Checklist, ChecklistItem, ItemId};
use crate::model::connection::{Connection, ConnectionName};
use crate::model::fault::Fault;
use crate::model::fix::{Change, Done, Fix};
use crate::model::form::ValidForm;
use crate::model::partner::PartnerSpec;
use crate::model::secret::Secret;
use crate::model::summary::Event;
use crate::model::token::Tokens;
use crate::model::token_list::TokenChoice;
use crate::model::token_list::{Fingerprint, TokenList};
use crate::partner::{AdminSession, Administration, ChecklistEvent, Checks, TokenLife};
use crate::partner::{Partner, TokenStore};
use crate::vault::redactor;

/// Looks at the checklist: with the admin's eyes while one is signed in, and with what the admin said where nothing can be
/// seen. Items that are checked only on request stand at its end, not checked. `tell` hears of each item as it ends.
///
/// # Errors
/// When there is no such connection, its secrets or what was said cannot be read, or its product has no checklist.
pub async fn checklist(
    services: &Services,
    name: &ConnectionName,
    mut tell: impl FnMut(ChecklistItem) + Send,
) -> Result<Checklist, Fault> {
    let confirmations = Confirmations::of(services, name).await?;
    let connection = services.connection(name.as_str()).await?;
    let mut tell_taken = |item| tell(confirmations.applied_to(item));
    let mut ended = each_ended(&mut tell_taken);
    let looked = match services.admins.get(name) {
        Some(session) => session.checklist(&mut ended).await,
        None => checks(&*services.partner(&connection).await?)?.checklist(&mut ended).await,
    };
    let items = looked.items.into_iter().map(|item| confirmations.applied_to(item)).collect();
    let whole = Checklist { items, ..looked };
    Ok(with_requests(services.spec(&connection.partner)?, &connection, whole))
}

/// Looks at the checklist of a form that is not saved yet, as the integration user with the tokens that its
/// test obtained. `tell` hears of each item as it ends.
///
/// # Errors
/// When the partner cannot be made, or its product has no checklist.
pub async fn candidate_checklist(
    services: &Services,
    form: &ValidForm,
    mut tell: impl FnMut(ChecklistItem) + Send,
) -> Result<Checklist, Fault> {
    let mut ended = each_ended(&mut tell);
    let partner = services.candidate(form).await?;
    let whole = checks(&*partner)?.checklist(&mut ended).await;
    Ok(with_requests(services.spec(&form.connection.partner)?, &form.connection, whole))
}

/// The checklist with what is checked only on request at its end.
fn with_requests(spec: &PartnerSpec, connection: &Connection, mut whole: Checklist) -> Checklist {
    whole.items.extend(spec.on_request(connection.server_url.as_str(), &connection.client_id));
    whole
}

/// Checks an item that is checked only on request: it may send the product the secret.
///
/// # Errors
/// When there is no such connection, its secrets cannot be read, or its product has no such item.
pub async fn on_request(services: &Services, name: &ConnectionName, item: &ItemId) -> Result<ChecklistItem, Fault> {
    let connection = services.connection(name.as_str()).await?;
    let spec = services.spec(&connection.partner)?;
    let none = || Fault::NotFound { what: item.to_string() };
    let requests = spec.on_request(connection.server_url.as_str(), &connection.client_id);
    let words = requests.into_iter().find(|request| request.id == *item).ok_or_else(none)?;
    let partner = services.partner(&connection).await?;
    let looked = partner.checks().and_then(|checks| checks.on_request(item)).ok_or_else(none)?.await;
    Ok(ChecklistItem { on_request: words.on_request, ..looked })
}

/// Signs an admin in for this session. A session there is already is ended first.
///
/// # Errors
/// [`Fault::AdminRefused`], or why no answer came.
pub async fn sign_in(
    services: &Services,
    name: &ConnectionName,
    user_name: String,
    password: Secret,
) -> Result<(), Fault> {
    redactor::remember(&password);
    sign_out(services, name).await?;
    let partner = partner(services, name).await?;
    let session = administration(&*partner)?.admin_session(user_name, password).await?;
    services.admins.keep(name, session);
    Ok(())
}

/// Ends the admin's session: its tokens are revoked.
///
/// # Errors
/// When one of them still works, or that could not be seen.
pub async fn sign_out(services: &Services, name: &ConnectionName) -> Result<(), Fault> {
    match services.admins.take(name) {
        Some(session) => session.end().await,
        None => Ok(()),
    }
}

/// The exact changes that a fix would make.
///
/// # Errors
/// When no admin is signed in, or the product cannot be looked at.
pub async fn preview(services: &Services, name: &ConnectionName, fix: &Fix) -> Result<Vec<Change>, Fault> {
    admin(services, name)?.preview(fix).await
}

/// Makes a fix, and writes it to the activity log: who, what, before, after.
///
/// # Errors
/// When no admin is signed in, the product refuses, or it does not show the change afterwards.
pub async fn apply(
    services: &Services,
    name: &ConnectionName,
    fix: &Fix,
    password: Option<Secret>,
) -> Result<Done, Fault> {
    password.iter().for_each(redactor::remember);
    let done = admin(services, name)?.apply(fix, password).await?;
    record(services, name, Event::Fixed { done: Box::new(done.clone()) }).await?;
    Ok(done)
}

/// What we hold, and what the instance lists.
///
/// # Errors
/// When the tokens we hold cannot be read, or the product has none.
pub async fn tokens(services: &Services, name: &ConnectionName) -> Result<TokenList, Fault> {
    if let Some(session) = services.admins.get(name) {
        return session.tokens().await;
    }
    let partner = partner(services, name).await?;
    token_life(&*partner)?.tokens().await
}

/// Revokes tokens one by one; what each came to stands in the activity log. Revoking what the connection lives on
/// leaves it signed out.
///
/// # Errors
/// When there is no such connection or its secrets cannot be read.
pub async fn revoke(
    services: &Services,
    name: &ConnectionName,
    chosen: Vec<TokenChoice>,
) -> Result<Vec<(TokenChoice, Result<(), Fault>)>, Fault> {
    let partner = partner(services, name).await?;
    let (mut outcomes, mut along) = (Vec::new(), Vec::new());
    for token in chosen {
        let outcome = match &token {
            TokenChoice::Held(fingerprint) if along.contains(fingerprint) => Ok(()),
            TokenChoice::Held(fingerprint) => {
                revoke_held(services, name, &*partner, fingerprint).await.map(|more| along.extend(more))
            }
            TokenChoice::Listed(id) => match admin(services, name) {
                Ok(session) => session.revoke(id).await,
                Err(fault) => Err(fault),
            },
        };
        outcomes.push((token, outcome));
    }
    let revoked = outcomes.iter().filter(|(_, outcome)| outcome.is_ok()).map(|(token, _)| token_name(token)).collect();
    let failed = outcomes.iter().find_map(|(_, outcome)| outcome.as_ref().err().cloned());
    record(services, name, Event::TokensRevoked { revoked, fault: failed }).await?;
    Ok(outcomes)
}

/// Revoking the refresh token signs the connection out, so its access token is revoked too and both are deleted. Returns
/// the fingerprint of that access token.
async fn revoke_held(
    services: &Services,
    name: &ConnectionName,
    partner: &dyn Partner,
    fingerprint: &Fingerprint,
) -> Result<Option<Fingerprint>, Fault> {
    let connection = services.connection(name.as_str()).await?;
    let token_store = services.token_store(&connection, None).await?;
    let lives_on = |tokens: &Tokens| tokens.refresh.as_ref().is_some_and(|held| Fingerprint::of(held) == *fingerprint);
    let ended = token_store.load().await?.filter(lives_on);
    let life = token_life(partner)?;
    life.revoke_held(fingerprint).await?;
    let Some(ended) = ended else { return Ok(None) };
    let access = Fingerprint::of(&ended.access);
    let along = life.revoke_held(&access).await;
    let (vault, owner) = (token_store.vault.clone(), token_store.owner.clone());
    blocking(move || vault.lock()?.sign_out(&owner)).await?;
    services.store().await?.signed_out(name, Fault::SignedOut { connection: name.to_string() }).await?;
    match along {
        // Where no access token can be revoked it ends by itself, within minutes.
        Err(Fault::CannotRevoke { .. }) => Ok(None),
        along => along.map(|_| Some(access)),
    }
}

fn token_name(token: &TokenChoice) -> String {
    match token {
        TokenChoice::Held(fingerprint) => fingerprint.to_string(),
        TokenChoice::Listed(id) => id.clone(),
    }
}

fn admin(services: &Services, name: &ConnectionName) -> Result<Arc<dyn AdminSession>, Fault> {
    services.admins.get(name).ok_or_else(|| Fault::AdminNeeded { connection: name.to_string() })
}

pub(super) async fn partner(services: &Services, name: &ConnectionName) -> Result<Arc<dyn Partner>, Fault> {
    let connection = services.connection(name.as_str()).await?;
    services.partner(&connection).await
}

pub(super) fn token_life(partner: &dyn Partner) -> Result<&dyn TokenLife, Fault> {
    partner.token_life().ok_or_else(|| Fault::NotFound { what: "tokens".to_owned() })
}

fn each_ended(tell: &mut (impl FnMut(ChecklistItem) + Send)) -> impl FnMut(ChecklistEvent) + Send {
    move |event| {
        if let ChecklistEvent::Ended(item) = event {
            tell(*item);
        }
    }
}

fn checks(partner: &dyn Partner) -> Result<&dyn Checks, Fault> {
    partner.checks().ok_or_else(|| Fault::NotFound { what: "checklist".to_owned() })
}

fn administration(partner: &dyn Partner) -> Result<&dyn Administration, Fault> {
    partner.administration().ok_or_else(|| Fault::NotFound { what: "administration".to_owned() })
}
