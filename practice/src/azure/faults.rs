//! What the practice cloud can be made to answer.

use serde::{Deserialize, Serialize};

use super::record::Role;
use crate::core::faults::Kind;

/// One fault that is asked for.
pub type FaultSpec = crate::core::FaultSpec<FaultKind>;

/// What it answers. Without a `path` those of one role befall that role alone, all others any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// 429 with `Retry-After`.
    Throttled,
    /// 503.
    Unavailable,
    /// 500: without a body at ingestion.
    ServerError,
    /// An error of this status, code and message.
    Error,
    /// 401 as for a token that is not known.
    Unauthorized,
    /// 403, as that role words it.
    Forbidden,
    /// A page in HTML with status 200, as of a proxy that wants a sign-in.
    Html,
    /// 200 that says JSON and is none.
    NotJson,
    /// 200 with an empty object.
    EmptyObject,
    /// 307 to another host.
    Redirect,
    /// The connection is reset before anything happens.
    Reset,
    /// What was asked for is done; then the connection is reset without an answer.
    Cut,
    /// What was asked for is done; the answer comes later.
    Late,
    /// Nothing is done until later.
    Slow,
    /// The `Date` header is off.
    ClockSkew,
    /// Resource Manager: a list whose next page is at another host.
    LinkElsewhere,
    /// Resource Manager: a list whose next page is itself.
    LinkLoop,
    /// Resource Manager: an operation on a table that is told of at another host.
    OperationElsewhere,
    /// Resource Manager: rules whose endpoint is at another host.
    EndpointElsewhere,
    /// Resource Manager: the next operation on a table ends as failed, asked for with 200.
    OperationFailed,
    /// Ingestion: 400 `InvalidStream`.
    InvalidStream,
    /// Ingestion: 404 `NotFound`.
    NotFound,
    /// Ingestion: 413 `ContentLengthLimitExceeded`.
    TooLarge,
    /// Ingestion: 408 `TimeoutExpired`, as for a body that was cut off.
    TimeoutExpired,
    /// Ingestion: 204, and `limit` rows of the batch are not stored; all of them for 0.
    LostRows,
    /// Query: 200 with half of the rows and a `PartialError`.
    Partial,
    /// Query: 200 without a body.
    EmptyBody,
    /// Query: 204.
    NoContent,
    /// Query: 401 of an API that takes no application's token.
    ApplicationRefused,
}

impl FaultSpec {
    /// The other host: the message, or this one.
    pub(super) fn elsewhere<'a>(&'a self, usual: &'a str) -> &'a str {
        if self.message.is_empty() { usual } else { &self.message }
    }
}

impl FaultKind {
    /// The role it belongs to, if it is one role's.
    fn role(self) -> Option<Role> {
        match self {
            Self::LinkElsewhere
            | Self::LinkLoop
            | Self::OperationElsewhere
            | Self::EndpointElsewhere
            | Self::OperationFailed => Some(Role::ResourceManager),
            Self::InvalidStream | Self::NotFound | Self::TooLarge | Self::TimeoutExpired | Self::LostRows => {
                Some(Role::Ingestion)
            }
            Self::Partial | Self::EmptyBody | Self::NoContent | Self::ApplicationRefused => Some(Role::Query),
            _ => None,
        }
    }
}

impl Kind for FaultKind {
    fn befalls(self, path: &str) -> bool {
        self.role().is_none_or(|role| role == Role::of(path))
    }
}
