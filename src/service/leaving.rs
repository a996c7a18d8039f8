//! Tokens that a connection leaves behind at the product: revoked as far as that goes, and told where it does not.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::administration::token_life;
use super::blocking::blocking;
use super::candidate::Candidate;
use super::services::Services;
use super::token_store::MemoryTokens;
use crate::model::connection::{Connection, ConnectionName};
use crate::model::fault::Fault;
use crate::model::identity::Identity;
use crate::model::leaving::Leaving;
use crate::model::secret::Secret;
use crate::model::summary::{Activity, Event};
use crate::model::token_list::{Fingerprint, HeldToken, TokenKind};
use crate::model::url::ServerUrl;
use crate::partner::Partner;
use crate::vault::{Held, Left};

/// How long the product may take to revoke all of them: whoever removes a connection does not wait for a dead server, and
/// a command that a signal ended has eight seconds to say which live on.
const PATIENCE: Duration = Duration::from_secs(5);

/// Revokes what an entry of the vault held. It never fails as a call: what could not be revoked lives on.
pub async fn revoke(services: &Services, name: &ConnectionName, left: Option<Left>) -> Leaving {
    let Some(Left { identity, held }) = left else { return Leaving::default() };
    let mut tokens = of(&held);
    let in_use = in_use(services, name, &held).await;
    tokens.retain(|token| !in_use.contains(&token.fingerprint));
    // Without its refresh token nothing gives out another access token meanwhile.
    tokens.sort_by_key(|token| token.kind != TokenKind::Refresh);
    tokens.dedup_by(|one, other| one.fingerprint == other.fingerprint);
    if tokens.is_empty() {
        return Leaving::default();
    }
    match partner(services, name, &identity, held).await {
        Ok(partner) => each(&*partner, tokens).await,
        Err(fault) => {
            tracing::info!(code = fault.code(), "tokens that were left behind could not be revoked");
            Leaving { revoked: 0, live: tokens }
        }
    }
}

/// Writes into the activity log which tokens a sign-in is about to replace, before anything can be cut off: their values are gone
/// with the entry, and what is left of them at the product must be known.
///
/// # Errors
/// When it cannot be written; nothing was replaced then.
pub async fn write_down(services: &Services, name: &ConnectionName, held: &Held) -> Result<(), Fault> {
    note(services, name, &Leaving::of(of(held))).await
}

/// Writes into the activity log what became of tokens that were replaced, where there were any.
///
/// # Errors
/// When it cannot be written.
pub async fn note(services: &Services, name: &ConnectionName, leaving: &Leaving) -> Result<(), Fault> {
    if leaving.is_empty() {
        return Ok(());
    }
    let event = Event::LeftBehind { leaving: leaving.clone() };
    services.store().await?.record(name, Activity { at: Timestamp::now(), event }).await
}

/// Every token of an entry, each once.
fn of(held: &Held) -> Vec<HeldToken> {
    let mut tokens: Vec<HeldToken> = held.tokens.iter().flat_map(|tokens| tokens.shown(None)).collect();
    tokens.extend(held.retired.iter().flat_map(|retired| retired.tokens.shown(Some(retired.at))));
    tokens
}

/// Revokes the tokens of a form that is given up: its test obtained them, and nobody will use them.
pub async fn give_up(services: &Services) -> Leaving {
    match services.candidate_tokens.take() {
        Some(Candidate { connection, client_secret, token_store }) => {
            let held = Held { client_secret, tokens: token_store.tokens().await, ..Held::default() };
            let left = Left { identity: Identity::of(&connection), held };
            revoke(services, &connection.name, Some(left)).await
        }
        None => Leaving::default(),
    }
}

async fn each(partner: &dyn Partner, tokens: Vec<HeldToken>) -> Leaving {
    let mut leaving = Leaving { revoked: 0, live: tokens };
    let Ok(life) = token_life(partner) else { return leaving };
    let ends = tokio::time::Instant::now() + PATIENCE;
    let mut live = Vec::new();
    for token in std::mem::take(&mut leaving.live) {
        match tokio::time::timeout_at(ends, life.revoke_held(&token.fingerprint)).await {
            Ok(Ok(_)) => leaving.revoked += 1,
            _ => live.push(token),
        }
    }
    leaving.live = live;
    leaving
}

/// The tokens that connections of this home live on: the same may have been given to two of them.
async fn in_use(services: &Services, name: &ConnectionName, held: &Held) -> Vec<Fingerprint> {
    let all: Vec<Secret> =
        held.tokens.iter().flat_map(|tokens| tokens.each().map(|(_, token)| token.clone())).collect();
    let Some(vault) = services.handles.open_vault() else {
        // Whether another connection holds them cannot be seen without asking for a passphrase: they are let live.
        let none_there = services.handles.vault_is_missing();
        return if none_there { Vec::new() } else { all.iter().map(Fingerprint::of).collect() };
    };
    let whose = name.clone();
    let used = blocking(move || {
        let mut used = vault.tokens_of_others(&whose)?;
        let own = vault.left(&whose)?.and_then(|left| left.held.tokens);
        used.extend(own.iter().flat_map(|tokens| tokens.each().map(|(_, token)| token.clone())).collect::<Vec<_>>());
        Ok(used)
    });
    // What cannot be compared is not revoked.
    used.await.unwrap_or(all).iter().map(Fingerprint::of).collect()
}

/// The partner as it was when the tokens were given.
async fn partner(
    services: &Services,
    name: &ConnectionName,
    identity: &Identity,
    held: Held,
) -> Result<Arc<dyn Partner>, Fault> {
    let bad = |_| Fault::Internal { what: "the server of a sign-in".to_owned() };
    let connection = Connection {
        name: name.clone(),
        partner: identity.partner.clone(),
        server_url: ServerUrl::parse(&identity.server, &[]).map_err(bad)?.0,
        username: identity.user.clone(),
        client_id: identity.client_id.clone(),
        work_items: Vec::new(),
        sync_days: 1,
        create_configuration_items: false,
        grant: identity.grant,
        details: identity.details.clone(),
        workspaces: Vec::new(),
        known_as: None,
    };
    let client_secret = held.client_secret.clone();
    services.left_behind(connection, client_secret, Arc::new(MemoryTokens::holding(held))).await
}
