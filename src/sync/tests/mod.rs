//! The engine against a product in memory that does what the real one is known to do.

mod columns;
mod crashes;
mod faults;
mod odd;
mod paging;
mod runs;
mod server;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use super::clock::Clock;
use super::*;
use crate::model::connection::{ConnectionName, Grant};
use crate::model::items::ItemFilter;
use crate::model::partner::PartnerId;
use crate::model::url::ServerUrl;
use crate::model::work_item::WorkItemKind;
use crate::store::column_names;
use server::{Row, Server};

/// 2026-11-20 00:00 UTC: the clock's first reading.
const NOW: i64 = 1_795_132_800;
const INCIDENT: WorkItemKind = WorkItemKind::Incident;
const CHANGE: WorkItemKind = WorkItemKind::ChangeRequest;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

/// A clock that stands still, except that a sleep moves it at once.
struct TestClock {
    now: Mutex<Timestamp>,
    slept: Mutex<Vec<Duration>>,
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        *self.now.lock().unwrap()
    }

    fn sleep(&self, time: Duration) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        *self.now.lock().unwrap() += time;
        self.slept.lock().unwrap().push(time);
        Box::pin(tokio::task::yield_now())
    }
}

/// A server, a store, a clock, and what a sync needs beside.
struct Rig {
    _folder: TempDir,
    server: Arc<Server>,
    store: Store,
    clock: Arc<TestClock>,
    kinds: Vec<WorkItemKind>,
    days: u16,
    settings: SyncSettings,
    told: Arc<Mutex<Vec<Progress>>>,
}

impl Rig {
    fn new(rows: Vec<Row>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            store: Store::open(folder.path().join("items.db")).unwrap(),
            _folder: folder,
            server: Arc::new(Server::new(rows)),
            clock: Arc::new(TestClock { now: Mutex::new(at(NOW)), slept: Mutex::default() }),
            kinds: vec![INCIDENT],
            days: 30,
            settings: SyncSettings { page_limit: 10, ..SyncSettings::default() },
            told: Arc::default(),
        }
    }

    /// One request at a time, so that a script meets the request it is meant for.
    fn one_by_one(mut self) -> Self {
        self.settings.in_flight = 1;
        self
    }

    fn job(&self, full: bool) -> SyncJob {
        let connection = Connection {
            name: contoso(),
            partner: PartnerId::new("servicenow"),
            server_url: ServerUrl::parse("https://contoso.service-now.com", &[]).unwrap().0,
            username: "u".into(),
            client_id: "c".into(),
            work_items: self.kinds.clone(),
            sync_days: self.days,
            create_configuration_items: false,
            grant: Grant::Password,
            details: std::collections::BTreeMap::new(),
            workspaces: Vec::new(),
            known_as: None,
        };
        let (partner, store) = (self.server.clone(), self.store.clone());
        let settings = self.settings.clone();
        SyncJob { partner, store, connection, full, verify: false, noticed: Vec::new(), settings }
    }

    fn start(&self, full: bool, cancel: CancellationToken) -> impl Future<Output = Vec<KindReport>> + use<> {
        let told = self.told.clone();
        let progress = move |progress| told.lock().unwrap().push(progress);
        sync(self.job(full), progress, cancel, self.clock.clone())
    }

    async fn sync_kinds(&self) -> Vec<KindReport> {
        self.start(false, CancellationToken::new()).await
    }

    async fn sync(&self) -> KindReport {
        self.sync_kinds().await.remove(0)
    }

    /// A sync that must bring everything.
    async fn sync_well(&self) -> KindReport {
        let report = self.sync().await;
        assert_eq!((report.complete, &report.fault), (true, &None));
        report
    }

    /// Id to (title, change time) of every stored incident.
    async fn stored(&self) -> BTreeMap<String, (String, String)> {
        let (send, rows) = std::sync::mpsc::channel();
        let filter = ItemFilter { kinds: vec![INCIDENT], ..ItemFilter::default() };
        self.store.export(None, filter, None, move |row| send.send(row.clone()).is_ok()).await.unwrap();
        let column = |name| column_names().position(|column| column == name).unwrap();
        let (id, title, changed) = (column("ServiceDeskSourceId_s"), column("Title_s"), column("LastModifiedDate_t"));
        let cell = |row: &Vec<Option<String>>, column: usize| row[column].clone().unwrap();
        let mut stored = BTreeMap::new();
        for row in rows {
            let doubled = stored.insert(cell(&row, id), (cell(&row, title), cell(&row, changed)));
            assert_eq!(doubled, None, "a row is stored twice");
        }
        stored
    }

    async fn assert_equals_the_server(&self) {
        let (stored, truth) = (self.stored().await, self.server.truth());
        let wrong: Vec<_> = truth.iter().filter(|(id, row)| stored.get(*id) != Some(row)).collect();
        let surplus: Vec<_> = stored.keys().filter(|id| !truth.contains_key(*id)).collect();
        assert!(wrong.is_empty() && surplus.is_empty(), "missing or wrong: {wrong:?}, surplus: {surplus:?}");
    }
}

fn contoso() -> ConnectionName {
    ConnectionName::parse("contoso").unwrap()
}

/// `count` rows, changed a minute apart, the last one an hour ago.
fn rows(count: i64) -> Vec<Row> {
    (0..count).map(|n| Row::new(n, NOW - 3_600 - (count - 1 - n) * 60)).collect()
}
