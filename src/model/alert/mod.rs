//! An Azure alert: one object of Azure Monitor that is Fired, and then the same one becomes Resolved.
//!
//! Its key is the GUID at the end of its id. `originAlertId` is none: for a metric it names the time series and comes
//! back with every alert of it (recorded traffic of Alerts Management); the *series key* is made of it, by which flapping
//! and reopening are decided.

mod common;
mod merge;
mod obj;
mod older;
mod read;
mod rest;
#[cfg(test)]
pub(crate) mod tests;

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::azure_id::{self, is_guid};

pub use read::{Received, read};

/// What tells one alert from another: its GUID in small letters, or a fingerprint of what it has in the place of one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AlertKey(String);

impl AlertKey {
    /// The key of an id such as `/subscriptions/../providers/Microsoft.AlertsManagement/alerts/<GUID>`. The scope before
    /// the GUID differs from one source to the next and does not count. `None` for an empty id.
    pub fn of_id(id: &str) -> Option<Self> {
        let id = id.trim().trim_end_matches('/');
        let last = id.rsplit('/').next().unwrap_or_default();
        match is_guid(last) {
            true => Some(Self(last.to_ascii_lowercase())),
            false => (!id.is_empty()).then(|| Self::hashed(&id.to_ascii_lowercase())),
        }
    }

    /// The key of a notice with this id. An id without a GUID may come back with every alert of its kind, so the time of the firing
    /// is part of the key; without any, the whole notice is.
    pub fn of_notice(id: &str, fired_at: Option<Timestamp>, json: &str) -> Self {
        match (Self::of_id(id), fired_at) {
            (Some(key), _) if key.is_guid() => key,
            (Some(_), Some(at)) => Self::hashed(&format!("{} {at}", id.trim().to_ascii_lowercase())),
            _ => Self::hashed(json),
        }
    }

    /// The key of what has no id: a fingerprint, which is the same for the same text.
    pub fn hashed(text: &str) -> Self {
        let hash = Sha256::digest(text.as_bytes());
        Self(hash.iter().take(16).fold("x-".to_owned(), |hex, byte| format!("{hex}{byte:02x}")))
    }

    /// The key as it was stored.
    pub fn stored(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// Whether it is the alert's own GUID.
    pub fn is_guid(&self) -> bool {
        is_guid(&self.0)
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AlertKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How grave an alert is: 0 (critical) to 4 (verbose).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Severity(u8);

impl Severity {
    /// All of them.
    pub const ALL: [Self; 5] = [Self(0), Self(1), Self(2), Self(3), Self(4)];

    /// Reads `Sev3`, `3` and the words that stand for them
    /// (<https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-overview>).
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        let number = text.strip_prefix("sev").unwrap_or(&text);
        match number {
            "0" | "critical" => Some(Self(0)),
            "1" | "error" => Some(Self(1)),
            "2" | "warning" => Some(Self(2)),
            "3" | "informational" | "information" | "info" => Some(Self(3)),
            "4" | "verbose" => Some(Self(4)),
            _ => None,
        }
    }

    /// The number, 0 to 4.
    pub fn number(self) -> u8 {
        self.0
    }

    /// As Azure writes it: `Sev3`.
    pub fn id(self) -> &'static str {
        ["Sev0", "Sev1", "Sev2", "Sev3", "Sev4"][usize::from(self.0.min(4))]
    }
}

impl TryFrom<String> for Severity {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::read(&text).ok_or_else(|| format!("'{text}' is not a severity"))
    }
}

impl From<Severity> for String {
    fn from(severity: Severity) -> Self {
        severity.id().to_owned()
    }
}

/// Whether what an alert tells of still stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// The alert does not say.
    #[default]
    Unknown,
    /// It stands.
    Fired,
    /// It is over.
    Resolved,
}

impl Condition {
    /// The name in JSON and in the database.
    pub fn id(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Fired => "fired",
            Self::Resolved => "resolved",
        }
    }

    /// The one with this [`id`](Self::id), in any letter case; also as the older shapes write it.
    pub fn from_id(id: &str) -> Self {
        match id.trim().to_ascii_lowercase().as_str() {
            "fired" | "activated" => Self::Fired,
            "resolved" | "deactivated" => Self::Resolved,
            _ => Self::Unknown,
        }
    }
}

/// In which form an alert came.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// None that is known; it is kept as it came.
    #[default]
    Unknown,
    /// The common alert schema of a webhook.
    Common,
    /// An object of the Alerts Management API.
    Listed,
    /// The own schema of metric alerts.
    Metric,
    /// The own schema of activity log alerts.
    ActivityLog,
    /// The own schema of log search alerts, version 1.
    LogSearch,
    /// The own schema of a budget.
    Budget,
}

impl Shape {
    /// The name in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Common => "common",
            Self::Listed => "listed",
            Self::Metric => "metric",
            Self::ActivityLog => "activity-log",
            Self::LogSearch => "log-search",
            Self::Budget => "budget",
        }
    }
}

/// An alert, with everything optional but its key. Texts are empty where there is nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// What tells it from others.
    pub key: AlertKey,
    /// The whole id as it came.
    #[serde(default)]
    pub id: String,
    /// The series it belongs to: the same rule on the same target. Flapping and reopening are decided by it.
    #[serde(default)]
    pub series: String,
    /// What several alerts have in common that are one event, such as the tracking id of an outage.
    #[serde(default)]
    pub event: String,
    /// The form in which it came.
    #[serde(default)]
    pub shape: Shape,
    /// How grave it is.
    #[serde(default)]
    pub severity: Option<Severity>,
    /// Whether it still stands.
    #[serde(default)]
    pub condition: Condition,
    /// When it fired.
    #[serde(default)]
    pub fired_at: Option<Timestamp>,
    /// When it was over.
    #[serde(default)]
    pub resolved_at: Option<Timestamp>,
    /// When it was last changed, as Azure says; it may lie before `resolved_at`.
    #[serde(default)]
    pub modified_at: Option<Timestamp>,
    /// The name of its rule.
    #[serde(default)]
    pub rule: String,
    /// The resource id of its rule.
    #[serde(default)]
    pub rule_id: String,
    /// The service that raised it, as webhooks call it, such as `Platform` or `Log Alerts V2`.
    #[serde(default)]
    pub service: String,
    /// The kind of signal: `Metric`, `Log` or `Activity Log`.
    #[serde(default)]
    pub signal: String,
    /// What its rule says of it.
    #[serde(default)]
    pub description: String,
    /// The subscription's ID in small letters.
    #[serde(default)]
    pub subscription: String,
    /// The resource group of what it is about.
    #[serde(default)]
    pub resource_group: String,
    /// The type of what it is about in small letters, such as `microsoft.compute/virtualmachines`; old alerts leave out
    /// the namespace.
    #[serde(default)]
    pub resource_type: String,
    /// The resource ids it is about.
    #[serde(default)]
    pub targets: Vec<String>,
    /// The names (or resource ids) of what is affected.
    #[serde(default)]
    pub items: Vec<String>,
    /// The dimensions of the series.
    #[serde(default)]
    pub dimensions: Vec<(String, String)>,
    /// What is worth telling of its context, in order.
    #[serde(default)]
    pub details: Vec<(String, String)>,
    /// A page that shows more.
    #[serde(default)]
    pub link: String,
    /// The properties that its rule gives to it.
    #[serde(default)]
    pub custom: BTreeMap<String, String>,
    /// Whether an alert processing rule muted its actions.
    #[serde(default)]
    pub suppressed: bool,
    /// Whether it comes from a test button.
    #[serde(default)]
    pub test: bool,
    /// What people made of it: New, Acknowledged or Closed. It says nothing of the condition.
    #[serde(default)]
    pub user_state: String,
}

impl Alert {
    /// One that has nothing but a key.
    pub fn new(key: AlertKey) -> Self {
        Self {
            key,
            id: String::new(),
            series: String::new(),
            event: String::new(),
            shape: Shape::Unknown,
            severity: None,
            condition: Condition::Unknown,
            fired_at: None,
            resolved_at: None,
            modified_at: None,
            rule: String::new(),
            rule_id: String::new(),
            service: String::new(),
            signal: String::new(),
            description: String::new(),
            subscription: String::new(),
            resource_group: String::new(),
            resource_type: String::new(),
            targets: Vec::new(),
            items: Vec::new(),
            dimensions: Vec::new(),
            details: Vec::new(),
            link: String::new(),
            custom: BTreeMap::new(),
            suppressed: false,
            test: false,
            user_state: String::new(),
        }
    }

    /// What a ticket for this alert alone stands for: the event where several alerts are one, else the alert.
    pub fn subject(&self) -> &str {
        if self.event.is_empty() { self.key.as_str() } else { &self.event }
    }

    /// When it last said something about its condition.
    pub fn at(&self) -> Option<Timestamp> {
        match self.condition {
            Condition::Resolved => self.resolved_at.or(self.modified_at).or(self.fired_at),
            _ => self.fired_at.or(self.modified_at),
        }
    }

    /// Whether Azure will never say that it is over: activity log alerts are only ever fired.
    pub fn is_stateless(&self) -> bool {
        let by_service = self.service.starts_with("Activity Log")
            || matches!(self.service.as_str(), "ServiceHealth" | "Resource Health" | "CostAlerts");
        by_service || matches!(self.shape, Shape::ActivityLog | Shape::Budget)
    }

    /// Fills in what follows from the rest: subscription, group and type of the target, the affected items, the series.
    fn complete(&mut self, origin: &str) {
        let target = self.targets.first().cloned().unwrap_or_default();
        let part = |name: &str| [&target, &self.id].iter().find_map(|id| azure_id::part(id, name)).map(str::to_owned);
        if self.subscription.is_empty() {
            self.subscription = part("subscriptions").unwrap_or_default();
        }
        self.subscription = self.subscription.to_ascii_lowercase();
        if self.resource_group.is_empty() {
            self.resource_group = azure_id::part(&target, "resourceGroups").unwrap_or_default().to_owned();
        }
        if let Some(found) = type_of(&target) {
            self.resource_type = found;
        }
        self.resource_type = self.resource_type.to_ascii_lowercase();
        if self.items.is_empty() {
            self.items = items_of(&self.dimensions);
        }
        if self.items.is_empty() {
            let last = target.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
            self.items = Some(last.to_owned()).filter(|name| !name.is_empty()).into_iter().collect();
        }
        self.dimensions.sort();
        self.dimensions.dedup();
        self.series = self.series_with(origin);
    }

    fn series_with(&self, origin: &str) -> String {
        if self.service == "Platform" && !origin.is_empty() {
            return origin.to_ascii_lowercase();
        }
        let rule = if self.rule_id.is_empty() { &self.rule } else { &self.rule_id };
        let target = self.targets.first().map(String::as_str).unwrap_or_default();
        if rule.is_empty() && target.is_empty() && self.event.is_empty() {
            return self.key.as_str().to_owned();
        }
        let mut parts = vec![rule.as_str(), target];
        parts.extend(Some(self.event.as_str()).filter(|event| !event.is_empty()));
        let dimensions: Vec<String> = self.dimensions.iter().map(|(name, value)| format!("{name}={value}")).collect();
        parts.extend(dimensions.iter().map(String::as_str));
        parts.join("|").to_ascii_lowercase()
    }
}

/// The names under which a log search alert tells which machine or resource a row is about, the best first
/// (<https://learn.microsoft.com/azure/azure-monitor/alerts/itsmc-definition>).
const ITEM_DIMENSIONS: [&str; 4] = ["_resourceid", "resourceid", "resource", "computer"];

fn items_of(dimensions: &[(String, String)]) -> Vec<String> {
    let of = |wanted: &str| -> Vec<String> {
        let fitting = dimensions.iter().filter(|(name, value)| name.eq_ignore_ascii_case(wanted) && !value.is_empty());
        fitting.map(|(_, value)| value.clone()).collect()
    };
    ITEM_DIMENSIONS.iter().map(|name| of(name)).find(|found| !found.is_empty()).unwrap_or_default()
}

/// The type in a resource id: `/subscriptions/../providers/Microsoft.Compute/virtualMachines/vm` has
/// `microsoft.compute/virtualmachines`.
fn type_of(id: &str) -> Option<String> {
    let lower = id.to_ascii_lowercase();
    let (_, rest) = lower.rsplit_once("/providers/")?;
    let parts: Vec<&str> = rest.split('/').filter(|part| !part.is_empty()).collect();
    let (namespace, rest) = parts.split_first()?;
    let types: Vec<&str> = rest.iter().step_by(2).copied().collect();
    (!types.is_empty()).then(|| format!("{namespace}/{}", types.join("/")))
}

/// The name of a monitoring service as webhooks write it: the API and the service itself leave out blanks and hyphens.
fn service_name(text: &str) -> String {
    const KNOWN: [&str; 16] = [
        "Platform",
        "Log Analytics",
        "Application Insights",
        "Log Alerts V2",
        "Activity Log - Administrative",
        "Activity Log - Policy",
        "Activity Log - Autoscale",
        "Activity Log - Security",
        "Activity Log - Recommendation",
        "ServiceHealth",
        "Resource Health",
        "SmartDetector",
        "Prometheus",
        "CostAlerts",
        "VM Insights",
        "Zabbix",
    ];
    let bare = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    let wanted = bare(text);
    KNOWN.iter().find(|known| bare(known) == wanted).map_or_else(|| text.trim().to_owned(), |known| (*known).to_owned())
}

/// The name in a resource id, or the text itself.
fn last_part(id: &str) -> String {
    let last = id.trim().trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    last.to_owned()
}
