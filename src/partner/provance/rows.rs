//! A page of the Web API, decoded straight from the bytes of its body into work items.
//!
//! A value and its label are two members: `"prov_priority": 2` and
//! `"prov_priority@OData.Community.Display.V1.FormattedValue": "2 - High"`.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::de::IgnoredAny;

use super::bind::Bound;
use super::query::FORMATTED;
use crate::model::fault::Fault;
use crate::model::partner::ValueType;
use crate::model::work_item::WorkItem;
use crate::net::http::Body;
use crate::net::json::cursor::{Broken, Cursor};
use crate::net::json::text::Text;
use crate::net::json::{self, Cells, Row};
use crate::partner::mapping::{Column, Columns, Given, Target, tell_items_apart, work_item};

/// What a page held.
#[derive(Debug, Default)]
pub struct Decoded {
    /// Rows that could be read, in the order they came.
    pub items: Vec<WorkItem>,
    /// Rows without an id or a change time.
    pub hidden: u64,
    /// Rows with an unreadable change time.
    pub unreadable: u64,
    /// How many rows came, these included.
    pub rows: u64,
    /// The link to the next page, as it came.
    pub next: Option<String>,
    /// How many rows match, if the environment says so.
    pub counted: Option<u64>,
    /// Whether the reply has an error too, so that the rows may be incomplete.
    pub broken: bool,
}

/// Decodes the body of a page of a table. Attributes whose column is gone are marked as hidden, so that what is stored of
/// them stays.
///
/// # Errors
/// As [`page`]; as [`tell_items_apart`].
pub fn of(bound: &Bound, body: &Body) -> Result<Decoded, Fault> {
    let mut decoded = page(&bound.columns, body)?;
    tell_items_apart(&bound.columns, &decoded.items)?;
    for item in &mut decoded.items {
        item.hidden.extend(bound.gone.iter().map(|to| Arc::from(to.as_str())));
    }
    Ok(decoded)
}

/// Decodes the body of a page.
///
/// # Errors
/// [`Fault::Truncated`] if it was cut off or has an error beside the rows, [`Fault::Malformed`] if it is something else.
pub fn page(columns: &Columns, body: &Body) -> Result<Decoded, Fault> {
    let what = columns.source();
    match read(&Names { columns }, body) {
        Ok(Some(Decoded { broken: true, .. })) => Err(Fault::Truncated { what: what.to_owned() }),
        Ok(Some(decoded)) => Ok(decoded),
        Ok(None) => Err(Fault::Malformed { what: what.to_owned(), detail: "no rows".to_owned() }),
        Err(Broken) => Err(json::cursor::fault(what, body)),
    }
}

fn read(names: &Names<'_>, body: &Body) -> Result<Option<Decoded>, Broken> {
    let (mut rows, mut next, mut counted, mut broken) = (None, None, None, false);
    Cursor::of(body)?.document(|name, cursor| {
        match name {
            "value" => {
                let mut decoded = Decoded::default();
                json::rows(cursor, names, |cells| decoded.take(names, cells))?;
                rows = Some(decoded);
            }
            "@odata.nextLink" => next = cursor.value()?,
            "@odata.count" => counted = cursor.value::<serde_json::Value>()?.as_u64(),
            "error" => broken = cursor.value::<Option<IgnoredAny>>()?.is_some(),
            _ => drop(cursor.value::<IgnoredAny>()?),
        }
        Ok(())
    })?;
    Ok(rows.map(|rows| Decoded { next, counted, broken, ..rows }))
}

impl Decoded {
    fn take(&mut self, names: &Names<'_>, cells: &Cells<'_>) {
        match work_item(names.columns, |place, column| value(cells, names.columns.first(place), column)) {
            Some(item) => self.items.push(item),
            None if names.has_text(cells, Target::Id) && names.has_text(cells, Target::UpdatedAt) => {
                self.unreadable += 1;
            }
            None => self.hidden += 1,
        }
    }
}

/// The slots of a row. Each column has two: its value, then its label.
struct Names<'a> {
    columns: &'a Columns,
}

impl Names<'_> {
    /// Whether a row has a text in this column.
    fn has_text(&self, cells: &Cells<'_>, target: Target) -> bool {
        let place = self.columns.all().iter().position(|column| column.target == target);
        place.and_then(|place| cells.text(2 * self.columns.first(place))).is_some_and(|text| !text.is_empty())
    }
}

impl Row for Names<'_> {
    fn slots(&self) -> usize {
        2 * self.columns.all().len()
    }

    fn parse<'de>(&self, row: &'de str, cells: &mut Cells<'de>) -> Result<(), serde_json::Error> {
        json::members(row, |name, value| {
            let (column, label) = name.strip_suffix(FORMATTED).map_or((name, 0), |column| (column, 1));
            // Ignored members are all in the row itself and share one slot.
            let slot = self.columns.place(column).map_or(self.slots(), |place| 2 * place + label);
            cells.put(slot, Some(value));
            Ok(())
        })
    }
}

/// What a column's cell says. Codes are the value and the product's words for them the label; a label alone is all
/// there is.
fn value<'a>(cells: &Cells<'a>, place: usize, column: &Column) -> Option<Given<'a>> {
    let value = cells.text(2 * place)?;
    if column.target == Target::Open {
        return Some(Text::from(is_open(&value.get())).into());
    }
    Some(match column.holds {
        ValueType::Choice | ValueType::Reference => match cells.text(2 * place + 1) {
            Some(label) => Given::Labelled(value, label),
            None => value.into(),
        },
        ValueType::Moment => {
            let said = value.get();
            // An unreadable time stays as it came.
            moment(&said).map_or_else(|| Text::from(said).into(), Given::At)
        }
        ValueType::Text | ValueType::Lines | ValueType::Flag | ValueType::Number => value.into(),
    })
}

/// A moment; a date alone (a column of the format *Date only*) is the beginning of that day in UTC.
fn moment(text: &str) -> Option<Timestamp> {
    let day = |text: &str| text.parse::<Date>().ok()?.to_zoned(TimeZone::UTC).ok().map(|day| day.timestamp());
    text.parse().ok().or_else(|| day(text))
}

/// In every table of Dataverse the state 0 is *Active*; a yes/no column has the answer itself.
fn is_open(value: &str) -> &'static str {
    match value {
        "0" | "true" => "true",
        _ => "false",
    }
}

#[cfg(test)]
mod tests;
