//! The system: everything it knows, behind locks.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::auth::Auth;
use super::calendar::Calendar;
use super::data;
use super::fault::{FaultSpec, Faults};
use super::objects;
use super::options::Options;
use super::table::Table;
use crate::rng::Rng;
use crate::{PracticeError, SignInDetails};

/// Requests kept.
const KEPT_REQUESTS: usize = 200_000;

/// What the user's security group allows with one business object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Permission {
    /// It may be seen.
    pub view: bool,
    /// It may be changed.
    pub edit: bool,
}

/// One request, without its secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RequestRecord {
    /// `GET` and so on.
    pub method: String,
    /// The path as it was sent.
    pub path: String,
    /// The query as it was sent.
    pub query: String,
    /// The body of a search; empty for all else.
    pub search: String,
    /// The status of the answer.
    pub status: u16,
}

/// Everything one system knows.
pub(crate) struct Desk {
    /// What it was started with.
    pub(crate) options: Options,
    /// How to sign in.
    pub(crate) sign_in: SignInDetails,
    /// Its own clock.
    pub(crate) clock: Calendar,
    /// How it reads and writes the dates of records.
    pub(crate) calendar: Calendar,
    shift: AtomicI64,
    tables: RwLock<Vec<Table>>,
    auth: Mutex<Auth>,
    faults: Mutex<Faults>,
    requests: Mutex<Vec<RequestRecord>>,
    permissions: Mutex<BTreeMap<String, Permission>>,
    /// Randomness of what is not seeded: orders without sorting, the trickle.
    rng: Mutex<Rng>,
    due: Mutex<f64>,
}

impl Desk {
    /// Makes the system and its data.
    pub(crate) fn new(options: Options, url: String) -> Result<Self, PracticeError> {
        let sign_in = details(url, &options);
        let calendar = Calendar::new(&options.zone, false)?;
        let values = Calendar::new(options.value_zone.as_ref().unwrap_or(&options.zone), options.least_dates)?;
        let now = Timestamp::now().as_second();
        let tables = objects::all(&options).into_iter().map(|object| data::fill(object, &options, now)).collect();
        Ok(Self {
            clock: calendar,
            calendar: values,
            shift: AtomicI64::new(0),
            tables: RwLock::new(tables),
            auth: Mutex::new(Auth::new(sign_in.password.clone())),
            faults: Mutex::default(),
            requests: Mutex::default(),
            permissions: Mutex::default(),
            rng: Mutex::new(Rng::unforeseen()),
            due: Mutex::new(0.0),
            sign_in,
            options,
        })
    }

    /// Seconds since 1970 as the system has it.
    pub(crate) fn now(&self) -> i64 {
        Timestamp::now().as_second() + self.shift.load(Ordering::Relaxed)
    }

    /// Lets its clock run so many seconds ahead.
    pub(crate) fn set_shift(&self, seconds: i64) {
        self.shift.store(seconds, Ordering::Relaxed);
    }

    /// The records, to read.
    pub(crate) fn tables(&self) -> RwLockReadGuard<'_, Vec<Table>> {
        self.tables.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The records, to change.
    pub(crate) fn tables_mut(&self) -> RwLockWriteGuard<'_, Vec<Table>> {
        self.tables.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Who may sign in.
    pub(crate) fn auth(&self) -> MutexGuard<'_, Auth> {
        lock(&self.auth)
    }

    /// The faults still to come.
    pub(crate) fn faults(&self) -> MutexGuard<'_, Faults> {
        lock(&self.faults)
    }

    /// The faults that befall the request with this path, in lower case.
    pub(crate) fn take_faults(&self, path: &str) -> Vec<FaultSpec> {
        lock(&self.faults).take(path)
    }

    /// What has been asked so far.
    pub(crate) fn requests(&self) -> MutexGuard<'_, Vec<RequestRecord>> {
        lock(&self.requests)
    }

    /// Notes a request.
    pub(crate) fn record(&self, record: RequestRecord) {
        let mut requests = lock(&self.requests);
        if requests.len() < KEPT_REQUESTS {
            requests.push(record);
        }
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

    /// Randomness.
    pub(crate) fn rng(&self) -> MutexGuard<'_, Rng> {
        lock(&self.rng)
    }

    /// Lets time pass: about every 15 seconds something changes.
    pub(crate) fn pass(&self, seconds: f64) {
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

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn details(url: String, options: &Options) -> SignInDetails {
    let mut rng = Rng::unforeseen();
    let fresh = || format!("practice-password-{}", rng.hex(8));
    let client = Rng::new(options.seed).hex(32);
    let (a, b, c, d, e) = (&client[..8], &client[8..12], &client[12..16], &client[16..20], &client[20..]);
    SignInDetails {
        partner: "cherwell",
        control: format!("{url}/practice"),
        url,
        username: "azure.integration".into(),
        password: options.fixed_password.clone().unwrap_or_else(fresh),
        client_id: format!("{a}-{b}-{c}-{d}-{e}"),
        ..SignInDetails::default()
    }
}
