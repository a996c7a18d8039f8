//! Text from a product is not trusted: what could steer a terminal or turn the reading order is taken out.

/// Removes control characters (escape sequences' introducers, C0 and C1), bidirectional controls and
/// other invisible format characters; line breaks and tabs stay only in `multi_line` text.
pub fn clean(text: &str, multi_line: bool) -> String {
    let keep = |c: char| if multi_line { matches!(c, '\n' | '\t') } else { false };
    if !text.chars().any(|c| is_unsafe(c) && !keep(c)) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if keep(c) || !is_unsafe(c) {
            out.push(c);
        } else if matches!(c, '\n' | '\t' | '\r') && !multi_line && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out
}

/// Whether a terminal could act on this character, or the reader be misled by it.
pub fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{061C}'
            | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{2069}'
            | '\u{206A}'..='\u{206F}'
            | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E007F}')
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
}
