//! A page of the Web API, decoded straight from the bytes of its body into work items.
//!
//! A value and its label are two members: `"prov_priority": 2` and
//! `"prov_priority@OData.Community.Display.V1.FormattedValue": "2 - High"`.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::query::FORMATTED;
use crate::model::fault::Fault;
use crate::model::partner::Holds;
use crate::model::work_item::{Value, WorkItem};
use crate::partner::mapping::{Column, Columns, Target, work_item};

/// What a page held.
#[derive(Debug, Default)]
pub struct Decoded {
    /// Rows that could be read, in the order they came.
    pub items: Vec<WorkItem>,
    /// Rows without an id or a change time.
    pub hidden: u64,
    /// The link to the next page, as it came.
    pub next: Option<String>,
}

/// Decodes the body of a page.
///
/// # Errors
/// [`Fault::Truncated`] if it was cut off, [`Fault::Malformed`] if it is something else.
pub fn page(columns: &Columns, body: &[u8]) -> Result<Decoded, Fault> {
    let what = columns.source().to_owned();
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let parsed = deserializer.deserialize_map(BodyVisitor { columns });
    let parsed = parsed.and_then(|body| deserializer.end().map(|()| body));
    match parsed {
        Ok(Some(decoded)) => Ok(decoded),
        Ok(None) => Err(Fault::Malformed { what, detail: "no rows".to_owned() }),
        Err(error) if error.is_eof() => Err(Fault::Truncated { what }),
        Err(error) => {
            let detail = format!("line {}, column {}: no valid JSON of this shape", error.line(), error.column());
            Err(Fault::Malformed { what, detail })
        }
    }
}

struct BodyVisitor<'a> {
    columns: &'a Columns,
}

impl<'de> Visitor<'de> for BodyVisitor<'_> {
    type Value = Option<Decoded>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with a list of rows")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut rows, mut next) = (None, None);
        while let Some(Scalar(name)) = map.next_key()? {
            match name.as_deref() {
                Some("value") => rows = Some(map.next_value_seed(Rows { columns: self.columns })?),
                Some("@odata.nextLink") => next = map.next_value::<Option<String>>()?,
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(rows.map(|rows| Decoded { next, ..rows }))
    }
}

struct Rows<'a> {
    columns: &'a Columns,
}

impl<'de> DeserializeSeed<'de> for Rows<'_> {
    type Value = Decoded;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Decoded, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Rows<'_> {
    type Value = Decoded;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of rows")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Decoded, A::Error> {
        let columns = self.columns;
        // A column that fills two attributes comes once.
        let first: Vec<usize> = columns.all().iter().map(|column| first_of(columns, column)).collect();
        let mut decoded = Decoded::default();
        let mut cells: Vec<Cell<'de>> = Vec::new();
        cells.resize_with(first.len(), Cell::default);
        while seq.next_element_seed(Row { columns, first: &first, cells: &mut cells })?.is_some() {
            match work_item(columns, |place, column| read(&cells[first[place]], column)) {
                Some(item) => decoded.items.push(item),
                None => decoded.hidden += 1,
            }
        }
        Ok(decoded)
    }
}

/// The first column of the same name: its cell serves all of them.
fn first_of(columns: &Columns, column: &Column) -> usize {
    columns.all().iter().position(|other| other.from == column.from).unwrap_or(0)
}

/// A value and its label.
#[derive(Debug, Default)]
struct Cell<'de> {
    value: Option<Cow<'de, str>>,
    label: Option<Cow<'de, str>>,
}

struct Row<'a, 'de> {
    columns: &'a Columns,
    first: &'a [usize],
    cells: &'a mut [Cell<'de>],
}

impl<'de> DeserializeSeed<'de> for Row<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.cells.fill_with(Cell::default);
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Row<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a row")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut likely = 0;
        while let Some((place, is_label)) = map.next_key_seed(Name { columns: self.columns, likely })? {
            let Some(place) = place else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let Scalar(text) = map.next_value()?;
            let cell = &mut self.cells[self.first[place]];
            if is_label {
                cell.label = text;
                likely = place;
            } else {
                cell.value = text;
                likely = place + 1;
            }
        }
        Ok(())
    }
}

/// Finds the place of the column that a member's name is of, and whether it is its label.
struct Name<'a> {
    columns: &'a Columns,
    likely: usize,
}

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = (Option<usize>, bool);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = (Option<usize>, bool);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a column's name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        let (column, is_label) = name.strip_suffix(FORMATTED).map_or((name, false), |column| (column, true));
        Ok((self.columns.place(column, self.likely), is_label))
    }
}

/// A text, borrowed where it can be; numbers and truth values become text, `None` is null, a list or an object.
struct Scalar<'de>(Option<Cow<'de, str>>);

impl<'de> Deserialize<'de> for Scalar<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

fn some<'de, E>(text: impl Into<Cow<'de, str>>) -> Result<Scalar<'de>, E> {
    Ok(Scalar(Some(text.into())))
}

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Scalar<'de>, E> {
        some(text)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Scalar<'de>, E> {
        some(text.to_owned())
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Scalar<'de>, E> {
        some(text)
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Scalar<'de>, E> {
        some(if flag { "true" } else { "false" })
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Scalar<'de>, E> {
        some(number.to_string())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Scalar<'de>, E> {
        some(number.to_string())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Scalar<'de>, E> {
        some(number.to_string())
    }

    fn visit_unit<E: Error>(self) -> Result<Scalar<'de>, E> {
        Ok(Scalar(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Scalar<'de>, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar(None))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Scalar<'de>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar(None))
    }
}

/// What a column's cell says. Codes are the value and the product's words for them the label; a label alone is all
/// there is.
fn read(cell: &Cell<'_>, column: &Column) -> Option<Value> {
    let value = cell.value.as_deref()?;
    if column.target == Target::Open {
        return Some(Value::plain(is_open(value)));
    }
    Some(match column.holds {
        Holds::Choice | Holds::Reference => match cell.label.as_deref() {
            Some(label) => Value::labelled(value, label),
            None => Value::plain(value),
        },
        Holds::Moment => Value::plain(moment(value)),
        Holds::Text | Holds::Lines | Holds::Flag | Holds::Number => Value::plain(value),
    })
}

/// Of every table of Dataverse the state 0 is *Active*; a column of two choices says it outright.
fn is_open(value: &str) -> &'static str {
    match value {
        "0" | "true" => "true",
        _ => "false",
    }
}

/// A time in UTC; one that cannot be read stays as it came.
fn moment(value: &str) -> String {
    value.parse::<jiff::Timestamp>().map_or_else(|_| value.to_owned(), |at| at.to_string())
}
