//! How long `itsmc sync` takes while a workspace fails: the real program, from its start to its exit.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use itsmc_practice::azure::{FaultKind, FaultSpec};
use itsmc_practice::servicenow;

use super::super::part::{Outcome, runtime, text};
use super::prepared::Cloud;

/// How often a sync is measured in each case.
const TIMES: usize = 5;

/// Work items that change before each sync.
const CHANGED: usize = 200;

/// Prints the seconds of syncs with no workspace, a healthy one, and one that is dead, hangs or throttles.
pub fn measure(rows: u64) -> Outcome<()> {
    println!("itsmc sync of {rows} incidents, {CHANGED} of them changed, from start to exit, in seconds");
    for (what, fault) in [
        ("no workspace", None),
        ("a workspace that takes rows", None),
        ("a dead workspace", None),
        ("a hanging workspace", Some(FaultSpec { millis: 3_600_000, ..FaultSpec::new(FaultKind::Slow) })),
        ("a throttling workspace", Some(FaultSpec { retry_after: 3_600, ..FaultSpec::new(FaultKind::Throttled) })),
    ] {
        let mut case = Case::new(rows, what != "no workspace")?;
        if what == "a dead workspace" {
            case.cloud.stop();
        }
        if let Some(fault) = fault {
            case.cloud.control.fault(FaultSpec { times: 0, path: Some("/streams/".into()), ..fault });
        }
        let times: Outcome<Vec<_>> = (0..TIMES).map(|time| case.sync(time)).collect();
        println!("{what}: {}", times?.iter().map(|time| format!("{time:.2}")).collect::<Vec<_>>().join(" "));
    }
    Ok(())
}

struct Case {
    home: tempfile::TempDir,
    product: servicenow::Server,
    cloud: Cloud,
    _runtime: tokio::runtime::Runtime,
}

impl Case {
    fn new(rows: u64, feeds: bool) -> Outcome<Self> {
        let runtime = runtime()?;
        let options = servicenow::Options { rows: Some(rows), ..servicenow::Options::still() };
        let product = runtime.block_on(servicenow::Server::start(options)).map_err(text)?;
        let home = tempfile::tempdir().map_err(text)?;
        let case = Self { home, product, cloud: Cloud::start(), _runtime: runtime };
        case.connect()?;
        if feeds {
            let config = case.home.path().join("config.toml");
            case.cloud.set_up(&config, "practice", |args| itsmc(case.home.path(), args));
        }
        case.run(&["sync", "--quiet"])?;
        Ok(case)
    }

    fn connect(&self) -> Outcome<()> {
        let details = self.product.sign_in();
        let form = format!(
            "name = \"practice\"\npartner = \"servicenow\"\nserver_url = \"{}\"\nusername = \"{}\"\nclient_id = \"{}\"\n\
             work_items = [\"incident\"]\nsync_days = 120\ncreate_configuration_items = false\n",
            details.url, details.username, details.client_id
        );
        let file = self.home.path().join("form.toml");
        std::fs::write(&file, form).map_err(text)?;
        let mut add = itsmc(self.home.path(), &["connection", "add", "--secrets-stdin", "--file"]);
        let mut child = add.arg(&file).stdin(Stdio::piped()).spawn().map_err(text)?;
        let secrets = format!("password = '{}'\nclient_secret = '{}'\n", details.password, details.client_secret);
        child.stdin.take().ok_or("no stdin")?.write_all(secrets.as_bytes()).map_err(text)?;
        if child.wait().map_err(text)?.success() { Ok(()) } else { Err("the connection was not added".to_owned()) }
    }

    fn run(&self, args: &[&str]) -> Outcome<()> {
        let status = itsmc(self.home.path(), args).status().map_err(text)?;
        if status.success() { Ok(()) } else { Err(format!("{args:?} ended with {status}")) }
    }

    fn sync(&mut self, time: usize) -> Outcome<f64> {
        let title = format!("changed before sync {time}");
        for row in self.product.control().rows("incident").iter().take(CHANGED) {
            let id = &row["sys_id"].value;
            self.product.control().edit_row("incident", id, &[("short_description", &title)]).map_err(text)?;
        }
        let started = Instant::now();
        self.run(&["sync", "--quiet"])?;
        Ok(started.elapsed().as_secs_f64())
    }
}

fn itsmc(home: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_itsmc"));
    command.args(args).env("ITSMC_HOME", home).env("ITSMC_KEY_FILE", home.join("key.txt"));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}
