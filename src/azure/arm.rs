//! Azure Resource Manager: resources by their path, only read.
//!
//! Errors are `{"error":{"code":"AuthorizationFailed","message":".."}}`; a list is `{"value":[..],"nextLink":".."}`, whose
//! link is whole and is followed as it stands, but never off the host that our token is for.

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use crate::model::clean::clean;
use crate::model::fault::{Fault, Service};
use crate::model::redactor;
use crate::model::secret::Secret;
use crate::model::url::ServerUrl;
use crate::net::http::{Http, HttpConfig, Reply, SMALL_LIMIT_BYTES};

/// How many pages a list may have before it is no list any more.
const PAGES: usize = 50;

/// How long to wait where a 429 does not say, in seconds.
const DEFAULT_WAIT_SECONDS: u64 = 60;

/// How long a text of Azure may become in a fault.
const TEXT_LIMIT: usize = 500;

/// Azure Resource Manager, with a token for it.
pub(crate) struct Arm {
    http: Http,
    token: Secret,
}

#[derive(Deserialize)]
struct List<T> {
    value: Vec<T>,
    #[serde(rename = "nextLink")]
    next: Option<String>,
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
}

impl Arm {
    /// The one at this address.
    ///
    /// # Errors
    /// What keeps a client from being made.
    pub(crate) fn new(base: &ServerUrl, token: Secret, config: &HttpConfig) -> Result<Self, Fault> {
        Ok(Self { http: Http::new(base, config)?, token })
    }

    /// One resource. `None` where Azure itself says that it is not there; a reply of anything else does not say so.
    ///
    /// # Errors
    /// [`Fault::Forbidden`] without the right to look, [`Fault::RateLimited`], and whatever else came instead.
    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<Option<T>, Fault> {
        let of_azure = |fault: Fault| fault.at(Service::ResourceManager);
        let reply = self.http.get(path, Some(&self.token), SMALL_LIMIT_BYTES).await.map_err(of_azure)?;
        read(reply, path).map_err(of_azure)
    }

    /// Every resource of a list; none where what it belongs to is not there.
    ///
    /// # Errors
    /// As [`Arm::get`], [`Fault::Redirected`] for a next page elsewhere.
    pub(crate) async fn list<T: DeserializeOwned>(&self, path: &str) -> Result<Vec<T>, Fault> {
        let mut all = Vec::new();
        let mut next = Some(path.to_owned());
        for _ in 0..PAGES {
            let Some(path) = next else { return Ok(all) };
            let Some(page) = self.get::<List<T>>(&path).await? else { return Ok(all) };
            all.extend(page.value);
            next = page.next.filter(|link| !link.is_empty()).map(|link| self.own(&link)).transpose()?;
        }
        Err(malformed(path, "the list does not end"))
    }

    /// The path of a link, if it leads to this very server.
    fn own(&self, link: &str) -> Result<String, Fault> {
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
    let body = Zeroizing::new(reply.body);
    let reply = Reply { body: Vec::new(), ..reply };
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
        let read = serde_json::from_slice(&body).map_err(|error| malformed(path, &place(&error)));
        return read.map(Some);
    }
    match (reply.status, serde_json::from_slice::<Envelope>(&body).ok()) {
        (404, Some(_)) => Ok(None),
        (_, told) => Err(fault(&reply, told.map(|envelope| envelope.error), path)),
    }
}

fn fault(reply: &Reply, told: Option<Told>, path: &str) -> Fault {
    let (code, message) = told.map(|told| (short(&told.code), short(&told.message))).unwrap_or_default();
    let what = what(path);
    let detail = if message.is_empty() { code.clone() } else { format!("{code}: {message}") };
    match reply.status {
        401 => Fault::NotAuthenticated { what, detail },
        403 => Fault::Forbidden { what, detail },
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
mod tests {
    use super::*;
    use crate::net::testing::{Fake, html, json, url};
    use axum::response::{IntoResponse, Response};
    use rstest::rstest;
    use serde_json::{Value, json};

    async fn arm(answer: impl Fn(&str) -> Response + Send + Sync + Clone + 'static) -> (Fake, Arm) {
        let fake = Fake::start(move |seen| answer(&seen.path)).await;
        let arm = Arm::new(&url(&fake.url), Secret::new("t0ken"), &HttpConfig::default()).unwrap();
        (fake, arm)
    }

    fn told(status: u16, code: &str) -> Response {
        json(status, &json!({ "error": { "code": code, "message": format!("{code} it is.") } }))
    }

    async fn answered(answer: impl Fn() -> Response + Send + Sync + Clone + 'static) -> Result<Option<Value>, Fault> {
        let (fake, arm) = arm(move |_| answer()).await;
        let got = arm.get("/subscriptions/s?api-version=1").await;
        assert_eq!(fake.seen()[0].bearer(), Some("t0ken"));
        got
    }

    #[tokio::test]
    async fn what_azure_says_is_not_there_is_not_there() {
        for code in ["ResourceNotFound", "ResourceGroupNotFound", "SubscriptionNotFound"] {
            assert_eq!(answered(move || told(404, code)).await, Ok(None), "{code}");
        }
    }

    #[rstest]
    #[case(401, "InvalidAuthenticationToken", "not-authenticated")]
    #[case(403, "AuthorizationFailed", "forbidden")]
    #[case(429, "SubscriptionRequestsThrottled", "rate-limited")]
    #[case(409, "Conflict", "partner-error")]
    #[case(503, "ServerTimeout", "partner-error")]
    #[tokio::test]
    async fn each_error_is_its_own_fault(#[case] status: u16, #[case] code: &'static str, #[case] fault: &str) {
        let got = answered(move || told(status, code)).await.unwrap_err();
        assert_eq!(got.code(), fault);
        assert!(format!("{got:?}").contains(code), "{got:?}");
    }

    #[tokio::test]
    async fn what_is_not_azures_answer_says_nothing() {
        let missing = answered(|| html(404, "<h1>Not found</h1>")).await.unwrap_err();
        assert_eq!(missing.code(), "not-json", "{missing:?}");
        let page = answered(|| html(200, "<html>sign in</html>")).await.unwrap_err();
        assert_eq!(page.code(), "not-json", "{page:?}");
        let bare = answered(|| json(404, &json!({ "message": "no route" }))).await.unwrap_err();
        assert_eq!(bare.code(), "partner-error", "{bare:?}");
        let cut = answered(|| ([("content-type", "application/json")], "{\"id\":\"s3cret").into_response()).await;
        let cut = cut.unwrap_err();
        assert!(cut.code() == "malformed" && !format!("{cut:?}").contains("s3cret"), "{cut:?}");
    }

    #[tokio::test]
    async fn a_throttled_request_says_for_how_long() {
        let throttled = || ([("retry-after", "17")], told(429, "TooManyRequests")).into_response();
        let got = answered(throttled).await.unwrap_err();
        assert_eq!(got.retry(), crate::model::fault::Retry::After(17));
    }

    #[tokio::test]
    async fn a_list_is_followed_to_its_end_on_its_own_server() {
        let fake = Fake::start(|seen| {
            let base = format!("http://{}", seen.headers["host"].to_str().unwrap());
            let page = match seen.get("page") {
                None => json!({ "value": ["a"], "nextLink": format!("{base}/list?page=2") }),
                Some("2") => json!({ "value": ["b", "c"], "nextLink": "" }),
                Some(_) => json!({ "value": ["x"], "nextLink": "https://elsewhere.example/list" }),
            };
            json(200, &page)
        })
        .await;
        let arm = Arm::new(&url(&fake.url), Secret::new("t0ken"), &HttpConfig::default()).unwrap();
        assert_eq!(arm.list::<String>("/list").await.unwrap(), ["a", "b", "c"]);
        let fault = arm.list::<String>("/list?page=3").await.unwrap_err();
        assert!(matches!(fault, Fault::Redirected { .. }), "{fault:?}");
        assert_eq!(fake.paths().len(), 3);
    }

    #[tokio::test]
    async fn a_list_without_an_end_is_given_up() {
        let fake = Fake::start(|seen| {
            let base = format!("http://{}", seen.headers["host"].to_str().unwrap());
            json(200, &json!({ "value": ["a"], "nextLink": format!("{base}/list") }))
        })
        .await;
        let arm = Arm::new(&url(&fake.url), Secret::new("t0ken"), &HttpConfig::default()).unwrap();
        assert!(matches!(arm.list::<String>("/list").await, Err(Fault::Malformed { .. })));
        assert_eq!(fake.paths().len(), PAGES);
    }

    #[tokio::test]
    async fn a_link_of_another_host_that_begins_alike_is_elsewhere() {
        let (_, arm) = arm(|_| told(404, "x")).await;
        for link in ["9/list", ".evil.example/list", "@evil.example/list"] {
            let link = format!("{}{link}", arm.http.base());
            assert!(matches!(arm.own(&link), Err(Fault::Redirected { .. })), "{link}");
        }
    }
}
