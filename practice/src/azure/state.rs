//! What the practice cloud holds, and the handle on it.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use axum::Router;
use serde_json::{Value, json};

use super::alerts::{AlertBook, Trickle};
use super::faults::FaultKind;
use super::http;
use super::manners::Manners;
use super::options::{Options, first_state};
use super::record::{AzureRequest, counts};
use super::rights::Assignment;
use super::rule::Rule;
use super::workspace::Workspace;
use crate::PracticeError;
use crate::core::rng::Rng;
use crate::core::{Base, Control as Handle, Controlled, ServerState, lock};
use crate::entra::Authority;

/// The practice cloud. Clones are handles on the same one.
pub type Control = Handle<State>;

/// Everything the practice cloud knows, behind locks.
pub struct State {
    /// Faults, requests and clock.
    pub(super) base: Base<FaultKind, AzureRequest>,
    /// Who gives out its tokens.
    pub(super) entra: Authority,
    inner: Mutex<Inner>,
    trickle: Mutex<Trickle>,
}

/// A subscription.
#[derive(Debug, Clone)]
pub(super) struct Subscription {
    pub(super) id: String,
    pub(super) name: String,
    /// Its resource groups, each with its region.
    pub(super) groups: Vec<(String, String)>,
}

/// A workbook.
#[derive(Debug, Clone)]
pub(super) struct Workbook {
    pub(super) subscription: String,
    pub(super) group: String,
    pub(super) name: String,
    pub(super) body: Value,
}

/// A resource that is kept as it was sent.
#[derive(Debug, Clone)]
pub(super) struct Document {
    /// Its type, as Azure writes it.
    pub(super) kind: &'static str,
    pub(super) subscription: String,
    pub(super) group: String,
    pub(super) name: String,
    pub(super) body: Value,
}

impl Document {
    /// Its id.
    pub(super) fn id(&self) -> String {
        format!("{}/providers/{}/{}", Inner::group_path(&self.subscription, &self.group), self.kind, self.name)
    }
}

/// An operation on a table that goes on after the answer.
#[derive(Debug, Clone)]
pub(super) struct Operation {
    pub(super) id: String,
    /// The workspace's id.
    pub(super) workspace: String,
    /// The table's path.
    pub(super) table_path: String,
    pub(super) table: String,
    pub(super) change: TableChange,
    /// How often it still says `InProgress`.
    pub(super) polls: u32,
    /// How it ended.
    pub(super) ended: Option<Result<(), (String, String)>>,
    /// How it will end, if not well.
    pub(super) failure: Option<(String, String)>,
    pub(super) started: i64,
}

/// What an operation does to a table.
#[derive(Debug, Clone)]
pub(super) enum TableChange {
    Put(Box<super::table::Table>),
    Delete,
}

/// What the practice cloud holds.
pub(super) struct Inner {
    /// Its own address, without a trailing slash.
    pub(super) url: String,
    /// The tenant's id.
    pub(super) tenant: String,
    pub(super) manners: Manners,
    pub(super) subscriptions: Vec<Subscription>,
    pub(super) workspaces: Vec<Workspace>,
    pub(super) rules: Vec<Rule>,
    pub(super) assignments: Vec<Assignment>,
    pub(super) workbooks: Vec<Workbook>,
    pub(super) operations: Vec<Operation>,
    pub(super) alerts: AlertBook,
    /// Action groups and alert rules.
    pub(super) documents: Vec<Document>,
    /// Milliseconds since 1970, as it was when this was locked.
    pub(super) now: i64,
    /// Until when ingestion resets every connection.
    pub(super) outage_until: i64,
    /// The client id of the machine's managed identity, if it has one.
    pub(super) identity: Option<String>,
    /// What App Service's metadata service takes for a secret.
    pub(super) identity_secret: String,
    /// Queries by object id and half minute.
    pub(super) queries: BTreeMap<(String, i64), u32>,
    pub(super) rng: Rng,
}

impl Controlled for State {
    type Fault = FaultKind;
    type Record = AzureRequest;

    fn base(&self) -> &Base<FaultKind, AzureRequest> {
        &self.base
    }

    fn summary(&self) -> Value {
        let inner = self.inner();
        let tables = |workspace: &Workspace| -> BTreeMap<String, usize> {
            workspace.tables.iter().map(|table| (table.name.clone(), table.rows.len())).collect()
        };
        let workspaces: BTreeMap<&str, _> =
            inner.workspaces.iter().map(|workspace| (&*workspace.name, tables(workspace))).collect();
        json!({
            "url": inner.url, "now": super::value::time_text(inner.now * 10_000), "workspaces": workspaces,
            "rules": inner.rules.iter().map(|rule| &rule.name).collect::<Vec<_>>(),
            "role_assignments": inner.assignments.len(), "workbooks": inner.workbooks.len(),
            "alerts": inner.alerts.all().len(),
            "faults": self.base.faults.pending(), "requests": self.base.requests.len(),
        })
    }

    fn request_log(&self) -> Value {
        let requests = self.base.requests.all();
        json!({ "counts": counts(&requests), "requests": requests })
    }
}

impl ServerState for State {
    const NAME: &'static str = "azure";
    type Options = Options;

    fn port(options: &Options) -> u16 {
        options.port
    }

    fn new(options: Options, url: String) -> Result<Self, PracticeError> {
        let mut trickle = Trickle::new(options.alert_speed);
        let (sign_in, entra, inner) = first_state(options, url);
        let state = Self { base: Base::new(sign_in), entra, inner: Mutex::new(inner), trickle: Mutex::default() };
        let before = trickle.before();
        before.iter().for_each(|order| state.fire_before(order));
        *lock(&state.trickle) = trickle;
        Ok(state)
    }

    fn pass(&self, seconds: f64) {
        let happened = lock(&self.trickle).pass(seconds);
        happened.into_iter().for_each(|one| self.happen(&one));
    }

    fn router(control: Control) -> Router {
        let entra = control.0.entra.router();
        http::routes().with_state(control).merge(entra)
    }
}

impl State {
    /// What it holds, locked.
    pub(super) fn inner(&self) -> MutexGuard<'_, Inner> {
        let mut inner = lock(&self.inner);
        inner.now = self.base.clock.millis();
        inner
    }
}

impl Inner {
    /// The path of a resource group.
    pub(super) fn group_path(subscription: &str, group: &str) -> String {
        format!("/subscriptions/{subscription}/resourceGroups/{group}")
    }

    /// A workspace by its name, or the first one.
    pub(super) fn workspace_named(&mut self, name: Option<&str>) -> Option<&mut Workspace> {
        match name {
            None => self.workspaces.first_mut(),
            Some(name) => self.workspaces.iter_mut().find(|one| one.name.eq_ignore_ascii_case(name)),
        }
    }

    /// A workspace by its id.
    pub(super) fn workspace_at(&self, id: &str) -> Option<&Workspace> {
        self.workspaces.iter().find(|one| one.id().eq_ignore_ascii_case(id))
    }

    /// As [`Inner::workspace_at`], to change.
    pub(super) fn workspace_at_mut(&mut self, id: &str) -> Option<&mut Workspace> {
        self.workspaces.iter_mut().find(|one| one.id().eq_ignore_ascii_case(id))
    }
}
