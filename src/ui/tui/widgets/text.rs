//! Text measured in terminal cells.

use ratatui::text::Line;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::texts::examples;

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

/// The text in lines of at most `room` cells, broken between words, inside a word only if it must; the text's own line breaks
/// stay, and each of its numbered steps begins a line. A command stays in one line where a line has room for it, and no last line
/// looks lost.
pub fn wrap(text: &str, room: usize) -> Vec<String> {
    if room == 0 {
        return Vec::new();
    }
    text.lines().flat_map(steps).flat_map(|line| wrap_line(line, room)).collect()
}

/// The columns of a text that the eye follows well.
pub const MEASURE: usize = 118;
/// The most of them, where that spares a line.
const WIDEST_MEASURE: usize = 140;

/// The cells that a text behind so many takes of its room: no more than the eye follows, unless that would leave a line with a
/// word or two, or fold a command or a word.
pub fn measure(text: &str, indent: usize, room: usize) -> usize {
    let [narrow, wide] = [MEASURE, WIDEST_MEASURE].map(|most| room.min(most).saturating_sub(indent));
    let longest = pieces(text, room.saturating_sub(indent)).into_iter().map(UnicodeWidthStr::width).max().unwrap_or(0);
    let lines = wrap(text, narrow).len();
    let is_short = lines > 1 && text.width() <= (lines - 1) * narrow + narrow / LOST;
    let spares = is_short && wrap(text, wide).len() < lines;
    room.min(indent + longest.max(if spares { wide } else { narrow }))
}

/// The steps of a list that is written in one line, such as `1. … 2. …`; what comes before them as well.
fn steps(line: &str) -> Vec<&str> {
    let (mut parts, mut rest) = (Vec::new(), line);
    for number in 1.. {
        let at = match rest.starts_with("1. ") && number == 1 {
            true => Some(0),
            false => rest.find(&format!(" {number}. ")).map(|at| at + 1),
        };
        let Some(at) = at.filter(|at| number > 1 || rest.get(*at..).is_some_and(|rest| rest.contains(" 2. "))) else {
            break;
        };
        let (before, after) = rest.split_at(at);
        if !before.is_empty() {
            parts.push(before.trim_end());
        }
        rest = after;
    }
    parts.push(rest);
    parts
}

/// A last line that is filled less than to this part looks lost.
const LOST: usize = 6;
/// So many words are in a line at least that gives one to the line below.
const GIVES: usize = 4;

fn wrap_line(line: &str, room: usize) -> Vec<String> {
    let mut lines: Vec<Vec<&str>> = vec![Vec::new()];
    for piece in pieces(line, room) {
        place(&mut lines, piece, room);
    }
    let width = |words: &[&str]| words.iter().map(|word| word.width() + 1).sum::<usize>().saturating_sub(1);
    if let [.., before, last] = lines.as_mut_slice() {
        while width(last) * LOST < room
            && before.len() >= GIVES
            && before.last().is_some_and(|word| !word.contains(' ') && width(last) + 1 + word.width() <= room)
        {
            before.pop().into_iter().for_each(|word| last.insert(0, word));
        }
    }
    lines.into_iter().map(|words| words.join(" ")).collect()
}

/// The words of a line; a command that has room in a line is one of them.
fn pieces(line: &str, room: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = Some(line);
    let mut before = ":";
    while let Some(text) = rest {
        let command = command(before, text).filter(|command| command.width() <= room);
        let piece = command.unwrap_or_else(|| text.split(' ').next().unwrap_or_default());
        pieces.push(piece);
        before = piece;
        rest = text.get(piece.len() + 1..);
    }
    pieces
}

/// The command with which the text begins, where that is one and not a sentence about the program: behind a colon or an arrow, in
/// quotes or in brackets.
fn command<'a>(before: &str, text: &'a str) -> Option<&'a str> {
    let bare = text.trim_start_matches(['\'', '(', '"']);
    let is_named = before.ends_with([':', '→']) || bare.len() < text.len();
    let first = bare.strip_prefix("itsmc ")?.split(' ').next()?;
    let is_command = is_named && examples::is_command(first.trim_matches(|c: char| !c.is_alphanumeric()));
    let end = text.match_indices(' ').map(|(at, _)| at).find(|at| text.get(..*at).is_some_and(ends_command));
    is_command.then(|| end.and_then(|end| text.get(..end)).unwrap_or(text))
}

fn ends_command(text: &str) -> bool {
    text.ends_with(['.', ',', ';', ':', ')', '\'', '"'])
}

fn place<'a>(lines: &mut Vec<Vec<&'a str>>, word: &'a str, room: usize) {
    let used = lines.last().map_or(0, |last| last.iter().map(|word| word.width() + 1).sum());
    if used + word.width() <= room {
        // Blanks at the beginning of a line are left out.
        lines
            .last_mut()
            .filter(|last| !last.is_empty() || !word.is_empty())
            .into_iter()
            .for_each(|last| last.push(word));
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
        lines.push(vec![if part.width() > room { "…" } else { part }]);
        rest = &rest[part.len()..];
    }
    if !rest.is_empty() {
        lines.push(vec![rest]);
    }
}

/// The part up to the last joint of a path or an address, else of a name, where that fills enough of a line: its words stay whole.
fn at_joint(part: &str) -> &str {
    let joint =
        |joints: &[char], least: usize| part.rfind(joints).map(|at| at + 1).filter(|end| least * end >= part.len());
    let end = joint(&['/', '?', '&'], 3).or_else(|| joint(&['.', '-', '_'], 2));
    end.and_then(|end| part.get(..end)).unwrap_or(part)
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
        assert_eq!(
            wrap("https://itsm.contoso.example/table/x.y", 36),
            ["https://itsm.contoso.example/table/", "x.y"].map(|part| part.to_owned()).to_vec()
        );
    }

    #[test]
    fn a_command_stays_in_one_line_where_that_has_room() {
        let told = "Add a source: itsmc alert source add prod --sign-in cli. Then read it";
        assert_eq!(wrap(told, 44), ["Add a source:", "itsmc alert source add prod --sign-in cli.", "Then read it"]);
        assert_eq!(wrap(told, 24).len(), 4, "no line has room for it");
        assert_eq!(wrap("Cause: itsmc cannot know", 20), ["Cause: itsmc cannot", "know"], "a sentence");
        assert_eq!(wrap("press e (itsmc items --csv)", 20), ["press e", "(itsmc items --csv)"]);
    }

    #[test]
    fn numbered_steps_begin_a_line_and_no_word_is_left_alone() {
        assert_eq!(wrap("To find out: 1. Look. 2. Ask.", 60), ["To find out:", "1. Look.", "2. Ask."]);
        assert_eq!(wrap("version 1. It is new", 60), ["version 1. It is new"]);
        assert_eq!(wrap("one two three four five six", 24), ["one two three four", "five six"]);
        assert_eq!(wrap("one two three fourfourfourfour", 24), ["one two three", "fourfourfourfour"]);
    }

    #[test]
    fn a_line_gets_longer_where_that_spares_one_of_a_few_words() {
        let words = "word ".repeat(24);
        assert_eq!((measure(words.trim(), 0, 200), measure(words.trim(), 0, 100)), (140, 100));
        assert_eq!((measure("word ".repeat(40).trim(), 3, 200), measure(&"x".repeat(150), 3, 200)), (118, 153));
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
