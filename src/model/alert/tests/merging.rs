//! One alert out of several notices.

use proptest::prelude::*;

use super::samples::{self, GUID};
use crate::model::alert::{Alert, Condition, read};

/// Notices of one alert: fired and resolved, by webhook and by the API.
fn notices() -> Vec<Alert> {
    let mut resolved = samples::common("Platform", "Resolved", serde_json::json!({}));
    resolved["data"]["essentials"]["resolvedDateTime"] = serde_json::json!("2026-11-20T10:20:02Z");
    resolved["data"]["essentials"]["description"] = serde_json::json!("");
    resolved["data"]["customProperties"] = serde_json::Value::Null;
    let mut muted = samples::listed(GUID, "Fired", "2026-11-20T10:01:00Z");
    muted["properties"]["essentials"]["actionStatus"]["isSuppressed"] = serde_json::json!(true);
    let closed = samples::listed(GUID, "Resolved", "2026-11-20T10:20:00Z");
    [samples::metric(), resolved, muted, closed].map(|value| read(&value.to_string()).remove(0).alert).to_vec()
}

fn merged(all: impl IntoIterator<Item = Alert>) -> Alert {
    all.into_iter().reduce(Alert::merged).unwrap()
}

/// What a ticket is made of, and what decides about it.
fn told(alert: &Alert) -> String {
    let Alert { condition, fired_at, resolved_at, modified_at, rule, series, details, custom, description, .. } = alert;
    let standing = (condition, fired_at, resolved_at, modified_at, alert.suppressed, alert.severity);
    format!("{standing:?} {rule} {series} {details:?} {custom:?} {description} {:?}", alert.items)
}

#[test]
fn complaint_06_resolved_keeps_the_details_of_fired() {
    let [fired, resolved, ..] = &notices()[..] else { unreachable!() };
    for both in [fired.clone().merged(resolved.clone()), resolved.clone().merged(fired.clone())] {
        assert_eq!((both.condition, both.resolved_at), (Condition::Resolved, resolved.resolved_at));
        assert_eq!((&both.details, &both.custom), (&fired.details, &fired.custom));
        assert_eq!((&both.description, both.fired_at), (&fired.description, fired.fired_at));
    }
}

#[test]
fn what_the_api_says_newest_counts_for_what_changes() {
    let all = notices();
    let muted = merged([all[0].clone(), all[2].clone()]);
    assert!(muted.suppressed);
    assert!(!merged([muted, all[3].clone()]).suppressed);
}

proptest! {
    /// Whatever the order, and however often each notice comes: the same alert.
    #[test]
    fn the_order_of_notices_does_not_count(order in Just(notices()).prop_shuffle(), again in 0..4_usize) {
        let wanted = told(&merged(notices()));
        let mut all = order;
        all.push(all[again].clone());
        prop_assert_eq!(told(&merged(all)), wanted);
    }
}
