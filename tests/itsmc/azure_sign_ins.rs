//! Each way to sign in to Azure, by the real binary against the practice cloud.

use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use itsmc_practice::azure::{READER, client_id, object_id};
use itsmc_practice::servicenow::Options;
use serde_json::Value;

use crate::cloud::Cloud;
use crate::site::{Site, assert_in_no_file, shown};

struct World {
    site: Site,
    cloud: Cloud,
}

impl World {
    fn new() -> Self {
        let world =
            Self { site: Site::connected(Options { rows: Some(1), ..Options::still() }), cloud: Cloud::start() };
        world.cloud.name_in(&world.site.home().join("config.toml"));
        world
    }

    /// One in which the application with this name may read alerts.
    fn of(name: &str) -> Self {
        let world = Self::new();
        let scope = format!("/subscriptions/{}", world.cloud.control.sign_in().azure_subscription);
        world.cloud.control.assign(&object_id(name), "Monitoring Reader", &scope).unwrap();
        world
    }

    fn add(&self, way: &str, more: &[&str]) -> Command {
        let details = self.cloud.control.sign_in();
        let mut add = self.site.itsmc(&["alert", "source", "add", "prod", "--sign-in", way]);
        add.args(["--subscription", &details.azure_subscription]).args(more);
        if way != "managed-identity" {
            add.args(["--tenant", &details.tenant]);
        }
        add
    }

    fn poll(&self, with: &[(&str, &str)]) -> (Option<i32>, Value, Output) {
        let mut poll = self.site.itsmc(&["alert", "poll", "--json"]);
        let output = poll.envs(with.iter().copied()).output().unwrap();
        (output.status.code(), serde_json::from_slice(&output.stdout).unwrap_or_default(), output)
    }

    /// Who has asked Resource Manager, by object id.
    fn callers(&self) -> Vec<String> {
        let mut all: Vec<_> = self.cloud.control.requests().into_iter().filter_map(|one| one.caller).collect();
        all.sort();
        all.dedup();
        all
    }
}

fn assert_done(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", shown(&output));
}

#[test]
fn a_machines_own_identity_reads_alerts() {
    let world = World::of("machine");
    assert_done(&mut world.add("managed-identity", &[]));
    let (code, told, output) = world.poll(&[]);
    assert_eq!((code, &told["sources"][0]["fault"]), (Some(0), &Value::Null), "{}", shown(&output));
    assert_eq!(world.callers(), [object_id("machine")]);
    world.cloud.control.set_identity(false);
    let (code, told, output) = world.poll(&[]);
    let fault = &told["sources"][0]["fault"]["code"];
    assert_eq!((code, fault), (Some(3), &"azure-sign-in-failed".into()), "{}", shown(&output));
}

#[test]
fn an_assigned_identity_is_asked_for_by_its_client_id() {
    let world = World::of("machine");
    assert_done(&mut world.add("managed-identity", &["--client-id", &client_id("machine")]));
    assert_eq!(world.poll(&[]).0, Some(0));
    let other = World::of("machine");
    let output = other.add("managed-identity", &["--client-id", &client_id("sender")]).output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
}

#[test]
fn an_app_of_app_service_reads_alerts_and_its_secret_goes_nowhere_else() {
    let world = World::of("machine");
    let secret = world.cloud.control.identity_secret();
    let endpoint = format!("{}/msi/token", world.cloud.control.sign_in().url);
    let with = [("IDENTITY_ENDPOINT", endpoint.as_str()), ("IDENTITY_HEADER", secret.as_str())];
    assert_done(world.add("managed-identity", &[]).envs(with));
    let (code, told, output) = world.poll(&with);
    assert_eq!((code, &told["sources"][0]["fault"]), (Some(0), &Value::Null), "{}", shown(&output));
    let paths: Vec<_> = world.cloud.control.requests().into_iter().map(|one| one.path).collect();
    assert!(paths.iter().any(|path| path == "/msi/token") && !paths.iter().any(|path| path.starts_with("/metadata")));
    let wrong = [with[0], ("IDENTITY_HEADER", "another-app-s-secret")];
    let (code, _, output) = world.poll(&wrong);
    assert_eq!(code, Some(3), "{}", shown(&output));
    assert!(!shown(&output).contains("another-app-s-secret"));
    assert_in_no_file(world.site.home(), &[secret, "another-app-s-secret".to_owned()]);
}

#[test]
fn a_workload_reads_alerts_by_a_file_that_the_platform_replaces() {
    let world = World::of("workload");
    let (details, entra) = (world.cloud.control.sign_in().clone(), world.cloud.control.entra());
    let file = world.site.home().join("federated-token");
    let client = client_id("workload");
    let first = entra.new_assertion(&details.tenant, &client).unwrap();
    std::fs::write(&file, &first).unwrap();
    let named = file.display().to_string();
    assert_done(&mut world.add("workload-identity", &["--client-id", &client, "--token-file", &named]));
    assert_eq!(world.poll(&[]).0, Some(0));
    assert_eq!(world.callers(), [object_id("workload")]);
    let second = entra.new_assertion(&details.tenant, &client).unwrap();
    let (code, told, output) = world.poll(&[]);
    assert_eq!(code, Some(3), "the old one is over: {}", shown(&output));
    assert!(told["sources"][0]["fault"].to_string().contains("700024"), "{told}");
    std::fs::write(&file, &second).unwrap();
    assert_eq!(world.poll(&[]).0, Some(0), "without anything else being done");
    assert!(!shown(&output).contains(&first), "{}", shown(&output));
}

#[test]
fn a_person_signs_in_with_a_code_and_the_sign_in_is_kept() {
    let world = World::new();
    let entra = world.cloud.control.entra();
    entra.set_device_manners(1, 900);
    let mut add = world.add("device-code", &[]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let begun = Instant::now();
    while !entra.approve_device(None, READER) {
        assert!(
            begun.elapsed() < Duration::from_secs(60) && add.try_wait().unwrap().is_none(),
            "no code was asked for"
        );
        std::thread::yield_now();
    }
    let output = add.wait_with_output().unwrap();
    assert!(output.status.success() && shown(&output).contains("/devicelogin"), "{}", shown(&output));
    let (code, told, output) = world.poll(&[]);
    assert_eq!((code, &told["sources"][0]["fault"]), (Some(0), &Value::Null), "{}", shown(&output));
    assert_in_no_file(world.site.home(), &entra.tokens());
    entra.revoke_refresh();
    entra.revoke_access();
    let (code, told, output) = world.poll(&[]);
    assert_eq!(code, Some(3), "{}", shown(&output));
    assert!(told["sources"][0]["fault"].is_object(), "{told}");
}

#[test]
fn a_code_that_the_person_declines_saves_nothing() {
    let world = World::new();
    let entra = world.cloud.control.entra();
    entra.set_device_manners(1, 900);
    let mut add = world.add("device-code", &[]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    while !entra.decline_device(None) {
        assert!(add.try_wait().unwrap().is_none(), "no code was asked for");
        std::thread::yield_now();
    }
    let output = add.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
    assert_eq!(world.site.json(&["alert", "source", "list"]).1, serde_json::json!([]));
}
