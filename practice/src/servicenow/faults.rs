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
    /// 429 with `Retry-After`.
    RateLimited,
    /// 200 with rows, an error, and broken JSON between.
    Truncated,
    /// 200 with valid JSON that holds both rows and an error.
    ResultAndError,
    /// 200 with the HTML page of a hibernating instance.
    Hibernating,
    /// 302 to `/login_redirect.do`.
    LoginRedirect,
    /// 200 with the HTML of a login page.
    LoginPage,
    /// The connection is reset in the middle of the body.
    Reset,
    /// Headers, a few bytes, then nothing.
    Stall,
    /// The rows of a page come shuffled.
    OutOfOrder,
    /// The conditions on `sys_updated_on` and `sys_id` are dropped.
    FilterIgnored,
    /// An empty page though rows are left.
    EmptyPage,
    /// Some rows of the page are missing or `{}`.
    HiddenRows,
    /// 500 where the limit is above `limit`.
    TransactionCancelled,
    /// 503 with HTML.
    Unavailable,
    /// Every access token is revoked, this request's as well.
    TokenRevoked,
    /// Every refresh token is revoked.
    RefreshRevoked,
    /// Control and bidirectional characters in a title.
    EscapeSequences,
    /// Numbers, booleans, nulls and objects where texts belong.
    WrongTypes,
    /// A body without end.
    HugeBody,
    /// The `Date` header is `seconds` off.
    ClockSkew,
    /// 200 that says JSON and is none.
    NotJson,
    /// 403.
    Forbidden,
    /// 500 as JSON.
    ServerError,
    /// 400 as JSON.
    BadRequest,
    /// The answer takes `millis` longer.
    Slow,
    /// A page has no more than `limit` rows, and the total tells the page's own length.
    CappedPages,
    /// The total is `limit`, whatever matches.
    FixedTotal,
    /// Every page is one `{}` without a total.
    EmptyRows,
    /// Every row of the page comes twice.
    DoubledRows,
    /// The second row of the page has the id of the first.
    SameId,
    /// The page holds bytes that are no UTF-8.
    BrokenText,
    /// A column of the page, `column`, is empty in every row.
    EmptyColumn,
    /// A write is carried out; then its connection is reset without an answer.
    ReplyLost,
    /// A write is carried out, then answered with an error: `status`, `message`.
    ErrorAfterCommit,
    /// A write waits until it is let go on, and is carried out then.
    Held,
    /// A write is carried out; its answer waits until it is let go on.
    HeldAfter,
    /// A business rule takes `millis` before the write is done.
    SlowRule,
    /// A write leaves a column, `column`, as it was, without a word.
    DroppedColumn,
    /// The identification engine makes an item that is there already.
    DoubledItem,
    /// The identification engine answers 200 with an error: `code`, `message`.
    EngineError,
    /// The transform map makes a row that it should have found.
    CoalesceMissed,
    /// An import set's row ends as an error: `message`.
    TransformError,
}

impl Kind for FaultKind {
    fn of_page(self) -> bool {
        matches!(
            self,
            Self::OutOfOrder
                | Self::FilterIgnored
                | Self::EmptyPage
                | Self::HiddenRows
                | Self::EscapeSequences
                | Self::WrongTypes
                | Self::Truncated
                | Self::ResultAndError
                | Self::Reset
                | Self::Stall
                | Self::HugeBody
                | Self::TransactionCancelled
                | Self::CappedPages
                | Self::FixedTotal
                | Self::EmptyRows
                | Self::DoubledRows
                | Self::SameId
                | Self::BrokenText
                | Self::EmptyColumn
        )
    }

    fn befalls(self, path: &str) -> bool {
        let everywhere = matches!(self, Self::Hibernating | Self::Unavailable | Self::ClockSkew | Self::Slow);
        everywhere || path.contains("/api/")
    }

    fn at_writes(self) -> AtWrites {
        at_writes!(self, only Self::DroppedColumn
                | Self::DoubledItem
                | Self::EngineError
                | Self::CoalesceMissed
                | Self::TransformError)
    }

    fn is_write(method: &str, path: &str) -> bool {
        method != "GET" && path.contains("/api/") && !path.ends_with("/identifyreconcile/query")
    }
}
