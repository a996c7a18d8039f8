//! The rows of a page.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::cell::Cell;
use super::{Decoded, item};
use crate::partner::mapping::Columns;

/// Reads the list of rows.
pub struct Rows<'a> {
    /// What to look for in each.
    pub columns: &'a Columns,
}

impl<'de> Visitor<'de> for Rows<'_> {
    type Value = Decoded;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of rows")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Decoded, A::Error> {
        let mut decoded = Decoded::default();
        let mut cells: Vec<Option<Cell<'de>>> = Vec::new();
        cells.resize_with(self.columns.all().len(), || None);
        while seq.next_element_seed(Row { columns: self.columns, cells: &mut cells })?.is_some() {
            match item::build(self.columns, &mut cells) {
                Some(item) => decoded.items.push(item),
                None => decoded.hidden += 1,
            }
        }
        Ok(decoded)
    }
}

/// Reads one row into `cells`, each at its column's place; what was not asked for is passed over.
struct Row<'a, 'de> {
    columns: &'a Columns,
    cells: &'a mut [Option<Cell<'de>>],
}

impl<'de> DeserializeSeed<'de> for Row<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.cells.fill_with(|| None);
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Row<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a row")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut likely = 0;
        while let Some(place) = map.next_key_seed(ColumnName { columns: self.columns, likely })? {
            match place {
                Some(place) => {
                    self.cells[place] = Some(map.next_value()?);
                    likely = place + 1;
                }
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

/// Finds the place of the column that a member's name is of, without keeping the name.
struct ColumnName<'a> {
    columns: &'a Columns,
    likely: usize,
}

impl<'de> DeserializeSeed<'de> for ColumnName<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<usize>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for ColumnName<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a column's name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Option<usize>, E> {
        Ok(self.columns.place(name, self.likely))
    }
}
