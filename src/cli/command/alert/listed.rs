//! `itsmc alert list`, `show`, `retry` and `ignore`.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::preview::misfits;
use crate::cli::age::Age;
use crate::cli::command::ticket::finding_json;
use crate::cli::context::Context;
use crate::cli::render::medium::{Medium, Role};
use crate::cli::render::table::{Cell, Fit, Piped, Table};
use crate::model::alert::Condition;
use crate::model::alert_plan::Verdict;
use crate::model::alert_source::KEPT_DAYS;
use crate::model::alert_view::AlertEvent;
use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::model::ticket::{TicketFinding, TicketRecord};
use crate::service::alerts;
use crate::store::{AlertFilter, StoredAlert};
use crate::texts::{alert as words, ticket as about_ticket, time};

/// Lists alerts.
///
/// # Errors
/// The store's own.
pub async fn list(
    context: &Context,
    last: Age,
    (verdict, rule, fired): (Option<Verdict>, Option<String>, bool),
    limit: usize,
) -> Result<u8, Fault> {
    let lang = context.output.lang;
    let now = Timestamp::now();
    let condition = fired.then_some(Condition::Fired);
    let filter = AlertFilter { from: now.saturating_sub(last.0).ok(), verdict, rule, condition };
    let all = context.services.store().await?.alerts(filter, limit).await?;
    let mut told = Vec::new();
    for one in &all {
        told.push(described(context, one, now).await?);
    }
    context.output.result(&told, || match all.is_empty() {
        true => vec![words::no_alerts(lang).to_owned()],
        false => table(lang, &all, &told),
    })?;
    Ok(0)
}

fn table(lang: Lang, all: &[StoredAlert], told: &[Value]) -> Vec<String> {
    let heads = [
        ("id", Fit::Text),
        (words::fired(lang), Fit::Text),
        (words::severity(lang), Fit::Text),
        (words::azure_rule(lang), Fit::Text),
        (words::item(lang), Fit::Text),
        (words::condition(lang), Fit::Text),
        (words::ticket(lang), Fit::Text),
        (words::outcome(lang), Fit::Prose),
    ];
    let mut table = Table::new(&heads, Piped::Tabs);
    for (one, told) in all.iter().zip(told) {
        let alert = &one.alert;
        let tickets = told["tickets"].as_array().into_iter().flatten();
        let numbers: Vec<&str> = tickets.filter_map(|ticket| ticket["number"].as_str()).collect();
        table.row(vec![
            alert.key.as_str().chars().take(13).collect::<String>().into(),
            alert.fired_at.map(time::moment_in_list).unwrap_or_default().into(),
            alert.severity.map(|severity| severity.id()).unwrap_or_default().into(),
            alert.rule.as_str().into(),
            alert.items.first().map(String::as_str).unwrap_or_default().into(),
            condition(lang, told).into(),
            numbers.join(", ").into(),
            outcome(lang, one),
        ]);
    }
    table.take(Medium::stdout())
}

fn condition(lang: Lang, told: &Value) -> String {
    match (told["condition"].as_str(), told["cannot_see"].as_bool()) {
        (_, Some(true)) => words::cannot_see(lang).to_owned(),
        (Some("fired"), _) => words::is_fired(lang).to_owned(),
        (Some("resolved"), _) => words::is_resolved(lang).to_owned(),
        _ => words::not_said(lang).to_owned(),
    }
}

fn outcome(lang: Lang, one: &StoredAlert) -> Cell {
    let Some(verdict) = one.verdict else { return Cell::like('○', words::waits_for_decision(lang)) };
    let over = one.over.map(|over| format!("; {}", words::verdict(lang, over))).unwrap_or_default();
    Cell::like(if verdict.has_ticket() { '●' } else { '○' }, format!("{}{over}", words::verdict(lang, verdict)))
}

/// An alert as JSON, with its tickets.
async fn described(context: &Context, one: &StoredAlert, now: Timestamp) -> Result<Value, Fault> {
    let store = context.services.store().await?;
    let mut tickets = Vec::new();
    for id in &one.standing.slots {
        let records = store.ticket_with_successors(id).await?;
        let told = |id: &str, record: Option<&TicketRecord>| {
            let shown = record.and_then(|record| record.ticket.as_ref());
            json!({
                "id": id, "connection": record.map(|record| record.key.connection.clone()),
                "number": shown.map(|ticket| ticket.number.clone()), "state": shown.map(|ticket| ticket.state),
                "url": shown.and_then(|ticket| ticket.url.clone()),
            })
        };
        if records.is_empty() {
            tickets.push(told(id, None));
        }
        tickets.extend(records.iter().map(|record| told(&record.key.id(), Some(record))));
    }
    let mut told = serde_json::to_value(&one.alert).unwrap_or_default();
    if let Some(map) = told.as_object_mut() {
        let key = map.remove("key").unwrap_or_default();
        let id = map.insert("id".to_owned(), key);
        map.insert("azure_id".to_owned(), id.unwrap_or_default());
        let rule = map.remove("rule");
        map.insert("azure_rule".to_owned(), rule.unwrap_or_default());
    }
    told["source"] = json!(one.source);
    told["first_seen"] = json!(one.first_seen);
    told["outcome"] = json!(one.verdict);
    told["over"] = json!(one.over);
    told["rule"] = json!(one.rule);
    told["pending"] = json!(one.pending);
    told["tickets"] = json!(tickets);
    told["cannot_see"] = json!(cannot_see(one, now));
    Ok(told)
}

/// Whether the alert's end can no longer be seen by polling: Azure has deleted it.
fn cannot_see(one: &StoredAlert, now: Timestamp) -> bool {
    let old = |at: Timestamp| now.duration_since(at) > SignedDuration::from_hours(24 * KEPT_DAYS);
    one.alert.condition == Condition::Fired && !one.standing.slots.is_empty() && one.alert.fired_at.is_some_and(old)
}

/// Shows one alert whole.
///
/// # Errors
/// As [`alerts::one`].
pub async fn show(context: &Context, name: &str, raw: bool) -> Result<u8, Fault> {
    let lang = context.output.lang;
    let one = alerts::one(&context.services, name).await?;
    if raw {
        let (fired, over) = context.services.store().await?.alert_texts(&one.alert.key).await?;
        let texts: Vec<String> = fired.iter().chain(&over).cloned().collect();
        context.output.document(&json!({ "fired": fired, "resolved": over }), &texts.join("\n"))?;
        return Ok(0);
    }
    let mut told = described(context, &one, Timestamp::now()).await?;
    let history = context.services.store().await?.alert_history(&one.alert.key).await?;
    if one.verdict == Some(Verdict::NoRule) {
        let loaded = alerts::load(&context.services).await.unwrap_or_default();
        told["misfits"] = misfits(&loaded.rules, &one.alert);
    }
    let findings = findings(context, &one).await?;
    let mut document = told.clone();
    document["history"] = json!(history);
    let finding = |(ticket, found): &(String, TicketFinding)| {
        let mut told = finding_json(lang, found);
        told["ticket"] = json!(ticket);
        told
    };
    document["findings"] = findings.iter().map(finding).collect();
    context.output.result(&document, || {
        let mut table = Table::new(&[("", Fit::Text), ("", Fit::Prose)], Piped::Columns);
        for (key, value) in told.as_object().into_iter().flatten() {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            if !matches!(text.as_str(), "" | "null" | "[]" | "{}") {
                table.row(vec![Cell::of(Role::Head, key.as_str()), text.into()]);
            }
        }
        let mut lines = table.take(Medium::stdout());
        lines.push(
            one.verdict.map_or(words::waits_for_decision(lang), |verdict| words::verdict(lang, verdict)).to_owned(),
        );
        for (ticket, found) in &findings {
            lines.push(format!("▲ {}", about_ticket::finding(lang, found)));
            lines.push(format!("  → {}", about_ticket::see(lang, ticket)));
        }
        if !history.is_empty() {
            lines.extend([String::new(), words::history(lang).to_owned()]);
        }
        let line = |event: &AlertEvent| format!("  {}  {}", time::moment_in_list(event.at), words::event(lang, event));
        lines.extend(history.iter().map(line));
        lines
    })?;
    Ok(0)
}

/// What somebody has to do about the alert's tickets, each with the number or the id of the ticket.
async fn findings(context: &Context, one: &StoredAlert) -> Result<Vec<(String, TicketFinding)>, Fault> {
    let store = context.services.store().await?;
    let mut findings = Vec::new();
    for id in &one.standing.slots {
        for record in store.ticket_with_successors(id).await? {
            let id = record.key.id();
            let number = record.ticket.map(|ticket| ticket.number).filter(|number| !number.is_empty());
            let called = number.unwrap_or_else(|| id.clone());
            for found in store.operations_of(&id).await?.into_iter().flat_map(|entry| entry.findings) {
                let told = (called.clone(), found);
                if !told.1.is_notice() && !findings.contains(&told) {
                    findings.push(told);
                }
            }
        }
    }
    Ok(findings)
}

/// Has alerts without a ticket decided about again.
///
/// # Errors
/// As [`alerts::one`]; as deciding itself.
pub async fn retry(context: &Context, names: &[String]) -> Result<u8, Fault> {
    let lang = context.output.lang;
    let keys = alerts::keys(&context.services, names).await?;
    let asked = keys.len();
    let again = alerts::retry(&context.services, keys).await?;
    let pass = alerts::decide(&context.services).await?;
    let document = json!({ "again": again, "with_ticket": asked as u64 - again, "decided": super::told::pass(&pass) });
    context.output.result(&document, || {
        let mut lines = left(lang, asked, again);
        lines.extend(super::told::pass_lines(lang, &pass));
        lines
    })?;
    Ok(0)
}

/// Has alerts get no ticket.
///
/// # Errors
/// As [`alerts::one`].
pub async fn ignore(context: &Context, names: &[String]) -> Result<u8, Fault> {
    let lang = context.output.lang;
    let keys = alerts::keys(&context.services, names).await?;
    let asked = keys.len();
    let ignored = context.services.store().await?.ignore_alerts(keys, Timestamp::now()).await?;
    let document = json!({ "ignored": ignored, "with_ticket": asked as u64 - ignored });
    context.output.result(&document, || {
        let mut lines = vec![format!("✓ {}", words::ignored(lang, ignored))];
        lines.extend(left(lang, asked, ignored));
        lines
    })?;
    Ok(0)
}

fn left(lang: Lang, asked: usize, done: u64) -> Vec<String> {
    let left = (asked as u64).saturating_sub(done);
    if left == 0 { Vec::new() } else { vec![format!("▲ {}", words::have_tickets(lang, left))] }
}
