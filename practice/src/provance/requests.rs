//! What has been asked of the environment.

use serde::Serialize;

/// One request to the product, without its secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RequestRecord {
    /// `GET` and so on.
    pub method: String,
    /// The path.
    pub path: String,
    /// The query as it was sent.
    pub query: String,
    /// The `Prefer` header.
    pub prefer: String,
    /// The user or application whose token it carried, if that was good.
    pub user: Option<String>,
    /// The status of the answer.
    pub status: u16,
    /// Whether it came while the service protection had asked for silence.
    pub too_early: bool,
}
