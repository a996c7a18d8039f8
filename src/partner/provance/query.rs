//! Addresses and headers of the Web API, encoded once.

use std::fmt::Write as _;

use jiff::{SignedDuration, Timestamp};

use super::bind::Bound;
use crate::model::sync::Window;
pub use crate::net::encode::encode;
use crate::net::http::{Call, Method};

/// The version of the Web API.
pub const API: &str = "/api/data/v9.2/";

/// No page holds more rows than this.
pub const LARGEST_PAGE: u32 = 5000;

/// The suffix of a column's name in the annotation with its label.
pub const FORMATTED: &str = "@OData.Community.Display.V1.FormattedValue";

/// A call with the headers that the Web API needs.
pub fn call(path: &str, prefer: Option<String>) -> Call {
    let mut headers = vec![
        ("odata-maxversion", "4.0".to_owned()),
        ("odata-version", "4.0".to_owned()),
        ("if-none-match", "null".to_owned()),
    ];
    headers.extend(prefer.map(|prefer| ("prefer", prefer)));
    Call { headers, ..Call::new(Method::GET, path) }
}

/// The `Prefer` header of pages of this size. It must be the same on every page.
pub fn prefer(rows: u32) -> String {
    let rows = rows.clamp(1, LARGEST_PAGE);
    format!("odata.maxpagesize={rows},odata.include-annotations=\"OData.Community.Display.V1.FormattedValue\"")
}

/// A moment as a query compares it: UTC, in whole seconds.
pub fn literal(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The condition that the change time lies in this window, widened to whole seconds.
pub fn condition(changed: &str, from: Timestamp, before: Option<Timestamp>) -> String {
    let mut condition = format!("{changed} ge {}", literal(from));
    if let Some(before) = before {
        let whole = Timestamp::from_second(before.as_second()).unwrap_or(before);
        let before = if whole < before { whole + SignedDuration::from_secs(1) } else { before };
        let _ = write!(condition, " and {changed} lt {}", literal(before));
    }
    condition
}

/// The address of the first page of rows that were changed in this span; with their number, where the environment can
/// tell it beside them.
pub fn rows(bound: &Bound, from: Timestamp, before: Option<Timestamp>, counted: bool) -> String {
    let (changed, id) = (bound.columns.updated_at(), bound.columns.id());
    let filter = encode(&condition(changed, from, before));
    let order = encode(&format!("{changed} asc,{id} asc"));
    let count = if counted { "&$count=true" } else { "" };
    format!("{API}{}?$select={}&$filter={filter}&$orderby={order}{count}", bound.set, encode(&bound.select))
}

/// The address of the newest rows.
pub fn newest(bound: &Bound, rows: u32) -> String {
    let order = encode(&format!("{} desc", bound.columns.updated_at()));
    format!("{API}{}?$select={}&$orderby={order}&$top={rows}", bound.set, encode(&bound.select))
}

/// The address of the ids of all rows that were changed in a window.
pub fn ids(bound: &Bound, window: Window) -> String {
    let id = bound.columns.id();
    let filter = encode(&condition(bound.columns.updated_at(), window.from, window.before));
    format!("{API}{}?$select={id}&$filter={filter}&$orderby={id}", bound.set)
}

/// The address of the first page of ids, change times and change counters of a window.
pub fn marks(bound: &Bound, window: Window) -> String {
    let (changed, id) = (bound.columns.updated_at(), bound.columns.id());
    let filter = encode(&condition(changed, window.from, window.before));
    let version = bound.version.map(|version| format!(",{version}")).unwrap_or_default();
    format!("{API}{}?$select={}&$filter={filter}&$orderby={id}", bound.set, encode(&format!("{id},{changed}{version}")))
}

/// The address of the rows with these ids.
pub fn by_ids(bound: &Bound, ids: &[&String]) -> String {
    let id = bound.columns.id();
    let each: Vec<String> = ids.iter().map(|one| format!("{id} eq {one}")).collect();
    format!("{API}{}?$select={}&$filter={}", bound.set, encode(&bound.select), encode(&each.join(" or ")))
}

/// The address of one row.
pub fn one(bound: &Bound, id: &str) -> String {
    format!("{API}{}({id})?$select={}", bound.set, encode(bound.columns.id()))
}

/// The address of a count.
pub fn count(bound: &Bound, window: Window) -> String {
    let condition = condition(bound.columns.updated_at(), window.from, window.before);
    let apply = encode(&format!("filter({condition})/aggregate($count as total)"));
    format!("{API}{}?$apply={apply}", bound.set)
}
