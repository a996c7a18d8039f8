//! A small form that asks for secrets, over the tabs of a connection. It goes with the screen.

use crate::model::blank::trimmed;
use crate::model::fault::Fault;
use crate::model::form::{FieldId, FieldNotice, secret_notice};
use crate::model::rotation::{NewSecret, Typed, day};
use crate::model::secret::Secret;
use crate::ui::app::effect::TaskId;
use crate::ui::app::input::{self, Edit};

/// What was typed, and what for.
#[derive(Debug, Clone, PartialEq)]
pub struct Prompt {
    /// What for.
    pub purpose: Purpose,
    /// The fields that are asked for, in order.
    pub fields: Vec<PromptField>,
    /// The admin's user name; asked for with [`Purpose::Admin`] only.
    pub user_name: String,
    /// The password, until it is given on.
    pub password: Secret,
    /// The same once more, where a typing error would lock the user out.
    pub again: Secret,
    /// A new client secret, until it is taken.
    pub client_secret: Secret,
    /// The day on which that ends, as typed.
    pub expires: String,
    /// The field in focus.
    pub field: PromptField,
    /// The cursor's byte in that field.
    pub cursor: usize,
    /// Whether secrets are shown as typed.
    pub revealed: bool,
    /// How many characters were pasted into the field in focus, until it changes.
    pub pasted: Option<usize>,
    /// Whether Enter asked for the field in focus, which is empty.
    pub missing: bool,
    /// The sign-in that runs with it.
    pub task: Option<TaskId>,
    /// Why the last one failed.
    pub fault: Option<Fault>,
}

/// What secrets are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// An admin signs in for this session.
    Admin,
    /// The connection signs in again.
    Rotate,
    /// The connection gets a new client secret.
    NewSecret,
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
    /// The password of a new user once more.
    Again,
    /// The client secret.
    ClientSecret,
    /// The day on which the client secret ends.
    Expires,
}

impl PromptField {
    /// Whether what is typed into it is hidden.
    pub fn is_secret(self) -> bool {
        matches!(self, Self::Password | Self::Again | Self::ClientSecret)
    }
}

impl Prompt {
    /// The empty form.
    pub fn new(purpose: Purpose) -> Self {
        let fields = match purpose {
            Purpose::Admin => vec![PromptField::UserName, PromptField::Password],
            Purpose::NewSecret => vec![PromptField::ClientSecret, PromptField::Expires],
            Purpose::NewUser(_) => vec![PromptField::Password, PromptField::Again],
            Purpose::Rotate => vec![PromptField::Password],
        };
        Self::asking(purpose, fields)
    }

    /// The empty form with these fields, of which there is one at least.
    pub fn asking(purpose: Purpose, fields: Vec<PromptField>) -> Self {
        Self {
            purpose,
            user_name: String::new(),
            password: Secret::default(),
            again: Secret::default(),
            client_secret: Secret::default(),
            expires: String::new(),
            field: fields.first().copied().unwrap_or(PromptField::Password),
            fields,
            cursor: 0,
            revealed: false,
            pasted: None,
            missing: false,
            task: None,
            fault: None,
        }
    }

    /// Whether this field may stay empty.
    pub fn is_optional(&self, field: PromptField) -> bool {
        field == PromptField::Expires || (field == PromptField::Password && self.purpose == Purpose::NewSecret)
    }

    fn text(&self, field: PromptField) -> &str {
        match field {
            PromptField::UserName => &self.user_name,
            PromptField::Password => self.password.expose(),
            PromptField::Again => self.again.expose(),
            PromptField::ClientSecret => self.client_secret.expose(),
            PromptField::Expires => &self.expires,
        }
    }

    fn is_empty(&self, field: PromptField) -> bool {
        let text = self.text(field);
        match field {
            PromptField::Password | PromptField::Again => text.is_empty(),
            _ => trimmed(text).is_empty(),
        }
    }

    fn is_fit(&self, field: PromptField) -> bool {
        let is_day = field != PromptField::Expires || self.is_empty(field) || self.end().is_some();
        let is_same = field != PromptField::Again || !self.differs();
        is_day && is_same && (self.is_optional(field) || !self.is_empty(field))
    }

    fn end(&self) -> Option<jiff::Timestamp> {
        day(trimmed(&self.expires))
    }

    /// Whether nothing is missing or wrong, and nothing runs.
    pub fn is_complete(&self) -> bool {
        self.task.is_none() && self.fields.iter().all(|field| self.is_fit(*field))
    }

    /// Goes to a field that Enter wants filled in: an empty one that follows, else the first that is not as it should
    /// be. `false` where there is none.
    pub fn seek(&mut self) -> bool {
        // What is to be repeated comes first.
        let can_repeat = !self.is_empty(PromptField::Password);
        let next = self.next(1).filter(|next| *next != PromptField::Again || can_repeat);
        let next = next.filter(|next| self.place(*next) > self.place(self.field) && self.is_empty(*next));
        let wanted = next.or_else(|| self.fields.iter().copied().find(|field| !self.is_fit(*field)));
        let stays = wanted == Some(self.field);
        wanted.into_iter().for_each(|field| self.go_to(field));
        self.missing = stays && self.is_empty(self.field);
        wanted.is_some()
    }

    /// Goes so many fields on, around the end.
    pub fn turn(&mut self, by: isize) {
        if let Some(field) = self.next(by) {
            self.go_to(field);
        }
    }

    fn place(&self, field: PromptField) -> usize {
        self.fields.iter().position(|other| *other == field).unwrap_or_default()
    }

    fn next(&self, by: isize) -> Option<PromptField> {
        let count = self.fields.len();
        let at = (self.place(self.field) + count).saturating_add_signed(by) % count.max(1);
        self.fields.get(at).copied().filter(|_| count > 1)
    }

    fn go_to(&mut self, field: PromptField) {
        if field != self.field {
            (self.pasted, self.missing) = (None, false);
        }
        (self.field, self.cursor) = (field, self.text(field).len());
    }

    /// Edits the field in focus.
    pub fn edit(&mut self, edit: &Edit) {
        self.pasted = None;
        self.change(|text, at| (input::apply(text, at, edit), 0));
    }

    /// Takes a paste into the field in focus.
    pub fn paste(&mut self, pasted: &str) {
        let insert = if self.field.is_secret() { input::paste_secret } else { input::paste };
        let count = self.change(|text, at| insert(text, at, pasted));
        self.pasted = Some(count).filter(|count| *count > 0);
    }

    fn change(&mut self, change: impl FnOnce(&mut String, usize) -> (usize, usize)) -> usize {
        let mut done = (self.cursor, 0);
        self.missing = false;
        match self.field {
            _ if self.task.is_some() => {}
            PromptField::UserName => done = change(&mut self.user_name, done.0),
            PromptField::Expires => done = change(&mut self.expires, done.0),
            PromptField::Password => self.password.edit(|text| done = change(text, done.0)),
            PromptField::Again => self.again.edit(|text| done = change(text, done.0)),
            PromptField::ClientSecret => self.client_secret.edit(|text| done = change(text, done.0)),
        }
        self.cursor = done.0;
        done.1
    }

    /// What is worth saying of the field in focus as it stands: what was pasted, blanks at the ends of a secret.
    pub fn notices(&self) -> Vec<FieldNotice> {
        let id = match self.field {
            PromptField::Password => Some(FieldId::Password),
            PromptField::ClientSecret => Some(FieldId::ClientSecret),
            PromptField::UserName | PromptField::Again | PromptField::Expires => None,
        };
        let pasted = self.pasted.filter(|_| self.field.is_secret()).map(FieldNotice::Pasted);
        pasted.into_iter().chain(id.and_then(|id| secret_notice(id, self.text(self.field)))).collect()
    }

    /// Whether the end of the client secret is written as no day is.
    pub fn is_no_day(&self) -> bool {
        !self.is_empty(PromptField::Expires) && self.end().is_none()
    }

    /// Whether the password was typed twice, and not the same.
    pub fn differs(&self) -> bool {
        !self.is_empty(PromptField::Again) && self.again != self.password
    }

    /// Whether what was typed the second time is the beginning of the password.
    pub fn is_repeating(&self) -> bool {
        self.password.expose().starts_with(self.again.expose())
    }

    /// Gives the password on; the form keeps none.
    pub fn take_password(&mut self) -> Secret {
        self.again = Secret::default();
        self.cursor = if self.field == PromptField::Password { 0 } else { self.cursor };
        self.revealed = false;
        std::mem::take(&mut self.password)
    }

    /// What was typed for a sign-in of the connection. It stays in the form, which is open until it is taken.
    pub fn typed(&self) -> Typed {
        let new = || NewSecret { secret: Secret::new(trimmed(self.client_secret.expose())), expires: self.end() };
        Typed {
            password: Some(self.password.clone()).filter(|password| !password.is_empty()),
            client_secret: (!self.is_empty(PromptField::ClientSecret)).then(new),
        }
    }
}
