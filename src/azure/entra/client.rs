//! Token requests to Microsoft Entra.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

use super::authority::{Authority, tenant};
use super::reply::Grant;
use super::{refusal, reply};
use crate::model::clean::clean;
use crate::model::fault::{Fault, Service};
use crate::model::secret::Secret;
use crate::model::token::{SignIn, Tokens};
use crate::net::http::{Body, Http, HttpConfig, Reply, SMALL_LIMIT_BYTES, is_lost};

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
    /// A token of another issuer, which the application trusts.
    Assertion(&'a Secret),
    /// The code of a person who signs in on a page.
    Device(&'a Secret),
}

impl With<'_> {
    fn secret(&self) -> Option<&Secret> {
        match self {
            Self::Client => None,
            Self::Password(_, secret) | Self::Refresh(secret) | Self::Assertion(secret) | Self::Device(secret) => {
                Some(secret)
            }
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

    /// Signs in as the application itself, with a token of another issuer instead of a secret.
    ///
    /// # Errors
    /// As [`Entra::client_credentials`].
    pub async fn client_assertion(&self, assertion: &Secret) -> Result<Tokens, Fault> {
        let now = Timestamp::now();
        let grant = self.ask(With::Assertion(assertion)).await?;
        tokens_of(&grant, now)
    }

    /// Access for this audience by a person's refresh token, which may have been given for another audience.
    ///
    /// # Errors
    /// As [`Entra::refresh`].
    pub async fn renewed(&self, refresh: &Secret) -> Result<Tokens, Fault> {
        let now = Timestamp::now();
        let grant = self.ask(With::Refresh(refresh)).await?;
        tokens_of(&grant, now)
    }

    /// Asks for a code that a person types on a page
    /// (<https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code>).
    ///
    /// # Errors
    /// What the authority refused it with, or what kept an answer from coming.
    pub async fn device_code(&self) -> Result<DeviceCode, Fault> {
        let mut form = Form::default();
        form.add("client_id", &self.client_id);
        form.add("scope", &format!("{}/.default offline_access", self.audience.resource()));
        let path = format!("/{}/oauth2/v2.0/devicecode", self.tenant);
        let reply = self.http.post_form(&path, form.0, SMALL_LIMIT_BYTES).await.map_err(of_entra)?;
        match serde_json::from_slice::<DeviceCode>(&reply.body) {
            Ok(code) if reply.status == 200 => Ok(code.bounded()),
            _ => Err(of_entra(refusal::fault_of(&reply, &reply.body, &[], Timestamp::now()))),
        }
    }

    /// Asks whether the person has signed in by now.
    ///
    /// # Errors
    /// When the person declined or the code is over; what kept an answer from coming.
    pub async fn poll_device(&self, device_code: &Secret) -> Result<Polled, Fault> {
        let now = Timestamp::now();
        let with = With::Device(device_code);
        let reply = self.post(with).await?;
        let told: serde_json::Value = serde_json::from_slice(&reply.body).unwrap_or_default();
        match told["error"].as_str() {
            Some("authorization_pending") => Ok(Polled::Pending),
            Some("slow_down") => Ok(Polled::SlowDown),
            _ => self.granted(reply, with).and_then(|grant| tokens_of(&grant, now)).map(Box::new).map(Polled::Signed),
        }
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
        let reply = self.post(with).await?;
        self.granted(reply, with)
    }

    async fn post(&self, with: With<'_>) -> Result<Reply, Fault> {
        let path = match self.audience {
            Audience::V1(_) => format!("/{}/oauth2/token", self.tenant),
            Audience::V2(_) => format!("/{}/oauth2/v2.0/token", self.tenant),
        };
        self.http.post_form(&path, self.form(with), SMALL_LIMIT_BYTES).await.map_err(of_entra)
    }

    /// The grant of a reply, whose body is wiped.
    fn granted(&self, reply: Reply, with: With<'_>) -> Result<Grant, Fault> {
        let body = Zeroizing::new(reply.body.into_bytes());
        let reply = Reply { body: Body::default(), ..reply };
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
            With::Assertion(assertion) => {
                form.add("grant_type", "client_credentials");
                form.add("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
                form.add("client_assertion", assertion.expose());
            }
            With::Device(code) => {
                form.add("grant_type", "urn:ietf:params:oauth:grant-type:device_code");
                form.add("device_code", code.expose());
            }
        }
        form.add("client_id", &self.client_id);
        if let Some(secret) = &self.client_secret {
            form.add("client_secret", secret.expose());
        }
        match (&self.audience, with) {
            (Audience::V1(resource), _) => form.add("resource", resource),
            // The code was given for a scope already.
            (Audience::V2(_), With::Device(_)) => {}
            (Audience::V2(resource), With::Client | With::Assertion(_)) => {
                form.add("scope", &format!("{resource}/.default"))
            }
            (Audience::V2(resource), _) => form.add("scope", &format!("{resource}/.default offline_access")),
        }
        form.0
    }
}

/// A code to sign in with, as the authority gave it.
#[derive(Deserialize)]
pub struct DeviceCode {
    /// What the program asks with.
    #[serde(deserialize_with = "secret")]
    pub device_code: Secret,
    /// What the person types.
    pub user_code: String,
    /// The page.
    #[serde(rename = "verification_uri")]
    pub page: String,
    /// How many seconds it lives.
    #[serde(default, rename = "expires_in")]
    pub life_seconds: i64,
    /// How many seconds to wait between questions.
    #[serde(default = "five", rename = "interval")]
    pub interval_seconds: u64,
}

impl DeviceCode {
    /// With texts that a terminal can show, and times that are believed.
    fn bounded(self) -> Self {
        Self {
            user_code: clean(&self.user_code, false),
            page: clean(&self.page, false),
            life_seconds: self.life_seconds.clamp(0, 3600),
            interval_seconds: self.interval_seconds.clamp(1, 60),
            ..self
        }
    }
}

/// What became of a code so far.
pub enum Polled {
    /// The person has not typed it yet.
    Pending,
    /// The same, and the authority wants to be asked less often.
    SlowDown,
    /// The person has signed in.
    Signed(Box<Tokens>),
}

/// The interval of an authority that names none (RFC 8628, 3.2).
fn five() -> u64 {
    5
}

fn secret<'de, D: Deserializer<'de>>(from: D) -> Result<Secret, D::Error> {
    String::deserialize(from).map(Secret::new)
}

/// Tokens of a grant; its refresh token is the one that came, if any.
fn tokens_of(grant: &Grant, now: Timestamp) -> Result<Tokens, Fault> {
    Ok(Tokens {
        access: grant.access().map_err(of_entra)?,
        access_expires: grant.expires(now),
        refresh: grant.refresh(),
        sign_in: SignIn::without_end(now),
    })
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
