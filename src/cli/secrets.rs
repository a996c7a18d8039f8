//! Where the secrets of a form come from: stdin as TOML, or asked for without echo. Never an argument.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal};

use zeroize::Zeroizing;

use super::output::Output;
use super::{prompt, signals};
use crate::home::form_file;
use crate::model::blank::trimmed;
use crate::model::encoding::decode;
use crate::model::fault::{Fault, FormProblem};
use crate::model::form::{FieldId, FieldProblem, Form, LONGEST, secret_notice};
use crate::model::lang::Lang;
use crate::model::partner::{InputKind, PartnerSpec};
use crate::model::secret::Secret;
use crate::model::url::ServerUrl;
use crate::texts::{cli as words, form as form_words};
use crate::vault::redactor;

/// The most that a TOML of two secrets may measure, in bytes.
const LIMIT: u64 = 64 * 1024;

/// Puts the secrets that the partner asks for into the form, and says what is worth knowing of their ends.
///
/// # Errors
/// When stdin holds no such TOML, or there is nobody to ask; then every secret that is missing is named.
pub fn fill(output: Output, form: &mut Form, spec: &PartnerSpec, from_stdin: bool) -> Result<(), Fault> {
    if from_stdin {
        from_toml(form)?;
    } else {
        let asked: Vec<_> = spec.fields_for(form.grant).filter(|field| field.input == InputKind::Secret).collect();
        let needed: Vec<_> = asked.iter().filter(|field| !field.optional).map(|field| field.id.key()).collect();
        somebody_to_ask(&needed)?;
        for field in asked {
            let prompt = prompt(output.lang, form, spec, field.id);
            form.secrets.insert(field.id, typed(&prompt)?);
        }
    }
    for (field, secret) in &form.secrets {
        // The log knows a client secret as it is sent.
        redactor::remember(&Secret::new(trimmed(secret.expose())));
        note(output, *field, secret);
    }
    Ok(())
}

/// Whose secret is asked for, and of which server.
fn prompt(lang: Lang, form: &Form, spec: &PartnerSpec, field: FieldId) -> String {
    let url = ServerUrl::parse(form.text(FieldId::ServerUrl), &spec.host_suffixes);
    let host = url.map_or_else(|_| spec.name.clone(), |(url, _)| url.host());
    match field {
        FieldId::ClientSecret => words::ask_client_secret(lang, trimmed(form.text(FieldId::ClientId)), &host),
        _ => words::ask_password(lang, trimmed(form.text(FieldId::Username)), &host),
    }
}

fn note(output: Output, field: FieldId, secret: &Secret) {
    if let Some(notice) = secret_notice(field, secret.expose()) {
        output.say(&format!("▲ {}: {}", field.key(), form_words::notice(output.lang, &notice)));
    }
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
    signals::read_stdin(LIMIT + 1, &mut bytes)?;
    if bytes.len() as u64 > LIMIT {
        let problem = FieldProblem::TooLong { most: LONGEST };
        return Err(Fault::BadForm { problems: vec![FormProblem { field: None, key: None, problem, line: None }] });
    }
    let problem = |reason| Fault::FileProblem { path: "stdin".to_owned(), reason };
    decode(&bytes).map(Secret::new).map_err(|not_text| problem(not_text.reason()))
}

/// The secrets of an administrative command, by what they are for.
pub struct AdminSecrets {
    output: Output,
    given: BTreeMap<String, Secret>,
}

impl AdminSecrets {
    /// Reads them from stdin as TOML, where that was asked for.
    ///
    /// # Errors
    /// When stdin holds no TOML of texts; none of them is told.
    pub fn read(output: Output, from_stdin: bool) -> Result<Self, Fault> {
        if !from_stdin {
            return Ok(Self { output, given: BTreeMap::new() });
        }
        let text = read_stdin()?;
        let not_toml = |_| {
            let problem = FieldProblem::NotToml { detail: "KEY = \"TEXT\"".to_owned() };
            Fault::BadForm { problems: vec![FormProblem { field: None, key: None, problem, line: None }] }
        };
        let given: BTreeMap<String, String> = toml::from_str(text.expose()).map_err(not_toml)?;
        let given: BTreeMap<_, _> = given.into_iter().map(|(key, text)| (key, Secret::new(text))).collect();
        given.values().for_each(redactor::remember);
        Ok(Self { output, given })
    }

    /// The secret of this key, if it was given.
    pub fn given(&self, key: &str) -> Option<Secret> {
        self.given.get(key).cloned()
    }

    /// The secret of this key, else what is typed at the prompt.
    ///
    /// # Errors
    /// When it was not given and there is nobody to ask.
    pub fn get(&self, key: &str, prompt: &str) -> Result<Secret, Fault> {
        let secret = match self.given.get(key) {
            Some(secret) => secret.clone(),
            None => {
                somebody_to_ask(&[key])?;
                typed(prompt)?
            }
        };
        note(self.output, FieldId::Password, &secret);
        Ok(secret)
    }
}

/// Whether there is a terminal to ask at for these secrets.
fn somebody_to_ask(needed: &[&str]) -> Result<(), Fault> {
    if needed.is_empty() || io::stdin().is_terminal() {
        return Ok(());
    }
    Err(Fault::SecretsNeeded { missing: needed.iter().map(|key| (*key).to_owned()).collect() })
}

fn typed(question: &str) -> Result<Secret, Fault> {
    let secret = prompt::secret(question)?;
    redactor::remember(&secret);
    Ok(secret)
}
