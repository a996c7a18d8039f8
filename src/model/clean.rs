//! Text from a product is not trusted: what could steer a terminal or turn the reading order is taken out.

use std::borrow::Cow;

/// Removes control characters (escape sequences' introducers, C0 and C1), bidirectional controls and other characters
/// that nobody sees; line breaks and tabs stay only in `multi_line` text. Joiners and variation selectors stay where
/// they join or vary something, and a blank of Braille becomes a space.
pub fn clean(text: &str, multi_line: bool) -> String {
    cleaned(text, multi_line).into_owned()
}

/// The same, without a copy of a text from which nothing is removed.
pub fn cleaned(text: &str, multi_line: bool) -> Cow<'_, str> {
    let keep = |c: char| if multi_line { matches!(c, '\n' | '\t') } else { false };
    let plain = |byte: u8| matches!(byte, 0x20..=0x7e) || (multi_line && byte == b'\n');
    // Most texts are printable ASCII, which is found out many bytes at a time.
    let nothing = || !text.chars().any(|c| (is_unsafe(c) || depends_on_its_place(c)) && !keep(c));
    if text.bytes().all(plain) || nothing() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if depends_on_its_place(c) {
            out.extend(in_place(c, out.chars().next_back(), rest.clone().next()));
        } else if keep(c) || !is_unsafe(c) {
            out.push(c);
        } else if matches!(c, '\n' | '\t' | '\r') && !multi_line && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    Cow::Owned(out)
}

/// Whether nothing of a text is removed, wherever it stands.
pub fn is_clean(text: &str) -> bool {
    !text.chars().any(|c| is_unsafe(c) || depends_on_its_place(c))
}

/// Whether a terminal could act on this character, or the reader be misled by it: controls, and what Unicode draws as
/// nothing at all (property `Default_Ignorable_Code_Point`, with fillers and reserved ones) wherever it stands.
pub fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{AD}' | '\u{34F}' | '\u{61C}'
            | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}'
            | '\u{200B}' | '\u{200E}' | '\u{200F}'
            | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFFB}'
            | '\u{13430}'..='\u{1343F}'
            | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E00FF}'
            | '\u{E01F0}'..='\u{E0FFF}')
}

const BRAILLE_BLANK: char = '\u{2800}';

fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}')
}

fn is_selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

fn depends_on_its_place(c: char) -> bool {
    c == BRAILLE_BLANK || is_joiner(c) || is_selector(c)
}

/// What stays of such a character behind `before` and in front of `after`. A run of joiners or selectors says nothing to
/// a reader, and can carry a text that nobody sees; between ASCII characters they do nothing.
fn in_place(c: char, before: Option<char>, after: Option<char>) -> Option<char> {
    if c == BRAILLE_BLANK {
        return Some(' ');
    }
    let carries = |c: char| !c.is_ascii() && !c.is_whitespace() && !is_unsafe(c) && !is_joiner(c);
    let before = before?;
    let stays = if is_joiner(c) {
        // At the end of a word it shapes the letter before it, as in Malayalam and Sinhala.
        carries(before) && after.is_none_or(|after| !is_joiner(after) && !is_selector(after))
    } else if c > '\u{FE0F}' {
        is_ideograph(before)
    } else {
        // The keycaps are made of ASCII: 1, selector, U+20E3.
        !is_selector(before)
            && (carries(before) || matches!(before, '0'..='9' | '#' | '*') && after == Some('\u{20E3}'))
    };
    stays.then_some(c)
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_lose_their_teeth() {
        assert_eq!(clean("a\u{1b}[31mb\u{9b}2J\u{7}c", false), "a[31mb2Jc");
        assert_eq!(clean("one\r\ntwo\tthree", false), "one two three");
        assert_eq!(clean("one\r\ntwo\tthree", true), "one\ntwo\tthree");
        assert_eq!(clean("abc\u{202E}def\u{2066}g", false), "abcdefg");
        assert_eq!(clean("Sales © Straße 日本 👩‍💻", false), "Sales © Straße 日本 👩‍💻");
    }

    #[test]
    fn s16_what_nobody_sees_is_taken_out() {
        for hidden in [
            '\u{AD}',
            '\u{34F}',
            '\u{115F}',
            '\u{1160}',
            '\u{3164}',
            '\u{FFA0}',
            '\u{180B}',
            '\u{180E}',
            '\u{200B}',
            '\u{200C}',
            '\u{200D}',
            '\u{2060}',
            '\u{2064}',
            '\u{2065}',
            '\u{206A}',
            '\u{FEFF}',
            '\u{FFF9}',
            '\u{FE0F}',
            '\u{FE00}',
            '\u{E0001}',
            '\u{E0041}',
            '\u{E007F}',
            '\u{E0100}',
            '\u{E01EF}',
            '\u{E0FFF}',
            '\u{1D173}',
            '\u{1BCA0}',
            '\u{17B4}',
            '\u{13430}',
        ] {
            assert_eq!(clean(&format!("pay{hidden}roll"), true), "payroll", "{hidden:?} between letters");
            assert_eq!(clean(&format!("{hidden}a{hidden}"), false), "a", "{hidden:?} at the ends");
            assert_eq!(clean(&hidden.to_string().repeat(40), false), "", "nothing but {hidden:?}");
        }
        assert_eq!(clean("a\u{2800}b", false), "a b");
    }

    #[test]
    fn s16_joiners_and_selectors_stay_where_they_do_something() {
        for whole in [
            "👩\u{200D}💻 down",
            "👨\u{200D}👩\u{200D}👧",
            "❤\u{FE0F}",
            "🏳\u{FE0F}\u{200D}🌈",
            "1\u{FE0F}\u{20E3}",
            "می\u{200C}خواهم",
            "ക\u{D4D}\u{200D}",
            "ක\u{DCA}\u{200D}ෂ",
            "葛\u{E0100}城",
            "🧑🏽\u{200D}🚀",
        ] {
            assert_eq!(clean(whole, false), whole);
        }
    }

    #[test]
    fn s16_a_text_hidden_in_selectors_or_joiners_goes() {
        let hidden: String = (0..60).filter_map(|n| char::from_u32(0xFE00 + n % 16)).collect();
        assert!(clean(&format!("😀{hidden}x"), false).chars().count() <= 3);
        let hidden: String = (0..60).filter_map(|n| char::from_u32(0xE0100 + n)).collect();
        assert_eq!(clean(&format!("😀{hidden}x"), false), "😀x");
        let hidden = "\u{200D}\u{200C}".repeat(30);
        assert_eq!(clean(&format!("é{hidden}é"), false).chars().filter(|c| is_joiner(*c)).count(), 1);
    }
}
