//! A page of the Table API, decoded straight from the bytes of its body into work items.
//!
//! With `sysparm_display_value=all` a row has two texts a column; nothing is built in between, and strings
//! are borrowed from the body until they are cleaned into place.

pub mod cell;
pub mod item;
mod list;
pub mod moment;
pub mod order;
mod repair;

use std::borrow::Cow;
use std::fmt;

use serde::Deserializer as _;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, Visitor};
use serde_json::error::Category;

use super::errors::{ErrorBody, says_cancelled, short};
use crate::model::fault::Fault;
use crate::model::work_item::WorkItem;
use crate::partner::mapping::Columns;
use cell::Name;
use list::Rows;

/// What a page held.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Decoded {
    /// Rows that could be read, in the order they came.
    pub items: Vec<WorkItem>,
    /// Rows without an id or a change time: hidden from us.
    pub hidden: u64,
}

/// Decodes the body of a page.
///
/// # Errors
/// [`Fault::PartnerTimedOut`] or [`Fault::Truncated`] if the body was cut off or carries an error,
/// [`Fault::Malformed`] if it is something else.
pub fn page(columns: &Columns, body: &[u8]) -> Result<Decoded, Fault> {
    // The check of a sound text is many times faster than the repair of an unsound one.
    let text = std::str::from_utf8(body).map_or_else(|_| String::from_utf8_lossy(body), Cow::Borrowed);
    match parse(columns, &text) {
        Err(error) if error.classify() == Category::Syntax => match repair::strings(&text) {
            Some(mended) => parse(columns, &mended).map_err(|error| explain(columns, &error, body))?,
            None => return Err(explain(columns, &error, body)),
        },
        parsed => parsed.map_err(|error| explain(columns, &error, body))?,
    }
    .accept(columns.source())
}

fn parse(columns: &Columns, text: &str) -> Result<Body, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let body = deserializer.deserialize_map(BodyVisitor { columns })?;
    deserializer.end().map(|()| body)
}

/// Why a body is not what the interface promises. A transaction that was cancelled in the middle leaves half
/// a row with an error after it, which is no JSON at all.
fn explain(columns: &Columns, error: &serde_json::Error, body: &[u8]) -> Fault {
    let what = columns.source().to_owned();
    let tail = String::from_utf8_lossy(&body[body.len().saturating_sub(4096)..]);
    if says_cancelled(&tail) {
        Fault::PartnerTimedOut { what }
    } else if error.is_eof() || tail.contains("\"error\"") || tail.contains("\"failure\"") {
        Fault::Truncated { what }
    } else {
        let detail = format!("line {}, column {}: {}", error.line(), error.column(), short(&category(error)));
        Fault::Malformed { what, detail }
    }
}

/// What is wrong, without quoting the body.
fn category(error: &serde_json::Error) -> String {
    match error.classify() {
        Category::Data => "valid JSON of another shape".to_owned(),
        _ => "no valid JSON".to_owned(),
    }
}

/// The top of a reply.
#[derive(Default)]
struct Body {
    rows: Option<Decoded>,
    error: Option<ErrorBody>,
}

impl Body {
    /// Rows beside an error are not to be trusted: the page is discarded.
    fn accept(self, what: &str) -> Result<Decoded, Fault> {
        let what = what.to_owned();
        match (self.rows, self.error) {
            (_, Some(error)) if error.is_cancelled() => Err(Fault::PartnerTimedOut { what }),
            (Some(_), Some(_)) => Err(Fault::Truncated { what }),
            (Some(rows), None) => Ok(rows),
            (None, Some(error)) => Err(Fault::PartnerError {
                status: 200,
                message: error.message(),
                detail: error.detail(),
                transaction: None,
            }),
            (None, None) => Err(Fault::Malformed { what, detail: "neither rows nor an error".to_owned() }),
        }
    }
}

struct BodyVisitor<'a> {
    columns: &'a Columns,
}

impl<'de> Visitor<'de> for BodyVisitor<'_> {
    type Value = Body;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with result or error")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Body, A::Error> {
        let mut body = Body::default();
        while let Some(Name(name)) = map.next_key()? {
            match &*name {
                "result" => body.rows = Some(map.next_value_seed(Rows { columns: self.columns })?),
                "error" => body.error = map.next_value()?,
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(body)
    }
}

impl<'de> DeserializeSeed<'de> for Rows<'_> {
    type Value = Decoded;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Decoded, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

/// Text in a form that a string of the model may take: cleaned of what could steer a terminal.
pub(super) fn tidy(text: Cow<'_, str>, multi_line: bool) -> String {
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return text.into_owned();
    }
    crate::model::clean::clean(&text, multi_line)
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
