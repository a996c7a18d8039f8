//! The instance's dates as text.

use jiff::tz::TimeZone;

use super::options::DateFormat;
use crate::PracticeError;
use crate::core::clock::{civil, push_two, push_year};

/// How the caller sees dates: zone and format.
#[derive(Debug, Clone)]
pub(crate) struct Calendar {
    /// Where the offset changes: from this second on, so many seconds east of UTC.
    offsets: Vec<(i64, i64)>,
    format: DateFormat,
}

impl Calendar {
    /// The calendar of a caller in the zone of this POSIX TZ text.
    pub(crate) fn new(zone: &str, format: DateFormat) -> Result<Self, PracticeError> {
        let zone =
            TimeZone::posix(zone).map_err(|error| PracticeError::Option(format!("time zone {zone}: {error}")))?;
        let start = jiff::Timestamp::from_second(1_262_304_000).unwrap_or_default();
        let mut offsets = vec![(i64::MIN, i64::from(zone.to_offset(start).seconds()))];
        let changes = zone.following(start).take(120);
        offsets.extend(changes.map(|change| (change.timestamp().as_second(), i64::from(change.offset().seconds()))));
        Ok(Self { offsets, format })
    }

    /// Appends a time as the caller sees it.
    pub(crate) fn push_shown(&self, out: &mut String, seconds: i64) {
        let place = self.offsets.partition_point(|(from, _)| *from <= seconds);
        let offset = self.offsets[place.saturating_sub(1)].1;
        push_time(out, seconds + offset, self.format);
    }
}

impl Calendar {
    /// Reads a time as the caller writes it: in the caller's zone and format.
    pub(crate) fn parse_shown(&self, text: &str) -> Option<i64> {
        let text = text.trim();
        let local = match self.format {
            DateFormat::Iso => parse_raw(text)?,
            DateFormat::DayFirst => {
                let (day, month, year) = (text.get(0..2)?, text.get(3..5)?, text.get(6..10)?);
                parse_raw(&format!("{year}-{month}-{day}{}", text.get(10..)?))?
            }
        };
        let offset = |at: i64| self.offsets[self.offsets.partition_point(|(from, _)| *from <= at).saturating_sub(1)].1;
        let guess = local - offset(local);
        Some(local - offset(guess))
    }
}

/// Appends `yyyy-MM-dd HH:mm:ss` in UTC, the raw form.
pub(crate) fn push_raw(out: &mut String, seconds: i64) {
    push_time(out, seconds, DateFormat::Iso);
}

/// `yyyy-MM-dd HH:mm:ss` in UTC, the raw form.
pub(crate) fn raw(seconds: i64) -> String {
    let mut text = String::with_capacity(19);
    push_raw(&mut text, seconds);
    text
}

/// Reads the raw form; a date alone is its midnight.
pub(crate) fn parse_raw(text: &str) -> Option<i64> {
    let text = text.trim();
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let valid =
        text.get(4..5)? == "-" && text.get(7..8)? == "-" && (1..=12).contains(&month) && (1..=31).contains(&day);
    let midnight = valid.then(|| days_from_civil(year, month, day) * 86_400)?;
    match text.len() {
        10 => Some(midnight),
        19 => {
            let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
            (hour < 24 && minute < 60 && second < 60).then_some(midnight + hour * 3600 + minute * 60 + second)
        }
        _ => None,
    }
}

/// Days since 1970-01-01 of a date (Howard Hinnant's algorithm).
pub(crate) fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

fn push_time(out: &mut String, seconds: i64, format: DateFormat) {
    let [year, month, day, hour, minute, second] = civil(seconds);
    match format {
        DateFormat::Iso => push_year(out, year),
        DateFormat::DayFirst => push_two(out, day),
    }
    out.push('-');
    push_two(out, month);
    out.push('-');
    match format {
        DateFormat::Iso => push_two(out, day),
        DateFormat::DayFirst => push_year(out, year),
    }
    for (before, number) in [(' ', hour), (':', minute), (':', second)] {
        out.push(before);
        push_two(out, number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_times_survive_a_round_trip() {
        for second in [0, 951_782_399, 951_868_800, 1_456_708_560, 1_792_000_000, 4_102_444_799] {
            let expected = jiff::Timestamp::from_second(second).unwrap().to_zoned(TimeZone::UTC);
            assert_eq!(raw(second), expected.strftime("%Y-%m-%d %H:%M:%S").to_string());
            assert_eq!(parse_raw(&raw(second)), Some(second));
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in ["", "yesterday", "2026-13-01", "2026-01-01 25:00:00", "29-02-2016 01:16:00"] {
            assert_eq!(parse_raw(text), None, "{text}");
        }
    }

    #[test]
    fn what_the_caller_writes_is_read_in_the_callers_zone() {
        let calendar = Calendar::new("CET-1CEST,M3.5.0,M10.5.0/3", DateFormat::DayFirst).unwrap();
        for (written, expected) in
            [("01-07-2026 12:00:00", "2026-07-01 10:00:00"), ("01-03-2026 00:30:00", "2026-02-28 23:30:00")]
        {
            assert_eq!(calendar.parse_shown(written), parse_raw(expected));
        }
        assert_eq!(calendar.parse_shown("soon"), None);
    }

    #[test]
    fn the_caller_sees_winter_and_summer_time() {
        let calendar = Calendar::new("CET-1CEST,M3.5.0,M10.5.0/3", DateFormat::DayFirst).unwrap();
        let shown = |raw: &str| {
            let mut out = String::new();
            calendar.push_shown(&mut out, parse_raw(raw).unwrap());
            out
        };
        assert_eq!(shown("2026-02-28 23:30:00"), "01-03-2026 00:30:00");
        assert_eq!(shown("2026-07-01 10:00:00"), "01-07-2026 12:00:00");
        assert_eq!(shown("2026-03-29 00:59:59"), "29-03-2026 01:59:59");
        assert_eq!(shown("2026-03-29 01:00:00"), "29-03-2026 03:00:00");
    }
}
