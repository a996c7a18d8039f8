//! What a step shows: lines, the stretch of them in focus, and the cursor. What is said of the one in focus stands below it.

use std::ops::Range;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::texts::fault;
use crate::ui::app::model::Model;
use crate::ui::app::remedy::remedy;
use crate::ui::tui::clicks::{self, Choice};
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::view::put_cursor;
use crate::ui::tui::widgets::text;

/// The right end of a text, and of a line of two ends, is in this column at most.
const WIDEST_ENDS: usize = text::MEASURE;
/// From this height on what belongs to a line may always stand below it.
const ROOMY_FROM: u16 = 20;

/// The content of a step.
pub struct Sheet {
    /// The theme it is drawn in.
    pub theme: Theme,
    /// Cells in a line.
    pub room: usize,
    /// Whether there are lines to spare.
    pub roomy: bool,
    /// The lines in sight.
    pub height: usize,
    /// Cells that a text takes at most: prose is wrapped before the eye gets lost, lists of names need not be.
    pub widest: usize,
    explains: bool,
    explained: String,
    lines: Vec<Line<'static>>,
    focus: Range<usize>,
    choices: Vec<(Range<usize>, Choice)>,
    cursor: Option<(usize, usize)>,
}

impl Sheet {
    /// An empty sheet for this place.
    pub fn new(place: Rect, theme: Theme) -> Self {
        Self {
            theme,
            room: place.width.saturating_sub(1).into(),
            roomy: place.height >= ROOMY_FROM,
            height: place.height.into(),
            widest: WIDEST_ENDS,
            explains: false,
            explained: String::new(),
            lines: Vec::new(),
            focus: 0..0,
            choices: Vec::new(),
            cursor: None,
        }
    }

    /// What `write` writes, with every line explained where all of that has room at once, else the one in focus alone.
    pub fn explained(place: Rect, theme: Theme, write: impl Fn(&mut Self)) -> Self {
        let written = |explains| {
            let mut sheet = Self { explains, ..Self::new(place, theme) };
            write(&mut sheet);
            sheet
        };
        let whole = (place.height >= ROOMY_FROM).then(|| written(true));
        whole.filter(|sheet| sheet.lines.len() <= sheet.height).unwrap_or_else(|| written(false))
    }

    /// Whether this is to be told of a line: of the one in focus, and where there is room for all.
    pub fn tells(&self, focused: bool) -> bool {
        focused || self.explains
    }

    /// Adds what a line is for, where that is to be told. What several lines have in common is told once.
    pub fn about(&mut self, focused: bool, indent: usize, words: &str) {
        if self.tells(focused) && (focused || self.explained != words) {
            self.wrapped(Role::Dim, indent, words);
        }
        self.explained = words.to_owned();
    }

    /// Adds an empty line before a line that is explained below it.
    pub fn gap_if_explained(&mut self) {
        if self.explains {
            self.gap();
        }
    }

    /// Adds a line.
    pub fn push(&mut self, line: impl Into<Line<'static>>) {
        self.lines.push(line.into());
    }

    /// Adds an empty line, where there are lines to spare.
    pub fn gap(&mut self) {
        if self.roomy && !self.lines.is_empty() {
            self.lines.push(Line::default());
        }
    }

    /// Adds a heading.
    pub fn heading(&mut self, words: &str) {
        self.gap();
        self.wrapped(Role::Title, 1, words);
    }

    /// Adds a text in as many lines as it takes, after so many spaces.
    pub fn wrapped(&mut self, role: Role, indent: usize, words: &str) {
        let lines = wrapped(self.theme, role, indent, words, (self.room, self.widest));
        self.lines.extend(lines);
    }

    /// Adds a line of two ends, as [`Sheet::row`] does, the right one flush right, but no further away than the eye follows.
    pub fn ends(&mut self, left: Vec<Span<'static>>, right: Span<'static>, indent: usize, must_show: bool) {
        let used: usize = left.iter().map(Span::width).sum();
        let gap = self.room.min(WIDEST_ENDS).saturating_sub(used + right.width()).max(2);
        self.row(left, gap, right, indent, must_show);
    }

    /// Adds a line of two parts: what does not fit at the right stands below, or gives way where lines are dear.
    pub fn row(&mut self, left: Vec<Span<'static>>, gap: usize, right: Span<'static>, indent: usize, must_show: bool) {
        let used: usize = left.iter().map(Span::width).sum();
        if used + gap + right.width() <= self.room {
            self.push(Line::from_iter(left.into_iter().chain([Span::raw(" ".repeat(gap)), right])));
            return;
        }
        self.push(Line::from(left));
        if self.roomy || must_show {
            let indent = indent_for(&right.content, indent, self.room);
            for line in text::wrap(&right.content, self.room.saturating_sub(indent)) {
                self.push(Line::styled(format!("{}{line}", " ".repeat(indent)), right.style));
            }
        }
    }

    /// Adds a text behind a symbol; its further lines stand under the first one's words.
    pub fn bullet(&mut self, role: Role, indent: usize, symbol: &str, words: &str) {
        let style = self.theme.style(role);
        let room = readable(words, indent + 2, self.room, self.widest);
        let indent = indent_for(words, indent, room.saturating_sub(2));
        let lines = text::wrap(words, room.saturating_sub(indent + 2));
        for (index, line) in lines.iter().enumerate() {
            let symbol = if index == 0 { symbol } else { " " };
            self.push(Line::styled(format!("{}{symbol} {line}", " ".repeat(indent)), style));
        }
    }

    /// The number of the next line.
    pub fn next(&self) -> usize {
        self.lines.len()
    }

    /// Puts the focus on everything from line `from` on.
    pub fn focus_from(&mut self, from: usize) {
        self.focus = from..self.lines.len();
    }

    /// Everything from line `from` on is a choice that takes clicks; the one in focus is kept in sight.
    pub fn choice(&mut self, from: usize, choice: Choice) {
        self.choices.push((from..self.lines.len(), choice));
        if choice != Choice::Other {
            self.focus_from(from);
        }
    }

    /// Puts the cursor into a line.
    pub fn cursor_at(&mut self, line: usize, column: usize) {
        self.cursor = Some((line, column));
    }

    /// Says what went wrong, why, and what fixes it.
    pub fn fault(&mut self, lang: Lang, found: &Fault, indent: usize) {
        self.fault_with(lang, found, &fault::remedy(lang, found), indent);
    }

    /// The same, with the keys of the screen in front before the commands that they do as well.
    pub fn fault_here(&mut self, model: &Model, found: &Fault, indent: usize) {
        self.fault_with(model.lang, found, &remedy(model, found), indent);
    }

    /// The same, with a way on that only this screen knows.
    pub fn fault_with(&mut self, lang: Lang, found: &Fault, remedy: &str, indent: usize) {
        let (role, mark) = if found.is_wait() { (Role::Warning, "▲") } else { (Role::Error, "✗") };
        self.bullet(role, indent, mark, &fault::summary(lang, found));
        self.wrapped(Role::Normal, indent + 2, &fault::cause(lang, found));
        self.bullet(Role::Normal, indent, "→", remedy);
    }

    /// Draws it; the focus is kept in sight, and arrows tell that there is more.
    pub fn draw(self, frame: &mut Frame<'_>, place: Rect, scrolled: usize, theme: Theme) {
        let height = usize::from(place.height);
        let top = top(&self.focus, self.lines.len(), height, scrolled);
        let below = self.lines.len().saturating_sub(top + height);
        let lines: Vec<_> = self.lines.into_iter().skip(top).take(height).collect();
        let width = u16::try_from(self.room).unwrap_or(place.width);
        frame.render_widget(Paragraph::new(lines), Rect { width, ..place });
        for (lines, choice) in self.choices {
            let (first, end) = (lines.start.max(top), lines.end.min(top + height));
            let offset = |line: usize| u16::try_from(line.saturating_sub(top)).unwrap_or(u16::MAX);
            let (y, height) = (place.y.saturating_add(offset(first)), offset(end).saturating_sub(offset(first)));
            clicks::note(frame.buffer_mut(), Rect { y, height, width, ..place }, choice, first == lines.start);
        }
        arrows(frame, place, width, (top > 0, below > 0), theme);
        let focused = (!self.focus.is_empty()).then_some((self.focus.start, 1));
        let is_shown = |(line, _): &(usize, usize)| (top..top + height).contains(line);
        if let Some((line, column)) = self.cursor.filter(is_shown).or(focused.filter(is_shown)) {
            let offset = |at: usize| u16::try_from(at).unwrap_or(u16::MAX);
            let (x, y) = (place.x.saturating_add(offset(column)), place.y.saturating_add(offset(line - top)));
            put_cursor(frame, Position { x, y });
        }
    }
}

/// The cells that a text behind so many takes of its room: as prose, or no more than these.
fn readable(words: &str, indent: usize, room: usize, widest: usize) -> usize {
    if widest == text::MEASURE { text::measure(words, indent, room) } else { room.min(widest) }
}

/// The indentation, less where a word that is to stay whole, such as a GUID, needs the room.
fn indent_for(words: &str, indent: usize, room: usize) -> usize {
    let fitting = words.split_whitespace().map(text::width).filter(|width| *width <= room);
    indent.min(room.saturating_sub(fitting.max().unwrap_or(0)))
}

fn wrapped(theme: Theme, role: Role, indent: usize, words: &str, (room, widest): (usize, usize)) -> Vec<Line<'static>> {
    let room = readable(words, indent, room, widest);
    let indent = indent_for(words, indent, room);
    let style = theme.style(role);
    let lines = text::wrap(words, room.saturating_sub(indent));
    lines.into_iter().map(|line| Line::styled(format!("{}{line}", " ".repeat(indent)), style)).collect()
}

/// The first line in sight: the first one where that leaves the focus in sight, else the focus in the middle; and from there so
/// many lines on, no empty space at either end.
fn top(focus: &Range<usize>, lines: usize, height: usize, scrolled: usize) -> usize {
    let most = lines.saturating_sub(height);
    let spare = if focus.end <= height { focus.start * 2 } else { height.saturating_sub(focus.len()) };
    (focus.start.saturating_sub(spare / 2).min(most) + scrolled).min(most)
}

/// Says by arrows in this column that there are lines above or below those in sight.
pub fn arrows(frame: &mut Frame<'_>, place: Rect, column: u16, more: (bool, bool), theme: Theme) {
    let x = place.x.saturating_add(column);
    // An arrow does not touch what stands in its line, where one of the lines beside it has room.
    let lines = |from: u16, to: u16| [from, (from + to) / 2, to];
    let (top, last) = (place.top(), place.bottom().saturating_sub(1));
    let near = 2.min(place.height.saturating_sub(1) / 2);
    let ends = [(more.0, lines(top, top + near), "↑"), (more.1, lines(last, last.saturating_sub(near)), "↓")];
    let style = theme.style(Role::Accent);
    for (_, lines, arrow) in ends.into_iter().filter(|(more, ..)| *more) {
        let is_free = |y: &u16| {
            let beside = x.checked_sub(1).and_then(|x| frame.buffer_mut().cell((x, *y)).cloned());
            beside.is_none_or(|cell| cell.symbol().trim().is_empty())
        };
        let y = lines.into_iter().find(is_free).unwrap_or(lines[0]);
        if let Some(cell) = frame.buffer_mut().cell_mut((x, y)) {
            cell.set_symbol(arrow).set_style(style);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_no_wider_than_the_eye_follows_and_long_words_stay_whole() {
        let mut sheet = Sheet::new(Rect::new(0, 0, 200, 60), Theme::Colour);
        sheet.wrapped(Role::Normal, 3, &"word ".repeat(60));
        sheet.bullet(Role::Normal, 3, "·", &"word ".repeat(60));
        assert!(sheet.lines.iter().all(|line| line.width() <= WIDEST_ENDS));
        let id = "i".repeat(150);
        let from = sheet.next();
        sheet.wrapped(Role::Normal, 3, &id);
        sheet.bullet(Role::Normal, 3, "·", &id);
        let last: Vec<_> = sheet.lines[from..].iter().map(ToString::to_string).collect();
        assert_eq!(last, [format!("   {id}"), format!("   · {id}")]);
    }

    #[test]
    fn the_focus_is_kept_in_sight() {
        assert_eq!(top(&(0..2), 5, 9, 3), 0, "everything fits");
        assert_eq!(top(&(0..2), 20, 9, 0), 0);
        assert_eq!(top(&(10..12), 20, 9, 0), 7);
        assert_eq!(top(&(19..20), 20, 9, 4), 11);
        assert_eq!(top(&(5..30), 40, 9, 0), 5, "a long one from its beginning");
        assert_eq!(top(&(5..30), 40, 9, 4), 9, "and on from there");
    }
}
