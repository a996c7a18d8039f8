//! The passphrase of the vault is typed in a dialog of the screens, which alone read the terminal.

use crate::harness::{Session, program, session};
use crate::wizard::{Instance, PASSWORD, fill_in, open_details, paste_secrets};
use itsmc_practice::servicenow::Options;

const PASSPHRASE: &str = "a pass phrase +%&=4-for-tests";
const WRONG: &str = "not that one-for-tests";

/// Walks the wizard up to the save, which asks for the passphrase.
fn save(session: &mut Session, instance: &Instance) {
    open_details(session);
    fill_in(session, instance);
    paste_secrets(session, instance, PASSWORD);
    session.keys("\x04");
    session.wait_for_text("Press Enter to continue");
    session.keys("\r");
    session.wait_for_text("Unknown: not everything");
    session.keys("\r");
    session.wait_for_text("enter save");
    session.keys("\r");
    session.wait_for_text("New passphrase:");
}

fn quit(session: &mut Session) {
    session.wait_for("the tile", |screen| {
        let text = screen.contents();
        text.contains("contoso") && text.contains("healthy")
    });
    session.keys("q");
    assert_eq!(session.wait_for_end(), 0);
    session.assert_restored();
}

/// Opens the key by `age` and this passphrase, and the vault by that key.
fn opens_by_age(home_of: &Session, passphrase: &str) -> bool {
    let script = "cd itsmc && age -d -o ../opened $(find . -name key.age) && age -d -i ../opened $(find . -name vault.age) \
                  | grep -c contoso; code=$?; rm -f ../opened; exit $code";
    let mut age = program(&["sh", "-c", script]).at_home_of(home_of).start();
    age.wait_for_text("passphrase");
    age.keys(&format!("{passphrase}\r"));
    age.wait_for_end() == 0
}

#[test]
fn b1_the_passphrase_typed_in_the_dialog_opens_the_vault() {
    let instance = Instance::with(Options::still());
    let mut first = session(&[]).without_key().start();
    save(&mut first, &instance);
    first.keys(&format!("{PASSPHRASE}\r"));
    first.wait_for_text("Repeat:");
    first.keys(&format!("{WRONG}\r"));
    first.wait_for_text("The two passphrases differ");
    first.keys(&format!("{PASSPHRASE}\r"));
    first.wait_for_text("Repeat:");
    first.paste(PASSPHRASE);
    first.keys("\r");
    first.wait_for_text("Done. Press Enter for the dashboard");
    first.keys("\r");
    quit(&mut first);
    assert!(opens_by_age(&first, PASSPHRASE), "age opens it");
    assert!(!opens_by_age(&first, WRONG), "no other passphrase opens it");

    // The next start draws first, and asks only when the first secret is read.
    let mut second = session(&[]).without_key().at_home_of(&first).start();
    second.wait_for_text("healthy");
    second.keys("s");
    second.wait_for_text("Passphrase:");
    second.keys(&format!("{WRONG}\r"));
    second.wait_for_text("Wrong passphrase");
    second.keys(&format!("{PASSPHRASE}\r"));
    second.wait_for("the dialog to close", |screen| !screen.contents().contains("Passphrase:"));
    quit(&mut second);
    for session in [&first, &second] {
        session.assert_nowhere(&[PASSPHRASE.to_owned(), WRONG.to_owned()]);
        session.assert_nowhere(&instance.secrets());
    }
}

#[test]
fn b1_a_dialog_that_is_left_keeps_nothing_and_tells_why() {
    let instance = Instance::with(Options::still());
    let mut session = session(&[]).without_key().start();
    save(&mut session, &instance);
    session.keys("\x1b");
    session.wait_for_text("no safe place");
    // The next attempt asks again, and a signal ends the question with the program.
    session.keys("\r");
    session.wait_for_text("New passphrase:");
    session.keys("half of it");
    session.signal(rustix::process::Signal::TERM);
    assert_eq!(session.wait_for_end(), 143);
    session.assert_restored();
}
