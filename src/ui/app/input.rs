//! Editing one line of text: a cursor that moves by what the reader sees as one character.

use unicode_segmentation::GraphemeCursor;

use crate::model::form::LONGEST;

/// An edit of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// Type a character at the cursor.
    Insert(char),
    /// Remove the character before the cursor.
    Backspace,
    /// Remove the character under the cursor.
    Delete,
    /// Move one character left.
    Left,
    /// Move one character right.
    Right,
    /// Move to the start.
    Home,
    /// Move to the end.
    End,
    /// Empty the line.
    Clear,
}

/// Applies `edit` to `text` with the cursor at byte `at`; returns the cursor's new byte.
pub fn apply(text: &mut String, at: usize, edit: &Edit) -> usize {
    let at = clamp(text, at);
    match edit {
        Edit::Insert(_) if text.chars().nth(LONGEST - 1).is_some() => at,
        Edit::Insert(c) => {
            text.insert(at, *c);
            at + c.len_utf8()
        }
        Edit::Backspace => {
            let start = previous(text, at);
            text.replace_range(start..at, "");
            start
        }
        Edit::Delete => {
            let end = next(text, at);
            text.replace_range(at..end, "");
            at
        }
        Edit::Left => previous(text, at),
        Edit::Right => next(text, at),
        Edit::Home => 0,
        Edit::End => text.len(),
        Edit::Clear => {
            text.clear();
            0
        }
    }
}

/// Inserts a paste at byte `at` as one event: line breaks at its ends are dropped, each run of line breaks and tabs
/// inside becomes a blank, other control characters go. Returns the new cursor and how many characters were taken:
/// none where the field would hold more than [`LONGEST`].
pub fn paste(text: &mut String, at: usize, pasted: &str) -> (usize, usize) {
    let mut taken = String::new();
    for c in pasted.trim_matches(LINE_BREAKS).chars().take(LONGEST + 1) {
        match c {
            '\n' | '\r' | '\t' if taken.ends_with(' ') => {}
            '\n' | '\r' | '\t' => taken.push(' '),
            c if c.is_control() => {}
            c => taken.push(c),
        }
    }
    insert(text, at, &taken)
}

/// Inserts a pasted secret, as [`paste`] but with all that is in it: whether it can be taken is told, not fixed in
/// silence.
pub fn paste_secret(text: &mut String, at: usize, pasted: &str) -> (usize, usize) {
    insert(text, at, pasted.trim_matches(LINE_BREAKS))
}

const LINE_BREAKS: [char; 2] = ['\r', '\n'];

fn insert(text: &mut String, at: usize, pasted: &str) -> (usize, usize) {
    let at = clamp(text, at);
    let count = pasted.chars().take(LONGEST + 1).count();
    if text.chars().count() + count > LONGEST {
        return (at, 0);
    }
    text.insert_str(at, pasted);
    (at + pasted.len(), count)
}

fn clamp(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn previous(text: &str, at: usize) -> usize {
    GraphemeCursor::new(at, text.len(), true).prev_boundary(text, 0).ok().flatten().unwrap_or(0)
}

fn next(text: &str, at: usize) -> usize {
    GraphemeCursor::new(at, text.len(), true).next_boundary(text, 0).ok().flatten().unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cursor_moves_by_what_one_sees() {
        let mut text = String::from("a👩‍💻é");
        let end = apply(&mut text, 99, &Edit::End);
        let at = apply(&mut text, end, &Edit::Left);
        let at = apply(&mut text, at, &Edit::Backspace);
        assert_eq!((text.as_str(), at), ("aé", 1));
        assert_eq!(apply(&mut text, at, &Edit::Delete), 1);
        assert_eq!(text, "a");
    }

    #[test]
    fn a2_a_pasted_secret_stays_as_it_is_but_for_line_breaks_at_its_ends() {
        let mut text = String::new();
        assert_eq!(paste_secret(&mut text, 0, "  a\tb \r\n"), (6, 6));
        assert_eq!(text, "  a\tb ");
    }

    #[test]
    fn s19_a_paste_that_is_too_long_is_not_taken() {
        let long = "x".repeat(10 << 20);
        for paste in [paste, paste_secret] {
            let mut text = String::from("ab");
            assert_eq!(paste(&mut text, 1, &long), (1, 0));
            assert_eq!(paste(&mut text, 1, &long[..LONGEST - 2]), (LONGEST - 1, LONGEST - 2));
            assert_eq!(apply(&mut text, 0, &Edit::Insert('y')), 0);
            assert_eq!(text.len(), LONGEST);
        }
    }

    #[test]
    fn line_breaks_inside_a_paste_become_a_blank() {
        let mut text = String::new();
        paste(&mut text, 0, "one\r\n\ttwo\n");
        assert_eq!(text, "one two");
    }

    #[test]
    fn a_paste_is_one_event_without_line_breaks() {
        let mut text = String::from("ab");
        assert_eq!(paste(&mut text, 1, "x\u{1b}y\r\n"), (3, 2));
        assert_eq!(text, "axyb");
    }
}
