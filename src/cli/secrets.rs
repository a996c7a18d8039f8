//! Where the secrets of a form come from: stdin as TOML, or asked for without echo. Never an argument.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal};

use zeroize::Zeroizing;

use super::output::Output;
use super::{prompt, signals};
use crate::home::form_file;
use crate::model::encoding::decode;
use crate::model::fault::{Fault, FormProblem};
use crate::model::form::{FieldId, FieldProblem, Form};
use crate::model::partner::{InputKind, PartnerSpec};
use crate::model::secret::Secret;
use crate::texts::cli as words;
use crate::vault::live;

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
    for field in spec.fields_for(form.grant).filter(|field| field.input == InputKind::Secret) {
        form.secrets.insert(field.id, ask(output, field.id)?);
    }
    Ok(())
}

fn from_toml(form: &mut Form) -> Result<(), Fault> {
    let text = read_stdin()?;
    let secrets = form_file::read_secrets(text.expose())?;
    form.secrets.extend(secrets.password.map(|secret| (FieldId::Password, secret)));
    form.secrets.extend(secrets.client_secret.map(|secret| (FieldId::ClientSecret, secret)));
    Ok(())
}

fn read_stdin() -> Result<Secret, Fault> {
    let mut bytes = Zeroizing::new(Vec::new());
    let stdin = std::path::Path::new("stdin");
    signals::read_stdin(LIMIT, &mut bytes)?;
    let problem = |reason| Fault::FileProblem { path: stdin.display().to_string(), reason };
    decode(&bytes).map(Secret::new).map_err(|not_text| problem(not_text.reason()))
}

/// The secrets of an administrative command, by what they are for.
#[derive(Default)]
pub struct AdminSecrets {
    given: BTreeMap<String, Secret>,
}

impl AdminSecrets {
    /// Reads them from stdin as TOML, where that was asked for.
    ///
    /// # Errors
    /// When stdin holds no TOML of texts; none of them is told.
    pub fn read(from_stdin: bool) -> Result<Self, Fault> {
        if !from_stdin {
            return Ok(Self::default());
        }
        let text = read_stdin()?;
        let not_toml = |_| {
            let problem = FieldProblem::NotToml { detail: "KEY = \"TEXT\"".to_owned() };
            Fault::BadForm { problems: vec![FormProblem { field: None, key: None, problem, line: None }] }
        };
        let given: BTreeMap<String, String> = toml::from_str(text.expose()).map_err(not_toml)?;
        let given: BTreeMap<_, _> = given.into_iter().map(|(key, text)| (key, Secret::new(text))).collect();
        given.values().for_each(live::remember);
        Ok(Self { given })
    }

    /// The secret of this key, else what is typed at the prompt.
    ///
    /// # Errors
    /// When it was not given and there is nobody to ask.
    pub fn get(&self, key: &str, prompt: &str) -> Result<Secret, Fault> {
        match self.given.get(key) {
            Some(secret) => Ok(secret.clone()),
            None => typed(FieldId::Password, prompt),
        }
    }
}

fn ask(output: Output, field: FieldId) -> Result<Secret, Fault> {
    let prompt = match field {
        FieldId::ClientSecret => words::ask_client_secret(output.lang),
        _ => words::ask_password(output.lang),
    };
    typed(field, prompt)
}

fn typed(field: FieldId, question: &str) -> Result<Secret, Fault> {
    if !io::stdin().is_terminal() {
        let missing = FormProblem { field: Some(field), key: None, problem: FieldProblem::Missing, line: None };
        return Err(Fault::BadForm { problems: vec![missing] });
    }
    let secret = prompt::secret(question)?;
    live::remember(&secret);
    Ok(secret)
}
