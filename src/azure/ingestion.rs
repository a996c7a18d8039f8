//! The Logs Ingestion API: rows for the tables of Log Analytics, through a data collection rule.
//!
//! `POST {endpoint}/dataCollectionRules/{rule}/streams/{stream}?api-version=2023-01-01` with a JSON array, packed by gzip.
//! 204 means accepted, not stored. There is no key that makes a repeated request harmless: one whose answer was lost may
//! have been stored. Source: azure-rest-api-specs, monitor/data-plane/ingestion/stable/2023-01-01.

use std::io::Write as _;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};

use super::answer::{Told, common, short};
use super::tokens::SharedTokens;
use crate::model::fault::{Fault, Service};
use crate::model::secret::Secret;
use crate::model::url::ServerUrl;
use crate::net::http::{Http, HttpConfig, Method, Reply, SMALL_LIMIT_BYTES};

const API_VERSION: &str = "2023-01-01";

/// The header that names a request; `DCRLogErrors` shows it as `ClientRequestId`.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-ms-client-request-id");

/// Level 1 takes a third of the time of level 6 for 1 to 3 points of size (measured by otel-arrow's exporter).
const LEVEL: Compression = Compression::fast();

/// Rows that are ready to be sent.
#[derive(Debug, Clone)]
pub struct Packed {
    /// The JSON array, packed.
    pub gzip: Bytes,
    /// How long it is unpacked, in bytes: what counts for the service's limit.
    pub bytes: u64,
}

impl Packed {
    /// Packs a JSON array.
    pub fn new(json: &[u8]) -> Self {
        Self::parts(&[json])
    }

    /// Packs rows that stand as in a JSON array, without its brackets.
    pub fn rows(rows: &str) -> Self {
        Self::parts(&[b"[", rows.as_bytes(), b"]"])
    }

    fn parts(parts: &[&[u8]]) -> Self {
        let bytes = parts.iter().map(|part| part.len()).sum::<usize>();
        let mut packer = GzEncoder::new(Vec::with_capacity(bytes / 4 + 64), LEVEL);
        // Writing to memory does not fail.
        let written = parts.iter().try_for_each(|part| packer.write_all(part)).and_then(|()| packer.finish());
        Self { gzip: written.unwrap_or_default().into(), bytes: bytes as u64 }
    }
}

/// The endpoint of one data collection rule.
pub struct Ingestion {
    http: Http,
    tokens: SharedTokens,
    rule: String,
}

impl Ingestion {
    /// The rule with this immutable id at an endpoint that is known to belong to the cloud (`Endpoints::ingestion_at`):
    /// the token goes there and, since no redirect is followed, nowhere else.
    ///
    /// # Errors
    /// What keeps a client from being made.
    pub fn new(endpoint: &ServerUrl, rule: &str, tokens: SharedTokens, config: &HttpConfig) -> Result<Self, Fault> {
        Ok(Self { http: Http::new(endpoint, config)?, tokens, rule: rule.to_owned() })
    }

    /// The immutable id of the rule.
    pub fn rule(&self) -> &str {
        &self.rule
    }

    /// How many requests were sent.
    pub fn requests(&self) -> u64 {
        self.http.requests()
    }

    /// Sends rows; they are accepted when it returns. `request_id` is a GUID of this very request.
    ///
    /// # Errors
    /// [`Fault::SendForbidden`], [`Fault::RuleNotFound`], [`Fault::StreamUnknown`], [`Fault::BatchTooLarge`],
    /// [`Fault::RowsRefused`], [`Fault::AzureTokenRefused`] after a second token was refused too, those of a host that was
    /// not reached, and, of [`Service::Ingestion`], throttling and errors of the service. After a fault without an answer,
    /// and after a 5xx, the rows may have been accepted.
    pub async fn send(&self, stream: &str, rows: &Packed, request_id: &str) -> Result<(), Fault> {
        let token = self.tokens.token(None).await?;
        let mut reply = self.post(stream, rows, request_id, &token).await?;
        if reply.status == 401 {
            let other = self.tokens.token(Some(token)).await?;
            reply = self.post(stream, rows, request_id, &other).await?;
        }
        if reply.status == 204 {
            return Ok(());
        }
        Err(self.fault(&reply, stream, rows.bytes, request_id))
    }

    async fn post(&self, stream: &str, rows: &Packed, request_id: &str, token: &Secret) -> Result<Reply, Fault> {
        let path = format!("/dataCollectionRules/{}/streams/{stream}?api-version={API_VERSION}", self.rule);
        let headers = headers(token, request_id)?;
        let sent = self.http.relay(Method::POST, &path, headers, rows.gzip.clone(), SMALL_LIMIT_BYTES).await;
        let mut reply = sent.map_err(|fault| elsewhere(fault, Service::Ingestion))?;
        reply.hide(token);
        Ok(reply)
    }

    fn fault(&self, reply: &Reply, stream: &str, bytes: u64, request_id: &str) -> Fault {
        let told = Told::of(reply);
        let (rule, detail) = (self.rule.clone(), told.detail.clone());
        // What a gateway says that closed the connection to a body over the limit.
        let cut_off = told.code == "TimeoutExpired" || told.says("ReadyBody_ClientConnectionAbort");
        match reply.status {
            413 => Fault::BatchTooLarge { bytes, detail },
            400..=599 if told.code == "ContentLengthLimitExceeded" || cut_off => Fault::BatchTooLarge { bytes, detail },
            400 if told.code == "InvalidStream" => Fault::StreamUnknown { rule, stream: stream.to_owned(), detail },
            400 if reply.is_json() || !told.code.is_empty() => Fault::RowsRefused { error_code: told.code, detail },
            403 if reply.is_json() || !told.code.is_empty() => {
                Fault::SendForbidden { rule, object_id: object_id(&told.detail), detail: told.code }
            }
            404 if reply.is_json() || !told.code.is_empty() => Fault::RuleNotFound { rule, detail },
            200..=299 => {
                // A sign-in page of a network, or a proxy: nobody has accepted anything.
                let (host, status) = (reply.host.clone(), reply.status);
                let fault = Fault::NotJson { host, status, content_type: reply.content_type() };
                Fault::Elsewhere { service: Service::Ingestion, fault: Box::new(fault) }
            }
            _ => common(reply, &told, Service::Ingestion, request_id),
        }
    }
}

/// The same as a fault of a service of Azure, where it is one of reaching it or of its throttling.
pub(super) fn elsewhere(fault: Fault, service: Service) -> Fault {
    match fault {
        Fault::RateLimited { .. } | Fault::Unavailable { .. } => Fault::Elsewhere { service, fault: Box::new(fault) },
        fault => fault.at(service),
    }
}

fn headers(token: &Secret, request_id: &str) -> Result<HeaderMap, Fault> {
    let unfit = |_| Fault::Internal { what: "a header of a request to Azure cannot be sent".to_owned() };
    let mut bearer = HeaderValue::from_str(&format!("Bearer {}", token.expose())).map_err(unfit)?;
    bearer.set_sensitive(true);
    Ok(HeaderMap::from_iter([
        (AUTHORIZATION, bearer),
        (ACCEPT, HeaderValue::from_static("application/json")),
        (CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (CONTENT_ENCODING, HeaderValue::from_static("gzip")),
        (REQUEST_ID, HeaderValue::from_str(request_id).map_err(unfit)?),
    ]))
}

/// The object id in `.. for tenantId <..> objectId <..> on resourceId <..>`.
fn object_id(message: &str) -> Option<String> {
    let after = message.split("objectId").nth(1)?;
    let id: String = after
        .trim_start_matches([' ', '<', ':', '\''])
        .chars()
        .take_while(|c| c.is_ascii_hexdigit() || *c == '-')
        .collect();
    (id.len() == 36).then(|| short(&id))
}

#[cfg(test)]
#[path = "ingestion_tests.rs"]
mod tests;
