//! However it ends, the terminal is itself again.

use rstest::rstest;
use rustix::process::{Pid, Signal, kill_process};

use vt100::MouseProtocolMode;

use crate::harness::{Builder, DEADLINE, Session, session, shell};

/// The title of the help page.
const HELP: &str = "╭ Keys";

/// The program, up and drawn.
fn opened() -> Session {
    open(session(&[]))
}

fn open(builder: Builder) -> Session {
    let session = builder.start();
    wait_for_screen(&session);
    session
}

fn wait_for_screen(session: &Session) {
    session.wait_for("the first frame", |screen| screen.alternate_screen() && screen.contents().contains("? help"));
}

#[test]
fn leaving_restores_it() {
    let mut session = opened();
    session.keys("q");
    assert_eq!(session.wait_for_end(), 0);
    session.assert_restored();
}

#[test]
fn ctrl_c_leaves_with_130() {
    let mut session = opened();
    session.keys("\x03");
    assert_eq!(session.wait_for_end(), 130);
    session.assert_restored();
}

#[rstest]
#[case(Signal::TERM, 143)]
#[case(Signal::HUP, 129)]
#[case(Signal::INT, 130)]
fn a_signal_restores_it(#[case] signal: Signal, #[case] code: u32) {
    let mut session = opened();
    session.signal(signal);
    assert_eq!(session.wait_for_end(), code);
    session.assert_restored();
}

#[test]
fn a_signal_restores_it_with_mouse_and_help_on() {
    let mut session = opened();
    session.keys("m");
    session.wait_for("the mouse", |screen| screen.mouse_protocol_mode() != MouseProtocolMode::None);
    session.keys("?");
    session.wait_for_text(HELP);
    session.signal(Signal::TERM);
    assert_eq!(session.wait_for_end(), 143);
    session.assert_restored();
}

#[test]
fn a_terminal_that_goes_away_ends_it() {
    let mut session = shell().start();
    session.wait_for_text("ready>");
    let ended = session.pipe("ended");
    session.keys("sh -c 'trap : HUP; \"$ITSMC\"; echo $? > ended'\r");
    wait_for_screen(&session);
    session.signal(Signal::KILL);
    assert_eq!(ended.recv_timeout(DEADLINE).expect("the program ends").trim(), "129");
}

/// Four connections in the config; nobody ever signed in to them.
fn with_four_tiles() -> Builder {
    let builder = session(&[]);
    let connection = |name| {
        format!(
            "[[connection]]\nname = \"{name}\"\npartner = \"servicenow\"\nserver_url = \"http://127.0.0.1:9\"\n\
             username = \"nobody\"\nclient_id = \"none\"\nwork_items = [\"incident\"]\nsync_days = 30\n\
             create_configuration_items = false\n"
        )
    };
    let config = builder.home().join("itsmc");
    std::fs::create_dir_all(&config).expect("the home is made");
    let text = ["one", "two", "three", "four"].map(connection).concat();
    std::fs::write(config.join("config.toml"), text).expect("the config is written");
    builder
}

#[test]
fn a_window_that_changes_while_the_program_opens_is_filled() {
    // The change falls between the moment the terminal is taken and the moment it is read from.
    for _ in 0..10 {
        let mut session = with_four_tiles().start();
        session.wait_for("the terminal to be taken", |screen| screen.alternate_screen());
        session.resize(160, 50);
        session.wait_for_text("four ─");
    }
}

#[test]
fn a_tiny_window_is_told_and_comes_back() {
    let mut session = opened();
    session.resize(20, 5);
    session.wait_for_text("20x5");
    session.resize(80, 24);
    session.wait_for("the screen as it was", |screen| screen.contents().contains("? help"));
    session.keys("q");
    assert_eq!(session.wait_for_end(), 0);
    session.assert_restored();
}

#[test]
fn a_panic_in_the_loop_restores_it_and_is_told() {
    let mut session = open(session(&[]).env("ITSMC_DEBUG_PANIC", "key"));
    session.keys("\x1b[24~");
    assert_eq!(session.wait_for_end(), 1);
    session.assert_restored();
    assert!(session.text().contains("a panic was asked for"), "{}", session.screenshot());
}

#[test]
fn a_panic_in_a_task_leaves_the_screen_alone() {
    let mut session = open(session(&[]).env("ITSMC_DEBUG_PANIC", "task"));
    session.wait_for_text("Welcome");
    session.keys("\x1b[24~");
    session.wait_for_text("r reload");
    session.keys("?");
    session.wait_for_text(HELP);
    let raw = String::from_utf8_lossy(&session.raw()).into_owned();
    assert!(!raw.contains("panic was asked for") && !raw.contains("panicked at"), "{}", session.screenshot());
    session.keys("\x03");
    assert_eq!(session.wait_for_end(), 130);
    session.assert_restored();
}

#[rstest]
#[case::key(Stop::Key)]
#[case::signal(Stop::Signal)]
fn a_stopped_program_gives_the_terminal_back_and_takes_it_again(#[case] stop: Stop) {
    let mut session = opened_from_shell();
    for stops in 1..3 {
        stop.send(&mut session);
        wait_for_prompt(&session, stops);
        session.assert_modes_restored();
        session.keys("fg\r");
        wait_for_screen(&session);
    }
    session.keys("?");
    session.wait_for_text(HELP);
    leave_to_shell(session, 3);
}

#[test]
fn after_a_stop_it_takes_the_new_size() {
    let mut session = opened_from_shell();
    session.keys("\x1a");
    wait_for_prompt(&session, 1);
    session.resize(20, 5);
    session.keys("fg\r");
    session.wait_for_text("20x5");
    session.resize(80, 24);
    wait_for_screen(&session);
    leave_to_shell(session, 2);
}

fn opened_from_shell() -> Session {
    let mut session = shell().start();
    session.wait_for_text("ready>");
    session.keys("\"$ITSMC\"\r");
    wait_for_screen(&session);
    session
}

/// Waits for the shell's prompt after this many stops or ends of the program.
fn wait_for_prompt(session: &Session, times: usize) {
    session.wait_for("the shell's prompt", |screen| {
        !screen.alternate_screen() && screen.contents().matches("ready>").count() == times + 1
    });
}

fn leave_to_shell(mut session: Session, times: usize) {
    session.keys("\x03");
    wait_for_prompt(&session, times);
    session.keys("exit\r");
    session.assert_restored();
}

/// How the program is stopped.
enum Stop {
    Key,
    Signal,
}

impl Stop {
    fn send(&self, session: &mut Session) {
        match self {
            Self::Key => session.keys("\x1a"),
            Self::Signal => kill_process(child_of(session.pid()), Signal::TSTP).expect("the program is there"),
        }
    }
}

/// The one process that this one has started.
fn child_of(parent: Pid) -> Pid {
    let parent = parent.as_raw_nonzero().to_string();
    let found = std::process::Command::new("ps").args(["-A", "-o", "pid=,ppid="]).output().expect("ps runs");
    let text = String::from_utf8_lossy(&found.stdout).into_owned();
    let pids = text.lines().filter_map(|line| line.trim().split_once(' '));
    let child = pids.filter(|(_, ppid)| ppid.trim() == parent).map(|(pid, _)| pid.parse().expect("a number")).next();
    child.and_then(Pid::from_raw).expect("the shell has started the program")
}

#[test]
fn a_leader_of_its_session_does_not_stop_for_good() {
    let mut session = opened();
    session.keys("\x1a?");
    session.wait_for_text(HELP);
    session.keys("\x03");
    assert_eq!(session.wait_for_end(), 130);
    session.assert_restored();
}

#[test]
fn a_dumb_terminal_is_told_in_words() {
    let mut session = session(&[]).env("TERM", "dumb").start();
    assert_eq!(session.wait_for_end(), 2);
    session.assert_restored();
    assert!(session.text().contains("TERM=dumb"), "{}", session.screenshot());
    assert!(!session.raw().contains(&0x1b), "no escape sequence");
}

#[test]
fn without_a_terminal_it_names_the_commands() {
    let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_itsmc"));
    let home = tempfile::tempdir().expect("a home is made");
    let ended = command.env("ITSMC_HOME", home.path()).env("LC_ALL", "C").output().expect("it runs");
    assert_eq!(ended.status.code(), Some(2));
    assert!(ended.stdout.is_empty());
    assert!(String::from_utf8_lossy(&ended.stderr).contains("itsmc status"));
}
