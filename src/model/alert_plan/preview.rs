//! What rules would have done with alerts of the past: the same planner, with the alerts' own times for a clock.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::{Planned, Planner, Standing, Verdict};
use crate::model::alert::{Alert, Condition};
use crate::model::alert_rules::RuleSet;
use crate::model::connection::Connection;
use crate::model::ticket::{Operation, TicketDraft, TicketKey};

/// The time between two passes over the alerts.
const PASS: SignedDuration = SignedDuration::from_secs(60);

/// What would have become of one alert.
#[derive(Debug, Clone, PartialEq)]
pub struct Previewed {
    /// What is done when it fires, or when it is first seen.
    pub verdict: Verdict,
    /// What is done when it is over.
    pub over: Option<Verdict>,
    /// The rule that decides.
    pub rule: Option<String>,
    /// The ids of its tickets.
    pub tickets: Vec<String>,
}

/// What one rule would have done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RuleCount {
    /// Alerts that it decided about.
    pub alerts: u64,
    /// Tickets that it opened, umbrella tickets among them.
    pub tickets: u64,
    /// Alerts that came to a ticket that was there.
    pub merged: u64,
    /// Alerts beyond its budget.
    pub beyond_budget: u64,
    /// Umbrella tickets.
    pub umbrellas: u64,
    /// Tickets that it resolved.
    pub resolved: u64,
    /// Alerts that get no ticket by it.
    pub without: u64,
}

/// All of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Preview {
    /// What becomes of each alert, in the order in which they were given.
    pub alerts: Vec<Previewed>,
    /// The tickets in the order in which they are opened.
    pub tickets: Vec<(TicketKey, TicketDraft)>,
    /// What each rule did.
    pub rules: BTreeMap<String, RuleCount>,
    /// How many alerts came to each verdict.
    pub verdicts: BTreeMap<Verdict, u64>,
}

/// Decides about alerts as if each had been seen when it fired and when it was over. Nothing else comes of it.
pub fn preview(rules: &RuleSet, connections: &[Connection], alerts: &[Alert], ignored: &[bool]) -> Preview {
    preview_while(rules, connections, (alerts, ignored), &mut |_, _| true).unwrap_or_default()
}

/// The same as long as it is wanted: `go_on` is told how many of how many firings and ends are decided about, and `None` comes
/// of a no.
pub fn preview_while(
    rules: &RuleSet,
    connections: &[Connection],
    (alerts, ignored): (&[Alert], &[bool]),
    go_on: &mut dyn FnMut(usize, usize) -> bool,
) -> Option<Preview> {
    let events = events(alerts);
    let mut preview = Preview::default();
    let empty = || Previewed { verdict: Verdict::Unchanged, over: None, rule: None, tickets: Vec::new() };
    preview.alerts = alerts.iter().map(|_| empty()).collect();
    let mut planner = Planner::new(rules, connections, Vec::new());
    let mut pass = events.first().map(|(at, ..)| *at).unwrap_or_default();
    let mut last = pass;
    for (nth, (at, index, condition)) in events.iter().copied().enumerate() {
        if !go_on(nth, events.len()) {
            return None;
        }
        if at.duration_since(pass) >= PASS {
            let settled = planner.settle(last);
            preview.carry_out(&planner, settled);
            pass = at;
        }
        last = at;
        let is_ignored = ignored.get(index).copied().unwrap_or_default();
        preview.step(&mut planner, (&alerts[index], index, is_ignored), condition, at);
    }
    let settled = planner.settle(last);
    preview.carry_out(&planner, settled);
    for one in &preview.alerts {
        *preview.verdicts.entry(one.verdict).or_default() += 1;
    }
    Some(preview)
}

/// Every firing and every end in the order of time, each with the place of its alert.
fn events(alerts: &[Alert]) -> Vec<(Timestamp, usize, Condition)> {
    let mut events: Vec<(Timestamp, usize, Condition)> = Vec::new();
    for (at, alert) in alerts.iter().enumerate() {
        let fired = alert.fired_at.or(alert.at()).unwrap_or_default();
        events.push((
            fired,
            at,
            if alert.fired_at.is_some() { alert.condition.min(Condition::Fired) } else { alert.condition },
        ));
        if alert.condition == Condition::Resolved && alert.fired_at.is_some() {
            events.push((alert.resolved_at.or(alert.modified_at).unwrap_or(fired).max(fired), at, Condition::Resolved));
        }
    }
    events.sort();
    events
}

/// What one rule would have done, among the others and in its place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RulePreview {
    /// How many alerts there are.
    pub alerts: u64,
    /// How many of them fit the rule.
    pub fits: u64,
    /// How many of those an earlier rule takes.
    pub earlier: u64,
    /// What the rule does with the rest.
    pub count: RuleCount,
    /// The first tickets that it opens, by their titles.
    pub titles: Vec<String>,
}

/// What a rule does that is to be switched on or off, and the file for which that was found out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SwitchSeen {
    /// The text of the file.
    pub shown: Option<String>,
    /// Whether the rule is on there.
    pub enabled: bool,
    /// What the rule does while it is on.
    pub preview: RulePreview,
}

/// How many titles a preview of one rule has.
const TITLES: usize = 5;

/// Previews the rule at this place as if it were switched on. Nothing else comes of it.
pub fn preview_rule(
    rules: &RuleSet,
    at: usize,
    connections: &[Connection],
    alerts: &[Alert],
    ignored: &[bool],
) -> RulePreview {
    let mut rules = rules.clone();
    let Some(rule) = rules.rules.get_mut(at) else { return RulePreview::default() };
    rule.enabled = true;
    let rule = rule.clone();
    let fitting = alerts.iter().filter(|alert| rule.misfit(alert).is_none());
    let (mut fits, mut earlier) = (0, 0);
    for alert in fitting {
        fits += 1;
        earlier += u64::from(rules.matching(alert).is_some_and(|first| first.name != rule.name));
    }
    let told = preview(&rules, connections, alerts, ignored);
    let mut titles: Vec<String> = Vec::new();
    let own = alerts.iter().zip(&told.alerts).filter(|(_, one)| one.rule.as_deref() == Some(rule.name.as_str()));
    for (alert, _) in own.filter(|(_, one)| one.verdict.has_ticket()).take(TITLES) {
        titles.push(crate::model::alert_rules::draft(&rule, alert, None).title);
    }
    let count = told.rules.get(&rule.name).cloned().unwrap_or_default();
    RulePreview { alerts: alerts.len() as u64, fits, earlier, count, titles }
}

impl Preview {
    fn step(
        &mut self,
        planner: &mut Planner<'_>,
        (alert, index, ignored): (&Alert, usize, bool),
        condition: Condition,
        at: Timestamp,
    ) {
        let before = &self.alerts[index];
        let is_first = before.verdict == Verdict::Unchanged;
        let handled = if is_first { Condition::Unknown } else { Condition::Fired };
        let standing = Standing { handled, slots: before.tickets.clone(), ignored, before_start: false };
        let decision = if condition == alert.condition {
            planner.decide(alert, &standing, at)
        } else {
            planner.decide(&Alert { condition, ..alert.clone() }, &standing, at)
        };
        if is_first {
            self.count(&decision.rule, decision.verdict);
            self.alerts[index] =
                Previewed { verdict: decision.verdict, over: None, rule: decision.rule, tickets: decision.slots };
        } else {
            self.alerts[index].over = Some(decision.verdict);
        }
        self.carry_out(planner, decision.operations);
    }

    fn count(&mut self, rule: &Option<String>, verdict: Verdict) {
        let Some(rule) = rule else { return };
        let count = self.rules.entry(rule.clone()).or_default();
        count.alerts += 1;
        match verdict {
            Verdict::Noted | Verdict::Counted | Verdict::Reopened => count.merged += 1,
            Verdict::Umbrella => count.beyond_budget += 1,
            verdict if !verdict.has_ticket() => count.without += 1,
            _ => {}
        }
    }

    fn carry_out(&mut self, planner: &Planner<'_>, operations: Vec<Planned>) {
        for (key, operation) in operations {
            let Some(slot) = planner.slot(&key.id()) else { continue };
            let count = self.rules.entry(slot.rule.clone()).or_default();
            match operation {
                Operation::Open { draft } => {
                    count.tickets += 1;
                    count.umbrellas += u64::from(slot.umbrella);
                    self.tickets.push((key, *draft));
                }
                Operation::Resolve { .. } => count.resolved += 1,
                _ => {}
            }
        }
    }
}
