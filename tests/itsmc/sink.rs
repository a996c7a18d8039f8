//! Work items in Log Analytics: the real binary between a practice instance and the practice cloud.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::Instant;

use itsmc_practice::azure::{FaultKind, FaultSpec, Role};
use itsmc_practice::servicenow::Options;
use jiff::Timestamp;
use rstest::rstest;

use crate::cloud::Cloud;
use crate::crash::Moments;
use crate::site::{NAME, Site, shown};

/// How often sending is killed.
const KILLS: usize = 50;

/// Sets up a workspace for a site, which feeds it.
pub fn connect(cloud: &Cloud, site: &Site) {
    cloud.set_up(&site.home().join("config.toml"), NAME, |arguments| site.itsmc(arguments));
}

/// Compares every column of the store's own view with the workspace; how many values that were.
pub fn assert_same(site: &Site, cloud: &Cloud) -> usize {
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
    connect(&cloud, &site);
    let (code, estimate) = site.json(&["workspace", "send", "prod", "--dry-run"]);
    assert_eq!((code, estimate[0]["rows"].as_u64() > Some(0)), (0, true), "{estimate}");
    let (code, sent) = site.json(&["workspace", "send", "prod"]);
    assert_eq!((code, &sent[0]["accepted"], &sent[0]["complete"]), (0, &estimate[0]["rows"], &true.into()), "{sent}");
    assert!(assert_same(&site, &cloud) > 1_000);
    let asked = || (cloud.control.requests().len(), cloud.control.entra().requests_by_grant());
    let before = asked();
    let (code, again) = site.json(&["workspace", "send", "prod"]);
    assert_eq!((code, &again[0]["requests"]), (0, &0.into()), "with nothing changed nothing is sent: {again}");
    assert_eq!(asked(), before, "nor is a token, the rule or anything else asked for");
    let (code, verified) = site.json(&["workspace", "verify", "prod"]);
    assert_eq!((code, &verified["verified"], &verified["missing"]), (0, &true.into(), &0.into()), "{verified}");
    let (_, status) = site.json(&["status"]);
    let workspace = &status["workspaces"][0];
    assert_eq!((&workspace["behind_rows"], workspace["last_verified"].is_string()), (&0.into(), true), "{status}");
    assert!(!cloud.control.rows(None, "ServiceDeskLog_CL").unwrap().is_empty(), "the sync has its row");
    site.assert_no_secret_on_disk();
}

/// Lets the connection feed the workspace, or not.
pub fn feed(site: &Site, feeds: bool) {
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
    connect(&cloud, &site);
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

/// What a workspace can be like.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Trouble {
    Dead,
    HangingEndpoint,
    HangingResourceManager,
    Throttling,
}

#[rstest]
#[case::dead(Trouble::Dead, "connection-refused")]
#[case::hanging(Trouble::HangingEndpoint, "timed-out")]
#[case::throttling(Trouble::Throttling, "rate-limited")]
fn a_sync_does_not_wait_for_a_workspace_that_fails(#[case] trouble: Trouble, #[case] code: &str) {
    let (site, mut cloud) = (Site::connected(Options { rows: Some(50), ..Options::still() }), Cloud::start());
    connect(&cloud, &site);
    trouble.begin(&mut cloud);
    let output = site.run(&["sync"]);
    assert_eq!(output.status.code(), Some(0), "the exit comes while the workspace fails: {}", shown(&output));
    let (_, status) = site.json(&["status"]);
    assert_eq!(status["connections"][0]["state"], "healthy", "{status}");
    let workspace = &status["workspaces"][0];
    assert_eq!((&workspace["fault"]["code"], workspace["behind_rows"].as_u64() > Some(0)), (&code.into(), true));
    let (asked, hanging) = (cloud.control.requests().len(), cloud.control.faults());
    let output = site.run(&["sync"]);
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("prod: not asked, next try"), "{told}");
    assert_eq!((cloud.control.requests().len(), cloud.control.faults()), (asked, hanging), "it is left alone");
    if trouble != Trouble::Dead {
        cloud.control.clear_faults();
        let (code, sent) = site.json(&["workspace", "send", "prod"]);
        assert_eq!((code, &sent[0]["complete"]), (0, &true.into()), "{sent}");
        assert_same(&site, &cloud);
    }
}

#[test]
fn a_sync_sends_while_resource_manager_hangs() {
    let (site, mut cloud) = (Site::connected(Options { rows: Some(50), ..Options::still() }), Cloud::start());
    connect(&cloud, &site);
    Trouble::HangingResourceManager.begin(&mut cloud);
    let output = site.run(&["sync"]);
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    assert_same(&site, &cloud);
    let (_, status) = site.json(&["status"]);
    assert_eq!(status["workspaces"][0]["findings"][0]["code"], "rule-not-read", "{status}");
    assert!(cloud.control.requests().iter().any(|one| one.role == Role::Ingestion));
}

#[rstest]
#[case::lines(&["sync"], "50 received: 50 new")]
#[case::json(&["sync", "--json"], "\"fetched\": 50")]
fn what_a_sync_came_to_is_told_while_the_workspace_says_nothing(#[case] args: &[&str], #[case] told: &str) {
    let (site, mut cloud) = (Site::connected(Options { rows: Some(50), ..Options::still() }), Cloud::start());
    connect(&cloud, &site);
    Trouble::HangingEndpoint.begin(&mut cloud);
    let mut sync = site.itsmc(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(sync.stdout.take().unwrap()).lines();
    assert!(lines.by_ref().any(|line| line.unwrap().contains(told)), "the result was not told");
    // Whoever reads the result has it now, and the workspace has not said a word: only the sync itself can end this.
    let ended = sync.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(0), "{}", shown(&ended));
    let (_, status) = site.json(&["status"]);
    let workspace = &status["workspaces"][0];
    let behind = workspace["behind_rows"].as_u64();
    assert!(workspace["fault"]["code"] == "timed-out" && behind >= Some(50), "{workspace}");
}

#[cfg(unix)]
#[test]
fn a_sync_that_is_left_while_the_workspace_says_nothing_ends_at_once_and_loses_nothing() {
    let (site, cloud) = (Site::connected(Options { rows: Some(50), ..Options::still() }), Cloud::start());
    connect(&cloud, &site);
    let silent = FaultSpec { path: Some("/streams/".into()), millis: 3_600_000, ..FaultSpec::new(FaultKind::Slow) };
    cloud.control.fault(silent);
    let sync = site.itsmc(&["sync"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    while !cloud.control.faults().is_empty() {
        std::thread::yield_now();
    }
    let pid = rustix::process::Pid::from_child(&sync);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    let ended = sync.wait_with_output().unwrap();
    let told = shown(&ended);
    assert!(ended.status.code() == Some(130) && told.contains("50 received: 50 new"), "the sync had ended: {told}");
    let (_, status) = site.json(&["status"]);
    let workspace = &status["workspaces"][0];
    assert_eq!((&workspace["fault"], workspace["behind_rows"].as_u64()), (&serde_json::Value::Null, Some(450)));
    let (code, sent) = site.json(&["workspace", "send", "prod"]);
    assert_eq!((code, &sent[0]["complete"]), (0, &true.into()), "{sent}");
    assert_same(&site, &cloud);
}

/// The file of the workspace's lock.
fn lock_file(site: &Site) -> std::path::PathBuf {
    let mut files = site.home().join("locks/workspaces").read_dir().unwrap();
    files.next().unwrap().unwrap().path()
}

/// A run that hangs in a request; it holds the workspace.
fn hanging(site: &Site, cloud: &Cloud) -> std::process::Child {
    let hanging = FaultSpec { path: Some("/streams/".into()), millis: 3_600_000, ..FaultSpec::new(FaultKind::Slow) };
    cloud.control.fault(hanging);
    let mut send = site.itsmc(&["workspace", "send", "prod", "--quiet"]);
    let child = send.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while !cloud.control.faults().is_empty() {
        std::thread::yield_now();
    }
    child
}

#[test]
fn report_15_one_holds_a_workspace_at_a_time_whatever_a_clock_says() {
    let (site, cloud) = (Site::connected(Options { rows: Some(50), ..Options::still() }), Cloud::start());
    connect(&cloud, &site);
    feed(&site, false);
    site.ok(&["sync", "--quiet"]);
    feed(&site, true);
    let mut child = hanging(&site, &cloud);
    let lock = lock_file(&site);
    let now = std::time::SystemTime::now();
    let day = std::time::Duration::from_secs(86_400);
    for time in [now - day, now + day] {
        std::fs::File::options().write(true).open(&lock).unwrap().set_modified(time).unwrap();
        let (code, refused) = site.json(&["workspace", "send", "prod"]);
        assert_eq!((code, &refused["error"]["code"]), (7, &"locked".into()), "it is held: {refused}");
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let (code, sent) = site.json(&["workspace", "send", "prod"]);
    assert_eq!((code, &sent[0]["complete"]), (0, &true.into()), "its holder is dead: {sent}");
    assert_same(&site, &cloud);
}

#[test]
fn report_17_a_killed_holder_is_not_waited_for_and_no_one_else_is_taken_for_it() {
    let (site, cloud) = (Site::connected(Options { rows: Some(50), ..Options::still() }), Cloud::start());
    connect(&cloud, &site);
    feed(&site, false);
    site.ok(&["sync", "--quiet"]);
    feed(&site, true);
    let mut child = hanging(&site, &cloud);
    child.kill().unwrap();
    child.wait().unwrap();
    // As after a restart in a container: the file names a process id that somebody else has now.
    let lock = lock_file(&site);
    std::fs::write(&lock, std::process::id().to_string()).unwrap();
    let mut holder = hanging(&site, &cloud);
    let (code, refused) = site.json(&["workspace", "send", "prod"]);
    assert_eq!((code, &refused["error"]["code"]), (7, &"locked".into()), "{refused}");
    let named = refused["error"].to_string();
    assert!(named.contains(&holder.id().to_string()), "the one that holds it is named: {named}");
    holder.kill().unwrap();
    holder.wait().unwrap();
    let (code, sent) = site.json(&["workspace", "send", "prod"]);
    assert_eq!((code, &sent[0]["complete"]), (0, &true.into()), "{sent}");
}

impl Trouble {
    fn begin(self, cloud: &mut Cloud) {
        let hanging = FaultSpec { times: 0, millis: 3_600_000, ..FaultSpec::new(FaultKind::Slow) };
        let spec = match self {
            Self::Dead => return cloud.stop(),
            Self::HangingEndpoint => FaultSpec { path: Some("/streams/".into()), ..hanging },
            Self::HangingResourceManager => FaultSpec { path: Some("/subscriptions/".into()), ..hanging },
            Self::Throttling => FaultSpec {
                times: 0,
                retry_after: 600,
                path: Some("/streams/".into()),
                ..FaultSpec::new(FaultKind::Throttled)
            },
        };
        cloud.control.fault(spec);
    }
}
