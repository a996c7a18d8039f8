//! Where the secrets of a form come from: stdin as TOML, or asked for without echo. Never an argument.

use std::io::{self, IsTerminal, Read};

use super::output::Output;
use crate::home::form_file;
use crate::model::fault::{Fault, FormProblem};
use crate::model::form::{FieldId, FieldProblem, Form};
use crate::model::partner::{InputKind, PartnerSpec};
use crate::model::secret::Secret;
use crate::texts::cli as words;

/// The most that a TOML of two secrets may measure, in bytes.
const LIMIT: u64 = 64 * 1024;

/// Puts the secrets that the partner asks for into the form.
///
/// # Errors
/// When stdin holds no such TOML, or there is nobody to ask.
pub fn fill(output: Output, form: &mut Form, spec: &PartnerSpec, from_stdin: bool) -> Result<(), Fault> {
    if from_stdin {
        return from_toml(form);
    }
    for field in spec.fields.iter().filter(|field| field.input == InputKind::Secret) {
        form.secrets.insert(field.id, ask(output, field.id)?);
    }
    Ok(())
}

fn from_toml(form: &mut Form) -> Result<(), Fault> {
    let mut text = String::new();
    io::stdin()
        .lock()
        .take(LIMIT)
        .read_to_string(&mut text)
        .map_err(|error| Fault::from_io(std::path::Path::new("stdin"), &error))?;
    let text = Secret::new(text);
    let secrets = form_file::read_secrets(text.expose())?;
    form.secrets.extend(secrets.password.map(|secret| (FieldId::Password, secret)));
    form.secrets.extend(secrets.client_secret.map(|secret| (FieldId::ClientSecret, secret)));
    Ok(())
}

fn ask(output: Output, field: FieldId) -> Result<Secret, Fault> {
    if !io::stdin().is_terminal() {
        let missing = FormProblem { field: Some(field), key: None, problem: FieldProblem::Missing, line: None };
        return Err(Fault::BadForm { problems: vec![missing] });
    }
    let prompt = match field {
        FieldId::ClientSecret => words::ask_client_secret(output.lang),
        _ => words::ask_password(output.lang),
    };
    let typed =
        rpassword::prompt_password(prompt).map_err(|error| Fault::from_io(std::path::Path::new("/dev/tty"), &error))?;
    Ok(Secret::new(typed))
}
