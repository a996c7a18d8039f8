//! From an instance that nobody has prepared to 'Completed', by keys.

use itsmc_practice::servicenow::Options;

use crate::harness::{Session, session};
use crate::wizard::{Instance, PASSWORD, fill_in, open_details, paste_secrets};

/// The roles that the integration user must be granted itself; the others come with them.
const GRANTED: [&str; 4] = ["personalize_choices", "import_transformer", "x_mioms_microsoft.user", "itil"];

/// Walks the wizard up to the refused sign-in, saves signed out, and opens the Checklist tab with an admin's eyes.
pub fn open_as_admin(session: &mut Session, instance: &Instance) {
    open_details(session);
    fill_in(session, instance);
    paste_secrets(session, instance, PASSWORD);
    session.keys("\x04");
    session.wait_for_text("L save signed out");
    session.keys("L");
    session.wait_for_text("Save contoso signed out?");
    session.keys("\r");
    session.wait_for_text("contoso is saved, signed out");
    session.keys("A");
    sign_in_admin(session, instance);
}

/// Fills in the form for an admin's sign-in, and waits until the checklist was looked at with those eyes.
pub fn sign_in_admin(session: &mut Session, instance: &Instance) {
    session.wait_for_text("For this session only");
    let admin = instance.control.sign_in().admin.clone();
    session.keys(&format!("{admin}\t"));
    session.paste(PASSWORD);
    session.wait_for_text("●●●●");
    session.keys("\r");
    session.wait_for_text(&format!("checked as the admin {admin}"));
}

/// Makes every fix that is offered, each after having seen its changes; the user gets this password.
pub fn fix_all(session: &mut Session, password: &str) {
    session.keys("P");
    let fixes = ["Create the integration user", "Grant azure.integration", "Set the refresh token lifespan"];
    for (done, fix) in fixes.into_iter().enumerate() {
        session.wait_for_text(fix);
        session.wait_for_text("Enter to make these changes");
        session.keys("\r");
        if done == 0 {
            session.wait_for_text("Repeat password");
            session.paste(password);
            session.wait_for_text("●●●●");
            session.keys("\r");
            session.paste(password);
            session.wait_for("the password twice", |screen| {
                screen.contents().lines().filter(|line| line.contains("●●●●")).count() == 2
            });
            session.keys("\r");
        }
        session.wait_for_text("and verified");
        session.keys(if done + 1 < fixes.len() { "p" } else { "\r" });
    }
    session.wait_for_text("✓ Completed");
}

/// Signs in by key R and this password, until the end tells this.
pub fn sign_in(session: &mut Session, password: &str, end: &str) {
    session.keys("R");
    session.wait_for_text("to get new tokens");
    session.paste(password);
    session.wait_for_text("●●●●");
    session.keys("\r");
    session.wait_for_text(end);
    session.keys("\r");
    session.wait_for_text("last used");
}

#[test]
fn a_bare_instance_is_brought_to_completed_by_keys() {
    let instance = Instance::with(Options::bare());
    let mut session = session(&[]).start();
    open_as_admin(&mut session, &instance);
    session.wait_for_text("✗ Not complete");
    fix_all(&mut session, PASSWORD);
    sign_in(&mut session, PASSWORD, "it is signed in now");
    session.keys("\x1b[Z");
    session.wait_for("the checklist", |screen| {
        let text = screen.contents();
        text.contains("[Checklist]") && text.contains("✓ Completed · checked as the admin")
    });

    let user = &instance.control.sign_in().username;
    let roles = instance.control.roles(user);
    for needed in GRANTED {
        let held = roles.iter().filter(|role| !role.inherited && role.role == needed).count();
        assert_eq!(held, 1, "{needed}: {roles:?}");
    }
    session.keys("\x1b");
    session.wait_for("the tile", |screen| {
        let text = screen.contents();
        text.contains("contoso") && text.contains("Incidents") && text.contains("healthy")
    });
    session.keys("q");
    assert_eq!(session.wait_for_end(), 0);
    session.assert_restored();
    session.assert_nowhere(&instance.secrets());
}
