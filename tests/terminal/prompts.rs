//! Questions that are left: the program ends without a word, and the terminal echoes again.

use rstest::rstest;
use rustix::process::Signal;

use crate::harness::{Session, session};

const CONFIG: &str = r#"[[connection]]
name = "contoso"
partner = "servicenow"
server_url = "http://127.0.0.1:9"
username = "u"
client_id = "c"
work_items = ["incident"]
sync_days = 9
"#;

fn asked(arguments: &[&str], question: &str) -> Session {
    let builder = session(arguments);
    let home = builder.home().join("itsmc");
    std::fs::create_dir(&home).expect("a home can be made");
    std::fs::write(home.join("config.toml"), CONFIG).expect("a config can be written");
    let session = builder.start();
    session.wait_for_text(question);
    session
}

fn ends_silently(mut session: Session, code: u32) {
    assert_eq!(session.wait_for_end(), code);
    let text = session.text();
    assert!(!text.contains('✗') && !text.contains('→'), "{text}");
    session.assert_restored();
}

/// What is asked first of a connection that has no client secret yet.
const CLIENT_SECRET: &str = "Client secret of c for 127.0.0.1:";
const ROTATE: &[&str] = &["token", "rotate", "contoso"];
const REMOVE: &[&str] = &["connection", "remove", "contoso"];

#[rstest]
#[case::secret_ctrl_c(ROTATE, CLIENT_SECRET, "\x03")]
#[case::secret_ctrl_d(ROTATE, CLIENT_SECRET, "\x04")]
#[case::question_ctrl_c(REMOVE, "[y/N]", "\x03")]
#[case::question_ctrl_d(REMOVE, "[y/N]", "\x04")]
fn a33_a_question_that_is_left_ends_with_130_and_no_word(
    #[case] arguments: &[&str],
    #[case] question: &str,
    #[case] key: &str,
) {
    let mut session = asked(arguments, question);
    session.keys(key);
    ends_silently(session, 130);
}

#[rstest]
#[case::term(Signal::TERM, 143)]
#[case::hup(Signal::HUP, 129)]
#[case::int(Signal::INT, 130)]
fn s18_a_signal_while_a_secret_is_asked_for_restores_and_leaves(#[case] signal: Signal, #[case] code: u32) {
    let mut session = asked(ROTATE, CLIENT_SECRET);
    session.keys("half of it");
    session.signal(signal);
    let text = session.text();
    assert!(!text.contains("half"), "{text}");
    ends_silently(session, code);
}
