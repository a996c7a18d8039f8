//! The key hints of the footer: which have room, and where each stands.

use std::collections::BTreeSet;
use std::ops::Range;

use unicode_width::UnicodeWidthStr;

use super::keymap::{Binding, HELP_ONLY};
use super::screens::Action;
use crate::model::charset::Charset;
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

/// The enabled bindings by priority, as many as fit into so many cells, and help at the right end. The way back or out is left out
/// after all others but the first; behind the first that has no room, no other takes its place.
pub fn hints(lang: Lang, charset: Charset, bindings: &[Binding], room: usize) -> Vec<Hint> {
    let shown = bindings.iter().filter(|binding| binding.enabled && binding.priority < HELP_ONLY);
    let (help, mut others): (Vec<_>, Vec<_>) = shown.partition(|binding| binding.action == Action::Help);
    others.sort_by_key(|binding| binding.priority);
    let help = help.first().map(|binding| hint(lang, charset, binding));
    let reserved = help.as_ref().map_or(0, |hint| hint.cells.len() + 1);
    let mut others: Vec<_> = others.into_iter().map(|binding| hint(lang, charset, binding)).collect();
    let leaves = |wanted: Action| others.iter().position(|hint| hint.action == wanted);
    let back = leaves(Action::Back).or_else(|| leaves(Action::Quit));
    let first = others.first().map_or(0, |hint| hint.cells.len());
    let is_narrow = |back: &Hint| 1 + first + 2 + back.cells.len() + 2 + reserved > room;
    if let Some(back) = back.filter(|at| *at > 0).and_then(|at| others.get_mut(at)).filter(|back| is_narrow(back)) {
        // Its key alone is better than none.
        (back.label, back.cells) = ("", 0..back.key.width());
    }
    let (mut used, mut kept) = (1, BTreeSet::new());
    for at in [0].into_iter().chain(back).chain(0..others.len()) {
        let width = others.get(at).map_or(room, |hint| hint.cells.len());
        match kept.contains(&at) {
            true => {}
            false if used + width + 2 + reserved <= room => {
                kept.insert(at);
                used += width + 2;
            }
            false => break,
        }
    }
    let mut used = 1;
    let mut hints = Vec::new();
    for (_, hint) in others.into_iter().enumerate().filter(|(at, _)| kept.contains(at)) {
        let width = hint.cells.len();
        hints.push(Hint { cells: used..used + width, ..hint });
        used += width + 2;
    }
    let help = help.filter(|_| used + reserved <= room);
    hints.extend(help.map(|help| Hint { cells: room - reserved..room - 1, ..help }));
    hints
}

fn hint(lang: Lang, charset: Charset, binding: &Binding) -> Hint {
    let key = binding.keys.first().map(|key| key.name(charset)).unwrap_or_default();
    // A key that is named after what it does, such as an arrow in ASCII, needs no more words.
    let label = Some((binding.label)(lang)).filter(|label| *label != key).unwrap_or_default();
    let width = key.width() + if label.is_empty() { 0 } else { 1 + label.width() };
    Hint { cells: 0..width, key, label, action: binding.action.clone() }
}
