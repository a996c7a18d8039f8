//! The dialog that asks for the passphrase of the vault's key, over whatever screen is in front.

use super::action::Action;
use super::input::{self, Edit};
use super::key::{Code, Key};
use super::keymap::Binding;
use crate::model::passphrase::{Question, Wanted};
use crate::model::secret::Secret;
use crate::texts::passphrase as texts;

/// The question, and what was typed so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassphraseDialog {
    /// What is asked.
    pub question: Question,
    /// The new passphrase as it was typed first, once it is to be repeated.
    pub first: Option<Secret>,
    /// What is being typed.
    pub typed: Secret,
    /// The cursor's byte in it.
    pub cursor: usize,
    /// What is wrong with what was typed before.
    pub problem: Option<Problem>,
}

/// Why the passphrase is asked for again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// Nothing was typed.
    Empty,
    /// It does not open the key.
    Wrong,
    /// The two differ.
    Differ,
}

/// What keys do in the dialog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PassphraseAction {
    /// Edit the line.
    Edit(Edit),
    /// Take what was typed.
    Take,
    /// Leave the question.
    Cancel,
}

impl PassphraseDialog {
    /// The empty dialog.
    pub fn new(question: Question) -> Self {
        let problem = (question.wanted == Wanted::Existing { again: true }).then_some(Problem::Wrong);
        Self { question, first: None, typed: Secret::default(), cursor: 0, problem }
    }

    /// Edits the line.
    pub fn edit(&mut self, edit: &Edit) {
        let mut at = self.cursor;
        self.typed.edit(|text| at = input::apply(text, at, edit));
        self.cursor = at;
    }

    /// Takes a paste, as it is but for line breaks at its ends.
    pub fn paste(&mut self, pasted: &str) {
        let mut at = self.cursor;
        self.typed.edit(|text| at = input::paste_secret(text, at, pasted).0);
        self.cursor = at;
    }

    /// Takes what was typed; the passphrase once it is complete.
    pub fn take(&mut self) -> Option<Secret> {
        self.cursor = 0;
        let typed = std::mem::take(&mut self.typed);
        if typed.is_empty() {
            self.problem = Some(Problem::Empty);
            return None;
        }
        self.problem = None;
        match (self.question.wanted, self.first.take()) {
            (Wanted::Existing { .. }, _) => Some(typed),
            (Wanted::New, None) => {
                self.first = Some(typed);
                None
            }
            (Wanted::New, Some(first)) if first == typed => Some(typed),
            (Wanted::New, Some(_)) => {
                self.problem = Some(Problem::Differ);
                None
            }
        }
    }
}

/// The keys of the dialog.
pub fn bindings() -> Vec<Binding> {
    let bind =
        |code, action, label, priority| Binding::new(&[Key::new(code)], Action::Passphrase(action), label, priority);
    vec![
        bind(Code::Enter, PassphraseAction::Take, texts::key_take, 1),
        bind(Code::Esc, PassphraseAction::Cancel, texts::key_cancel, 2),
    ]
}
