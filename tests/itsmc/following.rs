//! Sending beside a program that stays open, by a clock that the test moves: after each sync, and one verification a day.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use itsmc::azure::provider::{ForAudience, TokenProvider};
use itsmc::azure::query::LogQuery;
use itsmc::model::cloud::Audience;
use itsmc::model::fault::Fault;
use itsmc::model::sending::VerifyRecord;
use itsmc::net::BoxFuture;
use itsmc::service::following::Following;
use itsmc::service::services::Services;
use itsmc::service::{verifying, workspaces};
use itsmc::sink::clock::Clock;
use itsmc_practice::azure::{FaultKind, FaultSpec, Role};
use itsmc_practice::servicenow::Options;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

use crate::cloud::Cloud;
use crate::sink::{assert_same, connect, feed};
use crate::site::{NAME, Site, services};

/// A clock that stands still until it is moved; its waits are over at once.
pub struct Moved(Mutex<Timestamp>);

impl Moved {
    fn on(&self, time: SignedDuration) {
        *self.0.lock().unwrap() += time;
    }
}

impl Clock for Moved {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }

    fn sleep(&self, time: Duration) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            self.on(SignedDuration::try_from(time).unwrap());
            tokio::task::yield_now().await;
        })
    }
}

/// A site whose rows are in the workspace, and what follows its syncs.
pub struct World {
    pub runtime: Runtime,
    pub site: Site,
    pub cloud: Cloud,
    pub clock: Arc<Moved>,
    pub services: Arc<Services>,
    following: Following,
}

impl World {
    pub fn new() -> Self {
        let (site, cloud) = (Site::connected(Options { rows: Some(40), ..Options::still() }), Cloud::start());
        connect(&cloud, &site);
        site.ok(&["sync"]);
        assert_same(&site, &cloud);
        let clock = Arc::new(Moved(Mutex::new(Timestamp::now())));
        let services = Arc::new(services(&site));
        let following = Following::by(services.clone(), clock.clone());
        Self { runtime: Runtime::new().unwrap(), site, cloud, clock, services, following }
    }

    /// Lets so many minutes pass, here and in the cloud.
    pub fn on(&self, minutes: i64) {
        self.clock_only(minutes);
        self.cloud.control.advance(minutes * 60);
    }

    /// Sets the clock of this machine ahead.
    pub fn clock_only(&self, minutes: i64) {
        self.clock.on(SignedDuration::from_mins(minutes));
    }

    /// Somebody changes an incident in the product.
    pub fn change(&self, title: &str) {
        let id = self.site.control.rows("incident")[7]["sys_id"].value.clone();
        self.site.control.edit_row("incident", &id, &[("short_description", title)]).unwrap();
    }

    /// Runs a command while no rows go to the workspace.
    pub fn unfed(&self, arguments: &[&str]) {
        feed(&self.site, false);
        self.site.run(arguments);
        feed(&self.site, true);
    }

    /// Somebody changes an incident, and it is stored.
    pub fn store(&self, title: &str) {
        self.change(title);
        self.unfed(&["sync", "--quiet"]);
    }

    pub fn send(&self) {
        let (code, sent) = self.site.json(&["workspace", "send", "prod"]);
        assert_eq!((code, &sent[0]["complete"]), (0, &true.into()), "{sent}");
    }

    /// A sync that another program made, and what follows it here.
    fn synced(&self, title: &str) {
        self.store(title);
        self.follow();
    }

    pub fn follow(&self) {
        self.runtime.block_on(async {
            self.following.follow(NAME.to_owned());
            self.following.settle().await;
        });
    }

    pub fn verify(&self) -> Result<VerifyRecord, Fault> {
        let run = verifying::run_by(&self.services, "prod", None, CancellationToken::new(), self.clock.clone());
        self.runtime.block_on(run)
    }

    pub fn workspace(&self) -> Value {
        self.site.json(&["status"]).1["workspaces"][0].clone()
    }

    pub fn queries(&self) -> usize {
        self.cloud.control.requests().iter().filter(|one| one.role == Role::Query).count()
    }

    /// What the sign-in of the workspace gives out for an API.
    pub async fn signed_in(&self, audience: Audience) -> (Arc<TokenProvider>, Arc<ForAudience>) {
        let workspace = workspaces::named(&self.services, "prod").await.unwrap();
        let provider = workspaces::provider(&self.services, &workspace, None).await.unwrap();
        (provider.clone(), Arc::new(ForAudience::new(provider, audience)))
    }

    /// The rows of a query.
    pub fn ask(&self, kql: &str) -> Vec<Vec<Value>> {
        self.runtime.block_on(async {
            let workspace = workspaces::named(&self.services, "prod").await.unwrap();
            let (provider, tokens) = self.signed_in(Audience::Query).await;
            let called = (workspace.workspace_id.as_str(), "prod");
            let query = LogQuery::new(&provider.cloud.query, called, tokens, &provider.config).unwrap();
            query.run(kql).await.unwrap_or_else(|fault| panic!("{kql}: {fault:?}")).rows
        })
    }

    /// Lets the rule write its errors into the workspace.
    pub fn log_errors(&self) {
        let workspace = self.runtime.block_on(workspaces::named(&self.services, "prod")).unwrap();
        self.cloud.control.log_errors(&workspace.rule).unwrap();
    }
}

#[test]
fn each_sync_is_followed_by_sending_and_one_a_day_by_a_verification() {
    let world = World::new();
    let before = world.queries();
    world.clock_only(14);
    world.synced("after 14 minutes");
    assert_eq!(world.queries(), before, "what was accepted a short while ago may be on its way");
    assert_same(&world.site, &world.cloud);
    world.clock_only(16);
    world.synced("after half an hour");
    let first = world.workspace();
    assert!(first["last_verified"].is_string(), "{first}");
    assert_eq!((&first["verified"]["missing"], &first["behind_rows"]), (&0.into(), &0.into()), "{first}");
    assert_same(&world.site, &world.cloud);
    let asked = world.queries();
    for _ in 0..95 {
        world.clock_only(15);
        world.follow();
    }
    assert_eq!((world.queries(), &world.workspace()["last_verified"]), (asked, &first["last_verified"]));
    world.clock_only(15);
    world.follow();
    let second = world.workspace();
    assert!(world.queries() > asked && second["last_verified"] != first["last_verified"], "{second}");
}

#[test]
fn a_verification_by_itself_sends_again_what_azure_lost_and_one_that_fails_is_told() {
    let world = World::new();
    let lost = world.cloud.control.rows(None, "ServiceDesk_CL").unwrap()[3]["ItsmcId"].as_str().unwrap().to_owned();
    assert_eq!(world.cloud.control.lose_rows(None, "ServiceDesk_CL", "ItsmcId", &lost).unwrap(), 1);
    world.clock_only(20);
    let partial = FaultSpec { times: 0, ..FaultSpec::new(FaultKind::Partial) };
    world.cloud.control.fault(partial);
    world.follow();
    let failed = world.workspace();
    assert_eq!(failed["verify_fault"]["code"], "partial-result", "{failed}");
    assert!(!world.cloud.newest().contains_key(&lost), "a part of an answer declares nothing missing");
    world.cloud.control.clear_faults();
    world.clock_only(24 * 60);
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
    world.store("while it hangs");
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
