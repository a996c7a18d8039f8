//! Sweeps, removed rows, change numbers and identities.

use super::*;
use crate::model::connection::{Connection as Settings, Grant};
use crate::model::partner::PartnerId;
use crate::model::sweep::{SweepReason, Unseen};
use crate::model::url::ServerUrl;

fn part(items: Vec<WorkItem>, gone: &[u32]) -> SweepPart {
    SweepPart {
        connection: name("contoso"),
        kind: KIND,
        items: items.into_iter().map(|item| (item, true)).collect(),
        gone: gone.iter().map(|n| format!("{n:032x}")).collect(),
        unseen: vec![],
        hidden_columns: vec![],
        at: at(DAY + 100),
    }
}

fn mark(n: u32, changed: i64) -> Mark {
    Mark { source_id: format!("{n:032x}"), changed: Some(at(changed)), changes: None }
}

async fn incidents(store: &Store) -> crate::model::summary::KindSummary {
    store.summary(&name("contoso"), at(DAY)).await.unwrap().kinds.remove(&KIND).unwrap()
}

fn identity(server: &str, user: &str, client_id: &str) -> Identity {
    Identity::of(&Settings {
        name: name("contoso"),
        partner: PartnerId::new("servicenow"),
        server_url: ServerUrl::parse(server, &[]).unwrap().0,
        username: user.into(),
        client_id: client_id.into(),
        work_items: vec![KIND],
        sync_days: 30,
        create_configuration_items: false,
        grant: Grant::Password,
        details: std::collections::BTreeMap::new(),
        workspaces: vec![],
        known_as: None,
    })
}

#[tokio::test]
async fn d4_removed_rows_are_kept_marked_and_not_counted() {
    let (_folder, store) = filled((0..5).map(|n| item(n, DAY)).collect()).await;
    assert_eq!(store.commit_sweep(part(vec![], &[1, 2, 77])).await.unwrap().removed, 2);
    let counts = incidents(&store).await;
    assert_eq!((counts.total, counts.open, counts.removed), (3, 3, 2));
    assert_eq!(counts.by_state.iter().map(|(_, n)| n).sum::<u64>(), 3);
    let listed = |filter: ItemFilter| async { store.items(None, filter, Seek::First, 10).await.unwrap() };
    let all = listed(ItemFilter::default()).await;
    assert_eq!((all.rows.len(), all.total), (5, crate::model::items::Total::Exactly(5)));
    let open = listed(ItemFilter { open: Some(true), ..ItemFilter::default() }).await;
    assert_eq!((open.rows.len(), open.total), (3, crate::model::items::Total::Exactly(3)));
    let removed = listed(ItemFilter { removed: Some(true), find: "printer".into(), ..ItemFilter::default() }).await;
    assert_eq!((removed.rows.len(), removed.total), (2, crate::model::items::Total::Exactly(2)));
    assert!(removed.rows.iter().all(|row| row.removed_at == Some(at(DAY + 100))));
}

#[tokio::test]
async fn d4_a_row_that_comes_back_is_restored_even_older() {
    let (_folder, store) = filled(vec![item(1, DAY), item(2, DAY)]).await;
    store.commit_sweep(part(vec![], &[1])).await.unwrap();
    let tally = store.commit_sweep(part(vec![item(1, DAY - 500)], &[])).await.unwrap();
    assert_eq!((tally.updated, tally.restored), (1, 1));
    assert_eq!(store.item(1).await.unwrap(), Some(item(1, DAY - 500)));
    let counts = incidents(&store).await;
    assert_eq!((counts.total, counts.open, counts.removed), (2, 2, 0));
}

#[tokio::test]
async fn a_page_restores_a_removed_row_too() {
    let (_folder, store) = filled(vec![item(1, DAY)]).await;
    store.commit_sweep(part(vec![], &[1])).await.unwrap();
    assert_eq!(store.commit_page(page("contoso", vec![item(1, DAY)])).await.unwrap().restored, 1);
    assert_eq!(incidents(&store).await.open, 1);
}

#[tokio::test]
async fn marks_are_compared_by_time_counter_and_what_is_known() {
    let counted = |n, count: &str| {
        let mut item = item(n, DAY);
        item.fields.push("update_count", &Value::plain(count));
        item
    };
    let (_folder, store) =
        filled(vec![item(1, DAY), counted(2, "5"), counted(3, "5"), item(4, DAY), item(6, DAY)]).await;
    store.commit_sweep(part(vec![], &[4])).await.unwrap();
    let with = |n, changes| Mark { changes: Some(changes), ..mark(n, DAY) };
    let unstamped = Mark { changed: None, ..mark(6, DAY) };
    let marks = vec![with(1, 9), with(2, 5), with(3, 6), mark(4, DAY), mark(5, DAY), unstamped];
    let (seen, differing) = store.compare(&name("contoso"), KIND, marks, Seen::default()).await.unwrap();
    let told: Vec<_> =
        differing.iter().map(|row| (row.source_id.trim_start_matches('0').to_owned(), row.why)).collect();
    let expected = [("3", Why::Changed), ("4", Why::Back), ("5", Why::Missing), ("6", Why::Changed)];
    assert_eq!(told, expected.map(|(id, why)| (id.to_owned(), why)));
    let (_, unseen) = store.unseen(&name("contoso"), KIND, seen, 0, 10).await.unwrap();
    assert_eq!(unseen, []);
}

#[tokio::test]
async fn unseen_rows_are_listed_in_portions_without_removed() {
    let (_folder, store) = filled((1..=9).map(|n| item(n, DAY - i64::from(n))).collect()).await;
    store.commit_sweep(part(vec![], &[9])).await.unwrap();
    let (seen, _) =
        store.compare(&name("contoso"), KIND, vec![mark(2, DAY - 2), mark(5, DAY - 5)], Seen::default()).await.unwrap();
    let (seen, first) = store.unseen(&name("contoso"), KIND, seen, 0, 4).await.unwrap();
    let (_, rest) = store.unseen(&name("contoso"), KIND, seen, first.last().unwrap().0, 4).await.unwrap();
    let rows: Vec<_> = first.into_iter().chain(rest).map(|(row, _)| row).collect();
    assert_eq!(rows, [1, 3, 4, 6, 7, 8]);
}

#[tokio::test]
async fn every_write_gets_the_next_change_number() {
    let (_folder, store) = filled(vec![item(1, DAY), item(2, DAY)]).await;
    store.commit_page(page("contoso", vec![item(1, DAY), item(2, DAY + 1)])).await.unwrap();
    store.commit_sweep(part(vec![], &[1])).await.unwrap();
    store.commit_sweep(part(vec![item(1, DAY)], &[])).await.unwrap();
    let changed = |after, limit| {
        let store = store.clone();
        async move {
            let item = |(change, item): (i64, Option<(String, Option<i64>)>)| {
                let (number, removed_at) = item.expect("nothing was dropped");
                (change, number, removed_at)
            };
            changes_after(&store, after, limit).await.into_iter().map(item).collect::<Vec<_>>()
        }
    };
    assert_eq!(changed(0, 9).await, [(3, "INC0000002".into(), None), (5, "INC0000001".into(), None)]);
    assert_eq!(changed(0, 1).await.len(), 1);
    assert_eq!(changed(5, 9).await, []);
    assert_eq!(store.last_change().await.unwrap(), 5);
    handled(&store, 4).await;
    assert_eq!((store.consumer_done("sink").await.unwrap(), store.consumer_done("other").await.unwrap()), (4, 0));
}

#[tokio::test]
async fn change_numbers_of_two_writers_follow_their_commits() {
    let (_folder, store) = filled(vec![]).await;
    let other = Store::open(store.path()).unwrap();
    for n in 0..10 {
        let writer = if n % 2 == 0 { &store } else { &other };
        writer.commit_page(page("contoso", vec![item(n, DAY)])).await.unwrap();
        let newest = changes_after(&store, i64::from(n), 10).await;
        assert_eq!(newest.iter().map(|(change, _)| *change).collect::<Vec<_>>(), [i64::from(n) + 1]);
    }
}

#[tokio::test]
async fn the_index_follows_removals_restorations_and_changes() {
    let (_folder, store) = filled((0..20).map(|n| item(n, DAY)).collect()).await;
    store.index().await.unwrap();
    store.commit_sweep(part(vec![], &[3, 4])).await.unwrap();
    store.commit_page(page("contoso", vec![WorkItem { title: "Scanner".into(), ..item(3, DAY + 1) }])).await.unwrap();
    store.index().await.unwrap();
    store.commit_sweep(part(vec![item(4, DAY)], &[3])).await.unwrap();
    store.index().await.unwrap();
    let db = Connection::open(store.path()).unwrap();
    db.execute("INSERT INTO work_item_search (work_item_search, rank) VALUES ('integrity-check', 1)", []).unwrap();
    let filter = ItemFilter { find: "scanner".into(), ..ItemFilter::default() };
    assert_eq!(store.items(None, filter, Seek::First, 10).await.unwrap().rows.len(), 1);
}

#[tokio::test]
async fn d1_another_identity_takes_the_rows_out_of_sight_at_once() {
    let (_folder, store) = filled(vec![item(1, DAY), item(2, DAY)]).await;
    let contoso = name("contoso");
    let first = identity("https://a.service-now.com", "u", "c");
    assert_eq!(store.take_identity(&contoso, first.clone(), at(DAY)).await.unwrap(), IdentityChange::Same);
    assert_eq!(store.take_identity(&contoso, first, at(DAY)).await.unwrap(), IdentityChange::Same);
    assert_eq!(incidents(&store).await.total, 2);
    for other in [identity("https://b.service-now.com", "u", "c"), identity("https://b.service-now.com", "v", "c")] {
        let change = store.take_identity(&contoso, other, at(DAY)).await.unwrap();
        assert!(matches!(change, IdentityChange::Another(_)), "{change:?}");
        let summary = store.summary(&contoso, at(DAY)).await.unwrap();
        assert!(summary.kinds.is_empty() && summary.last_sync.is_none() && summary.last_complete.is_none());
        assert_eq!(store.sync_state(&contoso, KIND).await.unwrap(), SyncState::default());
        assert_eq!(query::<i64>(&store, "SELECT count(*) FROM work_item"), 0);
        plan(&store, "contoso", KIND).await;
        store.commit_page(page("contoso", vec![item(1, DAY)])).await.unwrap();
        assert_eq!(incidents(&store).await.total, 1);
    }
}

#[tokio::test]
async fn d1_other_application_of_same_user_keeps_rows_and_sweeps() {
    let (_folder, store) = filled(vec![item(1, DAY)]).await;
    let contoso = name("contoso");
    let done = SliceCheckpoint { slice: 0, after: None, offset: 0, hidden: 0, done: true };
    store.commit_page(PageCommit { checkpoint: done, ..page("contoso", vec![]) }).await.unwrap();
    store.finish_plan(&contoso, KIND, at(DAY), None).await.unwrap();
    store.take_identity(&contoso, identity("https://a.service-now.com", "u", "c"), at(DAY)).await.unwrap();
    let change = store.take_identity(&contoso, identity("https://a.service-now.com", "u", "d"), at(DAY)).await.unwrap();
    assert_eq!(change, IdentityChange::SignIn(vec![crate::model::form::FieldId::ClientId]));
    let state = store.sync_state(&contoso, KIND).await.unwrap();
    assert_eq!(state.gap.map(|gap| gap.reason), Some(SweepReason::Identity));
    assert_eq!(state.newest.map(|newest| newest.updated_at), Some(at(DAY)));
}

#[tokio::test]
async fn the_newest_row_is_one_that_the_product_was_seen_to_have() {
    let (_folder, store) = filled((1..=4).map(|n| item(n, DAY + i64::from(n))).collect()).await;
    let newest = || async { store.sync_state(&name("contoso"), KIND).await.unwrap().newest.unwrap().updated_at };
    assert_eq!(newest().await, at(DAY + 4));
    let hidden = vec![(format!("{:032x}", 3), Unseen::Hidden)];
    store.commit_sweep(SweepPart { unseen: hidden, ..part(vec![], &[4]) }).await.unwrap();
    assert_eq!(newest().await, at(DAY + 2));
    store.commit_page(page("contoso", vec![item(3, DAY + 3)])).await.unwrap();
    assert_eq!(newest().await, at(DAY + 3));
}

#[tokio::test]
async fn d1_consumers_get_dropped_rows_of_other_identity() {
    let (_folder, store) = filled(vec![item(1, DAY), item(2, DAY)]).await;
    let contoso = name("contoso");
    let take = |url: &'static str| store.take_identity(&contoso, identity(url, "u", "c"), at(DAY));
    take("https://a.service-now.com").await.unwrap();
    handled(&store, 1).await;
    take("https://b.service-now.com").await.unwrap();
    plan(&store, "contoso", KIND).await;
    store.commit_page(page("contoso", vec![item(1, DAY)])).await.unwrap();
    let told = |after| {
        let store = store.clone();
        async move {
            let entries = changes_after(&store, after, 9).await;
            entries.into_iter().map(|(change, item)| (change, item.is_none())).collect::<Vec<_>>()
        }
    };
    assert_eq!(told(1).await, [(3, true), (4, false)]);
    assert_eq!(changes_after(&store, 1, 1).await, [(3, None)]);
    handled(&store, 4).await;
    assert_eq!(told(0).await, [(4, false)], "whom it concerned knows it");
    store.remove(&contoso).await.unwrap();
    assert_eq!(told(4).await, [(5, true)]);
    handled(&store, 5).await;
    assert_eq!((told(0).await, query::<i64>(&store, "SELECT count(*) FROM dropped")), (vec![], 0));
}
