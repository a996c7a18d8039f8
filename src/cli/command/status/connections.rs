//! The connections in `itsmc status`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::Code;
use crate::cli::age::Age;
use crate::cli::command::connection;
use crate::cli::context::Context;
use crate::cli::output::{fault_json, fault_lines, finding_lines, findings_json};
use crate::cli::render::medium::{Medium, Role};
use crate::cli::render::table::{Cell, Fit, Piped, Table};
use crate::model::connection::Connection;
use crate::model::finding::SyncFinding;
use crate::model::form::FieldId;
use crate::model::lang::Lang;
use crate::model::summary::{Health, KindSummary, Summary, SyncRecord};
use crate::model::token::{SignIn, Urgency};
use crate::model::work_item::Value as Choice;
use crate::texts::{cli as words, command, dashboard, frame, number, step, sweep, time, token};

/// The exit codes that the connections call for, with why where no line of the state tells it.
pub fn verdict(context: &Context, all: &[(Connection, Summary)], max_age: Age, now: Timestamp) -> Vec<Code> {
    let mut codes = Vec::new();
    for (connection, summary) in all {
        match summary.health(now) {
            Health::SignedOut => codes.push(Code::SignedOut),
            Health::Healthy | Health::New => {}
            Health::Failing | Health::Warning => codes.push(Code::Findings),
        }
        if let Some(why) = sign_in_ends(context.output.lang, connection, summary, now) {
            context.output.say(&why);
        }
        if summary.last_complete.is_none_or(|last| max_age.is_over(last, now)) {
            let age = time::span(context.output.lang, max_age.0.as_secs().unsigned_abs());
            context.output.say(&words::stale(context.output.lang, connection.name.as_str(), &age));
            codes.push(Code::Stale);
        }
    }
    codes
}

/// What to do about a client secret or a sign-in that ends soon or is over.
fn sign_in_ends(lang: Lang, connection: &Connection, summary: &Summary, now: Timestamp) -> Option<String> {
    let urgency = summary.client_secret_urgency(now);
    if let Some(end) = summary.client_secret_expires.filter(|_| urgency != Urgency::None) {
        return Some(token::client_secret_ends(lang, connection.name.as_str(), &time::date_in_utc(lang, end)));
    }
    let sign_in = summary.sign_in?;
    token::urgency(lang, sign_in.urgency(now), sign_in.days_left(now), connection.name.as_str())
}

/// A connection for machines.
pub fn json_row(lang: Lang, connection: &Connection, summary: &Summary, now: Timestamp) -> Value {
    let kinds: Map<String, Value> = connection
        .work_items
        .iter()
        .map(|kind| (kind.id().to_owned(), json_kind(summary.kinds.get(kind).unwrap_or(&KindSummary::default()))))
        .collect();
    let last = summary.last_sync.as_ref();
    json!({
        "name": connection.name,
        "partner": connection.partner,
        "state": summary.health(now).id(),
        "last_sync": last.map(|sync| sync.ended_at),
        "last_complete_sync": summary.last_complete,
        "failing_since": last.and_then(|sync| sync.failing_since),
        "fault": summary.standing_fault().map(|fault| fault_json(lang, fault)),
        "findings": findings_json(lang, &findings(connection, summary, now)),
        "refresh_token_expires": summary.sign_in.and_then(|sign_in| sign_in.ends()),
        "client_secret_expires": summary.client_secret_expires,
        "refresh_token_lifespan_known": summary.sign_in.map(|sign_in| sign_in.lifespan_known),
        "work_items": kinds,
    })
}

fn json_kind(kind: &KindSummary) -> Value {
    let counted = |choices: &[(Choice, u64)]| {
        choices.iter().map(|(choice, n)| (choice.shown().to_owned(), json!(n))).collect::<Map<_, _>>()
    };
    json!({
        "total": kind.total,
        "open": kind.open,
        "removed": kind.removed,
        "by_state": counted(&kind.by_state),
        "by_priority": counted(&kind.by_priority),
        "last_sweep": kind.sweep,
    })
}

/// The connections for people.
pub fn lines(lang: Lang, all: &[(Connection, Summary)], now: Timestamp) -> Vec<String> {
    if all.is_empty() {
        return vec![words::no_connections(lang).to_owned()];
    }
    match Medium::stdout() {
        medium if medium.width.is_some() => overview(lang, all, now, medium),
        _ => all.iter().flat_map(|(connection, summary)| of_one(lang, connection, summary, now)).collect(),
    }
}

/// A line for each connection, below it what is wrong with it, and a total.
fn overview(lang: Lang, all: &[(Connection, Summary)], now: Timestamp, medium: Medium) -> Vec<String> {
    let columns = [
        ("", Fit::Text),
        (command::connection(lang), Fit::Text),
        (command::product(lang), Fit::Text),
        (command::state(lang), Fit::Text),
        (command::items(lang), Fit::Number),
        (command::open(lang), Fit::Number),
        (command::synced(lang), Fit::Text),
        (command::sign_in(lang), Fit::Prose),
    ];
    let mut table = Table::new(&columns, Piped::Columns);
    for (connection, summary) in all {
        let health = summary.health(now);
        let [items, open] = [|kind: &KindSummary| kind.total, |kind: &KindSummary| kind.open]
            .map(|count| number::grouped(lang, summary.kinds.values().map(count).sum()));
        let synced =
            summary.last_complete.map_or_else(|| command::never(lang).to_owned(), |last| time::ago(lang, last, now));
        table.row(vec![
            Cell::mark(connection::health_mark(health)),
            connection.name.as_str().into(),
            connection.partner.as_str().into(),
            connection::health_cell(lang, health),
            items.into(),
            open.into(),
            synced.into(),
            sign_in_cell(lang, summary, now),
        ]);
        let below = trouble(lang, connection, summary, now);
        table.below(below.iter().map(|line| medium.prose(line)).collect());
    }
    let mut lines = table.take(medium);
    lines.push(total(lang, all, now));
    lines
}

/// How many connections there are, and how many of each health.
fn total(lang: Lang, all: &[(Connection, Summary)], now: Timestamp) -> String {
    let mut by_health: BTreeMap<Health, usize> = BTreeMap::new();
    for (_, summary) in all {
        *by_health.entry(summary.health(now)).or_default() += 1;
    }
    let each = by_health.iter().map(|(health, count)| format!("{count} {}", frame::health(lang, *health)));
    format!("{}: {}", command::connections(lang, all.len()), each.collect::<Vec<_>>().join(", "))
}

fn sign_in_cell(lang: Lang, summary: &Summary, now: Timestamp) -> Cell {
    let Some(sign_in) = summary.sign_in else { return "–".into() };
    let Some(end) = sign_in.ends() else {
        return if sign_in.lifespan_known { command::while_secret } else { command::while_used }(lang).into();
    };
    if sign_in.days_left(now) < 0 {
        return Cell::of(Role::Error, words::sign_in_over(lang));
    }
    let date = time::date(lang, end);
    let until = if sign_in.lifespan_known { command::till } else { command::about_till }(lang, &date);
    if sign_in.urgency(now) == Urgency::None { until.into() } else { Cell::of(Role::Warning, until) }
}

fn of_one(lang: Lang, connection: &Connection, summary: &Summary, now: Timestamp) -> Vec<String> {
    let health = summary.health(now);
    let mark = connection::health_mark(health);
    let mut lines =
        vec![format!("{mark} {} · {} · {}", connection.name, connection.partner, frame::health(lang, health))];
    for (kind, counts) in &summary.kinds {
        let (total, open) = (number::grouped(lang, counts.total), number::grouped(lang, counts.open));
        lines.push(format!("  {}", words::counts(lang, step::kind(lang, *kind), &total, &open)));
        if let Some(record) = &counts.sweep {
            let ago = time::ago(lang, record.ended_at, now);
            lines.push(format!("    {}", sweep::verified_ago(lang, &ago, &sweep::found(lang, record))));
        }
    }
    lines.push(format!("  {}", last_sync(lang, summary, now)));
    lines.extend(
        summary
            .client_secret_expires
            .map(|end| format!("  {}", token::client_secret_expires(lang, &time::date_in_utc(lang, end)))),
    );
    lines.extend(summary.sign_in.map(|sign_in| format!("  {}", sign_in_line(lang, sign_in, now))));
    lines.extend(trouble(lang, connection, summary, now));
    lines
}

/// What is wrong with a connection, or should be known of it, indented.
fn trouble(lang: Lang, connection: &Connection, summary: &Summary, now: Timestamp) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(fault) = summary.standing_fault() {
        lines.extend(fault_lines(lang, fault).into_iter().map(|line| format!("  {line}")));
    }
    for finding in findings(connection, summary, now) {
        lines.extend(finding_lines(lang, &finding).into_iter().map(|line| format!("  {line}")));
    }
    lines
}

/// What was noticed; where times are read by a setting of the connection, it is named.
fn findings(connection: &Connection, summary: &Summary, now: Timestamp) -> Vec<SyncFinding> {
    let mut all = summary.standing_findings(now);
    for finding in &mut all {
        if let SyncFinding::ChangedInFuture { setting, .. } = finding {
            *setting = connection.detail(FieldId::TimeZone).map(|_| FieldId::TimeZone);
        }
    }
    all
}

fn last_sync(lang: Lang, summary: &Summary, now: Timestamp) -> String {
    let ago = |sync: &SyncRecord| time::ago(lang, sync.ended_at, now);
    match &summary.last_sync {
        None => words::never_synced(lang).to_owned(),
        Some(sync) if sync.was_stopped() => dashboard::sync_stopped(lang, &ago(sync)),
        Some(sync) if sync.fault.is_some() => match sync.failing_since.filter(|since| *since < sync.ended_at) {
            Some(since) => dashboard::sync_failing(lang, &ago(sync), &time::moment(since)),
            None => dashboard::sync_failed(lang, &ago(sync)),
        },
        Some(sync) if !sync.complete => dashboard::synced_partly(lang, &ago(sync)),
        Some(sync) => words::synced(lang, &time::ago(lang, sync.ended_at, now), &number::grouped(lang, sync.changed)),
    }
}

fn sign_in_line(lang: Lang, sign_in: SignIn, now: Timestamp) -> String {
    let Some(end) = sign_in.ends() else {
        let words = if sign_in.lifespan_known { words::sign_in_endless } else { words::sign_in_while_used };
        return words(lang).to_owned();
    };
    let Ok(days) = u64::try_from(sign_in.days_left(now)) else {
        return words::sign_in_over(lang).to_owned();
    };
    let words = if sign_in.lifespan_known { words::sign_in_lasts } else { words::sign_in_lasts_about };
    words(lang, &time::days(lang, days), &time::date(lang, end))
}
