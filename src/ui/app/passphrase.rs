//! The dialog that asks for the passphrase of the vault's key, over whatever screen is in front.

use super::ctx::Ctx;
use super::effect::Effect;
use super::input::{self, Edit};
use super::key::{Code, Key};
use super::keymap::{self, Binding};
use super::model::Facts;
use super::screen::{Behaviour, Step};
use super::screens::Action;
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

impl Behaviour for PassphraseDialog {
    fn is_box(&self) -> bool {
        true
    }

    fn bindings(&self, _facts: &Facts) -> Vec<Binding> {
        let bind = |code, action, label, priority| Binding::new(&[Key::new(code)], action, label, priority);
        vec![
            bind(Code::Enter, Action::Passphrase(PassphraseAction::Take), texts::key_take, 1),
            bind(Code::Esc, Action::Back, texts::key_cancel, 2),
        ]
    }

    fn typed(&self, key: Key) -> Option<Action> {
        keymap::edit(key).map(|edit| Action::Passphrase(PassphraseAction::Edit(edit)))
    }

    fn act(&mut self, ctx: &mut Ctx<'_>, action: Action) -> Step {
        match action {
            Action::Passphrase(PassphraseAction::Edit(edit)) => self.edit(&edit),
            Action::Passphrase(PassphraseAction::Take) => {
                if let Some(typed) = self.take() {
                    ctx.effect(Effect::Answer(self.question.id, Some(typed)));
                    return Step::Back;
                }
            }
            _ => {}
        }
        Step::Stay
    }

    /// Leaves the question. Others are left as well until a key is pressed: every connection asks for itself, and nobody
    /// wants to say no to each of them.
    fn back(&mut self, ctx: &mut Ctx<'_>) -> Step {
        ctx.facts.passphrase_declined = true;
        ctx.effect(Effect::Answer(self.question.id, None));
        Step::Back
    }

    fn paste(&mut self, _ctx: &mut Ctx<'_>, text: &str) {
        Self::paste(self, text);
    }

    fn command(&self, _facts: &Facts) -> String {
        String::new()
    }
}
