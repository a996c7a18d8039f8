//! `itsmc workspace send`.

use std::io::{IsTerminal, Write};
use std::sync::Arc;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::verify;
use crate::cli::context::Context;
use crate::cli::output::{fault_json, fault_lines};
use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::model::sending::{SendFinding, SendProgress, SendReport};
use crate::service::sending::{self, Brief, How};
use crate::service::verifying;
use crate::sink::clock::SystemClock;
use crate::sink::{Estimate, OnProgress};
use crate::texts::{fault as faults, number, sending as words, time};

/// Complete, with findings.
const FINDINGS: u8 = 8;

/// How long a failure may last before the command ends with it.
const PATIENCE: Duration = Duration::from_secs(90);

/// How often progress is shown.
const PAUSE: Duration = Duration::from_millis(100);

/// Sends what changed to the named workspace, or to all; with `full` everything again.
///
/// # Errors
/// When the workspace is unknown, or the only one could not be sent to.
pub async fn run(
    context: &Context,
    name: Option<String>,
    full: bool,
    (dry_run, price): (bool, Option<f64>),
) -> Result<u8, Fault> {
    let names = chosen(context, name).await?;
    if dry_run {
        return estimates(context, &names, full, price).await;
    }
    let how = How { patience: Some(PATIENCE), full };
    // Where there is none, a timer is not told that all is well.
    let (mut rows, mut worst) = (Vec::new(), if names.is_empty() { FINDINGS } else { 0 });
    for name in &names {
        let sent = sending::run(&context.services, name, how, shown(context, name), context.cancel.clone()).await;
        worst = worst.max(exit_code(&sent));
        match sent {
            Ok(report) => {
                tell(context, &report)?;
                rows.push(report_json(context.output.lang, &report));
            }
            Err(fault) if names.len() == 1 => return Err(fault),
            Err(fault) => {
                if !context.output.json {
                    context.output.fault(&fault);
                }
                rows.push(
                    json!({ "workspace": name, "fault": fault_json(context.output.lang, &fault), "complete": false }),
                );
            }
        }
    }
    if context.output.json {
        context.output.result(&rows, Vec::new)?;
    }
    Ok(worst)
}

/// Sends after a sync, to all workspaces at once, and verifies each once a day: on stderr, without a say in the exit code of
/// the sync. A workspace that fails is not waited for.
pub async fn after_sync(context: &Context, connections: &[String]) {
    let names = match sending::fed_by(&context.services, connections).await {
        Ok(names) => names,
        Err(fault) => return context.output.fault(&fault),
    };
    if context.cancel.is_cancelled() {
        return;
    }
    let mut runs: FuturesUnordered<_> = names.iter().map(|name| briefly(context, name)).collect();
    while let Some(lines) = runs.next().await {
        lines.iter().for_each(|line| context.output.say(line));
    }
}

async fn briefly(context: &Context, name: &str) -> Vec<String> {
    let mut lines = verified(context, name).await;
    lines.extend(sent(context, name).await);
    lines
}

/// What the verification of the day found that an admin should know.
async fn verified(context: &Context, name: &str) -> Vec<String> {
    let lang = context.output.lang;
    let (within, clock) = (Some(verifying::BRIEFLY), Arc::new(SystemClock));
    match verifying::once_a_day(&context.services, name, within, context.cancel.clone(), clock).await {
        Ok(Some(record)) if !record.is_clean() => verify::lines(lang, name, &record),
        Ok(_) | Err(Fault::Locked { .. } | Fault::Interrupted) => Vec::new(),
        Err(fault) => fault_lines(lang, &fault),
    }
}

async fn sent(context: &Context, name: &str) -> Vec<String> {
    let lang = context.output.lang;
    match sending::briefly(&context.services, name, shown(context, name), context.cancel.clone()).await {
        Ok(Brief::Sent(report)) if report.requests == 0 && report.fault.is_none() => Vec::new(),
        Ok(Brief::Sent(report)) => lines(lang, &report),
        Ok(Brief::LeftAlone(fault, until)) => {
            let (until, why) = (time::until(lang, until, Timestamp::now()), faults::summary(lang, &fault));
            vec![format!("▲ {}", words::left_alone(lang, name, &until, &why))]
        }
        Err(Fault::Locked { .. }) => Vec::new(),
        Err(fault) => {
            let lines = fault_lines(lang, &fault);
            sending::note(&context.services, name, fault, Timestamp::now()).await;
            lines
        }
    }
}

async fn chosen(context: &Context, name: Option<String>) -> Result<Vec<String>, Fault> {
    let known: Vec<_> = context.services.config().await?.workspaces.iter().map(|one| one.name.to_string()).collect();
    match name {
        Some(name) if known.contains(&name) => Ok(vec![name]),
        Some(name) => Err(Fault::NoSuchWorkspace { name }),
        None => {
            if known.is_empty() {
                context.output.say(words::no_workspaces(context.output.lang));
            }
            Ok(known)
        }
    }
}

fn exit_code(sent: &Result<SendReport, Fault>) -> u8 {
    match sent {
        Err(fault) | Ok(SendReport { fault: Some(fault), .. }) => fault.exit_code(),
        Ok(report) if !report.findings.is_empty() => FINDINGS,
        Ok(_) => 0,
    }
}

/// Progress in one line on stderr; nothing where that is no terminal.
fn shown(context: &Context, name: &str) -> OnProgress {
    let (lang, quiet, name) = (context.output.lang, context.output.quiet, name.to_owned());
    let last: Mutex<Option<Instant>> = Mutex::default();
    if quiet || !std::io::stderr().is_terminal() {
        return Arc::new(|_| {});
    }
    Arc::new(move |progress: SendProgress| {
        let Ok(mut last) = last.lock() else { return };
        let ended = progress.accepted >= progress.expected;
        if !ended && progress.waiting.is_none() && last.is_some_and(|last| last.elapsed() < PAUSE) {
            return;
        }
        *last = Some(Instant::now());
        let line = if ended { String::new() } else { progress_line(lang, &name, &progress) };
        // No one is left to be told when stderr is gone.
        let _ = write!(std::io::stderr().lock(), "\r\x1b[K{line}");
    })
}

fn progress_line(lang: Lang, name: &str, progress: &SendProgress) -> String {
    match &progress.waiting {
        Some((fault, until)) => {
            words::waiting(lang, name, &time::until(lang, *until, Timestamp::now()), &faults::summary(lang, fault))
        }
        None => {
            let [accepted, expected] = [progress.accepted, progress.expected].map(|count| number::grouped(lang, count));
            words::progress(lang, name, &accepted, &expected)
        }
    }
}

fn tell(context: &Context, report: &SendReport) -> Result<(), Fault> {
    if context.output.json {
        return Ok(());
    }
    lines(context.output.lang, report).iter().try_for_each(|line| context.output.prose(line))
}

/// What a run came to.
fn lines(lang: Lang, report: &SendReport) -> Vec<String> {
    let mark = match (&report.fault, report.findings.is_empty()) {
        (Some(_), _) => '✗',
        (None, false) => '▲',
        (None, true) => '✓',
    };
    let name = report.workspace.as_str();
    let mut lines = Vec::new();
    if report.accepted + report.log_rows == 0 && report.fault.is_none() && report.refused == 0 {
        lines.push(format!("{mark} {}", words::nothing(lang, name)));
    } else {
        lines.push(format!("{mark} {}", words::accepted(lang, name, &number::rows(lang, report.accepted))));
        let took = time::millis(lang, (report.seconds * 1_000.0) as u64);
        let (bytes, requests) = (number::bytes(lang, report.bytes), number::requests(lang, report.requests));
        lines.push(format!("  {}", words::cost(lang, &bytes, &requests, &took)));
    }
    if report.removed > 0 {
        lines.push(format!("  {}", words::removed(lang, &number::rows(lang, report.removed))));
    }
    if report.log_rows > 0 {
        lines.push(format!("  {}", words::log_rows(lang, &number::rows(lang, report.log_rows))));
    }
    lines.extend(report.findings.iter().map(|found| format!("  ▲ {}", words::finding(lang, found))));
    if let Some(fault) = &report.fault {
        lines.extend(fault_lines(lang, fault).into_iter().map(|line| format!("  {line}")));
        lines.push(format!("  {}", words::incomplete(lang)));
    }
    lines
}

fn report_json(lang: Lang, report: &SendReport) -> Value {
    let mut row = serde_json::to_value(report).unwrap_or_default();
    row["fault"] = report.fault.as_ref().map(|fault| fault_json(lang, fault)).unwrap_or_default();
    row["findings"] = findings_json(lang, &report.findings);
    row
}

/// Findings with their words.
pub fn findings_json(lang: Lang, findings: &[SendFinding]) -> Value {
    let one = |found: &SendFinding| json!({ "code": found.code(), "summary": words::finding(lang, found) });
    findings.iter().map(one).collect()
}

async fn estimates(context: &Context, names: &[String], full: bool, price: Option<f64>) -> Result<u8, Fault> {
    let (lang, mut rows, mut lines) = (context.output.lang, Vec::new(), Vec::new());
    for name in names {
        let Estimate { rows: count, bytes, requests, bytes_a_month } =
            sending::dry_run(&context.services, name, full).await?;
        // What a GB costs differs by region and plan, so only the user knows.
        let cost = price.map(|price| (bytes_a_month as f64 / 1e9 * price * 100.0).round() / 100.0);
        rows.push(json!({
            "workspace": name, "rows": count, "bytes": bytes, "requests": requests, "bytes_a_month": bytes_a_month,
            "usd_a_month": cost, "usd_a_gb": price,
        }));
        let (bytes, requests) = (number::bytes(lang, bytes), number::requests(lang, requests));
        lines.push(format!("· {}", words::would_send(lang, name, &number::rows(lang, count), &bytes, &requests)));
        lines.push(format!("  {}", words::a_month(lang, &number::bytes(lang, bytes_a_month))));
        lines.push(match cost.zip(price) {
            Some((cost, price)) => {
                format!("  {}", words::a_month_costs(lang, &format!("{cost:.2}"), &format!("{price:.2}")))
            }
            None => format!("  {}", words::price_unknown(lang)),
        });
    }
    context.output.result(&rows, || lines)?;
    Ok(0)
}
