//! Values of a row in the form that their columns take.

use jiff::Timestamp;

use super::VALUE_BYTES;
use crate::model::json_text::{JsonText, push_moment, push_number, push_text};
use crate::model::log_analytics::ColumnType;

/// A column of the stream.
#[derive(Debug, Clone)]
pub(super) struct Column {
    name: &'static str,
    /// What it takes.
    pub kind: ColumnType,
    /// What stands before its value, with the comma after the value before.
    key: String,
}

impl Column {
    /// Of this name and type.
    pub fn new((name, kind): (&'static str, ColumnType)) -> Self {
        let mut key = String::from(",");
        push_text(&mut key, name);
        Self { name, kind, key: key + ":" }
    }
}

/// What was done to values of a row so that the service takes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    /// Columns whose text was cut.
    pub cut: Vec<&'static str>,
    /// Columns whose value does not fit their type and was left out.
    pub unfit: Vec<&'static str>,
}

/// A row that is being written. Values that are empty are left out: the service makes them null.
pub(super) struct Row<'o> {
    out: &'o mut String,
    first: bool,
    longest: usize,
    checked: Checked,
}

impl<'o> Row<'o> {
    /// Begins a row at the end of `out`.
    pub fn begin(out: &'o mut String, longest: usize) -> Self {
        out.push('{');
        Self { out, first: true, longest: longest.min(VALUE_BYTES), checked: Checked::default() }
    }

    /// Goes on with a row that begins like this, at the end of `out`.
    pub fn go_on(out: &'o mut String, longest: usize, (begun, checked): (&str, &Checked)) -> Self {
        out.push_str(begun);
        Self { out, first: begun.len() == 1, longest: longest.min(VALUE_BYTES), checked: checked.clone() }
    }

    /// What was done so far, of a row that goes on elsewhere.
    pub fn so_far(self) -> Checked {
        self.checked
    }

    /// Ends it.
    pub fn end(self) -> Checked {
        self.out.push('}');
        self.checked
    }

    fn name(&mut self, Column { key, .. }: &Column) {
        self.out.push_str(if self.first { &key[1..] } else { key });
        self.first = false;
    }

    /// A value as its column takes it.
    pub fn text(&mut self, column: &Column, value: &str) {
        if value.is_empty() {
            return;
        }
        if matches!(column.kind, ColumnType::String | ColumnType::Dynamic | ColumnType::Guid) {
            return self.string(column, value);
        }
        let trimmed = value.trim();
        let literal = match column.kind {
            ColumnType::DateTime if is_usual_moment(trimmed.as_bytes()) || is_moment(trimmed) => {
                return self.string(column, trimmed);
            }
            ColumnType::Int => trimmed.parse::<i32>().ok().map(|number| number.to_string()),
            ColumnType::Long => trimmed.parse::<i64>().ok().map(|number| number.to_string()),
            ColumnType::Real => {
                trimmed.parse::<f64>().ok().filter(|number| number.is_finite()).map(|number| number.to_string())
            }
            ColumnType::Boolean => truth(trimmed).map(|truth| truth.to_string()),
            _ => None,
        };
        match literal {
            Some(literal) => {
                self.name(column);
                self.out.push_str(&literal);
            }
            None => self.checked.unfit.push(column.name),
        }
    }

    /// A stored value as its column takes it; as a text it is the same JSON here as in the database.
    pub fn stored(&mut self, column: &Column, value: JsonText<'_>) {
        let inner = value.inner();
        let as_it_is = match column.kind {
            ColumnType::String | ColumnType::Dynamic | ColumnType::Guid => inner.len() <= self.longest,
            ColumnType::DateTime => is_usual_moment(inner.as_bytes()),
            _ => false,
        };
        if !as_it_is {
            self.text(column, &value.text());
        } else if !inner.is_empty() {
            self.name(column);
            self.out.push_str(value.quoted());
        }
    }

    fn string(&mut self, column: &Column, value: &str) {
        let mut end = value.len().min(self.longest);
        while !value.is_char_boundary(end) {
            end -= 1;
        }
        if end < value.len() {
            self.checked.cut.push(column.name);
        }
        self.name(column);
        push_text(self.out, &value[..end]);
    }

    /// A moment as its column takes it.
    pub fn moment(&mut self, column: &Column, at: Option<Timestamp>) {
        let Some(at) = at else { return };
        match column.kind {
            ColumnType::DateTime | ColumnType::String | ColumnType::Dynamic => {
                self.name(column);
                push_moment(self.out, at);
            }
            _ => self.checked.unfit.push(column.name),
        }
    }

    /// A number as its column takes it.
    pub fn number(&mut self, column: &Column, number: i64) {
        match column.kind {
            ColumnType::Long | ColumnType::Real => {
                self.name(column);
                push_number(self.out, number);
            }
            _ => self.text(column, &number.to_string()),
        }
    }

    /// Whether something is so, as its column takes it.
    pub fn truth(&mut self, column: &Column, truth: bool) {
        self.text(column, if truth { "true" } else { "false" });
    }
}

fn truth(text: &str) -> Option<bool> {
    match text {
        "true" | "True" | "1" => Some(true),
        "false" | "False" | "0" => Some(false),
        _ => None,
    }
}

/// Whether it is a moment as products' times are stored, such as `2026-11-22T10:00:00Z`; the last days of February may be
/// missing.
pub(super) fn is_usual_moment(text: &[u8]) -> bool {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T', h1, h2, b':', i1, i2, b':', s1, s2, b'Z'] = text else {
        return false;
    };
    let all_digits = [y1, y2, y3, y4, m1, m2, d1, d2, h1, h2, i1, i2, s1, s2].into_iter().all(u8::is_ascii_digit);
    let pair = |tens: &u8, ones: &u8| (*tens, *ones);
    all_digits
        && pair(y1, y2) != (b'0', b'0')
        && ((b'0', b'1')..=(b'1', b'2')).contains(&pair(m1, m2))
        && ((b'0', b'1')..=last_day(pair(m1, m2))).contains(&pair(d1, d2))
        && pair(h1, h2) <= (b'2', b'3')
        && pair(i1, i2) <= (b'5', b'9')
        && pair(s1, s2) <= (b'5', b'9')
}

/// The last day of a month, in digits; that of February is in every year.
fn last_day(month: (u8, u8)) -> (u8, u8) {
    match month {
        (b'0', b'2') => (b'2', b'8'),
        (b'0', b'4' | b'6' | b'9') | (b'1', b'1') => (b'3', b'0'),
        _ => (b'3', b'1'),
    }
}

/// Whether the text is a moment in UTC as ISO 8601 writes it; the service makes others its own time, or nothing.
pub(super) fn is_moment(text: &str) -> bool {
    text.len() >= 20 && text.ends_with('Z') && text.parse::<Timestamp>().is_ok()
}
