//! Spans of time and moments for people.

use std::sync::OnceLock;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};

use crate::model::lang::Lang;

/// A span in its largest whole unit, rounded down: `45 seconds`, `2 minutes`, `3 hours`, `83 days`.
pub fn span(lang: Lang, seconds: u64) -> String {
    match seconds {
        0..60 => plural(lang, seconds, second, seconds_),
        60..3600 => plural(lang, seconds / 60, minute, minutes),
        3600..86_400 => plural(lang, seconds / 3600, hour, hours),
        _ => days(lang, seconds / 86_400),
    }
}

/// So many days, with the word.
pub fn days(lang: Lang, days: u64) -> String {
    plural(lang, days, day, days_)
}

/// The same in little room: `45 s`, `2 min`, `3 h`, `83 d`.
pub fn short(lang: Lang, seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min", seconds / 60),
        3600..86_400 => format!("{} {}", seconds / 3600, lang.pick("h", "u")),
        _ => format!("{} d", seconds / 86_400),
    }
}

/// How long a moment lies back: `just now`, `2 min ago`; a moment to come counts as now.
pub fn ago(lang: Lang, then: Timestamp, now: Timestamp) -> String {
    match u64::try_from(now.duration_since(then).as_secs()).unwrap_or(0) {
        0..5 => just_now(lang).to_owned(),
        seconds => ago_(lang, &short(lang, seconds)),
    }
}

/// How long until a moment: `now`, `in 13 min`; a moment that is over counts as now. Minutes are rounded up,
/// so that a schedule of 15 minutes begins with `in 15 min`.
pub fn until(lang: Lang, then: Timestamp, now: Timestamp) -> String {
    match u64::try_from(then.duration_since(now).as_secs()).unwrap_or(0) {
        0 => at_once(lang).to_owned(),
        seconds @ 60..3600 => in_(lang, &short(lang, seconds.next_multiple_of(60))),
        seconds => in_(lang, &short(lang, seconds)),
    }
}

/// The time zone in which moments are shown; UTC until [`show_in`] says otherwise.
static ZONE: OnceLock<TimeZone> = OnceLock::new();

/// Sets the time zone in which moments are shown, once for the whole process.
pub fn show_in(zone: TimeZone) {
    // A second call changes nothing: times on one screen must not be in two zones.
    let _ = ZONE.set(zone);
}

/// The time zone in which moments are shown.
pub fn zone() -> TimeZone {
    ZONE.get().cloned().unwrap_or(TimeZone::UTC)
}

/// The local day of a moment, such as `13 Feb 2027`.
pub fn date(lang: Lang, moment: Timestamp) -> String {
    civil(lang, moment.to_zoned(zone()).date())
}

/// The day of a moment that stands for a whole day in UTC, such as the end of a client secret.
pub fn date_in_utc(lang: Lang, moment: Timestamp) -> String {
    civil(lang, moment.to_zoned(TimeZone::UTC).date())
}

/// A day such as `13 Feb 2027`.
pub fn civil(lang: Lang, date: Date) -> String {
    let month = usize::from(date.month().unsigned_abs()).saturating_sub(1);
    let names = lang.pick(
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
        ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"],
    );
    format!("{} {} {}", date.day(), names.get(month).copied().unwrap_or_default(), date.year())
}

/// The same without the year, such as `13 Feb`.
pub fn day_and_month(lang: Lang, date: Date) -> String {
    let whole = civil(lang, date);
    whole.rsplit_once(' ').map_or(whole.clone(), |(day, _)| day.to_owned())
}

/// Local day and time to the minute with the time zone: `2026-11-22 14:05 CET`.
pub fn moment(moment: Timestamp) -> String {
    moment_in(zone(), moment, "%Y-%m-%d %H:%M %Z")
}

/// The same without the zone, for lists that name it once (see [`zone_name`]).
pub fn moment_in_list(moment: Timestamp) -> String {
    moment_in(zone(), moment, "%Y-%m-%d %H:%M")
}

/// The abbreviation of the time zone at a moment, such as `CET`.
pub fn zone_name(moment: Timestamp) -> String {
    moment_in(zone(), moment, "%Z")
}

/// The beginning of the local day that lies so many days before this moment.
pub fn day_before(moment: Timestamp, days: u32) -> Timestamp {
    let day = moment.to_zoned(zone()).date().saturating_sub(Span::new().days(days));
    day.to_zoned(zone()).map_or(moment, |start| start.timestamp())
}

/// A moment as commands take it: a day that it begins, else the moment itself.
pub fn since(moment: Timestamp) -> String {
    let local = moment.to_zoned(zone());
    let begins = local.start_of_day().is_ok_and(|start| start.timestamp() == moment);
    if begins { local.date().to_string() } else { moment.to_string() }
}

/// The last that lies before a moment, as commands take it: the day that it ends, else the second before.
pub fn before(moment: Timestamp) -> String {
    let local = moment.to_zoned(zone());
    let ends = local.start_of_day().is_ok_and(|start| start.timestamp() == moment);
    match (ends, local.date().yesterday()) {
        (true, Ok(day)) => day.to_string(),
        _ => moment.checked_sub(SignedDuration::from_secs(1)).unwrap_or(moment).to_string(),
    }
}

fn moment_in(zone: TimeZone, moment: Timestamp, format: &str) -> String {
    moment.to_zoned(zone).strftime(format).to_string()
}

/// A duration in milliseconds: `84 ms`, `1.2 s`.
pub fn millis(lang: Lang, millis: u64) -> String {
    match millis {
        0..1000 => format!("{millis} ms"),
        1000..60_000 => format!("{}{}{} s", millis / 1000, lang.pick('.', ','), millis % 1000 / 100),
        _ => short(lang, millis / 1000),
    }
}

fn plural(lang: Lang, count: u64, one: fn(Lang) -> &'static str, many: fn(Lang) -> &'static str) -> String {
    format!("{count} {}", if count == 1 { one(lang) } else { many(lang) })
}

crate::texts! {
    second, "second", "seconde";
    seconds_, "seconds", "seconden";
    minute, "minute", "minuut";
    minutes, "minutes", "minuten";
    hour, "hour", "uur";
    hours, "hours", "uur";
    day, "day", "dag";
    days_, "days", "dagen";
    just_now, "just now", "zojuist";
    ago_(span: &str), "{span} ago", "{span} geleden";
    at_once, "now", "nu";
    in_(span: &str), "in {span}", "over {span}";
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    #[test]
    fn spans_take_their_largest_unit() {
        for (seconds, en, nl) in [
            (1, "1 second", "1 seconde"),
            (59, "59 seconds", "59 seconden"),
            (60, "1 minute", "1 minuut"),
            (7200, "2 hours", "2 uur"),
            (86_400 * 83, "83 days", "83 dagen"),
        ] {
            assert_eq!((span(Lang::En, seconds).as_str(), span(Lang::Nl, seconds).as_str()), (en, nl));
        }
    }

    #[test]
    fn a21_moments_are_local_and_name_their_zone() {
        let at: Timestamp = "2026-11-28T23:20:00Z".parse().unwrap();
        let amsterdam = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
        assert_eq!(moment_in(amsterdam, at, "%Y-%m-%d %H:%M %Z"), "2026-11-29 00:20 CET");
        assert_eq!(zone_name(at), "UTC");
        assert_eq!(date_in_utc(Lang::En, at), "28 Nov 2026");
    }

    #[test]
    fn a_day_that_a_moment_begins_or_ends_is_told_as_commands_take_it() {
        let of = |text: &str| text.parse::<Timestamp>().unwrap();
        assert_eq!(day_before(of("2026-11-28T12:00:00Z"), 6), of("2026-11-22T00:00:00Z"));
        assert_eq!(
            (since(of("2026-11-22T00:00:00Z")), before(of("2026-11-22T00:00:00Z"))),
            ("2026-11-22".into(), "2026-11-21".into())
        );
        let noon = of("2026-11-22T12:00:00Z");
        assert_eq!((since(noon), before(noon)), ("2026-11-22T12:00:00Z".into(), "2026-11-22T11:59:59Z".into()));
    }

    #[test]
    fn moments_are_told_from_now() {
        assert_eq!(ago(Lang::En, at(0), at(130)), "2 min ago");
        assert_eq!(ago(Lang::Nl, at(0), at(130)), "2 min geleden");
        assert_eq!(ago(Lang::En, at(9), at(0)), "just now");
        assert_eq!(until(Lang::En, at(899), at(0)), "in 15 min");
        assert_eq!(until(Lang::Nl, at(0), at(5)), "nu");
        assert_eq!(date(Lang::Nl, "2027-05-13T00:00:00Z".parse().unwrap()), "13 mei 2027");
        let at: Timestamp = "2026-11-22T14:05:59Z".parse().unwrap();
        assert_eq!(moment(at), "2026-11-22 14:05 UTC");
        assert_eq!(moment_in_list(at), "2026-11-22 14:05");
        assert_eq!((millis(Lang::Nl, 1290), millis(Lang::En, 84)), ("1,2 s".into(), "84 ms".into()));
    }
}
