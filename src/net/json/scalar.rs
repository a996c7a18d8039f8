//! A single value as written in the text: a string with its quotes, a number, `true`, `false` or `null`.

use std::borrow::Cow;

use super::text::Text;
use crate::model::json_text::special;

/// A value as it stands in the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scalar<'de> {
    raw: &'de str,
    /// Whether it is printable ASCII without escapes.
    plain: bool,
}

impl<'de> Scalar<'de> {
    /// No value.
    pub const NONE: Self = Scalar { raw: "", plain: true };

    /// A value that a parser found.
    pub fn of(raw: &'de str) -> Self {
        let is_string = raw.starts_with('"');
        Self { raw, plain: !is_string || length(raw.as_bytes()).is_some_and(|(_, plain)| plain) }
    }

    /// The value that a text begins with. `None` for a list, an object, what is no JSON, and a number of a rare form: those
    /// are for a real parser.
    pub fn first_of(text: &'de str) -> Option<Self> {
        let (length, plain) = length(text.as_bytes())?;
        Some(Self { raw: text.get(..length)?, plain })
    }

    /// As it is written.
    pub fn raw(self) -> &'de str {
        self.raw
    }

    /// What it says: see [`text`].
    pub fn text(self) -> Option<Text<'de>> {
        match self.raw.strip_prefix('"') {
            Some(_) if !self.plain => Some(Text::Json(self.raw)),
            Some(rest) => Some(Text::Plain(rest.strip_suffix('"').unwrap_or(rest))),
            None => (!self.raw.is_empty() && self.raw != "null").then_some(Text::Plain(self.raw)),
        }
    }
}

/// What a value says: the content of a string, a number or truth value as it is written. `None` for `null`, and for
/// nothing at all. Half of a surrogate pair, as a text cut off by its length may end in, becomes a replacement
/// character.
pub fn text(raw: &str) -> Option<Cow<'_, str>> {
    match raw.strip_prefix('"') {
        None => (!raw.is_empty() && raw != "null").then_some(Cow::Borrowed(raw)),
        Some(_) => Some(string(raw)),
    }
}

/// The content of a string.
pub fn string(quoted: &str) -> Cow<'_, str> {
    let content = quoted.strip_prefix('"').unwrap_or(quoted);
    let content = content.strip_suffix('"').unwrap_or(content);
    if memchr::memchr(b'\\', content.as_bytes()).is_none() {
        return Cow::Borrowed(content);
    }
    Cow::Owned(plainly(content).unwrap_or_else(|| unescaped(quoted)))
}

/// The content of a string whose escapes are all of one letter, as those of line feeds and quotes are.
fn plainly(content: &str) -> Option<String> {
    let mut parts = content.split('\\');
    let mut out = String::with_capacity(content.len());
    out.push_str(parts.next()?);
    while let Some(part) = parts.next() {
        let (sign, rest) = match part.as_bytes().first() {
            // Between two backslashes is nothing: the second is the sign of the first.
            None => ('\\', parts.next()?),
            Some(b'n') => ('\n', &part[1..]),
            Some(b'r') => ('\r', &part[1..]),
            Some(b't') => ('\t', &part[1..]),
            Some(b'"') => ('"', &part[1..]),
            Some(b'/') => ('/', &part[1..]),
            _ => return None,
        };
        out.push(sign);
        out.push_str(rest);
    }
    Some(out)
}

fn unescaped(raw: &str) -> String {
    let read = |text: &str| serde_json::from_str::<String>(text);
    let repaired = || read(&super::repair::strings(raw)?).ok();
    read(raw).ok().or_else(repaired).unwrap_or_else(|| raw.to_owned())
}

/// How long the value is that `text` begins with, and whether it is printable ASCII without escapes.
fn length(text: &[u8]) -> Option<(usize, bool)> {
    let plain = |length: usize| (length, true);
    match text.first()? {
        b'"' => string_length(text),
        b'n' => word(text, b"null").map(plain),
        b't' => word(text, b"true").map(plain),
        b'f' => word(text, b"false").map(plain),
        _ => number(text).map(plain),
    }
}

fn word(text: &[u8], word: &[u8]) -> Option<usize> {
    text.starts_with(word).then_some(word.len())
}

fn string_length(text: &[u8]) -> Option<(usize, bool)> {
    let (mut at, mut plain) = (1, true);
    loop {
        let found = special(text.get(at..)?)?;
        at += found.at;
        plain &= found.printable;
        match text[at] {
            b'"' => return Some((at + 1, plain)),
            b'\\' => at += escape(&text[at + 1..])?,
            _ => return None,
        }
        plain = false;
    }
}

/// How long an escape is, with its backslash.
fn escape(after: &[u8]) -> Option<usize> {
    match after.first()? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(2),
        b'u' => after.get(1..5)?.iter().all(u8::is_ascii_hexdigit).then_some(6),
        _ => None,
    }
}

fn number(text: &[u8]) -> Option<usize> {
    let sign = usize::from(text.first() == Some(&b'-'));
    let digits = text[sign..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let end = sign + digits;
    let plain = digits == 1 || (digits > 1 && text[sign] != b'0');
    let ends = matches!(text.get(end), Some(b',' | b'}' | b']' | b' ' | b'\t' | b'\r' | b'\n'));
    (plain && ends).then_some(end)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(r#""red""#, Some("red"))]
    #[case(r#""""#, Some(""))]
    #[case(r#""a \"b\" \u00e9\n""#, Some("a \"b\" é\n"))]
    #[case(r#""one\r\n\ttwo \\\\n \/\"""#, Some("one\r\n\ttwo \\\\n /\""))]
    #[case(r#""\\""#, Some("\\"))]
    #[case(r#""cut \ud83d""#, Some("cut \u{fffd}"))]
    #[case("12", Some("12"))]
    #[case("-1.50", Some("-1.50"))]
    #[case("true", Some("true"))]
    #[case("null", None)]
    #[case("", None)]
    fn a_value_says(#[case] raw: &str, #[case] expected: Option<&str>) {
        assert_eq!(text(raw).as_deref(), expected);
    }

    #[rstest]
    #[case(r#""red","#, Some(5))]
    #[case(r#""a\"b\\","#, Some(8))]
    #[case(r#""\u00e9"}"#, Some(8))]
    #[case("null}", Some(4))]
    #[case("true,", Some(4))]
    #[case("false]", Some(5))]
    #[case("0,", Some(1))]
    #[case("-120 }", Some(4))]
    #[case::cut_off(r#""red"#, None)]
    #[case::cut_off_in_an_escape(r#""red\"#, None)]
    #[case::a_number_that_may_go_on("12", None)]
    #[case::a_leading_zero("012,", None)]
    #[case::a_fraction("1.5,", None)]
    #[case::no_number("-,", None)]
    #[case::no_escape(r#""\x","#, None)]
    #[case::half_an_escape(r#""\u00g0","#, None)]
    #[case::a_raw_line_feed("\"a\nb\",", None)]
    #[case::a_list("[1],", None)]
    #[case::an_object("{},", None)]
    #[case::nothing("", None)]
    fn a_plain_value_ends(#[case] raw: &str, #[case] expected: Option<usize>) {
        assert_eq!(Scalar::first_of(raw).map(|value| value.raw().len()), expected);
    }
}
