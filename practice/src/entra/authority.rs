//! The authority: its directory, its tokens, and the handle to both.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::http::HeaderMap;
use serde::Serialize;

use super::bearer::{Bearer, BearerProblem, Book};
use super::directory::{Directory, Tenant};
use super::fault::{AuthorityFault, take};
use super::{http, orders};

/// How long an access token lives where nothing else is told, in seconds.
const LIFE: i64 = 3599;

/// An authority that gives out tokens. Clones are the same one.
#[derive(Clone)]
pub struct Authority(Arc<Mutex<State>>);

/// What the authority holds.
pub(super) struct State {
    /// Its own address, without a trailing slash.
    pub(super) url: String,
    /// What is registered.
    pub(super) directory: Directory,
    /// The tokens.
    pub(super) book: Book,
    /// The faults still to come.
    pub(super) faults: Vec<AuthorityFault>,
    /// What was asked so far.
    pub(super) requests: Vec<TokenRequest>,
    /// The life of new access tokens, in seconds.
    pub(super) life: i64,
    /// How many seconds its clock runs ahead.
    pub(super) shift: i64,
}

impl State {
    /// Seconds since 1970.
    pub(super) fn now(&self) -> i64 {
        jiff::Timestamp::now().as_second() + self.shift
    }

    /// The first of the faults that befalls a request with this grant.
    pub(super) fn take_fault(&mut self, grant: &str) -> Option<AuthorityFault> {
        take(&mut self.faults, grant)
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
        Self(Arc::new(Mutex::new(State {
            url: url.into(),
            directory,
            book: Book::new(),
            faults: Vec::new(),
            requests: Vec::new(),
            life: LIFE,
            shift: 0,
        })))
    }

    /// Its endpoints: `/{tenant}/oauth2/token`, `/{tenant}/oauth2/v2.0/token`, both discovery documents, and its orders
    /// under `/practice/entra`. To be merged into the product's own router.
    pub fn router(&self) -> Router {
        http::router().merge(orders::router()).with_state(self.clone())
    }

    /// Who is calling.
    ///
    /// # Errors
    /// What is wrong with the `Authorization` header. Whether the token is for this product is for the product to judge.
    pub fn bearer(&self, headers: &HeaderMap) -> Result<Bearer, BearerProblem> {
        let state = self.state();
        state.book.bearer(headers, state.now())
    }

    /// Asks for a fault.
    pub fn fault(&self, fault: AuthorityFault) {
        self.state().faults.push(fault);
    }

    /// Forgets the faults still to come.
    pub fn clear_faults(&self) {
        self.state().faults.clear();
    }

    /// The faults still to come.
    pub fn faults(&self) -> Vec<AuthorityFault> {
        self.state().faults.clone()
    }

    /// What was asked so far.
    pub fn requests(&self) -> Vec<TokenRequest> {
        self.state().requests.clone()
    }

    /// How often each grant was asked for.
    pub fn requests_by_grant(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for request in &self.state().requests {
            *counts.entry(request.grant.clone()).or_default() += 1;
        }
        counts
    }

    /// Changes a tenant, found by its id or domain: its users, applications and resources. Returns `None` if there is no such tenant.
    pub fn change<T>(&self, tenant: &str, change: impl FnOnce(&mut Tenant) -> T) -> Option<T> {
        self.state().directory.tenant(tenant).map(change)
    }

    /// Every token that was given out and not revoked, so that a test can look for them where none may stand.
    pub fn tokens(&self) -> Vec<String> {
        self.state().book.values()
    }

    /// Makes every access token worthless.
    pub fn revoke_access(&self) {
        self.state().book.revoke_access();
    }

    /// Makes every refresh token worthless.
    pub fn revoke_refresh(&self) {
        self.state().book.revoke_refresh();
    }

    /// The life of access tokens from now on, in seconds.
    pub fn set_life(&self, seconds: i64) {
        self.state().life = seconds;
    }

    /// Lets the authority's clock run so many seconds ahead: tokens grow older.
    pub fn set_clock_shift(&self, seconds: i64) {
        self.state().shift = seconds;
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
