//! What practice Azure can be made to answer.

use serde::{Deserialize, Serialize};

use crate::core::faults::Kind;

/// One fault that is asked for.
pub type FaultSpec = crate::core::FaultSpec<FaultKind>;

/// What it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
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

impl Kind for FaultKind {}
