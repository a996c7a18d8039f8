//! The table in other orders, and by several states at once.

use super::*;
use crate::model::items::{ItemColumn, ItemRow, KindState, Sort, Total};
use crate::store::window::Browser;

fn sorted(column: ItemColumn, reversed: bool) -> ItemFilter {
    ItemFilter { sort: Sort { column, reversed }, ..ItemFilter::default() }
}

fn incident(n: u32, number: &str, change: impl FnOnce(&mut WorkItem)) -> WorkItem {
    let mut row = WorkItem { number: number.into(), fields: Attributes::default(), ..item(n, DAY + i64::from(n)) };
    change(&mut row);
    row
}

fn assigned(name: &str) -> Attributes {
    [("assigned_to", Value::labelled("id", name)), ("assignment_group", Value::plain(name))].into()
}

async fn few() -> (TempDir, Store) {
    let rows = vec![
        incident(1, "IR9", |row| {
            row.title = "beta".into();
            row.priority = Value::labelled("10", "Low");
            row.fields = assigned("Zoe");
        }),
        incident(2, "IR10", |row| {
            row.title = "Alpha".into();
            row.state = Value::labelled("2", "In Progress");
            row.priority = Value::labelled("9", "High");
            row.opened_at = None;
        }),
        incident(3, "CR100", |row| {
            row.title = "gamma".into();
            row.state = Value::labelled("3", "Closed");
            row.priority = Value::plain("");
            row.opened_at = Some(at(DAY - 5));
            row.fields = assigned("ada");
        }),
    ];
    filled(rows).await
}

async fn numbers(store: &Store, filter: ItemFilter) -> Vec<String> {
    let window = store.items(None, filter, Seek::First, 10).await.unwrap();
    window.rows.into_iter().map(|row| row.number).collect()
}

#[rstest::rstest]
#[case(ItemColumn::Changed, ["CR100", "IR10", "IR9"], ["IR9", "IR10", "CR100"])]
#[case(ItemColumn::Number, ["CR100", "IR9", "IR10"], ["IR10", "IR9", "CR100"])]
#[case(ItemColumn::Title, ["IR10", "IR9", "CR100"], ["CR100", "IR9", "IR10"])]
#[case(ItemColumn::State, ["CR100", "IR10", "IR9"], ["IR9", "IR10", "CR100"])]
#[case(ItemColumn::Priority, ["IR10", "IR9", "CR100"], ["IR9", "IR10", "CR100"])]
#[case(ItemColumn::Assignee, ["CR100", "IR9", "IR10"], ["IR9", "CR100", "IR10"])]
#[case(ItemColumn::Group, ["CR100", "IR9", "IR10"], ["IR9", "CR100", "IR10"])]
#[case(ItemColumn::Opened, ["IR9", "CR100", "IR10"], ["CR100", "IR9", "IR10"])]
#[case(ItemColumn::Computer, ["CR100", "IR10", "IR9"], ["CR100", "IR10", "IR9"])]
#[case(ItemColumn::Kind, ["CR100", "IR10", "IR9"], ["CR100", "IR10", "IR9"])]
#[tokio::test]
async fn a22_each_column_sorts_and_what_is_empty_stands_last(
    #[case] column: ItemColumn,
    #[case] expected: [&str; 3],
    #[case] reversed: [&str; 3],
) {
    let (_folder, store) = few().await;
    assert_eq!(numbers(&store, sorted(column, false)).await, expected);
    assert_eq!(numbers(&store, sorted(column, true)).await, reversed);
    let (send, given) = std::sync::mpsc::channel();
    let each = move |row: &ExportRow| send.send(row[2].clone().unwrap()).is_ok();
    store.export(None, sorted(column, false), Some(2), each).await.unwrap();
    assert_eq!(given.into_iter().collect::<Vec<_>>(), expected[..2]);
}

#[tokio::test]
async fn a22_a_row_shows_whom_it_is_assigned_to() {
    let (_folder, store) = few().await;
    let window = store.items(None, sorted(ItemColumn::Number, false), Seek::First, 1).await.unwrap();
    let [ItemRow { assignee, group, computer, opened_at, .. }] = window.rows.as_slice() else { panic!() };
    assert_eq!((assignee.as_str(), group.as_str(), computer.as_str()), ("ada", "ada", ""));
    assert_eq!((*opened_at, window.total, window.at_end), (Some(at(DAY - 5)), Total::Exactly(3), false));
}

#[tokio::test]
async fn a22_several_states_and_priorities_at_once() {
    let (_folder, store) = few().await;
    let state = |kind, value: &str| KindState { kind, value: value.into() };
    let of = |states, priorities: &[&str]| ItemFilter {
        states,
        priorities: priorities.iter().map(|value| (*value).to_owned()).collect(),
        ..ItemFilter::default()
    };
    let both = of(vec![state(KIND, "1"), state(KIND, "3")], &[]);
    assert_eq!(numbers(&store, both.clone()).await, ["CR100", "IR9"]);
    assert_eq!(numbers(&store, of(both.states.clone(), &["10", "7"])).await, ["IR9"]);
    let other = of(vec![state(WorkItemKind::ChangeRequest, "1")], &[]);
    assert_eq!(numbers(&store, other).await, Vec::<String>::new());
    let found = ItemFilter { find: "gamma".into(), ..both };
    let window = store.items(None, found, Seek::First, 10).await.unwrap();
    assert_eq!((window.rows.len(), window.total), (1, Total::Exactly(1)));
}

/// So many incidents in one page after the other.
async fn large(count: u32) -> (TempDir, Store) {
    let (folder, store) = open();
    plan(&store, "contoso", KIND).await;
    for from in (0..count).step_by(5000) {
        let rows = (from..(from + 5000).min(count)).map(|n| {
            incident(n, &format!("INC{:07}", n.wrapping_mul(2_654_435_761) % 10_000_000), |row| {
                row.priority = Value::plain((n % 5 + 1).to_string());
                row.fields = assigned(&format!("Person {}", n % 211));
            })
        });
        store.commit_page(page("contoso", rows.collect())).await.unwrap();
    }
    (folder, store)
}

async fn walk(store: &Store, filter: &ItemFilter, older: bool) -> Vec<i64> {
    let mut seek = if older { Seek::First } else { Seek::Last };
    let mut all: Vec<i64> = Vec::new();
    loop {
        let window = store.items(None, filter.clone(), seek, 37).await.unwrap();
        let (first, last) = (window.rows.first().map(|row| row.key), window.rows.last().map(|row| row.key));
        let ids = window.rows.iter().map(|row| row.key.row_id);
        if older {
            all.extend(ids);
        } else {
            all.splice(0..0, ids).for_each(drop);
        }
        match if older { (last, window.at_end) } else { (first, window.at_start) } {
            (Some(key), false) => seek = if older { Seek::After(key) } else { Seek::Before(key) },
            _ => return all,
        }
    }
}

#[tokio::test]
async fn a22_windows_of_a_sorted_table_join_up_both_ways() {
    let (_folder, store) = large(500).await;
    for (column, reversed) in ItemColumn::ALL.into_iter().flat_map(|column| [(column, false), (column, true)]) {
        let filter = sorted(column, reversed);
        let older = walk(&store, &filter, true).await;
        assert_eq!(older, walk(&store, &filter, false).await, "{column:?}");
        assert_eq!(older.iter().collect::<std::collections::BTreeSet<_>>().len(), 500, "{column:?}");
    }
}

#[tokio::test]
async fn a22_the_reader_of_a_sorted_table_stays_where_a_row_was() {
    let (_folder, store) = large(100).await;
    let filter = sorted(ItemColumn::Number, false);
    let whole = store.items(None, filter.clone(), Seek::First, 100).await.unwrap();
    let gone = &whole.rows[40];
    let ids = vec![query::<String>(&store, &format!("SELECT source_id FROM work_item WHERE id = {}", gone.key.row_id))];
    let part = SweepPart {
        connection: name("contoso"),
        kind: KIND,
        items: vec![],
        gone: ids,
        unseen: vec![],
        hidden_columns: vec![],
        at: at(DAY),
    };
    let open = ItemFilter { open: Some(true), ..filter };
    store.items(None, open.clone(), Seek::First, 1).await.unwrap();
    store.commit_sweep(part).await.unwrap();
    let again = store.items(None, open, Seek::At(gone.key), 3).await.unwrap();
    assert_eq!(again.rows[0].key, whole.rows[41].key);
}

#[tokio::test]
async fn a22_100_000_rows_are_sorted_once() {
    let (_folder, store) = large(100_000).await;
    let mut browser = Browser::new(open::open_reader(store.path()).unwrap()).unwrap();
    for (column, times) in [(ItemColumn::Number, 1), (ItemColumn::Assignee, 2), (ItemColumn::Priority, 3)] {
        let filter = sorted(column, false);
        let mut seek = Seek::First;
        for windows in 0..20 {
            let window = browser.window(None, &filter, seek, 60).unwrap();
            assert_eq!((window.rows.len(), window.at_start), (60, windows == 0));
            assert_eq!(browser.sorted.times, times, "windows of one table are cut from the same order");
            seek = Seek::After(window.rows.last().unwrap().key);
        }
    }
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn by_group(groups: &[&str]) -> ItemFilter {
    ItemFilter { groups: names(groups), ..ItemFilter::default() }
}

/// Each filter, the numbers that match, however many of them were found by their words.
#[tokio::test]
async fn groups_assignees_and_days_combine_with_search_order_total_and_export() {
    let (_folder, store) = few().await;
    let all = ItemFilter::default;
    for (filter, expected) in [
        (by_group(&["Zoe"]), &["IR9"] as &[&str]),
        (by_group(&["Zoe", ""]), &["IR10", "IR9"]),
        (by_group(&["zoe"]), &[]),
        (ItemFilter { assignees: names(&["ada"]), ..all() }, &["CR100"]),
        (ItemFilter { assignees: names(&[""]), ..all() }, &["IR10"]),
        (ItemFilter { assignees: names(&["ada", "Zoe"]), ..by_group(&["Zoe"]) }, &["IR9"]),
        (ItemFilter { assignees: names(&["ada"]), ..by_group(&["Zoe"]) }, &[]),
        (ItemFilter { opened_since: Some(at(DAY - 5)), ..all() }, &["CR100", "IR9"]),
        (ItemFilter { opened_since: Some(at(DAY - 4)), ..all() }, &["IR9"]),
        (ItemFilter { opened_before: Some(at(DAY - 4)), ..all() }, &["CR100"]),
        (ItemFilter { opened_before: Some(at(DAY - 5)), ..all() }, &[]),
        (ItemFilter { priorities: names(&["10"]), ..by_group(&["Zoe", "ada"]) }, &["IR9"]),
    ] {
        let mut ordered = expected.to_vec();
        for sort in [Sort::default(), Sort { column: ItemColumn::Group, reversed: false }] {
            for find in ["", "beta", "Alpha", "gamma"] {
                let filter = ItemFilter { sort, find: find.into(), ..filter.clone() };
                let has = |number: &&str| ["IR9", "IR10", "CR100"].iter().position(|one| one == number);
                let title = ["beta", "Alpha", "gamma"].iter().position(|title| *title == find);
                let mut wanted: Vec<_> =
                    expected.iter().filter(|number| title.is_none_or(|title| has(number) == Some(title))).collect();
                let window = store.items(None, filter.clone(), Seek::First, 10).await.unwrap();
                let mut numbers: Vec<_> = window.rows.iter().map(|row| row.number.as_str()).collect();
                numbers.sort_unstable();
                wanted.sort_unstable();
                assert_eq!(numbers.iter().collect::<Vec<_>>(), wanted, "{filter:?}");
                assert_eq!(window.total, Total::Exactly(wanted.len() as u64), "{filter:?}");
                let exported = store.export(None, filter.clone(), None, |_| true).await.unwrap();
                assert_eq!(exported, wanted.len() as u64, "{filter:?}");
            }
        }
        ordered.sort_unstable();
        let mut shown = numbers(&store, filter.clone()).await;
        shown.sort_unstable();
        assert_eq!(shown, ordered, "{filter:?}");
    }
}

#[tokio::test]
async fn groups_and_assignees_are_counted_without_removed_items() {
    let (_folder, store) = few().await;
    let counted = |names: &[(&str, u64)]| names.iter().map(|(name, n)| ((*name).to_owned(), *n)).collect::<Vec<_>>();
    let assigned = store.assigned(None).await.unwrap();
    assert_eq!(assigned.groups, counted(&[("", 1), ("ada", 1), ("Zoe", 1)]));
    assert_eq!(assigned.assignees, assigned.groups);
    assert_eq!(store.assigned(Some(&name("fabrikam"))).await.unwrap(), crate::model::items::Assigned::default());
    let db = rusqlite::Connection::open(store.path()).unwrap();
    db.execute("UPDATE work_item SET removed_at = 1 WHERE number = 'IR9'", []).unwrap();
    assert_eq!(store.assigned(None).await.unwrap().groups, counted(&[("", 1), ("ada", 1)]));
}

#[tokio::test]
async fn filters_by_group_and_day_read_the_index_alone() {
    let (_folder, store) = large(2_000).await;
    let db = open::open_reader(store.path()).unwrap();
    let filter =
        ItemFilter { assignees: names(&["Person 7"]), opened_since: Some(at(1)), ..by_group(&["Person 7", ""]) };
    let feed = crate::store::feeds::of(&db, None, None).unwrap().remove(0);
    let sql = crate::store::window::Condition::of(&filter, &feed).sql;
    for select in ["updated_at, id", "count(*)"] {
        let sql = format!("EXPLAIN QUERY PLAN SELECT {select} FROM work_item INDEXED BY work_item_changed WHERE {sql}");
        let mut plan = db.prepare(&sql).unwrap();
        let values = rusqlite::params_from_iter((0..plan.parameter_count()).map(|_| 1));
        let plan: String = plan.query_row(values, |row| row.get(3)).unwrap();
        assert!(plan.contains("USING COVERING INDEX work_item_changed"), "{plan}");
    }
}
