//! `itsmc connection edit`: change settings; a changed server, user or client needs a new sign-in.

use crate::cli::ask;
use crate::cli::command::{add, leaving, rename, test, token};
use crate::cli::context::Context;
use crate::cli::questions::Questions;
use crate::cli::secrets::{self, AdminSecrets};
use crate::model::clean::clean;
use crate::model::connection::{Connection, ConnectionName, Grant};
use crate::model::fault::{Fault, FormProblem};
use crate::model::form::{FieldId, FieldProblem, Form, ValidForm};
use crate::model::lang::Lang;
use crate::model::leaving::Leaving;
use crate::model::nearest::nearest;
use crate::model::partner::PartnerSpec;
use crate::model::rotation::{NewSecret, Typed};
use crate::model::work_item::WorkItemKind;
use crate::service::{connections, renaming, rotation};
use crate::texts::fault::At;
use crate::texts::{cli as words, command, questions as question_words, settings as settings_words};

/// Exit code for findings: replaced tokens that are not revoked.
const FINDINGS: u8 = 8;

/// Exit code of a question that was answered with no.
const LEFT: u8 = 130;

/// Applies each `KEY=VALUE`, signs in again where that is needed, and saves.
///
/// # Errors
/// When a key or value does not fit, or something cannot be written. A failed test is the exit code.
pub async fn run(context: &Context, name: &str, settings: &[String], secrets_stdin: bool) -> Result<u8, Fault> {
    if settings.is_empty() && !secrets_stdin {
        return ask(context, name).await;
    }
    let connection = context.services.connection(name).await?;
    let mut form = Form::of(&connection);
    let spec = context.services.spec(&connection.partner)?;
    let mut keys = apply_all(context, spec, &mut form, settings)?;
    let taken = taken_by_others(context, &connection).await?;
    let mut valid = form.validate_settings(spec, &taken).map_err(add::bad_form)?;
    // Everything else is changed under the name that it has.
    let name = std::mem::replace(&mut valid.connection.name, connection.name.clone());
    form.texts.insert(FieldId::Name, connection.name.to_string());
    keys.retain(|key| key != FieldId::Name.key());
    let is_renamed = name != connection.name;
    if is_renamed && keys.is_empty() && !secrets_stdin {
        return renamed(context, &valid.connection, &name).await;
    }
    if connections::needs_sign_in(&context.services, &connection, &valid.connection).await? {
        // No one types secrets for a change that a sync keeps from being written.
        drop(connections::lock(&context.services, &connection.name).await?);
        context.output.say(words::edit_secrets(context.output.lang));
        secrets::fill(context.output, &mut form, spec, secrets_stdin)?;
        valid = form.validate(spec, &[]).map_err(add::bad_form)?;
        let partner = context.services.candidate(&valid).await?;
        let report = test::report(context, &valid.connection, &*partner, At::Saved).await?;
        if !report.passed() {
            let left = leaving::give_up(context).await;
            if context.output.json {
                let told = test::json(context.output.lang, &report, At::Saved);
                context.output.result(&leaving::with(told, &left), Vec::new)?;
            }
            return Ok(test::exit_code(&report));
        }
    } else if secrets_stdin {
        let code = with_new_secrets(context, &valid, keys, !is_renamed).await?;
        return if is_renamed { renamed(context, &valid.connection, &name).await.map(|_| code) } else { Ok(code) };
    }
    let left = leaving::parted(context, connections::replace(&context.services, &valid, keys).await)?;
    if is_renamed {
        return renamed(context, &valid.connection, &name).await;
    }
    tell(context, &valid.connection, &left)?;
    Ok(0)
}

/// Asks for the settings line by line, each with its present value, tests them where the sign-in changes, and saves them after a
/// question.
async fn ask(context: &Context, name: &str) -> Result<u8, Fault> {
    let (lang, services) = (context.output.lang, &context.services);
    let connection = services.connection(name).await?;
    let (spec, taken) = (services.spec(&connection.partner)?, taken_by_others(context, &connection).await?);
    let saved = Form::of(&connection);
    let (mut form, mut questions) = (saved.clone(), Questions::new(context.output, spec, &taken));
    questions.secrets = false;
    questions.settings(&mut form)?;
    questions.review(&mut form, question_words::change_or_go_on(lang))?;
    let valid = |form: &Form, secrets: bool| -> Result<(ValidForm, ConnectionName), Fault> {
        let valid = if secrets { form.validate(spec, &taken) } else { form.validate_settings(spec, &taken) };
        let mut valid = valid.map_err(add::bad_form)?;
        // Everything else is changed under the name that it has.
        let to = std::mem::replace(&mut valid.connection.name, connection.name.clone());
        Ok((valid, to))
    };
    let (mut checked, mut to) = valid(&form, false)?;
    let needs_sign_in = connections::needs_sign_in(services, &connection, &checked.connection).await?;
    if needs_sign_in {
        context.output.say(words::edit_secrets(lang));
    }
    let replaces = needs_sign_in
        || (questions.has_secrets(&form) && ask::confirmed(context, question_words::replace_secrets(lang))?);
    if replaces {
        // No one types secrets for a change that a sync keeps from being written.
        drop(connections::lock(services, &connection.name).await?);
        questions.secrets = true;
        questions.typed_secrets(&mut form)?;
        loop {
            (checked, to) = valid(&form, true)?;
            let partner = services.candidate(&checked).await?;
            let report = test::report(context, &checked.connection, &*partner, At::Saved).await?;
            if report.passed() {
                break;
            }
            leaving::give_up(context).await;
            if !questions.again(&mut form)? {
                return Ok(test::exit_code(&report));
            }
        }
    }
    let changes = questions.changes(&saved, &form);
    if changes.is_empty() && !replaces {
        context.output.say(settings_words::no_changes(lang));
        return Ok(0);
    }
    for (field, before, after) in &changes {
        context.output.say(&format!("~ {}: {} → {}", field.key(), clean(before, false), clean(after, false)));
    }
    if replaces {
        context.output.say(&format!("~ {}", question_words::new_secrets(lang)));
    }
    let is_renamed = to != connection.name;
    if is_renamed {
        rename::tell_kept(context, &renaming::kept(services, &connection.name, &to).await?);
    }
    if !ask::confirmed(context, &question_words::save_question(lang, connection.name.as_str()))? {
        leaving::give_up(context).await;
        context.output.say(question_words::not_saved(lang));
        return Ok(LEFT);
    }
    let keys = changes.iter().filter(|(field, ..)| *field != FieldId::Name).map(|(field, ..)| field.key().to_owned());
    let (keys, mut left) = (keys.collect::<Vec<_>>(), Leaving::default());
    if replaces || !keys.is_empty() {
        left = leaving::parted(context, connections::replace(services, &checked, keys).await)?;
    }
    if is_renamed {
        renaming::rename(services, &connection.name, &to).await?;
    }
    tell(context, &services.connection(to.as_str()).await?, &left)?;
    Ok(0)
}

/// Every name that another connection has, here or outside.
async fn taken_by_others(context: &Context, own: &Connection) -> Result<Vec<ConnectionName>, Fault> {
    let all = context.services.taken().await?;
    Ok(all.into_iter().filter(|name| *name != own.name && Some(name) != own.known_as.as_ref()).collect())
}

/// Renames a connection whose other settings are saved, and tells of both.
async fn renamed(context: &Context, connection: &Connection, to: &ConnectionName) -> Result<u8, Fault> {
    rename::tell_kept(context, &renaming::kept(&context.services, &connection.name, to).await?);
    renaming::rename(&context.services, &connection.name, to).await?;
    tell(context, &context.services.connection(to.as_str()).await?, &Leaving::default())?;
    Ok(0)
}

/// Signs in with the secrets on stdin, for settings that leave the sign-in as it is: a new client secret is proven before
/// it takes the place of the stored one.
async fn with_new_secrets(context: &Context, valid: &ValidForm, keys: Vec<String>, tells: bool) -> Result<u8, Fault> {
    let connection = &valid.connection;
    let secrets = AdminSecrets::read(context.output, true)?;
    let (mut left, mut leaving) = (None, Leaving::default());
    if let Some(secret) = secrets.given("client_secret") {
        let new = NewSecret { secret: token::trim(&secret), expires: None };
        let rotated = token::put_secret(context, connection, &secrets, new).await?;
        (left, leaving) = (rotated.left, rotated.leaving);
    } else if let Some(password) = secrets.given("password") {
        let typed = Typed { password: Some(password), client_secret: None };
        let rotated = rotation::rotate(&context.services, &connection.name, typed, |_| {}).await;
        let rotated = leaving::rotated(context, rotated)?;
        (left, leaving) = (rotated.left, rotated.leaving);
    }
    if !keys.is_empty() {
        connections::replace(&context.services, valid, keys).await.outcome?;
    }
    if tells {
        tell(context, connection, &leaving)?;
    }
    Ok(if left.is_some() { FINDINGS } else { 0 })
}

/// Prints the changed connection, in JSON with what became of the tokens that were replaced.
fn tell(context: &Context, connection: &Connection, left: &Leaving) -> Result<(), Fault> {
    let json = serde_json::to_value(connection).map_err(|error| Fault::Internal { what: error.to_string() })?;
    let changed = || vec![words::changed(context.output.lang, connection.name.as_str())];
    context.output.result(&leaving::with(json, left), changed)
}

fn apply_all(
    context: &Context,
    spec: &PartnerSpec,
    form: &mut Form,
    settings: &[String],
) -> Result<Vec<String>, Fault> {
    settings.iter().map(|setting| apply(context, spec, form, setting)).collect()
}

fn apply(context: &Context, spec: &PartnerSpec, form: &mut Form, setting: &str) -> Result<String, Fault> {
    let lang = context.output.lang;
    let (key, value) =
        setting.split_once('=').ok_or_else(|| Fault::BadUsage { what: words::edit_shape(lang).to_owned() })?;
    match FieldId::from_key(key.trim()).filter(|field| spec.field(*field).is_some()) {
        Some(FieldId::Grant) => form.grant = grant(value.trim())?,
        Some(
            field @ (FieldId::Name | FieldId::ServerUrl | FieldId::Username | FieldId::ClientId | FieldId::SyncDays),
        ) => {
            form.texts.insert(field, value.to_owned());
        }
        Some(field) if FieldId::DETAILS.contains(&field) => _ = form.texts.insert(field, value.to_owned()),
        Some(field @ FieldId::WorkItems) => form.work_items = kinds(field, value)?,
        Some(field @ FieldId::CreateConfigurationItems) => {
            form.create_configuration_items = value
                .trim()
                .parse()
                .map_err(|_| wrong(field, FieldProblem::WrongType { expected: "true, false".to_owned() }))?;
        }
        _ => return Err(Fault::BadUsage { what: unknown_setting(lang, spec, key.trim()) }),
    }
    Ok(key.trim().to_owned())
}

/// Which setting may be meant, else which there are.
fn unknown_setting(lang: Lang, spec: &PartnerSpec, key: &str) -> String {
    let settings = spec.fields.iter().map(|field| field.id).filter(|id| !id.is_secret());
    let known: Vec<_> = settings.map(FieldId::key).collect();
    let key = clean(key, false);
    match nearest(&key, known.iter().copied()) {
        Some(near) => command::unknown_setting_near(lang, &key, near),
        None => command::unknown_setting(lang, &key, &known.join(", ")),
    }
}

fn grant(id: &str) -> Result<Grant, Fault> {
    let known = Grant::ALL.map(|grant| grant.id().to_owned()).into();
    let problem = FieldProblem::UnknownChoice { given: id.to_owned(), known };
    let problem = FormProblem { field: None, key: Some("grant".to_owned()), problem, line: None };
    Grant::from_id(id).ok_or(Fault::BadForm { problems: vec![problem] })
}

fn kinds(field: FieldId, value: &str) -> Result<std::collections::BTreeSet<WorkItemKind>, Fault> {
    let known = || WorkItemKind::ALL.iter().map(|kind| kind.id().to_owned()).collect();
    let kind = |id: &str| {
        WorkItemKind::from_id(id.trim())
            .ok_or_else(|| wrong(field, FieldProblem::UnknownChoice { given: id.to_owned(), known: known() }))
    };
    value.split(',').filter(|id| !id.trim().is_empty()).map(kind).collect()
}

fn wrong(field: FieldId, problem: FieldProblem) -> Fault {
    Fault::BadForm { problems: vec![FormProblem { field: Some(field), key: None, problem, line: None }] }
}
