//! Completion in real shells: Tab is pressed, and what stands on the line then is run.

use std::path::Path;

use rstest::rstest;

use crate::harness::{Session, program};
use crate::programs::are_here;
use crate::world::synced;

const BASH: &str = "PS1='ready> '\nbind 'set bell-style none'\nsource <(itsmc completions bash)\n";
const ZSH: &str =
    "PS1='ready> '\nunsetopt beep\nautoload -Uz compinit\ncompinit -D -u\nsource <(itsmc completions zsh)\n";
// What it suggests by itself must not be taken for what was completed.
const FISH: &str = "set -g fish_greeting\nset -g fish_autosuggestion_enabled 0\n\
                    function fish_prompt; echo -n 'ready> '; end\nitsmc completions fish | source\n";

/// An interactive shell with completion, in a home with stored work items; `None` where the shell is not here.
fn shell(command: &[&str], script: &str) -> Option<Session> {
    if !are_here(&command[..1]) {
        return None;
    }
    let builder = program(command);
    let home = builder.home().to_str().expect("a plain path").to_owned();
    synced(builder.home(), 200);
    for file in ["script", ".zshrc"] {
        std::fs::write(builder.home().join(file), script).expect("a script can be written");
    }
    let binary = Path::new(env!("CARGO_BIN_EXE_itsmc")).parent().expect("it lies in a folder");
    let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap_or_default());
    let session = builder.env("PATH", &path).env("ZDOTDIR", &home).start();
    wait_for_line(&session, "ready>");
    Some(session)
}

/// Waits until this is the last line of the screen.
fn wait_for_line(session: &Session, line: &str) {
    session.wait_for(&format!("the line '{line}'"), |screen| {
        screen.contents().lines().rev().find(|line| !line.trim().is_empty()).is_some_and(|last| last.trim_end() == line)
    });
}

/// Types this and presses Tab; waits until this line stands there.
fn press_tab(session: &mut Session, typed: &str, completed: &str) {
    session.keys(typed);
    wait_for_line(session, &format!("ready> {typed}"));
    session.keys("\t");
    wait_for_line(session, &format!("ready> {completed}"));
}

/// The same, and takes the line back.
fn completes(session: &mut Session, typed: &str, completed: &str) {
    press_tab(session, typed, completed);
    session.keys("\x15");
    wait_for_line(session, "ready>");
}

#[rstest]
#[case::bash(&["bash", "--noprofile", "--rcfile", "script", "-i"], BASH)]
#[case::zsh(&["zsh", "-d", "-i"], ZSH)]
#[case::fish(&["fish", "--no-config", "-i", "-C", "source script"], FISH)]
fn a35_tab_completes_values_that_the_command_takes(#[case] command: &[&str], #[case] script: &str) {
    let Some(mut session) = shell(command, script) else { return };
    let items = [
        ("--state In", r"--state In\ Progress"),
        ("--priority 1", r"--priority 1\ -\ Critical"),
        ("--state=Ne", "--state=New"),
        ("--state=In", r"--state=In\ Progress"),
        ("--state 'In", "--state 'In Progress'"),
        ("--state incident:In", r"--state incident:In\ Progress"),
        ("--state=incident:Ne", "--state=incident:New"),
        ("--group Wor", r"--group Workplace\ EMEA"),
        ("--columns number,ti", "--columns number,title"),
        ("--sort pri", "--sort priority"),
    ];
    for (typed, completed) in items {
        completes(&mut session, &format!("itsmc items {typed}"), &format!("itsmc items {completed}"));
    }
    completes(&mut session, "itsmc connection edit --set grant=pa", "itsmc connection edit --set grant=password");
    completes(&mut session, "itsmc help connection ed", "itsmc help connection edit");
    press_tab(&mut session, "itsmc items --limit 1 --priority 1", r"itsmc items --limit 1 --priority 1\ -\ Critical");
    session.keys("\r");
    session.wait_for_text("shown; --limit N");
    let is_row = |line: &str| line.starts_with("servicenow ") && line.contains("1 - Critical");
    assert!(session.text().lines().any(is_row), "{}", session.screenshot());
}

#[test]
fn a35_bash_completes_behind_quotes_and_lists_without_them() {
    let Some(mut session) = shell(&["bash", "--noprofile", "--rcfile", "script", "-i"], BASH) else { return };
    let items = [
        (r"--state In\ Pr", r"--state In\ Progress"),
        ("--state \"In Pr", "--state \"In Progress\""),
        ("--state=\"In Pr", "--state=\"In Progress\""),
        ("--open --find 'coffee machine' --state In", r"--open --find 'coffee machine' --state In\ Progress"),
    ];
    for (typed, completed) in items {
        completes(&mut session, &format!("itsmc items {typed}"), &format!("itsmc items {completed}"));
    }
    session.keys("itsmc items --priority \t\t");
    session.wait_for_text("1 - Critical ");
    assert!(!session.text().contains('\\'), "{}", session.screenshot());
}
