//! Windows of the table, search, totals, export and the view.

use std::collections::BTreeMap;

use rstest::rstest;

use super::*;
use crate::model::items::{ItemKey, ItemRow, KindState, Total};

fn state(value: &str) -> KindState {
    KindState { kind: KIND, value: value.to_owned() }
}

/// `count` incidents in two connections, a few to each second, in a shuffled order of storing.
async fn many(count: u32) -> (TempDir, Store) {
    let (folder, store) = open();
    for connection in ["contoso", "fabrikam"] {
        plan(&store, connection, KIND).await;
    }
    for n in 0..count {
        let n = (n * 7919) % count;
        let mut row = item(n, DAY + i64::from(n / 3));
        row.state = Value::plain((n % 2).to_string());
        row.open = !n.is_multiple_of(5);
        let connection = if n.is_multiple_of(4) { "fabrikam" } else { "contoso" };
        store.commit_page(page(connection, vec![row])).await.unwrap();
    }
    (folder, store)
}

async fn walk(store: &Store, connection: Option<&ConnectionName>, filter: &ItemFilter, older: bool) -> Vec<ItemRow> {
    let mut seek = if older { Seek::First } else { Seek::Last };
    let mut all = Vec::new();
    loop {
        let window = store.items(connection, filter.clone(), seek, 7).await.unwrap();
        let (first, last) = (window.rows.first().map(|row| row.key), window.rows.last().map(|row| row.key));
        let (begins, ends) = if older { (window.at_start, window.at_end) } else { (window.at_end, window.at_start) };
        assert_eq!(begins, all.is_empty(), "only the first window touches the edge it began at");
        if older {
            all.extend(window.rows)
        } else {
            all.splice(0..0, window.rows).for_each(drop)
        }
        match if older { last } else { first } {
            Some(key) if !ends => seek = if older { Seek::After(key) } else { Seek::Before(key) },
            _ => return all,
        }
    }
}

fn filters() -> Vec<ItemFilter> {
    let all = ItemFilter::default();
    vec![
        all.clone(),
        ItemFilter { states: vec![state("1")], ..all.clone() },
        ItemFilter { open: Some(false), states: vec![state("0")], ..all.clone() },
        ItemFilter { states: vec![state("1"), state("7")], priorities: vec!["3".into()], ..all.clone() },
        ItemFilter { find: "printer fire".into(), ..all.clone() },
        ItemFilter { find: "inc00000".into(), open: Some(true), ..all.clone() },
        ItemFilter { kinds: vec![WorkItemKind::ChangeRequest], ..all },
    ]
}

#[rstest]
#[case::all(None)]
#[case::one(Some("contoso"))]
#[tokio::test]
async fn windows_walk_the_whole_table_both_ways(#[case] connection: Option<&str>) {
    let (_folder, store) = many(60).await;
    let connection = connection.map(name);
    for filter in filters() {
        let older = walk(&store, connection.as_ref(), &filter, true).await;
        let newer = walk(&store, connection.as_ref(), &filter, false).await;
        assert_eq!(older, newer, "{filter:?}");
        assert!(older.is_sorted_by(|a, b| a.key > b.key), "{filter:?}");
        let fits = |n: &u32| connection.is_none() || !n.is_multiple_of(4);
        let expected = (0..60u32)
            .filter(fits)
            .filter(|_| !filter.kinds.contains(&WorkItemKind::ChangeRequest))
            .filter(|n| filter.states.first().is_none_or(|state| state.value == (n % 2).to_string()))
            .filter(|n| filter.open.is_none_or(|open| open == (n % 5 != 0)));
        assert_eq!(older.len(), expected.count(), "{filter:?}");
        let window = store.items(connection.as_ref(), filter.clone(), Seek::First, 1).await.unwrap();
        assert_eq!(window.total, Total::Exactly(older.len() as u64), "{filter:?}");
    }
}

#[tokio::test]
async fn a_common_word_is_found_in_the_order_of_the_table() {
    let (_folder, store) = filled((0..3_000).map(|n| item(n, DAY + i64::from((n * 7) % 1_000))).collect()).await;
    let filter = ItemFilter { find: "PRINT fire".into(), ..ItemFilter::default() };
    let window = store.items(None, filter.clone(), Seek::First, 5).await.unwrap();
    assert_eq!(window.total, Total::Exactly(3_000));
    assert!(window.rows.iter().all(|row| row.key.updated_at >= at(DAY + 998)));
    let next = store.items(None, filter, Seek::After(window.rows[4].key), 5).await.unwrap();
    assert!(next.rows[0].key < window.rows[4].key && !next.at_start);
}

#[tokio::test]
async fn attributes_come_back_as_they_were() {
    let texts = ["", "plain", "\"quoted\"", "back\\slash", "line\nbreak\ttab", "\u{1}", "Straße 日本 👩‍💻", "\u{7f}"];
    let values = texts.iter().flat_map(|a| texts.map(|b| Value { value: b.into(), label: Some((*a).into()) }));
    let plain = texts.iter().map(|text| Value::plain(*text));
    let named = |(n, value)| (format!("field {n} \""), value);
    let row = WorkItem { fields: (0..).zip(values.chain(plain)).map(named).collect(), ..item(1, DAY) };
    let (_folder, store) = filled(vec![row.clone()]).await;
    assert_eq!(store.item(1).await.unwrap(), Some(row));
}

#[rstest]
#[case::number("INC0000007", 1)]
#[case::prefix("inc0000", 12)]
#[case::words_in_any_field("smoke printer", 12)]
#[case::accents("flames", 12)]
#[case::all_words_must_be_there("printer elevator", 0)]
#[case::quotes("\"and\" (smoke)", 12)]
#[case::operators("smoke NOT fire", 0)]
#[case::parts_of_a_word("smoke-print", 12)]
#[case::marks_that_split_words("\u{939}\u{93f}\u{928}\u{94d}\u{926}\u{940}", 0)]
#[case::signs_that_no_row_has("-- ** \"", 0)]
#[tokio::test]
async fn words_are_searched_as_typed(#[case] find: &str, #[case] hits: usize) {
    let (_folder, store) = filled((0..12).map(|n| item(n, DAY)).collect()).await;
    let filter = ItemFilter { find: find.into(), ..ItemFilter::default() };
    assert_eq!(store.items(None, filter, Seek::First, 50).await.unwrap().rows.len(), hits);
}

#[rstest]
#[case("障害", 2)]
#[case("オフィス", 1)]
#[case("京オ の障", 1)]
#[case("smoke 障害", 2)]
#[case("elevator 障害", 0)]
#[case("เครื่อง", 1)]
#[case("장애", 1)]
#[case("😀", 1)]
#[case("🙃", 0)]
#[case("%", 1)]
#[case("_", 0)]
#[case("\\", 0)]
#[case("  ", 6)]
#[tokio::test]
async fn e10_scripts_without_blanks_and_signs_are_found_as_they_stand(#[case] find: &str, #[case] hits: usize) {
    let titles = ["東京オフィスの障害", "障害 2", "ปริ้นเตอร์เครื่องเสีย", "메인서버장애", "done 😀", "disk at 100%"];
    let rows = (0..).zip(titles).map(|(n, title)| WorkItem { title: title.into(), ..item(n, DAY) });
    let (_folder, store) = filled(rows.collect()).await;
    let filter = ItemFilter { find: find.into(), ..ItemFilter::default() };
    assert_eq!(store.items(None, filter, Seek::First, 50).await.unwrap().rows.len(), hits, "{find}");
}

#[tokio::test]
async fn a_changed_title_is_found_and_the_old_one_is_not() {
    let (_folder, store) = filled(vec![item(1, DAY)]).await;
    store.index().await.unwrap();
    let mut changed = item(1, DAY + 1);
    changed.title = "Elevator stuck".into();
    store.commit_page(page("contoso", vec![changed.clone()])).await.unwrap();
    for (find, hits) in [("elevator", 1), ("printer", 0), ("smoke", 1)] {
        let filter = ItemFilter { find: find.into(), ..ItemFilter::default() };
        assert_eq!(store.items(None, filter, Seek::First, 5).await.unwrap().rows.len(), hits, "{find}");
    }
    assert_eq!(store.item_by_number(&name("contoso"), "INC0000001").await.unwrap(), Some(changed));
    assert_eq!(store.item_by_number(&name("contoso"), "INC000000").await.unwrap(), None);
}

#[rstest]
#[case::indexed_before(true)]
#[case::still_waiting(false)]
#[tokio::test]
async fn the_index_agrees_with_the_rows_after_changes(#[case] index: bool) {
    let (_folder, store) = filled((0..50).map(|n| item(n, DAY)).collect()).await;
    if index {
        store.index().await.unwrap();
    }
    for n in 0..25 {
        let mut changed = item(n, DAY + 1);
        changed.fields.retain(|field| !field.is("description"));
        changed.fields.push("description", &Value::plain(format!("room {n}")));
        store.commit_page(page("contoso", vec![changed, item(n + 50, DAY)])).await.unwrap();
    }
    store.index().await.unwrap();
    let db = Connection::open(store.path()).unwrap();
    let indexed = query::<i64>(&store, "SELECT done FROM consumer WHERE name = 'search'");
    assert_eq!(indexed, 100);
    // FTS5's own check compares every posting with the content.
    db.execute("INSERT INTO work_item_search (work_item_search, rank) VALUES ('integrity-check', 1)", []).unwrap();
}

#[tokio::test]
async fn an_empty_table_has_both_edges() {
    let (_folder, store) = open();
    for seek in [Seek::First, Seek::Last, Seek::After(ItemKey { updated_at: at(5), row_id: 1 })] {
        let window = store.items(None, ItemFilter::default(), seek, 5).await.unwrap();
        assert_eq!((window.at_start, window.at_end, window.total), (true, true, Total::Exactly(0)));
    }
}

#[tokio::test]
async fn the_view_bears_the_old_column_names() {
    let mut change = item(2, DAY + 1);
    change.kind = WorkItemKind::ChangeRequest;
    change.fields =
        [("risk", Value::labelled("3", "Moderate")), ("planned_start_at", Value::plain("2026-11-21T08:00:00Z"))].into();
    let (_folder, store) = filled(vec![item(1, DAY)]).await;
    plan(&store, "contoso", WorkItemKind::ChangeRequest).await;
    store.commit_page(page("contoso", vec![change])).await.unwrap();
    let (send, rows) = std::sync::mpsc::channel();
    let each = move |row: &ExportRow| send.send(row.clone()).is_ok();
    assert_eq!(store.export(None, ItemFilter::default(), None, each).await.unwrap(), 2);
    let row =
        || -> BTreeMap<_, _> { column_names().zip(rows.recv().unwrap()).filter_map(|(k, v)| Some((k, v?))).collect() };
    let common = |number: &'static str, kind: &'static str, changed: &'static str| {
        [
            ("ServiceDeskWorkItemType_s", kind.to_owned()),
            ("ServiceDeskConnectionName_s", "contoso".to_owned()),
            ("ServiceDeskId_s", format!("{}{number}", "INC000000")),
            ("ServiceDeskSourceId_s", format!("{number:0>32}")),
            ("Title_s", format!("Printer {number} is on fire")),
            ("Priority_s", "3 - Moderate".to_owned()),
            ("CreatedDate_t", "2026-11-20T00:00:00Z".to_owned()),
            ("LastModifiedDate_t", changed.to_owned()),
        ]
    };
    let mut expected = BTreeMap::from(common("2", "ChangeRequest", "2026-11-20T00:00:01Z"));
    expected.insert("CRState_s", "New".into());
    expected.insert("Risk_s", "Moderate".into());
    expected.insert("PlannedStartDate_t", "2026-11-21T08:00:00Z".into());
    assert_eq!(row(), expected);
    let mut expected = BTreeMap::from(common("1", "Incident", "2026-11-20T00:00:00Z"));
    expected.insert("IncidentState_s", "New".into());
    expected.insert("Urgency_s", "2 - Medium".into());
    expected.insert("Description_s", "Smoke \"and\" fl\u{e4}mes\nin room 7".into());
    assert_eq!(row(), expected);
    assert_eq!(query::<i64>(&store, "SELECT count(*) FROM ServiceDesk_CL WHERE Urgency_s = '2 - Medium'"), 1);
}

#[tokio::test]
async fn an_export_ends_where_it_is_told_to() {
    let (_folder, store) = filled((0..1_200).map(|n| item(n, DAY)).collect()).await;
    let all = store.export(None, ItemFilter::default(), None, |_| true).await.unwrap();
    let some = store.export(None, ItemFilter::default(), Some(600), |_| true).await.unwrap();
    let one = store.export(None, ItemFilter::default(), None, |_| false).await.unwrap();
    assert_eq!((all, some, one), (1_200, 600, 1));
}

#[tokio::test]
async fn rows_that_waited_for_the_index_are_found_after_a_restart() {
    let (folder, store) = filled((0..20).map(|n| item(n, DAY)).collect()).await;
    drop(store);
    let store = Store::open(folder.path().join("items.db")).unwrap();
    store.commit_page(page("contoso", (20..30).map(|n| item(n, DAY)).collect())).await.unwrap();
    for (find, hits) in [("INC0000007", 1), ("INC0000025", 1), ("smoke", 30)] {
        let filter = ItemFilter { find: find.into(), ..ItemFilter::default() };
        assert_eq!(store.items(None, filter, Seek::First, 50).await.unwrap().rows.len(), hits, "{find}");
    }
}
