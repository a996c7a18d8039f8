//! The planner itself.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

use jiff::{SignedDuration, Timestamp};

use super::slot::Slot;
use super::{Decision, Planned, Standing, Verdict};
use crate::model::alert::{Alert, Condition, Shape};
use crate::model::alert_rules::{AlertRule, Grouping, IfOver, OnResolved, RuleSet, draft, note_of};
use crate::model::connection::Connection;
use crate::model::ticket::{Operation, Subject, TicketKey, TicketState};

/// Decides about alerts in the order of time.
pub struct Planner<'a> {
    pub(super) rules: &'a RuleSet,
    connections: &'a [Connection],
    pub(super) slots: HashMap<String, Slot>,
    pub(super) places: HashMap<String, String>,
    /// Slots of rules that are gone, by their places without the rule: a rule that was renamed finds its tickets.
    orphans: HashMap<String, String>,
    /// The slots of each outage.
    outages: HashMap<String, BTreeSet<String>>,
    /// Of each first key the one of its last ticket: a group may have had thousands.
    newest_keys: HashMap<String, TicketKey>,
    /// Tickets of groups that were opened at any time, also those whose slots are forgotten.
    taken: HashSet<String>,
    /// How many keys were tried that had a ticket already.
    pub(super) tries: usize,
    /// How many slots were looked through for those that are past.
    pub(super) looked: usize,
    /// When the tickets of each rule were opened that count for its budget.
    opened: HashMap<String, VecDeque<Timestamp>>,
    /// Slots that [`settle`](Self::settle) must look at.
    pub(super) waiting: BTreeSet<String>,
    /// Flapping series by the time at which they are resolved if they keep quiet.
    pub(super) quiet: BTreeMap<(Timestamp, String), ()>,
    /// Slots that were changed since they were last taken.
    pub(super) changed: BTreeSet<String>,
}

/// A ticket that an alert would have: by what it is found, its first key, and its item.
struct Place {
    name: String,
    /// The same whatever the rule is called.
    bare: String,
    /// The outage, where it is one.
    event: String,
    key: TicketKey,
    item: Option<String>,
}

impl<'a> Planner<'a> {
    /// One that knows these slots.
    pub fn new(rules: &'a RuleSet, connections: &'a [Connection], slots: Vec<Slot>) -> Self {
        let mut planner = Self {
            rules,
            connections,
            slots: HashMap::new(),
            places: HashMap::new(),
            orphans: HashMap::new(),
            outages: HashMap::new(),
            newest_keys: HashMap::new(),
            taken: HashSet::new(),
            tries: 0,
            looked: 0,
            opened: HashMap::new(),
            waiting: BTreeSet::new(),
            quiet: BTreeMap::new(),
            changed: BTreeSet::new(),
        };
        let mut slots = slots;
        slots.sort_by(|one, other| (one.opened_at, &one.key).cmp(&(other.opened_at, &other.key)));
        for slot in slots {
            if !slot.umbrella {
                planner.opened.entry(slot.rule.clone()).or_default().push_back(slot.opened_at);
            }
            planner.remember(slot);
        }
        planner.changed.clear();
        planner
    }

    /// Has no ticket get one of these ids: a group has the same key whenever it fires.
    pub fn avoid(&mut self, ids: HashSet<String>) {
        self.taken = ids;
    }

    /// The slots that were changed since this was last asked.
    pub fn take_changed(&mut self) -> Vec<Slot> {
        std::mem::take(&mut self.changed).iter().filter_map(|id| self.slots.get(id).cloned()).collect()
    }

    /// The slot of this id.
    pub fn slot(&self, id: &str) -> Option<&Slot> {
        self.slots.get(id)
    }

    pub(super) fn remember(&mut self, slot: Slot) {
        let id = slot.id();
        let is_told = slot.draft.is_none() && slot.untold == 0 && (slot.fired > 0 || slot.told_over);
        if slot.umbrella && !is_told && slot.state.is_open() {
            self.waiting.insert(id.clone());
        }
        if let Some(at) = slot.quiet_at {
            self.quiet.insert((at, id.clone()), ());
        }
        if self.rules.named(&slot.rule).is_none()
            && let Some(bare) = bare_of(&slot)
        {
            self.orphans.insert(bare, id.clone());
        }
        if !slot.outage().is_empty() {
            self.outages.entry(slot.outage().to_owned()).or_default().insert(id.clone());
        }
        self.places.insert(slot.place.clone(), id.clone());
        self.changed.insert(id.clone());
        self.slots.insert(id, slot);
    }

    /// What is done about an alert now.
    pub fn decide(&mut self, alert: &Alert, standing: &Standing, now: Timestamp) -> Decision {
        if let Some(verdict) = beside_rules(alert, standing) {
            return Decision { slots: standing.slots.clone(), ..Decision::nothing(verdict, None) };
        }
        if alert.condition == Condition::Resolved && standing.handled != Condition::Unknown {
            let slots = self.of_outage(alert, standing.slots.clone());
            return self.over(alert, &Standing { slots, ..standing.clone() }, now);
        }
        let Some(rule) = self.rules.matching(alert) else { return Decision::nothing(Verdict::NoRule, None) };
        let nothing = |verdict| Decision::nothing(verdict, Some(&rule.name));
        if alert.test && !rule.tests {
            return nothing(Verdict::Test);
        }
        if alert.suppressed && !rule.suppressed {
            return nothing(Verdict::Suppressed);
        }
        if alert.severity.is_some_and(|severity| rule.severities.of(severity).is_none()) {
            return nothing(Verdict::NoTicketForSeverity);
        }
        let Some(connection) = self.connections.iter().find(|one| one.name.as_str() == rule.connection) else {
            return nothing(Verdict::NoConnection);
        };
        let places = places(rule, alert, connection);
        if alert.condition == Condition::Resolved {
            return self.first_seen_over(rule, alert, &places, now);
        }
        self.fire(rule, alert, &places, now)
    }

    fn fire(&mut self, rule: &AlertRule, alert: &Alert, places: &[Place], now: Timestamp) -> Decision {
        let mut decision = Decision::nothing(Verdict::Counted, Some(&rule.name));
        let mut verdicts = BTreeSet::new();
        for place in places {
            verdicts.insert(self.fire_at(rule, alert, place, now, &mut decision));
        }
        // Of several tickets the most that was done counts: opened before noted.
        if let Some(verdict) = verdicts.first() {
            decision.verdict = *verdict;
        }
        decision
    }

    fn fire_at(
        &mut self,
        rule: &AlertRule,
        alert: &Alert,
        place: &Place,
        now: Timestamp,
        decision: &mut Decision,
    ) -> Verdict {
        let Some((id, slot)) = self.found(rule, place) else { return self.open(rule, alert, place, now, decision) };
        let joins = rule.grouping == Grouping::Rule || !alert.event.is_empty() || slot.fired == 0 || is_sure(alert);
        if slot.state.is_open() && joins {
            slot.fires(now);
            let told = slot.untold;
            let verdict = if slot.may_note(rule.notes_per_hour, now) {
                slot.untold = 0;
                let text = with_count(&note_of(alert), told);
                decision.operations.push((slot.key.clone(), note(text, true)));
                Verdict::Noted
            } else {
                slot.untold += 1;
                Verdict::Counted
            };
            self.keep(id, decision);
            return verdict;
        }
        if slot.may_reopen(rule.reopen_minutes, now) {
            slot.fires(now);
            (slot.state, slot.resolved_at) = (TicketState::InProgress, None);
            decision.operations.push((slot.key.clone(), Operation::Reopen { text: note_of(alert) }));
            self.keep(id, decision);
            return Verdict::Reopened;
        }
        self.open(rule, alert, place, now, decision)
    }

    /// The slot at a place, if its ticket is where the rule's tickets are made now.
    fn found(&mut self, rule: &AlertRule, place: &Place) -> Option<(String, &mut Slot)> {
        if !self.places.contains_key(&place.name)
            && let Some(id) = self.orphans.remove(&place.bare)
        {
            if let Some(slot) = self.slots.get_mut(&id) {
                (slot.rule, slot.place) = (rule.name.clone(), place.name.clone());
            }
            self.places.insert(place.name.clone(), id);
        }
        if !self.places.contains_key(&place.name)
            && let Some(id) = self.open_of_outage(&place.event).into_iter().next_back()
        {
            // Its first notice came without its context, so its ticket has the place of a series.
            if let Some(slot) = self.slots.get_mut(&id) {
                slot.place.clone_from(&place.name);
            }
            self.places.insert(place.name.clone(), id);
        }
        let id = self.places.get(&place.name)?.clone();
        let slot = self.slots.get_mut(&id)?;
        slot.key.is_beside(&place.key).then_some((id, slot))
    }

    /// The slots of the open tickets about an outage.
    fn open_of_outage(&self, event: &str) -> Vec<String> {
        let ids = self.outages.get(event).into_iter().flatten();
        ids.filter(|id| self.slots.get(*id).is_some_and(|slot| slot.state.is_open())).cloned().collect()
    }

    /// The slots that the end of an alert is about: where it is the last notice of an outage, all of its tickets as well, each with
    /// the last of its notices still to end.
    fn of_outage(&mut self, alert: &Alert, mut slots: Vec<String>) -> Vec<String> {
        for id in self.open_of_outage(&alert.event) {
            if !slots.contains(&id) {
                slots.push(id.clone());
            }
            if let Some(slot) = self.slots.get_mut(&id) {
                slot.fired = slot.fired.min(1);
            }
        }
        slots
    }

    pub(super) fn keep(&mut self, id: String, decision: &mut Decision) {
        self.changed.insert(id.clone());
        decision.slots.push(id);
    }

    fn open(
        &mut self,
        rule: &AlertRule,
        alert: &Alert,
        place: &Place,
        now: Timestamp,
        decision: &mut Decision,
    ) -> Verdict {
        if !self.spend(rule, now) {
            return self.under_umbrella(rule, alert, &place.key, now, decision);
        }
        let key = self.free_key(place.key.clone());
        let mut slot = Slot::new(key.clone(), rule, &place.name, now);
        // The series flaps, whichever ticket it has.
        let before = self.places.get(&place.name).and_then(|id| self.slots.get(id));
        slot.firings = before.map(|before| before.firings.clone()).unwrap_or_default();
        slot.event.clone_from(&alert.event);
        slot.unclear = alert.service == "ServiceHealth" && alert.event.is_empty();
        slot.fires(now);
        let draft = Box::new(draft(rule, alert, place.item.as_deref()));
        decision.operations.push((key, Operation::Open { draft }));
        decision.slots.push(slot.id());
        self.remember(slot);
        Verdict::Opened
    }

    /// The key, or the next one of which there is no ticket yet.
    fn free_key(&mut self, key: TicketKey) -> TicketKey {
        let first = key.id();
        let mut key = self.newest_keys.get(&first).cloned().unwrap_or(key);
        while self.slots.contains_key(&key.id()) || self.taken.contains(&key.id()) {
            key = key.next();
            self.tries += 1;
        }
        if key.id() != first {
            self.newest_keys.insert(first, key.clone());
        }
        key
    }

    /// Forgets what no alert can come to any more, as a pass over stored alerts does; for a preview, which makes one pass of weeks.
    pub(super) fn forget_past(&mut self, now: Timestamp) {
        let rules = self.rules;
        self.looked += self.slots.len();
        let is_past = |(id, slot): &(&String, &Slot)| {
            let rule = rules.named(&slot.rule);
            let minutes = rule.map_or(0, AlertRule::longest_minutes);
            let replaced = self.places.get(&slot.place) != Some(*id);
            slot.is_past(replaced, minutes, now) && !self.waiting.contains(*id)
        };
        let past: Vec<String> = self.slots.iter().filter(is_past).map(|(id, _)| id.clone()).collect();
        for id in past {
            let Some(slot) = self.slots.remove(&id) else { continue };
            if self.places.get(&slot.place) == Some(&id) {
                self.places.remove(&slot.place);
            }
            if let Some(others) = self.outages.get_mut(slot.outage()) {
                others.remove(&id);
            }
            if matches!(slot.key.subject, Subject::Group(_)) {
                self.taken.insert(id);
            }
        }
    }

    /// Takes one ticket from the rule's budget; whether there was one.
    fn spend(&mut self, rule: &AlertRule, now: Timestamp) -> bool {
        let window = SignedDuration::from_mins(i64::from(rule.budget_minutes));
        let opened = self.opened.entry(rule.name.clone()).or_default();
        while opened.front().is_some_and(|at| now.duration_since(*at) >= window) {
            opened.pop_front();
        }
        let may = opened.len() < usize::try_from(rule.budget).unwrap_or(usize::MAX);
        if may {
            opened.push_back(now);
        }
        may
    }

    /// An alert that nobody has seen fired.
    fn first_seen_over(&mut self, rule: &AlertRule, alert: &Alert, places: &[Place], now: Timestamp) -> Decision {
        let open: Vec<String> = places.iter().filter_map(|place| self.found(rule, place).map(|(id, _)| id)).collect();
        // The last notice of an outage is an alert of its own, which ends what the first one opened.
        let open = self.of_outage(alert, open);
        if !alert.event.is_empty() && !open.is_empty() {
            let standing = Standing { handled: Condition::Fired, slots: open, ..Standing::default() };
            return self.over(alert, &standing, now);
        }
        if rule.if_over == IfOver::Nothing || !alert.key.is_guid() || alert.fired_at.is_none() {
            return Decision::nothing(Verdict::AlreadyOver, Some(&rule.name));
        }
        let mut decision = self.fire(rule, alert, places, now);
        let standing = Standing { handled: Condition::Fired, slots: decision.slots.clone(), ..Standing::default() };
        let over = self.over(alert, &standing, now);
        decision.operations.extend(over.operations);
        if decision.verdict == Verdict::Opened && over.verdict == Verdict::Resolved {
            decision.verdict = Verdict::OpenedAndResolved;
        }
        decision
    }

    /// An alert is over that was dealt with before.
    fn over(&mut self, alert: &Alert, standing: &Standing, now: Timestamp) -> Decision {
        let mut decision = Decision::nothing(Verdict::NoTicket, None);
        decision.slots.clone_from(&standing.slots);
        let mut verdicts = BTreeSet::new();
        for id in &standing.slots {
            let Some(slot) = self.slots.get_mut(id) else {
                verdicts.insert(Verdict::TicketClosed);
                continue;
            };
            slot.fired = slot.fired.saturating_sub(1);
            decision.rule = Some(slot.rule.clone());
            self.changed.insert(id.clone());
            verdicts.insert(self.over_at(id, alert, now, &mut decision.operations));
        }
        if let Some(verdict) = verdicts.first() {
            decision.verdict = *verdict;
        }
        decision
    }

    fn over_at(&mut self, id: &str, alert: &Alert, now: Timestamp, operations: &mut Vec<Planned>) -> Verdict {
        let Some(slot) = self.slots.get_mut(id) else { return Verdict::TicketClosed };
        let rule = self.rules.named(&slot.rule);
        let on_resolved = rule.map_or(slot.on_resolved, |rule| rule.on_resolved);
        if !slot.state.is_open() {
            return Verdict::TicketClosed;
        }
        if slot.fired > 0 {
            return Verdict::OthersFire;
        }
        if slot.umbrella {
            self.waiting.insert(id.to_owned());
            return Verdict::OthersFire;
        }
        if let Some(rule) = rule.filter(|rule| rule.flapping > 0 && on_resolved == OnResolved::Resolve)
            && slot.firings_within(rule.flapping_minutes, now) >= usize::try_from(rule.flapping).unwrap_or(usize::MAX)
        {
            let until = now.saturating_add(SignedDuration::from_mins(i64::from(rule.flapping_minutes)));
            let until = until.unwrap_or(Timestamp::MAX);
            slot.quiet_at = Some(until);
            self.quiet.insert((until, id.to_owned()), ());
            return Verdict::Flapping;
        }
        let text = with_count(&note_of(alert), slot.untold);
        match on_resolved {
            OnResolved::Nothing => Verdict::LeftOpen,
            OnResolved::Note => {
                slot.untold = 0;
                operations.push((slot.key.clone(), note(text, false)));
                Verdict::NotedOver
            }
            OnResolved::Resolve => {
                operations.push(resolve(slot, rule, text, now));
                Verdict::Resolved
            }
        }
    }

    /// What is done to the tickets of an alert that is over, where an earlier database made some: this one does not know. Nothing
    /// where the rule wants none, or where the alert shares its ticket with others: of those nobody knows any more who they are.
    pub fn earlier(&self, alert: &Alert) -> Vec<Planned> {
        let Some(rule) = self.rules.matching(alert) else { return Vec::new() };
        let is_wanted = alert.key.is_guid()
            && (!alert.test || rule.tests)
            && alert.severity.is_none_or(|severity| rule.severities.of(severity).is_some());
        let connection = self.connections.iter().find(|one| one.name.as_str() == rule.connection);
        let Some(connection) = connection.filter(|_| is_wanted) else { return Vec::new() };
        let then = match rule.on_resolved {
            OnResolved::Nothing => return Vec::new(),
            OnResolved::Note => note(note_of(alert), false),
            OnResolved::Resolve => {
                let code = Some(rule.close_code.clone()).filter(|code| !code.is_empty());
                Operation::Resolve { text: note_of(alert), code }
            }
        };
        let own =
            places(rule, alert, connection).into_iter().filter(|place| matches!(place.key.subject, Subject::Alert(_)));
        own.map(|place| (place.key, Operation::Recover { kind: rule.kind, then: Box::new(then.clone()) })).collect()
    }

    /// What is due without an alert: flapping series that kept quiet, and umbrella tickets. To be asked after each pass.
    pub fn settle(&mut self, now: Timestamp) -> Vec<Planned> {
        let mut operations = Vec::new();
        while let Some(((at, id), ())) = self.quiet.first_key_value().map(|(key, ())| (key.clone(), ())) {
            if at > now {
                break;
            }
            self.quiet.remove(&(at, id.clone()));
            let Some(slot) = self.slots.get_mut(&id).filter(|slot| slot.quiet_at == Some(at)) else { continue };
            slot.quiet_at = None;
            if slot.fired == 0 && slot.state.is_open() {
                let text = with_count(&format!("{} firings, and quiet since", slot.total), slot.untold);
                operations.push(resolve(slot, self.rules.named(&slot.rule), text, now));
            }
            self.changed.insert(id);
        }
        self.settle_umbrellas(now, &mut operations);
        operations
    }
}

/// What no rule has a say in.
fn beside_rules(alert: &Alert, standing: &Standing) -> Option<Verdict> {
    if standing.handled != Condition::Unknown && standing.handled >= alert.condition {
        Some(Verdict::Unchanged)
    } else if standing.ignored {
        Some(Verdict::Ignored)
    } else if alert.shape == Shape::Unknown {
        Some(Verdict::UnknownShape)
    } else if standing.before_start && standing.handled == Condition::Unknown {
        Some(Verdict::BeforeStart)
    } else {
        None
    }
}

pub(super) fn resolve(slot: &mut Slot, rule: Option<&AlertRule>, text: String, now: Timestamp) -> Planned {
    (slot.state, slot.resolved_at, slot.untold) = (TicketState::Resolved, Some(now), 0);
    let code = rule.map_or(&slot.close_code, |rule| &rule.close_code);
    let code = Some(code.clone()).filter(|code| !code.is_empty());
    (slot.key.clone(), Operation::Resolve { text, code })
}

/// A note, of an alert that fires or of anything else.
pub(super) fn note(text: String, fires: bool) -> Operation {
    Operation::Note { number: 0, text, fires }
}

fn with_count(text: &str, untold: u32) -> String {
    if untold == 0 { text.to_owned() } else { format!("{text} (+{untold})") }
}

/// Whether the series of an alert is known for sure: without its context, the API does not tell the dimensions of log
/// search alerts and of Prometheus, nor the tracking id of an outage.
fn is_sure(alert: &Alert) -> bool {
    let by_service = matches!(alert.service.as_str(), "Platform" | "Resource Health" | "SmartDetector")
        || alert.service.starts_with("Activity Log");
    by_service || !alert.details.is_empty() || !alert.dimensions.is_empty()
}

/// The tickets that an alert would have by a rule.
fn places(rule: &AlertRule, alert: &Alert, connection: &Connection) -> Vec<Place> {
    let name = |kind: &str, what: &str| format!("{kind}|{}|{what}", rule.name);
    let bare = |kind: &str, what: &str| format!("{kind}|{what}");
    let key = TicketKey::of_alert(connection, alert.key.as_str());
    if !alert.event.is_empty() {
        let key = TicketKey { subject: Subject::Group(alert.event.clone()), ..key };
        let (name, bare) = (name("event", &alert.event), bare("event", &alert.event));
        return vec![Place { name, bare, event: alert.event.clone(), key, item: None }];
    }
    let event = String::new();
    let azure_rule = if alert.rule_id.is_empty() { &alert.rule } else { &alert.rule_id }.to_lowercase();
    match rule.grouping {
        Grouping::Rule => {
            let group = name("rule", &azure_rule);
            let key = TicketKey::of_group(connection, &group);
            vec![Place { name: group, bare: bare("rule", &azure_rule), event, key, item: None }]
        }
        Grouping::Item if !alert.items.is_empty() => {
            let of = |item: &String| {
                let series = format!("{}|{}", alert.series, item.to_lowercase());
                let (name, bare) = (name("series", &series), bare("series", &series));
                let key = key.clone().for_item(item);
                Place { name, bare, event: String::new(), key, item: Some(item.clone()) }
            };
            alert.items.iter().map(of).collect()
        }
        _ => {
            let (name, bare) = (name("series", &alert.series), bare("series", &alert.series));
            vec![Place { name, bare, event, key, item: None }]
        }
    }
}

/// The place of a slot without the name of its rule.
fn bare_of(slot: &Slot) -> Option<String> {
    let (kind, rest) = slot.place.split_once('|')?;
    let what = rest.strip_prefix(slot.rule.as_str())?.strip_prefix('|')?;
    Some(format!("{kind}|{what}"))
}
