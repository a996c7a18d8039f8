//! The keys of docs/json.md: they may grow in number, none may go.

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
