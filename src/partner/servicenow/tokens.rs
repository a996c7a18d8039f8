//! The tokens of a connection: those that itsmc stores, and those that the instance lists in `oauth_credential`.
//!
//! Its `sys_created_by` is `guest` for all, so rows are told by application and user, never by who made them. The
//! column `token` is mostly withheld; then a row is known by its end, as far as that can tell.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value as Json;
use zeroize::Zeroize;

use super::checklist::{Viewer, seen_by};
use super::lookup::{self, Ask, Rows, is_hidden};
use super::query;
use super::rows::moment;
use crate::model::fault::Fault;
use crate::model::secret::Secret;
use crate::model::token::{Retired, Tokens};
use crate::model::token_list::{Fingerprint, InstanceToken, InstanceTokens, Ours, Stale, TokenKind, TokenList, sort};

/// More tokens than an application and user have.
const LIMIT: u32 = 500;

/// Two times of the same moment may differ this much, because of clocks and whole seconds.
const SAME: SignedDuration = SignedDuration::from_secs(5);

/// The columns, including the token's value, which is only compared and not kept.
const FIELDS: &str = "sys_id,type,token,expires,last_access,sys_created_on,peer.client_id,user.user_name";

/// The tokens of this connection that we hold or held.
struct Known {
    held: Option<Tokens>,
    retired: Vec<Retired>,
}

/// Lists the tokens with these eyes.
///
/// # Errors
/// When the place where ours are kept cannot be read; what the instance does not show is part of the list.
pub async fn list(viewer: Viewer<'_>) -> Result<TokenList, Fault> {
    let token_store = viewer.partner.session.token_store();
    let known = Known { held: token_store.load().await?, retired: token_store.retired().await? };
    let held = viewer.partner.session.held().await?;
    let instance = match of_instance(viewer, &known).await {
        Ok(Some(tokens)) => InstanceTokens::Seen { tokens },
        Ok(None) => InstanceTokens::CannotSee { fault: None },
        Err(fault) => InstanceTokens::CannotSee { fault: Some(fault) },
    };
    Ok(TokenList { held, instance, seen_by: seen_by(viewer.admin), at: Timestamp::now() })
}

/// The rows of this application and user; none if an empty answer proves nothing.
async fn of_instance(viewer: Viewer<'_>, known: &Known) -> Result<Option<Vec<InstanceToken>>, Fault> {
    let connection = &viewer.partner.connection;
    let client_id = query::safe("oauth_credential", &connection.client_id)?;
    let user_name = query::safe("oauth_credential", &connection.username)?;
    let condition = format!("peer.client_id={client_id}^user.user_name={user_name}^ORDERBYexpires");
    let mut found = match ask(viewer, &condition, LIMIT).await {
        Err(fault) if is_hidden(&fault) => return Ok(None),
        found => found?,
    };
    let now = found.date.unwrap_or_else(Timestamp::now);
    // How far the instance's clock is ahead of ours.
    let ahead = now.duration_since(Timestamp::now());
    let ours = |row: &&mut Json| {
        row["peer.client_id"].as_str() == Some(client_id) && lookup::same(row, "user.user_name", user_name)
    };
    let mut tokens: Vec<_> = found.rows.iter_mut().filter(ours).map(|row| token(row, known, ahead, now)).collect();
    if tokens.is_empty() && !(found.rows.is_empty() && proves_none(viewer, known, &found).await?) {
        return Ok(None);
    }
    sort(&mut tokens);
    Ok(Some(tokens))
}

async fn ask(viewer: Viewer<'_>, query: &str, limit: u32) -> Result<Rows, Fault> {
    lookup::rows(viewer.session, Ask { table: "oauth_credential", query, fields: FIELDS, limit }).await
}

/// Whether an empty answer means that there is no token: not while one of ours is valid, and only if others are visible.
async fn proves_none(viewer: Viewer<'_>, known: &Known, found: &Rows) -> Result<bool, Fault> {
    let alive = known.held.as_ref().is_some_and(|held| held.access_is_good(Timestamp::now()));
    if alive || found.some_hidden() || viewer.admin.is_none() {
        return Ok(false);
    }
    Ok(!ask(viewer, "", 1).await?.rows.is_empty())
}

fn token(row: &mut Json, known: &Known, ahead: SignedDuration, now: Timestamp) -> InstanceToken {
    let value = take_value(row);
    let time = |column: &str| row[column].as_str().and_then(moment::parse);
    let (kind, expires, created) = (kind(row), time("expires"), time("sys_created_on"));
    let at_home = expires.and_then(|end| end.checked_sub(ahead).ok());
    let matches = |tokens: &Tokens| whose(tokens, kind, value.as_ref(), at_home);
    let ours = known.held.as_ref().map_or(Ours::No, matches);
    let replaced = || known.retired.iter().any(|retired| matches(&retired.tokens) == Ours::Yes);
    let before = || {
        known.held.as_ref().zip(created).is_some_and(|(held, created)| {
            created.checked_sub(ahead).is_ok_and(|created| created < held.sign_in.signed_in_at)
        })
    };
    let stale = match ours {
        _ if expires.is_some_and(|end| end <= now) => Some(Stale::Expired),
        Ours::No if replaced() => Some(Stale::Retired),
        Ours::No if before() => Some(Stale::BeforeSignIn),
        Ours::No => Some(Stale::NotOurs),
        _ => None,
    };
    InstanceToken {
        id: lookup::text(row, "sys_id").unwrap_or_default(),
        kind,
        user_name: lookup::text(row, "user.user_name").unwrap_or_default(),
        fingerprint: value.as_ref().map(Fingerprint::of),
        created,
        expires,
        last_used: time("last_access"),
        ours,
        stale,
    }
}

/// The token's value, if it was shown as such; the row keeps no copy.
pub fn take_value(row: &mut Json) -> Option<Secret> {
    let Some(Json::String(text)) = row.get_mut("token") else { return None };
    let masked = text.is_empty() || text.bytes().all(|byte| byte == b'*');
    let value = (!masked).then(|| Secret::new(text.clone()));
    text.zeroize();
    value
}

/// What a row's token is for.
pub fn kind(row: &Json) -> TokenKind {
    match row["type"].as_str() {
        Some("access_token") => TokenKind::Access,
        Some("refresh_token") => TokenKind::Refresh,
        _ => TokenKind::Other,
    }
}

/// Whether a row is one of these tokens: by its value where that is shown, else by its end. A sign-in only ever
/// puts off the end of a token that it returns again, so one that ends earlier than ours is another, and one that
/// ends later may be ours.
fn whose(tokens: &Tokens, kind: TokenKind, value: Option<&Secret>, end: Option<Timestamp>) -> Ours {
    if let Some(value) = value {
        return if tokens.holds(value) { Ours::Yes } else { Ours::No };
    }
    let expected = match kind {
        TokenKind::Access => Some(tokens.access_expires),
        TokenKind::Refresh if tokens.refresh.is_none() => return Ours::No,
        TokenKind::Refresh => tokens.sign_in.lifespan_known.then(|| tokens.sign_in.expires()),
        TokenKind::Other => return Ours::No,
    };
    match (expected, end) {
        (Some(expected), Some(end)) if end.duration_since(expected).abs() <= SAME => Ours::Yes,
        (Some(expected), Some(end)) if end < expected => Ours::No,
        _ => Ours::Unknown,
    }
}
