//! What an alert tells of its own: one form for each service.

use serde_json::{Value, json};

use super::{Alert, Condition, Service};
use crate::azure::value::time_text;
use crate::core::rng::{stable_guid, stable_hex};

/// A time as alerts write it.
pub(super) fn time(millis: i64) -> String {
    time_text(millis * 10_000)
}

impl Alert {
    fn dimension_list(&self) -> Value {
        self.dimensions.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect()
    }

    /// `alertContext` of the common schema.
    pub(super) fn common_context(&self, condition: Condition) -> Value {
        match self.service {
            Service::Platform => self.metric_context(condition),
            Service::LogAlertsV2 => self.log_context(),
            Service::LogAnalytics | Service::ApplicationInsights => self.old_log_context(),
            Service::ServiceHealth => self.service_health(condition),
            Service::ResourceHealth => self.resource_health(),
            Service::SmartDetector => json!({
                "DetectionSummary": self.description, "FormattedOccurrenceTime": time(self.started),
                "DetectedValue": "0.45 sec", "NormalValue": "0.27 sec (over the last 7 days)",
                "PresentationInsightEventRequest": "/subscriptions/x/query", "SmartDetectorId": "DegradationInServerResponseTime",
                "SmartDetectorName": "Degradation in server response time", "AnalysisTimestamp": time(self.started),
            }),
            Service::Prometheus => json!({
                "interval": "PT1M", "expression": "sum(kube_pod_status_ready) < 1", "expressionValue": "0", "for": "PT5M",
                "labels": { "alertname": self.rule_name, "cluster": "aks-prd", "pod": "web-7d9" },
                "annotations": { "description": self.description }, "ruleGroup": "nodes",
            }),
            Service::CostAlerts => json!({
                "AlertCategory": "budgets",
                "AlertData": { "Scope": format!("/subscriptions/{}/", self.subscription), "ThresholdType": "Actual", "BudgetType": "Cost", "BudgetThreshold": "$50.00", "NotificationThresholdAmount": "$25.00", "BudgetName": self.rule_name, "SpentAmount": "$31.20" },
            }),
            _ => self.activity_log(),
        }
    }

    fn metric_context(&self, condition: Condition) -> Value {
        let value = if condition == Condition::Fired { 97.25 } else { 12.5 };
        json!({
            "properties": null, "conditionType": "SingleResourceMultipleMetricCriteria",
            "condition": {
                "windowSize": "PT5M", "windowStartTime": time(self.started - 480_000), "windowEndTime": time(self.started - 180_000),
                "allOf": [{
                    "metricName": "Percentage CPU", "metricNamespace": "Microsoft.Compute/virtualMachines",
                    "operator": "GreaterThan", "threshold": "90", "timeAggregation": "Average",
                    "dimensions": self.dimension_list(), "metricValue": value, "webTestName": null,
                }],
            },
        })
    }

    fn log_context(&self) -> Value {
        let link =
            format!("https://api.loganalytics.practice.example/v1/workspaces/{}/query", stable_guid("w", "logs"));
        json!({
            "properties": self.custom_properties, "conditionType": "LogQueryCriteria",
            "condition": {
                "windowSize": "PT10M", "windowStartTime": time(self.started - 600_000), "windowEndTime": time(self.started),
                "allOf": [{
                    "searchQuery": "Heartbeat | summarize count() by Computer", "metricMeasureColumn": null,
                    "targetResourceTypes": "['Microsoft.Compute/virtualMachines']", "operator": "LessThan",
                    "threshold": "1", "timeAggregation": "Count", "dimensions": self.dimension_list(), "metricValue": 0.0,
                    "failingPeriods": { "numberOfEvaluationPeriods": 1, "minFailingPeriodsToAlert": 1 },
                    "linkToSearchResultsUI": "https://portal.practice.example/#logs", "linkToFilteredSearchResultsUI": "https://portal.practice.example/#filtered",
                    "linkToSearchResultsAPI": link, "linkToFilteredSearchResultsAPI": link, "event": null,
                }],
            },
        })
    }

    fn old_log_context(&self) -> Value {
        let computer = self.target_parts().1;
        json!({
            "SearchQuery": "Perf | where CounterValue > 90", "SearchIntervalStartTimeUtc": time(self.started - 300_000),
            "SearchIntervalEndtimeUtc": time(self.started), "ResultCount": 2,
            "LinkToSearchResults": "https://portal.practice.example/#logs", "SeverityDescription": "Warning",
            "WorkspaceId": stable_guid("w", "logs"), "SearchIntervalDurationMin": "5",
            "AffectedConfigurationItems": [computer], "SearchIntervalInMinutes": "5", "Threshold": 0, "Operator": "Greater Than",
            "SearchResults": { "tables": [{
                "name": "PrimaryResult",
                "columns": [{ "name": "Computer", "type": "string" }, { "name": "CounterValue", "type": "real" }],
                "rows": [[computer, 97.2], [computer, 95.1]],
            }], "dataSources": [] },
        })
    }

    fn activity_log(&self) -> Value {
        let (operation, level) = match self.service {
            Service::Policy => ("Microsoft.Authorization/policies/audit/action", "Warning"),
            Service::Autoscale => ("Microsoft.Insights/AutoscaleSettings/Scaleup/Action", "Informational"),
            Service::Security => ("Microsoft.Security/locations/alerts/activate/action", "Error"),
            _ => ("Microsoft.Compute/virtualMachines/restart/action", "Informational"),
        };
        json!({
            "authorization": { "action": operation, "scope": self.target }, "channels": "Operation",
            "claims": "{\"aud\":\"https://management.practice.example\"}", "caller": "admin@contoso.practice.example",
            "correlationId": stable_guid("correlation", &self.guid), "eventSource": "Administrative",
            "eventTimestamp": time(self.started), "eventDataId": self.source_created_id.split('_').next(),
            "level": level, "operationName": operation, "operationId": stable_guid("operation", &self.guid),
            "status": "Succeeded", "subStatus": "", "submissionTimestamp": time(self.started + 90_000), "Activity Log Event Description": self.description,
        })
    }

    fn service_health(&self, condition: Condition) -> Value {
        let stage = if condition == Condition::Fired { "Active" } else { "Resolved" };
        json!({
            "authorization": null, "channels": 1, "claims": null, "caller": null, "correlationId": stable_guid("correlation", &self.guid),
            "eventSource": 2, "eventTimestamp": time(self.started), "eventDataId": stable_guid("event", &self.guid),
            "level": 3, "operationName": "Microsoft.ServiceHealth/incident/action", "status": stage, "subStatus": null,
            "submissionTimestamp": time(self.started + 60_000), "ResourceType": null,
            "properties": {
                "title": self.description, "service": "Virtual Machines", "region": "West Europe",
                "communication": "<p>We are <b>looking into</b> it &amp; report at 14:00.</p>", "incidentType": "Incident",
                "trackingId": stable_hex("tracking", &self.rule_name)[..8].to_uppercase(), "impactStartTime": time(self.started),
                "impactedServices": "[{\"ImpactedRegions\":[{\"RegionName\":\"West Europe\"}],\"ServiceName\":\"Virtual Machines\"}]",
                "stage": stage, "communicationId": "1100001", "version": "0.1.1",
            },
        })
    }

    fn resource_health(&self) -> Value {
        json!({
            "channels": "Admin, Operation", "correlationId": stable_guid("correlation", &self.guid),
            "eventSource": "ResourceHealth", "eventTimestamp": time(self.started), "level": "Critical",
            "operationName": "Microsoft.Resourcehealth/healthevent/Activated/action", "status": "Active",
            "properties": {
                "title": "Rebooted by user", "details": null, "currentHealthStatus": "Unavailable",
                "previousHealthStatus": "Available", "type": "Downtime", "cause": "UserInitiated",
            },
        })
    }

    /// What REST calls the context: of metric alerts in the older form of webhooks.
    pub(in crate::azure) fn rest_context(&self) -> Value {
        let condition = self.latest().condition;
        if self.service != Service::Platform {
            return self.common_context(condition);
        }
        json!({ "context": self.old_metric(condition), "status": status(condition) })
    }

    /// `context` of a metric alert in the older form.
    pub(super) fn old_metric(&self, condition: Condition) -> Value {
        let (kind, name, group) = self.target_parts();
        let common = self.metric_context(condition);
        let at =
            if condition == Condition::Fired { self.started } else { self.latest().resolved.unwrap_or(self.started) };
        json!({
            "timestamp": time(at), "id": self.rule, "name": self.rule_name, "description": self.description,
            "conditionType": "SingleResourceMultipleMetricCriteria", "severity": self.severity.to_string(),
            "condition": { "windowSize": "PT5M", "allOf": common["condition"]["allOf"] },
            "subscriptionId": self.subscription, "resourceGroupName": group, "resourceName": name,
            "resourceType": format!("Microsoft.Compute/{kind}"), "resourceId": self.target,
            "portalLink": format!("https://portal.practice.example/#resource{}", self.target),
        })
    }
}

/// The status of the older form.
pub(super) fn status(condition: Condition) -> &'static str {
    if condition == Condition::Fired { "Activated" } else { "Deactivated" }
}
