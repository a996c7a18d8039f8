//! The workspaces in `itsmc status`.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::Code;
use crate::cli::age::Age;
use crate::cli::command::workspace;
use crate::cli::context::Context;
use crate::cli::output::{fault_json, fault_lines};
use crate::model::lang::Lang;
use crate::model::sending::WorkspaceStanding;
use crate::texts::{number, sending as sent, time};

/// How a workspace stands. `last_accepted` and `last_verified` are two things: Azure took the rows, and a query found them.
pub fn json_row(lang: Lang, one: &WorkspaceStanding, now: Timestamp) -> Value {
    json!({
        "name": one.name,
        "set_up": one.set_up,
        "behind_rows": one.behind_rows,
        "behind_seconds": one.behind_seconds(now),
        "last_accepted": one.last_accepted,
        "last_verified": one.last_verified.as_ref().map(|record| record.at),
        "verified": one.last_verified,
        "unverified_since": one.unverified_since,
        "verify_fault": one.verify_fault.as_ref().map(|fault| fault_json(lang, fault)),
        "failing_since": one.failing_since,
        "fault": one.fault.as_ref().map(|fault| fault_json(lang, fault)),
        "findings": workspace::send::findings_json(lang, &one.findings),
    })
}

/// A workspace for people.
pub fn lines(lang: Lang, one: &WorkspaceStanding, now: Timestamp) -> Vec<String> {
    let name = one.name.as_str();
    if !one.set_up {
        return vec![format!("○ {name}: {}", sent::not_set_up(lang, name))];
    }
    let behind = match (one.behind_rows, one.behind_seconds(now)) {
        (0, _) => sent::up_to_date(lang).to_owned(),
        (rows, Some(seconds)) => sent::behind(lang, &number::rows(lang, rows), &time::span(lang, seconds)),
        (rows, None) => sent::behind_rows(lang, &number::rows(lang, rows)),
    };
    let accepted = one.last_accepted.map_or_else(
        || sent::never_accepted(lang).to_owned(),
        |at| sent::last_accepted(lang, &time::ago(lang, at, now)),
    );
    let verified = one.last_verified.as_ref().map_or_else(
        || sent::never_verified(lang).to_owned(),
        |record| sent::last_verified(lang, &time::ago(lang, record.at, now)),
    );
    let mark = match (&one.fault, one.findings.is_empty()) {
        (Some(_), _) => '✗',
        (None, false) => '▲',
        (None, true) => '●',
    };
    let mut lines = vec![format!("{mark} {name}: {behind}; {accepted}; {verified}")];
    lines.extend(one.fault.iter().flat_map(|fault| fault_lines(lang, fault)).map(|line| format!("  {line}")));
    if let Some(fault) = &one.verify_fault {
        let why = crate::texts::fault::summary(lang, fault);
        lines.push(format!("  ▲ {}", sent::not_verified(lang, &why)));
        lines.extend(fault_lines(lang, fault).into_iter().skip(1).map(|line| format!("  {line}")));
    }
    lines.extend(lacking(lang, one, now).map(|line| format!("  ▲ {line}")));
    lines.extend(one.findings.iter().map(|found| format!("  ▲ {}", sent::finding(lang, found))));
    lines
}

/// What the last verification found and could not end by sending it again.
fn lacking(lang: Lang, one: &WorkspaceStanding, now: Timestamp) -> Option<String> {
    let record = one.last_verified.as_ref().filter(|_| one.lacks_rows())?;
    Some(match record.stays_different() {
        Some(since) => {
            let rows = number::rows(lang, record.differ());
            sent::stays_different(lang, &rows, &time::ago(lang, since, now), &one.name)
        }
        None => {
            let rows = number::rows(lang, record.differ().saturating_sub(record.resent));
            sent::lacking(lang, &rows, &one.name)
        }
    })
}

/// The exit codes that the workspaces call for, with why where no line of the state tells it.
pub fn verdict(context: &Context, all: &[WorkspaceStanding], max_age: Age, now: Timestamp) -> Vec<Code> {
    let mut codes = Vec::new();
    for one in all {
        let troubled = one.fault.is_some() || one.verify_fault.is_some() || !one.findings.is_empty();
        if !one.set_up || troubled || one.lacks_rows() {
            codes.push(Code::Findings);
        }
        let waits = one.behind_since.filter(|_| one.behind_rows > 0);
        if one.set_up && waits.is_some_and(|since| max_age.is_over(since, now)) {
            let age = time::span(context.output.lang, max_age.0.as_secs().unsigned_abs());
            context.output.say(&sent::stale(context.output.lang, &one.name, &age));
            codes.push(Code::Stale);
        }
        if let Some(seconds) = one.unverified_seconds(now).filter(|_| one.set_up) {
            let lasts = time::span(context.output.lang, seconds);
            context.output.say(&sent::unverified(context.output.lang, &one.name, &lasts));
            codes.push(Code::Stale);
        }
    }
    codes
}
