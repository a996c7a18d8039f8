//! What becomes of a row on its way from a stream to a table.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

use super::super::manners::RefusedRow;
use super::super::query::{self, Frame};
use super::super::table::{Column, Table};
use super::super::value::{Cell, Kind, TICKS, parse_time};
use super::read::Reader;

/// The longest text that a column takes, in bytes; the rest is cut off.
const LONGEST: usize = 65_536;

/// Rows older than this get the time at which they came.
const OLDEST: i64 = 2 * 86_400 * TICKS;
/// And rows further ahead than this.
const NEWEST: i64 = 86_400 * TICKS;

/// From a stream's columns through a transformation to a table.
pub(super) struct Plan {
    stream: Vec<Column>,
    places: HashMap<String, usize>,
    transform: String,
    /// For each column of the table, its place in what the transformation makes.
    from: Vec<Option<usize>>,
    table: Vec<Column>,
    /// The place of `TimeGenerated` in the table.
    time: Option<usize>,
}

impl Plan {
    /// The way into a table.
    ///
    /// # Errors
    /// What is wrong with the transformation.
    pub(super) fn new(stream: Vec<Column>, transform: &str, table: &Table) -> Result<Self, String> {
        let made = transformed(stream.clone(), transform)?;
        let place = |column: &Column| made.iter().position(|one| one.name == column.name && one.kind == column.kind);
        Ok(Self {
            places: stream.iter().enumerate().map(|(place, column)| (column.name.clone(), place)).collect(),
            stream,
            transform: transform.trim().to_owned(),
            from: table.columns.iter().map(place).collect(),
            time: table.place("TimeGenerated"),
            table: table.columns.clone(),
        })
    }

    /// How the stream's rows are read.
    pub(super) fn reader<'a>(&'a self, refused: Option<&'a RefusedRow>) -> Reader<'a> {
        Reader { columns: &self.stream, places: &self.places, refused }
    }

    /// The rows of the table that these of the stream become. `now` is in ticks since 1970.
    pub(super) fn rows(&self, given: Vec<Vec<Cell>>, now: i64) -> Result<Vec<Vec<Cell>>, String> {
        let rows = if self.transform == "source" {
            given
        } else {
            query::transform(&self.transform, Frame::of(&self.stream, given), now)?.rows
        };
        Ok(rows.into_iter().map(|row| self.stored(row, now)).collect())
    }

    fn stored(&self, mut row: Vec<Cell>, now: i64) -> Vec<Cell> {
        // No two columns of a table have one name, so each cell goes to one place.
        let cell = |(place, column): (&Option<usize>, &Column)| match place {
            Some(place) => std::mem::replace(&mut row[*place], Cell::Null),
            None => Cell::none(column.kind),
        };
        let mut cells: Vec<Cell> = self.from.iter().zip(&self.table).map(cell).collect();
        if let Some(place) = self.time {
            let fits = matches!(cells[place], Cell::Time(at) if at >= now - OLDEST && at <= now + NEWEST);
            if !fits {
                cells[place] = Cell::Time(now);
            }
        }
        cells
    }
}

/// The columns that a transformation makes of these.
///
/// # Errors
/// What is wrong with the transformation.
pub(in crate::azure) fn transformed(columns: Vec<Column>, transform: &str) -> Result<Vec<Column>, String> {
    if transform.trim() == "source" {
        return Ok(columns);
    }
    Ok(query::transform(transform, Frame::of(&columns, Vec::new()), 0)?.columns())
}

/// A value of this type; `None` if it is of another one.
pub(in crate::azure) fn convert(kind: Kind, value: &Value) -> Option<Cell> {
    match (kind, value) {
        (_, Value::Null) => Some(Cell::none(kind)),
        (Kind::Text, Value::String(text)) => Some(text_cell(text)),
        (Kind::Time, Value::String(text)) => parse_time(text).map(Cell::Time),
        (Kind::Guid, Value::String(text)) => is_guid(text).then(|| Cell::text(&text.to_ascii_lowercase())),
        (Kind::Bool, Value::Bool(yes)) => Some(Cell::Bool(*yes)),
        (Kind::Int, Value::Number(number)) => {
            number.as_i64().filter(|number| i32::try_from(*number).is_ok()).map(Cell::Long)
        }
        (Kind::Long, Value::Number(number)) => number.as_i64().map(Cell::Long),
        (Kind::Real, Value::Number(number)) => number.as_f64().map(Cell::Real),
        (Kind::Dynamic, value) => Some(Cell::Dynamic(Arc::new(value.clone()))),
        _ => None,
    }
}

/// A text as a column keeps it.
pub(super) fn text_cell(text: &str) -> Cell {
    Cell::text(cut(text))
}

fn cut(text: &str) -> &str {
    if text.len() <= LONGEST {
        return text;
    }
    let end = (0..=LONGEST).rev().find(|at| text.is_char_boundary(*at));
    &text[..end.unwrap_or(0)]
}

/// Whether a text is a GUID with its four hyphens.
pub(in crate::azure) fn is_guid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}
