//! Lists of rows in JSON, fast: a row that looks like those before it is read without a parser.
//!
//! The document is followed by its punctuation ([`cursor`]), each row parsed by `serde_json` until rows of its shape
//! are known (`template`), and its values stay slices of the body until they are wanted (`scalar`).

pub mod cursor;
pub mod repair;
pub mod scalar;
mod template;

use std::borrow::Cow;

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use cursor::{Broken, Cursor};
use template::RowTemplate;

/// The values of a row by their slots, as they stand in the body.
#[derive(Debug)]
pub struct Cells<'de> {
    values: Vec<&'de str>,
    order: Vec<(usize, &'de str)>,
}

impl<'de> Cells<'de> {
    /// Of a row with as many slots.
    pub fn new(slots: usize) -> Self {
        Self { values: vec![""; slots], order: Vec::new() }
    }

    /// Puts a value into its slot, or into none if there is no such slot: one that is passed over. A list or an object
    /// is no value.
    pub fn put(&mut self, slot: usize, value: Option<&'de RawValue>) {
        let plain = |value: &&str| !value.starts_with(['{', '[']);
        let Some(value) = value.map(RawValue::get).filter(plain) else { return };
        self.order.push((slot, value));
        self.set(slot, value);
    }

    fn set(&mut self, slot: usize, value: &'de str) {
        if let Some(cell) = self.values.get_mut(slot) {
            *cell = value;
        }
    }

    /// What the value in a slot says; `None` for null, and where there is none.
    pub fn text(&self, slot: usize) -> Option<Cow<'de, str>> {
        scalar::text(self.values.get(slot)?)
    }

    /// Whether the row has a value in a slot, be it null.
    pub fn is_there(&self, slot: usize) -> bool {
        self.values.get(slot).is_some_and(|value| !value.is_empty())
    }

    fn clear(&mut self) {
        self.values.fill("");
        self.order.clear();
    }
}

/// A member that is there, be it null: for `deserialize_with`.
///
/// # Errors
/// Where the value is no JSON.
pub fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

/// How the rows of a list are read by a parser.
pub trait Row {
    /// How many slots are kept.
    fn slots(&self) -> usize;

    /// Puts each value of a row into its slot. Values that stand in different objects of a row have different slots,
    /// even those that are passed over; what is in no slot must be the same in each row that is read fast.
    ///
    /// # Errors
    /// Whatever makes it no such row.
    fn parse<'de>(&self, row: &'de str, cells: &mut Cells<'de>) -> Result<(), serde_json::Error>;
}

/// Reads the list that comes next, and gives each row to `each`.
///
/// # Errors
/// [`Broken`] if no list comes, or one with something else in it than such rows.
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
