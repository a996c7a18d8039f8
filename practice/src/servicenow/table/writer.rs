//! Making, changing and deleting rows: values by what their columns hold, stamps, counts.

use super::columns::{Column, Kind};
use super::pool::{EMPTY, Shown};
use super::store::Store;
use crate::core::rng::stable_id;
use crate::servicenow::calendar::parse_raw;

/// The product keeps so many characters of what is put into a reference.
const REFERENCE_LENGTH: usize = 32;

/// Writes rows on behalf of somebody.
pub(crate) struct Writer<'a> {
    /// The tables.
    pub(crate) store: &'a mut Store,
    /// Seconds since 1970, for the stamps.
    pub(crate) now: i64,
    /// Whose name stands in `sys_created_by` and `sys_updated_by`.
    pub(crate) by: &'a str,
    /// Whether incidents have the states of before Helsinki.
    pub(crate) older: bool,
    /// Whether values are given as they are displayed (`sysparm_input_display_value`).
    pub(crate) by_display: bool,
}

impl Writer<'_> {
    /// A writer of stored values in the name of the system.
    pub(crate) fn system(store: &mut Store, now: i64) -> Writer<'_> {
        Writer { store, now, by: "system", older: false, by_display: false }
    }

    /// Adds a row; unknown columns are dropped, and stamps may be given as fields.
    pub(crate) fn insert(&mut self, table: &str, id: [u8; 16], fields: &[(&str, &str)]) -> Option<u32> {
        let mut cells = self.store.table(table)?.blank();
        let first = [("sys_created_by", self.by), ("sys_updated_by", self.by), ("sys_mod_count", "0")];
        self.fill(table, &mut cells, &first);
        self.fill(table, &mut cells, fields);
        let stamp = self.now.max(self.store.table(table)?.latest());
        for column in ["sys_created_on", "sys_updated_on"] {
            self.stamp(table, &mut cells, column, stamp, fields);
        }
        Some(self.store.table_mut(table)?.insert(id, &cells))
    }

    /// Changes fields of a row, stamps it and counts the change.
    pub(crate) fn update(&mut self, table: &str, row: u32, fields: &[(&str, &str)]) -> Option<()> {
        let mut cells = self.store.table(table)?.cells(row).to_vec();
        self.fill(table, &mut cells, &[("sys_updated_by", self.by)]);
        self.fill(table, &mut cells, fields);
        let stamp = self.now.max(self.store.table(table)?.latest());
        self.stamp(table, &mut cells, "sys_updated_on", stamp, fields);
        let table = self.store.table_mut(table)?;
        table.count_change(row, &mut cells);
        table.replace(row, &cells);
        Some(())
    }

    /// Changes fields of a row as part of a change that has been stamped and counted.
    pub(crate) fn amend(&mut self, table: &str, row: u32, fields: &[(&str, &str)]) -> Option<()> {
        let mut cells = self.store.table(table)?.cells(row).to_vec();
        self.fill(table, &mut cells, fields);
        self.store.table_mut(table)?.replace(row, &cells);
        Some(())
    }

    /// Writes the row that is known under a key, new or again.
    pub(crate) fn put(&mut self, table: &str, key: &str, fields: &[(&str, &str)]) -> Option<u32> {
        let id = stable_id(table, key);
        match self.store.table(table)?.find(&id) {
            Some(row) => self.update(table, row, fields).map(|()| row),
            None => self.insert(table, id, fields),
        }
    }

    /// Deletes a row.
    pub(crate) fn remove(&mut self, table: &str, row: u32) {
        if let Some(table) = self.store.table_mut(table) {
            table.remove(row);
        }
    }

    fn stamp(&mut self, table: &str, cells: &mut [u32], column: &str, at: i64, fields: &[(&str, &str)]) {
        let given = fields.iter().any(|(name, _)| *name == column);
        if let Some(table) = self.store.table(table).filter(|_| !given) {
            table.put_time(cells, column, at);
        }
    }

    fn fill(&mut self, table: &str, cells: &mut [u32], fields: &[(&str, &str)]) {
        for (column, value) in fields {
            let Some(place) = self.store.table(table).and_then(|table| table.column(column)) else { continue };
            cells[place] = self.entry(table, place, value).unwrap_or(EMPTY);
        }
    }

    fn entry(&mut self, name: &str, place: usize, given: &str) -> Option<u32> {
        let table = self.store.table(name)?;
        let column = table.columns[place];
        let value = self.stored(name, column, given);
        let label = match column.kind {
            Kind::Id => return None,
            Kind::Time | Kind::Due => return parse_raw(&value).and_then(|seconds| u32::try_from(seconds).ok()),
            Kind::Text => None,
            Kind::Choice => self.store.label_of(name, column.name, &value, self.older),
            Kind::Reference(target) => self.store.name_of(target, &value).or_else(|| table.pool.shown_before(&value)),
        };
        let shown = label.as_deref().map_or(Shown::Same, Shown::Text);
        Some(self.store.table_mut(name)?.pool.intern(&value, shown))
    }

    /// What would be stored of a value that is given for a column.
    pub(crate) fn value_of(&self, table: &str, column: &str, given: &str) -> String {
        let known = self.store.table(table).and_then(|table| Some(table.columns[table.column(column)?]));
        known.map_or_else(|| given.to_owned(), |column| self.stored(table, column, given))
    }

    fn stored(&self, table: &str, column: Column, given: &str) -> String {
        let meant = match column.kind {
            Kind::Choice if self.by_display => self.store.value_of(table, column.name, given, self.older),
            Kind::Reference(target) if self.by_display => {
                self.store.first(target, &[("name", given)]).map(|row| self.store.hex(target, row))
            }
            _ => None,
        };
        let cut = |text: &str| text.chars().take(REFERENCE_LENGTH).collect();
        match column.kind {
            Kind::Reference(_) => meant.unwrap_or_else(|| cut(given)),
            _ => meant.unwrap_or_else(|| given.to_owned()),
        }
    }
}
