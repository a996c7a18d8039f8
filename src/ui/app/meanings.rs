//! One key, one meaning: the keys of every screen that a test shows are compared with the table in docs/keys.md.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::key::{Code, Key};
use super::keymap;
use super::model::{Model, Screen};
use crate::model::lang::Lang;

static TABLE: LazyLock<BTreeMap<String, Vec<String>>> = LazyLock::new(|| {
    let rows = include_str!("../../../docs/keys.md").lines().filter_map(|line| line.strip_prefix("| `"));
    let mut table = BTreeMap::new();
    for row in rows {
        let (key, rest) = row.split_once("` | ").unwrap();
        let (_, labels) = rest.trim_end_matches(" |").split_once(" | ").unwrap();
        let labels = labels.split(" · ").map(str::to_owned).collect();
        assert!(table.insert(key.to_owned(), labels).is_none(), "{key} has two rows");
    }
    table
});

/// Asserts that what each key does on the screen in front stands in its row of the table. Enter, Esc and the keys that move are
/// not listed: the main thing of a screen is another one on each.
pub fn assert_one_meaning(model: &Model) {
    // Yes and no are its own keys.
    if matches!(model.front(), Some(Screen::QuestionBox(_))) {
        return;
    }
    for binding in keymap::keymap(model) {
        let label = (binding.label)(Lang::En);
        for key in binding.keys.iter().filter(|key| is_listed(**key)) {
            let meant = TABLE.get(&key.to_string());
            assert!(
                meant.is_some_and(|meant| meant.iter().any(|one| one == label)),
                "docs/keys.md does not say of '{key}': {label}; it says: {meant:?}"
            );
        }
    }
}

/// Asserts that the key that was pressed last would not say yes now: pressed twice, or held down, it would answer a question that
/// nobody has read.
pub fn assert_not_answered_by(model: &Model, key: Key) {
    if model.front().is_some_and(|screen| screen.behaviour().typed(key).is_some()) {
        return;
    }
    let bound = keymap::keymap(model).into_iter().find(|binding| binding.enabled && binding.keys.contains(&key));
    let answers = bound.filter(|binding| binding.decides);
    assert!(answers.is_none(), "'{key}' led here, and would say yes: {:?}", answers.map(|binding| binding.action));
}

fn is_listed(key: Key) -> bool {
    matches!(key.code, Code::Char(_))
}
