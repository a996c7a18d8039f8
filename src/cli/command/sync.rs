//! `itsmc sync`: what changed, into the store.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::cli::context::Context;
use crate::cli::output::fault_lines;
use crate::cli::progress::ProgressLine;
use crate::model::fault::Fault;
use crate::model::sync::KindReport;
use crate::runtime::syncing;
use crate::texts::{cli as words, number, step, time};

/// Syncs the named connections, or all, one after the other; the worst outcome decides the exit code.
///
/// # Errors
/// When a name is unknown or the config cannot be read; a connection that fails does not stop the others.
pub async fn run(context: &Context, names: &[String], full: bool, cancel: &CancellationToken) -> Result<u8, Fault> {
    let mut rows = Vec::new();
    let mut codes = Vec::new();
    for name in chosen(context, names).await? {
        let progress = Arc::new(ProgressLine::new(context.output, &name));
        let shown = progress.clone();
        let outcome =
            syncing::sync(&context.services, &name, full, move |step| shown.show(&step), cancel.clone()).await;
        progress.clear();
        match outcome {
            Ok(reports) => {
                codes.extend(reports.iter().map(exit_code));
                rows.extend(reports.iter().map(|report| json(context, report)));
                tell(context, &name, &reports)?;
            }
            Err(fault) => {
                codes.push(fault.exit_code());
                rows.push(serde_json::json!({ "connection": name, "fault": crate::cli::output::fault_json(context.output.lang, &fault), "complete": false }));
                if !context.output.json {
                    context.output.fault(&fault);
                }
            }
        }
        if cancel.is_cancelled() {
            break;
        }
    }
    if context.output.json {
        context.output.result(&rows, Vec::new)?;
    }
    Ok(worst(&codes))
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

/// A fault's own code; 8 for what ended without one, yet is not all there is.
fn exit_code(report: &KindReport) -> u8 {
    match &report.fault {
        Some(fault) => fault.exit_code(),
        None if !report.complete || report.hidden > 0 => 8,
        None => 0,
    }
}

/// What an admin should hear of first: an interruption, then what is wrong, then what is incomplete.
fn worst(codes: &[u8]) -> u8 {
    let rank = |code: &u8| match code {
        0 => 0,
        8 => 1,
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
    row
}

fn tell(context: &Context, name: &str, reports: &[KindReport]) -> Result<(), Fault> {
    if context.output.json {
        return Ok(());
    }
    reports.iter().flat_map(|report| lines(context, name, report)).try_for_each(|line| context.output.line(&line))
}

fn lines(context: &Context, name: &str, report: &KindReport) -> Vec<String> {
    let lang = context.output.lang;
    let [fetched, inserted, updated, unchanged, requests] =
        [report.fetched, report.inserted, report.updated, report.unchanged, report.requests].map(number::grouped);
    let mark = if exit_code(report) == 0 {
        '✓'
    } else if report.fault.is_some() {
        '✗'
    } else {
        '▲'
    };
    let took = time::millis(lang, (report.seconds * 1_000.0) as u64);
    let mut lines = vec![
        format!(
            "{mark} {name} · {}: {}",
            step::kind(lang, report.kind),
            words::sync_line(lang, &fetched, &inserted, &updated, &unchanged)
        ),
        format!("  {}", words::sync_cost(lang, &requests, &number::bytes(lang, report.bytes), &took)),
    ];
    if report.hidden > 0 {
        lines.push(format!("  ▲ {}", words::sync_hidden(lang, &number::grouped(report.hidden))));
    }
    if let Some(fault) = &report.fault {
        lines.extend(fault_lines(lang, fault).into_iter().map(|line| format!("  {line}")));
    }
    if !report.complete {
        lines.push(format!("  {}", words::sync_incomplete(lang)));
    }
    lines
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
