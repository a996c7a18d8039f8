//! A text of a product on its way into the store: still the bytes of the page until it is written where it belongs, and cleaned
//! there (see [`crate::model::clean`]).

use std::borrow::Cow;

use super::scalar;
use crate::model::clean::{cleaned, is_clean};
use crate::model::json_text::{push_text, special};

/// A text of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Text<'a> {
    /// Printable ASCII without quotes and backslashes: it is the same cleaned and as JSON.
    Plain(&'a str),
    /// A JSON string, with its quotes.
    Json(&'a str),
    /// Any text.
    Any(Cow<'a, str>),
}

impl<'a> Text<'a> {
    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Plain(text) => text.is_empty(),
            Self::Json(quoted) => quoted.len() == 2,
            Self::Any(text) => text.is_empty(),
        }
    }

    /// What it says.
    pub fn get(self) -> Cow<'a, str> {
        match self {
            Self::Plain(text) => Cow::Borrowed(text),
            Self::Json(quoted) => scalar::string(quoted),
            Self::Any(text) => text,
        }
    }

    /// Cleaned; line breaks and tabs stay in a text of several lines.
    pub fn clean(self, multi_line: bool) -> String {
        match self {
            Self::Plain(text) => text.to_owned(),
            text => {
                let text = text.get();
                if let Cow::Owned(cleaned) = cleaned(&text, multi_line) {
                    return cleaned;
                }
                text.into_owned()
            }
        }
    }

    /// Writes it as a JSON string, cleaned.
    pub fn write(self, out: &mut String, multi_line: bool) {
        let before = out.len();
        match self {
            Self::Plain(text) => {
                out.push('"');
                out.push_str(text);
                out.push('"');
            }
            Self::Json(quoted) if copy(out, quoted, multi_line) => {}
            text => {
                out.truncate(before);
                push_text(out, &cleaned(&text.get(), multi_line));
            }
        }
    }
}

impl From<String> for Text<'_> {
    fn from(text: String) -> Self {
        Self::Any(Cow::Owned(text))
    }
}

impl<'a> From<Cow<'a, str>> for Text<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        Self::Any(text)
    }
}

impl<'a> From<&'a str> for Text<'a> {
    fn from(text: &'a str) -> Self {
        Self::Any(Cow::Borrowed(text))
    }
}

/// Copies a JSON string whose cleaned text has the same escapes, without the carriage returns of several lines. `false` for any
/// other; what was written then is worthless.
fn copy(out: &mut String, quoted: &str, multi_line: bool) -> bool {
    out.push('"');
    let mut rest = &quoted[1..];
    while let Some(found) = special(rest.as_bytes()) {
        let (before, after) = rest.split_at(found.at);
        if !found.printable && !is_clean(before) {
            return false;
        }
        out.push_str(before);
        match after.as_bytes() {
            [b'"', ..] => {
                out.push('"');
                return true;
            }
            [b'\\', b'"' | b'\\', ..] => out.push_str(&after[..2]),
            [b'\\', b'n' | b't', ..] if multi_line => out.push_str(&after[..2]),
            [b'\\', b'r', ..] if multi_line => {}
            [b'\\', b'/', ..] => out.push('/'),
            _ => return false,
        }
        rest = &after[2..];
    }
    false
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;
    use crate::model::clean::clean;

    /// A text as some product may write it.
    fn json() -> impl Strategy<Value = String> {
        let escape = prop::sample::select(vec![
            "\\n",
            "\\r\\n",
            "\\t",
            "\\\"",
            "\\\\",
            "\\/",
            "\\b",
            "\\u00e9",
            "\\u0007",
            "\\ud83d\\ude00",
            "\\ud83d",
        ]);
        let part = prop_oneof![
            "[ -!#-Z^-~]{0,12}",
            "[ -!#-Z^-~é\u{7f}\u{200b}\u{200d}👩💻]{0,5}",
            escape.prop_map(str::to_owned)
        ];
        prop::collection::vec(part, 0..6).prop_map(|parts| format!("\"{}\"", parts.concat()))
    }

    proptest! {
        #[test]
        fn a_text_is_written_as_it_would_be_if_it_were_read_cleaned_and_escaped(json in json(), multi_line: bool) {
            let read = clean(&scalar::string(&json), multi_line);
            let expected = serde_json::to_string(&read).unwrap();
            for text in [Text::Json(&json), Text::Any(scalar::string(&json))] {
                let mut out = String::from("-");
                text.clone().write(&mut out, multi_line);
                prop_assert_eq!(&out[1..], &expected);
                prop_assert_eq!(text.clone().clean(multi_line), read.clone());
                prop_assert_eq!(text.is_empty(), text.get().is_empty());
            }
        }
    }

    #[rstest]
    #[case::lines(r#""one\r\ntwo\t\"three\" \\n""#, true, true)]
    #[case::letters(r#""Straße \"日本\"""#, false, true)]
    #[case::lines_that_become_one(r#""one\ntwo""#, false, false)]
    #[case::a_character(r#""\u00e9""#, true, false)]
    #[case::what_nobody_sees("\"pay\u{200b}roll\"", true, false)]
    fn a_text_is_copied_where_it_stays_the_same(#[case] json: &str, #[case] multi_line: bool, #[case] copied: bool) {
        assert_eq!(copy(&mut String::new(), json, multi_line), copied);
    }
}
