//! The handle by which a test or a demo looks into the instance and makes it misbehave.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::clock::{parse_raw, raw};
use super::fault::FaultSpec;
use super::instance::Instance;
use super::oauth::{Revoke, UserState};
use super::options::{PracticeError, RateRule, Visibility};
use super::requests::RequestRecord;
use super::rng::{hex, parse_hex, stable_id};
use super::sign_in::SignInDetails;
use super::table::{Cell, EMPTY, Kind, Shown as Label, Store, Table, choices};

/// A field as the API shows it with `sysparm_display_value=all`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// What is stored; times are `yyyy-MM-dd HH:mm:ss` in UTC.
    pub value: String,
    /// What is displayed; none is null. Times are displayed in the caller's zone and format.
    pub display_value: Option<String>,
}

/// A row as the API would show it to somebody from whom nothing is hidden: every column by its name.
pub type Truth = BTreeMap<&'static str, Shown>;

/// Looks into a running instance and makes it misbehave. Clones are the same handle.
#[derive(Clone)]
pub struct Control {
    instance: Arc<Instance>,
}

impl Control {
    pub(crate) fn new(instance: Arc<Instance>) -> Self {
        Self { instance }
    }

    /// How to sign in.
    pub fn sign_in(&self) -> &SignInDetails {
        &self.instance.sign_in
    }

    /// Asks for a fault.
    pub fn fault(&self, spec: FaultSpec) {
        self.instance.faults().add(spec);
    }

    /// The faults still to come.
    pub fn faults(&self) -> Vec<FaultSpec> {
        self.instance.faults().pending().to_vec()
    }

    /// Forgets the faults still to come.
    pub fn clear_faults(&self) {
        self.instance.faults().clear();
    }

    /// How many events the incident log has; 0 if none is played.
    pub fn log_len(&self) -> usize {
        self.instance.world().playback.as_ref().map_or(0, super::log::Playback::len)
    }

    /// How many of them have happened.
    pub fn log_position(&self) -> usize {
        self.instance.world().playback.as_ref().map_or(0, super::log::Playback::played)
    }

    /// Lets the log's events happen until so many of them have, all at once as seen from outside. Stamps follow the
    /// log's own times, moved; they never go backwards and never lie after now.
    pub fn advance_log_to(&self, event_index: usize) {
        let now = self.instance.clock.now();
        let mut world = self.instance.world_mut();
        let super::instance::World { store, playback, .. } = &mut *world;
        if let (Some(playback), Some(table)) = (playback, store.table_mut("incident")) {
            playback.advance_to(event_index, now, table);
        }
    }

    /// The incidents as they are now, by their numbers.
    pub fn log_truth(&self) -> BTreeMap<String, Truth> {
        let number = |row: &Truth| row.get("number").map(|number| number.value.clone()).unwrap_or_default();
        self.rows("incident").into_iter().map(|row| (number(&row), row)).collect()
    }

    /// Every row of a table in the order of (changed, id), hidden ones included.
    pub fn rows(&self, table: &str) -> Vec<Truth> {
        if table == "oauth_credential" {
            self.instance.show_tokens();
        }
        let world = self.instance.world();
        let Some(table) = world.store.table(table) else { return Vec::new() };
        table.order().iter().map(|row| self.truth(table, *row)).collect()
    }

    /// How many rows a table has.
    pub fn count(&self, table: &str) -> usize {
        self.instance.world().store.table(table).map_or(0, Table::len)
    }

    /// Changes fields of a row by their stored values, as another user would: the row is stamped with now, and its
    /// count of changes grows. `sys_updated_on` may be given to stamp it otherwise.
    ///
    /// # Errors
    /// There is no such table or row.
    pub fn edit_row(&self, table: &str, sys_id: &str, fields: &[(&str, &str)]) -> Result<(), PracticeError> {
        let now = self.instance.clock.now();
        let mut world = self.instance.world_mut();
        let (row, mut cells) = {
            let table = find_table(&world.store, table)?;
            let row = parse_hex(sys_id).and_then(|id| table.find(&id));
            let row = row.ok_or_else(|| PracticeError::Order(format!("no row {sys_id} in {}", table.name)))?;
            (row, table.cells(row).to_vec())
        };
        self.fill(&mut world.store, table, &mut cells, fields);
        let table = find_table_mut(&mut world.store, table)?;
        if !fields.iter().any(|(column, _)| *column == "sys_updated_on") {
            table.put_time(&mut cells, "sys_updated_on", now.max(table.latest()));
        }
        table.count_change(row, &mut cells);
        table.replace(row, &cells);
        Ok(())
    }

    /// Adds a row, stamped with now unless `sys_created_on` and `sys_updated_on` are given, and returns its `sys_id`.
    ///
    /// # Errors
    /// There is no such table.
    pub fn add_row(&self, table: &str, fields: &[(&str, &str)]) -> Result<String, PracticeError> {
        let now = self.instance.clock.now();
        let mut world = self.instance.world_mut();
        let mut cells = find_table(&world.store, table)?.blank();
        self.fill(&mut world.store, table, &mut cells, fields);
        let table = find_table_mut(&mut world.store, table)?;
        let stamp = now.max(table.latest());
        for column in ["sys_created_on", "sys_updated_on"] {
            if !fields.iter().any(|(given, _)| *given == column) {
                table.put_time(&mut cells, column, stamp);
            }
        }
        table.put(&mut cells, "sys_mod_count", "0");
        let id = stable_id(table.name, &format!("added {} {:?}", table.len(), fields));
        table.insert(id, &cells);
        Ok(hex(&id))
    }

    /// Hides a row from the integration user by an access rule, or shows it again.
    ///
    /// # Errors
    /// There is no such table or row.
    pub fn hide_row(&self, table: &str, sys_id: &str, hidden: bool) -> Result<(), PracticeError> {
        let mut world = self.instance.world_mut();
        let table = find_table_mut(&mut world.store, table)?;
        let row = parse_hex(sys_id).and_then(|id| table.find(&id));
        let row = row.ok_or_else(|| PracticeError::Order(format!("no row {sys_id} in {}", table.name)))?;
        if hidden {
            table.hidden.insert(row)
        } else {
            table.hidden.remove(&row)
        };
        Ok(())
    }

    /// What has been asked so far, the practice orders themselves left out.
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.instance.requests().clone()
    }

    /// How often each table was asked for.
    pub fn requests_by_table(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for table in self.instance.requests().iter().filter_map(RequestRecord::table) {
            *counts.entry(table.to_owned()).or_default() += 1;
        }
        counts
    }

    /// Forgets what has been asked so far.
    pub fn clear_requests(&self) {
        self.instance.requests().clear();
    }

    /// The value of every token that was ever issued, for a test that looks where they must not stand.
    pub fn tokens(&self) -> Vec<String> {
        self.instance.token_values()
    }

    /// Makes tokens worthless.
    pub fn revoke(&self, which: Revoke) {
        self.instance.revoke(which);
    }

    /// Changes the state of a user that can sign in.
    ///
    /// # Errors
    /// There is no such user.
    pub fn set_user_state(&self, user: &str, state: UserState) -> Result<(), PracticeError> {
        let known = self.instance.set_user_state(user, state);
        known.then_some(()).ok_or_else(|| PracticeError::Order(format!("no user {user}")))
    }

    /// Opens or closes a table to the integration user.
    pub fn set_visibility(&self, table: &str, visibility: Visibility) {
        self.instance.set_visibility(table, visibility);
    }

    /// Shows another release, such as `washingtondc`.
    pub fn set_release(&self, release: &str) {
        self.instance.set_release(release);
    }

    /// Sets or drops the rate-limit rule.
    pub fn set_rate_rule(&self, rule: Option<RateRule>) {
        self.instance.set_rate_rule(rule);
    }

    /// Lets the instance's clock (the `Date` header, new stamps) run so many seconds ahead.
    pub fn set_clock_shift(&self, seconds: i64) {
        self.instance.clock.set_shift(seconds);
    }

    /// What there is, in numbers, as the HTTP surface tells it.
    pub fn state(&self) -> serde_json::Value {
        let tables: BTreeMap<_, _> =
            self.instance.world().store.tables().iter().map(|table| (table.name, table.len())).collect();
        serde_json::json!({
            "url": self.instance.sign_in.url,
            "now": raw(self.instance.clock.now()),
            "tables": tables,
            "log": { "events": self.log_len(), "played": self.log_position() },
            "faults": self.faults(),
            "requests": self.instance.requests().len(),
        })
    }

    fn truth(&self, table: &Table, row: u32) -> Truth {
        let shown = |column: usize| self.shown(table.columns[column].kind, table.cell(row, column));
        table.columns.iter().enumerate().map(|(place, column)| (column.name, shown(place))).collect()
    }

    fn shown(&self, kind: Kind, cell: Cell<'_>) -> Shown {
        let (value, display) = match cell {
            Cell::Id(id) => (hex(id), hex(id)),
            Cell::Time(0) => (String::new(), String::new()),
            Cell::Time(seconds) if kind == Kind::Due => (raw(seconds), "UNKNOWN".into()),
            Cell::Time(seconds) => {
                let mut display = String::new();
                self.instance.calendar.push_shown(&mut display, seconds);
                (raw(seconds), display)
            }
            Cell::Text(value, label) => (value.to_owned(), label.of(value).to_owned()),
        };
        let null = kind == Kind::Choice && value.is_empty();
        Shown { value, display_value: (!null).then_some(display) }
    }

    fn fill(&self, store: &mut Store, name: &str, cells: &mut [u32], fields: &[(&str, &str)]) {
        for (column, value) in fields {
            let Some(place) = store.table(name).and_then(|table| table.column(column)) else { continue };
            cells[place] = self.entry(store, name, place, value);
        }
    }

    fn entry(&self, store: &mut Store, name: &str, place: usize, value: &str) -> u32 {
        let older = self.instance.options.incident_log.is_some();
        let Some(table) = store.table(name) else { return EMPTY };
        let column = table.columns[place];
        let label = match column.kind {
            Kind::Id => return EMPTY,
            Kind::Time | Kind::Due => {
                return parse_raw(value).and_then(|seconds| u32::try_from(seconds).ok()).unwrap_or(EMPTY);
            }
            Kind::Text => None,
            Kind::Choice => choices::label(name, column.name, value, older).map(str::to_owned),
            Kind::Reference(target) => name_of(store, target, value).or_else(|| table.pool.shown_before(value)),
        };
        let shown = label.as_deref().map_or(Label::Same, Label::Text);
        store.table_mut(name).map_or(EMPTY, |table| table.pool.intern(value, shown))
    }
}

fn name_of(store: &Store, target: &str, id: &str) -> Option<String> {
    let table = store.table(target)?;
    let row = table.find(&parse_hex(id)?)?;
    let column = table.column("name").or_else(|| table.column("number"))?;
    match table.cell(row, column) {
        Cell::Text(name, _) => Some(name.to_owned()),
        _ => None,
    }
}

fn find_table<'a>(store: &'a Store, name: &str) -> Result<&'a Table, PracticeError> {
    store.table(name).ok_or_else(|| PracticeError::Order(format!("no table {name}")))
}

fn find_table_mut<'a>(store: &'a mut Store, name: &str) -> Result<&'a mut Table, PracticeError> {
    store.table_mut(name).ok_or_else(|| PracticeError::Order(format!("no table {name}")))
}
