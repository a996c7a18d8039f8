//! One value of a row, in any of the forms that the product gives it.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// One value. The forms: a plain text; `{display_value, value}`, for references also with a `link`;
/// `{display_value, link}` without a value. Each text may be null, or of a type that nobody promised.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Cell<'de> {
    /// What the product stores.
    pub value: Option<Cow<'de, str>>,
    /// What it shows, in the caller's language, time zone and date format.
    pub display: Option<Cow<'de, str>>,
    /// The address of a referenced record, which ends in its id.
    pub link: Option<Cow<'de, str>>,
}

impl<'de> Cell<'de> {
    /// The stored value; where only the address of a record came, its id.
    pub fn stored(&self) -> Option<Cow<'de, str>> {
        self.value.clone().or_else(|| Some(tail(self.link.clone()?)))
    }

    /// The stored value if it says anything, else what is shown.
    pub fn stored_or_shown(self) -> Cow<'de, str> {
        let stored = self.stored().filter(|text| !text.is_empty());
        stored.or(self.display).unwrap_or_default()
    }
}

fn tail(link: Cow<'_, str>) -> Cow<'_, str> {
    let cut = |text: &str| text.rfind('/').map_or(0, |place| place + 1);
    match link {
        Cow::Borrowed(text) => Cow::Borrowed(&text[cut(text)..]),
        Cow::Owned(text) => Cow::Owned(text[cut(&text)..].to_owned()),
    }
}

/// A text, borrowed where it can be; `None` for null, lists and objects. Numbers and truth values become
/// text, since the product's own are strings.
pub struct Text<'de>(pub Option<Cow<'de, str>>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CellVisitor { nested: false }).map(|cell| Self(cell.value))
    }
}

impl<'de> Deserialize<'de> for Cell<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CellVisitor { nested: true })
    }
}

struct CellVisitor {
    nested: bool,
}

fn scalar<'de, E>(text: impl Into<Cow<'de, str>>) -> Result<Cell<'de>, E> {
    Ok(Cell { value: Some(text.into()), ..Cell::default() })
}

impl<'de> Visitor<'de> for CellVisitor {
    type Value = Cell<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Cell<'de>, E> {
        scalar(text)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Cell<'de>, E> {
        scalar(text.to_owned())
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Cell<'de>, E> {
        scalar(text)
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Cell<'de>, E> {
        scalar(if flag { "true" } else { "false" })
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Cell<'de>, E> {
        scalar(number.to_string())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Cell<'de>, E> {
        scalar(number.to_string())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Cell<'de>, E> {
        scalar(number.to_string())
    }

    fn visit_unit<E: Error>(self) -> Result<Cell<'de>, E> {
        Ok(Cell::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Cell<'de>, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Cell::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Cell<'de>, A::Error> {
        let mut cell = Cell::default();
        while let Some(part) = map.next_key::<Part>()? {
            let place = match part {
                Part::Value if self.nested => &mut cell.value,
                Part::Display if self.nested => &mut cell.display,
                Part::Link if self.nested => &mut cell.link,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            *place = map.next_value::<Text<'de>>()?.0;
        }
        Ok(cell)
    }
}

/// The parts of a value.
#[derive(Clone, Copy)]
enum Part {
    Value,
    Display,
    Link,
    Other,
}

impl<'de> Deserialize<'de> for Part {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PartVisitor;
        impl Visitor<'_> for PartVisitor {
            type Value = Part;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }

            fn visit_str<E: Error>(self, name: &str) -> Result<Part, E> {
                Ok(match name {
                    "value" => Part::Value,
                    "display_value" => Part::Display,
                    "link" => Part::Link,
                    _ => Part::Other,
                })
            }
        }
        deserializer.deserialize_str(PartVisitor)
    }
}

/// The name of a member, borrowed where it can be.
pub struct Name<'de>(pub Cow<'de, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameVisitor;
        impl<'de> Visitor<'de> for NameVisitor {
            type Value = Name<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }

            fn visit_borrowed_str<E: Error>(self, name: &'de str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Borrowed(name)))
            }

            fn visit_str<E: Error>(self, name: &str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Owned(name.to_owned())))
            }
        }
        deserializer.deserialize_str(NameVisitor)
    }
}

/// Reads two named texts out of an object of any shape, or the one plain text that came in its place (last);
/// empty where there is none.
///
/// # Errors
/// What the deserializer gives.
pub fn texts<'de, D: Deserializer<'de>>(deserializer: D, names: [&'static str; 2]) -> Result<[String; 3], D::Error> {
    let value = serde_json::Value::deserialize(deserializer)?;
    let text = |value: Option<&serde_json::Value>| match value {
        Some(serde_json::Value::String(text)) => text.clone(),
        Some(other @ (serde_json::Value::Number(_) | serde_json::Value::Bool(_))) => other.to_string(),
        _ => String::new(),
    };
    Ok([text(value.get(names[0])), text(value.get(names[1])), text(Some(&value))])
}
