//! The system: everything it knows, behind locks.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard};

use axum::Router;
use serde::{Deserialize, Serialize};

use super::auth::Auth;
use super::calendar::Calendar;
use super::faults::FaultKind;
use super::manners::Manners;
use super::options::Options;
use super::table::Table;
use super::{admin_api, data, http, objects};
use crate::core::clock::machine_now;
use crate::core::rng::{self, Rng};
use crate::core::tickets::Change;
use crate::core::{Base, Control, Controlled, RequestRecord, ServerState, lock, read, write};
use crate::{PracticeError, SignInDetails};

/// What the user's security group allows with one business object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Permission {
    /// It may be seen.
    pub view: bool,
    /// It may be changed.
    pub edit: bool,
}

/// Everything one system knows.
pub struct State {
    /// Faults, requests and clock.
    pub(crate) base: Base<FaultKind>,
    /// What it was started with.
    pub(crate) options: Options,
    /// How it tells its own time.
    pub(crate) system_calendar: Calendar,
    /// How it reads and writes the dates of records.
    pub(crate) calendar: Calendar,
    tables: RwLock<Vec<Table>>,
    auth: Mutex<Auth>,
    permissions: Mutex<BTreeMap<String, Permission>>,
    /// Randomness of what is not seeded: orders without sorting, the trickle.
    rng: Mutex<Rng>,
    due: Mutex<f64>,
    manners: Mutex<Manners>,
    written: Mutex<Vec<Written>>,
    links: Mutex<BTreeSet<Link>>,
}

/// A link: the parent's `RecID`, the relationship, and the other's `RecID`.
pub(crate) type Link = (String, String, String);

/// One save, carried out or refused.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    /// The business object.
    pub(crate) object: &'static str,
    /// The `RecID`; empty where none was made.
    pub(crate) id: String,
    pub(crate) change: Change,
}

impl Controlled for State {
    type Fault = FaultKind;
    type Record = RequestRecord;

    fn base(&self) -> &Base<FaultKind> {
        &self.base
    }

    fn summary(&self) -> serde_json::Value {
        let tables = self.tables();
        let counts: BTreeMap<_, _> = tables.iter().map(|table| (table.object.name, table.len())).collect();
        serde_json::json!({
            "url": self.base.sign_in.url,
            "version": self.options.version,
            "culture": self.options.culture,
            "records": counts,
            "faults": self.base.faults.pending(),
            "tokens_given": self.auth().given().len(),
            "requests": self.base.requests.len(),
        })
    }
}

impl ServerState for State {
    const NAME: &'static str = "cherwell";
    type Options = Options;

    fn port(options: &Options) -> u16 {
        options.port
    }

    fn new(options: Options, url: String) -> Result<Self, PracticeError> {
        let sign_in = details(url, &options);
        let system_calendar = Calendar::new(&options.zone, false)?;
        let calendar = Calendar::new(options.value_zone.as_ref().unwrap_or(&options.zone), options.least_dates)?;
        let now = machine_now();
        let filled = objects::all(&options).into_iter().map(|object| data::fill(object, &options, now));
        let tables = filled.chain(data::beside(&options, now)).collect();
        Ok(Self {
            tables: RwLock::new(tables),
            auth: Mutex::new(Auth::new(sign_in.password.clone())),
            base: Base::new(sign_in),
            system_calendar,
            calendar,
            permissions: Mutex::default(),
            rng: Mutex::new(Rng::unforeseen()),
            due: Mutex::new(0.0),
            manners: Mutex::default(),
            written: Mutex::default(),
            links: Mutex::default(),
            options,
        })
    }

    fn router(control: Control<Self>) -> Router {
        admin_api::routes().fallback(http::answer).with_state(control)
    }

    /// About every 15 seconds something changes.
    fn pass(&self, seconds: f64) {
        if self.options.speed <= 0.0 {
            return;
        }
        let changes = {
            let mut due = lock(&self.due);
            *due += seconds * self.options.speed / 15.0;
            let whole = due.floor();
            *due -= whole;
            whole as u64
        };
        for _ in 0..changes.min(100) {
            data::happen(self);
        }
    }
}

impl State {
    /// Seconds since 1970 as the system has it.
    pub(crate) fn now(&self) -> i64 {
        self.base.clock.now()
    }

    /// The records, to read.
    pub(crate) fn tables(&self) -> RwLockReadGuard<'_, Vec<Table>> {
        read(&self.tables)
    }

    /// The records, to change.
    pub(crate) fn tables_mut(&self) -> RwLockWriteGuard<'_, Vec<Table>> {
        write(&self.tables)
    }

    /// Who may sign in.
    pub(crate) fn auth(&self) -> MutexGuard<'_, Auth> {
        lock(&self.auth)
    }

    /// What the user may do with a business object; all, unless it was ordered otherwise.
    pub(crate) fn permission(&self, object: &str) -> Permission {
        let all = Permission { view: true, edit: true };
        lock(&self.permissions).get(&object.to_ascii_lowercase()).copied().unwrap_or(all)
    }

    /// Orders what the user may do with a business object.
    pub(crate) fn set_permission(&self, object: &str, permission: Permission) {
        lock(&self.permissions).insert(object.to_ascii_lowercase(), permission);
    }

    /// How it behaves at writes.
    pub(crate) fn manners(&self) -> MutexGuard<'_, Manners> {
        lock(&self.manners)
    }

    /// What was saved over the API, and what was refused.
    pub(crate) fn written(&self) -> MutexGuard<'_, Vec<Written>> {
        lock(&self.written)
    }

    /// The links between records.
    pub(crate) fn links(&self) -> MutexGuard<'_, BTreeSet<Link>> {
        lock(&self.links)
    }

    /// Randomness.
    pub(crate) fn rng(&self) -> MutexGuard<'_, Rng> {
        lock(&self.rng)
    }
}

fn details(url: String, options: &Options) -> SignInDetails {
    let mut rng = Rng::unforeseen();
    let fresh = || format!("practice-password-{}", rng.hex(8));
    SignInDetails {
        partner: "cherwell",
        control: format!("{url}/practice"),
        url,
        username: "azure.integration".into(),
        password: options.fixed_password.clone().unwrap_or_else(fresh),
        client_id: rng::guid(&Rng::new(options.seed).hex(32)),
        ..SignInDetails::default()
    }
}
