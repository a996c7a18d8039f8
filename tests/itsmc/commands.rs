//! A connection's whole life by commands, against the practice instance.

use itsmc::home::Home;
use itsmc::home::lock::SyncLock;
use itsmc::model::connection::ConnectionName;
use itsmc::model::work_item::WorkItemKind;
use itsmc_practice::servicenow::Options;
use rstest::rstest;

use crate::site::{NAME, Site, itsmc_at, shown, with_stdin};
use crate::stored;

#[test]
fn a_connection_lives_by_commands() {
    let site = Site::new(Options::still());
    let template = site.ok(&["connection", "template", "servicenow"]);
    assert!(template.contains("sync_days") && template.contains('#'), "{template}");
    let added = site.add(&site.form(&[]));
    assert!(added.status.success(), "{}", shown(&added));
    assert!(site.ok(&["connection", "list"]).contains(NAME));
    assert!(site.ok(&["connection", "show", NAME]).contains(&site.control.sign_in().url));
    assert!(site.ok(&["connection", "test", NAME]).contains("passed"));
    assert!(site.ok(&["status"]).contains("never synced"));
    site.ok(&["sync"]);
    for (kind, table) in [(WorkItemKind::Incident, "incident"), (WorkItemKind::ChangeRequest, "change_request")] {
        stored::assert_same(&stored::work_items(&site.database(), kind), &site.control.rows(table), kind);
    }
    site.assert_no_secret_on_disk();
    site.ok(&["connection", "remove", NAME, "--yes"]);
    assert!(!site.ok(&["connection", "list"]).contains(NAME));
    let vault = std::fs::read(site.home().join("vault.age")).unwrap();
    assert!(!vault.is_empty());
    let (code, _) = site.json(&["items", NAME]);
    assert_eq!(code, 4);
}

#[test]
fn an_increment_brings_what_changed_and_no_more() {
    let site = Site::connected(Options::still());
    site.ok(&["sync"]);
    let row = site.control.rows("incident").remove(17);
    let (id, number) = (row["sys_id"].value.clone(), row["number"].value.clone());
    site.control.edit_row("incident", &id, &[("short_description", "Coffee machine on fire")]).unwrap();
    let (code, reports) = site.json(&["sync"]);
    assert_eq!((code, &reports[0]["inserted"], &reports[0]["updated"]), (0, &0.into(), &1.into()), "{reports}");
    let (_, items) = site.json(&["items", "--find", "coffee machine"]);
    assert_eq!(items[0]["ServiceDeskId_s"], number.as_str());
    assert_eq!(items[0]["Title_s"], "Coffee machine on fire");
}

#[test]
fn a_sync_that_finds_nothing_changed_takes_one_request_a_table() {
    let site = Site::connected(Options::still());
    site.ok(&["sync"]);
    site.control.clear_requests();
    let (code, reports) = site.json(&["sync"]);
    assert_eq!(code, 0);
    let counts = site.control.requests_by_table();
    assert_eq!(counts.get("incident"), Some(&1), "{counts:?}");
    assert_eq!(counts.get("change_request"), Some(&1), "{counts:?} {reports}");
    for report in reports.as_array().unwrap() {
        assert_eq!((&report["requests"], &report["inserted"], &report["updated"]), (&1.into(), &0.into(), &0.into()));
    }
}

#[test]
fn items_come_as_lines_csv_and_json() {
    let site = Site::connected(Options::still());
    site.ok(&["sync"]);
    let total = site.control.count("incident") + site.control.count("change_request");
    let csv = site.ok(&["items", "--csv"]);
    let rows: Vec<csv::StringRecord> = csv::Reader::from_reader(csv.as_bytes()).records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), total);
    let (_, all) = site.json(&["items"]);
    assert_eq!(all.as_array().unwrap().len(), total);
    assert_eq!(site.ok(&["items", "--limit", "7"]).lines().count(), 7);
    let (_, open) = site.json(&["items", NAME, "--kind", "incident", "--state", "in progress", "--limit", "5"]);
    assert!(open.as_array().unwrap().iter().all(|item| item["IncidentState_s"] == "In Progress"), "{open}");
    assert_eq!(open.as_array().unwrap().len(), 5);
}

#[test]
fn settings_can_be_changed_and_a_new_user_must_sign_in() {
    let site = Site::connected(Options::still());
    let (code, connection) =
        site.json(&["connection", "edit", NAME, "--set", "sync_days=60", "--set", "work_items=incident"]);
    assert_eq!(
        (code, &connection["sync_days"], &connection["work_items"]),
        (0, &60.into(), &serde_json::json!(["incident"]))
    );
    let mut edit = site.itsmc(&["connection", "edit", NAME, "--set", "username=nobody", "--secrets-stdin"]);
    let refused = with_stdin(&mut edit, "password = \"wrong\"\nclient_secret = \"wrong\"\n");
    assert_eq!(refused.status.code(), Some(3), "{}", shown(&refused));
    let (_, unchanged) = site.json(&["connection", "show", NAME]);
    assert_eq!(unchanged["username"], site.control.sign_in().username.as_str());
}

#[test]
fn a_closed_pipe_is_no_error() {
    let site = Site::connected(Options::still());
    site.ok(&["sync"]);
    let script = format!("'{}' items --csv | head -n 1", env!("CARGO_BIN_EXE_itsmc"));
    let mut shell = std::process::Command::new("bash");
    shell.args(["-o", "pipefail", "-c", &script]).env("ITSMC_HOME", site.home());
    let output = shell.output().unwrap();
    assert!(output.status.success(), "{}", shown(&output));
}

#[rstest]
#[case(&["completions", "bash"])]
#[case(&["man"])]
#[case(&["status"])]
#[case(&["status", "--json"])]
#[case(&["connection", "template", "cherwell"])]
fn a_full_disk_is_said_and_exits_1(#[case] arguments: &[&str]) {
    let home = tempfile::tempdir().unwrap();
    let Ok(full) = std::fs::File::options().write(true).open("/dev/full") else { return };
    let output = itsmc_at(home.path()).args(arguments).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", shown(&output));
    assert!(String::from_utf8_lossy(&output.stderr).contains("The disk is full: stdout"), "{}", shown(&output));
}

#[test]
fn a_form_without_an_end_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let output = itsmc_at(home.path()).args(["connection", "add", "--file", "/dev/zero"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", shown(&output));
    assert!(shown(&output).contains("a socket or a device, not a file"), "{}", shown(&output));
    assert!(!shown(&output).contains("remove"), "{}", shown(&output));
    let large = home.path().join("large.toml");
    std::fs::write(&large, "#".repeat((1 << 20) + 1)).unwrap();
    let output = itsmc_at(home.path()).args(["connection", "add", "--file"]).arg(&large).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", shown(&output));
    assert!(shown(&output).contains("larger than 1 MiB"), "{}", shown(&output));
}

#[test]
fn no_terminal_is_said_and_exits_2() {
    let home = tempfile::tempdir().unwrap();
    for arguments in [&[][..], &["demo"]] {
        let output = itsmc_at(home.path()).args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{}", shown(&output));
        assert!(String::from_utf8_lossy(&output.stderr).contains("itsmc status"), "{}", shown(&output));
    }
}

#[rstest]
#[case("nl_NL.UTF-8", &["sync", "--help"], "Gebruik: itsmc sync")]
#[case("nl_NL.UTF-8", &["sync", "--help", "--lang", "en"], "Usage: itsmc sync")]
#[case("nl_NL.UTF-8", &["man"], "Opdrachten")]
#[case("C.UTF-8", &["--lang=nl", "sync", "-h"], "Verbindingen (standaard: alle)")]
fn help_speaks_the_language_that_is_asked_for(#[case] locale: &str, #[case] arguments: &[&str], #[case] said: &str) {
    let home = tempfile::tempdir().unwrap();
    let output = itsmc_at(home.path()).env("LANG", locale).args(arguments).output().unwrap();
    assert!(shown(&output).to_lowercase().contains(&said.to_lowercase()), "{}", shown(&output));
}

#[test]
fn help_completions_and_man_page_name_every_command() {
    let home = tempfile::tempdir().unwrap();
    // The completion script asks the program itself, in this way.
    for arguments in [&["--help"][..], &["--", "itsmc ", "", "9"], &["man"]] {
        let mut command = itsmc_at(home.path());
        if arguments[0] == "--" {
            command.env("ITSMC_COMPLETE", "bash");
        }
        let output = command.args(arguments).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        for command in ["demo", "practice", "connection", "sync", "status", "items", "config", "doctor"] {
            assert!(text.contains(command), "{arguments:?} lacks {command}");
        }
    }
}

/// Starts `itsmc practice servicenow` with these arguments; it and its sign-in details.
fn practice(home: &std::path::Path, more: &[&str]) -> (std::process::Child, serde_json::Value) {
    use std::io::{BufRead, BufReader};
    let mut command = itsmc_at(home);
    command.args(["practice", "servicenow"]).args(more).stdout(std::process::Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    (child, serde_json::from_str(&line).unwrap())
}

#[test]
fn the_practice_server_tells_how_to_sign_in_on_its_first_line() {
    let home = tempfile::tempdir().unwrap();
    let (mut child, details) = practice(home.path(), &[]);
    for key in ["url", "username", "password", "client_id", "client_secret"] {
        assert!(details[key].is_string(), "{key}");
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_bare_practice_server_has_no_integration_user_yet() {
    let home = tempfile::tempdir().unwrap();
    for (more, there) in [(vec!["--bare"], false), (vec![], true)] {
        let (mut child, details) = practice(home.path(), &more);
        let url = format!("{}/rows/sys_user", details["control"].as_str().unwrap());
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let body = runtime.block_on(async {
            let _ = rustls::crypto::ring::default_provider().install_default();
            let client = reqwest::Client::builder().no_proxy().build().unwrap();
            client.get(url).send().await.unwrap().text().await.unwrap()
        });
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(body.contains(details["admin"].as_str().unwrap()), "{body}");
        assert_eq!(body.contains(details["username"].as_str().unwrap()), there, "{more:?}");
    }
}

#[test]
fn what_ended_a_command_is_its_exit_code() {
    use rustix::process::{Pid, Signal, kill_process};
    let home = tempfile::tempdir().unwrap();
    for (signal, code) in [(Signal::HUP, 129), (Signal::INT, 130), (Signal::TERM, 143)] {
        let (mut child, _) = practice(home.path(), &[]);
        kill_process(Pid::from_child(&child), signal).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(code));
    }
}

#[test]
fn a_connection_that_another_process_syncs_is_not_removed() {
    let site = Site::connected(Options::still());
    site.ok(&["sync"]);
    let (home, name) = (Home::in_dir(site.home()), ConnectionName::parse(NAME).unwrap());
    let lock = SyncLock::take(&home, &name).unwrap();
    let (code, refused) = site.json(&["connection", "remove", NAME, "--yes"]);
    assert_eq!((code, &refused["error"]["code"]), (7, &"locked".into()), "{refused}");
    site.ok(&["connection", "show", NAME]);
    drop(lock);
    site.ok(&["connection", "remove", NAME, "--yes"]);
    assert_eq!(site.json(&["connection", "show", NAME]).0, 4);
}
