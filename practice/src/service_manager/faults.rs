//! Faults that can be asked for.

use serde::{Deserialize, Serialize};

use crate::core::faults::Kind;
use crate::core::writing::{AtWrites, at_writes};

/// One fault that is asked for.
pub type FaultSpec = crate::core::FaultSpec<FaultKind>;

/// What goes wrong. `docs/practice.md` has the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// 401 with a plain `Bearer` challenge.
    Unauthorized,
    /// 403 as JSON.
    Forbidden,
    /// 400 `ApiVersionUnspecified`.
    ApiVersionUnspecified,
    /// 400 `UnsupportedApiVersion`.
    UnsupportedApiVersion,
    /// 400 with `ModelState`.
    ModelState,
    /// 404 of a route that is not there.
    NoRoute,
    /// 500 with a .NET stack in `Message`.
    ServerError,
    /// 500: the web app's account may not.
    NoPermission,
    /// 500: the management server cannot be reached.
    ServerUnreachable,
    /// 403 with the page of a stopped App Service.
    Stopped,
    /// 503 with HTML.
    Unavailable,
    /// 302 to a sign-in page, as App Service's own authentication does.
    LoginRedirect,
    /// 200 with an HTML page.
    Html,
    /// 204, whatever was asked for.
    NoContent,
    /// 200 that says JSON, without a body.
    Empty,
    /// 200 that says JSON and is none.
    NotJson,
    /// 200 with half the JSON.
    Truncated,
    /// The connection is reset in the middle of the body.
    Reset,
    /// The answer takes `millis` longer, as after a cold start.
    Slow,
    /// The rows of a page come in reverse.
    OutOfOrder,
    /// Every other row of a page is left out, and no total tells.
    HalfPage,
    /// Rows without an Id, which people use; the GUID is there.
    NoId,
    /// The second row of a page has the GUID of the first.
    SameGuid,
    /// Every row was changed in 1970.
    In1970,
    /// Every row was changed in 2005.
    In2005,
    /// The conditions on time are dropped.
    FilterIgnored,
    /// Control and bidirectional characters in a title.
    EscapeSequences,
    /// Numbers, booleans and nulls where texts belong.
    WrongTypes,
    /// The `Date` header is `seconds` off.
    ClockSkew,
    /// A write is carried out; then its connection is reset without an answer.
    ReplyLost,
    /// A write is carried out, then answered with an error: `status`, `message`.
    ErrorAfterCommit,
    /// A write waits until it is let go on, and is carried out then.
    Held,
    /// A write is carried out; its answer waits until it is let go on.
    HeldAfter,
    /// The management server takes `millis` before the write is done.
    SlowRule,
    /// A write leaves a property, `column`, out without a word.
    DroppedColumn,
    /// 429 with `Retry-After`.
    Throttled,
}

impl FaultKind {
    /// Whether the rows of a page are changed as they are sent.
    pub(super) fn is_of_rows(self) -> bool {
        matches!(self, Self::WrongTypes | Self::NoId | Self::SameGuid | Self::In1970 | Self::In2005)
    }
}

impl Kind for FaultKind {
    fn of_page(self) -> bool {
        use FaultKind as F;
        self.is_of_rows()
            || matches!(
                self,
                F::OutOfOrder | F::FilterIgnored | F::EscapeSequences | F::Truncated | F::Reset | F::HalfPage
            )
    }

    fn befalls(self, path: &str) -> bool {
        use FaultKind as F;
        let everywhere = matches!(self, F::Stopped | F::Unavailable | F::LoginRedirect | F::ClockSkew | F::Slow);
        everywhere || (path.starts_with("/api/") && path != "/api/configtest")
    }

    fn at_writes(self) -> AtWrites {
        at_writes!(self, only Self::DroppedColumn)
    }

    fn is_write(method: &str, path: &str) -> bool {
        let reads = path.eq_ignore_ascii_case("/api/workitem/search") || !path.starts_with("/api/");
        method != "GET" && !reads && path != "/api/configtest"
    }
}
