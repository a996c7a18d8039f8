//! A workspace of Log Analytics beside a program that stays open.

use std::path::Path;
use std::time::{Duration, Instant};

use itsmc_practice::azure::{FaultKind, FaultSpec, Role};
use serde_json::Value;

use crate::harness::{DEADLINE, Session, session};
use crate::world::{World, config, itsmc};

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

/// With the work items in the workspace.
fn sent(home: &Path) -> World {
    let world = World::new(home, 60);
    world.cloud.set_up(&config(home), "servicenow", |args| itsmc(home, args));
    assert!(itsmc(home, &["sync", "--quiet"]).status().expect("it starts").success());
    assert_eq!(workspace(home)["behind_rows"], 0);
    world
}

/// Changes a work item in the product; its ID.
fn change(world: &World, title: &str) -> String {
    let id = world.instance.control().rows("incident")[5]["sys_id"].value.clone();
    world.instance.control().edit_row("incident", &id, &[("short_description", title)]).expect("it is there");
    id
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
    let world = sent(&home);
    accepted(&home, 20);
    let id = change(&world, "sent by the screens");
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
    let world = sent(&home);
    change(&world, "held up");
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
