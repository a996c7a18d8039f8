//! The handle by which a test or a demo looks into the instance and makes it misbehave.

mod people;
mod setup;
mod tokens;

use std::collections::BTreeMap;

use serde::Serialize;

use super::calendar::raw;
use super::state::{State, by_table};
use super::table::{Cell, Kind, Store, Table};
use crate::PracticeError;
use crate::core::rng::{hex, parse_hex};

pub use setup::HeldRole;
pub use tokens::{TokenRecord, TokenSeed};

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

/// Looks into a running instance and makes it misbehave.
pub type Control = crate::core::Control<State>;

impl Control {
    /// How many events the incident log has; 0 if none is played.
    pub fn log_len(&self) -> usize {
        self.0.data().playback.as_ref().map_or(0, super::log::Playback::len)
    }

    /// How many of them have happened.
    pub fn log_position(&self) -> usize {
        self.0.data().playback.as_ref().map_or(0, super::log::Playback::played)
    }

    /// Lets the log's events happen until so many of them have, all at once as seen from outside. Stamps follow the
    /// log's own times, moved; they never go backwards and never lie after now.
    pub fn advance_log_to(&self, event_index: usize) {
        let now = self.0.base.clock.now();
        let mut data = self.0.data_mut();
        let super::state::Data { store, playback, .. } = &mut *data;
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
            self.0.show_tokens();
        }
        let data = self.0.data();
        let Some(table) = data.store.table(table) else { return Vec::new() };
        table.order().iter().map(|row| self.truth(table, *row)).collect()
    }

    /// How many rows a table has.
    pub fn count(&self, table: &str) -> usize {
        self.0.data().store.table(table).map_or(0, Table::len)
    }

    /// Changes fields of a row by their stored values, as another user would: the row is stamped with now, and its
    /// count of changes grows. `sys_updated_on` may be given to stamp it otherwise.
    ///
    /// # Errors
    /// There is no such table or row.
    pub fn edit_row(&self, table: &str, sys_id: &str, fields: &[(&str, &str)]) -> Result<(), PracticeError> {
        let row = self.find_row(table, sys_id)?;
        self.0.as_system(|writer| writer.update(table, row, fields));
        Ok(())
    }

    /// Adds a row, stamped with now unless `sys_created_on` and `sys_updated_on` are given, and returns its `sys_id`.
    ///
    /// # Errors
    /// There is no such table.
    pub fn add_row(&self, table: &str, fields: &[(&str, &str)]) -> Result<String, PracticeError> {
        let id = self.0.new_id();
        let added = self.0.as_system(|writer| writer.insert(table, id, fields));
        added.map(|_| hex(&id)).ok_or_else(|| PracticeError::Order(format!("no table {table}")))
    }

    /// Deletes a row, as another user would.
    ///
    /// # Errors
    /// There is no such table or row.
    pub fn delete_row(&self, table: &str, sys_id: &str) -> Result<(), PracticeError> {
        let row = self.find_row(table, sys_id)?;
        self.0.as_system(|writer| writer.remove(table, row));
        Ok(())
    }

    /// Brings a deleted row back as it was, its stamps included.
    ///
    /// # Errors
    /// There is no such table, or no deleted row of this id.
    pub fn undelete_row(&self, table: &str, sys_id: &str) -> Result<(), PracticeError> {
        let mut data = self.0.data_mut();
        let found = find_table_mut(&mut data.store, table)?;
        let back = parse_hex(sys_id).is_some_and(|id| found.undelete(&id));
        back.then_some(()).ok_or_else(|| PracticeError::Order(format!("no deleted row {sys_id} in {table}")))
    }

    /// Changes fields of a row as a script with `autoSysFields(false)` does: neither stamp nor count of changes move
    /// unless they are given.
    ///
    /// # Errors
    /// There is no such table or row.
    pub fn edit_row_silently(&self, table: &str, sys_id: &str, fields: &[(&str, &str)]) -> Result<(), PracticeError> {
        let row = self.find_row(table, sys_id)?;
        self.0.as_system(|writer| writer.amend(table, row, fields));
        Ok(())
    }

    /// Keeps the incidents and change requests as they are now under a name.
    pub fn keep_snapshot(&self, name: &str) {
        let mut data = self.0.data_mut();
        for table in WORK_ITEMS {
            data.store.table_mut(table).into_iter().for_each(|table| table.keep(name));
        }
    }

    /// Brings incidents and change requests back as they were kept, as a clone or a restored backup does.
    ///
    /// # Errors
    /// Nothing was kept under this name.
    pub fn restore_snapshot(&self, name: &str) -> Result<(), PracticeError> {
        let mut data = self.0.data_mut();
        for table in WORK_ITEMS {
            if !find_table_mut(&mut data.store, table)?.restore(name) {
                return Err(PracticeError::Order(format!("no snapshot {name}")));
            }
        }
        Ok(())
    }

    fn find_row(&self, table: &str, sys_id: &str) -> Result<u32, PracticeError> {
        let data = self.0.data();
        let table = find_table(&data.store, table)?;
        let row = parse_hex(sys_id).and_then(|id| table.find(&id));
        row.ok_or_else(|| PracticeError::Order(format!("no row {sys_id} in {}", table.name)))
    }

    /// Hides a row from the integration user by an access rule, or shows it again.
    ///
    /// # Errors
    /// There is no such table or row.
    pub fn hide_row(&self, table: &str, sys_id: &str, hidden: bool) -> Result<(), PracticeError> {
        let row = self.find_row(table, sys_id)?;
        let mut data = self.0.data_mut();
        let table = find_table_mut(&mut data.store, table)?;
        if hidden {
            table.hidden.insert(row)
        } else {
            table.hidden.remove(&row)
        };
        Ok(())
    }

    /// How often each table was asked for.
    pub fn requests_by_table(&self) -> BTreeMap<String, usize> {
        by_table(&self.requests())
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
                self.0.calendar.push_shown(&mut display, seconds);
                (raw(seconds), display)
            }
            Cell::Text(value, label) => (value.to_owned(), label.of(value).to_owned()),
        };
        let null = kind == Kind::Choice && value.is_empty();
        Shown { value, display_value: (!null).then_some(display) }
    }
}

/// The tables that a snapshot holds.
const WORK_ITEMS: [&str; 2] = ["incident", "change_request"];

fn find_table<'a>(store: &'a Store, name: &str) -> Result<&'a Table, PracticeError> {
    store.table(name).ok_or_else(|| PracticeError::Order(format!("no table {name}")))
}

fn find_table_mut<'a>(store: &'a mut Store, name: &str) -> Result<&'a mut Table, PracticeError> {
    store.table_mut(name).ok_or_else(|| PracticeError::Order(format!("no table {name}")))
}
