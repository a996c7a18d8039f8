//! The rows of a page: the slots of their values, and the value of a column.
//!
//! A value comes in one of these forms: a plain text; `{display_value, value}`, for references also with a `link`;
//! `{display_value, link}` without a value.

use std::borrow::Cow;

use crate::net::json::text::Text;
use crate::net::json::{self, Cells, Row};
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
        // This user may not read a row that is null.
        if row == "null" {
            return Ok(());
        }
        let columns = self.columns();
        json::members(row, |name, value| {
            match self.0.place(name) {
                Some(column) if value.get().starts_with('{') => {
                    json::members(value.get(), |part, value| {
                        let part = match part {
                            "value" => Some(VALUE),
                            "display_value" => Some(DISPLAY),
                            "link" => Some(LINK),
                            _ => None,
                        };
                        // Ignored members have a slot for each column.
                        let other = SLOTS * columns + column;
                        cells.put(part.map_or(other, |part| SLOTS * column + part), Some(value));
                        Ok(())
                    })?;
                }
                Some(column) => cells.put(SLOTS * column + PLAIN, Some(value)),
                // Ignored members of the row itself share one slot.
                None => cells.put((SLOTS + 1) * columns, Some(value)),
            }
            Ok(())
        })
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
    pub fn value(self) -> Option<Text<'de>> {
        self.cells.text(self.first + VALUE).or_else(|| self.cells.text(self.first + PLAIN))
    }

    /// The displayed value, in the caller's language, time zone and date format.
    pub fn display(self) -> Option<Text<'de>> {
        self.cells.text(self.first + DISPLAY)
    }

    /// The stored value, or the id of the record if only its address came.
    pub fn stored(self) -> Option<Text<'de>> {
        self.value().or_else(|| self.cells.said(self.first + LINK).map(|link| tail(link).into()))
    }

    /// The stored value unless it is empty, else the displayed one.
    pub fn stored_or_shown(self) -> Text<'de> {
        let stored = self.stored().filter(|text| !text.is_empty());
        stored.or_else(|| self.display()).unwrap_or(Text::Plain(""))
    }

    /// Whether nothing came but empty texts.
    pub fn is_empty(self) -> bool {
        let says = |text: Option<Text<'_>>| text.is_some_and(|text| !text.is_empty());
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
