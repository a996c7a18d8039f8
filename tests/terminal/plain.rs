//! `itsmc connection add` without a form: questions line by line, on a terminal that can do nothing else.

use itsmc_practice::servicenow::{Options, Server};
use tokio::runtime::Runtime;

use crate::harness::{Session, session};

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
