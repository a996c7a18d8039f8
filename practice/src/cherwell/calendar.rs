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
    /// `2026-04-28 1:57 PM`
    #[serde(rename = "en-CA")]
    EnCa,
    /// `28-04-2026 13:57`
    #[serde(rename = "en-IN")]
    EnIn,
    /// `2026/04/28 13:57`
    #[serde(rename = "en-ZA")]
    EnZa,
    /// `28/04/2026 01:57 p. m.`, its blanks not to be broken
    #[serde(rename = "es-MX")]
    EsMx,
    /// `2026. 04. 28. 13:57`
    #[serde(rename = "hu-HU")]
    HuHu,
    /// `2026/04/28 13:57`
    #[serde(rename = "ja-JP")]
    JaJp,
    /// `28.04.2026 13:57`
    #[serde(rename = "ru-RU")]
    RuRu,
    /// `28.04.2026 13:57`
    #[serde(rename = "tr-TR")]
    TrTr,
    /// `2026/4/28 13:57`
    #[serde(rename = "zh-CN")]
    ZhCn,
    /// `2026/4/28 下午 01:57`
    #[serde(rename = "zh-TW")]
    ZhTw,
    /// `28.4.2026 г. 13:57 ч.`
    #[serde(rename = "bg-BG")]
    BgBg,
    /// `28/4/2569 13:57`
    #[serde(rename = "th-TH")]
    ThTh,
    /// `٢٨/٠٤/٢٠٢٦ ٠١:٥٧ م`
    #[serde(rename = "ar-EG")]
    ArEg,
    /// `28/4/2026 1:57 PM`, as some versions of Windows have it; others write `4/28/2026`
    #[serde(rename = "en-PH")]
    EnPh,
    /// `28/04/2026 13:57`, a culture that a customer made up
    #[serde(rename = "qps-Ploc")]
    Own,
}

/// How a culture writes: a pattern of the date and the time, the words before and after noon, the digit nought, and by
/// how many years its calendar is ahead.
struct Form {
    pattern: &'static str,
    halves: [&'static str; 2],
    nought: char,
    ahead: i16,
}

const LATIN: [&str; 2] = ["AM", "PM"];

impl Culture {
    const ALL: [Self; 20] = [
        Self::EnUs,
        Self::EnGb,
        Self::EnAu,
        Self::NlNl,
        Self::DeDe,
        Self::EnCa,
        Self::EnIn,
        Self::EnZa,
        Self::EsMx,
        Self::HuHu,
        Self::JaJp,
        Self::RuRu,
        Self::TrTr,
        Self::ZhCn,
        Self::ZhTw,
        Self::BgBg,
        Self::ThTh,
        Self::ArEg,
        Self::EnPh,
        Self::Own,
    ];

    /// Its name, such as `en-US`.
    pub fn name(self) -> &'static str {
        self.parts().0
    }

    /// The culture of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|culture| culture.name().eq_ignore_ascii_case(name))
    }

    fn parts(self) -> (&'static str, &'static str) {
        match self {
            Self::EnUs => ("en-US", "M/d/y h:mm t"),
            Self::EnGb => ("en-GB", "dd/MM/y HH:mm"),
            Self::EnAu => ("en-AU", "dd/MM/y h:mm t"),
            Self::NlNl => ("nl-NL", "d-M-y HH:mm"),
            Self::DeDe => ("de-DE", "dd.MM.y HH:mm"),
            Self::EnCa => ("en-CA", "y-MM-dd h:mm t"),
            Self::EnIn => ("en-IN", "dd-MM-y HH:mm"),
            Self::EnZa => ("en-ZA", "y/MM/dd HH:mm"),
            Self::EsMx => ("es-MX", "dd/MM/y hh:mm\u{a0}t"),
            Self::HuHu => ("hu-HU", "y. MM. dd. H:mm"),
            Self::JaJp => ("ja-JP", "y/MM/dd H:mm"),
            Self::RuRu => ("ru-RU", "dd.MM.y H:mm"),
            Self::TrTr => ("tr-TR", "dd.MM.y HH:mm"),
            Self::ZhCn => ("zh-CN", "y/M/d H:mm"),
            Self::ZhTw => ("zh-TW", "y/M/d t hh:mm"),
            Self::BgBg => ("bg-BG", "d.M.y г. HH:mm ч."),
            Self::ThTh => ("th-TH", "d/M/y H:mm"),
            Self::ArEg => ("ar-EG", "dd/MM/y hh:mm t"),
            Self::EnPh => ("en-PH", "d/M/y h:mm t"),
            Self::Own => ("qps-Ploc", "dd/MM/y HH:mm"),
        }
    }

    fn form(self) -> Form {
        let halves = match self {
            Self::EsMx => ["a.\u{a0}m.", "p.\u{a0}m."],
            Self::ZhTw => ["上午", "下午"],
            Self::ArEg => ["ص", "م"],
            _ => LATIN,
        };
        let nought = if self == Self::ArEg { '\u{660}' } else { '0' };
        Form { pattern: self.parts().1, halves, nought, ahead: if self == Self::ThTh { 543 } else { 0 } }
    }

    fn push(self, out: &mut String, at: DateTime) {
        let form = self.form();
        let mut rest = form.pattern;
        while let Some(letter) = rest.chars().next() {
            let length = rest.chars().take_while(|c| *c == letter).count();
            let number = match letter {
                'y' => Some(at.year() + form.ahead),
                'M' => Some(i16::from(at.month())),
                'd' => Some(i16::from(at.day())),
                'H' => Some(i16::from(at.hour())),
                'h' => Some(i16::from((at.hour() + 11) % 12 + 1)),
                'm' => Some(i16::from(at.minute())),
                _ => None,
            };
            let width = if letter == 'y' { 4 } else { length };
            match (letter, number) {
                (_, Some(number)) => out.extend(digits(form.nought, &format!("{number:0width$}"))),
                ('t', _) => out.push_str(form.halves[usize::from(at.hour() >= 12)]),
                _ => out.push_str(&rest[..length * letter.len_utf8()]),
            }
            rest = &rest[length * letter.len_utf8()..];
        }
    }

    /// Reads what it would write itself; a number may lack or have a nought before it, seconds may follow.
    fn parse(self, text: &str) -> Option<DateTime> {
        let form = self.form();
        let latin = |c: char| match u32::from(c).checked_sub(u32::from(form.nought)).filter(|digit| *digit < 10) {
            Some(digit) => char::from_digit(digit, 10).unwrap_or(c),
            None if c.is_whitespace() => ' ',
            None => c,
        };
        let (text, halves) =
            (text.chars().map(latin).collect::<String>(), form.halves.map(|half| half.replace('\u{a0}', " ")));
        let (mut rest, mut pattern) = (text.as_str(), form.pattern);
        let (mut year, mut month, mut day, mut hour, mut minute, mut half) = (0, 0, 0, 0, 0, None);
        while let Some(letter) = pattern.chars().next() {
            pattern = pattern.trim_start_matches(letter);
            let letter = if letter.is_whitespace() { ' ' } else { letter };
            match letter {
                'y' | 'M' | 'd' | 'H' | 'h' | 'm' => {
                    let length = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
                    let number: i16 = rest.get(..length.min(4))?.parse().ok()?;
                    rest = &rest[length..];
                    match letter {
                        'y' => year = number - form.ahead,
                        'M' => month = i8::try_from(number).ok()?,
                        'd' => day = i8::try_from(number).ok()?,
                        'm' => {
                            minute = i8::try_from(number).ok()?;
                            let seconds = rest.strip_prefix(':').and_then(|rest| rest.get(2..));
                            rest = seconds.unwrap_or(rest);
                        }
                        _ => hour = i8::try_from(number).ok()?,
                    }
                }
                't' => {
                    let place = halves.iter().position(|word| {
                        rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
                    })?;
                    rest = &rest[halves[place].len()..];
                    half = Some(place == 1);
                }
                fixed => rest = rest.strip_prefix(fixed)?,
            }
        }
        let hour = half.map_or(hour, |after_noon| hour % 12 + if after_noon { 12 } else { 0 });
        let date = Date::new(year, month, day).ok().filter(|_| rest.trim().is_empty())?;
        jiff::civil::Time::new(hour, minute, 0, 0).ok().map(|time| date.to_datetime(time))
    }
}

fn digits(nought: char, number: &str) -> impl Iterator<Item = char> + '_ {
    number.chars().filter_map(move |c| char::from_u32(u32::from(nought) + c.to_digit(10)?))
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
    /// What is written where there is no date: nothing, or the least date there is.
    least: bool,
}

impl Calendar {
    /// The calendar of this zone.
    pub(crate) fn new(zone: &Zone, least: bool) -> Result<Self, PracticeError> {
        let rules = TimeZone::posix(&zone.posix);
        let zone = rules.map_err(|error| PracticeError::Option(format!("time zone {}: {error}", zone.posix)))?;
        Ok(Self { zone, least })
    }

    /// Appends a time as a reply in this culture shows it; nothing for 0.
    pub(crate) fn push(&self, out: &mut String, seconds: i64, culture: Culture) {
        if seconds != 0 {
            culture.push(out, self.local(seconds));
        } else if self.least {
            culture.push(out, jiff::civil::date(1, 1, 1).at(0, 0, 0, 0));
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
    #[case(Culture::EnCa, "2026-11-23 2:05 PM")]
    #[case(Culture::EsMx, "23/11/2026 02:05\u{a0}p.\u{a0}m.")]
    #[case(Culture::HuHu, "2026. 11. 23. 14:05")]
    #[case(Culture::ZhTw, "2026/11/23 下午 02:05")]
    #[case(Culture::BgBg, "23.11.2026 г. 14:05 ч.")]
    #[case(Culture::ThTh, "23/11/2569 14:05")]
    #[case(Culture::ArEg, "٢٣/١١/٢٠٢٦ ٠٢:٠٥ م")]
    fn a_date_is_written_and_read_by_its_culture(#[case] culture: Culture, #[case] text: &str) {
        let calendar = Calendar::new(&Zone::western_europe(), false).unwrap();
        let at = "2026-11-23T13:05:33Z".parse::<Timestamp>().unwrap().as_second();
        assert_eq!(calendar.shown(at, culture), text);
        assert_eq!(calendar.parse(text, culture), Some(at - 33));
        assert_eq!(Culture::named(culture.name()), Some(culture));
    }

    #[test]
    fn midnight_and_noon_are_twelve() {
        let calendar = Calendar::new(&Zone::utc(), false).unwrap();
        for (hour, text) in [(0, "1/2/2026 12:00 AM"), (12, "1/2/2026 12:00 PM")] {
            let at = "2026-01-02T00:00:00Z".parse::<Timestamp>().unwrap().as_second() + hour * 3600;
            assert_eq!(calendar.shown(at, Culture::EnUs), text);
            assert_eq!(calendar.parse(text, Culture::EnUs), Some(at));
        }
        assert_eq!(calendar.parse("28-04-2026 13:57", Culture::EnUs), None);
    }
}
