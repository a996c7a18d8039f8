//! A small form that asks for a password, over the tabs of a connection. It goes with the screen.

use crate::model::fault::Fault;
use crate::model::form::{FieldId, FieldNotice, secret_notice};
use crate::model::secret::Secret;
use crate::ui::app::effect::TaskId;
use crate::ui::app::input::{self, Edit};

/// What was typed, and what for.
#[derive(Debug, Clone, PartialEq)]
pub struct Prompt {
    /// What for.
    pub purpose: Purpose,
    /// The admin's user name; not asked for with the other purposes.
    pub user_name: String,
    /// The password, until it is given on.
    pub password: Secret,
    /// The field in focus.
    pub field: PromptField,
    /// The cursor's byte in that field.
    pub cursor: usize,
    /// Whether the password is shown as typed.
    pub revealed: bool,
    /// The sign-in that runs with it.
    pub task: Option<TaskId>,
    /// Why the last one failed.
    pub fault: Option<Fault>,
}

/// What a password is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// An admin signs in for this session.
    Admin,
    /// The connection signs in again.
    Rotate,
    /// The integration user with this name is made.
    NewUser(String),
}

/// A field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PromptField {
    /// The admin's user name.
    UserName,
    /// The password.
    Password,
}

impl Prompt {
    /// The empty form.
    pub fn new(purpose: Purpose) -> Self {
        let field = if purpose == Purpose::Admin { PromptField::UserName } else { PromptField::Password };
        Self {
            purpose,
            user_name: String::new(),
            password: Secret::default(),
            field,
            cursor: 0,
            revealed: false,
            task: None,
            fault: None,
        }
    }

    /// Whether it has two fields.
    pub fn asks_for_user(&self) -> bool {
        self.purpose == Purpose::Admin
    }

    /// Whether nothing is missing and nothing runs.
    pub fn is_complete(&self) -> bool {
        let user = !self.asks_for_user() || !self.user_name.trim().is_empty();
        self.task.is_none() && user && !self.password.is_empty()
    }

    /// Goes to the other field, if there is one.
    pub fn turn(&mut self) {
        if self.asks_for_user() {
            let to_password = self.field == PromptField::UserName;
            self.field = if to_password { PromptField::Password } else { PromptField::UserName };
            self.cursor = if to_password { self.password.expose().len() } else { self.user_name.len() };
        }
    }

    /// Edits the field in focus.
    pub fn edit(&mut self, edit: &Edit) {
        self.change(|text, at| input::apply(text, at, edit));
    }

    /// Takes a paste into the field in focus.
    pub fn paste(&mut self, pasted: &str) {
        let insert = if self.field == PromptField::Password { input::paste_secret } else { input::paste };
        self.change(|text, at| insert(text, at, pasted).0);
    }

    fn change(&mut self, change: impl FnOnce(&mut String, usize) -> usize) {
        let mut at = self.cursor;
        match self.field {
            _ if self.task.is_some() => {}
            PromptField::UserName => at = change(&mut self.user_name, at),
            PromptField::Password => self.password.edit(|text| at = change(text, at)),
        }
        self.cursor = at;
    }

    /// What is worth saying of the password as it stands.
    pub fn notice(&self) -> Option<FieldNotice> {
        secret_notice(FieldId::Password, self.password.expose())
    }

    /// Gives the password on; the form keeps none.
    pub fn take_password(&mut self) -> Secret {
        self.cursor = if self.field == PromptField::Password { 0 } else { self.cursor };
        self.revealed = false;
        std::mem::take(&mut self.password)
    }
}
