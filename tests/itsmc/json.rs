//! The keys of docs/json.md: they may grow in number, none may go.

use std::collections::BTreeSet;

use itsmc_practice::servicenow::Options;
use serde_json::Value;

use crate::site::{NAME, Site};

fn assert_keys(value: &Value, keys: &[&str]) {
    let object = value.as_object().unwrap_or_else(|| panic!("no object: {value}"));
    for key in keys {
        assert!(object.contains_key(*key), "{key} is missing in {value}");
    }
}

#[test]
fn every_document_has_its_keys() {
    let site = Site::connected(Options::still());
    let (_, sync) = site.json(&["sync"]);
    let report = [
        "connection",
        "kind",
        "fetched",
        "inserted",
        "updated",
        "unchanged",
        "hidden",
        "requests",
        "bytes",
        "seconds",
        "complete",
        "watermark",
        "findings",
        "fault",
    ];
    assert_keys(&sync[0], &report);
    let (_, status) = site.json(&["status"]);
    let connection = &status["connections"][0];
    assert_keys(
        connection,
        &[
            "name",
            "partner",
            "state",
            "last_sync",
            "last_complete_sync",
            "failing_since",
            "fault",
            "findings",
            "refresh_token_expires",
            "refresh_token_lifespan_known",
            "work_items",
        ],
    );
    assert_keys(&connection["work_items"]["incident"], &["total", "open", "by_state", "by_priority"]);
    assert_keys(&connection["work_items"]["change_request"], &["total", "open", "by_state", "by_priority"]);
    let (_, test) = site.json(&["connection", "test", NAME]);
    assert_keys(&test, &["connection", "passed", "steps"]);
    for step in test["steps"].as_array().unwrap() {
        assert_keys(step, &["id", "status", "summary", "remedy", "fault", "field", "millis"]);
    }
    let (_, list) = site.json(&["connection", "list"]);
    assert_keys(
        &list[0],
        &[
            "name",
            "partner",
            "server_url",
            "username",
            "client_id",
            "work_items",
            "sync_days",
            "create_configuration_items",
        ],
    );
    let (_, items) = site.json(&["items", "--limit", "1"]);
    assert_keys(
        &items[0],
        &[
            "ServiceDeskId_s",
            "ServiceDeskConnectionName_s",
            "ServiceDeskWorkItemType_s",
            "IncidentState_s",
            "CRState_s",
            "Priority_s",
            "Title_s",
            "CreatedDate_t",
            "Computer",
        ],
    );
    let (_, doctor) = site.json(&["doctor"]);
    assert_keys(
        &doctor,
        &[
            "version",
            "platform",
            "paths",
            "connections",
            "secret_store",
            "trust_roots",
            "proxy",
            "clock",
            "terminal",
            "checks",
            "verdict",
        ],
    );
    assert_keys(&doctor["checks"][0], &["id", "status", "summary", "remedy"]);
    for config in [&["config", "list"] as &[&str], &["config", "set", "theme", "dark"]] {
        assert_keys(&site.json(config).1, &["theme", "lang", "charset", "sync_every_minutes"]);
    }
    let (code, error) = site.json(&["connection", "show", "nobody"]);
    assert_eq!(code, 4);
    assert_keys(&error["error"], &["code", "summary", "cause", "remedy", "retry"]);
    assert_eq!(error["error"]["code"], "no-such-connection");
}

#[test]
fn the_texts_follow_the_language_and_the_codes_do_not() {
    let site = Site::new(Options::still());
    let (_, english) = site.json(&["--lang", "en", "connection", "show", "nobody"]);
    let (_, dutch) = site.json(&["--lang", "nl", "connection", "show", "nobody"]);
    assert_eq!(english["error"]["code"], dutch["error"]["code"]);
    assert_ne!(english["error"]["summary"], dutch["error"]["summary"]);
}

#[test]
fn p1_a_connection_tells_how_it_signs_in() {
    let site = Site::connected(Options::still());
    assert_eq!(site.json(&["connection", "show", NAME]).1["grant"], "password");
    assert_eq!(site.json(&["connection", "list"]).1[0]["grant"], "password");
}

/// Keys below which the keys are data, such as the names of states.
const DATA: [&str; 4] = ["work_items", "by_state", "by_priority", "details"];
/// Keys below which the page promises nothing.
const OPEN: [&str; 5] = ["paths", "secret_store", "proxy", "clock", "evidence"];

/// The sections of the page whose titles begin so.
fn sections(title: &str) -> String {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/json.md")).unwrap();
    let all: Vec<_> = page.split("\n## ").filter(|section| section.starts_with(title)).collect();
    assert!(!all.is_empty(), "no section {title}");
    all.join("\n")
}

/// Every word that is set as code: keys, codes, and the examples whole.
fn code(section: &str) -> BTreeSet<&str> {
    let set = section.split('`').skip(1).step_by(2);
    set.flat_map(|text| text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-')).collect()
}

/// Fails where a key of the document is not on the page.
fn assert_on_the_page(title: &str, document: &Value, on_page: &BTreeSet<&str>) {
    match document {
        Value::Array(all) => all.iter().for_each(|one| assert_on_the_page(title, one, on_page)),
        Value::Object(keys) => {
            for (key, value) in keys {
                assert!(on_page.contains(key.as_str()), "docs/json.md, {title}, does not have {key} of {document}");
                match value {
                    Value::Object(data) if DATA.contains(&key.as_str()) => {
                        data.values().for_each(|one| assert_on_the_page(title, one, on_page));
                    }
                    _ if OPEN.contains(&key.as_str()) => {}
                    _ => assert_on_the_page(title, value, on_page),
                }
            }
        }
        _ => {}
    }
}

/// Fails where the document lacks a key of the example. What is empty has no keys to compare.
fn assert_like(title: &str, document: &Value, example: &Value) {
    match (document, example) {
        (Value::Array(all), Value::Array(examples)) => {
            let pairs = all.iter().flat_map(|one| examples.iter().map(move |example| (one, example)));
            pairs.for_each(|(one, example)| assert_like(title, one, example));
        }
        (Value::Object(keys), Value::Object(examples)) => {
            for (key, example) in examples {
                let value =
                    keys.get(key).unwrap_or_else(|| panic!("{title}: {key} of docs/json.md is not in {document}"));
                if !DATA.contains(&key.as_str()) || key == "work_items" {
                    assert_like(title, value, example);
                }
            }
        }
        _ => {}
    }
}

#[test]
fn each_document_has_the_keys_of_the_page_and_no_others() {
    let site = Site::connected(Options::still());
    let page = site.home().join("pages");
    // The section of each, and the one whose shapes it refers to.
    let documents: &[(&str, &str, &[&str])] = &[
        ("`itsmc sync`", "`itsmc status`", &["sync"]),
        ("`itsmc sync`", "`itsmc status`", &["verify"]),
        ("`itsmc status`", "`itsmc status`", &["status"]),
        ("`itsmc connection test`", "`itsmc connection test`", &["connection", "test", NAME]),
        ("`itsmc connection list`", "`itsmc token`", &["connection", "list"]),
        ("`itsmc connection list`", "`itsmc token`", &["connection", "show", NAME]),
        ("`itsmc connection list`", "`itsmc token`", &["connection", "edit", NAME, "--set", "sync_days=90"]),
        ("`itsmc checklist`", "`itsmc checklist`", &["checklist", NAME]),
        ("`itsmc token`", "`itsmc token`", &["token", "list", NAME]),
        (
            "`itsmc items`",
            "`itsmc items`",
            &["items", "--limit", "2", "--columns", "connection,url,kind,number,ci,opened"],
        ),
        ("`itsmc doctor`", "`itsmc doctor`", &["doctor"]),
        ("`itsmc config`", "`itsmc config`", &["config", "list"]),
        ("`itsmc connection mapping`", "`itsmc connection mapping`", &["connection", "mapping", NAME]),
        ("`itsmc connection template`", "`itsmc connection template`", &["connection", "template", "servicenow"]),
        ("`itsmc connection template`", "`itsmc connection template`", &["completions", "bash"]),
        ("`itsmc connection template`", "`itsmc connection template`", &["man", "sync"]),
        ("`itsmc connection template`", "`itsmc connection template`", &["man", "--out", page.to_str().unwrap()]),
        ("An error", "An error", &["connection", "show", "nobody"]),
        ("`itsmc connection list`", "`itsmc token`", &["connection", "remove", NAME, "--yes"]),
    ];
    for (title, also, arguments) in documents {
        let (_, document) = site.json(arguments);
        let section = sections(title);
        assert_on_the_page(title, &document, &code(&(section.clone() + &sections(also))));
        // Of several examples the first is what the title says.
        if let Some(example) = section.split("```json\n").nth(1).and_then(|rest| rest.split("\n```").next()) {
            assert_like(title, &document, &serde_json::from_str(example).unwrap());
        }
    }
}

#[test]
fn columns_choose_the_keys_of_items() {
    let site = Site::connected(Options::still());
    site.ok(&["sync"]);
    let (code, items) = site.json(&["items", "--limit", "3", "--columns", "number,kind,changed,url"]);
    assert_eq!((code, items.as_array().unwrap().len()), (0, 3), "{items}");
    let (_, whole) = site.json(&["items", "--limit", "3"]);
    for (one, whole) in items.as_array().unwrap().iter().zip(whole.as_array().unwrap()) {
        assert_eq!(one.as_object().unwrap().len(), 4, "{one}");
        for (key, column) in [("number", "ServiceDeskId_s"), ("changed", "LastModifiedDate_t"), ("url", "url")] {
            assert_eq!(one[key], whole[column], "{one}");
        }
        assert!(one["kind"] == "incident" || one["kind"] == "change_request", "{one}");
    }
    let (code, refused) = site.json(&["items", "--columns", "number,nothing"]);
    assert_eq!((code, &refused["error"]["code"]), (2, &"bad-usage".into()), "{refused}");
    assert_eq!(site.json(&["items", "--find", "nothing-has-this", "--columns", "number"]).1, Value::Array(Vec::new()));
}

#[test]
fn the_request_to_the_admin_is_in_the_checklist() {
    let site = Site::connected(Options::still());
    let letter = site.run(&["checklist", NAME, "--ask"]);
    let letter = String::from_utf8(letter.stdout).unwrap();
    let (_, document) = site.json(&["checklist", NAME, "--ask"]);
    assert_eq!(document["letter"].as_str().unwrap_or("Nothing to ask."), letter.trim_end(), "{document}");
    assert_eq!(site.json(&["checklist", NAME]).1["letter"], document["letter"]);
}
