//! A workspace of Log Analytics by keys: from an empty subscription to verified rows, the migration of a classic table, and
//! the questions of the command.

use itsmc_practice::azure::TableOrder;

use crate::harness::{Builder, Session, session};
use crate::world::World;

/// How many incidents the practice instance has.
const ROWS: u64 = 60;

/// In which the sender may set up everything.
fn world(builder: &Builder) -> World {
    World::with_role(builder.home(), ROWS, "Owner")
}

/// Walks the wizard from the dashboard to the plan.
fn to_the_plan(world: &World, session: &mut Session) {
    session.wait_for_text("w adds one");
    session.keys("w");
    session.wait_for_text("step 1 of 6");
    world.sign_in(session, "prod");
    session.keys("produc\r");
    session.wait_for_text("Workspace in Contoso Production");
    session.wait_for_text("contoso-logs");
    session.keys("logs\r");
    session.wait_for_text("step 3 of 6");
}

#[test]
fn from_an_empty_subscription_to_verified_rows_by_keys() {
    let builder = session(&[]);
    let world = world(&builder);
    let mut session = builder.start();
    session.wait_for_text("Not synced yet");
    session.keys("s");
    session.wait_for_text("● healthy");
    to_the_plan(&world, &mut session);
    session.wait_for_text("6 changes to make");
    session.keys("M");
    session.wait_for_text("Make the 6 changes");
    session.keys("\r");
    session.wait_for_text("Everything is as it should be");
    session.keys("\r");
    session.wait_for_text("step 4 of 6");
    session.keys("t");
    session.wait_for_text("The test row went all the way");
    session.keys("\r");
    session.wait_for_text("[x] servicenow");
    session.keys("\r");
    session.wait_for_text("found after");
    session.keys("\r");
    session.wait_for_text("prod is saved");
    session.wait_for_text("behind by 60 rows");
    session.keys("s");
    session.wait_for_text("last run: 60 rows accepted");
    session.wait_for_text("up to date");
    session.keys("v");
    session.wait_for_text("The workspace has everything as it is here");
    session.wait_for_text("60 work items compared");
    session.keys("q");
    session.wait_for("the line of the workspace", |screen| {
        screen.contents().lines().any(|line| line.contains("● prod") && line.contains("verified"))
    });
    let rows = world.cloud.control.rows(None, "ServiceDesk_CL").expect("the table is there");
    assert_eq!(rows.len() as u64, ROWS + 1, "all work items and the test row");
    session.keys("q");
    assert_eq!(session.wait_for_end(), 0);
    session.assert_restored();
    session.assert_nowhere(&[world.secret()]);
}

#[test]
fn a_classic_table_is_migrated_by_typing_its_name() {
    let builder = session(&[]);
    let world = world(&builder);
    let order = TableOrder { name: "ServiceDesk_CL".into(), classic: true, ..TableOrder::default() };
    world.cloud.control.add_table(&order).expect("it is made");
    let mut session = builder.start();
    to_the_plan(&world, &mut session);
    session.wait_for_text("B migrates ServiceDesk_CL");
    session.keys("B");
    session.wait_for_text("Migrate ServiceDesk_CL");
    session.keys("ServiceDesk\r");
    session.wait_for_text("This is not ServiceDesk_CL.");
    session.keys("_CL\r");
    session.wait_for_text("7 changes to make");
    session.keys("M");
    session.wait_for_text("Make the 7 changes");
    session.keys("\r");
    session.wait_for_text("Everything is as it should be");
    session.keys("\x03");
    assert_eq!(session.wait_for_end(), 130);
    session.assert_restored();
    session.assert_nowhere(&[world.secret()]);
}

#[test]
fn the_command_asks_line_by_line() {
    let builder = session(&["workspace", "add"]);
    let world = world(&builder);
    let details = world.cloud.control.sign_in().clone();
    let mut session = builder.start();
    let answers = [
        ("Name for the workspace in itsmc:", "prod"),
        ("How itsmc signs in to Azure, by number or a part of its name:", "principal"),
        ("Entra tenant (ID or domain):", details.tenant.as_str()),
        ("Client ID of the application:", "not a guid"),
        ("client_id is not a GUID", details.client_id.as_str()),
        ("Client secret of", details.client_secret.as_str()),
        ("Subscription, by number or a part of its name:", "production"),
        ("Log Analytics workspace, by number or a part of its name:", "contoso-logs"),
        ("Connections that feed it", ""),
    ];
    for (question, answer) in answers {
        session.wait_for("the question", |screen| screen.contents().replace('\n', "").contains(question));
        session.keys(&format!("{answer}\r"));
    }
    session.wait_for_text("The workspace prod is saved.");
    assert_eq!(session.wait_for_end(), 0);
    let config = std::fs::read_to_string(session.home().join("itsmc/config.toml")).expect("the config can be read");
    assert!(config.contains("workspace = \"contoso-logs\"") && config.contains("workspaces = [\"prod\"]"), "{config}");
    session.assert_nowhere(&[world.secret()]);
}
