//! Rows as JSON, written straight into a text.

use std::fmt::Write as _;

use crate::core::json_text::push_text;
use crate::core::rng::push_hex;
use crate::provance::clock::{push_shown, push_time};
use crate::provance::table::{Cell, Kind, Role, Row, Table, Value, label};

/// Writes rows of one table.
pub(crate) struct Renderer<'a> {
    table: &'a Table,
    columns: Vec<Rendered>,
    formatted: bool,
    version: Option<usize>,
}

struct Rendered {
    place: usize,
    name: String,
    formatted: String,
}

impl<'a> Renderer<'a> {
    /// For these columns.
    pub(crate) fn new(table: &'a Table, select: &[usize], formatted: bool) -> Self {
        let rendered = |place: &usize| {
            let name = &table.columns[*place].shown_as;
            Rendered {
                place: *place,
                name: format!(",\"{name}\":"),
                formatted: format!(",\"{name}@OData.Community.Display.V1.FormattedValue\":"),
            }
        };
        let columns = select.iter().map(rendered).collect();
        Self { table, columns, formatted, version: table.role(Role::Version) }
    }

    /// One row.
    pub(crate) fn row(&self, row: &Row) -> String {
        let mut out = String::with_capacity(self.columns.len() * 64);
        let version = self.version.map_or(Value::Null, |place| self.table.value(row, place));
        let number = if let Value::Number(number) = version { number } else { 0 };
        let _ = write!(out, "{{\"@odata.etag\":\"W/\\\"{number}\\\"\"");
        for column in &self.columns {
            if self.formatted {
                self.push_formatted(&mut out, column, row);
            }
            out.push_str(&column.name);
            self.push_value(&mut out, column.place, row);
        }
        out.push('}');
        out
    }

    fn push_value(&self, out: &mut String, place: usize, row: &Row) {
        let kind = self.table.columns[place].kind;
        match self.table.value(row, place) {
            Value::Null => out.push_str("null"),
            Value::Text(text) => push_text(out, text),
            Value::Number(number) if kind == Kind::Time => {
                out.push('"');
                push_time(out, number);
                out.push('"');
            }
            Value::Number(number) => {
                let _ = write!(out, "{number}");
            }
            Value::Id(id) => {
                out.push('"');
                push_guid(out, &id);
                out.push('"');
            }
        }
    }

    fn push_formatted(&self, out: &mut String, column: &Rendered, row: &Row) {
        let kind = self.table.columns[column.place].kind;
        if let Some(label) = label(kind, &row.cells[column.place]) {
            out.push_str(&column.formatted);
            push_text(out, label);
            return;
        }
        let Value::Number(number) = self.table.value(row, column.place) else { return };
        out.push_str(&column.formatted);
        out.push('"');
        if kind == Kind::Time {
            push_shown(out, number);
        } else {
            push_grouped(out, number);
        }
        out.push('"');
    }
}

/// A stored value and its label, as a client is to have them.
pub(crate) fn stored(table: &Table, row: &Row, place: usize) -> (String, Option<&'static str>) {
    let kind = table.columns[place].kind;
    let mut out = String::new();
    match table.value(row, place) {
        Value::Null => {}
        Value::Text(text) => out.push_str(text),
        Value::Number(number) if kind == Kind::Time => push_time(&mut out, number),
        Value::Number(number) => {
            let _ = write!(out, "{number}");
        }
        Value::Id(id) => push_guid(&mut out, &id),
    }
    let label = if matches!(row.cells[place], Cell::Number(_)) { label(kind, &row.cells[place]) } else { None };
    (out, label)
}

/// Appends a number with its digits in groups.
fn push_grouped(out: &mut String, number: i64) {
    let digits = number.to_string();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
}

/// Appends an id in its five groups.
pub(crate) fn push_guid(out: &mut String, id: &[u8; 16]) {
    let mut hex = String::with_capacity(32);
    push_hex(&mut hex, id);
    for (place, group) in [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].into_iter().enumerate() {
        if place > 0 {
            out.push('-');
        }
        out.push_str(group);
    }
}
