//! Tokens from `{api}/token`, by password or by refresh token.
//!
//! Each new token, by either grant, invalidates the pair before it (Ivanti's documentation). So a user and client have one
//! pair, which the token store keeps; another program with the same client ID invalidates it. The bodies of these requests and
//! replies are secrets and are not passed on. Dates in replies have several formats, so only `expires_in` is used.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::Value as Json;
use zeroize::{Zeroize, Zeroizing};

use super::errors::{self, Envelope};
use super::path::{ApiPath, encode};
use crate::model::fault::Fault;
use crate::model::leaks::leaks;
use crate::model::secret::Secret;
use crate::model::token::{SignIn as Lifespan, Tokens};
use crate::model::token_list::{Fingerprint, TokenKind};
use crate::net::http::{Body, Call, Http, Method, Reply, SMALL_LIMIT_BYTES, is_lost};
use crate::partner::BoxFuture;
use crate::partner::session::SignIn;

/// The lifetime of an access token if the reply does not say: the shortest one observed.
const DEFAULT_LIFE_SECONDS: i64 = 1_199;
/// The longest credible lifetime: a week.
const LONGEST_LIFE_SECONDS: i64 = 604_800;
/// A token is renewed this long before its end, so that it does not expire during a call.
const MARGIN_SECONDS: i64 = 30;

/// A client ID and its user.
pub struct OAuth {
    /// The client of the system.
    pub http: Arc<Http>,
    /// Where the API is.
    pub api: ApiPath,
    /// The user; of a domain as `DOMAIN\user`.
    pub username: String,
    /// The client ID.
    pub client_id: String,
    /// The accounts to which the user belongs: `Internal`, `Windows`, `LDAP`, `SAML` or `Auto`.
    pub auth_mode: String,
}

#[derive(Deserialize)]
struct Granted {
    access_token: Option<String>,
    refresh_token: Option<String>,
    #[serde(default)]
    expires_in: Json,
}

impl Drop for Granted {
    fn drop(&mut self) {
        self.access_token.zeroize();
        self.refresh_token.zeroize();
    }
}

impl OAuth {
    async fn by_password(&self, password: &Secret) -> Result<Tokens, Fault> {
        let own = [("grant_type", "password"), ("username", &self.username), ("password", password.expose())];
        let now = Timestamp::now();
        // A password may be sent again after a lost reply. A refresh token may not: the lost reply has invalidated its pair, so
        // it would be refused, and the sign-in would count as ended because of a network fault.
        let granted = match self.ask(&own, password).await {
            Err(fault) if is_lost(&fault) => self.ask(&own, password).await?,
            answered => answered?,
        };
        // The lifetime of refresh tokens is set for each client ID and not shown anywhere; each renewal brings a new one.
        tokens(&granted, now, Lifespan::while_used(now))
    }

    async fn by_refresh(&self, held: &Tokens, refresh: &Secret) -> Result<Tokens, Fault> {
        let own = [("grant_type", "refresh_token"), ("refresh_token", refresh.expose())];
        let granted = self.ask(&own, refresh).await?;
        let renewed = tokens(&granted, Timestamp::now(), held.sign_in)?;
        // Without a new one, only the old one can be tried.
        let refresh = renewed.refresh.clone().or_else(|| Some(refresh.clone()));
        Ok(Tokens { refresh, ..renewed })
    }

    async fn ask(&self, own: &[(&str, &str)], secret: &Secret) -> Result<Granted, Fault> {
        let path = format!("{}?auth_mode={}", self.api.token(), encode(&self.auth_mode));
        let reply = self.http.post_form(&path, self.form(own), SMALL_LIMIT_BYTES).await?;
        let body = Zeroizing::new(reply.body.into_bytes());
        let reply = Reply { body: Body::default(), ..reply };
        let refused = |reply: &Reply, body: &[u8], secret: &Secret| refused(reply, body, secret, &self.client_id);
        if let Some(lost) = reply.cut_short(&body) {
            return Err(lost);
        }
        if reply.status == 200 && reply.is_json() {
            return match serde_json::from_slice::<Granted>(&body) {
                Ok(granted) if granted.access_token.as_deref().is_some_and(|token| !token.is_empty()) => Ok(granted),
                _ => Err(refused(&reply, &body, secret).unwrap_or_else(|| malformed("no access token in the reply"))),
            };
        }
        Err(refused(&reply, &body, secret).unwrap_or_else(|| {
            let told = told(&body, secret);
            // A page holds no token.
            let body = if reply.is_json() { Body::default() } else { body.as_slice().into() };
            match errors::fault_of(&Reply { body, ..reply }, "token", Timestamp::now()) {
                Fault::PartnerError { status, message, .. } if message.is_empty() => {
                    Fault::PartnerError { status, message: told, detail: String::new(), transaction: None }
                }
                fault => fault,
            }
        }))
    }

    fn form(&self, own: &[(&str, &str)]) -> Zeroizing<String> {
        let mut form = Zeroizing::new(String::with_capacity(2048));
        for (name, value) in own.iter().copied().chain([("client_id", &*self.client_id)]) {
            let value = Zeroizing::new(encode(value));
            let joint = if form.is_empty() { "" } else { "&" };
            form.extend([joint, name, "=", &value]);
        }
        form
    }

    /// Whether the system still takes an access token.
    async fn takes(&self, token: &Secret) -> Result<bool, Fault> {
        let reply = self.http.get(&self.proof().0, Some(token), SMALL_LIMIT_BYTES).await?;
        match reply.status {
            401 => Ok(false),
            200 => Ok(true),
            _ => match errors::fault_of(&reply, "token", Timestamp::now()) {
                Fault::Forbidden { .. } => Ok(true),
                fault => Err(fault),
            },
        }
    }

    async fn revoke_token(&self, kind: TokenKind, token: &Secret, in_use: Option<&Tokens>) -> Result<bool, Fault> {
        let current = in_use.filter(|tokens| tokens.holds(token));
        if let Some(tokens) = current {
            let call = Call { bearer: Some(tokens.access.clone()), ..Call::new(Method::DELETE, self.api.logout()) };
            self.http.send(call, SMALL_LIMIT_BYTES).await?;
        }
        match (kind, current) {
            (TokenKind::Access, _) if self.takes(token).await? => Err(not_revoked(kind, token)),
            (TokenKind::Access, _) => Ok(true),
            (_, Some(tokens)) if self.takes(&tokens.access).await? => Err(not_revoked(kind, token)),
            (_, Some(_)) => Ok(true),
            // The next token invalidated it; trying it might invalidate the one in use.
            (_, None) => Ok(false),
        }
    }
}

fn not_revoked(kind: TokenKind, token: &Secret) -> Fault {
    Fault::NotRevoked { kind: Some(kind), what: Fingerprint::of(token).to_string() }
}

/// The refusal that a reply of the token endpoint tells of: `error` in a reply of 4xx, or beside no token. What echoes
/// the secret is not repeated.
fn refused(reply: &Reply, body: &[u8], secret: &Secret, client_id: &str) -> Option<Fault> {
    if !reply.is_json()
        || !(reply.status == 200 || (400..429).contains(&reply.status))
        || !may_be_a_refusal(reply.status)
    {
        return None;
    }
    let envelope = Envelope::read(body);
    if reply.status == 200 && envelope.code().is_none_or(|code| code.is_empty()) && envelope.message().is_empty() {
        return None;
    }
    let (host, detail) = (reply.host.clone(), told(body, secret));
    let lower = envelope.code().unwrap_or_default().to_ascii_lowercase();
    if lower.starts_with("invalid_client") || lower == "unauthorized_client" {
        return Some(Fault::ClientUnknown { host, client_id: client_id.to_owned(), detail });
    }
    Some(Fault::SignInRefused { host, detail })
}

/// Whether a status can be about user, password or client; a missing path or a timeout cannot.
fn may_be_a_refusal(status: u16) -> bool {
    !matches!(status, 404 | 405 | 408)
}

/// Code and message of an error, without texts that repeat the secret.
fn told(body: &[u8], secret: &Secret) -> String {
    let envelope = Envelope::read(body);
    let texts = [envelope.code().unwrap_or_default(), envelope.message()].into_iter().filter(|text| !text.is_empty());
    let told = texts.collect::<Vec<_>>().join(": ");
    if leaks(&told, secret) { String::new() } else { told }
}

fn tokens(granted: &Granted, now: Timestamp, sign_in: Lifespan) -> Result<Tokens, Fault> {
    let secret = |token: &Option<String>| token.clone().filter(|token| !token.is_empty()).map(Secret::new);
    let access = secret(&granted.access_token).ok_or_else(|| malformed("no access token in the reply"))?;
    let told = match &granted.expires_in {
        Json::String(text) => text.trim().parse().ok(),
        number => number.as_i64(),
    };
    let life = told.unwrap_or(DEFAULT_LIFE_SECONDS).clamp(0, LONGEST_LIFE_SECONDS);
    let margin = MARGIN_SECONDS.min(life / 10);
    let access_expires = now + SignedDuration::from_secs(life - margin);
    Ok(Tokens { access, access_expires, refresh: secret(&granted.refresh_token), sign_in })
}

fn malformed(detail: &str) -> Fault {
    Fault::Malformed { what: "token".to_owned(), detail: detail.to_owned() }
}

impl SignIn for OAuth {
    fn http(&self) -> &Http {
        &self.http
    }

    fn authenticate(&self, password: Option<Secret>) -> BoxFuture<'_, Result<Option<Tokens>, Fault>> {
        Box::pin(async move {
            match password {
                Some(password) => self.by_password(&password).await.map(Some),
                None => Ok(None),
            }
        })
    }

    fn refresh<'a>(&'a self, held: &'a Tokens, refresh: &'a Secret) -> BoxFuture<'a, Result<Tokens, Fault>> {
        Box::pin(self.by_refresh(held, refresh))
    }

    fn needs_password(&self) -> bool {
        true
    }

    fn proof(&self) -> (String, &'static str) {
        (self.api.call("V2/getsecuritygroups"), "getsecuritygroups")
    }

    fn check(&self, reply: Reply, what: &str) -> Result<Reply, Fault> {
        errors::check(reply, what)
    }

    fn revoke<'a>(
        &'a self,
        kind: TokenKind,
        token: &'a Secret,
        in_use: Option<&'a Tokens>,
    ) -> BoxFuture<'a, Result<bool, Fault>> {
        Box::pin(self.revoke_token(kind, token, in_use))
    }
}
