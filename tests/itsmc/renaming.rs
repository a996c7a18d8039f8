//! `itsmc connection rename`: everything that holds the name follows, and nothing outside is made twice.

use std::fs;
use std::process::Stdio;
use std::time::{Duration, Instant};

use itsmc::home::Home;
use itsmc::home::lock::SyncLock;
use itsmc::model::connection::ConnectionName;
use itsmc_practice::servicenow::Options;
use serde_json::{Value, json};

use crate::cloud::Cloud;
use crate::crash::Moments;
use crate::desk::open_vault;
use crate::sink::connect;
use crate::site::{NAME, Site, shown, with_stdin};
use crate::tickets::alerts;

/// How often a renaming is killed.
const KILLS: usize = 25;

const RULES: &str = "# Ours.\n[[rule]]\nname = 'all'\nconnection = 'contoso' # our desk\n\
                     [rule.ticket]\nitem = 'none'\n";

/// A site with work items, a ticket for each of three alerts, and rows in a workspace.
fn filled() -> (Site, Cloud) {
    let site = Site::connected(Options { rows: Some(40), ..Options::still() });
    let cloud = Cloud::start();
    connect(&cloud, &site);
    fs::write(site.home().join("alert-rules.toml"), RULES).unwrap();
    site.ok(&["sync"]);
    import(&site, 0..3, "Fired");
    assert_eq!(site.control.tickets().len(), 3);
    site.ok(&["workspace", "send", "prod"]);
    (site, cloud)
}

fn import(site: &Site, range: std::ops::Range<usize>, condition: &str) -> Value {
    let output = with_stdin(&mut site.itsmc(&["alert", "import", "-", "--json"]), &alerts(range, condition));
    assert!(output.status.success(), "{}", shown(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn status(site: &Site) -> Value {
    site.json(&["status"]).1["connections"].clone()
}

/// Everything of the connection is under this name, and there once.
fn assert_whole(site: &Site, name: &str, items: &Value) {
    let connections = status(site);
    assert_eq!(connections.as_array().unwrap().len(), 1, "{connections}");
    assert_eq!((&connections[0]["name"], &connections[0]["work_items"]["incident"]["total"]), (&name.into(), items));
    let (_, tickets) = site.json(&["ticket", "list"]);
    let names: Vec<_> = tickets.as_array().unwrap().iter().map(|one| one["connection"].clone()).collect();
    assert_eq!(names, [name, name, name], "{tickets}");
    let vault = open_vault(site.home());
    assert_eq!(vault["connections"].as_object().unwrap().keys().collect::<Vec<_>>(), [name]);
    let rules = fs::read_to_string(site.home().join("alert-rules.toml")).unwrap();
    assert!(rules.contains("# Ours.") && rules.contains(&format!("{name}\" # our desk")) || rules == RULES, "{rules}");
    assert!(!site.home().join("renaming.json").exists());
    let database = rusqlite::Connection::open(site.database()).unwrap();
    let count = |sql: &str| database.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count("SELECT count(*) FROM connection"), 1);
}

#[test]
fn a_renamed_connection_loses_nothing_and_makes_nothing_twice() {
    let (site, cloud) = filled();
    let items = status(&site)[0]["work_items"]["incident"]["total"].clone();
    let rows = cloud.control.rows(None, "ServiceDesk_CL").unwrap().len();
    let newest = cloud.newest();
    let refused = site.run(&["connection", "rename", NAME, "fabrikam"]);
    let told = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(2), "{told}");
    assert!(told.contains("keep the name contoso") && told.contains("--yes"), "{told}");
    assert_whole(&site, NAME, &items);
    let (code, renamed) = site.json(&["connection", "rename", NAME, "fabrikam", "--yes"]);
    assert_eq!((code, renamed), (0, json!({"renamed": NAME, "name": "fabrikam", "known_as": NAME})));
    assert_whole(&site, "fabrikam", &items);
    assert_eq!(site.json(&["connection", "show", "fabrikam"]).1["known_as"], NAME);

    // Signed in, at the place where it was: nothing is fetched anew.
    let (code, synced) = site.json(&["sync", "fabrikam"]);
    assert_eq!(code, 0, "{synced}");
    // The tickets that were made came with it.
    let with_tickets = json!(items.as_u64().unwrap() + 3);
    assert_whole(&site, "fabrikam", &with_tickets);
    // The alerts find their tickets again, and a further one gets its own.
    let again = import(&site, 0..4, "Fired");
    assert_eq!(again["decided"]["outcomes"], json!({"opened": 1}), "{again}");
    import(&site, 0..4, "Resolved");
    let tickets = site.control.tickets();
    assert_eq!((tickets.len(), tickets.iter().filter(|ticket| ticket.open).count()), (4, 0));
    // Rows that were sent are not sent again, and each work item is shown once.
    let (code, sent) = site.json(&["workspace", "send", "prod"]);
    assert_eq!(code, 0, "{sent}");
    site.control.edit_row("incident", newest.keys().next().unwrap(), &[("short_description", "changed")]).ok();
    site.ok(&["sync"]);
    let (code, verified) = site.json(&["workspace", "verify", "prod"]);
    assert_eq!((code, &verified["missing"], &verified["surplus"]), (0, &0.into(), &0.into()), "{verified}");
    let there = cloud.control.rows(None, "ServiceDesk_CL").unwrap();
    assert!(there.len() < rows + 10, "{} after {rows}", there.len());
    assert!(there.iter().all(|row| row["ServiceDeskConnectionName_s"] == NAME), "they are under one name");

    // Nobody else gets the name by which it is known, nor does it leave anything behind.
    let taken = site.add(&site.form(&[]));
    assert!(
        taken.status.code() == Some(2) && shown(&taken).contains("another connection has this name"),
        "{}",
        shown(&taken)
    );
    assert!(site.ok(&["connection", "edit", "fabrikam", "--set", "name=third"]).contains("third"));
    assert_eq!(site.json(&["connection", "show", "third"]).1["known_as"], NAME);
    site.ok(&["connection", "rename", "third", NAME]);
    assert!(site.json(&["connection", "show", NAME]).1.get("known_as").is_none());
    site.assert_no_secret_on_disk();
}

#[test]
fn what_cannot_be_renamed_is_refused_and_nothing_changes() {
    let site = Site::connected(Options { rows: Some(5), ..Options::still() });
    assert!(site.add(&site.form(&[("name", "\"second\"")])).status.success());
    let config = fs::read_to_string(site.home().join("config.toml")).unwrap();
    let run = |arguments: &[&str]| {
        let output = site.run(arguments);
        (output.status.code().unwrap(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, told) = run(&["connection", "rename", "zzz", "new"]);
    assert!(code == 4 && told.contains("There are: contoso, second"), "{code} {told}");
    let (code, told) = run(&["connection", "rename", "contsoo", "new"]);
    assert!(code == 4 && told.contains("Did you mean 'contoso'?"), "{code} {told}");
    for bad in ["a b", "-x", "nul", ""] {
        let (code, told) = run(&["connection", "rename", NAME, "--", bad]);
        assert_eq!(code, 2, "{bad}: {told}");
    }
    for taken in ["second", "SECOND", NAME] {
        let (code, told) = run(&["connection", "rename", NAME, taken]);
        assert!(code == 2 && told.contains("already exists"), "{taken}: {told}");
    }
    let held = SyncLock::take(&Home::in_dir(site.home()), &ConnectionName::parse(NAME).unwrap()).unwrap();
    let (code, told) = run(&["connection", "rename", NAME, "new"]);
    assert_eq!(code, 7, "{told}");
    drop(held);
    assert_eq!(fs::read_to_string(site.home().join("config.toml")).unwrap(), config);
    // Nothing outside knows it: then nothing is asked, and it is known by its new name.
    site.ok(&["connection", "rename", NAME, "new"]);
    assert!(site.json(&["connection", "show", "new"]).1.get("known_as").is_none());
}

#[test]
fn killed_at_any_moment_of_renaming_everything_has_one_name() {
    let (site, _cloud) = filled();
    let items = status(&site)[0]["work_items"]["incident"]["total"].clone();
    let mut moments = Moments::new();
    let (mut killed, mut tries, mut whole) = (0, 0, Duration::ZERO);
    while killed < KILLS {
        tries += 1;
        assert!(tries < KILLS * 8, "only {killed} of {tries} were still going on when they were to be killed");
        let name = status(&site)[0]["name"].as_str().unwrap().to_owned();
        let to = if name == NAME { "fabrikam" } else { NAME };
        let began = Instant::now();
        let mut command = site.itsmc(&["connection", "rename", &name, to, "--yes", "--quiet"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        if whole.is_zero() {
            assert!(child.wait().unwrap().success());
            whole = began.elapsed();
            continue;
        }
        // The moment itself is what is random here; nothing waits on it.
        std::thread::sleep(moments.below(whole));
        if child.try_wait().unwrap().is_none() {
            child.kill().unwrap();
            killed += 1;
        }
        child.wait().unwrap();
        // The next command that needs the vault finds one name everywhere.
        site.run(&["token", "list"]);
        let name = status(&site)[0]["name"].as_str().unwrap().to_owned();
        assert_whole(&site, &name, &items);
    }
    site.ok(&["sync"]);
    let again = import(&site, 0..3, "Fired");
    assert_eq!(again["decided"]["outcomes"], json!({}), "{again}");
    assert_eq!(site.control.tickets().len(), 3);
    site.assert_no_secret_on_disk();
}
