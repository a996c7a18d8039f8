//! Which choice of a list or form stands under the mouse. Who draws a choice notes it in its cells ([`note`]); the notes are
//! read only for a click, and gone when the frame is whole. So a list takes clicks wherever its lines come to stand.

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

/// The notes: modifiers that the program shows nowhere. The first line of a choice has one more.
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

/// Notes that these lines are one choice; `whole` says that its first line is among them.
pub fn note(buffer: &mut Buffer, place: Rect, choice: Choice, whole: bool) {
    let place = place.intersection(buffer.area);
    for at in place.positions() {
        let is_first = whole && at.y == place.y;
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

/// A line that is noted: where it begins, of which choice it is, and whether it is the first one of it.
pub struct Noted {
    /// Its first cell.
    pub at: Position,
    /// How the choice is drawn.
    pub choice: Choice,
    /// Whether the choice begins with it.
    pub is_first: bool,
}

/// The lines that are noted, from the top.
pub fn noted(buffer: &Buffer) -> impl Iterator<Item = Noted> {
    let noted = |at: Position| {
        let cell = buffer.cell(at)?;
        Some(Noted { at, choice: Choice::of(cell)?, is_first: cell.modifier.contains(FIRST) })
    };
    buffer.area.rows().filter_map(move |row| row.positions().find_map(noted))
}

fn chosen(buffer: &Buffer, at: Position) -> Option<Message> {
    buffer.cell(at).and_then(Choice::of)?;
    let (mut count, mut focus, mut clicked) = (0, None, None);
    for line in noted(buffer) {
        count += isize::from(line.is_first);
        focus = focus.or((line.choice != Choice::Other).then_some((count, line.choice)));
        clicked = clicked.or((line.at.y == at.y).then_some(count));
    }
    let ((focus, choice), clicked) = (focus?, clicked?);
    Some(Message::ClickChoice { by: clicked - focus, opens: choice == Choice::Opens })
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
