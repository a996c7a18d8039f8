//! The practice cloud, with a workspace that is set up for a home by the real commands.
#![allow(clippy::unwrap_used, dead_code, reason = "a test fails by panicking, and each program of tests uses a part")]

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use itsmc_practice::azure::{Control, Options, Server};
use serde_json::Value;
use tokio::runtime::Runtime;

/// The practice cloud.
pub struct Cloud {
    /// The handle on it.
    pub control: Control,
    server: Option<Server>,
    runtime: Runtime,
}

impl Cloud {
    /// Starts one.
    pub fn start() -> Self {
        let runtime = Runtime::new().unwrap();
        let server = runtime.block_on(Server::start(Options::default())).unwrap();
        Self { control: server.control(), server: Some(server), runtime }
    }

    /// Writes its endpoints into a config file.
    pub fn name_in(&self, config: &Path) {
        let cloud = self.control.sign_in().cloud.clone().unwrap();
        let mut file = std::fs::OpenOptions::new().append(true).create(true).open(config).unwrap();
        writeln!(
            file,
            "\n[azure.cloud]\nname = \"custom\"\nauthority = \"{}\"\nresource_manager = \"{}\"\n\
             resource_manager_audience = \"{}\"\ningestion = \"{}\"\ningestion_audience = \"{}\"\nquery = \"{}\"\n\
             query_audience = \"{}\"",
            cloud.authority,
            cloud.resource_manager,
            cloud.resource_manager_audience,
            cloud.ingestion,
            cloud.ingestion_audience,
            cloud.query,
            cloud.query_audience
        )
        .unwrap();
    }

    /// Gives its application this role on the first subscription.
    pub fn grant(&self, role: &str) {
        let details = self.control.sign_in();
        let scope = format!("/subscriptions/{}", details.azure_subscription);
        self.control.assign(&details.object_id, role, &scope).unwrap();
    }

    /// Sets up the workspace `prod`, which this connection feeds, for a home whose config file this is. `itsmc` makes a
    /// command on that home.
    pub fn set_up(&self, config: &Path, connection: &str, itsmc: impl Fn(&[&str]) -> Command) {
        self.name_in(config);
        self.grant("Owner");
        let details = self.control.sign_in();
        let mut add = itsmc(&["workspace", "add", "prod", "--sign-in", "service-principal", "--secrets-stdin"]);
        add.args(["--tenant", &details.tenant, "--client-id", &details.client_id, "--connection", connection]);
        add.args(["--subscription", &details.azure_subscription, "--resource-group", &details.azure_resource_group]);
        add.args(["--workspace", &details.workspace]);
        let mut child = add.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let secret = format!("client_secret = \"{}\"\n", details.client_secret);
        child.stdin.take().unwrap().write_all(secret.as_bytes()).unwrap();
        assert!(child.wait().unwrap().success(), "the workspace is added");
        let applied = itsmc(&["workspace", "apply", "prod", "--yes"]).output().unwrap();
        assert!(applied.status.success(), "{}", String::from_utf8_lossy(&applied.stderr));
    }

    /// Adds the source of alerts `prod` for a home whose config file this is; its application has this role on the first
    /// subscription. `itsmc` makes a command on that home.
    pub fn add_source(&self, config: &Path, role: &str, more: &[&str], itsmc: impl Fn(&[&str]) -> Command) {
        self.name_in(config);
        self.grant(role);
        let details = self.control.sign_in();
        let mut add = itsmc(&["alert", "source", "add", "prod", "--sign-in", "service-principal", "--secrets-stdin"]);
        add.args(["--tenant", &details.tenant, "--client-id", &details.client_id]);
        add.args(["--subscription", &details.azure_subscription]).args(more);
        let mut child = add.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let secret = format!("client_secret = \"{}\"\n", details.client_secret);
        child.stdin.take().unwrap().write_all(secret.as_bytes()).unwrap();
        assert!(child.wait().unwrap().success(), "the source is added");
    }

    /// What the function of the workspace shows: the newest row of each work item that is not removed, by its id.
    pub fn newest(&self) -> BTreeMap<String, Value> {
        let mut newest: BTreeMap<String, Value> = BTreeMap::new();
        for row in self.control.rows(None, "ServiceDesk_CL").unwrap() {
            let key = row["ItsmcId"].as_str().unwrap().to_owned();
            let older = newest.get(&key).is_none_or(|known| known["ItsmcSend"].as_i64() <= row["ItsmcSend"].as_i64());
            if older {
                newest.insert(key, row);
            }
        }
        newest.retain(|_, row| row["ItsmcRemoved"] == false);
        newest
    }

    /// Stops it: from then on nothing listens at its address.
    pub fn stop(&mut self) {
        if let Some(server) = self.server.take() {
            self.runtime.block_on(server.stop());
        }
    }
}

impl Drop for Cloud {
    fn drop(&mut self) {
        self.stop();
    }
}
