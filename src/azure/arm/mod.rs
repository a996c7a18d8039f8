//! Azure Resource Manager: resources by their path, read here and changed in `change`.
//!
//! Errors are `{"error":{"code":"AuthorizationFailed","message":".."}}`; a list is `{"value":[..],"nextLink":".."}`, whose
//! link is whole and is followed as it stands, but never off the host that our token is for.

pub(crate) mod change;
mod operation;

use std::sync::Arc;

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use zeroize::Zeroizing;

use super::provider::TokenProvider;
use crate::model::clean::clean;
use crate::model::cloud::{Audience, Endpoints};
use crate::model::fault::{Fault, Service};
use crate::model::redactor;
use crate::model::secret::Secret;
use crate::model::url::ServerUrl;
use crate::net::http::{Body, Call, Http, HttpConfig, Method, Reply};

/// The largest answer that is read: a table of many columns, a workbook.
const LIMIT_BYTES: u64 = 8 * 1024 * 1024;

/// How many pages a list may have before it is no list any more.
const PAGES: usize = 50;

/// How long to wait where a 429 does not say, in seconds.
const DEFAULT_WAIT_SECONDS: u64 = 60;

/// How long a text of Azure may become in a fault.
const TEXT_LIMIT: usize = 500;

/// Azure Resource Manager, with a token for it.
pub(crate) struct Arm {
    http: Http,
    access: Access,
}

/// Whose rights are used.
enum Access {
    /// A token that was given.
    Token(Secret),
    /// Whoever signs in for a workspace.
    Provider(Arc<TokenProvider>),
}

#[derive(Deserialize)]
struct List<T> {
    value: Vec<T>,
    #[serde(rename = "nextLink")]
    next: Option<String>,
    /// An error beside the resources: then they are not all.
    #[serde(default)]
    error: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Envelope {
    error: Told,
}

#[derive(Deserialize)]
struct Told {
    code: String,
    #[serde(default)]
    message: String,
    /// What it is made of: an error of a whole resource names the true causes here.
    #[serde(default, deserialize_with = "super::lenient::or_default")]
    details: Vec<Detail>,
}

#[derive(Deserialize)]
struct Detail {
    #[serde(default)]
    code: String,
    #[serde(default)]
    message: String,
}

impl Told {
    /// The message with those of the details.
    fn whole(&self) -> String {
        let details = self.details.iter().map(|one| format!("{}: {}", one.code, one.message));
        let all = std::iter::once(self.message.clone()).chain(details);
        all.filter(|text| text.len() > 2).collect::<Vec<_>>().join(" ")
    }
}

impl Arm {
    /// The one at this address.
    ///
    /// # Errors
    /// What keeps a client from being made.
    pub(crate) fn new(base: &ServerUrl, token: Secret, config: &HttpConfig) -> Result<Self, Fault> {
        Ok(Self { http: Http::new(base, config)?, access: Access::Token(token) })
    }

    /// That of a workspace's cloud.
    ///
    /// # Errors
    /// What keeps a client from being made.
    pub(crate) fn of(provider: Arc<TokenProvider>) -> Result<Self, Fault> {
        let http = Http::new(&provider.cloud.resource_manager, &provider.config)?;
        Ok(Self { http, access: Access::Provider(provider) })
    }

    /// The cloud, where a workspace's sign-in is used.
    pub(crate) fn cloud(&self) -> Option<&Endpoints> {
        match &self.access {
            Access::Token(_) => None,
            Access::Provider(provider) => Some(&provider.cloud),
        }
    }

    /// One resource. `None` where Azure itself says that it is not there; a reply of anything else does not say so.
    ///
    /// # Errors
    /// [`Fault::AzureForbidden`] without the right to look, [`Fault::RateLimited`], and whatever else came instead.
    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<Option<T>, Fault> {
        self.get_dated(path).await.map(|(resource, _)| resource)
    }

    /// The same, with the time of the answer by Azure's own clock, where it tells.
    ///
    /// # Errors
    /// As [`Arm::get`].
    pub(crate) async fn get_dated<T: DeserializeOwned>(
        &self,
        path: &str,
    ) -> Result<(Option<T>, Option<Timestamp>), Fault> {
        let of_azure = |fault: Fault| fault.at(Service::ResourceManager);
        let reply = self.send(Call::new(Method::GET, path)).await?;
        let date = reply.date();
        if reply.status == 200 && reply.is_json() && is_empty(&reply.body) {
            return Err(of_azure(malformed(path, "the answer is empty")));
        }
        read(reply, path).map_err(of_azure).map(|resource| (resource, date))
    }

    /// Makes a call; a token that is refused is thrown away, and another is tried once.
    async fn send(&self, call: Call) -> Result<Reply, Fault> {
        let of_azure = |fault: Fault| fault.at(Service::ResourceManager);
        let token = self.token().await?;
        let with = |token: &Secret| Call { bearer: Some(token.clone()), ..call.clone() };
        let reply = self.http.send(with(&token), LIMIT_BYTES).await.map_err(of_azure)?;
        let Access::Provider(provider) = &self.access else { return Ok(reply) };
        if reply.status != 401 {
            return Ok(reply);
        }
        provider.throw_away(Audience::ResourceManager, &token).await;
        let token = self.token().await?;
        self.http.send(with(&token), LIMIT_BYTES).await.map_err(of_azure)
    }

    async fn token(&self) -> Result<Secret, Fault> {
        match &self.access {
            Access::Token(token) => Ok(token.clone()),
            Access::Provider(provider) => provider.token(Audience::ResourceManager).await,
        }
    }

    /// Every resource of a list; none where what it belongs to is not there.
    ///
    /// # Errors
    /// As [`Arm::get`], [`Fault::Redirected`] for a next page elsewhere.
    pub(crate) async fn list<T: DeserializeOwned>(&self, path: &str) -> Result<Vec<T>, Fault> {
        let mut all = Vec::new();
        let mut next = Some(path.to_owned());
        for nth in 0..PAGES {
            let Some(here) = next else { return Ok(all) };
            let page = match self.get::<List<T>>(&here).await? {
                Some(page) => page,
                None if nth == 0 => return Ok(all),
                // What came before is not the whole list.
                None => return Err(malformed(path, "a page of the list is not there")),
            };
            if page.error.is_some() {
                return Err(malformed(path, "an error stands beside the list"));
            }
            all.extend(page.value);
            next = page.next.filter(|link| !link.is_empty()).map(|link| self.own(&link)).transpose()?;
        }
        Err(malformed(path, "the list does not end"))
    }

    /// The path of a link, if it leads to this very server.
    pub(crate) fn own(&self, link: &str) -> Result<String, Fault> {
        let elsewhere = || Fault::Redirected { host: self.http.base().host(), location: clean(link, false) };
        let rest = link.strip_prefix(self.http.base().as_str()).filter(|rest| rest.starts_with('/'));
        // ARM's links name port 443 now and then.
        let with_port = || link.strip_prefix(&format!("{}:443", self.http.base())).filter(|rest| rest.starts_with('/'));
        rest.or_else(with_port).map(str::to_owned).ok_or_else(elsewhere)
    }
}

fn read<T: DeserializeOwned>(reply: Reply, path: &str) -> Result<Option<T>, Fault> {
    let location = reply.location();
    // The answer may hold a key of the relay, so it is wiped whatever becomes of it.
    let body = Zeroizing::new(reply.body.into_bytes());
    let reply = Reply { body: Body::default(), ..reply };
    if let Some(location) = location {
        return Err(Fault::Redirected { host: reply.host, location });
    }
    if !reply.is_json() {
        return Err(Fault::NotJson {
            host: reply.host.clone(),
            status: reply.status,
            content_type: reply.content_type(),
        });
    }
    if reply.status == 200 {
        if let Some(told) = refusal(&body) {
            return Err(fault(&reply, serde_json::from_value(told).ok(), path));
        }
        let read = serde_json::from_slice(&body).map_err(|error| malformed(path, &place(&error)));
        return read.map(Some);
    }
    match (reply.status, serde_json::from_slice::<Envelope>(&body).ok()) {
        (404, Some(_)) => Ok(None),
        (_, told) => Err(fault(&reply, told.map(|envelope| envelope.error), path)),
    }
}

/// The error that a body with status 200 is, instead of a resource. An operation tells a status beside it, a resource its properties;
/// a list is refused with what is said of lists.
fn refusal(body: &[u8]) -> Option<serde_json::Value> {
    #[derive(Deserialize)]
    struct Outline {
        error: Option<serde_json::Value>,
        status: Option<IgnoredAny>,
        properties: Option<IgnoredAny>,
        value: Option<IgnoredAny>,
    }
    let Outline { error, status, properties, value } = serde_json::from_slice(body).ok()?;
    error.filter(|_| status.is_none() && properties.is_none() && value.is_none())
}

/// Whether an answer has nothing at all: each resource has an id at least.
fn is_empty(body: &[u8]) -> bool {
    let told = body.iter().filter(|byte| !byte.is_ascii_whitespace());
    [b"{}".as_slice(), b"[]", b"null", b""].into_iter().any(|nothing| told.clone().eq(nothing))
}

fn fault(reply: &Reply, told: Option<Told>, path: &str) -> Fault {
    let (code, message) = told.map(|told| (short(&told.code), short(&told.whole()))).unwrap_or_default();
    let what = what(path);
    let detail = if message.is_empty() { code.clone() } else { format!("{code}: {message}") };
    match reply.status {
        401 => Fault::NotAuthenticated { what, detail },
        403 => Fault::AzureForbidden { what, detail },
        429 => {
            let wait = reply.retry_after(Timestamp::now()).unwrap_or(DEFAULT_WAIT_SECONDS).max(1);
            Fault::RateLimited {
                retry_after_seconds: wait,
                limit: None,
                rule: Some(code).filter(|code| !code.is_empty()),
            }
        }
        status => {
            let transaction = reply.header("x-ms-correlation-request-id").map(short);
            Fault::PartnerError { status, message: code, detail: message, transaction }
        }
    }
}

/// A path without its query, for faults.
fn what(path: &str) -> String {
    path.split('?').next().unwrap_or(path).to_owned()
}

/// Where JSON went wrong; not the message itself, which may quote a value.
fn place(error: &serde_json::Error) -> String {
    format!("line {}, column {}", error.line(), error.column())
}

fn malformed(path: &str, detail: &str) -> Fault {
    Fault::Malformed { what: what(path), detail: detail.to_owned() }
}

fn short(text: &str) -> String {
    // Before it is cut: half a secret would not be known.
    let text = redactor::redact_text(&clean(text.trim(), false)).into_owned();
    match text.char_indices().nth(TEXT_LIMIT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests;
