//! What an action group sends to a webhook: the common schema, and the three older shapes.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::context::{status, time};
use super::fire::{AlertOrder, Place};
use super::{Alert, Condition, Service};
use crate::core::estate::SUBSCRIPTION;
use crate::core::rng::{stable_guid, stable_hex};

/// The shape of a notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// `azureMonitorCommonAlertSchema`
    Common,
    /// `AzureMonitorMetricAlert`
    Metric,
    /// `Microsoft.Insights/activityLogs`
    ActivityLog,
    /// Log search alerts of the retired API, without a `schemaId`.
    OldLog,
}

/// What a webhook gets of an alert that is made up for this: the same for the same order.
pub fn sample(order: &AlertOrder, condition: Condition, shape: Shape) -> Value {
    let subscription = stable_guid("azure subscription", SUBSCRIPTION);
    let fresh = stable_hex("sample", &format!("{order:?}"));
    let place = Place { subscription: &subscription, now: 1_793_000_000_000, fresh };
    let mut alert = order.fire(&place);
    if condition == Condition::Resolved {
        alert.resolve(place.now + 900_000, 1_500);
    }
    alert.webhook(condition, shape)
}

/// What the button "Test action group" sends for the common schema: an alert without a GUID.
pub fn test_notification() -> Value {
    let order = AlertOrder { rule: "test-metricAlertRule".into(), ..AlertOrder::default() };
    let mut sample = sample(&order, Condition::Fired, Shape::Common);
    let id =
        "/subscriptions/11111111-1111-1111-1111-111111111111/providers/Microsoft.AlertsManagement/alerts/Test_Alert";
    sample["data"]["essentials"]["alertId"] = id.into();
    sample
}

impl Alert {
    /// What a webhook gets.
    pub(in crate::azure) fn webhook(&self, condition: Condition, shape: Shape) -> Value {
        match shape {
            Shape::Common => json!({
                "schemaId": "azureMonitorCommonAlertSchema",
                "data": {
                    "essentials": self.essentials(condition), "alertContext": self.common_context(condition),
                    "customProperties": if self.custom_properties.is_empty() { Value::Null } else { self.custom_properties.clone().into() },
                },
            }),
            Shape::Metric => json!({
                "schemaId": "AzureMonitorMetricAlert",
                "data": { "version": "2.0", "properties": self.custom_properties, "status": status(condition), "context": self.old_metric(condition) },
            }),
            Shape::ActivityLog => self.activity_log_shape(),
            Shape::OldLog => {
                let mut told = self.common_context(condition);
                told["SubscriptionId"] = self.subscription.clone().into();
                told["AlertRuleName"] = self.rule_name.clone().into();
                told["Severity"] = "Warning".into();
                told["Description"] = self.description.clone().into();
                told["ResourceId"] = self.target.clone().into();
                told
            }
        }
    }

    fn essentials(&self, condition: Condition) -> Value {
        if self.service == Service::CostAlerts {
            return json!({
                "monitoringService": "CostAlerts", "firedDateTime": time(self.started), "description": self.description,
                "essentialsVersion": "1.0", "alertContextVersion": "1.0", "severity": null, "signalType": null,
                "monitorCondition": null, "alertTargetIDs": null, "configurationItems": ["budgets"], "originAlertId": null,
                "alertId": format!("/subscriptions/{}/providers/Microsoft.CostManagement/alerts/{}", self.subscription, self.guid),
            });
        }
        let (kind, name, group) = self.target_parts();
        // Log alerts tell a configuration item only if a dimension names one.
        let named = ["_ResourceId", "ResourceId", "Resource", "Computer"];
        let by_dimension = self.dimensions.iter().find(|(name, _)| named.contains(&name.as_str()));
        let items = match self.service {
            Service::LogAlertsV2 => by_dimension.map(|(_, value)| value.clone()).into_iter().collect(),
            _ => vec![name],
        };
        let rule = if self.service == Service::Prometheus {
            format!("nodes/{}", self.rule_name)
        } else {
            self.rule_name.clone()
        };
        let mut told = json!({
            "alertId": self.subscription_id(), "alertRule": rule, "alertRuleID": self.rule, "targetResourceType": kind,
            "targetResourceGroup": group, "severity": format!("Sev{}", self.severity), "signalType": self.service.signal(),
            "monitorCondition": condition.name(), "monitoringService": self.service.in_webhook(),
            "alertTargetIDs": [self.target.to_ascii_lowercase()], "configurationItems": items,
            "originAlertId": self.source_created_id, "firedDateTime": time(self.started), "description": self.description,
            "essentialsVersion": "1.0", "alertContextVersion": "1.0",
            "investigationLink": format!("https://portal.practice.example/#alert{}", self.subscription_id()),
        });
        if condition == Condition::Resolved {
            told["resolvedDateTime"] = time(self.latest().resolved.unwrap_or(self.started)).into();
        }
        told
    }

    fn activity_log_shape(&self) -> Value {
        let mut event = self.common_context(Condition::Fired);
        event["resourceId"] = self.target.clone().into();
        event["resourceGroupName"] = self.target_parts().2.into();
        event["subscriptionId"] = self.subscription.clone().into();
        event["description"] = self.description.clone().into();
        json!({ "schemaId": "Microsoft.Insights/activityLogs", "data": { "status": "Activated", "context": { "activityLog": event }, "properties": {} } })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fired_and_resolved_are_one_alert_and_a_firing_again_is_another() {
        let order = AlertOrder::default();
        let [fired, resolved] =
            [Condition::Fired, Condition::Resolved].map(|condition| sample(&order, condition, Shape::Common));
        let essentials = |told: &Value, name: &str| told["data"]["essentials"][name].clone();
        assert_eq!(essentials(&fired, "alertId"), essentials(&resolved, "alertId"));
        assert!(
            essentials(&fired, "resolvedDateTime").is_null() && essentials(&resolved, "resolvedDateTime").is_string()
        );
        let again = sample(&AlertOrder { ago: 60, ..order }, Condition::Fired, Shape::Common);
        assert_ne!(essentials(&fired, "alertId"), essentials(&again, "alertId"));
        assert_eq!(essentials(&fired, "originAlertId"), essentials(&again, "originAlertId"), "the same time series");
    }

    #[test]
    fn every_service_has_its_payload() {
        for service in Service::ALL {
            let order = AlertOrder { service, severity: Some(1), ..AlertOrder::default() };
            let told = sample(&order, Condition::Fired, Shape::Common);
            let essentials = &told["data"]["essentials"];
            assert_eq!(essentials["monitoringService"], service.in_webhook());
            assert!(told["data"]["alertContext"].is_object());
            let severity = match service {
                Service::CostAlerts => Value::Null,
                _ if service.is_activity_log() => "Sev4".into(),
                _ => "Sev1".into(),
            };
            assert_eq!(essentials["severity"], severity, "{service:?}");
        }
        assert!(test_notification()["data"]["essentials"]["alertId"].as_str().unwrap().ends_with("/Test_Alert"));
    }

    #[test]
    fn older_shapes_have_their_own_names() {
        let of = |service, shape| sample(&AlertOrder { service, ..AlertOrder::default() }, Condition::Resolved, shape);
        let metric = of(Service::Platform, Shape::Metric);
        assert_eq!(
            (&metric["data"]["status"], &metric["data"]["context"]["severity"]),
            (&json!("Deactivated"), &json!("2"))
        );
        let activity = of(Service::Administrative, Shape::ActivityLog);
        assert_eq!(activity["schemaId"], "Microsoft.Insights/activityLogs");
        let log = of(Service::LogAnalytics, Shape::OldLog);
        assert!(log["schemaId"].is_null() && log["AffectedConfigurationItems"].is_array());
    }
}
