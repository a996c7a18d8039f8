//! A text of a date taken apart, whatever culture wrote it: numbers in any script's digits, what stands between them,
//! and the words beside them.

use std::borrow::Cow;

/// What the eye sees of a form: which number is day and which is month it does not show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// The year comes first.
    pub year_first: bool,
    /// The separators of the date's numbers.
    pub mark: char,
    /// The clock has twelve hours.
    pub half_days: bool,
    /// The year has two digits.
    pub short_year: bool,
}

/// A date with its time, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The numbers of the date, in the order in which they stand.
    pub date: [i16; 3],
    /// Hour, minute and second; `None` for a date alone.
    pub time: Option<(i8, i8, i8)>,
    /// The word for the half of the day, as [`key`] makes it; empty where there is none.
    pub half: Cow<'static, str>,
    /// The same as written.
    pub half_text: Cow<'static, str>,
    /// How it looks.
    pub look: Look,
}

/// Words that stand beside dates and times and say nothing: eras, and the words for year, day and hour.
const NOISE: [&str; 19] = [
    "г", "год", "р", "ч", "ad", "ce", "dc", "nchr", "нэ", "年", "日", "일", "klo", "kl", "uhr", "goź", "hodź", "h", "t",
];

/// The digit nought of each script whose digits stand in dates. The nine others follow it.
const NOUGHTS: [char; 17] = [
    '\u{660}', '\u{6f0}', '\u{7c0}', '\u{966}', '\u{9e6}', '\u{a66}', '\u{ae6}', '\u{b66}', '\u{be6}', '\u{c66}',
    '\u{ce6}', '\u{d66}', '\u{e50}', '\u{ed0}', '\u{f20}', '\u{1040}', '\u{ff10}',
];

/// A number of the text, or the text between two.
#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Number(i16, usize),
    Between(String),
}

impl Written {
    /// Takes a text apart. `None` for what is no date.
    pub fn of(text: &str) -> Option<Self> {
        Self::of_plain(text.trim()).or_else(|| Self::of_any(text))
    }

    /// The texts of most cultures, which take no long look: `4/28/2019 1:57 PM`. `None` for any other.
    fn of_plain(text: &str) -> Option<Self> {
        let (first, rest) = number(text)?;
        let (mark, rest) = rest.split_at_checked(1).filter(|(mark, _)| matches!(*mark, "/" | "-" | "."))?;
        let (second, rest) = number(rest)?;
        let (third, rest) = number(rest.strip_prefix(mark)?)?;
        let (hour, rest) = number(rest.strip_prefix(' ')?)?;
        let (minute, rest) = number(rest.strip_prefix(':')?)?;
        let (second_of, rest) = rest.strip_prefix(':').map_or(Some(((0, 1), rest)), number)?;
        let (half, half_text) = match rest {
            "" => ("", ""),
            " AM" => ("am", "AM"),
            " PM" => ("pm", "PM"),
            _ => return None,
        };
        let time = [hour, minute, second_of];
        if time.iter().any(|(_, digits)| *digits > 2) {
            return None;
        }
        let [hour, minute, second_of] = time.map(|(number, _)| i8::try_from(number).ok());
        let look = Look {
            year_first: first.1 == 4,
            mark: mark.chars().next()?,
            half_days: !half.is_empty(),
            short_year: first.1 < 3 && third.1 < 3,
        };
        Some(Self {
            date: [first.0, second.0, third.0],
            time: Some((hour?, minute?, second_of?)),
            half: half.into(),
            half_text: half_text.into(),
            look,
        })
    }

    fn of_any(text: &str) -> Option<Self> {
        let pieces = pieces(text)?;
        let mut numbers = Vec::new();
        let mut gaps = vec![String::new()];
        for piece in pieces {
            match piece {
                Piece::Number(number, digits) => {
                    numbers.push((number, digits));
                    gaps.push(String::new());
                }
                Piece::Between(gap) => *gaps.last_mut()? = gap,
            }
        }
        if !matches!(numbers.len(), 3 | 5 | 6 | 7) {
            return None;
        }
        let mark = mark(&gaps[1], &gaps[2])?;
        let time = time(&numbers[3..], &gaps[4..])?;
        let mut words = vec![gaps[0].as_str(), gaps[3].as_str()];
        if numbers.len() > 3 {
            // Between the date and its time there is a blank, or a word.
            if !gaps[3].contains([' ', 'T', 't']) && key(&gaps[3]).is_empty() {
                return None;
            }
            words.push(gaps.last()?);
        }
        let (half, half_text) = half(&words)?;
        let digits = [numbers[0].1, numbers[1].1, numbers[2].1];
        let year_first = digits[0] == 4;
        let look = Look { year_first, mark, half_days: !half.is_empty(), short_year: digits[0] < 3 && digits[2] < 3 };
        let date = [numbers[0].0, numbers[1].0, numbers[2].0];
        Some(Self { date, time, half: half.into(), half_text: half_text.into(), look })
    }

    /// Whether it means no date: the first or last date of .NET, SQL Server or OLE.
    pub fn is_placeholder(&self) -> bool {
        let [first, second, third] = self.date;
        let (year, rest) = if self.look.year_first { (first, [second, third]) } else { (third, [first, second]) };
        let is = |one: i16, two: i16| rest == [one, two] || rest == [two, one];
        match year {
            1 | 1753 | 1900 => !self.look.short_year && is(1, 1),
            1899 => is(12, 30) || is(12, 31),
            9999 => is(12, 31),
            _ => false,
        }
    }

    /// Whether its numbers show which is the day: one of them is no month.
    pub fn shows_order(&self) -> bool {
        self.look.year_first || self.date[0] > 12 || self.date[1] > 12
    }
}

/// The number of at most four digits at the beginning of a text, with how many they are, and what follows.
fn number(text: &str) -> Option<((i16, usize), &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let number = (1..=4).contains(&digits).then(|| text.get(..digits)?.parse().ok()).flatten()?;
    Some(((number, digits), text.get(digits..)?))
}

/// A word as it is compared: in lower case, without dots, blanks and commas.
pub fn key(word: &str) -> String {
    let kept =
        word.chars().filter_map(plain).filter(|c| !matches!(c, '.' | ',' | '\u{2019}' | '\'') && !c.is_whitespace());
    kept.flat_map(char::to_lowercase).collect()
}

fn pieces(text: &str) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let (mut number, mut digits, mut between) = (0_i16, 0_usize, String::new());
    for c in text.trim().chars().filter_map(plain) {
        match c.to_digit(10) {
            Some(digit) => {
                if !between.is_empty() {
                    pieces.push(Piece::Between(std::mem::take(&mut between)));
                }
                number = number.checked_mul(10)?.checked_add(i16::try_from(digit).ok()?)?;
                digits += 1;
            }
            None => {
                if digits > 0 {
                    pieces.push(Piece::Number(number, digits));
                    (number, digits) = (0, 0);
                }
                between.push(c);
            }
        }
        if digits > 4 {
            return None;
        }
    }
    if digits > 0 {
        pieces.push(Piece::Number(number, digits));
    }
    if !between.is_empty() {
        pieces.push(Piece::Between(between));
    }
    Some(pieces)
}

/// A sign with digits of any script as those of ASCII, and blanks of any kind as one. Signs that only give a direction
/// are left out.
fn plain(c: char) -> Option<char> {
    if c.is_ascii() {
        return Some(c);
    }
    if matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{61c}')
    {
        return None;
    }
    if c.is_whitespace() {
        return Some(' ');
    }
    let digit =
        NOUGHTS.iter().find_map(|nought| u32::from(c).checked_sub(u32::from(*nought)).filter(|digit| *digit < 10));
    Some(digit.and_then(|digit| char::from_digit(digit, 10)).unwrap_or(c))
}

/// The separators of a date: the same twice, or the words for year and month.
fn mark(first: &str, second: &str) -> Option<char> {
    match (first.trim(), second.trim()) {
        ("年", "月") | ("년", "월") => Some('年'),
        ("", "") if !first.is_empty() && !second.is_empty() => Some(' '),
        (one, two) if one == two && matches!(one, "/" | "-" | "." | "\u{2010}" | "\u{2011}") => {
            one.chars().next().map(|mark| if mark.is_ascii() { mark } else { '-' })
        }
        _ => None,
    }
}

/// The time out of the numbers behind the date; `gaps` stand before the second of them and on.
fn time(numbers: &[(i16, usize)], gaps: &[String]) -> Option<Option<(i8, i8, i8)>> {
    if numbers.is_empty() {
        return Some(None);
    }
    let part = |nth: usize| numbers.get(nth).map_or(Some(0), |(number, digits)| (*digits < 3).then_some(*number));
    let joined = |nth: usize| {
        let gap = gaps.get(nth).map_or("", |gap| gap.trim());
        matches!(gap, ":" | "." | "h" | "H" | "時" | "时" | "시" | "分" | "분")
    };
    // What follows the seconds is their fraction.
    let whole = (1..numbers.len().min(3)).all(|nth| joined(nth - 1));
    let parts = (part(0)?, part(1)?, part(2)?);
    let narrow = |part: i16| i8::try_from(part).ok();
    whole.then_some(())?;
    Some(Some((narrow(parts.0)?, narrow(parts.1)?, narrow(parts.2)?)))
}

/// The word for AM or PM, normalized and as written; `None` if there are two.
fn half(gaps: &[&str]) -> Option<(String, String)> {
    let (mut found, mut text) = (String::new(), String::new());
    for gap in gaps {
        let words = gap.split_whitespace().map(|word| word.trim_start_matches(['年', '日', '일'])).map(key);
        let said: String = words.filter(|word| !word.is_empty() && !NOISE.contains(&word.as_str())).collect();
        if !said.is_empty() && !found.is_empty() {
            return None;
        }
        if !said.is_empty() {
            gap.trim().clone_into(&mut text);
        }
        found.push_str(&said);
    }
    Some((found, text))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_takes_no_long_look_says_the_same_after_one(
            text in "[0-9]{1,4}[/.-][0-9]{1,4}[/.-][0-9]{1,4} [0-9]{1,2}:[0-9]{1,2}(:[0-9]{1,2})?( [AP]M)?",
        ) {
            if let Some(plain) = Written::of_plain(&text) {
                prop_assert_eq!(Some(plain), Written::of_any(&text));
            }
        }
    }
}
