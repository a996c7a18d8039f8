//! The key hints of the footer: which have room, and where each stands.

use std::ops::Range;

use unicode_width::UnicodeWidthStr;

use super::keymap::{Binding, HELP_ONLY};
use super::screens::Action;
use crate::model::lang::Lang;

/// One hint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// The key to press.
    pub key: String,
    /// What it does.
    pub label: &'static str,
    /// The same as an action.
    pub action: Action,
    /// The cells in which it stands.
    pub cells: Range<usize>,
}

/// The enabled bindings by priority, as many as fit into so many cells, and help at the right end.
pub fn hints(lang: Lang, bindings: &[Binding], room: usize) -> Vec<Hint> {
    let shown = bindings.iter().filter(|binding| binding.enabled && binding.priority < HELP_ONLY);
    let (help, mut others): (Vec<_>, Vec<_>) = shown.partition(|binding| binding.action == Action::Help);
    others.sort_by_key(|binding| binding.priority);
    let help = help.first().map(|binding| hint(lang, binding));
    let reserved = help.as_ref().map_or(0, |hint| hint.cells.len() + 1);
    let mut used = 1;
    let mut hints = Vec::new();
    for hint in others.into_iter().map(|binding| hint(lang, binding)) {
        let width = hint.cells.len();
        if used + width + 2 + reserved <= room {
            hints.push(Hint { cells: used..used + width, ..hint });
            used += width + 2;
        }
    }
    let help = help.filter(|_| used + reserved <= room);
    hints.extend(help.map(|help| Hint { cells: room - reserved..room - 1, ..help }));
    hints
}

fn hint(lang: Lang, binding: &Binding) -> Hint {
    let key = binding.keys.first().map(ToString::to_string).unwrap_or_default();
    let label = (binding.label)(lang);
    Hint { cells: 0..key.width() + 1 + label.width(), key, label, action: binding.action.clone() }
}
