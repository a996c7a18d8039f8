//! Commands without options: questions line by line, on a terminal that can do nothing else.

use itsmc_practice::servicenow::{Options, Server};
use tokio::runtime::Runtime;

use crate::four::add;
use crate::harness::{Session, session};
use crate::world::World;

fn answer(session: &mut Session, question: &str, given: &str) {
    session.wait_for_text(question);
    session.keys(&format!("{given}\r"));
}

#[test]
fn a42_a_connection_is_set_up_line_by_line_on_a_dumb_terminal() {
    let runtime = Runtime::new().expect("a runtime starts");
    let server = runtime.block_on(Server::start(Options::still())).expect("a practice server starts");
    let control = server.control();
    let details = control.sign_in();
    let mut session = session(&["connection", "add"]).env("TERM", "dumb").start();
    answer(&mut session, "Product, number or name: ", "sap");
    session.wait_for_text("enter one of: servicenow");
    session.keys("1\r");
    answer(&mut session, "Connection name", "a/b");
    session.wait_for_text("✗ ");
    session.keys("contoso\r");
    answer(&mut session, "Server URL", &details.url);
    session.wait_for_text("client_credentials): ");
    answer(&mut session, "Sign-in method [password]: ", "");
    answer(&mut session, "Username", &details.username);
    answer(&mut session, "Password (what you type is not shown): ", "wrong");
    answer(&mut session, "Client ID", &details.client_id);
    answer(&mut session, "Client secret (what you type is not shown): ", &details.client_secret);
    answer(&mut session, "incident, change_request]: ", "incident");
    answer(&mut session, "Sync scope (days) [", "60");
    answer(&mut session, "Create CIs [y/N]", "");
    session.wait_for_text("Setting to change by its name, or Enter to test");
    let text = session.text();
    assert!(text.contains("entered, not shown") && !text.contains(&details.client_secret), "{text}");
    session.keys("\r");
    answer(&mut session, "or Enter to stop: ", "pasword");
    session.wait_for_text("did you mean password?");
    session.keys("password\r");
    session.wait_for("the password is asked for again", |screen| {
        screen.contents().trim_end().ends_with("(what you type is not shown):")
    });
    session.keys(&format!("{}\r", details.password));
    session.wait_for_text("The test of 'contoso' passed.");
    assert_eq!(session.wait_for_end(), 0, "{}", session.text());
    session.assert_restored();
    let raw = String::from_utf8_lossy(&session.raw()).into_owned();
    assert!(!raw.contains('\x1b') && !raw.contains(&details.password), "{raw}");
    runtime.block_on(server.stop());
}

#[test]
fn a42_a_connection_is_changed_line_by_line_and_a_new_sign_in_is_tested() {
    let runtime = Runtime::new().expect("a runtime starts");
    let server = runtime.block_on(Server::start(Options::still())).expect("a practice server starts");
    let control = server.control();
    let details = control.sign_in();
    let builder = session(&["connection", "edit", "servicenow"]).env("TERM", "dumb");
    add(builder.home(), details);
    let mut session = builder.start();
    answer(&mut session, "Connection name [servicenow]: ", "fabrikam");
    answer(&mut session, "Server URL [", "");
    answer(&mut session, "Sign-in method [password]: ", "");
    answer(&mut session, &format!("Username [{}]: ", details.username), "");
    answer(&mut session, "Client ID [", "");
    answer(&mut session, "Work items [incident]: ", "");
    answer(&mut session, "Sync scope (days) [120]: ", "400");
    session.wait_for_text("✗ ");
    session.keys("45\r");
    answer(&mut session, "Create CIs [", "");
    answer(&mut session, "or Enter to go on: ", "");
    answer(&mut session, "Replace the stored secrets by others? [y/N]", "y");
    answer(&mut session, "Password (what you type is not shown): ", "wrong");
    answer(&mut session, "Client secret (what you type is not shown): ", &details.client_secret);
    answer(&mut session, "or Enter to stop: ", "password");
    session.wait_for("the password is asked for again", |screen| {
        screen.contents().trim_end().ends_with("(what you type is not shown):")
    });
    session.keys(&format!("{}\r", details.password));
    session.wait_for_text("The stored secrets are replaced.");
    let text = session.text();
    assert!(text.contains("sync_days: 120 → 45") && text.contains("name: servicenow → fabrikam"), "{text}");
    answer(&mut session, "Save these changes to 'servicenow'? [y/N]", "y");
    session.wait_for_text("Changed 'fabrikam'.");
    assert_eq!(session.wait_for_end(), 0, "{}", session.text());
    let config = std::fs::read_to_string(session.home().join("itsmc/config.toml")).expect("the config can be read");
    assert!(config.contains("sync_days = 45") && config.contains("name = \"fabrikam\""), "{config}");
    let raw = String::from_utf8_lossy(&session.raw()).into_owned();
    assert!(!raw.contains(&details.password) && !raw.contains(&details.client_secret), "{raw}");
    runtime.block_on(server.stop());
}

#[test]
fn a42_changes_that_are_not_wanted_are_not_saved() {
    let runtime = Runtime::new().expect("a runtime starts");
    let server = runtime.block_on(Server::start(Options::still())).expect("a practice server starts");
    let builder = session(&["connection", "edit"]).env("TERM", "dumb");
    add(builder.home(), server.control().sign_in());
    let path = builder.home().join("itsmc/config.toml");
    let before = std::fs::read_to_string(&path).expect("the config can be read");
    let mut session = builder.start();
    for question in
        ["Connection name [", "Server URL [", "Sign-in method [", "Username [", "Client ID [", "Work items ["]
    {
        answer(&mut session, question, "");
    }
    answer(&mut session, "Sync scope (days) [", "45");
    answer(&mut session, "Create CIs [", "");
    answer(&mut session, "or Enter to go on: ", "");
    answer(&mut session, "by others? [y/N]", "");
    answer(&mut session, "Save these changes", "");
    session.wait_for_text("Nothing was changed.");
    assert_eq!(session.wait_for_end(), 130, "{}", session.text());
    assert_eq!(std::fs::read_to_string(&path).expect("the config can be read"), before);
    runtime.block_on(server.stop());
}

#[test]
fn a42_an_alert_source_is_added_line_by_line() {
    let builder = session(&["alert", "source", "add"]).env("TERM", "dumb");
    let world = World::with_role(builder.home(), 20, "Owner");
    let details = world.cloud.control.sign_in().clone();
    world.cloud.control.assign(&details.object_id, "Monitoring Reader", "/").expect("there is this role");
    let mut session = builder.start();
    let answers = [
        ("Name for the source in itsmc:", "a b"),
        ("✗ ", "prod"),
        ("How itsmc signs in to Azure, by number or a part of its name:", "principal"),
        ("Entra tenant (ID or domain):", details.tenant.as_str()),
        ("Client ID of the application:", details.client_id.as_str()),
        ("Client secret of", details.client_secret.as_str()),
        ("or Enter for all:", "99"),
        ("nothing has that in its name", "1, 3"),
        ("(needs Monitoring Contributor)?", ""),
    ];
    for (question, answer) in answers {
        session.wait_for("the question", |screen| screen.contents().replace('\n', "").contains(question));
        session.keys(&format!("{answer}\r"));
    }
    assert_eq!(session.wait_for_end(), 0, "{}", session.text());
    let config = std::fs::read_to_string(session.home().join("itsmc/config.toml")).expect("the config can be read");
    let source = config.split("[[alert_source]]").nth(1).expect("the source is there");
    assert!(source.contains("name = \"prod\"") && source.contains("\", \""), "{config}");
    session.assert_nowhere(&[world.secret()]);
}

#[test]
fn a42_a_terminal_without_screens_names_the_command_that_asks() {
    let mut session = session(&[]).env("TERM", "dumb").start();
    session.wait_for_text("itsmc connection add");
    assert_eq!(session.wait_for_end(), 2, "{}", session.text());
}
