//! A page as JSON: a bare list of rows, or an object that holds one, perhaps beside a total and other lists.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::Layout;
use super::cell::Cell;
use super::envelope::{Envelope, List};
use crate::model::work_item::WorkItem;
use crate::partner::service_manager::names::normal;

/// Names of the property that tells how many rows match.
const TOTALS: [&str; 10] = [
    "total",
    "totalcount",
    "totalrecords",
    "totalrows",
    "totalresults",
    "totalitems",
    "totalitemcount",
    "recordcount",
    "odatacount",
    "rowcount",
];

/// Names of a property that tells of a problem begin or end so.
const TROUBLE: &str = "error";

/// What such a property says, in normal form, where there is none.
const NO_TROUBLE: [&str; 10] = ["", "0", "ok", "sok", "success", "succeeded", "none", "noerror", "noerrors", "false"];

/// Reads a reply: its lists, their total, a problem that it tells of.
pub struct Document<'a>(pub &'a Layout<'a>);

impl<'de> DeserializeSeed<'de> for Document<'_> {
    type Value = Envelope;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Envelope, D::Error> {
        let shape = self.0.shape;
        let whole = shape.dictionary && shape.list.is_none();
        let found =
            if whole { Dictionary(self.0).deserialize(deserializer) } else { Part(self.0).deserialize(deserializer) };
        Ok(match found? {
            Found::List(list, _) => Envelope { lists: vec![list], ..Envelope::default() },
            Found::Object(envelope) => envelope,
            Found::Number(_) | Found::Text(_) | Found::True | Found::Null | Found::Other => Envelope::default(),
        })
    }
}

/// What stands somewhere.
enum Found {
    /// A list, and the first text in it.
    List(List, Option<String>),
    Object(Envelope),
    Number(u64),
    Text(String),
    True,
    Null,
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
        Ok(Found::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Found, E> {
        Ok(if value { Found::True } else { Found::Other })
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

    fn visit_str<E>(self, text: &str) -> Result<Found, E> {
        Ok(Found::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut source: A) -> Result<Found, A::Error> {
        let (mut list, mut text) = (List::default(), None);
        while let Some(row) = source.next_element_seed(Row(self.0))? {
            take(&mut list, &mut text, row);
        }
        Ok(Found::List(list, text))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Found, A::Error> {
        let (mut whole, mut inner) = (Envelope::default(), Vec::new());
        while let Some(name) = map.next_key::<Cow<'_, str>>()? {
            let found = if self.0.shape.dictionary && self.0.is_list(&name) {
                map.next_value_seed(Dictionary(self.0))?
            } else {
                map.next_value_seed(Part(self.0))?
            };
            if whole.trouble.is_none() && is_trouble(&name) {
                whole.trouble = trouble(&name, &found);
            }
            match found {
                Found::List(list, _) => whole.lists.push(List { name: name.into_owned(), ..list }),
                Found::Object(envelope) => inner.push(envelope),
                Found::Number(number) => total(&mut whole.total, &name, number),
                Found::Text(text) => text.parse().into_iter().for_each(|number| total(&mut whole.total, &name, number)),
                Found::Null => whole.nulls.push(name.into_owned()),
                Found::True | Found::Other => {}
            }
        }
        for envelope in inner {
            whole.nulls.extend(envelope.nulls);
            whole.total = whole.total.or(envelope.total);
            whole.trouble = whole.trouble.or(envelope.trouble);
            whole.lists.extend(envelope.lists);
        }
        Ok(Found::Object(whole))
    }
}

/// Takes an entry into its list, and the first text there is.
fn take(list: &mut List, text: &mut Option<String>, row: Entry) {
    list.objects += u64::from(matches!(row, Entry::Item(_) | Entry::Hidden));
    match row {
        Entry::Item(item) => list.rows.items.push(*item),
        Entry::Text(found) => {
            text.get_or_insert(found);
            list.rows.hidden += 1;
        }
        Entry::Hidden | Entry::Other => list.rows.hidden += 1,
    }
}

/// Rows that are the values of a dictionary.
struct Dictionary<'a>(&'a Layout<'a>);

impl<'de> DeserializeSeed<'de> for Dictionary<'_> {
    type Value = Found;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Found, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Dictionary<'_> {
    type Value = Found;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a dictionary of rows")
    }

    fn visit_unit<E>(self) -> Result<Found, E> {
        Ok(Found::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, source: A) -> Result<Found, A::Error> {
        // An empty one may be written as a list.
        Part(self.0).visit_seq(source)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Found, A::Error> {
        let (mut list, mut text) = (List::default(), None);
        while map.next_key::<IgnoredAny>()?.is_some() {
            take(&mut list, &mut text, map.next_value_seed(Row(self.0))?);
        }
        Ok(Found::List(list, text))
    }
}

fn total(total: &mut Option<u64>, name: &str, number: u64) {
    if TOTALS.contains(&normal(name).as_str()) {
        *total = Some(number);
    }
}

fn is_trouble(name: &str) -> bool {
    let name = normal(name);
    name.contains(TROUBLE) || name == "exception" || name == "fault"
}

/// What a property with such a name tells, unless it is that there is none.
fn trouble(name: &str, found: &Found) -> Option<String> {
    match found {
        Found::True => Some(name.to_owned()),
        Found::Text(text) => Some(text.clone()).filter(|text| !NO_TROUBLE.contains(&normal(text).as_str())),
        Found::List(list, text) if list.rows.came() > 0 => Some(text.clone().unwrap_or_else(|| name.to_owned())),
        Found::Object(_) => Some(name.to_owned()),
        Found::List(..) | Found::Number(_) | Found::Null | Found::Other => None,
    }
}

/// An entry of a list.
enum Entry {
    Item(Box<WorkItem>),
    /// An object without an Id or a time of change.
    Hidden,
    Text(String),
    Other,
}

/// One row.
struct Row<'a>(&'a Layout<'a>);

impl<'de> DeserializeSeed<'de> for Row<'_> {
    type Value = Entry;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Row<'_> {
    type Value = Entry;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a row")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Entry::Other)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Entry::Other)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(Entry::Other)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(Entry::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Entry::Other)
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Entry::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Entry::Other)
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
        Ok(self.0.item(&cells).map_or(Entry::Hidden, |item| Entry::Item(Box::new(item))))
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
