//! Values kept once, however many rows hold them.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

/// The entry of the empty text.
pub(crate) const EMPTY: u32 = 0;

const SAME: u32 = u32::MAX;

/// How a value is displayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown<'a> {
    /// As it is.
    Same,
    /// As this text.
    Text(&'a str),
}

impl<'a> Shown<'a> {
    /// The display text of a value that is shown so.
    pub(crate) fn of(self, value: &'a str) -> &'a str {
        match self {
            Self::Same => value,
            Self::Text(text) => text,
        }
    }
}

struct Entry {
    start: u32,
    value: u32,
    shown: u32,
}

/// Values with their display texts, each under a small number.
pub(crate) struct Pool {
    text: String,
    entries: Vec<Entry>,
    index: HashMap<u64, u32>,
    hasher: RandomState,
}

impl Pool {
    /// A pool that holds the empty text.
    pub(crate) fn new() -> Self {
        let mut pool =
            Self { text: String::new(), entries: Vec::new(), index: HashMap::new(), hasher: RandomState::new() };
        pool.intern("", Shown::Same);
        pool
    }

    /// The number of this value, which is kept if it is new.
    pub(crate) fn intern(&mut self, value: &str, shown: Shown<'_>) -> u32 {
        let mut hash = self.hasher.hash_one((value, shown.of(value)));
        while let Some(&entry) = self.index.get(&hash) {
            if self.get(entry) == (value, shown) {
                return entry;
            }
            hash = hash.wrapping_add(1);
        }
        let entry = self.push(value, shown);
        self.index.insert(hash, entry);
        entry
    }

    /// Keeps a value that no other row is expected to hold, without the cost of finding it again.
    pub(crate) fn push(&mut self, value: &str, shown: Shown<'_>) -> u32 {
        let start = small(self.text.len());
        self.text.push_str(value);
        let shown = match shown {
            Shown::Same => SAME,
            Shown::Text(text) => {
                self.text.push_str(text);
                small(text.len())
            }
        };
        self.entries.push(Entry { start, value: small(value.len()), shown });
        small(self.entries.len() - 1)
    }

    /// The value and how it is shown.
    pub(crate) fn get(&self, entry: u32) -> (&str, Shown<'_>) {
        let Some(entry) = self.entries.get(entry as usize) else { return ("", Shown::Same) };
        let (start, value) = (entry.start as usize, entry.value as usize);
        let middle = start + value;
        let shown = match entry.shown {
            SAME => Shown::Same,
            length => Shown::Text(&self.text[middle..middle + length as usize]),
        };
        (&self.text[start..middle], shown)
    }

    /// How this value has been displayed before, if it has.
    pub(crate) fn shown_before(&self, value: &str) -> Option<String> {
        (0..small(self.entries.len())).find_map(|entry| match self.get(entry) {
            (known, Shown::Text(text)) if known == value => Some(text.to_owned()),
            _ => None,
        })
    }
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_kept_once_for_each_way_it_is_shown() {
        let mut pool = Pool::new();
        let plain = pool.intern("2", Shown::Same);
        let labelled = pool.intern("2", Shown::Text("2 - Medium"));
        assert_ne!(plain, labelled);
        assert_eq!(pool.intern("2", Shown::Text("2 - Medium")), labelled);
        assert_eq!(pool.get(labelled), ("2", Shown::Text("2 - Medium")));
        assert_eq!(pool.intern("", Shown::Same), EMPTY);
        assert_eq!(pool.shown_before("2").as_deref(), Some("2 - Medium"));
    }
}
