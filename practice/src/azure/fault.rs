//! What practice Azure can be made to answer.

use serde::{Deserialize, Serialize};

/// A fault of the next answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AzureFault {
    /// What it answers.
    pub fault: AzureFaultKind,
    /// Only where the path holds this, in whatever case; empty for every path.
    #[serde(default)]
    pub path: String,
    /// How many answers; left out, all.
    #[serde(default)]
    pub times: Option<u32>,
}

/// What it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AzureFaultKind {
    /// 403 `AuthorizationFailed`: signed in, without the role Reader.
    Forbidden,
    /// 404 `ResourceNotFound`.
    NotFound,
    /// 429 with `Retry-After: 11`.
    Throttled,
    /// 503 `ServerTimeout`.
    Unavailable,
    /// A page in HTML with status 200, as of a proxy that wants a sign-in.
    Html,
    /// A page in HTML with status 404.
    HtmlNotFound,
    /// A list whose next page is at another host.
    LinkElsewhere,
}
