//! The environment: everything it knows, behind locks.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard};

use axum::Router;

use super::data::{self, Maker};
use super::faults::FaultKind;
use super::manners::Manners;
use super::options::{ApplicationUser, Options};
use super::protection::Protection;
use super::table::{Cell, Table};
use super::writes::{Annotation, Written};
use super::{admin_api, clock, http, layout, sign_in};
use crate::PracticeError;
use crate::core::rng::Rng;
use crate::core::{Base, Control, Controlled, RequestRecord, ServerState, lock, read, write};
use crate::entra::Authority;
use crate::{Visibility, WorkItemKind};

/// Incidents that are made up where nobody says how many.
const ROWS: u64 = 2_000;

/// At speed 1 something happens each so many seconds.
const TRICKLE: f64 = 30.0;

/// One environment.
pub struct State {
    /// Faults, requests and clock.
    pub(crate) base: Base<FaultKind>,
    /// What it was started with.
    pub(crate) options: Options,
    /// Who gives out its tokens.
    pub(crate) authority: Authority,
    tables: RwLock<Vec<Table>>,
    setup: Mutex<Setup>,
    manners: Mutex<Manners>,
    written: Mutex<Vec<Written>>,
    annotations: Mutex<Vec<Annotation>>,
}

/// What can be changed by order, besides the rows.
pub(crate) struct Setup {
    /// The service-protection limits.
    pub(crate) protection: Protection,
    /// The roles that users were given themselves.
    pub(crate) roles: Vec<String>,
    /// Teams and their roles.
    pub(crate) team_roles: Vec<(String, Vec<String>)>,
    /// The application user.
    pub(crate) application_user: ApplicationUser,
    /// Tables that are shown otherwise.
    pub(crate) visibility: BTreeMap<String, Visibility>,
    rng: Rng,
    made: u64,
    waited: f64,
}

impl Controlled for State {
    type Fault = FaultKind;
    type Record = RequestRecord;

    fn base(&self) -> &Base<FaultKind> {
        &self.base
    }

    fn summary(&self) -> serde_json::Value {
        let tables: BTreeMap<_, _> = self.tables().iter().map(|table| (table.name.clone(), table.len())).collect();
        let requests = self.base.requests.all();
        serde_json::json!({
            "url": self.base.sign_in.url,
            "now": clock::time(self.base.clock.now()),
            "tables": tables,
            "faults": self.base.faults.pending(),
            "requests": requests.len(),
            "too_early": requests.iter().filter(|request| request.too_early).count(),
        })
    }
}

impl ServerState for State {
    const NAME: &'static str = "provance";
    type Options = Options;

    fn port(options: &Options) -> u16 {
        options.port
    }

    fn new(options: Options, url: String) -> Result<Self, PracticeError> {
        if !(options.speed.is_finite() && options.speed >= 0.0) {
            return Err(PracticeError::Option(format!("speed {}", options.speed)));
        }
        let sign_in = sign_in::details(&url, &options);
        let (base, mut rng) = (Base::new(sign_in), Rng::new(options.seed));
        let rows = options.rows.unwrap_or(ROWS);
        let made = |kind, rows, rng: &mut Rng| {
            let mut table = layout::table(options.layout, kind);
            let maker = Maker::new(kind, base.clock.now(), rows, options.tied.min(rows));
            let maker = if options.lifelike { maker.lifelike() } else { maker };
            maker.fill(&mut table, rng);
            table
        };
        let mut incidents = made(WorkItemKind::Incident, rows, &mut rng);
        if options.leeway.refers_to_items {
            layout::refer_to_items(&mut incidents, options.layout);
        }
        let changes = made(WorkItemKind::ChangeRequest, rows / 7, &mut rng);
        let setup = Setup {
            protection: Protection::new(options.limit),
            roles: options.roles.clone(),
            team_roles: options.team_roles.clone(),
            application_user: options.application_user,
            visibility: options.visibility.clone(),
            rng,
            made: rows,
            waited: 0.0,
        };
        let items = data::items(options.layout, base.clock.now());
        let (tables, setup) = (RwLock::new(vec![incidents, changes, items]), Mutex::new(setup));
        Ok(Self {
            authority: sign_in::authority(&base.sign_in),
            base,
            options,
            tables,
            setup,
            manners: Mutex::default(),
            written: Mutex::default(),
            annotations: Mutex::default(),
        })
    }

    fn router(control: Control<Self>) -> Router {
        let authority = control.0.authority.router();
        admin_api::routes().fallback(http::answer).with_state(control).merge(authority)
    }

    fn pass(&self, seconds: f64) {
        let happens = {
            let mut setup = self.setup();
            setup.waited += seconds * self.options.speed;
            let happens = setup.waited >= TRICKLE;
            if happens {
                setup.waited -= TRICKLE;
            }
            happens.then(|| (setup.rng.percent(30), setup.rng.next()))
        };
        match happens {
            Some((true, _)) => drop(self.add(WorkItemKind::Incident)),
            Some((false, number)) => self.move_on(number),
            None => {}
        }
    }
}

impl State {
    /// The tables, to look at.
    pub(crate) fn tables(&self) -> RwLockReadGuard<'_, Vec<Table>> {
        read(&self.tables)
    }

    /// The tables, to change.
    pub(crate) fn tables_mut(&self) -> RwLockWriteGuard<'_, Vec<Table>> {
        write(&self.tables)
    }

    /// Everything else that changes.
    pub(crate) fn setup(&self) -> MutexGuard<'_, Setup> {
        lock(&self.setup)
    }

    /// How it behaves at writes.
    pub(crate) fn manners(&self) -> MutexGuard<'_, Manners> {
        lock(&self.manners)
    }

    /// What was written over the API, and what was refused.
    pub(crate) fn written(&self) -> MutexGuard<'_, Vec<Written>> {
        lock(&self.written)
    }

    /// Notes on rows.
    pub(crate) fn annotations(&self) -> MutexGuard<'_, Vec<Annotation>> {
        lock(&self.annotations)
    }

    /// What is shown of a table.
    pub(crate) fn visibility(&self, table: &str) -> Visibility {
        self.setup().visibility.get(table).copied().unwrap_or(Visibility::Rows)
    }

    /// Adds a row to a table, opened now: its id.
    pub(crate) fn add(&self, kind: WorkItemKind) -> [u8; 16] {
        let nth = {
            let mut setup = self.setup();
            setup.made += 1;
            setup.made
        };
        let now = self.base.clock.now();
        let mut tables = self.tables_mut();
        let table = &mut tables[place(kind)];
        let (id, cells) = Maker::new(kind, now, nth, 0).one(table, &mut Rng::new(nth), nth);
        table.insert(id, now, cells);
        id
    }

    /// Some incident gets another status.
    fn move_on(&self, number: u64) {
        let now = self.base.clock.now();
        let mut tables = self.tables_mut();
        let table = &mut tables[0];
        let Some(column) = table.column("statuscode") else { return };
        let rows = table.order();
        let Some(place) = usize::try_from(number).ok().and_then(|number| number.checked_rem(rows.len())) else {
            return;
        };
        let row = rows[place];
        let status = i64::try_from(1 + number % 4).unwrap_or(1);
        table.update(row, now, &[(column, Cell::Number(status))]);
    }
}

/// The place of the table that holds these.
pub(crate) fn place(kind: WorkItemKind) -> usize {
    match kind {
        WorkItemKind::Incident => 0,
        WorkItemKind::ChangeRequest => 1,
    }
}
