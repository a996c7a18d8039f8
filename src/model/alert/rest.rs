//! An alert as the Alerts Management API gives it: `properties.essentials`, and with `includeContext` or by a get
//! `properties.context` (azure-rest-api-specs, `AlertsManagement.json`; recorded traffic).

use super::obj::Obj;
use super::{Alert, AlertKey, Condition, Severity, Shape, common, last_part, older, service_name};

/// Reads an object of the API.
pub(super) fn read(obj: &Obj<'_>, json: &str) -> Option<Alert> {
    let properties = obj.obj("properties")?;
    let essentials = properties.obj("essentials")?;
    let id = obj.text("id");
    let fired_at = essentials.time("startdatetime");
    let mut alert = Alert::new(AlertKey::of_notice(&id, fired_at, json));
    alert.shape = Shape::Listed;
    alert.severity = Severity::read(&essentials.text("severity"));
    alert.condition = Condition::from_id(&essentials.text("monitorcondition"));
    alert.fired_at = fired_at;
    alert.resolved_at = essentials.time("monitorconditionresolveddatetime");
    alert.modified_at = essentials.time("lastmodifieddatetime");
    name_rule(&mut alert, &essentials.text("alertrule"), obj.text("name"));
    alert.service = service_name(&essentials.first(&["monitorservice", "monitoringservice"]));
    alert.signal = essentials.text("signaltype");
    alert.description = essentials.text("description");
    alert.targets = essentials.texts("targetresource");
    alert.items = essentials.texts("targetresourcename");
    alert.resource_group = essentials.text("targetresourcegroup");
    alert.resource_type = essentials.text("targetresourcetype");
    alert.user_state = essentials.text("alertstate");
    alert.suppressed = essentials.obj_or_empty("actionstatus").flag("issuppressed").unwrap_or_default();
    alert.custom = Obj::map(properties.raw("customproperties"));
    alert.test = common::is_test(&id, &alert.service);
    alert.id = id;
    if let Some(context) = properties.obj("context") {
        read_context(&mut alert, &context);
    }
    alert.complete(&essentials.text("sourcecreatedid"));
    Some(alert)
}

/// The rule is a resource id; of old alerts a name or an address, with spaces.
fn name_rule(alert: &mut Alert, rule: &str, name: String) {
    if rule.to_ascii_lowercase().starts_with("/subscriptions/") {
        alert.rule_id = rule.to_owned();
        alert.rule = last_part(rule);
    } else {
        alert.rule = if rule.is_empty() { name } else { rule.to_owned() };
    }
}

/// The context is that of a webhook; for metric alerts the older form of it, once more in `context`.
fn read_context(alert: &mut Alert, context: &Obj<'_>) {
    match context.obj("context") {
        Some(inner) => older::add_metric(alert, &inner),
        None => common::add_context(alert, context),
    }
    for (name, value) in Obj::map(context.raw("properties")) {
        if context.obj("context").is_some() {
            alert.custom.entry(name).or_insert(value);
        }
    }
}
