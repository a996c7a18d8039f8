//! `itsmc connection test`: the wizard's live test, step by step.

use serde_json::{Value, json};

use crate::cli::context::Context;
use crate::cli::output::fault_lines;
use crate::model::check::{Report, Status, Step};
use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::model::summary::Event;
use crate::partner::Partner;
use crate::partner::live_test::{self, TestEvent};
use crate::runtime::connections;
use crate::texts::{cli as words, fault as fault_words, step as step_words, time};

/// Tests a saved connection.
///
/// # Errors
/// When there is no such connection or its secrets cannot be read.
pub async fn run(context: &Context, name: &str) -> Result<u8, Fault> {
    let connection = context.services.connection(name).await?;
    let partner = context.services.partner(&connection).await?;
    let report = report(context, name, &*partner).await?;
    let failed_step = report.steps.iter().find(|step| step.status == Status::Failed).map(|step| step.id);
    let event = Event::Tested { passed: report.passed(), failed_step };
    connections::record(&context.services, &connection.name, event).await?;
    if context.output.json {
        context.output.result(&json(context.output.lang, &report), Vec::new)?;
    }
    Ok(exit_code(&report))
}

/// Runs the test and prints each step as it ends (but for JSON).
///
/// # Errors
/// When stdout cannot be written.
pub async fn report(context: &Context, name: &str, partner: &dyn Partner) -> Result<Report, Fault> {
    let (lang, mut printed) = (context.output.lang, Ok(()));
    let steps = live_test::run_test(partner, |event| {
        if let TestEvent::Ended(step) = event
            && !context.output.json
            && printed.is_ok()
        {
            printed = lines(lang, &step).iter().try_for_each(|line| context.output.line(line));
        }
    })
    .await;
    printed?;
    let report = Report { connection: name.to_owned(), steps };
    if !context.output.json {
        let verdict = if report.passed() { words::test_passed(lang, name) } else { words::test_failed(lang, name) };
        context.output.line(&verdict)?;
    }
    Ok(report)
}

/// The first failure's own exit code; 8 when all passed with a finding.
pub fn exit_code(report: &Report) -> u8 {
    let failed = report.steps.iter().find(|step| step.status == Status::Failed);
    match failed.map(|step| step.fault.as_ref().map_or(1, Fault::exit_code)) {
        Some(code) => code,
        None if report.steps.iter().any(|step| step.status == Status::Warning) => 8,
        None => 0,
    }
}

/// The report in JSON.
pub fn json(lang: Lang, report: &Report) -> Value {
    let steps: Vec<_> = report.steps.iter().map(|step| json_step(lang, step)).collect();
    json!({ "connection": report.connection, "passed": report.passed(), "steps": steps })
}

fn json_step(lang: Lang, step: &Step) -> Value {
    json!({
        "id": step.id.id(),
        "status": step.status.id(),
        "summary": summary(lang, step),
        "remedy": step.fault.as_ref().map(|fault| fault_words::remedy(lang, fault)),
        "fault": step.fault.as_ref().map(Fault::code),
        "field": step.field.map(crate::model::form::FieldId::key),
        "millis": step.millis,
    })
}

fn summary(lang: Lang, step: &Step) -> String {
    match (&step.fault, &step.finding) {
        (Some(fault), _) => fault_words::summary(lang, fault),
        (None, Some(finding)) => step_words::finding(lang, finding),
        (None, None) => step_words::status(lang, step.status).to_owned(),
    }
}

fn lines(lang: Lang, step: &Step) -> Vec<String> {
    let mark = mark(step.status);
    let (title, status) = (step_words::title(lang, step.id), step_words::status(lang, step.status));
    let found = step.finding.as_ref().map(|finding| step_words::finding(lang, finding)).unwrap_or_default();
    let mut lines = vec![
        format!("{mark} {title:<22} {status:<12} {:>8}  {found}", time::millis(lang, step.millis))
            .trim_end()
            .to_owned(),
    ];
    if let Some(fault) = &step.fault {
        lines.extend(fault_lines(lang, fault).into_iter().map(|line| format!("  {line}")));
    }
    lines
}

/// The symbol that stands before a status.
pub fn mark(status: Status) -> char {
    match status {
        Status::Passed | Status::Confirmed => '✓',
        Status::Failed => '✗',
        Status::Warning => '▲',
        Status::Unknown => '?',
        Status::Skipped => '–',
        Status::Todo => '○',
    }
}
