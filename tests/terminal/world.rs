//! A practice instance, a practice cloud and a home with a connection to the instance.

use std::path::{Path, PathBuf};
use std::process::Command;

use itsmc_practice::azure::alerts::AlertOrder;
use itsmc_practice::servicenow;
use tokio::runtime::Runtime;

use crate::cloud::Cloud;
use crate::dashboard::without_schedule;
use crate::four::add;
use crate::harness::Session;

/// The world around a session. The connection in its home is called `servicenow` and syncs only when it is told to.
pub struct World {
    pub instance: servicenow::Server,
    pub cloud: Cloud,
    _runtime: Runtime,
}

impl World {
    /// With so many incidents in the instance.
    pub fn new(home: &Path, rows: u64) -> Self {
        let runtime = Runtime::new().expect("a runtime starts");
        let options = servicenow::Options { rows: Some(rows), ..servicenow::Options::still() };
        let instance = runtime.block_on(servicenow::Server::start(options)).expect("it starts");
        let cloud = Cloud::start();
        add(home, instance.sign_in());
        without_schedule(home);
        Self { instance, cloud, _runtime: runtime }
    }

    /// The same; the home knows the cloud, and its application has this role on the first subscription.
    pub fn with_role(home: &Path, rows: u64, role: &str) -> Self {
        let world = Self::new(home, rows);
        world.cloud.name_in(&config(home));
        world.cloud.grant(role);
        world
    }

    /// Fires an alert of this rule; its ID.
    pub fn fire(&self, rule: &str) -> String {
        self.cloud.control.fire(&AlertOrder { rule: rule.into(), ..AlertOrder::default() })
    }

    /// Its application's client secret.
    pub fn secret(&self) -> String {
        self.cloud.control.sign_in().client_secret.clone()
    }

    /// Fills in the first step of the wizard of a workspace or of a source, with this name and the application's secret.
    pub fn sign_in(&self, session: &mut Session, name: &str) {
        let details = self.cloud.control.sign_in();
        session.keys(&format!("{name}\r"));
        session.wait_for_text("› Method");
        session.keys(" ");
        session.wait_for_text("service-principal");
        session.keys("\r");
        session.wait_for_text("› Tenant");
        session.keys(&format!("{}\r", details.tenant));
        session.wait_for_text("› Client ID");
        session.keys(&format!("{}\r", details.client_id));
        session.wait_for_text("› Client secret");
        session.paste(&details.client_secret);
        session.wait_for_text("●●●●");
        session.keys("\r");
        session.wait_for_text("Contoso Production");
    }
}

/// The config file of a home.
pub fn config(home: &Path) -> PathBuf {
    home.join("itsmc/config.toml")
}

/// A command on a home.
pub fn itsmc(home: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_itsmc"));
    command.args(args).env("ITSMC_HOME", home.join("itsmc")).env("ITSMC_KEY_FILE", home.join("vault-key.txt"));
    command
}

/// Waits for a line of the screen that has all of these words.
pub fn wait_for_line(session: &Session, words: &[&str]) {
    session.wait_for(&format!("a line with {words:?}"), |screen| {
        screen.contents().lines().any(|line| words.iter().all(|word| line.contains(word)))
    });
}

/// Adds a connection called `servicenow` to a home, and stores so many incidents of it. The instance is gone then.
pub fn synced(home: &Path, rows: u64) {
    let runtime = Runtime::new().expect("a runtime starts");
    let options = servicenow::Options { rows: Some(rows), ..servicenow::Options::still() };
    let instance = runtime.block_on(servicenow::Server::start(options)).expect("it starts");
    add(home, instance.sign_in());
    let synced = itsmc(home, &["sync", "--quiet"]).output().expect("the program starts");
    assert!(synced.status.success(), "{synced:?}");
}
