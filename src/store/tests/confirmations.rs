//! The admin's confirmations of checklist items.

use super::*;
use crate::model::checklist::ItemId;
use crate::model::confirmation::{Basis, Confirmation};

fn said(item: &str, url: &str) -> Confirmation {
    let basis: Basis = [("server_url".to_owned(), url.to_owned())].into();
    Confirmation { item: ItemId::try_from(item.to_owned()).unwrap(), at: at(DAY), basis }
}

#[tokio::test]
async fn what_was_said_is_kept_replaced_and_let_go_by_connection() {
    let (_folder, store) = open();
    let (one, two) = (name("contoso"), name("fabrikam"));
    let role = said("role:Advanced Operator", "https://a");
    store.confirm(&one, vec![role.clone(), said("hybrid_path", "https://a")]).await.unwrap();
    store.confirm(&two, vec![role.clone()]).await.unwrap();
    store.confirm(&one, vec![said("hybrid_path", "https://b")]).await.unwrap();
    assert_eq!(store.confirmations(&one).await.unwrap(), [said("hybrid_path", "https://b"), role.clone()]);
    assert!(store.withdraw(&one, role.item.clone()).await.unwrap());
    assert!(!store.withdraw(&one, role.item.clone()).await.unwrap());
    assert_eq!(store.confirmations(&one).await.unwrap(), [said("hybrid_path", "https://b")]);
    assert!(store.remove(&one).await.unwrap());
    assert_eq!(store.confirmations(&one).await.unwrap(), []);
    assert_eq!(store.confirmations(&two).await.unwrap(), [role]);
    assert_eq!(query::<i64>(&store, "SELECT count(*) FROM confirmation"), 1);
}

#[tokio::test]
async fn a_file_of_an_earlier_version_learns_to_keep_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("items.db");
    let db = Connection::open(&path).unwrap();
    db.execute_batch(schema::before_reconciliation()[0]).unwrap();
    let row = "INSERT INTO work_item VALUES (1, 1, 'a', 'INC1', 'Printer', '1', NULL, '3', NULL, 1, 0, 0, '{}'); \
               PRAGMA user_version = 1";
    db.execute_batch(row).unwrap();
    drop(db);
    let store = Store::open(&path).unwrap();
    store.confirm(&name("contoso"), vec![said("hybrid_path", "https://a")]).await.unwrap();
    assert_eq!(store.confirmations(&name("contoso")).await.unwrap().len(), 1);
    assert_eq!(query::<i64>(&store, "SELECT count(*) FROM work_item"), 1);
}
