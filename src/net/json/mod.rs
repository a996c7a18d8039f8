//! Fast reading of lists of rows in JSON: a row with the same shape as earlier rows is read without a parser.
//!
//! The [`cursor`] reads the document's punctuation. `serde_json` parses each row until a template of its shape is known
//! (`template`). Values stay slices of the body until they are needed (`scalar`).

pub mod cursor;
pub mod repair;
pub mod scalar;
mod template;
pub mod text;

use std::borrow::Cow;
use std::fmt;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use cursor::{Broken, Cursor};
use scalar::Scalar;
use template::RowTemplate;
use text::Text;

/// The values of a row by their slots, as written in the body.
#[derive(Debug)]
pub struct Cells<'de> {
    values: Vec<Scalar<'de>>,
    order: Vec<(usize, &'de str)>,
}

impl<'de> Cells<'de> {
    /// For a row with this many slots.
    pub fn new(slots: usize) -> Self {
        Self { values: vec![Scalar::NONE; slots], order: Vec::new() }
    }

    /// Puts a value into its slot; a slot beyond the last one ignores it. Lists and objects are no values.
    pub fn put(&mut self, slot: usize, value: Option<&'de RawValue>) {
        let plain = |value: &&str| !value.starts_with(['{', '[']);
        let Some(value) = value.map(RawValue::get).filter(plain) else { return };
        self.order.push((slot, value));
        self.set(slot, Scalar::of(value));
    }

    fn set(&mut self, slot: usize, value: Scalar<'de>) {
        if let Some(cell) = self.values.get_mut(slot) {
            *cell = value;
        }
    }

    /// The text of the value in a slot; `None` for null and without a value.
    pub fn text(&self, slot: usize) -> Option<Text<'de>> {
        self.values.get(slot)?.text()
    }

    /// What the value in a slot says; `None` for null and without a value.
    pub fn said(&self, slot: usize) -> Option<Cow<'de, str>> {
        self.text(slot).map(Text::get)
    }

    /// Whether the row has a value in a slot, null included.
    pub fn is_there(&self, slot: usize) -> bool {
        self.values.get(slot).is_some_and(|value| !value.raw().is_empty())
    }

    fn clear(&mut self) {
        self.values.fill(Scalar::NONE);
        self.order.clear();
    }
}

/// A member that is present, null included: for `deserialize_with`.
///
/// # Errors
/// If the value is no JSON.
pub fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

/// Gives each member of an object to `each`, in order: its name and its value as written.
///
/// # Errors
/// If it is no object, and the error of `each`.
pub fn members<'de>(
    object: &'de str,
    each: impl FnMut(&str, &'de RawValue) -> Result<(), serde_json::Error>,
) -> Result<(), serde_json::Error> {
    serde_json::Deserializer::from_str(object).deserialize_map(Members(each))
}

struct Members<F>(F);

impl<'de, F: FnMut(&str, &'de RawValue) -> Result<(), serde_json::Error>> Visitor<'de> for Members<F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some((name, value)) = map.next_entry::<Cow<'de, str>, &'de RawValue>()? {
            (self.0)(&name, value).map_err(Error::custom)?;
        }
        Ok(())
    }
}

/// How the rows of a list are read by a parser.
pub trait Row {
    /// How many slots are kept.
    fn slots(&self) -> usize;

    /// Puts each value of a row into its slot. Values in different objects of a row must have different slots, even ignored
    /// ones; a part of the row without a slot must be the same in each row that is read without a parser.
    ///
    /// # Errors
    /// If it is no such row.
    fn parse<'de>(&self, row: &'de str, cells: &mut Cells<'de>) -> Result<(), serde_json::Error>;
}

/// Reads the next list, and gives each row to `each`.
///
/// # Errors
/// [`Broken`] if the next value is no list of such rows.
pub fn rows<'de>(cursor: &mut Cursor<'de>, row: &impl Row, mut each: impl FnMut(&Cells<'de>)) -> Result<(), Broken> {
    cursor.need('[')?;
    if cursor.eat(']') {
        return Ok(());
    }
    let (mut template, mut cells) = (RowTemplate::default(), Cells::new(row.slots()));
    loop {
        cells.clear();
        cursor.blank();
        match template.read(cursor.rest(), |slot, value| cells.set(slot, value)) {
            Some(length) => cursor.skip(length),
            None => {
                cells.clear();
                let raw: &RawValue = cursor.value()?;
                row.parse(raw.get(), &mut cells).map_err(|_| Broken)?;
                cells.order.sort_unstable_by_key(|(_, value)| value.as_ptr());
                template.learn(raw.get(), &cells.order);
            }
        }
        each(&cells);
        if cursor.eat(']') {
            return Ok(());
        }
        cursor.need(',')?;
    }
}
