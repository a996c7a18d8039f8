//! The settings of a connection and the page of keys, by keys.

use itsmc_practice::servicenow::{Options, Server};
use tokio::runtime::Runtime;

use crate::dashboard::without_schedule;
use crate::four::add;
use crate::harness::{Session, session};

/// A program with a connection to a practice server, its screen in front.
fn opened(runtime: &Runtime) -> (Session, Server) {
    let options = Options { rows: Some(60), ..Options::still() };
    let server = runtime.block_on(Server::start(options)).expect("it starts");
    let builder = session(&[]);
    add(builder.home(), server.sign_in());
    without_schedule(builder.home());
    let mut session = builder.start();
    session.wait_for_text("Not synced yet");
    session.keys("\r");
    session.wait_for_text("[Work items]");
    (session, server)
}

/// Leaves by `q`, which goes up to the dashboard first.
fn leave(mut session: Session) {
    session.keys("q");
    session.wait_for_text("1 connection");
    session.keys("q");
    assert_eq!(session.wait_for_end(), 0);
    session.assert_restored();
}

#[test]
fn the_switch_for_configuration_items_is_switched_in_the_settings_and_stands_in_the_config_file() {
    let runtime = Runtime::new().expect("a runtime starts");
    let (mut session, _server) = opened(&runtime);
    session.keys("e");
    session.wait_for_text("› Server URL");
    for label in ["Sign-in method", "Username", "Client ID", "Work items", "Sync scope (days)", "Create CIs"] {
        session.keys("\x1b[B");
        session.wait_for_text(&format!("› {label}"));
    }
    session.keys(" \x04");
    session.wait_for_text("Create CIs: ");
    session.keys("\r");
    session.wait_for_text("servicenow is saved");
    let config = std::fs::read_to_string(session.home().join("itsmc/config.toml")).expect("the config can be read");
    assert!(config.contains("create_configuration_items = true"), "{config}");
    leave(session);
}

#[test]
fn a12_the_days_are_changed_in_the_settings_and_stand_in_the_config_file() {
    let runtime = Runtime::new().expect("a runtime starts");
    let (mut session, _server) = opened(&runtime);
    session.keys("e");
    session.wait_for_text("› Server URL");
    for label in ["Sign-in method", "Username", "Client ID", "Work items", "Sync scope (days)"] {
        session.keys("\x1b[B");
        session.wait_for_text(&format!("› {label}"));
    }
    session.keys("\x15");
    session.keys("45");
    session.wait_for_text("› Sync scope (days)   45");
    session.keys("\x04");
    session.wait_for_text("Sync scope (days): 120 → 45");
    session.keys("\r");
    session.wait_for_text("servicenow is saved");
    let config = std::fs::read_to_string(session.home().join("itsmc/config.toml")).expect("the config can be read");
    assert!(config.contains("sync_days = 45"), "{config}");
    leave(session);
}

#[test]
fn the_name_is_changed_in_the_settings_and_the_screens_follow() {
    let runtime = Runtime::new().expect("a runtime starts");
    let (mut session, _server) = opened(&runtime);
    session.keys("s");
    session.wait_for("the rows of a sync", |screen| screen.contents().contains("INC"));
    session.keys("e");
    session.wait_for_text("› Server URL");
    session.keys("\x1b[A");
    session.wait_for_text("› Connection name");
    session.keys("\x15fabrikam\x04");
    session.wait_for_text("Connection name: servicenow → fabrikam");
    session.keys("\r");
    session.wait_for_text("fabrikam is saved");
    session.wait_for("its work items", |screen| {
        let text = screen.contents();
        text.contains("[Work items]") && text.contains("fabrikam") && text.contains("INC")
    });
    let config = std::fs::read_to_string(session.home().join("itsmc/config.toml")).expect("the config can be read");
    assert!(config.contains("name = \"fabrikam\"") && !config.contains("known_as"), "{config}");
    leave(session);
}

#[test]
fn a27_the_help_groups_the_keys_and_q_closes_it() {
    let runtime = Runtime::new().expect("a runtime starts");
    let (mut session, _server) = opened(&runtime);
    session.keys("?");
    session.wait_for("the three groups", |screen| {
        let text = screen.contents();
        ["╭ Keys", "Here", "Move", "Everywhere", "settings", "next tab", "command"]
            .iter()
            .all(|word| text.contains(word))
    });
    assert!(!session.text().contains("not now"), "{}", session.screenshot());
    session.keys("q");
    session.wait_for("the screen below", |screen| !screen.contents().contains("╭ Keys"));
    assert!(session.text().contains("[Work items]"), "{}", session.screenshot());
    leave(session);
}

#[test]
fn the_colours_and_the_language_are_chosen_on_the_screen_of_preferences_and_show_at_once() {
    let mut session = session(&[]).start();
    session.wait_for_text("quit");
    assert!(raw_has(&session, "38;5;6;"), "the accent of a dark background");
    assert!(!raw_has(&session, "38;5;25;"), "none of a light one");
    session.keys(",");
    session.wait_for_text("(•) as the terminal");
    session.keys("ll");
    session.wait_for_text("(•) light background");
    session.keys("j");
    session.wait_for_text("› Language");
    session.keys("ll");
    session.wait_for_text("› Taal");
    session.keys("q");
    session.wait_for_text("afsluiten");
    assert!(raw_has(&session, "38;5;25;"), "the accent of a light background");
    let config = std::fs::read_to_string(session.home().join("itsmc/config.toml")).expect("the config can be read");
    assert!(config.contains("theme = \"light\"") && config.contains("lang = \"nl\""), "{config}");
    session.keys("q");
    assert_eq!(session.wait_for_end(), 0);
    session.assert_restored();
}

#[test]
fn the_terminal_is_asked_for_its_background_and_a_light_one_gets_colours_that_can_be_read_on_it() {
    let mut session = session(&[]).start();
    session.wait_for_text("quit");
    assert!(raw_has(&session, "\x1b]11;?\x07"), "it is asked");
    assert!(raw_has(&session, "38;5;6;"), "the accent of a dark background until it has answered");
    session.keys("\x1b]11;rgb:ffff/ffff/ffff\x1b\\");
    session.wait_for("the accent of a light background", |screen| {
        let (rows, columns) = screen.size();
        let cells = (0..rows.get()).flat_map(|row| (0..columns.get()).map(move |column| (row, column)));
        let accent = vt100::Color::Idx(25);
        cells.filter_map(|(row, column)| screen.cell(row, column)).any(|cell| cell.fgcolor() == accent)
    });
    session.keys("?");
    session.wait_for_text("╭ Keys");
    session.keys("q");
    session.wait_for("the screen below", |screen| !screen.contents().contains("╭ Keys"));
    session.keys("q");
    assert_eq!(session.wait_for_end(), 0);
    session.assert_restored();
}

#[test]
fn a_terminal_that_cannot_answer_is_not_asked_for_its_background() {
    let mut session = session(&[]).env("TERM", "linux").start();
    session.wait_for_text("quit");
    assert!(!raw_has(&session, "\x1b]11"));
    session.keys("q");
    assert_eq!(session.wait_for_end(), 0);
}

#[test]
fn the_mouse_is_switched_on_by_the_config_file() {
    let mut session = session(&["config", "set", "mouse", "true"]).start();
    assert_eq!(session.wait_for_end(), 0);
    let mut session = crate::harness::session(&[]).at_home_of(&session).start();
    session.wait_for_text("mouse on");
    assert!(raw_has(&session, "\x1b[?1000h"), "the terminal reports clicks");
    session.keys("q");
    assert_eq!(session.wait_for_end(), 0);
    session.assert_restored();
}

fn raw_has(session: &Session, sequence: &str) -> bool {
    String::from_utf8_lossy(&session.raw()).contains(sequence)
}

#[test]
fn the_order_that_was_chosen_is_there_after_a_restart() {
    let runtime = Runtime::new().expect("a runtime starts");
    let (mut session, server) = opened(&runtime);
    let config = session.home().join("itsmc/config.toml");
    session.keys(">");
    session.wait_for_text("by Number ↑");
    session.keys("<");
    session.wait_for_text("by Number ↓");
    session.wait_for("the order in the config file", |_| {
        std::fs::read_to_string(&config)
            .is_ok_and(|text| text.contains("sort = \"number\"") && text.contains("reverse = true"))
    });
    leave(session_again(session, |again| again.wait_for_text("by Number ↓")));
    drop(server);
}

/// Leaves, starts the program in the same home, and opens the connection; `told` waits for what is to be there.
fn session_again(mut session: Session, told: impl FnOnce(&Session)) -> Session {
    session.keys("q");
    session.wait_for_text("1 connection");
    session.keys("q");
    assert_eq!(session.wait_for_end(), 0);
    let mut again = crate::harness::session(&[]).at_home_of(&session).start();
    again.wait_for_text("Not synced yet");
    again.keys("\r");
    told(&again);
    again
}

#[test]
fn the_panel_filters_by_a_group_that_is_found_by_its_words() {
    let builder = session(&[]);
    crate::world::synced(builder.home(), 200);
    without_schedule(builder.home());
    let mut session = builder.start();
    session.wait_for_text("1 connection");
    session.keys("\r");
    session.wait_for_text("[Work items]");
    session.keys("f");
    session.wait_for_text("[ ] Incidents");
    session.keys("/emea");
    session.wait_for_text("[ ] Workplace EMEA");
    session.keys("\r \r");
    session.wait_for("the filter to be told", |screen| {
        let text = screen.contents();
        text.contains("Workplace EMEA") && !text.contains("[x]")
    });
    session.keys("y");
    session.wait_for_text("itsmc items servicenow --group 'Workplace EMEA'");
    session.keys("\x1b");
    session.wait_for("the box to close", |screen| !screen.contents().contains("--group"));
    leave(session);
}

#[test]
fn a22_the_columns_that_were_chosen_are_there_after_a_restart() {
    let runtime = Runtime::new().expect("a runtime starts");
    let (mut session, server) = opened(&runtime);
    let config = session.home().join("itsmc/config.toml");
    session.keys("C");
    session.wait_for_text("[ ] Kind");
    session.keys(" ");
    session.wait_for_text("[x] Kind");
    session.keys("\x1b");
    session.wait_for("the columns in the config file", |_| {
        std::fs::read_to_string(&config).is_ok_and(|text| text.contains("columns = [\"kind\", \"number\""))
    });
    let mut again = session_again(session, |again| again.wait_for_text("[Work items]"));
    again.keys("C");
    again.wait_for_text("[x] Kind");
    again.keys("\x1b");
    again.wait_for("the box to close", |screen| !screen.contents().contains("[x] Kind"));
    leave(again);
    drop(server);
}
