//! What only a real terminal shows: the clipboard, and focus without colours.

use crate::harness::session;

#[test]
fn the_command_goes_to_the_clipboard() {
    let mut session = session(&[]).start();
    session.wait_for_text("? help");
    session.keys("y");
    session.wait_for_text("status");
    let raw = String::from_utf8_lossy(&session.raw()).into_owned();
    assert!(raw.contains("\x1b]52;c;aXRzbWM"), "the clipboard gets 'itsmc ..' in base64");
    session.keys("q");
    session.wait_for("the box to close", |screen| !screen.contents().contains("esc close"));
    session.keys("q");
    assert_eq!(session.wait_for_end(), 0);
    session.assert_restored();
}

#[test]
fn without_colours_the_focus_is_still_marked() {
    let mut session = session(&[]).env("NO_COLOR", "1").start();
    session.wait_for_text("? help");
    session.keys("n");
    session.wait_for_text("ServiceNow");
    let focused = session.reversed();
    assert!(focused.iter().any(|row| row.contains("ServiceNow")), "{focused:?}\n{}", session.screenshot());
    let raw = String::from_utf8_lossy(&session.raw()).into_owned();
    for colour in ["\x1b[38;5;", "\x1b[48;5;", "\x1b[31m", "\x1b[36m"] {
        assert!(!raw.contains(colour), "no colour is written");
    }
    session.keys("\x03");
    assert_eq!(session.wait_for_end(), 130);
    session.assert_restored();
}
