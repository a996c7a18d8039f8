//! The shapes that receivers get without the common schema: of metric alerts, of activity log alerts, of log search alerts
//! of version 1, and of budgets (<https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-webhooks> and the pages it
//! links to). None has the GUID of the alert.

use super::obj::Obj;
use super::{Alert, AlertKey, Condition, Severity, Shape, common};

/// Reads an alert of one of these shapes.
pub(super) fn read(obj: &Obj<'_>, data: &Obj<'_>) -> Option<Alert> {
    let schema = obj.text("schemaid").to_ascii_lowercase();
    let activity = data.obj_or_empty("context").obj("activitylog");
    if let Some(activity) = activity {
        return Some(of_activity(data, &activity));
    }
    if let Some(alert) = [obj, data].into_iter().find_map(of_log_search) {
        return Some(alert);
    }
    if schema.contains("budget") || data.has("budgetname") {
        return Some(of_budget(data));
    }
    let has_metric = |part: &Obj<'_>| part.has("status") && part.obj("context").is_some();
    [data, obj].into_iter().find(|part| has_metric(part)).map(of_metric)
}

/// A metric alert: one of an activation has the same key whenever it comes; an end is told by its series and time.
fn of_metric(data: &Obj<'_>) -> Alert {
    let context = data.obj_or_empty("context");
    let mut alert = Alert::new(AlertKey::hashed(""));
    alert.shape = Shape::Metric;
    alert.service = "Platform".to_owned();
    alert.signal = "Metric".to_owned();
    set_condition(&mut alert, &data.text("status"), context.time("timestamp"));
    alert.custom = Obj::map(data.raw("properties"));
    add_metric(&mut alert, &context);
    alert.complete("");
    alert.key = key_of(&alert);
    alert
}

/// Adds what the `context` of a metric alert tells.
pub(super) fn add_metric(alert: &mut Alert, context: &Obj<'_>) {
    let fill = |place: &mut String, name: &str| {
        if place.is_empty() {
            *place = context.text(name);
        }
    };
    fill(&mut alert.rule_id, "id");
    fill(&mut alert.rule, "name");
    fill(&mut alert.description, "description");
    fill(&mut alert.subscription, "subscriptionid");
    fill(&mut alert.resource_group, "resourcegroupname");
    fill(&mut alert.resource_type, "resourcetype");
    fill(&mut alert.link, "portallink");
    alert.severity = alert.severity.or_else(|| Severity::read(&context.text("severity")));
    if alert.targets.is_empty() {
        alert.targets = context.texts("resourceid");
    }
    if alert.items.is_empty() {
        alert.items = context.texts("resourcename");
    }
    common::add_context(alert, context);
}

fn of_activity(data: &Obj<'_>, activity: &Obj<'_>) -> Alert {
    let mut alert = Alert::new(AlertKey::hashed(&format!("event {}", activity.text("eventdataid"))));
    alert.shape = Shape::ActivityLog;
    alert.signal = "Activity Log".to_owned();
    let source = activity.text("eventsource");
    alert.service = match source.to_ascii_lowercase().as_str() {
        "servicehealth" => "ServiceHealth".to_owned(),
        "resourcehealth" => "Resource Health".to_owned(),
        _ => super::service_name(&format!("Activity Log - {source}")),
    };
    // The common schema gives all of them this one.
    alert.severity = Severity::read("Sev4");
    set_condition(&mut alert, &data.text("status"), activity.time("eventtimestamp"));
    alert.modified_at = activity.time("submissiontimestamp");
    alert.subscription = activity.text("subscriptionid");
    alert.resource_group = activity.text("resourcegroupname");
    alert.resource_type = activity.text("resourcetype");
    alert.targets = activity.texts("resourceid");
    alert.description = activity.text("description");
    alert.custom = Obj::map(data.raw("properties"));
    common::add_context(&mut alert, activity);
    alert.complete("");
    // Without a rule in it, what happened and where is the series.
    alert.series = format!("{}|{}", activity.text("operationname"), alert.series).to_ascii_lowercase();
    if activity.text("eventdataid").is_empty() {
        alert.key = key_of(&alert);
    }
    alert
}

fn of_log_search(part: &Obj<'_>) -> Option<Alert> {
    let names = ["alertrulename", "searchquery", "searchresults", "searchintervalstarttimeutc"];
    if names.iter().filter(|name| part.has(name)).count() < 2 {
        return None;
    }
    let mut alert = Alert::new(AlertKey::hashed(""));
    alert.shape = Shape::LogSearch;
    alert.service = "Log Analytics".to_owned();
    alert.signal = "Log".to_owned();
    alert.condition = Condition::Fired;
    alert.fired_at = part.time("searchintervalendtimeutc");
    alert.rule = part.text("alertrulename");
    alert.severity = Severity::read(&part.text("severity"));
    alert.description = part.text("description");
    alert.subscription = part.text("subscriptionid");
    alert.targets = part.texts("resourceid");
    if alert.targets.is_empty() {
        alert.targets = part.texts("workspaceid");
    }
    alert.link = part.first(&["linktosearchresults", "linktofilteredsearchresultsui"]);
    common::add_context(&mut alert, part);
    alert.details.extend(
        ["searchintervalstarttimeutc", "searchintervalendtimeutc", "alertthresholdoperator", "alertthresholdvalue"]
            .into_iter()
            .map(|name| (name.to_owned(), part.text(name)))
            .filter(|(_, text)| !text.is_empty()),
    );
    alert.complete("");
    alert.key = key_of(&alert);
    Some(alert)
}

fn of_budget(data: &Obj<'_>) -> Alert {
    let mut alert = Alert::new(AlertKey::hashed(""));
    alert.shape = Shape::Budget;
    alert.service = "CostAlerts".to_owned();
    alert.condition = Condition::Fired;
    alert.rule = data.text("budgetname");
    alert.subscription = data.text("subscriptionid");
    alert.resource_group = data.text("resourcegroup");
    let names = ["budgettype", "budget", "spendingamount", "notificationthresholdamount", "unit", "budgetstartdate"];
    for name in names {
        let text = data.text(name);
        if !text.is_empty() {
            alert.details.push((name.to_owned(), text));
        }
    }
    alert.complete("");
    let told: Vec<String> = alert.details.iter().map(|(name, value)| format!("{name}={value}")).collect();
    alert.key = AlertKey::hashed(&format!("budget {} {}", alert.series, told.join(" ")));
    alert
}

fn set_condition(alert: &mut Alert, status: &str, at: Option<jiff::Timestamp>) {
    alert.condition = Condition::from_id(status);
    match alert.condition {
        Condition::Resolved => alert.resolved_at = at,
        _ => alert.fired_at = at,
    }
}

/// A key for what has no id: the same notice has the same one however often it comes.
fn key_of(alert: &Alert) -> AlertKey {
    let at = alert.fired_at.or(alert.resolved_at).map(|at| at.to_string()).unwrap_or_default();
    AlertKey::hashed(&format!("{} {} {at}", alert.condition.id(), alert.series))
}
