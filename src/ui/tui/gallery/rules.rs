//! What every picture keeps, whatever it shows. The largest picture shows values whole; the smaller ones are held against it.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use ratatui::layout::Position;
use unicode_segmentation::UnicodeSegmentation;

use super::sources;
use crate::model::lang::Lang;
use crate::ui::app::keymap::{HELP_ONLY, keymap};
use crate::ui::app::model::Model;
use crate::ui::tui::screens::look;
use crate::ui::tui::widgets::text::{self, CLAUSE_ENDS};

/// A model as it looks in one size and language.
pub struct Shown {
    /// Columns and rows.
    pub size: (u16, u16),
    /// The language.
    pub lang: Lang,
    /// The text, line by line.
    pub text: String,
    /// Where the cursor stands, if it shows.
    pub cursor: Option<Position>,
}

/// The rules that these pictures of one model, the largest last, do not keep; `other` are the same in the other language.
pub fn broken(model: &Model, shown: &[Shown], other: &[Shown]) -> Vec<String> {
    let Some(largest) = shown.last() else { return Vec::new() };
    let whole: BTreeSet<&str> = words(&largest.text).collect();
    let mut broken = Vec::new();
    for picture in shown {
        let found = [
            no_title(model, picture),
            no_primary_key(model, picture),
            no_focus(model, picture, shown),
            cut_values(picture, &whole),
            cut_silently(picture, &whole),
            cut_words(picture, shown, other),
            glued(picture, &whole),
            open_frames(picture),
        ];
        let at = |words: String| format!("{}x{} {:?}: {words}", picture.size.0, picture.size.1, picture.lang);
        let found: Vec<_> = found.into_iter().flatten().map(at).collect();
        if !found.is_empty() {
            broken.extend(found);
            broken.push(picture.text.clone());
        }
    }
    broken
}

/// The header begins with the title of the screen in front.
fn no_title(model: &Model, shown: &Shown) -> Vec<String> {
    let mut model = model.clone();
    model.facts.lang = shown.lang;
    let (title, _) = model.shown().next().map(|screen| look(screen).header(&model)).unwrap_or_default();
    let first = shown.text.lines().next().unwrap_or_default();
    let missing = title.split_whitespace().next().filter(|word| !first.contains(word));
    missing.map(|word| format!("no title, which begins with {word:?}")).into_iter().collect()
}

/// The key that leads on is named, in the footer or in the box in front.
fn no_primary_key(model: &Model, shown: &Shown) -> Vec<String> {
    if model.notice.is_some() {
        return Vec::new();
    }
    let bindings = keymap(model);
    let first = bindings.iter().filter(|binding| binding.enabled && binding.priority < HELP_ONLY);
    let Some(first) = first.min_by_key(|binding| binding.priority) else { return Vec::new() };
    let key = first.keys.first().map(ToString::to_string).unwrap_or_default();
    let hint = format!("{key} {}", (first.label)(shown.lang));
    if shown.text.contains(&hint) { Vec::new() } else { vec![format!("the first key is not named: {hint:?}")] }
}

/// Where one size shows what has the focus, every size does, but behind a notice.
fn no_focus(model: &Model, picture: &Shown, all: &[Shown]) -> Vec<String> {
    let shows = model.notice.is_none() && all.iter().any(|other| other.cursor.is_some());
    if shows && picture.cursor.is_none() { vec!["the focus does not show".into()] } else { Vec::new() }
}

/// What is to be compared is whole or left out: ids, dates, numbers, hosts, tables. A field that is typed in shows what is
/// around its cursor.
fn cut_values(picture: &Shown, whole: &BTreeSet<&str>) -> Vec<String> {
    let typed = picture.cursor.map(|at| usize::from(at.y));
    let lines = picture.text.lines().enumerate().filter(|(y, _)| typed != Some(*y));
    let cut = lines.flat_map(|(_, line)| words(line)).filter_map(|word| {
        let (stem, _) = word.split_once('…')?;
        let stem = stem.trim_start_matches(['(', '"', '\'']);
        let cuts = |other: &&&str| other.trim_start_matches(['(', '"', '\'']).starts_with(stem) && **other != word;
        let other = whole.iter().find(cuts).filter(|other| is_compared(other) && !stem.is_empty());
        let looks_cut = stem.chars().count() > 2 && is_compared(stem);
        (other.is_some() || looks_cut).then(|| format!("{word:?} is cut out of {:?}", other.unwrap_or(&"?")))
    });
    cut.collect()
}

/// Whether an admin compares this with something elsewhere.
fn is_compared(word: &str) -> bool {
    let digits = word.chars().filter(char::is_ascii_digit).count();
    let is_host =
        word.split('.').filter(|part| !part.is_empty() && part.chars().all(char::is_alphanumeric)).count() > 2;
    digits > 2 || is_host || word.ends_with("_CL")
}

/// All texts as they are written.
static TEXTS: LazyLock<String> = LazyLock::new(|| sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/texts")));

/// What stands around the values of the texts that end with a value and `…`.
static TEMPLATES: LazyLock<Vec<Vec<&'static str>>> = LazyLock::new(|| {
    let literal = |(at, _): (usize, &str)| TEXTS[..at].rsplit('"').next().unwrap_or_default();
    let after = |(nth, part): (usize, &'static str)| match nth {
        0 => part,
        _ => part.split_once('}').map_or("", |(_, after)| after),
    };
    let around = |text: &'static str| text.split('{').enumerate().map(after);
    TEXTS.match_indices("}…\"").map(literal).map(|text| around(text).collect()).collect()
});

/// Whether a line is one of these texts.
fn is_template(line: &str) -> bool {
    TEMPLATES.iter().any(|parts| {
        let mut rest = line;
        parts.iter().all(|part| rest.split_once(part).inspect(|(_, after)| rest = after).is_some())
    })
}

/// What itsmc itself says in a line of a list or a tile is whole. Such words are other ones in the other language; what came
/// from elsewhere, such as a title, is the same in both.
fn cut_words(picture: &Shown, same: &[Shown], other: &[Shown]) -> Vec<String> {
    // Of a title that is cut elsewhere in the other language, some words before its end show there as well.
    let is_foreign = |words: &[&str]| {
        let shows = |words: &[&str]| other.iter().any(|other| other.text.contains(words.join(" ").trim()));
        let last = words.len().saturating_sub(3);
        let is_script = |c: char| c.is_alphabetic() && u32::from(c) > 0x24f;
        shows(&words[last..])
            || words[last..].iter().any(|word| word.contains(is_script))
            || words.windows(3).rev().skip(1).take(2).any(shows)
    };
    let seen = |words: &str| same.iter().any(|one| one.text.contains(words));
    let Some(largest) = same.last() else { return Vec::new() };
    // A word of progress, such as `checking…`, is written so; a cut may fall between clauses; and behind a blank it says that lines
    // are left out.
    let is_progress = |phrase: &str| {
        let words = format!("{phrase}…");
        TEXTS.contains(&format!("{}…", phrase.rsplit(' ').next().unwrap_or_default()))
            || largest.text.lines().any(|line| line.ends_with(&words) && is_template(line))
    };
    let ends_whole = |phrase: &str, last: &str| {
        let at_clause = |end: &str| seen(&format!("{phrase}{end}")) || TEXTS.contains(&format!("{last}{end}"));
        phrase.ends_with(' ') || is_progress(phrase) || CLAUSE_ENDS.into_iter().any(at_clause)
    };
    let typed = picture.cursor.map(|at| usize::from(at.y));
    let lines = picture.text.lines().enumerate().filter(|(y, _)| typed != Some(*y));
    let cut =
        lines.flat_map(|(_, line)| line.match_indices('…').map(move |(at, _)| &line[..at])).filter_map(|before| {
            let phrase = before.rsplit(['│', '┃']).next().unwrap_or_default();
            let phrase = phrase.rsplit("  ").next().unwrap_or_default();
            let phrase = phrase.rsplit(" · ").next().unwrap_or_default();
            let words: Vec<_> = phrase.split(' ').collect();
            let last = words[words.len().saturating_sub(3)..].join(" ");
            let is_ours = last.chars().filter(|c| c.is_alphabetic()).count() > 2 && !is_foreign(&words);
            (is_ours && !ends_whole(phrase, &last)).then(|| format!("{phrase:?} is cut"))
        });
    cut.collect()
}

/// A word at the right edge, or at that of a frame, that ends before its end says so.
fn cut_silently(picture: &Shown, whole: &BTreeSet<&str>) -> Vec<String> {
    let width = usize::from(picture.size.0);
    let (frames, _) = frames(&cells(picture));
    let mut cut = Vec::new();
    for (y, line) in picture.text.lines().enumerate() {
        for (word, end) in words_with_ends(line) {
            let at_frame = frames.iter().any(|frame| frame.right == end && (frame.top..=frame.bottom).contains(&y));
            let longer = whole.iter().find(|other| other.starts_with(word) && other.len() > word.len());
            let is_word = word.chars().count() > 3 && word.chars().all(char::is_alphanumeric);
            let is_cut = (end == width || at_frame) && is_word && !whole.contains(word);
            cut.extend(longer.filter(|_| is_cut).map(|longer| format!("{word:?} is {longer:?} without its end")));
        }
    }
    cut
}

/// Two words that stand apart in the largest picture do not touch in another.
fn glued(picture: &Shown, whole: &BTreeSet<&str>) -> Vec<String> {
    let is_glued = |word: &&str| {
        !whole.contains(word)
            && word.char_indices().any(|(at, _)| {
                let (left, right) = word.split_at(at);
                let is_word = |part: &str| part.chars().count() > 3 && part.chars().all(char::is_alphanumeric);
                is_word(left) && is_word(right) && whole.contains(left) && whole.contains(right)
            })
    };
    words(&picture.text).filter(is_glued).map(|word| format!("{word:?} is two words")).collect()
}

/// The sides of a frame are whole, but where another frame lies over it.
fn open_frames(picture: &Shown) -> Vec<String> {
    let cells = cells(picture);
    let (closed, open) = frames(&cells);
    let is_side_or_covered = |x: usize, y: usize| {
        let covers = |frame: &Frame| (frame.left..=frame.right).contains(&x) && (frame.top..=frame.bottom).contains(&y);
        is_side(at(&cells, x, y)) || is_corner(at(&cells, x, y)) || closed.iter().any(covers)
    };
    let is_open = |frame: &&Frame| {
        !is_side_or_covered(frame.left, frame.bottom) || !is_side_or_covered(frame.right, frame.bottom)
    };
    let told = |frame: &Frame| format!("a frame at column {} is open in row {}", frame.left, frame.bottom);
    open.iter().filter(is_open).map(told).collect()
}

/// Where a frame stands, as far down as both of its sides do.
struct Frame {
    left: usize,
    top: usize,
    right: usize,
    bottom: usize,
}

/// The frames that are whole, and those that are not.
fn frames(cells: &[Vec<char>]) -> (Vec<Frame>, Vec<Frame>) {
    let mut found = Vec::new();
    for (top, row) in cells.iter().enumerate() {
        for (left, _) in row.iter().enumerate().filter(|(_, c)| **c == '╭') {
            let Some(right) = (left + 1..row.len()).find(|right| row[*right] == '╮') else { continue };
            let is_beside = |y: &usize| is_side(at(cells, left, *y)) && is_side(at(cells, right, *y));
            let bottom = (top + 1..cells.len()).find(|y| !is_beside(y)).unwrap_or(cells.len());
            found.push(Frame { left, top, right, bottom });
        }
    }
    let is_closed =
        |frame: &Frame| at(cells, frame.left, frame.bottom) == '╰' && at(cells, frame.right, frame.bottom) == '╯';
    found.into_iter().partition(is_closed)
}

fn at(cells: &[Vec<char>], x: usize, y: usize) -> char {
    cells.get(y).and_then(|row| row.get(x)).copied().unwrap_or(' ')
}

fn is_corner(c: char) -> bool {
    matches!(c, '╰' | '╯')
}

fn is_side(c: char) -> bool {
    matches!(c, '│' | '┃')
}

fn cells(picture: &Shown) -> Vec<Vec<char>> {
    let row = |line: &str| {
        let mut cells = Vec::new();
        for grapheme in line.graphemes(true) {
            cells.extend(grapheme.chars().next());
            cells.extend(std::iter::repeat_n(' ', text::width(grapheme).saturating_sub(1)));
        }
        cells
    };
    picture.text.lines().map(row).collect()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || "│┃╭╮╰╯─".contains(c)).filter(|word| !word.is_empty())
}

fn words_with_ends(line: &str) -> Vec<(&str, usize)> {
    let mut at = 0;
    let mut found = Vec::new();
    for part in line.split_inclusive(|c: char| c.is_whitespace() || "│┃╭╮╰╯─".contains(c)) {
        let word = part.trim_end_matches(|c: char| c.is_whitespace() || "│┃╭╮╰╯─".contains(c));
        if !word.is_empty() {
            found.push((word, at + text::width(word)));
        }
        at += text::width(part);
    }
    found
}
