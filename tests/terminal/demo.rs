//! The demo: alerts come in, tickets are made and resolved, and nothing is left behind.

use crate::harness::session;

#[test]
fn the_demo_shows_alerts_that_become_tickets_and_leaves_nothing_behind() {
    let builder = session(&["demo"]);
    let temporary = builder.home().join("temporary");
    std::fs::create_dir(&temporary).expect("a folder is made");
    let mut session = builder.env("TMPDIR", &temporary.display().to_string()).start();
    session.resize(120, 60);
    session.wait_for("the line about alerts, some of them with a ticket", |screen| {
        let text = screen.contents();
        text.contains(" fired") && text.contains("without a ticket") && text.contains("Azure alert rules")
    });
    let folders = || std::fs::read_dir(&temporary).expect("it can be read").count();
    assert_eq!(folders(), 1, "its home");
    // The list of alerts has the numbers of the tickets in the practice ServiceNow.
    session.keys("a");
    session.wait_for("a ticket in the list of alerts", |screen| {
        let text = screen.contents();
        text.contains("Azure alerts") && text.contains("INC") && text.contains("opened, resolved")
    });
    session.keys("\x1b");
    session.wait_for_text("Connector status");
    session.keys("q");
    assert_eq!(session.wait_for_end(), 0);
    session.assert_restored();
    assert_eq!(folders(), 0, "nothing is left behind");
}
