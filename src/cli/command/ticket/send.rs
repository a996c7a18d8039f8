//! `itsmc ticket send`, and the same after alerts were read.

use serde_json::{Value, json};

use super::chosen;
use crate::cli::context::Context;
use crate::cli::output::{fault_json, fault_lines};
use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::model::ticket::{OutboxState, TicketFinding};
use crate::service::ticketing::{self, OperationReport, TicketReport, TicketSettings};
use crate::texts::{fault as faults, ticket as words};

/// Done, with findings.
const FINDINGS: u8 = 8;

/// Writes what waits for these connections, or for all.
///
/// # Errors
/// When the only connection could not be written to, or the outbox cannot be read.
pub async fn run(context: &Context, names: Vec<String>) -> Result<u8, Fault> {
    let names = chosen(context, names).await?;
    let reports = match names.as_slice() {
        [] => carry_out(context).await?,
        [one] => {
            let cancel = context.cancel.clone();
            vec![ticketing::run(&context.services, one.as_str(), TicketSettings::default(), cancel).await?]
        }
        several => {
            let mut reports = Vec::new();
            for name in several {
                let cancel = context.cancel.clone();
                let run = ticketing::run(&context.services, name.as_str(), TicketSettings::default(), cancel).await;
                let failed = |fault| TicketReport {
                    connection: name.to_string(),
                    fault: Some(fault),
                    ..TicketReport::default()
                };
                reports.push(run.unwrap_or_else(failed));
            }
            reports
        }
    };
    if context.output.json {
        let told: Vec<Value> = reports.iter().map(|one| tell(context.output.lang, one)).collect();
        context.output.result(&told, Vec::new)?;
    } else if reports.is_empty() {
        context.output.prose(words::nothing_waits(context.output.lang))?;
    } else {
        for line in reports.iter().flat_map(|one| lines(context.output.lang, one)) {
            context.output.prose(&line)?;
        }
    }
    Ok(reports.iter().map(exit_code).max().unwrap_or(0))
}

/// Writes what waits for every connection.
///
/// # Errors
/// When the outbox cannot be read.
pub async fn carry_out(context: &Context) -> Result<Vec<TicketReport>, Fault> {
    ticketing::run_all(&context.services, TicketSettings::default(), context.cancel.clone()).await
}

/// The exit code of a run.
pub fn exit_code(report: &TicketReport) -> u8 {
    match &report.fault {
        Some(fault) => fault.exit_code(),
        None if report.is_clean() => 0,
        None => FINDINGS,
    }
}

/// A report in JSON.
pub fn tell(lang: Lang, report: &TicketReport) -> Value {
    let operation = |one: &OperationReport| {
        let findings: Vec<_> = one.findings.iter().map(|found| finding_json(lang, found)).collect();
        json!({
            "id": one.id,
            "ticket": one.ticket,
            "number": one.number,
            "operation": one.operation,
            "state": one.state,
            "fault": one.fault.as_ref().map(|fault| fault_json(lang, fault)),
            "findings": findings,
        })
    };
    json!({
        "connection": report.connection,
        "opened": report.opened,
        "confirmed": report.confirmed,
        "refused": report.refused,
        "unsure": report.unsure,
        "waiting": report.waiting,
        "fault": report.fault.as_ref().map(|fault| fault_json(lang, fault)),
        "operations": report.operations.iter().map(operation).collect::<Vec<_>>(),
    })
}

/// A finding in JSON, with its text.
pub fn finding_json(lang: Lang, found: &TicketFinding) -> Value {
    let mut told = serde_json::to_value(found).unwrap_or_default();
    told["text"] = words::finding(lang, found).into();
    told
}

/// A report in lines for people.
pub fn lines(lang: Lang, report: &TicketReport) -> Vec<String> {
    let mark = if report.fault.is_some() || report.refused + report.unsure > 0 { '✗' } else { '✓' };
    let mut parts = vec![words::done(lang, report.confirmed, &report.connection)];
    let counted = [
        (report.opened, words::opened as fn(Lang, u64) -> String),
        (report.refused, words::refused),
        (report.unsure, words::unsure),
        (report.waiting, words::waiting),
    ];
    parts.extend(counted.iter().filter(|(number, _)| *number > 0).map(|(number, text)| text(lang, *number)));
    let mut lines = vec![format!("{mark} {}", parts.join(", "))];
    lines.extend(report.fault.iter().flat_map(|fault| fault_lines(lang, fault)));
    for one in &report.operations {
        let called = one.number.clone().unwrap_or_else(|| one.ticket.chars().take(super::SHORT).collect());
        let what = words::operation(lang, one.operation);
        lines.push(format!("  {called}, {what}: {}", words::outbox(lang, one.state)));
        lines.extend(one.fault.as_ref().map(|fault| format!("    {}", faults::summary(lang, fault))));
        lines.extend(one.findings.iter().map(|found| format!("    {}", words::finding(lang, found))));
        match one.state {
            OutboxState::Refused => lines.push(format!("    → {}", words::retry(lang, &called))),
            OutboxState::Unsure => lines.push(format!("    → {}", words::of_unsure(lang, &called, one.fault.as_ref()))),
            _ => {}
        }
    }
    lines
}
