//! The engine on a real store, against a service of our own that answers as each test says.

mod faults;
mod feed;
mod looks;
mod service;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value as Json;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use super::clock::Clock;
use super::*;
use crate::azure::testing::Tokens;
use crate::model::connection::ConnectionName;
use crate::model::log_analytics::{LOG, WORK_ITEMS};
use crate::model::sending::SendReport;
use crate::model::work_item::{WorkItem, WorkItemKind};
use crate::model::workspace::AzureSignIn;
use crate::net::http::{HttpConfig, Timeouts};
use crate::net::testing::{Fake, json as reply, url};
use crate::store::{Plan, SweepPart};
use service::Service;

const RULE: &str = "dcr-00000000000000000000000000000001";

/// What is done at a time.
type Alarm = Box<dyn FnOnce() + Send>;

/// A clock whose waits are over at once, and that does something at a time.
pub(super) struct TestClock {
    now: Mutex<Timestamp>,
    alarm: Mutex<Option<(Timestamp, Alarm)>>,
}

impl TestClock {
    fn new() -> Arc<Self> {
        let now = "2026-11-22T10:00:00Z".parse().unwrap();
        Arc::new(Self { now: Mutex::new(now), alarm: Mutex::default() })
    }

    fn after(&self, time: SignedDuration, alarm: impl FnOnce() + Send + 'static) {
        *self.alarm.lock().unwrap() = Some((self.now() + time, Box::new(alarm)));
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        *self.now.lock().unwrap()
    }

    fn sleep(&self, time: Duration) -> crate::net::BoxFuture<'_, ()> {
        Box::pin(async move {
            let now = {
                let mut now = self.now.lock().unwrap();
                *now += SignedDuration::try_from(time).unwrap();
                *now
            };
            let due = {
                let mut alarm = self.alarm.lock().unwrap();
                if alarm.as_ref().is_some_and(|(at, _)| *at <= now) { alarm.take() } else { None }
            };
            if let Some((_, alarm)) = due {
                alarm();
            }
            tokio::task::yield_now().await;
        })
    }
}

/// What the rule declares.
pub(super) struct Declared(Mutex<Result<Option<RuleColumns>, Fault>>, std::sync::atomic::AtomicUsize);

impl RuleSource for Declared {
    fn columns(&self) -> crate::net::BoxFuture<'_, Result<Option<RuleColumns>, Fault>> {
        self.1.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let declared = self.0.lock().unwrap().clone();
        Box::pin(async move { declared })
    }
}

fn whole_rule() -> RuleColumns {
    let columns = |all: &[crate::model::log_analytics::Column]| -> BTreeMap<_, _> {
        all.iter().map(|one| (one.name.to_owned(), one.kind)).collect()
    };
    [("Custom-ServiceDesk_CL".to_owned(), columns(&WORK_ITEMS)), ("Custom-ServiceDeskLog_CL".to_owned(), columns(&LOG))]
        .into()
}

/// A store, a service and what lies between.
pub(super) struct Rig {
    _workspace: Fake,
    folder: TempDir,
    store: Store,
    clock: Arc<TestClock>,
    rule: Arc<Declared>,
    feeding: Vec<Feeding>,
    settings: SinkSettings,
    told: Arc<Mutex<Vec<SendProgress>>>,
    query: Option<Arc<LogQuery>>,
    timeouts: Timeouts,
}

fn feeding(name: &str) -> Feeding {
    Feeding { connection: name.into(), partner: "servicenow".into() }
}

impl Rig {
    async fn new() -> Self {
        // A workspace without a row of ours.
        let workspace = Fake::start(|_| {
            let columns = serde_json::json!([{ "name": "Greatest" }]);
            let table = serde_json::json!({ "name": "PrimaryResult", "columns": columns, "rows": [[null]] });
            reply(200, &serde_json::json!({ "tables": [table] }))
        })
        .await;
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path().join("items.db")).unwrap();
        let query = LogQuery::new(&url(&workspace.url), ("guid", "prod"), Tokens::shared(), &HttpConfig::default());
        Self {
            _workspace: workspace,
            folder,
            store,
            clock: TestClock::new(),
            rule: Arc::new(Declared(Mutex::new(Ok(Some(whole_rule()))), Default::default())),
            feeding: vec![feeding("contoso")],
            settings: SinkSettings { patience: None, batch_bytes: 20_000, portion: 64, ..SinkSettings::default() },
            told: Arc::default(),
            query: Some(Arc::new(query.unwrap())),
            timeouts: Timeouts::default(),
        }
    }

    fn store_path(&self) -> std::path::PathBuf {
        self.folder.path().join("items.db")
    }

    /// Stores incidents of a connection under these numbers, with a title.
    async fn put(&self, connection: &str, numbers: std::ops::Range<u32>, title: &str) {
        let items = numbers.map(|n| (item(n, title), true)).collect();
        self.sweep(connection, items, Vec::new()).await;
    }

    async fn sweep(&self, connection: &str, items: Vec<(WorkItem, bool)>, gone: Vec<String>) {
        let (connection, kind) = (ConnectionName::parse(connection).unwrap(), WorkItemKind::Incident);
        let (from, planned_at) = (Timestamp::UNIX_EPOCH, self.clock.now());
        self.store.begin_plan(&connection, kind, Plan { from, planned_at, slices: Vec::new() }, true).await.unwrap();
        let part = SweepPart {
            connection,
            kind,
            items,
            gone,
            unseen: Vec::new(),
            hidden_columns: Vec::new(),
            at: self.clock.now(),
        };
        self.store.commit_sweep(part).await.unwrap();
    }

    fn job(&self, endpoint: &str) -> SinkJob {
        let config = HttpConfig { timeouts: self.timeouts, ..HttpConfig::default() };
        SinkJob {
            workspace: workspace(),
            feeding: self.feeding.clone(),
            store: self.store.clone(),
            ingestion: Arc::new(Ingestion::new(&url(endpoint), RULE, Tokens::shared(), &config).unwrap()),
            rule: self.rule.clone(),
            query: self.query.clone(),
            describe: |fault| (fault.code().to_owned(), String::new()),
            settings: self.settings.clone(),
        }
    }

    async fn send_to(&self, endpoint: &str) -> SendReport {
        let told = self.told.clone();
        let progress: OnProgress = Arc::new(move |one| told.lock().unwrap().push(one));
        send(self.job(endpoint), progress, CancellationToken::new(), self.clock.clone()).await
    }

    async fn send(&self, service: &Service) -> SendReport {
        self.send_to(&service.url).await
    }

    async fn state(&self) -> crate::model::sending::SinkState {
        self.store.sink_state("prod").await.unwrap()
    }

    async fn behind(&self) -> u64 {
        let done = self.store.sink_done("prod").await.unwrap();
        self.store.lag(self.feeding.iter().map(|one| one.connection.clone()).collect(), done).await.unwrap().rows
    }
}

fn workspace() -> Workspace {
    let name = crate::model::workspace::WorkspaceName::parse("prod").unwrap();
    let guid = "11111111-2222-3333-4444-555555555555";
    let mut workspace: Workspace = serde_json::from_value(serde_json::json!({
        "name": name, "sign_in": AzureSignIn::ManagedIdentity, "subscription": guid, "resource_group": "rg",
        "workspace": "contoso-logs",
    }))
    .unwrap();
    workspace.rule_id = RULE.to_owned();
    workspace
}

/// An incident whose id and number come from `n`.
pub(super) fn item(n: u32, title: &str) -> WorkItem {
    WorkItem {
        source_id: format!("{n:032x}"),
        number: format!("INC{n:07}"),
        title: title.to_owned(),
        ..super::row::tests::item(WorkItemKind::Incident)
    }
}

/// What the function of the workspace shows: number and title of the newest row of each work item that is not removed.
pub(super) fn shown(rows: &[Json]) -> BTreeMap<String, String> {
    let mut newest: BTreeMap<(String, String), &Json> = BTreeMap::new();
    for row in rows {
        let text = |name: &str| row[name].as_str().unwrap().to_owned();
        let key = (text("ServiceDeskConnectionName_s"), text("ItsmcId"));
        let send = |row: &Json| row["ItsmcSend"].as_i64().unwrap();
        let older = newest.get(&key).is_none_or(|known| send(known) <= send(row));
        if older {
            newest.insert(key, row);
        }
    }
    let there = newest.values().filter(|row| row["ItsmcRemoved"] == false);
    there.map(|row| (row["ServiceDeskId_s"].to_string(), row["Title_s"].to_string())).collect()
}
