//! `itsmc sync`: what changed, into the store.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::{StreamExt, stream};

use crate::cli::command::status;
use crate::cli::command::workspace::send;
use crate::cli::context::Context;
use crate::cli::output::{fault_lines, finding_lines, findings_json};
use crate::cli::progress::ProgressLine;
use crate::model::fault::Fault;
use crate::model::finding::SyncFinding;
use crate::model::lang::Lang;
use crate::model::sweep::SweepRecord;
use crate::model::sync::KindReport;
use crate::model::unlisted::Unlisted;
use crate::service::syncing::{self, How};
use crate::service::unlisted;
use crate::texts::{cli as words, command, number, step, sweep, time};

/// So many connections are synced side by side.
const SIDE_BY_SIDE: usize = 4;

/// The exit code of what ended without a fault, yet is not as it should be.
const FINDINGS: u8 = 8;

/// What the sync of one connection came to.
type Outcome = Result<Vec<KindReport>, Fault>;

/// Syncs the named connections, or all, some side by side, so that one that hangs holds up no other; the worst outcome
/// decides the exit code.
///
/// # Errors
/// When a name is unknown or the config cannot be read; a connection that fails does not stop the others.
pub async fn run(context: &Context, names: &[String], how: How) -> Result<u8, Fault> {
    let all = names.is_empty();
    let names = chosen(context, names).await?;
    let progress = Arc::new(ProgressLine::new(context.output));
    let syncs = names.iter().map(|name| one(context, name, how, &progress));
    let mut syncs = stream::iter(syncs).buffer_unordered(SIDE_BY_SIDE);
    let mut ended: BTreeMap<&str, Outcome> = BTreeMap::new();
    while let Some((name, outcome)) = syncs.next().await {
        progress.done(name);
        if !context.output.json {
            match &outcome {
                Ok(reports) => tell(context, name, reports, how)?,
                Err(fault) => {
                    context.output.say(&format!("✗ {name}"));
                    context.output.fault(fault);
                }
            }
        }
        ended.insert(name, outcome);
    }
    let in_order = || names.iter().filter_map(|name| Some((name, ended.get(name.as_str())?)));
    if context.output.json {
        let rows: Vec<_> = in_order().flat_map(|(name, outcome)| rows(context, name, outcome)).collect();
        context.output.result(&rows, Vec::new)?;
    }
    let stored: Vec<_> =
        ended.iter().filter(|(_, outcome)| outcome.is_ok()).map(|(name, _)| (*name).to_owned()).collect();
    send::after_sync(context, &stored).await;
    if names.is_empty() {
        // A timer of another user, or of a home that lost its config file, would be told that all is well.
        return Ok(FINDINGS);
    }
    // What keeps the store from being read was told by those that are listed.
    let unlisted = match all {
        true => unlisted::all(&context.services).await.unwrap_or_default(),
        false => Vec::new(),
    };
    let unlisted: Vec<_> = unlisted.into_iter().filter(|lost| matches!(lost, Unlisted::Connection(_))).collect();
    status::unlisted(context, &unlisted).iter().for_each(|line| context.output.say(line));
    let lost = unlisted.iter().map(|_| FINDINGS);
    Ok(worst(&in_order().flat_map(|(_, outcome)| codes(outcome, how)).chain(lost).collect::<Vec<_>>()))
}

/// One connection's sync; not begun if all were told to stop before.
async fn one<'a>(context: &Context, name: &'a str, how: How, progress: &Arc<ProgressLine>) -> (&'a str, Outcome) {
    if context.cancel.is_cancelled() {
        return (name, Err(Fault::Interrupted));
    }
    let (shown, whose) = (progress.clone(), name.to_owned());
    let told = move |step| shown.show(&whose, &step);
    (name, syncing::run(&context.services, name, how, told, context.cancel.clone()).await)
}

fn codes(outcome: &Outcome, how: How) -> Vec<u8> {
    match outcome {
        Ok(reports) => reports.iter().map(|report| exit_code(report, how)).collect(),
        Err(fault) => vec![fault.exit_code()],
    }
}

fn rows(context: &Context, name: &str, outcome: &Outcome) -> Vec<serde_json::Value> {
    match outcome {
        Ok(reports) => reports.iter().map(|report| json(context, report)).collect(),
        Err(fault) => {
            let fault = crate::cli::output::fault_json(context.output.lang, fault);
            vec![serde_json::json!({ "connection": name, "fault": fault, "complete": false })]
        }
    }
}

async fn chosen(context: &Context, names: &[String]) -> Result<Vec<String>, Fault> {
    let known: Vec<String> = context.services.names().await?.iter().map(ToString::to_string).collect();
    if let Some(name) = names.iter().find(|name| !known.contains(name)) {
        return Err(Fault::NoSuchConnection { name: name.clone() });
    }
    if known.is_empty() && !context.output.json {
        context.output.say(words::no_connections(context.output.lang));
    }
    Ok(if names.is_empty() { known } else { names.to_vec() })
}

/// A fault's own code; [`FINDINGS`] for what ended without one, yet is not all there is, or was not as it should be where that was
/// asked.
fn exit_code(report: &KindReport, how: How) -> u8 {
    let stopped = report.sweep_fault.as_ref().filter(|fault| how.verify || **fault == Fault::Interrupted);
    let clean = report.sweep.as_ref().is_some_and(SweepRecord::is_clean);
    match report.fault.as_ref().or(stopped) {
        Some(fault) => fault.exit_code(),
        None if how.verify && !clean => FINDINGS,
        None if !report.complete || report.hidden > 0 || !report.findings.is_empty() => FINDINGS,
        None => 0,
    }
}

/// What an admin should hear of first: an interruption, then what is wrong, then what is incomplete.
fn worst(codes: &[u8]) -> u8 {
    let rank = |code: &u8| match code {
        0 => 0,
        &FINDINGS => 1,
        130 | 143 => 3,
        _ => 2,
    };
    codes.iter().copied().max_by_key(rank).unwrap_or(0)
}

fn json(context: &Context, report: &KindReport) -> serde_json::Value {
    let mut row = serde_json::to_value(report).unwrap_or_default();
    if let Some(fault) = &report.fault {
        row["fault"] = crate::cli::output::fault_json(context.output.lang, fault);
    }
    row["findings"] = findings_json(context.output.lang, &report.findings);
    row
}

fn tell(context: &Context, name: &str, reports: &[KindReport], how: How) -> Result<(), Fault> {
    if context.output.json {
        return Ok(());
    }
    reported(context, name, reports, how).iter().try_for_each(|line| context.output.prose(line))
}

/// What each kind came to; a fault that stopped several of them is told once, after them.
fn reported(context: &Context, name: &str, reports: &[KindReport], how: How) -> Vec<String> {
    let mut lines: Vec<_> = reports.iter().flat_map(|report| lines(context, name, report, how)).collect();
    let mut told: Vec<&Fault> = Vec::new();
    for fault in reports.iter().filter_map(|report| report.fault.as_ref()) {
        if !told.contains(&fault) {
            lines.extend(fault_lines(context.output.lang, fault).into_iter().map(|line| format!("  {line}")));
            told.push(fault);
        }
    }
    if reports.iter().any(|report| !report.complete) {
        lines.push(format!("  {}", words::sync_incomplete(context.output.lang)));
    }
    lines
}

fn lines(context: &Context, name: &str, report: &KindReport, how: How) -> Vec<String> {
    let lang = context.output.lang;
    let [fetched, inserted, updated, unchanged] =
        [report.fetched, report.inserted, report.updated, report.unchanged].map(|count| number::grouped(lang, count));
    let mark = if exit_code(report, how) == 0 {
        '✓'
    } else if report.fault.is_some() {
        '✗'
    } else {
        '▲'
    };
    let took = time::millis(lang, (report.seconds * 1_000.0) as u64);
    let kind = step::kind(lang, report.kind);
    let mut lines = match (&report.fault, report.fetched) {
        // Numbers of nothing say nothing.
        (Some(_), 0) => vec![format!("{mark} {name} · {kind}: {}", command::not_synced(lang))],
        _ => vec![
            format!("{mark} {name} · {kind}: {}", words::sync_line(lang, &fetched, &inserted, &updated, &unchanged)),
            format!("  {}", cost(lang, report.requests, report.bytes, &took)),
        ],
    };
    lines.extend(sweep_lines(context, name, report, how));
    let told = report.findings.iter().any(|found| matches!(found, SyncFinding::NotVerified { .. }));
    if report.hidden > 0 && !told {
        lines.push(format!("  ▲ {}", words::sync_hidden(lang, &number::rows(lang, report.hidden))));
    }
    for finding in &report.findings {
        lines.extend(finding_lines(lang, finding).into_iter().map(|line| format!("  {line}")));
    }
    lines
}

fn cost(lang: Lang, requests: u64, bytes: u64, took: &str) -> String {
    words::sync_cost(lang, &number::requests(lang, requests), &number::bytes(lang, bytes), took)
}

/// What the sweep found that followed, if it found something or was asked for.
fn sweep_lines(context: &Context, name: &str, report: &KindReport, how: How) -> Vec<String> {
    let lang = context.output.lang;
    let kind = step::kind(lang, report.kind);
    if let Some(fault) = &report.sweep_fault {
        let summary = crate::texts::fault::summary(lang, fault);
        return vec![format!("  ▲ {}", sweep::failed(lang, kind, &summary))];
    }
    match &report.sweep {
        Some(record) if how.verify || !record.is_clean() => {
            let mark = if record.is_clean() { '✓' } else { '▲' };
            let mut lines = vec![format!("  {mark} {}", sweep::verified(lang, kind, &sweep::found(lang, record)))];
            if how.verify {
                let millis = record.ended_at.duration_since(record.started_at).as_millis();
                let took = time::millis(lang, u64::try_from(millis).unwrap_or_default());
                lines.push(format!("  {}", cost(lang, record.requests, record.bytes, &took)));
            }
            lines
        }
        None if how.verify && report.fault.is_none() => vec![format!("  ▲ {}", sweep::not_possible(lang, name))],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::worst;

    #[test]
    fn the_worst_outcome_decides() {
        assert_eq!(worst(&[]), 0);
        assert_eq!(worst(&[0, 8, 0]), 8);
        assert_eq!(worst(&[8, 6, 0]), 6);
        assert_eq!(worst(&[3, 130]), 130);
    }
}
