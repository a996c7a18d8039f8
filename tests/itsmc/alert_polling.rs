//! Alerts read from the practice Alerts Management by the real binary, and the tickets that come of them.

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use itsmc_practice::azure::alerts::AlertOrder;
use itsmc_practice::azure::{AzureRequest, CommentKey, FaultKind, FaultSpec, Storm};
use itsmc_practice::servicenow::Options;
use rstest::rstest;
use serde_json::{Value, json};

use crate::cloud::Cloud;
use crate::site::{NAME, Site};

/// How often the memory of a process is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// A practice cloud whose alerts become tickets of a practice instance.
pub struct World {
    pub site: Site,
    pub cloud: Cloud,
}

impl World {
    /// One in which the source's application has this role, and the first pass is done.
    pub fn new(role: &str, source: &[&str], rule: &str) -> Self {
        let world = Self::empty(rule);
        world.add_source(role, source);
        let (code, first) = world.poll();
        assert_eq!(code, 0, "{first}");
        world
    }

    /// One without a source.
    pub fn empty(rule: &str) -> Self {
        let site = Site::connected(Options { rows: Some(20), ..Options::still() });
        let world = Self { site, cloud: Cloud::start() };
        let rules = format!("[[rule]]\nname = 'all'\nconnection = '{NAME}'\n{rule}");
        std::fs::write(world.site.home().join("alert-rules.toml"), rules).unwrap();
        world
    }

    pub fn add_source(&self, role: &str, more: &[&str]) {
        let config = self.site.home().join("config.toml");
        self.cloud.add_source(&config, role, more, |arguments| self.site.itsmc(arguments));
    }

    /// The second subscription, in which the source's application has this role as well.
    fn second(&self, role: &str) -> String {
        let control = &self.cloud.control;
        let second = control.subscriptions().swap_remove(1);
        control.assign(&control.sign_in().object_id, role, &format!("/subscriptions/{second}")).unwrap();
        second
    }

    /// A pass that goes on beside the test.
    fn polling(&self) -> Child {
        let mut command = self.site.itsmc(&["alert", "poll", "--json"]);
        command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
    }

    /// The alerts that itsmc has stored: each with its condition.
    pub fn stored(&self) -> BTreeMap<String, String> {
        let (_, list) = self.site.json(&["alert", "list", "--last", "400d", "--limit", "100000"]);
        let text = |one: &Value, key: &str| one[key].as_str().unwrap().to_owned();
        list.as_array().unwrap().iter().map(|one| (text(one, "id"), text(one, "condition"))).collect()
    }

    /// The same as the cloud has them.
    fn truth(&self) -> BTreeMap<String, String> {
        let text = |one: &Value, key: &str| one[key].as_str().unwrap().to_lowercase();
        self.cloud.control.alerts().iter().map(|one| (text(one, "guid"), text(one, "condition"))).collect()
    }

    pub fn storm(&self, count: usize) -> Vec<String> {
        let alert = AlertOrder { rule: "Rule {n}".into(), target: "web-{n}".into(), ..AlertOrder::default() };
        self.cloud.control.storm(&Storm { count, alert })
    }

    /// Waits until a fault befell a request.
    fn until_befallen(&self) {
        let begun = Instant::now();
        while !self.cloud.control.faults().is_empty() {
            assert!(begun.elapsed() < Duration::from_secs(60), "the fault waits still");
            std::thread::yield_now();
        }
    }

    /// One pass: its exit code and what it told.
    pub fn poll(&self) -> (i32, Value) {
        self.site.json(&["alert", "poll"])
    }

    pub fn fire(&self, rule: &str) -> String {
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
    pub fn alert(&self, guid: &str) -> Value {
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

#[rstest]
fn the_ticket_s_number_is_the_comment_whichever_name_azure_reads(
    #[values(CommentKey::Comments, CommentKey::Comment, CommentKey::CommentsOnly)] key: CommentKey,
) {
    let world = World::new("Monitoring Contributor", &["--acknowledge"], "");
    world.cloud.control.change_manners(|manners| manners.comment_key = key);
    let guid = world.fire("High CPU");
    let (code, told) = world.poll();
    assert_eq!((code, &told["acknowledged"][0]["acknowledged"]), (0, &1.into()), "{told}");
    let number = world.site.control.tickets()[0].number.clone();
    let history = world.alert(&guid)["history"].clone();
    let said = format!("itsmc: {number} ({NAME})");
    assert!(history.as_array().unwrap().iter().any(|one| one["comments"] == said.as_str()), "{history:#}");
    assert_eq!(world.state_of(&guid), "Acknowledged");
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

/// The requests for lists, by subscription.
fn lists(asked: &[AzureRequest]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for one in asked.iter().filter(|one| one.path.ends_with("/alerts")) {
        *counts.entry(one.path.split('/').nth(2).unwrap().to_owned()).or_default() += 1;
    }
    counts
}

#[test]
fn a_pass_without_news_costs_exactly_one_request_a_subscription() {
    let world = World::empty("");
    let second = world.second("Monitoring Reader");
    world.add_source("Monitoring Reader", &["--subscription", &second]);
    // Older than what a pass looks back over, but for one.
    let alert = AlertOrder { rule: "Rule {n}".into(), ago: 3_600, ..AlertOrder::default() };
    world.cloud.control.storm(&Storm { count: 400, alert });
    world.fire("High CPU");
    let (_, first) = world.poll();
    assert_eq!(first["sources"][0]["new"], 401, "{first}");
    world.asked();
    let (code, told) = world.poll();
    let asked = world.asked();
    assert_eq!((code, asked.len()), (0, 2), "{told}\n{asked:?}");
    assert_eq!(lists(&asked).into_values().collect::<Vec<_>>(), [1, 1]);
    assert_eq!((&told["sources"][0]["requests"], &told["sources"][1]["requests"]), (&1.into(), &1.into()));
}

#[test]
fn what_azure_asks_to_wait_is_waited() {
    let world = World::new("Monitoring Reader", &[], "");
    world.fire("High CPU");
    world.cloud.control.fault(FaultSpec { retry_after: 2, ..FaultSpec::new(FaultKind::Throttled).on("/alerts") });
    let (code, told) = world.poll();
    assert_eq!((code, &told["sources"][0]["fault"]["code"]), (6, &"rate-limited".into()), "{told}");
    let until: jiff::Timestamp = told["sources"][0]["waits_until"].as_str().unwrap().parse().unwrap();
    world.asked();
    loop {
        let begun = jiff::Timestamp::now();
        let (_, told) = world.poll();
        let report = &told["sources"][0];
        if report["requests"] == 0 {
            assert!(begun < until && world.asked().is_empty(), "{told}");
            continue;
        }
        assert!(jiff::Timestamp::now() >= until, "{told}");
        assert_eq!((&report["new"], &told["tickets"][0]["opened"]), (&1.into(), &1.into()), "{told}");
        break;
    }
}

#[test]
fn alerts_that_change_while_pages_are_read_are_all_there_after_the_next_pass() {
    let world = World::new("Monitoring Reader", &[], "");
    let all = world.storm(600);
    world.cloud.control.fault(FaultSpec { millis: 3_000, ..FaultSpec::new(FaultKind::Slow).on("/alerts").after(1) });
    let child = world.polling();
    world.until_befallen();
    // The first page was read, and the second waits. What changes now comes to the top of the list, and what was on the
    // first page comes again on the second.
    let shown = world.cloud.control.alerts();
    let (first, last) = (shown[599]["guid"].as_str().unwrap(), shown[3]["guid"].as_str().unwrap());
    for guid in [first, last, &all[300]] {
        world.cloud.control.resolve_alert(guid).unwrap();
    }
    let fresh: Vec<_> = (0..5).map(|nth| world.fire(&format!("New {nth}"))).collect();
    let output = child.wait_with_output().unwrap();
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let report = &told["sources"][0];
    assert!(report["fault"].is_null() && report["seen"].as_u64() > report["new"].as_u64(), "rows come twice: {report}");
    let (_, next) = world.poll();
    assert!(next["sources"][0]["new"].as_u64().unwrap() >= 5, "{next}");
    assert_eq!(world.stored(), world.truth());
    let stored = world.stored();
    assert!(fresh.iter().all(|guid| stored.contains_key(guid)) && stored[last] == "resolved");
}

#[test]
fn a_token_that_expires_between_pages_is_replaced() {
    let world = World::new("Monitoring Reader", &[], "");
    world.storm(600);
    world.cloud.control.fault(FaultSpec::new(FaultKind::Unauthorized).on("/alerts").after(1));
    world.asked();
    let (_, told) = world.poll();
    let report = &told["sources"][0];
    assert_eq!((&report["fault"], &report["new"]), (&Value::Null, &600.into()), "{report}");
    assert_eq!(world.asked().iter().filter(|one| one.status == 401).count(), 1);
    assert_eq!(world.stored(), world.truth());
}

#[test]
fn a_subscription_that_is_refused_does_not_keep_the_other_from_being_read() {
    let world = World::empty("");
    let second = world.second("Monitoring Reader");
    world.add_source("Monitoring Reader", &["--subscription", &second]);
    world.poll();
    world.fire("High CPU");
    world.cloud.control.fault(FaultSpec::new(FaultKind::Forbidden).on(&second).times(0));
    let (code, told) = world.poll();
    let sources = told["sources"].as_array().unwrap();
    assert_eq!((code, sources.len(), &told["tickets"][0]["opened"]), (8, 2, &1.into()), "{told}");
    let refused = sources.iter().find(|one| one["subscription"] == second.as_str()).unwrap();
    assert_eq!(refused["fault"]["code"], "alerts-forbidden", "{told}");
    let listed = world.site.json(&["alert", "source", "list"]).1;
    let states = listed[0]["states"].as_array().unwrap();
    assert_eq!(states.iter().filter(|state| state["fault"].is_null()).count(), 1, "{listed}");
    world.cloud.control.clear_faults();
    let (code, told) = world.poll();
    assert_eq!(code, 0, "{told}");
}

#[test]
fn clocks_that_differ_give_the_alerts_after_the_source_tickets_and_those_before_none() {
    for shift in [-7_200, 7_200] {
        let world = World::empty("");
        world.cloud.control.set_clock_shift(shift);
        let before = world.cloud.control.fire(&AlertOrder { rule: "Before".into(), ago: 600, ..AlertOrder::default() });
        world.add_source("Monitoring Reader", &[]);
        // Times of answers have whole seconds.
        world.cloud.control.set_clock_shift(shift + 2);
        let after = world.fire("After");
        let (code, told) = world.poll();
        assert_eq!((code, &told["tickets"][0]["opened"]), (0, &1.into()), "{shift}: {told}");
        let outcome = |guid: &str| world.site.json(&["alert", "show", guid]).1["outcome"].clone();
        assert_eq!((outcome(&before), outcome(&after)), ("before-start".into(), "opened".into()), "{shift}");
    }
}

#[test]
fn from_the_list_to_the_confirmed_ticket_it_takes_one_pass() {
    let world = World::new("Monitoring Reader", &[], "");
    world.fire("High CPU");
    let begun = Instant::now();
    let (code, told) = world.poll();
    let took = begun.elapsed();
    assert_eq!((code, &told["tickets"][0]["confirmed"]), (0, &1.into()), "{told}");
    let tickets = world.site.control.tickets();
    assert_eq!(tickets.iter().filter(|ticket| ticket.open).count(), 1);
    println!("an alert in the list became a confirmed ticket in {took:?}, the start of the program included");
}

#[test]
fn of_6_000_alerts_in_one_evaluation_each_is_accounted_for_within_the_budget() {
    let world = World::new("Monitoring Reader", &[], "budget = 20\n");
    let fired: BTreeSet<_> = world.storm(6_000).into_iter().collect();
    let begun = Instant::now();
    let child = world.polling();
    let status = format!("/proc/{}/status", child.id());
    let watch = std::thread::spawn(move || {
        let mut peak = String::new();
        while let Ok(text) = std::fs::read_to_string(&status) {
            let Some(line) = text.lines().find(|line| line.starts_with("VmHWM")) else { break };
            line.clone_into(&mut peak);
            std::thread::sleep(LOOK_EVERY);
        }
        peak
    });
    let output = child.wait_with_output().unwrap();
    let took = begun.elapsed();
    println!("6,000 alerts took {took:?}; {}", watch.join().unwrap());
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told["decided"]["outcomes"], json!({"opened": 20, "umbrella": 5_980}), "{told}");
    assert_eq!((&told["sources"][0]["new"], &told["tickets"][0]["opened"]), (&6_000.into(), &21.into()));
    assert_eq!(world.stored().into_keys().collect::<BTreeSet<_>>(), fired);
    let tickets = world.site.control.tickets();
    let opened = tickets.iter().filter(|ticket| ticket.open).count();
    assert_eq!(opened, 21, "the budget and one umbrella");
    let umbrella = tickets.iter().find(|ticket| ticket.title.contains("5,980") || ticket.title.contains("5980"));
    assert!(umbrella.is_some(), "{:?}", tickets.iter().map(|ticket| &ticket.title).collect::<Vec<_>>());
}

#[test]
fn report_19_a_secret_of_one_tenant_is_never_sent_to_another() {
    let world = World::new("Monitoring Reader", &[], "");
    let entra = world.cloud.control.entra();
    let before = entra.requests_by_grant();
    let config = world.site.home().join("config.toml");
    let tenant = world.cloud.control.sign_in().tenant.clone();
    let text = std::fs::read_to_string(&config).unwrap();
    assert!(text.contains(&tenant));
    std::fs::write(&config, text.replace(&tenant, "99999999-0000-4000-8000-000000000009")).unwrap();
    let (code, told) = world.poll();
    let fault = &told["sources"][0]["fault"]["code"];
    assert_eq!((code, fault), (3, &"source-signed-out".into()), "{told}");
    assert_eq!(entra.requests_by_grant(), before, "nothing was sent to anybody");
    std::fs::write(&config, text).unwrap();
    assert_eq!(world.poll().0, 0, "it is still the secret of the first one");
}

/// The source as it is listed.
fn source(world: &World) -> Value {
    world.site.json(&["alert", "source", "list"]).1[0].clone()
}

#[test]
fn a_source_is_edited_by_command_and_what_is_new_there_begins_now() {
    let world = World::new("Monitoring Reader", &[], "");
    let (code, none) = world.site.json(&["alert", "source", "edit", "prod"]);
    assert_eq!((code, none["error"]["code"].as_str()), (2, Some("bad-usage")), "{none}");
    let first = source(&world)["subscriptions"][0].as_str().unwrap().to_owned();
    let second = world.cloud.control.subscriptions().swap_remove(1);
    let edit = ["alert", "source", "edit", "prod", "--subscription", &first, "--subscription", &second];
    world.second("Monitoring Reader");
    world.cloud.control.fault(FaultSpec::new(FaultKind::Forbidden).on(&second).times(0));
    let (code, refused) = world.site.json(&edit);
    assert_eq!(refused["error"]["code"], "alerts-forbidden", "{code} {refused}");
    assert_eq!(source(&world)["subscriptions"].as_array().unwrap().len(), 1, "nothing is saved");
    world.cloud.control.clear_faults();
    let (code, saved) = world.site.json(&edit);
    assert_eq!((code, saved["subscriptions"].as_array().map(Vec::len)), (0, Some(2)), "{saved}");
    world.asked();
    let (code, saved) = world.site.json(&["alert", "source", "edit", "prod", "--every", "300", "--acknowledge"]);
    assert_eq!((code, &saved["every_seconds"], &saved["acknowledge"]), (0, &300.into(), &true.into()), "{saved}");
    assert_eq!(world.asked().len(), 0, "nothing new is read, so nothing is asked");
    let now = source(&world);
    assert!(now["states"][1]["since"].is_string() && now["states"][1]["watermark"].is_null(), "{now}");
    assert!(now["states"][0]["watermark"].is_string() || now["states"][0]["read_at"].is_string(), "{now}");
    assert_eq!(world.poll().0, 0);
    let (code, saved) = world.site.json(&["alert", "source", "edit", "prod", "--subscription", &first]);
    assert_eq!((code, saved["subscriptions"].as_array().map(Vec::len)), (0, Some(1)), "{saved}");
    let (code, missing) = world.site.json(&["alert", "source", "edit", "prodd", "--every", "300"]);
    assert_eq!((code, missing["error"]["code"].as_str()), (4, Some("no-such-source")), "{missing}");
}

#[test]
fn another_sign_in_of_a_source_is_tried_before_it_takes_the_place_of_the_first() {
    let world = World::new("Monitoring Reader", &[], "");
    let edit = |more: &[&str], secret: &str| {
        let mut command = world.site.itsmc(&["alert", "source", "edit", "prod", "--json", "--secrets-stdin"]);
        let output = crate::site::with_stdin(command.args(more), &format!("client_secret = \"{secret}\"\n"));
        (output.status.code(), serde_json::from_slice::<Value>(&output.stdout).unwrap())
    };
    let details = world.cloud.control.sign_in();
    let (code, refused) = edit(&[], "not-the-secret");
    assert_ne!(code, Some(0), "{refused}");
    assert_eq!(world.poll().0, 0, "the first secret is still there");
    let (code, saved) = edit(&[], &details.client_secret);
    assert_eq!(code, Some(0), "{saved}");
    assert_eq!(world.poll().0, 0);
    let (code, saved) = world.site.json(&["alert", "source", "edit", "prod", "--sign-in", "cli", "--tenant", ""]);
    assert_ne!(code, 0, "no Azure CLI is signed in here: {saved}");
    assert_eq!((source(&world)["sign_in"].as_str(), world.poll().0), (Some("service-principal"), 0));
}

#[test]
fn two_sources_that_read_the_same_subscription_are_told() {
    let world = World::new("Monitoring Reader", &[], "");
    let details = world.cloud.control.sign_in();
    let config = world.site.home().join("config.toml");
    let mut text = std::fs::read_to_string(&config).unwrap();
    text.push_str(&format!(
        "\n[[alert_source]]\nname = 'second'\nsign_in = 'cli'\nsubscriptions = ['{}']\n",
        details.azure_subscription
    ));
    std::fs::write(&config, text).unwrap();
    let (code, checked) = world.site.json(&["alert", "check"]);
    assert_eq!((code, &checked["shared"][0]["sources"]), (8, &json!(["prod", "second"])), "{checked}");
    let (_, listed) = world.site.json(&["alert", "source", "list"]);
    assert_eq!(listed[0]["states"][0]["also_read_by"], json!(["second"]), "{listed}");
    let (_, doctor) = world.site.json(&["doctor"]);
    let check = doctor["checks"].as_array().unwrap().iter().find(|check| check["id"] == "alerts").unwrap().clone();
    assert_eq!(check["status"], "warning", "{check}");
    let printed = world.site.run(&["alert", "source", "list"]);
    assert!(String::from_utf8_lossy(&printed.stdout).contains("Several sources read subscription"), "{printed:?}");
    let (_, saved) = world.site.json(&["alert", "source", "edit", "prod", "--every", "90"]);
    assert_eq!(saved["shared"][0]["sources"], json!(["prod", "second"]), "{saved}");
}

#[test]
fn monitoring_is_told_of_alerts_that_are_not_read_and_of_rules_that_make_no_tickets() {
    let world = World::new("Monitoring Reader", &[], "");
    world.site.ok(&["sync"]);
    let check = |more: &[&str]| {
        let output = world.site.run(&[&["status", "--check", "--json"], more].concat());
        let told: Value = serde_json::from_slice(&output.stdout).unwrap();
        (output.status.code().unwrap(), told["alerts"].clone(), String::from_utf8(output.stderr).unwrap())
    };
    world.fire("High CPU");
    assert_eq!(world.poll().0, 0);
    let (code, alerts, _) = check(&[]);
    assert_eq!((code, &alerts["fired"], &alerts["without_ticket"]), (0, &1.into(), &json!({})), "{alerts}");
    assert_eq!((&alerts["rules"]["enabled"], &alerts["sources"][0]["fault"]), (&1.into(), &Value::Null), "{alerts}");
    let (code, _, said) = check(&["--max-age", "0s"]);
    assert!(code == 9 && said.contains("prod: alerts were not read for more than 0 seconds"), "{code} {said}");

    let details = world.cloud.control.sign_in();
    world.cloud.control.fault(FaultSpec::new(FaultKind::Forbidden).on(&details.azure_subscription).times(0));
    assert_eq!(world.poll().0, 5);
    let (code, alerts, _) = check(&[]);
    assert_eq!((code, &alerts["sources"][0]["fault"]["code"]), (8, &"alerts-forbidden".into()), "{alerts}");
    let printed = world.site.run(&["status"]);
    assert!(String::from_utf8_lossy(&printed.stdout).contains("'Monitoring Reader'"), "{printed:?}");
    world.cloud.control.clear_faults();
    assert_eq!((world.poll().0, check(&[]).0), (0, 0));

    world.site.ok(&["alert", "rule", "disable", "all", "--yes"]);
    assert_eq!(check(&[]).0, 8);
    world.site.ok(&["alert", "rule", "enable", "all", "--yes"]);
    assert_eq!(check(&[]).0, 0);
    std::fs::write(world.site.home().join("alert-rules.toml"), "[[rule]]\nname = 'all'\n").unwrap();
    let (code, alerts, _) = check(&[]);
    assert_eq!((code, &alerts["rules_error"]["code"]), (8, &"rules-wrong".into()), "{alerts}");
}

#[test]
fn every_fault_of_a_source_is_told_and_a_wait_that_azure_asked_for_is_none() {
    let world = World::empty("");
    let (first, second) = (world.cloud.control.sign_in().azure_subscription.clone(), world.second("Monitoring Reader"));
    world.add_source("Monitoring Reader", &["--subscription", &second]);
    assert_eq!(world.poll().0, 0);
    world.site.ok(&["sync"]);
    let alerts_of_doctor = || {
        let (_, doctor) = world.site.json(&["doctor"]);
        doctor["checks"].as_array().unwrap().iter().find(|check| check["id"] == "alerts").unwrap().clone()
    };
    let control = &world.cloud.control;
    control.fault(FaultSpec::new(FaultKind::Forbidden).on(&first).times(0));
    control.fault(FaultSpec::new(FaultKind::Html).on(&second).times(0));
    world.poll();
    let status = world.site.ok(&["status"]);
    for id in [&first, &second] {
        assert!(status.contains(&format!("Alerts of prod could not be read in subscription {id}:")), "{status}");
    }
    assert!(status.contains("'Monitoring Reader'"), "{status}");

    control.clear_faults();
    control.fault(FaultSpec::new(FaultKind::Forbidden).on(&first).times(0));
    control.fault(FaultSpec { retry_after: 60, ..FaultSpec::new(FaultKind::Throttled).on(&second) });
    let (_, told) = world.poll();
    assert_eq!(told["sources"][1]["fault"]["code"], "rate-limited", "{told}");
    let status = world.site.ok(&["status"]);
    assert!(status.contains(&format!("could not be read in subscription {first}:")), "{status}");
    assert!(!status.contains(&second), "{status}");
    let check = alerts_of_doctor();
    assert!(check["status"] == "failed" && check.to_string().contains("'Monitoring Reader'"), "{check}");

    control.clear_faults();
    world.poll();
    assert_eq!(alerts_of_doctor()["status"], "passed", "{}", alerts_of_doctor());
    assert_eq!(world.site.run(&["status", "--check"]).status.code(), Some(0));
}
