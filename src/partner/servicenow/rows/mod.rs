//! A page of the Table API, decoded straight from the bytes of its body into work items.
//!
//! With `sysparm_display_value=all` a row has two texts a column; nothing is built in between, and strings
//! are borrowed from the body until they are cleaned into place.

pub mod item;
mod list;
pub mod moment;
pub mod order;

use std::borrow::Cow;

use serde::de::IgnoredAny;

use super::errors::{ErrorBody, says_cancelled};
use crate::model::fault::Fault;
use crate::model::work_item::WorkItem;
use crate::net::http::Body;
use crate::net::json::cursor::{Broken, Cursor};
use crate::net::json::{self, repair};
use crate::partner::mapping::Columns;
use list::Names;

/// What a page held.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Decoded {
    /// Rows that could be read, in the order they came.
    pub items: Vec<WorkItem>,
    /// Rows without an id or a change time, which are hidden from this user.
    pub hidden: u64,
}

/// Decodes the body of a page.
///
/// # Errors
/// [`Fault::PartnerTimedOut`] or [`Fault::Truncated`] if the body was cut off or carries an error,
/// [`Fault::Malformed`] if it is something else.
pub fn page(columns: &Columns, body: &Body) -> Result<Decoded, Fault> {
    let text = body.text().map_or_else(|| String::from_utf8_lossy(body), Cow::Borrowed);
    let repaired = |Broken| repair::strings(&text).ok_or(Broken).and_then(|text| parse(columns, &text));
    match parse(columns, &text).or_else(repaired) {
        Ok(body) => body.accept(columns.source()),
        Err(Broken) => Err(explain(columns, &text)),
    }
}

fn parse(columns: &Columns, text: &str) -> Result<Top, Broken> {
    let names = Names(columns);
    let mut body = Top::default();
    Cursor::new(text).document(|name, cursor| {
        match name {
            "result" => {
                let mut decoded = Decoded::default();
                json::rows(cursor, &names, |cells| match item::build(columns, cells) {
                    Some(item) => decoded.items.push(item),
                    None => decoded.hidden += 1,
                })?;
                body.rows = Some(decoded);
            }
            "error" => body.error = cursor.value()?,
            _ => drop(cursor.value::<IgnoredAny>()?),
        }
        Ok(())
    })?;
    Ok(body)
}

/// Why a body is not what the interface promises. A transaction that was cancelled in the middle leaves half
/// a row with an error after it, which is no JSON at all.
fn explain(columns: &Columns, text: &str) -> Fault {
    let what = columns.source().to_owned();
    let mut from = text.len().saturating_sub(4096);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let tail = &text[from..];
    if says_cancelled(tail) {
        Fault::PartnerTimedOut { what }
    } else if tail.contains("\"error\"") || tail.contains("\"failure\"") {
        Fault::Truncated { what }
    } else {
        json::cursor::fault(&what, text.as_bytes())
    }
}

/// The top of a reply.
#[derive(Default)]
struct Top {
    rows: Option<Decoded>,
    error: Option<ErrorBody>,
}

impl Top {
    /// Rows together with an error cannot be trusted: the page is discarded.
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

#[cfg(test)]
mod tests;
