//! The form as it is being filled in: the field in focus, the cursor, what is wrong and what is worth saying.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::blank::trimmed;
use crate::model::clean::is_unsafe;
use crate::model::connection::{ConnectionName, Grant};
use crate::model::form::{FieldId, FieldNotice, FieldProblem, Form, secret_notice};
use crate::model::partner::{FieldSpec, InputKind, PartnerSpec};
use crate::model::work_item::WorkItemKind;
use crate::ui::app::input::{self, Edit};

/// The form with what the screen needs to know about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Details {
    /// What was typed.
    pub form: Form,
    /// The field in focus.
    pub focus: FieldId,
    /// The cursor in the field in focus, in bytes.
    pub cursor: usize,
    /// The choice in focus, in a field of several.
    pub choice: usize,
    /// Whether secrets are shown as typed.
    pub revealed: bool,
    /// The fields that were left or submitted: their problems are shown.
    pub left: BTreeSet<FieldId>,
    /// What is wrong, by field.
    pub problems: BTreeMap<FieldId, FieldProblem>,
    /// What is worth saying, by field.
    pub notices: BTreeMap<FieldId, Vec<FieldNotice>>,
}

impl Default for Details {
    fn default() -> Self {
        Self {
            form: Form::default(),
            focus: FieldId::Name,
            cursor: 0,
            choice: 0,
            revealed: false,
            left: BTreeSet::new(),
            problems: BTreeMap::new(),
            notices: BTreeMap::new(),
        }
    }
}

impl Details {
    /// An empty form of this partner.
    pub fn new(spec: &PartnerSpec) -> Self {
        let mut details = Self { form: Form::new(spec), ..Self::default() };
        details.focus_on(fields(spec, details.form.grant).next().unwrap_or(FieldId::Name));
        details
    }

    /// The same input for another partner: what both ask for is kept.
    pub fn moved_to(self, spec: &PartnerSpec) -> Self {
        let mut details = Self::new(spec);
        let asked = |field: &FieldId| spec.field(*field).is_some_and(|field| field.input != InputKind::Fixed);
        details.form.texts.extend(self.form.texts.into_iter().filter(|(field, _)| asked(field)));
        details.form.secrets.extend(self.form.secrets.into_iter().filter(|(field, _)| asked(field)));
        details.form.work_items.retain(|kind| self.form.work_items.contains(kind));
        details.form.create_configuration_items = self.form.create_configuration_items;
        if spec.field(FieldId::Grant).is_some() {
            details.form.grant = self.form.grant;
        }
        details
    }

    /// Puts the focus on a field, the cursor at its end.
    pub fn focus_on(&mut self, field: FieldId) {
        self.focus = field;
        self.choice = 0;
        self.cursor = self.shown_text(field).len();
    }

    /// The field so many places on; `None` past either end.
    pub fn neighbour(&self, spec: &PartnerSpec, by: isize) -> Option<FieldId> {
        let fields: Vec<_> = fields(spec, self.form.grant).collect();
        let at = fields.iter().position(|field| *field == self.focus)?;
        fields.get(at.checked_add_signed(by)?).copied()
    }

    /// Checks a field that was left; from then on what is wrong with it is shown.
    pub fn leave(&mut self, field: FieldId, spec: &PartnerSpec, taken: &[ConnectionName]) {
        self.left.insert(field);
        self.recheck(field, spec, taken);
    }

    /// Checks a field again, if what is wrong with it is shown.
    pub fn recheck(&mut self, field: FieldId, spec: &PartnerSpec, taken: &[ConnectionName]) {
        let Some(asked) = spec.field(field).filter(|_| self.left.contains(&field)) else {
            return;
        };
        self.problems.remove(&field);
        let notices = self.notices.entry(field).or_default();
        notices.retain(is_of_paste);
        match self.form.check(asked, spec, taken) {
            Ok(found) => notices.extend(found),
            Err(problem) => {
                self.problems.insert(field, problem);
            }
        }
    }

    /// Marks every field as left, with these problems, and puts the focus on the first wrong one.
    pub fn refuse(&mut self, spec: &PartnerSpec, taken: &[ConnectionName]) {
        for field in fields(spec, self.form.grant) {
            self.leave(field, spec, taken);
        }
        if let Some(field) = fields(spec, self.form.grant).find(|field| self.problems.contains_key(field)) {
            self.focus_on(field);
        }
    }

    /// Edits the field in focus; tells whether its value may have changed.
    pub fn edit(&mut self, input: InputKind, edit: &Edit) -> bool {
        let at = self.cursor;
        let Some(cursor) = self.with_text(input, |text| input::apply(text, at, edit)) else {
            return false;
        };
        self.cursor = cursor;
        let moves = matches!(edit, Edit::Left | Edit::Right | Edit::Home | Edit::End);
        if !moves {
            self.forget_paste();
        }
        !moves
    }

    /// Takes a paste into the field in focus as one event; tells whether there was anything to take.
    pub fn paste(&mut self, input: InputKind, pasted: &str) -> bool {
        let at = self.cursor;
        let secret = input == InputKind::Secret;
        // Characters without width inside of a value come from pages; those at the ends of a secret are told of, and a
        // password is taken as it is.
        let visible = zeroize::Zeroizing::new(self.without_invisible(secret, pasted));
        let insert = if secret { input::paste_secret } else { input::paste };
        let Some((cursor, taken)) = self.with_text(input, |text| insert(text, at, &visible)) else {
            return false;
        };
        self.cursor = cursor;
        self.forget_paste();
        if taken == 0 && !visible.is_empty() {
            let refused = FieldNotice::PasteRefused(visible.chars().count());
            self.notices.entry(self.focus).or_default().insert(0, refused);
        } else if taken > 0 {
            self.note_paste(taken);
        }
        taken > 0
    }

    fn without_invisible(&self, secret: bool, pasted: &str) -> String {
        let seen = |text: &str| text.chars().filter(|c| c.is_control() || !is_unsafe(*c)).collect::<String>();
        match pasted.split_once(trimmed(pasted)) {
            _ if self.focus == FieldId::Password => pasted.to_owned(),
            Some((before, after)) if secret => [before, &seen(trimmed(pasted)), after].concat(),
            _ => seen(pasted),
        }
    }

    /// Says what was pasted, and at once what is worth knowing of its ends: nobody sees them in a masked field.
    fn note_paste(&mut self, taken: usize) {
        let field = self.focus;
        let of_secret = self.form.secrets.get(&field).and_then(|secret| secret_notice(field, secret.expose()));
        let notices = self.notices.entry(field).or_default();
        notices.retain(|notice| !matches!(notice, FieldNotice::Trimmed(_) | FieldNotice::BlankEnds { .. }));
        notices.insert(0, FieldNotice::Pasted(taken));
        notices.extend(of_secret);
    }

    /// Switches the choice in focus; tells whether the field has any.
    pub fn toggle(&mut self, field: &FieldSpec, spec: &PartnerSpec) -> bool {
        match field.input {
            InputKind::Switch => {
                self.form.create_configuration_items = !self.form.create_configuration_items;
                true
            }
            InputKind::WorkItems => choices(spec).nth(self.choice).is_some_and(|kind| {
                if !self.form.work_items.remove(&kind) {
                    self.form.work_items.insert(kind);
                }
                true
            }),
            InputKind::Choice => self.turn(field, 1),
            InputKind::Text | InputKind::Secret | InputKind::Number | InputKind::Fixed => false,
        }
    }

    /// Moves among the choices of the field in focus; tells whether its value may have changed.
    pub fn choose(&mut self, by: isize, field: &FieldSpec, spec: &PartnerSpec) -> bool {
        if field.input == InputKind::Choice {
            return self.turn(field, by);
        }
        let last = choices(spec).count().saturating_sub(1);
        self.choice = self.choice.saturating_add_signed(by).min(last);
        false
    }

    /// Takes the choice so many places on; past the last one comes the first.
    fn turn(&mut self, field: &FieldSpec, by: isize) -> bool {
        let count = field.choices.len() as isize;
        let at = field.choices.iter().position(|choice| choice.id == self.form.choice(field.id));
        let next = at.map_or(0, |at| (at as isize + by).rem_euclid(count.max(1)) as usize);
        let Some(choice) = field.choices.get(next) else { return false };
        self.form.choose(field.id, &choice.id);
        true
    }

    /// Whether any secret was given.
    pub fn holds_secrets(&self) -> bool {
        self.form.secrets.values().any(|secret| !secret.is_empty())
    }

    fn shown_text(&self, field: FieldId) -> &str {
        self.form.secrets.get(&field).map_or_else(|| self.form.text(field), |secret| secret.expose())
    }

    fn with_text<T>(&mut self, input: InputKind, change: impl FnOnce(&mut String) -> T) -> Option<T> {
        match input {
            InputKind::Text | InputKind::Number => Some(change(self.form.texts.entry(self.focus).or_default())),
            InputKind::Secret => {
                let mut answer = None;
                let secret = self.form.secrets.entry(self.focus).or_default();
                secret.edit(|text| answer = Some(change(text)));
                answer
            }
            InputKind::WorkItems | InputKind::Switch | InputKind::Choice | InputKind::Fixed => None,
        }
    }

    fn forget_paste(&mut self) {
        if let Some(notices) = self.notices.get_mut(&self.focus) {
            notices.retain(|notice| !is_of_paste(notice));
        }
    }
}

/// Whether a notice tells of the last paste alone.
fn is_of_paste(notice: &FieldNotice) -> bool {
    matches!(notice, FieldNotice::Pasted(_) | FieldNotice::PasteRefused(_))
}

/// The fields that can have the focus with this grant, in order.
pub fn fields(spec: &PartnerSpec, grant: Grant) -> impl Iterator<Item = FieldId> {
    spec.fields_for(grant).filter(|field| field.input != InputKind::Fixed).map(|field| field.id)
}

/// The work items a partner offers, in order.
pub fn choices(spec: &PartnerSpec) -> impl Iterator<Item = WorkItemKind> {
    spec.work_items.iter().map(|item| item.kind)
}
