//! Texts as JSON writes them. A text that came as JSON is stored and sent as the JSON that it is, and each byte of it is looked
//! at as few times as possible.

use std::borrow::Cow;
use std::fmt::Write as _;

use jiff::Timestamp;

/// A text as JSON writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JsonText<'a> {
    quoted: &'a str,
    escaped: bool,
}

impl<'a> JsonText<'a> {
    /// A valid JSON string, with its quotes; `escaped` says whether it has escapes.
    pub(super) fn new(quoted: &'a str, escaped: bool) -> Self {
        Self { quoted, escaped }
    }

    /// With its quotes and escapes.
    pub fn quoted(self) -> &'a str {
        self.quoted
    }

    /// Between its quotes, with its escapes; never shorter than the text.
    pub fn inner(self) -> &'a str {
        &self.quoted[1..self.quoted.len() - 1]
    }

    /// The text itself.
    pub fn text(self) -> Cow<'a, str> {
        if self.escaped {
            // Its escapes were looked at when it was read; a bare control character is kept with them.
            serde_json::from_str(self.quoted).map_or(Cow::Borrowed(self.inner()), Cow::Owned)
        } else {
            Cow::Borrowed(self.inner())
        }
    }
}

/// Writes a text as a JSON string, with as few escapes as possible.
pub fn push_text(out: &mut String, text: &str) {
    out.push('"');
    let mut rest = text;
    while let Some(Special { at, .. }) = special(rest.as_bytes()) {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        let (sign, after) = after.split_at(1);
        push_escape(out, sign);
        rest = after;
    }
    out.push_str(rest);
    out.push('"');
}

fn push_escape(out: &mut String, sign: &str) {
    match sign {
        "\"" => out.push_str("\\\""),
        "\\" => out.push_str("\\\\"),
        "\n" => out.push_str("\\n"),
        "\r" => out.push_str("\\r"),
        "\t" => out.push_str("\\t"),
        "\u{8}" => out.push_str("\\b"),
        "\u{c}" => out.push_str("\\f"),
        control => {
            for byte in control.bytes() {
                // Writing to memory does not fail.
                let _ = write!(out, "\\u{byte:04x}");
            }
        }
    }
}

/// Writes a moment as a JSON string: in RFC 3339, in UTC.
pub fn push_moment(out: &mut String, at: Timestamp) {
    out.push('"');
    match whole_second(at).as_ref().and_then(|text| std::str::from_utf8(text).ok()) {
        Some(text) => out.push_str(text),
        None => {
            // Writing to memory does not fail.
            let _ = write!(out, "{at}");
        }
    }
    out.push('"');
}

/// `yyyy-MM-ddTHH:mm:ssZ`, in a tenth of the time that a formatter takes: a row has several moments. `None` for fractions of a
/// second, and for years of more digits.
fn whole_second(at: Timestamp) -> Option<[u8; 20]> {
    let (day, second) = (at.as_second().div_euclid(86_400), at.as_second().rem_euclid(86_400));
    // Days since the first of March of the year 0, in eras of 400 years: so the day that is left over ends a year.
    let day = day + 719_468;
    let (era, day) = (day.div_euclid(146_097), day.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let year = 400 * era + year + i64::from(month >= 10);
    let month = if month < 10 { month + 3 } else { month - 9 };
    if at.subsec_nanosecond() != 0 || !(0..=9_999).contains(&year) {
        return None;
    }
    let mut text = *b"0000-00-00T00:00:00Z";
    let numbers = [year / 100, year % 100, month, day, second / 3_600, second / 60 % 60, second % 60];
    for (place, number) in [0, 2, 5, 8, 11, 14, 17].into_iter().zip(numbers) {
        let number = u8::try_from(number).ok()?;
        text[place] += number / 10;
        text[place + 1] += number % 10;
    }
    Some(text)
}

/// The first byte that a JSON string cannot have as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Special {
    /// Where it is: a quote, a backslash or a control character.
    pub at: usize,
    /// Whether all before it is printable ASCII.
    pub printable: bool,
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x80 * ONES;

/// Looks for the first byte that a JSON string cannot have as it is, eight bytes at a time.
pub fn special(text: &[u8]) -> Option<Special> {
    let (words, tail) = text.as_chunks::<8>();
    let mut odd = 0;
    for (nth, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let found = (below(word, 0x20) | is(word, b'"') | is(word, b'\\')) & HIGH;
        let unprintable = (word | is(word, 0x7f)) & HIGH;
        if found != 0 {
            // Of the marks in a word the lowest is exact.
            let lowest = found & found.wrapping_neg();
            let at = 8 * nth + found.trailing_zeros() as usize / 8;
            return Some(Special { at, printable: (odd | (unprintable & (lowest - 1))) == 0 });
        }
        odd |= unprintable;
    }
    let at = tail.iter().position(|byte| matches!(byte, b'"' | b'\\' | ..0x20))?;
    let printable = odd == 0 && tail[..at].iter().all(|byte| *byte < 0x7f);
    Some(Special { at: text.len() - tail.len() + at, printable })
}

/// So many words are looked at here before the search with wide registers is called: most texts are shorter.
const SHORT: usize = 6;

/// Looks for the first quote or backslash.
pub(super) fn quote_or_escape(text: &[u8]) -> Option<usize> {
    let (words, _) = text.as_chunks::<8>();
    for (nth, word) in words.iter().take(SHORT).enumerate() {
        let word = u64::from_le_bytes(*word);
        let found = (is(word, b'"') | is(word, b'\\')) & HIGH;
        if found != 0 {
            // Of the marks in a word the lowest is exact.
            return Some(8 * nth + found.trailing_zeros() as usize / 8);
        }
    }
    let passed = 8 * words.len().min(SHORT);
    Some(passed + memchr::memchr2(b'"', b'\\', text.get(passed..)?)?)
}

/// Writes a number.
pub fn push_number(out: &mut String, number: i64) {
    let mut digits = [0_u8; 20];
    let (mut at, mut rest) = (digits.len(), number.unsigned_abs());
    while at > 0 {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        out.push('-');
    }
    out.push_str(std::str::from_utf8(&digits[at..]).unwrap_or_default());
}

/// Marks the bytes of a word that are less than `byte`; those above the lowest mark may be marked wrongly.
fn below(word: u64, byte: u8) -> u64 {
    word.wrapping_sub(ONES * u64::from(byte)) & !word
}

/// Marks the bytes of a word that are this one; those above the lowest mark may be marked wrongly.
fn is(word: u64, byte: u8) -> u64 {
    below(word ^ (ONES * u64::from(byte)), 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    /// The same, one byte after the other.
    fn slowly(text: &[u8]) -> Option<Special> {
        let at = text.iter().position(|byte| matches!(byte, b'"' | b'\\' | ..0x20))?;
        Some(Special { at, printable: text[..at].iter().all(|byte| (0x20..0x7f).contains(byte)) })
    }

    proptest! {
        #[test]
        fn a_text_is_written_as_serde_writes_it(text in any::<String>()) {
            let mut out = String::from("before");
            push_text(&mut out, &text);
            prop_assert_eq!(out, format!("before{}", serde_json::to_string(&text).unwrap()));
        }

        #[test]
        fn a_moment_is_written_as_it_is_shown(second in -62_200_000_000_i64..253_402_200_000, fraction in prop_oneof![Just(0), 0..1_000_000_000_i32]) {
            let at = Timestamp::new(second, fraction).unwrap();
            let mut out = String::new();
            push_moment(&mut out, at);
            prop_assert_eq!(out, format!("\"{at}\""));
            prop_assert_eq!(whole_second(at).is_some(), at.subsec_nanosecond() == 0 && second >= -62_167_219_200);
        }

        #[test]
        fn a_number_is_written_as_it_is_shown(number in any::<i64>()) {
            for number in [number, number % 1_000, 0, i64::MIN, i64::MAX] {
                let mut out = String::new();
                push_number(&mut out, number);
                prop_assert_eq!(out, number.to_string());
            }
        }

        #[test]
        fn the_first_quote_or_backslash_is_found(text in prop::collection::vec(prop_oneof![
            Just(b'"'), Just(b'\\'), Just(b'!'), Just(b'#'), Just(b'['), Just(b']'), any::<u8>(),
            0x23..=0x5b_u8, 0x5d..=0xff_u8, 0x5d..=0xff_u8, 0x5d..=0xff_u8, 0x5d..=0xff_u8, 0x5d..=0xff_u8, 0x5d..=0xff_u8,
        ], 0..120)) {
            prop_assert_eq!(quote_or_escape(&text), text.iter().position(|byte| matches!(byte, b'"' | b'\\')));
        }

        #[test]
        fn the_first_special_byte_is_found(text in prop::collection::vec(prop_oneof![
            Just(b'"'), Just(b'\\'), Just(0x1f), Just(0x20), Just(0x21), Just(0x7e), Just(0x7f), Just(0x80), Just(0xff), 0x23..=0x5b_u8,
            0x23..=0x5b_u8, 0x23..=0x5b_u8, 0x23..=0x5b_u8, 0x23..=0x5b_u8, any::<u8>(),
        ], 0..40)) {
            prop_assert_eq!(special(&text), slowly(&text));
        }
    }

    #[rstest]
    #[case("\u{0}\u{1}\u{8}\u{b}\u{c}\u{1f}\u{7f}", r#""\u0000\u0001\b\u000b\f\u001f""#)]
    #[case("a/b é \u{1f600} \"\\\r\n\t", r#""a/b é 😀 \"\\\r\n\t""#)]
    #[case("", r#""""#)]
    fn a_text_has_no_more_escapes_than_it_needs(#[case] text: &str, #[case] expected: &str) {
        let mut out = String::new();
        push_text(&mut out, text);
        assert_eq!(out.replace('\u{7f}', ""), expected);
    }
}
