//! The values of tables and queries, and their types.

use std::cmp::Ordering;
use std::sync::{Arc, LazyLock};

use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, tz::TimeZone};
use serde_json::Value;

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Int,
    Long,
    Real,
    Bool,
    Time,
    Guid,
    Dynamic,
    Span,
}

const NAMES: [(Kind, &str, &str); 9] = [
    (Kind::Text, "string", "System.String"),
    (Kind::Int, "int", "System.Int32"),
    (Kind::Long, "long", "System.Int64"),
    (Kind::Real, "real", "System.Double"),
    (Kind::Bool, "bool", "System.SByte"),
    (Kind::Time, "datetime", "System.DateTime"),
    (Kind::Guid, "guid", "System.Guid"),
    (Kind::Dynamic, "dynamic", "System.Object"),
    (Kind::Span, "timespan", "System.TimeSpan"),
];

impl Kind {
    /// As a table's schema names it; spans are no type of a column.
    pub(super) fn of_column(name: &str) -> Option<Self> {
        let name = if name.eq_ignore_ascii_case("boolean") { "bool" } else { name };
        let found = NAMES.iter().find(|(_, known, _)| known.eq_ignore_ascii_case(name)).map(|(kind, ..)| *kind);
        found.filter(|kind| *kind != Self::Span)
    }

    /// As a table's schema names it.
    pub(super) fn column_name(self) -> &'static str {
        if self == Self::Bool { "boolean" } else { self.name() }
    }

    /// As a query names it.
    pub(super) fn name(self) -> &'static str {
        NAMES.iter().find(|(kind, ..)| *kind == self).map_or("", |(_, name, _)| name)
    }

    /// As `getschema` names it in .NET.
    pub(super) fn system_name(self) -> &'static str {
        NAMES.iter().find(|(kind, ..)| *kind == self).map_or("", |(.., name)| name)
    }

    /// As an error of a rule writes it, such as `String`.
    pub(super) fn capital_name(self) -> String {
        let name = if self == Self::Time { "DateTime" } else { self.column_name() };
        name[..1].to_ascii_uppercase() + &name[1..]
    }

    /// Whether it is a number.
    pub(super) fn is_number(self) -> bool {
        matches!(self, Self::Int | Self::Long | Self::Real)
    }
}

/// Ticks of 100 nanoseconds in a second, which is how exact a time is kept.
pub(super) const TICKS: i64 = 10_000_000;

/// One value. A text is never null: it is empty.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    Null,
    Text(Arc<str>),
    Long(i64),
    Real(f64),
    Bool(bool),
    /// Ticks since 1970.
    Time(i64),
    /// Ticks.
    Span(i64),
    Dynamic(Arc<Value>),
}

impl Cell {
    /// A text.
    pub(super) fn text(text: &str) -> Self {
        // Most cells of a wide table are empty.
        static EMPTY: LazyLock<Arc<str>> = LazyLock::new(|| Arc::from(""));
        Self::Text(if text.is_empty() { EMPTY.clone() } else { Arc::from(text) })
    }

    /// What an absent value of this type is.
    pub(super) fn none(kind: Kind) -> Self {
        if kind == Kind::Text { Self::text("") } else { Self::Null }
    }

    /// The text of it, as `tostring` makes it.
    pub(super) fn to_text(&self) -> String {
        match self {
            Self::Null => String::new(),
            Self::Text(text) => text.to_string(),
            Self::Long(number) => number.to_string(),
            Self::Real(number) => number.to_string(),
            Self::Bool(true) => "True".to_owned(),
            Self::Bool(false) => "False".to_owned(),
            Self::Time(ticks) => time_text(*ticks),
            Self::Span(ticks) => span_text(*ticks),
            Self::Dynamic(value) => match &**value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            },
        }
    }

    /// As the query API writes it; dynamic values are texts there.
    pub(super) fn json(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Long(number) => (*number).into(),
            Self::Real(number) => serde_json::Number::from_f64(*number).map_or("NaN".into(), Value::Number),
            Self::Bool(yes) => (*yes).into(),
            Self::Dynamic(value) if !value.is_string() => value.to_string().into(),
            other => other.to_text().into(),
        }
    }

    /// The number in it.
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            #[allow(clippy::cast_precision_loss, reason = "numbers of tests are small")]
            Self::Long(number) | Self::Time(number) | Self::Span(number) => Some(*number as f64),
            Self::Real(number) => Some(*number),
            Self::Bool(yes) => Some(f64::from(u8::from(*yes))),
            _ => None,
        }
    }

    /// Which comes first; `None` if one is null or they cannot be compared.
    pub(super) fn order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Null, _) | (_, Self::Null) => None,
            (Self::Text(one), Self::Text(other)) => Some(one.cmp(other)),
            (Self::Long(one), Self::Long(other))
            | (Self::Time(one), Self::Time(other))
            | (Self::Span(one), Self::Span(other)) => Some(one.cmp(other)),
            (Self::Dynamic(one), _) => from_dynamic(one).order(other),
            (_, Self::Dynamic(other)) => self.order(&from_dynamic(other)),
            _ => self.number()?.partial_cmp(&other.number()?),
        }
    }
}

/// The plain value within a dynamic one.
fn from_dynamic(value: &Value) -> Cell {
    match value {
        Value::Null => Cell::Null,
        Value::Bool(yes) => Cell::Bool(*yes),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(number), _) => Cell::Long(number),
            (None, Some(number)) => Cell::Real(number),
            (None, None) => Cell::Null,
        },
        Value::String(text) => Cell::text(text),
        other => Cell::text(&other.to_string()),
    }
}

/// Ticks since 1970 of a time in ISO 8601; without a zone it is UTC.
pub(super) fn parse_time(text: &str) -> Option<i64> {
    let text = text.trim();
    let utc = |time: DateTime| time.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    let time = text
        .parse::<Timestamp>()
        .ok()
        .or_else(|| text.parse::<DateTime>().ok().and_then(utc))
        .or_else(|| text.parse::<Date>().ok().and_then(|date| utc(date.at(0, 0, 0, 0))))?;
    i64::try_from(time.as_nanosecond() / 100).ok()
}

/// A time in ISO 8601, with as many decimals as it has.
pub(super) fn time_text(ticks: i64) -> String {
    let (seconds, rest) = (ticks.div_euclid(TICKS), ticks.rem_euclid(TICKS));
    let whole = Timestamp::from_second(seconds).unwrap_or_default().strftime("%Y-%m-%dT%H:%M:%S").to_string();
    let decimals = format!("{rest:07}");
    let decimals = decimals.trim_end_matches('0');
    if decimals.is_empty() { format!("{whole}Z") } else { format!("{whole}.{decimals}Z") }
}

fn span_text(ticks: i64) -> String {
    let sign = if ticks < 0 { "-" } else { "" };
    let seconds = ticks.unsigned_abs() / TICKS.unsigned_abs();
    let rest = ticks.unsigned_abs() % TICKS.unsigned_abs();
    let (days, of_day) = (seconds / 86_400, seconds % 86_400);
    let days = if days == 0 { String::new() } else { format!("{days}.") };
    let decimals = if rest == 0 { String::new() } else { format!(".{rest:07}") };
    format!("{sign}{days}{:02}:{:02}:{:02}{decimals}", of_day / 3600, of_day / 60 % 60, of_day % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_keep_seven_decimals_and_are_utc_without_a_zone() {
        let of = |text| parse_time(text).map(time_text);
        assert_eq!(of("2026-11-29T06:00:00.1234567+01:00").as_deref(), Some("2026-11-29T05:00:00.1234567Z"));
        assert_eq!(of("2026-11-29 06:00:00").as_deref(), Some("2026-11-29T06:00:00Z"));
        assert_eq!(of("2026-11-29").as_deref(), Some("2026-11-29T00:00:00Z"));
        assert_eq!(of("1732860000.5"), None);
    }

    #[test]
    fn spans_are_written_as_the_service_writes_them() {
        assert_eq!(span_text(TICKS * 90_061), "1.01:01:01");
        assert_eq!(span_text(-TICKS / 2), "-00:00:00.5000000");
    }
}
