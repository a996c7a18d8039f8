//! Editing one line of text: a cursor that moves by what the reader sees as one character.

use unicode_segmentation::GraphemeCursor;

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

/// Inserts a paste at byte `at` as one event: line breaks at its ends are dropped, inside they and other
/// control characters go. Returns the new cursor and how many characters were taken.
pub fn paste(text: &mut String, at: usize, pasted: &str) -> (usize, usize) {
    let at = clamp(text, at);
    let taken: String = pasted.trim_matches(['\r', '\n']).chars().filter(|c| !c.is_control()).collect();
    text.insert_str(at, &taken);
    (at + taken.len(), taken.chars().count())
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
    fn a_paste_is_one_event_without_line_breaks() {
        let mut text = String::from("ab");
        assert_eq!(paste(&mut text, 1, "x\u{1b}y\r\n"), (3, 2));
        assert_eq!(text, "axyb");
    }
}
