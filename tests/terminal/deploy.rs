//! Deploying the web app of Service Manager, by the command's questions and by the guided step.

use std::path::Path;

use crate::harness::{Session, session};

const SUBSCRIPTION: &str = "11111111-2222-3333-4444-555555555555";
const FILES: [&str; 7] = [
    "web-app.parameters.json",
    "settings.template.json",
    "settings.parameters.json",
    "deploy.sh",
    "deploy.ps1",
    "connection.toml",
    "NEXT-STEPS.md",
];

fn assert_written(folder: &Path) {
    for name in FILES {
        let text = std::fs::read_to_string(folder.join(name)).expect("the file was written");
        assert!(!text.is_empty() && !text.contains("{{"), "{name}: {text}");
    }
    let script = std::fs::read_to_string(folder.join("deploy.sh")).expect("the script was written");
    assert!(script.contains(SUBSCRIPTION) && script.contains("'westeurope'"), "{script}");
}

/// Waits for a question, and answers it.
fn answer(session: &mut Session, question: &str, given: &str) {
    session.wait_for_text(question);
    session.keys(&format!("{given}\r"));
}

#[test]
fn the_command_asks_until_each_answer_fits() {
    let builder = session(&["deploy", "service-manager", "--out", "out", "--domain", "CORP"]);
    let folder = builder.home().join("out");
    let mut session = builder.start();
    answer(&mut session, "ID of the Azure subscription", "contoso");
    session.wait_for_text("subscription: the subscription's ID");
    session.keys(&format!("{SUBSCRIPTION}\r"));
    answer(&mut session, "Resource group;", "itsm");
    answer(&mut session, "Location, such as", "West Europe");
    answer(&mut session, "Full name of the management server", "scsm01");
    session.wait_for_text("server_name: the full name");
    session.keys("scsm01.corp.contoso.com\r");
    answer(&mut session, "The account, without", "svc-scsm");
    answer(&mut session, "Start of the web app's name", "");
    answer(&mut session, "Service Bus namespace", "");
    session.wait_for_text("Nothing was deployed");
    assert_eq!(session.wait_for_end(), 0);
    session.assert_restored();
    assert_written(&folder);
}

/// From the dashboard to the prerequisites of the second partner, and there to the guided step.
fn open_step(session: &mut Session) {
    session.wait_for_text("? help");
    session.keys("n");
    session.wait_for_text("Which product");
    session.keys("\x1b[B\r");
    session.wait_for_text("D deploy");
    session.keys("D");
    session.wait_for_text("ctrl-d write");
}

#[test]
fn the_guided_step_checks_each_value_and_hands_on_to_the_wizard() {
    let builder = session(&[]);
    let folder = builder.home().join("itsmc-web-app");
    let mut session = builder.start();
    open_step(&mut session);
    session.keys("contoso");
    session.wait_for_text("expected: the subscription's ID");
    session.keys("\x15");
    session.paste(SUBSCRIPTION);
    session.wait_for_text(&format!("{SUBSCRIPTION} ✓"));
    session.keys("\titsm\tWest Europe");
    session.wait_for_text("becomes westeurope");
    session.keys("\tscsm01\t");
    session.wait_for_text("✗ the full name of the server");
    session.keys("\x1b[Z\x15scsm01.corp.contoso.com\tCORP\t");
    session.wait_for_text("scsm01.corp.contoso.com ✓");
    session.keys("\x04");
    session.wait_for_text("✗ required");
    session.keys("svc-scsm\x04");
    session.wait_for_text("sh deploy.sh");
    session.wait_for_text("c copy the commands");
    assert_written(&folder);
    session.keys("\x1b");
    session.wait_for_text("D deploy");
    session.keys("\r");
    session.wait_for_text("ctrl-d continue");
    session.wait_for_text(".azurewebsites.net");
    session.keys("\x03");
    assert_eq!(session.wait_for_end(), 130);
    session.assert_restored();
}

#[test]
fn the_guided_step_overwrites_nothing() {
    let builder = session(&[]);
    let folder = builder.home().join("mine");
    std::fs::create_dir(&folder).expect("a folder is made");
    std::fs::write(folder.join("deploy.sh"), "mine").expect("a file is written");
    let mut session = builder.start();
    open_step(&mut session);
    session.paste(SUBSCRIPTION);
    session.wait_for_text(&format!("{SUBSCRIPTION} ✓"));
    session.keys("\titsm\twesteurope\tscsm01.corp.contoso.com\tCORP\tsvc-scsm\t\t\t\t\t\x15mine");
    session.wait_for_text("mine ✓");
    session.keys("\r");
    session.wait_for_text("Nothing was written");
    let kept = std::fs::read_to_string(folder.join("deploy.sh")).expect("the file is there");
    assert_eq!((kept.as_str(), std::fs::read_dir(&folder).map(Iterator::count).ok()), ("mine", Some(1)));
    session.keys("-too\r");
    session.wait_for_text("c copy the commands");
    session.keys("\x03");
    assert_eq!(session.wait_for_end(), 130);
    session.assert_restored();
}
