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
    /// 429 with `Retry-After` and `code`; whoever does not keep silent till then makes it last longer.
    RateLimited,
    /// The error `status` with `code` and `message`.
    Error,
    /// 503 with HTML.
    Unavailable,
    /// 503 with `Retry-After`.
    Maintenance,
    /// 200 with the HTML of a sign-in page.
    LoginPage,
    /// 302 to a sign-in page.
    LoginRedirect,
    /// 403 0x80072560: the token is of another tenant.
    WrongTenant,
    /// 401 though the token is good.
    Unauthorized,
    /// Every access token is revoked, this request's as well.
    TokenRevoked,
    /// 200 that says JSON and is none.
    NotJson,
    /// 200 with JSON that is cut off.
    Truncated,
    /// The connection is reset in the middle of the body.
    Reset,
    /// The rows of a page come shuffled.
    OutOfOrder,
    /// The condition on the change time is dropped.
    FilterIgnored,
    /// The link to the next page leads to another host.
    ForeignLink,
    /// The link to the next page is refused when it is followed.
    StaleLink,
    /// The link to the next page leads to this one.
    CircularLink,
    /// A page holds half of its rows and no link to others.
    FewerRows,
    /// An error stands beside the rows of a page.
    ErrorBesideRows,
    /// The change time of a row cannot be read.
    UnreadableTime,
    /// Numbers, booleans and objects where texts belong, and texts where numbers do.
    WrongTypes,
    /// Control and bidirectional characters in a title.
    EscapeSequences,
    /// A row without its id or its change time.
    HiddenRow,
    /// The second row has the id of the first.
    SameId,
    /// A body without end.
    HugeBody,
    /// The `Date` header is `seconds` off.
    ClockSkew,
    /// The answer takes `millis` longer.
    Slow,
    /// A write is carried out; then its connection is reset without an answer.
    ReplyLost,
    /// A write is carried out, then answered with the error `status`, `code` and `message`.
    ErrorAfterCommit,
    /// A write waits until it is let go on, and is carried out then.
    Held,
    /// A write is carried out; its answer waits until it is let go on.
    HeldAfter,
    /// A plugin takes `millis` before the write is done.
    SlowRule,
    /// A write leaves a column, `column`, as it was, without a word.
    DroppedColumn,
}

impl Kind for FaultKind {
    const RETRY_AFTER: i64 = 2;

    fn of_page(self) -> bool {
        matches!(
            self,
            Self::OutOfOrder
                | Self::FilterIgnored
                | Self::ForeignLink
                | Self::StaleLink
                | Self::CircularLink
                | Self::FewerRows
                | Self::ErrorBesideRows
                | Self::UnreadableTime
                | Self::WrongTypes
                | Self::EscapeSequences
                | Self::HiddenRow
                | Self::SameId
                | Self::Truncated
                | Self::Reset
                | Self::HugeBody
        )
    }

    fn at_writes(self) -> AtWrites {
        at_writes!(self, only Self::DroppedColumn)
    }
}

impl FaultSpec {
    /// An error of the product's own.
    pub fn error(status: u16, code: &str, message: &str) -> Self {
        Self { status, code: code.into(), message: message.into(), ..Self::new(FaultKind::Error) }
    }
}
