//! The file: damaged, too new, not ours to write, private.

use std::fs;

use super::*;
use crate::model::items::KindState;

fn damaged(content: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("items.db");
    fs::write(&path, content).unwrap();
    let Err(Fault::DatabaseDamaged { kept_as: Some(kept), .. }) = Store::open(&path) else {
        panic!("the damage was not said");
    };
    assert_eq!(fs::read(kept).unwrap(), content);
    assert!(Store::open(&path).is_ok(), "the second opening starts again");
}

#[test]
fn another_file_is_kept_aside() {
    damaged(&b"this is a letter to my landlord, and no database at all. ".repeat(200));
}

#[tokio::test]
async fn a_cut_off_database_is_kept_aside() {
    let (_folder, store) = filled((0..2_000).map(|n| item(n, DAY)).collect()).await;
    store.index().await.unwrap();
    let db = Connection::open(store.path()).unwrap();
    db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    let whole = fs::read(store.path()).unwrap();
    damaged(&whole[..whole.len() / 3]);
}

#[test]
fn a_newer_schema_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("items.db");
    drop(Store::open(&path).unwrap());
    let db = Connection::open(&path).unwrap();
    db.pragma_update(None, "user_version", schema::VERSION + 1).unwrap();
    drop(db);
    let fault = Store::open(&path).err().unwrap();
    let (found, known) = (schema::VERSION + 1, schema::VERSION);
    assert_eq!(fault, Fault::DatabaseTooNew { path: path.display().to_string(), found, known });
    assert!(path.exists());
}

#[test]
fn two_that_open_a_new_file_at_once_both_succeed() {
    for _ in 0..10 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("items.db");
        let open = || Store::open(&path).map(drop);
        let outcomes =
            std::thread::scope(|scope| [scope.spawn(open), scope.spawn(open)].map(|thread| thread.join().unwrap()));
        assert_eq!(outcomes, [Ok(()), Ok(())]);
    }
}

#[test]
fn a_missing_folder_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let fault = Store::open(folder.path().join("nowhere").join("items.db")).err().unwrap();
    assert_eq!(fault.code(), "file-problem");
}

#[tokio::test]
async fn a_full_disk_is_a_clear_fault_and_loses_nothing() {
    let (_folder, store) = filled(vec![item(1, DAY)]).await;
    let limit = |db: &mut Connection| Ok(db.pragma_update_and_check(None, "max_page_count", 40, |_| Ok(()))?);
    store.writer.run(limit).await.unwrap();
    let fault = store.commit_page(page("contoso", (2..2_000).map(|n| item(n, DAY)).collect())).await.unwrap_err();
    assert_eq!(fault.code(), "disk-full");
    assert_eq!(query::<i64>(&store, "SELECT count(*) FROM work_item"), 1);
    assert_eq!(store.commit_page(page("contoso", vec![item(2, DAY)])).await.unwrap().inserted, 1);
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_may_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, store) = filled(vec![item(1, DAY)]).await;
    for entry in fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o077, 0, "{:?}", entry.path());
    }
    drop(store);
}

#[tokio::test]
async fn a_newer_question_replaces_an_older_one() {
    let (_folder, store) = filled(vec![item(1, DAY)]).await;
    let (started, release) = (std::sync::mpsc::channel(), std::sync::mpsc::channel::<()>());
    let busy = store
        .browser
        .begin(move |_| {
            started.0.send(()).ok();
            release.1.recv().ok();
            Ok(())
        })
        .await
        .unwrap();
    started.1.recv().unwrap();
    let ask = || store.items(None, ItemFilter::default(), Seek::First, 5);
    let (older, newer) = (ask(), ask());
    let free = async {
        release.0.send(()).ok();
        busy.outcome().await
    };
    let (older, newer, _) = tokio::join!(biased; older, newer, free);
    assert_eq!(older.unwrap_err(), Fault::Interrupted);
    assert_eq!(newer.unwrap().rows.len(), 1);
}

#[tokio::test]
async fn d11_overwritten_file_is_set_aside_confirmations_stay() {
    use crate::model::confirmation::Confirmation;
    let (folder, store) = filled((0..3_000).map(|n| item(n, DAY + i64::from(n))).collect()).await;
    let contoso = name("contoso");
    let item = crate::model::checklist::ItemId::try_from("hybrid_path".to_owned()).unwrap();
    let said = Confirmation { item, at: at(DAY), basis: Default::default() };
    store.confirm(&contoso, vec![said.clone()]).await.unwrap();
    Connection::open(store.path()).unwrap().execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    let mut bytes = fs::read(store.path()).unwrap();
    let (from, to) = (bytes.len() / 3, bytes.len() * 2 / 3);
    bytes[from..to].fill(0x5a);

    // Whoever meets damage while reading marks the file; the next opening finds the mark, where it does not see the
    // damage itself.
    let path = folder.path().join("next.db");
    fs::write(&path, &bytes).unwrap();
    damage::mark(&path);
    let again = Store::open(&path).map(drop);
    assert!(matches!(again, Err(Fault::DatabaseDamaged { kept_as: Some(_), .. })), "{again:?}");
    let store = Store::open(&path).unwrap();
    assert!(!folder.path().join("next.db.damage").exists());
    assert_eq!(store.confirmations(&contoso).await.unwrap(), [said]);
    assert_eq!(store.summary(&contoso, at(DAY)).await.unwrap().last_complete, None);
    assert_eq!(store.export(None, ItemFilter::default(), None, |_| true).await.unwrap(), 0);
}

#[tokio::test]
async fn d12_a_relabelled_choice_is_one_value_under_its_newest_label() {
    let labelled = |n: u32, label: &str, at: i64| WorkItem { state: Value::labelled("7", label), ..item(n, at) };
    let (_folder, store) = filled((0..20).map(|n| labelled(n, "Closed", DAY)).collect()).await;
    store.commit_page(page("contoso", (0..3).map(|n| labelled(n, "Shut", DAY + 60)).collect())).await.unwrap();
    let summary = store.summary(&name("contoso"), at(DAY)).await.unwrap();
    assert_eq!(summary.kinds[&KIND].by_state, [(Value::labelled("7", "Shut"), 20)]);
    let filter = ItemFilter { states: vec![KindState { kind: KIND, value: "7".into() }], ..ItemFilter::default() };
    let window = store.items(None, filter.clone(), Seek::First, 50).await.unwrap();
    assert!(window.rows.len() == 20 && window.rows.iter().all(|row| row.state.shown() == "Shut"));
    let column = column_names().position(|column| column == "IncidentState_s").unwrap();
    let shut = move |row: &ExportRow| row[column].as_deref() == Some("Shut");
    assert_eq!(store.export(None, filter, None, shut).await.unwrap(), 20);
    let unlabelled = WorkItem { state: Value::plain("7"), ..item(1, DAY + 120) };
    store.commit_page(page("contoso", vec![unlabelled])).await.unwrap();
    let summary = store.summary(&name("contoso"), at(DAY)).await.unwrap();
    assert_eq!(summary.kinds[&KIND].by_state, [(Value::plain("7"), 20)]);
}

#[tokio::test]
async fn report_18_what_another_process_leaves_or_changes_stops_no_statement() {
    let (_folder, store) = open();
    let state = |accepted| crate::model::sending::SinkState { accepted, ..Default::default() };
    store.keep_sink("prod", state(0), None).await.unwrap();
    for turn in 1..4_u64 {
        // It holds the write lock, and is gone without having ended what it began.
        let other = Connection::open(store.path()).unwrap();
        other.execute_batch("BEGIN IMMEDIATE; DELETE FROM sink;").unwrap();
        let writing = tokio::spawn({
            let store = store.clone();
            async move { store.keep_sink("prod", state(turn), None).await }
        });
        drop(other);
        writing.await.unwrap().unwrap();
        // Statements that were prepared before the tables changed are prepared again.
        let other = Connection::open(store.path()).unwrap();
        other
            .execute_batch(&format!("CREATE TABLE other_{turn} (x); CREATE INDEX other_{turn}_x ON other_{turn} (x);"))
            .unwrap();
        assert_eq!(store.sink_state("prod").await.unwrap().accepted, turn);
    }
}
