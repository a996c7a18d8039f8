//! Faults that can be asked for.

use serde::{Deserialize, Serialize};

use crate::core::faults::Kind;

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
    /// `hasMoreRecords` is true, whatever follows.
    MoreAlways,
}

impl Kind for FaultKind {
    fn of_page(self) -> bool {
        use FaultKind::{
            Delete, EmptyPage, EscapeSequences, FilterIgnored, MoreAlways, RecordError, Reset, RowMissing, Shift,
            Unsorted, WrongCulture, WrongTypes,
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
}
