//! The rules as a screen shows them, and what they would have done.

use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;

use super::rules;
use crate::model::alert::Alert;
use crate::model::alert_plan::{Preview, Previewed, Slot, Verdict, preview_while};
use crate::model::alert_rules::{AlertRule, RuleSet};
use crate::model::alert_source::KEPT_DAYS;
use crate::model::alert_view::{AlertRow, PreviewProgress, PreviewRow, PreviewView, RuleDone, RulesView};
use crate::model::connection::Connection;
use crate::model::fault::Fault;
use crate::service::blocking::blocking;
use crate::service::services::Services;
use crate::store::StoredAlert;

/// How many alerts are read together.
const TOGETHER: usize = 1_000;

/// How many firings and ends are decided about between two looks at whether it is still wanted.
const STEP: usize = 500;

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

/// What the rules would have done with the stored alerts of so many days; this rule, if one is named, counts as switched on. It
/// tells how far it is, and nothing is written.
///
/// # Errors
/// [`Fault::RulesWrong`]; [`Fault::NotFound`] for a rule that is not there, or without a file; [`Fault::Interrupted`].
pub async fn previewed(
    services: &Services,
    (days, rule): (u16, Option<String>),
    tell: impl Fn(PreviewProgress) + Send + 'static,
    cancel: CancellationToken,
) -> Result<PreviewView, Fault> {
    let (_, mut rules, _) = rules::check(services, None).await?;
    if let Some(name) = rule {
        let found = rules.rules.iter_mut().find(|one| one.name == name);
        found.ok_or(Fault::NotFound { what: name })?.enabled = true;
    }
    let connections = services.config().await?.connections;
    let now = Timestamp::now();
    let from = now.saturating_sub(SignedDuration::from_hours(24 * i64::from(days))).unwrap_or(Timestamp::MIN);
    let read = cancel.run_until_cancelled(read(services, from, &tell)).await;
    let stored = read.unwrap_or(Err(Fault::Interrupted))?;
    blocking(move || decided(&rules, &connections, stored, &tell, &cancel)).await
}

async fn read(
    services: &Services,
    from: Timestamp,
    tell: &impl Fn(PreviewProgress),
) -> Result<Vec<StoredAlert>, Fault> {
    let store = services.store().await?;
    let of = store.alert_count(from).await?;
    let mut all: Vec<StoredAlert> = Vec::new();
    loop {
        let after = all.last().map(|one| one.row().place);
        let more = store.alerts_since(from, after, TOGETHER).await?;
        let ended = more.len() < TOGETHER;
        all.extend(more);
        tell(PreviewProgress::Reading(all.len() as u64, of.max(all.len() as u64)));
        if ended {
            return Ok(all);
        }
    }
}

fn decided(
    rules: &RuleSet,
    connections: &[Connection],
    stored: Vec<StoredAlert>,
    tell: &impl Fn(PreviewProgress),
    cancel: &CancellationToken,
) -> Result<PreviewView, Fault> {
    let ignored: Vec<bool> = stored.iter().map(|one| one.standing.ignored).collect();
    let rows: Vec<AlertRow> = stored.iter().map(StoredAlert::row).collect();
    let alerts: Vec<Alert> = stored.into_iter().map(|one| one.alert).collect();
    let mut go_on = |done: usize, of: usize| {
        if done.is_multiple_of(STEP) {
            tell(PreviewProgress::Deciding(done as u64, of as u64));
        }
        !done.is_multiple_of(STEP) || !cancel.is_cancelled()
    };
    let preview = preview_while(rules, connections, (&alerts, &ignored), &mut go_on).ok_or(Fault::Interrupted)?;
    Ok(view(rules, &alerts, rows, preview))
}

fn view(rules: &RuleSet, alerts: &[Alert], rows: Vec<AlertRow>, preview: Preview) -> PreviewView {
    let without = preview.verdicts.iter().filter(|(verdict, _)| !verdict.has_ticket()).map(|(_, count)| count).sum();
    let counts = rules.rules.iter().map(|rule| rule.name.clone());
    let counts = counts.map(|name| (name.clone(), preview.rules.get(&name).cloned().unwrap_or_default())).collect();
    let each = rows.into_iter().zip(preview.alerts).zip(alerts);
    let alerts = each.map(|((row, one), alert)| preview_row(rules, alert, row, one)).collect();
    PreviewView { alerts, tickets: preview.tickets, rules: counts, without }
}

fn preview_row(rules: &RuleSet, alert: &Alert, row: AlertRow, one: Previewed) -> PreviewRow {
    let misfits = match one.verdict {
        Verdict::NoRule => rules.misfits(alert).into_iter().map(|(_, misfit)| misfit).collect(),
        _ => Vec::new(),
    };
    let Previewed { verdict, over, rule, tickets } = one;
    let row = AlertRow { verdict: Some(verdict), over, rule, pending: false, ..row };
    PreviewRow { row, tickets, misfits }
}
