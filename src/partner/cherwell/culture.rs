//! How a culture writes dates. Values and filters are texts in the culture of the reply (`?locale=`), to the minute:
//! `4/28/2019 1:57 PM`.
//!
//! The forms are data: `assets/cultures.txt`. A text that does not look as its culture writes it is refused rather than
//! guessed at, since the fourth of May and the fifth of April look alike; unless the other dates of the system prove
//! what it means.

use std::sync::{Arc, LazyLock, OnceLock};

use jiff::civil::{Date, DateTime, Time};

use super::written::{Look, Written, key};

/// The formats of cultures, and the words for AM and PM.
const DATA: &str = include_str!("../../../assets/cultures.txt");

/// Years of dates that are meant: of other calendars (Hijri 1448, Persian 1405) they lie elsewhere.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2199;
/// The difference between Buddhist and Gregorian years.
const BUDDHIST: i16 = 543;

/// What comes first in a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Month,
    Day,
    Year,
}

/// One way of writing dates.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Form {
    /// The date in .NET's pattern letters.
    date: String,
    /// The time in them.
    time: String,
    order: Order,
    look: Look,
}

/// What a text of a date says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// This date and time.
    At(DateTime),
    /// No date, such as the first date of .NET.
    Nothing,
    /// One of two dates, and nothing has proved yet which.
    Either,
    /// It is not in this culture's format.
    Foreign,
}

/// How a culture writes dates.
#[derive(Debug, Clone)]
pub struct Culture {
    /// Its name, such as `en-US`.
    pub name: String,
    forms: Vec<Form>,
    /// The format that the dates of the system have proved.
    proven: Arc<OnceLock<Form>>,
    /// Its words before and after noon.
    halves: [&'static str; 2],
    /// The same as [`key`] makes them.
    half_keys: [String; 2],
    /// Those words as the system writes them.
    seen_halves: Arc<OnceLock<[String; 2]>>,
    /// The admin named it: dates that contradict it are refused, whatever they prove.
    said: bool,
}

/// The words before and after noon of all cultures, as [`key`] makes them.
static HALVES: LazyLock<Vec<[String; 2]>> = LazyLock::new(|| {
    let lines = DATA.lines().filter_map(|line| line.strip_prefix('@')?.split_once('|'));
    lines.chain([(LATIN[0], LATIN[1])]).map(|(before, after)| [key(before), key(after)]).collect()
});

const LATIN: [&str; 2] = ["AM", "PM"];

impl Culture {
    /// The culture of this name, if its date formats are known.
    pub fn named(name: &str) -> Option<Self> {
        let name = name.trim();
        let lines = DATA.lines().filter(|line| !line.starts_with(['#', '@']));
        let mut named = lines.filter_map(|line| line.split_once('|'));
        let (name, rest) = named.find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        let mut parts = rest.split('|');
        let (dates, times) = (parts.next()?, parts.next()?);
        let forms = dates.split(',').flat_map(|date| times.split(',').map(move |time| Form::of(date, time)));
        let halves = parts.next().zip(parts.next()).map_or(LATIN, |(before, after)| [before, after]);
        Some(Self { forms: forms.collect(), halves, half_keys: halves.map(key), ..Self::unknown(name) })
    }

    /// A culture of which only the name is known: its dates must prove their format.
    pub fn unknown(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            forms: Vec::new(),
            proven: Arc::default(),
            halves: LATIN,
            half_keys: LATIN.map(key),
            seen_halves: Arc::default(),
            said: false,
        }
    }

    /// The same, named by the admin.
    pub fn said(self) -> Self {
        Self { said: true, ..self }
    }

    /// Whether it has several formats, or none, and nothing has proved the system's format yet.
    pub fn needs_proof(&self) -> bool {
        self.proven.get().is_none() && self.forms.len() != 1
    }

    /// Whether dates of the system have proved their format.
    pub fn is_proven(&self) -> bool {
        self.proven.get().is_some()
    }

    /// Reads a date with its time. `None` if it is not in this culture's format, or may mean two dates.
    #[cfg(test)]
    pub fn parse(&self, text: &str) -> Option<DateTime> {
        match self.read(text) {
            Reading::At(at) => Some(at),
            _ => None,
        }
    }

    /// Reads a date with its time.
    pub fn read(&self, text: &str) -> Reading {
        let Some(written) = Written::of(text) else { return Reading::Foreign };
        if written.is_placeholder() {
            return Reading::Nothing;
        }
        let mut found = None;
        for form in self.in_use().iter().filter(|form| form.look == written.look) {
            match (self.date_time(&written, form.order), found) {
                (Some(at), None) => found = Some(at),
                (Some(at), Some(other)) if at != other => return Reading::Either,
                _ => {}
            }
        }
        found.map_or(Reading::Foreign, Reading::At)
    }

    fn in_use(&self) -> &[Form] {
        self.proven.get().map_or(self.forms.as_slice(), std::slice::from_ref)
    }

    fn date_time(&self, written: &Written, order: Order) -> Option<DateTime> {
        let [first, second, third] = written.date;
        let (year, month, day) = match order {
            Order::Month => (third, first, second),
            Order::Day => (third, second, first),
            Order::Year => (first, second, third),
        };
        let year = match year {
            _ if self.is_buddhist() && written.look.short_year => return None,
            0..=49 if written.look.short_year => 2000 + year,
            50..=99 if written.look.short_year => 1900 + year,
            _ if self.is_buddhist() && !YEARS.contains(&year) => year - BUDDHIST,
            _ => year,
        };
        let date =
            YEARS.contains(&year).then(|| Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok());
        let (hour, minute, second) = written.time?;
        let hour = if written.half.is_empty() { hour } else { half_day(hour, self.is_after_noon(&written.half)?)? };
        Some(date??.to_datetime(Time::new(hour, minute, second, 0).ok()?))
    }

    /// Thai dates count the years of the Buddha.
    fn is_buddhist(&self) -> bool {
        self.name.starts_with("th")
    }

    /// Whether a word means the half of the day after noon. The culture's own words go first: what means one half in
    /// one language may mean the other in another.
    fn is_after_noon(&self, word: &str) -> Option<bool> {
        std::iter::once(&self.half_keys)
            .chain(HALVES.iter())
            .find_map(|half| half.iter().position(|key| key == word))
            .map(|place| place == 1)
    }

    /// Takes dates of the system as proof of how it writes them. They prove nothing where they look differently, where
    /// they fit two forms, or where they contradict what the admin said.
    pub fn prove<'a>(&self, texts: impl IntoIterator<Item = &'a str>) {
        let dates = texts.into_iter().filter_map(Written::of);
        let dates: Vec<_> = dates.filter(|date| date.time.is_some() && !date.is_placeholder()).collect();
        let Some(look) = dates.first().map(|date| date.look) else { return };
        if dates.iter().any(|date| date.look != look) {
            return;
        }
        let mut forms: Vec<_> = self.forms.iter().filter(|form| form.look == look).cloned().collect();
        if forms.is_empty() && !self.said && !look.short_year {
            forms = Form::all_of(look);
        }
        forms.retain(|form| dates.iter().all(|date| self.date_time(date, form.order).is_some()));
        if let Some(first) = forms.first().filter(|first| forms.iter().all(|form| form.order == first.order)) {
            let half = |after_noon: bool| {
                let is_it = |date: &&Written| self.is_after_noon(&date.half) == Some(after_noon);
                dates.iter().find(is_it).map(|date| date.half_text.to_string())
            };
            if let Some((before, after)) = half(false).zip(half(true)) {
                let _ = self.seen_halves.set([before, after]);
            }
            // The dates of another kind may have proved another format at the same time.
            let _ = self.proven.set(first.clone());
        }
    }

    /// Whether none of these dates shows that day and month are not the other way round.
    pub fn leaves_order_open<'a>(&self, texts: impl IntoIterator<Item = &'a str>) -> bool {
        let mut dates = texts.into_iter().filter_map(Written::of).filter(|date| !date.is_placeholder()).peekable();
        dates.peek().is_some() && !dates.any(|date| date.shows_order())
    }

    /// Writes a date with its time, to the minute.
    pub fn write(&self, at: DateTime) -> String {
        let Some(form) = self.in_use().first() else { return at.strftime("%Y-%m-%d %H:%M").to_string() };
        let mut out = String::new();
        self.fill(&mut out, &form.date, at);
        out.push(' ');
        self.fill(&mut out, &form.time, at);
        out
    }

    fn fill(&self, out: &mut String, pattern: &str, at: DateTime) {
        let mut rest = pattern;
        while let Some(letter) = rest.chars().next() {
            let length = rest.chars().take_while(|c| *c == letter).count();
            let mut used = length * letter.len_utf8();
            let half = (at.hour() + 11) % 12 + 1;
            let year = if self.is_buddhist() { at.year() + BUDDHIST } else { at.year() };
            let number = match letter {
                'd' => Some(i16::from(at.day())),
                'M' => Some(i16::from(at.month())),
                'y' => Some(if length < 3 { year % 100 } else { year }),
                'h' => Some(i16::from(half)),
                'H' => Some(i16::from(at.hour())),
                'm' => Some(i16::from(at.minute())),
                _ => None,
            };
            match (letter, number) {
                (_, Some(number)) => out.push_str(&format!("{number:0length$}")),
                ('t', _) => {
                    let place = usize::from(at.hour() >= 12);
                    out.push_str(self.seen_halves.get().map_or(self.halves[place], |seen| &seen[place]));
                }
                ('\'', _) => {
                    let quoted = rest[1..].split('\'').next().unwrap_or_default();
                    out.push_str(quoted);
                    used = (quoted.len() + 2).min(rest.len());
                }
                _ => out.push_str(&rest[..used]),
            }
            rest = &rest[used..];
        }
    }
}

impl PartialEq for Culture {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.in_use() == other.in_use()
    }
}

impl Form {
    fn of(date: &str, time: &str) -> Self {
        let order = match date.chars().next() {
            Some('y') => Order::Year,
            Some('M') => Order::Month,
            _ => Order::Day,
        };
        let mark = date.chars().find(|c| matches!(c, '/' | '-' | '.' | ' ' | '年')).unwrap_or('/');
        let short_year = !date.contains("yyyy");
        // Two digits do not show that they are a year.
        let year_first = order == Order::Year && !short_year;
        let look = Look { year_first, mark, half_days: time.contains('t'), short_year };
        Self { date: date.to_owned(), time: time.to_owned(), order, look }
    }

    /// The forms of a look: of a date that ends with its year there are two.
    fn all_of(look: Look) -> Vec<Self> {
        let time = if look.half_days { "h:mm tt" } else { "HH:mm" };
        let letters: &[[&str; 3]] =
            if look.year_first { &[["yyyy", "MM", "dd"]] } else { &[["dd", "MM", "yyyy"], ["MM", "dd", "yyyy"]] };
        letters.iter().map(|letters| Self::of(&letters.join(look.mark.encode_utf8(&mut [0; 4])), time)).collect()
    }
}

fn half_day(hour: i8, after_noon: bool) -> Option<i8> {
    let hour = (0..=12).contains(&hour).then_some(hour % 12)?;
    Some(if after_noon { hour + 12 } else { hour })
}

#[cfg(test)]
mod tests;
