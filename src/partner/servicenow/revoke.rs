//! Revokes a token by its value, and checks that it is then refused.
//!
//! `/oauth_revoke_token.do` takes a token without authentication and marks it as expired (documented as
//! `GET|POST …?token=`, in t_RevokeOAuthToken). Whether it reads a form body is not documented, nor what it answers.
//! So the form comes first, which no proxy logs; only where it had no effect the token goes into the address, as the
//! documentation has it. The reply proves nothing: a token counts as revoked when it is seen to be refused.

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::errors;
use super::query;
use super::sign_in::OAuth;
use crate::model::fault::Fault;
use crate::model::secret::Secret;
use crate::model::token::Tokens;
use crate::model::token_list::{Fingerprint, TokenKind};
use crate::net::http::{Reply, SMALL_LIMIT_BYTES};

const PATH: &str = "/oauth_revoke_token.do";

/// What is left of a token.
enum Effect {
    /// It is refused.
    Refused,
    /// It works; a refresh token that works gave out this access token.
    Works(Option<Box<Tokens>>),
}

/// Revokes a token. `in_use` are the tokens that must live on: an access token that trying the old refresh token
/// brought to light is revoked as well, unless it is one of them.
///
/// # Errors
/// [`Fault::NotRevoked`] if it still works, or why that could not be checked.
pub async fn revoke(oauth: &OAuth, kind: TokenKind, token: &Secret, in_use: Option<&Tokens>) -> Result<(), Fault> {
    let mut by_products = Vec::new();
    let done = order(oauth, kind, token, &mut by_products).await;
    for access in by_products.iter().filter(|access| in_use.is_none_or(|used| !used.holds(access))) {
        order(oauth, TokenKind::Access, access, &mut Vec::new()).await?;
    }
    done
}

async fn order(oauth: &OAuth, kind: TokenKind, token: &Secret, made: &mut Vec<Secret>) -> Result<(), Fault> {
    by_form(oauth, token).await?;
    if refused(oauth, kind, token, made).await? {
        return Ok(());
    }
    by_address(oauth, token).await?;
    if refused(oauth, kind, token, made).await? {
        return Ok(());
    }
    Err(Fault::NotRevoked { kind: Some(kind), what: Fingerprint::of(token).to_string() })
}

async fn by_form(oauth: &OAuth, token: &Secret) -> Result<(), Fault> {
    let value = Zeroizing::new(query::encode(token.expose()));
    let form = Zeroizing::new(format!("token={}", &*value));
    told(&oauth.http.post_form(PATH, form, SMALL_LIMIT_BYTES).await?)
}

async fn by_address(oauth: &OAuth, token: &Secret) -> Result<(), Fault> {
    let value = Zeroizing::new(query::encode(token.expose()));
    let path = Zeroizing::new(format!("{PATH}?token={}", &*value));
    told(&oauth.http.get(&path, None, SMALL_LIMIT_BYTES).await?)
}

/// A reply that shows that the request was not handled at all. Any other reply proves nothing.
fn told(reply: &Reply) -> Result<(), Fault> {
    match reply.status {
        429 | 500.. => Err(errors::fault_of(reply, "oauth_revoke_token.do", Timestamp::now())),
        _ => Ok(()),
    }
}

async fn refused(oauth: &OAuth, kind: TokenKind, token: &Secret, made: &mut Vec<Secret>) -> Result<bool, Fault> {
    let effect = match kind {
        TokenKind::Refresh => try_refresh(oauth, token).await?,
        _ => try_access(oauth, token).await?,
    };
    Ok(match effect {
        Effect::Refused => true,
        Effect::Works(tokens) => {
            made.extend(tokens.map(|tokens| tokens.access));
            false
        }
    })
}

async fn try_access(oauth: &OAuth, token: &Secret) -> Result<Effect, Fault> {
    let path = query::list("sys_user", "", "sys_id", 1, false);
    let reply = oauth.http.get(&path, Some(token), SMALL_LIMIT_BYTES).await?;
    match reply.status {
        401 => Ok(Effect::Refused),
        200 | 403 | 404 if reply.is_json() => Ok(Effect::Works(None)),
        _ => Err(errors::fault_of(&reply, "sys_user", Timestamp::now())),
    }
}

async fn try_refresh(oauth: &OAuth, token: &Secret) -> Result<Effect, Fault> {
    match oauth.exchange(token).await {
        Ok(tokens) => Ok(Effect::Works(Some(Box::new(tokens)))),
        Err(Fault::SignInRefused { .. }) => Ok(Effect::Refused),
        Err(fault) => Err(fault),
    }
}

#[cfg(test)]
#[path = "revoke/tests.rs"]
mod tests;
