//! Spans of time and moments for people.

use jiff::Timestamp;
use jiff::tz::TimeZone;

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

/// A day such as `13 Feb 2027`, in UTC.
pub fn date(lang: Lang, moment: Timestamp) -> String {
    let date = moment.to_zoned(TimeZone::UTC).date();
    let month = usize::from(date.month().unsigned_abs()).saturating_sub(1);
    let names = lang.pick(
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
        ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"],
    );
    format!("{} {} {}", date.day(), names.get(month).copied().unwrap_or_default(), date.year())
}

/// Day and time to the minute such as `2026-11-22 14:05`, in UTC.
pub fn moment(moment: Timestamp) -> String {
    moment.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:%M").to_string()
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
    fn moments_are_told_from_now() {
        assert_eq!(ago(Lang::En, at(0), at(130)), "2 min ago");
        assert_eq!(ago(Lang::Nl, at(0), at(130)), "2 min geleden");
        assert_eq!(ago(Lang::En, at(9), at(0)), "just now");
        assert_eq!(until(Lang::En, at(899), at(0)), "in 15 min");
        assert_eq!(until(Lang::Nl, at(0), at(5)), "nu");
        assert_eq!(date(Lang::Nl, "2027-05-13T00:00:00Z".parse().unwrap()), "13 mei 2027");
        assert_eq!(moment("2026-11-22T14:05:59Z".parse().unwrap()), "2026-11-22 14:05");
        assert_eq!((millis(Lang::Nl, 1290), millis(Lang::En, 84)), ("1,2 s".into(), "84 ms".into()));
    }
}
