//! All tables of the instance, and what follows a dot.

use std::collections::BTreeMap;

use super::columns::{Kind, columns_of};
use super::pool::Shown;
use super::rows::{Cell, Table};
use super::{choices, classes};
use crate::core::rng::{hex, parse_hex};

/// All tables of the instance.
pub(crate) struct Store {
    tables: Vec<Table>,
    /// Labels that an admin gave to choices: by table, column and value.
    relabelled: BTreeMap<(String, String, String), String>,
}

impl Store {
    /// Every table, empty.
    pub(crate) fn new() -> Self {
        let tables = columns_of().into_iter().map(|(name, columns)| Table::new(name, columns)).collect();
        Self { tables, relabelled: BTreeMap::new() }
    }

    /// Gives a choice another label, as an admin does: every row shows it at once, and no stamp moves. Whether there is
    /// such a column of choices.
    pub(crate) fn relabel(&mut self, table: &str, column: &str, value: &str, label: &str) -> bool {
        let Some(found) = self.table_mut(table) else { return false };
        let Some(place) = found.column(column).filter(|place| found.columns[*place].kind == Kind::Choice) else {
            return false;
        };
        found.relabel(place, value, label);
        self.relabelled.insert((table.into(), column.into(), value.into()), label.into());
        true
    }

    /// Shows a record that others refer to by another name, in every row of every table. No stamp moves.
    pub(crate) fn rename(&mut self, target: &str, id: &str, name: &str) {
        for table in &mut self.tables {
            let refers = |place: &usize| matches!(table.columns[*place].kind, Kind::Reference(to) if to == target);
            let places: Vec<_> = (0..table.columns.len()).filter(refers).collect();
            places.into_iter().for_each(|place| table.relabel(place, id, name));
        }
    }

    /// The label of a choice; none where no list knows it.
    pub(crate) fn label_of(&self, table: &str, column: &str, value: &str, older: bool) -> Option<String> {
        let given = self.relabelled.get(&(table.to_owned(), column.to_owned(), value.to_owned()));
        given.cloned().or_else(|| choices::label(table, column, value, older).map(str::to_owned))
    }

    /// The value behind a label; none where no list knows it.
    pub(crate) fn value_of(&self, table: &str, column: &str, label: &str, older: bool) -> Option<String> {
        let mut given = self.relabelled.iter().filter(|((of, name, _), _)| of == table && name == column);
        let found = given.find(|(_, given)| *given == label).map(|((_, _, value), _)| value.clone());
        found.or_else(|| choices::value(table, column, label, older).map(str::to_owned))
    }

    /// The table with this name. A class of configuration items is a part of the table of all of them.
    pub(crate) fn table(&self, name: &str) -> Option<&Table> {
        let name = real_name(name);
        self.tables.iter().find(|table| table.name == name)
    }

    /// The table with this name, to change it.
    pub(crate) fn table_mut(&mut self, name: &str) -> Option<&mut Table> {
        let name = real_name(name);
        self.tables.iter_mut().find(|table| table.name == name)
    }

    /// The first row of a table that holds these texts.
    pub(crate) fn first(&self, table: &str, wanted: &[(&str, &str)]) -> Option<u32> {
        self.table(table)?.rows_with(wanted).first().copied()
    }

    /// Rows of a table that hold these texts.
    pub(crate) fn rows_with(&self, table: &str, wanted: &[(&str, &str)]) -> Vec<u32> {
        self.table(table).map(|table| table.rows_with(wanted)).unwrap_or_default()
    }

    /// The text in a column of a row.
    pub(crate) fn text(&self, table: &str, row: u32, column: &str) -> &str {
        self.table(table).map_or("", |table| table.text(row, column))
    }

    /// The id of a row, as the API shows it.
    pub(crate) fn hex(&self, table: &str, row: u32) -> String {
        self.table(table).map(|table| hex(table.id(row))).unwrap_or_default()
    }

    /// What a row is called: its `name` or its `number`.
    pub(crate) fn name_of(&self, target: &str, id: &str) -> Option<String> {
        let table = self.table(target)?;
        let row = table.find(&parse_hex(id)?)?;
        let column = table.column("name").or_else(|| table.column("number"))?;
        match table.cell(row, column) {
            Cell::Text(name, _) => Some(name.to_owned()),
            _ => None,
        }
    }

    /// Every table.
    pub(crate) fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// Sorts every table after loading.
    pub(crate) fn settle(&mut self) {
        self.tables.iter_mut().for_each(Table::settle);
    }

    /// What `column.rest` leads to; a target that is not there shows its display text as its name.
    pub(crate) fn walk<'a>(&'a self, table: &'a Table, row: u32, column: usize, rest: &str) -> Option<Walked<'a>> {
        let Kind::Reference(target) = table.columns[column].kind else { return None };
        let Cell::Text(id, shown) = table.cell(row, column) else { return None };
        let (field, further) = rest.split_once('.').map_or((rest, None), |(field, further)| (field, Some(further)));
        let there = self.table(target).zip(parse_hex(id));
        let Some((target, row)) = there.and_then(|(target, id)| Some((target, target.find(&id)?))) else {
            return unresolved(id, shown, field);
        };
        let column = target.column(field)?;
        match further {
            Some(further) => self.walk(target, row, column, further),
            None => Some(Walked { kind: target.columns[column].kind, cell: target.cell(row, column) }),
        }
    }
}

fn real_name(name: &str) -> &str {
    if classes::is_class(name) { classes::ITEMS } else { name }
}

/// The end of a dot-walk.
pub(crate) struct Walked<'a> {
    /// What the column there holds.
    pub(crate) kind: Kind,
    /// What stands there.
    pub(crate) cell: Cell<'a>,
}

fn unresolved<'a>(id: &'a str, shown: Shown<'a>, field: &str) -> Option<Walked<'a>> {
    let text = match field {
        "sys_id" => id,
        "name" | "number" => shown.of(id),
        _ => "",
    };
    Some(Walked { kind: Kind::Text, cell: Cell::Text(text, Shown::Same) })
}
