//! One table: rows of small numbers, in the order of (changed, id) beside the order of their making.

use std::collections::{HashMap, HashSet};

use super::columns::{Column, Kind};
use super::pool::{EMPTY, Pool, Shown};

/// What one field of one row holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cell<'a> {
    /// The row's own id.
    Id(&'a [u8; 16]),
    /// Seconds since 1970; 0 is empty.
    Time(i64),
    /// A text with its display.
    Text(&'a str, Shown<'a>),
}

/// One table of the instance.
pub(crate) struct Table {
    /// Its name in URLs.
    pub(crate) name: &'static str,
    /// Its columns; the first is `sys_id`.
    pub(crate) columns: &'static [Column],
    /// The values of its rows.
    pub(crate) pool: Pool,
    /// Rows that no access rule lets the integration user see.
    pub(crate) hidden: HashSet<u32>,
    cells: Vec<u32>,
    ids: Vec<[u8; 16]>,
    order: Vec<u32>,
    by_id: Vec<u32>,
    gone: HashSet<u32>,
    snapshots: HashMap<String, Snapshot>,
    updated: usize,
}

/// A table's rows as they were at a moment.
#[derive(Clone)]
struct Snapshot {
    cells: Vec<u32>,
    rows: u32,
    order: Vec<u32>,
    by_id: Vec<u32>,
    gone: HashSet<u32>,
}

impl Table {
    /// An empty table; its columns must begin with `sys_id` and hold `sys_updated_on`.
    pub(crate) fn new(name: &'static str, columns: &'static [Column]) -> Self {
        let updated = columns.iter().position(|column| column.name == "sys_updated_on").unwrap_or(0);
        Self {
            name,
            columns,
            pool: Pool::new(),
            hidden: HashSet::new(),
            cells: Vec::new(),
            ids: Vec::new(),
            order: Vec::new(),
            by_id: Vec::new(),
            gone: HashSet::new(),
            snapshots: HashMap::new(),
            updated,
        }
    }

    /// How many rows it holds.
    pub(crate) fn len(&self) -> usize {
        self.ids.len() - self.gone.len()
    }

    /// The place of the column with this name.
    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// The column in which the time of the last change stands.
    pub(crate) fn updated_column(&self) -> usize {
        self.updated
    }

    /// Rows in the order of (changed, id).
    pub(crate) fn order(&self) -> &[u32] {
        &self.order
    }

    /// Adds a row without sorting it in; [`settle`](Self::settle) must follow the last one.
    pub(crate) fn load(&mut self, id: [u8; 16], cells: &[u32]) -> u32 {
        debug_assert_eq!(cells.len(), self.columns.len());
        self.ids.push(id);
        self.cells.extend_from_slice(cells);
        u32::try_from(self.ids.len() - 1).unwrap_or(u32::MAX)
    }

    /// Sorts what was [`load`](Self::load)ed.
    pub(crate) fn settle(&mut self) {
        let rows = u32::try_from(self.ids.len()).unwrap_or(u32::MAX);
        let mut order: Vec<u32> = (0..rows).filter(|row| !self.gone.contains(row)).collect();
        let mut by_id = order.clone();
        order.sort_unstable_by_key(|row| self.key(*row));
        by_id.sort_unstable_by_key(|row| self.ids[*row as usize]);
        (self.order, self.by_id) = (order, by_id);
    }

    /// Adds a row in its place.
    pub(crate) fn insert(&mut self, id: [u8; 16], cells: &[u32]) -> u32 {
        let row = self.load(id, cells);
        let place = self.order.partition_point(|other| self.key(*other) < self.key(row));
        self.order.insert(place, row);
        let place = self.by_id.partition_point(|other| self.ids[*other as usize] < id);
        self.by_id.insert(place, row);
        row
    }

    /// Replaces a row's cells and moves it to its new place.
    pub(crate) fn replace(&mut self, row: u32, cells: &[u32]) {
        if self.gone.contains(&row) {
            return;
        }
        let place = self.order.partition_point(|other| self.key(*other) < self.key(row));
        self.order.remove(place);
        self.overwrite(row, cells);
        let place = self.order.partition_point(|other| self.key(*other) < self.key(row));
        self.order.insert(place, row);
    }

    /// Deletes a row. Numbers of other rows stay what they are.
    pub(crate) fn remove(&mut self, row: u32) {
        let key = self.key(row);
        let place = self.order.partition_point(|other| self.key(*other) < key);
        if self.order.get(place) != Some(&row) {
            return;
        }
        self.order.remove(place);
        self.by_id.retain(|other| *other != row);
        self.hidden.remove(&row);
        self.gone.insert(row);
    }

    /// Brings a deleted row back as it was; whether there was one with this id.
    pub(crate) fn undelete(&mut self, id: &[u8; 16]) -> bool {
        let Some(row) = self.gone.iter().copied().find(|row| self.ids[*row as usize] == *id) else { return false };
        if self.find(id).is_some() {
            return false;
        }
        self.gone.remove(&row);
        let place = self.order.partition_point(|other| self.key(*other) < self.key(row));
        self.order.insert(place, row);
        let place = self.by_id.partition_point(|other| self.ids[*other as usize] < *id);
        self.by_id.insert(place, row);
        true
    }

    /// Keeps the rows as they are now under a name.
    pub(crate) fn keep(&mut self, name: &str) {
        let snapshot = Snapshot {
            cells: self.cells.clone(),
            rows: u32::try_from(self.ids.len()).unwrap_or(u32::MAX),
            order: self.order.clone(),
            by_id: self.by_id.clone(),
            gone: self.gone.clone(),
        };
        self.snapshots.insert(name.to_owned(), snapshot);
    }

    /// Brings the rows back as they were kept, as a clone or a restored backup does: rows made since are gone, and no
    /// stamp tells. Whether anything was kept under the name.
    pub(crate) fn restore(&mut self, name: &str) -> bool {
        let Some(kept) = self.snapshots.get(name).cloned() else { return false };
        self.cells[..kept.cells.len()].copy_from_slice(&kept.cells);
        let newer = kept.rows..u32::try_from(self.ids.len()).unwrap_or(u32::MAX);
        (self.order, self.by_id, self.gone) = (kept.order, kept.by_id, kept.gone);
        self.gone.extend(newer);
        self.hidden.retain(|row| !self.gone.contains(row));
        true
    }

    /// Shows a value of a column by another label in every row, kept and deleted ones included.
    pub(crate) fn relabel(&mut self, column: usize, value: &str, label: &str) {
        let entry = self.pool.intern(value, Shown::Text(label));
        let (width, pool) = (self.columns.len(), &self.pool);
        let kept = self.snapshots.values_mut().map(|snapshot| &mut snapshot.cells);
        for cells in std::iter::once(&mut self.cells).chain(kept) {
            let of_column = cells.iter_mut().skip(column).step_by(width);
            of_column.filter(|cell| pool.get(**cell).0 == value).for_each(|cell| *cell = entry);
        }
    }

    /// Replaces a row's cells without sorting; [`settle`](Self::settle) must follow.
    pub(crate) fn overwrite(&mut self, row: u32, cells: &[u32]) {
        let start = row as usize * self.columns.len();
        self.cells[start..start + cells.len()].copy_from_slice(cells);
    }

    /// A row's cells.
    pub(crate) fn cells(&self, row: u32) -> &[u32] {
        let start = row as usize * self.columns.len();
        &self.cells[start..start + self.columns.len()]
    }

    /// Forgets every row.
    pub(crate) fn clear(&mut self) {
        *self = Self::new(self.name, self.columns);
    }

    /// The row with this id.
    pub(crate) fn find(&self, id: &[u8; 16]) -> Option<u32> {
        let place = self.by_id.binary_search_by_key(id, |row| self.ids[*row as usize]).ok()?;
        Some(self.by_id[place])
    }

    /// A row's id.
    pub(crate) fn id(&self, row: u32) -> &[u8; 16] {
        &self.ids[row as usize]
    }

    /// When the row was last changed, in seconds since 1970.
    pub(crate) fn updated(&self, row: u32) -> i64 {
        i64::from(self.cells[row as usize * self.columns.len() + self.updated])
    }

    /// A row's place in the order of (changed, id).
    pub(crate) fn key(&self, row: u32) -> (i64, [u8; 16]) {
        (self.updated(row), self.ids[row as usize])
    }

    /// The latest change time of all rows.
    pub(crate) fn latest(&self) -> i64 {
        self.order.last().map_or(0, |row| self.updated(*row))
    }

    /// What a field holds.
    pub(crate) fn cell(&self, row: u32, column: usize) -> Cell<'_> {
        match self.columns[column].kind {
            Kind::Id => Cell::Id(self.id(row)),
            Kind::Time | Kind::Due => Cell::Time(i64::from(self.cells(row)[column])),
            Kind::Text | Kind::Choice | Kind::Reference(_) => {
                let (value, shown) = self.pool.get(self.cells(row)[column]);
                Cell::Text(value, shown)
            }
        }
    }

    /// The text in a column; nothing for other kinds of column and unknown ones.
    pub(crate) fn text(&self, row: u32, column: &str) -> &str {
        match self.column(column).map(|place| self.cell(row, place)) {
            Some(Cell::Text(value, _)) => value,
            _ => "",
        }
    }

    /// Rows that hold these texts, in the order of their making.
    pub(crate) fn rows_with(&self, wanted: &[(&str, &str)]) -> Vec<u32> {
        let holds = |row: &u32| wanted.iter().all(|(column, value)| self.text(*row, column) == *value);
        let mut rows: Vec<u32> = self.order.iter().copied().filter(holds).collect();
        rows.sort_unstable();
        rows
    }

    /// A row of empty cells.
    pub(crate) fn blank(&self) -> Vec<u32> {
        vec![EMPTY; self.columns.len()]
    }

    /// Puts a plain value under a column's name; unknown columns are dropped, as the product does.
    pub(crate) fn put(&mut self, cells: &mut [u32], name: &str, value: &str) {
        self.put_shown(cells, name, value, Shown::Same);
    }

    /// Puts a value with its display under a column's name.
    pub(crate) fn put_shown(&mut self, cells: &mut [u32], name: &str, value: &str, shown: Shown<'_>) {
        if let Some(column) = self.column(name) {
            cells[column] = self.pool.intern(value, shown);
        }
    }

    /// Counts one more change of a row.
    pub(crate) fn count_change(&mut self, row: u32, cells: &mut [u32]) {
        let Some(place) = self.column("sys_mod_count") else { return };
        let Cell::Text(count, _) = self.cell(row, place) else { return };
        let count = count.parse::<u64>().unwrap_or(0) + 1;
        self.put(cells, "sys_mod_count", &count.to_string());
    }

    /// Puts a time, in seconds since 1970, under a column's name.
    pub(crate) fn put_time(&self, cells: &mut [u32], name: &str, seconds: i64) {
        if let Some(column) = self.column(name) {
            cells[column] = u32::try_from(seconds).unwrap_or(0);
        }
    }
}
