//! Sending beside a program that stays open, by a clock that the test moves: after each sync, and one verification a day.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use itsmc::net::BoxFuture;
use itsmc::service::following::Following;
use itsmc::sink::clock::Clock;
use itsmc_practice::azure::{FaultKind, FaultSpec, Role};
use itsmc_practice::servicenow::Options;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::cloud::Cloud;
use crate::sink::{assert_same, connect, feed};
use crate::site::{NAME, Site, services};

/// A clock that stands still until it is moved; its waits are over at once.
struct Moved(Mutex<Timestamp>);

impl Moved {
    fn on(&self, minutes: i64) {
        *self.0.lock().unwrap() += SignedDuration::from_mins(minutes);
    }
}

impl Clock for Moved {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }

    fn sleep(&self, time: Duration) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            *self.0.lock().unwrap() += SignedDuration::try_from(time).unwrap();
            tokio::task::yield_now().await;
        })
    }
}

/// A site whose rows are in the workspace, and what follows its syncs.
struct World {
    runtime: Runtime,
    site: Site,
    cloud: Cloud,
    clock: Arc<Moved>,
    following: Following,
}

impl World {
    fn new() -> Self {
        let (site, cloud) = (Site::connected(Options { rows: Some(40), ..Options::still() }), Cloud::start());
        connect(&cloud, &site);
        site.ok(&["sync"]);
        assert_same(&site, &cloud);
        let clock = Arc::new(Moved(Mutex::new(Timestamp::now())));
        let following = Following::by(Arc::new(services(&site)), clock.clone());
        Self { runtime: Runtime::new().unwrap(), site, cloud, clock, following }
    }

    /// A sync that another program made, and what follows it here.
    fn synced(&self, title: &str) {
        let id = self.site.control.rows("incident")[7]["sys_id"].value.clone();
        self.site.control.edit_row("incident", &id, &[("short_description", title)]).unwrap();
        feed(&self.site, false);
        self.site.ok(&["sync", "--quiet"]);
        feed(&self.site, true);
        self.follow();
    }

    fn follow(&self) {
        self.runtime.block_on(async {
            self.following.follow(NAME.to_owned());
            self.following.settle().await;
        });
    }

    fn workspace(&self) -> Value {
        self.site.json(&["status"]).1["workspaces"][0].clone()
    }

    fn queries(&self) -> usize {
        self.cloud.control.requests().iter().filter(|one| one.role == Role::Query).count()
    }
}

#[test]
fn each_sync_is_followed_by_sending_and_one_a_day_by_a_verification() {
    let world = World::new();
    world.clock.on(14);
    world.synced("after 14 minutes");
    assert_eq!(world.queries(), 0, "what was accepted a short while ago may be on its way");
    assert_same(&world.site, &world.cloud);
    world.clock.on(16);
    world.synced("after half an hour");
    let first = world.workspace();
    assert!(first["last_verified"].is_string(), "{first}");
    assert_eq!((&first["verified"]["missing"], &first["behind_rows"]), (&0.into(), &0.into()), "{first}");
    assert_same(&world.site, &world.cloud);
    let asked = world.queries();
    for _ in 0..95 {
        world.clock.on(15);
        world.follow();
    }
    assert_eq!((world.queries(), &world.workspace()["last_verified"]), (asked, &first["last_verified"]));
    world.clock.on(15);
    world.follow();
    let second = world.workspace();
    assert!(world.queries() > asked && second["last_verified"] != first["last_verified"], "{second}");
}

#[test]
fn a_verification_by_itself_sends_again_what_azure_lost_and_one_that_fails_is_told() {
    let world = World::new();
    let lost = world.cloud.control.rows(None, "ServiceDesk_CL").unwrap()[3]["ItsmcId"].as_str().unwrap().to_owned();
    assert_eq!(world.cloud.control.lose_rows(None, "ServiceDesk_CL", "ItsmcId", &lost).unwrap(), 1);
    world.clock.on(20);
    let partial = FaultSpec { times: 0, ..FaultSpec::new(FaultKind::Partial) };
    world.cloud.control.fault(partial);
    world.follow();
    let failed = world.workspace();
    assert_eq!(failed["verify_fault"]["code"], "partial-result", "{failed}");
    assert!(!world.cloud.newest().contains_key(&lost), "a part of an answer declares nothing missing");
    world.cloud.control.clear_faults();
    world.clock.on(24 * 60);
    world.follow();
    let healed = world.workspace();
    assert_eq!((&healed["verify_fault"], &healed["verified"]["resent"]), (&Value::Null, &1.into()), "{healed}");
    assert_same(&world.site, &world.cloud);
}

#[test]
fn a_run_that_hangs_ends_with_the_program_and_its_rows_are_sent_by_the_next() {
    let world = World::new();
    let hanging = FaultSpec { path: Some("/streams/".into()), millis: 3_600_000, ..FaultSpec::new(FaultKind::Slow) };
    world.cloud.control.fault(hanging);
    let id = world.site.control.rows("incident")[7]["sys_id"].value.clone();
    world.site.control.edit_row("incident", &id, &[("short_description", "while it hangs")]).unwrap();
    feed(&world.site, false);
    world.site.ok(&["sync", "--quiet"]);
    feed(&world.site, true);
    world.runtime.block_on(async {
        world.following.follow(NAME.to_owned());
        while !world.cloud.control.faults().is_empty() {
            tokio::task::yield_now().await;
        }
        // The request hangs; the program is left.
        world.following.finish(Duration::from_secs(60)).await;
    });
    let (_, status) = world.site.json(&["status"]);
    let workspace = &status["workspaces"][0];
    assert_eq!((&workspace["behind_rows"], &workspace["fault"]), (&1.into(), &Value::Null), "{status}");
    let (code, sent) = world.site.json(&["workspace", "send", "prod"]);
    assert_eq!((code, &sent[0]["accepted"]), (0, &1.into()), "nobody holds the lock: {sent}");
    assert_same(&world.site, &world.cloud);
}
