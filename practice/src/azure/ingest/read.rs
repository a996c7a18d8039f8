//! Reads the rows of a body straight into the cells of a stream's columns: a body may have thousands of rows.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::super::manners::RefusedRow;
use super::super::table::Column;
use super::super::value::{Cell, Kind};
use super::plan::{convert, text_cell};

/// What a body holds.
#[derive(Default)]
pub(super) struct Given {
    /// How many elements its list has.
    pub(super) count: usize,
    /// Whether one of them is the row that is refused.
    pub(super) refused: bool,
    /// The cells of those that are objects.
    pub(super) rows: Vec<Vec<Cell>>,
}

/// How the rows of a stream are read: unknown columns are dropped, values of another type are null.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) columns: &'a [Column],
    pub(super) places: &'a HashMap<String, usize>,
    pub(super) refused: Option<&'a RefusedRow>,
}

impl Reader<'_> {
    /// Reads a body.
    ///
    /// # Errors
    /// It is no JSON array.
    pub(super) fn read(self, plain: &[u8]) -> Result<Given, serde_json::Error> {
        let mut json = serde_json::Deserializer::from_slice(plain);
        let given = json.deserialize_seq(self)?;
        json.end()?;
        Ok(given)
    }

    fn is_refused(self, name: &str, value: &Received<'_>) -> bool {
        self.refused.is_some_and(|row| {
            row.column == name
                && match value {
                    Received::Text(text) => *text == row.value,
                    Received::Other(other) => serde_json::to_string(other).is_ok_and(|text| text == row.value),
                }
        })
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Given;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Given, A::Error> {
        let mut given = Given::default();
        while let Some((row, refused)) = list.next_element_seed(Row(self))? {
            given.count += 1;
            given.refused |= refused;
            given.rows.extend(row);
        }
        Ok(given)
    }
}

/// One element; `None` if it is no object, and whether it is the row that is refused.
struct Row<'a>(Reader<'a>);

type ReadRow = (Option<Vec<Cell>>, bool);

impl<'de> DeserializeSeed<'de> for Row<'_> {
    type Value = ReadRow;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<ReadRow, D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// What is no object is lost.
const LOST: ReadRow = (None, false);

impl<'de> Visitor<'de> for Row<'_> {
    type Value = ReadRow;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut row: A) -> Result<ReadRow, A::Error> {
        let Self(reader) = self;
        let mut cells: Vec<Cell> = reader.columns.iter().map(|column| Cell::none(column.kind)).collect();
        let mut refused = false;
        while let Some(Name(name)) = row.next_key()? {
            let place = reader.places.get(&*name).copied();
            if place.is_none() && reader.refused.is_none() {
                row.next_value::<IgnoredAny>()?;
                continue;
            }
            let value: Received<'_> = row.next_value()?;
            refused |= reader.is_refused(&name, &value);
            if let Some(place) = place {
                cells[place] = value.cell(reader.columns[place].kind);
            }
        }
        Ok((Some(cells), refused))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<ReadRow, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(LOST)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<ReadRow, E> {
        Ok(LOST)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<ReadRow, E> {
        Ok(LOST)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<ReadRow, E> {
        Ok(LOST)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<ReadRow, E> {
        Ok(LOST)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<ReadRow, E> {
        Ok(LOST)
    }

    fn visit_unit<E: Error>(self) -> Result<ReadRow, E> {
        Ok(LOST)
    }
}

/// The name of a value, borrowed where it has no escapes.
#[derive(serde::Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// One value; most are texts, which are not copied.
enum Received<'a> {
    Text(Cow<'a, str>),
    Other(Value),
}

impl Received<'_> {
    fn cell(self, kind: Kind) -> Cell {
        let cell = match (kind, self) {
            (Kind::Text, Self::Text(text)) => Some(text_cell(&text)),
            (kind, Self::Text(text)) => convert(kind, &Value::String(text.into_owned())),
            (kind, Self::Other(value)) => convert(kind, &value),
        };
        cell.unwrap_or_else(|| Cell::none(kind))
    }
}

impl<'de> Deserialize<'de> for Received<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Received<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Received::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Received::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_bool<E: Error>(self, yes: bool) -> Result<Self::Value, E> {
        Ok(Received::Other(yes.into()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Received::Other(number.into()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Received::Other(number.into()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Received::Other(number.into()))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Received::Other(Value::Null))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        Value::deserialize(SeqAccessDeserializer::new(list)).map(Received::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        Value::deserialize(MapAccessDeserializer::new(map)).map(Received::Other)
    }
}
