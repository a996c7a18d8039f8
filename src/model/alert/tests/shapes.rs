//! What is read of each shape.

use rstest::rstest;
use serde_json::{Value, json};

use super::samples::{self, GUID, SUB, VM, id};
use crate::model::alert::{Alert, Condition, Severity, Shape, read};

fn one(value: &Value) -> Alert {
    let text = value.to_string();
    let mut all = read(&text);
    assert_eq!(all.len(), 1, "{text}");
    assert_eq!(all[0].raw, text, "kept as it came");
    all.remove(0).alert
}

#[test]
fn each_known_shape_is_known_and_has_a_rule_or_a_target_or_a_budget() {
    for (name, sample) in samples::all() {
        let alert = one(&sample);
        assert_ne!(alert.shape, Shape::Unknown, "{name}");
        assert!(!alert.series.is_empty() && !alert.subscription.is_empty(), "{name}: {alert:?}");
        assert_eq!(alert.test, name == "cost", "{name}");
        let stored: Alert = serde_json::from_str(&serde_json::to_string(&alert).unwrap()).unwrap();
        assert_eq!(stored, alert, "{name}");
    }
}

#[test]
fn a_metric_alert_of_the_common_schema_is_read_whole() {
    let alert = one(&samples::metric());
    assert_eq!((alert.key.as_str(), alert.shape, alert.condition), (GUID, Shape::Common, Condition::Fired));
    assert_eq!((alert.severity.map(Severity::id), alert.rule.as_str()), (Some("Sev2"), "web-cpu"));
    assert_eq!(alert.fired_at.unwrap().to_string(), "2026-11-20T10:00:00.1234567Z");
    assert_eq!(alert.resolved_at, None);
    assert_eq!((alert.subscription.as_str(), alert.resource_group.as_str()), (SUB, "rg-shop"));
    assert_eq!(alert.resource_type, "microsoft.compute/virtualmachines");
    assert_eq!((alert.targets.as_slice(), alert.items.as_slice()), (&[VM.to_owned()][..], &["web-1".to_owned()][..]));
    assert_eq!(alert.series, "series-of-web-cpu");
    assert_eq!(alert.custom["team"], "shop");
    assert_eq!(alert.details, [("Percentage CPU".to_owned(), "97.5 (GreaterThan 90)".to_owned())]);
    assert_eq!(alert.dimensions, [("instance".to_owned(), "0".to_owned())]);
}

#[rstest]
#[case::dimensions(samples::log_v2(), &[VM])]
#[case::version_1(samples::log_v1_common(), &["sql-1", "sql-2"])]
#[case::listed(samples::listed(GUID, "Fired", "2026-11-20T10:00:30Z"), &["web-1"])]
#[case::older_metric(samples::older_metric("Activated", "2026-11-20T10:00:00Z"), &["web-1"])]
#[case::older_activity(samples::older_activity(), &["web-1"])]
fn complaint_08_the_affected_item_is_known_for_every_kind_of_alert(#[case] sample: Value, #[case] items: &[&str]) {
    assert_eq!(one(&sample).items, items);
}

#[test]
fn complaint_07_every_shape_that_is_not_documented_is_kept() {
    for odd in [json!({"hello": "world"}), json!("text"), json!(7), json!({"data": {"essentials": 3}}), json!({})] {
        let alert = one(&odd);
        assert_eq!((alert.shape, alert.condition), (Shape::Unknown, Condition::Unknown), "{odd}");
    }
    assert_ne!(one(&json!(1)).key, one(&json!(2)).key);
}

#[test]
fn a_webhook_and_the_list_agree_on_key_series_rule_and_target() {
    let (told, listed) = (one(&samples::metric()), one(&samples::listed(GUID, "Resolved", "2026-11-20T10:20:00Z")));
    assert_eq!((&told.key, &told.series, &told.rule), (&listed.key, &listed.series, &listed.rule));
    assert_eq!((&told.subscription, &told.resource_type), (&listed.subscription, &listed.resource_type));
    assert_eq!((&told.items, listed.condition), (&listed.items, Condition::Resolved));
    assert_eq!(listed.resolved_at.unwrap().to_string(), "2026-11-20T10:20:02Z");
    assert!(listed.modified_at < listed.resolved_at);
}

#[rstest]
#[case("Activity Log - Administrative", "ActivityLog Administrative")]
#[case("Resource Health", "ResourceHealth")]
#[case("Log Alerts V2", "log alerts v2")]
#[case("ServiceHealth", "Service Health")]
#[case("Something New", "Something New")]
fn services_have_one_name_each(#[case] name: &str, #[case] written: &str) {
    assert_eq!(one(&samples::common(written, "Fired", json!({}))).service, name);
}

#[test]
fn an_origin_names_the_series_of_a_metric_and_of_nothing_else() {
    let series = |service: &str, origin: &str| {
        let mut sample = samples::common(service, "Fired", json!({}));
        sample["data"]["essentials"]["originAlertId"] = json!(origin);
        one(&sample).series
    };
    assert_ne!(series("Platform", "one"), series("Platform", "two"));
    assert_eq!(series("Log Alerts V2", "one"), series("Log Alerts V2", "two"));
}

#[test]
fn complaint_03_an_outage_that_is_over_is_resolved_though_azure_says_fired() {
    let (begun, over) = (one(&samples::outage("Active", GUID)), one(&samples::outage("Resolved", SUB)));
    assert_eq!((begun.condition, over.condition), (Condition::Fired, Condition::Resolved));
    assert_ne!(begun.key, over.key);
    assert_eq!((begun.subject(), over.subject()), ("outage:abc1-2d8", "outage:abc1-2d8"));
    assert_eq!(over.resolved_at.unwrap().to_string(), "2026-11-20T11:00:00Z");
}

#[test]
fn an_outage_has_a_severity_though_a_forwarder_writes_a_word() {
    let mut sample = samples::outage("Active", GUID);
    sample["data"]["essentials"]["severity"] = json!("info");
    assert_eq!(one(&sample).severity.map(Severity::id), Some("Sev3"));
    sample["data"]["essentials"]["severity"] = json!("grave");
    assert_eq!(one(&sample).severity, None);
}

#[rstest]
#[case("Test_Alert", true)]
#[case("6f0b1a6f0b1a6f0b1a6f0b1a6f0b1a6f0b1a6f0b1a6f0b1a6f0b1a6f0b1a", true)]
#[case("a-budget", false)]
fn an_id_without_a_guid_is_a_test_or_has_a_fingerprint(#[case] last: &str, #[case] test: bool) {
    let mut sample = samples::outage("Active", GUID);
    sample["data"]["essentials"]["alertId"] = json!(id(last));
    let alert = one(&sample);
    assert_eq!((alert.test, alert.key.is_guid()), (test, false));
    assert_eq!(alert.key, one(&sample).key);
}

#[test]
fn an_id_without_a_guid_that_comes_back_is_another_alert() {
    let at = |condition: &str, fired: Value| {
        let mut sample = samples::common("CostAlerts", condition, json!({}));
        sample["data"]["essentials"]["alertId"] = json!(id("a-budget"));
        sample["data"]["essentials"]["firedDateTime"] = fired;
        one(&sample).key
    };
    let (november, december) = (json!("2026-11-20T10:00:00Z"), json!("2026-12-20T10:00:00Z"));
    assert_eq!(at("Fired", november.clone()), at("Resolved", november.clone()), "its end is told of the same alert");
    assert_ne!(at("Fired", november), at("Fired", december));
    assert_ne!(at("Fired", json!(null)), at("Resolved", json!(null)), "without a time only the same text is the same");
}

#[test]
fn the_scope_and_letter_case_of_an_id_do_not_count() {
    let mut sample = samples::metric();
    sample["data"]["essentials"]["alertId"] = json!(format!("{VM}/providers/x/alerts/{}/", GUID.to_uppercase()));
    assert_eq!(one(&sample).key.as_str(), GUID);
}

#[test]
fn the_context_of_a_metric_alert_from_the_api_has_the_older_form() {
    let mut sample = samples::listed(GUID, "Fired", "2026-11-20T10:00:30Z");
    sample["properties"]["context"] = json!({"status": "Activated", "properties": {"team": "shop"}, "context": samples::older_metric("", "")["data"]["context"]});
    let alert = one(&sample);
    assert_eq!((alert.severity.map(Severity::id), alert.custom["team"].as_str()), (Some("Sev2"), "shop"));
    assert_eq!(alert.details[0].0, "Percentage CPU");
}

#[test]
fn an_older_metric_alert_has_the_same_key_whenever_it_comes() {
    let at = |status, at| one(&samples::older_metric(status, at));
    let fired = at("Activated", "2026-11-20T10:00:00Z");
    assert_eq!(fired.key, at("Activated", "2026-11-20T10:00:00Z").key);
    assert_ne!(fired.key, at("Activated", "2026-11-20T10:05:00Z").key);
    let over = at("Deactivated", "2026-11-20T10:20:00Z");
    assert_eq!((over.condition, over.series), (Condition::Resolved, fired.series));
    assert_eq!(fired.severity.map(Severity::id), Some("Sev3"));
}

#[test]
fn a_moment_that_was_never_set_is_none() {
    use crate::model::alert::obj::time;
    for never in
        ["0001-01-01T00:00:00", "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "2023-02-29T00:00:00Z", "soon", ""]
    {
        assert_eq!(time(never), None, "{never}");
    }
    assert_eq!(time("2024-02-29T23:59:59.9999999+02:00").unwrap().to_string(), "2024-02-29T21:59:59.9999999Z");
}
