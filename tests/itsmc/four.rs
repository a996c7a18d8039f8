//! Four connections in one home, one of each product: one that is broken holds up no other, and whenever the binary is
//! killed nothing is lost or doubled.

use std::collections::BTreeMap;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use crate::practice_kind::practice_kind;
use itsmc::model::work_item::WorkItemKind;
use itsmc_practice::{SignInDetails, cherwell, provance, service_manager, servicenow};
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::crash::Moments;
use crate::site::{itsmc_at, shown, with_stdin};

const KILLS: usize = 50;
const ROWS: u64 = 900;

/// What each product has: titles by number.
type Titles = BTreeMap<String, String>;

struct Four {
    servicenow: Option<servicenow::Server>,
    service_manager: service_manager::Server,
    provance: provance::Server,
    cherwell: cherwell::Server,
    home: TempDir,
    runtime: Runtime,
}

impl Four {
    fn connected() -> Self {
        let runtime = Runtime::new().unwrap();
        let rows = Some(ROWS);
        let servicenow = servicenow::Options { rows, ..servicenow::Options::still() };
        let service_manager = service_manager::Options { rows, ..service_manager::Options::still() };
        let provance = provance::Options { rows, ..provance::Options::still() };
        let cherwell = cherwell::Options { rows, ..cherwell::Options::still() };
        let four = Self {
            servicenow: Some(runtime.block_on(servicenow::Server::start(servicenow)).unwrap()),
            service_manager: runtime.block_on(service_manager::Server::start(service_manager)).unwrap(),
            provance: runtime.block_on(provance::Server::start(provance)).unwrap(),
            cherwell: runtime.block_on(cherwell::Server::start(cherwell)).unwrap(),
            home: tempfile::tempdir().unwrap(),
            runtime,
        };
        let servicenow = four.servicenow.as_ref().unwrap().sign_in();
        for details in [servicenow, four.service_manager.sign_in(), four.provance.sign_in(), four.cherwell.sign_in()] {
            four.add(details);
        }
        four
    }

    fn add(&self, details: &SignInDetails) {
        let mut form = format!(
            "name = \"{0}\"\npartner = \"{0}\"\nserver_url = \"{1}\"\nclient_id = \"{2}\"\n\
             work_items = [\"incident\", \"change_request\"]\nsync_days = 120\ncreate_configuration_items = false\n",
            details.partner, details.url, details.client_id
        );
        let own = match details.partner {
            "service-manager" => vec![("tenant", &details.tenant), ("authority", &details.authority)],
            "provance" => vec![],
            _ => vec![("username", &details.username)],
        };
        form.extend(own.into_iter().map(|(key, value)| format!("{key} = \"{value}\"\n")));
        let secrets = match details.partner {
            "cherwell" => format!("password = \"{}\"\n", details.password),
            "servicenow" => {
                format!("password = \"{}\"\nclient_secret = \"{}\"\n", details.password, details.client_secret)
            }
            _ => format!("client_secret = '{}'\n", details.client_secret),
        };
        let file = self.home.path().join("form.toml");
        std::fs::write(&file, form).unwrap();
        let mut command = itsmc_at(self.home.path());
        command.args(["connection", "add", "--secrets-stdin", "--file"]).arg(&file);
        let output = with_stdin(&mut command, &secrets);
        assert!(output.status.success(), "{}", shown(&output));
    }

    fn run(&self, arguments: &[&str]) -> Output {
        itsmc_at(self.home.path()).args(arguments).output().unwrap()
    }

    fn json(&self, arguments: &[&str]) -> (i32, Value) {
        let output = self.run(&[arguments, &["--json"]].concat());
        let document =
            serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{arguments:?}\n{}", shown(&output)));
        (output.status.code().unwrap(), document)
    }

    /// What every product has now, by connection and kind.
    fn truth(&self) -> BTreeMap<(&'static str, WorkItemKind), Titles> {
        let mut truth = BTreeMap::new();
        for kind in WorkItemKind::ALL {
            let (table, object, number, title) = match kind {
                WorkItemKind::Incident => ("incident", "Incident", "IncidentID", "ShortDescription"),
                WorkItemKind::ChangeRequest => ("change_request", "ChangeRequest", "ChangeID", "Title"),
            };
            let rows = self.servicenow.as_ref().unwrap().control().rows(table);
            let titles =
                rows.into_iter().map(|row| (row["number"].value.clone(), row["short_description"].value.clone()));
            truth.insert(("servicenow", kind), titles.collect());
            let rows = self.service_manager.control().rows(practice_kind(kind));
            truth.insert(("service-manager", kind), rows.into_iter().map(|row| (row.id, row.title)).collect());
            let rows = self.cherwell.control().rows(object);
            let synced = |row: &&cherwell::Row| row.get("IncidentType").is_none_or(|kind| kind.text == "Incident");
            let titles = rows.iter().filter(synced).map(|row| (row[number].text.clone(), row[title].text.clone()));
            truth.insert(("cherwell", kind), titles.collect());
        }
        truth
    }

    fn stored(&self, connection: &str, kind: WorkItemKind) -> Titles {
        let (code, items) = self.json(&["items", connection, "--kind", kind.id(), "--limit", "100000"]);
        assert_eq!(code, 0);
        let items = items.as_array().or_else(|| items["items"].as_array()).unwrap();
        let text = |item: &Value, name: &str| item[name].as_str().unwrap_or_default().to_owned();
        let titles: Titles = items.iter().map(|item| (text(item, "ServiceDeskId_s"), text(item, "Title_s"))).collect();
        assert_eq!(titles.len(), items.len(), "{connection}: a work item is there twice");
        titles
    }

    fn assert_all_stored(&self) {
        for ((connection, kind), titles) in self.truth() {
            let stored = self.stored(connection, kind);
            assert_eq!(stored.len(), titles.len(), "{connection} {}", kind.id());
            for (number, title) in titles {
                let plain: String = title.chars().filter(|c| !c.is_control()).collect();
                assert_eq!(stored.get(&number), Some(&plain), "{connection} {number}");
            }
        }
        for kind in WorkItemKind::ALL {
            let stored = self.stored("provance", kind);
            assert_eq!(stored.len(), self.provance.control().count(practice_kind(kind)), "provance {}", kind.id());
        }
    }

    /// Somebody works in each product.
    fn change_some(&self, round: usize) {
        let title = format!("changed in round {round}");
        let servicenow = self.servicenow.as_ref().unwrap().control();
        for row in servicenow.rows("incident").iter().skip(round).step_by(211) {
            servicenow.edit_row("incident", &row["sys_id"].value, &[("short_description", &title)]).unwrap();
        }
        let web_app = self.service_manager.control();
        for row in web_app.rows(practice_kind(WorkItemKind::Incident)).iter().skip(round).step_by(211) {
            web_app.set_title(practice_kind(WorkItemKind::Incident), &row.id, &title).unwrap();
        }
        let cherwell = self.cherwell.control();
        for row in cherwell.rows("Incident").iter().skip(round).step_by(211) {
            cherwell.edit("Incident", &row["RecID"].text, &[("ShortDescription", &title)]).unwrap();
        }
        let environment = self.provance.control();
        let id = environment.id_column(practice_kind(WorkItemKind::Incident));
        for row in environment.rows(practice_kind(WorkItemKind::Incident)).iter().skip(round).step_by(211) {
            environment
                .edit(practice_kind(WorkItemKind::Incident), &row[&id].value, &[("prov_title", &title)])
                .unwrap();
        }
    }
}

impl Drop for Four {
    fn drop(&mut self) {
        if let Some(server) = self.servicenow.take() {
            self.runtime.block_on(server.stop());
        }
    }
}

#[test]
fn one_that_is_broken_holds_up_no_other_and_says_since_when() {
    let mut four = Four::connected();
    let url = four.servicenow.as_ref().unwrap().url();
    let server = four.servicenow.take().unwrap();
    four.runtime.block_on(server.stop());
    // Something takes the connections there and never answers.
    let address = url.trim_start_matches("http://").to_owned();
    let silent = four.runtime.block_on(tokio::net::TcpListener::bind(address)).unwrap();
    let mut sync = itsmc_at(four.home.path());
    let mut child = sync.args(["sync", "--quiet"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let others = ["service-manager", "provance", "cherwell"];
    let began = Instant::now();
    loop {
        let (_, status) = four.json(&["status"]);
        let connections = status["connections"].as_array().unwrap();
        let synced = |name: &&str| {
            connections
                .iter()
                .any(|one| one["name"] == **name && !one["last_sync"].is_null() && one["state"] == "healthy")
        };
        if others.iter().all(synced) {
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "the others wait for the broken one: {status}");
    }
    assert!(child.try_wait().unwrap().is_none(), "the broken one is still being tried");
    child.kill().unwrap();
    child.wait().unwrap();
    drop(silent);
    for _ in 0..2 {
        let (code, rows) = four.json(&["sync", "servicenow"]);
        assert_eq!(code, 6, "{rows}");
    }
    let (_, status) = four.json(&["status"]);
    let broken = status["connections"].as_array().unwrap().iter().find(|one| one["name"] == "servicenow").unwrap();
    assert!(
        broken["failing_since"].as_str().is_some_and(|since| since < broken["last_sync"].as_str().unwrap()),
        "{broken}"
    );
}

#[test]
fn killed_at_any_moment_of_a_sync_of_four_nothing_is_lost_or_doubled() {
    let four = Four::connected();
    let mut moments = Moments::new();
    let began = Instant::now();
    assert!(four.run(&["sync", "--full"]).status.success());
    let whole = began.elapsed();
    let (mut killed, mut tries) = (0, 0);
    while killed < KILLS {
        tries += 1;
        assert!(tries < KILLS * 5, "only {killed} of {tries} syncs were still running when they were to be killed");
        four.change_some(tries);
        let arguments: &[&str] = if tries % 3 == 0 { &["sync", "--quiet"] } else { &["sync", "--full", "--quiet"] };
        let mut sync = itsmc_at(four.home.path());
        let mut child = sync.args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // The moment itself is what is random here; nothing waits on it.
        std::thread::sleep(moments.below(whole));
        if child.try_wait().unwrap().is_none() {
            child.kill().unwrap();
            killed += 1;
        }
        child.wait().unwrap();
    }
    let last = four.run(&["sync"]);
    assert!(last.status.success(), "{}", shown(&last));
    four.assert_all_stored();
}
