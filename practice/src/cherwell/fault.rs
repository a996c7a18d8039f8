//! Faults that can be asked for.

use serde::{Deserialize, Serialize};

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

impl FaultKind {
    /// Whether it changes a page of rows instead of replacing the answer.
    pub(crate) fn of_page(self) -> bool {
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
    /// Only requests whose path holds this text, in lower case.
    #[serde(default)]
    pub path: Option<String>,
    /// `clock-skew`: seconds ahead.
    #[serde(default)]
    pub seconds: i64,
    /// `slow`: the delay.
    #[serde(default)]
    pub millis: u64,
}

fn once() -> u64 {
    1
}

impl FaultSpec {
    /// This fault, once, at the next request it can befall.
    pub fn new(fault: FaultKind) -> Self {
        Self { fault, times: 1, after: 0, path: None, seconds: 0, millis: 0 }
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
        Self { path: Some(path.to_ascii_lowercase()), ..self }
    }

    fn befalls(&self, path: &str) -> bool {
        match &self.path {
            Some(part) => path.contains(part.as_str()),
            None if self.fault.of_page() => path.ends_with("/getsearchresults"),
            None => matches!(self.fault, FaultKind::Slow | FaultKind::ClockSkew) || path.contains("/api/"),
        }
    }
}

/// The faults that are still to come.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    /// What is still to come.
    pub(crate) pending: Vec<FaultSpec>,
}

impl Faults {
    /// The faults that befall the request with this path, in lower case.
    pub(crate) fn take(&mut self, path: &str) -> Vec<FaultSpec> {
        let mut taken = Vec::new();
        self.pending.retain_mut(|spec| {
            if !spec.befalls(path) {
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_comes_as_often_and_as_late_as_asked() {
        let mut faults = Faults::default();
        faults.pending.push(FaultSpec::new(FaultKind::EmptyPage).times(2).after(1));
        assert!(faults.take("/cherwellapi/token").is_empty());
        let search = "/cherwellapi/api/v1/getsearchresults";
        let came: Vec<_> = (0..4).map(|_| faults.take(search).len()).collect();
        assert_eq!(came, [0, 1, 1, 0]);
        faults.pending.push(FaultSpec::new(FaultKind::Slow).times(0));
        assert!((0..5).all(|_| faults.take(search).len() == 1));
    }

    #[test]
    fn it_is_read_from_json_with_kebab_case_names() {
        let spec: FaultSpec = serde_json::from_str(r#"{"fault":"logged-out","times":3}"#).unwrap();
        assert_eq!(spec, FaultSpec::new(FaultKind::LoggedOut).times(3));
    }
}
