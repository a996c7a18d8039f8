//! A workspace of Log Analytics beside a program that stays open.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use itsmc_practice::azure::{FaultKind, FaultSpec, Role};
use itsmc_practice::servicenow;
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::cloud::Cloud;
use crate::dashboard::without_schedule;
use crate::four::add;
use crate::harness::{DEADLINE, Session, session};

const NAME: &str = "servicenow";

fn itsmc(home: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_itsmc"));
    command.args(args).env("ITSMC_HOME", home.join("itsmc")).env("ITSMC_KEY_FILE", home.join("vault-key.txt"));
    command
}

fn workspace(home: &Path) -> Value {
    let output = itsmc(home, &["status", "--json"]).output().expect("the program starts");
    let status: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    status["workspaces"][0].clone()
}

/// Waits for what no screen shows.
fn until(what: &str, wanted: impl Fn() -> bool) {
    let end = Instant::now() + DEADLINE;
    while !wanted() {
        assert!(Instant::now() < end, "still waiting for {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A product, a cloud, and a home whose work items are in the workspace.
struct World {
    _runtime: Runtime,
    server: servicenow::Server,
    cloud: Cloud,
}

impl World {
    fn new(home: &Path) -> Self {
        let runtime = Runtime::new().expect("a runtime starts");
        let options = servicenow::Options { rows: Some(60), ..servicenow::Options::still() };
        let server = runtime.block_on(servicenow::Server::start(options)).expect("it starts");
        let cloud = Cloud::start();
        add(home, server.sign_in());
        cloud.set_up(&home.join("itsmc/config.toml"), NAME, |args| itsmc(home, args));
        assert!(itsmc(home, &["sync", "--quiet"]).status().expect("it starts").success());
        assert_eq!(workspace(home)["behind_rows"], 0);
        without_schedule(home);
        Self { _runtime: runtime, server, cloud }
    }

    fn change(&self, title: &str) -> String {
        let id = self.server.control().rows("incident")[5]["sys_id"].value.clone();
        self.server.control().edit_row("incident", &id, &[("short_description", title)]).expect("it is there");
        id
    }
}

/// The last row was accepted so long ago.
fn accepted(home: &Path, minutes: i64) {
    let at = jiff::Timestamp::now() - jiff::SignedDuration::from_mins(minutes);
    let database = rusqlite::Connection::open(home.join("itsmc/itsmc.db")).expect("it opens");
    let sql = "UPDATE sink SET state = json_set(state, '$.last_accepted', ?1)";
    assert_eq!(database.execute(sql, [at.to_string()]).expect("it is written"), 1);
}

fn leave(session: &mut Session) {
    session.keys("q");
    assert_eq!(session.wait_for_end(), 0);
    session.assert_restored();
}

#[test]
fn a_program_that_stays_open_sends_what_it_synced_and_verifies_by_itself() {
    let builder = session(&[]);
    let home = builder.home().to_owned();
    let world = World::new(&home);
    accepted(&home, 20);
    let id = world.change("sent by the screens");
    let mut session = builder.start();
    session.wait_for_text("healthy");
    session.keys("s");
    until("the row to be in the workspace", || {
        world.cloud.newest().get(&id).is_some_and(|row| row["Title_s"] == "sent by the screens")
    });
    until("the verification to be noted", || workspace(&home)["last_verified"].is_string());
    let verified = workspace(&home);
    assert_eq!((&verified["verified"]["missing"], &verified["verify_fault"]), (&0.into(), &Value::Null), "{verified}");
    leave(&mut session);
}

#[test]
fn a_program_that_is_left_does_not_wait_for_a_workspace_that_hangs() {
    let builder = session(&[]);
    let home = builder.home().to_owned();
    let world = World::new(&home);
    world.change("held up");
    let hanging = FaultSpec { path: Some("/streams/".into()), millis: 3_600_000, ..FaultSpec::new(FaultKind::Slow) };
    world.cloud.control.fault(hanging);
    let mut session = builder.start();
    session.wait_for_text("healthy");
    session.keys("s");
    until("the request to hang", || world.cloud.control.faults().is_empty());
    leave(&mut session);
    assert_eq!(workspace(&home)["behind_rows"], 1);
    let sent = itsmc(&home, &["workspace", "send", "prod"]).output().expect("it starts");
    assert!(sent.status.success(), "{}", String::from_utf8_lossy(&sent.stderr));
    assert_eq!(workspace(&home)["behind_rows"], 0);
    assert!(world.cloud.control.requests().iter().any(|one| one.role == Role::Ingestion));
}
