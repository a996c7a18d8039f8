//! Token requests to Microsoft Entra.

use std::sync::Arc;

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::authority::{Authority, tenant};
use super::reply::Grant;
use super::{refusal, reply};
use crate::model::fault::{Fault, Service};
use crate::model::secret::Secret;
use crate::model::token::{SignIn, Tokens};
use crate::net::http::{Http, HttpConfig, Reply, SMALL_LIMIT_BYTES, is_lost};

/// Entra's default life of a refresh token; each use brings a new one that lives as long again.
const REFRESH_LIFE_SECONDS: i64 = 90 * 86_400;

/// For which API a token is asked, and at which of the two endpoints. A slash at the end counts: what is asked for is
/// what the token carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// `/oauth2/token` with `resource`: older APIs take only the tokens that come from there.
    V1(String),
    /// `/oauth2/v2.0/token` with `scope={resource}/.default`.
    V2(String),
}

impl Audience {
    /// The API's identifier.
    pub fn resource(&self) -> &str {
        match self {
            Self::V1(resource) | Self::V2(resource) => resource,
        }
    }
}

/// An application at one tenant of an authority.
pub struct Entra {
    http: Arc<Http>,
    tenant: String,
    client_id: String,
    client_secret: Option<Secret>,
    audience: Audience,
}

/// Which grant.
#[derive(Clone, Copy)]
enum With<'a> {
    Client,
    Password(&'a str, &'a Secret),
    Refresh(&'a Secret),
}

impl With<'_> {
    fn secret(&self) -> Option<&Secret> {
        match self {
            Self::Client => None,
            Self::Password(_, secret) | Self::Refresh(secret) => Some(secret),
        }
    }
}

impl Entra {
    /// The application `client_id` at this tenant; without a secret it is a public client.
    ///
    /// # Errors
    /// [`Fault::BadForm`] for a tenant that cannot be asked, and what keeps a client from being made.
    pub fn new(
        authority: &Authority,
        named: &str,
        client_id: &str,
        client_secret: Option<Secret>,
        audience: Audience,
        config: &HttpConfig,
    ) -> Result<Self, Fault> {
        let tenant = tenant(named)?.to_owned();
        let http = Arc::new(Http::new(authority.base(), config)?);
        let client_secret = client_secret.filter(|secret| !secret.is_empty());
        Ok(Self { http, tenant, client_id: client_id.to_owned(), client_secret, audience })
    }

    /// The authority's client, for its count of requests.
    pub fn http(&self) -> &Http {
        &self.http
    }

    /// The tenant that is asked.
    pub fn tenant(&self) -> &str {
        &self.tenant
    }

    /// For which API tokens are asked.
    pub fn audience(&self) -> &Audience {
        &self.audience
    }

    /// Whether the tenant exists, by its own public description: no secret is sent.
    ///
    /// # Errors
    /// [`Fault::SignInImpossible`] if it does not, or why no answer came.
    pub async fn find_tenant(&self) -> Result<(), Fault> {
        let path = format!("/{}/v2.0/.well-known/openid-configuration", self.tenant);
        let reply = self.http.get(&path, None, SMALL_LIMIT_BYTES).await.map_err(of_entra)?;
        let body: serde_json::Value = serde_json::from_slice(&reply.body).unwrap_or_default();
        if reply.status == 200 && reply.is_json() && body["token_endpoint"].is_string() {
            return Ok(());
        }
        Err(of_entra(refusal::fault_of(&reply, &reply.body, &[], Timestamp::now())))
    }

    /// Signs in as the application itself. It brings no refresh token, and has no end.
    ///
    /// # Errors
    /// What the authority refused it with, or why no answer came.
    pub async fn client_credentials(&self) -> Result<Tokens, Fault> {
        let now = Timestamp::now();
        let grant = self.ask(With::Client).await?;
        Ok(Tokens {
            access: grant.access().map_err(of_entra)?,
            access_expires: grant.expires(now),
            refresh: None,
            sign_in: SignIn::without_end(now),
        })
    }

    /// Signs in with a user's password. It cannot pass where a second factor is asked for.
    ///
    /// # Errors
    /// What the authority refused it with, or why no answer came.
    pub async fn password(&self, username: &str, password: &Secret) -> Result<Tokens, Fault> {
        let now = Timestamp::now();
        let grant = self.ask(With::Password(username, password)).await?;
        let (expires, refresh) = (grant.expires(now), grant.refresh());
        let sign_in = match refresh {
            Some(_) => lasting(now, now),
            // Without a refresh token it is over with the access token.
            None => SignIn { signed_in_at: now, lifespan_seconds: seconds(now, expires), lifespan_known: true },
        };
        Ok(Tokens { access: grant.access().map_err(of_entra)?, access_expires: expires, refresh, sign_in })
    }

    /// Renews the tokens. The new refresh token lives its whole life from now on; the old one is kept where none came.
    ///
    /// # Errors
    /// [`Fault::SignInRefused`] if the refresh token is taken no more, another refusal, or what kept an answer from
    /// coming.
    pub async fn refresh(&self, held: &Tokens, refresh: &Secret) -> Result<Tokens, Fault> {
        let now = Timestamp::now();
        let grant = self.ask(With::Refresh(refresh)).await?;
        let fresh = grant.refresh();
        let sign_in = if fresh.is_some() { lasting(held.sign_in.signed_in_at, now) } else { held.sign_in };
        Ok(Tokens {
            access: grant.access().map_err(of_entra)?,
            access_expires: grant.expires(now),
            refresh: fresh.or_else(|| Some(refresh.clone())),
            sign_in,
        })
    }

    /// Asks, and once more where the answer was lost. Each grant may be repeated: a new token ends no other one, and a
    /// refresh token that was used is not revoked
    /// (<https://learn.microsoft.com/entra/identity-platform/refresh-tokens>).
    async fn ask(&self, with: With<'_>) -> Result<Grant, Fault> {
        match self.ask_once(with).await {
            Err(fault) if is_lost(&fault) => self.ask_once(with).await,
            answered => answered,
        }
    }

    async fn ask_once(&self, with: With<'_>) -> Result<Grant, Fault> {
        let path = match self.audience {
            Audience::V1(_) => format!("/{}/oauth2/token", self.tenant),
            Audience::V2(_) => format!("/{}/oauth2/v2.0/token", self.tenant),
        };
        let reply = self.http.post_form(&path, self.form(with), SMALL_LIMIT_BYTES).await.map_err(of_entra)?;
        let body = Zeroizing::new(reply.body);
        let reply = Reply { body: Vec::new(), ..reply };
        if let Some(lost) = reply.cut_short(&body) {
            return Err(lost);
        }
        if reply.status == 200
            && let Some(grant) = reply::read(&reply, &body).map_err(of_entra)?
        {
            return Ok(grant);
        }
        let secrets: Vec<&Secret> = with.secret().into_iter().chain(&self.client_secret).collect();
        Err(of_entra(refusal::fault_of(&reply, &body, &secrets, Timestamp::now())))
    }

    fn form(&self, with: With<'_>) -> Zeroizing<String> {
        let mut form = Form::default();
        match with {
            With::Client => form.add("grant_type", "client_credentials"),
            With::Password(username, password) => {
                form.add("grant_type", "password");
                form.add("username", username);
                form.add("password", password.expose());
            }
            With::Refresh(token) => {
                form.add("grant_type", "refresh_token");
                form.add("refresh_token", token.expose());
            }
        }
        form.add("client_id", &self.client_id);
        if let Some(secret) = &self.client_secret {
            form.add("client_secret", secret.expose());
        }
        match (&self.audience, with) {
            (Audience::V1(resource), _) => form.add("resource", resource),
            (Audience::V2(resource), With::Client) => form.add("scope", &format!("{resource}/.default")),
            (Audience::V2(resource), _) => form.add("scope", &format!("{resource}/.default offline_access")),
        }
        form.0
    }
}

/// A form that is wiped when it is done with.
struct Form(Zeroizing<String>);

impl Default for Form {
    fn default() -> Self {
        // Large enough not to move, which would leave a copy behind.
        Self(Zeroizing::new(String::with_capacity(16 * 1024)))
    }
}

impl Form {
    fn add(&mut self, name: &str, value: &str) {
        if !self.0.is_empty() {
            self.0.push('&');
        }
        self.0.push_str(name);
        self.0.push('=');
        self.0.extend(url::form_urlencoded::byte_serialize(value.as_bytes()));
    }
}

/// What went wrong on the way to the authority is no fault of the product.
fn of_entra(fault: Fault) -> Fault {
    fault.at(Service::Entra)
}

fn lasting(signed_in_at: Timestamp, from: Timestamp) -> SignIn {
    let lifespan_seconds = seconds(signed_in_at, from) + REFRESH_LIFE_SECONDS;
    SignIn { signed_in_at, lifespan_seconds, lifespan_known: false }
}

fn seconds(from: Timestamp, till: Timestamp) -> i64 {
    till.duration_since(from).as_secs().max(0)
}
