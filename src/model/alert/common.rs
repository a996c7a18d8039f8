//! The common alert schema, as webhooks bring it, and the context that the API gives in the same form
//! (<https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-common-schema>).

use super::obj::{Obj, plain};
use super::{Alert, AlertKey, Condition, Severity, Shape, last_part, service_name};

/// What the test button writes in the place of a GUID.
const TEST: &str = "Test_Alert";

/// The most that is told of a context.
const DETAILS: usize = 40;

/// Reads an alert in the common schema: `data.essentials`, or `essentials` by itself.
pub(super) fn read(obj: &Obj<'_>, data: &Obj<'_>, json: &str) -> Option<Alert> {
    let (essentials, around) = match (data.obj("essentials"), obj.obj("essentials")) {
        (Some(essentials), _) => (essentials, data),
        (None, Some(essentials)) => (essentials, obj),
        (None, None) => return None,
    };
    let id = essentials.first(&["alertid", "id"]);
    let fired_at = essentials.time("fireddatetime").or_else(|| essentials.time("startdatetime"));
    let mut alert = Alert::new(AlertKey::of_notice(&id, fired_at, json));
    alert.shape = Shape::Common;
    alert.severity = Severity::read(&essentials.text("severity"));
    alert.condition = Condition::from_id(&essentials.text("monitorcondition"));
    alert.fired_at = fired_at;
    alert.resolved_at = essentials.time("resolveddatetime");
    alert.rule_id = essentials.text("alertruleid");
    alert.rule = essentials.text("alertrule");
    if alert.rule.contains('/') && alert.rule.to_ascii_lowercase().starts_with("/subscriptions/") {
        alert.rule_id = std::mem::take(&mut alert.rule);
        alert.rule = last_part(&alert.rule_id);
    }
    alert.service = service_name(&essentials.first(&["monitoringservice", "monitorservice"]));
    alert.signal = essentials.text("signaltype");
    alert.description = essentials.text("description");
    alert.targets = essentials.texts("alerttargetids");
    alert.items = essentials.texts("configurationitems");
    alert.resource_type = essentials.first(&["resourcetype", "targetresourcetype"]);
    alert.resource_group = essentials.first(&["resourcegroupname", "targetresourcegroup"]);
    alert.link = essentials.text("investigationlink");
    alert.custom = Obj::map(around.raw("customproperties"));
    alert.test = is_test(&id, &alert.service);
    alert.id = id;
    add_context(&mut alert, &around.obj_or_empty("alertcontext"));
    alert.complete(&essentials.text("originalertid"));
    Some(alert)
}

/// Whether an id is that of a test notification: Microsoft's fixed samples have no GUID of their own.
pub(super) fn is_test(id: &str, service: &str) -> bool {
    let last = id.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let is_hash = last.len() == 60 && last.chars().all(|c| c.is_ascii_hexdigit());
    last.eq_ignore_ascii_case(TEST) || (is_hash && service == "ServiceHealth")
}

/// Adds what the context tells: dimensions, what was measured, and of an outage its state and tracking id.
pub(super) fn add_context(alert: &mut Alert, context: &Obj<'_>) {
    let condition = context.obj_or_empty("condition");
    for part in condition.objs("allof") {
        add_measure(alert, &part);
    }
    add_dimensions(alert, context);
    let flat = ["searchquery", "resultcount", "operationname", "caller", "level", "status", "substatus"];
    for name in flat {
        add(alert, context, name);
    }
    for name in ["alertcategory", "detectionsummary", "detectedvalue", "normalvalue", "expression", "rulegroup"] {
        add(alert, context, name);
    }
    add_maps(alert, context);
    if alert.items.is_empty() {
        alert.items = context.texts("affectedconfigurationitems");
    }
    let properties = context.obj_or_empty("properties");
    for name in ["title", "service", "region", "incidenttype", "trackingid", "stage", "cause"] {
        add(alert, &properties, name);
    }
    for name in ["currenthealthstatus", "previoushealthstatus"] {
        add(alert, &properties, name);
    }
    if alert.service == "ServiceHealth" {
        add_outage(alert, context, &properties);
    }
    alert.details.truncate(DETAILS);
}

/// An outage is always *Fired*: it is over when its state or stage says so, and its notices have one tracking id.
fn add_outage(alert: &mut Alert, context: &Obj<'_>, properties: &Obj<'_>) {
    let tracking = properties.text("trackingid");
    if !tracking.is_empty() {
        alert.event = format!("outage:{}", tracking.to_ascii_lowercase());
    }
    let over = |text: String| text.eq_ignore_ascii_case("resolved");
    if over(context.text("status")) || over(properties.text("stage")) {
        alert.condition = Condition::Resolved;
        alert.resolved_at = alert.resolved_at.or(context.time("eventtimestamp")).or(alert.fired_at);
    }
}

fn add_measure(alert: &mut Alert, part: &Obj<'_>) {
    add_dimensions(alert, part);
    add(alert, part, "searchquery");
    let name = part.first(&["metricname", "metricmeasurecolumn"]);
    let (operator, threshold) = (part.text("operator"), part.text("threshold"));
    let value = part.text("metricvalue");
    if !value.is_empty() || !threshold.is_empty() {
        let name = if name.is_empty() { "value".to_owned() } else { name };
        alert.details.push((name, format!("{value} ({operator} {threshold})")));
    }
    if alert.link.is_empty() {
        alert.link = part.first(&["linktosearchresultsui", "linktofilteredsearchresultsui"]);
    }
}

fn add_dimensions(alert: &mut Alert, part: &Obj<'_>) {
    for dimension in part.objs("dimensions") {
        let name = dimension.text("name");
        if !name.is_empty() {
            alert.dimensions.push((name, dimension.text("value")));
        }
    }
}

/// Labels and annotations of a Prometheus alert, data of a budget.
fn add_maps(alert: &mut Alert, context: &Obj<'_>) {
    alert.dimensions.extend(Obj::map(context.raw("labels")));
    for name in ["annotations", "alertdata"] {
        alert.details.extend(Obj::map(context.raw(name)));
    }
}

fn add(alert: &mut Alert, obj: &Obj<'_>, name: &str) {
    let text = obj.raw(name).map(plain).unwrap_or_default();
    if !text.is_empty() && !alert.details.iter().any(|(known, told)| known == name && *told == text) {
        alert.details.push((name.to_owned(), text));
    }
}
