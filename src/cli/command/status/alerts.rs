//! The alerts in `itsmc status`: their sources, the rules, and the tickets that are not as they should be.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::Code;
use crate::cli::age::Age;
use crate::cli::context::Context;
use crate::cli::output::{fault_json, fault_lines};
use crate::model::alert_plan::Verdict;
use crate::model::alert_view::{AlertStanding, SourceStanding};
use crate::model::lang::Lang;
use crate::texts::{alert as words, alert_line, number, time};

/// The alerts for machines.
pub fn json(lang: Lang, seen: &AlertStanding) -> Value {
    let counts = &seen.counts;
    let without: BTreeMap<&str, u64> =
        counts.without.iter().map(|(reason, count)| (reason.map_or("undecided", Verdict::id), *count)).collect();
    json!({
        "sources": seen.sources.iter().map(|one| source_json(lang, one)).collect::<Vec<_>>(),
        "rules": {
            "path": seen.rules.path,
            "rules": seen.rules.rules,
            "enabled": seen.rules.enabled,
            "fault": seen.rules.fault.as_ref().map(|fault| fault_json(lang, fault)),
        },
        "fired": counts.fired,
        "without_ticket": without,
        "undecided_since": counts.undecided_since,
        "tickets_refused": counts.refused,
        "tickets_unsure": counts.unsure,
        "writes_wait_since": counts.waiting_since,
        "ends_that_cannot_be_seen": seen.unseen_ends,
    })
}

fn source_json(lang: Lang, source: &SourceStanding) -> Value {
    let faults = source.faults().map(|(subscription, fault)| {
        let mut told = fault_json(lang, fault);
        told["subscription"] = subscription.into();
        told
    });
    json!({ "name": source.settings.name, "read_at": source.read_at(), "faults": faults.collect::<Vec<_>>() })
}

/// The alerts for people.
pub fn lines(lang: Lang, seen: &AlertStanding, now: Timestamp) -> Vec<String> {
    let mut lines: Vec<String> = seen.sources.iter().flat_map(|source| source_lines(lang, source, now)).collect();
    if let Some(fault) = &seen.rules.fault {
        lines.push(format!("✗ {}", alert_line::rules_unusable(lang)));
        lines.extend(fault_lines(lang, fault).into_iter().map(|line| format!("  {line}")));
    } else if seen.rules.enabled == 0 {
        lines.push(format!("▲ {}", words::no_rule_is_on(lang)));
    }
    if !seen.sources.is_empty() {
        lines.push(fired(lang, seen));
    }
    lines.extend(trouble(lang, seen, now).into_iter().map(|line| format!("▲ {line}")));
    lines
}

fn source_lines(lang: Lang, source: &SourceStanding, now: Timestamp) -> Vec<String> {
    let name = source.settings.name.as_str();
    let read = match source.read_at() {
        Some(at) => words::source_read(lang, &time::ago(lang, at, now)),
        None => words::source_never_read(lang, name),
    };
    let mark = match (source.faults().next(), source.read_at()) {
        (Some(_), _) => '✗',
        (None, None) => '○',
        (None, Some(_)) => '●',
    };
    let mut lines = vec![format!("{mark} {name}: {read}")];
    for (subscription, fault) in source.faults() {
        lines.push(format!("  {}: {subscription}", words::subscription(lang)));
        lines.extend(fault_lines(lang, fault).into_iter().map(|line| format!("  {line}")));
    }
    lines
}

fn fired(lang: Lang, seen: &AlertStanding) -> String {
    let counts = &seen.counts;
    let mut parts = vec![alert_line::fired(lang, counts.fired)];
    if counts.without_ticket() > 0 {
        parts.push(alert_line::without_ticket_short(lang, &number::grouped(lang, counts.without_ticket())));
    }
    format!("{}: {}", alert_line::alerts(lang), parts.join(", "))
}

/// What should be looked at beside the sources and the rules.
fn trouble(lang: Lang, seen: &AlertStanding, now: Timestamp) -> Vec<String> {
    let counts = &seen.counts;
    let mut lines = Vec::new();
    if counts.refused > 0 {
        lines.push(words::tickets_refused(lang, counts.refused));
    }
    if counts.unsure > 0 {
        lines.push(words::tickets_unsure(lang, counts.unsure));
    }
    // What was prepared a moment ago is being written by somebody else.
    let long = |since: &Timestamp| now.duration_since(*since) > SignedDuration::from_mins(1);
    if let Some(since) = counts.waiting_since.filter(long) {
        lines.push(words::writes_wait(lang, &time::ago(lang, since, now)));
    }
    if seen.unseen_ends > 0 {
        lines.push(words::unseen(lang, seen.unseen_ends));
    }
    lines
}

/// The exit codes that the alerts call for, with why where no line of the state tells it.
pub fn verdict(context: &Context, seen: &AlertStanding, max_age: Age, now: Timestamp) -> Vec<Code> {
    let lang = context.output.lang;
    let age = time::span(lang, max_age.0.as_secs().unsigned_abs());
    let (counts, rules) = (&seen.counts, &seen.rules);
    let mut codes = Vec::new();
    let found = [
        seen.sources.iter().any(|source| source.faults().next().is_some()),
        rules.fault.is_some() || rules.enabled == 0,
        counts.refused + counts.unsure + seen.unseen_ends > 0,
    ];
    codes.extend(found.into_iter().filter(|found| *found).map(|_| Code::Findings));
    let mut stale = |why: String| {
        context.output.say(&why);
        codes.push(Code::Stale);
    };
    for source in &seen.sources {
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
