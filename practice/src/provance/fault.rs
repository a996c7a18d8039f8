//! Faults that can be asked for.

use serde::{Deserialize, Serialize};

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
    /// A body without end.
    HugeBody,
    /// The `Date` header is `seconds` off.
    ClockSkew,
    /// The answer takes `millis` longer.
    Slow,
}

impl FaultKind {
    /// Whether it changes a page of rows instead of replacing the answer.
    pub(crate) fn of_page(self) -> bool {
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
                | Self::Truncated
                | Self::Reset
                | Self::HugeBody
        )
    }
}

/// One fault that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultSpec {
    /// What goes wrong.
    pub fault: FaultKind,
    /// How often; 0 until it is cleared.
    #[serde(default = "once")]
    pub times: u64,
    /// So many matching requests pass first.
    #[serde(default)]
    pub after: u64,
    /// Only requests whose path holds this text.
    #[serde(default)]
    pub path: Option<String>,
    /// `rate-limited`, `maintenance`: seconds of `Retry-After`.
    #[serde(default = "two")]
    pub retry_after: i64,
    /// `error`: the status.
    #[serde(default = "five_hundred")]
    pub status: u16,
    /// `error`, `rate-limited`: the code, such as `0x80072322`.
    #[serde(default)]
    pub code: String,
    /// `error`: the message.
    #[serde(default)]
    pub message: String,
    /// `clock-skew`: seconds ahead.
    #[serde(default)]
    pub seconds: i64,
    /// `huge-body`: only pages of more rows than these.
    #[serde(default)]
    pub rows: usize,
    /// `slow`: the delay.
    #[serde(default)]
    pub millis: u64,
}

fn once() -> u64 {
    1
}

fn two() -> i64 {
    2
}

fn five_hundred() -> u16 {
    500
}

impl FaultSpec {
    /// This fault, once, at the next request it can befall.
    pub fn new(fault: FaultKind) -> Self {
        Self {
            fault,
            times: 1,
            after: 0,
            path: None,
            retry_after: 2,
            status: 500,
            code: String::new(),
            message: String::new(),
            seconds: 0,
            rows: 0,
            millis: 0,
        }
    }

    /// An error of the product's own.
    pub fn error(status: u16, code: &str, message: &str) -> Self {
        Self { status, code: code.into(), message: message.into(), ..Self::new(FaultKind::Error) }
    }

    /// So often; 0 until it is cleared.
    #[must_use]
    pub fn times(self, times: u64) -> Self {
        Self { times, ..self }
    }

    /// After so many matching requests.
    #[must_use]
    pub fn after(self, after: u64) -> Self {
        Self { after, ..self }
    }

    /// Only where the path holds this text.
    #[must_use]
    pub fn on(self, path: &str) -> Self {
        Self { path: Some(path.into()), ..self }
    }
}

/// The faults of one kind that befall a request with this path; they are counted.
pub(crate) fn take(pending: &mut Vec<FaultSpec>, path: &str, of_page: bool) -> Vec<FaultSpec> {
    let mut taken = Vec::new();
    pending.retain_mut(|spec| {
        let here = spec.path.as_deref().is_none_or(|part| path.contains(part));
        if spec.fault.of_page() != of_page || !here {
            return true;
        }
        if spec.after > 0 {
            spec.after -= 1;
            return true;
        }
        taken.push(spec.clone());
        let forever = spec.times == 0;
        spec.times = spec.times.saturating_sub(1);
        forever || spec.times > 0
    });
    taken
}
