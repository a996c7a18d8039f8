//! Alerts of Azure beside a program that stays open: one that fires appears by itself, gets its ticket, and is resolved.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use itsmc_practice::azure::alerts::AlertOrder;
use itsmc_practice::servicenow;
use tokio::runtime::Runtime;

use crate::cloud::Cloud;
use crate::dashboard::without_schedule;
use crate::four::add;
use crate::harness::{Session, session};

fn itsmc(home: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_itsmc"));
    command.args(args).env("ITSMC_HOME", home.join("itsmc")).env("ITSMC_KEY_FILE", home.join("vault-key.txt"));
    command
}

/// A product, a cloud, and a home with a source of alerts and a rule for all of them.
struct World {
    _runtime: Runtime,
    server: servicenow::Server,
    cloud: Cloud,
}

impl World {
    fn new(home: &Path) -> Self {
        let runtime = Runtime::new().expect("a runtime starts");
        let options = servicenow::Options { rows: Some(20), ..servicenow::Options::still() };
        let server = runtime.block_on(servicenow::Server::start(options)).expect("it starts");
        let cloud = Cloud::start();
        add(home, server.sign_in());
        without_schedule(home);
        cloud.name_in(&home.join("itsmc/config.toml"));
        let details = cloud.control.sign_in();
        let scope = format!("/subscriptions/{}", details.azure_subscription);
        cloud.control.assign(&details.object_id, "Monitoring Reader", &scope).expect("there is such a role");
        let mut command = itsmc(home, &["alert", "source", "add", "prod", "--every", "5", "--secrets-stdin"]);
        command.args(["--sign-in", "service-principal", "--tenant", &details.tenant]);
        command.args(["--client-id", &details.client_id, "--subscription", &details.azure_subscription]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().expect("it starts");
        let secret = format!("client_secret = \"{}\"\n", details.client_secret);
        child.stdin.take().expect("stdin is open").write_all(secret.as_bytes()).expect("the secret is taken");
        assert!(child.wait().expect("it ends").success(), "the source is added");
        let rules = "[[rule]]\nname = 'all'\nconnection = 'servicenow'\n";
        std::fs::write(home.join("itsmc/alert-rules.toml"), rules).expect("the rules are written");
        Self { _runtime: runtime, server, cloud }
    }

    fn fire(&self, rule: &str) -> String {
        self.cloud.control.fire(&AlertOrder { rule: rule.into(), ..AlertOrder::default() })
    }
}

/// A line of the screen that has all of these words.
fn wait_for_line(session: &Session, words: &[&str]) {
    session.wait_for(&format!("a line with {words:?}"), |screen| {
        screen.contents().lines().any(|line| words.iter().all(|word| line.contains(word)))
    });
}

fn leave(session: &mut Session) {
    session.keys("q");
    session.keys("q");
    assert_eq!(session.wait_for_end(), 0);
    session.assert_restored();
}

#[test]
fn an_alert_that_fires_appears_by_itself_with_its_ticket_and_is_resolved() {
    let builder = session(&[]);
    let world = World::new(builder.home());
    let mut session = builder.start();
    session.wait_for_text("Not synced yet");
    session.keys("a");
    session.wait_for_text("No alerts yet");
    wait_for_line(&session, &["prod"]);
    session.wait_for("the first pass", |screen| !screen.contents().contains("not read yet"));
    let guid = world.fire("web-cpu");
    wait_for_line(&session, &["fired", "web-cpu", "INC", "opened"]);
    let tickets = world.server.control().tickets();
    assert_eq!((tickets.len(), tickets[0].open), (1, true), "{tickets:?}");
    wait_for_line(&session, &["web-cpu", &tickets[0].number]);
    session.keys("\r");
    session.wait_for_text("a ticket is opened");
    session.wait_for_text("open: done");
    session.keys("q");
    world.cloud.control.resolve_alert(&guid).expect("it is there");
    wait_for_line(&session, &["✓ resolved", "web-cpu", &tickets[0].number, "opened, resolved"]);
    session.wait_for("the resolution in the product", |_| world.server.control().tickets().iter().all(|one| !one.open));
    assert_eq!(world.server.control().tickets().len(), 1);
    session.keys("R");
    session.wait_for_text("1 alerts, 1 tickets");
    session.keys("v");
    session.wait_for_text("Preview: nothing is written");
    session.wait_for_text("All: 1 alerts, 1 tickets");
    session.keys("q");
    session.wait_for_text("Alert rules");
    session.keys("q");
    session.wait_for_text("Azure alerts");
    leave(&mut session);
}

#[test]
fn a_program_that_is_left_does_not_wait_for_an_azure_that_hangs() {
    use itsmc_practice::azure::{FaultKind, FaultSpec};
    let builder = session(&[]);
    let world = World::new(builder.home());
    let hanging = FaultSpec { path: Some("/alerts".into()), millis: 3_600_000, ..FaultSpec::new(FaultKind::Slow) };
    world.cloud.control.fault(hanging);
    let mut session = builder.start();
    session.wait_for_text("Not synced yet");
    session.keys("a");
    wait_for_line(&session, &["prod", "is being read"]);
    leave(&mut session);
}
