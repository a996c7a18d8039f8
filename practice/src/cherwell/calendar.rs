//! Dates as the system writes them: in its time zone and culture, to the minute.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::PracticeError;

/// A culture: how a date is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Culture {
    /// `4/28/2026 1:57 PM`
    #[serde(rename = "en-US")]
    EnUs,
    /// `28/04/2026 13:57`
    #[serde(rename = "en-GB")]
    EnGb,
    /// `28/04/2026 1:57 PM`
    #[serde(rename = "en-AU")]
    EnAu,
    /// `28-4-2026 13:57`
    #[serde(rename = "nl-NL")]
    NlNl,
    /// `28.04.2026 13:57`
    #[serde(rename = "de-DE")]
    DeDe,
}

impl Culture {
    const ALL: [Self; 5] = [Self::EnUs, Self::EnGb, Self::EnAu, Self::NlNl, Self::DeDe];

    /// Its name, such as `en-US`.
    pub fn name(self) -> &'static str {
        match self {
            Self::EnUs => "en-US",
            Self::EnGb => "en-GB",
            Self::EnAu => "en-AU",
            Self::NlNl => "nl-NL",
            Self::DeDe => "de-DE",
        }
    }

    /// The culture of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|culture| culture.name().eq_ignore_ascii_case(name))
    }

    fn push(self, out: &mut String, at: DateTime) {
        let (year, month, day) = (at.year(), at.month(), at.day());
        match self {
            Self::EnUs => push(out, format_args!("{month}/{day}/{year} ")),
            Self::EnGb | Self::EnAu => push(out, format_args!("{day:02}/{month:02}/{year} ")),
            Self::NlNl => push(out, format_args!("{day}-{month}-{year} ")),
            Self::DeDe => push(out, format_args!("{day:02}.{month:02}.{year} ")),
        }
        let (hour, minute) = (at.hour(), at.minute());
        match self {
            Self::EnUs | Self::EnAu => {
                let (half, half_day) = ((hour + 11) % 12 + 1, if hour < 12 { "AM" } else { "PM" });
                push(out, format_args!("{half}:{minute:02} {half_day}"));
            }
            _ => push(out, format_args!("{hour:02}:{minute:02}")),
        }
    }

    fn parse(self, text: &str) -> Option<DateTime> {
        let mut parts = text.split_whitespace();
        let (date, time, half_day) = (parts.next()?, parts.next()?, parts.next());
        let numbers: Vec<i16> = date.split(['/', '-', '.']).map(|part| part.parse().ok()).collect::<Option<_>>()?;
        let [one, two, year] = numbers[..] else { return None };
        let (month, day) = if self == Self::EnUs { (one, two) } else { (two, one) };
        let mut clock = time.split(':').map(|part| part.parse::<i8>().ok());
        let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next().unwrap_or(Some(0))?);
        let hour = match half_day.map(str::to_ascii_uppercase).as_deref() {
            Some("AM") => hour % 12,
            Some("PM") => hour % 12 + 12,
            Some(_) => return None,
            None => hour,
        };
        let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
        jiff::civil::Time::new(hour, minute, second, 0).ok().map(|time| date.to_datetime(time))
    }
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    use std::fmt::Write;
    // Writing into a String cannot fail.
    let _ = out.write_fmt(text);
}

/// A time zone: its name in Windows, and its rules as a POSIX TZ text, so that no zone database is needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    /// As `serviceinfo` names it.
    pub windows: String,
    /// Its rules.
    pub posix: String,
}

impl Zone {
    /// US Eastern.
    pub fn eastern() -> Self {
        Self { windows: "Eastern Standard Time".into(), posix: "EST5EDT,M3.2.0,M11.1.0".into() }
    }

    /// Amsterdam, Berlin, Rome.
    pub fn western_europe() -> Self {
        Self { windows: "W. Europe Standard Time".into(), posix: "CET-1CEST,M3.5.0,M10.5.0/3".into() }
    }

    /// UTC.
    pub fn utc() -> Self {
        Self { windows: "UTC".into(), posix: "UTC0".into() }
    }
}

/// How the system reads and writes dates.
#[derive(Debug, Clone)]
pub(crate) struct Calendar {
    zone: TimeZone,
}

impl Calendar {
    /// The calendar of this zone.
    pub(crate) fn new(zone: &Zone) -> Result<Self, PracticeError> {
        let rules = TimeZone::posix(&zone.posix);
        let zone = rules.map_err(|error| PracticeError::Option(format!("time zone {}: {error}", zone.posix)))?;
        Ok(Self { zone })
    }

    /// Appends a time as a reply in this culture shows it; nothing for 0.
    pub(crate) fn push(&self, out: &mut String, seconds: i64, culture: Culture) {
        if seconds != 0 {
            culture.push(out, self.local(seconds));
        }
    }

    /// A time as a reply in this culture shows it.
    pub(crate) fn shown(&self, seconds: i64, culture: Culture) -> String {
        let mut out = String::new();
        self.push(&mut out, seconds, culture);
        out
    }

    /// Reads a time that a filter gives.
    pub(crate) fn parse(&self, text: &str, culture: Culture) -> Option<i64> {
        let at = culture.parse(text)?;
        self.zone.to_ambiguous_timestamp(at).compatible().ok().map(Timestamp::as_second)
    }

    /// The offset at a time, in seconds east of UTC.
    pub(crate) fn offset(&self, seconds: i64) -> i32 {
        self.zone.to_offset(Timestamp::from_second(seconds).unwrap_or_default()).seconds()
    }

    /// The local time.
    pub(crate) fn local(&self, seconds: i64) -> DateTime {
        self.zone.to_datetime(Timestamp::from_second(seconds).unwrap_or_default())
    }

    /// Whether the zone has summer time.
    pub(crate) fn has_summer(&self, now: i64) -> bool {
        self.zone.following(Timestamp::from_second(now).unwrap_or_default()).next().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(Culture::EnUs, "11/23/2026 2:05 PM")]
    #[case(Culture::EnGb, "23/11/2026 14:05")]
    #[case(Culture::EnAu, "23/11/2026 2:05 PM")]
    #[case(Culture::NlNl, "23-11-2026 14:05")]
    #[case(Culture::DeDe, "23.11.2026 14:05")]
    fn a_date_is_written_and_read_by_its_culture(#[case] culture: Culture, #[case] text: &str) {
        let calendar = Calendar::new(&Zone::western_europe()).unwrap();
        let at = "2026-11-23T13:05:33Z".parse::<Timestamp>().unwrap().as_second();
        assert_eq!(calendar.shown(at, culture), text);
        assert_eq!(calendar.parse(text, culture), Some(at - 33));
        assert_eq!(Culture::named(culture.name()), Some(culture));
    }

    #[test]
    fn midnight_and_noon_are_twelve() {
        let calendar = Calendar::new(&Zone::utc()).unwrap();
        for (hour, text) in [(0, "1/2/2026 12:00 AM"), (12, "1/2/2026 12:00 PM")] {
            let at = "2026-01-02T00:00:00Z".parse::<Timestamp>().unwrap().as_second() + hour * 3600;
            assert_eq!(calendar.shown(at, Culture::EnUs), text);
            assert_eq!(calendar.parse(text, Culture::EnUs), Some(at));
        }
        assert_eq!(calendar.parse("28-04-2026 13:57", Culture::EnUs), None);
    }
}
