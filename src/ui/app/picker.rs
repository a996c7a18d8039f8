//! A list with a filter: what is typed narrows the entries, and one of them has the focus.

use super::input::{self, Edit};
use crate::model::clean::is_unsafe;

/// The filter, and the entry in focus.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Picker {
    /// The words that entries must hold to be shown.
    pub find: String,
    /// The cursor's byte in them.
    pub cursor: usize,
    /// The entry in focus, among those that are shown.
    pub focus: usize,
}

/// An entry: a name, and what tells it from others of that name.
pub type PickerEntry = (String, String);

impl Picker {
    /// The entries that hold every word, each with its place among all.
    pub fn shown<'a>(&self, all: impl IntoIterator<Item = &'a PickerEntry>) -> Vec<(usize, &'a PickerEntry)> {
        let words: Vec<_> = self.find.split_whitespace().map(str::to_lowercase).collect();
        let fits = |entry: &PickerEntry| {
            let whole = format!("{} {}", entry.0, entry.1).to_lowercase();
            words.iter().all(|word| whole.contains(word))
        };
        all.into_iter().enumerate().filter(|(_, entry)| fits(entry)).collect()
    }

    /// Moves the focus; so many entries are shown.
    pub fn move_by(&mut self, by: isize, shown: usize) {
        self.focus = self.focus.saturating_add_signed(by).min(shown.saturating_sub(1));
    }

    /// Edits the filter.
    pub fn edit(&mut self, edit: &Edit) {
        self.change(|text, at| input::apply(text, at, edit));
    }

    /// Takes a paste as one event.
    pub fn paste(&mut self, pasted: &str) {
        let pasted = pasteable(pasted);
        self.change(|text, at| input::paste(text, at, &pasted).0);
    }

    /// Changes the filter; the first entry has the focus then.
    pub fn change(&mut self, change: impl FnOnce(&mut String, usize) -> usize) {
        self.cursor = change(&mut self.find, self.cursor);
        self.focus = 0;
    }
}

/// A paste without what would hide or turn other characters.
pub fn pasteable(pasted: &str) -> String {
    pasted.chars().filter(|c| c.is_control() || !is_unsafe(*c)).collect()
}
