//! The store through its own methods, on a real file.

mod alert_counts;
mod alerts;
mod commit;
mod confirmations;
mod damaged;
mod file;
mod outbox;
mod overview;
mod plans;
mod sorted;
mod sweep;
mod table;
mod upgrade;

use jiff::Timestamp;
use tempfile::TempDir;

use super::*;
use crate::model::connection::Grant;
use crate::model::fields::{Attributes, Field};
use crate::model::identity::Identity;
use crate::model::partner::PartnerId;
use crate::model::sync::Window;
use crate::model::work_item::Value;

const KIND: WorkItemKind = WorkItemKind::Incident;

/// 2026-11-20 00:00 UTC.
const DAY: i64 = 1_795_132_800;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn name(text: &str) -> ConnectionName {
    ConnectionName::parse(text).unwrap()
}

fn identity() -> Identity {
    Identity {
        partner: PartnerId::new("servicenow"),
        server: "https://contoso.service-now.com/".to_owned(),
        user: "itsmc".to_owned(),
        client_id: "id".to_owned(),
        grant: Grant::Password,
        details: std::collections::BTreeMap::new(),
    }
}

fn open() -> (TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path().join("items.db")).unwrap();
    (folder, store)
}

/// An incident whose id, number and title come from `n`.
fn item(n: u32, updated_at: i64) -> WorkItem {
    WorkItem {
        kind: KIND,
        source_id: format!("{n:032x}"),
        number: format!("INC{n:07}"),
        title: format!("Printer {n} is on fire"),
        state: Value::labelled("1", "New"),
        priority: Value::labelled("3", "3 - Moderate"),
        open: true,
        opened_at: Some(at(DAY)),
        updated_at: at(updated_at),
        hidden: Vec::new(),
        fields: [
            ("urgency", Value::labelled("2", "2 - Medium")),
            ("description", Value::plain("Smoke \"and\" fl\u{e4}mes\nin room 7")),
        ]
        .into(),
    }
}

fn plan_of(slices: Vec<Window>) -> Plan {
    let slices = slices.into_iter().enumerate().map(|(n, window)| Slice::new(n as u32, window)).collect();
    Plan { from: at(0), planned_at: at(DAY), slices }
}

async fn plan(store: &Store, connection: &str, kind: WorkItemKind) {
    let plan = plan_of(vec![Window { from: at(0), before: None }]);
    store.begin_plan(&name(connection), kind, plan, true).await.unwrap();
}

fn page(connection: &str, items: Vec<WorkItem>) -> PageCommit {
    let after = items.last().map(WorkItem::cursor);
    let kind = items.first().map_or(KIND, |item| item.kind);
    let checkpoint = SliceCheckpoint { slice: 0, after, offset: 0, hidden: 0, done: false };
    PageCommit { connection: name(connection), kind, items, hidden_columns: vec![], checkpoint }
}

/// A store with these incidents in the connection `contoso`.
async fn filled(items: Vec<WorkItem>) -> (TempDir, Store) {
    let (folder, store) = open();
    plan(&store, "contoso", KIND).await;
    store.commit_page(page("contoso", items)).await.unwrap();
    (folder, store)
}

/// The entries of the change feed of `contoso` after a number: each with number and removal of its work item, or nothing where
/// all were dropped.
async fn changes_after(store: &Store, after: i64, limit: usize) -> Vec<(i64, Option<(String, Option<i64>)>)> {
    let gathered = store.changes_of(vec!["contoso".to_owned()], (after, limit), Vec::new(), |all, entry| {
        let item = match entry.what {
            What::Item { item, removed_at } => Some((item.number.to_owned(), removed_at)),
            What::Dropped { .. } => None,
        };
        all.push((entry.change, item));
        Ok(std::ops::ControlFlow::Continue(()))
    });
    gathered.await.unwrap().0
}

/// The consumer `sink` has handled all up to this change.
async fn handled(store: &Store, change: i64) {
    store.begin_consumer_done("sink", change).await.unwrap().outcome().await.unwrap();
}

fn query<T: rusqlite::types::FromSql>(store: &Store, sql: &str) -> T {
    open::open_reader(store.path()).unwrap().query_row(sql, [], |row| row.get(0)).unwrap()
}
