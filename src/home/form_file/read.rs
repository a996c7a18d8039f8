//! Reads a form and finds every problem at once.

use std::collections::BTreeSet;

use toml_edit::{Document, Item, Key};

use super::{keys, line_of, not_toml, problem_of, unknown};
use crate::model::clean::clean;
use crate::model::connection::ConnectionName;
use crate::model::fault::{Fault, FormProblem};
use crate::model::form::{FieldId, FieldProblem, Form};
use crate::model::partner::{Catalogue, FieldSpec, InputKind, PartnerId, PartnerSpec};
use crate::model::work_item::WorkItemKind;

/// Reads a form whose secrets come from elsewhere. `taken` are the names of other connections.
///
/// # Errors
/// [`Fault::BadForm`] with all problems, in the order of their lines, missing keys last;
/// [`Fault::PartnerNotReady`].
pub fn read(text: &str, catalogue: &Catalogue, taken: &[ConnectionName]) -> Result<(Form, PartnerId), Fault> {
    let document = Document::parse(text).map_err(|error| Fault::BadForm { problems: vec![not_toml(text, &error)] })?;
    let spec = match partner(text, &document, catalogue) {
        Ok(spec) => spec,
        Err(problem) => return Err(bad_form(without_partner(text, &document, problem))),
    };
    if !spec.ready {
        return Err(Fault::PartnerNotReady { partner: spec.name.clone() });
    }
    let mut reader = Reader { text, spec, form: empty(spec), problems: Vec::new(), lines: Vec::new() };
    reader.take_all(&document);
    reader.check_all(taken);
    if reader.problems.is_empty() { Ok((reader.form, spec.id.clone())) } else { Err(bad_form(reader.problems)) }
}

fn partner<'a>(
    text: &str,
    document: &Document<&str>,
    catalogue: &'a Catalogue,
) -> Result<&'a PartnerSpec, FormProblem> {
    let line = document.key(FieldId::Partner.key()).and_then(|key| line_of(text, key));
    let problem = |problem| problem_of(FieldId::Partner, problem, line);
    let item = document.get(FieldId::Partner.key()).ok_or_else(|| problem(FieldProblem::Missing))?;
    let id = item.as_str().ok_or_else(|| problem(wrong_type("string")))?;
    let known = || catalogue.all().iter().map(|spec| spec.id.to_string()).collect();
    catalogue.get(&PartnerId::new(id.trim())).ok_or_else(|| problem(FieldProblem::UnknownPartner { known: known() }))
}

// What can be said of the other keys as long as the partner is not known.
fn without_partner(text: &str, document: &Document<&str>, of_partner: FormProblem) -> Vec<FormProblem> {
    let others = keys(document).filter_map(|key| match FieldId::from_key(key.get()) {
        None => Some(unknown(text, key)),
        Some(field) if field.is_secret() => Some(problem_of(field, FieldProblem::SecretInFile, line_of(text, key))),
        Some(_) => None,
    });
    others.chain([of_partner]).collect()
}

fn bad_form(mut problems: Vec<FormProblem>) -> Fault {
    problems.sort_by_key(|problem| problem.line.unwrap_or(usize::MAX));
    Fault::BadForm { problems }
}

// Only what the file says counts, so the work items begin empty.
fn empty(spec: &PartnerSpec) -> Form {
    let mut form = Form { grant: spec.usual_grant(), ..Form::default() };
    form.texts.insert(FieldId::Partner, spec.id.to_string());
    for field in spec.fields.iter().filter(|field| field.input == InputKind::Choice) {
        form.choose(field.id, field.default.as_deref().unwrap_or_default());
    }
    form
}

struct Reader<'a> {
    text: &'a str,
    spec: &'a PartnerSpec,
    form: Form,
    problems: Vec<FormProblem>,
    lines: Vec<(FieldId, Option<usize>)>,
}

impl Reader<'_> {
    fn take_all(&mut self, document: &Document<&str>) {
        for key in keys(document) {
            let id = FieldId::from_key(key.get());
            let field = id.and_then(|id| self.spec.field(id)).map(|field| (field.id, field.input));
            // A form of an older itsmc has the switch, whether or not it is asked for.
            let older = || id.filter(|id| *id == FieldId::CreateConfigurationItems).map(|id| (id, InputKind::Switch));
            match (field.or_else(older), document.get(key.get())) {
                (Some((id, input)), Some(item)) => self.take(key, id, input, item),
                _ => self.problems.push(unknown(self.text, key)),
            }
        }
    }

    fn take(&mut self, key: &Key, field: FieldId, input: InputKind, item: &Item) {
        let line = line_of(self.text, key);
        self.lines.push((field, line));
        if let Err(problem) = self.value(field, input, item) {
            self.problems.push(problem_of(field, problem, line));
        }
    }

    fn value(&mut self, field: FieldId, input: InputKind, item: &Item) -> Result<(), FieldProblem> {
        let text = match input {
            InputKind::Secret => return Err(FieldProblem::SecretInFile),
            InputKind::WorkItems => {
                self.form.work_items = work_items(item)?;
                return Ok(());
            }
            InputKind::Switch => {
                self.form.create_configuration_items = item.as_bool().ok_or_else(|| wrong_type("boolean"))?;
                return Ok(());
            }
            InputKind::Choice => {
                let id = item.as_str().ok_or_else(|| wrong_type("string"))?.trim();
                let choices = self.spec.field(field).map(|field| field.choices.as_slice()).unwrap_or_default();
                if !choices.iter().any(|choice| choice.id == id) {
                    let known = choices.iter().map(|choice| choice.id.clone()).collect();
                    return Err(FieldProblem::UnknownChoice { given: clean(id, false), known });
                }
                self.form.choose(field, id);
                return Ok(());
            }
            InputKind::Number => item.as_integer().ok_or_else(|| wrong_type("integer"))?.to_string(),
            InputKind::Text | InputKind::Fixed => item.as_str().ok_or_else(|| wrong_type("string"))?.to_owned(),
        };
        self.form.texts.insert(field, text);
        Ok(())
    }

    fn check_all(&mut self, taken: &[ConnectionName]) {
        let spec = self.spec;
        for field in spec.fields_for(self.form.grant).filter(|field| field.input != InputKind::Secret) {
            if self.problems.iter().any(|problem| problem.field == Some(field.id)) {
                continue;
            }
            let line = self.lines.iter().find(|(id, _)| *id == field.id).map(|(_, line)| *line);
            if let Err(problem) = self.check(field, line.is_some(), taken) {
                self.problems.push(problem_of(field.id, problem, line.flatten()));
            }
        }
    }

    fn check(&self, field: &FieldSpec, is_there: bool, taken: &[ConnectionName]) -> Result<(), FieldProblem> {
        // A switch that is not named is off.
        let may_lack = field.optional || matches!(field.input, InputKind::Choice | InputKind::Switch);
        if !is_there && !may_lack {
            return Err(FieldProblem::Missing);
        }
        self.form.check(field, self.spec, taken).map(|_| ())
    }
}

fn work_items(item: &Item) -> Result<BTreeSet<WorkItemKind>, FieldProblem> {
    let expected = || wrong_type("array of strings");
    item.as_array().ok_or_else(expected)?.iter().map(|value| kind(value.as_str().ok_or_else(expected)?)).collect()
}

fn kind(id: &str) -> Result<WorkItemKind, FieldProblem> {
    WorkItemKind::from_id(id).ok_or_else(|| FieldProblem::UnknownChoice {
        given: clean(id, false),
        known: WorkItemKind::ALL.map(|kind| kind.id().to_owned()).into(),
    })
}

fn wrong_type(expected: &str) -> FieldProblem {
    FieldProblem::WrongType { expected: expected.to_owned() }
}
