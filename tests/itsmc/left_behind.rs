//! Tokens that were obtained and are not used: revoked at the product, or named where they live on.

use std::process::{Command, Output, Stdio};
use std::{fs, io::Write};

use rstest::rstest;
use serde_json::Value;

use crate::desk::{Desk, Gate, Way, open_vault};
use crate::site::{itsmc_at, shown};

const DOWN: &str = "HTTP/1.1 503 Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

/// What stands in the requests for rows.
fn rows(partner: &str) -> &'static str {
    match partner {
        "servicenow" => "/api/now/table/incident",
        "cherwell" => "getsearchresults",
        _ => "/prov_",
    }
}

/// `connection add` of a product behind a gate, not started yet; its form stays in the home.
fn add(desk: &Desk, gate: &Gate, more: &[&str]) -> Command {
    let audience = desk.details().url;
    let mut otherwise = vec![("server_url", gate.url.as_str())];
    if desk.name() == "provance" {
        otherwise.push(("audience", audience.as_str()));
    }
    let file = desk.home.path().join("form.toml");
    fs::write(&file, desk.form(&otherwise)).unwrap();
    let mut command = itsmc_at(desk.home.path());
    command.args(["connection", "add", "--secrets-stdin", "--file"]).arg(&file).args(more);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Starts it, gives it its secrets, does `meanwhile`, and waits for its end.
fn ended(desk: &Desk, mut command: Command, meanwhile: impl FnOnce(u32)) -> Output {
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(desk.secrets_toml().as_bytes()).unwrap();
    meanwhile(child.id());
    child.wait_with_output().unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[rstest]
fn s6_a_failed_add_names_what_it_could_not_revoke(
    #[values("servicenow", "provance", "cherwell")] partner: &str,
    #[values(&[][..], &["--quiet"], &["--json"])] more: &[&str],
) {
    let desk = Desk::new(partner);
    let gate = Gate::before(&desk.details().url);
    let add = add(&desk, &gate, more);
    // The first request for rows comes after the sign-in; from then on nothing works any more.
    gate.set(Way::Hold(rows(partner)));
    let output = ended(&desk, add, |_| {
        gate.wait_for_somebody();
        gate.set(Way::Echo(|_| DOWN.to_owned()));
    });
    let told = shown(&output);
    assert!(!output.status.success(), "{told}");
    assert!(stderr(&output).contains("was not revoked: the product accepts it until"), "{told}");
    if more == ["--json"] {
        let told: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(told["revoked"], 0, "{told}");
        let live = told["live"].as_array().unwrap();
        assert!(live.iter().all(|token| stderr(&output).contains(token["fingerprint"].as_str().unwrap())), "{told}");
        assert_eq!(live.len(), if partner == "provance" { 1 } else { 2 }, "{told}");
    }
}

#[cfg(unix)]
fn interrupt(process: u32) {
    use rustix::process::{Pid, Signal, kill_process};
    kill_process(Pid::from_raw(i32::try_from(process).unwrap()).unwrap(), Signal::INT).unwrap();
}

#[cfg(unix)]
#[rstest]
fn s6_an_add_that_is_interrupted_revokes_what_it_obtained(#[values("servicenow", "cherwell")] partner: &str) {
    let desk = Desk::new(partner);
    let gate = Gate::before(&desk.details().url);
    let add = add(&desk, &gate, &[]);
    gate.set(Way::Hold(rows(partner)));
    let output = ended(&desk, add, |process| {
        gate.wait_for_somebody();
        interrupt(process);
    });
    assert_eq!(output.status.code(), Some(130), "{}", shown(&output));
    assert!(stderr(&output).contains("Old tokens revoked: "), "{}", shown(&output));
    assert!(!stderr(&output).contains("was not revoked"), "{}", shown(&output));
}

#[cfg(unix)]
#[rstest]
fn s6_an_add_that_is_interrupted_names_what_it_could_not_revoke(
    #[values("servicenow", "provance", "cherwell")] partner: &str,
    #[values(&[][..], &["--json"])] more: &[&str],
) {
    let desk = Desk::new(partner);
    let gate = Gate::before(&desk.details().url);
    let add = add(&desk, &gate, more);
    gate.set(Way::Hold(rows(partner)));
    let output = ended(&desk, add, |process| {
        gate.wait_for_somebody();
        gate.shut();
        interrupt(process);
    });
    assert_eq!(output.status.code(), Some(130), "{}", shown(&output));
    assert!(stderr(&output).contains("was not revoked: the product accepts it until"), "{}", shown(&output));
    assert!(desk.run(&["connection", "show", partner]).status.code() == Some(4), "it was saved");
}

#[rstest]
#[case("provance", &[])]
#[case("provance", &["--signed-out"])]
// Signed in again, it would give the same tokens.
#[case("servicenow", &["--signed-out"])]
fn s6_a_name_that_is_used_again_tells_of_the_tokens_that_it_had(#[case] partner: &str, #[case] more: &[&str]) {
    let desk = Desk::connected(partner);
    let before = open_vault(desk.home.path())["connections"][partner]["tokens"]["access"].clone();
    fs::write(desk.home.path().join("config.toml"), "").unwrap();
    let gate = Gate::before(&desk.details().url);
    let output = ended(&desk, add(&desk, &gate, more), |_| {});
    assert_ne!(open_vault(desk.home.path())["connections"][partner]["tokens"]["access"], before);
    let told = if partner == "provance" { "was not revoked" } else { "Old tokens revoked: " };
    assert!(stderr(&output).contains(told), "{}", shown(&output));
}
