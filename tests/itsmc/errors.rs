//! What goes wrong, the exit code it has, and that it is said.

use itsmc_practice::servicenow::{FaultKind, FaultSpec, Options, Revoke};
use rstest::rstest;

use crate::cloud::Cloud;
use crate::site::{NAME, Site, itsmc_at, shown};

#[rstest]
#[case::a_name_with_spaces(&[("name", "\"a b\"")], "name")]
#[case::too_many_days(&[("sync_days", "121")], "sync_days")]
#[case::no_days(&[("sync_days", "0")], "sync_days")]
#[case::plain_http(&[("server_url", "\"http://contoso.service-now.com\"")], "server_url")]
#[case::an_unknown_key(&[("colour", "\"red\"")], "colour")]
#[case::an_empty_field(&[("client_id", "\"\"")], "client_id")]
#[case::no_work_items(&[("work_items", "[]")], "work_items")]
#[case::a_secret_in_the_file(&[("password", "\"example\"")], "password")]
fn a_bad_form_exits_2_and_names_the_field(#[case] otherwise: &[(&str, &str)], #[case] field: &str) {
    let site = Site::new(Options::still());
    let output = site.add_with(&site.form(otherwise), "x", "y", &["--json"]);
    assert_eq!(output.status.code(), Some(2), "{}", shown(&output));
    let error: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(error["error"]["code"], "bad-form");
    let told = error["error"].to_string();
    assert!(told.contains(field), "{field}: {told}");
    assert!(!site.home().join("config.toml").exists() || !site.ok(&["connection", "list"]).contains(NAME));
}

#[test]
fn a_wrong_password_exits_3_is_tried_once_and_saves_nothing() {
    let site = Site::new(Options::still());
    let output = site.add_with(&site.form(&[]), "not the password", &site.control.sign_in().client_secret, &[]);
    assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
    let tries = site.control.requests().iter().filter(|request| request.path.contains("oauth_token")).count();
    assert_eq!(tries, 1, "a refused sign-in is not repeated");
    assert!(!site.ok(&["connection", "list"]).contains("127.0.0.1"));
}

#[rstest]
#[case::no_such_connection(&["sync", "nobody"], 4)]
#[case::unknown_partner(&["connection", "template", "jira"], 2)]
#[case::unknown_kind(&["items", "--kind", "problem"], 2)]
#[case::unknown_command(&["frobnicate"], 2)]
#[case::bad_age(&["status", "--check", "--max-age", "soon"], 2)]
fn wrong_use_has_its_exit_code(#[case] arguments: &[&str], #[case] code: i32) {
    let home = tempfile::tempdir().unwrap();
    let output = itsmc_at(home.path()).args(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(code), "{}", shown(&output));
    assert!(!output.stderr.is_empty());
}

#[rstest]
#[case::a_rate_limit_longer_than_we_wait(FaultSpec { retry_after: 3_600, ..FaultSpec::new(FaultKind::RateLimited).times(0) }, 6, "rate-limited")]
#[case::hibernating(FaultSpec::new(FaultKind::Hibernating).times(0), 6, "hibernating")]
#[case::a_login_page(FaultSpec::new(FaultKind::LoginPage).times(0), 5, "login-page")]
#[case::forbidden(FaultSpec::new(FaultKind::Forbidden).times(0), 5, "forbidden")]
#[case::a_filter_that_is_ignored(FaultSpec::new(FaultKind::FilterIgnored).times(0), 5, "out-of-order")]
fn a_sync_that_fails_says_what_and_keeps_what_it_had(#[case] fault: FaultSpec, #[case] code: i32, #[case] name: &str) {
    let site = Site::connected(Options::still());
    site.ok(&["sync"]);
    let before = site.ok(&["items", "--csv"]);
    site.control.fault(fault);
    let (exit, reports) = site.json(&["sync"]);
    assert_eq!(reports[0]["fault"]["code"], name, "{reports}");
    assert_eq!((exit, &reports[0]["complete"]), (code, &false.into()), "{reports}");
    assert_eq!(site.ok(&["items", "--csv"]), before);
    let (check, _) = site.json(&["status", "--check", "--max-age", "1d"]);
    assert_eq!(check, 8);
    site.control.clear_faults();
    if name == "rate-limited" {
        stay_silent(&site);
    }
    site.ok(&["sync"]);
    site.ok(&["status", "--check"]);
}

/// Until the wait that the product asked for is over, nothing is sent to it, by no process; then lets the hour pass.
fn stay_silent(site: &Site) {
    site.control.clear_requests();
    assert_eq!(site.run(&["sync"]).status.code(), Some(6));
    assert!(site.control.requests().is_empty(), "{:?}", site.control.requests());
    let file = itsmc::home::Home::in_dir(site.home()).waits().join(format!("{NAME}.json"));
    let mut kept: serde_json::Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    let an_hour_ago = jiff::Timestamp::now() - jiff::SignedDuration::from_secs(3_601);
    kept["waits"][0]["asked_at"] = an_hour_ago.to_string().into();
    std::fs::write(&file, kept.to_string()).unwrap();
}

#[rstest]
#[case::truncated(FaultKind::Truncated)]
#[case::result_and_error(FaultKind::ResultAndError)]
#[case::reset(FaultKind::Reset)]
#[case::unavailable(FaultKind::Unavailable)]
#[case::out_of_order(FaultKind::OutOfOrder)]
#[case::token_revoked(FaultKind::TokenRevoked)]
#[case::escape_sequences(FaultKind::EscapeSequences)]
fn a_passing_fault_is_overcome(#[case] kind: FaultKind) {
    let site = Site::connected(Options::still());
    site.control.fault(FaultSpec::new(kind));
    site.ok(&["sync"]);
    assert!(site.control.faults().is_empty(), "the fault never struck");
    let stored = site.ok(&["items", "--csv"]);
    let rows = csv::Reader::from_reader(stored.as_bytes()).into_records().map(Result::unwrap).count();
    assert_eq!(rows, site.control.count("incident") + site.control.count("change_request"));
    assert!(!stored.contains('\u{1b}') && !stored.contains('\u{202e}'));
}

#[test]
fn a_dead_refresh_token_exits_3_and_is_not_tried_again() {
    let site = Site::connected(Options::still());
    site.control.revoke(Revoke::All);
    let (code, reports) = site.json(&["sync"]);
    assert_eq!(code, 3, "{reports}");
    assert_eq!(reports[0]["fault"]["retry"]["when"], "no");
}

#[test]
fn stale_data_exits_9() {
    let site = Site::connected(Options::still());
    let (code, _) = site.json(&["status", "--check", "--max-age", "30m"]);
    assert_eq!(code, 9, "never synced is stale");
    site.ok(&["sync"]);
    let (code, _) = site.json(&["status", "--check", "--max-age", "0s"]);
    assert_eq!(code, 9);
    let (code, _) = site.json(&["status", "--check", "--max-age", "30m"]);
    assert_eq!(code, 0);
}

#[test]
fn monitoring_of_an_empty_home_is_not_told_that_all_is_well() {
    let home = tempfile::tempdir().unwrap();
    let output = itsmc_at(home.path()).args(["status", "--check"]).output().unwrap();
    assert_eq!(output.status.code(), Some(8), "{}", shown(&output));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("Nothing is set up in") && said.contains("config.toml"), "{said}");
    assert!(itsmc_at(home.path()).arg("status").output().unwrap().status.success());
}

#[test]
fn a_timer_of_a_home_that_lost_its_config_is_not_told_that_all_is_well() {
    let site = Site::connected(Options::still());
    let config = site.home().join("config.toml");
    let text = std::fs::read(&config).unwrap();
    for gone in [true, false] {
        if gone {
            std::fs::remove_file(&config).unwrap()
        } else {
            std::fs::write(&config, "").unwrap()
        }
        for command in [&["sync", "--quiet"][..], &["verify"], &["alert", "poll"], &["workspace", "send"]] {
            let output = site.run(command);
            assert_eq!(output.status.code(), Some(8), "{command:?} {}", shown(&output));
        }
        assert_eq!(site.json(&["sync"]), (8, serde_json::json!([])));
    }
    std::fs::write(&config, text).unwrap();
    site.ok(&["sync"]);
}

/// A config file that lost its end, or came from an older backup: what stands in it is well, and one connection is never synced again.
#[test]
fn a_connection_that_the_config_lost_is_told_until_it_is_back_or_removed() {
    let site = Site::connected(Options::still());
    let again = site.add(&site.form(&[("name", "\"second\"")]));
    assert!(again.status.success(), "{}", shown(&again));
    site.ok(&["sync"]);
    let config = site.home().join("config.toml");
    let whole = std::fs::read_to_string(&config).unwrap();
    let second = whole.rfind("[[connection]]").unwrap();
    std::fs::write(&config, &whole[..second]).unwrap();
    let status = site.run(&["status", "--check"]);
    let told = shown(&status);
    assert_eq!(status.status.code(), Some(8), "{told}");
    assert!(told.contains("second is stored here") && told.contains("itsmc connection remove second"), "{told}");
    let (code, document) = site.json(&["status", "--check"]);
    assert_eq!((code, &document["unlisted"]), (8, &serde_json::json!(["second"])), "{document}");
    let sync = site.run(&["sync"]);
    assert_eq!(sync.status.code(), Some(8), "{}", shown(&sync));
    assert!(shown(&sync).contains("second is stored here"), "{}", shown(&sync));
    let one = site.run(&["sync", NAME]);
    assert_eq!(one.status.code(), Some(0), "the one that was asked for is well");
    assert!(!shown(&one).contains("second"), "lost ones are looked for where all are synced: {}", shown(&one));
    let doctor = shown(&site.run(&["doctor"]));
    assert!(doctor.contains("second is stored here"), "{doctor}");
    // It comes back as it was.
    std::fs::write(&config, &whole).unwrap();
    assert_eq!(site.run(&["status", "--check"]).status.code(), Some(0));
    site.ok(&["sync"]);
    // Or it goes with all that is left of it.
    std::fs::write(&config, &whole[..second]).unwrap();
    site.ok(&["connection", "remove", "second", "--yes"]);
    assert_eq!(site.run(&["status", "--check"]).status.code(), Some(0));
    assert_eq!(site.run(&["connection", "remove", "second", "--yes"]).status.code(), Some(4));
}

/// A config file without the entries of this kind, and without what names them.
fn without(config: &str, table: &str) -> String {
    let mut inside = false;
    let stays = |line: &&str| {
        inside = if line.starts_with('[') { *line == table } else { inside };
        !inside && !line.starts_with("workspaces = ")
    };
    config.lines().filter(stays).map(|line| format!("{line}\n")).collect()
}

#[rstest]
#[case::workspace("[[workspace]]", "unlisted_workspaces", &["workspace"])]
#[case::source("[[alert_source]]", "unlisted_sources", &["alert", "source"])]
fn what_else_the_config_lost_is_told_until_it_is_back_or_removed(
    #[case] table: &str,
    #[case] key: &str,
    #[case] command: &[&str],
) {
    let (site, cloud) = (Site::connected(Options::still()), Cloud::start());
    let config = site.home().join("config.toml");
    match command {
        ["workspace"] => cloud.set_up(&config, NAME, |arguments| site.itsmc(arguments)),
        _ => cloud.add_source(&config, "Monitoring Reader", &[], |arguments| site.itsmc(arguments)),
    }
    site.ok(&["sync"]);
    let lost = || site.json(&["status", "--check"]).1[key].clone();
    assert_eq!(lost(), serde_json::json!([]));
    let whole = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, without(&whole, table)).unwrap();
    assert_eq!(lost(), serde_json::json!(["prod"]));
    let remove = [command, &["remove", "prod", "--yes"]].concat();
    let status = site.run(&["status", "--check"]);
    let remedy = format!("itsmc {} remove prod", command.join(" "));
    assert_eq!(status.status.code(), Some(8), "{}", shown(&status));
    for told in [shown(&status), shown(&site.run(&["doctor"]))] {
        assert!(told.contains("no longer in the config file") && told.replace("\n", " ").contains("prod"), "{told}");
    }
    assert!(shown(&status).contains(&remedy), "{}", shown(&status));
    std::fs::write(&config, &whole).unwrap();
    assert_eq!(lost(), serde_json::json!([]));
    std::fs::write(&config, without(&whole, table)).unwrap();
    site.ok(&remove);
    assert_eq!(lost(), serde_json::json!([]));
    assert_eq!(site.run(&["status", "--check"]).status.code(), Some(0));
    assert_eq!(site.run(&remove).status.code(), Some(4));
}

#[test]
fn monitoring_is_told_of_a_sync_that_cannot_begin() {
    let site = Site::connected(Options::still());
    site.ok(&["sync"]);
    assert_eq!(site.json(&["status", "--check"]).0, 0);
    let (key, aside) = (site.home().join("key.txt"), site.home().join("aside"));
    std::fs::rename(&key, &aside).unwrap();
    // The vault's key of somebody else.
    std::fs::write(&key, "AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQ\n").unwrap();
    let failed = site.run(&["sync"]);
    assert!(!failed.status.success(), "{}", shown(&failed));
    let (code, status) = site.json(&["status", "--check"]);
    assert_eq!(code, 8, "{status}");
    assert!(
        status["connections"][0]["fault"]["code"].as_str().is_some_and(|code| code.starts_with("vault")),
        "{status}"
    );
    std::fs::rename(&aside, &key).unwrap();
    site.ok(&["sync"]);
    assert_eq!(site.json(&["status", "--check"]).0, 0);
}

#[test]
fn a_damaged_config_is_said_and_kept() {
    let site = Site::connected(Options::still());
    let config = site.home().join("config.toml");
    std::fs::write(&config, "this is = = not toml").unwrap();
    let (code, error) = site.json(&["status"]);
    assert_eq!((code, &error["error"]["code"]), (2, &"config-damaged".into()));
    assert_eq!(std::fs::read_to_string(&config).unwrap(), "this is = = not toml");
}

#[test]
fn a_damaged_database_is_kept_aside() {
    let site = Site::connected(Options::still());
    site.ok(&["sync"]);
    for file in ["itsmc.db-wal", "itsmc.db-shm"] {
        let _ = std::fs::remove_file(site.home().join(file));
    }
    std::fs::write(site.database(), vec![b'x'; 8_192]).unwrap();
    let (code, error) = site.json(&["status"]);
    assert_eq!((code, &error["error"]["code"]), (1, &"database-damaged".into()), "{error}");
    let kept = site
        .home()
        .read_dir()
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().contains("damaged"))
        .count();
    assert!(kept > 0, "nothing was kept aside");
    let rebuilt = site.run(&["sync"]);
    assert_eq!(rebuilt.status.code(), Some(8), "{}", shown(&rebuilt));
    assert!(shown(&rebuilt).contains("The database was damaged"), "{}", shown(&rebuilt));
    site.ok(&["sync"]);
}

#[test]
fn two_syncs_of_one_connection_do_not_run_at_once() {
    let site = Site::connected(Options::still());
    site.control.fault(FaultSpec::new(FaultKind::Stall).times(0));
    let mut first = site.itsmc(&["sync", "--quiet"]).spawn().unwrap();
    let lock = site.home().join("locks").join(format!("{NAME}.lock"));
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while std::fs::read_to_string(&lock).unwrap_or_default().trim().is_empty() {
        assert!(std::time::Instant::now() < deadline, "the first sync never took its lock");
        std::thread::yield_now();
    }
    let (code, reports) = site.json(&["sync"]);
    first.kill().unwrap();
    first.wait().unwrap();
    assert_eq!((code, &reports[0]["fault"]["code"]), (7, &"locked".into()), "{reports}");
}

#[rstest]
#[case("https//contoso.service-now.com", "https://contoso.service-now.com")]
#[case("htp://contoso", "https://contoso.service-now.com")]
#[case("contoso,service-now.com", "https://contoso.service-now.com")]
fn a4_a_mistyped_server_url_is_refused_with_a_suggestion(#[case] typed: &str, #[case] meant: &str) {
    let site = Site::new(Options::still());
    let output = site.add_with(&site.form(&[("server_url", &format!("\"{typed}\""))]), "x", "y", &[]);
    assert_eq!(output.status.code(), Some(2), "{}", shown(&output));
    assert!(shown(&output).contains(&format!("did you mean {meant}?")), "{}", shown(&output));
}

#[test]
fn a2_blanks_around_a_client_secret_on_stdin_are_left_out_and_said() {
    let site = Site::new(Options::still());
    let details = site.control.sign_in();
    let secret = format!("\\uFEFF {}\\t\\n", details.client_secret);
    let output = site.add_with(&site.form(&[]), &details.password, &secret, &[]);
    assert!(output.status.success(), "{}", shown(&output));
    assert!(
        shown(&output).contains("client_secret: 4 spaces at the beginning or end were removed"),
        "{}",
        shown(&output)
    );
}

#[test]
fn a2_a_password_that_ends_with_a_blank_is_kept_and_warned_about() {
    let site = Site::new(Options::still());
    let details = site.control.sign_in();
    let output = site.add_with(&site.form(&[]), &format!("{} ", details.password), &details.client_secret, &[]);
    assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
    assert!(shown(&output).contains("password: ends with a space"), "{}", shown(&output));
}

#[test]
fn a34_without_a_terminal_every_missing_secret_is_named_with_the_way_to_give_it() {
    let site = Site::connected(Options::still());
    let form = site.home().join("form.toml");
    std::fs::write(&form, site.form(&[("name", "\"other\"")])).unwrap();
    let add = ["connection", "add", "--file", form.to_str().unwrap()];
    for (arguments, missing) in [(&add[..], "password, client_secret"), (&["token", "rotate", NAME], "password")] {
        let output = site.itsmc(arguments).stdin(std::process::Stdio::null()).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{}", shown(&output));
        let told = shown(&output);
        assert!(told.contains(&format!("Missing: {missing}\n")) && told.contains("--secrets-stdin"), "{told}");
        assert!(!told.contains("template"), "{told}");
    }
}

#[test]
fn s19_a_field_of_a_form_file_has_a_longest_value() {
    let site = Site::new(Options::still());
    let long = format!("\"{}\"", "x".repeat(900_000));
    let output = site.add_with(&site.form(&[("username", &long)]), "x", "y", &[]);
    assert_eq!(output.status.code(), Some(2), "{}", output.stderr.len());
    assert!(shown(&output).contains("username: too long; at most 4"), "{}", output.stderr.len());
}

/// However few files a process may have open, it says so, or does without them.
#[cfg(unix)]
#[test]
fn too_many_open_files_are_told_as_such() {
    let site = Site::connected(Options { rows: Some(3), ..Options::still() });
    site.ok(&["sync"]);
    for arguments in [&["status"][..], &["alert", "list"], &["sync"]] {
        let mut told_so = 0;
        for limit in 4..=20 {
            let itsmc = site.itsmc(&[]);
            let mut limited = std::process::Command::new("sh");
            limited.args(["-c", &format!("ulimit -n {limit} && exec \"$0\" \"$@\"")]);
            limited.arg(itsmc.get_program()).args(itsmc.get_args()).args(arguments);
            for (name, value) in itsmc.get_envs() {
                match value {
                    Some(value) => limited.env(name, value),
                    None => limited.env_remove(name),
                };
            }
            let output = limited.output().unwrap();
            let told = shown(&output);
            let wrong =
                ["Internal error", "panicked", "No access", "permission"].iter().find(|one| told.contains(*one));
            assert!(wrong.is_none(), "{arguments:?} with {limit}: {told}");
            let says_so = told.contains("Too many files are open") && told.contains("ulimit -n");
            assert!(output.status.success() || says_so, "{arguments:?} with {limit}: {told}");
            told_so += u32::from(says_so);
        }
        assert!(told_so >= 5, "{arguments:?}: {told_so}");
    }
}
