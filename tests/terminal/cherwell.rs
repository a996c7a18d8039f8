//! The whole wizard by keys against the practice Cherwell, and nowhere a trace of a secret.

use itsmc_practice::cherwell::{Control, Options, Server};
use tokio::runtime::Runtime;

use crate::harness::{Session, session};

/// The password of the integration user.
const PASSWORD: &str = "Pass word+%&=1-for-tests";

/// A practice system that knows the password above.
struct Desk {
    control: Control,
    server: Option<Server>,
    runtime: Runtime,
}

impl Desk {
    fn start() -> Self {
        let options = Options { rows: Some(300), fixed_password: Some(PASSWORD.to_owned()), ..Options::still() };
        let runtime = Runtime::new().expect("a runtime starts");
        let server = runtime.block_on(Server::start(options)).expect("the system starts");
        Self { control: server.control(), server: Some(server), runtime }
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        if let Some(server) = self.server.take() {
            self.runtime.block_on(server.stop());
        }
    }
}

/// From the dashboard to the form.
fn open_details(session: &mut Session) {
    session.wait_for_text("? help");
    session.keys("n");
    session.wait_for_text("Which product");
    session.keys("\x1b[B\x1b[B\x1b[B");
    session.wait_for_text("Support for Cherwell ends");
    session.keys("\r");
    session.wait_for_text("Press space to");
    session.keys("\r");
    session.wait_for_text("Connection name");
}

/// Types and pastes the form.
fn fill_in(session: &mut Session, desk: &Desk, password: &str) {
    let details = desk.control.sign_in();
    session.keys("contoso\r");
    session.paste(&details.url);
    session.keys("\r");
    session.wait_for_text("The integration user in Cherwell");
    session.keys(&format!("{}\r", details.username));
    session.wait_for_text("Used once to get tokens");
    session.paste(&format!("{password}\n"));
    session.wait_for_text(&format!("pasted {} characters", password.len()));
    session.keys("\r");
    session.wait_for_text("for this connection");
    session.paste(&details.client_id);
    session.wait_for_text("pasted 36 characters");
}

/// From a form that is filled in to the first sync's end.
fn test_save_and_sync(session: &mut Session) {
    session.keys("\x04");
    session.wait_for_text("Press Enter to continue");
    session.wait_for_text("enter continue");
    session.keys("\r");
    session.wait_for_text("Support for Cherwell");
    session.keys("\r");
    session.wait_for_text("Press Enter to save");
    session.keys("\r");
    session.wait_for_text("Done. Press Enter for the dashboard");
}

fn leave(mut session: Session, desk: &Desk) {
    session.keys("\r");
    session.wait_for("the tile", |screen| {
        let text = screen.contents();
        text.contains("contoso") && text.contains("healthy")
    });
    session.keys("q");
    assert_eq!(session.wait_for_end(), 0);
    session.assert_restored();
    let tokens = desk.control.tokens();
    assert!(!tokens.is_empty(), "somebody has signed in");
    session.assert_nowhere(&[vec![PASSWORD.to_owned()], tokens].concat());
}

#[test]
fn from_an_empty_screen_to_a_live_tile() {
    let desk = Desk::start();
    let mut session = session(&[]).start();
    open_details(&mut session);
    fill_in(&mut session, &desk, PASSWORD);
    test_save_and_sync(&mut session);
    leave(session, &desk);
}

#[test]
fn a_wrong_password_leads_back_to_its_field() {
    let desk = Desk::start();
    let mut session = session(&[]).start();
    open_details(&mut session);
    fill_in(&mut session, &desk, "something-else-for-tests");
    session.keys("\x04");
    session.wait_for_text("refused the sign-in");
    session.wait_for_text("enter edit the field");
    session.keys("\r");
    session.wait_for_text("Used once to get tokens");
    session.keys("\x15");
    session.paste(PASSWORD);
    session.wait_for_text(&format!("pasted {} characters", PASSWORD.len()));
    test_save_and_sync(&mut session);
    session.assert_nowhere(&["something-else-for-tests".to_owned()]);
    leave(session, &desk);
}
