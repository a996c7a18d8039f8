//! Faults that can be asked for.

use serde::{Deserialize, Serialize};

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
    /// The page holds bytes that are no UTF-8.
    BrokenText,
    /// A column of the page, `column`, is empty in every row.
    EmptyColumn,
}

impl FaultKind {
    /// Whether it changes a page of rows instead of replacing the answer.
    pub(crate) fn of_page(self) -> bool {
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
                | Self::BrokenText
                | Self::EmptyColumn
        )
    }

    fn everywhere(self) -> bool {
        matches!(self, Self::Hibernating | Self::Unavailable | Self::ClockSkew | Self::Slow)
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
    /// `rate-limited`: seconds of `Retry-After`.
    #[serde(default = "thirty")]
    pub retry_after: i64,
    /// `rate-limited`: `Retry-After` as an HTTP date.
    #[serde(default)]
    pub http_date: bool,
    /// `transaction-cancelled`: the largest limit that works. `hidden-rows`, `capped-pages`: how many rows. `fixed-total`:
    /// the total.
    #[serde(default)]
    pub limit: u64,
    /// `clock-skew`: seconds ahead.
    #[serde(default)]
    pub seconds: i64,
    /// `slow`: the delay.
    #[serde(default)]
    pub millis: u64,
    /// `empty-column`: the column's name.
    #[serde(default)]
    pub column: String,
}

fn once() -> u64 {
    1
}

fn thirty() -> i64 {
    30
}

impl FaultSpec {
    /// This fault, once, at the next request it can befall.
    pub fn new(fault: FaultKind) -> Self {
        Self {
            fault,
            times: 1,
            after: 0,
            path: None,
            retry_after: 30,
            http_date: false,
            limit: 0,
            seconds: 0,
            millis: 0,
            column: String::new(),
        }
    }

    /// So often; 0 until it is cleared.
    pub fn times(self, times: u64) -> Self {
        Self { times, ..self }
    }

    /// After so many matching requests.
    pub fn after(self, after: u64) -> Self {
        Self { after, ..self }
    }

    /// Only where the path holds this text.
    pub fn on(self, path: &str) -> Self {
        Self { path: Some(path.into()), ..self }
    }

    fn befalls(&self, path: &str, limit: u64) -> bool {
        let here = match &self.path {
            Some(part) => path.contains(part.as_str()),
            None => self.fault.everywhere() || path.contains("/api/now/"),
        };
        here && (self.fault != FaultKind::TransactionCancelled || limit > self.limit)
    }
}

/// The faults that are still to come.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    pending: Vec<FaultSpec>,
}

impl Faults {
    /// Asks for one more.
    pub(crate) fn add(&mut self, spec: FaultSpec) {
        self.pending.push(spec);
    }

    /// Forgets all.
    pub(crate) fn clear(&mut self) {
        self.pending.clear();
    }

    /// What is still to come.
    pub(crate) fn pending(&self) -> &[FaultSpec] {
        &self.pending
    }

    /// The faults that befall this request: of pages of rows, or of any answer.
    pub(crate) fn take(&mut self, path: &str, limit: u64, of_page: bool) -> Vec<FaultSpec> {
        let mut taken = Vec::new();
        self.pending.retain_mut(|spec| {
            if spec.fault.of_page() != of_page || !spec.befalls(path, limit) {
                return true;
            }
            if spec.after > 0 {
                spec.after -= 1;
                return true;
            }
            taken.push(spec.clone());
            spec.times = spec.times.saturating_sub(u64::from(spec.times != 0));
            spec.times > 0 || taken.last().is_some_and(|last| last.times == 0)
        });
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "/api/now/table/incident";

    #[test]
    fn a_fault_comes_as_often_and_as_late_as_asked() {
        let mut faults = Faults::default();
        faults.add(FaultSpec::new(FaultKind::Forbidden).times(2).after(1).on("incident"));
        assert!(faults.take("/api/now/table/sys_user", 10, false).is_empty());
        let came: Vec<_> = (0..4).map(|_| faults.take(LIST, 10, false).len()).collect();
        assert_eq!(came, [0, 1, 1, 0]);
    }

    #[test]
    fn zero_times_is_until_cleared() {
        let mut faults = Faults::default();
        faults.add(FaultSpec::new(FaultKind::OutOfOrder).times(0));
        assert!((0..5).all(|_| faults.take(LIST, 10, true).len() == 1));
        faults.clear();
        assert!(faults.take(LIST, 10, true).is_empty());
    }

    #[test]
    fn a_small_enough_limit_escapes_the_quota() {
        let mut faults = Faults::default();
        faults.add(FaultSpec { limit: 500, ..FaultSpec::new(FaultKind::TransactionCancelled).times(0) });
        assert_eq!(faults.take(LIST, 1000, true).len(), 1);
        assert!(faults.take(LIST, 500, true).is_empty());
    }

    #[test]
    fn it_is_read_from_json_with_kebab_case_names() {
        let spec: FaultSpec = serde_json::from_str(r#"{"fault":"rate-limited","retry_after":5}"#).unwrap();
        assert_eq!(spec, FaultSpec { retry_after: 5, ..FaultSpec::new(FaultKind::RateLimited) });
        assert!(serde_json::from_str::<FaultSpec>(r#"{"fault":"rate-limited","retryafter":5}"#).is_err());
    }
}
