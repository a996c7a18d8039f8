//! A workspace of Log Analytics by keys, to verified rows: from an empty subscription, from a classic table, from a table with other
//! types, and without the right to assign roles; and the questions of the command.

use itsmc_practice::azure::TableOrder;
use serde_json::Value;

use crate::harness::{Builder, Session, session};
use crate::world::{World, itsmc};

/// How many incidents the practice instance has.
const ROWS: u64 = 60;

/// In which the sender may set up everything.
fn world(builder: &Builder) -> World {
    World::with_role(builder.home(), ROWS, "Owner")
}

/// Walks the wizard from the dashboard to the plan.
fn to_the_plan(world: &World, session: &mut Session) {
    session.wait_for_text("Press w to add a workspace");
    session.keys("w");
    session.wait_for_text("step 1 of 6");
    world.sign_in(session, "prod");
    session.keys("produc\r");
    session.wait_for_text("Workspace in Contoso Production");
    session.wait_for_text("contoso-logs");
    session.keys("logs\r");
    session.wait_for_text("step 3 of 6");
}

/// A session of a home whose connection has synced.
fn synced(builder: Builder) -> Session {
    let mut session = builder.start();
    session.wait_for_text("Not synced yet");
    session.keys("s");
    session.wait_for_text("● healthy");
    session
}

/// Makes the plan that is shown.
fn make(session: &mut Session, question: &str) {
    session.keys("M");
    session.wait_for_text(question);
    session.keys("\r");
}

/// Goes on from a plan that is made: the test row, the connections, and the rows, which are sent and verified; then ends.
fn to_verified_rows(mut session: Session, world: &World) {
    session.wait_for_text("Everything is set up in Azure");
    session.keys("\r");
    session.wait_for_text("step 4 of 6");
    session.keys("t");
    session.wait_for_text("Test passed: the row is in the workspace");
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
    session.keys("q");
    assert_eq!(session.wait_for_end(), 0);
    session.assert_restored();
    session.assert_nowhere(&[world.secret()]);
}

/// The rows of the workspace.
fn rows(world: &World) -> Vec<Value> {
    world.cloud.control.rows(None, "ServiceDesk_CL").expect("the table is there")
}

#[test]
fn from_an_empty_subscription_to_verified_rows_by_keys() {
    let builder = session(&[]);
    let world = world(&builder);
    let mut session = synced(builder);
    to_the_plan(&world, &mut session);
    session.wait_for_text("6 changes to make");
    make(&mut session, "Make the 6 planned changes");
    to_verified_rows(session, &world);
    assert_eq!(rows(&world).len() as u64, ROWS + 1, "all work items and the test row");
}

#[test]
fn from_a_classic_table_to_verified_rows_by_keys() {
    let builder = session(&[]);
    let world = world(&builder);
    let order = TableOrder { name: "ServiceDesk_CL".into(), classic: true, ..TableOrder::default() };
    world.cloud.control.add_table(&order).expect("it is made");
    let mut session = synced(builder);
    to_the_plan(&world, &mut session);
    session.wait_for_text("B migrates ServiceDesk_CL");
    session.keys("B");
    session.wait_for_text("Migrate ServiceDesk_CL");
    session.keys("ServiceDesk\r");
    session.wait_for_text("This is not ServiceDesk_CL.");
    session.keys("_CL\r");
    session.wait_for_text("7 changes to make");
    make(&mut session, "Make the 7 planned changes");
    to_verified_rows(session, &world);
    assert_eq!(rows(&world).len() as u64, ROWS + 1);
}

#[test]
fn from_a_table_with_other_types_to_verified_rows_by_keys() {
    let builder = session(&[]);
    let world = world(&builder);
    let columns =
        [("Priority_s", "int"), ("IncidentState_s", "long"), ("CreatedDate_t", "string"), ("Mine_s", "string")];
    let columns = columns.map(|(name, kind)| (name.to_owned(), kind.to_owned())).into();
    let order = TableOrder { name: "ServiceDesk_CL".into(), columns, ..TableOrder::default() };
    world.cloud.control.add_table(&order).expect("it is made");
    let mut session = synced(builder);
    to_the_plan(&world, &mut session);
    session.wait_for_text("6 changes to make");
    make(&mut session, "Make the 6 planned changes");
    to_verified_rows(session, &world);
    let rows = rows(&world);
    let sent: Vec<_> = rows.iter().filter(|row| row["ServiceDeskWorkItemType_s"] == "Incident").collect();
    assert_eq!(sent.len() as u64, ROWS);
    assert!(sent.iter().all(|row| row["Priority_s"].is_i64() && row["IncidentState_s"].is_i64()), "{}", sent[0]);
    assert!(sent.iter().all(|row| row["CreatedDate_t"].is_string() && row["Mine_s"] == ""), "{}", sent[0]);
}

#[test]
fn without_the_right_to_assign_roles_by_the_export_to_verified_rows_by_keys() {
    let builder = session(&[]);
    let world = World::with_role(builder.home(), ROWS, "Contributor");
    let home = builder.home().to_owned();
    let mut session = synced(builder);
    to_the_plan(&world, &mut session);
    session.wait_for_text("6 changes to make");
    make(&mut session, "Make the 6 planned changes");
    session.wait_for_text("Role of the sender failed");
    session.keys("p");
    session.wait_for_text("1 change to make");
    session.keys("E");
    session.wait_for_text("Write the plan as Bicep");
    let folder = home.join("for-azure");
    session.keys(&"\u{7f}".repeat("itsmc-azure".len()));
    session.paste(folder.to_str().expect("it is a text"));
    session.keys("\r");
    session.wait_for_text("Written, with a README");
    // The Azure team deploys it: what the application could not make is the role.
    let parameters = std::fs::read(folder.join("main.parameters.json")).expect("it is written");
    let parameters: Value = serde_json::from_slice(&parameters).expect("it is JSON");
    let sender = parameters["parameters"]["principalId"]["value"].as_str().expect("the sender is known");
    let plan = itsmc(&home, &["workspace", "plan", "prod", "--json"]).output().expect("it runs").stdout;
    let plan: Value = serde_json::from_slice(&plan).expect("it is JSON");
    let steps = plan["steps"].as_array().expect("there are steps");
    let rule = steps.iter().find(|step| step["id"] == "rule").and_then(|step| step["resource"].as_str());
    world
        .cloud
        .control
        .assign(sender, "Monitoring Metrics Publisher", rule.expect("there is a rule"))
        .expect("it is assigned");
    session.keys("p");
    to_verified_rows(session, &world);
    assert_eq!(rows(&world).len() as u64, ROWS + 1);
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
        ("client_id must be a GUID", details.client_id.as_str()),
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
