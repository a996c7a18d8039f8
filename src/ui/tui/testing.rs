//! Snapshots of screens: text and styles, in every size, language and theme.
//!
//! `snapshots("dashboard/empty", &model)` compares with the files under `src/ui/tui/snapshots/dashboard/`, one for
//! each size and language, with the styles of both themes below the text. To write them again:
//! `INSTA_UPDATE=always cargo test --lib tui`, then read the diff.

use std::fmt::Write as _;
use std::ops::Range;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Position;
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

use super::clicks;
use super::gallery;
use super::theme::Theme;
use super::view;
use crate::model::charset::Charset;
use crate::model::lang::Lang;
use crate::ui::app::effect::Effect;
use crate::ui::app::key::{Code, Key};
use crate::ui::app::keymap;
use crate::ui::app::meanings::assert_one_meaning;
use crate::ui::app::message::Message;
use crate::ui::app::model::Model;
use crate::ui::app::screens::Action;
use crate::ui::app::update::update;

/// The sizes of every snapshot.
pub const SIZES: [(u16, u16); 3] = [(40, 12), (80, 24), (120, 40)];
/// The size of a wide terminal, in which one state of each screen has a snapshot.
pub const WIDE: (u16, u16) = (200, 60);
/// Those states.
const SHOWN_WIDE: [&str; 19] = [
    "connection/checklist",
    "connection/filter",
    "connection/fix-preview",
    "connection/test-failed",
    "deploy/filled",
    "frame/help",
    "passphrase/choose",
    "preferences/theme",
    "rule-wizard/match",
    "rule-wizard/review",
    "settings/form",
    "wizard/checklist",
    "wizard/details-filled",
    "wizard/offer",
    "wizard/partner",
    "wizard/prerequisites",
    "wizard/review",
    "wizard/sync-done",
    "wizard/test-failed",
];

/// Compares the model's screen with its snapshots in every size, language and theme. `name` is
/// `screen/state`.
pub fn snapshots(name: &str, model: &Model) {
    let wide = SHOWN_WIDE.contains(&name).then_some(WIDE);
    for (size, lang) in SIZES.into_iter().chain(wide).flat_map(|size| [(size, Lang::En), (size, Lang::Nl)]) {
        snapshot(name, model, size, lang);
    }
}

/// The same in one size and language. In all others the picture keeps the rules of the gallery.
pub fn snapshot(name: &str, model: &Model, size: (u16, u16), lang: Lang) {
    gallery::visit(name, model);
    let (folder, state) = name.split_once('/').expect("a snapshot's name is screen/state");
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(format!("snapshots/{folder}"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let file = format!("{state}-{}x{}-{}", size.0, size.1, lang.pick("en", "nl"));
    settings.bind(|| insta::assert_snapshot!(file, dump(model, size, lang)));
}

/// The screen as text, then what is styled in colour and in mono. The text is the same in both, and mono has
/// no colour: both are asserted.
pub fn dump(model: &Model, size: (u16, u16), lang: Lang) -> String {
    let (colour, cursor) = render(model, size, lang, Theme::Colour);
    let (mono, _) = render(model, size, lang, Theme::Mono);
    assert_eq!(text(&colour), text(&mono), "the themes differ in more than style");
    assert_named_keys_work(model, &text(&colour), lang);
    assert_one_meaning(model);
    assert!(!styles(&mono).contains("on ") && mono.content.iter().all(|cell| cell.fg == Color::Reset));
    let has_focus = colour.content.iter().any(|cell| cell.modifier.contains(Modifier::REVERSED));
    assert!(cursor.is_some() || !has_focus, "the cursor stands where the focus is");
    let cursor = cursor.map_or_else(|| "hidden".to_owned(), |at| format!("row {} column {}", at.y, at.x));
    format!("{}\ncursor: {cursor}\n\ncolour:\n{}\nmono:\n{}", text(&colour), styles(&colour), styles(&mono))
}

/// Every key that a text tells the user to press does something on a screen of the stack, or on the screen below as
/// soon as Esc has closed what is asked. A key that the text says is for another moment is left out, and so is a screen
/// that waits for something that cannot be left.
fn assert_named_keys_work(model: &Model, screen: &str, lang: Lang) {
    if keymap::keymap(model).iter().all(|binding| binding.action != Action::Back && binding.action != Action::Quit) {
        return;
    }
    let closed = std::iter::successors(Some(model.clone()), |model| {
        let mut model = model.clone();
        update(&mut model, Message::Key(Key::new(Code::Esc)));
        Some(model)
    });
    let bindings: Vec<_> = closed
        .take(3)
        .flat_map(|model| model.screens().flat_map(|screen| keymap::of(&model, screen)).collect::<Vec<_>>())
        .collect();
    // What lies below a box is cut off by it in the middle of a sentence.
    let of_box: Vec<_> = screen.lines().filter_map(|line| Some(line.split_once('│')?.1.rsplit_once('│')?.0)).collect();
    let told = if gallery::has_box(model) { of_box.join("\n") } else { screen.to_owned() };
    for Named { key, to } in named_keys(&told, lang) {
        let does = bindings.iter().filter(|binding| binding.keys.iter().any(|one| one.to_string() == key));
        let labels: Vec<_> = does.map(|binding| (binding.label)(lang)).collect();
        assert!(!labels.is_empty(), "{key:?} does nothing here:\n{screen}");
        let is_told = to.is_empty() || labels.iter().any(|label| shares_a_word(label, &to));
        assert!(is_told, "{key:?} is told to do {to:?}, and the footer says {labels:?}:\n{screen}");
    }
}

/// Whether a text tells what a key does in a word of its label. Dutch writes the parts of a verb apart: "meld u aan" is "aanmelden".
fn shares_a_word(label: &str, text: &[String]) -> bool {
    let is_same = |one: &str, other: &str| {
        let head: String = stem(one).chars().take(4).collect();
        sounds(other).starts_with(&head) || (other.chars().count() > 3 && sounds(one).contains(&stem(other)))
    };
    // "in" and "to" say nothing.
    let label = label.to_lowercase();
    let mut words = label.split([' ', '/']).filter(|word| word.chars().count() > 2);
    words.any(|one| text.iter().any(|other| is_same(one, other)))
}

/// A word without what its forms differ in: "leest" is of "lezen".
fn stem(word: &str) -> String {
    let word = sounds(word);
    let mut ends = ["en", "es", "e", "s", "t"].into_iter().filter_map(|end| word.strip_suffix(end));
    ends.find(|stem| stem.chars().count() > 2).unwrap_or(&word).to_owned()
}

/// A word with single letters, and the consonants that Dutch writes otherwise at the end of a syllable.
fn sounds(word: &str) -> String {
    let mut letters: Vec<_> = word.chars().map(|c| if c == 'z' { 's' } else { c }).collect();
    letters.dedup();
    letters.into_iter().map(|c| if c == 'v' { 'f' } else { c }).collect()
}

/// A key that a text names, and the words that tell what it does.
struct Named {
    key: String,
    to: Vec<String>,
}

/// A word of the screen.
#[derive(Clone, Copy)]
struct Word<'a> {
    text: &'a str,
    /// Whether a clause begins with it.
    begins: bool,
}

impl Word<'_> {
    fn ends_clause(&self) -> bool {
        self.text.ends_with(['.', ';', ':', ')', ','])
    }

    fn bare(&self) -> String {
        self.text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
    }
}

/// The words of the screen without frames and marks.
fn words(screen: &str) -> Vec<Word<'_>> {
    let mut words: Vec<Word<'_>> = Vec::new();
    for line in screen.lines() {
        // What stands apart, behind a mark or in another cell, is no part of what stands before it.
        let mut apart = false;
        for text in line.split(' ') {
            if text.contains(char::is_alphanumeric) {
                let begins = apart || words.last().is_none_or(Word::ends_clause);
                words.push(Word { text, begins });
                apart = false;
            } else {
                apart = true;
            }
        }
    }
    words
}

/// The words from here to the end of the clause; none where that is not on the screen.
fn clause(words: &[Word<'_>]) -> Vec<String> {
    // A box may have no room for its end.
    let end = words.iter().position(Word::ends_clause).map_or(0, |at| at + 1);
    told(&words[..end])
}

/// The words of the clause that ends here.
fn clause_before(words: &[Word<'_>]) -> Vec<String> {
    let begin = words.iter().rposition(|word| word.begins).unwrap_or_default();
    told(&words[begin..])
}

/// The words alone: "Azure-meldingen" are two.
fn told(words: &[Word<'_>]) -> Vec<String> {
    words.iter().flat_map(|word| word.bare().split('-').map(str::to_owned).collect::<Vec<_>>()).collect()
}

/// The keys that the texts say to press now, or tell what they do.
fn named_keys(screen: &str, lang: Lang) -> Vec<Named> {
    let words = words(screen);
    let pressed = (0..words.len()).filter_map(|at| to_press(&words, at, lang));
    let acting = (1..words.len()).filter_map(|at| acting(&words, at, lang));
    let in_brackets = (0..words.len())
        .filter_map(|at| Some(Named { key: in_brackets(words[at].text)?, to: clause_before(&words[..at]) }));
    pressed.chain(acting).chain(in_brackets).collect()
}

/// The key of "press R to sign in" and the like.
fn to_press(words: &[Word<'_>], at: usize, lang: Lang) -> Option<Named> {
    let word = |at: usize| words.get(at).map_or("", |word| word.text);
    let told = lang.pick(&["press"][..], &["druk", "op"][..]);
    let is_told = told.iter().enumerate().all(|(nth, told)| word(at + nth).eq_ignore_ascii_case(told));
    let (before, key, next) = (at.checked_sub(1).map_or("", word), word(at + told.len()), word(at + told.len() + 1));
    let is_for_later = ["later", "saving,", "opslaan", "or", "of"].contains(&before) || ["on", "in"].contains(&next);
    let key = key_name(key.trim_end_matches(['.', ',', ':', ';']))?;
    let tells = lang.pick(&["to", "for"][..], &["om", "voor"][..]).contains(&next);
    let rest = words.get(at + told.len() + 2..).filter(|_| tells).unwrap_or_default();
    (is_told && !is_for_later).then(|| Named { key, to: clause(rest) })
}

/// The key of "p shows what is missing": it begins a clause, and a verb follows.
fn acting(words: &[Word<'_>], at: usize, lang: Lang) -> Option<Named> {
    let (key, verb) = (words[at - 1], words[at]);
    let name = key.text.trim_start_matches('(');
    let bare = verb.text.trim_end_matches([',', '.', ';', ':', ')']);
    let is_verb = bare.chars().count() > 2
        && bare.chars().all(char::is_lowercase)
        && bare.ends_with(lang.pick("s", "t"))
        && !lang.pick(&["its", "this"][..], &["dat", "het", "met", "niet", "wat"][..]).contains(&bare)
        && !verb.begins;
    // In Dutch "u" is the reader.
    let is_key = key.begins || name.len() < key.text.len();
    let key = key_name(name)
        .filter(|key| key.starts_with(char::is_alphabetic) && !key.eq_ignore_ascii_case(lang.pick("", "u")))?;
    // Esc goes back, whatever that means there.
    let to = if key == "esc" { Vec::new() } else { clause(&words[at..]) };
    (is_key && is_verb).then_some(Named { key, to })
}

/// A key as the footer names it.
fn key_name(word: &str) -> Option<String> {
    let name = if word.chars().count() > 1 { word.to_lowercase() } else { word.to_owned() };
    let name = if name == "spatie" { "space".to_owned() } else { name };
    let is_key = name.chars().count() == 1 || ["enter", "esc", "space", "tab"].contains(&name.as_str());
    is_key.then_some(name)
}

/// The key of `(z)`, and the first of `(z, e)`.
fn in_brackets(word: &str) -> Option<String> {
    let (key, rest) = word.strip_prefix('(')?.split_at_checked(1)?;
    let is_key = key.starts_with(char::is_alphabetic) && rest.starts_with([')', ',']);
    is_key.then(|| key.to_owned())
}

/// The screen's text alone, without spaces at the ends of lines.
pub fn screen(model: &Model, size: (u16, u16)) -> String {
    text(&render(model, size, model.lang, Theme::Colour).0)
}

/// The screen in ASCII, compared with its snapshot.
pub fn snapshot_in_ascii(name: &str, model: &Model, size: (u16, u16)) {
    let model = &model.clone().with(|facts| facts.charset = Charset::Ascii);
    let (mut buffer, _) = render(model, size, model.lang, Theme::Mono);
    view::show_in(&mut buffer, Charset::Ascii);
    let shown = text(&buffer);
    assert!(shown.is_ascii(), "{shown}");
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("snapshots/ascii");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, shown));
}

/// The text from the cursor to the end of its row.
pub fn at_cursor(model: &Model, size: (u16, u16)) -> Option<String> {
    let (buffer, cursor) = render(model, size, model.lang, Theme::Colour);
    let at = cursor?;
    let row = rows(&buffer).nth(usize::from(at.y))?;
    Some(row_text(&row[usize::from(at.x)..]))
}

/// Clicks on the first of these words on the screen.
pub fn click(model: &mut Model, words: &str) -> Vec<Effect> {
    let shown = screen(model, model.size);
    let found = shown.lines().enumerate().find_map(|(row, line)| Some((line.split_once(words)?.0.width(), row)));
    let (column, row) = found.unwrap_or_else(|| panic!("no {words:?}:\n{shown}"));
    click_at(model, column.try_into().expect("a column"), row.try_into().expect("a row"))
}

/// Clicks in this column and row.
pub fn click_at(model: &mut Model, column: u16, row: u16) -> Vec<Effect> {
    let message = clicks::read(model, column, row);
    update(model, message)
}

/// Draws the model as it is after a resize to `size`; the cursor's place, if it shows.
pub fn render(model: &Model, size: (u16, u16), lang: Lang, theme: Theme) -> (Buffer, Option<Position>) {
    let mut model = model.clone().with(|facts| facts.lang = lang);
    update(&mut model, Message::Resize(size.0, size.1));
    let mut terminal = Terminal::new(TestBackend::new(size.0, size.1)).expect("the test backend opens");
    let mut shown = false;
    terminal.draw(|frame| view::draw(frame, &model, theme)).expect("the test backend draws");
    let backend = terminal.backend_mut();
    shown |= backend.cursor_visible();
    let cursor = backend.cursor_position();
    (backend.buffer().clone(), shown.then_some(cursor))
}

/// The text of all rows.
pub fn text(buffer: &Buffer) -> String {
    rows(buffer).map(|row| row_text(row) + "\n").collect()
}

fn rows(buffer: &Buffer) -> impl Iterator<Item = &[Cell]> {
    buffer.content.chunks(usize::from(buffer.area.width.max(1)))
}

/// A row's text; the cell behind a wide character belongs to it.
fn row_text(row: &[Cell]) -> String {
    let mut out = String::new();
    let mut at = 0;
    while at < row.len() {
        let symbol = row[at].symbol();
        assert!(at + symbol.width().max(1) <= row.len(), "a wide character hangs over the edge");
        out.push_str(symbol);
        at += symbol.width().max(1);
    }
    out.trim_end().to_owned()
}

/// The styled stretches of each row, such as `3: 1-6 bold cyan; 9-12 reversed`; plain rows are left out.
fn styles(buffer: &Buffer) -> String {
    let mut out = String::new();
    for (number, row) in rows(buffer).enumerate() {
        let runs: Vec<_> = runs(row).into_iter().filter(|(_, style)| !style.is_empty()).collect();
        if !runs.is_empty() {
            let shown = runs.iter().map(|(cells, style)| format!("{}-{} {style}", cells.start, cells.end - 1));
            let _ = writeln!(out, "{number}: {}", shown.collect::<Vec<_>>().join("; "));
        }
    }
    out
}

fn runs(row: &[Cell]) -> Vec<(Range<usize>, String)> {
    let mut runs: Vec<(Range<usize>, String)> = Vec::new();
    for (at, cell) in row.iter().enumerate() {
        let style = style(cell);
        match runs.last_mut() {
            Some((cells, last)) if *last == style => cells.end = at + 1,
            _ => runs.push((at..at + 1, style)),
        }
    }
    runs
}

fn style(cell: &Cell) -> String {
    let modifiers = [
        (Modifier::BOLD, "bold"),
        (Modifier::DIM, "dim"),
        (Modifier::ITALIC, "italic"),
        (Modifier::UNDERLINED, "underlined"),
        (Modifier::REVERSED, "reversed"),
    ];
    let mut words: Vec<String> = modifiers
        .into_iter()
        .filter(|(modifier, _)| cell.modifier.contains(*modifier))
        .map(|(_, word)| word.into())
        .collect();
    if cell.fg != Color::Reset {
        words.push(cell.fg.to_string().to_lowercase());
    }
    if cell.bg != Color::Reset {
        words.push(format!("on {}", cell.bg.to_string().to_lowercase()));
    }
    words.join(" ")
}
