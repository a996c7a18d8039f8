//! How alerts become tickets, in `itsmc status`: whether each source is read, what may be missing, and which tickets wait for
//! somebody.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::cli::command::alert::source::missing_lines;
use crate::cli::output::{fault_json, fault_lines};
use crate::model::alert_source::SourceState;
use crate::model::alert_view::{AlertStanding, SourceStanding};
use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::texts::{alert as words, alert_line, number, ticket, time};

/// Each subscription of each source that was tried, with the source's name.
fn states(told: &AlertStanding) -> impl Iterator<Item = (&SourceStanding, &str, &SourceState)> {
    told.sources.iter().flat_map(|source| source.states().map(move |(id, state)| (source, id, state)))
}

/// What keeps a subscription from being read, but for a wait that Azure asked for.
fn fault_of(state: &SourceState) -> Option<&Fault> {
    state.fault.as_ref().filter(|fault| !matches!(fault, Fault::RateLimited { .. }))
}

/// Whether somebody has to do something: alerts are not read or may be missing, no rule can be used, or tickets wait for a
/// decision.
pub fn is_troubled(told: &AlertStanding, now: Timestamp) -> bool {
    let unread = states(told).any(|(_, _, state)| fault_of(state).is_some() || !state.missing(now).is_empty());
    !told.sources.is_empty() && (unread || told.rules.fault.is_some() || told.counts.refused + told.counts.unsure > 0)
}

/// The same as JSON; `null` without any source.
pub fn json(lang: Lang, told: &AlertStanding, now: Timestamp) -> Value {
    if told.sources.is_empty() {
        return Value::Null;
    }
    let sources: Vec<Value> = states(told)
        .map(|(source, id, state)| {
            json!({
                "source": source.settings.name, "subscription": id, "read_at": state.read_at,
                "fault": state.fault.as_ref().map(|fault| fault_json(lang, fault)), "missed": state.missing(now),
            })
        })
        .collect();
    json!({
        "sources": sources,
        "rules_error": told.rules.fault.as_ref().map(|fault| fault_json(lang, fault)),
        "tickets_refused": told.counts.refused,
        "tickets_unsure": told.counts.unsure,
        "tickets_doubled": told.counts.doubled,
        "ends_that_cannot_be_seen": told.unseen_ends,
    })
}

/// The same for people.
pub fn lines(lang: Lang, told: &AlertStanding, now: Timestamp) -> Vec<String> {
    let mut lines: Vec<String> = told.sources.iter().flat_map(|source| of_source(lang, source, now)).collect();
    if told.sources.is_empty() {
        return lines;
    }
    if let Some(fault) = &told.rules.fault {
        lines.push(format!("▲ {}", alert_line::rules_unusable(lang)));
        lines.extend(fault_lines(lang, fault).into_iter().map(|line| format!("  {line}")));
    }
    let counts = &told.counts;
    for (count, words) in
        [(counts.refused, alert_line::refused as fn(Lang, &str) -> String), (counts.unsure, alert_line::unsure)]
    {
        if count > 0 {
            lines.push(format!("▲ {}", words(lang, &number::grouped(lang, count))));
            lines.push(format!("  → {}", ticket::see_troubled(lang)));
        }
    }
    for number in &counts.doubled {
        lines.push(format!("▲ {}", ticket::has_double(lang, number)));
        lines.push(format!("  → {}", ticket::see_double(lang, number)));
    }
    if told.unseen_ends > 0 {
        lines.push(format!("▲ {}", words::unseen(lang, told.unseen_ends)));
    }
    lines
}

fn of_source(lang: Lang, source: &SourceStanding, now: Timestamp) -> Vec<String> {
    let name = source.settings.name.as_str();
    let mut lines = Vec::new();
    let faults: Vec<&Fault> = source.states().filter_map(|(_, state)| fault_of(state)).collect();
    match (faults.first(), source.read_at()) {
        (Some(fault), _) => {
            lines.push(format!("✗ {}", words::source_not_read(lang, name)));
            lines.extend(fault_lines(lang, fault).into_iter().map(|line| format!("  {line}")));
        }
        (None, Some(at)) => lines.push(format!("● {}", words::source_read(lang, name, &time::ago(lang, at, now)))),
        (None, None) => lines.push(format!("○ {}", words::source_never_read(lang, name))),
    }
    for (_, state) in source.states() {
        lines.extend(missing_lines(lang, name, state, now).into_iter().map(|line| format!("  {line}")));
    }
    lines
}
