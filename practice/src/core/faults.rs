//! Faults that can be asked for: what goes wrong, how often, after how many requests, and where.

use std::sync::Mutex;

use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};

use super::lock;
use super::writing::AtWrites;

/// What can go wrong at one product. `docs/practice.md` has the tables.
pub trait Kind: Copy + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Seconds of `Retry-After` where the fault does not say.
    const RETRY_AFTER: i64 = 30;

    /// Whether it befalls a request with this path where the fault names no path.
    fn befalls(self, _path: &str) -> bool {
        true
    }

    /// Whether it changes a page of rows instead of replacing the answer.
    fn of_page(self) -> bool {
        false
    }

    /// What it has to do with requests that change something.
    fn at_writes(self) -> AtWrites {
        AtWrites::Any
    }

    /// Whether a request changes something at the product.
    fn is_write(method: &str, _path: &str) -> bool {
        !matches!(method, "GET" | "HEAD" | "OPTIONS")
    }
}

/// A request, as far as faults look at it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target<'a> {
    method: &'a str,
    path: &'a str,
}

impl<'a> From<&'a Parts> for Target<'a> {
    fn from(parts: &'a Parts) -> Self {
        Self { method: parts.method.as_str(), path: parts.uri.path() }
    }
}

impl<'a> From<&'a str> for Target<'a> {
    fn from(path: &'a str) -> Self {
        Self { method: "GET", path }
    }
}

impl<'a> From<&'a String> for Target<'a> {
    fn from(path: &'a String) -> Self {
        path.as_str().into()
    }
}

/// One fault that is asked for. What a kind of fault has no use for is ignored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, bound = "K: Kind")]
pub struct FaultSpec<K> {
    /// What goes wrong.
    pub fault: K,
    /// How often; 0 until it is cleared.
    #[serde(default = "once")]
    pub times: u64,
    /// So many matching requests pass first.
    #[serde(default)]
    pub after: u64,
    /// Only requests whose path holds this text, in whatever case; at an authority, only requests with this grant.
    #[serde(default, alias = "grant")]
    pub path: Option<String>,
    /// Only requests that change something; `after` counts these alone.
    #[serde(default)]
    pub writes: bool,
    /// Seconds of `Retry-After`.
    #[serde(default = "retry_after::<K>")]
    pub retry_after: i64,
    /// `Retry-After` is written as an HTTP date.
    #[serde(default)]
    pub http_date: bool,
    /// How much: the largest limit that works, how many rows, or the total.
    #[serde(default)]
    pub limit: u64,
    /// How many seconds a clock is ahead.
    #[serde(default)]
    pub seconds: i64,
    /// How long an answer is delayed, in milliseconds.
    #[serde(default)]
    pub millis: u64,
    /// The name of a column.
    #[serde(default)]
    pub column: String,
    /// The status of an error.
    #[serde(default = "five_hundred")]
    pub status: u16,
    /// The code of an error, such as `0x80072322`; of an authority the number behind `AADSTS`.
    #[serde(default, deserialize_with = "text_or_number")]
    pub code: String,
    /// The message of an error.
    #[serde(default)]
    pub message: String,
    /// Only pages of more rows than these.
    #[serde(default)]
    pub rows: usize,
}

fn once() -> u64 {
    1
}

fn retry_after<K: Kind>() -> i64 {
    K::RETRY_AFTER
}

fn five_hundred() -> u16 {
    500
}

fn text_or_number<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    match serde_json::Value::deserialize(from)? {
        serde_json::Value::String(text) => Ok(text),
        serde_json::Value::Number(number) => Ok(number.to_string()),
        _ => Err(serde::de::Error::custom("a code is a text or a number")),
    }
}

impl<K: Kind> FaultSpec<K> {
    /// This fault, once, at the next request it can befall.
    pub fn new(fault: K) -> Self {
        Self {
            fault,
            times: 1,
            after: 0,
            path: None,
            writes: false,
            retry_after: K::RETRY_AFTER,
            http_date: false,
            limit: 0,
            seconds: 0,
            millis: 0,
            column: String::new(),
            status: 500,
            code: String::new(),
            message: String::new(),
            rows: 0,
        }
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

    /// Only at requests that change something.
    #[must_use]
    pub fn on_writes(self) -> Self {
        Self { writes: true, ..self }
    }

    fn befalls(&self, Target { method, path }: Target<'_>) -> bool {
        if (self.writes || self.fault.at_writes() != AtWrites::Any) && !K::is_write(method, path) {
            return false;
        }
        match &self.path {
            Some(part) => path.to_ascii_lowercase().contains(&part.to_ascii_lowercase()),
            None => self.fault.befalls(path),
        }
    }
}

/// The faults that are still to come.
#[derive(Debug)]
pub(crate) struct Faults<K>(Mutex<Vec<FaultSpec<K>>>);

impl<K> Default for Faults<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Kind> Faults<K> {
    /// Asks for one more.
    pub(crate) fn add(&self, spec: FaultSpec<K>) {
        lock(&self.0).push(spec);
    }

    /// Forgets all.
    pub(crate) fn clear(&self) {
        lock(&self.0).clear();
    }

    /// What is still to come.
    pub(crate) fn pending(&self) -> Vec<FaultSpec<K>> {
        lock(&self.0).clone()
    }

    /// The faults that befall a request, of those that `fits` lets through. They are counted.
    pub(crate) fn take<'a>(
        &self,
        target: impl Into<Target<'a>>,
        fits: impl Fn(&FaultSpec<K>) -> bool,
    ) -> Vec<FaultSpec<K>> {
        self.take_some(target.into(), usize::MAX, fits)
    }

    /// The faults that befall a request: of a page of rows, or of any answer. They are counted.
    pub(crate) fn take_of<'a>(&self, target: impl Into<Target<'a>>, of_page: bool) -> Vec<FaultSpec<K>> {
        self.take(target, |spec| spec.fault.of_page() == of_page)
    }

    /// The first fault that befalls a request with this path. It is counted.
    pub(crate) fn take_first(&self, path: &str) -> Option<FaultSpec<K>> {
        self.take_some(path.into(), 1, |_| true).pop()
    }

    fn take_some(&self, target: Target<'_>, most: usize, fits: impl Fn(&FaultSpec<K>) -> bool) -> Vec<FaultSpec<K>> {
        let mut taken = Vec::new();
        lock(&self.0).retain_mut(|spec| {
            if taken.len() == most || !fits(spec) || !spec.befalls(target) {
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

/// The fault of this kind, if it is among them.
pub(crate) fn find<K: Kind>(faults: &[FaultSpec<K>], kind: K) -> Option<&FaultSpec<K>> {
    faults.iter().find(|spec| spec.fault == kind)
}

/// Whether a fault of this kind is among them.
pub(crate) fn has<K: Kind>(faults: &[FaultSpec<K>], kind: K) -> bool {
    find(faults, kind).is_some()
}

/// Waits as long as the fault says.
pub(crate) async fn wait<K>(slow: Option<&FaultSpec<K>>) {
    if let Some(spec) = slow {
        tokio::time::sleep(std::time::Duration::from_millis(spec.millis)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    enum Sample {
        NoAnswer,
        OddRows,
    }

    impl Kind for Sample {
        const RETRY_AFTER: i64 = 7;

        fn befalls(self, path: &str) -> bool {
            path.starts_with("/api/")
        }

        fn of_page(self) -> bool {
            self == Self::OddRows
        }
    }

    const LIST: &str = "/api/Incident";

    fn came(faults: &Faults<Sample>, path: &str) -> usize {
        faults.take(path, |_| true).len()
    }

    #[test]
    fn fault_comes_as_often_and_as_late_as_asked() {
        let faults = Faults::default();
        faults.add(FaultSpec::new(Sample::NoAnswer).times(2).after(1).on("incident"));
        assert_eq!(came(&faults, "/api/user"), 0);
        assert_eq!((0..4).map(|_| came(&faults, LIST)).collect::<Vec<_>>(), [0, 1, 1, 0]);
    }

    #[test]
    fn fault_with_zero_times_stays_until_cleared() {
        let faults = Faults::default();
        faults.add(FaultSpec::new(Sample::OddRows).times(0));
        assert!((0..5).all(|_| came(&faults, LIST) == 1));
        faults.clear();
        assert_eq!((came(&faults, LIST), faults.pending()), (0, vec![]));
    }

    #[test]
    fn fault_without_path_follows_its_kind() {
        let faults = Faults::default();
        faults.add(FaultSpec::new(Sample::NoAnswer));
        assert_eq!((came(&faults, "/token"), came(&faults, LIST)), (0, 1));
    }

    #[test]
    fn fault_of_writes_counts_no_reads() {
        let faults = Faults::default();
        faults.add(FaultSpec::new(Sample::NoAnswer).after(1).on_writes());
        let came = |method: &str| faults.take(Target { method, path: LIST }, |_| true).len();
        assert_eq!(["GET", "POST", "GET", "POST", "PATCH"].map(came), [0, 0, 0, 1, 0]);
    }

    #[test]
    fn take_first_leaves_the_other_faults() {
        let faults = Faults::default();
        faults.add(FaultSpec::new(Sample::NoAnswer));
        faults.add(FaultSpec::new(Sample::OddRows));
        assert_eq!(faults.take_first(LIST).map(|spec| spec.fault), Some(Sample::NoAnswer));
        assert_eq!(faults.pending(), [FaultSpec::new(Sample::OddRows)]);
        assert!(faults.take(LIST, |spec| !spec.fault.of_page()).is_empty());
    }

    #[test]
    fn spec_from_json_has_defaults_and_no_unknown_fields() {
        let read = |text: &str| serde_json::from_str::<FaultSpec<Sample>>(text);
        assert_eq!(read(r#"{"fault":"no-answer"}"#).unwrap(), FaultSpec::new(Sample::NoAnswer));
        let coded = read(r#"{"fault":"odd-rows","times":3,"code":50076,"grant":"password"}"#).unwrap();
        let wanted = FaultSpec { code: "50076".into(), ..FaultSpec::new(Sample::OddRows).times(3).on("password") };
        assert_eq!(coded, wanted);
        assert!(read(r#"{"fault":"no-answer","retryafter":5}"#).is_err());
    }
}
