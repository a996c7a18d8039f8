//! Work items in Log Analytics: the real binary between a practice instance and the practice cloud.

use std::collections::BTreeMap;
use std::io::Write;
use std::process::Stdio;
use std::time::Instant;

use itsmc_practice::azure::{Control, FaultKind, FaultSpec, Options as CloudOptions, Server};
use itsmc_practice::servicenow::Options;
use jiff::Timestamp;
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::crash::Moments;
use crate::site::{Site, shown, with_stdin};

/// How often sending is killed.
const KILLS: usize = 50;

/// The practice cloud.
struct Cloud {
    control: Control,
    server: Option<Server>,
    runtime: Runtime,
}

impl Cloud {
    fn start() -> Self {
        let runtime = Runtime::new().unwrap();
        let server = runtime.block_on(Server::start(CloudOptions::default())).unwrap();
        Self { control: server.control(), server: Some(server), runtime }
    }

    /// Sets up a workspace for a site, which feeds it.
    fn connect(&self, site: &Site) {
        let details = self.control.sign_in();
        let cloud = details.cloud.as_ref().unwrap();
        let mut file = std::fs::OpenOptions::new().append(true).open(site.home().join("config.toml")).unwrap();
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
        let scope = format!("/subscriptions/{}", details.azure_subscription);
        self.control.assign(&details.object_id, "Owner", &scope).unwrap();
        let mut add = site.itsmc(&["workspace", "add", "prod", "--sign-in", "service-principal", "--secrets-stdin"]);
        add.args(["--tenant", &details.tenant, "--client-id", &details.client_id, "--connection", "contoso"]);
        add.args(["--subscription", &details.azure_subscription, "--resource-group", &details.azure_resource_group]);
        add.args(["--workspace", &details.workspace]);
        let added = with_stdin(&mut add, &format!("client_secret = \"{}\"\n", details.client_secret));
        assert!(added.status.success(), "{}", shown(&added));
        site.ok(&["workspace", "apply", "prod", "--yes"]);
    }

    /// What the function of the workspace shows: the newest row of each work item that is not removed.
    fn newest(&self) -> BTreeMap<String, Value> {
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
}

impl Drop for Cloud {
    fn drop(&mut self) {
        if let Some(server) = self.server.take() {
            self.runtime.block_on(server.stop());
        }
    }
}

/// Compares every column of the store's own view with the workspace; how many values that were.
fn assert_same(site: &Site, cloud: &Cloud) -> usize {
    let db = rusqlite::Connection::open(site.database()).unwrap();
    let mut select = db.prepare("SELECT * FROM ServiceDesk_CL WHERE RemovedDate_t IS NULL").unwrap();
    let columns: Vec<String> = select.column_names().map(str::to_owned).collect();
    let mut there = cloud.newest();
    let mut rows = select.query([]).unwrap();
    let mut compared = 0;
    while let Some(row) = rows.next().unwrap() {
        let id: String = row.get("ServiceDeskSourceId_s").unwrap();
        let sent = there.remove(&id).unwrap_or_else(|| panic!("{id} is not in the workspace"));
        for column in columns.iter().filter(|one| !["ServiceDeskSourceId_s", "RemovedDate_t"].contains(&one.as_str())) {
            let here: Option<String> = row.get(column.as_str()).unwrap();
            let here = here.filter(|text| !text.is_empty());
            let sent = sent[column].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
            let moment = |text: &Option<String>| text.as_ref().map(|text| text.parse::<Timestamp>().unwrap());
            match column.ends_with("_t") {
                true => assert_eq!(moment(&here), moment(&sent), "{id} {column}"),
                false => assert_eq!(here, sent, "{id} {column}"),
            }
            compared += 1;
        }
    }
    assert!(there.is_empty(), "the workspace has more: {:?}", there.keys());
    compared
}

#[test]
fn what_is_synced_arrives_field_by_field_and_is_verified() {
    let (site, cloud) = (Site::connected(Options::still()), Cloud::start());
    let (code, _) = site.json(&["sync"]);
    assert_eq!(code, 0);
    cloud.connect(&site);
    let (code, estimate) = site.json(&["workspace", "send", "prod", "--dry-run"]);
    assert_eq!((code, estimate[0]["rows"].as_u64() > Some(0)), (0, true), "{estimate}");
    let (code, sent) = site.json(&["workspace", "send", "prod"]);
    assert_eq!((code, &sent[0]["accepted"], &sent[0]["complete"]), (0, &estimate[0]["rows"], &true.into()), "{sent}");
    assert!(assert_same(&site, &cloud) > 1_000);
    let (code, again) = site.json(&["workspace", "send", "prod"]);
    assert_eq!((code, &again[0]["requests"]), (0, &0.into()), "with nothing changed nothing is sent: {again}");
    let (code, verified) = site.json(&["workspace", "verify", "prod"]);
    assert_eq!((code, &verified["verified"], &verified["missing"]), (0, &true.into(), &0.into()), "{verified}");
    let (_, status) = site.json(&["status"]);
    let workspace = &status["workspaces"][0];
    assert_eq!((&workspace["behind_rows"], workspace["last_verified"].is_string()), (&0.into(), true), "{status}");
    assert!(!cloud.control.rows(None, "ServiceDeskLog_CL").unwrap().is_empty(), "the sync has its row");
    site.assert_no_secret_on_disk();
}

/// Lets the connection feed the workspace, or not.
fn feed(site: &Site, feeds: bool) {
    let path = site.home().join("config.toml");
    let (yes, no) = ("workspaces = [\"prod\"]", "workspaces = []");
    let text = std::fs::read_to_string(&path).unwrap();
    let text = if feeds { text.replace(no, yes) } else { text.replace(yes, no) };
    assert!(text.contains(if feeds { yes } else { no }), "{text}");
    std::fs::write(&path, text).unwrap();
}

#[test]
fn killed_at_any_moment_of_sending_with_lost_answers_no_row_is_missing_and_each_is_shown_once() {
    let site = Site::connected(Options { rows: Some(1_500), ..Options::still() });
    let cloud = Cloud::start();
    cloud.connect(&site);
    site.ok(&["sync"]);
    let ids: Vec<_> = site.control.rows("incident").iter().map(|row| row["sys_id"].value.clone()).collect();
    let mut moments = Moments::new();
    let (mut killed, mut tries, mut whole) = (0, 0, None);
    while killed < KILLS {
        tries += 1;
        assert!(tries < KILLS * 5, "only {killed} of {tries} runs were still going on when they were to be killed");
        for id in ids.iter().skip(tries).step_by(11) {
            let text = format!("changed in round {tries}");
            site.control.edit_row("incident", id, &[("short_description", &text)]).unwrap();
        }
        feed(&site, false);
        site.ok(&["sync", "--quiet"]);
        feed(&site, true);
        if tries % 3 == 0 {
            cloud.control.fault(FaultSpec { path: Some("/streams/".into()), ..FaultSpec::new(FaultKind::Cut) });
        }
        let began = Instant::now();
        let mut send = site.itsmc(&["workspace", "send", "prod", "--quiet"]);
        let mut child = send.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let Some(whole) = whole else {
            assert!(child.wait().unwrap().success());
            whole = Some(began.elapsed());
            continue;
        };
        // The moment itself is what is random here; nothing waits on it.
        std::thread::sleep(moments.below(whole));
        if child.try_wait().unwrap().is_none() {
            child.kill().unwrap();
            killed += 1;
        }
        child.wait().unwrap();
    }
    site.ok(&["workspace", "send", "prod"]);
    assert!(assert_same(&site, &cloud) > 1_500 * 20);
    let (code, verified) = site.json(&["workspace", "verify", "prod"]);
    assert_eq!((code, &verified["missing"], &verified["older"]), (0, &0.into(), &0.into()), "{verified}");
    site.assert_no_secret_on_disk();
}
