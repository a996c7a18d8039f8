//! Alerts read from the practice Alerts Management by the real binary, and the tickets that come of them.

use itsmc_practice::azure::alerts::AlertOrder;
use itsmc_practice::azure::{AzureRequest, FaultKind, FaultSpec};
use itsmc_practice::servicenow::Options;
use serde_json::Value;

use crate::cloud::Cloud;
use crate::site::{NAME, Site};

/// A practice cloud whose alerts become tickets of a practice instance.
struct World {
    site: Site,
    cloud: Cloud,
}

impl World {
    /// One in which the source's application has this role, and the first pass is done.
    fn new(role: &str, source: &[&str], rule: &str) -> Self {
        let world =
            Self { site: Site::connected(Options { rows: Some(20), ..Options::still() }), cloud: Cloud::start() };
        let rules = format!("[[rule]]\nname = 'all'\nconnection = '{NAME}'\n{rule}");
        std::fs::write(world.site.home().join("alert-rules.toml"), rules).unwrap();
        let config = world.site.home().join("config.toml");
        world.cloud.add_source(&config, role, source, |arguments| world.site.itsmc(arguments));
        let (code, first) = world.poll();
        assert_eq!(code, 0, "{first}");
        world
    }

    /// One pass: its exit code and what it told.
    fn poll(&self) -> (i32, Value) {
        self.site.json(&["alert", "poll"])
    }

    fn fire(&self, rule: &str) -> String {
        self.cloud.control.fire(&AlertOrder { rule: rule.into(), ..AlertOrder::default() })
    }

    /// What was asked of Alerts Management since this was last asked.
    fn asked(&self) -> Vec<AzureRequest> {
        let mut asked = self.cloud.control.requests();
        self.cloud.control.clear_requests();
        asked.retain(|one| one.path.to_lowercase().contains("microsoft.alertsmanagement"));
        asked
    }

    /// An alert as the cloud has it.
    fn alert(&self, guid: &str) -> Value {
        self.cloud.control.alerts().into_iter().find(|alert| alert["guid"] == guid).unwrap()
    }

    fn state_of(&self, guid: &str) -> String {
        self.alert(guid)["state"].as_str().unwrap().to_owned()
    }
}

#[test]
fn an_alert_with_a_ticket_is_acknowledged_with_its_number_and_once() {
    let world = World::new("Monitoring Contributor", &["--acknowledge"], "");
    let (first, closed) = (world.fire("High CPU"), world.fire("Disk full"));
    world.cloud.control.set_alert_state(&closed, itsmc_practice::azure::alerts::UserState::Closed, "somebody").unwrap();
    world.asked();
    let (code, told) = world.poll();
    assert_eq!((code, &told["tickets"][0]["opened"]), (0, &2.into()), "{told}");
    assert_eq!(told["acknowledged"][0]["acknowledged"], 2, "{told}");
    assert_eq!((world.state_of(&first).as_str(), world.state_of(&closed).as_str()), ("Acknowledged", "Closed"));
    let changes = |asked: Vec<AzureRequest>| asked.iter().filter(|one| one.path.ends_with("/changestate")).count();
    assert_eq!(changes(world.asked()), 1, "what somebody closed stays closed");
    let numbers: Vec<_> = world.site.control.tickets().into_iter().map(|ticket| ticket.number).collect();
    let history = world.alert(&first)["history"].clone();
    let comments: Vec<_> = history.as_array().unwrap().iter().map(|one| one["comments"].as_str().unwrap()).collect();
    let said = |number: &String| comments.contains(&format!("itsmc: {number} ({NAME})").as_str());
    assert!(numbers.iter().any(said), "{comments:?} {numbers:?}");
    let (code, again) = world.poll();
    assert_eq!((code, &again["acknowledged"], changes(world.asked())), (0, &serde_json::json!([]), 0), "{again}");
}

#[test]
fn a_source_that_may_not_acknowledge_makes_its_tickets_and_names_the_role() {
    let world = World::new("Monitoring Reader", &["--acknowledge"], "");
    let guid = world.fire("High CPU");
    let (code, told) = world.poll();
    assert_eq!((code, &told["tickets"][0]["opened"]), (8, &1.into()), "{told}");
    let missing = &told["acknowledged"][0];
    assert_eq!((&missing["fault"]["code"], &missing["waiting"]), (&"may-not-acknowledge".into(), &1.into()), "{told}");
    let listed = world.site.json(&["alert", "source", "list"]).1;
    assert_eq!(listed[0]["states"][0]["acknowledge_fault"]["code"], "may-not-acknowledge", "{listed}");
    let printed = world.site.run(&["alert", "poll"]);
    let printed = String::from_utf8(printed.stdout).unwrap();
    assert!(printed.contains("'Monitoring Contributor'"), "{printed}");

    let details = world.cloud.control.sign_in();
    let scope = format!("/subscriptions/{}", details.azure_subscription);
    world.cloud.control.assign(&details.object_id, "Monitoring Contributor", &scope).unwrap();
    let (code, told) = world.poll();
    assert_eq!((code, &told["acknowledged"][0]["acknowledged"]), (0, &1.into()), "{told}");
    assert_eq!(world.state_of(&guid), "Acknowledged");
    let listed = world.site.json(&["alert", "source", "list"]).1;
    assert_eq!(listed[0]["states"][0]["acknowledge_fault"], Value::Null, "{listed}");
}

#[test]
fn a_source_that_does_not_acknowledge_changes_nothing_in_azure() {
    let world = World::new("Monitoring Contributor", &[], "");
    let guid = world.fire("High CPU");
    let (_, told) = world.poll();
    assert_eq!((&told["tickets"][0]["opened"], &told["acknowledged"]), (&1.into(), &serde_json::json!([])), "{told}");
    assert_eq!(world.state_of(&guid), "New");
    assert!(world.asked().iter().all(|one| one.method == "GET"));
}

#[test]
fn trouble_with_acknowledging_delays_no_ticket_and_is_tried_again() {
    let world = World::new("Monitoring Contributor", &["--acknowledge"], "");
    world.fire("High CPU");
    world.cloud.control.fault(FaultSpec::new(FaultKind::ServerError).on("/changestate"));
    let (code, told) = world.poll();
    assert_eq!((code, &told["tickets"][0]["opened"]), (8, &1.into()), "{told}");
    assert_eq!(told["acknowledged"][0]["waiting"], 1, "{told}");
    let (code, told) = world.poll();
    assert_eq!((code, &told["acknowledged"][0]["acknowledged"]), (0, &1.into()), "{told}");
}
