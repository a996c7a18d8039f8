//! `itsmc alert preview`.

use std::cell::RefCell;
use std::path::Path;
use std::sync::mpsc::sync_channel;

use jiff::Timestamp;
use serde::ser::{Error as _, Serialize, SerializeSeq as _, SerializeStruct, Serializer};
use serde_json::{Value, json};

use super::FINDINGS;
use super::alerts_in;
use crate::cli::age::Age;
use crate::cli::context::Context;
use crate::cli::render::medium::Medium;
use crate::cli::render::table::{Cell, Fit, Piped, Table};
use crate::model::alert::{Alert, read};
use crate::model::alert_plan::{Folded, Previewed, Verdict, in_order};
use crate::model::alert_rules::RuleSet;
use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::model::ticket::TicketDraft;
use crate::service::alerts::{self, Made, MadeTicket, Tickets, Wanted};
use crate::store::StoredAlert;
use crate::texts::{alert as words, counted, number, time};

/// So many alerts are listed for people, the newest; the JSON has all.
const LISTED: usize = 1_000;

/// How many alerts may wait to be printed.
const AHEAD: usize = 200;

/// Shows what the rules would have done.
///
/// # Errors
/// [`Fault::RulesWrong`]; [`Fault::NoRulesFile`] without rules; [`Fault::NoSuchRule`] without the rule that is to be switched on; trouble
/// with the file.
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
    let made = alerts::preview(&context.services, &wanted, |_| {}, context.cancel.clone()).await?;
    let Made { rules, folded, tickets: mut made, places } = made;
    let code = if folded.verdicts.contains_key(&Verdict::NoConnection) { FINDINGS } else { 0 };
    let told = Told { rules: &rules, folded: &folded };
    if let Some(text) = &wanted.text {
        show(context, &told, given(text, &folded).into_iter(), &mut made, tickets)?;
        return Ok(code);
    }
    let (sender, stored) = sync_channel::<StoredAlert>(AHEAD);
    let store = context.services.store().await?;
    let sending = store.begin_each_alert(from.unwrap_or(Timestamp::MIN), move |one| sender.send(one).is_ok()).await?;
    // What came while the rules decided is not among them.
    let row = |one: StoredAlert| Some((folded.one(places.nth(&one.alert.key)?)?, one.alert));
    let rows = stored.into_iter().filter_map(row).map(|(one, alert)| (alert, one));
    show(context, &told, rows, &mut made, tickets)?;
    sending.outcome().await?;
    Ok(code)
}

/// The alerts of a text in their order, each with what becomes of it.
fn given(text: &str, folded: &Folded) -> Vec<(Alert, Previewed)> {
    let alerts: Vec<Alert> = read(text).into_iter().map(|one| one.alert).collect();
    let mut told = vec![None; alerts.len()];
    for (nth, at) in in_order(&alerts).into_iter().enumerate() {
        told[at] = folded.one(nth);
    }
    alerts.into_iter().zip(told).filter_map(|(alert, one)| Some((alert, one?))).collect()
}

/// What the rules did, without the alerts.
struct Told<'a> {
    rules: &'a RuleSet,
    folded: &'a Folded,
}

fn show(
    context: &Context,
    told: &Told<'_>,
    rows: impl Iterator<Item = (Alert, Previewed)>,
    made: &mut Tickets,
    tickets: bool,
) -> Result<(), Fault> {
    let output = context.output;
    if output.json {
        let document = Document { told, rows: RefCell::new(rows), tickets: RefCell::new(made) };
        return output.stream(&document);
    }
    let lang = output.lang;
    let say = |lines: Vec<String>| lines.iter().try_for_each(|line| output.prose(line));
    say(table(lang, rows.take(LISTED)))?;
    let hidden = told.folded.alerts().saturating_sub(LISTED) as u64;
    if hidden > 0 {
        say(vec![words::older_in_json(lang, &number::grouped(lang, hidden))])?;
    }
    if tickets {
        let mut failed = Ok(());
        made.each(|ticket| {
            if failed.is_ok() {
                failed = say(ticket_lines(&ticket));
            }
        })?;
        failed?;
    }
    say(count_lines(lang, told))
}

/// The document, of which each row and each ticket is read as it is written: memory holds none of them.
struct Document<'a, R> {
    told: &'a Told<'a>,
    rows: RefCell<R>,
    tickets: RefCell<&'a mut Tickets>,
}

impl<R: Iterator<Item = (Alert, Previewed)>> Serialize for Document<'_, R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut document = serializer.serialize_struct("preview", 4)?;
        document.serialize_field("alerts", &Rows(self))?;
        document.serialize_field("tickets", &Each(self))?;
        document.serialize_field("rules", &self.told.folded.rules)?;
        document.serialize_field("outcomes", &self.told.folded.verdicts)?;
        document.end()
    }
}

struct Rows<'a, 'd, R>(&'a Document<'d, R>);

impl<R: Iterator<Item = (Alert, Previewed)>> Serialize for Rows<'_, '_, R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        let mut rows = self.0.rows.borrow_mut();
        for (alert, one) in rows.by_ref() {
            let misfits = (one.verdict == Verdict::NoRule).then(|| misfits(self.0.told.rules, &alert));
            list.serialize_element(&json!({
                "id": alert.key, "azure_rule": alert.rule, "severity": alert.severity, "condition": alert.condition,
                "fired_at": alert.fired_at, "resolved_at": alert.resolved_at, "items": alert.items,
                "outcome": one.verdict, "over": one.over, "rule": one.rule, "tickets": one.tickets, "misfits": misfits,
            }))?;
        }
        list.end()
    }
}

struct Each<'a, 'd, R>(&'a Document<'d, R>);

impl<R> Serialize for Each<'_, '_, R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        let mut told = Ok(());
        let read = self.0.tickets.borrow_mut().each(|ticket| {
            if told.is_ok() {
                told = list.serialize_element(&ticket);
            }
        });
        told?;
        read.map_err(|fault| S::Error::custom(fault.to_string()))?;
        list.end()
    }
}

/// Why no rule matches, by the name of each.
pub fn misfits(rules: &RuleSet, alert: &Alert) -> Value {
    let all = rules.misfits(alert).into_iter().map(|(name, misfit)| (name, json!(misfit.id())));
    Value::Object(all.collect())
}

fn table(lang: Lang, rows: impl Iterator<Item = (Alert, Previewed)>) -> Vec<String> {
    let heads = [
        (words::fired(lang), Fit::Text),
        (words::severity(lang), Fit::Text),
        (words::azure_rule(lang), Fit::Text),
        (words::item(lang), Fit::Text),
        (words::rule(lang), Fit::Text),
        (words::outcome(lang), Fit::Prose),
    ];
    let mut table = Table::new(&heads, Piped::Tabs);
    for (alert, one) in rows {
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
    table.take(Medium::stdout())
}

/// A ticket with all that is to stand in it.
fn ticket_lines(ticket: &MadeTicket) -> Vec<String> {
    let MadeTicket { id, draft, .. } = ticket;
    let value = serde_json::to_value::<&TicketDraft>(draft).unwrap_or_default();
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

fn count_lines(lang: Lang, told: &Told<'_>) -> Vec<String> {
    let mut lines = vec![String::new()];
    for rule in &told.rules.rules {
        let Some(one) = told.folded.rules.get(&rule.name) else { continue };
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
    let verdicts = &told.folded.verdicts;
    let all: u64 = verdicts.values().sum();
    let without: u64 = verdicts.iter().filter(|(verdict, _)| !verdict.has_ticket()).map(|(_, n)| n).sum();
    lines.push(words::all_counts(
        lang,
        &counted::alerts(lang, all),
        &counted::tickets(lang, told.folded.opened),
        &counted::alerts_without_ticket(lang, without),
    ));
    lines.push(words::nothing_written(lang).to_owned());
    lines
}
