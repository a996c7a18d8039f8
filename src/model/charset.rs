//! The characters that a terminal shows: all of Unicode, or ASCII only.

use serde::{Deserialize, Serialize};
use unicode_width::UnicodeWidthChar;

/// What a terminal can show.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Charset {
    /// Unicode in UTF-8.
    #[default]
    #[serde(rename = "utf-8")]
    Utf8,
    /// ASCII only.
    #[serde(rename = "ascii")]
    Ascii,
}

/// Kinds of terminals that lack UTF-8, or most symbols in their font, whatever the locale.
const PLAIN_TERMINALS: [&str; 5] = ["linux", "vt100", "vt102", "vt220", "ansi"];

impl Charset {
    /// By its name: `ascii` or `utf-8`.
    pub fn named(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "ascii" => Some(Self::Ascii),
            "utf-8" | "utf8" => Some(Self::Utf8),
            _ => None,
        }
    }

    /// What a Unix terminal shows, by the kind it says it is (`TERM`) and the locale (POSIX: `LC_ALL` before `LC_CTYPE` before
    /// `LANG`; without any it is `C`).
    pub fn of_terminal(variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name| variable(name).filter(|value| !value.is_empty());
        let is_plain = set("TERM").is_some_and(|term| PLAIN_TERMINALS.contains(&term.as_str()));
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set).unwrap_or_default().to_ascii_lowercase();
        let is_utf8 = locale.contains("utf-8") || locale.contains("utf8");
        if is_plain || !is_utf8 { Self::Ascii } else { Self::Utf8 }
    }

    /// The text in this charset, as wide as before; `None` where it is the same.
    pub fn shown(self, text: &str) -> Option<String> {
        let is_shown = self == Self::Utf8 || text.is_ascii();
        (!is_shown).then(|| text.chars().map(|c| if c.is_ascii() { One(c, 1) } else { ascii(c) }).collect())
    }
}

/// A character, so many times.
struct One(char, usize);

impl FromIterator<One> for String {
    fn from_iter<I: IntoIterator<Item = One>>(ones: I) -> Self {
        ones.into_iter().flat_map(|One(c, times)| std::iter::repeat_n(c, times)).collect()
    }
}

/// What stands for a character in ASCII, in as many columns.
fn ascii(c: char) -> One {
    let shown = match c {
        '─' | '━' | '═' | '–' | '—' | '‑' | '·' | '▄' => '-',
        '│' | '┃' | '║' | '▎' | '▏' => '|',
        '\u{2500}'..='\u{257F}' => '+',
        '█' | '▉' | '▊' | '▋' | '▌' | '▍' => '#',
        '░' | '▒' | '▂' => '.',
        '▁' => '_',
        '▃' => ':',
        '▅' => '=',
        '▆' => '+',
        '▇' | '●' | '•' => '*',
        '↓' => 'v',
        '×' => 'x',
        // A mark stands where hints have keys: none is one.
        '✓' => '*',
        '✗' => 'X',
        '▲' => '!',
        '○' => '.',
        '◇' => '<',
        '→' | '›' => '>',
        '←' | '‹' => '<',
        '↑' => '^',
        '…' | '◌' => '~',
        '␣' => '_',
        '‘' | '’' => '\'',
        '“' | '”' | '„' => '"',
        '\u{A0}' | '\u{202F}' => ' ',
        'À'..='Å' => 'A',
        'Ç' => 'C',
        'È'..='Ë' => 'E',
        'Ì'..='Ï' => 'I',
        'Ñ' => 'N',
        'Ò'..='Ö' | 'Ø' => 'O',
        'Ù'..='Ü' => 'U',
        'à'..='å' => 'a',
        'ç' => 'c',
        'è'..='ë' => 'e',
        'ì'..='ï' => 'i',
        'ñ' => 'n',
        'ò'..='ö' | 'ø' => 'o',
        'ù'..='ü' => 'u',
        'ý' | 'ÿ' => 'y',
        _ => return One('?', c.width().unwrap_or(0)),
    };
    One(shown, 1)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use unicode_width::UnicodeWidthStr;

    use super::*;

    #[rstest]
    #[case("xterm-256color", &[("LANG", "nl_NL.UTF-8")], Charset::Utf8)]
    #[case("xterm-256color", &[("LANG", "C.utf8")], Charset::Utf8)]
    #[case("xterm-256color", &[("LANG", "nl_NL.UTF-8"), ("LC_ALL", "C")], Charset::Ascii)]
    #[case("xterm-256color", &[("LANG", "POSIX"), ("LC_CTYPE", "en_US.UTF-8")], Charset::Utf8)]
    #[case("xterm-256color", &[("LC_ALL", ""), ("LANG", "nl_NL.ISO-8859-1")], Charset::Ascii)]
    #[case("xterm-256color", &[], Charset::Ascii)]
    #[case("linux", &[("LANG", "nl_NL.UTF-8")], Charset::Ascii)]
    #[case("dumb", &[("LANG", "nl_NL.UTF-8")], Charset::Utf8)]
    #[case("vt100", &[("LANG", "nl_NL.UTF-8")], Charset::Ascii)]
    fn p9_a_terminal_without_utf_8_gets_ascii(
        #[case] term: &str,
        #[case] locale: &[(&str, &str)],
        #[case] expected: Charset,
    ) {
        let variable = |name: &str| match name {
            "TERM" => Some(term.to_owned()),
            name => locale.iter().find(|(each, _)| *each == name).map(|(_, value)| (*value).to_owned()),
        };
        assert_eq!(Charset::of_terminal(variable), expected);
    }

    #[test]
    fn p9_ascii_is_as_wide_as_what_it_stands_for() {
        for text in ["╭ contoso ─ ● healthy ╮", "✓ ▲ ✗ ○ ◌ … → ›", "▁▂▃▄▅▆▇█ ▏▌", "één café, 日本語 €"]
        {
            let shown = Charset::Ascii.shown(text).unwrap();
            assert!(shown.is_ascii() && shown.width() == text.width(), "{text}: {shown}");
        }
        assert_eq!(Charset::Ascii.shown("één café, 日本").as_deref(), Some("een cafe, ????"));
        assert_eq!((Charset::Utf8.shown("✓"), Charset::Ascii.shown("ok")), (None, None));
    }
}
