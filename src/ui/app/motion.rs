//! The keys that move, the same on every screen: along rows, through lines, from field to field.

use super::key::{Code, Key};
use super::keymap::{Binding, HELP_ONLY};
use super::screens::Action;
use crate::model::lang::Lang;
use crate::texts::{connection, dashboard, keys};

/// A move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Motion {
    /// By so many lines.
    By(isize),
    /// By so many pages.
    Pages(isize),
    /// To the first line.
    First,
    /// To the last line.
    Last,
}

impl Motion {
    /// How many lines it goes, where a page has so many. Either end is further than any line.
    pub fn lines(self, page: usize) -> isize {
        match self {
            Self::By(lines) => lines,
            Self::Pages(pages) => pages.saturating_mul(isize::try_from(page).unwrap_or(isize::MAX)),
            Self::First => isize::MIN,
            Self::Last => isize::MAX,
        }
    }

    /// The line that it leads to.
    pub fn from(self, line: usize, page: usize, last: usize) -> usize {
        line.saturating_add_signed(self.lines(page)).min(last)
    }
}

/// What moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moved {
    /// The focus, from row to row.
    Rows,
    /// The text.
    Lines,
}

impl Moved {
    fn labels(self) -> [fn(Lang) -> &'static str; 2] {
        match self {
            Self::Rows => [keys::down, keys::up],
            Self::Lines => [connection::key_scroll_down, connection::key_scroll_up],
        }
    }
}

/// The keys of a list, or of a text that scrolls.
pub fn moves(moved: Moved, of: impl Fn(Motion) -> Action) -> Vec<Binding> {
    let [down, up] = moved.labels();
    let bind = |keys: &[Key], motion, label| Binding::new(keys, of(motion), label, HELP_ONLY);
    vec![
        bind(&[Key::new(Code::Down), Key::char('j')], Motion::By(1), down),
        bind(&[Key::new(Code::Up), Key::char('k')], Motion::By(-1), up),
        bind(&[Key::new(Code::PageDown), Key::ctrl('f')], Motion::Pages(1), connection::key_page_down),
        bind(&[Key::new(Code::PageUp), Key::ctrl('b')], Motion::Pages(-1), connection::key_page_up),
        bind(&[Key::new(Code::Home), Key::char('g')], Motion::First, dashboard::first),
        bind(&[Key::new(Code::End), Key::char('G')], Motion::Last, dashboard::last),
    ]
}

/// The keys of a list while its search field has the focus, which takes letters, Home and End.
pub fn moves_in_search(of: impl Fn(Motion) -> Action) -> Vec<Binding> {
    let bind = |code, motion, label, priority| Binding::new(&[Key::new(code)], of(motion), label, priority);
    vec![
        bind(Code::Down, Motion::By(1), keys::down, 3),
        bind(Code::Up, Motion::By(-1), keys::up, 4),
        bind(Code::PageDown, Motion::Pages(1), connection::key_page_down, HELP_ONLY),
        bind(Code::PageUp, Motion::Pages(-1), connection::key_page_up, HELP_ONLY),
    ]
}

/// The keys from field to field, or from entry to entry, of a step of a wizard.
pub fn moves_in_form(of: impl Fn(isize) -> Action) -> [Binding; 2] {
    [
        Binding::new(&[Key::new(Code::Down), Key::new(Code::Tab), Key::char('j')], of(1), keys::down, HELP_ONLY),
        Binding::new(&[Key::new(Code::Up), Key::new(Code::BackTab), Key::char('k')], of(-1), keys::up, HELP_ONLY),
    ]
}

/// The keys that scroll a step of a wizard under its list or form, by so many lines.
pub fn scrolls(lines: isize, of: impl Fn(isize) -> Action) -> [Binding; 2] {
    [
        Binding::new(&[Key::new(Code::PageDown)], of(lines), connection::key_scroll_down, HELP_ONLY),
        Binding::new(&[Key::new(Code::PageUp)], of(-lines), connection::key_scroll_up, HELP_ONLY),
    ]
}

/// The keys that scroll a step of a wizard that has neither list nor form.
pub fn scrolls_by_line(of: impl Fn(isize) -> Action) -> [Binding; 2] {
    [
        Binding::new(&[Key::new(Code::Down), Key::char('j')], of(1), connection::key_scroll_down, HELP_ONLY),
        Binding::new(&[Key::new(Code::Up), Key::char('k')], of(-1), connection::key_scroll_up, HELP_ONLY),
    ]
}
