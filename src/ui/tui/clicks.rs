//! Which choice of a list, a table, a form or the tiles stands under the mouse. Who draws a choice notes it in its cells
//! ([`note`]); the notes are read only for a click, and gone when the frame is whole. So choices take clicks wherever they come to
//! stand.

use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect};
use ratatui::style::Modifier;
use ratatui::{Frame, Terminal};

use super::theme::Theme;
use super::view;
use crate::ui::app::message::Message;
use crate::ui::app::model::Model;

/// How a choice is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Another one has the focus.
    Other,
    /// It has the focus, and Enter does something else: a field, an entry that is ticked.
    InFocus,
    /// It has the focus, and Enter opens or takes it.
    Opens,
}

/// The notes: modifiers that the program shows nowhere. The first cell of a choice has one more.
const NOTES: [(Choice, Modifier); 3] = [
    (Choice::Other, Modifier::HIDDEN),
    (Choice::InFocus, Modifier::CROSSED_OUT),
    (Choice::Opens, Modifier::HIDDEN.union(Modifier::CROSSED_OUT)),
];
const FIRST: Modifier = Modifier::SLOW_BLINK;

impl Choice {
    /// One that Enter opens or takes.
    pub fn opened(focused: bool) -> Self {
        if focused { Self::Opens } else { Self::Other }
    }

    /// One that Enter does not concern.
    pub fn ticked(focused: bool) -> Self {
        if focused { Self::InFocus } else { Self::Other }
    }

    fn note(self) -> Modifier {
        NOTES.into_iter().find(|(choice, _)| *choice == self).map_or(Modifier::empty(), |(_, note)| note)
    }

    fn of(cell: &Cell) -> Option<Self> {
        let noted = cell.modifier.intersection(Modifier::HIDDEN | Modifier::CROSSED_OUT);
        NOTES.into_iter().find(|(_, note)| *note == noted).map(|(choice, _)| choice)
    }
}

/// Notes that this place is one choice; `whole` says that its first line is within it.
pub fn note(buffer: &mut Buffer, place: Rect, choice: Choice, whole: bool) {
    let place = place.intersection(buffer.area);
    for at in place.positions() {
        let is_first = whole && at == place.as_position();
        if let Some(cell) = buffer.cell_mut(at) {
            cell.modifier.insert(choice.note() | if is_first { FIRST } else { Modifier::empty() });
        }
    }
}

/// Takes all notes away: of what lies below a box, and once the frame is whole.
pub fn forget(buffer: &mut Buffer) {
    let notes = Modifier::HIDDEN | Modifier::CROSSED_OUT | FIRST;
    buffer.content.iter_mut().for_each(|cell| cell.modifier.remove(notes));
}

/// Whether this cell is of a choice.
pub fn is_choice(cell: &Cell) -> bool {
    Choice::of(cell).is_some()
}

/// Whether it is of the one in focus.
pub fn has_focus(cell: &Cell) -> bool {
    Choice::of(cell).is_some_and(|choice| choice != Choice::Other)
}

/// What a click here means: on a choice, how far it is from the one in focus; else the place itself.
pub fn read(model: &Model, column: u16, row: u16) -> Message {
    let found = painted(model).and_then(|buffer| chosen(&buffer, Position { x: column, y: row }));
    found.unwrap_or(Message::Click(column, row))
}

/// The screen as it is drawn, with its notes.
pub fn painted(model: &Model) -> Option<Buffer> {
    let (columns, rows) = model.size;
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).ok()?;
    let mut buffer = None;
    let draw = |frame: &mut Frame<'_>| {
        view::paint(frame, model, Theme::Mono);
        buffer = Some(frame.buffer_mut().clone());
    };
    terminal.draw(draw).ok()?;
    buffer
}

/// The choices whose first cell is on the screen: where that is, and how each is drawn, row by row.
pub fn choices(buffer: &Buffer) -> impl Iterator<Item = (Position, Choice)> {
    let first = |at: &Position| buffer.cell(*at).filter(|cell| cell.modifier.contains(FIRST));
    buffer.area.positions().filter_map(move |at| Some((at, first(&at).and_then(Choice::of)?)))
}

/// The first cell that is on the screen of the choice in focus, and how that is drawn.
pub fn in_focus(buffer: &Buffer) -> Option<(Position, Choice)> {
    let choice = |at: Position| buffer.cell(at).and_then(Choice::of).filter(|choice| *choice != Choice::Other);
    buffer.area.positions().find_map(|at| Some((at, choice(at)?)))
}

fn chosen(buffer: &Buffer, at: Position) -> Option<Message> {
    buffer.cell(at).and_then(Choice::of)?;
    let (focus, choice) = in_focus(buffer)?;
    let firsts: Vec<_> = choices(buffer).map(|(at, _)| at).collect();
    // Of those that begin neither below nor to the right of it, the last.
    let nth = |at: Position| firsts.iter().rposition(|first| first.y <= at.y && first.x <= at.x);
    // The one that is scrolled out by its first lines comes before all others.
    let nth = |at| nth(at).map_or(0, |nth| nth + 1);
    Some(Message::ClickChoice { by: nth(at).cast_signed() - nth(focus).cast_signed(), opens: choice == Choice::Opens })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Choices of two lines each, of which the first is scrolled out by one line and the third has the focus.
    fn list() -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 9, 7));
        note(&mut buffer, Rect::new(1, 0, 5, 1), Choice::Other, false);
        note(&mut buffer, Rect::new(1, 1, 5, 2), Choice::Other, true);
        note(&mut buffer, Rect::new(1, 3, 5, 2), Choice::ticked(true), true);
        buffer
    }

    #[test]
    fn a_click_is_counted_from_the_focus_by_choices_not_by_lines() {
        let by = |y| match chosen(&list(), Position { x: 3, y }) {
            Some(Message::ClickChoice { by, opens: false }) => Some(by),
            None => None,
            other => panic!("{other:?}"),
        };
        assert_eq!([0, 1, 2, 3, 4, 5].map(by), [Some(-2), Some(-1), Some(-1), Some(0), Some(0), None]);
    }

    /// Five tiles in rows of two; the fourth has the focus.
    #[test]
    fn a_click_is_counted_along_the_rows_of_tiles() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 10, 9));
        for nth in 0..5 {
            let place = Rect::new(nth % 2 * 5, nth / 2 * 3, 5, 3);
            note(&mut buffer, place, Choice::opened(nth == 3), true);
        }
        let by = |x, y| match chosen(&buffer, Position { x, y }) {
            Some(Message::ClickChoice { by, opens: true }) => Some(by),
            None => None,
            other => panic!("{other:?}"),
        };
        assert_eq!([by(4, 2), by(5, 0), by(0, 5), by(9, 5), by(4, 8)], [-3, -2, -1, 0, 1].map(Some));
        assert_eq!(by(5, 8), None, "there is no sixth tile");
    }

    #[test]
    fn beside_a_choice_and_where_notes_are_forgotten_there_is_none() {
        let mut buffer = list();
        assert!(
            chosen(&buffer, Position { x: 0, y: 1 }).is_none() && chosen(&buffer, Position { x: 6, y: 1 }).is_none()
        );
        forget(&mut buffer);
        assert!(chosen(&buffer, Position { x: 3, y: 1 }).is_none());
        assert!(buffer.content.iter().all(|cell| cell.modifier.is_empty()));
    }
}
