//! What rules would have done with alerts of the past, one alert after the other: of an alert that was told only its outcome is
//! kept, so that memory holds neither the alerts nor the texts of their tickets.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap};

use jiff::{SignedDuration, Timestamp};

use super::preview::{Previewed, RuleCount};
use super::{Decision, Planned, Planner, Standing, Verdict};
use crate::model::alert::{Alert, AlertKey, Condition, Shape};
use crate::model::alert_rules::RuleSet;
use crate::model::connection::Connection;
use crate::model::ticket::{Operation, TicketDraft, TicketKey};

/// The time between two passes over the alerts.
const PASS: SignedDuration = SignedDuration::from_secs(60);

/// So many tickets more than after the last time are looked through for those that no alert can come to any more.
const FORGET_EVERY: usize = 500;

/// Takes a ticket that is opened, with what is to stand in it.
pub type TakeTicket<'s> = &'s mut dyn FnMut(&TicketKey, TicketDraft);

/// What became of every alert.
#[derive(Debug, Clone, Default)]
pub struct Folded {
    told: Vec<Told>,
    /// The names of the rules that decided, by their places in `told`.
    names: Vec<String>,
    /// The ids of the tickets, as numbers, with how many alerts are in each.
    tickets: Vec<(u128, u64)>,
    /// What each rule did.
    pub rules: BTreeMap<String, RuleCount>,
    /// How many alerts came to each verdict.
    pub verdicts: BTreeMap<Verdict, u64>,
    /// How many tickets are opened.
    pub opened: u64,
}

/// What is kept of one alert.
#[derive(Debug, Clone)]
struct Told {
    verdict: Verdict,
    over: Option<Verdict>,
    rule: Option<u32>,
    tickets: Box<[u32]>,
}

impl Folded {
    /// What becomes of the nth alert that was told.
    pub fn one(&self, nth: usize) -> Option<Previewed> {
        let told = self.told.get(nth)?;
        let rule = told.rule.and_then(|at| self.names.get(at as usize)).cloned();
        let id = |at: &u32| self.tickets.get(*at as usize).map(|(id, _)| format!("{id:032x}"));
        let tickets = told.tickets.iter().filter_map(id).collect();
        Some(Previewed { verdict: told.verdict, over: told.over, rule, tickets })
    }

    /// How many alerts were told.
    pub fn alerts(&self) -> usize {
        self.told.len()
    }

    /// How many alerts are in each ticket, by its id.
    pub fn sharing(&self) -> impl Iterator<Item = (String, u64)> {
        self.tickets.iter().map(|(id, alerts)| (format!("{id:032x}"), *alerts))
    }

    fn count(&mut self, rule: Option<&String>, verdict: Verdict) {
        *self.verdicts.entry(verdict).or_default() += 1;
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
}

/// An end that is still to come.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct End {
    at: Timestamp,
    nth: usize,
    event: Box<str>,
}

/// Decides about alerts as if each had been seen when it fired and when it was over. Nothing else comes of it.
pub struct Fold<'a> {
    planner: Planner<'a>,
    folded: Folded,
    names: HashMap<String, u32>,
    ids: HashMap<u128, u32>,
    ends: BinaryHeap<Reverse<End>>,
    /// When the pass began that goes on, and when something last happened.
    pass: Option<(Timestamp, Timestamp)>,
    /// How many slots were left when they were last looked through.
    left: usize,
}

impl<'a> Fold<'a> {
    /// One that has seen no alert.
    pub fn new(rules: &'a RuleSet, connections: &'a [Connection]) -> Self {
        Self {
            planner: Planner::new(rules, connections, Vec::new()),
            folded: Folded::default(),
            names: HashMap::new(),
            ids: HashMap::new(),
            ends: BinaryHeap::new(),
            pass: None,
            left: 0,
        }
    }

    /// The time that decides on the place of an alert among the others.
    pub fn time_of(alert: &Alert) -> Timestamp {
        alert.fired_at.or(alert.at()).unwrap_or_default()
    }

    /// Decides about the next alert, in the order of [`time_of`](Self::time_of).
    pub fn take(&mut self, alert: &Alert, ignored: bool, tickets: TakeTicket<'_>) {
        let (fired, nth) = (Self::time_of(alert), self.folded.told.len());
        self.until(Some((fired, nth)), tickets);
        self.begin_at(fired, tickets);
        let has_begun = alert.fired_at.is_some();
        let condition = if has_begun { alert.condition.min(Condition::Fired) } else { alert.condition };
        let standing = Standing { ignored, ..Standing::default() };
        let decision = if condition == alert.condition {
            self.planner.decide(alert, &standing, fired)
        } else {
            self.planner.decide(&Alert { condition, ..alert.clone() }, &standing, fired)
        };
        let Decision { verdict, rule, slots, operations } = decision;
        self.folded.count(rule.as_ref(), verdict);
        let tickets_of: Box<[u32]> = slots.iter().map(|id| self.number(id, true)).collect();
        let rule = rule.map(|name| self.name(name));
        self.folded.told.push(Told { verdict, over: None, rule, tickets: tickets_of });
        self.carry_out(operations, tickets);
        if alert.condition == Condition::Resolved && has_begun {
            let at = alert.resolved_at.or(alert.modified_at).unwrap_or(fired).max(fired);
            // One that an admin ignores or that has no known form comes to the same end.
            let event = alert.event.as_str().into();
            if ignored || alert.shape == Shape::Unknown {
                self.folded.told[nth].over = Some(verdict);
            } else {
                self.ends.push(Reverse(End { at, nth, event }));
            }
        }
    }

    /// How many keys were tried in vain.
    #[cfg(test)]
    pub(super) fn tries(&self) -> usize {
        self.planner.tries
    }

    /// How many tickets were looked through for those that can be forgotten.
    #[cfg(test)]
    pub(super) fn looked(&self) -> usize {
        self.planner.looked
    }

    /// What became of the alert that was told last, when it fired.
    pub fn newest(&self) -> Option<Previewed> {
        self.folded.one(self.folded.told.len().checked_sub(1)?)
    }

    /// What became of all of them.
    pub fn end(mut self, tickets: TakeTicket<'_>) -> Folded {
        self.until(None, tickets);
        if let Some((_, last)) = self.pass {
            let settled = self.planner.settle(last);
            self.carry_out(settled, tickets);
        }
        self.folded
    }

    /// Lets the ends come that are before this one; without one all that are left.
    fn until(&mut self, next: Option<(Timestamp, usize)>, tickets: TakeTicket<'_>) {
        let is_before = |end: &End| next.is_none_or(|next| (end.at, end.nth) < next);
        while self.ends.peek().is_some_and(|Reverse(end)| is_before(end)) {
            let Some(Reverse(End { at, nth, event })) = self.ends.pop() else { return };
            self.begin_at(at, tickets);
            let slots = self.slots_of(nth);
            let over = Alert {
                condition: Condition::Resolved,
                shape: Shape::Listed,
                event: event.into(),
                fired_at: Some(at),
                resolved_at: Some(at),
                ..Alert::new(AlertKey::stored(""))
            };
            let standing = Standing { handled: Condition::Fired, slots, ..Standing::default() };
            let decision = self.planner.decide(&over, &standing, at);
            if let Some(told) = self.folded.told.get_mut(nth) {
                told.over = Some(decision.verdict);
            }
            self.carry_out(decision.operations, tickets);
        }
    }

    fn slots_of(&self, nth: usize) -> Vec<String> {
        self.folded.one(nth).map(|one| one.tickets).unwrap_or_default()
    }

    /// Notes that it is this time now; what is due between two passes is done.
    fn begin_at(&mut self, at: Timestamp, tickets: TakeTicket<'_>) {
        let (pass, last) = self.pass.unwrap_or((at, at));
        self.pass = Some((pass, at));
        if at.duration_since(pass) < PASS {
            return;
        }
        let settled = self.planner.settle(last);
        self.carry_out(settled, tickets);
        self.planner.changed.clear();
        if self.planner.slots.len() > self.left + FORGET_EVERY {
            self.planner.forget_past(at);
            self.left = self.planner.slots.len();
        }
        self.pass = Some((at, at));
    }

    fn name(&mut self, name: String) -> u32 {
        let next = u32::try_from(self.folded.names.len()).unwrap_or(u32::MAX);
        *self.names.entry(name).or_insert_with_key(|name| {
            self.folded.names.push(name.clone());
            next
        })
    }

    /// The place of a ticket; counts an alert for it.
    fn number(&mut self, id: &str, counts: bool) -> u32 {
        let id = u128::from_str_radix(id, 16).unwrap_or_default();
        let next = u32::try_from(self.folded.tickets.len()).unwrap_or(u32::MAX);
        let at = *self.ids.entry(id).or_insert_with(|| {
            self.folded.tickets.push((id, 0));
            next
        });
        if let Some((_, alerts)) = self.folded.tickets.get_mut(at as usize) {
            *alerts += u64::from(counts);
        }
        at
    }

    fn carry_out(&mut self, operations: Vec<Planned>, tickets: TakeTicket<'_>) {
        for (key, operation) in operations {
            let Some(slot) = self.planner.slot(&key.id()) else { continue };
            let count = self.folded.rules.entry(slot.rule.clone()).or_default();
            match operation {
                Operation::Open { draft } => {
                    count.tickets += 1;
                    count.umbrellas += u64::from(slot.umbrella);
                    self.folded.opened += 1;
                    tickets(&key, *draft);
                }
                Operation::Resolve { .. } => count.resolved += 1,
                _ => {}
            }
        }
    }
}
