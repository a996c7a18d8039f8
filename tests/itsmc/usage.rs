//! Wrong use: what was meant, and what is missing, by its name on the command line.

use itsmc_practice::servicenow::Options;

use crate::site::{NAME, Site, itsmc_at, shown};

fn refused(output: &std::process::Output, code: i32) -> String {
    assert_eq!(output.status.code(), Some(code), "{}", shown(output));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn p4_what_was_meant_is_suggested() {
    let site = Site::connected(Options::still());
    let said = refused(&site.run(&["connection", "show", "contosso"]), 4);
    assert!(said.contains(&format!("Did you mean '{NAME}'?")), "{said}");
    assert!(!refused(&site.run(&["connection", "show", "nobody"]), 4).contains("Did you mean"));
    assert_eq!(site.json(&["connection", "show", "contosso"]).1["error"]["code"], "no-such-connection");
    for (arguments, code, list) in [
        (&["alert", "show", "0c6e"] as &[&str], "no-such-alert", "itsmc alert list"),
        (&["alert", "retry", "0c6e"], "no-such-alert", "itsmc alert list"),
        (&["ticket", "show", "INC1"], "no-such-ticket", "itsmc ticket list"),
        (&["token", "revoke", NAME, "0c6e0c6e", "--yes"], "no-such-token", "itsmc token list contoso"),
    ] {
        let (exit, told) = site.json(arguments);
        assert_eq!((exit, told["error"]["code"].as_str()), (4, Some(code)), "{told}");
        assert!(shown(&site.run(arguments)).contains(list), "{arguments:?} names no list");
    }
    let said = refused(&site.run(&["connection", "edit", NAME, "--set", "sync_day=60"]), 2);
    assert!(said.contains("unknown setting 'sync_day'; did you mean sync_days?"), "{said}");
    let said = refused(&site.run(&["connection", "edit", NAME, "--set", "colour=red"]), 2);
    assert!(said.contains("known: ") && said.contains("sync_days") && !said.contains("password"), "{said}");
    let said = refused(&site.run(&["connection", "template", "servicnow"]), 2);
    assert!(said.contains("did you mean servicenow?"), "{said}");
}

#[test]
fn a41_missing_values_are_named_by_their_options() {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("out");
    let output = itsmc_at(home.path()).args(["deploy", "service-manager", "--plan", "X9", "--out"]).arg(out).output();
    let said = refused(&output.unwrap(), 2);
    for part in ["--subscription: required", "--resource-group: required", "--location: required", "plan: "] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[test]
fn a40_the_environment_adds_nothing_to_the_usage_and_an_empty_variable_counts_as_unset() {
    let home = tempfile::tempdir().unwrap();
    let said = refused(&itsmc_at(home.path()).args(["connection", "remove"]).output().unwrap(), 2);
    assert!(said.contains("<NAME>") && !said.contains("--home") && !said.contains("--key-file"), "{said}");
    let output = itsmc_at(home.path()).env("ITSMC_KEY_FILE", "").arg("status").output().unwrap();
    assert!(output.status.success(), "{}", shown(&output));
}

#[test]
fn p4_the_name_may_be_left_out_where_there_is_one_connection() {
    let site = Site::connected(Options { rows: Some(40), ..Options::still() });
    assert!(site.ok(&["connection", "show"]).contains(NAME));
    site.ok(&["connection", "test"]);
    site.ok(&["connection", "edit", "--set", "sync_days=60"]);
    assert_eq!(site.json(&["connection", "show"]).1["sync_days"], 60);
    let (_, list) = site.json(&["token", "list"]);
    let refresh = list["held"].as_array().unwrap().iter().find(|token| token["kind"] == "refresh").unwrap();
    let refresh = refresh["fingerprint"].as_str().unwrap();
    assert!(site.ok(&["token", "revoke", refresh, "--yes"]).contains(refresh));
    // What cannot be undone wants the name.
    assert!(refused(&site.run(&["connection", "remove", "--yes"]), 2).contains("<NAME>"));
    let added = site.add(&site.form(&[("name", "\"fabrikam\"")]));
    assert!(added.status.success(), "{}", shown(&added));
    for command in [&["connection", "show"][..], &["connection", "test"], &["checklist"], &["token", "list"]] {
        let said = refused(&site.run(command), 2);
        assert!(said.contains("NAME is missing") && said.contains("contoso, fabrikam"), "{command:?}: {said}");
    }
    let home = tempfile::tempdir().unwrap();
    let said = refused(&itsmc_at(home.path()).args(["token", "list"]).output().unwrap(), 2);
    assert!(said.contains("no connection yet"), "{said}");
}

#[test]
fn p3_a_form_that_does_not_exist_is_wrong_use() {
    let home = tempfile::tempdir().unwrap();
    for command in [&["connection", "add", "--file"][..], &["connection", "mapping", "--file"]] {
        let output = itsmc_at(home.path()).args(command).arg(home.path().join("none.toml")).output().unwrap();
        assert!(refused(&output, 2).contains("none.toml does not exist"), "{}", shown(&output));
    }
}

#[test]
fn a42_without_a_terminal_the_form_is_asked_for_as_a_file() {
    let home = tempfile::tempdir().unwrap();
    let said = refused(&itsmc_at(home.path()).args(["connection", "add"]).output().unwrap(), 2);
    assert!(said.contains("not a terminal: add --file FILE"), "{said}");
}

#[test]
fn p4_a_hidden_command_is_not_suggested() {
    let home = tempfile::tempdir().unwrap();
    let said = refused(&itsmc_at(home.path()).arg("itmes").output().unwrap(), 2);
    assert!(said.contains("'items'") && !said.contains("pictures"), "{said}");
}
