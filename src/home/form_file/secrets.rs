//! The secrets of a connection, as TOML on stdin.

use toml_edit::{Document, Item, Key};

use super::{keys, line_at, line_of, problem_of};
use crate::model::fault::{Fault, FormProblem};
use crate::model::form::{FieldId, FieldProblem};
use crate::model::secret::Secret;
use crate::vault::redactor;

/// What each line of the secrets looks like.
pub const SHAPE: &str = "KEY = \"TEXT\"";

/// What came on stdin; what did not is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Secrets {
    /// The user's password.
    pub password: Option<Secret>,
    /// The OAuth application's secret.
    pub client_secret: Option<Secret>,
}

/// Reads `password = ".."` and `client_secret = ".."`; either may be left out. The caller wipes `text`.
///
/// # Errors
/// [`Fault::BadForm`] with every problem and its line, and none of the values.
pub fn read_secrets(text: &str) -> Result<Secrets, Fault> {
    let document = Document::parse(text).map_err(|error| Fault::BadForm { problems: vec![no_toml(text, &error)] })?;
    let mut secrets = Secrets::default();
    let mut problems = Vec::new();
    for key in keys(&document) {
        if let Err(problem) = take(text, key, document.get(key.get()), &mut secrets) {
            problems.push(problem);
        }
    }
    if problems.is_empty() { Ok(secrets) } else { Err(Fault::BadForm { problems }) }
}

/// A text that is no TOML. The parser's own words may quote a key, so only the shape that is wanted is told.
fn no_toml(text: &str, error: &toml_edit::TomlError) -> FormProblem {
    let problem = FieldProblem::NotToml { detail: SHAPE.to_owned() };
    FormProblem { field: None, key: None, problem, line: error.span().map(|span| line_at(text, span.start)) }
}

fn take(text: &str, key: &Key, item: Option<&Item>, secrets: &mut Secrets) -> Result<(), FormProblem> {
    let (field, place) = match FieldId::from_key(key.get()) {
        Some(FieldId::Password) => (FieldId::Password, &mut secrets.password),
        Some(FieldId::ClientSecret) => (FieldId::ClientSecret, &mut secrets.client_secret),
        // Someone may have typed the secret as the key: only its place is told.
        _ => {
            let problem = FieldProblem::UnknownKey;
            return Err(FormProblem { field: None, key: None, problem, line: line_of(text, key) });
        }
    };
    let problem = |problem| problem_of(field, problem, line_of(text, key));
    let value = item.and_then(Item::as_str);
    let value = value.ok_or_else(|| problem(FieldProblem::WrongType { expected: "string".into() }))?;
    if value.is_empty() {
        return Err(problem(FieldProblem::Missing));
    }
    let secret = Secret::new(value);
    redactor::remember(&secret);
    *place = Some(secret);
    Ok(())
}
