//! The one HTTP client: every request of every partner goes through it.
//!
//! It keeps no cookies (a kept session would let a request run as another user), follows no redirect (each
//! is looked at by who asked), takes no more of a body than it was told to, and gives up when nothing
//! arrives for a while. Bodies and headers are never logged.

mod body;
pub mod config;
mod failure;
pub mod long_text;
pub mod no_proxy;
pub mod proxy;
mod reply;
pub mod throttle;
pub mod tls;
pub mod trace;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap};
use reqwest::{Client, RequestBuilder};
use zeroize::Zeroizing;

use crate::model::certificate::TlsProblem;
use crate::model::fault::Fault;
use crate::model::secret::Secret;
use crate::model::url::ServerUrl;
use crate::net::names::Names;
use crate::net::room::{ROOM_BYTES, Room};

pub use reqwest::Method;

pub use body::Body;
pub use config::{HttpConfig, PAGE_LIMIT_BYTES, SMALL_LIMIT_BYTES, Timeouts};
use reply::Most;
pub use reply::Reply;
pub use trace::TraceSink;

use proxy::Route;
use throttle::ThrottleGate;

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// One call.
#[derive(Debug, Clone)]
pub struct Call {
    /// The method.
    pub method: Method,
    /// The path with its query; it begins with a slash and is already percent-encoded.
    pub path: String,
    /// The bearer token.
    pub bearer: Option<Secret>,
    /// Further headers; none of them a secret.
    pub headers: Vec<(&'static str, String)>,
    /// A body in JSON.
    pub body: Option<Zeroizing<String>>,
    /// Whether texts of the reply that are too long to be stored are cut while it arrives.
    pub cuts_texts: bool,
}

impl Call {
    /// A call without anything but its address.
    pub fn new(method: Method, path: impl Into<String>) -> Self {
        Self { method, path: path.into(), bearer: None, headers: Vec::new(), body: None, cuts_texts: false }
    }

    /// The same call, whose reply has rows: texts that are too long to be stored are cut and marked while it arrives.
    pub fn of_rows(self) -> Self {
        Self { cuts_texts: true, ..self }
    }
}

/// A client for one server.
pub struct Http {
    client: Client,
    base: ServerUrl,
    route: Route,
    tls: rustls::ClientConfig,
    shown: tls::Shown,
    timeouts: Timeouts,
    names: Names,
    requests: AtomicU64,
    /// Milliseconds by which the server's clock is ahead, by its last dated reply; [`NO_DATE`] before the first one.
    ahead: AtomicI64,
    damaged: AtomicU64,
    trace: Option<TraceSink>,
    throttle: ThrottleGate,
    /// The server's URL, by which its waits are known.
    server: String,
    room: Arc<Room>,
}

/// No reply bore a date.
const NO_DATE: i64 = i64::MIN;

impl Http {
    /// A client for the server at `base`, through the proxy that the environment or the system names.
    ///
    /// # Errors
    /// [`Fault::NoTrustRoots`] on a machine without CA certificates, [`Fault::FileProblem`] for a CA file
    /// that cannot be used, [`Fault::ProxyFailed`] for a proxy that cannot, [`Fault::ProxyUnreadable`] for a variable
    /// that should name one.
    pub fn new(base: &ServerUrl, config: &HttpConfig) -> Result<Self, Fault> {
        let variable = |name: &str| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned());
        Self::with_route(base, config, Route::from_env(base, variable)?)
    }

    /// The same with a route that is already known.
    ///
    /// # Errors
    /// As [`Http::new`].
    pub fn with_route(base: &ServerUrl, config: &HttpConfig, route: Route) -> Result<Self, Fault> {
        let shown = tls::Shown::default();
        let tls = tls::client_config(base.is_tls(), config.ca_file.as_deref(), &shown)?;
        let builder = Client::builder()
            .tls_backend_preconfigured(tls.clone())
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("itsmc/", env!("CARGO_PKG_VERSION")))
            .gzip(true)
            .dns_resolver(config.names.clone())
            .connect_timeout(config.timeouts.connect)
            .read_timeout(config.timeouts.idle)
            .timeout(config.timeouts.total);
        let client = route.apply(builder)?.build().map_err(|error| failure::of_builder(&error.without_url()))?;
        let (base, timeouts) = (base.clone(), config.timeouts);
        let (trace, throttle, server) = (config.trace.clone(), config.throttle.clone(), base.to_string());
        let names = config.names.clone();
        let (requests, damaged, ahead) = (AtomicU64::new(0), AtomicU64::new(0), AtomicI64::new(NO_DATE));
        Ok(Self {
            client,
            base,
            route,
            tls,
            shown,
            timeouts,
            names,
            requests,
            ahead,
            damaged,
            trace,
            throttle,
            server,
            room: Room::new(ROOM_BYTES),
        })
    }

    /// Fetches JSON. `path` begins with a slash and is already percent-encoded.
    ///
    /// # Errors
    /// Anything that kept a whole reply of at most `limit` bytes from coming; what a reply says is for the
    /// caller to judge.
    pub async fn get(&self, path: &str, bearer: Option<&Secret>, limit: u64) -> Result<Reply, Fault> {
        self.send(Call { bearer: bearer.cloned(), ..Call::new(Method::GET, path) }, limit).await
    }

    /// Makes a call: any method, further headers, a body in JSON.
    ///
    /// # Errors
    /// As [`Http::get`]. The server may have made a change in spite of the fault, so check before sending it again.
    pub async fn send(&self, call: Call, limit: u64) -> Result<Reply, Fault> {
        let mut request = self.client.request(call.method, self.url(&call.path)).header(ACCEPT, JSON);
        if let Some(token) = &call.bearer {
            request = request.bearer_auth(token.expose());
        }
        for (name, value) in call.headers {
            request = request.header(name, value);
        }
        if let Some(body) = call.body {
            request = request.header(CONTENT_TYPE, JSON).body(body.as_str().to_owned());
        }
        let most = if call.cuts_texts { Most::of_rows(limit) } else { Most::whole(limit) };
        let mut reply = self.ask(request, most).await?;
        // Refusals are shown, and some repeat the request.
        if let Some(token) = call.bearer.filter(|_| reply.status >= 400) {
            reply.hide(&token);
        }
        Ok(reply)
    }

    /// Posts a form, for token endpoints: its body and the reply's are secrets.
    ///
    /// # Errors
    /// As [`Http::get`].
    pub async fn post_form(&self, path: &str, form: Zeroizing<String>, limit: u64) -> Result<Reply, Fault> {
        let request = self.client.post(self.url(path)).header(ACCEPT, JSON).header(CONTENT_TYPE, FORM);
        self.ask(request.body(form.as_str().to_owned()), Most::whole(limit)).await
    }

    /// Passes on a request of a library that brings its own headers and body, such as one that signs in: both may be
    /// secrets, and so may the reply.
    ///
    /// # Errors
    /// As [`Http::get`].
    pub async fn relay(
        &self,
        method: Method,
        path: &str,
        headers: HeaderMap,
        body: impl Into<reqwest::Body>,
        limit: u64,
    ) -> Result<Reply, Fault> {
        self.ask(self.client.request(method, self.url(path)).headers(headers).body(body), Most::whole(limit)).await
    }

    async fn ask(&self, request: RequestBuilder, most: Most) -> Result<Reply, Fault> {
        self.admit()?;
        let answered = self.tell(request, most).await;
        if let Ok(reply) = &answered
            && matches!(reply.status, 429 | 503)
            && let Some(seconds) = reply.retry_after(jiff::Timestamp::now()).filter(|seconds| *seconds > 0)
        {
            self.throttle.note_wait(&self.server, reply.status, seconds, None);
        }
        answered
    }

    /// Whether something may be sent to the server now.
    ///
    /// # Errors
    /// [`Fault::RateLimited`] or [`Fault::Unavailable`] while a wait that it asked for is not over.
    pub fn admit(&self) -> Result<(), Fault> {
        self.throttle.admit(&self.server, &self.base.host())
    }

    /// Sends nothing for this many seconds, because of a limit that the product reported in its own way.
    pub fn keep_silent(&self, seconds: u64, rule: Option<&str>) {
        self.throttle.note_wait(&self.server, 429, seconds, rule);
    }

    async fn tell(&self, request: RequestBuilder, most: Most) -> Result<Reply, Fault> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let request = request.build().map_err(|error| failure::of_builder(&error.without_url()))?;
        let Some(sink) = &self.trace else { return self.exchange(request, most).await };
        let (asked, started) = (trace::Asked::of(&request), Instant::now());
        let answered = self.exchange(request, most).await;
        trace::tell(sink, &self.base.host(), asked, &answered, started.elapsed().as_millis());
        answered
    }

    async fn exchange(&self, request: reqwest::Request, most: Most) -> Result<Reply, Fault> {
        let (started, before) = (Instant::now(), Timestamp::now());
        let explain = |error| failure::of_request(error, &self.base, &self.route, &self.shown, started.elapsed());
        let response = self.client.execute(request).await.map_err(explain)?;
        if let Some(theirs) = reply::date(response.headers()) {
            // The date is of when the reply was begun; whole seconds are cut off, not rounded.
            let ours = before + started.elapsed() / 2;
            self.ahead.store(theirs.as_millisecond() + 500 - ours.as_millisecond(), Ordering::Relaxed);
        }
        let mut reply = reply::read(response, self.base.host(), (most, &self.room), explain).await?;
        if reply.is_json() && reply.body.make_text() {
            self.damaged.fetch_add(1, Ordering::Relaxed);
        }
        // Error replies are shown, and some repeat the request: in the page, in an address, in a number.
        if !(200..300).contains(&reply.status) {
            reply.hide_known();
        }
        Ok(reply)
    }

    /// How far the server's clock is ahead of ours (negative: behind), by its last reply; `None` if none had a
    /// date.
    pub fn clock_ahead(&self) -> Option<SignedDuration> {
        let ahead = self.ahead.load(Ordering::Relaxed);
        (ahead != NO_DATE).then(|| SignedDuration::from_millis(ahead))
    }

    /// How many bytes of its replies may be in memory.
    pub fn room(&self) -> &Arc<Room> {
        &self.room
    }

    /// How many replies in JSON were no valid UTF-8.
    pub fn damaged(&self) -> u64 {
        self.damaged.load(Ordering::Relaxed)
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// How many requests were sent.
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// The server.
    pub fn base(&self) -> &ServerUrl {
        &self.base
    }

    /// How the server is reached.
    pub fn route(&self) -> &Route {
        &self.route
    }

    /// The fault of a handshake that failed, with the certificate that was refused.
    pub fn refused(&self, error: &rustls::Error) -> Fault {
        failure::of_tls(error, self.base.host(), &self.shown)
    }

    /// The fault of a handshake that could not begin.
    pub fn refused_by(&self, problem: TlsProblem) -> Fault {
        Fault::TlsRefused { host: self.base.host(), problem, certificate: None }
    }

    /// What TLS trusts here.
    pub fn tls(&self) -> &rustls::ClientConfig {
        &self.tls
    }

    /// Who is asked for addresses.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// How long it waits.
    pub fn timeouts(&self) -> Timeouts {
        self.timeouts
    }
}

/// Whether the reply was lost or incomplete, so that the request may be sent once more at once if the product answers it the
/// same way again.
pub fn is_lost(fault: &Fault) -> bool {
    match fault {
        Fault::Elsewhere { fault, .. } => is_lost(fault),
        fault => matches!(fault, Fault::ConnectionLost { .. } | Fault::Malformed { .. }),
    }
}

#[cfg(test)]
#[path = "http/tests.rs"]
mod tests;
