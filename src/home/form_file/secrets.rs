//! The secrets of a connection, as TOML on stdin.

use toml_edit::{Document, Item, Key};

use super::{keys, line_of, not_toml, problem_of, unknown};
use crate::model::fault::{Fault, FormProblem};
use crate::model::form::{FieldId, FieldProblem};
use crate::model::secret::Secret;
use crate::vault::live;

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
    let document = Document::parse(text).map_err(|error| Fault::BadForm { problems: vec![not_toml(text, &error)] })?;
    let mut secrets = Secrets::default();
    let mut problems = Vec::new();
    for key in keys(&document) {
        if let Err(problem) = take(text, key, document.get(key.get()), &mut secrets) {
            problems.push(problem);
        }
    }
    if problems.is_empty() { Ok(secrets) } else { Err(Fault::BadForm { problems }) }
}

fn take(text: &str, key: &Key, item: Option<&Item>, secrets: &mut Secrets) -> Result<(), FormProblem> {
    let (field, place) = match FieldId::from_key(key.get()) {
        Some(FieldId::Password) => (FieldId::Password, &mut secrets.password),
        Some(FieldId::ClientSecret) => (FieldId::ClientSecret, &mut secrets.client_secret),
        _ => return Err(unknown(text, key)),
    };
    let problem = |problem| problem_of(field, problem, line_of(text, key));
    let value = item.and_then(Item::as_str);
    let value = value.ok_or_else(|| problem(FieldProblem::WrongType { expected: "string".into() }))?;
    if value.is_empty() {
        return Err(problem(FieldProblem::Missing));
    }
    let secret = Secret::new(value);
    live::remember(&secret);
    *place = Some(secret);
    Ok(())
}
