//! The whole wizard by keys against the practice Provance, and nowhere a trace of a secret.

use std::path::Path;
use std::process::Command;

use itsmc_practice::provance::{Control, Layout, Options, Server};
use tokio::runtime::Runtime;

use crate::harness::{Session, session};
use crate::wizard::{CLIENT_SECRET, PASSWORD};

/// A practice environment that knows the password and the client secret.
struct Environment {
    control: Control,
    server: Option<Server>,
    runtime: Runtime,
}

impl Environment {
    fn start(layout: Layout) -> Self {
        let secrets = Some((PASSWORD.to_owned(), CLIENT_SECRET.to_owned()));
        let options = Options { fixed_secrets: secrets, ..Options::still().rows(300).layout(layout) };
        let runtime = Runtime::new().expect("a runtime starts");
        let server = runtime.block_on(Server::start(options)).expect("the environment starts");
        Self { control: server.control(), server: Some(server), runtime }
    }
}

impl Drop for Environment {
    fn drop(&mut self) {
        if let Some(server) = self.server.take() {
            self.runtime.block_on(server.stop());
        }
    }
}

/// From the dashboard to the form of the third partner.
fn open_details(session: &mut Session) {
    session.wait_for_text("? help");
    session.keys("n");
    session.wait_for_text("Which product");
    session.keys("\x1b[B\x1b[B\r");
    session.wait_for_text("Press space to");
    session.keys("\r");
    session.wait_for_text("Connection name");
}

/// Pastes a value into the field in front, and goes on.
fn paste(session: &mut Session, value: &str) {
    session.paste(value);
    // A narrow field shows the end of a long value.
    session.wait_for_text(&value[value.len() - 12..]);
    session.keys("\r");
}

fn paste_secret(session: &mut Session, secret: &str) {
    session.paste(secret);
    session.wait_for_text(&format!("pasted {} characters", secret.len()));
}

/// Name and server URL; the grant is in front then.
fn begin(session: &mut Session, environment: &Environment) {
    session.keys("desk\r");
    paste(session, &environment.control.sign_in().url);
    session.wait_for_text("How the connection gets tokens");
}

fn test_save_and_sync(session: &mut Session) {
    session.keys("\x04");
    session.wait_for("the test to pass", |screen| {
        let text = screen.contents();
        text.contains("Press Enter to continue") && text.contains("enter continue")
    });
    session.keys("\r");
    session.wait_for_text("security role of Provance");
    session.wait_for_text("enter continue");
    session.keys("\r");
    session.wait_for_text("enter save");
    session.keys("\r");
    session.wait_for_text("Done. Press Enter for the dashboard");
}

fn leave(mut session: Session, environment: &Environment) {
    session.keys("\r");
    quit(session, environment);
}

/// From the dashboard to the end, with nowhere a trace of a secret.
fn quit(mut session: Session, environment: &Environment) {
    session.wait_for_text("n new");
    session.wait_for("the tile", |screen| {
        let text = screen.contents();
        text.contains("desk") && text.contains("Provance") && text.contains("healthy")
    });
    session.keys("q");
    assert_eq!(session.wait_for_end(), 0);
    session.assert_restored();
    let tokens = environment.control.authority().tokens();
    assert!(!tokens.is_empty(), "somebody has signed in");
    session.assert_nowhere(&[vec![PASSWORD.to_owned(), CLIENT_SECRET.to_owned()], tokens].concat());
}

#[test]
fn client_credentials_from_an_empty_screen_to_a_live_tile() {
    let environment = Environment::start(Layout::Own);
    let mut session = session(&[]).start();
    open_details(&mut session);
    begin(&mut session, &environment);
    session.keys("\r");
    paste(&mut session, &environment.control.sign_in().client_id);
    paste_secret(&mut session, CLIENT_SECRET);
    test_save_and_sync(&mut session);
    leave(session, &environment);
}

#[test]
fn a_password_and_cases_for_incidents_are_set_up_as_well() {
    let environment = Environment::start(Layout::Case);
    let mut session = session(&[]).start();
    open_details(&mut session);
    begin(&mut session, &environment);
    // The other grant, with which user and password are asked for.
    session.keys("\x1b[C");
    session.wait_for_text("Username");
    session.keys("\r");
    paste(&mut session, &environment.control.sign_in().username);
    paste_secret(&mut session, PASSWORD);
    session.keys("\r");
    paste(&mut session, &environment.control.sign_in().client_id);
    paste_secret(&mut session, CLIENT_SECRET);
    test_save_and_sync(&mut session);
    leave(session, &environment);
}

#[test]
fn what_cannot_be_bound_is_said_with_the_way_to_correct_it() {
    let environment = Environment::start(Layout::Unusual);
    let builder = session(&[]);
    let home = builder.home().to_owned();
    let mut session = builder.start();
    open_details(&mut session);
    begin(&mut session, &environment);
    session.keys("\r");
    paste(&mut session, &environment.control.sign_in().client_id);
    paste_secret(&mut session, CLIENT_SECRET);
    session.keys("\x04");
    session.wait_for_text("Not found in the product");
    session.wait_for_text("mapping desk --write");
    // Saved as it is, its mapping can be written down and corrected; then it signs in and syncs.
    session.keys("L");
    session.wait_for_text("Save desk signed out?");
    session.keys("\r");
    session.wait_for_text("desk is saved, signed out");
    session.wait_for_text("Tables and columns found");
    correct_mapping(&home);
    session.keys("\r");
    session.wait_for_text("[Checklist]");
    session.keys("R");
    session.wait_for_text("Use them in a sync");
    session.wait_for_text("has no refresh token");
    session.keys("\r\x1b");
    quit(session, &environment);
}

/// Lets the program write the mapping file, and corrects the names in it.
fn correct_mapping(home: &Path) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_itsmc"));
    command.env("ITSMC_HOME", home.join("itsmc")).env("ITSMC_KEY_FILE", home.join("vault-key.txt"));
    let written = command.args(["connection", "mapping", "desk", "--write"]).output().expect("the command runs");
    assert!(written.status.success(), "{written:?}");
    let columns = [
        ("fab_ref", "number", "text"),
        ("fab_subject", "title", "text"),
        ("statuscode", "state", "choice"),
        ("fab_prio", "priority", "choice"),
        ("statecode", "open", "flag"),
        ("createdon", "opened_at", "moment"),
        ("modifiedon", "updated_at", "moment"),
    ];
    let one = |kind: &str, table: &str| {
        let id = format!("{{ from = \"{table}id\", to = \"id\", holds = \"text\" }}");
        let others =
            columns.map(|(from, to, holds)| format!("{{ from = \"{from}\", to = \"{to}\", holds = \"{holds}\" }}"));
        let columns = [vec![id], others.to_vec()].concat().join(", ");
        format!("[[work_item]]\nkind = \"{kind}\"\nsource = \"{table}\"\ncolumn = [{columns}]\n")
    };
    let file = home.join("itsmc").join("mappings").join("desk.toml");
    assert!(file.is_file(), "the mapping file is where docs/partners.md says");
    std::fs::write(file, one("incident", "fab_ticket") + &one("change_request", "fab_rfc")).expect("it is corrected");
}
