//! The whole wizard by keys against the practice instance, and nowhere a trace of a secret.

use itsmc_practice::servicenow::{Control, FaultKind, FaultSpec, Options, Server};
use rustix::process::Signal;
use tokio::runtime::Runtime;

use crate::harness::{Session, session};

/// The password of the integration user, and of the admin.
pub const PASSWORD: &str = "Pass word+%&=1-for-tests";
/// The client secret of the application.
pub const CLIENT_SECRET: &str = "client/secret+%&=2-for-tests";

/// A practice instance that knows the password and the client secret above.
pub struct Instance {
    /// The handle on it.
    pub control: Control,
    server: Option<Server>,
    runtime: Runtime,
}

impl Instance {
    fn start() -> Self {
        Self::with(Options::still())
    }

    /// One with these options.
    pub fn with(options: Options) -> Self {
        let secrets = Some((PASSWORD.to_owned(), CLIENT_SECRET.to_owned()));
        let options = Options { rows: Some(300), fixed_secrets: secrets, ..options };
        let runtime = Runtime::new().expect("a runtime starts");
        let server = runtime.block_on(Server::start(options)).expect("the instance starts");
        Self { control: server.control(), server: Some(server), runtime }
    }

    /// Everything that must never be seen: password, client secret, and each token that was issued.
    pub fn secrets(&self) -> Vec<String> {
        let tokens = self.control.tokens();
        assert!(!tokens.is_empty(), "somebody has signed in");
        [vec![PASSWORD.to_owned(), CLIENT_SECRET.to_owned()], tokens].concat()
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        if let Some(server) = self.server.take() {
            self.runtime.block_on(server.stop());
        }
    }
}

/// From the dashboard to the form.
pub fn open_details(session: &mut Session) {
    session.wait_for_text("? help");
    session.keys("n");
    session.wait_for_text("Which product");
    session.keys("\r");
    session.wait_for_text("Press space to");
    session.keys("\r");
    session.wait_for_text("Connection name");
}

/// Types and pastes the form up to the password.
pub fn fill_in(session: &mut Session, instance: &Instance) {
    let details = instance.control.sign_in();
    session.keys("contoso\r");
    session.paste(&details.url);
    session.keys("\r");
    session.wait_for_text("How the connection gets tokens");
    session.keys(&format!("\r{}\r", details.username));
    session.wait_for_text(&details.username);
}

/// Pastes the rest, secrets as one event each, line break and all.
pub fn paste_secrets(session: &mut Session, instance: &Instance, password: &str) {
    session.paste(&format!("{password}\n"));
    session.wait_for_text(&format!("pasted {} characters", password.len()));
    session.keys("\r\x15");
    session.paste(&instance.control.sign_in().client_id);
    session.wait_for_text(&instance.control.sign_in().client_id);
    session.keys("\r");
    session.paste(CLIENT_SECRET);
    session.wait_for_text(&format!("pasted {} characters", CLIENT_SECRET.len()));
}

/// From a form that is filled in to the first sync's end.
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

fn leave(mut session: Session, instance: &Instance) {
    session.keys("\r");
    session.wait_for("the tile", |screen| {
        let text = screen.contents();
        text.contains("contoso") && text.contains("healthy")
    });
    session.keys("q");
    assert_eq!(session.wait_for_end(), 0);
    session.assert_restored();
    session.assert_nowhere(&instance.secrets());
}

#[test]
fn from_an_empty_screen_to_a_live_tile_with_the_switch_for_configuration_items_in_review_and_config_file() {
    let instance = Instance::start();
    let mut session = session(&[]).start();
    open_details(&mut session);
    fill_in(&mut session, &instance);
    paste_secrets(&mut session, &instance, PASSWORD);
    for label in ["Work items", "Sync scope (days)", "Create CIs"] {
        session.keys("\x1b[B");
        session.wait_for_text(&format!("› {label}"));
    }
    session.wait_for_text("[ ] off");
    session.keys(" ");
    session.wait_for_text("[x] on");
    session.keys("\x04");
    session.wait_for_text("Press Enter to continue");
    session.keys("\r");
    session.wait_for_text("Unknown: not everything");
    session.keys("\r");
    session.wait_for_text("enter save");
    session.wait_for("the switch in the review", |screen| {
        screen.contents().lines().any(|line| line.contains("Create CIs") && line.trim_end().ends_with(" on"))
    });
    session.keys("\r");
    session.wait_for_text("Done. Press Enter for the dashboard");
    let config = std::fs::read_to_string(session.home().join("itsmc/config.toml")).expect("the config can be read");
    assert!(config.contains("create_configuration_items = true"), "{config}");
    leave(session, &instance);
}

#[test]
fn a_wrong_password_leads_back_to_its_field() {
    let instance = Instance::start();
    let mut session = session(&[]).start();
    open_details(&mut session);
    fill_in(&mut session, &instance);
    paste_secrets(&mut session, &instance, "something-else-for-tests");
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
    leave(session, &instance);
}

#[test]
fn s6_what_a_test_in_the_wizard_obtained_is_revoked_when_the_program_is_left() {
    let instance = Instance::start();
    instance.control.fault(FaultSpec::new(FaultKind::Forbidden).times(0).on("incident"));
    let mut session = session(&[]).start();
    open_details(&mut session);
    fill_in(&mut session, &instance);
    paste_secrets(&mut session, &instance, PASSWORD);
    session.keys("\x04");
    session.wait_for_text("✗");
    session.wait_for("the end of the test", |screen| screen.contents().contains("enter"));
    assert!(instance.control.issued().iter().any(|token| token.valid), "it had signed in");
    session.keys("\x03");
    session.wait_for_text("Quit now?");
    session.keys("y");
    assert_eq!(session.wait_for_end(), 130);
    session.assert_restored();
    let alive = instance.control.issued().iter().filter(|token| token.valid).count();
    assert_eq!(alive, 0);
    session.assert_nowhere(&instance.secrets());
}

#[test]
fn killed_in_the_middle_it_is_taken_up_again_without_the_secrets() {
    let instance = Instance::start();
    let mut killed = session(&[]).start();
    open_details(&mut killed);
    fill_in(&mut killed, &instance);
    paste_secrets(&mut killed, &instance, PASSWORD);
    killed.signal(Signal::KILL);
    killed.wait_for_killed();
    killed.assert_nowhere(&[PASSWORD.to_owned(), CLIENT_SECRET.to_owned()]);

    let mut session = session(&[]).at_home_of(&killed).start();
    session.wait_for_text("? help");
    session.keys("n");
    session.wait_for_text("unsaved draft of a connection");
    session.keys("\r");
    session.wait_for_text("Used once to get tokens");
    session.wait_for_text(&instance.control.sign_in().username);
    paste_secrets(&mut session, &instance, PASSWORD);
    test_save_and_sync(&mut session);
    leave(session, &instance);
}

#[test]
fn a_secret_shows_only_while_it_is_asked_for_and_leaving_asks_first() {
    let instance = Instance::start();
    let mut session = session(&[]).start();
    open_details(&mut session);
    fill_in(&mut session, &instance);
    session.paste(PASSWORD);
    session.wait_for_text("●●●●");
    // A blank shows as a mark.
    let shown = PASSWORD.replace(' ', "␣");
    session.assert_nowhere(&[PASSWORD.to_owned(), shown.clone()]);
    session.keys("\x12");
    session.wait_for_text(&shown);
    session.keys("\x12");
    session.wait_for("the mask", |screen| {
        let text = screen.contents();
        !text.contains(&shown) && !text.contains(PASSWORD) && text.contains("●●●●")
    });
    session.keys("\x03");
    session.wait_for_text("Quit now?");
    session.keys("n\x03");
    session.wait_for_text("Quit now?");
    session.keys("y");
    assert_eq!(session.wait_for_end(), 130);
    session.assert_restored();
}

#[test]
fn a5_a_link_that_is_folded_over_lines_is_one_link_of_the_terminal() {
    let mut session = session(&[]).start();
    session.wait_for_text("? help");
    session.keys("n");
    session.wait_for_text("Which product");
    session.keys("j\r");
    session.wait_for_text("https://learn.microsoft.com/azure/azure-monitor/");
    session.wait_for_text("alerts/itsmc-connections-scsm");
    session.keys("?");
    session.wait_for_text("╭ Keys");
    let raw = String::from_utf8_lossy(&session.raw()).into_owned();
    let link = ";https://learn.microsoft.com/azure/azure-monitor/alerts/itsmc-connections-scsm\x1b\\";
    assert!(raw.matches(link).count() >= 2, "each line of it is the whole link: {}", session.screenshot());
    session.keys("qq");
    session.wait_for_text("Which product");
    session.keys("\x1b");
    session.wait_for_text("Welcome to itsmc");
    session.keys("q");
    assert_eq!(session.wait_for_end(), 0);
    session.assert_restored();
}
