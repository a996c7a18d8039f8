//! A database of an older version, and objects whose text is older.

use super::*;
use crate::model::summary::{Activity, Event};
use crate::store::{open, schema};

/// A database as the version before change numbers made it, with two rows of which the first is in the index.
fn older(path: &Path) {
    let db = Connection::open(path).unwrap();
    for sql in schema::before_reconciliation() {
        db.execute_batch(sql).unwrap();
    }
    db.execute_batch(
        "CREATE VIEW ServiceDesk_CL AS SELECT number AS ServiceDeskId_s FROM work_item;
         INSERT INTO connection (id, name) VALUES (1, 'contoso');
         INSERT INTO feed (id, connection, kind, scope_from, watermark) VALUES (1, 1, 'incident', 0, '2026-11-20T00:00:00Z');
         INSERT INTO work_item VALUES
             (1, 1, 'a', 'INC1', 'Printer', '1', 'New', '3', NULL, 1, 1795132800, 1795132800, '{\"update_count\":\"4\"}'),
             (5, 1, 'b', 'INC2', 'Scanner', '1', 'New', '3', NULL, 1, 1795132800, 1795132801, '{}');
         INSERT INTO item_count VALUES (1, '1', 'New', '3', '', 1, 2);
         INSERT INTO work_item_search (rowid, number, title, description)
             SELECT id, number, title, description FROM work_item_text WHERE id = 1;
         UPDATE search_state SET indexed_to = 1;
         INSERT INTO activity (connection, at, event) VALUES (1, '2026-11-20T00:00:00Z',
             '{\"event\":\"mended\",\"done\":{\"mend\":{\"mend\":\"free_user\",\"user_name\":\"svc\"},\"by\":\"ada\",\"changes\":[],\"at\":\"2026-11-20T00:00:00Z\"}}');
         PRAGMA user_version = 2;",
    )
    .unwrap();
}

#[tokio::test]
async fn an_older_database_keeps_its_rows_counts_and_index() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("items.db");
    older(&path);
    let store = Store::open(&path).unwrap();
    assert_eq!(query::<i64>(&store, "PRAGMA user_version"), schema::VERSION);
    assert_eq!(query::<i64>(&store, "SELECT done FROM consumer WHERE name = 'search'"), 1);
    assert_eq!(query::<i64>(&store, "SELECT changes FROM work_item WHERE id = 1"), 4);
    let summary = store.summary(&name("contoso"), at(DAY)).await.unwrap();
    let incidents = &summary.kinds[&KIND];
    assert_eq!((incidents.total, incidents.open, incidents.removed), (2, 2, 0));
    for (find, number) in [("printer", "INC1"), ("scanner", "INC2")] {
        let filter = ItemFilter { find: find.into(), ..ItemFilter::default() };
        let found = store.items(None, filter, Seek::First, 10).await.unwrap();
        assert_eq!(found.rows.iter().map(|row| row.number.as_str()).collect::<Vec<_>>(), [number]);
    }
    let changes: Vec<_> = changes_after(&store, 0, 10).await.into_iter().map(|(change, _)| change).collect();
    assert_eq!(changes, [1, 5]);
    let new = store.commit_page(PageCommit { items: vec![item(9, DAY)], ..page("contoso", vec![]) }).await;
    assert!(new.is_err(), "no sync was planned");
}

#[tokio::test]
async fn upgraded_activity_log_keeps_fixes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("items.db");
    older(&path);
    let lines = Store::open(&path).unwrap().activities(&name("contoso"), 10).await.unwrap();
    assert!(matches!(&lines[..], [Activity { event: Event::Fixed { done }, .. }] if done.by == "ada"), "{lines:?}");
}

#[tokio::test]
async fn an_upgrade_that_fails_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("items.db");
    older(&path);
    // A table in the way of the new one.
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE consumer (x)").unwrap();
    assert!(open::open_writer(&path).is_err());
    let db = Connection::open(path.with_extension("db.damaged-1")).unwrap();
    assert_eq!(db.query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0)).unwrap(), 2);
    assert_eq!(db.query_row("SELECT count(*) FROM work_item", [], |row| row.get::<_, i64>(0)).unwrap(), 2);
}

#[tokio::test]
async fn derived_objects_are_made_again_when_their_text_differs() {
    let (_folder, store) = filled(vec![item(1, DAY), item(2, DAY)]).await;
    store.index().await.unwrap();
    let path = store.path().to_owned();
    drop(store);
    let db = Connection::open(&path).unwrap();
    db.execute_batch(
        "DROP VIEW ServiceDesk_CL; CREATE VIEW ServiceDesk_CL AS SELECT 1 AS one;
         DROP INDEX work_item_changed; CREATE INDEX work_item_changed ON work_item (feed);
         DROP TABLE work_item_search;",
    )
    .unwrap();
    drop(db);
    let store = Store::open(&path).unwrap();
    assert_eq!(query::<i64>(&store, "SELECT count(RemovedDate_t IS NULL) FROM ServiceDesk_CL"), 2);
    let filter = ItemFilter { find: "printer".into(), ..ItemFilter::default() };
    assert_eq!(store.items(None, filter, Seek::First, 10).await.unwrap().rows.len(), 2);
}
