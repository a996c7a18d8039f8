//! How SQLite finds rows: by the plans that were measured, whatever it may have counted.

use super::*;
use crate::store::sink;

fn statistics(path: &std::path::Path) -> i64 {
    let sql = "SELECT count(*) FROM sqlite_schema WHERE name GLOB 'sqlite_stat*'";
    open::open_reader(path).unwrap().query_row(sql, [], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn changes_are_read_in_their_order_without_sorting_the_rows_of_a_feed() {
    let (_folder, store) = filled((1..300).map(|n| item(n, DAY)).collect()).await;
    let plan = |sql: &str| -> Vec<String> {
        let db = open::open_reader(store.path()).unwrap();
        let mut select = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        select.query_map([0, 10], |row| row.get(3)).unwrap().map(Result::unwrap).collect()
    };
    for counted in [false, true] {
        if counted {
            Connection::open(store.path()).unwrap().execute_batch("ANALYZE;").unwrap();
            assert_ne!(statistics(store.path()), 0);
        }
        let plan = plan(&sink::changed_rows(&["1".to_owned()]));
        assert_eq!(plan[0], "SEARCH w USING INDEX work_item_change (change>?)", "{plan:?}");
        assert!(plan.iter().all(|step| !step.contains("B-TREE")), "{plan:?}");
    }
}

#[tokio::test]
async fn statistics_are_neither_made_nor_kept() {
    let (_folder, store) = filled((1..300).map(|n| item(n, DAY)).collect()).await;
    let path = store.path().to_owned();
    Connection::open(&path).unwrap().execute_batch("ANALYZE;").unwrap();
    drop(store);
    let store = Store::open(&path).unwrap();
    assert_eq!(statistics(&path), 0);
    store.commit_page(page("contoso", (300..900).map(|n| item(n, DAY)).collect())).await.unwrap();
    drop(store);
    let _again = Store::open(&path).unwrap();
    assert_eq!(statistics(&path), 0);
}
