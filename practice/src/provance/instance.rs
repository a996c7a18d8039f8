//! The environment: its tables, its people, and what has been asked of it.

use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::clock::Clock;
use super::data::Maker;
use super::fault::{FaultSpec, take};
use super::layout;
use super::options::{ApplicationUser, Options, Visibility};
use super::protection::Protection;
use super::requests::RequestRecord;
use super::sign_in;
use super::table::{Cell, Table};
use crate::WorkItemKind;
use crate::entra::Authority;
use crate::rng::Rng;
use crate::{PracticeError, SignInDetails};

/// Incidents that are made up where nobody says how many.
const ROWS: u64 = 2_000;

/// At speed 1 something happens each so many seconds.
const TRICKLE: f64 = 30.0;

/// One environment.
pub(crate) struct Instance {
    /// What it was started with.
    pub(crate) options: Options,
    /// How to sign in.
    pub(crate) sign_in: SignInDetails,
    /// Who gives out its tokens.
    pub(crate) authority: Authority,
    /// Its clock.
    pub(crate) clock: Clock,
    tables: RwLock<Vec<Table>>,
    state: Mutex<State>,
}

/// What changes besides the rows.
pub(crate) struct State {
    /// The faults still to come.
    pub(crate) faults: Vec<FaultSpec>,
    /// What was asked so far.
    pub(crate) requests: Vec<RequestRecord>,
    /// The service-protection limits.
    pub(crate) protection: Protection,
    /// The roles that users were given themselves.
    pub(crate) roles: Vec<String>,
    /// Teams and their roles.
    pub(crate) team_roles: Vec<(String, Vec<String>)>,
    /// The application user.
    pub(crate) application_user: ApplicationUser,
    /// Tables that are shown otherwise.
    pub(crate) visibility: std::collections::BTreeMap<String, Visibility>,
    rng: Rng,
    made: u64,
    waited: f64,
}

impl Instance {
    /// An environment at this address.
    pub(crate) fn new(options: Options, url: &str) -> Result<Self, PracticeError> {
        if !(options.speed.is_finite() && options.speed >= 0.0) {
            return Err(PracticeError::Option(format!("speed {}", options.speed)));
        }
        let sign_in = sign_in::details(url, &options);
        let (clock, mut rng) = (Clock::default(), Rng::new(options.seed));
        let rows = options.rows.unwrap_or(ROWS);
        let made = |kind, rows, rng: &mut Rng| {
            let mut table = layout::table(options.layout, kind);
            Maker::new(kind, clock.now(), rows, options.tied.min(rows)).fill(&mut table, rng);
            table
        };
        let incidents = made(WorkItemKind::Incident, rows, &mut rng);
        let changes = made(WorkItemKind::ChangeRequest, rows / 7, &mut rng);
        let state = State {
            faults: Vec::new(),
            requests: Vec::new(),
            protection: Protection::new(options.limit),
            roles: options.roles.clone(),
            team_roles: options.team_roles.clone(),
            application_user: options.application_user,
            visibility: options.visibility.clone(),
            rng,
            made: rows,
            waited: 0.0,
        };
        let (tables, state) = (RwLock::new(vec![incidents, changes]), Mutex::new(state));
        Ok(Self { authority: sign_in::authority(&sign_in), options, sign_in, clock, tables, state })
    }

    /// The tables, to look at.
    pub(crate) fn tables(&self) -> RwLockReadGuard<'_, Vec<Table>> {
        self.tables.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The tables, to change.
    pub(crate) fn tables_mut(&self) -> RwLockWriteGuard<'_, Vec<Table>> {
        self.tables.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Everything else that changes.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The faults that befall a request.
    pub(crate) fn take_faults(&self, path: &str, of_page: bool) -> Vec<FaultSpec> {
        take(&mut self.state().faults, path, of_page)
    }

    /// What is shown of a table.
    pub(crate) fn visibility(&self, table: &str) -> Visibility {
        self.state().visibility.get(table).copied().unwrap_or(Visibility::Rows)
    }

    /// Adds a row to a table, opened now: its id.
    pub(crate) fn add(&self, kind: WorkItemKind) -> [u8; 16] {
        let nth = {
            let mut state = self.state();
            state.made += 1;
            state.made
        };
        let now = self.clock.now();
        let mut tables = self.tables_mut();
        let table = &mut tables[place(kind)];
        let (id, cells) = Maker::new(kind, now, nth, 0).one(table, &mut Rng::new(nth), nth);
        table.insert(id, now, cells);
        id
    }

    /// Lets so many seconds pass.
    pub(crate) fn pass(&self, seconds: f64) {
        let happens = {
            let mut state = self.state();
            state.waited += seconds * self.options.speed;
            let happens = state.waited >= TRICKLE;
            if happens {
                state.waited -= TRICKLE;
            }
            happens.then(|| (state.rng.percent(30), state.rng.next()))
        };
        match happens {
            Some((true, _)) => drop(self.add(WorkItemKind::Incident)),
            Some((false, number)) => self.move_on(number),
            None => {}
        }
    }

    /// Some incident gets another status.
    fn move_on(&self, number: u64) {
        let now = self.clock.now();
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
