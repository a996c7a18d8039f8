//! Pages, checkpoints, plans, counters.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::model::summary::{Event, KindSummary, SignedIn, SyncRecord, TREND_DAYS};
use crate::model::token::SignIn;
use crate::model::work_item::Cursor;

#[tokio::test]
async fn a_page_is_told_apart_row_by_row() {
    let (_folder, store) = filled(vec![item(1, DAY), item(2, DAY)]).await;
    let mut changed = item(2, DAY + 5);
    changed.title = "Printer 2 is fine".into();
    let tally = store.commit_page(page("contoso", vec![item(1, DAY), changed.clone(), item(3, DAY)])).await.unwrap();
    assert_eq!(tally, Tally { inserted: 1, updated: 1, unchanged: 1, ..Tally::default() });
    assert_eq!(store.item(2).await.unwrap(), Some(changed));
}

#[tokio::test]
async fn full_run_takes_older_change_times() {
    let ahead = Timestamp::now().as_second() + 7_200;
    let (_folder, store) = filled(vec![item(1, DAY - 60), item(2, ahead)]).await;
    let set_back = vec![item(1, DAY - 7_260), item(2, ahead - 7_200)];
    let tally = store.commit_page(page("contoso", set_back.clone())).await.unwrap();
    assert_eq!((tally.updated, tally.unchanged), (2, 0));
    plan(&store, "contoso", KIND).await;
    let done = SliceCheckpoint { slice: 0, after: None, offset: 0, hidden: 0, done: true };
    let end = PageCommit { checkpoint: done, ..page("contoso", vec![]) };
    store.commit_page(end).await.unwrap();
    store.finish_plan(&name("contoso"), KIND, at(DAY), None).await.unwrap();
    let increment = plan_of(vec![Window { from: at(0), before: None }]);
    store.begin_plan(&name("contoso"), KIND, increment, false).await.unwrap();
    let tally = store.commit_page(page("contoso", vec![item(1, DAY - 9_000)])).await.unwrap();
    assert_eq!((tally.updated, tally.unchanged), (0, 1));
}

#[tokio::test]
async fn an_older_change_never_overwrites_a_newer_one() {
    let (_folder, store) = filled(vec![item(1, DAY + 60)]).await;
    let mut older = item(1, DAY);
    older.title = "old".into();
    let tally = store.commit_page(page("contoso", vec![older])).await.unwrap();
    assert_eq!(tally, Tally { unchanged: 1, older: 1, ..Tally::default() });
    assert_eq!(store.item(1).await.unwrap(), Some(item(1, DAY + 60)));
}

#[tokio::test]
async fn the_same_stamp_with_other_content_is_a_change() {
    let (_folder, store) = filled(vec![item(1, DAY)]).await;
    let mut other = item(1, DAY);
    let without_label = |field: Field<'_>| (field.name.text().into_owned(), Value { label: None, ..field.value() });
    other.fields = other.fields.iter().map(without_label).collect();
    let tally = store.commit_page(page("contoso", vec![other.clone()])).await.unwrap();
    assert_eq!(tally.updated, 1);
    assert_eq!(store.item(1).await.unwrap(), Some(other));
}

#[tokio::test]
async fn rows_and_checkpoint_stand_or_fall_together() {
    let (_folder, store) = filled(vec![item(1, DAY)]).await;
    let mut page = page("contoso", vec![item(2, DAY)]);
    page.checkpoint.slice = 7;
    assert_eq!(store.commit_page(page).await.unwrap_err().code(), "internal");
    assert_eq!(query::<i64>(&store, "SELECT count(*) FROM work_item"), 1);
    assert_eq!(query::<i64>(&store, "SELECT sum(n) FROM item_count"), 1);
}

#[tokio::test]
async fn of_pages_that_wait_together_a_bad_one_spoils_no_other() {
    let (_folder, store) = filled(vec![]).await;
    let (release, released) = std::sync::mpsc::channel::<()>();
    let busy = store.writer.begin(move |_| Ok(released.recv().is_ok())).await.unwrap();
    let mut begun = Vec::new();
    for n in 0..3 {
        let mut page = page("contoso", vec![item(n, DAY), item(n + 1, DAY)]);
        page.checkpoint.slice = if n == 1 { 9 } else { 0 };
        begun.push(store.begin_commit(page).await.unwrap());
    }
    release.send(()).unwrap();
    assert_eq!(busy.outcome().await, Ok(true));
    let mut outcomes = Vec::new();
    for page in begun {
        outcomes.push(page.outcome().await.map(|stored| stored.tally.inserted).map_err(|fault| fault.code()));
    }
    assert_eq!(outcomes, [Ok(2), Err("internal"), Ok(2)]);
    assert_eq!(query::<i64>(&store, "SELECT count(*) FROM work_item"), 4);
    assert_eq!(query::<i64>(&store, "SELECT sum(n) FROM item_count"), 4);
}

#[tokio::test]
async fn a_plan_is_read_back_as_far_as_it_is() {
    let (_folder, store) = open();
    let windows = vec![Window { from: at(10), before: Some(at(20)) }, Window { from: at(20), before: None }];
    let mut expected = plan_of(windows);
    store.begin_plan(&name("contoso"), KIND, expected.clone(), true).await.unwrap();
    let checkpoint = SliceCheckpoint {
        slice: 1,
        after: Some(Cursor { updated_at: "2026-11-20T00:00:00.25Z".parse().unwrap(), source_id: "x".into() }),
        offset: 40,
        hidden: 3,
        done: true,
    };
    let commit = PageCommit {
        connection: name("contoso"),
        kind: KIND,
        items: vec![],
        hidden_columns: vec![],
        checkpoint: checkpoint.clone(),
    };
    store.commit_page(commit).await.unwrap();
    expected.slices[1].checkpoint = checkpoint;
    let state = store.sync_state(&name("contoso"), KIND).await.unwrap();
    assert_eq!(state, SyncState { scope_from: None, watermark: None, plan: Some(expected), ..SyncState::default() });
}

#[tokio::test]
async fn a_watermark_waits_for_every_slice() {
    let (_folder, store) = open();
    let contoso = name("contoso");
    store.begin_plan(&contoso, KIND, plan_of(vec![Window { from: at(10), before: None }]), true).await.unwrap();
    assert!(store.finish_plan(&contoso, KIND, at(30), None).await.is_err());
    let checkpoint = SliceCheckpoint { slice: 0, after: None, offset: 0, hidden: 0, done: true };
    let commit =
        PageCommit { connection: contoso.clone(), kind: KIND, items: vec![], hidden_columns: vec![], checkpoint };
    store.commit_page(commit).await.unwrap();
    store.finish_plan(&contoso, KIND, at(30), None).await.unwrap();
    let state = store.sync_state(&contoso, KIND).await.unwrap();
    assert_eq!(state, SyncState { scope_from: Some(at(0)), watermark: Some(at(30)), ..SyncState::default() });
}

#[tokio::test]
async fn the_last_sync_stands_in_log_and_summary() {
    let (_folder, store) = filled(vec![item(1, DAY)]).await;
    let contoso = name("contoso");
    let synced = |ended: i64, complete: bool| {
        let record = SyncRecord {
            started_at: at(ended - 9),
            ended_at: at(ended),
            changed: 1,
            complete,
            fault: None,
            failing_since: None,
            findings: Vec::new(),
            earlier_fault: None,
        };
        let event = Event::Synced { record, fetched: 1, inserted: 1, updated: 0, unchanged: 0, hidden: 0 };
        Activity { at: at(ended), event }
    };
    for activity in [synced(DAY, true), synced(DAY + 60, false)] {
        store.record(&contoso, activity).await.unwrap();
    }
    let log = store.activities(&contoso, 5).await.unwrap();
    assert_eq!(log, [synced(DAY + 60, false), synced(DAY, true)]);
    let sign_in = SignIn { signed_in_at: at(DAY), lifespan_seconds: 60, lifespan_known: false };
    let identity = identity();
    store.signed_in(&contoso, SignedIn { sign_in, identity, client_secret_expires: None }).await.unwrap();
    let summary = store.summary(&contoso, at(DAY)).await.unwrap();
    assert_eq!(summary.last_sync.map(|record| record.ended_at), Some(at(DAY + 60)));
    assert_eq!((summary.last_complete, summary.sign_in), (Some(at(DAY)), Some(sign_in)));
}

#[tokio::test]
async fn a_removed_connection_leaves_the_others_alone() {
    let (_folder, store) = filled(vec![item(1, DAY), item(2, DAY)]).await;
    plan(&store, "fabrikam", KIND).await;
    store.commit_page(page("fabrikam", vec![item(3, DAY)])).await.unwrap();
    store.index().await.unwrap();
    assert!(store.remove(&name("contoso")).await.unwrap());
    assert!(!store.remove(&name("contoso")).await.unwrap());
    assert_eq!(query::<i64>(&store, "SELECT count(*) FROM work_item"), 1);
    assert_eq!(query::<i64>(&store, "SELECT sum(n) FROM item_count"), 1);
    assert_eq!(store.summary(&name("contoso"), at(DAY)).await.unwrap(), Summary::default());
    let filter = ItemFilter { find: "printer".into(), ..ItemFilter::default() };
    let window = store.items(None, filter, Seek::First, 10).await.unwrap();
    assert_eq!(window.rows.iter().map(|row| row.number.as_str()).collect::<Vec<_>>(), ["INC0000003"]);
}

#[tokio::test]
async fn a_removal_that_was_cut_short_is_finished_at_the_next_opening() {
    let (folder, store) = filled(vec![item(1, DAY), item(2, DAY)]).await;
    store.write(|tx| connections::forget(tx, &name("contoso"))).await.unwrap();
    drop(store);
    let store = Store::open(folder.path().join("items.db")).unwrap();
    store.index().await.unwrap();
    let left = "SELECT (SELECT count(*) FROM work_item) + (SELECT count(*) FROM connection)";
    assert_eq!(query::<i64>(&store, left), 0);
}

/// One row written: which, when changed, state, priority, open, day opened.
fn any_write() -> impl Strategy<Value = WorkItem> {
    (0..30u32, 0..50i64, 0..3u8, 0..3u8, any::<bool>(), prop::option::of(0..16i64), any::<bool>()).prop_map(
        |(n, second, state, priority, open, day, labelled)| {
            let label = |value: u8| if labelled { format!("label {value}") } else { String::new() };
            WorkItem {
                state: Value::labelled(state.to_string(), label(state)),
                priority: Value::labelled(priority.to_string(), label(priority)),
                open,
                opened_at: day.map(|day| at(DAY - day * 86_400 - 1)),
                ..item(n, DAY + second)
            }
        },
    )
}

/// Total, open, by state, by priority, trend.
type Counts = (u64, u64, BTreeMap<String, u64>, BTreeMap<String, u64>, Vec<u64>);

/// What the tile should show, counted from the rows themselves.
fn recount(rows: &BTreeMap<String, WorkItem>) -> Counts {
    let (mut states, mut priorities, mut trend) = (BTreeMap::new(), BTreeMap::new(), vec![0; TREND_DAYS]);
    for row in rows.values() {
        *states.entry(row.state.value.clone()).or_default() += 1;
        *priorities.entry(row.priority.value.clone()).or_default() += 1;
        let day = row.opened_at.map(|opened| (DAY - opened.as_second() - 1) / 86_400);
        if let Some(place) = day.and_then(|day| (TREND_DAYS as i64 - 2).checked_sub(day)).filter(|place| *place >= 0) {
            trend[place as usize] += 1;
        }
    }
    let open = rows.values().filter(|row| row.open).count() as u64;
    (rows.len() as u64, open, states, priorities, trend)
}

fn counted(summary: &KindSummary) -> Counts {
    let (states, priorities) = (by_value(&summary.by_state), by_value(&summary.by_priority));
    (summary.total, summary.open, states, priorities, summary.trend.clone())
}

fn by_value(counts: &[(Value, u64)]) -> BTreeMap<String, u64> {
    counts.iter().map(|(value, n)| (value.value.clone(), *n)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn counters_are_what_a_recount_gives(pages in prop::collection::vec(prop::collection::vec(any_write(), 0..20), 1..6)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let (_folder, store) = filled(vec![]).await;
            let mut truth = BTreeMap::<String, WorkItem>::new();
            for rows in pages {
                for row in &rows {
                    // What was stored before the run was planned is replaced by older ones as well.
                    let newer = |old: &WorkItem| row.updated_at >= old.updated_at || old.updated_at < at(DAY);
                    let newer = truth.get(&row.source_id).is_none_or(newer);
                    if newer { truth.insert(row.source_id.clone(), row.clone()); }
                }
                store.commit_page(page("contoso", rows)).await.unwrap();
            }
            let summary = store.summary(&name("contoso"), at(DAY)).await.unwrap();
            let counts = &summary.kinds[&KIND];
            assert_eq!(counted(counts), recount(&truth));
            truth.retain(|_, row| row.open);
            let (_, _, states, priorities, _) = recount(&truth);
            assert_eq!(by_value(&counts.open_by_state), states);
            assert_eq!(by_value(&counts.open_by_priority), priorities);
        });
    }
}
