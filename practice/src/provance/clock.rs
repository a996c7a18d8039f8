//! The environment's clock, and its times as text.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::tz::TimeZone;

/// The environment's clock: the machine's own, shifted where a test asks for it.
#[derive(Debug, Default)]
pub(crate) struct Clock(AtomicI64);

impl Clock {
    /// Seconds since 1970 as the environment has it.
    pub(crate) fn now(&self) -> i64 {
        jiff::Timestamp::now().as_second() + self.0.load(Ordering::Relaxed)
    }

    /// Lets it run so many seconds ahead.
    pub(crate) fn set_shift(&self, seconds: i64) {
        self.0.store(seconds, Ordering::Relaxed);
    }

    /// The HTTP date, `seconds` from now.
    pub(crate) fn http_date(&self, seconds: i64) -> String {
        let at = jiff::Timestamp::from_second(self.now().saturating_add(seconds)).unwrap_or_default();
        at.to_zoned(TimeZone::UTC).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
    }
}

/// Year, month, day, hour, minute and second in UTC (Howard Hinnant's algorithm).
fn parts(seconds: i64) -> [i64; 6] {
    let (days, of_day) = (seconds.div_euclid(86_400) + 719_468, seconds.rem_euclid(86_400));
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let (day, month) = (of_year - (153 * shifted + 2) / 5 + 1, if shifted < 10 { shifted + 3 } else { shifted - 9 });
    let year = year + era * 400 + i64::from(month <= 2);
    [year, month, day, of_day / 3600, of_day / 60 % 60, of_day % 60]
}

/// Appends `2026-11-01T12:34:56Z`.
pub(crate) fn push_time(out: &mut String, seconds: i64) {
    let [year, month, day, hour, minute, second] = parts(seconds);
    push_two(out, year / 100);
    push_two(out, year % 100);
    for (before, number) in [('-', month), ('-', day), ('T', hour), (':', minute), (':', second)] {
        out.push(before);
        push_two(out, number);
    }
    out.push('Z');
}

/// Appends the time as the user sees it: `01-11-2026 12:34`.
pub(crate) fn push_shown(out: &mut String, seconds: i64) {
    let [year, month, day, hour, minute, _] = parts(seconds);
    push_two(out, day);
    for (before, number) in [('-', month), ('-', year / 100)] {
        out.push(before);
        push_two(out, number);
    }
    push_two(out, year % 100);
    for (before, number) in [(' ', hour), (':', minute)] {
        out.push(before);
        push_two(out, number);
    }
}

fn push_two(out: &mut String, number: i64) {
    let digit = |number: i64| char::from(b'0' + u8::try_from(number % 10).unwrap_or(0));
    out.push(digit(number / 10));
    out.push(digit(number));
}

/// `2026-11-01T12:34:56Z`.
pub(crate) fn time(seconds: i64) -> String {
    let mut out = String::with_capacity(20);
    push_time(&mut out, seconds);
    out
}

/// Reads a time of a query; parts of a second are cut off.
pub(crate) fn parse(text: &str) -> Option<i64> {
    let at: jiff::Timestamp = text.parse().ok()?;
    Some(at.as_second())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_survive_a_round_trip() {
        for second in [0, 951_782_399, 951_868_800, 1_456_708_560, 1_792_000_000, 4_102_444_799] {
            assert_eq!(parse(&time(second)), Some(second), "{}", time(second));
        }
        let mut shown = String::new();
        push_shown(&mut shown, 1_593_183_660);
        assert_eq!(shown, "26-06-2020 15:01");
        assert_eq!(parse("yesterday"), None);
    }
}
