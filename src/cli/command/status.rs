//! `itsmc status`: how the connections stand, for people, scripts and monitoring.

mod alerts;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::cli::age::Age;
use crate::cli::command::{connection, workspace};
use crate::cli::context::Context;
use crate::cli::output::{fault_json, fault_lines, finding_lines, findings_json};
use crate::cli::render::medium::{Medium, Role};
use crate::cli::render::table::{Cell, Fit, Piped, Table};
use crate::model::connection::Connection;
use crate::model::fault::Fault;
use crate::model::finding::SyncFinding;
use crate::model::form::FieldId;
use crate::model::lang::Lang;
use crate::model::sending::WorkspaceStanding;
use crate::model::summary::{CLOCK_SLACK, Health, KindSummary, Summary, SyncRecord};
use crate::model::token::{SignIn, Urgency};
use crate::model::work_item::Value as Choice;
use crate::service::sending;
use crate::texts::{cli as words, command, dashboard, frame, number, sending as sent, step, sweep, time, token};

/// Exit code for findings.
const FINDINGS: u8 = 8;
/// Exit code for a connection that is signed out: nothing else gets better before someone signs in.
const SIGNED_OUT: u8 = 3;
/// Exit code for data that is too old.
const STALE: u8 = 9;

/// Prints the state of every connection. With `check`, the exit code tells findings (8), staleness (9) and a connection that is
/// signed out (3).
///
/// # Errors
/// When the config file or the store cannot be read.
pub async fn run(context: &Context, check: bool, max_age: Age) -> Result<u8, Fault> {
    let now = Timestamp::now();
    let mut all = Vec::new();
    for connection in context.services.config().await?.connections {
        let summary = context.services.summary(&connection, now).await?;
        all.push((connection, summary));
    }
    let lang = context.output.lang;
    let rows: Vec<_> = all.iter().map(|(connection, summary)| json_row(lang, connection, summary, now)).collect();
    let standing = sending::standing(&context.services).await?;
    let workspaces: Vec<_> = standing.iter().map(|one| workspace_json(lang, one, now)).collect();
    let about_alerts = crate::service::alerts::standing(&context.services).await?;
    let told = json!({
        "connections": rows, "workspaces": workspaces, "alerts": alerts::json(lang, &about_alerts, now),
    });
    context.output.result(&told, || {
        let mut lines = lines(lang, &all, now);
        lines.extend(standing.iter().flat_map(|one| workspace_lines(lang, one, now)));
        lines.extend(alerts::lines(lang, &about_alerts, now));
        lines
    })?;
    let noticed = if alerts::is_troubled(&about_alerts, now) { FINDINGS } else { 0 };
    Ok(if check { worst(verdict(context, &all, max_age, now), noticed) } else { 0 })
}

/// The exit code that says more: signed out, then stale, then findings.
fn worst(of_connections: u8, of_alerts: u8) -> u8 {
    if of_connections == 0 { of_alerts } else { of_connections }
}

fn verdict(context: &Context, all: &[(Connection, Summary)], max_age: Age, now: Timestamp) -> u8 {
    let (mut code, mut signed_out) = (0, false);
    for (connection, summary) in all {
        signed_out |= summary.health(now) == Health::SignedOut;
        if !matches!(summary.health(now), Health::Healthy | Health::New) {
            code = code.max(FINDINGS);
        }
        if let Some(why) = sign_in_ends(context.output.lang, connection, summary, now) {
            context.output.say(&why);
        }
        let future = |last: Timestamp| last.duration_since(now) > CLOCK_SLACK;
        if summary.last_complete.is_none_or(|last| future(last) || now.duration_since(last) > max_age.0) {
            let age = time::span(context.output.lang, max_age.0.as_secs().unsigned_abs());
            context.output.say(&words::stale(context.output.lang, connection.name.as_str(), &age));
            code = STALE;
        }
    }
    if signed_out { SIGNED_OUT } else { code }
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

/// How a workspace stands. `last_accepted` and `last_verified` are two things: Azure took the rows, and a query found them.
fn workspace_json(lang: Lang, one: &WorkspaceStanding, now: Timestamp) -> Value {
    json!({
        "name": one.name,
        "set_up": one.set_up,
        "behind_rows": one.behind_rows,
        "behind_seconds": one.behind_seconds(now),
        "last_accepted": one.last_accepted,
        "last_verified": one.last_verified.as_ref().map(|record| record.at),
        "verified": one.last_verified,
        "verify_fault": one.verify_fault.as_ref().map(|fault| fault_json(lang, fault)),
        "failing_since": one.failing_since,
        "fault": one.fault.as_ref().map(|fault| fault_json(lang, fault)),
        "findings": workspace::send::findings_json(lang, &one.findings),
    })
}

fn workspace_lines(lang: Lang, one: &WorkspaceStanding, now: Timestamp) -> Vec<String> {
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
    let unverified = one.verify_fault.as_ref().map(|fault| crate::texts::fault::summary(lang, fault));
    lines.extend(unverified.map(|why| format!("  ▲ {}", sent::not_verified(lang, &why))));
    lines.extend(one.findings.iter().map(|found| format!("  ▲ {}", sent::finding(lang, found))));
    lines
}

fn json_row(lang: Lang, connection: &Connection, summary: &Summary, now: Timestamp) -> Value {
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

fn lines(lang: Lang, all: &[(Connection, Summary)], now: Timestamp) -> Vec<String> {
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
