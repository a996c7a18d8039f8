//! Deciding about the alerts that are stored: by the rules, with what is remembered of their tickets. What is decided and
//! what is to be written is stored in one transaction; `service::ticketing` writes it.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use super::rules::{self, Loaded};
use super::{api, poll};
use crate::azure::alerts::AlertsApi;
use crate::home::lock::AlertsLock;
use crate::model::alert::{Alert, AlertKey, Condition, Shape};
use crate::model::alert_plan::{Planned, Planner, Slot, Verdict};
use crate::model::alert_rules::{AlertRule, Misfit, RuleSet};
use crate::model::alert_source::KEPT_DAYS;
use crate::model::connection::Connection;
use crate::model::fault::Fault;
use crate::model::ticket::{Operation, Subject, TicketKey};
use crate::service::blocking::blocking;
use crate::service::services::Services;
use crate::store::{Decided, NewAlert, NewOperation, Store, StoredAlert};

/// How many alerts are decided about together.
const TOGETHER: usize = 500;

/// How many alerts are asked for their context in one pass: only those that a rule matches are.
const CONTEXTS: usize = 100;

/// Of so many alerts from before their source it is asked in one pass whether they have a ticket: those that ended last. A new
/// source has thousands, and none of them has one.
const EARLIER: usize = 200;

/// So many alerts of a series are asked about together.
const SERIES: usize = 10;

/// How many outages are asked for their context again in one pass.
const OUTAGES: usize = 20;

/// What a pass decided.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pass {
    /// How many alerts came to each verdict.
    pub verdicts: std::collections::BTreeMap<Verdict, u64>,
    /// How many writes are to be made.
    pub operations: u64,
    /// Why the rules in the file were not used; the last ones that could be were.
    pub rules_fault: Option<Fault>,
}

/// Decides about every alert that waits for it. Without any rules that can be used the alerts wait, and the pass says why.
///
/// # Errors
/// [`Fault::Locked`] while another itsmc decides; the config file's own; the store's own.
pub async fn decide(services: &Services) -> Result<Pass, Fault> {
    let home = services.home.clone();
    let _lock = blocking(move || AlertsLock::take(&home)).await?;
    let connections = services.config().await?.connections;
    let loaded = match rules::load(services).await {
        Ok(loaded) => loaded,
        // Of the rules, since the config could be read: tickets that wait are written all the same.
        Err(fault) => return Ok(Pass { rules_fault: Some(fault), ..Pass::default() }),
    };
    let (store, now) = (services.store().await?, Timestamp::now());
    if loaded.fault.is_none() {
        // Rules that can be used name connections that there are: what waited for one is decided about.
        store.decide_again(Verdict::NoConnection).await?;
    }
    add_contexts(services, &loaded).await?;
    let mut slots = slots(&store, &loaded, now).await?;
    learn_outages(&store, &mut slots, now, |one| context_of(services, one)).await?;
    decide_from(&store, &loaded, &connections, slots, now).await
}

/// The same with rules that are read.
///
/// # Errors
/// The store's own.
#[cfg(test)]
pub(super) async fn decide_with(
    store: &Store,
    loaded: &Loaded,
    connections: &[Connection],
    now: Timestamp,
) -> Result<Pass, Fault> {
    let slots = slots(store, loaded, now).await?;
    decide_from(store, loaded, connections, slots, now).await
}

/// The same with what is remembered of tickets.
async fn decide_from(
    store: &Store,
    loaded: &Loaded,
    connections: &[Connection],
    slots: Vec<Slot>,
    now: Timestamp,
) -> Result<Pass, Fault> {
    let mut pass = Pass { rules_fault: loaded.fault.clone(), ..Pass::default() };
    let mut planner = Planner::new(&loaded.rules, connections, slots);
    let mut begun = false;
    let mut earlier = Earlier::default();
    loop {
        let waiting = store.pending_alerts(TOGETHER).await?;
        if waiting.is_empty() {
            break;
        }
        if !std::mem::replace(&mut begun, true) {
            planner.avoid(store.group_tickets().await?);
            earlier.wanted = store.over_before_start(EARLIER).await?;
        }
        let (mut decided, mut operations) = (Vec::new(), Vec::new());
        for one in &waiting {
            let mut decision = planner.decide(&one.alert, &one.standing, now);
            *pass.verdicts.entry(decision.verdict).or_default() += 1;
            operations.append(&mut decision.operations);
            if decision.slots.is_empty() && earlier.is_wanted(one, decision.verdict) {
                for alert in earlier.ends(store, one).await? {
                    operations.extend(planner.earlier(&alert));
                }
            }
            decided.push(Decided { key: one.alert.key.clone(), handled: handled(one), decision });
        }
        let new = prepared(&planner, operations);
        pass.operations += u64::try_from(new.len()).unwrap_or_default();
        store.decide_alerts(decided, planner.take_changed(), new, now).await?;
    }
    let settled = planner.settle(now);
    let new = prepared(&planner, settled);
    pass.operations += u64::try_from(new.len()).unwrap_or_default();
    let changed = planner.take_changed();
    if !new.is_empty() || !changed.is_empty() {
        store.decide_alerts(Vec::new(), changed, new, now).await?;
    }
    Ok(pass)
}

/// Alerts that are over and may have a ticket that an earlier database made: it was lost, or an older copy took its place.
#[derive(Default)]
struct Earlier {
    /// Those from before their source of which it is asked in this pass.
    wanted: HashSet<AlertKey>,
    /// Those of which it was asked.
    asked: HashSet<AlertKey>,
}

impl Earlier {
    fn is_wanted(&self, one: &StoredAlert, verdict: Verdict) -> bool {
        match verdict {
            // The rule gives no ticket to what was over before it was seen, but it may have been seen.
            Verdict::AlreadyOver => true,
            Verdict::BeforeStart | Verdict::NoTicket => self.wanted.contains(&one.alert.key),
            _ => false,
        }
    }

    /// The alerts whose tickets are ended with this one: none while another of its series fires, which may be in the same
    /// ticket; those that ended before it, if it kept them waiting.
    async fn ends(&mut self, store: &Store, one: &StoredAlert) -> Result<Vec<Alert>, Fault> {
        let others = store.series_before_start(&one.alert, SERIES).await?;
        if others.iter().any(|other| other.condition != Condition::Resolved) {
            return Ok(Vec::new());
        }
        let kept = if one.standing.handled == Condition::Unknown { Vec::new() } else { others };
        let all = std::iter::once(one.alert.clone()).chain(kept);
        Ok(all.filter(|alert| self.asked.insert(alert.key.clone())).collect())
    }
}

/// Up to which condition an alert is dealt with: of one that does not say, as if it had fired.
fn handled(one: &StoredAlert) -> Condition {
    one.alert.condition.max(Condition::Fired)
}

fn prepared(planner: &Planner<'_>, operations: Vec<Planned>) -> Vec<NewOperation> {
    let kind = |key: &TicketKey, operation: &Operation| match operation {
        Operation::Recover { kind, .. } => *kind,
        _ => planner.slot(&key.id()).map(|slot| slot.kind).unwrap_or_default(),
    };
    let new = |(key, operation)| NewOperation { kind: kind(&key, &operation), key, operation };
    operations.into_iter().map(new).collect()
}

/// What is remembered of tickets, as the products show them; what no alert can come to any more is forgotten.
async fn slots(store: &Store, loaded: &Loaded, now: Timestamp) -> Result<Vec<Slot>, Fault> {
    let (mut kept, mut past, mut corrected) = (Vec::new(), Vec::new(), Vec::new());
    let all = store.alert_slots().await?;
    let mut newest: HashMap<String, (Timestamp, TicketKey)> = HashMap::new();
    for (slot, _) in &all {
        let this = (slot.opened_at, slot.key.clone());
        match newest.get_mut(&slot.place) {
            Some(known) => *known = std::cmp::max(known.clone(), this),
            None => drop(newest.insert(slot.place.clone(), this)),
        }
    }
    for (mut slot, state) in all {
        let replaced = newest.get(&slot.place).is_some_and(|(_, key)| *key != slot.key);
        if let Some(state) = state {
            slot.seen(state, now);
        }
        let rule = loaded.rules.named(&slot.rule);
        if slot.after_clock(rule.map_or(0, |rule| rule.flapping_minutes), now) {
            corrected.push(slot.clone());
        }
        if slot.is_past(replaced, rule.map_or(0, AlertRule::longest_minutes), now) {
            past.push(slot.id())
        } else {
            kept.push(slot)
        }
    }
    if !corrected.is_empty() {
        store.decide_alerts(Vec::new(), corrected, Vec::new(), now).await?;
    }
    if !past.is_empty() {
        store.forget_slots(past).await?;
    }
    Ok(kept)
}

/// Finds out which outages tickets are about whose alerts came without their context: the notice that ends an outage is an alert
/// of its own, and only the context brings the two together. `ask` reads the context of an alert.
pub(super) async fn learn_outages<F: Future<Output = Option<NewAlert>>>(
    store: &Store,
    slots: &mut [Slot],
    now: Timestamp,
    ask: impl Fn(StoredAlert) -> F,
) -> Result<(), Fault> {
    let mut learned = Vec::new();
    let mut asked = 0;
    for slot in slots.iter_mut().filter(|slot| slot.unclear) {
        let Subject::Alert(guid) = &slot.key.subject else { continue };
        let found = |all: Vec<StoredAlert>| all.into_iter().find(|one| one.alert.key.as_str() == guid);
        let mut known = found(store.alerts_called(guid).await?);
        let kept = |one: &StoredAlert| now.as_second() - one.at < KEPT_DAYS * 24 * 3_600;
        if let Some(one) = known.as_ref().filter(|one| one.alert.event.is_empty() && kept(one)) {
            if asked == OUTAGES || !slot.state.is_open() {
                continue;
            }
            asked += 1;
            let source = one.source.clone();
            let Some(notice) = ask(one.clone()).await else { continue };
            store.take_alerts(vec![notice], &source, None, None, now).await?;
            known = found(store.alerts_called(guid).await?);
        }
        // Azure keeps the context of no alert for longer, and not every notice has a tracking id.
        let event = known.map(|one| one.alert.event).unwrap_or_default();
        slot.learns(&event);
        learned.push(slot.clone());
    }
    if learned.is_empty() { Ok(()) } else { store.decide_alerts(Vec::new(), learned, Vec::new(), now).await }
}

async fn context_of(services: &Services, one: StoredAlert) -> Option<NewAlert> {
    let source = super::named(services, &one.source).await.ok()?;
    let api = api(services, &source).await.ok()?;
    poll::context(&api, &one.alert.subscription, &one.alert).await
}

/// Adds the context to the alerts that may get a ticket and came without one, of each source as far as it goes.
async fn add_contexts(services: &Services, loaded: &Loaded) -> Result<(), Fault> {
    let store = services.store().await?;
    let waiting = store.pending_alerts(TOGETHER).await?;
    let bare = |one: &&StoredAlert| needs_context(one) && may_match(&loaded.rules, &one.alert);
    let wanted: Vec<_> = waiting.iter().filter(bare).take(CONTEXTS).collect();
    for source in services.config().await?.alert_sources {
        let own: Vec<_> = wanted.iter().filter(|one| one.source == source.name.as_str()).collect();
        if own.is_empty() {
            continue;
        }
        let Ok(api) = api(services, &source).await else { continue };
        for one in own {
            add_context(&api, &store, source.name.as_str(), &one.alert).await?;
        }
    }
    Ok(())
}

async fn add_context(api: &AlertsApi, store: &Store, source: &str, alert: &Alert) -> Result<(), Fault> {
    if let Some(notice) = poll::context(api, &alert.subscription, alert).await {
        store.take_alerts(vec![notice], source, None, None, Timestamp::now()).await?;
    }
    Ok(())
}

/// Whether a rule matches an alert, or may once its context is known: older lists have no custom properties.
pub(super) fn may_match(rules: &RuleSet, alert: &Alert) -> bool {
    let unknown = |misfit| misfit == Some(Misfit::Custom) && alert.custom.is_empty();
    rules.matching(alert).is_some() || rules.rules.iter().any(|rule| unknown(rule.misfit(alert)))
}

/// Whether an alert came from a list, without what was measured and where, and may get a ticket of its own.
fn needs_context(one: &StoredAlert) -> bool {
    let StoredAlert { alert, standing, .. } = one;
    let is_bare = alert.details.is_empty() && alert.dimensions.is_empty();
    let opens = alert.condition == Condition::Fired || standing.handled == Condition::Unknown;
    alert.shape == Shape::Listed && is_bare && opens && !standing.before_start
}
