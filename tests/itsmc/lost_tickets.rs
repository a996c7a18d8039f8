//! Tickets of alerts that still fire and are gone from the product.

use std::fs;

use itsmc_practice::servicenow::{FaultKind, FaultSpec};
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::site::Site;
use crate::tickets::{RULES, alerts, site};

const FIRST: &str = "00000000-0000-4000-8000-000000000000";

fn import(site: &Site, range: std::ops::Range<usize>, condition: &str) -> (i32, Value) {
    let file = site.home().join("alerts.jsonl");
    fs::write(&file, alerts(range, condition)).unwrap();
    site.json(&["alert", "import", file.to_str().unwrap()])
}

/// A site whose tickets of so many fired alerts are there.
fn fired(count: usize) -> Site {
    let site = site();
    fs::write(site.home().join("alert-rules.toml"), RULES).unwrap();
    site.ok(&["sync"]);
    let (code, told) = import(&site, 0..count, "Fired");
    assert_eq!((code, &told["tickets"][0]["opened"]), (0, &count.into()), "{told}");
    site
}

/// The number of the ticket of the first alert.
fn first(site: &Site) -> String {
    let (_, alert) = site.json(&["alert", "show", FIRST]);
    alert["tickets"][0]["number"].as_str().unwrap().to_owned()
}

/// The key of that ticket: the practice product gives a number again that is free.
fn key_of_first(site: &Site) -> Value {
    site.json(&["alert", "show", FIRST]).1["tickets"][0]["id"].clone()
}

/// Takes a ticket out of the product, and nothing tells of it.
fn delete(site: &Site, number: &str) {
    let row = site.control.rows("incident").into_iter().find(|row| row["number"].value == number).unwrap();
    site.control.delete_row("incident", &row["sys_id"].value).unwrap();
}

fn execute(site: &Site, sql: &str) {
    Connection::open(site.database()).unwrap().execute(sql, []).unwrap();
}

/// Two days pass in which the product was not asked.
fn age(site: &Site) {
    let two_days_ago = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(48);
    execute(site, &format!("UPDATE ticket SET look_after = NULL, seen_at = '{two_days_ago}'"));
}

fn lost(site: &Site) -> (i32, Value) {
    let (code, told) = site.json(&["status", "--check"]);
    (code, told["alerts"]["tickets_lost"].clone())
}

fn open_tickets(site: &Site) -> Vec<bool> {
    site.control.tickets().iter().map(|ticket| ticket.open).collect()
}

#[test]
fn the_ticket_of_a_firing_alert_that_is_gone_is_told_and_opened_again_once() {
    let site = fired(2);
    let (number, before) = (first(&site), key_of_first(&site));
    delete(&site, &number);
    assert_eq!(site.json(&["ticket", "send"]), (0, json!([])));
    assert_eq!(lost(&site), (0, json!([])), "the product showed it a moment ago");
    age(&site);
    // A product that cannot be asked says nothing of the ticket.
    site.control.fault(FaultSpec::new(FaultKind::Forbidden).on("incident").times(0));
    site.json(&["ticket", "send"]);
    assert_eq!(lost(&site).1, json!([]));
    site.control.clear_faults();
    age(&site);
    assert_eq!(site.json(&["ticket", "send"]), (0, json!([])), "nothing is opened by itself");
    assert_eq!(lost(&site), (8, json!([{"alert": FIRST, "number": number, "connection": "contoso"}])));
    let (code, doctor) = site.json(&["doctor"]);
    let alerts = doctor["checks"].as_array().unwrap().iter().find(|check| check["id"] == "alerts").unwrap().clone();
    assert_eq!((code, &alerts["status"]), (0, &"warning".into()), "{alerts}");
    assert!(alerts["summary"].as_str().unwrap().contains(&number), "{alerts}");
    assert!(alerts["remedy"].as_str().unwrap().contains(&format!("itsmc alert retry {FIRST}")), "{alerts}");
    let told = site.ok(&["status"]);
    for said in [format!("Ticket {number} is gone from contoso"), format!("itsmc alert retry {FIRST}")] {
        assert!(told.contains(&said), "{told}");
    }

    let (code, again) = site.json(&["alert", "retry", FIRST]);
    assert_eq!(
        (code, &again["again"], &again["decided"]["outcomes"]),
        (0, &1.into(), &json!({"opened": 1})),
        "{again}"
    );
    let (code, sent) = site.json(&["ticket", "send"]);
    assert_eq!((code, &sent[0]["opened"]), (0, &1.into()), "{sent}");
    assert_eq!((open_tickets(&site), lost(&site)), (vec![true, true], (0, json!([]))));
    assert_ne!(key_of_first(&site), before);
    let (_, again) = site.json(&["alert", "retry", FIRST]);
    assert_eq!(again["with_ticket"], 1, "it has one: {again}");
    age(&site);
    assert_eq!((site.json(&["ticket", "send"]).1, open_tickets(&site).len()), (json!([]), 2));
    assert_eq!(lost(&site).0, 0);

    let (code, over) = import(&site, 0..2, "Resolved");
    assert_eq!((code, &over["tickets"][0]["confirmed"]), (0, &2.into()), "{over}");
    assert_eq!(open_tickets(&site), [false, false]);
    assert!(site.control.integrity().is_sound());
}

#[test]
fn a_ticket_that_was_deleted_on_purpose_is_not_opened_again() {
    let site = fired(2);
    let number = first(&site);
    site.ok(&["sync"]);
    delete(&site, &number);
    // A sweep finds that it is gone, so it is looked for at once.
    site.run(&["verify"]);
    assert_eq!(site.json(&["ticket", "send"]).1, json!([]));
    assert_eq!(lost(&site).1[0]["alert"], FIRST);
    let (_, ignored) = site.json(&["alert", "ignore", FIRST]);
    assert_eq!(ignored, json!({"ignored": 1, "with_ticket": 0}));
    assert_eq!(lost(&site).1, json!([]));
    age(&site);
    site.json(&["ticket", "send"]);
    let (code, over) = import(&site, 0..2, "Resolved");
    assert_eq!((code, &over["tickets"][0]["confirmed"]), (0, &1.into()), "{over}");
    assert_eq!(open_tickets(&site), [false]);
}
