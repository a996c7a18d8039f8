//! What is taken over from a damaged database: whatever can be read nowhere else.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::types::Value as Sql;

use super::*;
use crate::model::alert::tests::samples;
use crate::model::alert::{Condition, read};
use crate::model::alert_plan::Planner;
use crate::model::alert_source::SourceState;
use crate::model::confirmation::Confirmation;
use crate::store::damage::{COPIED, REBUILT};
use crate::store::{Decided, NewAlert, NewOperation};

/// Every row of a table as text, in order.
fn rows(path: &Path, table: &str) -> Vec<String> {
    let db = open::open_reader(path).unwrap();
    let mut select = db.prepare(&format!("SELECT * FROM {table}")).unwrap();
    let width = select.column_count();
    let read = |row: &rusqlite::Row<'_>| -> rusqlite::Result<String> {
        let all = (0..width).map(|place| row.get::<_, Sql>(place)).collect::<rusqlite::Result<Vec<_>>>()?;
        Ok(format!("{all:?}"))
    };
    select.query_map([], read).unwrap().map(Result::unwrap).collect()
}

/// Decides about all that is pending, as a pass does.
async fn decide(store: &Store) {
    let rules = crate::model::alert_rules::parse("[[rule]]\nname = 'r'\nconnection = 'contoso'", None).unwrap().0;
    let connections = [crate::model::alert_plan::tests::connection("contoso")];
    let slots = store.alert_slots().await.unwrap().into_iter().map(|(slot, _)| slot).collect();
    let mut planner = Planner::new(&rules, &connections, slots);
    let (mut decided, mut operations) = (Vec::new(), Vec::new());
    for one in store.pending_alerts(usize::MAX).await.unwrap() {
        let decision = planner.decide(&one.alert, &one.standing, at(DAY));
        let new = |(key, operation)| NewOperation { key, kind: Default::default(), operation };
        operations.extend(decision.operations.clone().into_iter().map(new));
        decided.push(Decided { key: one.alert.key.clone(), handled: Condition::Fired, decision });
    }
    store.decide_alerts(decided, planner.take_changed(), operations, at(DAY)).await.unwrap();
}

fn notice(text: String) -> NewAlert {
    NewAlert { alert: read(&text).remove(0).alert, raw: text }
}

/// A store with something in every table, of which the rows of work items take most of the file.
async fn full(alerts: &[String]) -> (TempDir, Store) {
    let (folder, store) = filled((0..3_000).map(|n| item(n, DAY + i64::from(n))).collect()).await;
    let hybrid = crate::model::checklist::ItemId::try_from("hybrid_path".to_owned()).unwrap();
    let said = Confirmation { item: hybrid, at: at(DAY), basis: Default::default() };
    store.confirm(&name("contoso"), vec![said]).await.unwrap();
    let state = SourceState {
        watermark: Some(at(DAY)),
        whole_watermark: Some(at(DAY)),
        since: Some(at(0)),
        ..SourceState::default()
    };
    let notices = alerts.iter().cloned().map(notice).collect();
    store.take_alerts(notices, "prod", None, Some(("s".to_owned(), state)), at(DAY)).await.unwrap();
    decide(&store).await;
    store.keep_sink("prod", crate::model::sending::SinkState::default(), Some(1)).await.unwrap();
    let db = Connection::open(store.path()).unwrap();
    db.execute_batch(
        "INSERT INTO dropped VALUES (90000, 'old', 'incident');
         INSERT INTO activity (connection, at, event) SELECT id, '2026-11-20T00:00:00Z', '{\"event\":\"x\"}' FROM connection;
         PRAGMA wal_checkpoint(TRUNCATE)",
    )
    .unwrap();
    (folder, store)
}

/// Opens a copy of the store's file that was damaged by `damage`, as the program does: the first opening sets it aside.
fn reopened(store: &Store, damage: impl FnOnce(&mut [u8])) -> (PathBuf, Store, String) {
    let mut bytes = fs::read(store.path()).unwrap();
    damage(&mut bytes);
    let path = store.path().with_file_name("next.db");
    fs::write(&path, &bytes).unwrap();
    damage::mark(&path);
    let Err(Fault::DatabaseDamaged { reason, .. }) = Store::open(&path).map(drop) else { panic!("it is damaged") };
    let again = Store::open(&path).unwrap();
    (path, again, reason)
}

/// The pages of the file that hold this text.
fn pages_with(bytes: &[u8], text: &str) -> Vec<usize> {
    let holds = |page: &[u8]| page.windows(text.len()).any(|part| part == text.as_bytes());
    bytes.chunks(8_192).enumerate().filter(|(_, page)| holds(page)).map(|(at, _)| at).collect()
}

#[tokio::test]
async fn every_table_is_either_taken_over_from_a_damaged_database_or_made_again() {
    let (_folder, store) = open();
    let db = open::open_reader(store.path()).unwrap();
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' \
               AND name NOT LIKE 'work_item_search_%'";
    let mut select = db.prepare(sql).unwrap();
    let there: BTreeSet<String> = select.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let named: BTreeSet<String> = COPIED.iter().chain(&REBUILT).map(|name| (*name).to_owned()).collect();
    assert_eq!(named.len(), COPIED.len() + REBUILT.len(), "no table is both");
    assert_eq!(there, named, "say of each table whether it is copied from a damaged database, in store/damage");
}

#[tokio::test]
async fn alerts_tickets_and_all_that_is_known_of_them_outlive_a_damaged_database() {
    let (_folder, store) = full(&[samples::metric().to_string()]).await;
    let before: Vec<Vec<String>> = COPIED.iter().map(|table| rows(store.path(), table)).collect();
    let (path, again, reason) = reopened(&store, |bytes| {
        for page in pages_with(bytes, "is on fire").into_iter().filter(|page| page % 3 == 0) {
            bytes[page * 8_192..(page + 1) * 8_192].fill(0x5a);
        }
    });
    assert!(!reason.contains("not readable"), "{reason}");
    for (table, before) in COPIED.iter().zip(before) {
        let now = rows(&path, table);
        assert!(!before.is_empty(), "{table} has nothing in it");
        match *table {
            // Their rows are gone, and the source is read again from the beginning.
            "connection" | "alert_source" => assert_eq!(now.len(), before.len(), "{table}"),
            "change_counter" => {
                assert_eq!(now, ["[Integer(90000)]"], "what comes again is later than what was dropped")
            }
            _ => assert_eq!(now, before, "{table}"),
        }
    }
    let state = again.source_state("prod", "s").await.unwrap().unwrap();
    assert_eq!((state.watermark, state.whole_watermark, state.since), (None, None, Some(at(0))));
    assert_eq!(rows(&path, "consumer"), ["[Text(\"search\"), Integer(0)]", "[Text(\"workspace:prod\"), Integer(0)]"]);
    // The same alert has its ticket.
    again.take_alerts(vec![notice(samples::metric().to_string())], "prod", None, None, at(DAY)).await.unwrap();
    assert!(again.pending_alerts(10).await.unwrap().is_empty());
}

#[tokio::test]
async fn of_a_damaged_table_everything_before_and_behind_the_damage_is_taken_over_and_the_loss_is_told() {
    let long = |n: u32| {
        let mut value = samples::listed(&format!("0a1b2c3d-4e5f-6071-8293-{n:012}"), "Fired", "2026-11-20T10:01:00Z");
        value["properties"]["essentials"]["description"] = format!("alert-{n:05} {}", "d".repeat(1_200)).into();
        value.to_string()
    };
    let all: Vec<String> = (0..300).map(long).collect();
    let (_folder, store) = full(&all).await;
    let (path, again, reason) = reopened(&store, |bytes| {
        let page = *pages_with(bytes, "\"alert-00150 ").first().unwrap();
        bytes[page * 8_192..(page + 1) * 8_192].fill(0x5a);
    });
    assert!(reason.contains("not readable: alert"), "{reason}");
    let left = rows(&path, "alert").len();
    assert!((270..300).contains(&left), "{left}");
    assert_eq!(rows(&path, "ticket").len(), rows(store.path(), "ticket").len());
    // What is lost of the last 30 days comes again with the next pass and has its ticket still: nothing is opened twice.
    let opens = "SELECT count(*) FROM outbox WHERE operation ->> '$.do' = 'open'";
    let before = query::<i64>(&again, opens);
    again.take_alerts(all.into_iter().map(notice).collect(), "prod", None, None, at(DAY)).await.unwrap();
    decide(&again).await;
    assert_eq!((rows(&path, "alert").len(), query::<i64>(&again, opens)), (300, before));
    let fired = query::<i64>(&again, "SELECT sum(slot ->> '$.fired') FROM alert_slot");
    assert_eq!(fired, 300, "each counts once, so that the last end resolves the ticket");
}

#[tokio::test]
async fn a_slot_whose_ticket_was_lost_with_a_damaged_database_takes_in_no_alert() {
    let (_folder, store) = full(&[samples::metric().to_string()]).await;
    Connection::open(store.path())
        .unwrap()
        .execute_batch("PRAGMA foreign_keys = off; UPDATE outbox SET operation = 'Z' || operation; PRAGMA wal_checkpoint(TRUNCATE)")
        .unwrap();
    let (path, again, reason) = reopened(&store, |bytes| {
        for page in pages_with(bytes, "is on fire").into_iter().take(3) {
            bytes[page * 8_192..(page + 1) * 8_192].fill(0x5a);
        }
    });
    assert!(reason.contains("not readable: outbox"), "{reason}");
    assert_eq!(rows(&path, "alert_slot"), Vec::<String>::new());
    assert_eq!(again.outbox_connections().await.unwrap(), Vec::<String>::new(), "what cannot be read stops nothing");
}
