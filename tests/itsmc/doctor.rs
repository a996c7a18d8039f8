//! `itsmc doctor` judges: each part with its state and what to do next.

use itsmc_practice::servicenow::{Options, Revoke};
use serde_json::Value;

use crate::programs::are_here;
use crate::site::{Site, shown};

fn check<'a>(document: &'a Value, id: &str) -> &'a Value {
    let checks = document["checks"].as_array().unwrap();
    checks.iter().find(|check| check["id"] == id).unwrap_or_else(|| panic!("no {id}: {document}"))
}

#[test]
fn a38_doctor_is_content_with_a_fresh_home_and_with_one_that_syncs() {
    let site = Site::new(Options::still());
    let (code, fresh) = site.json(&["doctor"]);
    assert_eq!((code, &fresh["verdict"]), (0, &"ok".into()), "{fresh}");
    assert_eq!(check(&fresh, "connections")["remedy"], "Set one up: itsmc connection add");
    drop(site);
    let site = Site::connected(Options::still());
    site.ok(&["sync"]);
    let (code, working) = site.json(&["doctor"]);
    assert_eq!((code, &working["verdict"]), (0, &"ok".into()), "{working}");
    for id in ["places", "vault_key", "certificates", "proxy", "database", "clock", "connections"] {
        assert_eq!(check(&working, id)["status"], "passed", "{working}");
    }
    let told = site.ok(&["doctor"]);
    assert!(told.matches('✓').count() >= 8 && told.contains("All good.") && !told.contains("in_use"), "{told}");
}

#[test]
fn a38_doctor_names_what_stops_a_connection_and_exits_8() {
    let site = Site::connected(Options::still());
    site.control.revoke(Revoke::All);
    site.run(&["sync"]);
    let (code, document) = site.json(&["doctor"]);
    assert_eq!((code, &document["verdict"]), (8, &"problems".into()), "{document}");
    let connections = check(&document, "connections");
    assert_eq!((&connections["status"], connections["remedy"].is_string()), (&"failed".into(), true), "{document}");
    let output = site.run(&["doctor"]);
    assert!(shown(&output).contains('✗') && shown(&output).contains("itsmc status"), "{}", shown(&output));
}

#[test]
fn a38_doctor_connects_to_the_proxy_and_misses_a_key_that_is_gone() {
    let site = Site::connected(Options::still());
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let proxy = format!("http://user:hush@{}", closed.local_addr().unwrap());
    drop(closed);
    let output = site.itsmc(&["doctor", "--json"]).env("HTTPS_PROXY", &proxy).output().unwrap();
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), &check(&document, "proxy")["status"]), (Some(8), &"failed".into()), "{document}");
    assert!(!shown(&output).contains("hush"), "{}", shown(&output));
    std::fs::remove_file(site.home().join("key.txt")).unwrap();
    let (code, document) = site.json(&["doctor"]);
    assert_eq!((code, &check(&document, "vault_key")["status"]), (8, &"failed".into()), "{document}");
}

#[cfg(target_os = "linux")]
#[test]
fn the_keyring_is_told_in_words_and_its_own_words_stand_in_json_alone() {
    let site = Site::new(Options::still());
    let line = |command: &mut std::process::Command| {
        let told = shown(&command.output().unwrap());
        told.lines().find(|line| line.contains("Keyring") || line.contains("Sleutelbos")).unwrap().to_owned()
    };
    let no_bus = |arguments: &[&str]| {
        let mut command = site.itsmc(arguments);
        command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere").env_remove("DISPLAY");
        command
    };
    let told = line(&mut no_bus(&["doctor"]));
    assert!(told.contains("no session bus") && !told.contains("DBus") && !told.contains("/nowhere"), "{told}");
    let dutch = line(&mut no_bus(&["doctor", "--lang", "nl"]));
    assert!(dutch.contains("geen sessiebus") && !dutch.contains("failed"), "{dutch}");
    let document = no_bus(&["doctor", "--json"]).output().unwrap();
    let document: Value = serde_json::from_slice(&document.stdout).unwrap();
    assert!(check(&document, "keyring")["summary"].as_str().unwrap().contains("no session bus"), "{document}");
    let places = document["secret_store"]["places"].as_array().unwrap();
    let keyring = places.iter().find(|place| place["place"] == "keyring").unwrap();
    assert!(keyring["detail"].as_str().unwrap().contains("/nowhere"), "{document}");
    if !are_here(&["dbus-run-session"]) {
        return;
    }
    let config = site.home().join("bus.conf");
    let bare = "<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><auth>EXTERNAL</auth><policy context=\"default\">\
                <allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>";
    std::fs::write(&config, bare).unwrap();
    let mut on_a_bus = std::process::Command::new("dbus-run-session");
    on_a_bus.arg("--config-file").arg(&config).arg("--").args([env!("CARGO_BIN_EXE_itsmc"), "doctor"]);
    on_a_bus.env("ITSMC_HOME", site.home()).env("LANG", "C.UTF-8").env_remove("LC_ALL");
    let told = line(&mut on_a_bus);
    assert!(told.contains("no Secret Service") && !told.contains("freedesktop"), "{told}");
}
