//! A page as JSON: a bare list of rows, or an object that holds one, perhaps beside a total.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::cell::Cell;
use super::{Layout, Rows};
use crate::model::work_item::WorkItem;
use crate::partner::service_manager::names::normal;

/// Names of the property that tells how many rows match.
const TOTALS: [&str; 5] = ["total", "totalcount", "totalrecords", "totalitems", "recordcount"];

/// Reads a page: its rows and their total; `None` if there is no list in it.
pub struct Document<'a>(pub &'a Layout<'a>);

impl<'de> DeserializeSeed<'de> for Document<'_> {
    type Value = Option<(Rows, Option<u64>)>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        match Part(self.0).deserialize(deserializer)? {
            Found::List(rows) => Ok(Some((rows, None))),
            Found::Object(found) => Ok(found),
            Found::Number(_) | Found::Other => Ok(None),
        }
    }
}

/// What stands somewhere.
enum Found {
    List(Rows),
    Object(Option<(Rows, Option<u64>)>),
    Number(u64),
    Other,
}

struct Part<'a>(&'a Layout<'a>);

impl<'de> DeserializeSeed<'de> for Part<'_> {
    type Value = Found;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Found, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Part<'_> {
    type Value = Found;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of rows")
    }

    fn visit_unit<E>(self) -> Result<Found, E> {
        Ok(Found::Other)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Found, E> {
        Ok(Found::Other)
    }

    fn visit_u64<E>(self, value: u64) -> Result<Found, E> {
        Ok(Found::Number(value))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Found, E> {
        Ok(Found::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Found, E> {
        Ok(Found::Other)
    }

    fn visit_str<E>(self, _: &str) -> Result<Found, E> {
        Ok(Found::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Found, A::Error> {
        let mut rows = Rows::default();
        while let Some(row) = list.next_element_seed(Row(self.0))? {
            match row {
                Some(item) => rows.items.push(item),
                None => rows.hidden += 1,
            }
        }
        Ok(Found::List(rows))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Found, A::Error> {
        let (mut list, mut total) = (None, None);
        while let Some(name) = map.next_key::<Cow<'_, str>>()? {
            match map.next_value_seed(Part(self.0))? {
                Found::List(rows) if list.is_none() => list = Some(rows),
                Found::Number(number) if TOTALS.contains(&normal(&name).as_str()) => total = Some(number),
                _ => {}
            }
        }
        Ok(Found::Object(list.map(|rows| (rows, total))))
    }
}

/// One row; `None` without an Id or a time of change, and for what is no object.
struct Row<'a>(&'a Layout<'a>);

impl<'de> DeserializeSeed<'de> for Row<'_> {
    type Value = Option<WorkItem>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Row<'_> {
    type Value = Option<WorkItem>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a row")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut cells: Vec<Option<Cell>> = vec![None; self.0.properties.len()];
        let mut likely = 0;
        while let Some(place) = map.next_key_seed(Property { layout: self.0, likely })? {
            match place {
                Some(place) => {
                    likely = place + 1;
                    if let Some(cell) = cells.get_mut(place) {
                        *cell = Some(map.next_value()?);
                    }
                }
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(self.0.item(&cells))
    }
}

/// The place of a property by its name.
struct Property<'a> {
    layout: &'a Layout<'a>,
    likely: usize,
}

impl<'de> DeserializeSeed<'de> for Property<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Property<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.layout.place(name, self.likely))
    }
}
