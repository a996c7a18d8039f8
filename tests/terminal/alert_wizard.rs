//! Azure alerts by keys: a source, the first rule by its wizard, the preview, the switch; then an alert fires, gets a ticket,
//! and the ticket is resolved.

use crate::harness::{Session, session};
use crate::world::{World, wait_for_line};

/// Ctrl with D and with T.
const CTRL_D: &str = "\x04";
const CTRL_T: &str = "\x14";

/// The wizard of a source, from the list of alerts and back to it.
fn add_source(world: &World, session: &mut Session) {
    session.keys("n");
    session.wait_for_text("step 1 of 4");
    world.sign_in(session, "azure");
    session.keys("produc");
    session.wait_for_text("/ produc");
    if !session.text().contains("[x] Contoso Production") {
        session.keys(" ");
    }
    session.wait_for_text("[x] Contoso Production");
    session.keys("\r");
    session.wait_for_text("alerts of the last 30 days: 1");
    session.keys("\r");
    session.wait_for_text("Alerts that fired before now");
    session.keys("\r");
    session.wait_for_text("Source azure is saved");
}

/// The wizard of a rule, from the rules to its preview.
fn to_the_preview(session: &mut Session) {
    session.keys("n");
    session.wait_for_text("Matches 1 of 1 stored alert");
    session.keys("servers\r");
    session.wait_for_text("› Azure rule");
    session.keys(" ");
    session.wait_for_text("[ ] High CPU");
    session.keys(" ");
    session.wait_for_text("[x] High CPU");
    session.keys(CTRL_T);
    session.wait_for_text("A pattern:");
    session.keys("disk *\r");
    session.wait_for_text("[x] disk *");
    session.keys("\r");
    session.wait_for_text("High CPU, disk *");
    session.keys(CTRL_D);
    session.wait_for_text("step 2 of 6");
    session.keys(CTRL_D);
    session.wait_for_text("step 3 of 6");
    session.keys("\r\r\r");
    session.wait_for_text("› Group");
    session.keys(CTRL_T);
    session.wait_for_text("Group in the product");
    session.keys("net");
    session.wait_for_text("Network");
    session.wait_for("only what fits", |screen| !screen.contents().contains("Asking the product"));
    session.keys("\r");
    session.wait_for("the name in its line", |screen| {
        screen.contents().lines().any(|line| line.contains("› Group") && line.contains("Network"))
    });
    for step in ["step 4 of 6", "step 5 of 6", "step 6 of 6"] {
        session.keys(CTRL_D);
        session.wait_for_text(step);
    }
}

#[test]
fn from_a_source_to_a_resolved_ticket_by_keys() {
    let builder = session(&[]);
    let world = World::with_role(builder.home(), 20, "Monitoring Reader");
    world.fire("High CPU");
    let mut session = builder.start();
    session.wait_for_text("Not synced yet");
    session.keys("a");
    session.wait_for_text("add an alert source");
    add_source(&world, &mut session);
    wait_for_line(&session, &["High CPU"]);
    session.keys("u");
    session.wait_for_text("Alert rules");
    to_the_preview(&mut session);
    session.wait_for_text("1 of 1 stored alert");
    session.wait_for_text("Tickets: 1");
    session.keys("\r");
    session.wait_for_text("Rule servers is saved, switched off");
    let path = session.home().join("itsmc/alert-rules.toml");
    let rules = std::fs::read_to_string(&path).expect("there are rules");
    assert!(rules.contains("rule = [\"High CPU\", \"disk *\"]") && rules.contains("group = \"Network\""), "{rules}");
    session.wait_for("the rules are read", |screen| screen.contents().contains("○ servers"));
    session.keys(" ");
    session.wait_for_text("Switch on rule 'servers'?");
    session.wait_for_text("1 of 1 stored alert");
    session.keys("\r");
    session.wait_for_text("Rule servers is switched on");
    let now = std::fs::read_to_string(&path).expect("there are rules");
    assert_eq!(now, rules.replace("enabled = false", "enabled = true"), "nothing else changes");

    session.keys("q");
    session.wait_for_text("Azure alerts");
    let guid = world.fire("Disk full");
    session.keys("s");
    wait_for_line(&session, &["Disk full", "INC"]);
    let tickets = world.instance.control().tickets();
    assert_eq!((tickets.len(), tickets[0].open), (1, true), "what fired before the source has none: {tickets:?}");
    assert!(tickets[0].title.contains("Disk full"), "{tickets:?}");
    world.cloud.control.resolve_alert(&guid).expect("there is such an alert");
    session.keys("s");
    wait_for_line(&session, &["resolved", "Disk full", &tickets[0].number]);
    session
        .wait_for("the resolution in the product", |_| world.instance.control().tickets().iter().all(|one| !one.open));
    assert_eq!(world.instance.control().tickets().len(), 1);

    session.keys("q");
    session.wait_for_text("servicenow");
    session.keys("q");
    assert_eq!(session.wait_for_end(), 0);
    session.assert_restored();
    session.assert_nowhere(&[world.cloud.control.sign_in().client_secret.clone()]);
}
