//! What the faults do to a page of rows.

use std::io;

use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use axum::response::Response;
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};

use super::reply;
use crate::core::ResetSwitch;
use crate::core::faults::has;
use crate::servicenow::faults::{FaultKind, FaultSpec};

const CANCELLED: &str = "Transaction cancelled: maximum execution time exceeded";
const DETAIL: &str = "Transaction cancelled: maximum execution time exceeded Check logs for error trace.";
const ERROR: &str = "\"error\":{\"detail\":\"Transaction cancelled: maximum execution time exceeded Check logs for error trace.\",\"message\":\"Transaction cancelled: maximum execution time exceeded\"},\"status\":\"failure\"}";

/// A title that tries the reader's terminal: colour, window title, bell, and a turn of the writing direction.
const HOSTILE: &str =
    "\u{1b}[31mred\u{1b}[0m \u{1b}]0;owned\u{7} \u{9b}2J \u{202e}desrever\u{202c} \u{2066}\u{200b}\u{0}\u{8}";

/// The JSON of a page, and where its rows end.
#[derive(Debug, Default)]
pub(crate) struct Page {
    text: String,
    ends: Vec<usize>,
}

impl Page {
    /// Adds a row that `write` appends.
    pub(crate) fn push(&mut self, write: impl FnOnce(&mut String)) {
        self.text.push_str(if self.ends.is_empty() { "{\"result\":[" } else { "," });
        write(&mut self.text);
        self.ends.push(self.text.len());
    }

    /// How many rows it has.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether it has no rows.
    pub(crate) fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    fn finish(mut self) -> String {
        self.text.push_str(if self.ends.is_empty() { "{\"result\":[]}" } else { "]}" });
        self.text
    }

    fn edit(self, edit: impl FnOnce(&mut Vec<Value>)) -> Self {
        let mut rows = match serde_json::from_str(&self.finish()) {
            Ok(Value::Object(mut page)) => match page.remove("result") {
                Some(Value::Array(rows)) => rows,
                _ => Vec::new(),
            },
            _ => Vec::new(),
        };
        edit(&mut rows);
        let mut page = Self::default();
        rows.iter().for_each(|row| page.push(|out| out.push_str(&row.to_string())));
        page
    }
}

/// The faults that befall one page.
pub(crate) struct FaultInjection<'a> {
    faults: Vec<FaultSpec>,
    switch: &'a ResetSwitch,
}

impl<'a> FaultInjection<'a> {
    /// These faults, on this connection.
    pub(crate) fn new(faults: Vec<FaultSpec>, switch: &'a ResetSwitch) -> Self {
        Self { faults, switch }
    }

    /// Whether the conditions on time and id are dropped.
    pub(crate) fn ignores_filter(&self) -> bool {
        self.has(FaultKind::FilterIgnored)
    }

    /// How many rows a page may have.
    pub(crate) fn cap(&self, limit: usize) -> usize {
        let caps = self.faults.iter().filter(|spec| spec.fault == FaultKind::CappedPages);
        caps.filter_map(|spec| usize::try_from(spec.limit).ok()).fold(limit, usize::min)
    }

    /// The total that is told of a page of so many rows.
    pub(crate) fn total(&self, true_one: Option<usize>, rows: usize) -> Option<usize> {
        self.faults.iter().fold(true_one, |total, spec| match spec.fault {
            FaultKind::CappedPages => total.map(|_| rows),
            FaultKind::FixedTotal => total.map(|_| usize::try_from(spec.limit).unwrap_or(usize::MAX)),
            FaultKind::EmptyRows => None,
            _ => total,
        })
    }

    /// The answer, where there are no rows at all.
    pub(crate) fn instead_of_rows(&self) -> Option<Response> {
        self.has(FaultKind::TransactionCancelled).then(|| reply::error(500, CANCELLED, Some(DETAIL)))
    }

    /// The page as it goes out.
    pub(crate) fn send(&self, page: Page) -> Response {
        let page = self.faults.iter().fold(page, change);
        let text = page.finish();
        let ending = self.faults.iter().find(|spec| ends_oddly(spec.fault));
        match ending.map(|spec| spec.fault) {
            Some(FaultKind::Truncated) => reply::json(StatusCode::OK, truncated(&text)),
            Some(FaultKind::ResultAndError) => {
                reply::json(StatusCode::OK, format!("{},{ERROR}", &text[..text.len() - 1]))
            }
            Some(FaultKind::Reset) => reply::json_body(reply::reset(text, self.switch)),
            Some(FaultKind::Stall) => reply::json_body(stall(&text)),
            Some(FaultKind::HugeBody) => reply::json_body(endless(&text)),
            _ if self.has(FaultKind::BrokenText) => reply::json_body(Body::from(broken(&text))),
            _ => reply::json(StatusCode::OK, text),
        }
    }

    fn has(&self, kind: FaultKind) -> bool {
        has(&self.faults, kind)
    }
}

fn ends_oddly(kind: FaultKind) -> bool {
    use FaultKind::{HugeBody, Reset, ResultAndError, Stall, Truncated};
    matches!(kind, Truncated | ResultAndError | Reset | Stall | HugeBody)
}

fn change(page: Page, spec: &FaultSpec) -> Page {
    match spec.fault {
        FaultKind::EmptyPage => Page::default(),
        FaultKind::OutOfOrder => page.edit(|rows| rows.reverse()),
        FaultKind::HiddenRows => page.edit(|rows| hide(rows, spec.limit.max(1))),
        FaultKind::EscapeSequences => page.edit(|rows| each_field(rows, "short_description", &json!(HOSTILE))),
        FaultKind::WrongTypes => page.edit(|rows| twist(rows)),
        FaultKind::EmptyRows => page.edit(|rows| *rows = vec![json!({})]),
        FaultKind::DoubledRows => {
            page.edit(|rows| *rows = rows.iter().flat_map(|row| [row.clone(), row.clone()]).collect())
        }
        FaultKind::SameId => page.edit(|rows| {
            if let [first, second, ..] = rows.as_mut_slice() {
                second["sys_id"] = first["sys_id"].clone();
            }
        }),
        FaultKind::EmptyColumn => page.edit(|rows| rows.iter_mut().for_each(|row| empty(row, &spec.column))),
        _ => page,
    }
}

/// Every other one of the first rows becomes `{}`, the rest vanish.
fn hide(rows: &mut Vec<Value>, count: u64) {
    let count = usize::try_from(count).unwrap_or(usize::MAX).min(rows.len());
    let shown = rows.split_off(count);
    let blank = rows.len().div_ceil(2);
    *rows = std::iter::repeat_n(json!({}), blank).chain(shown).collect();
}

fn empty(row: &mut Value, column: &str) {
    match row.get_mut(column) {
        Some(Value::Object(both)) => both.values_mut().for_each(|one| *one = json!("")),
        Some(other) => *other = json!(""),
        None => {}
    }
}

/// The first title begins with a byte that no UTF-8 has.
fn broken(text: &str) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    let value = |at: usize| Some(at + text[at..].find(",\"value\":\"")? + 10);
    let title = text.find("\"short_description\":").and_then(value);
    if let Some(byte) = title.and_then(|at| bytes.get_mut(at)) {
        *byte = 0xff;
    }
    bytes
}

fn each_field(rows: &mut [Value], field: &str, value: &Value) {
    let Some(cell) = rows.first_mut().and_then(|row| row.get_mut(field)) else { return };
    match cell {
        Value::Object(both) if both.contains_key("display_value") => {
            both.values_mut().for_each(|one| *one = value.clone())
        }
        other => *other = value.clone(),
    }
}

fn twist(rows: &mut [Value]) {
    let wrong = [
        ("state", json!(3)),
        ("active", json!(true)),
        ("priority", json!(null)),
        ("short_description", json!({"text": ["not", "a", "text"]})),
        ("caller_id", json!([1, 2.5])),
        ("number", json!(4711)),
        ("opened_at", json!(1_700_000_000_000_u64)),
    ];
    wrong.iter().for_each(|(field, value)| each_field(rows, field, value));
}

fn truncated(text: &str) -> String {
    let rows = text.strip_suffix("]}").unwrap_or(text);
    format!("{rows},}}\"\"],{ERROR}")
}

fn first_part(text: &str, divisor: usize) -> Bytes {
    Bytes::copy_from_slice(&text.as_bytes()[..text.len() / divisor])
}

fn stall(text: &str) -> Body {
    let part = first_part(text, 3);
    Body::from_stream(stream::iter([Ok::<_, io::Error>(part)]).chain(stream::pending()))
}

fn endless(text: &str) -> Body {
    let rows = text.strip_suffix("]}").filter(|rows| rows.len() > 11).unwrap_or("{\"result\":[{}").to_owned();
    let again = Bytes::from(format!(",{}", &rows["{\"result\":[".len()..]));
    let start = stream::iter([Ok::<_, io::Error>(Bytes::from(rows))]);
    Body::from_stream(start.chain(stream::repeat_with(move || Ok(again.clone()))))
}
