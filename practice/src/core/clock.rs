//! A server's clock: the machine's own, shifted where a test asks for it.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A clock that can be shifted.
#[derive(Debug, Default)]
pub struct Clock(AtomicI64);

impl Clock {
    /// Seconds since 1970 as the server has it.
    pub fn now(&self) -> i64 {
        machine_now() + self.0.load(Ordering::Relaxed)
    }

    /// Milliseconds since 1970 as the server has it.
    pub(crate) fn millis(&self) -> i64 {
        Timestamp::now().as_millisecond() + self.0.load(Ordering::Relaxed) * 1_000
    }

    /// Lets it run so many seconds ahead (or behind, if negative).
    pub fn set_shift(&self, seconds: i64) {
        self.0.store(seconds, Ordering::Relaxed);
    }

    /// Lets so many seconds more pass at once.
    pub(crate) fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::Relaxed);
    }

    /// The HTTP date, `seconds` from now.
    pub(crate) fn http_date(&self, seconds: i64) -> String {
        let at = Timestamp::from_second(self.now().saturating_add(seconds)).unwrap_or_default();
        at.to_zoned(TimeZone::UTC).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
    }
}

/// Seconds since 1970 as the machine has it.
pub(crate) fn machine_now() -> i64 {
    Timestamp::now().as_second()
}

/// Year, month, day, hour, minute and second of a time in UTC (Howard Hinnant's algorithm). Quicker than jiff, for the
/// many times of a page.
pub(crate) fn civil(seconds: i64) -> [i64; 6] {
    let (days, of_day) = (seconds.div_euclid(86_400) + 719_468, seconds.rem_euclid(86_400));
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let (day, month) = (of_year - (153 * shifted + 2) / 5 + 1, if shifted < 10 { shifted + 3 } else { shifted - 9 });
    let year = year + era * 400 + i64::from(month <= 2);
    [year, month, day, of_day / 3600, of_day / 60 % 60, of_day % 60]
}

/// Appends a number of two digits.
pub(crate) fn push_two(out: &mut String, number: i64) {
    let digit = |number: i64| char::from(b'0' + u8::try_from(number % 10).unwrap_or(0));
    out.push(digit(number / 10));
    out.push(digit(number));
}

/// Appends a year.
pub(crate) fn push_year(out: &mut String, year: i64) {
    push_two(out, year / 100);
    push_two(out, year % 100);
}
