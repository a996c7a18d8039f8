//! `itsmc connection add`: check, test, sign in, save.

use std::path::Path;

use jiff::Timestamp;

use crate::cli::command::{leaving, test};
use crate::cli::context::Context;
use crate::cli::questions::{self, Questions};
use crate::cli::secrets;
use crate::cli::text_file;
use crate::home::form_file;
use crate::model::check::Report;
use crate::model::fault::{Fault, FormProblem};
use crate::model::form::{FieldId, FieldProblem, ValidForm};
use crate::model::leaving::Leaving;
use crate::model::partner::PartnerSpec;
use crate::service::connections;
use crate::texts::fault::At;
use crate::texts::{cli as words, form as form_words, partner as partner_words, questions as question_words};

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
    notices(context, context.services.spec(&form.connection.partner)?);
    if signed_out {
        return save_signed_out(context, &form).await;
    }
    let (report, left) = test_and_save(context, &form).await?;
    tell(context, &report, &left)
}

/// Asks for the form line by line, and saves its connection as [`run`] does. After a test that failed, settings may be
/// changed and tested again.
///
/// # Errors
/// As [`run`]; when there is no terminal, or a question was left.
pub async fn ask(context: &Context, signed_out: bool) -> Result<u8, Fault> {
    let taken = context.services.taken().await?;
    let spec = questions::product(context.output, &context.services.catalogue)?;
    notices(context, context.services.spec(&spec.id)?);
    let questions = Questions::new(context.output, spec, &taken);
    let mut form = questions.all()?;
    let question = if signed_out { question_words::change_or_save } else { question_words::change_or_test };
    questions.review(&mut form, question(context.output.lang))?;
    loop {
        let valid = form.validate(spec, &taken).map_err(bad_form)?;
        if signed_out {
            return save_signed_out(context, &valid).await;
        }
        let (report, left) = test_and_save(context, &valid).await?;
        if report.passed() || !questions.again(&mut form)? {
            return tell(context, &report, &left);
        }
    }
}

fn notices(context: &Context, spec: &PartnerSpec) {
    for notice in partner_words::notices(context.output.lang, spec, Timestamp::now()) {
        context.output.say(&format!("▲ {notice}"));
    }
}

async fn save_signed_out(context: &Context, form: &ValidForm) -> Result<u8, Fault> {
    leaving::parted(context, connections::save_signed_out(&context.services, form).await)?;
    let administered = context.services.spec(&form.connection.partner)?.admin_signs_in;
    let told = if administered { words::saved_signed_out } else { words::saved_signed_out_plain };
    let name = form.connection.name.as_str();
    context.output.result(&form.connection, || vec![told(context.output.lang, name)])?;
    Ok(FINDINGS)
}

/// Runs the live test, and saves if it passes; else what the test obtained is given up.
async fn test_and_save(context: &Context, form: &ValidForm) -> Result<(Report, Leaving), Fault> {
    let partner = context.services.candidate(form).await?;
    let report = test::report(context, &form.connection, &*partner, At::Unsaved).await?;
    if !report.passed() {
        return Ok((report, leaving::give_up(context).await));
    }
    let replaced = leaving::parted(context, connections::save(&context.services, form).await)?;
    context.output.say(&words::saved(context.output.lang, form.connection.name.as_str()));
    Ok((report, replaced))
}

fn tell(context: &Context, report: &Report, leaving: &Leaving) -> Result<u8, Fault> {
    if context.output.json {
        let told = test::json(context.output.lang, report, At::Unsaved);
        context.output.result(&leaving::with(told, leaving), Vec::new)?;
    }
    Ok(test::exit_code(report))
}

async fn read(context: &Context, file: &Path, secrets_stdin: bool) -> Result<ValidForm, Fault> {
    let text = text_file::named(context.output.lang, file)?;
    let taken = context.services.taken().await?;
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
