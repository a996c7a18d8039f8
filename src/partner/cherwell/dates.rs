//! Dates of the system as moments, and moments as filters.

use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use super::culture::{Culture, Reading};

const MINUTE: i64 = 60;

/// How the system reads and writes dates.
#[derive(Debug, Clone)]
pub struct Dates {
    /// Its culture.
    pub culture: Culture,
    /// Its time zone.
    pub zone: TimeZone,
    /// What that is called.
    pub zone_name: String,
}

/// What a text of a date says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The minute. Of the hour that comes twice in autumn it is that of the second pass: which one was meant the text
    /// does not tell, and a change must never seem older than it is, or an increment would pass it over.
    pub at: Timestamp,
    /// Where the span of this text begins: the minute itself, but all of that hour where it comes twice. Rows of one
    /// span may come in any order.
    pub span: Timestamp,
}

/// A text of a date, read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateText {
    /// It says this.
    At(Moment),
    /// It is empty, or a date that means none.
    Nothing,
    /// The culture does not use this format, the text may mean two dates, or the zone's clocks skip that time.
    Unclear,
}

impl Dates {
    /// Reads a text.
    pub fn read(&self, text: &str) -> DateText {
        if text.trim().is_empty() {
            return DateText::Nothing;
        }
        match self.culture.read(text) {
            Reading::At(at) => self.moment(at).map_or(DateText::Unclear, DateText::At),
            Reading::Nothing => DateText::Nothing,
            Reading::Either | Reading::Foreign => DateText::Unclear,
        }
    }

    /// The moment of a text. `None` for one that is empty or unclear.
    #[cfg(test)]
    pub fn parse(&self, text: &str) -> Option<Moment> {
        match self.read(text) {
            DateText::At(moment) => Some(moment),
            DateText::Nothing | DateText::Unclear => None,
        }
    }

    fn moment(&self, at: DateTime) -> Option<Moment> {
        let ambiguous = self.zone.to_ambiguous_timestamp(at);
        let offset = ambiguous.offset();
        let first = minute(ambiguous.earlier().ok()?);
        match offset {
            AmbiguousOffset::Unambiguous { .. } => Some(Moment { at: first, span: first }),
            AmbiguousOffset::Gap { .. } => None,
            AmbiguousOffset::Fold { before, after } => {
                let second = minute(ambiguous.later().ok()?);
                let set_back = self.zone.following(first).next()?.timestamp();
                let length = SignedDuration::from_secs(i64::from(before.seconds() - after.seconds()));
                Some(Moment { at: second, span: set_back.checked_sub(length).ok()? })
            }
        }
    }

    /// Where the span of a moment begins.
    pub fn span_of(&self, at: Timestamp) -> Timestamp {
        let at = minute(at);
        self.moment(self.zone.to_datetime(at)).map_or(at, |moment| moment.span)
    }

    /// The text for a filter `gt` that lets everything pass from the span of a moment on: a minute earlier, since the
    /// system may compare seconds or whole minutes.
    pub fn filter_from(&self, at: Timestamp) -> String {
        let before = self.span_of(at).as_second() - MINUTE;
        let before = Timestamp::from_second(before).unwrap_or(Timestamp::UNIX_EPOCH).max(Timestamp::UNIX_EPOCH);
        self.culture.write(self.zone.to_datetime(before))
    }
}

/// The whole minute at or before a moment.
pub fn minute(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second().div_euclid(MINUTE) * MINUTE).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::super::zone;
    use super::*;

    fn dates(culture: &str, zone: &str) -> Dates {
        Dates {
            culture: Culture::named(culture).unwrap(),
            zone: zone::named(zone).unwrap(),
            zone_name: zone.to_owned(),
        }
    }

    #[rstest]
    #[case("en-US", "Eastern Standard Time", "11/23/2026 1:57 PM", "2026-11-23T18:57:00Z")]
    #[case("nl-NL", "Europe/Amsterdam", "23-11-2026 13:57", "2026-11-23T12:57:00Z")]
    #[case("nl-NL", "Europe/Amsterdam", "23-7-2026 13:57:48", "2026-07-23T11:57:00Z")]
    #[case("en-GB", "+05:30", "23/11/2026 13:57", "2026-11-23T08:27:00Z")]
    fn a_text_is_a_minute(#[case] culture: &str, #[case] zone: &str, #[case] text: &str, #[case] at: Timestamp) {
        let dates = dates(culture, zone);
        assert_eq!(dates.parse(text), Some(Moment { at, span: at }));
        assert_eq!(dates.span_of(at), at);
    }

    #[rstest]
    #[case("25-10-2026 02:00")]
    #[case("25-10-2026 02:59")]
    fn the_hour_that_comes_twice_is_one_span(#[case] text: &str) {
        let dates = dates("nl-NL", "Europe/Amsterdam");
        let span: Timestamp = "2026-10-25T00:00:00Z".parse().unwrap();
        let moment = dates.parse(text).unwrap();
        assert_eq!(moment.span, span);
        assert!(moment.at >= span + SignedDuration::from_hours(1) && moment.at < span + SignedDuration::from_hours(2));
        for second_pass in ["2026-10-25T00:30:00Z", "2026-10-25T01:00:00Z", "2026-10-25T01:59:59Z"] {
            assert_eq!(dates.span_of(second_pass.parse().unwrap()), span, "{second_pass}");
        }
        assert_eq!(dates.filter_from(span), "25-10-2026 01:59");
        let after = "2026-10-25T02:00:00Z".parse().unwrap();
        assert_eq!(dates.parse("25-10-2026 03:00"), Some(Moment { at: after, span: after }));
    }

    #[test]
    fn an_hour_that_the_clocks_skip_shows_that_the_zone_is_wrong() {
        assert_eq!(dates("nl-NL", "Europe/Amsterdam").parse("29-3-2026 02:30"), None);
        assert!(dates("nl-NL", "UTC").parse("29-3-2026 02:30").is_some());
    }

    #[test]
    fn a_filter_begins_a_minute_earlier() {
        let dates = dates("en-US", "America/New_York");
        assert_eq!(dates.filter_from("2026-11-23T18:57:33Z".parse().unwrap()), "11/23/2026 1:56 PM");
    }
}
