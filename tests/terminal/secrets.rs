//! From the set-up to the revocation no secret is anywhere but in the vault.

use itsmc_practice::servicenow::Options;

use crate::administration::{fix_all, open_as_admin, sign_in};
use crate::harness::{Session, session};
use crate::processes::{KeyCommand, Watch};
use crate::wizard::Instance;

/// The password that the integration user gets; that of the admin is another.
const USER_PASSWORD: &str = "Other pass+word%&=3-for-tests";

/// Whether this row of the Tokens tab is the refresh token that the connection lives on.
fn is_ours(row: &str) -> bool {
    row.contains("refresh") && row.contains("in use")
}

/// Moves the focus to the token that the connection lives on, below those that the rotation before left expired.
fn focus_ours(session: &mut Session) {
    let left = |row: &&str| row.starts_with(" [ ]") && row.trim_end().ends_with("expired");
    session.wait_for("the tokens after the rotation", |screen| {
        let text = screen.contents();
        text.lines().filter(left).count() == 3 && text.lines().any(is_ours)
    });
    let before =
        session.text().lines().skip_while(|row| !row.starts_with(" [ ]")).take_while(|row| !is_ours(row)).count();
    session.keys(&"j".repeat(before));
    session.wait_for("the token in use in focus", |screen| {
        let (row, _) = screen.cursor_position();
        screen.contents().lines().nth(row.into()).is_some_and(is_ours)
    });
}

/// Revokes the token on which the connection lives: it is asked twice.
fn revoke_ours(session: &mut Session) {
    focus_ours(session);
    session.keys(" ");
    session.wait_for_text("V revoke");
    session.keys("V");
    session.wait_for_text("Tokens to revoke: 1");
    session.keys("\r");
    session.wait_for_text("Are you sure? Press V to revoke.");
    session.keys("V");
    session.wait_for_text("it is refused now");
    session.keys("\r");
}

#[test]
fn no_secret_is_anywhere_at_any_moment() {
    let mut options = Options::bare();
    options.oauth.new_refresh_token_each_time = true;
    let instance = Instance::with(options);
    let key = KeyCommand::new();
    let secrets = || {
        let more = [USER_PASSWORD.to_owned(), key.key.clone()];
        instance.secrets().into_iter().chain(more).collect::<Vec<_>>()
    };
    let mut session = session(&[]).key_command(&key.command()).env("ITSMC_LOG", "debug").start();
    let watch = Watch::begin(session.pid().as_raw_pid().unsigned_abs());

    open_as_admin(&mut session, &instance);
    session.assert_nowhere(&secrets());
    fix_all(&mut session, USER_PASSWORD);
    session.assert_nowhere(&secrets());
    sign_in(&mut session, USER_PASSWORD, "it is signed in now");
    session.assert_nowhere(&secrets());
    session.wait_for_text("Synced");
    sign_in(&mut session, USER_PASSWORD, "Old tokens revoked");
    session.assert_nowhere(&secrets());
    revoke_ours(&mut session);
    session.wait_for_text("Signed out: press R to sign in again.");
    session.assert_nowhere(&secrets());
    session.keys("\x1b");
    session.wait_for("the dashboard", |screen| {
        let text = screen.contents();
        text.contains("R sign in again") && !text.contains("[Tokens]")
    });
    session.keys("q");
    assert_eq!(session.wait_for_end(), 0);
    session.assert_restored();

    let (all, seen) = (secrets(), watch.end());
    session.assert_nowhere(&all);
    assert!(all.len() > 8, "the tokens of admin and user are known: {}", all.len());
    let told = key.seen();
    for secret in &all {
        assert!(!told.contains(secret), "the key command could see {secret}");
        let among = |text: &&Vec<u8>| text.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(!seen.texts.iter().any(|text| among(&text)), "in arguments or environment: {secret}");
    }
    let own = |text: &&Vec<u8>| text.windows(10).any(|window| window == b"ITSMC_HOME");
    assert!(seen.texts.iter().any(|text| own(&text)), "the environment was seen");
    // Before the program's first line it has the limit of whoever started it.
    assert!(seen.core_limits.contains("0 0 bytes"), "{:?}", seen.core_limits);
    assert_eq!(key.core_limits().into_iter().collect::<Vec<_>>(), ["0 0 bytes"]);
}
