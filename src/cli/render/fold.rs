//! Folding of lines at words.

use unicode_width::UnicodeWidthStr;

/// The columns that a text takes, colours aside.
pub fn width(text: &str) -> usize {
    let mut pieces = text.split("\x1b[");
    let first = pieces.next().unwrap_or_default().width();
    first + pieces.map(|piece| piece.split_once('m').map_or(piece, |(_, text)| text).width()).sum::<usize>()
}

/// Breaks a line at blanks so that each piece takes at most `room` columns; the pieces after the first are indented by
/// `hang`. A word that is longer stays whole, so that it can be copied.
pub fn fold(line: &str, room: usize, hang: usize) -> Vec<String> {
    if width(line) <= room {
        return vec![line.to_owned()];
    }
    let rest = line.trim_start_matches(' ');
    let hang = if hang + 10 > room { 0 } else { hang };
    let mut now = line[..line.len() - rest.len()].to_owned();
    let (mut lines, mut at_start) = (Vec::new(), true);
    for word in rest.split(' ') {
        if !at_start && !word.is_empty() && width(&now) + 1 + width(word) > room {
            lines.push(now.trim_end().to_owned());
            now = " ".repeat(hang);
            at_start = true;
        }
        if !at_start {
            now.push(' ');
        }
        now.push_str(word);
        at_start = false;
    }
    lines.push(now.trim_end().to_owned());
    lines
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_are_folded_at_words_and_long_words_stay_whole() {
        assert_eq!(fold("one two three four", 12, 2), ["one two", "  three four"]);
        assert_eq!(
            fold("see https://example.com/a/long/one now", 12, 0),
            ["see", "https://example.com/a/long/one", "now"]
        );
        assert_eq!(fold("a  b", 80, 0), ["a  b"]);
        assert_eq!(fold("漢字 漢字", 5, 0), ["漢字", "漢字"]);
        assert_eq!(width("\x1b[32m✓\x1b[0m ok"), 4);
    }

    proptest! {
        #[test]
        fn every_word_survives_in_order(line in "[a-z ]{0,120}", room in 20_usize..60, hang in 0_usize..6) {
            let folded = fold(&line, room, hang);
            let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            prop_assert_eq!(words(&folded.join(" ")), words(&line));
            for piece in &folded {
                prop_assert!(width(piece) <= room || words(piece).len() == 1 || line.len() <= room);
            }
        }
    }
}
