//! The rows of a page: the slots of their values, and the value of a column.
//!
//! A value comes in one of these forms: a plain text; `{display_value, value}`, for references also with a `link`;
//! `{display_value, link}` without a value.

use std::borrow::Cow;
use std::fmt;

use serde::Deserializer as _;
use serde::de::{Error, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::net::json::{Cells, Row};
use crate::partner::mapping::Columns;

/// The slots of a column: its value as the member of an object, what is shown, the link, and a plain text in place of the
/// object.
const SLOTS: usize = 4;
const VALUE: usize = 0;
const DISPLAY: usize = 1;
const LINK: usize = 2;
const PLAIN: usize = 3;

/// The columns of a row.
pub struct Names<'a>(pub &'a Columns);

impl Names<'_> {
    fn columns(&self) -> usize {
        self.0.all().len()
    }
}

impl Row for Names<'_> {
    fn slots(&self) -> usize {
        SLOTS * self.columns()
    }

    fn parse<'de>(&self, row: &'de str, cells: &mut Cells<'de>) -> Result<(), serde_json::Error> {
        serde_json::Deserializer::from_str(row).deserialize_any(Members { names: self, cells })
    }
}

struct Members<'a, 'de> {
    names: &'a Names<'a>,
    cells: &'a mut Cells<'de>,
}

impl<'de> Visitor<'de> for Members<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a row")
    }

    /// This user may not read a row that is null.
    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some((name, value)) = map.next_entry::<Cow<'de, str>, &RawValue>()? {
            match self.names.0.place(&name) {
                Some(column) if value.get().starts_with('{') => {
                    let parts = Parts { column, columns: self.names.columns(), cells: self.cells };
                    let read = serde_json::Deserializer::from_str(value.get()).deserialize_map(parts);
                    read.map_err(Error::custom)?;
                }
                Some(column) => self.cells.put(SLOTS * column + PLAIN, Some(value)),
                // Members of the row itself that are passed over share one slot.
                None => self.cells.put((SLOTS + 1) * self.names.columns(), Some(value)),
            }
        }
        Ok(())
    }
}

/// The members of a value that is an object.
struct Parts<'a, 'de> {
    column: usize,
    columns: usize,
    cells: &'a mut Cells<'de>,
}

impl<'de> Visitor<'de> for Parts<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value with what is shown")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some((name, value)) = map.next_entry::<Cow<'de, str>, &RawValue>()? {
            let part = match &*name {
                "value" => Some(VALUE),
                "display_value" => Some(DISPLAY),
                "link" => Some(LINK),
                _ => None,
            };
            // Members that are passed over have a slot for each column.
            let other = SLOTS * self.columns + self.column;
            self.cells.put(part.map_or(other, |part| SLOTS * self.column + part), Some(value));
        }
        Ok(())
    }
}

/// One column's value in a row.
#[derive(Clone, Copy)]
pub struct Cell<'c, 'de> {
    cells: &'c Cells<'de>,
    first: usize,
}

impl<'c, 'de> Cell<'c, 'de> {
    /// The value of a column, by its place. `None` if the row has none: it is hidden by an access rule, or there is no
    /// such column.
    pub fn of(cells: &'c Cells<'de>, column: usize) -> Option<Self> {
        let first = SLOTS * column;
        (first..first + SLOTS).any(|slot| cells.is_there(slot)).then_some(Self { cells, first })
    }

    /// The stored value, if it came as such.
    pub fn value(self) -> Option<Cow<'de, str>> {
        self.cells.text(self.first + VALUE).or_else(|| self.cells.text(self.first + PLAIN))
    }

    /// The displayed value, in the caller's language, time zone and date format.
    pub fn display(self) -> Option<Cow<'de, str>> {
        self.cells.text(self.first + DISPLAY)
    }

    /// The stored value, or the id of the record if only its address came.
    pub fn stored(self) -> Option<Cow<'de, str>> {
        self.value().or_else(|| self.cells.text(self.first + LINK).map(tail))
    }

    /// The stored value unless it is empty, else the displayed one.
    pub fn stored_or_shown(self) -> Cow<'de, str> {
        let stored = self.stored().filter(|text| !text.is_empty());
        stored.or_else(|| self.display()).unwrap_or_default()
    }

    /// Whether nothing came but empty texts.
    pub fn is_empty(self) -> bool {
        let says = |text: Option<Cow<'_, str>>| text.is_some_and(|text| !text.is_empty());
        !says(self.value()) && !says(self.display()) && !self.cells.is_there(self.first + LINK)
    }
}

fn tail(link: Cow<'_, str>) -> Cow<'_, str> {
    let cut = |text: &str| text.rfind('/').map_or(0, |place| place + 1);
    match link {
        Cow::Borrowed(text) => Cow::Borrowed(&text[cut(text)..]),
        Cow::Owned(text) => Cow::Owned(text[cut(&text)..].to_owned()),
    }
}
