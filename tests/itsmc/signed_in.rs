//! Whether a connection is signed in is the same everywhere, and the vault's entry is the proof of it.

use std::fs;

use itsmc_practice::servicenow::{Options, Revoke};
use serde_json::Value;

use crate::desk::change_config;
use crate::site::{NAME, Site, shown};

fn connected() -> Site {
    Site::connected(Options { rows: Some(60), ..Options::still() })
}

/// Lists a connection in the config file as an editor does: the same product under another name.
fn list_by_hand(site: &Site, name: &str) {
    let file = site.home().join("config.toml");
    let mut config: toml::Table = fs::read_to_string(&file).unwrap().parse().unwrap();
    let all = config["connection"].as_array_mut().unwrap();
    let mut new = all[0].clone();
    new["name"] = name.into();
    all.push(new);
    fs::write(&file, config.to_string()).unwrap();
}

fn state(site: &Site, name: &str) -> Value {
    let (_, told) = site.json(&["status"]);
    told["connections"].as_array().unwrap().iter().find(|one| one["name"] == name).unwrap().clone()
}

fn without_database(site: &Site) {
    for name in ["itsmc.db", "itsmc.db-wal", "itsmc.db-shm"] {
        let _ = fs::remove_file(site.home().join(name));
    }
}

#[test]
fn b2_a_connection_that_never_had_a_sign_in_is_signed_out_everywhere() {
    let site = connected();
    site.ok(&["sync"]);
    list_by_hand(&site, "byhand");
    assert_eq!(state(&site, "byhand")["state"], "signed_out");
    assert_eq!(state(&site, "byhand")["fault"]["code"], "signed-out");
    assert_eq!(state(&site, NAME)["state"], "healthy");
    let check = site.run(&["status", "--check"]);
    assert_eq!(check.status.code(), Some(3), "{}", shown(&check));
    assert!(site.ok(&["connection", "list"]).contains("byhand\tservicenow\tsigned out"));
    let doctor = site.run(&["doctor"]);
    assert_eq!(doctor.status.code(), Some(8), "{}", shown(&doctor));
    assert!(shown(&doctor).contains("byhand signed out"), "{}", shown(&doctor));
    let sync = site.run(&["sync", "byhand"]);
    assert_eq!(sync.status.code(), Some(3), "{}", shown(&sync));
    assert_eq!(state(&site, "byhand")["state"], "signed_out");
    assert_eq!(state(&site, NAME)["state"], "healthy");
}

#[test]
fn b2_a_config_file_alone_has_connections_that_are_signed_out() {
    let site = connected();
    site.ok(&["sync"]);
    fs::remove_file(site.home().join("vault.age")).unwrap();
    assert_eq!(state(&site, NAME)["state"], "signed_out");
    without_database(&site);
    let doctor = site.run(&["doctor"]);
    assert!(shown(&doctor).contains(&format!("{NAME} signed out")), "{}", shown(&doctor));
    assert!(!site.database().exists());
    assert_eq!(site.run(&["status", "--check"]).status.code(), Some(3));
}

#[test]
fn b2_a_rebuilt_database_is_not_signed_out_while_the_vault_has_the_sign_in() {
    let site = connected();
    site.ok(&["sync"]);
    let before = state(&site, NAME);
    without_database(&site);
    let now = state(&site, NAME);
    assert_eq!((&now["state"], &now["fault"]), (&"new".into(), &Value::Null), "{now}");
    assert_eq!(now["refresh_token_expires"], before["refresh_token_expires"]);
    assert_eq!(site.run(&["status", "--check"]).status.code(), Some(9));
    site.ok(&["sync"]);
    assert_eq!(state(&site, NAME)["state"], "healthy");
}

#[test]
fn b2_an_entry_of_another_identity_is_no_sign_in_of_a_rebuilt_database() {
    let site = connected();
    site.ok(&["sync"]);
    without_database(&site);
    change_config(site.home(), |connection| connection["username"] = "somebody.else".into());
    let now = state(&site, NAME);
    assert_eq!((&now["state"], &now["fault"]["code"]), (&"signed_out".into(), &"identity-changed".into()), "{now}");
}

#[test]
fn b2_a_database_from_before_the_sign_in_is_put_right_by_a_sync() {
    let site = connected();
    site.ok(&["sync"]);
    site.control.revoke(Revoke::All);
    assert_eq!(site.run(&["sync"]).status.code(), Some(3));
    let signed_out = fs::read(site.database()).unwrap();
    let details = site.control.sign_in();
    let mut rotate = site.itsmc(&["token", "rotate", NAME, "--secrets-stdin"]);
    let rotated = crate::site::with_stdin(&mut rotate, &format!("password = \"{}\"\n", details.password));
    assert!(rotated.status.success(), "{}", shown(&rotated));
    without_database(&site);
    fs::write(site.database(), signed_out).unwrap();
    assert_eq!(state(&site, NAME)["state"], "signed_out");
    site.ok(&["sync"]);
    assert_eq!(state(&site, NAME)["state"], "healthy");
    assert!(state(&site, NAME)["refresh_token_expires"].is_string());
}
