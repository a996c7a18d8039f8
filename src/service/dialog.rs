//! The passphrase of the vault's key, asked for by the screens. While they are up nothing else may read the terminal.

use std::collections::HashMap;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::model::passphrase::{Question, Wanted};
use crate::model::secret::Secret;
use crate::vault::AskPassphrase;

/// Hands questions to the screens, and answers to whoever waits for them.
pub struct Dialog {
    show: Box<dyn Fn(Question) + Send + Sync>,
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    last: u64,
    closed: bool,
    answers: HashMap<u64, Sender<Option<Secret>>>,
}

impl Dialog {
    /// Questions go to `show`, which returns at once.
    pub fn new(show: impl Fn(Question) + Send + Sync + 'static) -> Self {
        Self { show: Box::new(show), waiting: Mutex::default() }
    }

    /// Hands on what was typed; `None` when the question was left.
    pub fn answer(&self, id: u64, typed: Option<Secret>) {
        if let Some(answer) = self.waiting().answers.remove(&id) {
            // Whoever asked may have ended.
            let _ = answer.send(typed);
        }
    }

    /// Leaves every question, also those to come: the screens are gone.
    pub fn close(&self) {
        let mut waiting = self.waiting();
        waiting.closed = true;
        waiting.answers.clear();
    }

    /// Asks, and blocks the thread until there is an answer.
    fn ask(&self, wanted: Wanted) -> Option<Secret> {
        let (send, answer) = channel();
        let id = {
            let mut waiting = self.waiting();
            if waiting.closed {
                return None;
            }
            waiting.last += 1;
            let id = waiting.last;
            waiting.answers.insert(id, send);
            id
        };
        (self.show)(Question { id, wanted });
        answer.recv().ok().flatten().filter(|typed| !typed.is_empty())
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Asks by the dialog of the screens.
pub struct DialogAsk(pub Arc<Dialog>);

impl AskPassphrase for DialogAsk {
    fn passphrase(&mut self, again: bool) -> Option<Secret> {
        self.0.ask(Wanted::Existing { again })
    }

    fn new_passphrase(&mut self) -> Option<Secret> {
        self.0.ask(Wanted::New)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dialog() -> (Arc<Dialog>, std::sync::mpsc::Receiver<Question>) {
        let (send, shown) = channel();
        (Arc::new(Dialog::new(move |question| send.send(question).unwrap())), shown)
    }

    #[test]
    fn b1_an_answer_reaches_the_question_it_belongs_to() {
        let (dialog, shown) = dialog();
        let mut ask = DialogAsk(dialog.clone());
        let asked = std::thread::spawn(move || ask.passphrase(true));
        let question = shown.recv().unwrap();
        assert_eq!(question.wanted, Wanted::Existing { again: true });
        dialog.answer(question.id + 1, Some(Secret::new("another's")));
        dialog.answer(question.id, Some(Secret::new("typed")));
        assert_eq!(asked.join().unwrap(), Some(Secret::new("typed")));
    }

    #[test]
    fn b1_closing_leaves_the_questions_there_are_and_those_to_come() {
        let (dialog, shown) = dialog();
        let mut ask = DialogAsk(dialog.clone());
        let asked = std::thread::spawn(move || ask.new_passphrase());
        shown.recv().unwrap();
        dialog.close();
        assert_eq!(asked.join().unwrap(), None);
        assert_eq!(DialogAsk(dialog).passphrase(false), None);
    }
}
