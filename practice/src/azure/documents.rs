//! The action groups and alert rules that are there at the start: as the old connector's users left them.

use serde_json::{Value, json};

use super::state::Document;
use crate::core::estate::MACHINES;
use crate::core::rng::stable_guid;

const GROUP: &str = "monitoring";

/// A document as it is written down here: type, name, location, properties.
type Written = (&'static str, &'static str, &'static str, Value);

/// Every document of the first subscription.
pub(super) fn first_documents(subscription: &str) -> Vec<Document> {
    let written = [action_groups(subscription), rules(subscription), processing_rules(subscription)].concat();
    let made = |(kind, name, location, properties): Written| Document {
        kind,
        subscription: subscription.to_owned(),
        group: GROUP.to_owned(),
        name: name.to_owned(),
        body: json!({ "location": location, "properties": properties }),
    };
    written.into_iter().map(made).collect()
}

fn group_id(subscription: &str, name: &str) -> String {
    format!("/subscriptions/{subscription}/resourceGroups/{GROUP}/providers/microsoft.insights/actionGroups/{name}")
}

/// A ticket's configuration as the portal stored it: a text, and its fields in it a text again or an object.
fn ticket(kind: &str, data: Value, more: &[(&str, Value)]) -> String {
    let mut ticket = json!({ "PayloadRevision": 0, "WorkItemType": kind, "UseTemplate": false, "WorkItemData": data });
    more.iter().for_each(|(name, value)| ticket[*name] = value.clone());
    ticket.to_string()
}

fn receiver(name: &str, subscription: &str, ticket: String) -> Value {
    json!({
        "name": name, "workspaceId": format!("{subscription}|{}", stable_guid("azure workspace", "contoso-logs")),
        "connectionId": stable_guid("old connection", "contoso"), "region": "westeurope", "ticketConfiguration": ticket,
    })
}

fn action_groups(subscription: &str) -> Vec<Written> {
    let fields = json!({
        "contact_type": "email", "impact": "3", "urgency": "2", "category": "request", "subcategory": "password",
    });
    let event_fields = json!({ "resource": "assignment_group:[Systems]", "severity": 2 });
    let each = [("CreateOneWIPerCI", json!(true))];
    let none = [("CreateOneWIPerCI", json!(false))];
    let per_log = [("CreateOneWIPerLog", json!(true)), ("PayloadRevision", Value::Null)];
    let tickets = [
        ("ops-itsm", "Incident for operations", ticket("Incident", fields.to_string().into(), &none)),
        ("ci-itsm", "One per item", ticket("Incident", fields, &each)),
        ("event-itsm", "Events", ticket("Event", event_fields, &[&none[..], &per_log[..]].concat())),
        ("old-itsm", "Alerts", ticket("Alert", "{}".into(), &[])),
    ];
    let tickets =
        tickets.into_iter().map(|(group, name, ticket)| (group, json!([receiver(name, subscription, ticket)])));
    tickets.chain([("mail-only", json!([]))]).map(action_group).collect()
}

fn action_group((name, itsm): (&'static str, Value)) -> Written {
    let short: String = name.chars().take(12).collect();
    let email =
        json!([{ "name": "on call", "emailAddress": "oncall@contoso.practice.example", "useCommonAlertSchema": true }]);
    let properties = json!({
        "groupShortName": short, "enabled": name != "old-itsm", "emailReceivers": email, "smsReceivers": [],
        "webhookReceivers": [], "itsmReceivers": itsm, "azureAppPushReceivers": [], "armRoleReceivers": [],
    });
    ("Microsoft.Insights/actionGroups", name, "Global", properties)
}

/// A rule of each type. One names its action group in small letters.
fn rules(subscription: &str) -> Vec<Written> {
    let scope = format!("/subscriptions/{subscription}");
    let metric = json!({
        "description": "CPU above 90%", "severity": 2, "enabled": true, "scopes": [MACHINES[0].arm_id()],
        "evaluationFrequency": "PT1M", "windowSize": "PT5M", "autoMitigate": true,
        "targetResourceType": "Microsoft.Compute/virtualMachines",
        "criteria": { "odata.type": "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria", "allOf": [] },
        "actions": [{ "actionGroupId": group_id(subscription, "ops-itsm"), "webHookProperties": {} }],
    });
    let log = json!({
        "displayName": "No heartbeat", "severity": 1, "enabled": true, "scopes": [scope], "evaluationFrequency": "PT5M",
        "windowSize": "PT10M", "criteria": { "allOf": [] }, "autoMitigate": false,
        "actions": {
            "actionGroups": [group_id(subscription, "ci-itsm").to_lowercase()], "customProperties": { "team": "servers" },
        },
    });
    let activity = json!({
        "description": "", "enabled": true, "scopes": [scope],
        "condition": { "allOf": [{ "field": "category", "equals": "Administrative" }] },
        "actions": {
            "actionGroups": [{ "actionGroupId": group_id(subscription, "event-itsm"), "webhookProperties": {} }],
        },
    });
    vec![
        ("Microsoft.Insights/metricAlerts", "High CPU", "global", metric),
        ("Microsoft.Insights/scheduledQueryRules", "No heartbeat", "westeurope", log),
        ("Microsoft.Insights/activityLogAlerts", "Machine restarted", "Global", activity),
    ]
}

/// Baseline deployments give their rules no action group: a processing rule adds one to all of them.
fn processing_rules(subscription: &str) -> Vec<Written> {
    let adds = json!({
        "scopes": [format!("/subscriptions/{subscription}")], "enabled": true,
        "description": "Action group for all rules of the baseline",
        "conditions": [{ "field": "Severity", "operator": "Equals", "values": ["Sev0", "Sev1"] }],
        "actions": [{ "actionType": "AddActionGroups", "actionGroupIds": [group_id(subscription, "ops-itsm")] }],
    });
    let suppresses = json!({
        "scopes": [MACHINES[0].arm_id()], "enabled": true, "actions": [{ "actionType": "RemoveAllActionGroups" }],
        "schedule": { "effectiveFrom": "2026-01-01T22:00:00", "timeZone": "W. Europe Standard Time" },
    });
    vec![
        ("Microsoft.AlertsManagement/actionRules", "baseline-actions", "Global", adds),
        ("Microsoft.AlertsManagement/actionRules", "patch-night", "Global", suppresses),
    ]
}
