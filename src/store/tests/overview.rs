//! What all connections hold together.

use super::*;
use crate::model::overview::{DAYS, Day, MOST, Ranking};
use crate::store::schema;

const HOUR: i64 = 3600;

/// Noon on the day that fixtures call today.
fn noon() -> Timestamp {
    at(DAY + 12 * HOUR)
}

/// An incident that was opened so many days ago, with these further attributes.
fn opened(n: u32, days_ago: i64, fields: &[(&str, Value)]) -> WorkItem {
    let fields = fields.iter().map(|(name, value)| (*name, value.clone())).collect();
    WorkItem { opened_at: Some(at(DAY - days_ago * 24 * HOUR)), fields, ..item(n, DAY) }
}

fn moment(days_ago: i64) -> Value {
    Value::plain(at(DAY - days_ago * 24 * HOUR + HOUR).to_string())
}

fn resolved(n: u32, days_ago: i64, field: &str) -> WorkItem {
    WorkItem { open: false, ..opened(n, 20, &[(field, moment(days_ago))]) }
}

#[tokio::test]
async fn a14_days_count_what_was_opened_and_what_was_resolved() {
    let both = opened(4, 29, &[("closed_at", moment(2)), ("resolved_at", moment(3))]);
    let rows =
        vec![opened(1, 0, &[]), opened(2, 40, &[]), resolved(3, 1, "closed_at"), both, resolved(5, 1, "resolved_at")];
    let (_folder, store) = filled(rows).await;
    let days = store.overview(noon()).await.unwrap().days;
    assert_eq!(days.len(), DAYS);
    let told = |from: &dyn Fn(&Day) -> u64| {
        days.iter()
            .rev()
            .enumerate()
            .filter(|(_, day)| from(day) > 0)
            .map(|(ago, day)| (ago, from(day)))
            .collect::<Vec<_>>()
    };
    assert_eq!(told(&|day| day.opened), [(0, 1), (20, 2), (29, 1)]);
    assert_eq!(told(&|day| day.resolved), [(1, 2), (3, 1)]);
}

#[tokio::test]
async fn a14_a_resolution_that_changes_is_counted_once_and_one_of_a_removed_item_not() {
    let (_folder, store) = filled(vec![resolved(1, 5, "resolved_at"), resolved(2, 5, "resolved_at")]).await;
    let later = WorkItem { updated_at: at(DAY + 1), ..resolved(1, 2, "resolved_at") };
    store.commit_page(page("contoso", vec![later])).await.unwrap();
    let counted = async || {
        let days = store.overview(noon()).await.unwrap().days;
        (days[DAYS - 3].resolved, days[DAYS - 6].resolved)
    };
    assert_eq!(counted().await, (1, 1));
    let gone = vec![format!("{:032x}", 2)];
    let part = SweepPart {
        connection: name("contoso"),
        kind: KIND,
        items: vec![],
        gone,
        unseen: vec![],
        hidden_columns: vec![],
        at: noon(),
    };
    store.commit_sweep(part).await.unwrap();
    assert_eq!(counted().await, (1, 0));
    assert_eq!(query::<i64>(&store, "SELECT sum(n) FROM item_end"), 1);
}

#[tokio::test]
async fn a14_open_items_are_told_by_age_group_and_computer_the_oldest_first() {
    let group = |name: &str| ("assignment_group", Value::labelled("id", name));
    let computer = ("configuration_item", Value::plain("EX-04"));
    let rows = vec![
        opened(1, 0, &[group("Network"), computer.clone()]),
        opened(2, 3, &[group("Network")]),
        opened(3, 29, &[group("Mail"), computer]),
        opened(4, 200, &[("assignment_group", Value::plain(""))]),
        WorkItem { opened_at: None, ..opened(5, 0, &[]) },
        resolved(6, 0, "resolved_at"),
    ];
    let (_folder, store) = filled(rows).await;
    let told = store.overview(noon()).await.unwrap();
    assert_eq!((told.ages, told.undated, told.open()), ([1, 1, 1, 0, 1], 1, 5));
    let numbers: Vec<_> = told.oldest.iter().map(|item| item.number.as_str()).collect();
    assert_eq!(numbers, ["INC0000004", "INC0000003", "INC0000002", "INC0000001"]);
    let network = ("Network".to_owned(), 2);
    assert_eq!(told.groups, Ranking { most: vec![network, ("Mail".to_owned(), 1)], more: 0, without: 2 });
    assert_eq!(told.computers, Ranking { most: vec![("EX-04".to_owned(), 2)], more: 0, without: 3 });
}

/// So many incidents, every tenth of them open, in pages.
async fn large(count: u32) -> (TempDir, Store) {
    let (folder, store) = open();
    plan(&store, "contoso", KIND).await;
    for from in (0..count).step_by(5000) {
        let rows = from..(from + 5000).min(count);
        let rows = rows.map(|n| {
            let group = ("assignment_group", Value::labelled(format!("{n}"), format!("Group {}", n % 97)));
            let ended = if n % 10 == 0 { vec![group] } else { vec![group, ("resolved_at", moment(i64::from(n % 60)))] };
            WorkItem { open: n % 10 == 0, ..opened(n, i64::from(n % 300), &ended) }
        });
        store.commit_page(page("contoso", rows.collect())).await.unwrap();
    }
    (folder, store)
}

#[tokio::test]
async fn a14_of_100_000_rows_only_indexes_are_read() {
    let (_folder, store) = large(100_000).await;
    let told = store.overview(noon()).await.unwrap();
    assert_eq!((told.open(), told.oldest.len(), told.groups.most.len(), told.groups.more), (10_000, MOST, MOST, 57));
    let plans = open::open_reader(store.path()).unwrap();
    let mut select = plans.prepare(&format!("EXPLAIN QUERY PLAN {}", crate::store::overview::OPEN)).unwrap();
    let plan: Vec<String> = select.query_map([1], |row| row.get(3)).unwrap().map(Result::unwrap).collect();
    assert!(plan.len() == 1 && plan[0].ends_with("INDEX work_item_open (feed=?)"), "{plan:?}");
}

#[tokio::test]
async fn a14_an_older_database_gets_its_resolved_items_counted() {
    let rows = vec![resolved(1, 5, "resolved_at"), resolved(2, 5, "closed_at"), opened(3, 1, &[])];
    let odd = WorkItem { open: false, ..opened(4, 1, &[("resolved_at", Value::plain("UNKNOWN"))]) };
    let (_folder, store) = filled([rows, vec![odd]].concat()).await;
    let path = store.path().to_owned();
    let before = store.overview(noon()).await.unwrap();
    drop(store);
    let db = Connection::open(&path).unwrap();
    let older = schema::VERSION - 8;
    let newer = "DROP TABLE item_end; DROP INDEX work_item_open; DROP TABLE sink; DROP TABLE change_time; \
                 DROP TABLE outbox; DROP TABLE ticket; \
                 DROP TABLE alert; DROP TABLE alert_slot; DROP TABLE alert_source; DROP TABLE alert_history; \
                 DROP VIEW ServiceDesk_CL; ALTER TABLE connection DROP COLUMN known_as;";
    db.execute_batch(&format!("{newer} PRAGMA user_version = {older};")).unwrap();
    drop(db);
    let store = Store::open(&path).unwrap();
    assert_eq!(store.overview(noon()).await.unwrap(), before);
    assert_eq!(before.days[DAYS - 6].resolved, 2);
}

#[tokio::test]
async fn the_counts_of_a_tile_do_not_wait_for_the_overview() {
    let (_folder, store) = filled(vec![item(1, DAY)]).await;
    let (free, held) = std::sync::mpsc::channel::<()>();
    let reader = store.reader.clone();
    let hold = move |_: &mut Connection| held.recv().map_err(|_| Problem::Unexpected("nobody waits"));
    let holding = tokio::spawn(async move { reader.run(hold).await });
    // The reader that counts is held up, and the overview is made all the same: so it is not this reader that makes it.
    assert_eq!(store.overview(at(DAY)).await.unwrap().ages.iter().sum::<u64>(), 1);
    free.send(()).unwrap();
    holding.await.unwrap().unwrap();
}
