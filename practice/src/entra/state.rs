//! The authority: its directory, its tokens, and the handle to both.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::http::HeaderMap;
use serde::Serialize;
use serde_json::{Value, json};

use super::bearer::{Bearer, BearerProblem, Book};
use super::directory::{Directory, Tenant};
use super::faults::FaultKind;
use super::{admin_api, http};
use crate::SignInDetails;
use crate::core::{Base, Control, Controlled, lock};

/// How long an access token lives where nothing else is told, in seconds.
const LIFE: i64 = 3599;

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
        let inner = Inner { url, directory, book: Book::new(), life: LIFE, now: 0 };
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

    /// Its endpoints: `/{tenant}/oauth2/token`, `/{tenant}/oauth2/v2.0/token`, both discovery documents, and its admin API
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
