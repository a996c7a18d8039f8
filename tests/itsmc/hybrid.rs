//! From a deployment's form to a look at the hybrid connection, with the Azure CLI's sign-in.
#![cfg(unix)]

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Output};

use itsmc_practice::service_manager::{Control, Options, Server};
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::site::{assert_in_no_file, itsmc_at, shown, with_stdin};

const NAME: &str = "ams-scsm";

/// A practice web app whose machine has no managed identity, a home, and an `az` of our own on the path.
struct Machine {
    control: Control,
    home: TempDir,
    tools: TempDir,
    _server: Server,
    _runtime: Runtime,
}

impl Machine {
    fn new() -> Self {
        let runtime = Runtime::new().unwrap();
        let server = runtime.block_on(Server::start(Options { rows: Some(10), ..Options::still() })).unwrap();
        let control = server.control();
        control.azure().change(|place| place.identity = false);
        let (home, tools) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        Self { control, home, tools, _server: server, _runtime: runtime }
    }

    fn az(&self, does: &str) {
        let az = self.tools.path().join("az");
        let called = self.called();
        std::fs::write(&az, format!("#!/bin/sh\necho \"$*\" >> '{}'\n{does}\n", called.display())).unwrap();
        std::fs::set_permissions(&az, std::fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn called(&self) -> PathBuf {
        self.tools.path().join("called")
    }

    fn itsmc(&self, arguments: &[&str]) -> Command {
        let mut command = itsmc_at(self.home.path());
        for name in ["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"] {
            command.env_remove(name);
        }
        command.args(arguments).env("PATH", format!("{}:/usr/bin:/bin", self.tools.path().display()));
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.itsmc(arguments).output().unwrap()
    }

    /// Adds the connection by the form that a deployment writes, with what is known only afterwards filled in.
    fn add(&self) {
        let out = self.home.path().join("out");
        let sign_in = self.details();
        let deployed = self.run(&[
            "deploy",
            "service-manager",
            "--out",
            out.to_str().unwrap(),
            "--subscription",
            sign_in["azure_subscription"].as_str().unwrap(),
            "--resource-group",
            sign_in["azure_resource_group"].as_str().unwrap(),
            "--location",
            "westeurope",
            "--server-name",
            sign_in["endpoint_host"].as_str().unwrap(),
            "--domain",
            "PRACTICE",
            "--username",
            "svc-itsm",
            "--namespace",
            sign_in["relay_namespace"].as_str().unwrap(),
        ]);
        assert!(deployed.status.success(), "{}", shown(&deployed));
        let form = std::fs::read_to_string(out.join("connection.toml")).unwrap();
        let mut form: toml::Table = form.parse().unwrap();
        form.insert("name".into(), NAME.into());
        for (key, detail) in [("server_url", "url"), ("authority", "authority"), ("audience", "url")] {
            form.insert(key.into(), sign_in[detail].as_str().unwrap().into());
        }
        for key in ["tenant", "client_id"] {
            assert_eq!(form[key].as_str(), Some(""), "{key}");
            form.insert(key.into(), sign_in[key].as_str().unwrap().into());
        }
        let file = self.home.path().join("form.toml");
        std::fs::write(&file, form.to_string()).unwrap();
        let secrets = format!("client_secret = {}\n", toml::Value::from(sign_in["client_secret"].as_str().unwrap()));
        let mut add = self.itsmc(&["connection", "add", "--secrets-stdin", "--file"]);
        let added = with_stdin(add.arg(&file), &secrets);
        assert!(added.status.success(), "{}", shown(&added));
    }

    fn details(&self) -> Value {
        serde_json::from_str(&self._server.sign_in().line()).unwrap()
    }

    /// The items of the hybrid connection, as status by id.
    fn look(&self) -> (Vec<(String, String)>, Value) {
        let output = self.run(&["checklist", NAME, "--json"]);
        let document: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", shown(&output)));
        let text = |item: &Value, key: &str| item[key].as_str().unwrap().to_owned();
        let steps = document["steps"].as_array().unwrap().iter();
        let hybrid = steps.filter(|item| text(item, "id").starts_with("hybrid_"));
        (hybrid.map(|item| (text(item, "id"), text(item, "status"))).collect(), document)
    }
}

fn statuses(wanted: [&str; 7]) -> Vec<(String, String)> {
    let ids = ["connection", "endpoint", "authorization", "binding", "listener", "plan", "path"];
    ids.iter().zip(wanted).map(|(id, status)| (format!("hybrid_{id}"), status.to_owned())).collect()
}

#[test]
fn the_checklist_looks_with_the_azure_clis_sign_in() {
    let machine = Machine::new();
    let token = machine.control.azure().token();
    machine.az(&format!(r#"echo '{{"accessToken":"{token}","expires_on":4102444800,"tokenType":"Bearer"}}'"#));
    machine.add();
    let (looked, document) = machine.look();
    let passed = "passed";
    assert_eq!(looked, statuses([passed, passed, passed, passed, passed, passed, "unknown"]), "{document}");
    let called = std::fs::read_to_string(machine.called()).unwrap();
    let url = &machine.details()["url"];
    assert!(called.contains(&format!("--scope {}/.default", url.as_str().unwrap())), "{called}");
    machine.control.azure().change(|place| (place.listeners, place.bound) = (Some(0), false));
    let (looked, document) = machine.look();
    assert_eq!(looked, statuses([passed, passed, passed, "failed", "failed", passed, "unknown"]), "{document}");
    for secret in machine.control.azure().secrets() {
        assert!(!document.to_string().contains(&secret));
        assert_in_no_file(machine.home.path(), &[secret]);
    }
}

#[test]
fn without_an_azure_sign_in_the_admin_is_told_what_to_ask() {
    let machine = Machine::new();
    machine.az("echo \"ERROR: Please run 'az login' to setup account.\" >&2; exit 1");
    machine.add();
    let (looked, document) = machine.look();
    assert_eq!(looked, statuses(["unknown"; 7]), "{document}");
    assert!(machine.control.azure().requests().is_empty());
    let letter = machine.run(&["checklist", NAME, "--ask"]);
    let letter = String::from_utf8_lossy(&letter.stdout).into_owned();
    assert!(letter.contains("Test-NetConnection") && letter.contains("role Reader"), "{letter}");
}

#[test]
fn the_fields_for_a_look_are_changed_without_a_new_sign_in() {
    let machine = Machine::new();
    machine.add();
    let edited = machine.run(&["connection", "edit", NAME, "--set", "hybrid_connection="]);
    assert!(edited.status.success(), "{}", shown(&edited));
    let (looked, document) = machine.look();
    assert_eq!(looked, statuses(["unknown"; 7]), "{document}");
    assert!(document.to_string().contains("fields are empty: hybrid_connection"), "{document}");
    assert!(document.to_string().contains("itsmc connection edit ams-scsm --set KEY=VALUE"), "{document}");
}
