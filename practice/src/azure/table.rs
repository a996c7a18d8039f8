//! A table of a workspace, with its rows.

use super::value::{Cell, Kind};

/// A column.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) description: String,
}

impl Column {
    /// A column without a description.
    pub(super) fn new(name: &str, kind: Kind) -> Self {
        Self { name: name.to_owned(), kind, description: String::new() }
    }
}

/// How a table came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SubType {
    /// By the HTTP Data Collector API, which is gone: no rule can write to it.
    Classic,
    /// By the tables API.
    Rules,
}

/// One row.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// In the order of the table's columns.
    pub(super) cells: Vec<Cell>,
    /// When it was accepted, in milliseconds since 1970.
    pub(super) received: i64,
    /// From when on a query finds it, in milliseconds since 1970.
    pub(super) visible: i64,
}

/// A table.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) sub_type: SubType,
    /// `Analytics`, `Basic` or `Auxiliary`.
    pub(super) plan: String,
    pub(super) retention: i64,
    pub(super) columns: Vec<Column>,
    /// When it was made, in milliseconds since 1970.
    pub(super) made: i64,
    pub(super) rows: Vec<Row>,
}

impl Table {
    /// An empty table.
    pub(super) fn new(name: &str, columns: Vec<Column>, made: i64) -> Self {
        Self {
            name: name.to_owned(),
            description: String::new(),
            sub_type: SubType::Rules,
            plan: "Analytics".to_owned(),
            retention: 30,
            columns,
            made,
            rows: Vec::new(),
        }
    }

    /// The place of a column; names are told apart by letter case.
    pub(super) fn place(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// Gives it these columns; rows keep the values of those that stay.
    pub(super) fn reshape(&mut self, columns: Vec<Column>) {
        let from: Vec<Option<usize>> = columns.iter().map(|column| self.place(&column.name)).collect();
        for row in &mut self.rows {
            let cell = |(place, column): (&Option<usize>, &Column)| match place {
                Some(place) => row.cells[*place].clone(),
                None => Cell::none(column.kind),
            };
            row.cells = from.iter().zip(&columns).map(cell).collect();
        }
        self.columns = columns;
    }
}
