//! What surrounds the program: files that are not what they seem, other users, proxies, odd names, other encodings.
#![cfg(unix)]

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Output;

use itsmc_practice::servicenow::Options;
use serde_json::Value;

use crate::site::{NAME, Site, files, itsmc_at, shown, with_stdin};

fn small() -> Options {
    Options { rows: Some(60), ..Options::still() }
}

fn synced() -> Site {
    let site = Site::connected(small());
    site.ok(&["sync"]);
    site
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn document(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", shown(output)))
}

fn code_of(output: &Output) -> String {
    document(output)["error"]["code"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn s7_nothing_of_a_removed_connection_is_in_any_file() {
    let site = synced();
    let (_, rows) = site.json(&["items"]);
    let texts: Vec<String> = rows
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|row| {
            ["ServiceDeskId_s", "Title_s"].map(|column| row[column].as_str().unwrap_or_default().to_owned())
        })
        .filter(|text| text.len() > 7)
        .collect();
    assert!(texts.len() > 60, "{}", texts.len());
    let holds = |text: &String| {
        let among = |bytes: Vec<u8>| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        files(site.home()).into_iter().find(|file| among(fs::read(file).unwrap()))
    };
    assert!(texts.iter().all(|text| holds(text).is_some()), "they were stored as they are");
    site.ok(&["connection", "remove", NAME, "--yes"]);
    for text in &texts {
        assert_eq!(holds(text), None, "{text}");
    }
    assert!(!site.home().join("locks/contoso.lock").exists());
}

#[test]
fn s8_a_home_that_others_may_write_to_gives_no_secrets_and_says_so() {
    let site = synced();
    for mode in [0o777, 0o770, 0o1777] {
        set_mode(site.home(), mode);
        let (code, error) = site.json(&["sync", NAME]);
        let fault = &error[0]["fault"];
        assert_eq!((code, fault["code"].as_str()), (1, Some("open-to-others")), "{error}");
        assert!(fault["remedy"].as_str().unwrap().contains("chmod go-w"), "{fault}");
        let read = site.run(&["status"]);
        assert!(read.status.success(), "{}", shown(&read));
        assert!(String::from_utf8_lossy(&read.stderr).contains("chmod go-w"), "{}", shown(&read));
    }
    set_mode(site.home(), 0o755);
    site.ok(&["sync"]);
}

#[test]
fn s8_links_in_the_place_of_our_files_lead_nowhere() {
    let outside = tempfile::tempdir().unwrap();
    let precious = outside.path().join("precious");
    for name in ["vault.lock", "config.lock", "locks/contoso.lock", "itsmc.db", "vault.age", "key-place.json"] {
        let site = synced();
        fs::write(&precious, "precious").unwrap();
        let path = site.home().join(name);
        if path.exists() {
            fs::remove_file(&path).unwrap();
        }
        symlink(&precious, &path).unwrap();
        let output = site.run(&["connection", "remove", NAME, "--yes", "--json"]);
        assert_eq!(code_of(&output), "not-a-file", "{name}: {}", shown(&output));
        assert_eq!(fs::read_to_string(&precious).unwrap(), "precious", "{name}");
    }
}

#[test]
fn s8_a_linked_log_is_not_written_and_everything_else_goes_on() {
    let site = synced();
    let precious = site.home().join("precious");
    for link in [true, false] {
        fs::write(&precious, "precious").unwrap();
        let log = site.home().join("logs/itsmc.log");
        fs::remove_file(&log).unwrap();
        if link {
            symlink(&precious, &log).unwrap()
        } else {
            fs::hard_link(&precious, &log).unwrap()
        }
        let output = site.run(&["sync"]);
        assert!(output.status.success(), "{}", shown(&output));
        assert!(String::from_utf8_lossy(&output.stderr).contains("No log is written"), "{}", shown(&output));
        assert_eq!(fs::read_to_string(&precious).unwrap(), "precious");
    }
}

#[test]
fn s8_a_pipe_in_the_place_of_a_file_holds_nothing_up() {
    for name in ["config.toml", "itsmc.db", "vault.age", "logs/itsmc.log", "locks/contoso.lock"] {
        let site = synced();
        let path = site.home().join(name);
        let _ = fs::remove_file(&path);
        rustix::fs::mknodat(rustix::fs::CWD, &path, rustix::fs::FileType::Fifo, rustix::fs::Mode::RWXU, 0).unwrap();
        let output = site.run(&["sync", "--json"]);
        assert!(name.starts_with("logs") || !output.status.success(), "{name}: {}", shown(&output));
        document(&output);
    }
}

#[test]
fn s8_a_linked_config_stays_a_link() {
    let site = synced();
    let (config, real) = (site.home().join("config.toml"), site.home().join("kept.toml"));
    fs::rename(&config, &real).unwrap();
    symlink(&real, &config).unwrap();
    site.ok(&["connection", "edit", NAME, "--set", "sync_days=9"]);
    assert!(fs::symlink_metadata(&config).unwrap().is_symlink());
    assert!(fs::read_to_string(&real).unwrap().contains("sync_days = 9"));
}

#[test]
fn s10_csv_is_guarded_and_raw_csv_and_json_are_not() {
    let site = Site::connected(small());
    let title = "=cmd|'/c calc'!A1";
    let number = "INC0099001".to_owned();
    site.control.add_row("incident", &[("number", &number), ("short_description", title)]).unwrap();
    site.ok(&["sync"]);
    let line = |option: &str| {
        let text = site.ok(&["items", option]);
        text.lines().find(|line| line.contains(&number)).unwrap().to_owned()
    };
    assert!(line("--csv").contains(&format!(",'{title},")), "{}", line("--csv"));
    assert!(line("--csv-raw").contains(&format!(",{title},")), "{}", line("--csv-raw"));
    let (_, rows) = site.json(&["items", "--find", &number]);
    assert_eq!(rows[0]["Title_s"], title);
}

#[test]
fn s12_a_key_file_that_others_may_read_is_named_at_each_use() {
    let site = synced();
    let key = site.home().join("key.txt");
    for (mode, told) in [(0o644, true), (0o640, true), (0o600, false)] {
        set_mode(&key, mode);
        let said = String::from_utf8_lossy(&site.run(&["sync"]).stderr).into_owned();
        assert_eq!(said.contains("chmod 600"), told, "{mode:o}: {said}");
    }
}

#[test]
fn s15_control_characters_of_an_argument_are_not_repeated() {
    let home = tempfile::tempdir().unwrap();
    let evil = "a\u{1b}[31m\u{9b}2J\u{202e}b";
    for arguments in [
        vec!["connection", "show", evil],
        vec!["connection", "remove", evil, "--yes"],
        vec!["connection", "test", evil],
        vec!["connection", "edit", evil, "--set", evil],
        vec!["connection", "template", evil],
        vec!["connection", "mapping", evil],
        vec!["connection", "add", "--file", evil],
        vec!["sync", evil],
        vec!["items", evil],
        vec!["items", "--kind", evil],
        vec!["items", "--limit", evil],
        vec!["status", "--max-age", evil],
        vec!["checklist", evil],
        vec!["token", "list", evil],
        vec!["token", "rotate", evil],
        vec!["deploy", evil, "--out", evil],
        vec!["completions", evil],
        vec![evil],
        vec!["--lang", evil, "status"],
        vec!["--home", evil, "--frob"],
    ] {
        for json in [false, true] {
            let mut command = itsmc_at(home.path());
            command.args(&arguments).args(json.then_some("--json"));
            let output = command.output().unwrap();
            let said = [output.stdout.as_slice(), &output.stderr].concat();
            let said = String::from_utf8_lossy(&said);
            assert!(!output.status.success(), "{arguments:?}: {said}");
            for bad in ['\u{1b}', '\u{9b}', '\u{202e}'] {
                assert!(!said.contains(bad), "{arguments:?} {json}: {said:?}");
            }
            if json {
                assert!(document(&output)["error"]["code"].is_string(), "{arguments:?}");
            }
        }
    }
}

#[test]
fn s17_odd_names_are_refused_and_can_be_removed_where_they_are() {
    let site = synced();
    for name in ["CON", "nul", "contoso.", "Contoso", "CONTOSO", "com1.x", &"𠀀".repeat(64)] {
        let output = site.add_with(&site.form(&[("name", &format!("\"{name}\""))]), "x", "y", &["--json"]);
        assert_eq!(
            (output.status.code(), code_of(&output).as_str()),
            (Some(2), "bad-form"),
            "{name}: {}",
            shown(&output)
        );
    }
    for name in ["nul", "old.", &"𠀀".repeat(64)] {
        let config = site.home().join("config.toml");
        let text = fs::read_to_string(&config).unwrap();
        let more = text.replace(&format!("name = \"{NAME}\""), &format!("name = \"{name}\""));
        fs::write(&config, format!("{text}\n{more}")).unwrap();
        assert!(site.ok(&["connection", "list"]).contains(name));
        site.ok(&["connection", "remove", name, "--yes"]);
        assert!(!site.ok(&["connection", "list"]).contains(name));
    }
}

#[test]
fn e2_a_proxy_that_cannot_be_read_is_named_and_nothing_is_sent() {
    let site = Site::new(small());
    let form = site.home().join("f.toml");
    fs::write(&form, site.form(&[("server_url", "\"https://contoso.service-now.com\"")])).unwrap();
    for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        let mut command =
            site.itsmc(&["connection", "add", "--json", "--secrets-stdin", "--file", form.to_str().unwrap()]);
        command.env(variable, "http://me:planted@proxy:port");
        let output = with_stdin(&mut command, "password = 'p'\nclient_secret = 's'\n");
        assert_eq!(
            (output.status.code(), code_of(&output).as_str()),
            (Some(2), "proxy-unreadable"),
            "{}",
            shown(&output)
        );
        assert!(shown(&output).contains(variable) && !shown(&output).contains("planted"), "{}", shown(&output));
    }
}

#[test]
fn e5_a_home_that_is_no_utf_8_works() {
    let site = Site::new(small());
    let home = site.home().join(OsStr::from_bytes(b"h\xff\xe9 me"));
    let form = site.home().join("f.toml");
    fs::write(&form, site.form(&[])).unwrap();
    let details = site.control.sign_in();
    let secrets = format!("password = '{}'\nclient_secret = '{}'\n", details.password, details.client_secret);
    let added =
        with_stdin(itsmc_at(&home).args(["connection", "add", "--secrets-stdin", "--file"]).arg(&form), &secrets);
    assert!(added.status.success(), "{}", shown(&added));
    // The place of the key is remembered, so that it need not be named again.
    let run = |arguments: &[&str]| itsmc_at(&home).env_remove("ITSMC_KEY_FILE").args(arguments).output().unwrap();
    for arguments in [
        &["sync"] as &[&str],
        &["items", "--json"],
        &["status", "--json"],
        &["connection", "list", "--json"],
        &["connection", "mapping", NAME, "--json"],
        &["token", "list", NAME, "--json"],
        &["doctor"],
        &["doctor", "--json"],
        &["connection", "remove", NAME, "--yes"],
    ] {
        let output = run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", shown(&output));
    }
}

#[test]
fn e6_json_is_one_document_whatever_fails() {
    let site = synced();
    let database = site.database();
    let whole = fs::read(&database).unwrap();
    let damages: [&dyn Fn(); 4] = [
        &|| fs::write(&database, "not a database at all, and long enough to be looked at").unwrap(),
        &|| fs::write(&database, &whole[..whole.len() / 2]).unwrap(),
        &|| {
            let mut bytes = whole.clone();
            let middle = bytes.len() / 3;
            bytes[middle..].fill(0x5a);
            fs::write(&database, bytes).unwrap();
        },
        &|| {
            let mut bytes = whole.clone();
            // The schema's version, in the database's header.
            bytes[60..64].copy_from_slice(&9_999_u32.to_be_bytes());
            fs::write(&database, bytes).unwrap();
        },
    ];
    for damage in damages {
        for arguments in [&["items"] as &[&str], &["items", "--find", "disk"], &["status"], &["sync"]] {
            damage();
            let output = site.run(&[arguments, &["--json"]].concat());
            document(&output);
        }
    }
    for arguments in [
        &["--json"] as &[&str],
        &["frobnicate", "--json"],
        &["items", "--json", "--csv"],
        &["sync", "--json", "nobody"],
    ] {
        let output = site.run(arguments);
        assert!(document(&output)["error"]["code"].is_string() && !output.status.success(), "{}", shown(&output));
    }
}

#[test]
fn e7_a_home_that_may_only_be_read_is_read() {
    for log in [false, true] {
        let site = synced();
        if log {
            leave_a_log(&site.database());
        }
        only_read(&site);
    }
}

/// Leaves a log with rows beside the database, and its index, as a writer does that is killed.
fn leave_a_log(database: &Path) {
    let db = rusqlite::Connection::open(database).unwrap();
    db.execute_batch("UPDATE connection SET name = name").unwrap();
    let copies = tempfile::tempdir().unwrap();
    let all = ["itsmc.db", "itsmc.db-wal", "itsmc.db-shm"]
        .map(|name| (database.with_file_name(name), copies.path().join(name)));
    for (file, copy) in &all {
        fs::copy(file, copy).unwrap();
    }
    drop(db);
    for (file, copy) in &all {
        fs::copy(copy, file).unwrap();
    }
    assert!(fs::metadata(&all[1].0).unwrap().len() > 0);
}

fn only_read(site: &Site) {
    let all = files(site.home());
    all.iter().for_each(|file| set_mode(file, 0o444));
    set_mode(&site.home().join("logs"), 0o555);
    set_mode(&site.home().join("locks"), 0o555);
    set_mode(site.home(), 0o555);
    let is_root = fs::metadata(site.home()).unwrap().uid() == 0;
    for arguments in [
        &["items", "--json"] as &[&str],
        &["items", "--find", "a"],
        &["status", "--json"],
        &["connection", "list"],
        &["doctor"],
    ] {
        let mut command = site.itsmc(arguments);
        if is_root {
            // To root everything may be written.
            command.uid(65_534).gid(65_534);
        }
        let output = command.output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", shown(&output));
        if arguments[0] == "items" && arguments[1] == "--json" {
            assert!(document(&output).as_array().unwrap().len() >= 60);
        }
    }
    let mut sync = site.itsmc(&["sync", "--json"]);
    if is_root {
        sync.uid(65_534).gid(65_534);
    }
    let output = sync.output().unwrap();
    assert_eq!(document(&output)[0]["fault"]["code"], "not-writable", "{}", shown(&output));
    [site.home().to_owned(), site.home().join("logs"), site.home().join("locks")]
        .iter()
        .for_each(|dir| set_mode(dir, 0o700));
}

#[test]
fn e8_a_form_of_powershell_is_taken() {
    let site = Site::new(small());
    let form = site.home().join("f.toml");
    let utf_16: Vec<u8> = format!("\u{feff}{}", site.form(&[])).encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(&form, utf_16).unwrap();
    let details = site.control.sign_in();
    let secrets = format!("password = '{}'\nclient_secret = '{}'\n", details.password, details.client_secret);
    let mut command = site.itsmc(&["connection", "add", "--secrets-stdin", "--file", form.to_str().unwrap()]);
    let output = with_stdin(&mut command, &secrets);
    assert!(output.status.success(), "{}", shown(&output));
}

#[test]
fn e9_a_plain_copy_of_the_database_is_whole_after_a_sync() {
    let site = synced();
    let copies = tempfile::tempdir().unwrap();
    let copy = copies.path().join("itsmc.db");
    fs::copy(site.database(), &copy).unwrap();
    fs::copy(site.home().join("config.toml"), copies.path().join("config.toml")).unwrap();
    let (_, here) = site.json(&["items"]);
    let there = itsmc_at(copies.path()).args(["items", "--json"]).output().unwrap();
    assert_eq!(document(&there), here);
    assert!(here.as_array().unwrap().len() >= 60);
}

#[test]
fn e10_a_find_without_words_finds_nothing_or_what_is_there() {
    let site = synced();
    for find in ["😀", "", " ", "--", "障害"] {
        let (code, rows) = site.json(&["items", &format!("--find={find}")]);
        assert_eq!((code, rows.as_array().map(Vec::len)), (0, Some(0)), "{find}");
    }
}

#[test]
fn a40_an_empty_variable_counts_as_unset_and_usage_invents_nothing() {
    let site = synced();
    let mut command = site.itsmc(&["status"]);
    command
        .env("ITSMC_KEY_FILE", "")
        .env("ITSMC_PASSPHRASE_FILE", "")
        .env("ITSMC_KEY_CMD", "")
        .env("CREDENTIALS_DIRECTORY", "");
    assert!(command.output().unwrap().status.success());
    let usage = site.run(&["connection", "remove"]);
    let said = shown(&usage);
    assert!(
        said.contains("Usage: itsmc connection remove") && !said.contains("--home") && !said.contains("--key-file"),
        "{said}"
    );
}
