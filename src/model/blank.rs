//! Blanks at the ends of what was typed or pasted: seen by nobody, and often no part of the value.

/// Whether it shows as nothing: white space, control characters, and characters without width.
pub fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{AD}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}')
}

/// The text without blanks at its ends.
pub fn trimmed(text: &str) -> &str {
    text.trim_matches(is_blank)
}

/// How many blanks [`trimmed`] leaves out.
pub fn count_at_ends(text: &str) -> usize {
    text.chars().count() - trimmed(text).chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_ends_are_trimmed() {
        let text = "\u{feff} \ta\tb c\u{200b}\r\n";
        assert_eq!((trimmed(text), count_at_ends(text)), ("a\tb c", 6));
        assert_eq!((trimmed(" \n"), count_at_ends(" \n")), ("", 2));
    }
}
