//! A box over a screen: where it stands, and what it leaves of the words below it.
//!
//! One rule for every box: the choice in focus below it stays in sight by its name, then as much of that choice as possible, then
//! as many lines as possible. Words that the box would leave half are taken away.

use std::ops::Range;

use ratatui::Frame;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::Span;
use ratatui::widgets::{Block, BorderType, Borders, Clear};

use super::clicks;
use super::theme::{Role, Theme};
use super::view;
use super::widgets::{hints, text};
use crate::ui::app::model::Model;

/// The words in focus that stay in sight, at most: a name, not the whole line.
const NAME: u16 = 16;
/// A text that goes on above or below a box has so many lines there at most; more are a list.
const LINES_OF_A_TEXT: usize = 6;
/// Blanks between two phrases of a line.
const GAP: u16 = 2;
/// Cells between the frame of a box and its text, at each side.
const MARGIN: u16 = 1;

/// A box to be opened.
pub struct Over<'a> {
    /// What stands in its frame.
    pub title: &'a str,
    /// Its columns at most.
    pub widest: u16,
    /// How many lines it has to show.
    pub lines: usize,
    /// How many of them are scrolled out at the top.
    pub top: usize,
    /// The sides that have a frame.
    pub borders: Borders,
}

impl Over<'_> {
    /// Opens it over `area`, as high as its lines; the place for them, and how many are scrolled out at the top.
    pub fn open(&self, frame: &mut Frame<'_>, area: Rect, model: &Model, theme: Theme) -> (Rect, usize) {
        let height = u16::try_from(self.lines + 2).unwrap_or(u16::MAX);
        let place = in_sight(frame.buffer_mut(), area, (self.widest, height));
        quieten(frame.buffer_mut(), area, place);
        self.open_at(frame, place, model, theme)
    }

    /// The same at this place.
    pub fn open_at(&self, frame: &mut Frame<'_>, place: Rect, model: &Model, theme: Theme) -> (Rect, usize) {
        let rows = usize::from(place.height.saturating_sub(2));
        let top = self.top.min(self.lines.saturating_sub(rows));
        let title = text::clip(self.title, usize::from(place.width.saturating_sub(6)));
        let mut block = Block::new()
            .borders(self.borders)
            .border_type(BorderType::Rounded)
            .border_style(theme.style(Role::Accent))
            .title(Span::styled(format!(" {title} "), theme.style(Role::Title)));
        if top + rows < self.lines {
            block = block.title_bottom(hints::more(model).right_aligned());
        }
        clear(frame, place);
        frame.render_widget(block, place);
        let side = 1 + MARGIN;
        let inner = Rect {
            x: place.x + side.min(place.width),
            y: place.y + 1.min(place.height),
            width: place.width.saturating_sub(2 * side),
            height: place.height.saturating_sub(2),
        };
        view::put_cursor(frame, inner.as_position());
        (inner, top)
    }
}

/// Empties the place of a box. What lies below takes no clicks, beside it neither.
pub fn clear(frame: &mut Frame<'_>, place: Rect) {
    clicks::forget(frame.buffer_mut());
    wipe(frame, place);
}

/// Empties the place, and the left half of any wide character that reaches into it.
pub fn wipe(frame: &mut Frame<'_>, place: Rect) {
    frame.render_widget(Clear, place);
    let Some(beside) = place.x.checked_sub(1) else {
        return;
    };
    for y in place.top()..place.bottom() {
        if let Some(cell) = frame.buffer_mut().cell_mut((beside, y)).filter(|cell| text::width(cell.symbol()) > 1) {
            cell.set_symbol(" ");
        }
    }
}

/// What a line costs that a box would cover: cells of the name in focus, other cells of what has the focus, and 1 where it has words
/// or 2 where it is the edge of a frame.
type Cost = (usize, usize, usize);

/// Where a box of this size stands over `area`, made lower by a third at most where that keeps the name in focus in sight.
fn in_sight(buffer: &Buffer, area: Rect, (width, height): (u16, u16)) -> Rect {
    let name = name(buffer, area);
    let highest = height.min(area.height);
    let lower = (highest - highest / 3..=highest).rev().map(|height| place(buffer, area, (width, height)));
    let kept = lower.into_iter().find(|place| !place.intersects(name));
    kept.unwrap_or_else(|| place(buffer, area, (width, height)))
}

/// Where a box of this size stands over `area`: in the middle, unless another place leaves more in sight.
fn place(buffer: &Buffer, area: Rect, (width, height): (u16, u16)) -> Rect {
    let (width, height) = (width.min(area.width), height.min(area.height));
    let name = name(buffer, area);
    let middle = area.y + (area.height - height) / 3;
    let columns = [area.x + (area.width - width) / 2, area.right() - width, area.x];
    let mut best: Option<((Cost, usize, u16), Rect)> = None;
    for (nth, x) in columns.into_iter().enumerate() {
        let lines: Vec<Cost> = (area.top()..area.bottom()).map(|y| cost(buffer, (x..x + width, y), name)).collect();
        for (from, covered) in lines.windows(usize::from(height).max(1)).enumerate() {
            let y = area.y + u16::try_from(from).unwrap_or(u16::MAX);
            let sum = |of: fn(&Cost) -> usize| covered.iter().map(of).sum::<usize>();
            let cost = ((sum(|cost| cost.0), sum(|cost| cost.1), sum(|cost| cost.2)), nth, y.abs_diff(middle));
            if best.is_none_or(|(least, _)| cost < least) {
                best = Some((cost, Rect { x, y, width, height }));
            }
        }
    }
    best.map_or(Rect { width, height, ..area }, |(_, place)| place)
}

fn cost(buffer: &Buffer, (columns, y): (Range<u16>, u16), name: Rect) -> Cost {
    let cells = || columns.clone().filter_map(|x| Some((x, buffer.cell((x, y))?)));
    let named = cells().filter(|(x, _)| name.contains((*x, y).into())).count();
    let focused = cells().filter(|(_, cell)| clicks::has_focus(cell)).count();
    let is_edge = cells().filter(|(_, cell)| is_frame(cell)).count() * 2 > columns.len();
    (named, focused, if is_edge { 2 } else { usize::from(cells().any(|(_, cell)| has_words(cell))) })
}

/// The name of what has the focus: the beginning of what is drawn so, or of the line of the cursor.
fn name(buffer: &Buffer, area: Rect) -> Rect {
    let positions = || area.positions().filter_map(|at| Some((at, buffer.cell(at)?)));
    let is_focus = |cell: &Cell| cell.modifier.contains(Modifier::REVERSED) && has_words(cell);
    let reversed = positions().find(|(_, cell)| is_focus(cell)).map(|(at, _)| at);
    let typed = || positions().find(|(_, cell)| view::has_cursor(cell)).map(|(at, _)| at);
    let line = |y: u16| positions().find(|(at, cell)| at.y == y && has_words(cell)).map(|(at, _)| at);
    match reversed.or_else(|| typed().and_then(|at| line(at.y))) {
        Some(at) => Rect { width: NAME.min(area.right() - at.x), height: 1, x: at.x, y: at.y },
        None => Rect::ZERO,
    }
}

fn is_blank(cell: &Cell) -> bool {
    cell.symbol().trim().is_empty()
}

/// Whether this is a piece of a frame.
fn is_frame(cell: &Cell) -> bool {
    cell.symbol().chars().all(|c| ('\u{2500}'..='\u{257f}').contains(&c))
}

fn has_words(cell: &Cell) -> bool {
    !is_blank(cell) && !is_frame(cell)
}

/// Takes away what a box at this place would leave half: the rest of the words beside it, and of a text that goes on above or
/// below it. What has the focus stays as it is.
fn quieten(buffer: &mut Buffer, area: Rect, place: Rect) {
    for headless in headless(buffer, area, place) {
        headless.positions().for_each(|at| buffer.cell_mut(at).into_iter().for_each(Cell::reset));
    }
    let covered: Vec<_> = (place.top()..place.bottom()).map(|y| phrases(buffer, area, y, &place)).collect();
    let goes_on = |covered: Option<&Vec<Range<u16>>>| covered.is_some_and(|phrases| !phrases.is_empty());
    let is_text = |buffer: &Buffer, y: u16| {
        let is_choice = |x: u16| buffer.cell((x, y)).is_some_and(clicks::is_choice);
        let in_frame = |x: u16| buffer.cell((x, y)).is_some_and(is_frame);
        let phrases = phrases(buffer, area, y, &place);
        let is_free = !(place.left()..place.right()).any(|x| is_choice(x) || in_frame(x));
        (!phrases.is_empty() && is_free).then_some(phrases)
    };
    let text = |lines: &mut dyn Iterator<Item = u16>| -> Vec<(u16, Vec<Range<u16>>)> {
        let found: Vec<_> = lines.map_while(|y| Some((y, is_text(buffer, y)?))).collect();
        if found.len() > LINES_OF_A_TEXT { Vec::new() } else { found }
    };
    let mut taken = Vec::new();
    if goes_on(covered.first()) && is_text(buffer, place.top()).is_some() {
        taken.extend(text(&mut (area.top()..place.top()).rev()));
    }
    if goes_on(covered.last()) && is_text(buffer, place.bottom().saturating_sub(1)).is_some() {
        taken.extend(text(&mut (place.bottom()..area.bottom())));
    }
    taken.extend((place.top()..place.bottom()).zip(covered));
    for (y, phrase) in taken.into_iter().flat_map(|(y, phrases)| phrases.into_iter().map(move |phrase| (y, phrase))) {
        let line = line_of(buffer, area, y, &phrase);
        let has_focus = |x: u16| buffer.cell((x, y)).is_some_and(|cell| cell.modifier.contains(Modifier::REVERSED));
        // Of the line in focus only what is covered goes, and what merely touches the box goes alone.
        let is_covered = phrase.start < place.right() && phrase.end > place.left();
        let goes = if is_covered && !line.clone().any(has_focus) { line } else { phrase };
        for x in goes.filter(|x| buffer.cell((*x, y)).is_some_and(|cell| !is_frame(cell))).collect::<Vec<_>>() {
            buffer.cell_mut((x, y)).into_iter().for_each(Cell::reset);
        }
    }
}

/// What is left below a box of the frames whose upper edge it covers: without that edge nobody knows whose it is.
fn headless(buffer: &Buffer, area: Rect, place: Rect) -> Vec<Rect> {
    let is = |x: u16, y: u16, corners: &str| buffer.cell((x, y)).is_some_and(|cell| corners.contains(cell.symbol()));
    let corners = || place.positions().filter(|at| is(at.x, at.y, "╭┌┏"));
    let left = corners().filter_map(|at| {
        let right = (at.x..place.right()).find(|x| is(*x, at.y, "╮┐┓"))?;
        let bottom = (place.bottom()..area.bottom()).find(|y| is(at.x, *y, "╰└┗"))?;
        let goes_on = (place.bottom()..bottom).all(|y| is(at.x, y, "│┃"));
        let (width, height) = (right + 1 - at.x, bottom + 1 - place.bottom());
        goes_on.then_some(Rect { x: at.x, y: place.bottom(), width, height })
    });
    left.collect()
}

/// The line of which this phrase is, from frame to frame.
fn line_of(buffer: &Buffer, area: Rect, y: u16, phrase: &Range<u16>) -> Range<u16> {
    let in_frame = |x: &u16| buffer.cell((*x, y)).is_some_and(is_frame);
    let start = (area.left()..phrase.start).rev().find(in_frame).map_or(area.left(), |x| x + 1);
    start..(phrase.end..area.right()).find(in_frame).unwrap_or(area.right())
}

/// The phrases of a line that have cells in the columns of the box, or stand nearer to it than two blanks: so far are phrases
/// from each other, where no frame is between them.
fn phrases(buffer: &Buffer, area: Rect, y: u16, place: &Rect) -> Vec<Range<u16>> {
    let mut found: Vec<Range<u16>> = Vec::new();
    let mut x = area.left();
    while x < area.right() {
        let Some(cell) = buffer.cell((x, y)) else { break };
        // The cell behind a wide character is of it.
        let width = u16::try_from(text::width(cell.symbol())).unwrap_or(1).max(1);
        if has_words(cell) {
            let is_next = |last: &&mut Range<u16>| {
                let between = last.end..x;
                between.len() < usize::from(GAP) && between.clone().all(|x| buffer.cell((x, y)).is_some_and(is_blank))
            };
            match found.last_mut().filter(is_next) {
                Some(last) => last.end = x + width,
                None => found.push(x..x + width),
            }
        }
        x += width;
    }
    let touches = |phrase: &Range<u16>| phrase.start < place.right() + GAP && phrase.end + GAP > place.left();
    found.retain(touches);
    found
}

#[cfg(test)]
mod tests {
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;
    use ratatui::style::Style;
    use ratatui::text::Line;

    use super::*;

    fn screen(lines: &[&str]) -> Buffer {
        Buffer::with_lines(lines.iter().copied().map(Line::raw))
    }

    fn focus(buffer: &mut Buffer, place: Rect) {
        buffer.set_style(place, Style::new().add_modifier(Modifier::REVERSED));
    }

    #[test]
    fn a_box_over_wide_characters_leaves_no_halves() {
        let mut terminal = Terminal::new(TestBackend::new(8, 1)).unwrap();
        let draw = |frame: &mut Frame<'_>| {
            frame.render_widget(Line::raw("日本日本"), frame.area());
            clear(frame, Rect::new(3, 0, 2, 1));
            frame.render_widget(Line::raw("ab"), Rect::new(3, 0, 2, 1));
        };
        terminal.draw(draw).unwrap();
        terminal.backend().assert_buffer_lines(["日 ab 本"]);
    }

    #[test]
    fn a_box_stands_where_nothing_is_else_off_what_has_the_focus() {
        let mut buffer = screen(&["one       ", "two       ", "          ", "          "]);
        focus(&mut buffer, Rect::new(0, 0, 3, 1));
        let at = |buffer: &Buffer, size| place(buffer, buffer.area, size).as_position();
        assert_eq!(at(&buffer, (10, 2)), (0, 2).into(), "below all words");
        assert_eq!(at(&buffer, (4, 4)), (3, 0).into(), "in the middle, beside them");
        assert_eq!(at(&buffer, (7, 4)), (3, 0).into(), "at the right");
        assert_eq!(at(&buffer, (10, 3)), (0, 1).into(), "over the words that have no focus");
        let mut full = screen(&["one one   ", "two two   ", "six six   "]);
        focus(&mut full, Rect::new(0, 2, 3, 1));
        assert_eq!(at(&full, (9, 2)), (0, 0).into(), "above it");
        assert_eq!(at(&full, (90, 90)), (0, 0).into());
    }

    #[test]
    fn a_box_is_made_lower_where_that_keeps_the_name_in_focus_in_sight() {
        let mut buffer = screen(&["one one   "; 8]);
        focus(&mut buffer, Rect::new(0, 2, 3, 1));
        let at = |height| in_sight(&buffer, buffer.area, (10, height));
        assert_eq!(at(5), Rect::new(0, 3, 10, 5));
        assert_eq!(at(7), Rect::new(0, 3, 10, 5), "lower");
        assert_eq!(at(8), Rect::new(0, 0, 10, 8), "too much of it would be out of sight");
        focus(&mut buffer, Rect::new(0, 3, 3, 1));
        assert_eq!(
            in_sight(&screen(&["one"; 4]), Rect::new(0, 0, 3, 4), (3, 9)).height,
            4,
            "without a focus as high as it can be"
        );
    }

    #[test]
    fn of_the_line_in_focus_only_what_is_covered_goes() {
        let mut buffer = screen(&["one  two  six", "one  two  six"]);
        focus(&mut buffer, Rect::new(0, 0, 13, 1));
        let area = buffer.area;
        quieten(&mut buffer, area, Rect::new(9, 0, 4, 2));
        let line = |y: u16| (0..13).map(|x| buffer[(x, y)].symbol()).collect::<String>().trim_end().to_owned();
        assert_eq!((line(0), line(1)), ("one".to_owned(), String::new()), "'two' touches the box");
    }

    #[test]
    fn of_a_frame_whose_upper_edge_is_covered_nothing_is_left_below() {
        let mut buffer = screen(&["one     ", "╭ a ───╮", "│ two  │", "╰── +3 ╯", "╭ b ───╮", "╰──────╯"]);
        let area = buffer.area;
        quieten(&mut buffer, area, Rect::new(0, 1, 8, 1));
        let line = |y: u16| (0..8).map(|x| buffer[(x, y)].symbol()).collect::<String>().trim_end().to_owned();
        assert_eq!([line(0), line(2), line(3), line(4)].map(|line| line), ["one", "", "", "╭ b ───╮"]);
    }

    #[test]
    fn no_lines_are_left_half() {
        let mut buffer = screen(&[
            "a heading that is long  ",
            "                        ",
            "one two three  x  four y",
            "and so on and on  so    ",
            "                        ",
            "│ kept in │ a frame     ",
        ]);
        let area = buffer.area;
        quieten(&mut buffer, area, Rect::new(4, 3, 8, 3));
        let lines: Vec<String> = (0..6)
            .map(|y| (0..24).map(|x| buffer[(x, y)].symbol()).collect::<String>().trim_end().to_owned())
            .collect();
        assert_eq!(lines, ["a heading that is long", "", "", "", "", "│         │"]);
    }
}
