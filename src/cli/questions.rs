//! A connection's form, asked for line by line: for screen readers, plain terminals, and whoever likes it better. The
//! fields, their checks and their words are those of the wizard.

use std::collections::BTreeSet;
use std::io::{self, IsTerminal};

use super::output::Output;
use super::prompt;
use super::render::medium::{Medium, Role};
use super::render::table::{Cell, Fit, Piped, Table};
use crate::model::clean::clean;
use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::model::field::FieldId;
use crate::model::form::Form;
use crate::model::lang::Lang;
use crate::model::nearest::nearest;
use crate::model::partner::{Catalogue, FieldSpec, InputKind, PartnerSpec};
use crate::model::secret::Secret;
use crate::model::work_item::WorkItemKind;
use crate::texts::{cli as cli_words, command, form as form_words, questions as words};
use crate::vault::redactor;

/// What is asked about, and who answers.
pub struct Questions<'a> {
    /// Whether its secrets are among them.
    pub secrets: bool,
    lang: Lang,
    spec: &'a PartnerSpec,
    taken: &'a [ConnectionName],
}

/// Asks which product it is.
///
/// # Errors
/// When there is no terminal, or the question was left.
pub fn product(output: Output, catalogue: &Catalogue) -> Result<&PartnerSpec, Fault> {
    let lang = output.lang;
    if !io::stdin().is_terminal() {
        return Err(Fault::BadUsage { what: words::needs_file(lang).to_owned() });
    }
    tell(words::intro(lang));
    let all = catalogue.all();
    for (at, spec) in all.iter().enumerate() {
        tell(&format!("  {}  {} ({})", at + 1, spec.name, spec.id));
    }
    let ids: Vec<_> = all.iter().map(|spec| spec.id.as_str()).collect();
    loop {
        let answer = prompt::line(&format!("{}: ", words::number_or_name(lang, words::product(lang))))?;
        match chosen(answer.trim(), &ids) {
            Some(at) => return Ok(&all[at]),
            None => refuse(&words::one_of(lang, &ids.join(", "))),
        }
    }
}

/// The place of what was chosen by its number or name.
fn chosen(answer: &str, ids: &[&str]) -> Option<usize> {
    let by_number = answer.parse::<usize>().ok().and_then(|number| number.checked_sub(1)).filter(|at| *at < ids.len());
    by_number.or_else(|| ids.iter().position(|id| id.eq_ignore_ascii_case(answer)))
}

fn tell(line: &str) {
    eprintln!("{}", Medium::stderr().prose(line));
}

fn refuse(problem: &str) {
    tell(&format!("✗ {}", clean(problem, false)));
}

impl<'a> Questions<'a> {
    /// The questions of a product.
    pub fn new(output: Output, spec: &'a PartnerSpec, taken: &'a [ConnectionName]) -> Self {
        Self { secrets: true, lang: output.lang, spec, taken }
    }

    /// Asks for every field of a new connection, each until its value can be taken.
    ///
    /// # Errors
    /// When a question was left, or the terminal is gone.
    pub fn all(&self) -> Result<Form, Fault> {
        let mut form = Form::new(self.spec);
        self.each(&mut form, |_| true)?;
        Ok(form)
    }

    /// Asks for every field but the secrets, with the values that the form has.
    ///
    /// # Errors
    /// As [`Questions::all`]; when there is no terminal.
    pub fn settings(&self, form: &mut Form) -> Result<(), Fault> {
        if !io::stdin().is_terminal() {
            return Err(Fault::BadUsage { what: words::needs_set(self.lang).to_owned() });
        }
        tell(words::intro(self.lang));
        self.each(form, |field| field.input != InputKind::Secret)
    }

    /// Asks for the secrets.
    ///
    /// # Errors
    /// As [`Questions::all`].
    pub fn typed_secrets(&self, form: &mut Form) -> Result<(), Fault> {
        self.each(form, |field| field.input == InputKind::Secret)
    }

    /// Whether the connection has secrets that can be typed.
    pub fn has_secrets(&self, form: &Form) -> bool {
        self.spec.fields_for(form.grant).any(|field| field.input == InputKind::Secret)
    }

    fn each(&self, form: &mut Form, wanted: impl Fn(&FieldSpec) -> bool) -> Result<(), Fault> {
        for field in self.spec.fields.iter().filter(|field| wanted(field)) {
            // Which fields there are may depend on an answer before.
            if self.is_asked(form, field) {
                self.one(form, field)?;
            }
        }
        Ok(())
    }

    /// What differs between two forms: each field with what is shown of it before and after.
    pub fn changes(&self, old: &Form, new: &Form) -> Vec<(FieldId, String, String)> {
        let fields = self.spec.fields.iter().filter(|field| field.input != InputKind::Secret);
        let both = fields.map(|field| (field.id, self.shown(old, field), self.shown(new, field)));
        both.filter(|(_, before, after)| before != after).collect()
    }

    /// Shows what was entered, and asks again for what is to be changed, until nothing is.
    ///
    /// # Errors
    /// As [`Questions::all`].
    pub fn review(&self, form: &mut Form, question: &str) -> Result<(), Fault> {
        loop {
            self.show(form);
            if !self.change(form, question)? {
                return Ok(());
            }
        }
    }

    /// Asks for one field again, after a test that failed; whether there was one.
    ///
    /// # Errors
    /// As [`Questions::all`].
    pub fn again(&self, form: &mut Form) -> Result<bool, Fault> {
        self.change(form, words::change_or_stop(self.lang))
    }

    fn is_asked(&self, form: &Form, field: &FieldSpec) -> bool {
        let fits = field.grant.is_none_or(|grant| grant == form.grant);
        let wanted = self.secrets || field.input != InputKind::Secret;
        fits && wanted && field.input != InputKind::Fixed && field.id != FieldId::Partner
    }

    fn show(&self, form: &Form) {
        let mut table = Table::new(&[("", Fit::Text), ("", Fit::Prose)], Piped::Columns);
        for field in self.spec.fields.iter().filter(|field| self.is_asked(form, field)) {
            let key = Cell::of(Role::Head, field.id.key());
            table.row(vec![key, clean(&self.shown(form, field), false).into()]);
        }
        tell(&format!("\n{}", words::review(self.lang)));
        table.take(Medium::stderr()).iter().for_each(|line| eprintln!("  {line}"));
    }

    fn shown(&self, form: &Form, field: &FieldSpec) -> String {
        match field.input {
            InputKind::Secret if form.secrets.get(&field.id).is_some_and(|secret| !secret.is_empty()) => {
                words::given(self.lang).to_owned()
            }
            InputKind::Secret => "–".to_owned(),
            InputKind::WorkItems => ids(&form.work_items),
            InputKind::Switch if form.create_configuration_items => cli_words::yes(self.lang).to_owned(),
            InputKind::Switch => cli_words::no(self.lang).to_owned(),
            InputKind::Choice => form.choice(field.id).to_owned(),
            InputKind::Text | InputKind::Number | InputKind::Fixed => form.text(field.id).to_owned(),
        }
    }

    fn change(&self, form: &mut Form, question: &str) -> Result<bool, Fault> {
        loop {
            let answer = prompt::line(&format!("{question}: "))?;
            let answer = answer.trim();
            if answer.is_empty() {
                return Ok(false);
            }
            let asked: Vec<_> = self.spec.fields.iter().filter(|field| self.is_asked(form, field)).collect();
            let keys: Vec<_> = asked.iter().map(|field| field.id.key()).collect();
            if let Some(field) = asked.iter().find(|field| field.id.key() == answer) {
                self.one(form, field)?;
                return Ok(true);
            }
            let given = clean(answer, false);
            match nearest(&given, keys.iter().copied()) {
                Some(near) => refuse(&command::unknown_setting_near(self.lang, &given, near)),
                None => refuse(&command::unknown_setting(self.lang, &given, &keys.join(", "))),
            }
        }
    }

    /// Asks for one field until its value can be taken.
    fn one(&self, form: &mut Form, field: &FieldSpec) -> Result<(), Fault> {
        tell(&format!("\n  {}", field.help.in_lang(self.lang)));
        for (at, choice) in field.choices.iter().enumerate() {
            let (label, about) = (choice.label.in_lang(self.lang), choice.about.in_lang(self.lang));
            tell(&format!("  {}  {} ({}): {about}", at + 1, label, choice.id));
        }
        loop {
            let taken = match field.input {
                InputKind::Secret => self.secret(form, field)?,
                _ => self.value(form, field)?,
            };
            match taken.and_then(|()| {
                form.check(field, self.spec, self.taken).map_err(|problem| form_words::problem(self.lang, &problem))
            }) {
                Ok(notices) => {
                    for notice in notices {
                        tell(&format!("· {}", clean(&form_words::notice(self.lang, &notice), false)));
                    }
                    return Ok(());
                }
                Err(problem) => refuse(&problem),
            }
        }
    }

    fn secret(&self, form: &mut Form, field: &FieldSpec) -> Result<Result<(), String>, Fault> {
        let label = field.label.in_lang(self.lang);
        let secret = prompt::secret(&format!("{label} ({}): ", words::hidden(self.lang)))?;
        redactor::remember(&secret);
        redactor::remember(&Secret::new(crate::model::blank::trimmed(secret.expose())));
        form.secrets.insert(field.id, secret);
        Ok(Ok(()))
    }

    /// Takes one answer in; what is wrong with it, if it is none of the values there are.
    fn value(&self, form: &mut Form, field: &FieldSpec) -> Result<Result<(), String>, Fault> {
        let answer = prompt::line(&self.question(form, field))?;
        let answer = answer.trim();
        if answer.is_empty() {
            return Ok(Ok(()));
        }
        Ok(match field.input {
            InputKind::WorkItems => self.work_items(form, answer),
            InputKind::Switch => {
                form.create_configuration_items = matches!(answer.to_lowercase().as_str(), "y" | "yes" | "j" | "ja");
                Ok(())
            }
            InputKind::Choice => {
                let ids: Vec<_> = field.choices.iter().map(|choice| choice.id.as_str()).collect();
                let at = chosen(answer, &ids).ok_or_else(|| words::one_of(self.lang, &ids.join(", ")));
                at.map(|at| form.choose(field.id, ids[at]))
            }
            InputKind::Text | InputKind::Number | InputKind::Secret | InputKind::Fixed => {
                // A single sign empties an optional field.
                let text = if answer == "-" && field.optional { "" } else { answer };
                form.texts.insert(field.id, text.to_owned());
                Ok(())
            }
        })
    }

    fn question(&self, form: &Form, field: &FieldSpec) -> String {
        let label = field.label.in_lang(self.lang);
        let now = match field.input {
            InputKind::Switch if !form.create_configuration_items => {
                cli_words::yes_or_no(self.lang).trim_matches(['[', ']']).to_owned()
            }
            _ => self.shown(form, field),
        };
        let optional = if field.optional { format!(" ({})", words::optional(self.lang)) } else { String::new() };
        let now = if now.is_empty() { now } else { format!(" [{}]", clean(&now, false)) };
        format!("{label}{optional}{now}: ")
    }

    fn work_items(&self, form: &mut Form, answer: &str) -> Result<(), String> {
        let kinds: Option<BTreeSet<_>> =
            answer.split([',', ' ']).filter(|id| !id.is_empty()).map(WorkItemKind::from_id).collect();
        let known = || ids(&WorkItemKind::ALL.into_iter().collect());
        form.work_items = kinds.filter(|kinds| !kinds.is_empty()).ok_or_else(|| words::one_of(self.lang, &known()))?;
        Ok(())
    }
}

fn ids(kinds: &BTreeSet<WorkItemKind>) -> String {
    kinds.iter().map(|kind| kind.id()).collect::<Vec<_>>().join(", ")
}
