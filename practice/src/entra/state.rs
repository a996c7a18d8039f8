//! The authority: its directory, its tokens, and the handle to both.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::http::HeaderMap;
use serde::Serialize;
use serde_json::{Value, json};

use super::bearer::{Bearer, BearerProblem, Book};
use super::device::{DeviceCode, DeviceManners, Outcome};
use super::directory::{Directory, Tenant};
use super::faults::FaultKind;
use super::grant::{Grantee, bearer};
use super::refusal::{About, Refusal};
use super::{admin_api, http, jwt};
use crate::SignInDetails;
use crate::core::rng::Rng;
use crate::core::{Base, Control, Controlled, lock};

/// How long an access token lives where nothing else is told, in seconds.
const LIFE: i64 = 3599;

/// The Azure CLI, as an application.
const AZURE_CLI: &str = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

/// To whom a token is handed out without a sign-in.
#[derive(Debug, Clone, Copy)]
pub enum Holder<'a> {
    /// An application, by its client id.
    Application(&'a str),
    /// A user, by name, through the Azure CLI.
    User(&'a str),
}

/// An authority that gives out tokens. Clones are the same one.
pub type Authority = Control<State>;

/// Everything the authority knows, behind locks.
pub struct State {
    /// Faults, requests and clock.
    pub(super) base: Base<FaultKind, TokenRequest>,
    inner: Mutex<Inner>,
}

/// What the authority holds.
pub(super) struct Inner {
    /// Its own address, without a trailing slash.
    pub(super) url: String,
    /// What is registered.
    pub(super) directory: Directory,
    /// The tokens.
    pub(super) book: Book,
    /// The life of new access tokens, in seconds.
    pub(super) life: i64,
    /// Seconds since 1970, as it was when this was locked.
    pub(super) now: i64,
    /// The device codes that are out.
    pub(super) devices: Vec<DeviceCode>,
    /// How device codes behave from now on.
    pub(super) device_manners: DeviceManners,
    /// Where codes come from.
    pub(super) rng: Rng,
}

impl Controlled for State {
    type Fault = FaultKind;
    type Record = TokenRequest;

    fn base(&self) -> &Base<FaultKind, TokenRequest> {
        &self.base
    }

    fn summary(&self) -> Value {
        json!({ "tokens_given": self.inner().book.values().len(), "requests": self.base.requests.len() })
    }
}

impl State {
    /// One at this address.
    pub(super) fn at(url: String, directory: Directory) -> Self {
        let inner = Inner {
            url,
            directory,
            book: Book::new(),
            life: LIFE,
            now: 0,
            devices: Vec::new(),
            device_manners: DeviceManners::default(),
            rng: Rng::unforeseen(),
        };
        Self { base: Base::new(SignInDetails::default()), inner: Mutex::new(inner) }
    }

    /// What it holds, locked.
    pub(super) fn inner(&self) -> MutexGuard<'_, Inner> {
        let mut inner = lock(&self.inner);
        inner.now = self.base.clock.now();
        inner
    }
}

/// One token request, without its secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TokenRequest {
    /// The tenant as it stood in the path.
    pub tenant: String,
    /// 1 or 2: which of the endpoints.
    pub endpoint: u8,
    /// `grant_type`.
    pub grant: String,
    /// `client_id`.
    pub client_id: String,
    /// `resource` or `scope`.
    pub asked_for: String,
    /// The names of all parameters, sorted.
    pub parameters: Vec<String>,
    /// The HTTP status of the answer.
    pub status: u16,
}

impl Authority {
    /// An authority at `url`, such as `http://127.0.0.1:40123`.
    pub fn new(url: impl Into<String>, directory: Directory) -> Self {
        Self(Arc::new(State::at(url.into(), directory)))
    }

    /// Its endpoints: `/{tenant}/oauth2/token`, `/{tenant}/oauth2/v2.0/token` and `devicecode`, both discovery documents, and its admin API
    /// under `/practice/entra`. To be merged into the product's own router.
    pub fn router(&self) -> Router {
        http::router().merge(admin_api::routes()).with_state(self.clone())
    }

    /// Who is calling.
    ///
    /// # Errors
    /// What is wrong with the `Authorization` header. Whether the token is for this product is for the product to judge.
    pub fn bearer(&self, headers: &HeaderMap) -> Result<Bearer, BearerProblem> {
        let inner = self.0.inner();
        inner.book.bearer(headers, inner.now)
    }

    /// How often each grant was asked for.
    pub fn requests_by_grant(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for request in self.requests() {
            *counts.entry(request.grant).or_default() += 1;
        }
        counts
    }

    /// Changes a tenant, found by its id or domain: its users, applications and resources. Returns `None` if there is no
    /// such tenant.
    pub fn change<T>(&self, tenant: &str, change: impl FnOnce(&mut Tenant) -> T) -> Option<T> {
        self.0.inner().directory.tenant(tenant).map(change)
    }

    /// Every token that was given out and not revoked, so that a test can look for them where none may stand.
    pub fn tokens(&self) -> Vec<String> {
        self.0.inner().book.values()
    }

    /// A person types this code, or the last one that was given out, and signs in as this user. Returns whether there is
    /// such a code.
    pub fn approve_device(&self, user_code: Option<&str>, user: &str) -> bool {
        self.on_device(user_code, |code| code.outcome = Outcome::Approved(user.to_owned()))
    }

    /// A person types this code, or the last one, and says no.
    pub fn decline_device(&self, user_code: Option<&str>) -> bool {
        self.on_device(user_code, |code| code.outcome = Outcome::Declined)
    }

    /// This code, or the last one, is over.
    pub fn expire_device(&self, user_code: Option<&str>) -> bool {
        self.on_device(user_code, |code| code.expires = 0)
    }

    fn on_device(&self, user_code: Option<&str>, change: impl FnOnce(&mut DeviceCode)) -> bool {
        let mut inner = self.0.inner();
        let fits = |code: &&mut DeviceCode| user_code.is_none_or(|wanted| wanted.eq_ignore_ascii_case(&code.user_code));
        let found = inner.devices.iter_mut().rev().find(fits);
        found.map(change).is_some()
    }

    /// How many seconds lie between two questions for a device code, and how many it lives, from now on.
    pub fn set_device_manners(&self, interval: i64, life: i64) {
        self.0.inner().device_manners = DeviceManners { interval, life };
    }

    /// A new token of another issuer for a workload, as its platform writes it into a file. From now on the application
    /// signs in with it alone; those before it are over (AADSTS700024). `None` if there is no such application.
    pub fn new_assertion(&self, tenant: &str, client_id: &str) -> Option<String> {
        let mut inner = self.0.inner();
        let (now, unique) = (inner.now, inner.rng.token(22));
        let signature = inner.rng.token(342);
        let tenant = inner.directory.tenant(tenant)?;
        let application = tenant.applications.iter_mut().find(|one| one.client_id.eq_ignore_ascii_case(client_id))?;
        let claims = json!({
            "aud": ["api://AzureADTokenExchange"], "iss": "https://cluster.practice.example/", "iat": now, "nbf": now,
            "exp": now + 3600, "sub": "system:serviceaccount:itsmc:itsmc", "jti": unique,
        });
        let token = jwt::token(&claims, &signature);
        application.assertions.push(token.clone());
        Some(token)
    }

    /// A token for an application or a user without a sign-in, as a machine's metadata service or the Azure CLI hands it
    /// out: the value, and from when on it is worthless. While the application's token for this audience lives, the same
    /// one comes again, as the metadata service keeps it.
    ///
    /// # Errors
    /// The refusal's text, `AADSTSn: ..`.
    pub fn hand_out(&self, tenant: &str, to: &Holder<'_>, audience: &str, life: i64) -> Result<(String, i64), String> {
        let mut inner = self.0.inner();
        let now = inner.now;
        let about = About { tenant: tenant.to_owned(), resource: audience.to_owned(), ..About::default() };
        let refused = |code: u32| format!("AADSTS{code}: {}", Refusal::new(code, &about).text);
        let tenant = inner.directory.tenant(tenant).ok_or_else(|| refused(90002))?;
        let resource = tenant.resource(audience).cloned().ok_or_else(|| refused(500_011))?;
        let (app_id, object_id, user) = match to {
            Holder::Application(id) => {
                let application = tenant.application(id).ok_or_else(|| refused(700_016))?;
                (application.client_id.clone(), application.object_id.clone(), None)
            }
            Holder::User(name) => {
                let user = tenant.user(name).ok_or_else(|| refused(50034))?;
                (AZURE_CLI.to_owned(), user.id.clone(), Some(user.name.clone()))
            }
        };
        let tenant = tenant.id.clone();
        if let (Holder::Application(_), Some(held)) = (to, inner.book.held(&app_id, audience, now)) {
            return Ok(held);
        }
        let asked = audience.to_owned();
        let grantee = Grantee { tenant, app_id, object_id, user, resource, asked, refreshable: false };
        let bearer = bearer(&inner.url, &grantee, now + life);
        Ok((inner.book.issue(bearer, now), now + life))
    }

    /// Seconds since 1970, as the authority has it.
    pub fn now(&self) -> i64 {
        self.0.inner().now
    }

    /// Makes every access token worthless.
    pub fn revoke_access(&self) {
        self.0.inner().book.revoke_access();
    }

    /// Makes every refresh token worthless.
    pub fn revoke_refresh(&self) {
        self.0.inner().book.revoke_refresh();
    }

    /// The life of access tokens from now on, in seconds.
    pub fn set_life(&self, seconds: i64) {
        self.0.inner().life = seconds;
    }
}
