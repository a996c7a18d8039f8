//! Results on a terminal: heads, colours, lines folded at words.

use crate::harness::{Builder, session};
use crate::world::{itsmc, synced};

const CONFIG: &str = r#"[[connection]]
name = "contoso"
partner = "servicenow"
server_url = "http://127.0.0.1:9"
username = "u"
client_id = "c"
work_items = ["incident"]
sync_days = 9
"#;

fn with_config(arguments: &[&str]) -> Builder {
    let builder = session(arguments);
    let home = builder.home().join("itsmc");
    std::fs::create_dir(&home).expect("a home can be made");
    std::fs::write(home.join("config.toml"), CONFIG).expect("a config can be written");
    builder
}

fn raw_of(builder: Builder, code: u32) -> (String, String) {
    let mut session = builder.start();
    assert_eq!(session.wait_for_end(), code, "{}", session.text());
    (String::from_utf8_lossy(&session.raw()).into_owned(), session.text())
}

#[test]
fn a31_a_terminal_gets_heads_and_colours() {
    let (raw, text) = raw_of(with_config(&["status"]).env("TERM", "xterm-256color").env("NO_COLOR", ""), 0);
    assert!(text.contains("CONNECTION") && text.contains("never"), "{text}");
    assert!(text.contains("1 connection: 1 signed out"), "{text}");
    assert!(raw.contains("\x1b[1m") && raw.contains("\x1b[31m✗\x1b[0m"), "{raw}");
}

#[test]
fn a31_no_colour_and_dumb_terminals_get_the_same_without_colours() {
    for (name, value) in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        let (raw, text) = raw_of(with_config(&["connection", "list"]).env(name, value), 0);
        assert!(text.contains("NAME") && text.contains("contoso"), "{text}");
        assert!(!raw.contains("\x1b["), "{name}: {raw}");
    }
}

#[test]
fn a31_a_fault_is_folded_at_words() {
    let (_, text) = raw_of(with_config(&["sync"]).env("TERM", "xterm"), 3);
    let whole: Vec<_> = text.split_whitespace().collect();
    assert!(text.contains('✗') && whole.join(" ").contains("itsmc token rotate contoso"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
}

#[test]
fn p9_a_terminal_without_utf_8_gets_ascii_from_commands_and_screens() {
    let (raw, text) = raw_of(with_config(&["sync"]).env("LC_ALL", "C").env("TERM", "xterm"), 3);
    assert!(raw.is_ascii() && text.contains("X ") && text.contains("> "), "{raw}");
    let (raw, _) = raw_of(with_config(&["sync"]).env("LC_ALL", "C").env("ITSMC_CHARSET", "utf-8"), 3);
    assert!(raw.contains('✗'), "{raw}");
    let mut session = with_config(&[]).env("LC_ALL", "C").start();
    session.wait_for_text("+ contoso");
    session.keys("q");
    assert_eq!(session.wait_for_end(), 0, "{}", session.text());
    assert!(session.raw().is_ascii(), "{}", session.text());
}

#[test]
fn p9_the_config_file_may_choose_the_charset() {
    let builder = with_config(&["sync"]);
    let config = format!("[settings]\ncharset = \"ascii\"\n\n{CONFIG}");
    std::fs::write(builder.home().join("itsmc/config.toml"), config).expect("a config can be written");
    let (raw, _) = raw_of(builder, 3);
    assert!(raw.is_ascii(), "{raw}");
}

#[test]
fn rows_of_items_have_the_colours_of_the_screens_and_their_total() {
    let urgent = ["items", "--open", "--priority", "1 - Critical", "--limit", "1"];
    let builder = session(&urgent);
    synced(builder.home(), 400);
    let mut open = builder.start();
    assert_eq!(open.wait_for_end(), 0, "{}", open.text());
    let raw = String::from_utf8_lossy(&open.raw()).into_owned();
    assert_eq!(raw.matches("\x1b[33m1 - Critical\x1b[0m").count(), 1, "{raw}");
    assert!(open.text().contains("1 of ") && open.text().contains(" shown"), "{}", open.text());
    let of = |builder: Builder| raw_of(builder.at_home_of(&open), 0);
    let (raw, text) = of(session(&["items", "--closed", "--limit", "1"]));
    assert!(raw.contains("\x1b[2mservicenow\x1b[0m") && !raw.contains("\x1b[33m"), "{raw}");
    assert!(text.contains("1 of "), "{text}");
    let (raw, text) = of(session(&urgent).env("NO_COLOR", "1"));
    assert!(!raw.contains("\x1b[") && text.contains("1 - Critical"), "{raw}");
    let (_, all) = of(session(&["items", "--limit", "400", "--columns", "number"]));
    assert!(!all.contains(" shown"), "{all}");
    let piped = itsmc(open.home(), &["items", "--limit", "2"]).output().expect("the program starts");
    assert!(piped.status.success() && piped.stderr.is_empty(), "{piped:?}");
}
