//! Days and times on the command line: `2026-11-23`, `2026-11-23T14:05`, `2026-11-23T13:05:00Z`, or an age such as `7d`.

use std::ops::Range;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan, Zoned};

use super::age;

/// What was given: a whole day of this zone, a minute or a second of it, or the moment that lies so long back. `None` where it is
/// none of these.
pub fn read(text: &str, now: Timestamp, zone: &TimeZone) -> Option<Range<Timestamp>> {
    let text = text.trim();
    let of_a_second = |start: Timestamp| Some(start..start.checked_add(SignedDuration::from_secs(1)).ok()?);
    if let Ok(age) = age::parse(text) {
        return of_a_second(now.checked_sub(age.0).ok()?);
    }
    if let Ok(moment) = text.parse::<Timestamp>() {
        return of_a_second(moment);
    }
    let start = |at: DateTime| at.to_zoned(zone.clone()).ok();
    let between = |start: Zoned, end: Zoned| Some(start.timestamp()..end.timestamp());
    if text.len() == DAY.len() {
        let day = text.parse::<Date>().ok()?;
        // Not 24 hours later: a day on which clocks change is shorter or longer.
        return between(start(day.into())?, start(day.tomorrow().ok()?.into())?);
    }
    // Whatever is shorter is a day that is written in another way.
    let at = text.parse::<DateTime>().ok().filter(|_| text.len() >= MINUTE.len())?;
    let length = if text.len() == MINUTE.len() { 1.minute() } else { 1.second() };
    between(start(at)?, start(at.checked_add(length).ok()?)?)
}

/// How a day and a minute are written.
const DAY: &str = "2026-11-23";
const MINUTE: &str = "2026-11-23T14:05";

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<(String, String)> {
        let amsterdam = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
        let now = "2026-11-28T12:00:00Z".parse().unwrap();
        read(text, now, &amsterdam).map(|span| (span.start.to_string(), span.end.to_string()))
    }

    #[test]
    fn a_day_is_one_of_the_zone_however_long_and_times_and_ages_are_moments() {
        for (text, start, end) in [
            ("2026-11-23", "2026-11-22T23:00:00Z", "2026-11-23T23:00:00Z"),
            ("2026-10-25", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"),
            (" 2026-03-29 ", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"),
            ("2026-11-23T14:05", "2026-11-23T13:05:00Z", "2026-11-23T13:06:00Z"),
            ("2026-11-23 14:05:30", "2026-11-23T13:05:30Z", "2026-11-23T13:05:31Z"),
            ("2026-11-23T14:05:00Z", "2026-11-23T14:05:00Z", "2026-11-23T14:05:01Z"),
            ("2026-11-23T14:05:00+05:00", "2026-11-23T09:05:00Z", "2026-11-23T09:05:01Z"),
            ("7d", "2026-11-21T12:00:00Z", "2026-11-21T12:00:01Z"),
        ] {
            assert_eq!(of(text), Some((start.to_owned(), end.to_owned())), "{text}");
        }
        for wrong in ["", "yesterday", "23-11-2026", "2026-13-01", "2026-02-30", "20261123", "11/23/2026", "7", "7w"] {
            assert_eq!(of(wrong), None, "{wrong}");
        }
    }
}
