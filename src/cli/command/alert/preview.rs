//! `itsmc alert preview`.

use std::path::Path;

use jiff::Timestamp;
use serde::ser::{Serialize, SerializeStruct, Serializer};
use serde_json::{Value, json};

use super::FINDINGS;
use super::alerts_in;
use crate::cli::age::Age;
use crate::cli::context::Context;
use crate::cli::render::medium::Medium;
use crate::cli::render::table::{Cell, Fit, Piped, Table};
use crate::model::alert::Alert;
use crate::model::alert_plan::{Preview, Verdict};
use crate::model::alert_rules::RuleSet;
use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::model::ticket::{TicketDraft, TicketKey};
use crate::service::alerts::{self, Wanted};
use crate::texts::{alert as words, counted, time};

/// Shows what the rules would have done.
///
/// # Errors
/// [`Fault::RulesWrong`]; [`Fault::NotFound`] without rules or without the rule that is to be switched on; trouble with the
/// file.
pub async fn run(
    context: &Context,
    last: Age,
    file: Option<&Path>,
    rule: Vec<String>,
    tickets: bool,
) -> Result<u8, Fault> {
    let text = file.map(|file| alerts_in(context, file)).transpose()?;
    let from = Timestamp::now().saturating_sub(last.0).ok();
    let wanted = Wanted { text, from, switched_on: rule };
    let (alerts, ignored) = alerts::wanted_of(&context.services, &wanted).await?;
    let (rules, told) = alerts::preview(&context.services, &wanted, &alerts, &ignored).await?;
    let lang = context.output.lang;
    context.output.result(&Document { rules: &rules, alerts: &alerts, told: &told }, || {
        lines(lang, &rules, &alerts, &told, tickets)
    })?;
    Ok(if told.verdicts.contains_key(&Verdict::NoConnection) { FINDINGS } else { 0 })
}

/// The document, of which each row is made as it is written: all rows as values would take several times the room of the alerts.
struct Document<'a> {
    rules: &'a RuleSet,
    alerts: &'a [Alert],
    told: &'a Preview,
}

impl Serialize for Document<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut document = serializer.serialize_struct("preview", 4)?;
        document.serialize_field("alerts", &Rows(self))?;
        document.serialize_field("tickets", &Tickets(self.told))?;
        document.serialize_field("rules", &self.told.rules)?;
        document.serialize_field("outcomes", &self.told.verdicts)?;
        document.end()
    }
}

struct Rows<'a>(&'a Document<'a>);

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Document { rules, alerts, told } = self.0;
        let rows = alerts.iter().zip(&told.alerts).map(|(alert, one)| {
            let misfits = (one.verdict == Verdict::NoRule).then(|| misfits(rules, alert));
            json!({
                "id": alert.key, "azure_rule": alert.rule, "severity": alert.severity, "condition": alert.condition,
                "fired_at": alert.fired_at, "resolved_at": alert.resolved_at, "items": alert.items,
                "outcome": one.verdict, "over": one.over, "rule": one.rule, "tickets": one.tickets, "misfits": misfits,
            })
        });
        serializer.collect_seq(rows)
    }
}

struct Tickets<'a>(&'a Preview);

impl Serialize for Tickets<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let each = |(key, draft): &(TicketKey, TicketDraft)| json!({ "id": key.id(), "connection": key.connection, "draft": draft });
        serializer.collect_seq(self.0.tickets.iter().map(each))
    }
}

/// Why no rule matches, by the name of each.
pub fn misfits(rules: &RuleSet, alert: &Alert) -> Value {
    let all = rules.misfits(alert).into_iter().map(|(name, misfit)| (name, json!(misfit.id())));
    Value::Object(all.collect())
}

fn lines(lang: Lang, rules: &RuleSet, alerts: &[Alert], told: &Preview, tickets: bool) -> Vec<String> {
    let heads = [
        (words::fired(lang), Fit::Text),
        (words::severity(lang), Fit::Text),
        (words::azure_rule(lang), Fit::Text),
        (words::item(lang), Fit::Text),
        (words::rule(lang), Fit::Text),
        (words::outcome(lang), Fit::Prose),
    ];
    let mut table = Table::new(&heads, Piped::Tabs);
    for (alert, one) in alerts.iter().zip(&told.alerts) {
        let mark = if one.verdict.has_ticket() { '●' } else { '○' };
        let over = one.over.map(|over| format!("; {}", words::verdict(lang, over))).unwrap_or_default();
        table.row(vec![
            alert.fired_at.map(time::moment_in_list).unwrap_or_default().into(),
            alert.severity.map(|severity| severity.id()).unwrap_or_default().into(),
            alert.rule.as_str().into(),
            alert.items.first().map(String::as_str).unwrap_or_default().into(),
            one.rule.as_deref().unwrap_or_default().into(),
            Cell::like(mark, format!("{}{over}", words::verdict(lang, one.verdict))),
        ]);
    }
    let mut lines = table.take(Medium::stdout());
    if tickets {
        lines.extend(told.tickets.iter().flat_map(|(key, draft)| ticket_lines(key.id(), draft)));
    }
    lines.extend(count_lines(lang, rules, told));
    lines
}

/// A ticket with all that is to stand in it.
fn ticket_lines(id: String, draft: &TicketDraft) -> Vec<String> {
    let value = serde_json::to_value(draft).unwrap_or_default();
    let mut lines = vec![String::new(), format!("● {} {}", &id[..12.min(id.len())], draft.title)];
    for (name, value) in value.as_object().into_iter().flatten().filter(|(name, _)| *name != "title") {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        lines.extend(text.lines().enumerate().map(|(at, line)| {
            let head = if at == 0 { name.as_str() } else { "" };
            format!("    {head:<12} {line}")
        }));
    }
    lines
}

fn count_lines(lang: Lang, rules: &RuleSet, told: &Preview) -> Vec<String> {
    let mut lines = vec![String::new()];
    for rule in &rules.rules {
        let Some(one) = told.rules.get(&rule.name) else { continue };
        lines.push(words::rule_count(
            lang,
            &rule.name,
            &counted::alerts(lang, one.alerts),
            &counted::tickets(lang, one.tickets),
            &counted::alerts_in_ticket(lang, one.merged),
        ));
        if one.beyond_budget > 0 {
            let umbrellas = counted::umbrella_tickets(lang, one.umbrellas);
            let beyond = counted::alerts(lang, one.beyond_budget);
            lines.push(format!("▲ {}", words::beyond(lang, &rule.name, &beyond, &umbrellas)));
        }
    }
    let all: u64 = told.verdicts.values().sum();
    let without: u64 = told.verdicts.iter().filter(|(verdict, _)| !verdict.has_ticket()).map(|(_, n)| n).sum();
    lines.push(words::all_counts(
        lang,
        &counted::alerts(lang, all),
        &counted::tickets(lang, told.tickets.len() as u64),
        &counted::alerts_without_ticket(lang, without),
    ));
    lines.push(words::nothing_written(lang).to_owned());
    lines
}
