//! The further attributes of a work item as one JSON object: `{"name": "value", "other": ["value", "label"]}`.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::problem::Problem;
use crate::model::item_ref::{FieldRefs, ValueRef};
use crate::model::work_item::Value;

/// Writes them, in their order.
pub(super) fn encode_fields(fields: &[(Arc<str>, Value)]) -> Result<String, Problem> {
    let length = |(name, value): &(Arc<str>, Value)| {
        name.len() + value.value.len() + value.label.as_ref().map_or(0, |label| label.len() + 5) + 6
    };
    let mut out = String::with_capacity(fields.iter().map(length).sum::<usize>() + 2);
    for (index, (name, value)) in fields.iter().enumerate() {
        out.push(if index == 0 { '{' } else { ',' });
        push_text(&mut out, name)?;
        out.push(':');
        match &value.label {
            None => push_text(&mut out, &value.value)?,
            Some(label) => {
                out.push('[');
                push_text(&mut out, &value.value)?;
                out.push(',');
                push_text(&mut out, label)?;
                out.push(']');
            }
        }
    }
    out.push_str(if fields.is_empty() { "{}" } else { "}" });
    Ok(out)
}

/// Writes a JSON string. Most texts need no escapes, which is checked many bytes at a time.
fn push_text(out: &mut String, text: &str) -> Result<(), Problem> {
    let special = |byte: u8| (byte < 0x20) | (byte == b'"') | (byte == b'\\');
    if text.bytes().fold(false, |found, byte| found | special(byte)) {
        out.push_str(&serde_json::to_string(text)?);
    } else {
        out.push('"');
        out.push_str(text);
        out.push('"');
    }
    Ok(())
}

/// Reads them where they are; only texts with escapes are copied.
pub(super) fn read_fields(json: &str) -> Result<FieldRefs<'_>, Problem> {
    let Fields(fields) = serde_json::from_str(json)?;
    Ok(fields)
}

/// An object of attributes rarely has more.
const USUAL: usize = 24;

struct Fields<'a>(FieldRefs<'a>);

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(FieldsVisitor)
    }
}

struct FieldsVisitor;

impl<'de> Visitor<'de> for FieldsVisitor {
    type Value = Fields<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of attributes")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Vec::with_capacity(USUAL);
        while let Some((Text(name), Cell(value))) = map.next_entry()? {
            fields.push((name, value));
        }
        Ok(Fields(fields))
    }
}

/// A text that is borrowed where it has no escapes.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// A text, or a pair of value and label.
struct Cell<'a>(ValueRef<'a>);

impl<'de> Deserialize<'de> for Cell<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CellVisitor)
    }
}

struct CellVisitor;

impl<'de> Visitor<'de> for CellVisitor {
    type Value = Cell<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, or a pair of texts")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cell(ValueRef { value: Cow::Borrowed(text), label: None }))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cell(ValueRef { value: Cow::Owned(text.to_owned()), label: None }))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut pair: A) -> Result<Self::Value, A::Error> {
        let too_short = |have| A::Error::invalid_length(have, &self);
        let Text(value) = pair.next_element()?.ok_or_else(|| too_short(0))?;
        let Text(label) = pair.next_element()?.ok_or_else(|| too_short(1))?;
        Ok(Cell(ValueRef { value, label: Some(label) }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read() {
        let field = |name: &str, value| (Arc::from(name), value);
        let fields = [
            field("plain", Value::plain("It burns.")),
            field("escaped", Value::plain("a \"b\"\n\u{7}\\")),
            field("both", Value { value: "2".into(), label: Some("In \"Progress\"".into()) }),
            field("an \"odd\" name", Value::plain("")),
        ];
        let json = encode_fields(&fields).unwrap();
        let read: Vec<_> = read_fields(&json)
            .unwrap()
            .into_iter()
            .map(|(name, value)| (Arc::from(name), value.into_value()))
            .collect();
        assert_eq!(read, fields);
        assert!(matches!(&read_fields(&json).unwrap()[0].1.value, Cow::Borrowed("It burns.")));
    }

    #[test]
    fn what_is_no_object_of_texts_is_told() {
        for json in ["", "[]", "{\"a\": 1}", "{\"a\": [\"b\"]}", "{\"a\": [\"b\", \"c\", \"d\"]}", "{\"a\": null}"] {
            assert!(matches!(read_fields(json), Err(Problem::Unreadable(_))), "{json}");
        }
    }
}
