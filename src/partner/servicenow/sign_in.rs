//! Tokens from `/oauth_token.do`, by password or by refresh token.
//!
//! The bodies of these requests and replies are secrets and go nowhere else. A refusal is HTTP 401 with
//! `{"error":"server_error","error_description":"access_denied"}`, whatever the cause; trying it again may
//! lock the account.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use zeroize::{Zeroize, Zeroizing};

use super::errors::{self, short};
use super::query;
use crate::model::connection::Grant;
use crate::model::fault::Fault;
use crate::model::leaks::leaks;
use crate::model::secret::Secret;
use crate::model::token::{SignIn, Tokens};
use crate::net::http::{Body, Http, Reply, SMALL_LIMIT_BYTES, is_lost};

const TOKEN_PATH: &str = "/oauth_token.do";

/// What ServiceNow documents as the access token's life, for a reply that does not tell what is left of it.
const DEFAULT_LIFE_SECONDS: i64 = 1800;

/// The longest remaining life that is believed: a year.
const LONGEST_LIFE_SECONDS: i64 = 31_536_000;

/// The OAuth application and its user.
pub struct OAuth {
    /// The client of the instance.
    pub http: Arc<Http>,
    /// The integration user.
    pub username: String,
    /// The application.
    pub client_id: String,
    /// Its secret.
    pub client_secret: Option<Secret>,
    /// How it gives out tokens.
    pub grant: Grant,
}

/// A token reply. `expires_in` is what is left of the access token's life: a request within the life of a
/// token returns the same token.
#[derive(Deserialize)]
struct GrantReply {
    access_token: Option<String>,
    refresh_token: Option<String>,
    #[serde(default)]
    expires_in: serde_json::Value,
}

impl Drop for GrantReply {
    fn drop(&mut self) {
        self.access_token.zeroize();
        self.refresh_token.zeroize();
    }
}

/// Which grant.
#[derive(Clone, Copy)]
enum With<'a> {
    Password(&'a Secret),
    Refresh(&'a Secret),
    Client,
}

impl OAuth {
    /// Signs in with the password. The refresh token's life begins now.
    ///
    /// # Errors
    /// [`Fault::SignInRefused`], or why no answer came.
    pub async fn password(&self, password: &Secret) -> Result<Tokens, Fault> {
        let now = Timestamp::now();
        let grant = self.ask(With::Password(password)).await?;
        let mut tokens = tokens(&grant, now, assumed(now), None)?;
        if let Some(seconds) = self.lifespan(&tokens.access).await {
            tokens.sign_in = SignIn { lifespan_seconds: seconds, lifespan_known: true, ..tokens.sign_in };
        }
        Ok(tokens)
    }

    /// Signs in with the application's own secret (Washington DC and later). It brings no refresh token, and has no
    /// end.
    ///
    /// # Errors
    /// [`Fault::ApplicationRefused`], or why no answer came.
    pub async fn client_credentials(&self) -> Result<Tokens, Fault> {
        let now = Timestamp::now();
        let grant = self.ask(With::Client).await?;
        let tokens = tokens(&grant, now, SignIn::without_end(now), None)?;
        // One that came nevertheless is of no use: the grant is asked for again.
        Ok(Tokens { refresh: None, ..tokens })
    }

    /// Renews the access token. The refresh token's own life goes on unchanged, and it is kept where the
    /// reply brings no other.
    ///
    /// # Errors
    /// [`Fault::SignInRefused`], or why no answer came.
    pub async fn refresh(&self, held: &Tokens, refresh: &Secret) -> Result<Tokens, Fault> {
        let now = Timestamp::now();
        let grant = self.ask(With::Refresh(refresh)).await?;
        tokens(&grant, now, held.sign_in, Some(refresh))
    }

    /// A refresh with a token that is not the one in use, to see whether it works.
    ///
    /// # Errors
    /// As [`OAuth::refresh`].
    pub async fn exchange(&self, refresh: &Secret) -> Result<Tokens, Fault> {
        let now = Timestamp::now();
        let grant = self.ask(With::Refresh(refresh)).await?;
        tokens(&grant, now, assumed(now), Some(refresh))
    }

    /// Asks, and once more where the answer was lost. Each grant may be repeated: within the life of an access token the
    /// instance answers with that token again, and a refresh token stays as it is when it is used.
    async fn ask(&self, with: With<'_>) -> Result<GrantReply, Fault> {
        match self.ask_once(with).await {
            Err(fault) if is_lost(&fault) => self.ask_once(with).await,
            answered => answered,
        }
    }

    async fn ask_once(&self, with: With<'_>) -> Result<GrantReply, Fault> {
        let reply = self.http.post_form(TOKEN_PATH, self.form(with), SMALL_LIMIT_BYTES).await?;
        let body = Zeroizing::new(reply.body.into_bytes());
        let reply = Reply { body: Body::default(), ..reply };
        if let Some(lost) = reply.cut_short(&body) {
            return Err(lost);
        }
        if reply.status == 200 && reply.is_json() {
            return self.granted(&reply, &body, with);
        }
        Err(self.refusal(reply, &body, with))
    }

    fn granted(&self, reply: &Reply, body: &[u8], with: With<'_>) -> Result<GrantReply, Fault> {
        match serde_json::from_slice::<GrantReply>(body) {
            Ok(grant) if grant.access_token.as_deref().is_some_and(|token| !token.is_empty()) => Ok(grant),
            _ => match oauth_error(body) {
                Some(error) => Err(self.refused(&reply.host, &error, body, with)),
                None => Err(malformed("no access token in the reply")),
            },
        }
    }

    fn refusal(&self, reply: Reply, body: &[u8], with: With<'_>) -> Fault {
        let error = if reply.is_json() { oauth_error(body) } else { None };
        match (reply.status, error) {
            (400..=499, Some(error)) if reply.status != 429 => self.refused(&reply.host, &error, body, with),
            (401, None) => self.refused(&reply.host, "", body, with),
            _ => {
                // What is no refusal is told apart by its marks; a page holds no token.
                let body = if reply.is_json() { Body::default() } else { body.into() };
                errors::fault_of(&Reply { body, ..reply }, "oauth_token.do", Timestamp::now())
            }
        }
    }

    fn refused(&self, host: &str, error: &str, body: &[u8], with: With<'_>) -> Fault {
        let secret = match with {
            With::Password(secret) | With::Refresh(secret) => Some(secret),
            With::Client => None,
        };
        let secrets = [secret, self.client_secret.as_ref()];
        // The body, not what is left of it: half a secret would not be known.
        let body = Zeroizing::new(String::from_utf8_lossy(body).into_owned());
        let echoed = secrets.into_iter().flatten().any(|secret| leaks(&body, secret));
        let detail = if echoed { String::new() } else { error.to_owned() };
        let host = host.to_owned();
        match with {
            With::Client => Fault::ApplicationRefused { host, detail },
            With::Password(_) | With::Refresh(_) => Fault::SignInRefused { host, detail },
        }
    }

    fn form(&self, with: With<'_>) -> Zeroizing<String> {
        let secret = self.client_secret.as_ref().map_or("", Secret::expose);
        let own: [(&str, &str); 3] = match with {
            With::Password(password) => {
                [("grant_type", "password"), ("username", &self.username), ("password", password.expose())]
            }
            With::Refresh(token) => [("grant_type", "refresh_token"), ("refresh_token", token.expose()), ("", "")],
            With::Client => [("grant_type", "client_credentials"), ("", ""), ("", "")],
        };
        let mut form = Zeroizing::new(String::with_capacity(2048));
        for (name, value) in own.into_iter().chain([("client_id", &*self.client_id), ("client_secret", secret)]) {
            if !name.is_empty() {
                let value = Zeroizing::new(query::encode(value));
                let joint = if form.is_empty() { "" } else { "&" };
                form.extend([joint, name, "=", &value]);
            }
        }
        form
    }

    /// How long the application lets a refresh token live, if the user may read that; mostly only admins
    /// may, so every failure means no more than that it cannot be seen.
    async fn lifespan(&self, access: &Secret) -> Option<i64> {
        let client_id = query::safe("client_id", &self.client_id).ok()?;
        let fields = "client_id,refresh_token_lifespan";
        let path = query::list("oauth_entity", &format!("client_id={client_id}"), fields, 2, false);
        let reply = self.http.get(&path, Some(access), SMALL_LIMIT_BYTES).await.ok()?;
        let reply = errors::check(reply, "oauth_entity", Timestamp::now()).ok()?;
        let body: serde_json::Value = serde_json::from_slice(&reply.body).ok()?;
        let rows = body.get("result")?.as_array()?;
        let row = rows.iter().find(|row| row["client_id"].as_str() == Some(client_id))?;
        row["refresh_token_lifespan"].as_str()?.replace(',', "").parse().ok().filter(|seconds| *seconds > 0)
    }
}

fn assumed(now: Timestamp) -> SignIn {
    SignIn { signed_in_at: now, lifespan_seconds: SignIn::ASSUMED_LIFESPAN_SECONDS, lifespan_known: false }
}

fn malformed(detail: &str) -> Fault {
    Fault::Malformed { what: "oauth_token.do".to_owned(), detail: detail.to_owned() }
}

/// `error: error_description` of a refusal, cleaned. The names stand in swapped places there; both matter.
fn oauth_error(body: &[u8]) -> Option<String> {
    let body: serde_json::Value = serde_json::from_slice(body).ok()?;
    let text = |name: &str| body[name].as_str().map(short).filter(|text| !text.is_empty());
    let error = text("error").or_else(|| body["error"]["message"].as_str().map(short))?;
    Some(text("error_description").map_or_else(|| error.clone(), |more| format!("{error}: {more}")))
}

fn tokens(grant: &GrantReply, now: Timestamp, sign_in: SignIn, kept: Option<&Secret>) -> Result<Tokens, Fault> {
    let access = grant.access_token.as_deref().unwrap_or_default();
    if !access.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(malformed("an access token with characters that no header can carry"));
    }
    let fresh = grant.refresh_token.as_deref().filter(|token| !token.is_empty()).map(Secret::new);
    Ok(Tokens {
        access: Secret::new(access),
        access_expires: now.checked_add(SignedDuration::from_secs(life(&grant.expires_in))).unwrap_or(now),
        refresh: fresh.or_else(|| kept.cloned()),
        sign_in,
    })
}

/// The remaining life in seconds, sent as a number or as text.
fn life(expires_in: &serde_json::Value) -> i64 {
    let text = || expires_in.as_str()?.trim().parse::<f64>().ok();
    let seconds = expires_in.as_f64().or_else(text).filter(|seconds| seconds.is_finite());
    #[allow(clippy::cast_possible_truncation, reason = "bounded just before")]
    seconds.map_or(DEFAULT_LIFE_SECONDS, |seconds| seconds.clamp(0.0, LONGEST_LIFE_SECONDS as f64) as i64)
}

#[cfg(test)]
#[path = "sign_in/tests.rs"]
mod tests;
