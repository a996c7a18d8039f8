//! Text measured in terminal cells.

use ratatui::text::Line;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// How many cells the text takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// The text in at most `room` cells; what was cut shows as `…`. A word with a digit behind others is not cut but left out: half
/// a date or number is worse than none.
pub fn clip(text: &str, room: usize) -> String {
    if text.width() <= room {
        return text.to_owned();
    }
    if room == 0 {
        return String::new();
    }
    let kept = head(text, room - 1);
    let at = kept.rfind(' ').map_or(0, |blank| blank + 1);
    let word = text.get(at..).unwrap_or_default().split(' ').next().unwrap_or_default();
    // A number that is whole would look cut too, with `…` right behind it.
    let leaves_out = at > 0 && at < kept.len() && word.contains(|c: char| c.is_ascii_digit());
    let kept = if leaves_out { text.get(..at).unwrap_or_default() } else { kept };
    let ends_in_number = kept.trim_end().ends_with(|c: char| c.is_ascii_digit());
    format!("{}…", if ends_in_number { kept } else { kept.trim_end() })
}

/// The first of these ways to say it that has room; the last one is cut where none has.
pub fn fitting(ways: impl IntoIterator<Item = String>, room: usize) -> String {
    let mut last = String::new();
    for way in ways {
        if way.width() <= room {
            return way;
        }
        last = way;
    }
    clip(&last, room)
}

/// What itsmc says itself, in at most `room` cells: cut between its clauses where that is possible, because half a clause may say
/// the opposite of the whole, and never in a word. What was left out shows as `…`.
pub fn shorten(text: &str, room: usize) -> String {
    clauses(text, room).unwrap_or_else(|| with_more(text, room))
}

/// As many of its clauses as have room; `None` where that leaves a third of the room empty, or a name alone.
pub fn clauses(text: &str, room: usize) -> Option<String> {
    if text.width() <= room {
        return Some(text.to_owned());
    }
    let is_word = |word: &&str| word.chars().filter(|c| c.is_alphanumeric()).count() > 1;
    let is_most = |head: &str| head.width() < room && head.width() * 3 >= room * 2;
    let says = |head: &str| is_most(head) && head.split(' ').filter(is_word).count() > 1;
    let fits = |at: &usize| text.get(..*at).is_some_and(says);
    let ends = CLAUSE_ENDS.iter().flat_map(|end| text.match_indices(end)).map(|(at, _)| at).filter(fits).max();
    ends.and_then(|at| text.get(..at)).map(|head| format!("{head}…"))
}

/// What stands behind a clause.
pub const CLAUSE_ENDS: [&str; 6] = [", ", "; ", ": ", ". ", " (", " · "];

/// The text in just `room` cells: clipped, or filled with spaces at its right.
pub fn pad(text: &str, room: usize) -> String {
    let mut out = clip(text, room);
    let gap = room.saturating_sub(out.width());
    out.extend(std::iter::repeat_n(' ', gap));
    out
}

/// The text in just `room` cells, filled with spaces at its left.
pub fn pad_left(text: &str, room: usize) -> String {
    let clipped = clip(text, room);
    let gap = room.saturating_sub(clipped.width());
    format!("{}{clipped}", " ".repeat(gap))
}

/// `left` and `right` at the two ends of `room` cells; where both do not fit with a gap, `right` goes.
pub fn ends(left: &str, right: &str, room: usize) -> String {
    let taken = left.width() + right.width();
    if right.is_empty() || taken + 2 > room {
        return pad(left, room);
    }
    format!("{left}{}{right}", " ".repeat(room - taken))
}

/// The text in lines of at most `room` cells, broken between words, inside a word only if it must; the text's
/// own line breaks stay.
pub fn wrap(text: &str, room: usize) -> Vec<String> {
    if room == 0 {
        return Vec::new();
    }
    text.lines().flat_map(|line| wrap_line(line, room)).collect()
}

fn wrap_line(line: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in line.split(' ') {
        place(&mut lines, word, room);
    }
    lines
}

fn place(lines: &mut Vec<String>, word: &str, room: usize) {
    let used = lines.last().map_or(0, |last| last.width());
    let gap = usize::from(used > 0);
    if used + gap + word.width() <= room {
        if let Some(last) = lines.last_mut() {
            last.push_str(if gap > 0 { " " } else { "" });
            last.push_str(word);
        }
        return;
    }
    let mut rest = word;
    if used == 0 {
        lines.pop();
    }
    while rest.width() > room {
        let part = match head(rest, room) {
            "" => rest.graphemes(true).next().unwrap_or(rest),
            part => at_joint(part),
        };
        lines.push(if part.width() > room { "…".to_owned() } else { part.to_owned() });
        rest = &rest[part.len()..];
    }
    if !rest.is_empty() {
        lines.push(rest.to_owned());
    }
}

/// The part up to the last joint of a path or a name, where that fills most of a line: its words stay whole.
fn at_joint(part: &str) -> &str {
    let joint = part.rfind(['/', '?', '&', '.', '-', '_']).map(|at| at + 1).filter(|end| 3 * end >= 2 * part.len());
    joint.and_then(|end| part.get(..end)).unwrap_or(part)
}

/// As many of the lines as there are rows; where some are left out, the last one ends with `…`.
pub fn fit(mut lines: Vec<Line<'static>>, rows: usize, room: usize) -> Vec<Line<'static>> {
    let is_cut = lines.len() > rows;
    lines.truncate(rows);
    if let Some(last) = lines.last_mut().filter(|_| is_cut) {
        let style = last.spans.first().map_or(last.style, |span| last.style.patch(span.style));
        *last = Line::styled(with_more(&last.to_string(), room), style);
    }
    lines
}

/// The line with `…` behind its last whole word: more lines follow that are left out.
pub fn with_more(line: &str, room: usize) -> String {
    if room < 2 {
        return clip(line, room);
    }
    let words = line.trim_start();
    let indent = line.get(..line.len() - words.len()).unwrap_or_default();
    let kept = wrap(words, room.saturating_sub(indent.width() + 2)).into_iter().next();
    match kept.filter(|kept| !kept.is_empty()) {
        Some(kept) => format!("{indent}{} …", kept.trim_end()),
        None => "…".to_owned(),
    }
}

/// As much of the text's beginning as fits into `room` cells.
pub fn head(text: &str, room: usize) -> &str {
    let mut used = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        used += grapheme.width();
        if used > room {
            return &text[..at];
        }
    }
    text
}

/// As much of the text's end as fits into `room` cells, for an input field whose cursor stands at the end.
pub fn tail(text: &str, room: usize) -> &str {
    let mut used = 0;
    for (at, grapheme) in text.grapheme_indices(true).rev() {
        used += grapheme.width();
        if used > room {
            return &text[at + grapheme.len()..];
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_wide_character_is_never_cut_in_two() {
        assert_eq!(clip("日本語", 6), "日本語");
        assert_eq!(clip("日本語", 5), "日本…");
        assert_eq!(clip("日本語", 4), "日…");
        assert_eq!(pad("日本語", 4), "日… ");
        assert_eq!((tail("日本語", 3), head("日本語", 3)), ("語", "日"));
        assert_eq!(clip("x", 0), "");
    }

    #[test]
    fn what_itsmc_says_is_cut_between_its_clauses() {
        let text = "✗ Too many requests; the product asks to wait (until 12:00)";
        assert_eq!(shorten(text, 60), text);
        assert_eq!(shorten(text, 50), "✗ Too many requests; the product asks to wait…");
        assert_eq!(shorten(text, 40), "✗ Too many requests; the product asks …");
        assert_eq!(shorten(text, 24), "✗ Too many requests…");
        assert_eq!(shorten(text, 14), "✗ Too many …", "no clause has room");
        assert_eq!(shorten("▲ prod: not in Azure", 14), "▲ prod: not …", "a name alone says nothing");
        assert_eq!(shorten("  2 min  sync", 12), "  2 min …", "a column stays where it is");
    }

    #[test]
    fn a_date_or_a_number_is_never_cut() {
        let text = "by you on 2026-11-22";
        assert_eq!(clip(text, 20), text);
        assert_eq!(clip(text, 19), "by you on…");
        assert_eq!(clip(text, 11), "by you on…");
        assert_eq!(clip("6 of 65 seen", 8), "6 of…", "65… could be 650");
        assert_eq!(clip("6 of 65 seen", 9), "6 of 65 …");
        assert_eq!(clip(text, 6), "by yo…", "a word may be cut");
        assert_eq!(clip("2026-11-22", 6), "2026-…", "a word that is alone");
    }

    #[test]
    fn lines_that_are_left_out_are_told_in_the_last_one() {
        let lines = || ["one", "two", "three"].map(Line::raw).to_vec();
        let shown = |rows, room| fit(lines(), rows, room).iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(shown(3, 9), ["one", "two", "three"]);
        assert_eq!(shown(2, 9), ["one", "two …"]);
        assert_eq!(shown(2, 4), ["one", "tw …"]);
        assert!(shown(0, 9).is_empty());
    }

    #[test]
    fn words_stay_whole_where_they_can() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("a longword b", 4), ["a", "long", "word", "b"]);
        assert_eq!(wrap("a\n\nb", 4), ["a", "", "b"]);
        assert_eq!(wrap("日本語", 1), ["…", "…", "…"]);
        assert_eq!(wrap("a/providers/Some.Kind/roles/b2a4", 22), ["a/providers/Some.Kind/", "roles/b2a4"]);
        assert_eq!(
            wrap("a/providers/Some.Kind/roles/b2a4", 24),
            ["a/providers/Some.Kind/", "roles/b2a4"],
            "at a joint"
        );
    }

    #[test]
    fn the_right_end_gives_way() {
        assert_eq!(ends("left", "right", 12), "left   right");
        assert_eq!(ends("left", "right", 10), "left      ");
    }

    proptest! {
        #[test]
        fn nothing_is_wider_than_its_room(text in "\\PC{0,40}", room in 0usize..20) {
            prop_assert!(clip(&text, room).width() <= room);
            prop_assert!(shorten(&text, room).width() <= room);
            prop_assert_eq!(pad(&text, room).width(), room);
            prop_assert!(tail(&text, room).width() <= room);
            for line in wrap(&text, room) {
                prop_assert!(line.width() <= room);
            }
        }
    }
}
