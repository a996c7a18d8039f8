//! `itsmc connection test`: the wizard's live test, step by step.

use std::io::Write;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::timeout;

use crate::cli::context::Context;
use crate::cli::output::fault_lines_at;
use crate::model::check::{Report, Status, Step};
use crate::model::connection::Connection;
use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::model::summary::Event;
use crate::net::http::TraceSink;
use crate::partner::Partner;
use crate::partner::live_test::{self, TestEvent};
use crate::service::connections;
use crate::texts::fault::At;
use crate::texts::{cli as words, fault as fault_words, step as step_words, time};
use crate::vault::redactor;

/// How long a step of a test may go on after a signal.
const LAST_WORD: Duration = Duration::from_secs(2);

/// Tests a saved connection.
///
/// # Errors
/// When there is no such connection or its secrets cannot be read.
pub async fn run(context: &Context, name: &str, trace: Option<&Path>) -> Result<u8, Fault> {
    let connection = context.services.connection(name).await?;
    if let Some(path) = trace {
        trace_to(context, path)?;
    }
    let partner = context.services.partner(&connection).await?;
    let report = report(context, &connection, &*partner, At::Saved).await?;
    let failed_step = report.steps.iter().find(|step| step.status == Status::Failed).map(|step| step.id);
    let event = Event::Tested { passed: report.passed(), failed_step };
    connections::record(&context.services, &connection.name, event).await?;
    if context.output.json {
        context.output.result(&json(context.output.lang, &report, At::Saved), Vec::new)?;
    }
    if let Some(path) = trace {
        context.output.say(&words::traced(context.output.lang, &path.display().to_string()));
    }
    Ok(exit_code(&report))
}

/// Has every exchange from now on written to a new file, one line of JSON each.
fn trace_to(context: &Context, path: &Path) -> Result<(), Fault> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = Mutex::new(options.open(path).map_err(|error| Fault::from_io(path, &error))?);
    let path = path.to_owned();
    let sink = TraceSink::new(move |line| {
        let line = redactor::redact(line.as_bytes()).into_owned();
        let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = file.write_all(&line).and_then(|()| file.write_all(b"\n")) {
            tracing::warn!(%error, path = %path.display(), "the trace could not be written");
        }
    });
    // A process makes one trace.
    let _ = context.services.trace.set(sink);
    Ok(())
}

/// Runs the test and prints each step as it ends (but for JSON).
///
/// # Errors
/// When there is no such partner, or stdout cannot be written.
pub async fn report(
    context: &Context,
    connection: &Connection,
    partner: &dyn Partner,
    at: At,
) -> Result<Report, Fault> {
    let name = connection.name.as_str();
    let steps = context.services.spec(&connection.partner)?.test_steps();
    let (lang, mut printed) = (context.output.lang, Ok(()));
    let test = live_test::run_test(partner, steps, |event| {
        if let TestEvent::Ended(step) = event
            && !context.output.json
            && printed.is_ok()
        {
            printed = lines(lang, &step, at).iter().try_for_each(|line| context.output.prose(line));
        }
    });
    let steps = until_cancelled(context, test).await?;
    printed?;
    let report = Report { connection: name.to_owned(), steps };
    if !context.output.json {
        let verdict = if report.passed() { words::test_passed(lang, name) } else { words::test_failed(lang, name) };
        context.output.prose(&verdict)?;
    }
    Ok(report)
}

/// Ends a test early after a signal. A sign-in that is under way may end first: only so are its tokens known, to be revoked.
async fn until_cancelled(context: &Context, test: impl Future<Output = Vec<Step>>) -> Result<Vec<Step>, Fault> {
    let mut test = std::pin::pin!(test);
    tokio::select! {
        steps = &mut test => return Ok(steps),
        () = context.cancel.cancelled() => {}
    }
    let _ = timeout(LAST_WORD, test).await;
    Err(Fault::Interrupted)
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
pub fn json(lang: Lang, report: &Report, at: At) -> Value {
    let steps: Vec<_> = report.steps.iter().map(|step| json_step(lang, step, at)).collect();
    json!({ "connection": report.connection, "passed": report.passed(), "steps": steps })
}

fn json_step(lang: Lang, step: &Step, at: At) -> Value {
    json!({
        "id": step.id.id(),
        "status": step.status.id(),
        "summary": summary(lang, step),
        "remedy": step.fault.as_ref().map(|fault| fault_words::remedy_at(lang, fault, at)),
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

fn lines(lang: Lang, step: &Step, at: At) -> Vec<String> {
    let mark = mark(step.status);
    let (title, status) = (step_words::title(lang, step.id), step_words::status(lang, step.status));
    let found = step.finding.as_ref().map(|finding| step_words::finding(lang, finding)).unwrap_or_default();
    let mut lines = vec![
        format!("{mark} {title:<22} {status:<12} {:>8}  {found}", time::millis(lang, step.millis))
            .trim_end()
            .to_owned(),
    ];
    if let Some(fault) = &step.fault {
        lines.extend(fault_lines_at(lang, fault, at).into_iter().map(|line| format!("  {line}")));
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
