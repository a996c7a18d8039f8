//! Secrets go to the server, the user and the application that they were given for, whatever is changed behind the
//! program's back.

use std::fs;
use std::process::Stdio;
use std::thread;

use rstest::rstest;

use crate::desk::{Desk, Recorder, at_the_gate, change_config, first_format, open_vault, write_vault};
use crate::site::{itsmc_at, shown, with_stdin};

/// Everything that talks to a product on its own.
const COMMANDS: [&[&str]; 4] = [&["sync"], &["connection", "test"], &["checklist"], &["token", "list"]];

/// Runs every command; each must end as signed out, and the recorder gets nothing.
fn assert_sends_nothing(desk: &Desk, recorder: &Recorder, secrets: &[String]) {
    for command in COMMANDS {
        let output = desk.run(&[command, &[desk.name(), "--json"]].concat());
        // That no token is held may well be told.
        let may_succeed = command[0] == "token";
        assert!(may_succeed || output.status.code() != Some(0), "{command:?} {}", shown(&output));
        recorder.assert_holds_none_of(secrets);
        let told = shown(&output);
        assert!(secrets.iter().all(|secret| !told.contains(secret)), "{told}");
    }
    let output = desk.run(&["sync", desk.name()]);
    assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
    recorder.assert_holds_none_of(secrets);
}

#[rstest]
fn s1_settings_changed_by_hand_send_no_secret_to_anybody(
    #[values("servicenow", "service-manager", "provance", "cherwell")] partner: &str,
) {
    let desk = Desk::connected(partner);
    let recorder = Recorder::start();
    let secrets = desk.secrets();
    assert!(secrets.len() >= 2, "{partner}");
    let config = fs::read_to_string(desk.home.path().join("config.toml")).unwrap();
    let url = recorder.url.clone();
    let parts: [(&str, &str); 8] = [
        ("server_url", &url),
        ("username", "somebody.else"),
        ("client_id", "00000000000000000000000000000000"),
        ("grant", if ["servicenow", "cherwell"].contains(&partner) { "client_credentials" } else { "password" }),
        ("authority", &url),
        ("tenant", "elsewhere.example"),
        ("audience", "https://elsewhere.example/"),
        ("api_path", "/elsewhere"),
    ];
    for (key, value) in parts {
        desk.config(|connection| {
            let is_own = ["server_url", "username", "client_id", "grant"].contains(&key);
            let table = match is_own {
                true => connection,
                false => connection
                    .entry("details")
                    .or_insert_with(|| toml::Value::Table(toml::Table::new()))
                    .as_table_mut()
                    .unwrap(),
            };
            table.insert(key.to_owned(), value.into());
        });
        assert_sends_nothing(&desk, &recorder, &secrets);
        let output = desk.run(&["sync", desk.name()]);
        let told = shown(&output);
        assert!(told.contains("token rotate") && told.contains(key), "{partner} {key}: {told}");
        fs::write(desk.home.path().join("config.toml"), &config).unwrap();
    }
    assert!(recorder.received.lock().unwrap().is_empty());
    let again = desk.run(&["sync", desk.name()]);
    assert!(again.status.success(), "set back, it works: {}", shown(&again));
}

#[rstest]
fn s1_a_restored_vault_or_a_second_home_opens_to_its_own_identity_alone(
    #[values("servicenow", "service-manager", "provance", "cherwell")] partner: &str,
) {
    let desk = Desk::connected(partner);
    let recorder = Recorder::start();
    let secrets = desk.secrets();
    let home = desk.home.path();
    let config = fs::read_to_string(home.join("config.toml")).unwrap();
    // An older vault, bound at the first start of this version, works on.
    let old = first_format(open_vault(home));
    let marker = fs::read_to_string(home.join("key-place.json")).unwrap();
    let unbound = marker.replace("\"bound\": true", "\"bound\": false");
    assert_ne!(marker, unbound);
    fs::write(home.join("key-place.json"), unbound).unwrap();
    write_vault(home, &old);
    let output = desk.run(&["sync", desk.name()]);
    assert!(output.status.success(), "{}", shown(&output));
    // Put back later, beside other settings, it is not trusted.
    write_vault(home, &old);
    desk.config(|connection| _ = connection.insert("server_url".into(), recorder.url.clone().into()));
    assert_sends_nothing(&desk, &recorder, &secrets);
    fs::write(home.join("config.toml"), &config).unwrap();
    let second = tempfile::tempdir().unwrap();
    for file in ["vault.age", "key.txt", "key-place.json", "config.toml"] {
        fs::copy(home.join(file), second.path().join(file)).unwrap();
    }
    change_config(second.path(), |connection| _ = connection.insert("server_url".into(), recorder.url.clone().into()));
    let output = itsmc_at(second.path()).arg("sync").output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
    recorder.assert_holds_none_of(&secrets);
}

#[rstest]
fn s2_a_name_that_is_used_again_inherits_no_secret(
    #[values("servicenow", "service-manager", "provance", "cherwell")] partner: &str,
) {
    let desk = Desk::connected(partner);
    let recorder = Recorder::start();
    let secrets = desk.secrets();
    fs::write(desk.home.path().join("config.toml"), "").unwrap();
    let form = desk.form(&[("server_url", &recorder.url), ("tenant", "contoso.example"), ("authority", &recorder.url)]);
    let form =
        if ["servicenow", "cherwell"].contains(&partner) { desk.form(&[("server_url", &recorder.url)]) } else { form };
    let file = desk.home.path().join("form.toml");
    fs::write(&file, form).unwrap();
    let mut command = itsmc_at(desk.home.path());
    command.args(["connection", "add", "--signed-out", "--secrets-stdin", "--file"]).arg(&file);
    let output = with_stdin(&mut command, "password = 'another-password'\nclient_secret = 'another-secret'\n");
    assert_eq!(output.status.code(), Some(8), "{}", shown(&output));
    for command in COMMANDS {
        desk.run(&[command, &[desk.name()]].concat());
    }
    recorder.assert_holds_none_of(&secrets);
    let left = open_vault(desk.home.path()).to_string();
    assert!(secrets.iter().all(|secret| !left.contains(secret)), "the old secrets are still kept");
}

#[rstest]
fn s5_a_removed_connection_is_not_written_back_by_a_test_that_runs(#[values("servicenow", "cherwell")] partner: &str) {
    let (desk, gate) = at_the_gate(partner);
    let mut test = itsmc_at(desk.home.path());
    test.args(["connection", "test", partner]).stdout(Stdio::null()).stderr(Stdio::null());
    let mut test = test.spawn().unwrap();
    gate.wait_for_somebody();
    let home = desk.home.path().to_owned();
    let removal = thread::spawn({
        let (home, partner) = (home.clone(), partner.to_owned());
        move || itsmc_at(&home).args(["connection", "remove", &partner, "--yes"]).output().unwrap()
    });
    // The removal itself may want to revoke at the product, and wait there as well; the vault is emptied before that.
    while open_vault(&home)["connections"].as_object().is_some_and(|all| !all.is_empty()) {
        thread::yield_now();
    }
    gate.open();
    let removed = removal.join().unwrap();
    assert!(removed.status.success(), "{}", shown(&removed));
    assert!(!test.wait().unwrap().success());
    assert_eq!(open_vault(&home)["connections"], serde_json::json!({}));
    let status = desk.run(&["status", "--json"]);
    assert!(!String::from_utf8_lossy(&status.stdout).contains(partner));
    assert_eq!(desk.run(&["connection", "show", partner]).status.code(), Some(4));
}

#[rstest]
fn s3_a_connection_is_not_edited_or_removed_while_it_is_synced(#[values("servicenow", "cherwell")] partner: &str) {
    let (desk, gate) = at_the_gate(partner);
    let mut sync = itsmc_at(desk.home.path());
    let mut sync = sync.args(["sync", partner]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    gate.wait_for_somebody();
    let before = (fs::read(desk.home.path().join("config.toml")).unwrap(), open_vault(desk.home.path()));
    let other = Recorder::start();
    let mut edit = itsmc_at(desk.home.path());
    edit.args(["connection", "edit", partner, "--secrets-stdin", "--set", &format!("server_url={}", other.url)]);
    let edited = with_stdin(&mut edit, &desk.secrets_toml());
    assert_eq!(edited.status.code(), Some(7), "{}", shown(&edited));
    let removed = desk.run(&["connection", "remove", partner, "--yes"]);
    assert_eq!(removed.status.code(), Some(7), "{}", shown(&removed));
    let after = (fs::read(desk.home.path().join("config.toml")).unwrap(), open_vault(desk.home.path()));
    assert_eq!(before, after);
    // Behind the program's back it changes all the same: the sync goes on with the server it began with.
    desk.config(|connection| _ = connection.insert("server_url".into(), other.url.clone().into()));
    gate.open();
    sync.wait().unwrap();
    other.assert_holds_none_of(&desk.secrets());
}

#[test]
fn s9_two_products_that_are_silent_hold_up_no_third() {
    let (desk, gate) = at_the_gate("cherwell");
    let healthy = Desk::new("servicenow");
    fs::write(desk.home.path().join("form.toml"), healthy.form(&[])).unwrap();
    let mut add = itsmc_at(desk.home.path());
    add.args(["connection", "add", "--secrets-stdin", "--file"]).arg(desk.home.path().join("form.toml"));
    let added = with_stdin(&mut add, &healthy.secrets_toml());
    assert!(added.status.success(), "{}", shown(&added));
    let mut contents = open_vault(desk.home.path());
    contents["connections"]["servicenow"]["tokens"]["access_expires"] = "2020-01-01T00:00:00Z".into();
    write_vault(desk.home.path(), &contents);
    let mut silent = itsmc_at(desk.home.path());
    let mut silent = silent.args(["sync", "cherwell"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    gate.wait_for_somebody();
    let third = desk.run(&["sync", "servicenow"]);
    assert!(third.status.success(), "{}", shown(&third));
    assert!(silent.try_wait().unwrap().is_none(), "the silent one still waits");
    gate.open();
    assert!(silent.wait().unwrap().success());
}

#[rstest]
fn s9_two_processes_that_renew_at_once_end_with_one_good_token(#[values("servicenow", "cherwell")] partner: &str) {
    let (desk, gate) = at_the_gate(partner);
    let start = || {
        let mut test = itsmc_at(desk.home.path());
        test.args(["connection", "test", partner]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    let (mut one, mut other) = (start(), start());
    gate.wait_for_somebody();
    gate.open();
    assert!(one.wait().unwrap().success() && other.wait().unwrap().success());
    assert!(desk.run(&["sync", partner]).status.success());
}
