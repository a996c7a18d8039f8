//! What is noted of a request.

use std::collections::BTreeMap;

use serde::Serialize;

/// Who answers a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Azure Resource Manager.
    ResourceManager,
    /// The Logs Ingestion API.
    Ingestion,
    /// The query API.
    Query,
    /// The machine's metadata service.
    Identity,
}

impl Role {
    /// By the path.
    pub(super) fn of(path: &str) -> Self {
        match path.split('/').nth(1) {
            Some("dataCollectionRules") => Self::Ingestion,
            Some("v1") => Self::Query,
            Some("metadata" | "msi") => Self::Identity,
            _ => Self::ResourceManager,
        }
    }
}

/// One request, without its secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AzureRequest {
    /// Who answered it.
    pub role: Role,
    /// `GET` and so on.
    pub method: String,
    /// The path as it was sent.
    pub path: String,
    /// The query as it was sent.
    pub query: String,
    /// The object id of whoever asked, if the token was good.
    pub caller: Option<String>,
    /// `x-ms-client-request-id`.
    pub client_request_id: String,
    /// `Content-Encoding`.
    pub encoding: String,
    /// Bytes of the body as it was sent.
    pub bytes: usize,
    /// Bytes of the body, unpacked.
    pub plain_bytes: usize,
    /// Ingestion: rows of the body; query: rows of the answer.
    pub rows: usize,
    /// The text of a query.
    pub kql: String,
    /// The status of the answer.
    pub status: u16,
    /// The code of an error.
    pub code: String,
}

/// What a handler tells of its answer beside it.
#[derive(Debug, Clone, Default)]
pub(super) struct Note {
    pub(super) caller: Option<String>,
    pub(super) plain_bytes: usize,
    pub(super) rows: usize,
    pub(super) kql: String,
    pub(super) code: String,
}

/// How often each role gave each answer, such as `ingestion POST 204`.
pub(super) fn counts(requests: &[AzureRequest]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for request in requests {
        let role = serde_json::to_value(request.role).unwrap_or_default();
        let key = format!("{} {} {}", role.as_str().unwrap_or_default(), request.method, request.status);
        *counts.entry(key).or_default() += 1;
    }
    counts
}
