//! Completion in the shell, asked as the registered script asks; and the man pages.

use std::path::Path;

use itsmc_practice::servicenow::Options;

use crate::programs::are_here;
use crate::site::{NAME, Site, itsmc_at, shown};

/// The candidates for the last of these words, as fish asks for them.
fn candidates(home: &Path, words: &[&str]) -> Vec<String> {
    let mut command = itsmc_at(home);
    command.env("ITSMC_COMPLETE", "fish");
    let output = command.arg("--").arg("itsmc").args(words).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{words:?}: {}", shown(&output));
    let text = String::from_utf8(output.stdout).unwrap();
    let values = text.lines().map(|line| line.split('\t').next().unwrap_or_default());
    // Options are offered beside values.
    values.filter(|one| !one.starts_with('-')).map(str::to_owned).collect()
}

#[test]
fn a35_names_partners_kinds_and_settings_are_completed() {
    let site = Site::connected(Options::still());
    let of = |words: &[&str]| candidates(site.home(), words);
    for words in [&["sync", ""] as &[&str], &["token", "list", "c"], &["connection", "show", "con"], &["items", ""]] {
        assert_eq!(of(words), [NAME], "{words:?}");
    }
    assert_eq!(of(&["connection", "template", "s"]), ["servicenow", "service-manager"]);
    assert_eq!(of(&["items", "--kind", ""]), ["incident", "change_request"]);
    assert!(of(&["connection", "edit", NAME, "--set", "sync"]).contains(&"sync_days=".to_owned()));
    let edit = |set: &str| of(&["connection", "edit", NAME, "--set", set]);
    assert_eq!(edit("grant="), ["grant=client_credentials", "grant=password"]);
    assert_eq!(edit("create_configuration_items=t"), ["create_configuration_items=true"]);
    assert_eq!(edit("work_items=incident,"), ["work_items=incident,change_request"]);
    assert!(edit("sync_days=").is_empty());
    assert_eq!(of(&["items", "--sort", "t"]), ["title"]);
    assert_eq!(of(&["items", "--columns", "url,t"]), ["url,title"]);
    assert!(!of(&["items", "--columns", "url,"]).contains(&"url,url".to_owned()));
    assert_eq!(of(&["help", "connection", "ed"]), ["edit"]);
    assert_eq!(of(&["man", "connection", "ed"]), ["edit"]);
    assert!(of(&["help", ""]).contains(&"sync".to_owned()) && !of(&["help", ""]).contains(&"pictures".to_owned()));
    assert!(of(&["checklist", NAME, "--confirm", ""]).len() > 2);
    assert!(of(&[""]).contains(&"doctor".to_owned()) && !of(&[""]).contains(&"pictures".to_owned()));
    assert!(of(&["sync", "x"]).is_empty());
    let (_, list) = site.json(&["token", "list", NAME]);
    let held = list["held"].as_array().unwrap().iter().map(|token| token["fingerprint"].as_str().unwrap().to_owned());
    let held: std::collections::BTreeSet<_> = held.collect();
    assert_eq!(of(&["token", "revoke", NAME, ""]).into_iter().collect::<std::collections::BTreeSet<_>>(), held);
}

#[test]
fn a35_states_and_numbers_come_from_the_database_without_the_vaults_key() {
    let site = Site::connected(Options::still());
    site.ok(&["sync"]);
    std::fs::remove_file(site.home().join("key.txt")).unwrap();
    let of = |words: &[&str]| candidates(site.home(), words);
    assert_eq!(of(&["items", "--state", "In"]), ["In Progress"]);
    let numbers = of(&["items", NAME, "--find", "INC"]);
    assert!(numbers.len() == 50 && numbers.iter().all(|number| number.starts_with("INC")), "{numbers:?}");
    assert!(of(&["items", "nobody", "--priority", ""]).len() > 2);
    assert_eq!(of(&["items", "--state", "incident:In"]), ["incident:In Progress"]);
    let of_changes = of(&["items", "--state", "change_request:"]);
    assert!(of_changes.len() > 2 && of_changes.iter().all(|one| one.starts_with("change_request:")), "{of_changes:?}");
    assert!(!of_changes.contains(&"change_request:In Progress".to_owned()), "{of_changes:?}");
    assert!(of(&["items", "--state", "problem:"]).is_empty());
    assert_eq!(of(&["items", NAME, "--group", "field"]), ["Field Services"]);
    let assignees = of(&["items", NAME, "--assignee", ""]);
    assert!(assignees.len() > 20 && assignees.is_sorted() && !assignees.contains(&String::new()), "{assignees:?}");
}

#[test]
fn a35_settings_of_itsmc_and_their_values_are_completed() {
    let home = tempfile::tempdir().unwrap();
    let of = |words: &[&str]| candidates(home.path(), words);
    assert_eq!(of(&["config", "set", "t"]), ["theme"]);
    assert_eq!(of(&["config", "set", "theme", ""]), ["auto", "dark", "light", "none"]);
    assert_eq!(of(&["config", "set", "lang", "n"]), ["nl"]);
}

#[test]
fn a35_a_home_that_is_not_there_or_is_broken_is_silent_and_stays_as_it_is() {
    let home = tempfile::tempdir().unwrap();
    let missing = home.path().join("none");
    assert!(candidates(&missing, &["sync", ""]).is_empty());
    assert!(!missing.exists());
    std::fs::write(home.path().join("config.toml"), "no toml = = ").unwrap();
    std::fs::write(home.path().join("itsmc.db"), "no database").unwrap();
    assert!(candidates(home.path(), &["sync", ""]).is_empty());
    assert!(candidates(home.path(), &["items", "--state", ""]).is_empty());
}

#[test]
fn a35_bash_completes_with_the_registered_script() {
    let site = Site::connected(Options::still());
    let script = "set -e; source <(itsmc completions bash); COMP_WORDS=(itsmc sync con); COMP_CWORD=2; COMP_TYPE=9; \
                  COMP_LINE='itsmc sync con'; COMP_POINT=14; _itsmc itsmc con sync; echo \"${COMPREPLY[@]}\"";
    let binary = Path::new(env!("CARGO_BIN_EXE_itsmc"));
    let path = format!("{}:{}", binary.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let mut bash = std::process::Command::new("bash");
    let output = bash.args(["-c", script]).env("PATH", path).env("ITSMC_HOME", site.home()).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), NAME, "{}", shown(&output));
}

#[test]
fn help_and_man_of_a_command_are_those_of_the_command() {
    let home = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| itsmc_at(home.path()).args(arguments).output().unwrap();
    for command in [&[] as &[&str], &["sync"], &["connection", "add"]] {
        let (help, option) = (run(&[&["help"], command].concat()), run(&[command, &["--help"]].concat()));
        assert!(help.status.success() && help.stdout == option.stdout, "{}", shown(&help));
    }
    assert!(shown(&run(&["help", "sync", "--lang", "nl"])).contains("Gebruik: itsmc sync"));
    let page = run(&["man", "connection", "add"]);
    assert!(page.status.success() && shown(&page).contains(".TH itsmc-connection-add"), "{}", shown(&page));
    assert!(shown(&run(&["man"])).contains(".TH itsmc "));
    for wrong in ["help", "man"] {
        let refused = run(&[wrong, "conection"]);
        assert_eq!(refused.status.code(), Some(2), "{}", shown(&refused));
        assert!(refused.stdout.is_empty() && shown(&refused).contains("'connection'"), "{}", shown(&refused));
    }
    assert_eq!(run(&["help", "--json", "conection"]).status.code(), Some(2));
}

#[test]
fn a36_man_writes_a_page_for_each_command_without_warnings() {
    let home = tempfile::tempdir().unwrap();
    let pages = home.path().join("man");
    let output = itsmc_at(home.path()).args(["man", "--out"]).arg(&pages).output().unwrap();
    assert!(output.status.success(), "{}", shown(&output));
    for name in ["itsmc.1", "itsmc-sync.1", "itsmc-connection-add.1", "itsmc-token-new-secret.1"] {
        assert!(pages.join(name).is_file(), "{name}");
    }
    if !are_here(&["groff"]) {
        return;
    }
    for page in std::fs::read_dir(&pages).unwrap() {
        let page = page.unwrap().path();
        let read =
            std::process::Command::new("groff").args(["-man", "-Tutf8", "-ww", "-z"]).arg(&page).output().unwrap();
        assert!(read.stderr.is_empty(), "{}: {}", page.display(), shown(&read));
    }
}
