//! Strings that strict JSON refuses, made good. A text that was cut in the middle of a surrogate pair, or
//! that holds a raw control character, must not stop a sync for ever.

/// The text with lone surrogate escapes replaced and raw control characters in strings made spaces. `None`
/// if there was nothing to repair.
pub fn strings(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let (mut inside, mut repaired) = (false, false);
    while let Some(c) = rest.chars().next() {
        let step = match c {
            '\\' if inside => escape(rest),
            '"' => {
                inside = !inside;
                Step::keep(1)
            }
            c if inside && c < ' ' => Step { length: 1, instead: Some(" ") },
            c => Step::keep(c.len_utf8()),
        };
        let (taken, left) = rest.split_at(step.length);
        out.push_str(step.instead.unwrap_or(taken));
        repaired |= step.instead.is_some();
        rest = left;
    }
    repaired.then_some(out)
}

/// How much to take, and what to write in its stead.
struct Step {
    length: usize,
    instead: Option<&'static str>,
}

impl Step {
    fn keep(length: usize) -> Self {
        Self { length, instead: None }
    }
}

/// An escape at the beginning of `text`, a surrogate pair as one.
fn escape(text: &str) -> Step {
    match unit(text) {
        Some(0xD800..=0xDBFF) => match text.get(6..).and_then(unit) {
            Some(0xDC00..=0xDFFF) => Step::keep(12),
            _ => Step { length: 6, instead: Some("\\ufffd") },
        },
        Some(0xDC00..=0xDFFF) => Step { length: 6, instead: Some("\\ufffd") },
        _ => Step::keep(text.chars().take(2).map(char::len_utf8).sum()),
    }
}

/// The UTF-16 unit that a text begins with, if it is a `\uXXXX`.
fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_good_is_left_alone() {
        for good in [r#"{"a":"\ud83d\ude00 \\u \" \n"}"#, "", "\"\\", "\n\t{}", "\"é\\é\""] {
            assert_eq!(strings(good), None, "{good}");
        }
    }

    #[test]
    fn half_a_pair_and_raw_controls_are_fixed() {
        assert_eq!(strings(r#""cut \ud83d""#).as_deref(), Some(r#""cut \ufffd""#));
        assert_eq!(strings(r#""\ude00 \ud83dx""#).as_deref(), Some(r#""\ufffd \ufffdx""#));
        assert_eq!(strings("{\n\"a\tb\u{1}\"}").as_deref(), Some("{\n\"a b \"}"));
    }
}
