//! How a culture writes dates. Values and filters are texts in the culture of the reply (`?locale=`), to the minute:
//! `4/28/2019 1:57 PM`.
//!
//! A text that does not look as its culture writes it is refused rather than guessed at: the fourth of May and the
//! fifth of April look alike.

use jiff::civil::{Date, DateTime, Time};

/// Years of dates that are meant: of other calendars (Buddhist 2569, Hijri 1448, Persian 1405) they lie elsewhere, and so
/// they do with two digits.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2199;

/// What comes first in a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Month,
    Day,
    Year,
}

/// How a culture writes dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Culture {
    /// Its name, such as `en-US`.
    pub name: &'static str,
    order: Order,
    mark: char,
    /// Whether month and day have two digits.
    padded: bool,
    /// Whether the clock has twelve hours.
    half_days: bool,
}

const fn culture(name: &'static str, order: Order, mark: char, padded: bool, half_days: bool) -> Culture {
    Culture { name, order, mark, padded, half_days }
}

/// The short date and time patterns of .NET.
const KNOWN: &[Culture] = &[
    culture("en-US", Order::Month, '/', false, true),
    culture("en-GB", Order::Day, '/', true, false),
    culture("en-IE", Order::Day, '/', true, false),
    culture("en-AU", Order::Day, '/', false, true),
    culture("en-NZ", Order::Day, '/', false, true),
    culture("nl-NL", Order::Day, '-', false, false),
    culture("nl-BE", Order::Day, '/', false, false),
    culture("de-DE", Order::Day, '.', true, false),
    culture("de-AT", Order::Day, '.', true, false),
    culture("de-CH", Order::Day, '.', true, false),
    culture("fr-FR", Order::Day, '/', true, false),
    culture("fr-CH", Order::Day, '.', true, false),
    culture("fr-CA", Order::Year, '-', true, false),
    culture("es-ES", Order::Day, '/', true, false),
    culture("it-IT", Order::Day, '/', true, false),
    culture("pt-BR", Order::Day, '/', true, false),
    culture("pt-PT", Order::Day, '/', true, false),
    culture("da-DK", Order::Day, '-', true, false),
    culture("nb-NO", Order::Day, '.', true, false),
    culture("sv-SE", Order::Year, '-', true, false),
    culture("fi-FI", Order::Day, '.', false, false),
    culture("pl-PL", Order::Day, '.', true, false),
    culture("cs-CZ", Order::Day, '.', true, false),
];

impl Culture {
    /// The culture of this name, if it is known how it writes dates.
    pub fn named(name: &str) -> Option<Self> {
        KNOWN.iter().find(|culture| culture.name.eq_ignore_ascii_case(name.trim())).copied()
    }

    /// Reads a date with its time. `None` where it is not written as this culture does.
    pub fn parse(&self, text: &str) -> Option<DateTime> {
        let (date, time) = text.trim().split_once(is_space)?;
        self.date(date).zip(self.time(time)).map(|(date, time)| date.to_datetime(time))
    }

    fn date(&self, text: &str) -> Option<Date> {
        let mut parts = text.split(self.mark).map(number);
        let parts = [parts.next()??, parts.next()??, parts.next()??, i16::from(parts.next().is_some())];
        let (year, month, day) = match (self.order, parts) {
            (Order::Month, [month, day, year, 0]) | (Order::Day, [day, month, year, 0]) => (year, month, day),
            (Order::Year, [year, month, day, 0]) => (year, month, day),
            _ => return None,
        };
        if !YEARS.contains(&year) {
            return None;
        }
        Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    }

    fn time(&self, text: &str) -> Option<Time> {
        let (clock, half) = match text.trim().split_once(is_space) {
            Some((clock, half)) => (clock, Some(half.trim())),
            None => (text.trim(), None),
        };
        let mut parts = clock.split([':', '.']).map(|part| i8::try_from(number(part)?).ok());
        let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next().unwrap_or(Some(0))?);
        let hour = match (self.half_days, half) {
            (true, Some(half)) => half_day(hour, half)?,
            (false, None) => hour,
            _ => return None,
        };
        if parts.next().is_some() { None } else { Time::new(hour, minute, second, 0).ok() }
    }

    /// Writes a date with its time, to the minute.
    pub fn write(&self, at: DateTime) -> String {
        let (year, mark) = (at.year(), self.mark);
        let two = |part: i8| if self.padded { format!("{part:02}") } else { part.to_string() };
        let (month, day) = (two(at.month()), two(at.day()));
        let date = match self.order {
            Order::Month => format!("{month}{mark}{day}{mark}{year}"),
            Order::Day => format!("{day}{mark}{month}{mark}{year}"),
            Order::Year => format!("{year}{mark}{month}{mark}{day}"),
        };
        let (hour, minute) = (at.hour(), at.minute());
        if self.half_days {
            let half = if hour < 12 { "AM" } else { "PM" };
            format!("{date} {}:{minute:02} {half}", (hour + 11) % 12 + 1)
        } else {
            format!("{date} {hour:02}:{minute:02}")
        }
    }
}

/// Newer .NET puts a narrow no-break space before AM and PM.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}')
}

fn number(text: &str) -> Option<i16> {
    let digits = !text.is_empty() && text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

fn half_day(hour: i8, half: &str) -> Option<i8> {
    let half: String = half.chars().filter(|c| *c != '.').collect();
    let hour = (1..=12).contains(&hour).then_some(hour % 12)?;
    if half.eq_ignore_ascii_case("am") {
        Some(hour)
    } else if half.eq_ignore_ascii_case("pm") {
        Some(hour + 12)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::datetime;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("en-US", "4/28/2019 1:57 PM")]
    #[case("en-GB", "28/04/2019 13:57")]
    #[case("en-au", "28/4/2019 1:57 PM")]
    #[case("nl-NL", "28-4-2019 13:57")]
    #[case("de-DE", "28.04.2019 13:57")]
    #[case("sv-SE", "2019-04-28 13:57")]
    #[case("fi-FI", "28.4.2019 13:57")]
    fn each_culture_writes_and_reads_its_own(#[case] name: &str, #[case] text: &str) {
        let culture = Culture::named(name).unwrap();
        let at = datetime(2019, 4, 28, 13, 57, 0, 0);
        assert_eq!(culture.write(at), text);
        assert_eq!(culture.parse(text), Some(at));
    }

    #[rstest]
    #[case("en-US", "12/1/2026 12:05 AM", Some(datetime(2026, 12, 1, 0, 5, 0, 0)))]
    #[case("en-US", "12/1/2026 12:05:09 pm", Some(datetime(2026, 12, 1, 12, 5, 9, 0)))]
    #[case("en-US", "12/1/2026 1:05\u{202f}PM", Some(datetime(2026, 12, 1, 13, 5, 0, 0)))]
    #[case("en-AU", "1/12/2026 1:05 p.m.", Some(datetime(2026, 12, 1, 13, 5, 0, 0)))]
    #[case::the_other_clock("en-US", "12/1/2026 13:05", None)]
    #[case::a_thirteenth_month("en-US", "13/1/2026 1:05 PM", None)]
    #[case::another_mark("en-US", "12-1-2026 1:05 PM", None)]
    #[case::the_other_clock("en-GB", "01/12/2026 1:05 PM", None)]
    #[case::another_culture("nl-NL", "12/1/2026 1:05 PM", None)]
    #[case::no_time("nl-NL", "1-12-2026", None)]
    #[case::a_short_year("nl-NL", "1-12-26 13:05", None)]
    #[case::the_buddhist_calendar("en-GB", "11/11/2569 13:05", None)]
    #[case::the_hijri_calendar("en-GB", "11/11/1448 13:05", None)]
    #[case::too_late("nl-NL", "1-12-2026 24:05", None)]
    #[case::nothing("nl-NL", "", None)]
    #[case::too_many_parts("nl-NL", "1-12-2026-7 13:05", None)]
    fn what_another_culture_wrote_is_refused(
        #[case] name: &str,
        #[case] text: &str,
        #[case] expected: Option<DateTime>,
    ) {
        assert_eq!(Culture::named(name).unwrap().parse(text), expected);
    }

    #[test]
    fn no_two_cultures_have_the_same_name() {
        let names: std::collections::BTreeSet<_> = KNOWN.iter().map(|culture| culture.name).collect();
        assert_eq!(names.len(), KNOWN.len());
        assert_eq!(Culture::named("tlh"), None);
    }
}
