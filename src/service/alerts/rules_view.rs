//! The rules as a screen shows them, and what they would have done.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;

use super::preview::{Made, MadeTicket, Wanted, preview};
use super::rules;
use crate::model::alert_plan::{Previewed, Slot, Verdict};
use crate::model::alert_rules::{AlertRule, RuleSet};
use crate::model::alert_source::KEPT_DAYS;
use crate::model::alert_view::{
    AlertPlace, AlertRow, PreviewProgress, PreviewRow, PreviewTicket, PreviewView, RuleDone, RulesView,
};
use crate::model::fault::Fault;
use crate::service::blocking::blocking;
use crate::service::services::Services;
use crate::store::{StoredAlert, Way};

/// How many alerts are read together.
const TOGETHER: usize = 1_000;

/// So many alerts of a preview are shown, the newest.
const SHOWN: usize = 2_000;

/// The rules in use with what each did in the last 30 days, and what is wrong in their file.
///
/// # Errors
/// The store's own; the config file's own.
pub async fn rules_view(services: &Services, now: Timestamp) -> Result<RulesView, Fault> {
    let path = services.home.alert_rules();
    let mut view = RulesView { path: path.display().to_string(), exists: path.exists(), ..RulesView::default() };
    let loaded = rules::load(services).await;
    let (loaded, fault) = match loaded {
        Ok(loaded) => {
            let fault = loaded.fault.clone();
            (loaded, fault)
        }
        Err(fault) => (rules::Loaded::default(), Some(fault)),
    };
    view.exists |= !loaded.rules.rules.is_empty();
    view.problems = loaded.told;
    match fault {
        Some(Fault::RulesWrong { problems, .. }) => view.problems = problems,
        fault => view.fault = fault,
    }
    let done = done(services, &loaded.rules, now).await?;
    view.rules = loaded.rules.rules.into_iter().zip(done).collect();
    Ok(view)
}

/// What each rule did in the last 30 days, in the order of the rules.
///
/// # Errors
/// The store's own.
pub async fn done(services: &Services, rules: &RuleSet, now: Timestamp) -> Result<Vec<RuleDone>, Fault> {
    let store = services.store().await?;
    let from = now.saturating_sub(SignedDuration::from_hours(24 * KEPT_DAYS)).unwrap_or(Timestamp::MIN);
    let counts = store.rule_counts(from).await?;
    let slots: Vec<Slot> = store.alert_slots().await?.into_iter().map(|(slot, _)| slot).collect();
    let of = |rule: &AlertRule| {
        let (alerts, tickets) = counts.get(&rule.name).copied().unwrap_or_default();
        RuleDone { alerts, tickets, in_budget: in_budget(rule, &slots, now) }
    };
    Ok(rules.rules.iter().map(of).collect())
}

/// How many tickets count for a rule's budget now, as the planner counts them.
fn in_budget(rule: &AlertRule, slots: &[Slot], now: Timestamp) -> u64 {
    let window = SignedDuration::from_mins(i64::from(rule.budget_minutes));
    let counts = |slot: &&Slot| slot.rule == rule.name && !slot.umbrella && now.duration_since(slot.opened_at) < window;
    slots.iter().filter(counts).count() as u64
}

/// What the rules would have done with the stored alerts of so many days; one rule, if it is named, counts as switched on, and only
/// its alerts are shown. It tells how far it is, and nothing is written.
///
/// # Errors
/// As [`preview`].
pub async fn previewed(
    services: &Services,
    (days, rule): (u16, Option<String>),
    tell: impl Fn(PreviewProgress) + Send + 'static,
    cancel: CancellationToken,
) -> Result<PreviewView, Fault> {
    let now = Timestamp::now();
    let from = now.saturating_sub(SignedDuration::from_hours(24 * i64::from(days))).unwrap_or(Timestamp::MIN);
    let wanted = Wanted { from: Some(from), switched_on: rule.iter().cloned().collect(), ..Wanted::default() };
    let mut made = preview(services, &wanted, tell, cancel.clone()).await?;
    let rows = cancel.run_until_cancelled(newest(services, from, &made, rule.as_deref())).await;
    let alerts = rows.unwrap_or(Err(Fault::Interrupted))?;
    blocking(move || view(&mut made, alerts, rule.as_deref())).await
}

/// The newest alerts that are shown, each with what becomes of it.
async fn newest(
    services: &Services,
    from: Timestamp,
    made: &Made,
    rule: Option<&str>,
) -> Result<Vec<PreviewRow>, Fault> {
    let store = services.store().await?;
    let (mut rows, mut after): (Vec<PreviewRow>, Option<AlertPlace>) = (Vec::new(), None);
    loop {
        let portion = store.alerts_in_order(from, Way::Older, after.take(), TOGETHER).await?;
        let ended = portion.len() < TOGETHER;
        after = portion.last().map(StoredAlert::place);
        for stored in portion {
            let one = made.places.nth(&stored.alert.key).and_then(|nth| made.folded.one(nth));
            let one = one.filter(|one| rule.is_none() || one.rule.as_deref() == rule);
            rows.extend(one.map(|one| preview_row(&made.rules, &stored, one)));
            if rows.len() == SHOWN {
                return Ok(rows);
            }
        }
        if ended {
            return Ok(rows);
        }
    }
}

fn view(made: &mut Made, alerts: Vec<PreviewRow>, rule: Option<&str>) -> Result<PreviewView, Fault> {
    let wanted: BTreeSet<&String> = alerts.iter().flat_map(|row| &row.tickets).collect();
    let sharing: BTreeMap<String, u64> = made.folded.sharing().filter(|(id, _)| wanted.contains(id)).collect();
    let mut tickets = Vec::new();
    made.tickets.each(|ticket| {
        if let Some(alerts) = sharing.get(&ticket.id) {
            let MadeTicket { id, connection, draft } = ticket;
            tickets.push(PreviewTicket { id, connection, alerts: *alerts, draft });
        }
    })?;
    let folded = &made.folded;
    let without = folded.verdicts.iter().filter(|(verdict, _)| !verdict.has_ticket()).map(|(_, count)| count).sum();
    let of = |name: &String| (name.clone(), folded.rules.get(name).cloned().unwrap_or_default());
    let rules: Vec<_> = made.rules.rules.iter().map(|rule| of(&rule.name)).collect();
    let all = folded.alerts() as u64;
    let shown = rule.map_or(all, |name| folded.rules.get(name).map_or(0, |count| count.alerts));
    let older = shown.saturating_sub(alerts.len() as u64);
    Ok(PreviewView { alerts, older, all, tickets, opened: folded.opened, rules, without })
}

fn preview_row(rules: &RuleSet, stored: &StoredAlert, one: Previewed) -> PreviewRow {
    let misfits = match one.verdict {
        Verdict::NoRule => rules.misfits(&stored.alert).into_iter().map(|(_, misfit)| misfit).collect(),
        _ => Vec::new(),
    };
    let Previewed { verdict, over, rule, tickets } = one;
    let row = AlertRow { verdict: Some(verdict), over, rule, pending: false, ..stored.row() };
    PreviewRow { row, tickets, misfits }
}
