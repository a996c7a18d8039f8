//! What commands tell of passes over alerts.

use serde_json::{Value, json};

use super::source::missing_lines;
use crate::cli::output::fault_lines;
use crate::model::alert_source::SourceState;
use crate::model::lang::Lang;
use crate::service::alerts::{Acknowledged, Pass, PollReport};
use crate::texts::{alert as words, counted, number, time};

/// Whether the rules of a pass are wrong, and not only not whole yet.
pub fn is_wrong(pass: &Pass) -> bool {
    pass.rules_fault.as_ref().is_some_and(|fault| !fault.is_wait())
}

/// What a pass decided, as JSON.
pub fn pass(pass: &Pass) -> Value {
    let verdicts: serde_json::Map<String, Value> =
        pass.verdicts.iter().map(|(verdict, count)| (verdict.id().to_owned(), json!(count))).collect();
    json!({ "outcomes": verdicts, "operations": pass.operations, "rules_error": pass.rules_fault })
}

/// The same for people.
pub fn pass_lines(lang: Lang, pass: &Pass) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(fault) = &pass.rules_fault {
        lines.push(fault_lines(lang, fault).join("\n").replacen('✗', "▲", 1));
    }
    for (verdict, count) in &pass.verdicts {
        let mark = if verdict.has_ticket() { '●' } else { '○' };
        lines.push(format!("{mark} {}: {}", words::verdict(lang, *verdict), number::grouped(lang, *count)));
    }
    lines
}

/// What came of one subscription.
pub fn report(lang: Lang, report: &PollReport) -> Vec<String> {
    let mut lines = read(lang, report);
    let state = SourceState { missed: report.missed.clone(), ..SourceState::default() };
    lines.extend(missing_lines(lang, &report.source, &state, jiff::Timestamp::now()));
    lines
}

fn read(lang: Lang, report: &PollReport) -> Vec<String> {
    let name = format!("{} {}", report.source, report.subscription);
    if let Some(until) = report.waits_until {
        let until = time::until(lang, until, jiff::Timestamp::now());
        return vec![format!("▲ {}", words::waits(lang, &name, &until))];
    }
    if let Some(fault) = &report.fault {
        let told = fault_lines(lang, fault).join("\n");
        return vec![words::not_read(lang, &name), told];
    }
    let mut lines = {
        let figure = |count| number::grouped(lang, count);
        let (seen, new, changed) = (counted::alerts(lang, report.seen), figure(report.new), figure(report.changed));
        vec![format!("✓ {}", words::read(lang, &name, &seen, &new, &changed))]
    };
    if report.empty {
        lines.push(format!("▲ {}", words::nothing_listed(lang)));
    }
    lines
}

/// What came of acknowledging the alerts of one subscription.
pub fn acknowledged(lang: Lang, told: &Acknowledged) -> Vec<String> {
    let name = format!("{} {}", told.source, told.subscription);
    let mut lines = Vec::new();
    if told.acknowledged > 0 {
        lines.push(format!("✓ {}", words::acknowledged(lang, &name, &counted::alerts(lang, told.acknowledged))));
    }
    if let Some(fault) = &told.fault {
        lines.push(format!("▲ {}", words::not_acknowledged(lang, told.waiting, &name)));
        lines.push(fault_lines(lang, fault).join("\n").replacen('✗', "▲", 1));
    }
    lines
}
