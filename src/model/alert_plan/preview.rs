//! What rules would have done with alerts of the past: the same planner, with the alerts' own times for a clock.

use std::collections::{BTreeMap, VecDeque};

use serde::Serialize;

use super::Verdict;
use super::fold::Fold;
use crate::model::alert::Alert;
use crate::model::alert_rules::{AlertRule, RuleSet};
use crate::model::connection::Connection;
use crate::model::ticket::{TicketDraft, TicketKey};

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

/// All of it, for alerts that are all at hand.
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
    let order = in_order(alerts);
    let mut tickets = Vec::new();
    let mut take = |key: &TicketKey, draft| tickets.push((key.clone(), draft));
    let mut fold = Fold::new(rules, connections);
    for at in &order {
        fold.take(&alerts[*at], ignored.get(*at).copied().unwrap_or_default(), &mut take);
    }
    let folded = fold.end(&mut take);
    let mut told = vec![None; alerts.len()];
    for (nth, at) in order.into_iter().enumerate() {
        told[at] = folded.one(nth);
    }
    let alerts = told.into_iter().flatten().collect();
    Preview { alerts, tickets, rules: folded.rules, verdicts: folded.verdicts }
}

/// The places of alerts in the order in which a [`Fold`] takes them.
pub fn in_order(alerts: &[Alert]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..alerts.len()).collect();
    order.sort_by_key(|at| (Fold::time_of(&alerts[*at]), *at));
    order
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
    /// The tickets of its newest alerts, by their titles.
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

/// Previews one rule as if it were switched on, one alert after the other.
pub struct RuleFold<'a> {
    fold: Fold<'a>,
    rules: &'a RuleSet,
    rule: &'a AlertRule,
    told: RulePreview,
    titles: VecDeque<String>,
}

impl<'a> RuleFold<'a> {
    /// One for the rule at this place, which counts as it stands in `rules`; `None` where there is none.
    pub fn new(rules: &'a RuleSet, at: usize, connections: &'a [Connection]) -> Option<Self> {
        let rule = rules.rules.get(at)?;
        let (told, titles) = (RulePreview::default(), VecDeque::new());
        Some(Self { fold: Fold::new(rules, connections), rules, rule, told, titles })
    }

    /// Decides about the next alert, as [`Fold::take`].
    pub fn take(&mut self, alert: &Alert, ignored: bool) {
        self.told.alerts += 1;
        if self.rule.misfit(alert).is_none() {
            self.told.fits += 1;
            let first = self.rules.matching(alert);
            self.told.earlier += u64::from(first.is_some_and(|first| first.name != self.rule.name));
        }
        self.fold.take(alert, ignored, &mut |_, _| {});
        let is_own = |rule: &Option<String>| rule.as_deref() == Some(self.rule.name.as_str());
        if self.fold.newest().is_some_and(|one| one.verdict.has_ticket() && is_own(&one.rule)) {
            self.titles.truncate(TITLES - 1);
            self.titles.push_front(crate::model::alert_rules::draft(self.rule, alert, None).title);
        }
    }

    /// What became of all of them.
    pub fn end(self) -> RulePreview {
        let mut folded = self.fold.end(&mut |_, _| {});
        let count = folded.rules.remove(&self.rule.name).unwrap_or_default();
        RulePreview { count, titles: self.titles.into(), ..self.told }
    }
}

/// Previews the rule at this place as if it were switched on. Nothing else comes of it.
pub fn preview_rule(
    rules: &RuleSet,
    at: usize,
    connections: &[Connection],
    alerts: &[Alert],
    ignored: &[bool],
) -> RulePreview {
    let rules = switched_on(rules, at);
    let Some(mut fold) = RuleFold::new(&rules, at, connections) else { return RulePreview::default() };
    for at in in_order(alerts) {
        fold.take(&alerts[at], ignored.get(at).copied().unwrap_or_default());
    }
    fold.end()
}

/// The rules with the one at this place switched on.
pub fn switched_on(rules: &RuleSet, at: usize) -> RuleSet {
    let mut rules = rules.clone();
    if let Some(rule) = rules.rules.get_mut(at) {
        rule.enabled = true;
    }
    rules
}
