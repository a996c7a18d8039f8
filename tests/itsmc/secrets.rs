//! From the set-up to the revocation by commands, and no secret is anywhere but in the vault.

use std::process::{Command, Output, Stdio};

use itsmc_practice::servicenow::Options;

use crate::processes::{KeyCommand, Seen, Watch};
use crate::site::{NAME, Site, assert_in_no_file, shown};

/// Runs a command with these secrets on its stdin; what it said, and what could be seen of it meanwhile.
fn run(site: &Site, key: &KeyCommand, arguments: &[&str]) -> (Output, Seen) {
    let password = &site.control.sign_in().password;
    let secrets =
        format!("admin_password = \"{password}\"\nuser_password = \"{password}\"\npassword = \"{password}\"\n");
    let mut command = at(site, key, arguments);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let watch = Watch::begin(child.id());
    // A command that asks for nothing may have closed its stdin.
    let _ = std::io::Write::write_all(&mut child.stdin.take().unwrap(), secrets.as_bytes());
    let output = child.wait_with_output().unwrap();
    (output, watch.end())
}

fn at(site: &Site, key: &KeyCommand, arguments: &[&str]) -> Command {
    let mut command = site.itsmc(arguments);
    command.env_remove("ITSMC_KEY_FILE").env("ITSMC_KEY_CMD", key.command()).env("ITSMC_LOG", "debug");
    command
}

#[test]
fn no_secret_is_anywhere_at_any_moment() {
    let mut options = Options::bare();
    options.oauth.new_refresh_token_each_time = true;
    let (site, key) = (Site::new(options), KeyCommand::new());
    let (form, details) = (site.home().join("form.toml"), site.control.sign_in());
    std::fs::write(&form, site.form(&[])).unwrap();
    let form = form.display().to_string();
    let admin = ["--admin", &details.admin, "--secrets-stdin"];
    let with_admin = |command: &[&'static str]| [command, &admin[..]].concat();
    // The client secret is known from here on: it is given to the first command only.
    let mut add = at(&site, &key, &["connection", "add", "--signed-out", "--secrets-stdin", "--file", &form]);
    let secrets = format!("password = \"{}\"\nclient_secret = \"{}\"\n", details.password, details.client_secret);
    let mut said = vec![crate::site::with_stdin(&mut add, &secrets)];
    let mut seen = Vec::new();
    let flow: [(Vec<&str>, i32); 9] = [
        (with_admin(&["checklist", NAME, "--fix", "--yes"]), 0),
        (vec!["token", "rotate", NAME, "--secrets-stdin"], 0),
        (vec!["sync", NAME], 0),
        (vec!["token", "rotate", NAME, "--secrets-stdin", "--json"], 0),
        (vec!["connection", "test", NAME, "--json"], 0),
        (with_admin(&["token", "list", NAME, "--json"]), 8),
        (with_admin(&["token", "revoke", NAME, "--stale", "--yes"]), 0),
        (vec!["doctor", "--json"], 0),
        (vec!["status", "--json"], 0),
    ];
    for (arguments, code) in flow {
        let (output, meanwhile) = run(&site, &key, &arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}\n{}", shown(&output));
        said.push(output);
        seen.push(meanwhile);
    }

    let told = key.seen();
    for secret in site.secrets().iter().chain([&key.key]) {
        let holds = |bytes: &[u8]| bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(!told.contains(secret.as_str()), "the key command could see {secret}");
        assert!(!seen.iter().flat_map(|seen| &seen.texts).any(|text| holds(text)), "in arguments or environment");
        for output in &said {
            assert!(!holds(&output.stdout) && !holds(&output.stderr), "said: {}", shown(output));
        }
        assert_in_no_file(site.home(), std::slice::from_ref(secret));
    }
    assert!(seen.iter().any(|seen| !seen.texts.is_empty()), "something was seen");
    assert_eq!(key.core_limits().into_iter().collect::<Vec<_>>(), ["0 0 bytes"]);
}
