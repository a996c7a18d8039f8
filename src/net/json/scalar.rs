//! A single value as written in the text: a string with its quotes, a number, `true`, `false` or `null`.

use std::borrow::Cow;

/// What a value says: the content of a string, a number or truth value as it is written. `None` for `null`, and for
/// nothing at all. Half of a surrogate pair, as a text cut off by its length may end in, becomes a replacement
/// character.
pub fn text(raw: &str) -> Option<Cow<'_, str>> {
    match raw.strip_prefix('"') {
        None => (!raw.is_empty() && raw != "null").then_some(Cow::Borrowed(raw)),
        Some(rest) => {
            let rest = rest.strip_suffix('"').unwrap_or(rest);
            let escaped = rest.as_bytes().contains(&b'\\');
            Some(if escaped {
                Cow::Owned(plainly(rest).unwrap_or_else(|| unescaped(raw)))
            } else {
                Cow::Borrowed(rest)
            })
        }
    }
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

/// How long the value is that `text` begins with. `None` for a list, an object, what is no JSON, and a number of a
/// rare form: those are for a real parser.
pub fn length(text: &[u8]) -> Option<usize> {
    match text.first()? {
        b'"' => string(text),
        b'n' => word(text, b"null"),
        b't' => word(text, b"true"),
        b'f' => word(text, b"false"),
        _ => number(text),
    }
}

fn word(text: &[u8], word: &[u8]) -> Option<usize> {
    text.starts_with(word).then_some(word.len())
}

fn string(text: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        at += text.get(at..)?.iter().position(|byte| matches!(byte, b'"' | b'\\' | ..0x20))?;
        match text[at] {
            b'"' => return Some(at + 1),
            b'\\' => at += escape(&text[at + 1..])?,
            _ => return None,
        }
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
        assert_eq!(length(raw.as_bytes()), expected);
    }
}
