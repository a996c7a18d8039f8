//! `itsmc connection add`: check, test, sign in, save.

use std::path::Path;

use jiff::Timestamp;

use crate::cli::command::{edit, test};
use crate::cli::context::Context;
use crate::cli::secrets;
use crate::cli::text_file;
use crate::home::form_file;
use crate::model::fault::{Fault, FormProblem};
use crate::model::form::{FieldId, FieldProblem, ValidForm};
use crate::service::connections;
use crate::texts::fault::At;
use crate::texts::{cli as words, form as form_words, partner as partner_words};

/// Exit code of a connection that is saved and cannot sync yet.
const FINDINGS: u8 = 8;

/// Reads a form and saves its connection, if its live test passes or it is to be saved signed out.
///
/// # Errors
/// When the form has problems or something cannot be written. A failed test is the exit code.
pub async fn run(context: &Context, file: &Path, secrets_stdin: bool, signed_out: bool) -> Result<u8, Fault> {
    let form = read(context, file, secrets_stdin).await?;
    // What is worth saying of the secrets was said where they came from.
    for (_, notice) in form.notices.iter().filter(|(field, _)| !field.is_secret()) {
        context.output.say(&format!("· {}", form_words::notice(context.output.lang, notice)));
    }
    let spec = context.services.spec(&form.connection.partner)?;
    for notice in partner_words::notices(context.output.lang, spec, Timestamp::now()) {
        context.output.say(&format!("▲ {notice}"));
    }
    let name = form.connection.name.to_string();
    if signed_out {
        connections::save_signed_out(&context.services, &form).await?;
        let administered = context.services.spec(&form.connection.partner)?.admin_signs_in;
        let told = if administered { words::saved_signed_out } else { words::saved_signed_out_plain };
        context.output.result(&form.connection, || vec![told(context.output.lang, &name)])?;
        return Ok(FINDINGS);
    }
    let partner = context.services.candidate(&form).await?;
    let report = test::report(context, &form.connection, &*partner, At::Unsaved).await?;
    if report.passed() {
        if let Err(fault) = connections::save(&context.services, &form).await {
            edit::give_up(context).await;
            return Err(fault);
        }
        context.output.say(&words::saved(context.output.lang, &name));
    } else {
        edit::give_up(context).await;
    }
    if context.output.json {
        context.output.result(&test::json(context.output.lang, &report, At::Unsaved), Vec::new)?;
    }
    Ok(test::exit_code(&report))
}

async fn read(context: &Context, file: &Path, secrets_stdin: bool) -> Result<ValidForm, Fault> {
    let text = text_file::read(file)?;
    let taken = context.services.names().await?;
    let (mut form, partner) = form_file::read(&text, &context.services.catalogue, &taken)?;
    let spec = context.services.spec(&partner)?;
    secrets::fill(context.output, &mut form, spec, secrets_stdin)?;
    form.validate(spec, &taken).map_err(bad_form)
}

/// A form's problems as a fault.
pub fn bad_form(problems: Vec<(FieldId, FieldProblem)>) -> Fault {
    let of_field = |(field, problem)| FormProblem { field: Some(field), key: None, problem, line: None };
    Fault::BadForm { problems: problems.into_iter().map(of_field).collect() }
}
