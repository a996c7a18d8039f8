//! `itsmc workspace verify`.

use jiff::Timestamp;
use serde_json::json;

use crate::cli::context::Context;
use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::model::sending::{StateCount, VerifyRecord};
use crate::service::verifying;
use crate::texts::{fault as faults, number, sending as words, step, time};

/// Complete, with findings.
const FINDINGS: u8 = 8;

/// A text about a number of rows.
type Say = fn(Lang, &str) -> String;

/// Compares the workspace with what is stored, and sends again what is missing.
///
/// # Errors
/// When the workspace could not be seen as a whole: then it is not verified, and nothing is declared missing.
pub async fn run(context: &Context, name: &str) -> Result<u8, Fault> {
    let lang = context.output.lang;
    context.output.say(&words::verifying(lang, name));
    let record = verifying::run(&context.services, name, context.cancel.clone()).await?;
    let mut document = serde_json::to_value(&record).unwrap_or_default();
    document["workspace"] = name.into();
    document["verified"] = json!(record.is_clean());
    context.output.result(&document, || lines(lang, name, &record))?;
    Ok(if record.is_clean() { 0 } else { FINDINGS })
}

fn lines(lang: Lang, name: &str, record: &VerifyRecord) -> Vec<String> {
    let count = |rows: u64| number::grouped(lang, rows);
    let mut lines = match record.is_clean() {
        true => vec![format!("✓ {}", words::verified(lang, name, &count(record.checked)))],
        false => vec![format!("▲ {}", words::differs(lang, name, &count(record.checked)))],
    };
    let told: [(u64, Say); 6] = [
        (record.missing, words::missing),
        (record.older, words::older),
        (record.other_state, words::other_state),
        (record.surplus, words::surplus),
        (record.doubled, words::doubled),
        (record.resent, words::resent),
    ];
    lines
        .extend(told.iter().filter(|(rows, _)| *rows > 0).map(|(rows, say)| format!("  {}", say(lang, &count(*rows)))));
    if !record.numbers.is_empty() {
        lines.push(format!("  {}", record.numbers.join(", ")));
    }
    lines.extend(record.states.iter().map(|one| format!("  {}", state_line(lang, one))));
    lines.extend(rule_lines(lang, record));
    if let Some(cap) = record.cap.as_ref().filter(|cap| cap.is_over(record.at)) {
        let until = cap.resets_at.map(|at| time::until(lang, at, Timestamp::now())).unwrap_or_default();
        lines.push(format!("  ▲ {}", words::over_cap(lang, &cap.status, &until)));
    }
    lines
}

fn state_line(lang: Lang, one: &StateCount) -> String {
    let [here, there] = [one.here, one.there].map(|count| number::grouped(lang, count));
    let state = if one.state.is_empty() { words::no_state(lang) } else { one.state.as_str() };
    words::state_count(lang, step::kind(lang, one.kind), state, &here, &there)
}

/// What the rule itself says. Where it says nothing, that proves nothing.
fn rule_lines(lang: Lang, record: &VerifyRecord) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(fault) = &record.rule_fault {
        lines.push(format!("  · {}", words::rule_unknown(lang, &faults::summary(lang, fault))));
    }
    if let Some(rule) = &record.rule {
        let mark = if rule.dropped + rule.failed_requests + rule.errors > 0 { '▲' } else { '·' };
        let [received, dropped] = [rule.received, rule.dropped].map(|rows| number::rows(lang, rows));
        let seconds = u64::try_from(record.at.duration_since(rule.since).as_secs()).unwrap_or(0);
        let span = time::span(lang, seconds);
        lines.push(format!("  {mark} {}", words::rule_counts(lang, &received, &dropped, &span)));
        if rule.failed_requests > 0 {
            let requests = number::requests(lang, rule.failed_requests);
            lines.push(format!("  ▲ {}", words::rule_failed(lang, &requests)));
        }
        if rule.errors > 0 {
            let errors = number::grouped(lang, rule.errors);
            lines.push(format!("  ▲ {}", words::rule_transformation(lang, &errors)));
        }
    }
    for error in record.rule_errors.iter().flatten() {
        let times = number::grouped(lang, error.times);
        lines.push(format!("  ▲ {}", words::rule_error(lang, &times, &error.message)));
    }
    if record.cap.is_none() {
        lines.push(format!("  · {}", words::cap_unknown(lang)));
    }
    lines
}
