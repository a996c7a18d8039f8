//! The whole wizard by keys against the practice web app of Service Manager.

use itsmc_practice::SignInDetails;
use itsmc_practice::service_manager::{Layout, Options, Server};
use tokio::runtime::Runtime;

use crate::harness::{Session, session};

/// The client secret of the application, with the punctuation that Microsoft's script puts into it.
const CLIENT_SECRET: &str = "client&secret+%=;3-for-tests";

struct WebApp {
    details: SignInDetails,
    server: Option<Server>,
    runtime: Runtime,
}

impl WebApp {
    fn start(layout: Layout) -> Self {
        let secret = Some(CLIENT_SECRET.to_owned());
        let options = Options { layout, rows: Some(300), fixed_secret: secret, ..Options::still() };
        let runtime = Runtime::new().expect("a runtime starts");
        let server = runtime.block_on(Server::start(options)).expect("the web app starts");
        Self { details: server.sign_in().clone(), server: Some(server), runtime }
    }
}

impl Drop for WebApp {
    fn drop(&mut self) {
        if let Some(server) = self.server.take() {
            self.runtime.block_on(server.stop());
        }
    }
}

/// From the dashboard to the form of the second partner.
fn open_details(session: &mut Session) {
    session.wait_for_text("? help");
    session.keys("n");
    session.wait_for_text("Which product");
    session.keys("\x1b[B\r");
    session.wait_for_text("Press space to");
    session.keys("\r");
    session.wait_for_text("Connection name");
}

/// Pastes a value into the field in front, and goes on.
fn paste(session: &mut Session, value: &str) {
    session.paste(value);
    // A narrow field shows the end of a long value.
    session.wait_for_text(&value[value.len() - 12..]);
    session.keys("\t");
}

fn fill_in(session: &mut Session, app: &WebApp) {
    let to = &app.details;
    session.keys("contoso-scsm\t");
    session.wait_for_text("contoso-scsm");
    paste(session, &to.url);
    paste(session, &to.tenant);
    paste(session, &to.client_id);
    session.paste(CLIENT_SECRET);
    session.wait_for_text(&format!("pasted {} characters", CLIENT_SECRET.len()));
    // Work items, days, the switch for configuration items and audience stay as they are.
    session.keys("\t\t\t\t\t");
    session.wait_for_text("Only for clouds other");
    session.paste(&to.authority);
}

fn test_save_and_sync(session: &mut Session) {
    session.keys("\x04");
    session.wait_for_text("Press Enter to continue");
    session.keys("\r");
    session.wait_for_text("Unknown: not everything");
    session.keys("\r");
    session.wait_for_text("enter save");
    session.keys("\r");
    session.wait_for_text("Done. Press Enter for the dashboard");
}

fn from_an_empty_screen_to_a_live_tile(layout: Layout) {
    let app = WebApp::start(layout);
    let mut session = session(&[]).start();
    open_details(&mut session);
    fill_in(&mut session, &app);
    test_save_and_sync(&mut session);
    session.keys("\r");
    session.wait_for("the tile", |screen| {
        let text = screen.contents();
        text.contains("contoso-scsm") && text.contains("Service Manager") && text.contains("healthy")
    });
    session.keys("q");
    assert_eq!(session.wait_for_end(), 0);
    session.assert_restored();
    session.assert_nowhere(&[CLIENT_SECRET.to_owned()]);
}

#[test]
fn a_web_app_of_tables_is_set_up_by_keys() {
    from_an_empty_screen_to_a_live_tile(Layout::Tables);
}

#[test]
fn a_web_app_of_searches_is_set_up_by_keys() {
    from_an_empty_screen_to_a_live_tile(Layout::Search);
}

#[test]
fn a_web_app_that_cannot_be_bound_says_so_and_how_to_correct_it() {
    let app = WebApp::start(Layout::Unbindable);
    let mut session = session(&[]).start();
    open_details(&mut session);
    fill_in(&mut session, &app);
    session.keys("\x04");
    session.wait_for_text("Not found in the product");
    session.wait_for_text("mapping contoso-scsm --write");
}

/// Moves the focus of the checklist to the role, which nothing but the admin's word can prove.
fn to_role(session: &mut Session) {
    session.wait_for_text("Unknown: not everything");
    session.keys("jjjj");
    session.wait_for_text("Ask the admin of System Center");
}

/// The connection's header says how it is as well, so its tabs must be gone.
fn to_tile(session: &mut Session) {
    session.wait_for("the tile", |screen| {
        let text = screen.contents();
        text.contains("contoso-scsm") && text.contains("healthy") && !text.contains("Checklist")
    });
}

#[test]
fn what_only_the_admin_knows_is_confirmed_and_the_own_test_is_made_only_after_a_yes() {
    let app = WebApp::start(Layout::Tables);
    let server = app.server.as_ref().expect("the web app runs").control();
    let tests = || server.requests().iter().filter(|one| one.path == "/api/configtest").count();
    let mut session = session(&[]).start();
    open_details(&mut session);
    fill_in(&mut session, &app);
    test_save_and_sync(&mut session);
    session.keys("K");
    to_role(&mut session);
    session.keys(" ");
    session.wait_for_text("confirmed by you on 2");
    session.wait_for_text("space withdraw");
    session.keys("\x1b");
    to_tile(&mut session);
    session.keys("\rlll");
    session.wait_for_text("[Checklist]");
    session.wait_for_text("Unknown: not everything");
    session.wait_for_text("by you, ");
    session.keys("jjjj");
    session.wait_for_text("space withdraw");
    session.keys(" ");
    session.wait_for_text("space confirm");

    // The footer is drawn last: what stands there tells that the frame is whole.
    session.keys("T");
    session.wait_for_text("client secret to");
    session.wait_for_text("enter yes");
    session.keys("\x1b");
    session.wait_for_text("space confirm");
    assert_eq!(tests(), 0, "nothing is sent before a yes");
    session.keys("T");
    session.wait_for_text("enter yes");
    session.keys("\r");
    session.wait_for_text("Client ID and secret are valid");
    session.wait_for_text("T test on request");
    assert_eq!(tests(), 1);
    session.keys("D");
    session.wait_for_text("ctrl-d write");
    session.keys("\x1b");
    session.wait_for_text("T test on request");
    session.keys("\x1b");
    to_tile(&mut session);
    session.keys("q");
    assert_eq!(session.wait_for_end(), 0);
    session.assert_restored();
    session.assert_nowhere(&[CLIENT_SECRET.to_owned()]);
}
