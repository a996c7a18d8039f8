//! The terminal's events as messages.

use std::time::{Duration, Instant};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEventKind};

use super::background::{Answer, Taken};
use crate::model::secret::Secret;
use crate::ui::app::key::{Code, Key};
use crate::ui::app::message::Message;

/// How soon after a character an Enter can only be part of a paste, not a key that somebody pressed.
const PASTED: Duration = Duration::from_millis(10);

/// How many lines a notch of the mouse wheel moves.
const NOTCH: i32 = 3;

/// Translates events.
#[derive(Debug, Default)]
pub struct Translator {
    guard: bool,
    last_typed: Option<Instant>,
    answer: Answer,
}

impl Translator {
    /// A translator; with `guard`, where pastes come as single keys (Windows consoles), the line breaks in
    /// them are dropped, so that none submits a form.
    pub fn new(guard: bool) -> Self {
        Self { guard, ..Self::default() }
    }

    /// The message of an event that came at `at`, if it means one.
    pub fn message(&mut self, event: Event, at: Instant) -> Option<Message> {
        match event {
            Event::Key(event) if event.kind != KeyEventKind::Release => match self.answer.take(event, at) {
                Taken::Key => self.key(event, at).map(Message::Key),
                Taken::Part => None,
                Taken::Last(background) => background.map(Message::Background),
            },
            Event::Paste(text) => Some(Message::Paste(Secret::new(text))),
            Event::Resize(columns, rows) => Some(Message::Resize(columns, rows)),
            Event::Mouse(event) => match event.kind {
                MouseEventKind::ScrollDown => Some(Message::Scroll(NOTCH)),
                MouseEventKind::ScrollUp => Some(Message::Scroll(-NOTCH)),
                MouseEventKind::Down(MouseButton::Left) => Some(Message::Click(event.column, event.row)),
                _ => None,
            },
            Event::Key(_) | Event::FocusGained | Event::FocusLost => None,
        }
    }

    fn key(&mut self, event: KeyEvent, at: Instant) -> Option<Key> {
        let key = key(event)?;
        let pasted = self.last_typed.is_some_and(|last| at.saturating_duration_since(last) < PASTED);
        if self.guard && pasted && key.code == Code::Enter {
            self.last_typed = Some(at);
            return None;
        }
        self.last_typed = key.typed().map(|_| at);
        Some(key)
    }
}

/// The key of a key event, if the program knows it.
pub fn key(event: KeyEvent) -> Option<Key> {
    let code = code(event.code)?;
    let (ctrl, alt) = (event.modifiers.contains(KeyModifiers::CONTROL), event.modifiers.contains(KeyModifiers::ALT));
    let shift = event.modifiers.contains(KeyModifiers::SHIFT) && !matches!(code, Code::Char(_) | Code::BackTab);
    Some(match code {
        // AltGr comes as Control and Alt together with the character that it made.
        Code::Char(c) if ctrl && alt && !c.is_ascii_alphanumeric() => Key::char(c),
        Code::Char(c) if ctrl => Key { alt, ..Key::ctrl(c.to_ascii_lowercase()) },
        Code::Tab if shift => Key::new(Code::BackTab),
        code => Key { code, ctrl, alt, shift },
    })
}

fn code(code: KeyCode) -> Option<Code> {
    Some(match code {
        KeyCode::Char(c) => Code::Char(c),
        KeyCode::F(n) => Code::F(n),
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::Tab => Code::Tab,
        KeyCode::BackTab => Code::BackTab,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use crossterm::event::MouseEvent;
    use rstest::rstest;

    use super::*;
    use crate::model::colours::Background;

    const SHIFT: KeyModifiers = KeyModifiers::SHIFT;
    const CTRL: KeyModifiers = KeyModifiers::CONTROL;

    #[rstest]
    #[case(KeyCode::Char('A'), SHIFT, Key::char('A'))]
    #[case(KeyCode::Char('C'), CTRL | SHIFT, Key::ctrl('c'))]
    #[case(KeyCode::Char('€'), CTRL | KeyModifiers::ALT, Key::char('€'))]
    #[case(KeyCode::BackTab, SHIFT, Key::new(Code::BackTab))]
    #[case(KeyCode::Tab, SHIFT, Key::new(Code::BackTab))]
    #[case(KeyCode::Left, SHIFT, Key { shift: true, ..Key::new(Code::Left) })]
    fn keys_have_one_form(#[case] code: KeyCode, #[case] modifiers: KeyModifiers, #[case] known: Key) {
        assert_eq!(key(KeyEvent::new(code, modifiers)), Some(known));
    }

    fn keys(guard: bool, events: &[(KeyCode, u64)]) -> Vec<Code> {
        let (start, mut translator) = (Instant::now(), Translator::new(guard));
        let at = |millis: u64| start + Duration::from_millis(millis);
        let messages = events
            .iter()
            .filter_map(|(code, millis)| translator.message(Event::Key(KeyEvent::from(*code)), at(*millis)));
        messages.map(|message| if let Message::Key(key) = message { key.code } else { Code::Esc }).collect()
    }

    #[test]
    fn a_line_break_in_a_paste_that_comes_as_keys_is_no_enter() {
        let events = [(KeyCode::Char('a'), 0), (KeyCode::Enter, 2), (KeyCode::Enter, 4), (KeyCode::Enter, 500)];
        assert_eq!(keys(true, &events), [Code::Char('a'), Code::Enter]);
        assert_eq!(keys(false, &events), [Code::Char('a'), Code::Enter, Code::Enter, Code::Enter]);
    }

    #[test]
    fn a28_the_left_button_clicks_where_it_goes_down() {
        let message = |kind| {
            let event = MouseEvent { kind, column: 7, row: 3, modifiers: KeyModifiers::NONE };
            Translator::new(false).message(Event::Mouse(event), Instant::now())
        };
        assert!(matches!(message(MouseEventKind::Down(MouseButton::Left)), Some(Message::Click(7, 3))));
        assert!(message(MouseEventKind::Up(MouseButton::Left)).is_none());
        assert!(message(MouseEventKind::Down(MouseButton::Right)).is_none());
    }

    #[test]
    fn the_answer_about_the_background_is_no_key() {
        let alt = |c| KeyEvent::new(KeyCode::Char(c), KeyModifiers::ALT);
        let digits = "11;rgb:ffff/ffff/ffff".chars().map(|c| KeyEvent::from(KeyCode::Char(c)));
        let (mut translator, now) = (Translator::new(false), Instant::now());
        let mut messages = std::iter::once(alt(']'))
            .chain(digits)
            .chain([alt('\\'), KeyEvent::from(KeyCode::Char('q'))])
            .filter_map(|key| translator.message(Event::Key(key), now));
        assert!(matches!(messages.next(), Some(Message::Background(Background::Light))));
        assert!(matches!(messages.next(), Some(Message::Key(key)) if key == Key::char('q')));
        assert!(messages.next().is_none());
    }

    #[test]
    fn a_released_key_means_nothing() {
        let released = KeyEvent { kind: KeyEventKind::Release, ..KeyEvent::from(KeyCode::Enter) };
        assert!(Translator::new(false).message(Event::Key(released), Instant::now()).is_none());
    }
}
