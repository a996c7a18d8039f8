//! The dashboard of a program that stays open.

use std::path::Path;
use std::process::Command;

use itsmc_practice::{cherwell, servicenow};
use tokio::runtime::Runtime;

use crate::four::add;
use crate::harness::session;

/// Runs a command in the home of a session.
fn itsmc(home: &Path, args: &[&str]) {
    let ended = Command::new(env!("CARGO_BIN_EXE_itsmc"))
        .args(args)
        .env("ITSMC_HOME", home.join("itsmc"))
        .env("ITSMC_KEY_FILE", home.join("vault-key.txt"))
        .output()
        .expect("the program starts");
    assert!(ended.status.success(), "{args:?}: {}", String::from_utf8_lossy(&ended.stderr));
}

/// Switches the schedule off.
pub fn without_schedule(home: &Path) {
    let file = home.join("itsmc/config.toml");
    let config = std::fs::read_to_string(&file).expect("the config can be read");
    std::fs::write(&file, format!("{config}\n[settings]\nsync_every_minutes = 0\n")).expect("it can be written");
}

#[test]
fn b5_the_tile_shows_what_another_process_synced() {
    let runtime = Runtime::new().expect("a runtime starts");
    let options = servicenow::Options { rows: Some(200), ..servicenow::Options::still() };
    let server = runtime.block_on(servicenow::Server::start(options)).expect("it starts");
    let builder = session(&[]);
    add(builder.home(), server.sign_in());
    without_schedule(builder.home());
    let home = builder.home().to_owned();

    let mut session = builder.start();
    session.wait_for_text("Not synced yet");
    itsmc(&home, &["sync", "servicenow"]);
    session.wait_for("the tile to show the new numbers", |screen| {
        let text = screen.contents();
        text.contains("● healthy") && text.contains("200") && !text.contains("Not synced yet")
    });
    session.keys("q");
    assert_eq!(session.wait_for_end(), 0);
    session.assert_restored();
}

#[test]
fn b4_low_terminals_list_the_connections_and_slash_filters_them() {
    let runtime = Runtime::new().expect("a runtime starts");
    let rows = Some(60);
    let options = servicenow::Options { rows, ..servicenow::Options::still() };
    let gone = runtime.block_on(servicenow::Server::start(options)).expect("it starts");
    let options = cherwell::Options { rows, ..cherwell::Options::still() };
    let desk = runtime.block_on(cherwell::Server::start(options)).expect("it starts");
    let builder = session(&[]);
    add(builder.home(), desk.sign_in());
    add(builder.home(), gone.sign_in());
    runtime.block_on(gone.stop());

    let mut session = builder.start();
    session.resize(80, 12);
    session.wait_for("the header and the first line to tell what is wrong", |screen| {
        let text = screen.contents();
        let lines: Vec<_> = text.lines().collect();
        let header = lines.first().is_some_and(|line| line.contains("2 connections: 1 healthy, 1 needs attention"));
        header && lines.get(2).is_some_and(|line| line.trim_start().starts_with("servicenow"))
    });
    session.keys("/cher");
    session.wait_for("one to be left", |screen| {
        let text = screen.contents();
        text.contains("/ cher") && !text.contains("servicenow")
    });
    session.keys("\x1b");
    session.wait_for_text("servicenow");
    session.keys("q");
    assert_eq!(session.wait_for_end(), 0);
    session.assert_restored();
}

#[test]
fn an_open_program_follows_the_config_file_and_keeps_it_while_it_has_an_error() {
    const ONE: &str = r#"[[connection]]
name = "contoso"
partner = "servicenow"
server_url = "http://127.0.0.1:9"
username = "u"
client_id = "c"
work_items = ["incident"]
sync_days = 9
"#;
    let builder = session(&[]);
    let folder = builder.home().join("itsmc");
    std::fs::create_dir(&folder).expect("a home can be made");
    let write = |text: &str| {
        let settings = "[settings]\nsync_every_minutes = 0\n\n";
        std::fs::write(folder.join("config.toml"), format!("{settings}{text}")).expect("a config can be written");
    };
    write(ONE);
    let mut session = builder.start();
    session.wait_for_text("1 connection");
    write(&format!("{ONE}\n{}", ONE.replace("contoso", "fabrikam")));
    session.wait_for_text("2 connections");
    session.wait_for_text("fabrikam");
    write(&format!("{ONE}\n{}oops", ONE.replace("contoso", "fabrikam")));
    session.wait_for_text("config.toml has an error");
    assert!(session.text().contains("fabrikam"), "{}", session.text());
    session.keys("l\r");
    session.wait_for_text("[Work items]");
    write(&ONE.replace("contoso", "northwind"));
    session.wait_for_text("northwind");
    session.keys("q");
    assert_eq!(session.wait_for_end(), 0, "{}", session.text());
    session.assert_restored();
}
