//! The alerts of the cloud, and what changes them.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Alert, KEPT};

/// Whether what the rule looks for is still the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Condition {
    /// It is.
    Fired,
    /// It is over.
    Resolved,
}

impl Condition {
    /// As Azure writes it.
    pub fn name(self) -> &'static str {
        if self == Self::Fired { "Fired" } else { "Resolved" }
    }
}

/// The state that people give to an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum UserState {
    /// Nobody has looked at it.
    New,
    /// Somebody looks after it.
    Acknowledged,
    /// It is done.
    Closed,
}

impl UserState {
    /// The state of this name, whatever its letter case.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let all = [Self::New, Self::Acknowledged, Self::Closed];
        all.into_iter().find(|state| state.name().eq_ignore_ascii_case(name))
    }

    /// As Azure writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "New",
            Self::Acknowledged => "Acknowledged",
            Self::Closed => "Closed",
        }
    }
}

/// How an alert was from some moment on.
#[derive(Debug, Clone)]
pub(crate) struct Version {
    /// From when on.
    pub(crate) at: i64,
    pub(crate) condition: Condition,
    pub(crate) resolved: Option<i64>,
    pub(crate) state: UserState,
    pub(crate) suppressed: bool,
    /// What it says of its last change, which need not be true.
    pub(crate) modified: i64,
    pub(crate) modified_by: String,
}

/// One entry of an alert's history.
#[derive(Debug, Clone)]
pub(crate) struct Modification {
    pub(crate) event: &'static str,
    pub(crate) old: String,
    pub(crate) new: String,
    pub(crate) at: i64,
    pub(crate) by: String,
    pub(crate) comments: String,
    pub(crate) description: String,
    /// What only newer versions of the interface tell.
    pub(crate) details: Value,
}

/// Every alert.
#[derive(Debug, Default)]
pub(crate) struct AlertBook {
    alerts: Vec<Alert>,
    /// Requests by minute, kind and subscription, for the limits.
    pub(crate) asked: std::collections::BTreeMap<(i64, &'static str, String), u32>,
}

impl AlertBook {
    /// The alerts that are not yet deleted.
    pub(crate) fn kept(&self, now: i64) -> impl Iterator<Item = &Alert> {
        self.alerts.iter().filter(move |alert| alert.started + KEPT > now)
    }

    /// The alert of this GUID, if it is not yet deleted.
    pub(crate) fn find(&self, guid: &str, now: i64) -> Option<&Alert> {
        self.kept(now).find(|alert| alert.guid.eq_ignore_ascii_case(guid))
    }

    /// As [`AlertBook::find`], to change.
    pub(crate) fn find_mut(&mut self, guid: &str) -> Option<&mut Alert> {
        self.alerts.iter_mut().find(|alert| alert.guid.eq_ignore_ascii_case(guid))
    }

    /// Every alert, deleted ones too.
    pub(crate) fn all(&self) -> &[Alert] {
        &self.alerts
    }

    /// As [`AlertBook::all`], to change.
    pub(crate) fn all_mut(&mut self) -> &mut [Alert] {
        &mut self.alerts
    }

    /// Adds one.
    pub(crate) fn add(&mut self, alert: Alert) {
        self.alerts.push(alert);
    }
}

impl Alert {
    /// Begins another version.
    pub(crate) fn change(&mut self, at: i64, change: impl FnOnce(&mut Version)) {
        let mut version = self.latest().clone();
        (version.at, version.modified) = (at, at);
        change(&mut version);
        self.versions.push(version);
    }

    /// What it looks for is over. The last change is told a little earlier than the resolution.
    pub(crate) fn resolve(&mut self, at: i64, earlier: i64) {
        if self.latest().condition == Condition::Resolved {
            return;
        }
        self.change(at, |version| {
            (version.condition, version.resolved) = (Condition::Resolved, Some(at));
            (version.modified, version.modified_by) = (at - earlier, "System".into());
        });
        self.note("MonitorConditionChange", ("Fired", "Resolved"), at, "System", "");
        self.tell_groups(at);
    }

    /// Somebody gives it a state.
    pub(crate) fn set_state(&mut self, state: UserState, at: i64, by: &str, comments: &str) {
        let before = self.latest().state;
        self.change(at, |version| (version.state, version.modified_by) = (state, "User".into()));
        self.note("StateChange", (before.name(), state.name()), at, by, comments);
    }

    /// Adds to its history.
    pub(crate) fn note(&mut self, event: &'static str, (old, new): (&str, &str), at: i64, by: &str, comments: &str) {
        self.history.push(Modification {
            event,
            old: old.into(),
            new: new.into(),
            at,
            by: by.into(),
            comments: comments.into(),
            description: String::new(),
            details: Value::Null,
        });
    }

    /// Its action groups run, unless its actions are suppressed.
    pub(crate) fn tell_groups(&mut self, at: i64) {
        let suppressed = self.latest().suppressed;
        let event = if suppressed { "ActionsSuppressed" } else { "ActionsTriggered" };
        for group in self.action_groups.clone() {
            let name = group.rsplit('/').next().unwrap_or_default().to_owned();
            self.note(event, ("", ""), at + 1_600, "System", "");
            let rule = self.rule.clone();
            if let Some(last) = self.history.last_mut() {
                last.description =
                    format!("Action group {name} was {}.", if suppressed { "suppressed" } else { "triggered" });
                last.details = json!({
                    "type": event,
                    "actionGroup": { "actionGroupId": group, "ruleId": rule, "ruleType": "AlertRule" },
                    "notificationResult": { "status": if suppressed { "None" } else { "Inline" } },
                });
            }
        }
    }
}
