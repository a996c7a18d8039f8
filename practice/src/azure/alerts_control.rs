//! Orders about alerts.

use serde::Deserialize;
use serde_json::{Value, json};

use super::alerts::webhook::Shape;
use super::alerts::{Alert, AlertOrder, Condition, Happening, UserState};
use super::state::{Control, Inner, State};
use crate::PracticeError;

fn none(guid: &str) -> PracticeError {
    PracticeError::Order(format!("no alert {guid}"))
}

/// Many alerts at once.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Storm {
    /// How many.
    pub count: usize,
    /// What each of them is; `{n}` in rule, target and description becomes its number.
    pub alert: AlertOrder,
}

impl Control {
    /// Raises an alert: its GUID.
    pub fn fire(&self, order: &AlertOrder) -> String {
        fire(&mut self.0.inner(), order)
    }

    /// Raises many alerts at once: their GUIDs.
    pub fn storm(&self, storm: &Storm) -> Vec<String> {
        let mut inner = self.0.inner();
        let numbered = |text: &str, nth: usize| text.replace("{n}", &nth.to_string());
        let each = |nth: usize| AlertOrder {
            rule: numbered(&storm.alert.rule, nth),
            target: numbered(&storm.alert.target, nth),
            description: numbered(&storm.alert.description, nth),
            ..storm.alert.clone()
        };
        (0..storm.count).map(|nth| fire(&mut inner, &each(nth))).collect()
    }

    /// Resolves an alert.
    ///
    /// # Errors
    /// There is no such alert.
    pub fn resolve_alert(&self, guid: &str) -> Result<(), PracticeError> {
        let earlier = self.manners().modified_before_resolved_millis;
        self.change_alert(guid, |alert, now| alert.resolve(now, earlier))
    }

    /// Fires again what an alert was fired for: another alert of the same series. Its GUID.
    ///
    /// # Errors
    /// There is no such alert.
    pub fn fire_again(&self, guid: &str) -> Result<String, PracticeError> {
        let mut inner = self.0.inner();
        let before = inner.alerts.find_mut(guid).ok_or_else(|| none(guid))?.clone();
        let order = AlertOrder {
            rule: before.rule_name.clone(),
            target: before.target.clone(),
            severity: Some(before.severity),
            service: before.service,
            description: before.description.clone(),
            dimensions: before.dimensions.iter().cloned().collect(),
            custom_properties: before.custom_properties.clone(),
            action_groups: before.action_groups.clone(),
            suppressed: before.latest().suppressed,
            ago: 0,
        };
        Ok(fire(&mut inner, &order))
    }

    /// Fires and resolves one series so many times, each so many seconds long, as if all of it had just happened: the
    /// GUIDs.
    pub fn flap(&self, order: &AlertOrder, times: usize, seconds: i64) -> Vec<String> {
        let earlier = self.manners().modified_before_resolved_millis;
        let mut inner = self.0.inner();
        let now = inner.now;
        let whole = i64::try_from(times).unwrap_or(0) * 2 * seconds;
        let one = |inner: &mut Inner, nth: usize| {
            let begins = whole - i64::try_from(nth).unwrap_or(0) * 2 * seconds;
            let guid = fire(inner, &AlertOrder { ago: begins, ..order.clone() });
            if let Some(alert) = inner.alerts.find_mut(&guid) {
                alert.resolve(now - (begins - seconds) * 1000, earlier);
            }
            guid
        };
        (0..times).map(|nth| one(&mut inner, nth)).collect()
    }

    /// Suppresses an alert's actions, as an alert processing rule does, or ends that.
    ///
    /// # Errors
    /// There is no such alert.
    pub fn suppress_alert(&self, guid: &str, suppressed: bool) -> Result<(), PracticeError> {
        self.change_alert(guid, |alert, now| {
            alert.change(now, |version| version.suppressed = suppressed);
        })
    }

    /// Sets the time of the last change that an alert tells, so many seconds from now.
    ///
    /// # Errors
    /// There is no such alert.
    pub fn restamp_alert(&self, guid: &str, seconds: i64) -> Result<(), PracticeError> {
        self.change_alert(guid, |alert, now| {
            let at = alert.latest().at;
            alert.change(at, |version| version.modified = now + seconds * 1000);
        })
    }

    /// Gives an alert a state, as a person does in the portal.
    ///
    /// # Errors
    /// There is no such alert.
    pub fn set_alert_state(&self, guid: &str, state: UserState, by: &str) -> Result<(), PracticeError> {
        self.change_alert(guid, |alert, now| alert.set_state(state, now, by, ""))
    }

    /// Deletes a resource: its alerts stay, at the subscription only.
    pub fn delete_resource(&self, id: &str) {
        let mut inner = self.0.inner();
        let of_resource = |alert: &&mut Alert| alert.target.eq_ignore_ascii_case(id);
        inner.alerts.all_mut().iter_mut().filter(of_resource).for_each(|alert| alert.target_gone = true);
    }

    /// What a webhook gets of an alert as it is now.
    ///
    /// # Errors
    /// There is no such alert.
    pub fn webhook_of(&self, guid: &str, shape: Shape) -> Result<Value, PracticeError> {
        let mut inner = self.0.inner();
        let alert = inner.alerts.find_mut(guid).ok_or_else(|| none(guid))?;
        Ok(alert.webhook(alert.latest().condition, shape))
    }

    /// Every alert as it is now, deleted ones too: the truth to compare with.
    pub fn alerts(&self) -> Vec<Value> {
        let told = |alert: &Alert| {
            let latest = alert.latest();
            let history = alert.history.iter().map(|one| {
                json!({ "event": one.event, "old": one.old, "new": one.new, "by": one.by, "comments": one.comments })
            });
            json!({
                "guid": alert.guid, "rule": alert.rule_name, "target": alert.target, "severity": alert.severity,
                "service": alert.service, "series": alert.source_created_id, "condition": latest.condition,
                "state": latest.state, "suppressed": latest.suppressed, "started": alert.started,
                "resolved": latest.resolved, "modified": latest.modified, "changes": alert.history.len(),
                "history": history.collect::<Vec<_>>(),
            })
        };
        self.0.inner().alerts.all().iter().map(told).collect()
    }

    fn change_alert(&self, guid: &str, change: impl FnOnce(&mut Alert, i64)) -> Result<(), PracticeError> {
        let mut inner = self.0.inner();
        let now = inner.now;
        change(inner.alerts.find_mut(guid).ok_or_else(|| none(guid))?, now);
        Ok(())
    }
}

impl State {
    /// Raises an alert of earlier days: two of three are resolved after half an hour.
    pub(super) fn fire_before(&self, order: &AlertOrder) {
        let mut inner = self.inner();
        let (now, earlier) = (inner.now, inner.manners.modified_before_resolved_millis);
        let third = inner.alerts.all().len().is_multiple_of(3);
        let resolves = !third && order.ago > 3_600 && !order.service.is_activity_log();
        let guid = fire(&mut inner, order);
        let ended = now - (order.ago - 1_800) * 1000;
        inner.alerts.find_mut(&guid).filter(|_| resolves).into_iter().for_each(|alert| alert.resolve(ended, earlier));
    }

    /// Lets something happen by itself.
    pub(super) fn happen(&self, happening: &Happening) {
        let mut inner = self.inner();
        let (now, earlier) = (inner.now, inner.manners.modified_before_resolved_millis);
        match happening {
            Happening::Fire(order) => drop(fire(&mut inner, order)),
            Happening::Resolve(nth) => {
                let fired =
                    |alert: &Alert| alert.latest().condition == Condition::Fired && !alert.service.is_activity_log();
                let fired: Vec<String> =
                    inner.alerts.all().iter().filter(|alert| fired(alert)).map(|alert| alert.guid.clone()).collect();
                let place = usize::try_from(*nth).unwrap_or(0).checked_rem(fired.len());
                let guid = place.and_then(|place| fired.get(place));
                let alert = guid.and_then(|guid| inner.alerts.find_mut(guid));
                alert.into_iter().for_each(|alert| alert.resolve(now, earlier));
            }
        }
    }
}

fn fire(inner: &mut Inner, order: &AlertOrder) -> String {
    let subscription = inner.subscriptions.first().map(|one| one.id.clone()).unwrap_or_default();
    let nth = inner.alerts.all().len();
    let fresh = crate::core::rng::stable_hex("alert", &format!("{nth}"));
    let place = super::alerts::Place { subscription: &subscription, now: inner.now, fresh };
    let alert = order.fire(&place);
    let guid = alert.guid.clone();
    inner.alerts.add(alert);
    guid
}
