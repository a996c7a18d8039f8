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
    /// 503 with HTML.
    Unavailable,
    /// 500 with the HTML of IIS.
    HtmlError,
    /// 200 with an HTML page.
    HtmlPage,
    /// 200 that says JSON and is none.
    NotJson,
    /// 401, for a token that is good.
    Unauthorized,
    /// Another program has signed in as the same user with the same client: the token pair is over.
    LoggedOut,
    /// 500 `RECORDNOTFOUND`.
    RecordNotFound,
    /// 500 `SEARCHNOTFOUND`.
    SearchNotFound,
    /// 500 `GENERALFAILURE`: the business object is not found.
    ObjectNotFound,
    /// 500 `GENERALFAILURE`, of another kind.
    GeneralFailure,
    /// 500 `INSUFFICIENTRIGHTS`.
    InsufficientRights,
    /// 403 `INSUFFICIENTRIGHTS`.
    Forbidden,
    /// 200 with `hasError`.
    HasError,
    /// The answer takes `millis` longer.
    Slow,
    /// The `Date` header is `seconds` off.
    ClockSkew,
    /// The connection is reset in the middle of the body.
    Reset,
    /// `totalRows` counts rows, and none come.
    EmptyPage,
    /// The rows of a page come in no order.
    Unsorted,
    /// The filters are dropped.
    FilterIgnored,
    /// Control and bidirectional characters in a title.
    EscapeSequences,
    /// Numbers, truth values, null and objects where texts belong.
    WrongTypes,
    /// The first date of the page is written in another culture.
    WrongCulture,
    /// The first record tells of an error of its own and has no fields, within an answer without one.
    RecordError,
    /// What is empty or not told is null or left out; truth values and numbers are texts, and strangers stand among
    /// the known members.
    Sparse,
    /// The page's first record is changed before the page is made, so that what follows moves up.
    Shift,
    /// The first record that the search finds is deleted before the page is made.
    Delete,
    /// A record in the middle of the page is left out, and counted.
    RowMissing,
    /// The second record of the page has the id of the first.
    SameId,
    /// `hasMoreRecords` is true, whatever follows.
    MoreAlways,
    /// A write is carried out; then its connection is reset without an answer.
    ReplyLost,
    /// A write is carried out, then answered with an error: `status`, `code`, `message`.
    ErrorAfterCommit,
    /// A write waits until it is let go on, and is carried out then.
    Held,
    /// A write is carried out; its answer waits until it is let go on.
    HeldAfter,
    /// The system takes `millis` before the write is done.
    SlowRule,
    /// A write leaves a field, `column`, out without a word.
    DroppedColumn,
    /// A write is refused at 200 with `fieldValidationErrors`: `column`, `message`.
    FieldErrors,
    /// A write is answered with 429 and `Retry-After`.
    Throttled,
}

impl Kind for FaultKind {
    fn of_page(self) -> bool {
        use FaultKind::{
            Delete, EmptyPage, EscapeSequences, FilterIgnored, MoreAlways, RecordError, Reset, RowMissing, SameId,
            Shift, Unsorted, WrongCulture, WrongTypes,
        };
        matches!(
            self,
            EmptyPage
                | Unsorted
                | FilterIgnored
                | EscapeSequences
                | WrongTypes
                | WrongCulture
                | RecordError
                | Shift
                | Delete
                | RowMissing
                | SameId
                | MoreAlways
                | Reset
        )
    }

    fn befalls(self, path: &str) -> bool {
        match self {
            _ if self.of_page() => path.ends_with("/getsearchresults"),
            Self::Slow | Self::ClockSkew => true,
            _ => path.contains("/api/"),
        }
    }

    fn at_writes(self) -> AtWrites {
        at_writes!(self, only Self::DroppedColumn | Self::FieldErrors | Self::Throttled)
    }

    /// Linking writes though it is a `GET`, and searching reads though it is a `POST`.
    fn is_write(_method: &str, path: &str) -> bool {
        let path = path.to_ascii_lowercase();
        ["/savebusinessobject", "/saverelatedbusinessobject", "/linkrelatedbusinessobject"]
            .iter()
            .any(|call| path.contains(call))
    }
}
