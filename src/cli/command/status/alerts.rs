//! How alerts become tickets, in `itsmc status`: whether each source is read, what may be missing, and which tickets wait for
//! somebody.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::Code;
use crate::cli::age::Age;
use crate::cli::command::alert::source::missing_lines;
use crate::cli::context::Context;
use crate::cli::output::{fault_json, fault_lines};
use crate::model::alert_plan::Verdict;
use crate::model::alert_source::SourceState;
use crate::model::alert_view::{AlertStanding, SourceStanding};
use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::texts::{alert as words, alert_line, number, ticket, time};

/// So many tickets that are gone are told one by one.
const LOST: usize = 5;

/// Each subscription of each source that was tried, with the source's name.
fn states(told: &AlertStanding) -> impl Iterator<Item = (&SourceStanding, &str, &SourceState)> {
    told.sources.iter().flat_map(|source| source.states().map(move |(id, state)| (source, id, state)))
}

/// The alerts for machines.
pub fn json(lang: Lang, told: &AlertStanding, now: Timestamp) -> Value {
    let fault = |fault: &Option<Fault>| fault.as_ref().map(|fault| fault_json(lang, fault));
    let sources: Vec<Value> = states(told)
        .map(|(source, id, state)| {
            json!({
                "source": source.settings.name, "subscription": id, "read_at": state.read_at, "fault": fault(&state.fault),
                "acknowledge_fault": fault(&state.acknowledge_fault), "missed": state.missing(now),
            })
        })
        .collect();
    let counts = &told.counts;
    let without: BTreeMap<&str, u64> =
        counts.without.iter().map(|(reason, count)| (reason.map_or("undecided", Verdict::id), *count)).collect();
    json!({
        "sources": sources,
        "rules": { "path": told.rules.path, "rules": told.rules.rules, "enabled": told.rules.enabled },
        "rules_error": fault(&told.rules.fault),
        "fired": counts.fired,
        "without_ticket": without,
        "undecided_since": counts.undecided_since,
        "unknown_forms": counts.unknown,
        "tickets_refused": counts.refused,
        "tickets_unsure": counts.unsure,
        "tickets_doubled": counts.doubled,
        "tickets_lost": counts.lost,
        "writes_wait_since": counts.waiting_since,
        "ends_that_cannot_be_seen": told.unseen_ends,
    })
}

/// The exit codes that the alerts call for, with why where no line of the state tells it.
pub fn verdict(context: &Context, told: &AlertStanding, max_age: Age, now: Timestamp) -> Vec<Code> {
    let lang = context.output.lang;
    let (counts, rules) = (&told.counts, &told.rules);
    let found = [
        told.sources.iter().any(|source| source.faults().next().is_some()),
        states(told).any(|(_, _, state)| !state.missing(now).is_empty()),
        rules.fault.as_ref().is_some_and(|fault| !fault.is_wait()) || rules.enabled == 0,
        counts.refused + counts.unsure + counts.unknown + told.unseen_ends > 0
            || !counts.doubled.is_empty()
            || !counts.lost.is_empty(),
    ];
    let mut codes: Vec<Code> = found.into_iter().filter(|found| *found).map(|_| Code::Findings).collect();
    let age = time::span(lang, max_age.0.as_secs().unsigned_abs());
    let mut stale = |why: String| {
        context.output.say(&why);
        codes.push(Code::Stale);
    };
    for source in &told.sources {
        if source.read_at().is_none_or(|last| max_age.is_over(last, now)) {
            stale(words::source_stale(lang, source.settings.name.as_str(), &age));
        }
    }
    if counts.undecided_since.is_some_and(|since| max_age.is_over(since, now)) {
        stale(words::undecided_stale(lang, &age));
    }
    if counts.waiting_since.is_some_and(|since| max_age.is_over(since, now)) {
        stale(words::writes_stale(lang, &age));
    }
    codes
}

/// The alerts for people.
pub fn lines(lang: Lang, told: &AlertStanding, now: Timestamp) -> Vec<String> {
    let mut lines: Vec<String> = told.sources.iter().flat_map(|source| of_source(lang, source, now)).collect();
    if let Some(fault) = &told.rules.fault {
        let words = if fault.is_wait() { alert_line::rules_half_written } else { alert_line::rules_unusable };
        lines.push(format!("▲ {}", words(lang)));
        lines.extend(fault_lines(lang, fault).into_iter().map(|line| format!("  {line}")));
    } else if told.rules.enabled == 0 {
        lines.push(format!("▲ {}", words::no_rule_is_on(lang)));
    }
    let counts = &told.counts;
    if !told.sources.is_empty() {
        lines.push(fired(lang, told));
    }
    if counts.unknown > 0 {
        lines.push(format!("▲ {}", words::unknown_forms(lang, counts.unknown)));
        lines.push(format!("  → {}", words::see_unknown_forms(lang)));
    }
    for (count, words) in
        [(counts.refused, alert_line::refused as fn(Lang, &str) -> String), (counts.unsure, alert_line::unsure)]
    {
        if count > 0 {
            lines.push(format!("▲ {}", words(lang, &number::grouped(lang, count))));
            lines.push(format!("  → {}", ticket::see_troubled(lang)));
        }
    }
    // What was prepared a moment ago is being written by somebody else.
    let long = |since: &Timestamp| now.duration_since(*since) > SignedDuration::from_mins(1);
    if let Some(since) = counts.waiting_since.filter(long) {
        lines.push(format!("▲ {}", words::writes_wait(lang, &time::ago(lang, since, now))));
    }
    for number in &counts.doubled {
        lines.push(format!("▲ {}", ticket::has_double(lang, number)));
        lines.push(format!("  → {}", ticket::see_double(lang, number)));
    }
    for one in counts.lost.iter().take(LOST) {
        let alert = one.alert.as_str();
        lines.push(format!("▲ {}", words::ticket_lost(lang, &one.number, &one.connection, alert)));
        lines.push(format!("  → {}", words::ticket_lost_remedy(lang, alert)));
    }
    if let Some(more) = counts.lost.len().checked_sub(LOST).filter(|more| *more > 0) {
        lines.push(format!("▲ {}", words::more_tickets_lost(lang, more as u64)));
    }
    if told.unseen_ends > 0 {
        lines.push(format!("▲ {}", words::unseen(lang, told.unseen_ends)));
    }
    lines
}

fn fired(lang: Lang, told: &AlertStanding) -> String {
    let counts = &told.counts;
    let mut parts = vec![alert_line::fired(lang, counts.fired)];
    if counts.without_ticket() > 0 {
        parts.push(alert_line::without_ticket_short(lang, &number::grouped(lang, counts.without_ticket())));
    }
    format!("{}: {}", alert_line::alerts(lang), parts.join(", "))
}

fn of_source(lang: Lang, source: &SourceStanding, now: Timestamp) -> Vec<String> {
    let name = source.settings.name.as_str();
    let mut lines = Vec::new();
    let indented = |fault: &Fault| fault_lines(lang, fault).into_iter().map(|line| format!("  {line}"));
    match (source.read_faults(), source.read_at()) {
        (faults, _) if !faults.is_empty() => {
            for (fault, subscriptions) in faults {
                // Which of them, where others are read or meet something else.
                let part = subscriptions.len() < source.settings.subscriptions.len();
                lines.push(match part {
                    true => format!("✗ {}", words::part_not_read(lang, name, &subscriptions.join(", "))),
                    false => format!("✗ {}", words::source_not_read(lang, name)),
                });
                lines.extend(indented(fault));
            }
        }
        (_, Some(at)) => lines.push(format!("● {}", words::source_read(lang, name, &time::ago(lang, at, now)))),
        (_, None) => lines.push(format!("○ {}", words::source_never_read(lang, name))),
    }
    let mut told: Vec<&Fault> = Vec::new();
    for fault in source.states().filter_map(|(_, state)| state.acknowledging_fault()) {
        if !told.contains(&fault) {
            told.push(fault);
            lines.extend(indented(fault));
        }
    }
    for (_, state) in source.states() {
        lines.extend(missing_lines(lang, name, state, now).into_iter().map(|line| format!("  {line}")));
    }
    lines
}
