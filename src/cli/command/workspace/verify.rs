//! `itsmc workspace verify`.

use jiff::Timestamp;
use serde_json::json;

use crate::cli::context::Context;
use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::model::sending::VerifyRecord;
use crate::service::verifying;
use crate::texts::{number, sending as words, time};

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

pub(super) fn lines(lang: Lang, name: &str, record: &VerifyRecord) -> Vec<String> {
    let count = |rows: u64| number::grouped(lang, rows);
    let mut lines = match record.is_clean() {
        true => vec![format!("✓ {}", words::verified(lang, record.checked, name))],
        false => vec![format!("▲ {}", words::differs(lang, record.checked, name))],
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
    lines.extend(record.states.iter().map(|one| format!("  {}", words::state_line(lang, one))));
    lines.extend(words::rule_lines(lang, record).into_iter().map(|(mark, line)| format!("  {mark} {line}")));
    if let Some(cap) = record.cap.as_ref().filter(|cap| cap.is_over(record.at)) {
        let until = cap.resets_at.map(|at| time::until(lang, at, Timestamp::now())).unwrap_or_default();
        lines.push(format!("  ▲ {}", words::over_cap(lang, &cap.status, &until)));
    }
    lines
}
