//! Alerts out of a text: one of any known shape, an array of them, a page of the API, or one behind the other (JSON lines).
//! What is no alert is kept as one of unknown shape: nothing that came is lost.

use serde_json::value::RawValue;

use super::obj::Obj;
use super::{Alert, AlertKey, Shape, common, older, rest};

/// How deep lists may lie in lists before what is inside is kept as it is.
const DEPTH: usize = 4;

/// An alert and the text that it came as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received<'a> {
    /// What was read.
    pub alert: Alert,
    /// The text as it came.
    pub raw: &'a str,
}

/// How many broken parts of a text are told apart; what comes after that many is kept as one.
const BROKEN: usize = 1_000;

/// Every alert in a text, in order. Empty only for a text without anything but blanks, commas and brackets of lists.
pub fn read(text: &str) -> Vec<Received<'_>> {
    let mut all = Vec::new();
    let mut rest = text.trim_start_matches('\u{feff}');
    for _ in 0..BROKEN {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ']'));
        let mut stream = serde_json::Deserializer::from_str(rest).into_iter::<&RawValue>();
        let end = loop {
            match stream.next() {
                Some(Ok(value)) => push(value.get(), 0, &mut all),
                Some(Err(_)) => break stream.byte_offset(),
                None => return all,
            }
        };
        rest = rest[end..].trim_start();
        if let Some(inside) = rest.strip_prefix('[') {
            // A list that is cut off or broken: its elements are read one by one.
            rest = inside;
        } else if !rest.starts_with([',', ']']) {
            let (broken, after) = broken_part(rest);
            all.push(unknown(broken.trim()));
            rest = after;
        }
    }
    if !rest.trim().is_empty() {
        all.push(unknown(rest.trim()));
    }
    all
}

/// What is no JSON, up to the next line on which a value may begin.
fn broken_part(text: &str) -> (&str, &str) {
    let mut from = 0;
    while let Some(at) = text[from..].find('\n').map(|at| from + at + 1) {
        if text[at..].starts_with(['{', '[']) {
            return text.split_at(at);
        }
        from = at;
    }
    (text, "")
}

fn push<'a>(json: &'a str, depth: usize, all: &mut Vec<Received<'a>>) {
    if depth < DEPTH {
        if let Ok(list) = serde_json::from_str::<Vec<&'a RawValue>>(json) {
            list.into_iter().for_each(|one| push(one.get(), depth + 1, all));
            return;
        }
        let listed = Obj::read(json).filter(|obj| !is_alert(obj));
        if let Some(list) = listed.and_then(|obj| list_of(&obj)) {
            list.into_iter().for_each(|one| push(one, depth + 1, all));
            return;
        }
    }
    all.push(one(json));
}

fn is_alert(obj: &Obj<'_>) -> bool {
    ["data", "essentials", "properties", "schemaid", "context"].iter().any(|name| obj.has(name))
}

/// The alerts of a page of the API (`value`), or of an Event Hubs envelope (`records`).
fn list_of<'a>(obj: &Obj<'a>) -> Option<Vec<&'a str>> {
    let list = ["value", "records"].iter().find_map(|name| obj.raw(name).filter(|json| json.starts_with('[')))?;
    let all = serde_json::from_str::<Vec<&'a RawValue>>(list).ok()?;
    Some(all.into_iter().map(RawValue::get).collect())
}

/// One value as an alert.
fn one(json: &str) -> Received<'_> {
    let alert = Obj::read(json).and_then(|obj| {
        let data = obj.obj_or_empty("data");
        common::read(&obj, &data, json).or_else(|| rest::read(&obj, json)).or_else(|| older::read(&obj, &data))
    });
    alert.map_or_else(|| unknown(json), |alert| Received { alert, raw: json })
}

fn unknown(raw: &str) -> Received<'_> {
    let mut alert = Alert::new(AlertKey::hashed(raw));
    alert.series = alert.key.as_str().to_owned();
    alert.shape = Shape::Unknown;
    Received { alert, raw }
}
