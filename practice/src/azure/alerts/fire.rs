//! How an alert comes: by order.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Alert, Condition, Service, UserState, Version};
use crate::core::estate::MACHINES;
use crate::core::rng::{guid, stable_guid, stable_hex};

/// An alert to be raised by order.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AlertOrder {
    /// The rule's name; "High CPU" without it.
    pub rule: String,
    /// The name of one of the machines, or the id of a resource; the first machine without it.
    pub target: String,
    /// 0 to 4; always 4 for the activity log. 2 without it.
    pub severity: Option<u8>,
    /// What raises it.
    pub service: Service,
    /// Its description.
    pub description: String,
    /// The dimensions of its time series.
    pub dimensions: BTreeMap<String, String>,
    /// The rule's custom properties.
    pub custom_properties: Map<String, Value>,
    /// The names or ids of action groups that run.
    pub action_groups: Vec<String>,
    /// An alert processing rule suppresses its actions.
    pub suppressed: bool,
    /// It fired so many seconds ago.
    pub ago: i64,
}

/// Where an alert is raised.
pub(crate) struct Place<'a> {
    /// The first subscription's id.
    pub(crate) subscription: &'a str,
    /// Milliseconds since 1970.
    pub(crate) now: i64,
    /// 32 hexadecimal digits that no alert has.
    pub(crate) fresh: String,
}

impl AlertOrder {
    /// The alert that it makes.
    pub(in crate::azure) fn fire(&self, place: &Place<'_>) -> Alert {
        let target = self.target_id(place);
        let parts: Vec<&str> = target.split('/').collect();
        let subscription = parts.get(2).copied().unwrap_or(place.subscription).to_owned();
        let group = parts.get(4).copied().unwrap_or("monitoring").to_owned();
        let rule_name = if self.rule.is_empty() { "High CPU".to_owned() } else { self.rule.clone() };
        let rule = format!(
            "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Insights/{}/{rule_name}",
            self.service.rule_type()
        );
        let dimensions: Vec<(String, String)> =
            self.dimensions.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        let series = format!("{target} {dimensions:?}");
        let started = place.now - self.ago * 1000;
        let mut alert = Alert {
            guid: guid(&place.fresh),
            source_created_id: self.source_id(&subscription, &group, &rule_name, &series, &place.fresh),
            subscription: subscription.clone(),
            target,
            rule_name,
            rule,
            severity: if self.service.is_activity_log() { 4 } else { self.severity.unwrap_or(2).min(4) },
            service: self.service,
            description: self.description.clone(),
            started,
            dimensions,
            custom_properties: self.custom_properties.clone(),
            action_groups: self.groups(&subscription),
            target_gone: false,
            versions: vec![Version {
                at: started,
                condition: Condition::Fired,
                resolved: None,
                state: UserState::New,
                suppressed: self.suppressed,
                modified: started,
                modified_by: "System".into(),
            }],
            history: Vec::new(),
        };
        alert.note("AlertCreated", ("", ""), started, "System", "");
        alert.tell_groups(started);
        alert
    }

    fn target_id(&self, place: &Place<'_>) -> String {
        if self.target.starts_with('/') {
            return self.target.clone();
        }
        let known = MACHINES.iter().find(|machine| machine.name == self.target);
        match known {
            Some(machine) => machine.arm_id(),
            None if self.target.is_empty() => MACHINES[0].arm_id(),
            None => format!(
                "/subscriptions/{}/resourceGroups/monitoring/providers/Microsoft.Compute/virtualMachines/{}",
                place.subscription, self.target
            ),
        }
    }

    /// A metric alert's names its time series, a log alert's its firing, an activity log's its event and rule.
    fn source_id(&self, subscription: &str, group: &str, rule: &str, series: &str, fresh: &str) -> String {
        match self.service {
            Service::Platform => {
                let hash = &stable_hex("series", series)[..20];
                format!("{subscription}_{group}_microsoft.insights_metricAlerts_{rule}_{hash}")
            }
            service if service.is_activity_log() => {
                format!("{}_{}", stable_guid("event", fresh), stable_hex("rule", rule))
            }
            _ => stable_guid("firing", fresh),
        }
    }

    fn groups(&self, subscription: &str) -> Vec<String> {
        let id = |name: &String| {
            let here = format!("/subscriptions/{subscription}/resourceGroups/monitoring/providers");
            if name.starts_with('/') { name.clone() } else { format!("{here}/microsoft.insights/actiongroups/{name}") }
        };
        self.action_groups.iter().map(id).collect()
    }
}
