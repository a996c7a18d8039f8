//! One value of a row: a text, a number, or an object that holds a value and its name.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value as Json};

use crate::model::work_item::Value;

/// Names of the property that holds the stored value, the likeliest first.
const STORED: [&str; 8] = ["id", "value", "guid", "enumid", "baseid", "username", "key", "name"];
/// Names of the property that holds what is shown, the likeliest first.
const SHOWN: [&str; 6] = ["displayname", "name", "text", "enumtext", "title", "label"];

/// A value of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Null,
    /// True or false.
    Flag(bool),
    /// A text, or a number or list as text.
    Text(String),
    /// An object: what it stores, what it shows, and itself where neither was found.
    Object { stored: Option<(usize, String)>, shown: Option<(usize, String)>, rest: Map<String, Json> },
}

impl Cell {
    /// The value as one text.
    pub fn plain(&self) -> String {
        match self {
            Self::Null => String::new(),
            Self::Flag(flag) => flag.to_string(),
            Self::Text(text) => text.clone(),
            Self::Object { .. } => self.choice().value,
        }
    }

    /// Value and label of an enumeration or a user; a bare text or number is its own label.
    pub fn choice(&self) -> Value {
        let Self::Object { stored, shown, rest } = self else { return Value::plain(self.plain()) };
        match (stored, shown) {
            (Some((_, stored)), Some((_, shown))) => Value::labelled(stored, shown),
            (Some((_, one)), None) | (None, Some((_, one))) => Value::plain(one),
            (None, None) if rest.is_empty() => Value::default(),
            (None, None) => Value::plain(Json::Object(rest.clone()).to_string()),
        }
    }
}

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Read)
    }
}

struct Read;

impl<'de> Visitor<'de> for Read {
    type Value = Cell;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Cell, E> {
        Ok(Cell::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Cell, E> {
        Ok(Cell::Flag(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Cell, E> {
        Ok(Cell::Text(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Cell, E> {
        Ok(Cell::Text(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Cell, E> {
        Ok(Cell::Text(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Cell, E> {
        Ok(Cell::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Cell, E> {
        Ok(Cell::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Cell, A::Error> {
        let mut items: Vec<Json> = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(if items.is_empty() { Cell::Null } else { Cell::Text(Json::Array(items).to_string()) })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Cell, A::Error> {
        let (mut stored, mut shown, mut rest) = (None, None, Map::new());
        while let Some(Name { stored_rank, shown_rank, other }) = map.next_key()? {
            if let Some(other) = other {
                if stored.is_some() || shown.is_some() {
                    map.next_value::<IgnoredAny>()?;
                } else {
                    rest.insert(other, map.next_value()?);
                }
                continue;
            }
            let text = map.next_value::<Cell>()?.plain();
            better(&mut stored, stored_rank, &text);
            better(&mut shown, shown_rank, &text);
        }
        Ok(Cell::Object { stored, shown, rest })
    }
}

/// Takes a text under a likelier name than the one before.
fn better(held: &mut Option<(usize, String)>, rank: Option<usize>, text: &str) {
    let Some(rank) = rank.filter(|_| !text.is_empty()) else { return };
    if held.as_ref().is_none_or(|(before, _)| rank < *before) {
        *held = Some((rank, text.to_owned()));
    }
}

/// The name of a property, as far as it tells what the property holds.
struct Name {
    stored_rank: Option<usize>,
    shown_rank: Option<usize>,
    other: Option<String>,
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(ReadName)
    }
}

struct ReadName;

impl Visitor<'_> for ReadName {
    type Value = Name;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Name, E> {
        let rank = |names: &[&str]| names.iter().position(|known| is(name, known));
        let (stored_rank, shown_rank) = (rank(&STORED), rank(&SHOWN));
        let other = (stored_rank.is_none() && shown_rank.is_none()).then(|| name.to_owned());
        Ok(Name { stored_rank, shown_rank, other })
    }
}

/// Whether a name is this one, case and punctuation aside.
fn is(name: &str, known: &str) -> bool {
    let letters = name.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase());
    letters.eq(known.bytes())
}
