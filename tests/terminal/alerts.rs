//! Alerts of Azure beside a program that stays open: one that fires appears by itself, gets its ticket, and is resolved.

use std::path::Path;

use crate::harness::{Session, session};
use crate::world::{World, config, itsmc, wait_for_line};

/// With a source of alerts and a rule for all of them.
fn with_source(home: &Path) -> World {
    let world = World::new(home, 20);
    world.cloud.add_source(&config(home), "Monitoring Reader", &["--every", "5"], |args| itsmc(home, args));
    let rules = "[[rule]]\nname = 'all'\nconnection = 'servicenow'\n";
    std::fs::write(home.join("itsmc/alert-rules.toml"), rules).expect("the rules are written");
    world
}

fn leave(session: &mut Session) {
    session.keys("q");
    session.keys("q");
    assert_eq!(session.wait_for_end(), 0);
    session.assert_restored();
}

#[test]
fn an_alert_that_fires_appears_by_itself_with_its_ticket_and_is_resolved() {
    let builder = session(&[]);
    let world = with_source(builder.home());
    let mut session = builder.start();
    session.wait_for_text("Not synced yet");
    session.keys("a");
    session.wait_for_text("No alerts yet");
    wait_for_line(&session, &["prod"]);
    session.wait_for("the first pass", |screen| !screen.contents().contains("not read yet"));
    let guid = world.fire("web-cpu");
    wait_for_line(&session, &["fired", "web-cpu", "INC", "opened"]);
    let tickets = world.instance.control().tickets();
    assert_eq!((tickets.len(), tickets[0].open), (1, true), "{tickets:?}");
    wait_for_line(&session, &["web-cpu", &tickets[0].number]);
    session.keys("\r");
    session.wait_for_text("ticket opened");
    session.wait_for_text("open: done");
    session.keys("q");
    world.cloud.control.resolve_alert(&guid).expect("it is there");
    wait_for_line(&session, &["✓ ", "web-cpu", &tickets[0].number, "resolved", "opened, resolved"]);
    session
        .wait_for("the resolution in the product", |_| world.instance.control().tickets().iter().all(|one| !one.open));
    assert_eq!(world.instance.control().tickets().len(), 1);
    session.keys("u");
    session.wait_for_text("1 alert, 1 ticket");
    session.keys("p");
    session.wait_for_text("Preview: nothing is written");
    session.wait_for_text("Total: 1 alert, 1 ticket");
    session.keys("q");
    session.wait_for_text("Alert rules");
    session.keys("q");
    session.wait_for_text("Azure alerts");
    leave(&mut session);
}

/// The file is written by an editor beside the program: no key is pressed.
#[test]
fn rules_that_are_written_while_they_are_shown_appear_by_themselves() {
    let builder = session(&[]);
    let _world = with_source(builder.home());
    let path = builder.home().join("itsmc/alert-rules.toml");
    let write = |text: &str| std::fs::write(&path, text).expect("the rules are written");
    let mut session = builder.start();
    session.wait_for_text("Not synced yet");
    session.keys("a");
    session.wait_for_text("No alerts yet");
    session.keys("u");
    wait_for_line(&session, &["● all"]);
    let disks = "[[rule]]\nname = 'disks'\nconnection = 'servicenow'\n[rule.match]\nrule = 'Disk*'\n";
    let all = "[[rule]]\nname = 'everything'\nconnection = 'servicenow'\nenabled = false\n";
    write(&format!("{disks}{all}"));
    wait_for_line(&session, &["● disks"]);
    wait_for_line(&session, &["○ everything"]);
    session.wait_for("the rule that is gone", |screen| !screen.contents().contains("● all"));
    write(&format!("{disks}{}", all.replace("'servicenow'", "'nobody'")));
    session.wait_for_text("there is no connection called nobody");
    wait_for_line(&session, &["● disks"]);
    write(&format!("{disks}{}", all.replace("false", "true")));
    wait_for_line(&session, &["● everything"]);
    session.wait_for("no problem is left", |screen| !screen.contents().contains("nobody"));
    session.keys("q");
    session.wait_for_text("Azure alerts");
    leave(&mut session);
}

#[test]
fn a_program_that_is_left_does_not_wait_for_an_azure_that_hangs() {
    use itsmc_practice::azure::{FaultKind, FaultSpec};
    let builder = session(&[]);
    let world = with_source(builder.home());
    let hanging = FaultSpec { path: Some("/alerts".into()), millis: 3_600_000, ..FaultSpec::new(FaultKind::Slow) };
    world.cloud.control.fault(hanging);
    let mut session = builder.start();
    session.wait_for_text("Not synced yet");
    session.keys("a");
    wait_for_line(&session, &["prod", "reading…"]);
    leave(&mut session);
}
