//! One alert of every known shape, written by hand after Microsoft's documents and the recorded traffic of its clients.

use serde_json::{Value, json};

pub const SUB: &str = "aaaaaaaa-0000-4000-8000-000000000001";
pub const GUID: &str = "3f2c9a10-5b7d-4c6e-9a00-0123456789ab";
pub const VM: &str = "/subscriptions/aaaaaaaa-0000-4000-8000-000000000001/resourceGroups/rg-shop/providers/Microsoft.Compute/virtualMachines/web-1";

/// The id of an alert, by the scope that a webhook writes.
pub fn id(guid: &str) -> String {
    format!("/subscriptions/{SUB}/providers/Microsoft.AlertsManagement/alerts/{guid}")
}

/// A webhook in the common schema.
pub fn common(service: &str, condition: &str, context: Value) -> Value {
    json!({
        "schemaId": "azureMonitorCommonAlertSchema",
        "data": {
            "essentials": {
                "alertId": id(GUID), "alertRule": "web-cpu", "severity": "Sev2", "signalType": "Metric",
                "monitorCondition": condition, "monitoringService": service, "alertTargetIDs": [VM],
                "configurationItems": ["web-1"], "originAlertId": "series-of-web-cpu",
                "firedDateTime": "2026-11-20T10:00:00.1234567Z", "resolvedDateTime": null,
                "description": "CPU above 90 %", "essentialsVersion": "1.0", "alertContextVersion": "1.0",
                "alertRuleID": format!("/subscriptions/{SUB}/resourceGroups/rg-shop/providers/Microsoft.Insights/metricAlerts/web-cpu"),
                "resourceType": "microsoft.compute/virtualmachines", "resourceGroupName": "rg-shop",
                "investigationLink": "https://portal.azure.com/#view/investigate"
            },
            "alertContext": context,
            "customProperties": {"team": "shop"}
        }
    })
}

pub fn metric() -> Value {
    let part = json!({"metricName": "Percentage CPU", "operator": "GreaterThan", "threshold": "90",
        "dimensions": [{"name": "instance", "value": "0"}], "metricValue": 97.5});
    common(
        "Platform",
        "Fired",
        json!({"conditionType": "SingleResourceMultipleMetricCriteria", "condition": {"windowSize": "PT5M", "allOf": [part]}}),
    )
}

pub fn log_v2() -> Value {
    let part = json!({"searchQuery": "Heartbeat | summarize by Computer", "metricMeasureColumn": null, "operator": "GreaterThan",
        "threshold": "0", "metricValue": 3.0, "linkToSearchResultsUI": "https://portal.azure.com/#blade/logs",
        "dimensions": [{"name": "Computer", "value": "sql-2"}, {"name": "_ResourceId", "value": VM}]});
    let mut alert =
        common("Log Alerts V2", "Fired", json!({"conditionType": "LogQueryCriteria", "condition": {"allOf": [part]}}));
    alert["data"]["essentials"]["configurationItems"] = json!([]);
    alert["data"]["essentials"]["originAlertId"] = json!("d9a1c0de-0000-4000-8000-00000000beef");
    alert
}

pub fn log_v1_common() -> Value {
    let mut alert = common(
        "Log Analytics",
        "Fired",
        json!({"SearchQuery": "Event", "ResultCount": 2, "AffectedConfigurationItems": ["sql-1", "sql-2"],
            "SearchResults": {"tables": [{"name": "PrimaryResult", "rows": [["a", 1]]}]}}),
    );
    alert["data"]["essentials"]["configurationItems"] = json!([]);
    alert
}

pub fn activity() -> Value {
    common(
        "Activity Log - Administrative",
        "Fired",
        json!({"operationName": "Microsoft.Compute/virtualMachines/deallocate/action", "status": "Succeeded",
            "caller": "ann@example.com", "level": "Informational", "claims": "{\"aud\":\"x\"}"}),
    )
}

pub fn outage(stage: &str, guid: &str) -> Value {
    let mut alert = common(
        "ServiceHealth",
        "Fired",
        json!({"status": "Active", "eventTimestamp": "2026-11-20T11:00:00Z", "properties": {"title": "Storage is slow",
            "service": "Storage", "incidentType": "Incident", "trackingId": "ABC1-2D8", "stage": stage,
            "communication": "<p>We look into it.</p>"}}),
    );
    alert["data"]["essentials"]["alertId"] = json!(id(guid));
    alert
}

pub fn cost() -> Value {
    json!({
        "schemaId": "azureMonitorCommonAlertSchema",
        "data": {
            "essentials": {
                "monitoringService": "CostAlerts", "firedDateTime": "2026-11-20T10:00:00Z", "description": "Your spend",
                "essentialsVersion": "1.0", "alertContextVersion": "1.0", "signalType": null, "severity": null,
                "alertRule": null, "alertTargetIDs": null, "configurationItems": null, "monitorCondition": null,
                "alertId": format!("/subscriptions/{SUB}/providers/Microsoft.CostManagement/alerts/Test_Alert"),
                "originAlertId": null
            },
            "alertContext": {"AlertCategory": "budgets", "AlertData": {"Scope": "/subscriptions/x/", "BudgetName": "b"}},
            "customProperties": null
        }
    })
}

/// An object of the API's list.
pub fn listed(guid: &str, condition: &str, modified: &str) -> Value {
    json!({
        "id": format!("{VM}/providers/Microsoft.AlertsManagement/alerts/{guid}"),
        "type": "Microsoft.AlertsManagement/alerts", "name": "web-cpu",
        "properties": {"essentials": {
            "severity": "Sev2", "signalType": "Metric", "alertState": "New", "monitorCondition": condition,
            "monitorService": "Platform", "targetResource": VM.to_lowercase(), "targetResourceName": "web-1",
            "targetResourceGroup": "rg-shop", "targetResourceType": "virtualmachines",
            "sourceCreatedId": "series-of-web-cpu", "smartGroupId": "x", "description": "",
            "alertRule": format!("/subscriptions/{SUB}/resourceGroups/rg-shop/providers/microsoft.insights/metricAlerts/web-cpu"),
            "startDateTime": "2026-11-20T10:00:00.1234567Z", "lastModifiedDateTime": modified,
            "monitorConditionResolvedDateTime": if condition == "Resolved" { json!("2026-11-20T10:20:02Z") } else { Value::Null },
            "lastModifiedUserName": "System", "actionStatus": {"isSuppressed": false}
        }}
    })
}

/// The metric alert of a webhook without the common schema.
pub fn older_metric(status: &str, at: &str) -> Value {
    json!({
        "schemaId": "AzureMonitorMetricAlert",
        "data": {"version": "2.0", "status": status, "properties": {"team": "shop"}, "context": {
            "timestamp": at, "id": format!("/subscriptions/{SUB}/resourceGroups/rg-shop/providers/microsoft.insights/metricAlerts/web-cpu"),
            "name": "web-cpu", "description": "", "conditionType": "SingleResourceMultipleMetricCriteria", "severity": "3",
            "condition": {"windowSize": "PT5M", "allOf": [{"metricName": "Percentage CPU", "operator": "GreaterThan",
                "threshold": "90", "dimensions": [], "metricValue": 99}]},
            "subscriptionId": SUB, "resourceGroupName": "rg-shop", "resourceName": "web-1",
            "resourceType": "Microsoft.Compute/virtualMachines", "resourceId": VM,
            "portalLink": "https://portal.azure.com/#resource"
        }}
    })
}

pub fn older_activity() -> Value {
    json!({
        "schemaId": "Microsoft.Insights/activityLogs",
        "data": {"status": "Activated", "properties": {}, "context": {"activityLog": {
            "channels": "Operation", "caller": "ann@example.com", "eventSource": "Administrative",
            "eventTimestamp": "2026-11-20T10:00:00+00:00", "eventDataId": "5c5c5c5c-0000-4000-8000-000000000005",
            "level": "Informational", "operationName": "Microsoft.Compute/virtualMachines/write",
            "resourceId": VM, "resourceGroupName": "rg-shop", "resourceType": "Microsoft.Compute/virtualMachines",
            "status": "Succeeded", "subscriptionId": SUB, "submissionTimestamp": "2026-11-20T10:00:09+00:00"
        }}}
    })
}

pub fn older_log() -> Value {
    json!({
        "SubscriptionId": SUB, "AlertRuleName": "errors in the shop", "SearchQuery": "Event | where Level == 1",
        "SearchIntervalStartTimeUtc": "2026-11-20T09:00:00Z", "SearchIntervalEndtimeUtc": "2026-11-20T10:00:00Z",
        "AlertThresholdOperator": "Greater Than", "AlertThresholdValue": 0, "ResultCount": 2, "Severity": "Warning",
        "SearchIntervalInSeconds": 3600, "LinkToSearchResults": "https://portal.azure.com/#logs",
        "SearchResults": {"tables": [], "dataSources": []}, "WorkspaceId": "w-1"
    })
}

pub fn older_budget() -> Value {
    json!({
        "schemaId": "AIP Budget Notification",
        "data": {"SubscriptionName": "prod", "SubscriptionId": SUB, "SpendingAmount": "100", "BudgetStartDate": "11/1/2026",
            "Budget": "50", "Unit": "EUR", "BudgetName": "monthly", "BudgetType": "Cost",
            "NotificationThresholdAmount": "0.8"}
    })
}

/// All of them, with a name.
pub fn all() -> Vec<(&'static str, Value)> {
    let common_of = |service, context| common(service, "Fired", context);
    vec![
        ("metric", metric()),
        (
            "dynamic metric",
            common_of(
                "Platform",
                json!({"conditionType": "DynamicThresholdCriteria", "condition": {"allOf": [{"alertSensitivity": "High", "metricName": "m", "metricValue": 1}]}}),
            ),
        ),
        (
            "web test",
            common_of(
                "Platform",
                json!({"conditionType": "WebtestLocationAvailabilityCriteria", "condition": {"allOf": [{"metricName": "Failed Location", "metricValue": 3.0, "webTestName": "t"}]}}),
            ),
        ),
        ("log 2", log_v2()),
        ("log 1", log_v1_common()),
        (
            "application insights",
            common_of("Application Insights", json!({"SearchQuery": "requests", "ResultCount": 2})),
        ),
        ("activity", activity()),
        ("policy", common_of("Activity Log - Policy", json!({"operationName": "audit", "level": "Warning"}))),
        ("autoscale", common_of("Activity Log - Autoscale", json!({"operationName": "scale"}))),
        ("security", common_of("Activity Log - Security", json!({"properties": {"threatStatus": "Quarantined"}}))),
        ("outage", outage("Active", GUID)),
        (
            "resource health",
            common_of(
                "Resource Health",
                json!({"properties": {"currentHealthStatus": "Unavailable", "previousHealthStatus": "Available", "cause": "PlatformInitiated"}}),
            ),
        ),
        ("resource health, in one word", common_of("ResourceHealth", json!({}))),
        (
            "smart detector",
            common_of(
                "SmartDetector",
                json!({"DetectionSummary": "Failures rose", "DetectedValue": "9 %", "NormalValue": "1 %"}),
            ),
        ),
        (
            "prometheus",
            common_of(
                "Prometheus",
                json!({"interval": "PT1M", "expression": "up == 0", "labels": {"alertname": "Down", "pod": "p-1"}, "annotations": {"summary": "a pod is down"}, "ruleGroup": "/g"}),
            ),
        ),
        ("cost", cost()),
        ("listed", listed(GUID, "Fired", "2026-11-20T10:00:30Z")),
        ("older metric", older_metric("Activated", "2026-11-20T10:00:00Z")),
        ("older activity", older_activity()),
        ("older log", older_log()),
        ("older budget", older_budget()),
    ]
}
