//! Storms: what comes beyond a rule's budget shares one umbrella ticket, which counts and lists.

use jiff::Timestamp;

use super::planner::{Planner, note, resolve};
use super::slot::{LISTED, Slot};
use super::{Decision, Planned, Verdict};
use crate::model::alert::Alert;
use crate::model::alert_rules::{AlertRule, OnResolved, draft, note_of};
use crate::model::ticket::{Operation, Subject, TicketDraft, TicketKey};

impl Planner<'_> {
    /// Puts an alert into the umbrella ticket of its rule, which is made when the pass is over.
    pub(super) fn under_umbrella(
        &mut self,
        rule: &AlertRule,
        alert: &Alert,
        key: &TicketKey,
        now: Timestamp,
        decision: &mut Decision,
    ) -> Verdict {
        let place = format!("storm|{}", rule.name);
        let id = self.open_at(&place, key).unwrap_or_else(|| self.new_umbrella(rule, alert, (key, &place), now));
        if let Some(slot) = self.slots.get_mut(&id) {
            slot.fires(now);
            slot.untold += 1;
            if slot.lines.len() < LISTED {
                slot.lines.push(note_of(alert));
            }
            if let Some(draft) = slot.draft.as_mut() {
                gravest(draft, rule, alert);
            }
        }
        self.waiting.insert(id.clone());
        self.keep(id, decision);
        Verdict::Umbrella
    }

    fn open_at(&self, place: &str, key: &TicketKey) -> Option<String> {
        let id = self.places.get(place)?;
        let slot = self.slots.get(id).filter(|slot| slot.state.is_open() && slot.key.is_beside(key));
        slot.map(|_| id.clone())
    }

    fn new_umbrella(
        &mut self,
        rule: &AlertRule,
        alert: &Alert,
        (key, place): (&TicketKey, &str),
        now: Timestamp,
    ) -> String {
        let subject = Subject::Group(format!("{place}|{now}"));
        let key = TicketKey { subject, item: None, generation: 0, ..key.clone() };
        let mut slot = Slot::new(key, rule, place, now);
        slot.umbrella = true;
        slot.draft = Some(Box::new(TicketDraft { item: None, ..draft(rule, alert, None) }));
        let id = slot.id();
        self.remember(slot);
        id
    }

    /// Opens, notes and resolves umbrella tickets.
    pub(super) fn settle_umbrellas(&mut self, now: Timestamp, operations: &mut Vec<Planned>) {
        let rules = self.rules;
        for id in std::mem::take(&mut self.waiting) {
            let Some(slot) = self.slots.get_mut(&id) else { continue };
            self.changed.insert(id.clone());
            let rule = rules.named(&slot.rule);
            if let Some(base) = slot.draft.take() {
                let draft = Box::new(opened(slot, *base, rule));
                operations.push((slot.key.clone(), Operation::Open { draft }));
                (slot.untold, slot.lines) = (0, Vec::new());
            }
            if slot.fired == 0 && slot.state.is_open() && !std::mem::replace(&mut slot.told_over, true) {
                let text = format!("All {} alerts of this storm are resolved.", slot.total);
                match rule.map_or(slot.on_resolved, |rule| rule.on_resolved) {
                    OnResolved::Resolve => operations.push(resolve(slot, rule, text, now)),
                    OnResolved::Note => operations.push((slot.key.clone(), note(text, false))),
                    OnResolved::Nothing => {}
                }
            } else if slot.untold > 0 {
                let per_hour = rule.map_or(1, |rule| rule.notes_per_hour);
                if slot.may_note(per_hour, now) {
                    let text = more(slot);
                    operations.push((slot.key.clone(), note(text, true)));
                    (slot.untold, slot.lines) = (0, Vec::new());
                } else {
                    self.waiting.insert(id);
                }
            }
        }
    }
}

/// The umbrella's text, once the pass is over: how many, and the first of them.
fn opened(slot: &Slot, base: TicketDraft, rule: Option<&AlertRule>) -> TicketDraft {
    let (budget, minutes) = rule.map_or((0, 0), |rule| (rule.budget, rule.budget_minutes));
    let head = format!(
        "{} alerts of rule '{}' came beyond its budget of {budget} tickets in {minutes} minutes. They share this ticket.",
        slot.total, slot.rule
    );
    TicketDraft {
        title: format!("{} alerts beyond the budget of rule '{}'", slot.total, slot.rule),
        description: listed(&head, slot),
        ..base
    }
}

fn more(slot: &Slot) -> String {
    listed(&format!("{} more alerts, {} in all.", slot.untold, slot.total), slot)
}

/// A head, the lines that there are, and how many are not among them; never longer than a ticket's text.
fn listed(head: &str, slot: &Slot) -> String {
    let mut text = head.to_owned();
    let mut told = 0;
    for line in &slot.lines {
        if text.len() + line.len() > 3_500 {
            break;
        }
        text.push('\n');
        text.push_str(line);
        told += 1;
    }
    let left = slot.untold.saturating_sub(told);
    if left > 0 {
        text.push_str(&format!("\n+{left} (itsmc alert list)"));
    }
    text
}

/// An umbrella is as grave as the gravest alert in it.
fn gravest(draft: &mut TicketDraft, rule: &AlertRule, alert: &Alert) {
    let Some((impact, urgency)) = alert.severity.and_then(|severity| rule.severities.of(severity)) else { return };
    draft.impact = Some(draft.impact.map_or(impact, |own| own.min(impact)));
    draft.urgency = Some(draft.urgency.map_or(urgency, |own| own.min(urgency)));
    let number = alert.severity.map(|severity| severity.number());
    draft.severity = match (draft.severity, number) {
        (Some(own), Some(other)) => Some(own.min(other)),
        (own, other) => own.or(other),
    };
}
